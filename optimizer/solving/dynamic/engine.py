"""The engine: from a program to all optima of its leading additive priorities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import numpy as np

from optimizer.foundation import clock
from optimizer.foundation.exact import BoolArray, IntArray, Places, Words
from optimizer.language.text import Text
from optimizer.problems.errors import no_allocation
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.dynamic.filler import ROOMY, Filler, Table
from optimizer.solving.dynamic.forward_pass import MOST_CELLS, WIDEST
from optimizer.solving.dynamic.levels import Settled, by_levels
from optimizer.solving.dynamic.opened import Opened
from optimizer.solving.dynamic.packing import NotTakeable, Worth, too_many_states
from optimizer.solving.dynamic.paths import Arcs, Paths
from optimizer.solving.dynamic.prices import Prices, broken, find_prices, pool_price
from optimizer.solving.dynamic.structure import Structure, analyse

FIRST_CORE = 16  # bundles, besides the best, that the first, smallest table looks at
CROWD = (
    250  # components open within the first gap: fewer are many states by their odd amounts alone
)
SMALL = 500_000  # states within the first gap, up to which all optima of the first goals are kept
SEVERAL = 2  # inequalities over several zones that want prices
COUNTABLE = 200_000  # arcs up to which the optima are counted


@dataclass(frozen=True)
class Optima:
    """All optima, each by what sets it apart."""

    any: Decision  # one of them
    apps: Places  # shape (v,): the applications whose awards differ among them
    award: IntArray  # shape (m, v): their awards in each of the m optima


@dataclass(frozen=True)
class Dynamic:
    """All optima of the leading additive goals of a program."""

    structure: Structure  # components, bundles, zones
    settled: Places  # bundles that every optimum contains
    paths: Paths  # all optima, over the other components
    core: int  # how many components the last table looked at

    @property
    def program(self) -> Program:
        """What was solved."""
        return self.structure.program

    @property
    def taken(self) -> int:
        """How many of the leading goals these optima maximise."""
        return self.structure.taken

    def decision(self, chosen: list[int]) -> Decision:
        """Return the decision of one path."""
        return self.structure.decision(np.concatenate([self.settled, np.array(chosen, np.int64)]))

    @cached_property
    def any(self) -> Decision:
        """Some optimum."""
        return self.decision(self.paths.first())

    def optima(self, most: int) -> Optima | None:
        """Return every optimum if there are no more than `most`."""
        if self.count is None or self.count > most:
            return None
        chosen = np.array(list(self.paths.each()), dtype=np.int64).reshape(self.count, -1)
        chosen = chosen[:, (chosen != chosen[0]).any(axis=0)]
        apps = self.structure.apps[self.structure.component[chosen[0]]].ravel()
        award = self.structure.award[chosen].reshape(self.count, -1)
        differ = (award != award[0]).any(axis=0)
        return Optima(self.any, apps[differ], award[:, differ])

    @cached_property
    def count(self) -> int | None:
        """How many optima there are; None if too many to count quickly."""
        return self.paths.count() if self.paths.size <= COUNTABLE else None

    @cached_property
    def seen(self) -> tuple[BoolArray, BoolArray]:
        """Shape (n,) twice: funded in some optimum, not funded in some optimum."""
        labels = [arcs.label for arcs in self.paths.levels if arcs.zone < 0]
        return self.structure.seen(np.unique(np.concatenate([self.settled, *labels])))

    def draw(self, deadline: float | None = None) -> Decision:
        """Take the lexicographically greatest awards in draw order, 60 bits of it at a time.

        Raises
        ------
        OutOfTime
            If the deadline passes.
        """
        paths, (funded, unfunded) = self.paths, self.seen
        two_level = self.program.all_or_nothing
        chosen = [int(a) for a in self.program.draw if not two_level or (funded & unfunded)[a]]
        while chosen and paths.size:
            clock.keep(deadline)
            weights, chosen = self._word(chosen)
            paths = paths.best(self._weigh(self._bundle_worth(weights), 0))
        return self.decision(paths.first())

    def _word(self, chosen: list[int]) -> tuple[Words, list[int]]:
        """Give as many applications as fit a place in one 64-bit word, the first the greatest."""
        most, unit = self.program.most, self.program.unit
        two_level = self.program.all_or_nothing
        radix = [2 if two_level else int(most[a]) // unit + 1 for a in chosen]
        total, fits = 1, 0
        while fits < len(chosen) and total * radix[fits] < 2**60:
            total *= radix[fits]
            fits += 1
        fits = max(fits, 1)
        weights = np.zeros(self.program.size, dtype=np.int64)
        factor = 1
        for a, base in zip(reversed(chosen[:fits]), reversed(radix[:fits]), strict=True):
            weights[a] = factor
            factor *= base
        return weights, chosen[fits:]

    def _bundle_worth(self, weights: Words) -> Words:
        apps = np.maximum(self.structure.apps[self.structure.component], 0)
        amount = self.structure.award // self.program.unit
        if self.program.all_or_nothing:
            amount = (self.structure.award > 0).astype(np.int64)
        worth: Words = (weights[apps] * amount).sum(axis=1)
        return worth

    def under(self, worth: Worth) -> Dynamic:
        """Return the optima that are also best for one more packed worth."""
        return replace(self, paths=self.paths.best(self._weigh(worth.bundle, worth.bonus)))

    def contracted(self) -> Dynamic:
        """Return the same with choices that are the same in every optimum counted as settled."""
        forced, paths = self.paths.contracted()
        return replace(self, settled=np.concatenate([self.settled, forced]), paths=paths)

    @staticmethod
    def _weigh(bundle: Words, bonus: int):  # type: ignore[no-untyped-def]
        def weigh(arcs: Arcs) -> Words:
            return bonus * arcs.label if arcs.zone >= 0 else bundle[arcs.label]

        return weigh


@dataclass(frozen=True)
class Prepared:
    """A program as the dynamic programme sees it, worked out once however often it is tried."""

    program: Program
    deadline: float | None = None

    @cached_property
    def structure(self) -> Structure:
        """Its components, bundles and zones.

        Raises
        ------
        NotTakeable
            With the reason, if the dynamic programme does not take this program.
        InfeasibleError
            If no allocation obeys every clause.
        OutOfTime
            If the deadline passes.
        """
        structure = analyse(self.program, deadline=self.deadline)
        if structure.infeasible:
            raise no_allocation()
        return structure

    @cached_property
    def prices(self) -> Prices:
        """The prices of its structure; raises what that does."""
        return find_prices(self.structure, self.deadline)

    def refuse_many(self) -> None:
        """Refuse what would be listed in vain: several inequalities that want prices, in too large a box.

        Nearly every list within a gap is a state of its own then; wherever it was measured, they were too
        many (tests/benchmarks/README.md).

        Raises
        ------
        NotTakeable
            If that is so; and what `structure` raises.
        """
        spanning = [wide for wide in self.structure.wide if wide.zone is None]
        if len(spanning) < SEVERAL or not len(self.structure.cost):
            return
        prices = pool_price(self.structure)
        wanting = [place for place in broken(prices) if self.structure.wide[place].zone is None]
        if len(wanting) >= SEVERAL and Opened(prices, next(_gaps(prices))).foreseen > ROOMY:
            raise too_many_states()


def solve_additive(prepared: Prepared, most: int = MOST_CELLS) -> Dynamic | Settled:
    """Find all optima of the leading additive goals, with so many states stored at the most.

    Raises
    ------
    NotTakeable
        With the reason, if the dynamic programme does not take this program.
    InfeasibleError
        If no allocation obeys every clause.
    OutOfTime
        If the deadline passes.
    """
    prices, filler = prepared.prices, Filler(prepared.deadline, most)
    wider = (Opened(prices, gap) for gap in _gaps(prices))
    first = next(wider)
    one = prices.structure.top <= 1  # goal after goal goes by whether a zone is covered
    if one and int(first.open.sum()) > CROWD and first.foreseen > SMALL:
        with suppress(NotTakeable):
            return _by_levels(prices, filler)
    structure = prices.structure
    table = _widen(chain([first], wider), filler)
    opened = table.opened
    found = Dynamic(structure, opened.settled, table.trace(), int(opened.open.sum()))
    for worth in structure.worths[1:]:
        clock.keep(filler.deadline)
        found = found.under(worth)
    return found.contracted()


def _by_levels(prices: Prices, filler: Filler) -> Dynamic | Settled:
    """Settle goal after goal where all optima of the first ones would be too many to keep."""
    settled, opened, bundles = by_levels(prices, filler)
    if settled.taken < len(settled.program.goals) and opened.foreseen > SMALL:
        return settled  # too many for later goals to look at each
    try:
        table = filler.fill(opened)
        assert table is not None
        paths = table.trace().renamed(bundles)
    except NotTakeable:
        return settled
    return Dynamic(settled.structure, settled.settled, paths, int(opened.open.sum())).contracted()


def _widen(wider: Iterable[Opened], filler: Filler) -> Table:
    """Try larger and larger gaps until an allocation lies within one: then it is the optimum."""
    for opened in wider:
        if table := filler.fill(opened):
            return table
    raise no_allocation()


def _gaps(prices: Prices) -> Iterator[int]:
    """Yield gaps that let in twice as many bundles each time; at last all there is."""
    loss, everything = prices.loss, prices.worst
    second = np.sort(loss[loss > 0])
    size = FIRST_CORE
    while size < len(second):
        yield int(second[size])
        size *= 2
    if everything >= WIDEST:
        raise NotTakeable(
            Text("數值過大，無法以 64 位元精確計算", "numbers too large for exact 64-bit sums")
        )
    yield everything
