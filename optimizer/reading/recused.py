"""A conflict of interest that is written beside the marks, where nobody would count it."""

from __future__ import annotations

import re

import numpy as np

from optimizer.foundation.exact import IntArray
from optimizer.language.text import Text
from optimizer.reading.columns import Typed, report_cell
from optimizer.reading.findings import BadCell
from optimizer.reading.points import GIVEN, RECUSED
from optimizer.reading.reader import ReadTable
from optimizer.tables.schema import fold

_RECUSED = re.compile("(?:迴|回)避|recus|conflict_of_interest")
_NOT = re.compile("(?:無|未|不|非|免|否|毋)[^，,。;；]{0,4}(?:迴|回)避|(?:not?|without)_")
_NO = frozenset(map(fold, ("", "否", "無", "沒有", "不", "未", "no", "n", "0", "x", "-", "false")))
_ASIDE = BadCell(
    "recused_aside",
    Text(
        "寫的是迴避，但這一欄不計入",
        "speaks of a conflict of interest, in a column that does not count",
    ),
    hint=Text(
        "若迴避，請在這份評分的審查項目填「迴避」，並清空分數；若未迴避，請刪去這一格。",
        "If the reviewer is recused, write “recused” into a criterion of this review and clear its "
        "marks; if not, clear the cell.",
    ),
)


def count_asides(table: ReadTable, state: IntArray, review_of: IntArray) -> None:
    """Report what other columns say of a conflict of interest, in reviews that are not recused.

    Parameters
    ----------
    table
        The reviews.
    state
        Shape (n, C): of every review; the marks of those reported count as given, so that nothing
        more is said of them.
    review_of
        Which review each row of the table belongs to.
    """
    for column in table.extra:
        saying = np.array([_says(column, text) for text in column.texts], dtype=bool)
        for at in np.flatnonzero(saying[column.codes]).tolist():
            if (state[review_of[at]] == RECUSED).any():
                continue
            report_cell(table.raw, column, at, failure=_ASIDE, findings=table.findings)
            state[review_of[at]] = GIVEN


def _says(column: Typed, text: str) -> bool:
    """Return whether a cell says that the reviewer is recused: 利益迴避, or 是 under 是否迴避."""
    said = fold(text)
    if _RECUSED.search(fold(column.header)) and len(said) < 4:
        return said not in _NO
    return bool(_RECUSED.search(said)) and not _NOT.search(said)
