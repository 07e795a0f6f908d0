"""What the list says of each application is so: every reason is held against the audits."""

from __future__ import annotations

import pickle
import random
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from helpers.rounds import brute_force, every_decision, make_case, random_case, scored_of
from helpers.slow import numbers

from optimizer import allocate
from optimizer.case.case import Case
from optimizer.explain import possible as module
from optimizer.explain.possible import never_funded
from optimizer.explain.reasons import Reason, reasons
from optimizer.facts.audit import audit, values
from optimizer.problems.errors import InfeasibleError
from optimizer.program.near import near
from optimizer.program.rows import Decision
from optimizer.result.allocation import Allocation
from optimizer.scoring.build import build_program
from optimizer.solving import found_on


def reason_of(allocation: Allocation) -> dict[str, Reason]:
    """Return the reason of each eligible application."""
    said, position = reasons(allocation), allocation.scored.round.position
    return {i: said[row] for i, row in zip(allocation.scored.round.ids, position, strict=True)}


def changed(allocation: Allocation, a: int, amount: int) -> Decision:
    """Return the decision with another award for one application."""
    award = allocation.decision.award.copy()
    award[a] = amount
    return Decision.of(award)


def held(allocation: Allocation, a: int, reason: Reason) -> None:
    """Hold the reason of one that got nothing against the audits, which know no reasons."""
    round_, policy = allocation.scored.round, allocation.case.policy
    added = changed(allocation, a, int(round_.least[a]))
    broken = {violation.clause for violation in audit(round_, policy, added)}
    kinds = {rule.kind for rule in policy.clauses if rule.label in broken}
    if reason.code == "priority":
        before, after = (values(round_, policy, d) for d in (allocation.decision, added))
        assert not broken
        assert any(after[goal] < before[goal] for goal in before)
    elif reason.code not in ("draw", "impossible"):
        assert reason.code in kinds
        if (reason.why, reason.code) == ("others", "pool"):
            assert kinds == {"pool"}  # said only where no other rule is
    if reason.why == "sister":
        assert only_without(allocation, a, reason.sisters)


def only_without(allocation: Allocation, a: int, sisters: tuple[int, ...]) -> bool:
    """Say whether taking from those of its own school is all that its rule needs."""
    round_, decision = allocation.scored.round, allocation.decision
    school = {int(round_.school[s]) for s in sisters}
    return school == {int(round_.school[a])} and all(decision.fund[s] for s in sisters)


def held_of_funded(allocation: Allocation, a: int, reason: Reason) -> None:
    """Hold the reason of one that is funded against the list without it."""
    round_, policy = allocation.scored.round, allocation.case.policy
    without = changed(allocation, a, 0)
    before, after = (values(round_, policy, d) for d in (allocation.decision, without))
    broken = {violation.clause for violation in audit(round_, policy, without)}
    fixed = {rule.label for rule in policy.clauses if rule.kind == "fixed"}
    if reason.code == "fixed":
        assert broken & fixed
    elif reason.code == "coverage" and "conditions being equal" not in reason.clause.en:
        assert after["coverage"] == before["coverage"] - 1
    else:  # coverage, too, may decide between two lists that each cover its district
        assert not broken & fixed
        assert after.get("coverage") == before.get("coverage")


@pytest.mark.slow
def test_every_reason_is_so() -> None:
    seen: Counter[str] = Counter()
    for number in numbers(200, 80):
        case = random_case(random.Random(f"reasons{number}"))
        try:
            allocation = allocate(case)
        except InfeasibleError:
            continue
        for a, reason in enumerate(reason_of(allocation).values()):
            (held_of_funded if allocation.decision.fund[a] else held)(allocation, a, reason)
            seen[reason.code] += 1
    named = ("pool", "school_cap", "quota", "fixed", "coverage", "merit", "priority", "draw")
    assert min(seen[code] for code in named) > 2, seen


@pytest.mark.slow
def test_whom_no_list_can_fund_is_known_and_nobody_else_is_said_to_be() -> None:
    seen: Counter[str] = Counter()
    for number in range(40):
        rng = random.Random(f"possible{number}")
        scored = scored_of(random_case(rng, 6, "full"))
        program = build_program(scored)
        every = every_decision(scored.round)
        lists = [d for d in every if all(rows.held(d).all() for rows in program.rows)]
        if lists:
            some_list, fund = rng.choice(lists), np.array([d.fund for d in lists])
            possible = set(np.flatnonzero(fund.any(axis=0)).tolist())
            told = never_funded(program, some_list)
            assert told.never.keys() == set(range(program.size)) - possible
            assert not told.open
            found = set(near(program, some_list, range(program.size)))
            assert found <= possible
            seen.update(
                found=len(found), possible=len(possible), never=program.size - len(possible)
            )
    assert seen["found"] > 0.9 * seen["possible"] > 0 and seen["never"] > 10, seen


AT_MOST_ONE = {"kind": "quota", "column": "type", "value": "grade", "at_most": 1}
HALF = {"kind": "quota", "column": "type", "value": "other", "at_least": "50%"}
REFUSED = {"kind": "fixed", "refuse": ["A2"], "decided_by": "board", "reason": "twice"}
CAP = {"kind": "school_cap", "amount": 1_500}


@pytest.mark.parametrize(
    ("clauses", "code", "said"),
    [
        ([], "merit", ""),
        ([CAP], "school_cap", "its school receives NT$1,000; NT$1,000 more would exceed the cap"),
        ([AT_MOST_ONE], "quota", "at most 1 funded application. With this one it is 2"),
        ([CAP, REFUSED], "fixed", "refused by hand (board: twice)"),
        ([CAP, AT_MOST_ONE], "school_cap", "its school receives"),
        ([AT_MOST_ONE, CAP], "quota", "With this one it is 2"),
    ],
)
def test_the_first_rule_that_stands_against_it_is_named(
    clauses: list[dict[str, Any]], code: str, said: str
) -> None:
    applications = [
        {"application_id": i, "merit": merit, "school_id": "S1"}
        for i, merit in (("A1", 90), ("A2", 80))
    ]
    case = make_case(applications, clause=clauses, priority=[{"kind": "merit"}])
    reason = reason_of(allocate(case))["A2"]
    assert reason.code == code
    assert said in reason.text.en


def test_where_no_rule_stands_against_it_the_priorities_do_if_they_are_settled() -> None:
    applications = [{"application_id": i, "school_id": i} for i in ("A1", "A2")]
    priorities = [AT_MOST_ONE, {"kind": "merit"}]
    allocation = allocate(make_case(applications, priority=priorities))
    certain = replace(allocation.solution, certainty=("every", "none"))
    for solution, code, said in (
        (certain, "priority", "by the priorities the list would be worse with it added; "),
        (
            replace(certain, drawn=False),
            "unsettled",
            "solving did not finish, so it may belong on the list; ",
        ),
    ):
        settled = replace(allocation, solution=solution, decision=Decision.of([1_000, 0]))
        reason = reason_of(settled)["A2"]
        assert reason.code == code
        assert said in reason.text.en


def test_a_share_is_said_with_the_figures_that_it_would_come_to() -> None:
    kinds = {"A1": "other", "A2": "grade", "A3": "grade"}
    applications = [
        {"application_id": i, "type": kind, "school_id": i, "merit": 70 + n}
        for n, (i, kind) in enumerate(kinds.items())
    ]
    case = make_case(applications, clause=[HALF], priority=[{"kind": "merit"}])
    allocation = allocate(case)
    assert np.flatnonzero(allocation.decision.fund).tolist() == [0, 2]
    reason = reason_of(allocation)["A2"]
    assert reason.code == "quota"
    assert (
        "With this one it is 1, of 3 for all that are funded; with it in the place"
        in reason.text.en
    )
    assert "加上本案即為 1 件（全部獲補助者合計 3 件）；" in reason.text.zh


def test_what_is_kept_is_said_where_it_decides_and_nowhere_else() -> None:
    """Who would be funded were nothing kept, by all lists, reads that it is; only they do."""
    seen: Counter[tuple[str, bool]] = Counter()
    for number in range(16):
        rng = random.Random(f"kept {number}")
        rows = [
            {"application_id": f"A{n}", "school_id": f"S{n // 2}", "merit": rng.randint(70, 99),
             "requested": rng.choice((1_000, 2_000, 3_000))}
            for n in range(6)
        ]  # fmt: skip
        kept = {str(r["application_id"]): r["requested"] for r in (rows[number % 2], rows[2])}
        rules = [{"kind": "school_cap", "amount": 4_000}, {"kind": "promise", "kept": kept}]
        by_merit = [{"kind": "merit", "per": "amount"}]
        found = allocate(
            make_case(rows, pool={"amount": 7_000, "unit": 1_000}, clause=rules, priority=by_merit)
        )
        free = found.case.policy.without("clause.promise")
        truth = brute_force(found.scored.round, free)
        assert truth is not None
        for a, reason in enumerate(reason_of(found).values()):
            if not found.decision.fund[a] and reason.why != "draw":
                said = "已公布之核定不收回" in reason.clause.zh or "為前提" in reason.clause.zh
                assert said == (truth[2][a] != "none"), reason.clause.zh
                seen[reason.code, said] += 1
    assert min(seen[code, said] for code in ("pool", "school_cap") for said in (True, False)), seen


def test_reasons_are_worked_out_once_for_a_result_and_stay_out_of_its_pickle() -> None:
    found = allocate(random_case(random.Random("kept"), 5))
    assert reasons(found) is reasons(found)
    again = pickle.loads(pickle.dumps(found))
    assert "_reasons" in vars(found) and "_reasons" not in vars(again)
    assert reasons(again) == reasons(found)


@pytest.mark.parametrize(("share", "zh", "en"), [("50%", "加上本案至少 500 元將", "; at least NT$500 more"), ("100%", "加上本案 1,000 元將", "; NT$1,000 more")])  # fmt: skip
def test_the_least_of_several_amounts_is_said_to_be_the_least(share: str, zh: str, en: str) -> None:
    applications = [
        {"application_id": i, "merit": merit, "school_id": "S1", "requested": 1_000}
        for i, merit in (("A1", 90), ("A2", 80))
    ]
    rules = [{"kind": "school_cap", "amount": 1_000}, {"kind": "fixed", "fund": ["A1"], "decided_by": "x", "reason": "y"}]  # fmt: skip
    case = make_case(
        applications,
        award={"mode": "partial", "least_share": share},
        clause=rules,
        priority=[{"kind": "merit", "per": "amount"}],
    )
    reason = reason_of(allocate(case))["A2"]
    assert zh in reason.text.zh and en in reason.text.en


def narrow_shares(rng: random.Random) -> Case:
    """Return a round whose money is divided among types within a window."""
    applications = [
        {"application_id": f"A{n}", "school_id": f"S{n // 2}", "merit": rng.randint(70, 99),
         "type": rng.choice(("grade", "subject")), "requested": rng.randrange(1_000, 4_000, 100)}
        for n in range(9)
    ]  # fmt: skip
    share = rng.randint(30, 60)
    window = {"at_least": f"{share}%", "at_most": f"{share + rng.choice((1, 4))}%"}
    rules = [
        {"kind": "school_cap", "amount": 5_000},
        {"kind": "quota", "column": "type", "value": "grade", "measure": "amount", **window},
        {"kind": "quota", "column": "type", "value": "grade", "measure": "count", "at_least": 1},
    ]
    by_merit = [{"kind": "merit", "per": "amount"}]
    return make_case(
        applications, pool={"amount": 12_000, "unit": 100}, clause=rules, priority=by_merit
    )


@pytest.mark.parametrize("close", [True, False])
def test_where_shares_are_narrow_close_lists_and_few_questions_tell_who_is_on_any_list(
    close: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By every list there is; without the close lists, so many questions alone tell as much."""
    if not close:
        monkeypatch.setattr(module, "near", lambda *_: iter(()))
    seen: Counter[str] = Counter()
    for number in range(30):
        scored = scored_of(narrow_shares(random.Random(f"narrow {number}")))
        program = build_program(scored)
        every = every_decision(scored.round)
        lists = [d for d in every if all(rows.held(d).all() for rows in program.rows)]
        if lists:
            possible = set(np.flatnonzero(np.array([d.fund for d in lists]).any(axis=0)).tolist())
            told = never_funded(program, lists[0])
            assert told.never.keys() == set(range(program.size)) - possible and not told.open
            seen.update(never=len(told.never), solved=told.questions)
    assert seen["never"] > 30 and seen["solved"] > 10, seen


def test_what_so_few_questions_do_not_tell_is_said_not_to_be_worked_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No list is said to be worse that may not be there, and nobody to be on none."""
    monkeypatch.setattr(module, "near", lambda *_: iter(()))
    monkeypatch.setattr(found_on, "_ask", lambda *_, found: setattr(found, "questions", 1))
    monkeypatch.setattr(found_on, "EFFORT", 1)
    said = Counter()
    for number in range(12):
        try:
            allocation = allocate(narrow_shares(random.Random(f"narrow {number}")))
        except InfeasibleError:
            continue
        told = never_funded(allocation.program, allocation.decision)
        assert allocation.summary["not_worked_out"] == len(told.open)
        for a, reason in enumerate(reason_of(allocation).values()):
            assert "in the place of others the list would be worse" not in reason.text.en or (
                a not in told.open
            )
            assert reason.why != "impossible" or a in told.never
            if "was not worked out within 1 solve" in reason.text.en:
                assert a in told.open and "求解 1 次未能斷定" in reason.text.zh
                said["open"] += 1
    assert said["open"] > 5, said
