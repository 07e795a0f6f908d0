"""Figure: where the pool went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.language.text import Language, Text, money
from optimizer.plots import bars, drawing
from optimizer.plots.lettering import fit, largest, safe, width
from optimizer.plots.source import Drawable, caption, numbers, share, spoken, words
from optimizer.tables.case_words import term
from optimizer.tables.schema import TYPES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = Text("經費流向", "Where the pool went")
AXIS = Text("金額（元）", "Amount (NT$)")
POOL = Text("經費總額", "Pool")
CONTINGENCY = Text("預備金", "Contingency")
GONE = Text("已撥付而未收回", "Paid, not given back")
UNSPENT = Text("餘額", "Left")
_OTHERS = Text("其他學制", "Other levels")
_MOST_LEVELS = 6
_LABEL_INCHES = 1.9
_SIZES = (8.5, 8, 7, 6, 5)
Look = Mapping[str, Any]
_FILLS: tuple[Look, ...] = (  # of types: neighbours differ in grey, too
    {"facecolor": drawing.BLUE, "edgecolor": drawing.BLUE},
    {"facecolor": "white", "edgecolor": drawing.BLUE, "hatch": "//////"},
    {"facecolor": drawing.SKY, "edgecolor": drawing.BLUE},
    {"facecolor": "white", "edgecolor": drawing.BLUE, "hatch": "------"},
    {"facecolor": drawing.PALE, "edgecolor": drawing.BLUE},
    {"facecolor": "white", "edgecolor": drawing.BLUE, "hatch": "xxxx"},
)
_HELD: Look = {"facecolor": "white", "edgecolor": drawing.ORANGE, "hatch": "xxxx"}
_PAID: Look = {"facecolor": "white", "edgecolor": drawing.ORANGE, "hatch": "----"}
_LEFT: Look = {"facecolor": "white", "edgecolor": drawing.GREY}


@dataclass(frozen=True)
class WaterfallStep:
    """One step of the way down from the whole pool: what, how much of each look, and a note."""

    label: str
    parts: Sequence[tuple[Look, int]]
    note: str = ""

    @property
    def amount(self) -> int:
        """NT$."""
        return sum(amount for _, amount in self.parts)


def steps(allocation: Drawable, lang: Language) -> list[WaterfallStep]:
    """Return the parts of the pool: awards by level and type, contingency, paid to others, unspent."""
    found = _levels(allocation, lang)
    contingency = min(allocation.contingency, allocation.pool)
    if contingency:
        found.append(WaterfallStep(CONTINGENCY.say(lang), [(_HELD, contingency)]))
    if allocation.gone:
        found.append(WaterfallStep(GONE.say(lang), [(_PAID, allocation.gone)]))
    unspent = allocation.pool - allocation.spent - contingency - allocation.gone
    return [*found, WaterfallStep(UNSPENT.say(lang), [(_LEFT, unspent)])]


@dataclass(frozen=True)
class FundedPart:
    """What a funded application gets, and by what it is told apart here."""

    level: str
    type: str
    amount: int


def _awarded(allocation: Drawable) -> list[FundedPart]:
    """Return the awards of those that are funded."""
    awards = allocation.awards
    level, amount, kind = words(awards, "level"), numbers(awards, "award"), allocation.types
    funded = np.flatnonzero(words(awards, "status") == "funded").tolist()
    return [FundedPart(level[n], str(kind[n]), int(amount[n])) for n in funded]


def _totals(awards: Iterable[FundedPart], by: Callable[[FundedPart], str]) -> dict[str, int]:
    """Return NT$ by level or type, in the order of their names."""
    found = Counter[str]()
    for award in awards:
        found[by(award)] += award.amount
    return dict(sorted(found.items()))


def _looks(awards: Sequence[FundedPart]) -> dict[str, Look]:
    """Return how each type looks that has money, in the order of the form, others by name."""
    known = {value.key: place for place, value in enumerate(TYPES)}
    types = {award.type for award in awards}
    names = sorted(types, key=lambda name: (known.get(name, len(known)), name))
    return {name: _FILLS[place % len(_FILLS)] for place, name in enumerate(names)}


def _levels(allocation: Drawable, lang: Language) -> list[WaterfallStep]:
    awards = _awarded(allocation)
    looks, totals = _looks(awards), _totals(awards, attrgetter("level"))
    names = sorted(totals, key=lambda name: -totals[name])
    several = [[name] for name in names]
    if len(names) > _MOST_LEVELS:
        several = [*several[: _MOST_LEVELS - 1], names[_MOST_LEVELS - 1 :]]
    return [
        _level([award for award in awards if award.level in some], some, looks, lang)
        for some in several
    ]


def _level(
    awards: Sequence[FundedPart], levels: Sequence[str], looks: Mapping[str, Look], lang: Language
) -> WaterfallStep:
    by = _totals(awards, attrgetter("type"))
    label = _spoken(levels[0], lang) if len(levels) == 1 else _OTHERS.say(lang)
    count = Text(f"{len(awards):,} 件", f"{len(awards):,} funded").say(lang)
    return WaterfallStep(label, [(looks[n], by[n]) for n in looks if n in by], count)


def _spoken(level: str, lang: Language) -> str:
    said = term(level).say(lang) or ("（未填學制）" if lang == "zh-TW" else "(no level)")
    return said[:1].upper() + said[1:]


def _key(allocation: Drawable, lang: Language) -> list[tuple[str, dict[str, Any]]]:
    """Explain the looks: each type, with its share of what was awarded."""
    awards = _awarded(allocation)
    by = _totals(awards, attrgetter("type"))
    blank = Text("（未填類型）", "(no type)")
    named = {name: (term(name) if name else blank).say(lang) for name in by}
    return [
        (f"{named[name]} {share(by[name], allocation.spent)}", dict(look))
        for name, look in _looks(awards).items()
    ]


def layout(allocation: Drawable, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants."""
    parts = steps(allocation, lang)
    left = 0.25 + min(max(width(s.label, 9.5) for s in parts), _LABEL_INCHES)
    return drawing.Layout(
        8.2, 1.65 + 0.42 * (len(parts) + 1), left=max(left, 1.0), right=0.35, top=0.95
    )


def pool_figure(allocation: Drawable, ax: Axes | None = None, lang: Language | None = None) -> Axes:
    """Draw the pool as one bar of all its parts, and below it each part by itself.

    Awards stand by level, in each by type; what the types have of the awards is said above.

    See `scores_figure` for the parameters.
    """
    lang = spoken(allocation, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(allocation, lang))
        drawing.dress(ax)
        parts = steps(allocation, lang)
        labels = [POOL.say(lang), *(part.label for part in parts)]
        indent = 0.15 + min(max(width(label, 8.5) for label in labels), _LABEL_INCHES)
        drawing.head(
            ax, TITLE.say(lang), caption(allocation, _subtitle(allocation), lang), indent, above=16
        )
        ax.set_xlim(0, max(1, allocation.pool) * 1.01)
        ax.set_ylim(len(labels) - 0.4, -0.6)
        _bars(ax, allocation, parts, lang)
        names = [fit(label, _LABEL_INCHES, 8.5) for label in labels]
        bars.row_labels(ax, range(len(names)), names)
        drawing.legend_above(ax, _key(allocation, lang))
        drawing.count_axis(ax.xaxis)
        drawing.name_axes(ax, AXIS.say(lang))
    return ax


def _subtitle(allocation: Drawable) -> Text:
    spent, available = allocation.spent, allocation.available
    if available == 0:
        return Text("沒有可用經費", "No money was available")
    part = share(spent, available)
    return Text(
        f"核定 {money(spent)} 元，為可用經費的 {part}",
        f"NT$ {money(spent)} awarded, {part} of what is available",
    )


def _bars(ax: Axes, allocation: Drawable, parts: list[WaterfallStep], lang: Language) -> None:
    pool, start = allocation.pool, 0
    whole = Text(f"{money(pool)} 元", f"NT$ {money(pool)}")
    _label(ax, 0, pool, row=0, text=whole.say(lang))
    for row, step in enumerate(parts, start=1):
        end = start
        for look, amount in step.parts:
            bars.draw(ax, [0, row], [amount, amount], height=0.62, look=look, start=end)
            end += amount
        _label(ax, start, step.amount, row=row, text=_amount(step, pool, lang))
        start = end
        if row < len(parts):
            ax.plot([start, start], [0.31, row + 1], color=drawing.INK, linewidth=0.6, zorder=0)


def _amount(part: WaterfallStep, pool: int, lang: Language) -> str:
    percent = share(part.amount, pool)
    text = Text(
        f"{money(part.amount)} 元（{'，'.join(filter(None, (percent, part.note)))}）",
        f"NT$ {money(part.amount)} ({', '.join(filter(None, (percent, part.note)))})",
    )
    return text.say(lang)


def _label(ax: Axes, start: int, amount: int, row: int, text: str) -> None:
    """Write beside a bar where there is room, else on it."""
    across, end = max(drawing.inches(ax)[0], 0.1), ax.get_xlim()[1]
    size = min(largest(text, across - 0.2, _SIZES), bars.row_size(ax))
    room = (width(text, size) + 0.15) * end / across
    x: float
    if start + amount + room <= end:
        x, shift, side = start + amount, 5, "left"
    elif room <= start:
        x, shift, side = start, -5, "right"
    else:
        x, shift, side = min(start, max(end - room, 0)), 5, "left"
    ax.annotate(
        safe(text), (x, row), xytext=(shift, 0), textcoords="offset points", ha=side, va="center",
        fontsize=size, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2},
    )  # fmt: skip
