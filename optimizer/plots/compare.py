"""Figure: scenarios side by side, a panel for each measure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

import pandas as pd

from optimizer.facts.measures import (
    LESS_IS_BETTER,
    MEASURES,
    NEITHER_IS_BETTER,
    POINTS_OF,
    UNITS,
)
from optimizer.language.text import EMPTY, Language, Text, sentences
from optimizer.plots import bars, drawing
from optimizer.plots.finding import title
from optimizer.plots.lettering import cut, fit, safe, width
from optimizer.plots.source import NO_LIST, HasTotals, measured, say_measure, spoken, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOBODY = Text("沒有情境", "No scenarios")
MOST_ROWS = 24
_ACROSS = 3  # panels
_PANEL_INCHES, _GAP_INCHES, _ROW_INCHES, _HEAD_INCHES = 2.3, 0.2, 0.26, 0.5
_LABEL_INCHES = 2.2
_LOWERED = 14  # points that the title stands nearer, into the room for the heads of panels


def layout(comparison: HasTotals, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants."""
    totals = comparison.totals
    left = 0.35 + min(max(_widths(totals), default=0.5), _LABEL_INCHES)
    rows = max(1, min(len(totals), MOST_ROWS))
    down = len(MEASURES) // _ACROSS * (_HEAD_INCHES + _ROW_INCHES * rows)
    across = left + _ACROSS * (_PANEL_INCHES + _GAP_INCHES)
    return drawing.Layout(across, 0.6 + down, left=left, right=0.05, top=0.5, bottom=0.1)


def _widths(totals: pd.DataFrame) -> list[float]:
    return [width(name, 8.5) for name in words(totals, "scenario")]


def compare_figure(
    comparison: HasTotals, ax: Axes | None = None, lang: Language | None = None
) -> Axes:
    """Draw the nine measures of the list of each scenario, a panel for each, a row a scenario.

    Counts are bars from 0; points are dots, all on one scale. The title says what the comparison
    shows. Hollow: not solved to proven optimality; a scenario without a list stands in its row.
    Of more than 24 scenarios, the first 24 are shown.

    Parameters
    ----------
    comparison
        With `totals`, one row a scenario.
    ax
        Where to draw; a new figure otherwise.
    lang
        ``zh-TW`` or ``en``; the result's own, unless given.

    Returns
    -------
    Axes
        The axes drawn on, with the panels as its `child_axes`, in the order of the measures;
        nothing is saved.
    """
    lang = spoken(comparison, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(comparison, lang))
        totals = comparison.totals.head(MOST_ROWS)
        indent = 0.15 + min(max(_widths(totals), default=0), _LABEL_INCHES)
        said = title(totals, drawing.inches(ax)[0] + indent, lang)
        drawing.head(ax, said, _subtitle(comparison.totals).say(lang), indent, above=-_LOWERED)
        if totals.empty:
            drawing.message(ax, safe(NOBODY.say(lang)))
            return ax
        ax.set_axis_off()
        scale = _scale(totals)
        for number, name in enumerate(MEASURES):
            part = _place(ax, number)
            _panel(part, totals, name, scale=scale if name in POINTS_OF else None)
            _frame(part, name, lang)
            if number % _ACROSS == 0:
                _names(part, totals, lang)
    return ax


def _subtitle(totals: pd.DataFrame) -> Text:
    """Say how to read the panels."""
    if totals.empty:
        return EMPTY
    first = cut(words(totals, "scenario")[0], 1.5, 8.5)
    low, high = _scale(totals.head(MOST_ROWS))
    hollow, hidden = "feasible" in words(totals, "status"), len(totals) - MOST_ROWS
    parts = [
        Text("↑ 高者為佳，↓ 低者為佳", "↑ more is better, ↓ less is"),
        Text(f"分數同一尺度：{low}–{high} 分", f"points on one scale, {low}–{high}"),
        Text(f"虛線為「{first}」", f"dashed: “{first}”"),
        *([Text("空心者尚未證明", "hollow: not proved")] if hollow else []),
        *([Text(f"另有 {hidden} 個情境未列", f"{hidden} more not shown")] if hidden > 0 else []),
    ]
    return sentences(parts)


def _scale(totals: pd.DataFrame) -> tuple[int, int]:
    """Return whole points around all that are drawn."""
    drawn = [v for name in POINTS_OF for v in measured(totals, name) if v is not None]
    return floor(min(drawn, default=Fraction(0))), ceil(max(drawn, default=Fraction(1)))


def _place(ax: Axes, number: int) -> Axes:
    """Return one of the panels, in reading order, below the room for its head."""
    across, up = drawing.inches(ax)
    down = len(MEASURES) // _ACROSS
    row, column = divmod(number, _ACROSS)
    head = min(_HEAD_INCHES / max(up, 0.1), 0.5 / down)
    gap = min(_GAP_INCHES / max(across, 0.1), 0.5 / _ACROSS)
    return drawing.panel(
        ax, column / _ACROSS, 1 / _ACROSS - gap, bottom=1 - (row + 1) / down, height=1 / down - head
    )


def _panel(ax: Axes, totals: pd.DataFrame, name: str, scale: tuple[int, int] | None) -> None:
    """Draw one measure: bars from 0, or dots where a scale is given."""
    values = measured(totals, name)
    lengths = [0.0 if value is None else float(value) for value in values]
    labels = [say_measure(value) for value in values]
    ax.set_ylim(len(totals) - 0.4, -0.6)
    if scale is None:
        bars.leave_room(ax, lengths, labels)
    else:
        _zoom(ax, scale, labels)
    if values[0] is not None:
        ax.axvline(lengths[0], color=drawing.GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    status = words(totals, "status")
    for y, (value, label) in enumerate(zip(values, labels, strict=True)):
        if value is None:
            continue
        face = drawing.BLUE if status[y] == "optimal" else "white"
        if scale is None:
            look = {"facecolor": face, "edgecolor": drawing.BLUE}
            bars.draw(ax, y, lengths[y], 0.6, look=look)
        else:
            ax.axhline(y, color=drawing.PALE, linewidth=0.6, zorder=-1)
            ax.plot([lengths[y]], [y], "o", markersize=min(6, 0.8 * bars.row_size(ax)), markeredgecolor=drawing.BLUE,
                    markerfacecolor=face, zorder=2)  # fmt: skip
        _label(ax, lengths[y], y, label)


def _label(ax: Axes, x: float, y: int, label: str, color: str = drawing.INK) -> None:
    """Write right of a mark, on white where the dashed line passes."""
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    ax.annotate(safe(label), (x, y), (5, 0), textcoords="offset points", va="center_baseline",
                fontsize=min(8, bars.row_size(ax)), color=color, bbox=plate, zorder=3)  # fmt: skip


def _zoom(ax: Axes, scale: tuple[int, int], labels: Sequence[str]) -> None:
    """Show the scale of the points, with room for the labels right of the dots."""
    low, high = scale
    room = (max(width(label, 8) for label in labels) + 0.15) / max(drawing.inches(ax)[0], 0.1)
    span = max(high - low, 1) / max(1 - room - 0.04, 0.2)
    ax.set_xlim(low - 0.04 * span, low + 0.96 * span)


def _frame(ax: Axes, name: str, lang: Language) -> None:
    better = "" if name in NEITHER_IS_BETTER else " ↓" if name in LESS_IS_BETTER else " ↑"
    said, unit = MEASURES[name], UNITS[name]
    head = Text(f"{said.zh}（{unit.zh}）{better}", f"{said.en} ({unit.en}){better}")
    drawing.head_of_panel(ax, head.say(lang))
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines["bottom"].set_visible(False)
    ax.spines["left"].set_visible(name not in POINTS_OF)


def _names(ax: Axes, totals: pd.DataFrame, lang: Language) -> None:
    """Name the rows of the panels, and say where there is no list, and why."""
    labels = [fit(name, _LABEL_INCHES, 8.5) for name in words(totals, "scenario")]
    bars.row_labels(ax, range(len(labels)), labels)
    for y, status in enumerate(words(totals, "status")):
        if status in NO_LIST:
            _label(ax, ax.get_xlim()[0], y, NO_LIST[status].say(lang), color=drawing.GREY)
