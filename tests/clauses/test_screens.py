"""Every screen against a plain reading of it, one application at a time, and both outcomes seen."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import floor, inf
from typing import Any

import pandas as pd
import pytest
from checks.screens import BUDGET, RANDOM_KEYS, SCREENS, Kind, random_line, random_round, said_by
from helpers.rounds import make_case, with_budget

from optimizer.clauses import registry
from optimizer.clauses.budget import NAMES
from optimizer.policy.parse import adapter
from optimizer.scoring.screening import screen

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


def promise_says(a: Any, k: Any) -> set[str]:
    if a["application_id"] in k.get("withdrawn", ()):
        return {REFUSED}
    return unless(a["application_id"] not in k.get("reduced", {}), FLAGGED)


def of_size(school: Any, column: str = "", over: int = -1, up_to: float = inf, **_: Any) -> bool:
    return not column or (not pd.isna(school[column]) and over < school[column] <= up_to)


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
    ("clause", "school_cap"): lambda a, k: unless(
        a["requested"] <= k["amount"] or not of_size(a["lead"], **k),
        FLAGGED if k["cut"] else REFUSED,
    ),
    ("clause", "promise"): promise_says,
    ("clause", "minimum_award"): lambda a, k: unless(
        a["requested"] == 0 or a["requested"] >= k["amount"], REFUSED
    ),
    ("clause", "fixed"): lambda a, k: unless(
        a["application_id"] not in ("A0", "A2", *k["refuse"]), FLAGGED
    ),
    ("review", "minimum_merit"): lambda a, k: unless(
        sum(a["marks"]) >= Fraction(k["points"]), REFUSED
    ),
    ("review", "minimum_points"): lambda a, k: unless(
        a["marks"][1] >= k["points"]["budget"], REFUSED
    ),
}


def test_no_column_has_one_value_only_in_the_random_rounds() -> None:
    """A screen that ignored such a column would agree with its plain reading."""
    cases = [random_round(number)[1] for number in range(9)]
    for name in ("applications", "schools"):
        tables = [getattr(case.records, name) for case in cases]
        for column in set(tables[0].columns) - {"merit"}:  # merit follows from the marks
            several = sum(table[column].map(str).nunique() > 1 for table in tables)
            assert several > 2, f"draw {name}.{column} in tests/checks/screens.py"


@pytest.mark.parametrize("kind", [k for k in SCREENS if k != BUDGET], ids="-".join)
def test_a_screen_agrees_with_a_plain_reading_of_it(kind: Kind) -> None:
    assert kind in PLAINLY, f"{kind} needs a plain reading"
    seen: set[bool] = set()
    for number in range(60):
        applications, case = random_round(number)
        keys = RANDOM_KEYS[kind](random.Random(f"{kind}{number}"))
        rule = adapter(registry()[kind]).validate_python(keys)
        found = said_by(rule, case)
        for row, application in enumerate(applications):
            said = {str(f.severity) for f in found if f.application == row}
            assert said == PLAINLY[kind](application, keys), (keys, application)
            seen.add(bool(said))
    assert seen == {True, False}, "both outcomes must have been seen"


@pytest.mark.parametrize("kind", SCREENS, ids="-".join)
def test_no_screen_looks_at_the_request_of_another(kind: Kind) -> None:
    """What is left of a request can then be found for all of them at once."""
    for number in range(12):
        rng = random.Random(f"{kind}alone{number}")
        _, case = random_round(number)
        if kind == BUDGET:
            lines = [(f"A{rng.randrange(6)}", *random_line(rng)) for _ in range(8)]
            case = with_budget(case, lines)
        keys = {} if kind == BUDGET else RANDOM_KEYS[kind](rng)
        rule = adapter(registry()[kind]).validate_python(keys)
        table = case.records.applications
        row, now = rng.randrange(6), table["requested"]
        others = now.where(now.index == row, rng.choice((0, 4_900, 5_001)))
        changed = replace(case.records, applications=table.assign(requested=others))
        one, two = (
            [finding for finding in rule.screen(records) if finding.application == row]
            for records in (case.records, changed)
        )
        assert one == two, (keys, row)


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


@pytest.mark.slow
def test_budgets_agree_with_a_pencil() -> None:
    seen = set()
    for number in range(6):
        rng = random.Random(f"budget{number}")
        lines = {f"A{a}": [random_line(rng) for _ in range(rng.randint(1, 6))] for a in range(200)}
        case = make_case(
            [
                {"application_id": a, "requested": sum(line[-1] for line in mine)}
                for a, mine in lines.items()
            ],
            clause=[{"kind": "budget_lines"}],
        )
        case = with_budget(case, [(a, *line) for a, mine in lines.items() for line in mine])
        got = screen(case.records, case.policy).admissible.tolist()
        expected = [plain_budget(lines[a]) for a in sorted(lines)]
        assert got == expected, lines
        asked = case.records.applications["requested"].to_list()
        seen |= {a == b for a, b in zip(asked, got, strict=True)}
    assert seen == {True, False}


@pytest.mark.slow
def test_the_order_of_budget_lines_makes_no_difference() -> None:
    rng = random.Random("order")
    lines = [(f"A{n:02d}", *random_line(rng)) for n in range(100) for _ in range(6)]
    asking = [{"application_id": f"A{n:02d}", "requested": 10**6} for n in range(100)]
    case = make_case(asking, clause=[{"kind": "budget_lines"}])
    got = [
        screen(with_budget(case, rng.sample(lines, len(lines))).records, case.policy).admissible
        for _ in range(8)
    ]
    assert len({tuple(one.tolist()) for one in got}) == 1
    assert len(set(got[0].tolist())) > 50


def test_very_large_budgets_stay_exact() -> None:
    huge = 10**14 + 1
    case = make_case(
        [{"application_id": "A1", "requested": huge}], clause=[{"kind": "budget_lines"}]
    )
    case = with_budget(case, [("A1", "printing", f"{huge}.000", "1.0000", huge)])
    assert screen(case.records, case.policy).admissible.tolist() == [huge]
    assert not list(case.policy.clauses[2].screen(case.records))
