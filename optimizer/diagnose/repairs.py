"""Repairs: the smallest sets of changes that make a policy possible, each change as small as can be.

A set of levers mends if the policy can be obeyed once all of them are at their loosest. It must
take a lever from every conflict, so the smallest sets are again smallest hitting sets, of conflicts
that are learned one by one. In each set the changes are then made as small as possible one after
another, and the finished policy is put to the solver: with the repairs it must be possible, and
with any one of them a step less it must not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from optimizer.diagnose.bench import Bench, StoppedError, widened
from optimizer.diagnose.cores import Cores
from optimizer.diagnose.hitting import Chosen, TooManyError, hitting_set
from optimizer.diagnose.levers import Lever, levers
from optimizer.diagnose.parts import Inequality, Part, Stated
from optimizer.diagnose.repair import Repair

Mending = tuple[Repair, ...]


@dataclass
class Repairs:
    """The search for repairs of one case.

    Parameters
    ----------
    bench
        Who is asked.
    levers
        Every key that may be changed.
    limit
        How many sets of two or more changes to return.
    """

    bench: Bench
    levers: Sequence[Lever]
    limit: int
    complete: bool = True
    _learned: list[Chosen] = field(default_factory=list)

    def find(self, conflicts: Iterable[Sequence[Inequality]]) -> list[Mending]:
        """Return all single repairs, or else the smallest sets of changes that mend together.

        Parameters
        ----------
        conflicts
            Those known under the policy itself: every repair must break each of them. Without any
            the policy can be obeyed, and nothing is returned.
        """
        found: list[Mending] = []
        try:
            self._learned = [self._breakers(frozenset(), conflict) for conflict in conflicts]
            if not self._learned:
                return found
            for size in range(1, len(self.levers) + 1):
                for mending in self._of_size(size):
                    found.append(mending)
                if found:
                    break
        except (StoppedError, TooManyError):
            self.complete = False
        return found

    def _of_size(self, size: int) -> Iterable[Mending]:
        good: list[Chosen] = []
        while (chosen := hitting_set(self._learned, size, good)) is not None:
            mendings = self._smallest(chosen)
            if not mendings:
                self._learned.append(self._missing(chosen))
                continue
            if size > 1 and len(good) == self.limit:
                self.complete = False
                return
            good.append(chosen)
            yield from mendings

    def _missing(self, chosen: Chosen) -> Chosen:
        """Return levers of which one must join `chosen`, which do not mend by themselves."""
        if self._possible(chosen):
            return frozenset(range(len(self.levers))) - chosen
        return self._why_not(chosen)

    def _relaxed(self, chosen: Chosen) -> Stated:
        """Return the program with these levers at their loosest, and no program of theirs looser.

        Where the cap is among them, awards may be as small as under the old cap and as large as
        under the new.
        """
        low: dict[str, Any] = {}
        high: dict[str, Any] = {}
        for number in sorted(chosen):
            lever = self.levers[number]
            high[lever.key] = lever.loosest(self.bench)
            if not lever.moves_least:
                low[lever.key] = high[lever.key]
        last = self.bench.under(high)
        if low == high:
            return last
        return replace(last, program=widened(self.bench.under(low).program, last.program))

    def _possible(self, chosen: Chosen) -> bool:
        return self.bench.ask(self._relaxed(chosen).program).decision is not None

    def _why_not(self, chosen: Chosen) -> Chosen:
        """Return levers of which one must join `chosen`: those that break a conflict left by it."""
        stated = self._relaxed(chosen)
        parts = list(dict.fromkeys(i.part for i in stated.inequalities))
        groups = [[i for i in stated.inequalities if i.part == part] for part in parts]
        core = Cores(self.bench, stated, groups).one()
        return self._breakers(chosen, [i for group in sorted(core) for i in groups[group]])

    def _breakers(self, chosen: Chosen, conflict: Sequence[Inequality]) -> Chosen:
        """Return the levers, besides `chosen`, that relax a conflict or might lift it otherwise."""
        parts = {i.part for i in conflict}
        owners = {n for n, lever in enumerate(self.levers) if parts & set(lever.parts)}
        movers = {n for n, lever in enumerate(self.levers) if lever.moves_bounds}
        if movers - owners - chosen and self._lifted(chosen | movers, parts):
            owners |= movers
        return frozenset(owners) - chosen

    def _lifted(self, chosen: Chosen, parts: set[Part]) -> bool:
        """Say whether a conflict might go away by other awards and other applicants alone."""
        stated = self._relaxed(chosen)
        kept = [i for i in stated.inequalities if i.part in parts]
        return self.bench.ask(stated.keeping(kept)).decision is not None

    def _smallest(self, chosen: Chosen) -> list[Mending]:
        """Make every change of a set as small as can be, in turn; each once the first."""
        mine = [self.levers[n] for n in sorted(chosen)]
        if len(mine) == 1:
            options = mine[0].options(self.bench, {})
            checked = (self._checked(mine, {mine[0].key: value}) for value in options)
            return [mending for mending in checked if mending]
        found: dict[str, Mending] = {}
        for first in range(len(mine)):
            order = sorted(mine[first:] + mine[:first], key=lambda lever: not lever.moves_least)
            edits = self._in_turn(order)
            if edits is not None:
                found.setdefault(repr(sorted(edits.items())), self._checked(mine, edits))
        return [mending for mending in found.values() if mending]

    def _in_turn(self, order: Sequence[Lever]) -> dict[str, Any] | None:
        """Settle one lever after another, those to come at their loosest."""
        edits = {lever.key: lever.loosest(self.bench) for lever in order}
        for lever in order:
            rest = {key: value for key, value in edits.items() if key != lever.key}
            options = lever.options(self.bench, rest)
            if not options:
                return None
            edits[lever.key] = options[0]
        return edits

    def _checked(self, mine: Sequence[Lever], edits: dict[str, Any]) -> Mending:
        """Put the repaired policy to the solver, and each with one change a step less.

        What does not stand up is left out, and the result is not called complete.
        """
        if not self.bench.surely_mends(edits):
            self.complete = False
            return ()
        found = []
        for lever in mine:
            value = edits[lever.key]
            less = [{**edits, lever.key: step} for step in lever.back(self.bench, value)]
            proved = not any(self.bench.surely_mends(trial) for trial in less)
            found.append(replace(lever.repair(self.bench, value), proved=proved))
        return tuple(found)


def all_levers(stated: Stated) -> list[Lever]:
    """Return the levers of every clause that constrains the awards, and of the minimum merit."""
    constrain = {i.clause for i in stated.inequalities}
    found: list[Lever] = []
    for rule in stated.scored.screened.policy.clauses:
        mine = levers(rule)
        if (rule.section, rule.label) in constrain or any(lever.moves_bounds for lever in mine):
            found += mine
    return found
