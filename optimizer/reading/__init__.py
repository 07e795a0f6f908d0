"""Reading the tables of a case: any encoding and format in, typed and checked tables out."""

from optimizer.reading.all_tables import read_records
from optimizer.reading.any_file import read_table
from optimizer.reading.files import Source, read_source
from optimizer.reading.frames import read_frames
from optimizer.reading.raw_table import RawTable

__all__ = ["RawTable", "Source", "read_frames", "read_records", "read_source", "read_table"]
