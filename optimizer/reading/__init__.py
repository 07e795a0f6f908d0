"""Reading the tables of a case: any encoding and format in, typed and checked tables out."""

from optimizer.reading.files import Source, read_source
from optimizer.reading.records import read_records
from optimizer.reading.tables import RawTable, read_table

__all__ = ["RawTable", "Source", "read_records", "read_source", "read_table"]
