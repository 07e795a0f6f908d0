"""Lists close to one that obeys every row, and whom they fund: in integers, without a solver.

One application enters, at its least; what then breaks is mended by as few changes of other awards as do
it, three at the most. Changes that use as much of every wide row are alike, and are looked at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from math import isqrt

import numpy as np

from optimizer.foundation.exact import IntArray, Places, exact, plus
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.program.trial import Trial

WIDE = 30  # rows over no more applications are only looked at in the end, unless rows are few
FEW = 60
TABLE = 4_000_000  # numbers that say what two kinds of changes use together
ALIKE = 3  # of each kind
TRIES = 30  # kinds put together that fit the wide rows, and then break another
PATIENCE = 100_000_000  # comparisons for all questions together: about a second

Change = tuple[int, int]  # an application and its award, NT$


def near(program: Program, decision: Decision, some: Iterable[int]) -> list[int]:
    """Return those of some who are on a list that obeys every row and is close to another that does.

    There may be lists with the rest, too, further away.
    """
    close, known, asked = _Close(program, decision), set[int](), list(some)
    for u in asked:
        if u not in known:
            known.update(close.list_with(u))
    return [u for u in asked if u in known]


@dataclass
class _Close:
    """What can be changed of a list."""

    program: Program
    decision: Decision
    patience: int = PATIENCE

    @cached_property
    def trial(self) -> Trial:
        """The list, on which an application is tried."""
        return self._as_it_is()

    def _as_it_is(self) -> Trial:
        trial = Trial(self.program)
        for a in np.flatnonzero(self.decision.fund).tolist():
            trial.give(a, int(self.decision.award[a]))
        return trial

    @cached_property
    def wide(self) -> list[int]:
        """The rows that tell changes apart."""
        members = self.trial.members
        return [n for n, inside in enumerate(members) if len(inside) > WIDE or len(members) <= FEW]

    @cached_property
    def kinds(self) -> dict[tuple[int, ...], list[Change]]:
        """Changes of the list as it is that break no narrow row, by how much more of each wide row they use."""
        trial, place = self._as_it_is(), {row: n for n, row in enumerate(self.wide)}
        found: dict[tuple[int, ...], list[Change]] = {}
        for a in range(self.program.size):
            for amount in sorted({0, trial.least[a], trial.most[a]} - {trial.award[a]}):
                uses = dict(trial.changes(a, amount))
                if all(
                    more <= max(0, trial.room[row])
                    for row, more in uses.items()
                    if row not in place
                ):
                    kind = tuple(uses.get(row, 0) for row in self.wide)
                    found.setdefault(kind, []).append((a, amount))
        most = isqrt(2 * TABLE // max(1, len(self.wide)))
        return dict(islice(found.items(), most))

    @cached_property
    def takes(self) -> IntArray:
        """Shape (rows, kinds): how much more of each wide row a kind uses."""
        return exact([*self.kinds]).reshape(len(self.kinds), len(self.wide)).T

    @cached_property
    def changes(self) -> list[list[Change]]:
        """Some changes of each kind."""
        return [some[:ALIKE] for some in self.kinds.values()]

    @cached_property
    def pairs(self) -> tuple[Places, Places]:
        """Two kinds, or two of one. Shape (pairs,) twice."""
        one, other = np.triu_indices(len(self.kinds))
        return one, other

    @cached_property
    def paired(self) -> IntArray:
        """Shape (rows, pairs): how much more two of them use."""
        one, other = self.pairs
        return plus(self.takes[:, one], self.takes[:, other])

    @cached_property
    def narrow(self) -> set[int]:
        """All other rows."""
        return set(range(len(self.trial.members))) - set(self.wide)

    def list_with(self, u: int) -> list[int]:
        """Return whom a list with an application on it funds beside those who are funded; nobody if none is found."""
        trial = self.trial
        cleared = trial.clear(u, self.narrow)
        try:
            trial.give(u, trial.least[u])
            return self._mended([u, *cleared])
        finally:
            self._undo([u, *cleared])

    def _undo(self, some: Iterable[int]) -> None:
        for a in some:
            self.trial.give(a, int(self.decision.award[a]))

    def _mended(self, changed: list[int]) -> list[int]:
        """Make few more changes, of other awards, that leave no row broken; return who is funded anew."""
        if self.trial.keeps(changed):
            return changed[:1]
        fitting = self._fitting([self.trial.room[row] for row in self.wide])
        for kinds in islice(fitting, TRIES):
            for some in product(*(self.changes[kind] for kind in kinds)):
                if self._held(some, changed):
                    return [changed[0], *(a for a, amount in some if amount)]
        return []

    def _fitting(self, room: list[int]) -> Iterator[tuple[int, ...]]:
        """Yield kinds of changes that together leave no wide row broken: one, two, then three."""
        for n in self._within(self.takes, room):
            yield (n,)
        one, other = self.pairs
        for n in self._within(self.paired, room):
            yield int(one[n]), int(other[n])
        for kind, uses in enumerate(self.kinds):
            left = [each - use for each, use in zip(room, uses, strict=True)]
            for n in self._within(self.paired, left):
                yield int(one[n]), int(other[n]), kind

    def _within(self, takes: IntArray, room: list[int]) -> list[int]:
        """Return which columns use no more than the room of any row; none if patience has ended."""
        fits: Places = np.arange(takes.shape[1])
        for row in sorted(range(len(room)), key=room.__getitem__):
            self.patience -= len(fits)
            if self.patience < 0:
                return []
            fits = fits[np.asarray(takes[row][fits] <= room[row], dtype=bool)]
        return [*map(int, fits)]

    def _held(self, some: tuple[Change, ...], changed: list[int]) -> bool:
        """Say whether some more changes leave no row broken."""
        apps = [a for a, _ in some]
        if len({*apps, *changed}) < len(apps) + len(changed):
            return False
        for a, amount in some:
            self.trial.give(a, amount)
        keeps = self.trial.keeps([*apps, *changed])
        self._undo(apps)
        return keeps
