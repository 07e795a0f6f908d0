"""Figures: how firm decisions are, as chances to be funded, expected ranks, and a rankogram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.colors import PowerNorm

from optimizer.language.text import EMPTY, Language, Text
from optimizer.language.words import how_many
from optimizer.plots import drawing
from optimizer.plots.lettering import safe
from optimizer.plots.source import FloatArray, spoken, words
from optimizer.plots.yardsticks import NAMES as WAYS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RANK = Text("名次（依審查分數由高至低）", "Rank (by merit, best first)")
CHANCE = Text("獲補助之機率（%）", "Chance to be funded (%)")
EXPECTED = Text("預期名次（1 為最高）", "Expected rank (1 is the best)")
ORDER = Text("申請案（依預期名次）", "Applications (by expected rank)")
BAND = Text("名次所在（由前至後，%）", "Where the rank lies (% from the top)")
NOTHING = Text("沒有可畫的資料", "Nothing to draw")
_LOOKS: dict[tuple[str, bool], dict[str, Any]] = {
    ("chance", True): {"color": drawing.ORANGE, "edgecolors": drawing.INK},
    ("chance", False): {"color": "white", "edgecolors": drawing.VERMILLION},
    ("firm", True): {"color": drawing.BLUE, "edgecolors": drawing.BLUE},
    ("firm", False): {"color": "white", "edgecolors": drawing.GREY},
}
_NAMES = {
    ("firm", True): Text("獲補助，穩定", "funded, firm"),
    ("chance", True): Text("獲補助，受誤差左右", "funded, by the noise"),
    ("chance", False): Text("未獲補助，受誤差左右", "not funded, by the noise"),
    ("firm", False): Text("未獲補助，穩定", "not funded, firm"),
}
_TOO_FEW = {  # what firm is called where draws are too few to call it so
    True: Text("獲補助，達 95%", "funded, 95% or more"),
    False: Text("未獲補助，5% 以下", "not funded, 5% or less"),
}
_MOST = 400  # rows of a rankogram; more are thinned out


class HasFirmness(Protocol):
    """The part of a robustness analysis that figures read."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row an application."""

    @property
    def counted(self) -> int:
        """The fewest draws that count, of any random way."""

    @property
    def enough(self) -> bool:
        """Whether they are enough to call a decision firm."""

    @property
    def rankogram(self) -> pd.DataFrame:
        """One row an application and part of all ranks."""


def _layout() -> drawing.Layout:
    return drawing.Layout(8.4, 4.9, left=0.65, right=0.25, top=1.0)


def chance_figure(found: HasFirmness, ax: Axes | None = None, lang: Language | None = None) -> Axes:
    """Draw each eligible application by its rank and its chance to be funded.

    Of the chances by several random ways the one nearest to a half is drawn: the least firm.

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
    table = _eligible(found)
    with drawing.style():
        ax = drawing.place(ax, _layout())
        drawing.dress(ax)
        drawing.head(ax, _finding(table).say(lang), _way(found).say(lang), indent=0.5, above=18)
        ways = [name for name in table.columns if str(name).startswith("chance_")]
        if table.empty or not ways:
            drawing.message(ax, safe(NOTHING.say(lang)))
            return ax
        rank, chance = _floats(table, "rank"), _least_firm(table, ways)
        for kind, here in _kinds(table).items():
            if here.any():
                ax.scatter(rank[here], chance[here], s=18, linewidths=0.8, zorder=2,
                           label=safe(f"{_named(kind, found.enough).say(lang)} {here.sum():,}"),
                           **_LOOKS[kind])  # fmt: skip
        for level in (5, 95):
            ax.axhline(level, color=drawing.GREY, linewidth=0.7, linestyle=(0, (4, 3)), zorder=0)
        drawing.legend_of_points(ax)
        ax.set_ylim(-3, 103)
        drawing.name_axes(ax, RANK.say(lang), y=CHANCE.say(lang))
    return ax


def expected_rank_figure(
    found: HasFirmness, ax: Axes | None = None, lang: Language | None = None
) -> Axes:
    """Draw the expected rank of each eligible application with its 95% credible interval.

    See `chance_figure` for the parameters.
    """
    lang = spoken(found, lang)
    table = _eligible(found)
    table = table[table["expected_rank"].notna()].sort_values("expected_rank", kind="stable")
    with drawing.style():
        ax = drawing.place(ax, _layout())
        drawing.dress(ax)
        drawing.head(ax, _spread(table).say(lang), _MODEL.say(lang), indent=0.5, above=18)
        if table.empty:
            drawing.message(ax, safe(NOTHING.say(lang)))
            return ax
        place, mean = np.arange(1, len(table) + 1), _floats(table, "expected_rank")
        low, high = (_floats(table, f"expected_rank_{end}") for end in ("low", "high"))
        ax.vlines(place, low, high, color=drawing.PALE, linewidth=1.2, zorder=0)
        funded = words(table, "status") == "funded"
        for is_, name in ((True, "funded"), (False, "not")):
            here = funded == is_
            ax.scatter(place[here], mean[here], s=12, linewidths=0.7, zorder=2,
                       label=safe(f"{_FUNDED[name].say(lang)} {here.sum():,}"),
                       **_LOOKS["firm", is_])  # fmt: skip
        drawing.legend_of_points(ax)
        drawing.name_axes(ax, ORDER.say(lang), y=EXPECTED.say(lang))
        ax.invert_yaxis()
    return ax


def rankogram_figure(
    found: HasFirmness, ax: Axes | None = None, lang: Language | None = None
) -> Axes:
    """Draw the chance of each eligible application to lie in each twentieth of all ranks.

    Rows go from the best rank down; the darker, the likelier. See `chance_figure` for the parameters.
    """
    lang = spoken(found, lang)
    table = _eligible(found).sort_values("rank", kind="stable")
    with drawing.style():
        layout = drawing.Layout(6.4, 6.4, left=0.65, right=0.9, top=0.8)
        ax = drawing.place(ax, layout)
        drawing.dress(ax)
        shares = _shares(found.rankogram, words(table, "application_id"))
        drawing.head(ax, _scattered(shares).say(lang), _dark(found).say(lang), indent=0.5)
        if not shares.size:
            drawing.message(ax, safe(NOTHING.say(lang)))
            return ax
        extent = (0, 100, len(table), 1)
        image = ax.imshow(shares, cmap="Greys", norm=PowerNorm(0.5, 0), aspect="auto", extent=extent,
                          interpolation="nearest")  # fmt: skip
        bar = drawing.panel(ax, 1.03, 0.03)
        ax.figure.colorbar(image, cax=bar)
        bar.set_title(safe("%"), fontsize=8.5)
        drawing.name_axes(ax, BAND.say(lang), y=RANK.say(lang))
    return ax


_WAY = Text(
    "重抽評分、依全部規則重新核定時獲補助之比例，取各隨機方式中較不穩者；虛線為 5% 與 95%",
    "How often the whole program funds it with marks drawn anew, by the least firm way; dashed: 5%, 95%",
)
_MODEL = Text(
    "貝氏階層模型（Heyard 等 2022），直線為 95% 可信區間",
    "Bayesian hierarchical model (Heyard et al. 2022); lines: 95% credible intervals",
)
_DARK = Text(
    "每列一件申請；愈深機率愈高（深淺依平方根）",
    "a row an application; the darker, the likelier (square root)",
)
_FUNDED = {"funded": Text("獲補助", "funded"), "not": Text("未獲補助", "not funded")}


def _named(kind: tuple[str, bool], enough: bool) -> Text:
    name, funded = kind
    return _TOO_FEW[funded] if name == "firm" and not enough else _NAMES[kind]


def _way(found: HasFirmness) -> Text:
    """Say how chances were found; of too few draws, that they are too few."""
    if found.enough:
        return _WAY
    return Text(
        f"只抽 {found.counted:,} 次，不足以認定任何決定穩定；機率取各隨機方式中較不穩者，虛線為 5% 與 95%",
        f"{how_many(found.counted, 'draw is', 'draws are')} too few to call any decision firm; "
        "the least firm way is shown; dashed: 5%, 95%",
    )


def _eligible(found: HasFirmness) -> pd.DataFrame:
    table = found.frame
    rows = table["rank"].notna().to_numpy() & (words(table, "group") != "")
    return table.iloc[np.flatnonzero(rows)]


def _least_firm(table: pd.DataFrame, ways: Sequence[str]) -> FloatArray:
    """Return the chance by the way in which each is least firm."""
    chances = np.array([_floats(table, way) for way in ways])
    least = np.abs(chances - 50).argmin(axis=0)
    return np.asarray(np.take_along_axis(chances, least[None, :], axis=0)[0], dtype=np.float64)


def _kinds(table: pd.DataFrame) -> dict[tuple[str, bool], npt.NDArray[np.bool_]]:
    chance, funded = words(table, "group") == "chance", words(table, "status") == "funded"
    return {(name, is_): (chance == (name == "chance")) & (funded == is_) for name, is_ in _NAMES}


def _finding(table: pd.DataFrame) -> Text:
    kinds = _kinds(table)
    funded, others = (int(kinds["chance", is_].sum()) for is_ in (True, False))
    all_funded = funded + int(kinds["firm", True].sum())
    return Text(
        f"獲補助 {all_funded:,} 件中 {funded:,} 件、未獲補助者中 {others:,} 件受評分誤差左右",
        f"{funded:,} of {all_funded:,} funded, and {others:,} others, hang on the noise of the marks",
    )


def _spread(table: pd.DataFrame) -> Text:
    if table.empty:
        return Text("預期名次", "Expected ranks")
    wide = _floats(table, "expected_rank_high") - _floats(table, "expected_rank_low")
    middle = round(float(np.median(wide)))
    return Text(
        f"半數申請之名次誤差範圍達 {middle:,} 名以上",
        f"For half of the applications the rank is uncertain by {middle:,} places or more",
    )


def _dark(found: HasFirmness) -> Text:
    """Say how marks were drawn and what is dark; of too few draws, that they are too few."""
    drawn = WAYS.get(_of_ranks(found.rankogram), EMPTY)
    if not drawn:
        return _DARK
    if found.enough:
        return Text(f"{drawn.zh}；{_DARK.zh}", f"{drawn.en}; {_DARK.en}")
    few = how_many(found.counted, "draw is", "draws are")
    return Text(
        f"{drawn.zh}；只抽 {found.counted:,} 次，不足以認定名次範圍；愈深機率愈高",
        f"{drawn.en}; {few} too few to know how far ranks spread",
    )


def _scattered(shares: FloatArray) -> Text:
    """Say over how much of all ranks 95% of the draws spread for the middle application."""
    if not shares.size:
        return Text("名次落在何處", "Where ranks lie")
    share = 100 * int(np.median(_spans(shares))) // shares.shape[1]
    return Text(
        f"半數申請之 95% 名次範圍，涵蓋全部名次的 {share}% 以上",
        f"Half of the 95% rank intervals span {share}% of all places or more",
    )


def _spans(shares: FloatArray) -> FloatArray:
    """Return how many bands hold the middle 95% of each row, which more draws do not widen."""
    upto = np.cumsum(shares, axis=1) / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    below, within = (np.count_nonzero(upto <= end, axis=1) for end in (0.025, 0.975 - 1e-9))
    return np.asarray(within - below + 1, dtype=np.float64)


def _of_ranks(rankogram: pd.DataFrame) -> str:
    """Return the way that is drawn: the noise of marks where there is that; nothing of no draws."""
    ways = list(dict.fromkeys(words(rankogram, "way")))
    return "noise" if "noise" in ways else next(iter(ways), "")


def _shares(rankogram: pd.DataFrame, ids: npt.NDArray[Any]) -> FloatArray:
    """Return the chances of (rows, bands), by the way that is drawn."""
    if rankogram.empty:
        return np.zeros((0, 0))
    part = rankogram[words(rankogram, "way") == _of_ranks(rankogram)]
    bands = part.pivot_table(index="application_id", columns="band", values="chance", observed=True)
    shares: FloatArray = bands.reindex(ids).fillna(0).to_numpy(dtype=np.float64)
    return shares[:: max(1, -(-len(shares) // _MOST))] if len(shares) > _MOST * 4 else shares


def _floats(table: pd.DataFrame, column: str) -> FloatArray:
    return np.asarray(table[column], dtype=np.float64)


FIGURES = {
    "chance": chance_figure,
    "expected_rank": expected_rank_figure,
    "rankogram": rankogram_figure,
}
