"""Figure: how evenly the money is spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from optimizer.language.text import Language, Text
from optimizer.plots import bars, drawing
from optimizer.plots.lettering import fit, safe
from optimizer.plots.source import spoken, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOBODY = Text("沒有核定任何經費", "Nothing is awarded")
CURVES = {
    "school": (Text("學校", "schools"), drawing.BLUE, "-"),
    "district": (Text("行政區", "districts"), drawing.GREEN, (0, (5, 2))),
}
EVEN = Text("完全平均", "all alike")
STUDENTS = Text(
    "學生數累計比例（%），每生金額由少至多", "Share of students (%), those with least first"
)
SCHOOLS = Text("學校數累計比例（%），金額由少至多", "Share of schools (%), those with least first")
MONEY = Text("核定金額累計比例（%）", "Share of the money (%)")
EACH = Text("每名學生核定金額（元）", "Awarded for each student (NT$)")
_KINDS = ("level", "size", "disadvantage")  # of groups; of districts there are too many
_LABEL_INCHES = 1.5
_HALF = Fraction(1, 2)


class HasCurve(Protocol):
    """A Lorenz curve."""

    @property
    def points(self) -> Sequence[tuple[Fraction, Fraction]]:
        """From (0, 0) to (1, 1); empty where there is nothing."""

    @property
    def gini(self) -> Fraction | None:
        """The coefficient."""


class HasEquity(Protocol):
    """The part of an allocation's equity that the figure reads."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row a group."""

    @property
    def curves(self) -> Mapping[str, HasCurve]:
        """Over schools and over districts."""

    @property
    def by_students(self) -> bool:
        """Whether weights are students."""


def layout(equity: HasEquity, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants."""
    return drawing.Layout(8.8, 4.7, left=0.7, right=0.3, top=1.0, bottom=0.55)


def equity_figure(equity: HasEquity, ax: Axes | None = None, lang: Language | None = None) -> Axes:
    """Draw the Lorenz curves over schools and districts, and the NT$ for each student by group.

    Parameters
    ----------
    equity
        ``allocation.equity``.
    ax
        Where to draw; a new figure otherwise.
    lang
        ``zh-TW`` or ``en``; the result's own, unless given.

    Returns
    -------
    Axes
        The axes drawn on, with the panels as its `child_axes`; nothing is saved.
    """
    lang = spoken(equity, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(equity, lang))
        drawing.head(
            ax, _title(equity).say(lang), _subtitle(equity).say(lang), indent=0.4, above=16
        )
        if not equity.curves["school"].points:
            drawing.message(ax, safe(NOBODY.say(lang)))
            return ax
        ax.set_axis_off()
        _curves(drawing.panel(ax, 0, 0.46), equity, lang)
        groups = equity.frame[
            equity.frame["kind"].isin(_KINDS) & equity.frame["per_student"].notna()
        ]
        if len(groups):
            _bars(drawing.panel(ax, 0.68, 0.32), groups, lang)
    return ax


def _title(equity: HasEquity) -> Text:
    """Say how much of the money the half with the least has."""
    curve = equity.curves["school"]
    if not curve.points:
        return NOBODY
    part = f"{_percent(_at(curve.points, _HALF)):.1f}%"
    if equity.by_students:
        return Text(
            f"每生核定金額最少的學校，合計一半的學生，分得 {part} 的經費",
            f"Half of all students, at the schools with least for each, get {part} of the money",
        )
    return Text(
        f"核定金額最少的一半學校分得 {part} 的經費",
        f"The half of the schools with least get {part} of the money",
    )


def _at(points: Sequence[tuple[Fraction, Fraction]], x: Fraction) -> Fraction:
    """Return the height of a curve at a place."""
    (a, low), (b, high) = next((one, two) for one, two in pairwise(points) if two[0] >= x)
    return high if a == b else low + (high - low) * (x - a) / (b - a)


def _subtitle(equity: HasEquity) -> Text:
    said = [(CURVES[name][0], _gini(curve)) for name, curve in equity.curves.items()]
    return Text(
        "吉尼係數："
        + "，".join(f"{name.zh}間 {value}" for name, value in said)
        + "（0 為完全平均）",
        "Gini coefficient: "
        + ", ".join(f"{value} over {name.en}" for name, value in said)
        + " (0: all alike)",
    )


def _percent(share: Fraction) -> float:
    return float(share * 100)


def _gini(curve: HasCurve) -> str:
    return "–" if curve.gini is None else f"{float(curve.gini):.3f}"


def _curves(ax: Axes, equity: HasEquity, lang: Language) -> None:
    ax.plot(
        [0, 100], [0, 100], color=drawing.GREY, linewidth=0.8, linestyle=":", label=EVEN.say(lang)
    )
    for name, curve in equity.curves.items():
        said, color, line = CURVES[name]
        x, y = (list(map(_percent, part)) for part in zip(*curve.points, strict=True))
        ax.plot(x, y, color=color, linestyle=line, linewidth=1.4, label=said.say(lang))
    ax.set_xlim(0, 100)
    ax.set_ylim(0, 100)
    drawing.name_axes(
        ax, (STUDENTS if equity.by_students else SCHOOLS).say(lang), y=MONEY.say(lang)
    )
    drawing.legend_of_points(ax)


def _bars(ax: Axes, groups: pd.DataFrame, lang: Language) -> None:
    amounts = [float(Fraction(text)) for text in words(groups, "per_student_exact")]
    labels = [f"{amount:,.2f}" for amount in amounts]
    kinds = list(words(groups, "kind"))
    rows = [n + 0.6 * _gaps(kinds, n) for n in range(len(kinds))]
    ax.set_ylim(rows[-1] + 0.6, -0.6)
    size = bars.leave_room(ax, amounts, labels)
    bars.draw(ax, rows, amounts, 0.65, look={"facecolor": drawing.BLUE, "edgecolor": drawing.BLUE})
    for y, amount, label in zip(rows, amounts, labels, strict=True):
        bars.beside(ax, amount, y, label, size=size)
    names = [fit(name, _LABEL_INCHES, 8.5) for name in words(groups, "group")]
    bars.row_labels(ax, rows, names)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    drawing.head_of_panel(ax, EACH.say(lang))


def _gaps(kinds: Sequence[str], place: int) -> int:
    """Return how many kinds end before a row."""
    return len(set(kinds[: place + 1])) - 1
