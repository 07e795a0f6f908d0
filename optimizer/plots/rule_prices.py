"""Figure: who would move without each rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from optimizer.foundation.exact import IntArray, plus
from optimizer.language.text import Language, Text
from optimizer.plots import bars, drawing
from optimizer.plots.lettering import cut, fit, safe, width
from optimizer.plots.source import NO_LIST, numbers, spoken, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOBODY = Text("計畫沒有可免除的規則", "No rule that could be left out")
NOTHING = Text("免除任何一條規則，名單都相同", "Without any one rule the list stays the same")
AXIS = Text(
    "件數（件）：左為不再獲補助，右為新獲補助", "Applications (count): left = out, right = in"
)
LEAVING = {"facecolor": "white", "edgecolor": drawing.VERMILLION, "hatch": "//////"}
ENTERING = {"facecolor": drawing.BLUE, "edgecolor": drawing.BLUE}
_MOST_ROWS = 40
_LABEL_INCHES = 2.6


class HasRulePrices(Protocol):
    """The part of the price of rules that the figure reads."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row a rule: status, entering, leaving."""

    def titles(self, language: Language) -> Sequence[str]:
        """Return what each rule is called, in the order of the rows."""


def layout(prices: HasRulePrices, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants."""
    table = _shown(prices, lang)
    left = 0.35 + min(max((width(t, 8.5) for t in words(table, "title")), default=1), _LABEL_INCHES)
    return drawing.Layout(left + 5.6, 1.45 + 0.3 * max(len(table), 3), left=left, right=0.3)


def _shown(prices: HasRulePrices, lang: Language) -> pd.DataFrame:
    """Return the rules, those without which most would move first."""
    table = prices.frame.assign(title=list(prices.titles(lang)))
    order = (-_moved(table)).argsort(kind="stable")
    return table.iloc[order].head(_MOST_ROWS).reset_index(drop=True)


def _moved(table: pd.DataFrame) -> IntArray:
    return plus(numbers(table, "entering"), numbers(table, "leaving"))


def rules_figure(
    prices: HasRulePrices, ax: Axes | None = None, lang: Language | None = None
) -> Axes:
    """Draw how many would be in, and out, without each rule, most first.

    Of more than 40 rules, the first 40 are shown.

    Parameters
    ----------
    prices
        What `price_of_rules` returned.
    ax
        Where to draw; a new figure otherwise.
    lang
        ``zh-TW`` or ``en``; the result's own, unless given.

    Returns
    -------
    Axes
        The axes drawn on; nothing is saved.
    """
    lang = spoken(prices, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(prices, lang))
        drawing.dress(ax)
        table = _shown(prices, lang)
        labels = [fit(title, _LABEL_INCHES, 8.5) for title in words(table, "title")]
        indent = 0.15 + max((width(label, 8.5) for label in labels), default=0)
        drawing.head(ax, _title(table).say(lang), _subtitle(table).say(lang), indent)
        if table.empty:
            drawing.message(ax, safe(NOBODY.say(lang)))
            return ax
        ax.set_ylim(len(labels) - 0.4, -0.6)
        _bars(ax, table, lang)
        bars.row_labels(ax, range(len(labels)), labels)
        drawing.name_axes(ax, AXIS.say(lang))
    return ax


def _title(table: pd.DataFrame) -> Text:
    """Say without which rule most would move."""
    if table.empty:
        return NOBODY
    into, out = int(numbers(table, "entering")[0]), int(numbers(table, "leaving")[0])
    if not into + out:
        return NOTHING
    name = cut(words(table, "title")[0], 2.2, 12)
    return Text(
        f"若無「{name}」，異動最多：{into} 件新獲補助，{out} 件不再獲補助",
        f"Most would move without “{name}”: {into} in, {out} out",
    )


def _subtitle(table: pd.DataFrame) -> Text:
    same = int((_moved(table) == 0).sum())
    return Text(
        f"每列為免除該規則後之名單與現行名單之差；{same} 條免除後名單相同",
        f"Each row: the list without that rule against the list as it is; {same} leave it the same",
    )


def _bars(ax: Axes, table: pd.DataFrame, lang: Language) -> None:
    into, out = numbers(table, "entering"), numbers(table, "leaving")
    most = max(1, int(into.max()), int(out.max()))
    ax.set_xlim(-1.25 * most, 1.25 * most)
    rows = list(range(len(table)))
    bars.draw(ax, rows, into, 0.6, look=ENTERING)
    bars.draw(ax, rows, -out, 0.6, look=LEAVING)
    ax.axvline(0, color=drawing.GREY, linewidth=0.8)
    for y, status in enumerate(words(table, "status")):
        if status in NO_LIST:
            bars.beside(ax, 0, y, NO_LIST[status].say(lang), color=drawing.GREY)
            continue
        _label(ax, int(into[y]), y, 1)
        _label(ax, int(out[y]), y, -1)
    drawing.count_axis(ax.xaxis)
    ax.xaxis.set_major_formatter(_plain)
    ax.spines["left"].set_visible(False)


def _plain(value: float, _: Any) -> str:
    return f"{abs(round(value)):,}"


def _label(ax: Axes, count: int, y: int, side: int) -> None:
    ax.annotate(
        f"{count:,}", (side * count, y), (4 * side, 0), textcoords="offset points", fontsize=min(8, bars.row_size(ax)),
        ha="left" if side > 0 else "right", va="center",
    )  # fmt: skip
