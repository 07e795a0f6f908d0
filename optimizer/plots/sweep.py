"""Figure: a sweep as small multiples, a panel for each measure, a line for each setting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from optimizer.facts.measures import MEASURES, UNITS
from optimizer.language.policy_words import CHOICES
from optimizer.language.text import Language, Text, sentences
from optimizer.plots import drawing
from optimizer.plots.finding import of_the_same_money, title
from optimizer.plots.lettering import cut, fit, largest, safe
from optimizer.plots.pools import POOL
from optimizer.plots.source import measured, spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLORS = (
    drawing.BLUE,
    drawing.VERMILLION,
    drawing.GREEN,
    drawing.ORANGE,
    drawing.PURPLE,
    drawing.SKY,
)
_DASHES: tuple[Any, ...] = ("-", (0, (4, 2)), (0, (1, 1.5)))
_MOST_AT = 200  # values of the key that runs from left to right
_ACROSS = 3  # panels
_LABEL_INCHES = 3.8
_GAP_INCHES, _HEAD_INCHES = 0.4, 0.26
_ROOMY = 2.2  # inches of a panel from which there is room for three amounts of money
_MONEY = {
    "pool.amount": POOL,
    "pool.contingency": Text("預備金（元）", "contingency (NT$)"),
    "pool.unit": Text("核給單位（元）", "unit of awards (NT$)"),
}


class HasFrame(Protocol):
    """The part of a sweep that the figure reads."""

    @property
    def axes(self) -> Mapping[str, Sequence[Any]]:
        """The keys, and their values."""

    @property
    def names(self) -> Mapping[str, Text]:
        """What each key is called."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row a scenario, the last key changing fastest."""


@dataclass(frozen=True)
class _Drawn:
    """What of a sweep is drawn."""

    along: str  # the key that runs from left to right
    others: tuple[str, ...]  # colour, then dash
    said: Mapping[str, list[str]]  # the values of each key that are drawn, as the table has them
    rows: pd.DataFrame  # the scenarios that are drawn
    hidden: int
    names: Mapping[str, Text]

    def setting(self, key: str, value: object, lang: Language) -> str:
        """Say one value of a key: the name of the key, then the value."""
        name, word = self.names[key].say(lang), CHOICES.get(str(value))
        if word is None:
            return f"{name} {_figure(value)}"
        return Text(f"{name}：{word.zh}", f"{name}: {word.en}").say(lang)

    def places(self) -> list[float]:
        """Return where the values of the key stand: at themselves if they are numbers."""
        values = self.said[self.along]
        try:
            return [float(Fraction(value)) for value in values]
        except ValueError:
            return list(map(float, range(len(values))))

    def lines(self) -> Iterator[tuple[pd.DataFrame, dict[str, Any]]]:
        """Yield the scenarios of each line, and how it looks."""
        texts = {key: self.rows[key].map(str) for key in self.others}
        for which in product(*(range(len(self.said[key])) for key in self.others)):
            alike = np.ones(len(self.rows), dtype=bool)
            for key, number in zip(self.others, which, strict=True):
                alike &= (texts[key] == self.said[key][number]).to_numpy()
            color, dash = (*which, 0, 0)[:2]
            yield self.rows[alike], {"color": _COLORS[color], "linestyle": _DASHES[dash]}


def layout(sweep: HasFrame, lang: Language = "zh-TW") -> drawing.Layout:
    """Return the size that this figure wants."""
    drawn = _drawn(sweep)
    top = 0.65 + _legend_inches(drawn)
    return drawing.Layout(10.8, top + 5.6, left=0.55, right=0.15, top=top, bottom=0.5)


def _legend_inches(drawn: _Drawn) -> float:
    """Return how high the legends stand over the axes; a part of them fits into these."""
    lines = max([1, *(len(drawn.said[key]) for key in drawn.others)])
    return 0.2 * (lines - 1) if lines > 1 else 0.0


def sweep_figure(sweep: HasFrame, ax: Axes | None = None, lang: Language | None = None) -> Axes:
    """Draw the nine measures over the values of one key, a line for each setting of the others.

    From left to right runs the key of most values that are numbers; the next key has a colour for
    each of its values (6 at most), the one after it a dash (3 at most); of any other key only the first value is
    drawn. A cross on the ground: no list there.

    Parameters
    ----------
    sweep
        With `axes` and `frame`.
    ax
        Where to draw; a new figure otherwise.
    lang
        ``zh-TW`` or ``en``; the result's own, unless given.

    Returns
    -------
    Axes
        The axes drawn on, with the panels as its `child_axes`, in the order of the measures;
        nothing is saved.
    """
    lang = spoken(sweep, lang)
    with drawing.style():
        ax = drawing.place(ax, layout(sweep, lang))
        drawn = _drawn(sweep)
        named = drawn.rows.assign(scenario=_names(drawn, lang))
        above = 72 * _legend_inches(drawn)
        said = title(named, drawing.inches(ax)[0] + 0.4, lang)
        drawing.head(ax, said, _subtitle(drawn).say(lang), 0.4, above=above)
        ax.set_axis_off()
        for column, key in enumerate(drawn.others):
            _legend(ax, drawn, key, lang, column=column)
        for number, name in enumerate(MEASURES):
            _panel(_place(ax, number), drawn, name, lang, last=number >= len(MEASURES) - _ACROSS)
    return ax


def _drawn(sweep: HasFrame) -> _Drawn:
    """Choose what is drawn."""
    frame, keys = sweep.frame, list(sweep.axes)
    said = {key: list(dict.fromkeys(map(str, frame[key]))) for key in keys}
    numbers = [key for key in keys if pd.api.types.is_numeric_dtype(frame[key])]
    along = max(numbers or keys, key=lambda key: len(said[key]))
    rest = sorted((key for key in keys if key != along), key=lambda key: -len(said[key]))
    others = tuple(rest[:2])
    most = {along: _MOST_AT, **dict(zip(others, (len(_COLORS), len(_DASHES)), strict=False))}
    said = {key: values[: most.get(key, 1)] for key, values in said.items()}
    shown = np.ones(len(frame), dtype=bool)
    for key in keys:
        shown &= frame[key].map(str).isin(said[key]).to_numpy()
    hidden = int((~shown).sum())
    return _Drawn(along, others, said, rows=frame[shown], hidden=hidden, names=sweep.names)


def _names(drawn: _Drawn, lang: Language) -> list[str]:
    """Name each scenario by the keys in which those that the title compares differ."""
    alike = of_the_same_money(drawn.rows)
    compared = drawn.rows.iloc[alike] if len(alike) > 1 else drawn.rows
    keys = [key for key in (drawn.along, *drawn.others) if compared[key].map(str).nunique() > 1]
    columns = [[drawn.setting(key, value, lang) for value in drawn.rows[key]] for key in keys]
    between = Text("、", ", ").say(lang)
    return [between.join(cells) for cells in zip(*columns, strict=True)] or [""] * len(drawn.rows)


def _figure(value: object) -> str:
    """Write a value as it is read: whole numbers by thousands."""
    text = str(value)
    return f"{int(text):,}" if text.removeprefix("-").isdecimal() else text


def _subtitle(drawn: _Drawn) -> Text:
    failed = int(drawn.rows["funded"].isna().sum())
    parts = [
        _axis_name(drawn),
        *([Text("×：沒有名單", "×: no list")] if failed else []),
        *(
            [Text(f"另有 {drawn.hidden:,} 個情境未繪", f"{drawn.hidden:,} more not drawn")]
            if drawn.hidden
            else []
        ),
    ]
    return sentences(parts)


def _axis_name(drawn: _Drawn) -> Text:
    """Say what runs from left to right, an amount of money with its unit."""
    said = _MONEY.get(drawn.along, drawn.names[drawn.along])
    return Text(f"橫軸：{said.zh}", f"from left to right: {said.en}")


def _legend(ax: Axes, drawn: _Drawn, key: str, lang: Language, column: int) -> None:
    """Explain the colours, or the dashes, of one key, a line a value."""
    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D

    if len(drawn.said[key]) < 2:
        return
    color = [_COLORS[n] if column == 0 else drawing.INK for n in range(len(drawn.said[key]))]
    dash: list[Any] = ["-" if column == 0 else _DASHES[n] for n in range(len(drawn.said[key]))]
    labels = [fit(drawn.setting(key, value, lang), _LABEL_INCHES, 8.5) for value in drawn.said[key]]
    handles = [
        Line2D([], [], color=c, linestyle=d, label=label)
        for c, d, label in zip(color, dash, labels, strict=True)
    ]
    size = 8.5 if drawing.inches(ax)[0] > 2 * _LABEL_INCHES else 6
    entry = Legend(
        ax, handles, labels, loc="upper left", borderaxespad=0, labelspacing=0.3,
        bbox_to_anchor=(column / 2, 1 + _legend_inches(drawn) / drawing.inches(ax)[1]),
        bbox_transform=ax.transAxes, prop={"family": drawing.FONTS, "size": size},
    )  # fmt: skip
    ax.add_artist(entry)


def _place(ax: Axes, number: int) -> Axes:
    down = len(MEASURES) // _ACROSS
    row, column = divmod(number, _ACROSS)
    across, up = (max(side, 0.1) for side in drawing.inches(ax))
    gap = min(max(0.06, _GAP_INCHES / across), 0.5 / _ACROSS)  # for the figures of the next
    head = min(max(0.1, _HEAD_INCHES / up), 0.5 / down)
    return drawing.panel(
        ax, column / _ACROSS, 1 / _ACROSS - gap, bottom=1 - (row + 1) / down, height=1 / down - head
    )


def _panel(ax: Axes, drawn: _Drawn, name: str, lang: Language, last: bool) -> None:
    """Draw one measure: a line for each setting, broken where there is no list."""
    places = drawn.places()
    marker = "o" if len(places) <= 40 else ""
    lines = list(drawn.lines())
    for number, (rows, look) in enumerate(lines):
        behind = (len(lines) - 1 - number) / max(
            1, len(lines) - 1
        )  # wider, to be seen where they coincide
        values = [np.nan if v is None else float(v) for v in measured(rows, name)]
        ax.plot(places, values, marker=marker, markersize=2.5 + 2 * behind,
                linewidth=1.1 + 2 * behind, **look)  # fmt: skip
        none = [x for x, v in zip(places, rows["funded"].isna(), strict=True) if v]
        ax.plot(none, [0.02] * len(none), "x", color=drawing.GREY, markersize=4,
                transform=ax.get_xaxis_transform(), clip_on=False)  # fmt: skip
    said, unit = MEASURES[name], UNITS[name]
    head = Text(f"{said.zh}（{unit.zh}）", f"{said.en} ({unit.en})")
    drawing.head_of_panel(ax, head.say(lang))
    drawing.count_axis(ax.yaxis, 4)
    if drawing.inches(ax)[0] < _ROOMY:
        ax.tick_params(axis="y", labelsize=6.5)
    _ticks(ax, drawn, places, last)


def _ticks(ax: Axes, drawn: _Drawn, places: Sequence[float], last: bool) -> None:
    if places == list(range(len(places))) and drawn.said[drawn.along][0] != "0":
        room = drawing.inches(ax)[0] / len(places)
        labels = [safe(cut(value, room, 8.5)) for value in drawn.said[drawn.along]]
        ax.set_xticks(places, labels)
    elif drawing.inches(ax)[0] >= _ROOMY:
        drawing.count_axis(ax.xaxis, 3)
    else:
        _ends(ax, places)
    if not last:
        ax.tick_params(labelbottom=False)


def _ends(ax: Axes, places: Sequence[float]) -> None:
    """Tick the first and the last value alone, written inwards, as large as both have room."""
    ends = sorted({min(places), max(places)})
    labels = [_figure(int(x)) if x == int(x) else f"{x:g}" for x in ends]
    size = largest("0000".join(labels), drawing.inches(ax)[0], (8.5, 7.5, 6.5, 5.5, 4.5))
    ax.set_xticks(ends, labels, fontsize=size)
    if len(ends) > 1:
        first, last = ax.get_xticklabels()
        first.set_horizontalalignment("left")
        last.set_horizontalalignment("right")
