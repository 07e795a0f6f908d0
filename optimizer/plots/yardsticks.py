"""Figures: of how many of the best each list is sure; whom reviewers' severity decides on."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from optimizer.language.text import Language, Text
from optimizer.plots import bars, drawing
from optimizer.plots.lettering import fit, safe, width
from optimizer.plots.source import spoken, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMES: Mapping[str, Text] = {
    "funded": Text("核定名單", "as funded"),
    "merit": Text("只看審查分數", "by merit alone"),
    "bootstrap": Text("重抽審查委員", "reviewers resampled"),
    "noise": Text("評分誤差", "noise of the marks"),
    "severity": Text("扣除委員寬嚴並重抽", "resampled, severity taken out"),
    "severity_taken_out": Text("扣除委員寬嚴後核定", "as funded, severity taken out"),
    "expected_rank": Text("預期名次", "by expected rank"),
    "maximin": Text("MERIT 機率最高者", "the likeliest by MERIT"),
    "lottery": Text("MERIT 抽籤（平均）", "MERIT's lottery (average)"),
}
_LOOKS: dict[str, dict[str, Any]] = {
    "funded": {"facecolor": drawing.ORANGE, "edgecolor": drawing.INK},
    "lottery": {"facecolor": "white", "edgecolor": drawing.INK, "hatch": "////"},
}
_OTHER: dict[str, Any] = {"facecolor": drawing.BLUE, "edgecolor": drawing.BLUE}
_WAY = Text(
    "不論各案分數落在何處（少計其任一位委員時之最低至最高分），名單中至少有幾件屬於最佳者",
    "However merits lie (each between its least and most with one reviewer left out): how many of the best it holds",
)
_SURE = Text("必屬最佳之件數", "Applications that are surely among the best")
NOTHING = Text("沒有可畫的資料", "Nothing to draw")
_SEVERITY = Text(
    "每點一件申請：扣除各委員給分之寬嚴（加法模型）後，分數之增減",
    "A point an application: what its merit gains or loses if each reviewer's severity is taken out",
)
_MERIT, _CHANGE = Text("審查分數（分）", "Merit (points)"), Text("增減（分）", "Change (points)")
_FATES: dict[tuple[bool, bool], tuple[Text, dict[str, Any]]] = {
    (True, False): (
        Text("改為未獲補助", "funded no more"),
        {"color": drawing.ORANGE, "edgecolors": drawing.INK, "marker": "v"},
    ),
    (False, True): (
        Text("改為獲補助", "funded only then"),
        {"color": "white", "edgecolors": drawing.VERMILLION, "marker": "^"},
    ),
    (True, True): (
        Text("仍獲補助", "funded either way"),
        {"color": drawing.BLUE, "edgecolors": drawing.BLUE},
    ),
    (False, False): (
        Text("仍未獲補助", "funded neither way"),
        {"color": "white", "edgecolors": drawing.GREY},
    ),
}


class HasYardstick(Protocol):
    """The part of a robustness analysis that these figures read."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row an application."""

    @property
    def lists(self) -> pd.DataFrame:
        """One row a list."""


def sure_figure(found: HasYardstick, ax: Axes | None = None, lang: Language | None = None) -> Axes:
    """Draw of how many of the best each list is sure, and MERIT's lottery, the best there is.

    Parameters
    ----------
    found
        What `robustness` returned.
    ax
        Where to draw; a new figure otherwise.
    lang
        ``zh-TW`` or ``en``; the result's own, unless given.

    Returns
    -------
    Axes
        The axes drawn on; nothing is saved.
    """
    lang = spoken(found, lang)
    table = found.lists[found.lists["sure"].notna()]
    names = [NAMES[name].say(lang) for name in table["list"]]
    left = 0.35 + max((width(name, 8.5) for name in names), default=0.5)
    with drawing.style():
        size = drawing.Layout(
            left + 6.2, 1.6 + 0.32 * max(len(names), 1), left=left, right=0.6, top=0.85, bottom=0.6
        )
        ax = drawing.place(ax, size)
        drawing.dress(ax)
        drawing.head(ax, _sure(table).say(lang), _WAY.say(lang), left - 0.2)
        if table.empty:
            drawing.message(ax, safe(NOTHING.say(lang)))
            return ax
        ax.set_ylim(len(names) - 0.4, -0.6)
        sure = np.asarray(table["sure"], dtype=np.float64)
        for y, (name, value) in enumerate(zip(table["list"], sure.tolist(), strict=True)):
            bars.draw(ax, y, value, height=0.62, look=_LOOKS.get(name, _OTHER))
            bars.beside(ax, value, y, f"{value:,.1f}" if name == "lottery" else f"{value:,.0f}")
        bars.row_labels(ax, range(len(names)), [fit(n, left, 8.5) for n in names])
        ax.set_xlim(0, int(table["picked"].max()) or 1)
        drawing.name_axes(ax, _SURE.say(lang))
    return ax


def _sure(table: pd.DataFrame) -> Text:
    if table.empty:
        return NOTHING
    first, best = table.iloc[0], table.iloc[-1]
    picked, sure, most = int(first["picked"]), int(first["sure"]), ceil(10 * best["sure"]) / 10
    return Text(
        f"核定之 {picked:,} 件中至少 {sure:,} 件必屬前 {picked:,} 名；任何選法至多保證 {most:,.1f} 件",
        f"Of {picked:,} funded {sure:,} are surely among the {picked:,} best; no choice is sure of more than {most:,.1f}",
    )


def severity_figure(
    found: HasYardstick, ax: Axes | None = None, lang: Language | None = None
) -> Axes:
    """Draw what taking out each reviewer's severity changes in merits, and whom it decides on.

    See `sure_figure` for the parameters.
    """
    lang = spoken(found, lang)
    table = found.frame
    with drawing.style():
        ax = drawing.place(ax, drawing.Layout(8.4, 4.9, left=0.75, right=0.25, top=1.0))
        drawing.dress(ax)
        known = table["merit"].notna() & (words(table, "group") != "")
        table = (
            table[known & table["merit_adjusted"].notna()]
            if "merit_adjusted" in table
            else table[:0]
        )
        drawing.head(ax, _moved(table).say(lang), _SEVERITY.say(lang), indent=0.6, above=18)
        if table.empty:
            drawing.message(ax, safe(NOTHING.say(lang)))
            return ax
        merit = np.asarray(table["merit"], dtype=np.float64)
        change = np.asarray(table["merit_adjusted"], dtype=np.float64) - merit
        ax.axhline(0, color=drawing.GREY, linewidth=0.7, zorder=0)
        for fate, here in _fates(table).items():
            text, look = _FATES[fate]
            label = safe(f"{text.say(lang)} {here.sum():,}")
            ax.scatter(merit[here], change[here], s=18, linewidths=0.8, label=label, **look)
        drawing.legend_of_points(ax)
        drawing.name_axes(ax, _MERIT.say(lang), y=_CHANGE.say(lang))
    return ax


def _fates(table: pd.DataFrame) -> dict[tuple[bool, bool], npt.NDArray[np.bool_]]:
    now, then = (words(table, name) == "funded" for name in ("status", "status_adjusted"))
    return {(a, b): (now == a) & (then == b) for a, b in _FATES}


def _moved(table: pd.DataFrame) -> Text:
    """Say whom severity decides on."""
    if table.empty:
        return Text("委員寬嚴之影響", "What reviewers' severity decides")
    fates = _fates(table)
    leaving, entering = (int(fates[fate].sum()) for fate in ((True, False), (False, True)))
    if not leaving and not entering:
        return Text(
            "扣除各委員給分之寬嚴，核定結果不變",
            "With each reviewer's severity taken out, the same applications are funded",
        )
    return Text(
        f"扣除各委員給分之寬嚴，{leaving:,} 件改為未獲補助，{entering:,} 件改為獲補助",
        f"With each reviewer's severity taken out, {leaving:,} are funded no more, and {entering:,} others are",
    )


FIGURES = {"sure": sure_figure, "severity": severity_figure}
