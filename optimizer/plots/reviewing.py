"""Figure: how severe each reviewer was, beside those who read the same applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from optimizer.language.text import Language, Text
from optimizer.language.words import how_many
from optimizer.plots import bars, drawing
from optimizer.plots.lettering import fit, safe, width
from optimizer.plots.source import FloatArray, numbers, spoken, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = Text("審查委員給分之寬嚴", "How severe the reviewers were")
NOBODY = Text("沒有委員評分可比較", "No reviews to compare")
AXIS = Text(
    "與同案其他委員總分平均之差（分）：負為較嚴",
    "Total less the others' mean on the same applications (points); negative: severe",
)
SUBTITLE = Text(
    "旁註為平均差與相比件數；寬嚴不等於對錯",
    "beside each: mean difference, applications compared; severe is not wrong",
)
_MOST_ROWS = 40
_LABEL_INCHES = 1.9


class HasReviewers(Protocol):
    """The part of an allocation that the figure reads."""

    @property
    def reviewers(self) -> pd.DataFrame:
        """One row a reviewer: reviewer, severity, compared."""


def layout(allocation: HasReviewers, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants."""
    table = _shown(allocation)
    names = [width(name, 8.5) for name in words(table, "reviewer")]
    left = 0.35 + min(max(names, default=0.5), _LABEL_INCHES)
    return drawing.Layout(left + 6.6, 1.45 + 0.26 * max(len(table), 3), left=left, right=0.3)


def _shown(allocation: HasReviewers) -> pd.DataFrame:
    """Return those who can be compared, the most severe first; of many, those at both ends."""
    table = allocation.reviewers
    table = table[table["severity"].notna()].sort_values("severity", kind="stable")
    half = _MOST_ROWS // 2
    return table if len(table) <= _MOST_ROWS else pd.concat([table[:half], table[-half:]])


def reviewers_figure(
    allocation: HasReviewers, ax: Axes | None = None, lang: Language | None = None
) -> Axes:
    """Draw by how much each reviewer's totals differ from those of the others on the same applications.

    Of more than 40 reviewers, the 20 most severe and the 20 most lenient are shown.

    Parameters
    ----------
    allocation
        The certified result.
    ax
        Where to draw; a new figure otherwise.
    lang
        ``zh-TW`` or ``en``; the result's own, unless given.

    Returns
    -------
    Axes
        The axes drawn on; nothing is saved.
    """
    lang = spoken(allocation, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(allocation, lang))
        drawing.dress(ax)
        table = _shown(allocation)
        names = [fit(name, _LABEL_INCHES, 8.5) for name in words(table, "reviewer")]
        indent = 0.15 + max((width(name, 8.5) for name in names), default=0)
        drawing.head(ax, _title(table).say(lang), SUBTITLE.say(lang), indent)
        if table.empty:
            drawing.message(ax, safe(NOBODY.say(lang)))
            return ax
        ax.set_ylim(len(table) - 0.4, -0.6)
        _dots(ax, table, lang)
        bars.row_labels(ax, range(len(names)), names)
        drawing.count_axis(ax.xaxis)
        drawing.name_axes(ax, AXIS.say(lang))
    return ax


def _away(table: pd.DataFrame) -> FloatArray:
    return np.asarray(table["severity"], dtype=np.float64)


def _title(table: pd.DataFrame) -> Text:
    if len(table) < 2:
        return TITLE
    apart = _away(table)[-1] - _away(table)[0]
    return Text(
        f"最嚴與最寬之委員，平均差相距 {apart:.1f} 分",
        f"Between the most severe and the most lenient reviewer lie {apart:.1f} points",
    )


def _dots(ax: Axes, table: pd.DataFrame, lang: Language) -> None:
    away, counts = _away(table), numbers(table, "compared")
    rows = np.arange(len(table))
    ax.axvline(0, color=drawing.GREY, linewidth=0.8)
    ax.hlines(rows, 0, away, color=drawing.GREY, linewidth=0.8)
    ax.plot(away, rows, "o", color=drawing.BLUE, markersize=5)
    said = [
        Text(f"{a:+.2f}（{n:,} 件）", f"{a:+.2f} ({how_many(int(n), 'application')})").say(lang)
        for a, n in zip(away.tolist(), counts.tolist(), strict=True)
    ]
    room = max(width(text, 8) for text in said) + 0.2
    wide = max(float(np.abs(away).max()), 0.5)
    share = min(room / max(drawing.inches(ax)[0], 0.1), 0.45)
    ax.set_xlim(-1.08 * wide, wide * (1.08 + share) / (1 - share))
    for y, a, text in zip(rows.tolist(), away.tolist(), said, strict=True):
        bars.beside(ax, max(a, 0), y, text)
