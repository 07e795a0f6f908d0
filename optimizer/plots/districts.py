"""Figure: what each district applied for and got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from optimizer.language.text import Language, Text, money
from optimizer.plots import bars, drawing
from optimizer.plots.lettering import fit, safe, width
from optimizer.plots.source import Drawable, caption, numbers, spoken, words
from optimizer.tables.official_order import official

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = Text("各行政區申請與補助情形", "Applications and awards by district")
COUNTS = Text("件數（件）", "Applications (count)")
AMOUNT = Text("補助金額（元）", "Awarded (NT$)")
NOBODY = Text("沒有行政區資料", "No districts")
STAGES: tuple[tuple[str, Text, dict[str, Any]], ...] = (
    ("applications", Text("申請", "applied"), {"facecolor": "white", "edgecolor": drawing.GREY}),
    ("eligible", Text("符合資格", "eligible"),
     {"facecolor": "white", "edgecolor": drawing.SKY, "hatch": "//////"}),
    ("funded", Text("獲補助", "funded"),
     {"facecolor": drawing.BLUE, "edgecolor": drawing.BLUE}),
)  # fmt: skip
NOTES = {
    "none_applied": Text("○ 無申請", "○ no application"),
    "none_eligible": Text("○ 無符合資格的申請", "○ no eligible application"),
    "uncovered": Text("✕ 有符合資格的申請，未獲補助", "✕ eligible, none funded"),
}
_MOST_ROWS = 44  # more districts than this are shown as the first and the last ones
_LAST_ROWS = 16
_ROW_INCHES = 0.215
_LABEL_INCHES = 1.7


@dataclass(frozen=True)
class DrawnDistricts:
    """The districts as they are drawn, from the top down.

    Parameters
    ----------
    table
        The districts shown, in order.
    y
        Shape (m,): where each stands.
    gap
        Where the gap of those left out is, or None, and how many those are.
    """

    table: pd.DataFrame
    y: Any
    gap: tuple[float, int] | None

    @property
    def height(self) -> float:
        """Rows of space needed."""
        return float(self.y.max() + 1) if len(self.y) else 1.0


def rows(allocation: Drawable) -> DrawnDistricts:
    """Put the districts in official order, and leave out the middle where there are too many."""
    table = allocation.by_district.copy()
    table["district"] = words(table, "district")
    for key in ("awarded", "funded", "eligible", "applications"):
        table[key] = numbers(table, key)
    table = table.iloc[official(allocation.districts, table["district"])]
    left_out = len(table) - _MOST_ROWS
    if left_out <= 0:
        return DrawnDistricts(table, np.arange(len(table), dtype=float), None)
    first = _MOST_ROWS - _LAST_ROWS
    y = np.concatenate([np.arange(first), first + 1 + np.arange(_LAST_ROWS)]).astype(float)
    return DrawnDistricts(
        pd.concat([table[:first], table[-_LAST_ROWS:]]), y, (float(first), left_out)
    )


def layout(allocation: Drawable, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants: as high as its rows need."""
    shown = rows(allocation)
    names = [width(name, 8.5) for name in shown.table["district"]]
    left = 0.35 + min(max(names, default=0.5), _LABEL_INCHES)
    height = 0.95 + 0.55 + _ROW_INCHES * max(shown.height, 4)
    return drawing.Layout(left + 7.75, height, left=left, right=0.35, top=0.95)


def districts_figure(
    allocation: Drawable, ax: Axes | None = None, lang: Language | None = None
) -> Axes:
    """Draw applied, eligible and funded counts and the money of every district.

    Districts stand in the order in which the plan lists them. Those without a funded application say
    why. Of more than 44 districts, the first 28 and the last 16 are shown.

    See `scores_figure` for the parameters; the two panels are the `child_axes` of the axes.
    """
    lang = spoken(allocation, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(allocation, lang))
        shown = rows(allocation)
        labels = [fit(name, _LABEL_INCHES, 8.5) for name in shown.table["district"]]
        indent = 0.15 + max((width(label, 8.5) for label in labels), default=0)
        drawing.head(
            ax, TITLE.say(lang), caption(allocation, _subtitle(allocation), lang), indent, above=16
        )
        if shown.table.empty:
            drawing.message(ax, safe(NOBODY.say(lang)))
            return ax
        ax.set_axis_off()
        counts, amounts = drawing.panel(ax, 0, 0.53), drawing.panel(ax, 0.58, 0.42)
        _counts(counts, shown, labels, lang)
        _amounts(amounts, shown, lang)
    return ax


def _subtitle(allocation: Drawable) -> Text:
    covered = words(allocation.by_district, "covered")
    yes, no, never = ((covered == word).sum() for word in ("yes", "no", "uncoverable"))
    return Text(
        f"{len(covered)} 區中 {yes} 區獲補助，{no} 區有符合資格的申請而未獲補助，{never} 區無符合資格的申請",
        f"{yes} of {len(covered)} districts covered, {no} not, "
        f"{never} without an eligible application",
    )


def _note(row: Any) -> Text | None:
    """Say why a district has no funded application."""
    if row.funded > 0:
        return None
    if row.applications == 0:
        return NOTES["none_applied"]
    return NOTES["none_eligible"] if row.eligible == 0 else NOTES["uncovered"]


def _counts(ax: Axes, shown: DrawnDistricts, names: list[str], lang: Language) -> None:
    table, y = shown.table, shown.y
    _rows_axis(ax, shown)
    for (column, _, look), thickness in zip(STAGES, (0.72, 0.72, 0.4), strict=True):
        bars.draw(ax, y, numbers(table, column), height=thickness, look=look)
    applied, eligible, funded = (numbers(table, column) for column, _, _ in STAGES)
    labels = [f"{f:,} / {e:,} / {a:,}" for a, e, f in zip(applied, eligible, funded, strict=True)]
    size = bars.leave_room(ax, applied, labels)
    for at, count, label in zip(y, applied, labels, strict=True):
        bars.beside(ax, count, at, label, size=size)
    bars.row_labels(ax, y, names, np.where(funded == 0, drawing.VERMILLION, drawing.INK).tolist())
    drawing.count_axis(ax.xaxis, 5)
    drawing.name_axes(ax, COUNTS.say(lang))
    drawing.legend_above(ax, [(text.say(lang), look) for _, text, look in STAGES[::-1]])


def _amounts(ax: Axes, shown: DrawnDistricts, lang: Language) -> None:
    table, y = shown.table, shown.y
    awarded = numbers(table, "awarded")
    _rows_axis(ax, shown)
    bars.draw(ax, y, awarded, height=0.6, look=STAGES[2][2])
    notes = [_note(row) for row in table.itertuples()]
    labels = [
        money(int(n)) if note is None else note.say(lang)
        for n, note in zip(awarded, notes, strict=True)
    ]
    size = bars.leave_room(ax, awarded, labels)
    for at, amount, label, note in zip(y, awarded, labels, notes, strict=True):
        color = drawing.INK if note is None else drawing.VERMILLION
        bars.beside(ax, amount, at, label, color=color, size=size)
    ax.set_yticks([])
    drawing.count_axis(ax.xaxis, 5)
    drawing.name_axes(ax, AMOUNT.say(lang))
    if shown.gap:
        at, left_out = shown.gap
        text = Text(f"⋮ 中間 {left_out} 區從略", f"⋮ {left_out} districts in between")
        bars.beside(ax, 0, at, text.say(lang), color=drawing.GREY)


def _rows_axis(ax: Axes, shown: DrawnDistricts) -> None:
    ax.set_ylim(shown.height - 0.4, -0.6)
