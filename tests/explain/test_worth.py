"""What a funded application is worth, and what more money would bring: against separate rounds."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from helpers.results import small_allocation
from helpers.rounds import every_decision, random_case
from helpers.slow import first_quick

from optimizer import Allocation, allocate
from optimizer.facts.audit import audit, values
from optimizer.problems.errors import InfeasibleError, UsageError


def best_without(allocation: Allocation, a: int) -> tuple[int, ...] | None:
    """Return the best values of a list without one application, by looking at every list."""
    round_, policy = allocation.scored.round, allocation.case.policy
    found = [
        tuple(values(round_, policy, decision).values())
        for decision in every_decision(round_)
        if not decision.fund[a] and not audit(round_, policy, decision)
    ]
    return max(found, default=None)


def agrees(allocation: Allocation) -> int:
    """Hold the table against enumeration; return how many places it tells apart."""
    table, now = allocation.importance(), tuple(step.value for step in allocation.steps)
    ids = allocation.scored.round.ids
    assert list(table["application_id"]) == [ids[a] for a in allocation.decision.fund.nonzero()[0]]
    losses: dict[int, tuple[int, ...]] = {}
    for row in table.to_dict("records"):
        then = best_without(allocation, ids.index(row["application_id"]))
        loss = (1,) if then is None else (0, *_minus(now, then))
        assert losses.setdefault(row["place"], loss) == loss
        differs = [n for n, (x, y) in enumerate(zip(now, then or now, strict=True)) if x != y]
        assert bool(row["priority"]) == bool(differs)
        if then is not None and differs:
            first = differs[0]
            priority = allocation.goal_priority(allocation.steps[first].goal)
            scale = priority.people_scale(allocation.scored.round)
            assert row["priority"] == priority.label
            assert Fraction(row["lost_exact"]) == Fraction(now[first] - then[first]) / scale
    ordered = [losses[place] for place in sorted(losses)]
    assert ordered == sorted(set(losses.values()), reverse=True)
    return len(ordered)


def test_what_is_lost_without_each_of_a_small_round() -> None:
    assert agrees(small_allocation()) > 1


@pytest.mark.parametrize("number", first_quick(range(40), 4))
def test_what_is_lost_without_each_is_what_enumeration_finds(number: int) -> None:
    case = random_case(random.Random(f"importance {number}"), 6)
    try:
        allocation = allocate(case)
    except InfeasibleError:
        return
    if not any(priority.give_up for priority in case.policy.priorities):
        agrees(allocation)


def _minus(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a - b for a, b in zip(one, other, strict=True))


def test_more_money_brings_what_a_round_with_it_brings() -> None:
    allocation = small_allocation()
    change = allocation.marginal(1_000)
    policy = allocation.case.policy.with_(pool=allocation.pool + 1_000)
    then = allocate(allocation.case.under(policy))
    ids, before, after = allocation.scored.round.ids, allocation.decision.fund, then.decision.fund
    assert change.entering == tuple(ids[a] for a in (after & ~before).nonzero()[0]) != ()
    assert change.leaving == tuple(ids[a] for a in (before & ~after).nonzero()[0])
    assert change.priority and change.now != change.then
    assert "1,000 元" in change.text.zh and change.entering[0] in change.text.en
    assert allocation.marginal(0).entering == () and not allocation.marginal(0).priority
    with pytest.raises(UsageError):
        allocation.marginal(-1)


def test_every_row_says_it_in_a_sentence_with_the_school() -> None:
    allocation = small_allocation()
    table = allocation.importance()
    assert table["said"].str.len().min() > 0 and table["place"].notna().all()
    assert set(table["school"]) <= {"礫埕國小", "澔岸國小", "苒野國中"}
