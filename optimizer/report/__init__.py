"""What comes out of an allocation: tables, workbooks, figures, a report and a summary."""

from optimizer.report.writer import PARTS, Part, write_result

__all__ = ["PARTS", "Part", "write_result"]
