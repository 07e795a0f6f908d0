"""The price of each rule: the round without it, held against brute force."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from helpers.results import SCHOOLS, small_case
from helpers.rounds import brute_force, random_case, scored_of
from helpers.slow import first_quick, numbers

from optimizer import PriceOfRules, price_of_rules
from optimizer.facts.measures import MEASURES, Measures
from optimizer.facts.standing import FundingLine


def test_every_rule_of_the_policy_has_a_price_and_the_pool_has_none() -> None:
    prices = price_of_rules(small_case(), language="en")
    assert list(prices.frame["rule"]) == [
        "review.minimum_merit",
        *("clause.programme", "clause.members", "clause.school_cap"),
        *("priority.coverage", "priority.merit", "priority.balance"),
    ]
    assert prices.proved and set(prices.frame["status"]) == {"optimal"}
    without = small_case(review={"minimum_merit": 0}, clause=[], priority=[])
    assert list(price_of_rules(without).frame["rule"]) == []
    assert "without each of 7" in repr(prices) and "School cap" in prices._repr_html_()


def test_who_moves_is_told_with_the_school_and_what_it_comes_to_in_a_sentence() -> None:
    prices = price_of_rules(small_case())
    row = prices.frame.set_index("rule").loc["clause.programme"]
    moves = prices.moves[prices.moves["rule"] == "clause.programme"]
    assert (moves["move"] == "in").sum() == row["entering"] == 2
    entering = moves.set_index("application_id").loc["A7"]
    names = {school["school_id"]: school["name"] for school in SCHOOLS}
    assert entering["school"] == names["064604"]
    assert "新獲補助 2 件" in row["said"] and "優先順序「" in row["said"]
    english = price_of_rules(small_case(), language="en").frame.set_index("rule")["said"]
    assert "2 in" in english["clause.programme"]
    same = prices.frame[prices.frame["entering"] + prices.frame["leaving"] == 0]
    assert len(same) and set(same["said"]) == {"名單相同。"}


@pytest.mark.parametrize("number", first_quick(numbers(30, 10), 2))
def test_the_round_without_a_rule_is_the_one_that_brute_force_finds(number: int) -> None:
    case = random_case(random.Random(f"price of rules {number}"), 5)
    prices = price_of_rules(case)
    frame, figures = prices.frame.set_index("rule"), prices.figures.set_index(["rule", "figure"])
    assert len(frame) == len(prices.rules) > 0
    for name, rule in zip(frame.index, prices.rules, strict=True):
        listed = rule.section in ("clause", "priority")
        policy = case.policy.without_rule(rule) if listed else case.policy.with_(minimum_merit=0)
        round_ = scored_of(case.under(policy)).round
        found = brute_force(round_, policy)
        assert (frame.loc[name, "status"] == "infeasible") == (found is None)
        if found is None or prices.comparison.outcomes[0].allocation is None:
            assert name not in figures.index.get_level_values("rule")
            continue
        line = FundingLine.of(round_, policy.settings.pool.available)
        measures = Measures.of(round_, found[1], line).figures
        for figure in MEASURES:
            said = figures.loc[(name, figure), "other_exact"]
            assert (Fraction(said) if said else None) == measures[figure], (name, figure)
        assert figures.loc[(name, "spent"), "other"] == found[1].award.sum()


def test_a_round_that_no_list_obeys_says_so_and_which_rule_frees_it() -> None:
    quota = {"kind": "quota", "column": "level", "value": "junior_high", "at_least": 9}
    prices: PriceOfRules = price_of_rules(small_case(clause=[quota]), language="en")
    status = prices.frame.set_index("rule")["status"]
    assert status["clause.quota.level.junior_high"] == "optimal"
    assert status["priority.merit"] == "infeasible" and prices.moves.empty
    assert "quota" in prices.frame.set_index("rule").loc["priority.merit", "said"].lower()
