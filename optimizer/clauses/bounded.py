"""One group of applications with least and most: what hard and soft quotas have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from optimizer.clauses.base import key
from optimizer.clauses.bounds import (
    EXACTLY,
    LEAST,
    MOST,
    Bound,
    Sense,
    nearest,
    said_bound,
)
from optimizer.clauses.column_sums import (
    AMOUNT,
    COUNT,
    measure_problems,
    sizes_again,
    sizes_of,
)
from optimizer.clauses.grouped import Grouped
from optimizer.clauses.named_columns import (
    has_column,
    of_applications,
    split,
)
from optimizer.clauses.two_bounds import TwoBounds
from optimizer.foundation.exact import BoolArray, IntArray, plus, times, total
from optimizer.language.text import Text, some
from optimizer.problems.errors import Problem, defect, flag
from optimizer.program.rows import Decision
from optimizer.tables.case_words import term
from optimizer.tables.records import Records
from optimizer.tables.round import Round

On = Literal["fund", "award"]


@dataclass(frozen=True)
class Group:
    """One of the groups that a quota bounds.

    Parameters
    ----------
    about
        What it is called.
    inside
        Shape (n,): who is in it.
    sizes
        Shape (n,): what each application adds if it is funded.
    """

    about: Text
    inside: BoolArray
    sizes: IntArray

    @property
    def own(self) -> IntArray:
        """Shape (n,): what each application adds to the group."""
        return np.where(self.inside, self.sizes, 0)


@dataclass(frozen=True)
class Measured:
    """What a group comes to in a decision, and all of the funded; members by ordinal."""

    about: Text
    members: Sequence[int]
    ours: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Bounded(Grouped):
    """At least, at most or exactly so much, or such a share, for one group or each of several.

    Parameters
    ----------
    measure
        What is added up over the funded: ``count``, ``amount``, or a column of whole numbers.
    at_least, at_most, exactly
        Absolute, or a share of all that is funded.
    """

    sample: ClassVar[Mapping[str, Any]] = {
        "column": "level",
        "value": "junior_high",
        "at_least": 40,
    }

    for_authors: ClassVar[Text] = Text(
        '比例以全部獲補助者為母數：如 "40%"，即占獲補助總件數（或核定總額、該欄合計）的四成。',
        'A share is of all that is funded: "40%" of the funded applications, of all NT$ awarded, or of the sum of the column.',
    )
    two_bounds: ClassVar[TwoBounds] = TwoBounds("at_least", "at_most")

    measure: str = key(
        "計件數 count、金額 amount，或任一數字欄之合計，如 members",
        "count, amount, or any column of whole numbers to add up, e.g. members",
        COUNT,
    )
    at_least: Bound = key('下限：數字或 "40%"', 'least: a number or "40%" of the total', None)
    at_most: Bound = key('上限：數字或 "40%"', 'most: a number or "40%" of the total', None)
    exactly: Bound = key(
        '恰為：數字或 "40%"，不與上下限並用',
        'a number or "40%" of the total, in place of the two',
        None,
    )

    @property
    def limits(self) -> list[tuple[int | Fraction, Sense]]:
        """The bounds that are set, each with its direction."""
        least = self.at_least if self.exactly is None else self.exactly
        most = self.at_most if self.exactly is None else self.exactly
        both: tuple[tuple[int | Fraction | None, Sense], ...] = ((least, ">="), (most, "<="))
        return [(bound, sense) for bound, sense in both if bound is not None]

    @property
    def apart(self) -> bool:
        """Only the funded are counted; but a group that nobody hands in for is none, nor is its least."""
        least = any(sense == ">=" for _, sense in self.limits)
        return not (self.for_each and least and self.column != "district")

    @property
    def main_key(self) -> str:
        """Its bound, if it has one alone."""
        return self.key_of(self.limits[0][1]) if len(self.limits) == 1 else ""

    def key_of(self, sense: Sense) -> str:
        """Return the key that says the bound of one direction."""
        if self.exactly is not None:
            return "exactly"
        return "at_least" if sense == ">=" else "at_most"

    def said_limits(self) -> Text:
        """Say the bounds in words, e.g. *at least 40 funded applications*."""
        if self.exactly is not None:
            return said_bound(self.exactly, self.measure, EXACTLY)
        found = [
            said_bound(bound, self.measure, LEAST if sense == ">=" else MOST)
            for bound, sense in self.limits
        ]
        zh, en = "、".join(one.zh for one in found), " and ".join(one.en for one in found)
        return Text(zh or "不限", en or "no bound")

    def check(self, records: Records) -> Iterable[Problem]:
        """Refuse groups, measures and bounds that are missing or not there."""
        yield from self.group_problems(records)
        yield from self._empty_groups(records)
        yield from measure_problems(self, self.measure, records)
        if not self.limits:
            expected = Text("at_least、at_most 或 exactly", "at_least, at_most or exactly")
            yield self.wrong("no_bound", _NO_BOUND, expected=expected)

    def _empty_groups(self, records: Records) -> Iterator[Problem]:
        """Flag the values that no application has, where so many are asked for of each."""
        least = next((bound for bound, sense in self.limits if sense == ">="), 0)
        if not (self.for_each and least and has_column(self.column, records)):
            return
        cells = pd.Series(of_applications(self.column, records), dtype=object)
        values = self.values(records)
        empty = [v for v, held in zip(values, split(cells, values), strict=True) if not held.any()]
        if empty:
            named = some([term(value) for value in empty])
            message = Text(
                f"{named.zh}沒有任何申請，無法達到下限",
                f"no application at all is of {named.en}: no least can be met there",
            )
            hint = Text("如不計入，請列入 without。", "To leave it out, name it in without.")
            place = f"{self.section}.{self.label}.for_each"
            yield flag("empty_group", message, hint=hint, file="policy.toml", column=place)

    def misstated(self) -> Iterable[Problem]:
        """Refuse bounds that contradict each other or say nothing."""
        yield from super().misstated()
        if self.exactly is not None and (self.at_least, self.at_most) != (None, None):
            yield defect(
                "exactly_and_bounds", _EXACTLY_ALONE, expected=_ONE_BOUND, column="exactly"
            )
        if not self.column and any(isinstance(bound, Fraction) for bound, _ in self.limits):
            yield defect("share_of_all", _SHARE_OF_ALL, expected=_A_NUMBER, column="column")

    def groups(self, round_: Round) -> Iterator[Group]:
        """Yield the groups that are bounded."""
        sizes = sizes_of(round_, self.measure)
        for about, inside in self.insides(round_):
            yield Group(about, inside, sizes)

    def inequality(
        self, round_: Round, group: Group, bound: int | Fraction, sense: Sense | None = None
    ) -> tuple[IntArray, int]:
        """Return coefficients and right-hand side over x = fund, or award where money is counted.

        With w = 1, or what the measure's column holds. Absolute: ``sum_{a in group} w_a * x_a``
        against b. Share p/q of the total: ``q * sum_{a in group} w_a * x_a - p * sum_a w_a * x_a``
        against 0. With a sense, the share is the nearest of those that can occur: the row holds for
        the same decisions, with the smallest factors.
        """
        if not isinstance(bound, Fraction):
            return group.own, bound
        if sense is not None:
            bound = nearest(bound, self._greatest(round_, group.sizes), sense)
        own, everyone = times(group.own, bound.denominator), times(group.sizes, -bound.numerator)
        return plus(own, everyone), 0

    def _greatest(self, round_: Round, sizes: IntArray) -> int:
        """Return how many applications, units of money or of the column all together come to."""
        if self.measure == AMOUNT:
            return total(round_.most) // round_.settings.pool.unit
        return total(sizes)

    @property
    def on(self) -> On:
        """Which decisions it bounds."""
        return "award" if self.measure == AMOUNT else "fund"

    def measured(self, round_: Round, decision: Decision) -> Iterator[Measured]:
        """Count or add up, one by one: each group's part and the total."""
        size = sizes_again(round_, self.measure, decision.award)
        funded = [a for a in range(round_.size) if decision.fund[a]]
        whole = sum(size[a] for a in funded)
        for about, members in self.members(round_):
            ours = sum(size[a] for a in members if decision.fund[a])
            yield Measured(about, members, ours, whole)


_NO_BOUND = Text("配額未設上下限", "the quota has no at_least, at_most or exactly")
_EXACTLY_ALONE = Text(
    "exactly 已同時是上限與下限，不能再訂 at_least 或 at_most",
    "exactly is the least and the most at once: there is nothing left for at_least or at_most to say",
)
_ONE_BOUND = Text("只留其中一種", "one or the other")
_SHARE_OF_ALL = Text(
    "全部申請案的比例永遠是 100%", "all applications have a share of 100%, whatever is funded"
)
_A_NUMBER = Text("數字，或填 column", "a number, or a column")
