"""Workbooks: what a sheet holds (`sheet`), and one writer a format (`xlsx`, `ods`)."""
