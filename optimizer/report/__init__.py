"""What comes out of an allocation: tables, workbooks, figures, a report and a summary."""

from optimizer.problems.arguments import Part
from optimizer.report.writer import PARTS, USUAL, write_result

__all__ = ["PARTS", "USUAL", "Part", "write_result"]
