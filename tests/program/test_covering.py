"""A first decision under quotas of shares: it obeys every row, and covers every district where greed covers none."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from helpers.rounds import scored_of

from optimizer.case.case import read_case
from optimizer.invented.generate import generate_round
from optimizer.policy.policy import make_policy
from optimizer.program.covering import covering
from optimizer.program.objectives import Covered
from optimizer.program.start import first_decision, simple_bound
from optimizer.scoring.build import build_program
from optimizer.solving.solve import solve

SHARES = [
    {"column": "level", "value": "junior_high", "at_least": "35%"},
    {"column": "type", "value": "school_task", "at_least": "15%"},
    {"column": "type", "value": "grade", "at_least": "23%"},
    {"column": "type", "value": "subject", "at_most": "40%"},
    {"column": "level", "value": "elementary", "at_least": "30%"},
]


@pytest.mark.parametrize("mode", ["full", "partial"])
def test_every_district_is_covered_under_shares_of_the_money(tmp_path: Path, mode: str) -> None:
    tally: Counter[str] = Counter()
    for seed in range(6):
        made = generate_round(applications=120, schools=80, districts=8, seed=seed, with_tables=())
        made.write(tmp_path / str(seed))
        case = read_case(tmp_path / str(seed))
        document = dict(case.policy.document)
        award = {"mode": mode, **({"least_share": "50%"} if mode == "partial" else {})}
        own = [clause for clause in document["clause"] if clause["kind"] != "quota"]
        assert (
            covering(build_program(scored_of(case)), []) is None
        )  # no row weighs any against others
        for measure, count in (("amount", 3), ("amount", 5), ("count", 5)):
            quotas = [{"kind": "quota", "measure": measure, **rule} for rule in SHARES[:count]]
            policy = make_policy({**document, "award": award, "clause": [*own, *quotas]})
            program = build_program(scored_of(case.under(policy)))
            first = first_decision(program)
            if first is None:
                tally["none"] += 1
                continue
            assert all(min(rows.slack(first), default=0) >= 0 for rows in program.rows)
            kept = (first.award >= program.least) & (first.award <= program.most)
            assert (kept | ~first.fund).all() and not (first.award % program.unit).any()
            (goal,) = (g.objective for g in program.goals if isinstance(g.objective, Covered))
            tally["whole" if goal.value(first) == simple_bound(program, goal) else "part"] += 1
    assert tally["whole"] > 12, tally


def test_what_is_covered_at_once_is_not_sought(tmp_path: Path) -> None:
    """The districts that a first list covers are all there are: no solver is asked for their number."""
    generate_round(applications=120, schools=80, districts=8, seed=1, with_tables=()).write(
        tmp_path / "case"
    )
    case = read_case(tmp_path / "case")
    document = dict(case.policy.document)
    quotas = [{"kind": "quota", "measure": "amount", **rule} for rule in SHARES[:3]]
    policy = make_policy({**document, "clause": [*document["clause"], *quotas]})
    solution = solve(build_program(scored_of(case.under(policy))))
    (step,) = (step for step in solution.steps if step.goal == "coverage")
    assert step.proved and step.by == "counting"
