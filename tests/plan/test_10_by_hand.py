"""Beyond the plan's own text: decisions by hand, each with who and why, from several hands at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from helpers.rounds import awards, findings, make_case, scored_of

from optimizer.case.case import Case
from optimizer.diagnose import diagnose, edited
from optimizer.explain.reasons import reasons
from optimizer.pipe import allocate
from optimizer.problems.errors import CaseError, PolicyError
from optimizer.recheck import recheck
from optimizer.scoring.screening import screen

RULES = {
    ("clause", "fixed"): {
        "fund": [{"id": "A017", "reason": "pilot", "decided_by": "board"}, "A018"],
        "reason": "third meeting",
    }
}

BOARD = {
    "kind": "fixed",
    "name": "審查會",
    "fund": ["A4", {"id": "A3", "reason": "示範學校", "decided_by": "科長"}],
    "reason": "第 3 次會議",
    "decided_by": "審查會",
}
HEAD = {
    "kind": "fixed",
    "name": "局長",
    "refuse": [{"id": "A1", "reason": "另案補助"}],
    "decided_by": "局長",
}


def _case(*clauses: dict[str, Any]) -> Case:
    merits = {"A1": 95, "A2": 90, "A3": 85, "A4": 80}
    applications = [
        {"application_id": a, "school_id": f"S{a}", "merit": merit} for a, merit in merits.items()
    ]
    return make_case(
        applications, pool={"amount": 3_000}, clause=list(clauses), priority=[{"kind": "merit"}]
    )


def test_several_hands_decide_and_each_entry_may_have_its_own_grounds() -> None:
    case = _case(BOARD, HEAD)
    assert awards(case) == {"A1": 0, "A2": 1_000, "A3": 1_000, "A4": 1_000}
    assert [one[2] for one in findings(case, "審查會")] == [
        "funded by hand (審查會: 第 3 次會議)",
        "funded by hand (科長: 示範學校)",
    ]
    assert [one[2] for one in findings(case, "局長")] == ["not funded by hand (局長: 另案補助)"]
    assert recheck(case, scored_of(case)) == []


def test_who_and_why_stand_in_the_reasons_of_the_record() -> None:
    said = [reason.text.zh.partition("；")[0] for reason in reasons(allocate(_case(BOARD, HEAD)))]
    assert said == [
        "人工核定不予補助（局長：另案補助）",
        "依審查分數獲補助：若不補助本案，獲補助各案的分數合計會較低",
        "人工核定（科長：示範學校）",
        "人工核定（審查會：第 3 次會議）",
    ]


def test_the_sentences_name_whose_grounds_are_whose() -> None:
    board, head = _case(BOARD, HEAD).policy.clauses[-2:]
    assert board.sentence().zh == "指定補助 A4（審查會：第 3 次會議）、A3（科長：示範學校）。"
    assert head.sentence().zh == "指定不補助 A1（局長：另案補助）。"
    assert head.sentence().en == "A1 (局長: 另案補助) must not be funded."


def test_a_second_reading_that_takes_the_grounds_of_another_is_found_out() -> None:
    case = _case(BOARD)
    (rule,) = (r for r in case.policy.clauses if r.kind == "fixed")
    wrong = replace(rule, reason="第 4 次會議")
    told = replace(case.policy, clauses=(*case.policy.clauses[:-1], wrong))
    scored = scored_of(case)
    assert len(recheck(replace(case, policy=told), scored)) == 1  # A4's; A3 has grounds of its own


def test_two_hands_that_contradict_each_other_are_both_named() -> None:
    case = _case(BOARD, {**HEAD, "refuse": ["A3"], "reason": "重複申請"})
    with pytest.raises(CaseError) as caught:
        screen(case.records, case.policy)
    (problem,) = caught.value.problems
    assert (problem.code, problem.value) == ("contradiction", "A3")
    assert problem.column == "clause.審查會.fund, clause.局長.refuse"
    assert problem.message.zh == (
        "同一申請同時指定補助與不補助（補助，科長：示範學校；不補助，局長：重複申請）"
    )


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"id": "A9"}, "a decision by hand names no application"),
        ({"id": "A1", "because": "x"}, "unknown key"),
        ({"reason": "x"}, "is a key that is not there"),
        (17, "wrong value"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_said_with_its_place(entry: Any, said: str) -> None:
    with pytest.raises((PolicyError, CaseError)) as caught:
        case = _case({"kind": "fixed", "fund": [entry]})
        screen(case.records, case.policy)
    (problem,) = caught.value.problems
    assert problem.message.en == said and ".fund" in problem.column


def test_a_decision_withdrawn_leaves_the_grounds_of_the_others() -> None:
    pool = edited(_case(BOARD).policy, {"pool.amount": 1_000})
    diagnosis = diagnose(scored_of(_case(BOARD).under(pool)))
    lists = [r.new for r in diagnosis.repairs if r.key == "clause.審查會.fund"]
    assert lists == [[{"id": "A3", "reason": "示範學校", "decided_by": "科長"}], ["A4"]]
    for kept in lists:
        mended = edited(pool, {"clause.審查會.fund": kept})
        assert sum(awards(_case(BOARD).under(mended)).values()) == 1_000
