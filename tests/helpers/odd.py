"""Rounds of participatory budgets, made up: odd amounts at a unit of NT$1, votes as merit.

The shape is that of the rounds collected at pabulib.org (45 to 113 projects of one city or district,
whose costs differ by a factor of a thousand and come to two to five times the pool); every figure is drawn.
"""

from __future__ import annotations

import random
from typing import Any

from helpers.rounds import make_case

from optimizer.case.case import Case

CATEGORIES = ("grade", "subject", "school_task", "professional_topic")
ROUNDINGS = (1, 1, 1, 10, 50, 100, 500, 500, 1_000, 5_000)
KINDS = ("votes", "money", "districts", "categories", "budgets", "plan")


def odd_round(seed: int, size: int | None = None) -> Case:
    """Make one round; its seed says which of the kinds of policy it is."""
    rng = random.Random(f"odd {seed}")
    drawn, districts = rng.randint(45, 113), rng.randint(3, 18)
    size = size or drawn
    costs = [_cost(rng) for _ in range(size)]
    projects = [
        {
            "application_id": f"P{number:03d}",
            "school_id": f"S{number:03d}",
            "type": rng.choice(CATEGORIES),
            "requested": cost,
            "merit": _votes(rng, cost),
        }
        for number, cost in enumerate(costs)
    ]
    schools = [
        {"school_id": p["school_id"], "district": f"第{rng.randrange(districts)}區"}
        for p in projects
    ]
    pool = int(sum(costs) * rng.uniform(0.2, 0.5))
    kind = KINDS[seed % len(KINDS)]
    rules = _rules(kind, rng, pool, sorted({school["district"] for school in schools}))
    return make_case(projects, schools, pool={"amount": pool, "unit": 1}, **rules)


def _cost(rng: random.Random) -> int:
    """Draw a cost of some thousands to some millions, as round as people write them."""
    rounding = rng.choice(ROUNDINGS)
    return max(1, round(rng.lognormvariate(13.2, 1.1) / rounding)) * rounding


def _votes(rng: random.Random, cost: int) -> int:
    """Draw how many voted for a project: few for most, more for what costs more."""
    return 20 + int(rng.lognormvariate(5.5, 0.8) * (cost / 540_000) ** rng.uniform(0, 0.5))


def _rules(kind: str, rng: random.Random, pool: int, districts: list[str]) -> dict[str, Any]:
    merit = {"kind": "merit", "per": "amount" if kind in ("money", "plan") else "application"}
    first = [{"kind": "coverage"}] if kind in ("districts", "budgets") else []
    clauses: list[dict[str, Any]] = []
    if kind == "categories":
        low, high = rng.sample(CATEGORIES, 2)
        clauses = [
            {"kind": "quota", "name": "least", "column": "type", "value": low, "at_least": "15%"},
            {"kind": "quota", "name": "most", "column": "type", "value": high, "at_most": "30%"},
        ]
    if kind == "budgets":
        most = pool * 2 // len(districts)
        clauses = [{"kind": "quota", "column": "district", "for_each": True, "at_most": most}]
    clauses = [{**clause, "measure": "amount"} for clause in clauses]
    if kind == "plan":
        band = {"kind": "merit", "name": "band", "per": "amount", "band": 50}
        first = [{"kind": "coverage"}, band, {"kind": "balance"}]
    return {"clause": clauses, "priority": [*first, merit, {"kind": "amount"}]}
