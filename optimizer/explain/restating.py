"""Stating a changed round: only rules that looked at what changed are asked again.

A rule is asked once with what changes taken away: it cannot look at it, directly or through the
round's table. One that states itself all the same, and says what it says of the round as it is,
does not depend on it, and its part of the program is kept for every such change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import numpy as np

from optimizer.clauses import Clause
from optimizer.foundation.exact import exact
from optimizer.policy.policy import Policy
from optimizer.program.program import Program
from optimizer.program.rows import Rows
from optimizer.scoring.build import Said, state
from optimizer.tables.records import Records
from optimizer.tables.round import Round

REQUESTED, POOL = "requested", "pool"


@dataclass(frozen=True)
class Restating:
    """States rounds that differ from one of the same applications.

    Parameters
    ----------
    round, policy
        As they are.
    """

    round: Round
    policy: Policy
    _kept: dict[frozenset[str], Said] = field(default_factory=dict)

    def state(self, round_: Round, policy: Policy, *changed: str) -> Program:
        """State a changed round.

        Parameters
        ----------
        round_, policy
            As they would be.
        changed
            `REQUESTED` where requests differ, `POOL` where the pool does. That merits or bounds
            differ is seen; nothing else may differ, unless the applications do.
        """
        if round_.ids is not self.round.ids:
            return state(round_, policy)
        differ = {name for name in _SEEN if not _alike(round_, self.round, name)}
        return state(round_, policy, self._said_blindly(frozenset({*differ, *changed})))

    @cached_property
    def _said(self) -> Said:
        """What the rules say of the round as it is."""
        said = Said()
        for rule, say in self._speakers:
            said.keep(rule, tuple(say(self.round)))
        return replace(said, ids=self.round.ids, draw=state(self.round, self.policy, said).draw)

    @property
    def _speakers(self) -> Iterator[tuple[Clause, Callable[[Round], Iterable[Any]]]]:
        """The rules, each with what states its rows or goals."""
        yield from ((rule, rule.rows) for rule in self.policy.clauses)
        yield from ((priority, priority.goals) for priority in self.policy.priorities)

    def _said_blindly(self, hidden: frozenset[str]) -> Said:
        """Return what rules say that need not look at some things; asked once."""
        if hidden not in self._kept:
            self._kept[hidden] = self._asked_blindly(hidden) if hidden else self._said
        return self._kept[hidden]

    def _asked_blindly(self, hidden: frozenset[str]) -> Said:
        blind, said = _blind(self.round, hidden), Said(self._said.ids, self._said.draw)
        for rule, say in self._speakers:
            said.keep(rule, _without_looking(say, self._said.of(rule) or (), blind))
        return said

    def alike_for_less(self, leading: int) -> bool:
        """Whether a smaller request, as bounds of one award alone, leaves rows and leading goals as they are.

        Every rule either does not look at requests and bounds, or is one whose inequalities depend
        on them only in that those which no award within its bounds can break are left out, or in
        that one is kept at what it has: here nobody is asked about who has something.
        """
        what = frozenset({REQUESTED, "least", "most"})
        said, after = self._said_blindly(what), self._after(leading)
        return all(
            said.of(rule) is not None or rule.leaves_out_slack or rule.each_alone
            for rule in self.policy.rules
            if not (rule.section == "priority" and rule.label in after)
        )

    def _after(self, leading: int) -> set[str]:
        """Return the priorities of which all goals come after so many."""
        before, found = 0, set[str]()
        for priority in self.policy.priorities:
            if before >= leading:
                found.add(priority.label)
            before += len(self._said.of(priority) or ())
        return found

    @cached_property
    def refuses_for_amount(self) -> bool:
        """Whether a rule that refuses by merit may look at requests or bounds, too."""
        return not all(map(self._refuses_blindly(REQUESTED, "least", "most"), self.policy.rules))

    def _refuses_blindly(self, *hidden: str) -> Callable[[Clause], bool]:
        """Return what says of a rule that refuses by merit whether it need not look at some things."""
        blind = _blind(self.round, frozenset(hidden))

        def same(rule: Clause) -> bool:
            say = rule.screen_merit
            return _without_looking(say, tuple(say(self.round)), blind) is not None

        return same

    @cached_property
    def merits_apart(self) -> bool:
        """Whether what the rules say of an application does not depend on another's merit.

        Every rule either does not look at merits, or is a sum that would say the same of it were
        nobody else there; and whoever is refused for its merit is so by a table of the policy, for its own.
        """
        said = self._said_blindly(frozenset({"merit"}))
        each = [r for r in (*self.policy.clauses, *self.policy.priorities) if said.of(r) is None]
        added = [r for r in self.policy.rules if r.section in ("clause", "priority")]
        return (
            self.policy.settings.award.mode != "graded"
            and all(rule.section == "priority" and rule.apart for rule in each)
            and all(map(self._refuses_blindly("merit"), added))
        )

    @cached_property
    def alike_for_pools(self) -> bool:
        """Whether another pool leaves all rows but the pool's own, and all goals, as they are."""
        said = self._said_blindly(frozenset({POOL}))
        return all(said.of(r) is not None for r in self.policy.rules if r.section != POOL)


def pool_rows(now: Program, then: Program, more: int) -> list[int] | None:
    """Return which inequalities so much more NT$ in the pool raises by that; None if it changes others."""
    if len(then.rows) != len(now.rows) or then.goals != now.goals:
        return None
    pairs = enumerate(zip(now.rows, then.rows, strict=True))
    found = [n for n, (here, there) in pairs if here != there]
    for here, there in ((now.rows[n], then.rows[n]) for n in found):
        if not here.bounds_the_total(now.size) or raised(here, more) != there:
            return None
    return found


def raised(rows: Rows, more: int) -> Rows:
    """Return an upper bound with so much more room."""
    return replace(rows, rhs=exact([int(rhs) + more for rhs in rows.rhs]))


_SEEN = ("least", "most", "merit", "merit_denominator")


def _alike(one: Round, other: Round, name: str) -> bool:
    mine, theirs = getattr(one, name), getattr(other, name)
    return mine is theirs or bool(np.array_equal(mine, theirs))


def _without_looking(
    say: Callable[[Round], Iterable[Any]], seen: tuple[Any, ...], blind: Round
) -> tuple[Any, ...] | None:
    try:
        found = tuple(say(blind))
    except Exception:
        return None
    return found if found == seen else None


class _Blind(Round):
    """A round that does not let some of its fields be looked at."""

    def __getattribute__(self, name: str) -> Any:
        held = object.__getattribute__(self, "__dict__")
        if name in held.get("_hidden", ()):
            raise LookupError(name)
        return object.__getattribute__(self, name)


def _blind(round_: Round, hidden: frozenset[str]) -> Round:
    """Return the round without some fields, without requests, or without the amount of the pool."""
    blind = object.__new__(_Blind)
    held = {name: vars(round_)[name] for name in round_.__dataclass_fields__}
    vars(blind).update(held, records=_records(round_.records, hidden), _hidden=hidden)
    return blind


def _records(records: Records, hidden: frozenset[str]) -> Records:
    blind = object.__new__(Records)
    vars(blind).update(vars(records))
    if REQUESTED in hidden:
        for name in ("applications", "schools"):
            table = getattr(records, name)
            vars(blind)[name] = table.drop(columns=REQUESTED, errors="ignore")
    if POOL in hidden:
        settings = object.__new__(type(records.settings))
        vars(settings).update(vars(records.settings))
        vars(settings)["pool"] = SimpleNamespace(unit=records.settings.pool.unit)
        vars(blind)["settings"] = settings
    return blind
