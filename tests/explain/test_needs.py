"""What would have had to differ, against brute force over every award vector of the changed round."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from helpers.rounds import brute_force, random_case, scored_of

from optimizer import allocate
from optimizer.case.case import Case
from optimizer.explain.asking import Asking
from optimizer.explain.needs import Needs, Turn
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import CaseError, InfeasibleError
from optimizer.result.allocation import Allocation
from optimizer.solving.options import Options

RANK = {"none": 0, "some": 1, "every": 2}


def fates(case: Case) -> dict[str, str]:
    """Return, by brute force, which applications every, some or no best list funds."""
    found = dict.fromkeys(case.records.applications["application_id"], "none")
    try:
        scored = scored_of(case)
    except CaseError:  # one that was fixed by hand has been taken away
        return found
    truth = brute_force(scored.round, case.policy)
    if truth is not None:
        found |= dict(zip(scored.round.ids, truth[2], strict=True))
    return found


def with_cell(case: Case, application_id: str, column: str, value: Any) -> Case:
    table = case.records.applications.copy()
    table.loc[table["application_id"] == application_id, column] = value
    return replace(case, records=replace(case.records, applications=table))


def with_merit(case: Case, application_id: str, value: Fraction) -> Case:
    table = case.records.applications.copy()
    merits = [
        value if a == application_id else m
        for a, m in zip(table["application_id"], table["merit"], strict=True)
    ]
    table["merit"] = merits
    return replace(case, records=replace(case.records, applications=table))


def under(case: Case, **changes: Any) -> Case:
    policy = make_policy({**case.policy.document, **changes})
    return case.under(policy) if hasattr(case, "under") else _under(case, policy)


def _under(case: Case, policy: Any) -> Case:
    return replace(case, policy=policy, records=replace(case.records, settings=policy.settings))


def without(case: Case, gone: tuple[str, ...]) -> Case:
    table = case.records.applications
    kept = table[~table["application_id"].isin(gone)].reset_index(drop=True)
    return replace(case, records=replace(case.records, applications=kept))


def some_case(rng: random.Random, mode: str | None, most: int) -> tuple[Case, Allocation]:
    """Draw a case that has a list, in steps of NT$500 so that every step can be looked at."""
    while True:
        case = random_case(rng, most, mode)
        document = dict(case.policy.document)
        document["pool"] = {**document["pool"], "unit": 500}
        try:
            case = _under(case, make_policy(document))
            return case, allocate(case)
        except InfeasibleError:
            continue


def needs_of(found: Allocation, options: Options | None = None) -> Iterator[tuple[str, Needs]]:
    asking = Asking(found, options or Options())
    for a, application_id in enumerate(found.scored.round.ids):
        yield application_id, Needs(asking, a)


def first(
    values: Any, fate_at: Callable[[Any], str], turned: Callable[[str], bool], sure: str
) -> Turn:
    for value in values:
        if turned(fate := fate_at(value)):
            return Turn(value, fate == sure)
    return Turn(None)


def agrees(rng: random.Random, mode: str | None, most: int = 5) -> None:
    case, found = some_case(rng, mode, most)
    unit, now = 500, fates(case)
    step = Fraction(1, found.scored.scores.denominator)
    total = int(sum(found.scored.round.most))
    for application_id, needs in needs_of(found):
        fate = now[application_id]
        assert needs.now == fate
        own = found.scored.round.merit_of(needs.a)
        gains = lambda f, fate=fate: RANK[f] > RANK[fate]  # noqa: E731
        loses = lambda f, fate=fate: RANK[f] < RANK[fate]  # noqa: E731
        merit_at = lambda m, i=application_id: fates(with_merit(case, i, m))[i]  # noqa: E731
        asking_at = lambda r, i=application_id: fates(with_cell(case, i, "requested", r))[i]  # noqa: E731
        pool_at = lambda p, i=application_id: fates(with_pool(case, p))[i]  # noqa: E731
        if fate != "every":
            top = max(
                Fraction(100),
                max(found.scored.round.merit_of(a) for a in range(found.scored.round.size)),
            )
            steps = [own + n * step for n in range(1, int((top - own) / step) + 1)]
            assert needs.merit() == first(steps, merit_at, gains, "every")
            smaller = range(int(found.scored.round.most[needs.a]) - unit, 0, -unit)
            if mode != "graded":
                assert needs.smaller_request() == first(smaller, asking_at, gains, "every")
            available = found.available
            pools = range(available // unit * unit + unit, max(total, available) + unit, unit)
            assert needs.pool() == first(pools, pool_at, gains, "every")
            assert whole_rules(needs) == waived(case, application_id, gains)
            rivals = needs.rivals()
            assert (rivals.size, list(rivals.sets)) == fewest(case, found, application_id, gains)
        if fate != "none":
            least = found.case.policy.settings.review.minimum_merit
            steps = [own - n * step for n in range(1, int((own - least) / step) + 2)]
            if steps and steps[-1] >= 0:
                assert needs.merit(better=False) == first(steps, merit_at, loses, "none")


def with_pool(case: Case, available: int) -> Case:
    pool = case.policy.document["pool"]
    amount = available + pool.get("contingency", 0)
    return _under(case, make_policy({**case.policy.document, "pool": {**pool, "amount": amount}}))


def whole_rules(needs: Needs) -> set[str]:
    return {label for label, about in needs.waivers() if not about}


def waived(case: Case, application_id: str, gains: Callable[[str], bool]) -> set[str]:
    found = set()
    for section, rules in (("clause", case.policy.clauses), ("priority", case.policy.priorities)):
        entries = list(case.policy.document.get(section, []))
        own = [rule for rule in rules if rule.section == section]
        for place, rule in enumerate(own):
            rest = [
                {**e, "name": r.label}
                for e, r in zip(entries, own, strict=True)
                if r is not own[place]
            ]
            changed = _under(case, make_policy({**case.policy.document, section: rest}))
            if gains(fates(changed)[application_id]):
                found.add(rule.label)
    return found


def fewest(
    case: Case, found: Allocation, application_id: str, gains: Callable[[str], bool]
) -> tuple[int | None, list[tuple[str, ...]]]:
    ids = found.scored.round.ids
    funded = [
        i for i, got in zip(ids, found.decision.fund, strict=True) if got and i != application_id
    ]
    for size in (1, 2, 3):
        sets = [
            gone
            for gone in combinations(funded, size)
            if gains(fates(without(case, gone))[application_id])
        ]
        if sets:
            return size, sets
    return None, []


@pytest.mark.parametrize("mode", [None, "partial", "graded"])
@pytest.mark.parametrize("seed", range(8))
def test_every_turn_is_what_brute_force_says(seed: int, mode: str | None) -> None:
    agrees(random.Random(f"needs {seed} {mode}"), mode, 4 if mode == "partial" else 5)
