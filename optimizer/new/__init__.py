"""A new case: empty tables to fill in, or a small invented round, and a commented policy."""

from optimizer.new.case import FORMATS, Format, new_case

__all__ = ["FORMATS", "Format", "new_case"]
