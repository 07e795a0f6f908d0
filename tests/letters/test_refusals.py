"""What the ineligible are told: every rule, the figures, what is required, and for next year."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from checks.screens import BUDGET, RANDOM_KEYS, SCREENS, Kind, random_line, random_round
from helpers.rounds import make_case, scored_of, with_budget, with_reviews

from optimizer.case.case import Case
from optimizer.clauses import registry
from optimizer.language.text import EMPTY, LANGUAGES
from optimizer.letters.refusals import refusals
from optimizer.policy.policy import make_policy

NOTHING_TO_DO = ("fixed", "promise")  # what was decided by hand, and who has withdrawn


def sized(case: Case) -> Case:
    """Fill in the sizes of schools that have none: a cap by size asks for them."""
    schools = case.records.schools.fillna({"students": 40, "classes": 6})
    return replace(case, records=replace(case.records, schools=schools))


def rounds_of(kind: Kind, rng: random.Random) -> Iterator[Case]:
    """Yield random rounds under one rule that refuses whom it can."""
    section, name = kind
    for number in range(8):
        case = sized(random_round(number)[1])
        keys = RANDOM_KEYS[kind](rng) if kind != BUDGET else {"missing": "refusal"}
        keys = {**keys, **({"action": "refusal"} if "action" in keys or kind == BUDGET else {})}
        review = {**case.policy.document["review"]}
        if section == "review":
            review |= {name: keys["points"]}
        rules = (
            {"clause": [{"kind": name, "reference": "伍", **keys}]} if section == "clause" else {}
        )
        policy = make_policy({**case.policy.document, **rules, "review": review})
        if kind == BUDGET:
            lines = [(f"A{rng.randrange(5)}", *random_line(rng)) for _ in range(9)]
            case = with_budget(case, lines)
        yield case.under(policy)


@pytest.mark.parametrize("kind", [k for k in SCREENS if k[1] not in NOTHING_TO_DO], ids="_".join)
def test_every_rule_that_refuses_says_what_to_do_next_year(kind: Kind) -> None:
    told = [
        refusal
        for case in rounds_of(kind, random.Random(f"next {kind}"))
        for mine in refusals(scored_of(case)).values()
        for refusal in mine
        if refusal.rule.zh != "申請金額"
    ]
    assert told
    for refusal in told:
        later = refusal.next_time
        for language in LANGUAGES:
            rule, asked = refusal.rule.say(language), refusal.asked.say(language)
            assert rule
            assert asked
            said = refusal.later.say(language)
            assert (asked in later.say(language)) == ("{asked}" in said)  # in the rule's own words
            assert "{" not in later.say(language)
        assert "請" in later.zh  # advice, no condition
        assert refusal.section == ("伍" if kind[0] == "clause" else "")
        assert refusal.by_merit == (kind[0] == "review")


def test_who_is_below_the_minimum_is_told_how_far() -> None:
    case = make_case(
        [{"application_id": "A1"}], review={"minimum_merit": 70, "criteria": {"a": 100}}
    )
    case = with_reviews(case, {"A1": {"R1": [59], "R2": [59], "R3": [60]}})
    [refusal] = refusals(scored_of(case))[0]
    assert (
        refusal.next_time.zh == "請充實計畫內容，使審查分數達及格分數（至少 70 分，尚差 10.67 分）"
    )
    assert refusal.next_time.en == (
        "improve the plan until its merit reaches the minimum (at least 70 points, 10.67 more)"
    )


@pytest.mark.parametrize(
    ("document", "application", "later"),
    [
        ({"pool": {"amount": 9_000, "unit": 500}}, {"requested": 400}, "請確認申請金額至少 500 元"),
        (
            {"award": {"mode": "graded", "grades": [[85, "100%"], [80, "50%"]]}},
            {"merit": 77},
            "請充實計畫內容，使審查分數達補助級距（至少 80 分，尚差 3 分）",
        ),
    ],
)  # fmt: skip
def test_what_no_rule_says_is_said_too(
    document: dict[str, Any], application: dict[str, Any], later: str
) -> None:
    case = make_case([{"application_id": "A1", **application}], **document)
    [refusal] = refusals(scored_of(case))[0]
    assert refusal.next_time.zh == later


def test_no_rule_is_called_by_what_must_not_be() -> None:
    """Beside what was found against an application, "not in the programme: is in it" says its contrary."""
    assert not [c.title.zh for c in registry().values() if c.title.zh[0] in "未不非無免"]


def test_the_withdrawn_have_nothing_to_see_to() -> None:
    rule = {"kind": "promise", "kept": {}, "withdrawn": ["A1"]}
    case = make_case([{"application_id": "A1"}], clause=[rule])
    [refusal] = refusals(scored_of(case))[0]
    assert refusal.next_time == EMPTY
