"""One column of marks: what each is worth, whether it is given, and whether it is on the scale."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from optimizer.foundation.exact import BoolArray, IntArray, exact
from optimizer.language.text import Text
from optimizer.language.words import exact_points
from optimizer.reading.cells import Percent
from optimizer.reading.columns import Typed
from optimizer.reading.findings import BadCell
from optimizer.reading.raw_sheet import PERCENT
from optimizer.reading.reader import ReadTable
from optimizer.tables.settings import Review

GIVEN, MISSING, RECUSED = 0, 1, 2


def marks_of(columns: Sequence[Typed]) -> tuple[IntArray, IntArray, int]:
    """Return the points of some columns over one denominator, their states, and the denominator."""
    values = (value for typed in columns for value in typed.values)
    denominator = lcm(*(value.denominator for value in values if isinstance(value, Fraction)))
    marks = [_column(typed, denominator) for typed in columns]
    points, state = (np.column_stack(part) for part in zip(*marks, strict=True))
    return points, state, denominator


def _column(typed: Typed, denominator: int) -> tuple[IntArray, IntArray]:
    points, state = [], []
    for value, bad in zip(typed.values, typed.bad.tolist(), strict=True):
        given = isinstance(value, Fraction)
        points.append(int(value * denominator) if given else 0)
        asked = bad or isinstance(value, Percent)
        state.append(GIVEN if given or asked else MISSING if value is None else RECUSED)
    return exact(points)[typed.codes], np.array(state, dtype=np.int64)[typed.codes]


def check_marks(
    table: ReadTable, column: str, criterion: str, review: Review, where: BoolArray
) -> None:
    """Report marks off the scale of a criterion, and percentages with the points that they mean."""
    typed = table[column]
    full, lowest = review.criteria[criterion], review.lowest
    stored = table.suspects(column)
    for code, value in enumerate(typed.values):
        if isinstance(value, Percent):
            for at in np.flatnonzero((typed.codes == code) & where).tolist():
                table.report(column, at, _percentage(value.share, full, stored.get(at) == PERCENT))
        elif isinstance(value, Fraction) and not lowest <= value <= full:
            for at in np.flatnonzero((typed.codes == code) & where).tolist():
                table.report(column, at, _outside(lowest, full))


def _outside(lowest: Fraction, full: Fraction) -> BadCell:
    low, high = exact_points(lowest), exact_points(full)
    return BadCell(
        "mark_outside_scale",
        Text("分數超出範圍", "is outside the scale"),
        Text(f"應在 {low} 到 {high} 之間。", f"{low} to {high} was expected."),
    )


def _percentage(share: Fraction, full: Fraction, formatted: bool) -> BadCell:
    """Return what is wrong with a percentage, and the points to fill in for it."""
    percent, of, mark = map(exact_points, (100 * share, full, share * full))
    zh = f"滿分 {of} 分的 {percent}% 是 {mark} 分：請填 {mark}"
    en = f"{percent}% of {of} full marks is {mark}: write {mark}"
    if not formatted:
        hint = Text(f"{zh}，不加「%」。", f"{en}, without “%”.")
    else:
        held = exact_points(share)
        hint = Text(
            f"{zh}，並將儲存格格式改為通用；只改格式而不重填，分數會變成 {held}。",
            f"{en}, and format the cell as General. With the format alone changed, the mark would "
            f"become {held}.",
        )
    return BadCell(
        "percentage",
        Text("是百分比，不是分數", "is a percentage, not points"),
        Text(f"應為滿分 {of} 分中的得分。", f"Points out of {of} were expected."),
        hint,
    )


def recused_and_marked() -> BadCell:
    """Return what is wrong with a review that is recused in one cell and marked in another.

    Either reading of it changes a merit, so it is asked: a conflict of interest leaves out the
    whole review, never a criterion of it.
    """
    return BadCell(
        "recused_and_marked",
        Text("同一份評分有迴避也有分數", "is recused in a review that holds marks, too"),
        hint=Text(
            "迴避者該份評分的其他分數請留空白；若未迴避請填分數。",
            "If the reviewer is recused, leave the other marks of this review blank; if not, fill "
            "in the mark.",
        ),
    )


def missing_mark() -> BadCell:
    """Return what is wrong with a mark that the policy wants and that is not there."""
    return BadCell(
        "missing_mark",
        Text("沒有分數", "has no mark"),
        Text("應有分數，或填「迴避」。", "A mark, or “recused”, was expected."),
        Text(
            "計畫的 review.missing 可訂定缺漏分數如何處理。",
            "review.missing of the policy can say what a missing mark means.",
        ),
    )
