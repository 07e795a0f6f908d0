"""A new case: empty tables to fill in, or a small invented round, and a commented policy."""

from optimizer.new.case_folder import FORMATS, Format, new_case

__all__ = ["FORMATS", "Format", "new_case"]
