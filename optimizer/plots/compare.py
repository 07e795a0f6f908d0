"""Figure: scenarios side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from optimizer.language.text import Language, Text
from optimizer.plots import style
from optimizer.plots.lettering import fit, safe, width
from optimizer.plots.source import words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = Text("情境比較", "Scenarios compared")
NOBODY = Text("沒有情境", "No scenarios")
METRICS = {
    "spent": Text("補助金額（NT$）", "Awarded (NT$)"),
    "funded": Text("獲補助（件）", "Funded (count)"),
    "districts_covered": Text("獲補助行政區（區）", "Districts covered"),
    "merit_total": Text("審查分數總和（分）", "Total merit (points)"),
    "disadvantaged_funded": Text("弱勢學校獲補助（件）", "Disadvantaged funded"),
}
_MOST_ROWS = 40
_LABEL_INCHES = 2.6


class HasTotals(Protocol):
    """The part of a comparison that the figure reads."""

    @property
    def totals(self) -> pd.DataFrame:
        """One row a scenario; the first is what the others are measured against."""


def _metrics(totals: pd.DataFrame) -> list[str]:
    return [column for column in METRICS if column in totals.columns]


def layout(comparison: HasTotals, lang: Language = "zh-TW") -> style.Layout:
    """Return the size that this figure wants."""
    totals = comparison.totals
    names = [width(name, 8.5) for name in words(totals, "scenario")]
    left = 0.35 + min(max(names, default=0.5), _LABEL_INCHES)
    height = 1.15 + 0.46 * max(1, min(len(totals), _MOST_ROWS))
    across = left + 1.9 * max(1, len(_metrics(totals)))
    return style.Layout(across, height, left=left, top=0.95, bottom=0.1)


def compare_figure(comparison: HasTotals, ax: Axes | None = None, lang: Language = "zh-TW") -> Axes:
    """Draw the totals of each scenario, a panel for each, against those of the first scenario.

    A hollow mark is a scenario that was not solved to proven optimality. Of more than 40
    scenarios, the first 40 are shown.

    Parameters
    ----------
    comparison
        With `totals`, one row a scenario.
    ax
        Where to draw; a new figure otherwise.
    lang
        ``zh-TW`` or ``en``.

    Returns
    -------
    Axes
        The axes drawn on, with the panels as its `child_axes`; nothing is saved.
    """
    with style.house_style():
        ax = style.shown(layout(comparison, lang)) if ax is None else ax
        totals = comparison.totals.head(_MOST_ROWS)
        labels = [fit(name, _LABEL_INCHES, 8.5) for name in words(totals, "scenario")]
        indent = 0.15 + max((width(label, 8.5) for label in labels), default=0)
        subtitle = _subtitle(comparison.totals, lang)
        style.head(ax, TITLE.say(lang), subtitle, indent, above=14)
        metrics = _metrics(totals)
        if totals.empty or not metrics:
            style.message(ax, safe(NOBODY.say(lang)))
            return ax
        ax.set_axis_off()
        for i, metric in enumerate(metrics):
            part = style.panel(ax, i / len(metrics), 0.9 / len(metrics))
            _panel(part, totals, metric, lang)
            _rows(part, labels if i == 0 else [""] * len(labels))
    return ax


def _subtitle(totals: pd.DataFrame, lang: Language) -> str:
    if totals.empty:
        return ""
    first = words(totals, "scenario")[0]
    hidden = len(totals) - _MOST_ROWS
    text = Text(
        f"虛線與差額以「{first}」為準；空心表示可行但尚未證明"
        + (f"；另有 {hidden} 個情境未列" if hidden > 0 else ""),
        f"Dashed line and differences refer to “{first}”; hollow: not proved optimal"
        + (f"; {hidden} more are not shown" if hidden > 0 else ""),
    )
    return text.say(lang)


def _panel(ax: Axes, totals: pd.DataFrame, metric: str, lang: Language) -> None:
    values = pd.to_numeric(totals[metric]).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    proved = words(totals, "status") == "optimal" if "status" in totals else [True] * len(values)
    y = np.arange(len(values))
    ax.axvline(values[0], color=style.GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    for at, value, sure in zip(y, values, proved, strict=True):
        if not np.isfinite(value):
            continue
        ax.plot([values[0], value], [at, at], color=style.SKY, linewidth=2.2, zorder=1)
        ax.plot([value], [at], "o", markersize=6.5, markeredgecolor=style.BLUE,
                markerfacecolor=style.BLUE if sure else "white", zorder=2)  # fmt: skip
        _figures(ax, float(value), float(values[0]), int(at))
    ax.set_xlim(*_limits(ax, values))
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.set_title(safe(METRICS[metric].say(lang)), fontsize=9, pad=4)


def _figures(ax: Axes, value: float, first: float, row: int) -> None:
    """Write the value above its mark, and how it differs from the first scenario's below."""
    look: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "va": "center"}
    plate = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    ax.annotate(_number(value), (value, row), (0, 10), fontsize=7.5, bbox=plate, **look)
    change = value - first
    if row and change and np.isfinite(change):
        text = ("+" if change > 0 else "−") + _number(abs(change))
        ax.annotate(text, (value, row), (0, -10), fontsize=7, color=style.GREY, bbox=plate, **look)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _limits(ax: Axes, values: npt.NDArray[Any]) -> tuple[float, float]:
    """Return limits with room for the figures around the outermost marks."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    label = max((width(_number(value), 7.5) for value in finite), default=0)
    room = min(label / style.inches(ax)[0], 0.7)
    side = (high - low) * max(room / (1 - room) / 2, 0.08) or max(abs(high) * 0.1, 1.0)
    return low - side, high + side


def _rows(ax: Axes, labels: list[str]) -> None:
    style.row_labels(ax, range(len(labels)), labels, [style.INK] * len(labels))
    ax.spines["left"].set_visible(False)
    ax.set_ylim(len(labels) - 0.4, -0.7)
    for at in range(len(labels)):
        ax.axhline(at, color=style.PALE, linewidth=0.6, zorder=-1)
