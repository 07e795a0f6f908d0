"""A first list where shares of the money keep everybody out who would be funded alone.

Of three shares no application may be in all: whoever is funded first breaks one, and a list that grows by whoever
fits stays empty. Here shares may be broken for a while: each next one makes less of what is missing in all,

    missing = sum over rows that somebody can help of max(0, left - right).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimizer.program.trial import Trial


def fund_together(trial: Trial, first: Iterable[int], order: Iterable[int]) -> bool:
    """Fund some first, then those that rows ask for; say whether no row is broken in the end."""
    return _Together(trial).fund([*first], [*order])


class _Together:
    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        members = trial.members
        self.helped = [row for row, some in enumerate(members) if any(f < 0 for _, f in some)]
        self.may_break = set(self.helped)

    def fund(self, first: list[int], order: list[int]) -> bool:
        """Fund."""
        trial, place = self.trial, {a: number for number, a in enumerate(order)}
        for one in first:
            if self._fits(one):
                trial.give(one, trial.least[one])
        helpers = {row: self._helpers(row, place) for row in self.helped}
        while broken := [row for row in self.helped if trial.room[row] < 0]:
            row = min(broken, key=trial.room.__getitem__)
            a = next(helpers[row], -1)
            if a < 0:
                return False
            if not trial.award[a] and self._fits(a) and self._missing(a) < 0:
                trial.give(a, trial.least[a])
        return all(room >= 0 for room in trial.room)

    def _helpers(self, row: int, place: dict[int, int]) -> Iterator[int]:
        """Yield those who help a row, whoever helps most rows first."""
        mine = [a for a, factor in self.trial.members[row] if factor < 0]
        helps = {a: sum(f < 0 for _, f, _ in self.trial.uses[a]) for a in mine}
        return iter(sorted(mine, key=lambda a: (-helps[a], place[a])))

    def _fits(self, a: int) -> bool:
        """Return whether one at its least breaks no row that nobody can help."""
        trial = self.trial
        changes = trial.changes(a, trial.least[a])
        return all(
            more <= max(0, trial.room[row]) for row, more in changes if row not in self.may_break
        )

    def _missing(self, a: int) -> int:
        """Return how much more is missing with one at its least."""
        trial, found = self.trial, 0
        for row, more in trial.changes(a, trial.least[a]):
            if row in self.may_break:
                found += max(0, more - trial.room[row]) - max(0, -trial.room[row])
        return found
