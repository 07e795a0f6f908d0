"""A second, plain reading of a case: from rows of text, one application at a time, in fractions.

It exists to check the first one. Nothing here is shared with `optimizer.reading`, screening, scoring
or any array; what both take from the same place are definitions alone: the names of columns and
values (`optimizer.tables.schema`) and the policy's numbers.
"""

from optimizer.plain.application import Application, Line, Papers, ReviewerMarks, School
from optimizer.plain.cells import Number, UnreadableError, as_number, whole
from optimizer.plain.names import key_of, spellings
from optimizer.plain.other_year import meant_days
from optimizer.plain.papers import read_papers
from optimizer.plain.score import Score, scores_of

__all__ = [
    "Application",
    "Line",
    "Number",
    "Papers",
    "ReviewerMarks",
    "School",
    "Score",
    "UnreadableError",
    "as_number",
    "key_of",
    "meant_days",
    "read_papers",
    "scores_of",
    "spellings",
    "whole",
]
