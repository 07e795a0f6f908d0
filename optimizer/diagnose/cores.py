"""Cores: the smallest sets of inequalities that no allocation can obey together.

A core must take something from every *correction set* (what some decision leaves broken), so the
smallest cores are the smallest hitting sets of all correction sets. These are learned one by one:
a hitting set of those known so far either cannot be obeyed, and is a smallest core, or can, and
then what its decision breaks is a new correction set (Ignatiev et al. 2015, *Smallest MUS
extraction with minimal hitting set dualization*).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from optimizer.diagnose.bench import Bench, StoppedError
from optimizer.diagnose.hitting import Chosen, TooManyError, hitting_set
from optimizer.diagnose.parts import Inequality, Stated
from optimizer.program.rows import Decision

EASY = 8  # how many times as many questions may be answered without the solver


@dataclass
class Cores:
    """The search for cores among groups of inequalities, each group taken or left as one.

    Parameters
    ----------
    patience
        Questions to the solver after which to give up; None for no limit. As many as that times
        `EASY` may be answered without it.
    """

    bench: Bench
    stated: Stated
    groups: Sequence[Sequence[Inequality]]  # clauses, or single inequalities
    patience: int | None = None
    corrections: list[Chosen] = field(default_factory=list)
    found: list[Chosen] = field(default_factory=list)  # the smallest cores so far
    _known: dict[Chosen, Decision | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._asked_before = self.bench.asked

    @property
    def everything(self) -> Chosen:
        """All groups."""
        return frozenset(range(len(self.groups)))

    def obeyed(self, chosen: Chosen) -> Decision | None:
        """Return a decision that obeys these groups, or None if there is none.

        Raises
        ------
        StoppedError
            If the time or the patience is used up.
        """
        if chosen not in self._known:
            self._be_patient()
            kept = (i for group in sorted(chosen) for i in self.groups[group])
            self._known[chosen] = self.bench.ask(self.stated.keeping(kept)).decision
        return self._known[chosen]

    def _be_patient(self) -> None:
        if self.patience is not None and (
            self.bench.asked - self._asked_before >= self.patience
            or len(self._known) >= self.patience * EASY
        ):
            raise StoppedError

    def smallest(self, limit: int) -> bool:
        """Find the cores with the fewest groups; say whether these are all of them.

        Raises
        ------
        StoppedError
            If the time or the patience is used up before.
        """
        for size in range(len(self.groups) + 1):
            while (candidate := self._candidate(size)) is not None:
                decision = self.obeyed(candidate)
                if decision is not None:
                    self.corrections.append(self._correction(candidate, decision))
                elif len(self.found) == limit:
                    return False
                else:
                    self.found.append(candidate)
            if self.found:
                break
        return True

    def _candidate(self, size: int) -> Chosen | None:
        try:
            return hitting_set(self.corrections, size, self.found)
        except TooManyError:
            raise StoppedError from None

    def _correction(self, chosen: Chosen, decision: Decision) -> Chosen:
        """Return what stays broken when as many groups as possible join those obeyed."""
        kept = self._kept(chosen, decision)
        stack = [sorted(self.everything - kept)]
        while stack:
            trial = [group for group in stack.pop() if group not in kept]
            if not trial:
                continue
            joined = self.obeyed(kept | frozenset(trial))
            if joined is not None:
                kept = self._kept(kept | frozenset(trial), joined)
            elif len(trial) > 1:
                half = len(trial) // 2
                stack += [trial[half:], trial[:half]]
        return self.everything - kept

    def _kept(self, chosen: Chosen, decision: Decision) -> Chosen:
        """Return the groups that a decision obeys."""
        slack = [rows.slack(decision) for rows in self.stated.program.rows]
        return chosen | {
            number
            for number, group in enumerate(self.groups)
            if all(slack[i.block][i.row] >= 0 for i in group)
        }

    def one(self) -> Chosen:
        """Return one core of which no group can be left out, by QuickXplain (Junker 2004).

        It need not be the smallest. Later groups are left out first.

        Raises
        ------
        StoppedError
            If the time or the patience is used up before.
        """
        return frozenset(self._explain([], False, sorted(self.everything)))

    def _explain(self, kept: list[int], grew: bool, open_: list[int]) -> list[int]:
        if grew and self.obeyed(frozenset(kept)) is None:
            return []
        if len(open_) <= 1:
            return open_
        first, second = open_[: len(open_) // 2], open_[len(open_) // 2 :]
        late = self._explain(kept + first, bool(first), second)
        early = self._explain(kept + late, bool(late), first)
        return early + late
