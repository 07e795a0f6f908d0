"""A new case: empty tables to fill in, or a small invented round, and a commented policy."""

from optimizer.new.case_folder import FORMATS, Format, new_case
from optimizer.new.own_columns import OwnColumn, own_columns

__all__ = ["FORMATS", "Format", "OwnColumn", "new_case", "own_columns"]
