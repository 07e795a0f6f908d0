"""Random small cases with much money and long decimals, for every engine."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from helpers.rounds import (
    make_case,
    random_application,
    random_policy,
    random_quota,
    random_school,
)

from optimizer.case.case import Case

UNITS = (1, 1, 100, 1_000, 7, 9_973)
DECIMALS = (0, 1, 2, 6, 14, 18)


def large_case(rng: random.Random, most: int = 7) -> Case:
    """Make a case whose amounts reach NT$10^12, and whose merits have up to 18 decimals."""
    mode = rng.choice(("full", "full", "graded", "partial"))
    top = 10 ** rng.randint(6, 12)
    unit = rng.choice(UNITS) if mode != "partial" else max(1, top // rng.choice((6, 7, 9)))
    schools = [random_school(rng, i) for i in range(rng.randint(1, 4))]
    count = rng.randint(2, 4 if mode == "partial" else most)
    decimals = rng.choice(DECIMALS)
    applications = [
        {
            **random_application(rng, i, schools, (_merit(rng, decimals),)),
            "requested": _amount(rng, top, unit),
        }
        for i in range(count)
    ]
    document = random_policy(rng, count, mode)
    total = sum(a["requested"] for a in applications)
    pool = min(10**12, max(unit, _pool(rng, applications, total)))  # one unit at least
    document["pool"] = {"amount": pool, "unit": unit}
    document["clause"] = [_clause(rng, c, top) for c in document["clause"]]
    document["priority"] = [p for p in document["priority"] if p["kind"] != "quota"]
    if rng.random() < 0.3:
        document["priority"].insert(
            rng.randint(0, len(document["priority"])), _quota(rng, top, soft=True)
        )
    return make_case(applications, schools, **document)


def _merit(rng: random.Random, decimals: int) -> Fraction:
    return Fraction(rng.randint(70 * 10**decimals, 95 * 10**decimals), 10**decimals)


def _amount(rng: random.Random, top: int, unit: int) -> int:
    return max(unit, rng.randint(top // 3, top))


def _pool(rng: random.Random, applications: list[dict[str, Any]], total: int) -> int:
    """Often exactly what some of them ask for, or a dollar less: where a float would slip."""
    some = sum(a["requested"] for a in applications if rng.random() < 0.5)
    return max(1, rng.choice((some, some - 1, some + 1, rng.randint(1, total))))


def _clause(rng: random.Random, clause: dict[str, Any], top: int) -> dict[str, Any]:
    if clause["kind"] == "school_cap":
        return {**clause, "amount": rng.randint(top // 2, 3 * top)}
    return _quota(rng, top) if clause["kind"] == "quota" else clause


def _quota(rng: random.Random, top: int, soft: bool = False) -> dict[str, Any]:
    quota = random_quota(rng, soft)
    for bound in ("at_least", "at_most", "exactly"):
        if isinstance(quota.get(bound), int) and quota["measure"] in ("amount", "requested"):
            quota[bound] = rng.randint(1, 2 * top)
        elif isinstance(quota.get(bound), str) and rng.random() < 0.5:
            quota[bound] = f"{rng.randint(10, 60)}.{rng.randrange(10 ** rng.randint(1, 12))}%"
    return quota
