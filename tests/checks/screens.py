"""Random applications for the rules that look at single ones, and random keys for these rules."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any

import pandas as pd
from helpers.rounds import (
    APPLICATIONS_DIFFER,
    SCHOOLS_DIFFER,
    make_case,
    random_school,
    random_sizes,
    with_reviews,
)

from optimizer.case.case import Case
from optimizer.clauses import Clause, Finding, registry
from optimizer.clauses.budget import NAMES
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.tables.schema import METHODS, TYPES

Kind = tuple[str, str]


SCREENS = [
    kind
    for kind, rule in registry().items()
    if rule.screen is not Clause.screen or rule.screen_merit is not Clause.screen_merit
]


BUDGET = ("clause", "budget_lines")  # has tests of its own at the end
SCALE = {"needs": 20, "budget": 10}


def random_application(rng: random.Random, number: int) -> dict[str, Any]:
    return {
        "application_id": f"A{number}",
        "school_id": rng.choice(("S1", "S2")),
        "type": rng.choice([*(t.key for t in TYPES), "choir", ""]),
        "methods": tuple(rng.sample([*(m.key for m in METHODS), "karaoke"], rng.randint(0, 3))),
        "convener": rng.choice(("王○明", "", "王○明、林○華", "Ann Lee", "、")),
        "members": rng.choice((pd.NA, 1, 3, 5, 6, 9)),
        "meetings": rng.choice((pd.NA, 0, 5, 6, 7)),
        "requested": rng.choice((0, 1, 4_900, 5_000, 5_001)),
        "own_funds": rng.choice((pd.NA, 0, 1, 500, 5_000)),
        "partners": tuple(rng.sample(("S1", "S2", "S3", "S9"), rng.choice((0, 0, 1, 2)))),
        "submitted_on": rng.choice(
            (None, date(2014, 1, 1), date(2014, 1, 2), date(2014, 1, 9), date(2014, 1, 10))
        ),
        "prior_outcome": rng.choice(("", "reported", "missing")),
        **{column: rng.choice(APPLICATIONS_DIFFER[column]) for column in ("title", "fields")},
    }


def action(rng: random.Random) -> str:
    return rng.choice(("refusal", "flag"))


RANDOM_KEYS: dict[Kind, Callable[[random.Random], dict[str, Any]]] = {
    ("clause", "programme"): lambda rng: {"action": action(rng)},
    ("clause", "types"): lambda rng: {
        "accepted": rng.sample([t.key for t in TYPES], 3),
        "action": action(rng),
    },
    ("clause", "methods"): lambda rng: {
        "accepted": rng.sample([m.key for m in METHODS], 4),
        "minimum": rng.randint(0, 2),
        "action": action(rng),
    },
    ("clause", "convener"): lambda rng: {"action": action(rng)},
    ("clause", "members"): lambda rng: {
        "minimum": rng.choice((0, 3, 5)),
        "recommended": rng.choice((0, 5, 6)),
    },
    ("clause", "meetings"): lambda rng: {"minimum": rng.randint(0, 7), "action": action(rng)},
    ("clause", "deadline"): lambda rng: {
        "first": rng.choice((None, "2014-01-02")),
        "last": "2014-01-09",
        "missing": action(rng),
        "action": action(rng),
    },
    ("clause", "joint"): lambda rng: {"action": action(rng)},
    ("clause", "prior_outcome"): lambda rng: {"action": action(rng)},
    ("clause", "own_funds"): lambda rng: {
        "least_share": rng.choice(("0%", "10%", "1/3")),
        "action": action(rng),
    },
    ("clause", "school_cap"): lambda rng: {
        "amount": rng.choice((4_900, 5_000)),
        "cut": rng.random() < 0.5,
        **random_sizes(rng),
    },
    ("clause", "minimum_award"): lambda rng: {"amount": rng.choice((0, 4_900, 5_000, 5_001))},
    ("clause", "promise"): lambda rng: {
        "kept": {"A0": 1_000},
        "withdrawn": rng.choice((["A1"], [])),
        "reduced": rng.choice(({"A2": 900}, {"A3": 5_000}, {})),
    },
    ("clause", "fixed"): lambda rng: {
        "fund": [
            "A0",
            {"id": "A2", "reason": "第 3 次會議", "decided_by": rng.choice(("", "科長"))},
        ],
        "refuse": rng.choice((["A1"], [])),
        "decided_by": rng.choice(("", "局長")),
    },
    ("review", "minimum_merit"): lambda rng: {"points": rng.choice((0, 15, "15.5"))},
    ("review", "minimum_points"): lambda rng: {"points": {"budget": rng.choice((3, 5))}},
}


@cache
def random_round(number: int) -> tuple[list[dict[str, Any]], Case]:
    """Draw six applications of three schools, the second of them in the programme; for every rule the same."""
    rng = random.Random(f"round {number}")
    applications = [random_application(rng, number) for number in range(6)]
    for a in applications:
        a["marks"] = [rng.choice((10, 11)), rng.choice((3, 4, 5))]
    schools = [
        {
            **random_school(rng, number),
            **{column: rng.choice(values) for column, values in SCHOOLS_DIFFER.items()},
            "evaluation_programme": number == 2,
        }
        for number in (1, 2, 3)
    ]
    plain = [{k: v for k, v in a.items() if k != "marks"} for a in applications]
    for a in applications:
        a["lead"] = next(school for school in schools if school["school_id"] == a["school_id"])
    case = make_case(plain, schools, pool={"amount": 1}, review={"criteria": SCALE})
    return applications, with_reviews(
        case, {a["application_id"]: {"R": a["marks"]} for a in applications}
    )


def said_by(rule: Clause, case: Case) -> list[Finding]:
    """Let a rule look at every application, those that cannot be awarded anything included."""
    found = list(rule.screen(case.records))
    everyone = replace(screen(case.records, case.policy), eligible=pd.Series([True] * 6).to_numpy())
    return [*found, *rule.screen_merit(score(everyone).round)]


def random_line(rng: random.Random) -> tuple[str, Any, Any, int]:
    item = rng.choice(NAMES)
    quantity = rng.choice((1, 2, 3, "0.5", "1.5", None)) if rng.random() < 0.9 else None
    price = rng.choice((800, 1_600, 2_000, 333, "66.5", 100)) if rng.random() < 0.9 else None
    if quantity is None or price is None or rng.random() < 0.2:
        return item, quantity, price, rng.choice((0, 64, 100, 250, 1_600))
    return item, quantity, price, floor(Fraction(quantity) * Fraction(price))
