"""First lists where shares of the money keep out whoever would be funded first."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
from helpers.rounds import make_case, scored_of

from optimizer.program.program import Program
from optimizer.program.start import first_decision
from optimizer.scoring.build import build_program


def divided(rng: random.Random) -> Program:
    """Return a round with two shares of the money of which no application is in both."""
    schools = [{"school_id": f"S{n}", "district": f"D{n % 4}"} for n in range(24)]
    applications: list[dict[str, Any]] = [
        {"application_id": f"A{n:02}", "school_id": f"S{n % 24}", "merit": rng.randint(70, 99),
         "type": rng.choice(("grade", "subject", "other")),
         "requested": rng.randrange(1_000, 3_000, 100)}
        for n in range(40)
    ]  # fmt: skip
    shares = [
        {"kind": "quota", "name": name, "column": "type", "value": name, "measure": "amount",
         "at_least": rng.choice(("20%", "30%", "35%"))}
        for name in ("grade", "subject")
    ]  # fmt: skip
    few = {"kind": "quota", "column": "type", "value": "other", "at_most": rng.randint(1, 6)}
    case = make_case(
        applications, schools, pool={"amount": rng.choice((25_000, 40_000)), "unit": 100},
        clause=[{"kind": "school_cap", "amount": 3_000}, *shares, few],
        priority=[{"kind": "coverage"}, {"kind": "merit", "per": "amount"}],
    )  # fmt: skip
    return build_program(scored_of(case))


def test_a_first_list_funds_together_whom_two_shares_keep_out_alone() -> None:
    """It obeys every row, funds somebody, and mostly covers every district."""
    tally: Counter[str] = Counter()
    for number in range(40):
        program = divided(random.Random(f"together {number}"))
        first = first_decision(program)
        assert first is not None
        assert all(min(rows.slack(first), default=0) >= 0 for rows in program.rows), number
        kept = (first.award >= program.least) & (first.award <= program.most)
        assert (kept | ~first.fund).all() and not (first.award % program.unit).any()
        covered = program.goals[0].objective.value(first)
        tally["somebody" if np.any(first.fund) else "nobody"] += 1
        tally["all districts" if covered == 4 else "not all"] += 1
    assert tally["somebody"] > 30 and tally["all districts"] > 25, tally
