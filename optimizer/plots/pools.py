"""Figure: what every pool would bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from optimizer.language.text import Language, Text, money
from optimizer.language.words import how_many
from optimizer.plots import drawing
from optimizer.plots.lettering import safe
from optimizer.plots.source import numbers, spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOBODY = Text("沒有已知的名單", "No list is known")
POOL = Text("經費總額（元）", "Pool (NT$)")
FUNDED = Text("獲補助（件）", "Funded (count)")
LEAVING = Text("未獲補助（件）", "Out (count)")
_DENSE = 250  # strokes from which they would run together


class HasPool(Protocol):
    """The round as it is."""

    @property
    def pool(self) -> int:
        """NT$."""


class HasPools(Protocol):
    """The part of a pool curve that the figure reads."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row a pool."""

    @property
    def base(self) -> HasPool:
        """The round as it is."""


def layout(curve: HasPools, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants."""
    return drawing.Layout(8.2, 4.9, left=0.95, right=0.35, top=0.85, bottom=0.55)


def pools_figure(curve: HasPools, ax: Axes | None = None, lang: Language | None = None) -> Axes:
    """Draw, for every pool, how many are funded, and how many are out with a unit of money more.

    Parameters
    ----------
    curve
        What `pool_curve` returned.
    ax
        Where to draw; a new figure otherwise.
    lang
        ``zh-TW`` or ``en``; the result's own, unless given.

    Returns
    -------
    Axes
        The axes drawn on, with the two panels as its `child_axes`; nothing is saved.
    """
    lang = spoken(curve, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(curve, lang))
        table = curve.frame
        known = table[table["funded"].notna()]
        drawing.head(ax, _title(known).say(lang), _subtitle(known).say(lang))
        if known.empty:
            drawing.message(ax, safe(NOBODY.say(lang)))
            return ax
        ax.set_axis_off()
        lower, upper = (drawing.panel(ax, 0, 1, bottom, height=0.44) for bottom in (0, 0.54))
        _steps(upper, known, numbers(known, "funded"), FUNDED.say(lang))
        _leaving(lower, known, lang)
        for part in (lower, upper):
            part.axvline(curve.base.pool, color=drawing.INK, linewidth=0.9, linestyle=(0, (4, 3)))
        upper.set_xticklabels([])
        drawing.name_axes(lower, POOL.say(lang))
    return ax


def _leaving(ax: Axes, known: pd.DataFrame, lang: Language) -> None:
    pools, out = numbers(known, "pool"), numbers(known, "leaving")
    at, many = out > 0, int((out > 0).sum()) > _DENSE
    if many:  # strokes would run together
        ax.plot(pools[at], out[at], ".", color=drawing.VERMILLION, markersize=2, rasterized=True)
    else:
        ax.vlines(pools[at], 0, out[at], color=drawing.VERMILLION, linewidth=0.7)
    _axis(ax, pools, LEAVING.say(lang))
    ax.set_ylim(0, max(1, int(out.max())) * 1.05)


def _steps(ax: Axes, known: pd.DataFrame, values: Any, label: str) -> None:
    pools = numbers(known, "pool")
    ax.step(pools, values, where="post", color=drawing.BLUE, linewidth=1.1)
    _axis(ax, pools, label)


def _axis(ax: Axes, pools: Any, label: str) -> None:
    drawing.name_axes(ax, y=label, size=8.5)
    room = 0.015 * max(pools[-1] - pools[0], 1)  # for what happens at the first and the last pool
    ax.set_xlim(pools[0] - room, pools[-1] + room)
    drawing.count_axis(ax.xaxis)
    drawing.count_axis(ax.yaxis)


def _title(known: pd.DataFrame) -> Text:
    """Say what the first and the last pool bring."""
    if known.empty:
        return NOBODY
    (first, last), funded = numbers(known, "pool")[[0, -1]], numbers(known, "funded")
    return Text(
        f"經費由 {money(int(first))} 元增至 {money(int(last))} 元，獲補助由 {funded[0]:,} 件變為 {funded[-1]:,} 件",
        f"From NT${money(int(first))} to NT${money(int(last))}: {funded[0]:,} to {funded[-1]:,} funded",
    )


def _subtitle(known: pd.DataFrame) -> Text:
    out = int((numbers(known, "leaving") > 0).sum()) if len(known) else 0
    return Text(
        f"{len(known):,} 個經費總額各為最佳名單；下圖為比前一個總額反而未獲補助之件數（{out:,} 處）；虛線為現行經費",
        f"Best list at each of {how_many(len(known), 'pool')}; below: out since the pool before ({out:,} times); "
        "dashed: as it is",
    )
