"""Every screen against a plain reading of it, one application at a time, and both outcomes seen."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

import pandas as pd
import pytest
from helpers.rounds import make_case, with_budget, with_reviews

from optimizer.case.case import Case
from optimizer.clauses import Clause, Finding, registry
from optimizer.clauses.budget import NAMES
from optimizer.policy.policy import adapter
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
    ("clause", "school_cap"): lambda rng: {"amount": rng.choice((4_900, 5_000))},
    ("clause", "fixed"): lambda rng: {"fund": ["A0"], "refuse": rng.choice((["A1"], []))},
    ("review", "minimum_merit"): lambda rng: {"points": rng.choice((0, 15, "15.5"))},
    ("review", "minimum_points"): lambda rng: {"points": {"budget": rng.choice((3, 5))}},
}

REFUSED, FLAGGED = "refusal", "flag"


def counts(value: Any) -> int:
    return -1 if value is pd.NA else int(value)


def in_window(day: date | None, keys: Any) -> bool:
    return day is not None and str(keys.get("first") or "") <= str(day) <= keys["last"]


def partners_ok(a: Any) -> bool:
    return all(p in ("S1", "S2", "S3") and p != a["school_id"] for p in a["partners"])


def methods_say(a: Any, k: Any) -> set[str]:
    said = {FLAGGED} if set(a["methods"]) - set(k["accepted"]) else set()
    few = len(set(a["methods"]) & set(k["accepted"])) < k["minimum"]
    return said | ({k["action"]} if few else set())


def members_say(a: Any, k: Any) -> set[str]:
    if counts(a["members"]) < k["minimum"]:
        return {REFUSED}
    return {FLAGGED} if counts(a["members"]) < k["recommended"] else set()


def own_funds_say(a: Any, k: Any) -> set[str]:
    own = max(0, counts(a["own_funds"]))
    share = k["least_share"]
    least = Fraction(share[:-1]) / 100 if share.endswith("%") else Fraction(share)
    if own < least * (own + a["requested"]):
        return {k["action"]}
    return {FLAGGED} if own else set()


def unless(fine: bool, said: str) -> set[str]:
    return set() if fine else {said}


PLAINLY: dict[Kind, Callable[[Any, Any], set[str]]] = {
    ("clause", "programme"): lambda a, k: unless(a["school_id"] != "S2", k["action"]),
    ("clause", "types"): lambda a, k: unless(a["type"] in k["accepted"], k["action"]),
    ("clause", "methods"): methods_say,
    ("clause", "convener"): lambda a, k: unless(a["convener"] in ("王○明", "Ann Lee"), k["action"]),
    ("clause", "members"): members_say,
    ("clause", "meetings"): lambda a, k: unless(counts(a["meetings"]) >= k["minimum"], k["action"]),
    ("clause", "deadline"): lambda a, k: unless(
        in_window(a["submitted_on"], k), k["missing" if a["submitted_on"] is None else "action"]
    ),
    ("clause", "joint"): lambda a, k: unless(partners_ok(a), k["action"]),
    ("clause", "prior_outcome"): lambda a, k: unless(a["prior_outcome"] != "missing", k["action"]),
    ("clause", "own_funds"): own_funds_say,
    ("clause", "school_cap"): lambda a, k: unless(a["requested"] <= k["amount"], FLAGGED),
    ("clause", "fixed"): lambda a, k: unless(
        a["application_id"] not in (*k["fund"], *k["refuse"]), FLAGGED
    ),
    ("review", "minimum_merit"): lambda a, k: unless(
        sum(a["marks"]) >= Fraction(k["points"]), REFUSED
    ),
    ("review", "minimum_points"): lambda a, k: unless(
        a["marks"][1] >= k["points"]["budget"], REFUSED
    ),
}


def random_round(rng: random.Random) -> tuple[list[dict[str, Any]], Case]:
    applications = [random_application(rng, number) for number in range(6)]
    for a in applications:
        a["marks"] = [rng.choice((10, 11)), rng.choice((3, 4, 5))]
    schools = [
        {"school_id": "S1"},
        {"school_id": "S2", "evaluation_programme": True},
        {"school_id": "S3"},
    ]
    plain = [{k: v for k, v in a.items() if k != "marks"} for a in applications]
    case = make_case(plain, schools, pool={"amount": 1}, review={"criteria": SCALE})
    return applications, with_reviews(
        case, {a["application_id"]: {"R": a["marks"]} for a in applications}
    )


@pytest.mark.parametrize("kind", [k for k in SCREENS if k != BUDGET], ids="-".join)
def test_a_screen_agrees_with_a_plain_reading_of_it(kind: Kind) -> None:
    assert kind in PLAINLY, f"{kind} needs a plain reading"
    seen: set[bool] = set()
    for number in range(60):
        rng = random.Random(f"{kind}{number}")
        applications, case = random_round(rng)
        keys = RANDOM_KEYS[kind](rng)
        rule = adapter(registry()[kind]).validate_python(keys)
        found = said_by(rule, case)
        for row, application in enumerate(applications):
            said = {str(f.severity) for f in found if f.application == row}
            assert said == PLAINLY[kind](application, keys), (keys, application)
            seen.add(bool(said))
    assert seen == {True, False}, "both outcomes must have been seen"


def said_by(rule: Clause, case: Case) -> list[Finding]:
    """Let a rule look at every application, those that cannot be awarded anything included."""
    found = list(rule.screen(case.records))
    everyone = replace(screen(case.records, case.policy), eligible=pd.Series([True] * 6).to_numpy())
    return [*found, *rule.screen_merit(score(everyone).round)]


# --- budgets ------------------------------------------------------------------------------------

LIMITS = {
    "external_lecturer": (2, 1_600),
    "internal_lecturer": (4, 800),
    "consultation": (2, 2_000),
}


def plain_budget(lines: list[tuple[str, Any, Any, int]]) -> int:
    """Work one application's admissible amount out with a pencil."""
    counted: list[tuple[str, Fraction | None, Fraction | None, int]] = []
    for item, quantity, price, amount in lines:
        q = None if quantity is None else Fraction(quantity)
        p = None if price is None else Fraction(price)
        if q is not None and p is not None:
            amount = min(amount, -floor(-q * p))
        counted.append((item, q, p, amount))
    parts = dict.fromkeys(NAMES, 0)
    for item, (most, highest) in LIMITS.items():
        left = Fraction(most)
        mine = [line for line in counted if line[0] == item and None not in line]
        for _, q, p, amount in sorted(mine, key=lambda x: (min(x[2], highest), x[3], x[1]))[::-1]:
            granted = min(q, left)
            left -= granted
            whole = granted == q and p <= highest
            parts[item] += amount if whole else min(amount, floor(granted * min(p, highest)))
    for item in ("printing", "health_premium", "misc"):
        parts[item] = sum(amount for name, _, _, amount in counted if name == item)
    fees = sum(parts[item] for item in LIMITS)
    parts["health_premium"] = min(
        parts["health_premium"], floor(Fraction(fees, 50) + Fraction(1, 2))
    )
    others = sum(amount for item, amount in parts.items() if item != "misc")
    while Fraction(parts["misc"]) > Fraction(parts["misc"] + others, 20):
        parts["misc"] -= 1
    return sum(parts.values())


def random_line(rng: random.Random) -> tuple[str, Any, Any, int]:
    item = rng.choice(NAMES)
    quantity = rng.choice((1, 2, 3, "0.5", "1.5", None)) if rng.random() < 0.9 else None
    price = rng.choice((800, 1_600, 2_000, 333, "66.5", 100)) if rng.random() < 0.9 else None
    if quantity is None or price is None or rng.random() < 0.2:
        return item, quantity, price, rng.choice((0, 64, 100, 250, 1_600))
    return item, quantity, price, floor(Fraction(quantity) * Fraction(price))


def test_budgets_agree_with_a_pencil() -> None:
    seen = set()
    for number in range(400):
        rng = random.Random(f"budget{number}")
        lines = {f"A{a}": [random_line(rng) for _ in range(rng.randint(1, 6))] for a in range(3)}
        case = make_case(
            [
                {"application_id": a, "requested": sum(line[-1] for line in mine)}
                for a, mine in lines.items()
            ],
            clause=[{"kind": "budget_lines"}],
        )
        case = with_budget(case, [(a, *line) for a, mine in lines.items() for line in mine])
        got = screen(case.records, case.policy).admissible.tolist()
        expected = [plain_budget(mine) for mine in lines.values()]
        assert got == expected, lines
        asked = case.records.applications["requested"].to_list()
        seen |= {a == b for a, b in zip(asked, got, strict=True)}
    assert seen == {True, False}


def test_the_order_of_budget_lines_makes_no_difference() -> None:
    for number in range(100):
        rng = random.Random(f"order{number}")
        lines = [random_line(rng) for _ in range(6)]
        got = set()
        for _ in range(4):
            case = make_case(
                [{"application_id": "A1", "requested": 10**6}], clause=[{"kind": "budget_lines"}]
            )
            case = with_budget(case, [("A1", *line) for line in rng.sample(lines, len(lines))])
            got.add(int(screen(case.records, case.policy).admissible[0]))
        assert len(got) == 1, lines


def test_very_large_budgets_stay_exact() -> None:
    huge = 10**14 + 1
    case = make_case(
        [{"application_id": "A1", "requested": huge}], clause=[{"kind": "budget_lines"}]
    )
    case = with_budget(case, [("A1", "printing", f"{huge}.000", "1.0000", huge)])
    assert screen(case.records, case.policy).admissible.tolist() == [huge]
    assert not list(case.policy.clauses[2].screen(case.records))
