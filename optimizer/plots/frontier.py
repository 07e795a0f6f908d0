"""Figure: what more of one priority costs another."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from optimizer.clauses import Priority
from optimizer.language.text import EMPTY, Language, Text
from optimizer.language.words import figure, how_many
from optimizer.plots import drawing
from optimizer.plots.lettering import cut, safe, width
from optimizer.plots.source import spoken, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOBODY = Text("時限內未求得任何一點", "No point within the limit")
POLICY = Text("現行計畫", "the policy as it is")
POINT = Text(
    "前緣上的名單（一項再高，他項必減）", "on the frontier: more of one is less of another"
)
POINT_SHORT = Text("前緣上的名單", "on the frontier")
_COMMAS = str.maketrans({"（": "，", "）": ""})
_LARGE = 10_000  # from which on a title says whole numbers
_INDENT = 0.8  # inches that the title starts left of the axes
_TITLE_LINES = 1.7  # of a line, that a title of two can hold
_NARROW = 4.0  # inches in which one line would hold no names
_WIDE, _HIGH = 0.35, 0.16  # inches that a label takes
_MARK: dict[str, Any] = {"markeredgecolor": drawing.BLUE, "markerfacecolor": drawing.BLUE}
_NOW: dict[str, Any] = {"markeredgecolor": drawing.VERMILLION, "markerfacecolor": "none"}


class HasFrontier(Protocol):
    """The part of a frontier that the figure reads."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row a point."""

    @property
    def priorities(self) -> Sequence[Priority]:
        """Two or three priorities."""

    @property
    def complete(self) -> bool:
        """Whether these are all points there are."""


def layout(frontier: HasFrontier, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants."""
    return drawing.Layout(8.2, 4.9, left=1.05, right=0.35, top=1.0, bottom=0.7)


def frontier_figure(
    frontier: HasFrontier, ax: Axes | None = None, lang: Language | None = None
) -> Axes:
    """Draw the points of a frontier: the first priority across, the second up, the third in figures.

    Parameters
    ----------
    frontier
        What `optimizer.frontier` returned.
    ax
        Where to draw; a new figure otherwise.
    lang
        ``zh-TW`` or ``en``; the result's own, unless given.

    Returns
    -------
    Axes
        The axes drawn on; nothing is saved.
    """
    lang = spoken(frontier, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(frontier, lang))
        drawing.dress(ax)
        table = frontier.frame
        points = table[table["on_frontier"]]
        room = drawing.inches(ax)[0] + _INDENT
        room *= _TITLE_LINES if room < _NARROW else 1
        said = _title(frontier, points, room).say(lang)
        drawing.head(ax, said, _subtitle(frontier, points).say(lang), _INDENT, above=16)
        if points.empty:
            drawing.message(ax, safe(NOBODY.say(lang)))
            return ax
        _draw(ax, frontier, points, table[table["is_policy"]], lang=lang)
    return ax


def _values(table: pd.DataFrame, priority: Priority) -> list[Fraction]:
    return [Fraction(text) for text in words(table, f"priority_exact.{priority.label}")]


def _title(frontier: HasFrontier, points: pd.DataFrame, room: float) -> Text:
    """Say how far two priorities go against each other."""
    if points.empty:
        return NOBODY
    if len(points) == 1:
        return Text(
            "各項可同時達到最佳，互不犧牲", "All are best at once: none costs another anything"
        )
    if len(frontier.priorities) > 2:
        return _ranges(frontier.priorities, points, room)
    (one, x), (other, y) = ((p, _values(points, p)) for p in frontier.priorities)
    names = [one.title, other.title]
    if one.title == other.title:  # of one kind: only all of their names tells them apart
        names = [one.spoken, other.spoken]
    ends = [figure(value) for value in (x[-1], x[0], y[-1], y[0])]
    zh = f"「{{}}」由 {ends[0]} 至 {ends[1]}，「{{}}」則由 {ends[2]} 至 {ends[3]}"
    en = f"“{{}}” from {ends[0]} to {ends[1]}: “{{}}” from {ends[2]} to {ends[3]}"
    return Text(
        zh.format(*_fitted([name.zh for name in names], room - width(zh, 12))),
        en.format(*_fitted([name.en for name in names], room - width(en, 12))),
    )


def _ranges(priorities: Sequence[Priority], points: pd.DataFrame, room: float) -> Text:
    """Say from where to where each of three goes: no two points are the ends of all of them."""
    values = [_values(points, priority) for priority in priorities]
    ends = ["–".join(map(_in_short, (min(of_it), max(of_it)))) for of_it in values]
    zh, en = "，".join(f"「{{}}」{end}" for end in ends), ", ".join(f"“{{}}” {end}" for end in ends)
    titles = [priority.title for priority in priorities]
    said = titles if len(set(titles)) == len(titles) else [p.spoken for p in priorities]
    return Text(
        zh.format(*_fitted([name.zh for name in said], room - width(zh, 12))),
        en.format(*_fitted([name.en for name in said], room - width(en, 12))),
    )


def _in_short(value: Fraction) -> str:
    return figure(value if abs(value) < _LARGE else Fraction(round(value)))


def _fitted(names: Sequence[str], room: float) -> list[str]:
    """Cut names so that they fit side by side, short ones leaving their room to the others."""
    found, left = dict[int, str](), room
    for place in sorted(range(len(names)), key=lambda n: width(names[n], 12)):
        found[place] = cut(names[place], left / (len(names) - len(found)), 12)
        left -= width(found[place], 12)
    return [found[place] for place in range(len(names))]


def said_inside(frontier: HasFrontier) -> Text:
    """Say why the policy as it is may lie inside a frontier; nothing if it lies on it."""
    table, chosen = frontier.frame, len(frontier.priorities)
    inside = (table["is_policy"] & ~table["on_frontier"]).any()
    every = sum(str(name).startswith("priority_exact.") for name in table)
    return _INSIDE if inside and every > chosen else EMPTY


_INSIDE = Text(
    "他項優先順序在此一律居後，故現行計畫可能落在前緣之內",
    "other priorities come after these here, so the policy as it is may lie inside",
)


def _subtitle(frontier: HasFrontier, points: pd.DataFrame) -> Text:
    all_ = (
        Text("已全部列出", "all there are")
        if frontier.complete
        else Text("另有他點", "there are more")
    )
    inside = said_inside(frontier)
    why = Text(f"；{inside.zh}", f"; {inside.en}") if inside else EMPTY
    return Text(
        f"{len(points)} 點（{all_.zh}）{why.zh}",
        f"{how_many(len(points), 'point')} ({all_.en}){why.en}",
    )


def _key(third: Sequence[Priority]) -> Text:
    """Say what a point is, and of three priorities what its figure is."""
    if not third:
        return POINT
    named = _with_unit(third[0])
    return Text(f"{POINT_SHORT.zh}，旁註{named.zh}", f"{POINT_SHORT.en}; beside it: {named.en}")


def _draw(
    ax: Axes, frontier: HasFrontier, points: pd.DataFrame, now: pd.DataFrame, lang: Language
) -> None:
    one, other, *third = frontier.priorities
    x, y = ([float(v) for v in _values(points, p)] for p in (one, other))
    line = (0, (4, 3)) if not third else "none"
    ax.plot(x, y, marker="o", markersize=6, linestyle=line, linewidth=0.8, color=drawing.GREY, **_MARK,
            label=safe(_key(third).say(lang)))  # fmt: skip
    here = [[float(v) for v in _values(now, p)] for p in (one, other)]
    ax.plot(*here, marker="s", markersize=12, linestyle="none", markeredgewidth=1.4, **_NOW,
            label=POLICY.say(lang))  # fmt: skip
    for axis, priority in ((ax.xaxis, one), (ax.yaxis, other)):
        said = _with_unit(priority).say(lang)
        room = drawing.inches(ax)[priority is other]
        drawing.name_axis(axis, said, room)
        drawing.count_axis(axis)
    ax.margins(0.08, 0.1)
    for priority in third:
        _label(ax, x, y, [figure(value) for value in _values(points, priority)])
    drawing.legend_of_points(ax)


def _with_unit(priority: Priority) -> Text:
    """Name a priority with its unit in brackets, which stand in no others."""
    title, unit = _flat(priority.spoken), _flat(priority.unit())
    return Text(f"{title.zh}（{unit.zh}）", f"{title.en} ({unit.en})")


def _flat(said: Text) -> Text:
    """Put commas in place of brackets."""
    return Text(said.zh.translate(_COMMAS), said.en.replace(" (", ", ").replace(")", ""))


def _label(ax: Axes, x: Sequence[float], y: Sequence[float], labels: Sequence[str]) -> None:
    """Write beside points, those left out that would hide another."""
    across, up = drawing.inches(ax)
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    taken: list[tuple[float, float]] = []
    for at_x, at_y, label in zip(x, y, labels, strict=True):
        place = (at_x - left) / (right - left) * across, (at_y - low) / (high - low) * up
        if all(abs(place[0] - a) > _WIDE or abs(place[1] - b) > _HIGH for a, b in taken):
            taken.append(place)
            ax.annotate(label, (at_x, at_y), (5, 4), textcoords="offset points", fontsize=7.5)
