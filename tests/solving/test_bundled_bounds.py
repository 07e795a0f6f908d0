"""What the prices of an LP prove of a program over bundles, against every list there is."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from checks.engines import any_case, joined
from helpers.rounds import every_decision, scored_of

from optimizer.case.case import read_case
from optimizer.invented.generate import generate_round
from optimizer.language.text import Text
from optimizer.policy.policy import make_policy
from optimizer.program.objectives import Additive
from optimizer.program.program import Goal, Program
from optimizer.program.rows import Rows
from optimizer.scoring.build import build_program
from optimizer.solving.bundled import BundleModel
from optimizer.solving.bundled.priced import Priced
from optimizer.solving.dynamic import NotTakeable
from optimizer.solving.lexicographic import Lexicographic
from optimizer.solving.options import Options


def obeys(program: Program, decision: object) -> bool:
    return all(min(rows.slack(decision), default=0) >= 0 for rows in program.rows)  # type: ignore[arg-type]


def test_no_list_is_worth_more_than_the_quick_bound() -> None:
    looked = close = 0
    for number in range(40):
        scored = scored_of(any_case(random.Random(f"bound {number}")))
        program = build_program(scored)
        lists = [d for d in every_decision(scored.round) if obeys(program, d)]
        worth = Additive(
            np.array([random.Random(number + a).randint(0, 9) for a in range(program.size)])
        )
        try:
            model = BundleModel(program, Options())
        except NotTakeable:
            continue
        bound = model.quick_bound(worth) if lists else None
        if bound is not None:
            best = max(worth.value(d) for d in lists)
            assert bound >= best, number
            looked, close = looked + 1, close + (bound == best)
    assert looked > 15 and close > 5


def test_what_prices_call_impossible_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A least total that no list reaches, just above the greatest there is, and the greatest itself."""
    said: list[bool] = []
    own = Priced.impossible.fget  # type: ignore[attr-defined]
    monkeypatch.setattr(Priced, "impossible", property(lambda p: said.append(own(p)) or own(p)))
    for number in range(40):
        scored = scored_of(any_case(random.Random(f"ray {number}")))
        program = build_program(scored)
        lists = [d for d in every_decision(scored.round) if obeys(program, d)]
        if not lists:
            continue
        sizes = np.array([random.Random(number + a).randint(1, 9) for a in range(program.size)])
        most = max(Additive(sizes).value(d) for d in lists)
        for least in (most, most + 1):
            row = Rows.single("asked", "fund", sizes, ">=", rhs=least, label=Text("至少", "least"))
            asked = replace(program, rows=(*program.rows, row))
            try:
                answer = BundleModel(asked, Options()).feasible()
            except NotTakeable:
                continue
            assert answer.infeasible == (least > most), number
    assert any(said) and not all(said)


def test_what_the_sums_leave_open_is_settled_by_their_prices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Partial awards of funded applications: nearly all are the same in every optimum so far."""
    generate_round(applications=80, schools=50, seed=1, with_tables=()).write(tmp_path)
    case = read_case(tmp_path)
    document = dict(case.policy.document)
    *first, last = document["priority"]
    document["award"] = {"mode": "partial", "least_share": "50%"}
    document["priority"] = [*first, {"kind": "evenness"}, last]
    program = build_program(scored_of(case.under(make_policy(document))))
    left: list[tuple[int, int]] = []
    run = Lexicographic.run

    def counted(search: Lexicographic, goals: tuple[Goal, ...]) -> object:
        model = search.model
        assert isinstance(model, BundleModel)
        left.append((len(model._frame.rest().columns), int((model._columns.extra >= 0).sum())))
        return run(search, goals)

    monkeypatch.setattr(Lexicographic, "run", counted)
    assert joined(program).optimal
    [(open_, extras)] = left
    assert 2 * open_ < extras
