"""Small random cases with long decimals, large money and hostile ids, and what is true of them.

The oracle is brute force, and for who is eligible the merits themselves, as fractions.
"""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from typing import Any

from checks.adversaries import outcome
from helpers.rounds import make_case, random_application, random_policy, random_school, scored_of

from optimizer.case.case import Case
from optimizer.problems.errors import CaseError, Severity

IDS = (
    "-A1", "+1", "=SUM(A1:A9)", "@A", "A 1", "A-1", "A_1", "甲", "0001", "1", "1e5", "a,b", 'a"b', "NaN",
    "'1", "A;B", "%d", "{0}", "<b>", "\\n", "None", "學校 3", "A" * 200, "🏫",
)  # fmt: skip
DECIMALS = (0, 3, 7, 12, 14, 17, 18)
LARGEST_MONEY = 10**12
ORDINARY_MONEY = 10**5


def long_number(rng: random.Random, low: int, high: int) -> Fraction:
    """Draw a decimal of up to 18 places, at times within the last of them of a whole number."""
    tens = 10 ** rng.choice(DECIMALS)
    if rng.random() < 0.3:
        return Fraction(rng.randint(low, high) * tens + rng.randint(-1, 1), tens)
    return Fraction(rng.randint(low * tens, high * tens), tens)


def long_share(rng: random.Random) -> str:
    """Draw a share with up to 18 decimals, or a fraction whose denominator is as long."""
    if rng.random() < 0.3:
        return rng.choice(
            ("33.3333333333333333%", "66.66666666666666667%", "49.999999999999999999%")
        )
    below = rng.randint(2, 10**18)
    return f"{100 * rng.randint(0, below)}/{below}%"


def extreme_case(rng: random.Random, most_money: int) -> Case:
    """Make a case of up to seven applications whose numbers and names are as bad as may be."""
    count = rng.randint(1, 7)
    schools = [random_school(rng, i) for i in range(rng.randint(1, 5))]
    ids = rng.sample(IDS, count)
    scale = rng.choice([10**n for n in range(3, len(str(most_money)))])
    unit = rng.choice((1, 1, 100, max(1, scale // 1_000), max(1, scale // 10)))
    base, near = rng.randint(66, 90), rng.random() < 0.5
    applications = [
        {
            **random_application(rng, i, schools, (0,)),
            "application_id": ids[i],
            "merit": long_number(rng, base, base + 1) if near else long_number(rng, 60, 100),
            "requested": max(unit, rng.randint(scale // 2, 2 * scale) // unit * unit),
        }
        for i in range(count)
    ]
    document = random_policy(rng, count, rng.choice(("full", "full", "graded")))
    requested = [a["requested"] for a in applications]
    amounts = [0, rng.choice(requested), sum(requested) // 2, sum(requested) - rng.randint(0, 1)]
    document["pool"] = {"amount": rng.choice(amounts), "unit": unit}
    document["review"] = {"minimum_merit": rng.choice((Fraction(0), long_number(rng, 66, 80)))}
    document["clause"] = [_clause(rng, rule, ids, amounts, unit) for rule in document["clause"]]
    document["priority"] = [_priority(rng, rule, amounts) for rule in document["priority"]]
    named = {
        section: [{**rule, "name": f"{section} {n}"} for n, rule in enumerate(document[section])]
        for section in ("clause", "priority")
    }
    return make_case(applications, schools, **{**document, **named})


def _clause(
    rng: random.Random, rule: dict[str, Any], ids: list[str], amounts: list[int], unit: int
) -> dict[str, Any]:
    if rule["kind"] == "school_cap":
        return {**rule, "amount": max(unit, rng.choice(amounts))}
    if rule["kind"] == "fixed":
        return {**rule, "fund": [rng.choice(ids)]}
    return _quota(rng, rule, amounts) if rule["kind"] == "quota" else rule


def _quota(rng: random.Random, rule: dict[str, Any], amounts: list[int]) -> dict[str, Any]:
    names = [name for name in ("at_least", "at_most", "exactly") if name in rule]
    if len(names) > 1:
        return rule
    absolute = rng.choice(amounts) if rule["measure"] == "amount" else rng.randint(0, 3)
    return {
        **rule,
        names[0]: long_share(rng) if rng.random() < 0.6 and "column" in rule else absolute,
    }


def _priority(rng: random.Random, rule: dict[str, Any], amounts: list[int]) -> dict[str, Any]:
    if rule["kind"] == "merit" and rule.get("band"):
        return {**rule, "band": rng.choice((1, 5, max(long_number(rng, 0, 3), Fraction(1, 10**3))))}
    if rule["kind"] == "quota":
        return _quota(rng, rule, amounts)
    return {**rule, "give_up": long_share(rng)} if rng.random() < 0.1 else rule


def refusals_are_true(case: Case) -> None:
    """Those are refused for their merit whose merit is below the minimum, and nobody else."""
    least = case.policy.settings.review.minimum_merit
    table = case.records.applications
    refused = [r for r in scored_of(case).remarks if r.finding.severity is Severity.REFUSAL]
    ids = [(table["application_id"].iloc[r.finding.application], r.clause) for r in refused]
    said = {a for a, clause in ids if clause == "minimum_merit"}
    other = {a for a, clause in ids if clause != "minimum_merit"}
    pairs = zip(table["application_id"], table["merit"], strict=True)
    below = {a for a, merit in pairs if merit < least}
    assert below - other <= said <= below


def extremes_agree(number: int, engine: str, most_money: int) -> Counter[str]:
    """Solve one case by one engine; return how it ended: proved, honest, refused in words or empty."""
    case = extreme_case(random.Random(f"extreme {number}"), most_money)
    try:
        scored_of(case)
    except (
        CaseError
    ) as error:  # said before anything is solved; tests/diagnose holds that to be true
        assert {problem.code for problem in error.problems} == {"only_an_empty_list"}
        return Counter({"empty": 1})
    refusals_are_true(case)
    return Counter({outcome(case, engine): 1})
