"""Whatever the program itself has written is right: every mode, language, part and kind of input."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from helpers.results import small_case
from helpers.rounds import make_case, random_case

from optimizer.case.case import Case, read_case
from optimizer.language.text import Text
from optimizer.new import new_case
from optimizer.pipe import allocate
from optimizer.problems.errors import InfeasibleError, LimitError
from optimizer.report import write_result
from optimizer.solving.options import Options
from optimizer.solving.solve import solve as right_solve
from optimizer.verify import proof
from optimizer.verify.verification import Standing
from optimizer.verify.verify import verification, verify_result

HOSTILE = ("<b>&\"'", "申請 1,2", "Ａ１", "x" * 90, "$(rm)", "%s{0}", "\\n", "é")


def hostile() -> Case:
    """Return a case whose ids and titles try to be markup, formulas and paths."""
    applications = [
        {
            "application_id": name,
            "school_id": f"S{i}",
            "title": f"={name}",
            "merit": 80,
            "requested": 900,
        }
        for i, name in enumerate(HOSTILE)
    ]
    return make_case(applications, pool={"amount": 4_000, "unit": 100}, priority=MERIT)


MERIT = [{"kind": "merit"}]
FIXED = {
    "kind": "fixed",
    "fund": ["A5"],
    "refuse": ["A1"],
    "reason": "會議決議",
    "decided_by": "科長",
}
CASES: dict[str, Any] = {
    "full": lambda: small_case(),
    "partial": lambda: small_case(award={"mode": "partial", "least_share": "1/2"}),
    "graded": lambda: small_case(
        award={"mode": "graded", "grades": [[85, 1], [75, "0.8"], [0, "1/2"]]}
    ),
    "decided by hand": lambda: small_case(clause=[FIXED]),
    "hostile": hostile,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    ("language", "solver"), [("zh-TW", "auto"), ("en", "highs"), ("en", "cbc")]
)
def test_a_result_is_right_and_proved_again(
    name: str, language: Any, solver: str, tmp_path: Path
) -> None:
    case = CASES[name]()
    allocation = allocate(case, solver, language=language)
    write_result(allocation, tmp_path / "out", parts=["workbooks", "report"])
    found = verification(tmp_path / "out", CASES[name](), seal=allocation.summary["seal"])
    assert ([p.say("en") for p in found.problems], found.uncompared) == ([], ())
    assert found.proof.standing is Standing.PROVED and found.proof.engine != solver
    assert not found.proof.shared or "+" in found.proof.engine + allocation.solution.engine


@pytest.mark.parametrize("parts", [["figures"], []])
def test_a_result_in_parts_is_right(parts: Any, tmp_path: Path) -> None:
    write_result(allocate(small_case()), tmp_path / "out", parts=parts)
    assert verify_result(tmp_path / "out", small_case(), quick=True) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_a_result_of_any_kind_of_input_is_right(kind: Any, tmp_path: Path) -> None:
    new_case(tmp_path / "case", example=True, format=kind)
    write_result(allocate(read_case(tmp_path / "case")), tmp_path / "out", parts=[])
    assert verify_result(tmp_path / "out", read_case(tmp_path / "case"), quick=True) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_random_results_are_right_by_every_engine(seed: int, tmp_path: Path) -> None:
    case = random_case(random.Random(1_000 + seed))
    for solver in ("auto", "highs"):
        try:
            allocation = allocate(case, solver)
        except InfeasibleError:
            return
        write_result(allocation, tmp_path / solver, parts=[])
        found = verification(tmp_path / solver, case)
        assert [p.say("en") for p in found.problems] == []
        assert found.proof.standing is Standing.PROVED


def test_a_limit_that_came_first_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_result(allocate(small_case()), tmp_path / "out", parts=[])

    def late(program: Any, options: Options) -> Any:
        found = right_solve(program, options)
        steps = tuple(replace(s, bound=None, floor=None) for s in found.steps[1:])
        return replace(found, steps=(found.steps[0], *steps), drawn=False, certainty=None)

    monkeypatch.setattr(proof, "solve", late)
    found = verification(tmp_path / "out", small_case(), options=Options(time_limit=1))
    assert found.proof.standing is Standing.UNFINISHED
    assert (found.proof.goals, found.proof.of) == (1, 3)
    with pytest.raises(LimitError, match="1 of 3 priorities"):
        verify_result(tmp_path / "out", small_case(), time_limit=1)


def test_a_policy_that_one_engine_takes_is_proved_by_another_formulation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CBC does not get done in time: HiGHS goes over the whole, and it is said that it did."""
    allocation = allocate(small_case())
    joined = replace(allocation.solution, engine="dynamic+highs", optima=None, chances=None)
    steps = tuple(replace(s, by="highs" if s.goal == "balance" else s.by) for s in joined.steps)
    joined = replace(joined, steps=steps)
    write_result(replace(allocation, solution=joined), tmp_path / "out", parts=[])

    def no_cbc(program: Any, options: Options) -> Any:
        if options.solver == "cbc":
            raise LimitError(Text("", ""))
        return right_solve(program, options)

    monkeypatch.setattr(proof, "solve", no_cbc)
    found = verification(tmp_path / "out", small_case())
    assert (found.problems, found.proof.engine, found.proof.shared) == ([], "highs", True)
