"""A solver that crashes, is not there or writes nonsense is said in words; another way is tried first."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pulp
import pytest
from checks.extreme import extremes_agree
from helpers.results import small_case
from helpers.rounds import make_case, scored_of

from optimizer import allocate
from optimizer.foundation.exact import IntArray
from optimizer.program.objectives import Additive
from optimizer.scoring.build import build_program
from optimizer.solving import solvers
from optimizer.solving.bundled import BundleModel, widening
from optimizer.solving.bundled.highs_arrays import Heard
from optimizer.solving.bundled.rest import Rest
from optimizer.solving.consensus import Found, Voices
from optimizer.solving.doubt import SolverError
from optimizer.solving.lexicographic import Lexicographic
from optimizer.solving.model import Model
from optimizer.solving.options import Options
from optimizer.solving.solvers import WAYS

CASE = small_case()
CBC = getattr(pulp.PULP_CBC_CMD, "pulp_cbc_path", "cbc")
posix = pytest.mark.skipif(os.name == "nt", reason="the solvers made up here are shell scripts")
WRITE = 'while [ "$1" != -solution ]; do shift; done; printf "%b" "{}" > "$2"'
ENDS = {
    # what the solver's process does: what is said of it
    "fails": ("exit 3", "ended without an answer", "異常結束"),
    "is killed": ("kill -9 $$", "ended without an answer", "異常結束"),
    "writes nothing": ("exit 0", "ended without an answer", "異常結束"),
    "writes an empty file": (WRITE.format(""), "cannot be read", "無法讀取"),
    "writes nonsense": (WRITE.format("Optimal\\n 0 x\\n"), "cannot be read", "無法讀取"),
    "writes no number": (WRITE.format("Optimal\\n 0 X0000001 one 0\\n"), "cannot be", "無法讀取"),
    "writes no text": (WRITE.format("\\0377\\0376\\n"), "cannot be read", "無法讀取"),
    "lies": (WRITE.format("Infeasible - objective value 0\\n"), "contradicts", "矛盾"),
    "breaks rows": (
        WRITE.format(
            "Optimal - objective value 1\\n" + "".join(f"{n} X{n:07} 1 0\\n" for n in range(400))
        ),
        "breaks the policy",
        "不符合計畫",
    ),
}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder where temporary files are made, a new one."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def use(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a script stand for CBC."""
    path = tmp_path / "cbc"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setattr(pulp.PULP_CBC_CMD, "pulp_cbc_path", str(path))


def refused(solver: str) -> SolverError:
    with pytest.raises(SolverError) as caught:
        allocate(CASE, solver=solver)  # type: ignore[arg-type]
    assert caught.value.exit_code == 5
    return caught.value


@posix
@pytest.mark.parametrize("end", ENDS)
def test_however_a_solver_ends_it_is_said_with_what_to_do(
    end: str, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, en, zh = ENDS[end]
    use(script, tmp_path, monkeypatch)
    error = refused("cbc")
    for said, expected in ((error.say("en"), en), (error.say("zh-TW"), zh)):
        assert "cbc" in said and "--solver auto" in said and expected in said
    assert not list(temporary.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="rights are another matter there")
def test_a_solver_that_is_not_there_is_said(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulp.PULP_CBC_CMD, "pulp_cbc_path", str(tmp_path / "nowhere"))
    assert "cannot be run on this machine" in refused("cbc").say("en")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert "cannot be run" in refused("cbc").say("en")


@posix
@pytest.mark.parametrize("failures", range(1, WAYS["cbc"] - 1))
def test_a_solver_that_fails_in_one_way_is_asked_in_another(
    failures: int, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = allocate(CASE)
    count = tmp_path / "count"
    use(
        f'echo >> {count}; [ $(wc -l < {count}) -gt {failures} ] || exit 3\nexec {CBC} "$@"',
        tmp_path,
        monkeypatch,
    )
    found = allocate(CASE, solver="cbc")
    assert found.awards.equals(truth.awards) and found.status == "optimal"
    assert len(count.read_text()) > failures
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(
    "error",
    [pulp.PulpSolverError("x"), OSError(8, "Exec format error"), IndexError(), ValueError()],
)
def test_an_error_in_process_is_said_too(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise error

    monkeypatch.setitem(solvers._RUN, "highs", fails)
    assert "solver highs" in refused("highs").say("en")
    assert "--solver cbc" in refused("highs").say("zh-TW")


@pytest.mark.parametrize("number", [37, 101, 191, 212, 329, 339])
def test_cbc_gives_the_answer_where_its_usual_ways_crash_or_contradict(number: int) -> None:
    assert extremes_agree(number, "cbc", 10**5) == {"proved": 1}


def lying(ask: Callable[..., Heard]) -> tuple[Callable[..., Heard], list[bool]]:
    """Return a HiGHS that calls the list it is given the best, unless asked anew; and whether that was a lie."""
    lies: list[bool] = []

    def lie(rest: Rest, worth: IntArray, options: Options, **how: Any) -> Heard:
        said, given = ask(rest, worth, options, **how), how["start"]
        if how["anew"] or given is None or said.values is None or (given < 0).any():
            return said
        lies.append(bool(worth @ given < worth @ said.values))
        return Heard("optimal", float(worth @ given), given)

    return lie, lies


def test_a_worse_list_that_is_called_the_best_once_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """HiGHS has been seen to err, and is asked a second time, where prices do not prove it."""
    asked = [
        {"application_id": f"A{n}", "school_id": f"S{n}", "requested": 3_000 + n * n * 100}
        for n in range(20)
    ]
    program = build_program(scored_of(make_case(asked, pool={"amount": 100_000})))
    draws = [np.random.default_rng(seed).integers(100, 200, program.size) for seed in range(4)]
    worths = [Additive(draw) for draw in draws]
    right = [BundleModel(program, Options()).maximise(worth).bound for worth in worths]
    ask, lies = lying(widening.ask)
    monkeypatch.setattr(widening, "ask", ask)
    found = [BundleModel(program, Options()).maximise(worth) for worth in worths]
    assert [answer.value for answer in found] == [answer.bound for answer in found] == right
    assert sum(lies) > 1


@pytest.mark.parametrize("proofs", [1, 2])
def test_one_voice_is_no_proof(proofs: int) -> None:
    """A bound that is reached is believed of enough voices alone, and of none where counting says it."""
    voices = Voices(2, proofs=proofs)
    voices.hear("optimal", 7, 7)
    assert (voices.verdict() is not None) == (voices.so_far().bound == 7) == (proofs == 1)
    voices.hear("optimal", 7, 7)
    assert voices.verdict() == Found(7, 7)
    assert Voices(2, 7, most=7, proofs=proofs).verdict() == Found(7, 7)


def test_a_bound_that_a_later_list_exceeds_is_no_proof() -> None:
    """CBC has called 236578421203157000000 the most; a list worth 10 more was found later."""
    assert extremes_agree(229, "cbc", 10**12).keys() <= {"proved", "refused"}
    program = build_program(scored_of(CASE))
    search = Lexicographic(Model(program), None)
    goal = next(goal for goal in program.goals if isinstance(goal.objective, Additive))
    answer = search.model.maximise(goal.objective)
    assert answer.value is not None
    search.bounds.append((goal, answer.value, "highs"))
    search._refuse(answer)
    search.bounds[0] = (goal, answer.value - 1, "highs")
    with pytest.raises(SolverError, match="contradicts"):
        search._refuse(answer)


# ---- presolve -------------------------------------------------------------------------------

# objective and rows (>=) over (whole, real, real), upper bounds, the least there is: each was
# called optimal at a worse point by the presolve of HiGHS 1.14 (github.com/ERGO-Code/HiGHS/issues)
LOST = {
    "2957": ((1, 2), [((1, 1), 20.1), ((0, 1), 8)], (20, 20), 28.2),
    "3043": ((3, 2), [((1, 1), 4.5)], (10, 10), 9.0),
    "3050": ((-100, 0.01), [((-1, 1), 0), ((1, 0), 1), ((0, 1), 1)], (3, 3), -299.97),
    "3073": ((0, 0.01, 100), [((1, 0, 1), 3), ((-1, 0, -1), -3), ((-1, 1, 0), 0)], (3, 9, 9), 0.03),
}


@pytest.mark.parametrize("way", range(WAYS["highs"]))
@pytest.mark.parametrize("issue", LOST)
def test_presolve_loses_no_optimum(issue: str, way: int) -> None:
    costs, rows, tops, least = LOST[issue]
    problem = pulp.LpProblem("lost", pulp.LpMaximize)
    kinds = (pulp.LpInteger, *(pulp.LpContinuous for _ in tops[1:]))
    x = [
        problem.add_variable(f"x{n}", 0, top, kind)
        for n, (top, kind) in enumerate(zip(tops, kinds, strict=True))
    ]
    problem.setObjective(pulp.lpSum(-cost * v for cost, v in zip(costs, x, strict=True)))
    for number, (factors, rhs) in enumerate(rows):
        left = pulp.lpSum(factor * v for factor, v in zip(factors, x, strict=True))
        problem.addConstraint(left >= rhs, f"r{number}")
    status, bound = solvers.ask(problem, Options("highs"), 1e-6, way)
    assert (status, bound) == ("optimal", pytest.approx(-least, abs=0.6))
    assert sum(c * v.varValue for c, v in zip(costs, x, strict=True)) == pytest.approx(least)
