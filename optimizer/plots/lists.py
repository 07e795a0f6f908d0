"""Figure: who is funded under each scenario, by rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from optimizer.facts.measures import MEASURES, UNITS
from optimizer.language.text import Language, Text
from optimizer.plots import bars, drawing
from optimizer.plots.lettering import fit, safe, width, wrapped
from optimizer.plots.ranking import Ranking, ranking
from optimizer.plots.source import NO_LIST, Drawable, measured, say_measure, spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = Text("各情境下誰獲補助", "Who is funded under each scenario")
RANK = Text(
    "各情境符合資格者依審查分數由高至低之次序（同分依編號）",
    "Place by merit among the eligible of each scenario (ties: by number)",
)
NOBODY = Text("沒有可畫的名單", "No list to draw")
SUBTITLE = Text(
    "每一短線一件申請：向上為獲補助，向下為高於線而未獲補助；虛線為只看分數時經費所及",
    "One stroke an application: up = funded, down = passed over; dashed: as far as the pool reaches by merit alone",
)
KINDS = {
    "kept": (Text("高於線，獲補助", "above the line, funded"), drawing.BLUE),
    "lifted": (Text("低於線，獲補助", "below the line, funded"), drawing.GREEN),
    "passed": (Text("高於線，未獲補助", "above the line, not funded"), drawing.VERMILLION),
}
COLUMNS = ("funded", "mean_merit", "passed_over", "lost_to_sister")  # of the measures
_MOST_ROWS = 24
_LABEL_INCHES = 2.6
_COLUMN_INCHES = 1.0


class HasList(Protocol):
    """A scenario as the figure reads it."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def status(self) -> str:
        """``optimal``, ``feasible``, ``infeasible`` or ``limit``."""

    @property
    def allocation(self) -> Drawable | None:
        """Its result, if there is one."""


class HasLists(Protocol):
    """The part of a comparison that the figure reads."""

    @property
    def outcomes(self) -> Sequence[HasList]:
        """One a scenario."""

    @property
    def totals(self) -> pd.DataFrame:
        """One row a scenario, in the same order."""


def layout(comparison: HasLists, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants."""
    names = [width(outcome.name, 8.5) for outcome in comparison.outcomes]
    left = 0.35 + min(max(names, default=0.5), _LABEL_INCHES)
    right = 0.35 + _COLUMN_INCHES * len(COLUMNS)
    height = 1.55 + 0.62 * max(1, min(len(names), _MOST_ROWS))
    return drawing.Layout(left + 5.6 + right, height, left=left, right=right, top=1.0, bottom=0.5)


def lists_figure(
    comparison: HasLists, ax: Axes | None = None, lang: Language | None = None
) -> Axes:
    """Draw every eligible application of each scenario by rank: who is funded, who passed over.

    Of more than 24 scenarios, the first 24 are shown.

    Parameters
    ----------
    comparison
        With `outcomes` and `totals`.
    ax
        Where to draw; a new figure otherwise.
    lang
        ``zh-TW`` or ``en``; the result's own, unless given.

    Returns
    -------
    Axes
        The axes drawn on; nothing is saved.
    """
    lang = spoken(comparison, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(comparison, lang))
        drawing.dress(ax)
        outcomes = list(comparison.outcomes)[:_MOST_ROWS]
        labels = [fit(outcome.name, _LABEL_INCHES, 8.5) for outcome in outcomes]
        indent = 0.15 + max((width(label, 8.5) for label in labels), default=0)
        drawing.head(ax, TITLE.say(lang), SUBTITLE.say(lang), indent, above=26)
        if all(outcome.allocation is None for outcome in outcomes):
            drawing.message(ax, safe(NOBODY.say(lang)))
            return ax
        longest = max(_row(ax, y, outcome, lang) for y, outcome in enumerate(outcomes))
        _axes(ax, longest, labels, lang)
        _figures(ax, comparison.totals.head(_MOST_ROWS), lang)
        looks = [
            (text.say(lang), {"facecolor": color, "edgecolor": color})
            for text, color in KINDS.values()
        ]
        drawing.legend_above(ax, looks)
    return ax


def _row(ax: Axes, y: int, outcome: HasList, lang: Language) -> int:
    """Draw one list, and return how many applications it ranks."""
    if outcome.allocation is None:
        ax.text(
            1,
            y,
            safe(NO_LIST[outcome.status].say(lang)),
            va="center",
            fontsize=8,
            color=drawing.GREY,
        )
        return 1
    ranks = ranking(outcome.allocation)
    ax.axhline(y, color=drawing.PALE, linewidth=0.8, zorder=0)
    kinds = {
        "kept": ranks.above & ranks.funded,
        "lifted": ~ranks.above & ranks.funded,
        "passed": ranks.above & ~ranks.funded,
    }
    for name, chosen in kinds.items():
        _strokes(
            ax,
            ranks,
            chosen,
            ends=(y, y + (0.36 if name == "passed" else -0.36)),
            color=KINDS[name][1],
        )
    at = ranks.line + 0.5
    ax.plot([at, at], [y - 0.45, y + 0.45], color=drawing.INK, linewidth=1, linestyle=(0, (3, 2)))
    return ranks.size


def _strokes(ax: Axes, ranks: Ranking, chosen: Any, ends: tuple[float, float], color: str) -> None:
    across = drawing.inches(ax)[0] * 72 / max(ranks.size, 1)
    ax.vlines(
        np.flatnonzero(chosen) + 1, *ends, color=color, linewidth=min(max(0.75 * across, 0.3), 3),
        rasterized=ranks.many,
    )  # fmt: skip


def _axes(ax: Axes, longest: int, labels: list[str], lang: Language) -> None:
    ax.set_ylim(len(labels) - 0.45, -0.6)
    bars.row_labels(ax, range(len(labels)), labels)
    ax.spines["left"].set_visible(False)
    ax.set_xlim(0, longest + 1)
    drawing.name_axes(ax, RANK.say(lang))
    drawing.count_axis(ax.xaxis, 9)


def _figures(ax: Axes, totals: pd.DataFrame, lang: Language) -> None:
    """Write measures right of each list."""
    across = max(drawing.inches(ax)[0], 0.1)
    column = min(_COLUMN_INCHES, (drawing.right_of(ax) - 0.1) / len(COLUMNS))
    size = 8 * min(1, column / _COLUMN_INCHES)
    for number, name in enumerate(COLUMNS, start=1):
        x = 1 + (0.05 + column * number) / across
        head, unit = MEASURES[name].say(lang), Text("（{}）", "({})").say(lang)
        title = wrapped(head, column - 0.1, size) + "\n" + unit.format(UNITS[name].say(lang))
        ax.annotate(title, (x, 1), xycoords="axes fraction", xytext=(0, 3),
                    textcoords="offset points", ha="right", va="bottom", fontsize=size,
                    color=drawing.GREY, annotation_clip=False)  # fmt: skip
        for y, value in enumerate(measured(totals, name)):
            ax.text(x, y, safe(say_measure(value)), transform=ax.get_yaxis_transform(), ha="right",
                    va="center", fontsize=1.06 * size, clip_on=False)  # fmt: skip
