"""Beyond the plan's own text: nobody gets less than a minimum award, or nothing (捌二(5))."""

from dataclasses import replace
from fractions import Fraction

import pytest
from helpers.rounds import awards, every_decision, findings, make_case, scored_of

from optimizer.diagnose import diagnose
from optimizer.facts.audit import audit
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import Severity
from optimizer.recheck import recheck

RULES = {("clause", "minimum_award"): {"amount": 3_000}}

LEAST = {"kind": "minimum_award", "amount": 3_000}
ROOM = {"amount": 100_000, "unit": 100}
PARTIAL = {"mode": "partial", "least_share": "50%"}
MERIT = [{"kind": "merit"}, {"kind": "amount"}]


def _asking(*amounts: int) -> list[dict]:
    return [
        {"application_id": f"A{i}", "school_id": f"S{i}", "requested": amount}
        for i, amount in enumerate(amounts, start=1)
    ]


def test_all_or_nothing_who_asks_for_less_is_told_so() -> None:
    case = make_case(_asking(3_000, 2_999), pool=ROOM, clause=[LEAST], priority=MERIT)
    assert awards(case) == {"A1": 3_000}
    said = "may get NT$2,900 at most, less than the minimum award of NT$3,000"
    assert findings(case, "minimum_award") == [("A2", Severity.REFUSAL, said)]
    assert recheck(case, scored_of(case)) == []


def test_what_other_rules_leave_is_what_counts() -> None:
    cap = {"kind": "school_cap", "amount": 2_500, "cut": True}
    case = make_case(_asking(6_000), pool=ROOM, clause=[cap, LEAST])
    assert [one[0] for one in findings(case, "minimum_award")] == ["A1"]
    assert recheck(case, scored_of(case)) == []


def test_of_partial_awards_it_is_the_least() -> None:
    """Half of 8,000 is more than the minimum; half of 5,000 is less, so the minimum holds."""
    case = make_case(_asking(8_000, 5_000, 2_000), pool=ROOM, award=PARTIAL, clause=[LEAST])
    round_ = scored_of(case).round
    assert round_.ids == ("A1", "A2")
    assert (round_.least.tolist(), round_.most.tolist()) == ([4_000, 3_000], [8_000, 5_000])
    assert recheck(case, scored_of(case)) == []


def test_a_minimum_between_two_units_goes_up_to_a_whole_one() -> None:
    pool = {"amount": 100_000, "unit": 1_000}
    rule = {**LEAST, "amount": 2_500}
    case = make_case(_asking(5_000, 2_999), pool=pool, award=PARTIAL, clause=[rule])
    round_ = scored_of(case).round
    assert (round_.ids, round_.least.tolist()) == (("A1",), [3_000])
    assert recheck(case, scored_of(case)) == []


def test_of_graded_awards_the_grade_decides_what_there_is() -> None:
    graded = {"mode": "graded", "grades": [[70, "50%"]]}
    case = make_case(_asking(6_000, 5_000), pool=ROOM, award=graded, clause=[LEAST])
    assert scored_of(case).round.ids == ("A1",)
    assert recheck(case, scored_of(case)) == []


def test_a_second_reading_that_forgets_it_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(_asking(8_000, 5_000), pool=ROOM, award=PARTIAL, clause=[LEAST])
    scored = scored_of(case)
    forgotten = replace(scored.round, least=scored.round.most // 2)
    assert len(recheck(case, replace(scored, round=forgotten))) == 1


def test_the_audit_knows_every_award_that_is_too_small() -> None:
    case = make_case(_asking(2_000), pool={"amount": 9_000, "unit": 500}, award=PARTIAL)
    ruled = case.under(
        make_policy({**case.policy.document, "clause": [{**LEAST, "amount": 1_500}]})
    )
    free = scored_of(case).round
    passed = {int(d.award[0]): audit(free, ruled.policy, d) == [] for d in every_decision(free)}
    assert passed == {0: True, 1_000: False, 1_500: True, 2_000: True}


def test_one_more_is_funded_where_all_would_get_too_little() -> None:
    """NT$5,000 for two who ask for 4,000: 2,500 each, or one of them with all of it."""
    pool = {"amount": 5_000, "unit": 500}
    both = make_case(_asking(4_000, 4_000), pool=pool, award=PARTIAL, priority=MERIT)
    assert sorted(awards(both).values()) == [2_000, 3_000]
    one = both.under(make_policy({**both.policy.document, "clause": [LEAST]}))
    assert sorted(awards(one).values()) == [0, 4_000]


def test_where_it_stands_in_the_way_the_diagnosis_says_how_much_less_would_do() -> None:
    must = {"kind": "fixed", "fund": ["A1", "A2"]}
    case = make_case(
        _asking(4_000, 4_000),
        pool={"amount": 5_000, "unit": 500},
        award=PARTIAL,
        clause=[LEAST, must],
    )
    repairs = {r.key: r for r in diagnose(scored_of(case)).repairs}
    found = repairs["clause.minimum_award.amount"]
    assert (found.new, found.price, found.proved) == (2_500, Fraction(500), True)
    assert found.text.zh == "將每案最低補助由 3,000 元降為 2,500 元（減少 500 元）"
    assert repairs["pool.amount"].new == 6_000
