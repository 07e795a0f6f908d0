"""Several goals in one 64-bit integer, and what is too large for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.foundation.exact import IntArray, Places, Words, exact, floored, times, total, words
from optimizer.language.text import Text
from optimizer.program.objectives import Additive, lessened
from optimizer.program.program import Program
from optimizer.solving.dynamic.counted import counted

WORD = 2**58  # packed worth, and all costs and left sides, stay below this: see `prices`
AMOUNTS = Text("金額", "amounts of money")


class NotTakeable(Exception):  # noqa: N818 - a refusal, not an error
    """The dynamic programme does not take this program; `reason` says why, for people."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Digit:
    """One goal within a packed worth."""

    goal: int  # its ordinal in the program
    objective: Additive | None  # what each application adds to it; None if zones are counted
    low: int  # its least value
    span: int  # how many values it can take
    # ``(earlier goal, k)`` if k times that goal's value was taken away
    less: tuple[int, int] | None = None
    constant: int = 0  # what is added whatever is funded


@dataclass(frozen=True)
class Worth:
    """One packed objective: several goals in one 64-bit integer, the earlier ones weighing more."""

    digits: tuple[Digit, ...]  # the goals, most important first
    bundle: Words  # shape (B,): worth of each bundle, what zones count left out
    bonus: int  # worth of one level of a zone: of covering it
    per_fund: Words  # shape (n,): of funding each application
    per_award: tuple[tuple[int, Words], ...]  # NT$, and of so many more for each application

    def of(self, apps: Places, award: Words) -> Words:
        """Return the worth of bundles, what zones count left out: shape (B, k) twice, -1 for no application."""
        members = np.maximum(apps, 0)
        found: Words = (self.per_fund[members] * (award > 0)).sum(axis=1)
        for unit, each in self.per_award:
            found += (each[members] * (award // unit)).sum(axis=1)
        return found

    def unpack(self, packed: int, known: dict[int, int]) -> None:
        """Write the goals' values that a packed sum holds into `known`, by ordinal of goal."""
        found: list[tuple[Digit, int]] = []
        for digit in reversed(self.digits):
            value = (packed - digit.low) % digit.span + digit.low
            packed = (packed - value) // digit.span
            found.append((digit, value))
        for digit, value in reversed(found):
            earlier, times = digit.less or (digit.goal, 0)
            known[digit.goal] = value + times * known.get(earlier, 0) + digit.constant


def most_in_all(paid: Words, start: Places) -> int:
    """``sum_c max_{bundle e of c} |paid_e|``: no choice of a bundle a component comes to more."""
    if not (np.diff(start) > 0).all():
        return 0  # a component without any bundle: there is no choice
    return total(np.maximum.reduceat(abs(paid), start[:-1])) if len(paid) else 0


def fitting(values: IntArray, what: Text) -> Words:
    """Return values as 64-bit integers.

    Raises
    ------
    NotTakeable
        If one is too large; `what` says for people what they are.
    """
    try:
        return words(values)
    except OverflowError:
        raise too_large(what) from None


def too_large(what: Text) -> NotTakeable:
    """Say that numbers are too large to be added up exactly, and what to do."""
    return NotTakeable(
        Text(
            f"{what.zh}的數值過大，無法以 64 位元精確計算；請減少分數或比例的小數位數、加大補助單位（pool.unit），"
            "或改用其他求解器",
            f"the numbers of {what.en} are too large for exact 64-bit sums; give merit or shares fewer "
            "decimals, raise pool.unit, or use another solver",
        )
    )


def too_many_states() -> NotTakeable:
    """Say that a table of the dynamic programme would be too large."""
    return NotTakeable(
        Text("狀態數過多，動態規劃不適用", "too many states for the dynamic programme")
    )


def worths_of(
    program: Program, taken: int, apps: Places, award: Words, owner: Places, levels: int
) -> tuple[Worth, ...]:
    """Pack the goals, as many as fit into each 64-bit word."""
    groups: list[list[Digit]] = []
    total = 1
    for digit in _digits(program, taken, levels):
        if digit.span > WORD:
            name = program.goals[digit.goal].name
            raise too_large(Text(f"優先順序「{name}」", f"priority {name}"))
        if not groups or total * digit.span > WORD:
            groups.append([])
            total = 1
        groups[-1].append(digit)
        total *= digit.span
    return tuple(_packed(group, program.size, apps[owner], award) for group in groups or [[]])


def _digits(program: Program, taken: int, levels: int) -> list[Digit]:
    """Return the goals as digits, each lessened by a multiple of an earlier one where that helps."""
    digits: list[Digit] = []
    for place in range(taken):
        objective = program.goals[place].objective
        if (by_zone := counted(objective)) is not None:
            digits.append(Digit(place, None, 0, levels + 1, constant=by_zone.constant))
            continue
        assert isinstance(objective, Additive)
        plain = _digit(program, place, objective)
        trials = [plain, *(_lessened(program, plain, early) for early in digits)]
        digits.append(min(trials, key=lambda digit: digit.span))
    return digits


def _digit(
    program: Program,
    place: int,
    objective: Additive,
    less: tuple[int, int] | None = None,
) -> Digit:
    worths = objective.per_fund
    if objective.per_award is not None:
        units = floored(program.most, objective.unit)
        worths = exact(np.concatenate([worths, times(objective.per_award, units)]))
    return Digit(
        place, objective, total(np.minimum(worths, 0)), span=total(abs(worths)) + 1, less=less
    )


def _lessened(program: Program, plain: Digit, early: Digit) -> Digit:
    """Take as many times an earlier goal away as leaves no coefficient negative."""
    if plain.objective is None or early.objective is None:
        return plain
    rest, times = lessened(plain.objective, early.objective)
    return _digit(program, plain.goal, rest, (early.goal, times)) if times else plain


def _packed(digits: Sequence[Digit], size: int, apps: Places, award: Words) -> Worth:
    """Pack goals whose spans multiply to `WORD` at most: no sum of them can be larger."""
    per_fund: Words = np.zeros(size, dtype=np.int64)
    per_award: dict[int, Words] = {}
    bonus, factor = 0, 1
    for digit in reversed(digits):
        objective = digit.objective
        if objective is None:
            bonus += factor
        else:
            per_fund += factor * words(objective.per_fund)
        if objective is not None and objective.per_award is not None:
            more = factor * words(objective.per_award)
            per_award[objective.unit] = per_award.get(objective.unit, 0) + more
        factor *= digit.span
    worth = Worth(
        tuple(digits), per_fund, bonus, per_fund=per_fund, per_award=tuple(per_award.items())
    )
    return replace(worth, bundle=worth.of(apps, award))
