"""What only solving again can say of a revision: what the promise costs, and what brought in or raised whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from optimizer.case.case import Case
from optimizer.explain.answer import Asked
from optimizer.explain.asking import Asking
from optimizer.language.words import exact_points
from optimizer.pipe import allocated
from optimizer.problems.errors import InfeasibleError, LimitError
from optimizer.result.allocation import Allocation
from optimizer.result.tabulate import shown
from optimizer.revisions.promised import anew, promise, promise_of, promised, under_another
from optimizer.revisions.published import Published, corrected
from optimizer.solving.options import Options

MOST_CHANGES = 20  # changes that are each tried alone
MOST_ENTERED = 40  # newcomers of whom it is asked what would be without them
POOL, CORRECTIONS = "pool", "corrections"  # changes that are no application's


@dataclass(frozen=True)
class Without:
    """What would be if one newcomer were left out.

    Parameters
    ----------
    goal
        The first priority that would be worse.
    value
        What it would reach, exactly, in people's units.
    instead
        Who would come in in its place.
    """

    goal: str
    value: str
    instead: tuple[str, ...]

    @staticmethod
    def read(said: Mapping[str, Any]) -> Without:
        """Return what a record claims."""
        value = exact_points(Fraction(said["value"]))
        return Without(str(said["goal"]), value, tuple(map(str, said["instead"])))


class UnsettledError(Exception):
    """The limit came before a question was settled."""


@dataclass(frozen=True)
class Answers:
    """What solving again has said.

    Parameters
    ----------
    proved
        Whether all of it is proved.
    anew
        What each priority would reach by starting anew, exactly, in people's units.
    funded_anew
        Who would then be funded.
    alone
        Of a newcomer or one that gets more, every change that would do that if nothing else had changed.
    without
        Of a newcomer, what would be without it.
    """

    proved: bool
    anew: tuple[str, ...]
    funded_anew: frozenset[str]
    alone: Mapping[str, tuple[str, ...]]
    without: Mapping[str, Without]

    @staticmethod
    def read(record: Mapping[str, Any], funded: Mapping[str, int]) -> Answers:
        """Return what a record claims.

        Raises
        ------
        ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError
            If it is nothing of the kind.
        """
        cost, entered = record["cost"], record["entered"]
        free = (set(funded) - set(cost["only_promised"])) | set(cost["only_anew"])
        moved = (*entered, *record["raised"])
        alone = {e["application_id"]: e["alone"] for e in moved if e.get("alone") is not None}
        without = {e["application_id"]: e["without"] for e in entered if e["without"] is not None}
        return Answers(
            cost["proved"] is True,
            tuple(exact_points(Fraction(pair["anew"])) for pair in cost["priorities"]),
            frozenset(map(str, free)),
            alone={one: tuple(map(str, named)) for one, named in alone.items()},
            without={one: Without.read(said) for one, said in without.items()},
        )


def find_answers(
    allocation: Allocation, parent: Published, options: Options
) -> tuple[Answers, Allocation]:
    """Solve what a record says beside the list itself; return the list of starting anew, too.

    Raises
    ------
    LimitError
        If the limit comes before starting anew has any list.
    """
    free = allocated(anew(allocation.case), options)
    proved = allocation.status == free.status == "optimal"
    entered = sorted(set(Published.of(allocation).funded) - set(parent.funded))
    alone: dict[str, tuple[str, ...]] = {}
    without: dict[str, Without] = {}
    try:
        alone = _alone(allocation, parent, options)
        without = dict(_without(allocation, entered, options))
    except (LimitError, UnsettledError):
        proved = False
    values = tuple(row["value_exact"] for row in free.priorities.to_dict("records"))
    funded = frozenset(Published.of(free).funded)
    return Answers(proved, values, funded, alone, without=without), free


def changes(allocation: Allocation, parent: Published) -> list[str]:
    """Name what has changed since: ids of the withdrawn and reduced, the pool, the corrections."""
    rule, before = promised(allocation.case), promise_of(parent)
    named = [one for one in rule.withdrawn if one not in before.withdrawn]
    named += [one for one, most in rule.reduced.items() if before.reduced.get(one) != most]
    if allocation.case.policy.settings.pool.amount != parent.pool:
        named.append(POOL)
    if corrected(parent, Published.of(allocation)):
        named.append(CORRECTIONS)
    return named


def _alone(
    allocation: Allocation, parent: Published, options: Options
) -> dict[str, tuple[str, ...]]:
    """Return the changes that would each bring a newcomer in, or raise an award, if it were the only one.

    Corrections are in force whatever else has changed: where they do it, nothing else does.
    """
    named, kept = changes(allocation, parent), promised(allocation.case).kept
    moved = sorted(_more(Published.of(allocation).funded, kept))
    if not moved or len(named) > MOST_CHANGES:
        return {}
    if len(named) == 1:
        return dict.fromkeys(moved, tuple(named))
    brings = {
        change: _more(_awards(_with_only(change, allocation.case, parent), options), kept)
        for change in named
    }
    found = {one: tuple(change for change in named if one in brings[change]) for one in moved}
    return {one: (CORRECTIONS,) if CORRECTIONS in some else some for one, some in found.items()}


def _more(awards: Mapping[str, int], kept: Mapping[str, int]) -> set[str]:
    """Return who gets more than it was promised: newcomers, and the raised."""
    return {one for one, award in awards.items() if award > kept.get(one, 0)}


def _with_only(change: str, case: Case, parent: Published) -> Case:
    """Return a case, corrections included, in which nothing else has changed since."""
    rule, before = promised(case), promise_of(parent)
    gone = {change} & set(rule.withdrawn)
    less = {one: rule.reduced[one] for one in {change} & set(rule.reduced) - gone}
    withdrawn, reduced = (*before.withdrawn, *gone), {**before.reduced, **less}
    only = promise(parent, withdrawn, reduced, paid=rule.paid)
    pool = case.policy.settings.pool.amount if change == POOL else parent.pool
    return under_another(case, only, pool)


def _awards(case: Case, options: Options) -> dict[str, int]:
    """Return what the best list gives whom it funds, NT$; nothing if there is none."""
    try:
        found = allocated(case, options)
    except InfeasibleError:
        return {}
    if found.status != "optimal":
        raise UnsettledError
    return Published.of(found).funded


def _without(
    allocation: Allocation, entered: Sequence[str], options: Options
) -> Iterator[tuple[str, Without]]:
    """Yield what would be without a newcomer, of those that every best list funds."""
    asking = Asking(allocation, options)
    sure = [one for one in entered if asking.now.fate(one) == "every"]
    for one in sure if len(entered) <= MOST_ENTERED else ():
        other = asking.forced(asking.now.ordinal[one], False)
        if not other.settled:
            raise UnsettledError
        if other.solution is not None:
            yield one, _compared(asking, other)


def _compared(asking: Asking, other: Asked) -> Without:
    """Say the first priority that is worse, and who comes in instead."""
    pairs = zip(asking.facts.steps, asking.now.values, other.values, strict=True)
    step, then = next((step, then) for step, now, then in pairs if now != then)
    scale = asking.facts.goal_priority(step.goal).people_scale(asking.round)
    instead = tuple(sorted(other.funds() - asking.now.funds()))
    return Without(step.goal, shown(then, scale), instead)
