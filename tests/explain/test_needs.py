"""What would have had to differ, against brute force over every award vector of the changed round."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from checks.turns import (
    CASES,
    RANK,
    fates,
    first,
    needs_of,
    some_case,
    under,
    with_cell,
    with_merit,
    with_pool,
    without,
)
from helpers.rounds import make_case

from optimizer import allocate
from optimizer.case.case import Case
from optimizer.explain import explain_all
from optimizer.explain.asking import Asking
from optimizer.explain.needs import Needs, Turn
from optimizer.language.text import EMPTY
from optimizer.policy.policy import make_policy
from optimizer.program.objectives import Additive
from optimizer.program.rows import Decision
from optimizer.result.allocation import Allocation


def agrees(rng: random.Random, mode: str | None, most: int = 5) -> None:
    case, found = some_case(rng, mode, most)
    unit, now = 500, fates(case)
    step = Fraction(1, found.scored.scores.denominator)
    total = int(sum(found.scored.round.most))
    at_pool = cache(lambda p: fates(with_pool(case, p)))
    at_gone = cache(lambda gone: fates(without(case, gone)))
    without_rule = rule_by_rule(case)
    for application_id, needs in needs_of(found):
        fate = now[application_id]
        assert needs.now == fate
        own = found.scored.round.merit_of(needs.a)
        gains = lambda f, fate=fate: RANK[f] > RANK[fate]  # noqa: E731
        loses = lambda f, fate=fate: RANK[f] < RANK[fate]  # noqa: E731
        merit_at = lambda m, i=application_id: fates(with_merit(case, i, m))[i]  # noqa: E731
        asking_at = lambda r, i=application_id: fates(with_cell(case, i, "requested", r))[i]  # noqa: E731
        pool_at = lambda p, i=application_id: at_pool(p)[i]  # noqa: E731
        if fate != "every":
            top = max(
                Fraction(100),
                max(found.scored.round.merit_of(a) for a in range(found.scored.round.size)),
            )
            steps = [own + n * step for n in range(1, int((top - own) / step) + 1)]
            merit = needs.merit()
            assert replace(merit, instead=()) == first(steps, merit_at, gains, "every")
            make_room(found, application_id, merit, partial(with_merit, case, application_id))
            smaller = range(int(found.scored.round.most[needs.a]) - unit, 0, -unit)
            if mode != "graded":
                less, asking = (
                    needs.smaller_request(),
                    partial(with_cell, case, application_id, "requested"),
                )
                assert replace(less, instead=()) == first(smaller, asking_at, gains, "every")
                make_room(found, application_id, less, asking)
            more = needs.more()
            amounts = needs.asking.larger.amounts(needs.a)
            assert replace(more, instead=()) == first(amounts, asking_at, gains, "every")
            make_room(
                found, application_id, more, partial(with_cell, case, application_id, "requested")
            )
            available = found.available
            pools = range(available // unit * unit + unit, max(total, available) + unit, unit)
            pool = needs.pool()
            assert replace(pool, instead=()) == first(pools, pool_at, gains, "every")
            make_room(found, application_id, pool, partial(with_pool, case))
            alien = only_refusing_others(found, application_id)
            waived = {
                rule
                for rule, others in without_rule.items()
                if any(gains(then[application_id]) for then in others)
            }
            assert whole_rules(needs) == waived - alien
            rivals = needs.rivals()
            assert (rivals.size, list(rivals.sets)) == fewest(at_gone, found, application_id, gains)
            then = {gone: at_gone(gone)[application_id] for gone in rivals.sets}
            assert rivals.drawn == tuple(gone for gone, fate in then.items() if fate == "some")
        if fate != "none":
            least = found.case.policy.settings.review.minimum_merit
            steps = [own - n * step for n in range(1, int((own - least) / step) + 2)]
            if steps and steps[-1] >= 0:
                less = needs.merit(better=False)
                assert replace(less, lost=EMPTY) == first(steps, merit_at, loses, "none")
                lowest = less.value is not None and less.value < least
                assert bool(less.lost) == lowest or mode == "graded"
            amounts = needs.asking.larger.amounts(needs.a)
            assert needs.larger_request() == first(amounts, asking_at, loses, "none")


def make_room(found: Allocation, own_id: str, turn: Turn, changed: Callable[[Any], Case]) -> None:
    """Check who of its own school is said to lose the award, by the list of the changed round."""
    if turn.value is None or not turn.certain:
        return
    round_, then = found.scored.round, allocate(changed(turn.value))
    kept = set(then.awards.query("status == 'funded'")["application_id"])
    mine = round_.school[round_.ids.index(own_id)]
    gone = (
        i
        for i, school, got in zip(round_.ids, round_.school, found.decision.fund, strict=True)
        if got and school == mine and i not in kept
    )
    assert turn.instead == tuple(sorted(gone))


def whole_rules(needs: Needs) -> set[str]:
    return {waiver.label for waiver in needs.waivers() if not waiver.about}


def only_refusing_others(found: Allocation, application_id: str) -> set[str]:
    """Return the rules that have no inequality, and have nothing to say of an application."""
    row = list(found.case.records.applications["application_id"]).index(application_id)
    said = {rows.clause for rows in found.program.rows}
    said |= {r.clause for r in found.scored.remarks if r.finding.application == row}
    clauses = found.case.policy.clauses
    return {r.label for r in clauses if not r.smallest_award} - said


@pytest.mark.parametrize(
    ("document", "lost", "said"),
    [
        ({"review": {"minimum_merit": 70}}, 69, "及格分數 70 分"),
        (
            {
                "review": {"minimum_merit": 70},
                "award": {"mode": "graded", "grades": [[90, "100%"], [80, "80%"]]},
            },
            79,
            "最低補助級距 80 分",
        ),
    ],
)
def test_where_it_keeps_its_place_to_the_least_merit_below_is_not_eligible(
    document: dict[str, Any], lost: int, said: str
) -> None:
    rules = {"pool": {"amount": 9_000, "unit": 100}, "priority": [{"kind": "merit"}]}
    case = make_case(
        [{"application_id": "A1", "merit": 85, "requested": 2_000}], **rules, **document
    )
    [one] = explain_all(allocate(case), ["A1"])
    need = next(need for need in one.needs if need.code == "lose_merit")
    assert need.value == lost and need.full.zh.endswith(f"，即低於{said}而不符資格")


def test_no_rule_is_named_that_only_refuses_another() -> None:
    """Without the least of members A3 would be let in, and A2 for the money that is left beside it: no waiver of A2's."""
    rows = (("A1", "S1", 86, 3_000, 6), ("A2", "S2", 85, 2_000, 6), ("A3", "S1", 95, 1_000, 1))
    names = ("application_id", "school_id", "merit", "requested", "members")
    case = make_case(
        [dict(zip(names, row, strict=True)) for row in rows],
        pool={"amount": 3_000, "unit": 100},
        clause=[{"kind": "members", "minimum": 3}, {"kind": "school_cap", "amount": 3_000}],
        priority=[{"kind": "merit", "per": "amount"}],
    )
    found = allocate(case)
    needs = dict(needs_of(found))["A2"]
    rule = next(rule for rule in case.policy.clauses if rule.kind == "members")
    assert needs.better(needs.asking.waived(needs.a, rule))
    assert whole_rules(needs) == {"merit"}
    gained = {
        rule
        for rule, others in rule_by_rule(case).items()
        if any(t["A2"] != "none" for t in others)
    }
    assert gained == {"members", "merit"}


def rule_by_rule(case: Case) -> dict[str, list[dict[str, str]]]:
    """Return the fates of all without one rule, by its label, which a clause and a priority may share."""
    found: dict[str, list[dict[str, str]]] = {}
    for section, rules in (("clause", case.policy.clauses), ("priority", case.policy.priorities)):
        entries = list(case.policy.document.get(section, []))
        own = [rule for rule in rules if rule.section == section]
        for place, rule in enumerate(own):
            rest = [
                {**e, "name": r.label}
                for e, r in zip(entries, own, strict=True)
                if r is not own[place]
            ]
            changed = under(case, make_policy({**case.policy.document, section: rest}))
            found.setdefault(rule.label, []).append(fates(changed))
    return found


def fewest(
    at_gone: Callable[[tuple[str, ...]], dict[str, str]],
    found: Allocation,
    application_id: str,
    gains: Callable[[str], bool],
) -> tuple[int | None, list[tuple[str, ...]]]:
    ids = found.scored.round.ids
    funded = [
        i for i, got in zip(ids, found.decision.fund, strict=True) if got and i != application_id
    ]
    for size in (1, 2, 3):
        sets = [gone for gone in combinations(funded, size) if gains(at_gone(gone)[application_id])]
        if sets:
            return size, sets
    return None, []


@pytest.mark.parametrize("mode", [None, "partial", "graded"])
@pytest.mark.parametrize("seed", range(CASES))
def test_every_turn_is_what_brute_force_says(seed: int, mode: str | None) -> None:
    agrees(random.Random(f"needs {seed} {mode}"), mode, 4 if mode == "partial" else 5)


SEEN = {
    (157, "partial"): "a group of a quota for each value that the withdrawn one alone was in",
    (79, "partial"): "a better merit that takes another amount, and so another sister",
    (16, None): "a larger award whose merit was carried over into the priority before it",
}


@pytest.mark.parametrize(("seed", "mode"), SEEN)
def test_rounds_whose_turns_were_wrong_once(seed: int, mode: str | None) -> None:
    agrees(random.Random(f"needs {seed} {mode}"), mode, 4 if mode == "partial" else 5)


def test_worths_have_room_for_larger_requests() -> None:
    _, found = some_case(random.Random("needs 16 None"), None, 5)
    larger = Asking(found).larger
    structure, goals = larger._tables.structure, found.program.goals
    for a, most in enumerate(larger._roomy.most.tolist()):
        award = np.where(np.arange(found.program.size) == a, most, found.decision.award)
        shaped = np.where(structure.apps >= 0, award[structure.apps], 0)
        values: dict[int, int] = {}
        structure.worths[0].unpack(
            int(structure.worths[0].of(structure.apps, shaped).sum()), values
        )
        objectives = {n: goals[n].objective for n in values}
        sums = {
            n: o.value(Decision.of(award)) for n, o in objectives.items() if isinstance(o, Additive)
        }
        assert sums and sums == {n: values[n] for n in sums}
        assert not any(values[n] for n in values if n not in sums)  # no school covers anything yet
