"""Groups of a quota left out: those that cannot have what is asked of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

from optimizer.clauses.bounded import Bounded
from optimizer.diagnose.bench import Bench, StoppedError
from optimizer.diagnose.edit import DROP, Edits
from optimizer.diagnose.hitting import Chosen, TooManyError, hitting_set
from optimizer.diagnose.lever import At, Lever
from optimizer.diagnose.parts import Part, Stated, picked
from optimizer.diagnose.repair import Repair
from optimizer.language.text import Text
from optimizer.program.rows import Rows
from optimizer.tables.case_words import term

AGAIN = 5  # groups left out that are tried in it again


@dataclass(frozen=True)
class WithoutLever(Lever):
    """As few groups as can be left out of a quota for each; the price is how many.

    How many says nothing of which, and no inequality says *all but two of them*: so it is never
    combined with another change. Which, is an implicit hitting set: of every set of groups that
    cannot all have what is asked, one must go.
    """

    rule: Bounded
    alone: ClassVar[bool] = True

    field = "without"

    @property
    def old(self) -> list[str]:
        """The groups that are left out now."""
        return list(self.rule.without)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The inequalities of the groups."""
        return tuple((self.rule.section, self.rule.label, sense) for _, sense in self.rule.limits)

    def span(self, bench: Bench) -> Fraction:
        """Return how many groups there are."""
        return Fraction(len(self._groups(bench)))

    def _groups(self, bench: Bench) -> list[str]:
        return self.rule.values(bench.scored.screened.records)

    def at(self, price: Fraction) -> list[str]:
        """Return the groups left out now: which more are is not told by their number."""
        return self.old

    def edits(self, price: Fraction) -> Edits:
        """Leave out all of them, as if there were no such rule."""
        return {f"clause.{self.rule.label}": DROP} if price else {}

    def least(self, bench: Bench, at: At, above: Fraction = Fraction(0)) -> Fraction | None:
        """Return the fewest that must be left out."""
        gone = self._fewest(bench, at)
        return None if gone is None else Fraction(len(gone))

    def values(self, bench: Bench, at: At, price: Fraction, most: int) -> list[list[str]]:
        """Return the groups left out now and the fewest more that must be."""
        gone = self._fewest(bench, at)
        return [] if gone is None else [self._written(bench, gone)]

    def _written(self, bench: Bench, gone: Collection[int]) -> list[str]:
        return [*self.old, *(g for n, g in enumerate(self._groups(bench)) if n in gone)]

    def _fewest(self, bench: Bench, at: At) -> Chosen | None:
        """Return a smallest choice of groups without which the rest can be had; None if none is."""
        stated = at(Fraction(1))
        blocks = self.rule.rows(stated.scored.round)
        every = frozenset(range(len(self._groups(bench))))
        if not self._possible(bench, stated, blocks, kept=()):
            return None
        sets = [
            frozenset({group})
            for group in sorted(every)
            if not self._possible(bench, stated, blocks, kept=[group])
        ]
        while True:
            gone = _smallest(sets, len(every))
            left = sorted(every - gone)
            if self._possible(bench, stated, blocks, kept=left):
                return gone
            for group in list(left):
                fewer = [other for other in left if other != group]
                if not self._possible(bench, stated, blocks, kept=fewer):
                    left = fewer
            sets.append(frozenset(left))

    def _possible(
        self, bench: Bench, stated: Stated, blocks: Iterable[Rows], kept: Collection[int]
    ) -> bool:
        """Say whether these groups can have what is asked of them, all other rules kept."""
        rows = [picked(block, kept) for block in blocks]
        return bench.possible(replace(stated.program, rows=(*stated.program.rows, *rows)))

    def less(self, bench: Bench, at: At, price: Fraction, value: list[str]) -> list[list[str]]:
        """Return lists with one of the groups in it again, for the first few."""
        more = value[len(self.old) :][:AGAIN]
        return [[group for group in value if group != again] for again in more]

    def repair(self, bench: Bench, price: Fraction, value: list[str]) -> Repair:
        """Say which groups are left out."""
        gone = [term(group) for group in value[len(self.old) :]]
        zh, en = "、".join(text.zh for text in gone), ", ".join(text.en for text in gone)
        group, count = self.rule.group, len(gone)
        text = Text(
            f"「{group.zh}」的配額不計入{zh}（{count} 組）",
            f"leave {en} out of the quota for {group.en} ({count} group{'s' * (count > 1)})",
        )
        return self.change("leave_out", value, price=price, unit="groups", text=text)


def _smallest(sets: list[Chosen], most: int) -> Chosen:
    """Return a smallest choice that takes one from every set."""
    try:
        found = (hitting_set(sets, size) for size in range(most + 1))
        return next(chosen for chosen in found if chosen is not None)
    except TooManyError:
        raise StoppedError from None
