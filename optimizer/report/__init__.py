"""What comes out of an allocation: tables, workbooks, figures, a report and a summary."""

from optimizer.problems.arguments import Part
from optimizer.report.writer import PARTS, write_result

__all__ = ["PARTS", "Part", "write_result"]
