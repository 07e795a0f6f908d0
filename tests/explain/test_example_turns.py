"""On the example, what would have had to differ holds on both sides: the changed case, read and solved anew.

A part of it here; ``SUBSIDY_EXPLAIN_ALL=1`` looks at all applications.
"""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import islice

import pytest
from checks.turns import with_cell, with_merit, with_pool, without
from helpers.explaining import explained_example
from helpers.places import ROOT

from optimizer import allocate, read_case
from optimizer.case.case import Case
from optimizer.explain import Explanation, Need
from optimizer.policy.policy import make_policy
from optimizer.result.allocation import Allocation
from optimizer.tables.reviews import Reviews

EVERY = 1 if os.environ.get("SUBSIDY_EXPLAIN_ALL") else 120


@cache
def settled_elsewhere() -> tuple[Case, Allocation]:
    """Return the example with its merits and admissible amounts as if they were its input."""
    case = read_case(ROOT / "data" / "taichung-103")
    first = allocate(case)
    table = case.records.applications
    scores = first.scored.scores
    table["merit"] = [Fraction(int(m), scores.denominator) for m in scores.merit]
    table["requested"] = first.scored.screened.admissible
    document = dict(case.policy.document)
    document["review"] = {"minimum_merit": document["review"]["minimum_merit"]}
    document["clause"] = [
        c for c in document["clause"] if c["kind"] not in ("budget_lines", "meetings")
    ]
    policy = make_policy(document)
    records = replace(
        case.records,
        settings=policy.settings,
        applications=table.iloc[first.scored.round.position].reset_index(drop=True),
        reviews=Reviews.none({}),
        budget_lines=None,
        meetings=None,
    )
    case = replace(case, policy=policy, records=records)
    found = allocate(case)
    assert found.decision == first.decision and found.steps == first.steps
    return case, found


def fate(case: Case, application_id: str) -> str:
    found = allocate(case)
    ids, classes = found.scored.round.ids, found.certainty
    assert classes is not None
    return classes[ids.index(application_id)] if application_id in ids else "none"


def changed(case: Case, need: Need, application_id: str, value: Fraction | int) -> Case:
    if need.code in ("merit", "lose_merit"):
        return with_merit(case, application_id, Fraction(value))
    if need.code in ("request", "more", "lose_request"):
        return with_cell(case, application_id, "requested", int(value))
    return with_pool(case, int(value))


def one_step_less(found: Allocation, need: Need) -> Fraction | int:
    assert need.value is not None
    step = Fraction(1, found.scored.scores.denominator)
    less = {"merit": -step, "lose_merit": step, "request": 100, "pool": -100}
    less |= {"more": -100, "lose_request": -100}
    return need.value + less[need.code]


def holds(case: Case, found: Allocation, said: Explanation, need: Need) -> None:
    id_ = said.application_id
    now, gains = fate(case, id_), said.status == "not_funded"
    then = fate(changed(case, need, id_, need.value), id_)  # type: ignore[arg-type]
    assert then == ("every" if gains else "none") if need.certain else then == "some"
    assert fate(changed(case, need, id_, one_step_less(found, need)), id_) == now


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_what_would_have_had_to_differ_holds_on_both_sides(part: int) -> None:
    case, found = settled_elsewhere()
    some = list(islice(found.scored.round.ids, part * EVERY // 4, None, EVERY))
    kinds = set()
    for application_id in some if EVERY > 1 else found.scored.round.ids[part::4]:
        said = found.explain(application_id)
        for need in said.needs:
            if need.code == "rivals":
                for gone in need.rivals[:3]:
                    then = fate(without(case, gone), application_id)
                    assert then == ("some" if gone in need.drawn else "every")
            elif need.value is not None:
                holds(case, found, said, need)
                kinds.add(need.code)
    assert kinds or EVERY > 1  # the few of one part may have nothing to say


def test_a_rule_of_which_a_part_is_enough_is_told_from_one_that_must_go_whole() -> None:
    """The sheet once promised four of them an award without the cap, which only its own school's waiver gives."""
    allocation, found = explained_example()
    without = dict(zip(*fund_without(allocation.case, "school_cap"), strict=True))
    needs = {
        one.application_id: need for one in found for need in one.needs if need.code == "waiver"
    }
    capped = {i: need.full.zh for i, need in needs.items() if "school_cap" in need.names}
    whole = {i for i, said in capped.items() if "「每校上限」（僅" not in said}
    assert {"A060", "A105", "A395", "A405"} <= set(capped) - whole
    assert whole == {i for i in capped if without[i]} and len(whole) > 5


def fund_without(case: Case, rule: str) -> tuple[tuple[str, ...], list[bool]]:
    found = allocate(case.under(case.policy.without(f"clause.{rule}")))
    return found.scored.round.ids, found.decision.fund.tolist()
