"""What was done to one policy done to another: the file was changed while a draft was worked on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from optimizer.desk.decisions import (
    HandDecision,
    by_hand,
    decided_otherwise,
    decision_told,
    decisions_of,
)
from optimizer.desk.departures import (
    ORDER,
    Differs,
    differences,
    entries,
    parts,
    stated,
    taken_back,
)
from optimizer.desk.fields import told
from optimizer.language.text import Text
from optimizer.policy.changes import Changes
from optimizer.policy.policy import Policy
from optimizer.policy.problems import TABLES
from optimizer.problems.errors import PolicyError


@dataclass(frozen=True)
class Carried:
    """A draft that goes on from another file.

    Parameters
    ----------
    policy
        The draft now.
    left
        What could not be done there, each in words.
    """

    policy: Policy
    left: tuple[Text, ...] = ()


@dataclass(frozen=True)
class _Step:
    """One thing that was done: in words, and what it takes in a policy; None where it has no place."""

    said: Text
    changes: Callable[[Policy], Changes | None]


def carried(was: Policy, draft: Policy, file: Policy, gone: Collection[str] = ()) -> Carried:
    """Return a draft on another file: everything in which it differs from the earlier one is kept.

    Parameters
    ----------
    was, draft
        The earlier file, and the draft made of it.
    file
        The file now; where both changed the same, the draft's is kept, as a difference from it.
    gone
        Applications of which there is nothing to decide any more.
    """
    now, left = file, list(_steps(was, draft, gone))
    while left:  # a rule may fit only once another one is there
        before = len(left)
        for step in tuple(left):
            after = _taken(now, step, file)
            if after is not None:
                now = after
                left.remove(step)
        if len(left) == before:
            break
    lost = (
        decision_told(one, it.verdict) for one, it in decisions_of(draft).items() if one in gone
    )
    return Carried(now, (*(step.said for step in left), *lost))


def _taken(now: Policy, step: _Step, file: Policy) -> Policy | None:
    changes = step.changes(now)
    try:
        return None if changes is None else now.changed(changes, file.file)
    except PolicyError:
        return None


def _steps(was: Policy, draft: Policy, gone: Collection[str]) -> Iterator[_Step]:
    hands = {
        f"clause.{label}"
        for policy in (was, draft)
        for label, entry in entries(policy, "clause").items()
        if entry["kind"] == by_hand()
    }
    for part in differences(was, draft):
        owner = part.part.rpartition(".")[0]
        if part.part not in hands and not (owner in hands and part.part.endswith(_OF_HANDS)):
            yield _Step(told((draft, was), part), _change(draft, part))
    yield from _of_hands(was, draft, gone)


_OF_HANDS = (".fund", ".refuse")


def _change(draft: Policy, part: Differs) -> Callable[[Policy], Changes | None]:
    """Return what makes a policy say what the draft says in one part, if it has that part."""
    said, (owner, _, key) = parts(draft), part.part.rpartition(".")

    def changes(now: Policy) -> Changes | None:
        if part.part == ORDER or part.part in said or part.part in parts(now):
            return taken_back(draft, now, part.part)
        if owner not in parts(now) and owner not in TABLES:
            return None if owner in said else Changes()  # a rule that is gone as it was to be
        return stated(now, part.part, said.get(owner, {}).get(key))

    return changes


def _of_hands(was: Policy, draft: Policy, gone: Collection[str]) -> Iterator[_Step]:
    """Yield the decisions by hand that were made, changed or taken back, one an application."""
    before, after = decisions_of(was), decisions_of(draft)
    for one in dict.fromkeys([*before, *after]):
        if before.get(one) != after.get(one) and one not in gone:
            yield _decision(one, after.get(one))


def _decision(one: str, decision: HandDecision | None) -> _Step:
    return _Step(
        decision_told(one, decision.verdict if decision else "open"),
        lambda now: Changes(replace={"clause": decided_otherwise(now, one, decision)}),
    )
