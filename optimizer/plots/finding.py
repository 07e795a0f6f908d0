"""What a comparison shows, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from optimizer.facts.measures import MEASURES, POINTS_OF, UNITS
from optimizer.language.text import EMPTY, Language, Text, money
from optimizer.plots.lettering import cut, width
from optimizer.plots.source import measured, say_measure, words

_FIRST = ("passed_over", "lost_to_sister")  # what speaks most against a list, asked first
_NAMES = (4.0, 3.0, 2.5, 2.25, 2.0, 1.75, 1.5, 1.25, 1.0)  # inches for each name of a scenario
_POINTS = 12  # size of the letters
_TRIFLE = 10  # times that an effect among all lists is larger than one of no account


def title(totals: pd.DataFrame, room: float, lang: Language) -> str:
    """Return the finding with the names of scenarios cut as far as `room` inches ask for.

    Names that would be cut to the same text are left out: then only the measure and its ends are said.
    """
    plain = finding(totals, 0.0).say(lang)
    said = [finding(totals, n, brief).say(lang) for brief in (False, True) for n in _NAMES]
    fits = (text for text in said if width(text, _POINTS) <= room and text != plain)
    return next(fits, plain)


def finding(totals: pd.DataFrame, inches: float = _NAMES[0], brief: bool = False) -> Text:
    """Say in which measure the lists differ most, from which scenario to which.

    The rule: the measure with the largest effect on people. The effect is the difference between the
    two ends as a share of the most that are funded (of districts, of the most covered); of equal ones, what
    speaks most against a list comes first, passed over, then lost to a sister. Points decide only where
    no count differs. Lists that have as much money as the first are held against each other first, and
    that is said where others have other money (with less money fewer can be passed over); all lists
    are, where among those of the same money the effect is a trifle, less than a tenth of that among all.
    If the one with the most passed over also funds the most, that is said: many funded is no sign
    of a good list.

    Parameters
    ----------
    totals
        One row a scenario.
    inches
        How wide the name of a scenario may be; none is named where that does not tell them apart.
    brief
        Whether to leave out that one funds the most.
    """
    names = [cut(name, inches or _NAMES[-1], _POINTS) for name in words(totals, "scenario")]
    with_list = lists(totals)
    if not names:
        return Text("情境比較", "Scenarios compared")
    if not with_list:
        return Text("沒有一個情境得出名單", "No scenario has a list")
    if len(with_list) == 1:
        return _single(totals, names, with_list[0])
    who, name = _telling(totals, with_list)
    if name:
        values = _of(totals, name, who)
        telling = name == "passed_over" and not brief
        more = _also_most(totals, values) if telling else EMPTY
        said = _range(names, name, values, more) if inches else _ends(name, values)
        return _with(said, _amount(totals, who[0]) if len(who) < len(with_list) else None)
    return Text("各情境的九項指標都相同", "All nine measures are the same in every scenario")


def _telling(totals: pd.DataFrame, with_list: Sequence[int]) -> tuple[Sequence[int], str]:
    """Return the lists that are held against each other and the measure, by the rule of `finding`."""
    alike = of_the_same_money(totals)
    (least, one), (most, other) = (_largest(totals, who) for who in (alike, with_list))
    return (alike, one) if one and least * _TRIFLE >= most else (with_list, other)


def _largest(totals: pd.DataFrame, who: Sequence[int]) -> tuple[Fraction, str]:
    """Return the largest effect among some lists, and the measure; none if they are alike."""
    effects = {name: _effect(totals, name, who) for name in dict.fromkeys((*_FIRST, *MEASURES))}
    name = max(effects, key=lambda name: effects[name])
    if effects[name]:
        return effects[name], name
    points = (n for n in POINTS_OF if len(set(_of(totals, n, who).values())) > 1)
    return Fraction(0), next(points, "")


def _effect(totals: pd.DataFrame, name: str, who: Sequence[int]) -> Fraction:
    """Return the difference between the ends of a count as a share of the most there are."""
    values = _of(totals, name, who).values()
    if name in POINTS_OF or not values:
        return Fraction(0)
    whole = name if name == "districts_covered" else "funded"
    most = max(_of(totals, whole, who).values(), default=0)
    return (max(values) - min(values)) / max(most, 1)


def lists(totals: pd.DataFrame) -> list[int]:
    """Return the places of the scenarios that have a list."""
    return [n for n, value in enumerate(measured(totals, "funded")) if value is not None]


def of_the_same_money(totals: pd.DataFrame) -> list[int]:
    """Return the lists that may award as much as the first of them."""
    money_of = {n: _amount(totals, n) for n in lists(totals)}
    return [n for n, amount in money_of.items() if amount == next(iter(money_of.values()))]


def _amount(totals: pd.DataFrame, who: int) -> int:
    return int(totals["spent"].iloc[who]) + int(totals["left"].iloc[who])


def _with(said: Text, amount: int | None) -> Text:
    """Say of what money a finding holds, if not of all."""
    if amount is None:
        return said
    return Text(
        f"經費 {money(amount)} 元時，{said.zh}",
        f"At NT${money(amount)}, {said.en[0].lower()}{said.en[1:]}",
    )


def _single(totals: pd.DataFrame, names: Sequence[str], only: int) -> Text:
    name = _named(names, [only])
    funded, over = (say_measure(measured(totals, m)[only]) for m in ("funded", "passed_over"))
    alone = Text("只有", "Only ") if len(names) > 1 else EMPTY
    has = Text("得出名單：", " has a list: ") if len(names) > 1 else Text("：", ": ")
    return Text(
        f"{alone.zh}{name.zh}{has.zh}補助 {funded} 件，高於線而未獲補助 {over} 件",
        f"{alone.en}{name.en}{has.en}{funded} funded, {over} passed over",
    )


def _of(totals: pd.DataFrame, name: str, who: Sequence[int]) -> dict[int, Fraction]:
    """Return a measure of some scenarios, where they have it."""
    return {n: v for n, v in enumerate(measured(totals, name)) if n in who and v is not None}


def _range(names: Sequence[str], name: str, values: dict[int, Fraction], more: Text) -> Text:
    low, high = min(values.values()), max(values.values())
    ends = [_at(values, end) for end in (low, high)]
    alike = [names[n] for n in values]
    if any(alike.count(names[who[0]]) > 1 for who in ends):
        return _ends(name, values)
    first, last = (_named(names, who) for who in ends)
    said, unit, points = MEASURES[name], UNITS[name].zh, " points" * (name in POINTS_OF)
    return Text(
        f"{said.zh}：{first.zh} {say_measure(low)} {unit}，{last.zh} {say_measure(high)} {unit}"
        f"{more.zh}",
        f"{said.en}: {say_measure(low)}{points} with {first.en}, {say_measure(high)} with {last.en}"
        f"{more.en}",
    )


def _ends(name: str, values: dict[int, Fraction]) -> Text:
    """Say from what to what a measure goes, without the names."""
    low, high = (say_measure(end) for end in (min(values.values()), max(values.values())))
    said, unit, points = MEASURES[name], UNITS[name].zh, " points" * (name in POINTS_OF)
    return Text(f"{said.zh}：{low} 至 {high} {unit}", f"{said.en}: {low} to {high}{points}")


def _at(values: dict[int, Fraction], end: Fraction) -> list[int]:
    return [n for n, value in values.items() if value == end]


def _also_most(totals: pd.DataFrame, over: dict[int, Fraction]) -> Text:
    """Say so if the one list with the most passed over is the one that funds the most."""
    funded = _of(totals, "funded", list(over))
    most = _at(funded, max(funded.values()))
    if len(most) > 1 or most != _at(over, max(over.values())):
        return EMPTY
    count = say_measure(funded[most[0]])
    return Text(f"，補助卻最多（{count} 件）", f", which funds the most ({count})")


def _named(names: Sequence[str], who: Sequence[int]) -> Text:
    """Name the first of some scenarios, and count the others."""
    first, others = names[who[0]], len(who) - 1
    return Text(
        f"「{first}」" + (f"等 {len(who)} 個情境" if others else ""),
        f"“{first}”" + (f" and {others} more scenario{'s' * (others > 1)}" if others else ""),
    )
