"""Why an award is less than what was asked for, and from which request on it would be refused."""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any

import numpy as np
import pytest
from checks.turns import some_case
from helpers.rounds import make_case, with_budget

from optimizer import allocate
from optimizer.case.case import Case
from optimizer.explain import Explainer
from optimizer.explain.cuts import Cuts
from optimizer.explain.in_part import in_part
from optimizer.facts.audit import audit
from optimizer.problems.errors import InfeasibleError
from optimizer.program.rows import Decision
from optimizer.result.allocation import Allocation
from optimizer.solving.options import Options

PARTIAL = {"mode": "partial", "least_share": "50%"}
CAP = {"kind": "school_cap", "amount": 5_000}


def cuts_of(found: Allocation) -> dict[str, str]:
    """Return what is said of each award that is less than it might be."""
    explainer, round_ = Explainer.of(found, Options()), found.scored.round
    cut = np.flatnonzero(found.decision.fund & (found.decision.award < round_.most)).tolist()
    said = {a: Cuts(explainer.asking, explainer.naming).less(a) for a in cut}
    return {round_.ids[a]: statement.full.zh for a, statement in said.items() if statement}


def two(amounts: tuple[int, int], schools: tuple[str, str], **more: Any) -> Allocation:
    """Two applications, the first the better one."""
    applications = [
        {"application_id": f"A{n}", "school_id": school, "merit": 90 - n, "requested": amount}
        for n, (amount, school) in enumerate(zip(amounts, schools, strict=True), 1)
    ]
    return allocate(make_case(applications, award=PARTIAL, **more))


def test_the_cap_is_named_before_the_pool_and_with_whose_award_fills_it() -> None:
    pool, merit = {"amount": 5_000, "unit": 100}, [{"kind": "merit", "per": "amount"}]
    one = two((3_000, 4_000), ("S1", "S1"), pool=pool, clause=[CAP], priority=merit)
    assert one.decision.award.tolist() == [3_000, 2_000]
    said = cuts_of(one)["A2"]
    assert "再多 100 元即違反「每校上限」（同校另有 A1（89 分，3,000 元））" in said
    apart = two((3_000, 4_000), ("S1", "S2"), pool=pool, clause=[CAP], priority=merit)
    assert "經費已用罄" in cuts_of(apart)["A2"]


def test_where_no_rule_cuts_it_the_priority_is_named() -> None:
    level = {"column": "level", "value": "elementary"}
    goal = {"kind": "quota", **level, "measure": "amount", "exactly": 3_000}
    found = two((1_500, 2_000), ("S1", "S2"), pool={"amount": 9_000, "unit": 500}, priority=[goal])
    said = cuts_of(found)
    assert found.spent == 3_000
    assert said and all("再多給本案則較差：「" in text for text in said.values())


def test_what_is_named_is_what_the_audit_finds_with_one_unit_more() -> None:
    seen: Counter[str] = Counter()
    for seed in range(8):
        _, found = some_case(random.Random(f"cuts {seed}"), "partial", 7)
        round_, policy = found.scored.round, found.case.policy
        said = cuts_of(found)
        for a, application_id in enumerate(round_.ids):
            if application_id not in said:
                continue
            award = found.decision.award.copy()
            award[a] += round_.settings.pool.unit
            broken = {v.clause for v in audit(round_, policy, Decision.of(award))}
            spoken = {r.spoken.zh for r in policy.clauses if r.label in broken - {"pool"}}
            kind = "rule" if spoken else "pool" if broken else "priority"
            named = any(f"即違反「{title}」" in said[application_id] for title in spoken)
            assert named == bool(spoken), (said[application_id], spoken, broken)
            assert ("經費已用罄" in said[application_id]) == (kind == "pool")
            seen[kind] += 1
    assert min(seen[kind] for kind in ("rule", "pool")) > 0, seen


QUOTAS: tuple[dict[str, Any], ...] = (
    {"column": "application_id", "for_each": True, "at_most": 1_500},
    {"column": "district", "for_each": True, "at_most": 2_500},
    {"column": "level", "value": "elementary", "at_most": "60%"},
    {"column": "type", "value": "grade", "at_least": "30%"},
    {"column": "members", "for_each": True, "at_most": 3_000},
)


def quoted(seed: int) -> Case:
    """Draw a small case whose awards two quotas may hold, or a priority that wants no more than so much."""
    rng = random.Random(f"parts {seed}")
    rows = [
        {
            "application_id": f"A{n}",
            "school_id": f"S{rng.randint(1, 3)}",
            "merit": rng.randint(70, 95),
            "requested": 500 * rng.randint(2, 8),
            "members": rng.randint(5, 6),
            "type": rng.choice(("grade", "subject")),
        }
        for n in range(rng.randint(2, 5))
    ]
    quotas = [
        {"kind": "quota", "name": f"q{n}", "measure": "amount", **quota}
        for n, quota in enumerate(rng.sample(QUOTAS, rng.randint(0, 2)))
    ]
    wish = {"kind": "quota", "column": "level", "value": "elementary", "measure": "amount"}
    goals = [{**wish, "exactly": 3_000}, {"kind": "merit", "per": "amount"}][seed % 2 :]
    cap = [{"kind": "school_cap", "amount": 3_500, "cut": True}][: rng.randint(0, 1)]
    pool = {"amount": 500 * rng.randint(4, 20), "unit": 500}
    return make_case(rows, award=PARTIAL, pool=pool, clause=[*quotas, *cap], priority=goals)


def test_the_cause_of_a_part_is_what_holds_every_larger_amount() -> None:
    """By brute force: each larger amount is audited; a priority is named only where one obeys all the rules."""
    seen: Counter[str] = Counter()
    for seed in range(40):
        try:
            found = allocate(quoted(seed))
        except InfeasibleError:
            continue
        round_, policy, unit = found.scored.round, found.case.policy, found.program.unit
        told, awards, explained = in_part(found), found.decision.award, cuts_of(found)
        for a in np.flatnonzero(found.decision.fund & (awards < round_.most)).tolist():
            larger = [
                awards.copy() for _ in range(int(awards[a]) + unit, int(round_.most[a]) + 1, unit)
            ]
            for n, award in enumerate(larger, 1):
                award[a] += n * unit
            broken = [
                {v.clause for v in audit(round_, policy, Decision.of(award))} for award in larger
            ]
            said, holds = told(a).zh, set.intersection(*broken)
            assert holds == broken[0]  # what breaks one breaks all that are larger
            titles = {r.spoken.zh for r in policy.clauses if r.label in holds - {"pool"}}
            for text in (said, explained[round_.ids[a]]):  # the list and the explanation agree
                assert set(re.findall("即違反「(.*?)」(?=；|（|$)", text)) == titles, (text, holds)
            assert ("經費已用罄" in said) == (holds == {"pool"})
            assert ("依優先順序" in said) == (not titles)
            seen["rule" if titles else "pool" if holds else "priority"] += 1
    assert min(seen[kind] for kind in ("rule", "pool", "priority")) > 0, seen


EACH_AT_MOST = {
    "kind": "quota",
    "column": "application_id",
    "for_each": True,
    "measure": "amount",
    "at_most": 9_000,
}


def test_a_quota_on_each_application_is_the_cause_and_no_priority() -> None:
    """12,000 asked for, 9,000 let it have, and money left."""
    found = two(
        (12_000, 4_000),
        ("S1", "S2"),
        pool={"amount": 20_000, "unit": 100},
        clause=[EACH_AT_MOST],
        priority=[{"kind": "amount"}],
    )
    assert found.decision.award.tolist() == [9_000, 4_000]
    reason = found.awards.set_index("application_id").loc["A1", "reason"]
    assert "再多 100 元即違反「配額（每一申請案）」" in reason and "依優先順序" not in reason
    assert "再多 100 元即違反「配額（每一申請案）」" in cuts_of(found)["A1"]


def test_what_a_quota_comes_to_with_this_one_has_its_unit_and_no_total_of_no_use() -> None:
    """Of 20,000 the least is 10,000, above the 9,000 that one may get."""
    found = two(
        (20_000, 4_000), ("S1", "S2"), pool={"amount": 12_000, "unit": 100}, clause=[EACH_AT_MOST]
    )
    reason = found.awards.set_index("application_id").loc["A1", "reason"]
    assert "A1至多補助 9,000 元。加上本案即為至少 10,000 元；" in reason
    assert "總計" not in reason and "合計" not in reason


_KEEPS = "申請金額（經費明細一併增列）增至"


@pytest.mark.parametrize(
    ("cap", "said"),
    [
        (CAP, f"{_KEEPS} 5,000 元仍獲補助；申請達 5,100 元，即因「每校上限」不符資格"),
        ({**CAP, "cut": True}, f"{_KEEPS} 5,000 元仍獲補助"),
    ],
)
def test_a_larger_request_that_would_be_refused_is_said_so(cap: dict[str, Any], said: str) -> None:
    applications = [{"application_id": "A1", "requested": 4_800}]
    priority = [{"kind": "merit", "per": "amount"}]
    case = make_case(
        applications, pool={"amount": 9_000, "unit": 100}, clause=[cap], priority=priority
    )
    need = next(n for n in allocate(case).explain("A1").needs if n.code == "lose_request")
    assert need.full.zh == said
    assert need.value == (None if cap.get("cut") else 5_100)


@pytest.mark.parametrize("held", [True, False])
def test_what_a_larger_request_loses_is_said_of_one_with_a_budget_to_match(held: bool) -> None:
    """Money for two of 1,600, and no more: 100 more than that, and the better one alone is paid."""
    lines = [{"kind": "budget_lines"}] if held else []
    rules = {"clause": [CAP, *lines], "priority": [{"kind": "merit", "per": "amount"}]}
    some = [{"application_id": f"A{n}", "school_id": f"S{n}", "merit": 99 - 10 * n, "requested": 1_600} for n in (1, 2)]  # fmt: skip
    case = make_case(some, pool={"amount": 3_200, "unit": 100}, **rules)
    case = with_budget(case, [(f"A{n}", "external_lecturer", 1, 1_600, 1_600) for n in (1, 2)])
    found = allocate(case)
    need = next(n for n in found.explain("A2").needs if n.code == "lose_request")
    assert [found.what_if("A2", request=n).award for n in (1_600, 1_700)] == [1_600, 0]
    assert [found.what_if("A1", request=n).award for n in (1_600, 1_700)] == [1_600, 1_700]
    assert need.value == 1_700 and need.full.zh == f"{_KEEPS[:-1]}為 1,700 元，即不獲補助"
