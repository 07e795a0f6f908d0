"""Why an application got nothing, or what it brings, against brute force over every award vector."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from checks.turns import CASES, some_case
from helpers.places import ROOT
from helpers.rounds import every_decision, make_case

from optimizer import allocate, read_case
from optimizer.explain import Explainer
from optimizer.explain.reasons import reasons
from optimizer.facts.audit import values
from optimizer.problems.errors import UsageError
from optimizer.result.allocation import Allocation
from optimizer.solving.options import Options


def best(
    found: Allocation, a: int, funded: bool, *, dropped: frozenset[str] = frozenset()
) -> tuple[int, ...] | None:
    """Return the best values of lists that fund a (or do not), some rules left out; None if none."""
    round_, policy = found.scored.round, found.case.policy
    kept = tuple(rule for rule in policy.clauses if rule.label not in dropped)
    return max(
        (
            tuple(values(round_, policy, decision).values())
            for decision in every_decision(round_)
            if bool(decision.fund[a]) is funded
            and not any(True for rule in kept for _ in rule.audit(round_, decision))
        ),
        default=None,
    )


@pytest.mark.parametrize("mode", [None, "partial", "graded"])
@pytest.mark.parametrize("seed", range(CASES))
def test_the_reason_is_what_brute_force_says(seed: int, mode: str | None) -> None:
    _, found = some_case(random.Random(f"because {seed} {mode}"), mode, 5)
    explainer = Explainer.of(found, Options())
    now = tuple(step.value for step in found.steps)
    for a, application_id in enumerate(found.scored.round.ids):
        said = explainer.explain(application_id)
        funded = bool(found.decision.fund[a])
        other = best(found, a, not funded)
        code = said.because.code
        exchange, _, _ = said.because.full.zh.partition("相關規則：")
        exchange, _, _ = exchange.partition("（公布後如撤回")  # which command tells, of this one
        assert application_id not in exchange  # it is none for itself
        if other == now:
            assert code == "draw"
        elif other is None:
            kept = ("others",) if found.premise else ()  # it has the reason that it would have had
            assert code in (("brings",) if funded else ("impossible", "sister", *kept))
            if not funded and code == "impossible":
                conflict_is_minimal(found, explainer, a)
        else:
            assert code in (("brings",) if funded else ("sister", "others"))
            assert explainer.asking.forced(a, not funded).values == other < now
            if funded:
                grounds_hold(found, a, next(n for n, v in enumerate(other) if v < now[n]))
    all_agree(found, explainer)


def grounds_hold(found: Allocation, a: int, place: int) -> None:
    """The priority that is said to have decided for a funded one is the first that is worse without it."""
    reason = reasons(found)[int(found.scored.round.position[a])]
    kind = found.goal_priority(found.steps[place].goal).kind
    if reason.clause.zh.startswith(("條件相當", "依審查分數")):
        assert reason.code == kind


def all_agree(found: Allocation, explainer: Explainer) -> None:
    """awards.csv, passed_over.csv and explanations give one reason, in the same words."""
    awards, decision, school = found.awards, found.decision, found.scored.round.school
    listed = awards.set_index("application_id")["reason"]
    for i, said in found.passed_over.set_index("application_id")["reason"].items():
        assert said == listed[i]
    short = reasons(found)
    for a in np.flatnonzero(~decision.fund).tolist():
        row = int(found.scored.round.position[a])
        reason, said = short[row], explainer.because.not_funded(a)
        assert said.code == reason.why
        assert awards["reason"][row] == reason.text.zh
        for text in (said.full, said.discreet):
            assert text.zh.startswith(reason.clause.zh) and text.en.startswith(reason.clause.en)
        if reason.why == "sister":
            then = explainer.asking.forced(a, True).solution
            if then is None:
                assert named_by_hand(found) & {found.scored.round.ids[s] for s in reason.sisters}
                continue
            less = then.decision.award < decision.award
            assert less[school == school[a]].any()

    for a in np.flatnonzero(decision.fund).tolist():
        row = int(found.scored.round.position[a])
        said = explainer.because.funded(a)
        assert awards["reason"][row] == short[row].text.zh
        if said.code == "brings":
            assert said.full.zh.startswith(short[row].clause.zh)


def named_by_hand(found: Allocation) -> set[str]:
    """Return whom a rule of the case funds by name."""
    rules = [dict(rule) for rule in found.case.policy.document.get("clause", [])]
    entries = [one for rule in rules for one in (*rule.get("fund", ()), *rule.get("kept", ()))]
    return {one if isinstance(one, str) else one["id"] for one in entries}


@pytest.mark.slow
def test_on_the_example_one_reason_is_given_everywhere() -> None:
    found = allocate(read_case(ROOT / "data" / "taichung-103"))
    all_agree(found, Explainer.of(found, Options()))


def conflict_is_minimal(found: Allocation, explainer: Explainer, a: int) -> None:
    named = frozenset(rule.label for rule, _ in explainer.because.conflict(a)[0])
    others = frozenset(r.label for r in found.case.policy.clauses) - named
    assert best(found, a, True, dropped=others) is None
    for label in named:
        assert best(found, a, True, dropped=others | {label}) is not None


def test_a_sister_that_holds_the_place_is_named() -> None:
    case = make_case(
        [
            {"application_id": "A1", "school_id": "S1", "merit": 90, "requested": 4_000},
            {"application_id": "A2", "school_id": "S1", "merit": 80, "requested": 4_000},
            {"application_id": "A3", "school_id": "S2", "merit": 70, "requested": 4_000},
        ],
        pool={"amount": 8_000, "unit": 1_000},
        clause=[{"kind": "school_cap", "amount": 5_000}],
        priority=[{"kind": "merit", "per": "amount"}],
    )
    said = allocate(case).explain("A2")
    assert said.because.code == "sister"
    assert said.because.full.zh.startswith("同校 A1（90 分，4,000 元）已獲補助")
    assert "A1（學校S1，90 分）退出" in said.because.full.zh
    by_code = {need.code: need for need in said.needs}
    assert by_code["merit"].value == 90 and not by_code["merit"].certain
    assert by_code["rivals"].rivals == (("A1",),)
    assert by_code["waiver"].names == ("school_cap", "merit") and not by_code["waiver"].certain
    assert "由抽籤決定：「每元經費所得分數」" in by_code["waiver"].full.zh
    assert by_code["pool"].value is None


def test_who_cannot_be_funded_is_told_by_which_rules() -> None:
    case = make_case(
        [
            {"application_id": "A1", "requested": 4_000},
            {"application_id": "A2", "requested": 1_000},
        ],
        pool={"amount": 2_000, "unit": 1_000},
        priority=[{"kind": "merit", "per": "amount"}],
    )
    said = allocate(case).explain("A1")
    assert said.because.code == "impossible" and "2,000" in said.because.full.zh


def by_hand(**keys: Any) -> Allocation:
    """Two of one school under its cap, one of them named by the bureau, and one of another."""
    return allocate(
        make_case(
            [
                {"application_id": "A1", "school_id": "S1", "merit": 70, "requested": 4_000},
                {"application_id": "A2", "school_id": "S1", "merit": 90, "requested": 4_000},
                {"application_id": "A3", "school_id": "S2", "merit": 80, "requested": 4_000},
            ],
            pool={"amount": 8_000, "unit": 1_000},
            clause=[
                {"kind": "school_cap", "amount": 5_000},
                {"kind": "fixed", "reason": "局長指定", "decided_by": "王大明", **keys},
            ],
            priority=[{"kind": "merit", "per": "amount"}],
        )
    )


def test_who_is_funded_by_hand_is_told_by_whom_and_why() -> None:
    said = by_hand(fund=["A1"]).explain("A1").because
    for text in (said.full, said.discreet, said.short):
        assert text.zh == "人工核定（王大明：局長指定）"
        assert text.en == "decided by hand (王大明: 局長指定)"


def test_the_rules_that_leave_no_list_are_said_as_they_are() -> None:
    because = by_hand(fund=["A1"]).explain("A2").because
    said = because.full
    assert "指定補助" not in because.discreet.zh and "「人工核定」" in because.discreet.zh
    assert "：：" not in said.zh and "未指定任何申請" not in said.zh
    assert "相關規則：每一學校" in said.zh and "指定補助 A1（王大明：局長指定）" in said.zh


def test_who_is_refused_by_hand_hears_nothing_of_another_s_decision() -> None:
    because = by_hand(fund=["A1"], refuse=["A3"]).explain("A3").because
    assert "A3" in because.full.zh
    assert "A1" not in because.full.zh + because.full.en


def test_a_sister_that_is_funded_by_hand_is_named_before_the_cap() -> None:
    found = by_hand(fund=["A1"])
    all_agree(found, Explainer.of(found, Options()))
    said = found.explain("A2").because
    assert said.code == "sister" and said.short.zh == "同校 A1（70 分，4,000 元）經人工核定獲補助"
    for text in (said.full, said.discreet):
        assert text.zh.startswith(
            "同校 A1（70 分，4,000 元）經人工核定獲補助：該校已獲 4,000 元，加上本案 4,000 元將超過"
        )
        assert text.en.startswith("A1 (70 points, NT$4,000) of its own school is funded by hand: ")
    assert list(found.awards["reason_code"]) == ["fixed", "school_cap", "merit"]


def test_who_is_refused_by_hand_is_told_so_whoever_of_its_school_is_funded_by_hand() -> None:
    said = by_hand(fund=["A1"], refuse=["A2"]).explain("A2").because
    assert said.code == "impossible"
    assert said.full.zh.startswith("人工核定不予補助（王大明：局長指定）")


def test_what_no_list_can_fund_by_itself_is_said_so_whoever_of_its_school_is_funded_by_hand() -> (
    None
):
    """Of one school a decision by hand takes most of the cap, and the other asks for too much."""
    case = make_case(
        [
            {"application_id": "A1", "school_id": "S1", "requested": 1_000},
            {"application_id": "A2", "school_id": "S1", "requested": 4_000},
        ],
        pool={"amount": 3_000, "unit": 1_000},
        clause=[
            {"kind": "school_cap", "amount": 4_000},
            {"kind": "fixed", "fund": ["A1"], "reason": "局長指定"},
        ],
        priority=[{"kind": "merit", "per": "amount"}],
    )
    said = allocate(case).explain("A2").because
    assert said.code == "impossible" and said.full.zh.startswith("任何合於規則的名單都不能補助本案")
    assert "經費餘額" in said.full.zh


def test_a_letter_names_no_other_application() -> None:
    _, found = some_case(random.Random("discreet"), None, 6)
    ids = set(found.scored.round.ids)
    schools = dict(zip(found.scored.round.ids, found.scored.round.school.tolist(), strict=True))
    for application_id in ids:
        said = found.explain(application_id)
        strangers = {i for i in ids if schools[i] != schools[application_id]}
        for statement in said.statements:
            assert not any(i in statement.discreet.zh + statement.discreet.en for i in strangers)


def test_what_is_said_on_the_telephone_is_short() -> None:
    for seed in range(6):
        _, found = some_case(random.Random(f"short {seed}"), None, 6)
        for application_id in found.scored.round.ids:
            for statement in found.explain(application_id).statements:
                assert len(statement.short.zh) <= 40


def test_one_thing_is_changed_at_a_time() -> None:
    case = make_case(
        [
            {"application_id": "A1", "school_id": "S1", "merit": 90},
            {"application_id": "A2", "school_id": "S2", "merit": 80},
        ],
        pool={"amount": 1_000, "unit": 500},
        priority=[{"kind": "merit", "per": "amount"}],
    )
    found = allocate(case)
    raised = found.what_if("A2", merit=11)
    assert (raised.award, raised.fate, raised.leaving) == (1_000, "every", ("A1",))
    assert found.what_if("A2", merit=10).fate == "some"
    assert found.what_if("A2", pool=2_000).leaving == ()
    assert found.what_if("A2", withdrawn=["A1"]).fate == "every"
    assert found.what_if("A2", request=500).award == 0
    for wrong in ({}, {"merit": 1, "pool": 5}):
        with pytest.raises(UsageError, match="one thing"):
            found.what_if("A2", **wrong)
    with pytest.raises(UsageError, match="A9"):
        found.what_if("A9", merit=1)
