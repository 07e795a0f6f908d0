"""Sweeps: a grid of any keys, its table, what is kept, who works it out."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from subprocess import Popen
from typing import Any

import pandas as pd
import pytest
from helpers.documented import check_documented
from helpers.rounds import make_case

from optimizer import sweep, write_sweep
from optimizer.case.case import Case
from optimizer.pipe import allocate
from optimizer.problems.errors import PolicyError, UsageError
from optimizer.scenarios.combinations import Combinations, changes_of, said_point
from optimizer.scenarios.comparison import compare
from optimizer.scenarios.run import Task, Workers, run
from optimizer.scenarios.scenario import Scenario
from optimizer.scenarios.store import Store

MADE_BY = sys.modules[sweep.__module__]
POOLS = [2_000, 4_000]
AXES: dict[str, Any] = {
    "pool.amount": POOLS,
    "order": [["coverage", "merit"], ["merit", "coverage"]],
    "clause.school_cap.amount": [3_000, 4_000],
}


def case(merit: int = 95, **document: Any) -> Case:
    schools = [
        {"school_id": "S1", "district": "中區"},
        {"school_id": "S2", "district": "東勢區", "level": "junior_high"},
        {"school_id": "S3", "district": "和平區"},
    ]
    applications = [
        {"application_id": "A1", "school_id": "S1", "merit": merit, "requested": 2_000},
        {"application_id": "A2", "school_id": "S1", "merit": 90, "requested": 2_000},
        {"application_id": "A3", "school_id": "S2", "merit": 80, "requested": 1_000},
        {"application_id": "A4", "school_id": "S3", "merit": Fraction(241, 3), "requested": 1_000},
    ]
    rules: dict[str, Any] = {
        "pool": {"amount": 4_000, "unit": 100},
        "clause": [
            {"kind": "school_cap", "amount": 3_000},
            {"kind": "quota", "column": "level", "value": "junior_high", "at_least": 1},
        ],
        "priority": [{"kind": "coverage"}, {"kind": "merit"}],
    }
    return make_case(applications, schools, **{**rules, **document})


# ---- what a row says ----------------------------------------------------------------------------


def test_every_row_is_what_its_scenario_alone_comes_to() -> None:
    found, grid = sweep(case(), AXES, language="en"), Combinations.of(AXES)
    assert len(found.frame) == len(grid) == 8
    assert found.frame["clause.school_cap.amount"].tolist()[:3] == [3_000, 4_000, 3_000]
    for row, point in zip(found.frame.to_dict("records"), grid, strict=True):
        policy = case().policy.changed(changes_of(point))
        alone = allocate(case().under(policy))
        assert [p.label for p in policy.priorities] == list(point["order"])
        assert (row["pool"], row["spent"]) == (point["pool.amount"], alone.spent)
        assert row["mean_merit_exact"] == str(alone.measures.mean_merit)
        assert Fraction(row["priority_exact.merit"]) == sum(alone.awards["merit_exact"][alone.decision.fund].map(Fraction))  # fmt: skip
    assert found.frame["spent"].nunique() == 2 and found.proved


def test_the_table_is_that_of_a_comparison() -> None:
    """So that a figure has one name, and one way to be worked out, wherever it stands."""
    scenarios = [Scenario(said_point(p), changes_of(p)) for p in Combinations.of(AXES)]
    totals = compare(case(), scenarios, language="en").totals.drop(columns="scenario")
    own = sweep(case(), AXES, language="en").frame.drop(columns=list(AXES))
    pd.testing.assert_frame_equal(own, totals.iloc[1:].reset_index(drop=True))


def test_what_fails_is_a_row_that_says_why_and_the_others_stand() -> None:
    axes = {"pool.amount": [10_000, 3_000], "pool.contingency": [0, 9_000],
            "clause.quota.at_least": [1, 2]}  # fmt: skip
    found = sweep(case(), axes, language="en")
    assert found.frame["status"].tolist() == ["optimal", "infeasible"] * 3 + ["refused"] * 2
    said = found.frame["conflict"]
    assert ". policy.toml" in said[1] or ". sweep[" in said[1], said[1]
    assert (
        "junior" in said[1] and said[1].endswith(".") and "contingency" in said[6] and said[0] == ""
    )
    assert found.frame["spent"].isna().tolist() == [False, True] * 3 + [True] * 2
    assert not found.proved


def test_everything_that_cannot_be_is_said_before_anything_is_solved() -> None:
    axes = {"pool.amonut": [1, 2, 3], "pool.amount": [-1, 5_000], "clause.quota.column": ["level", "nope"],
            "order": [["covrage"]]}  # fmt: skip
    steps: list[str] = []
    with pytest.raises(PolicyError) as error:
        sweep(case(), axes, progress=steps.append)
    codes = [problem.code for problem in error.value.problems]
    assert codes == ["unknown_key", "bad_value", "unknown_column", "unknown_rule"]
    assert steps == []


@pytest.mark.parametrize(
    "axes",
    [{}, {1: [1]}, {"pool.amount": 5}, {"pool.amount": []}, {"pool.amount": [1, 1]},
     {"pool.amount": "12"}, {"order": ["coverage"]}, {"drop": [[1]]},
     {"pool.amount": range(10_001), "pool.contingency": range(101)}],
)  # fmt: skip
def test_what_is_no_grid_is_refused(axes: dict[Any, Any]) -> None:
    with pytest.raises(UsageError):
        sweep(case(), axes)


# ---- what is kept -------------------------------------------------------------------------------


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put down which scenarios are worked out from here on."""
    work, done = MADE_BY.answer_of, []  # type: ignore[attr-defined]

    def counting(case: Case, options: Any, point: Mapping[str, Any]) -> Any:
        done.append(said_point(point))
        return work(case, options, point)

    monkeypatch.setattr(MADE_BY, "answer_of", counting)
    return done


def test_what_was_worked_out_is_not_worked_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = counted(monkeypatch)
    first = sweep(case(), AXES, cache=tmp_path)
    again = sweep(case(), AXES, cache=tmp_path)
    assert len(done) == 8
    pd.testing.assert_frame_equal(first.frame, again.frame)
    wider = sweep(case(), {**AXES, "pool.amount": [*POOLS, 5_000]}, cache=tmp_path)
    assert len(done) == 12 and wider.frame[:8].equals(first.frame)
    assert [first.reused, again.reused, wider.reused] == [0, 8, 8]


@pytest.mark.parametrize(
    "other",
    [lambda: (case(merit=94), {}), lambda: (case(draw={"seed": "x"}), {}),
     lambda: (case(), {"language": "en"}), lambda: (case(), {"solver": "highs"})],
)  # fmt: skip
def test_what_is_kept_is_of_the_same_case_policy_and_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: Any
) -> None:
    axes = {"pool.amount": [4_000]}
    sweep(case(), axes, cache=tmp_path)
    done = counted(monkeypatch)
    changed, words = other()
    sweep(changed, axes, cache=tmp_path, **words)
    assert len(done) == 1


def test_another_program_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep(case(), {"pool.amount": [4_000]}, cache=tmp_path)
    done = counted(monkeypatch)
    monkeypatch.setattr(MADE_BY, "program", lambda: "another")
    sweep(case(), {"pool.amount": [4_000]}, cache=tmp_path)
    assert len(done) == 1


@pytest.mark.parametrize("harm", [b"", b"{", b"[1]", b'{"key":"x","answer":{}}', b'{"answer":{}}'])
def test_half_a_file_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: bytes
) -> None:
    axes = {"pool.amount": [3_000, 4_000]}
    first = sweep(case(), axes, cache=tmp_path)
    next(tmp_path.rglob("*.json")).write_bytes(harm)
    done = counted(monkeypatch)
    assert sweep(case(), axes, cache=tmp_path).frame.equals(first.frame)
    assert len(done) == 1


def test_what_a_limit_cut_short_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    axes = {"pool.amount": [4_000]}
    assert sweep(case(), axes, cache=tmp_path, time_limit=0).frame["status"][0] == "feasible"
    done = counted(monkeypatch)
    sweep(case(), axes, cache=tmp_path, time_limit=0)
    assert len(done) == 1


def test_a_folder_that_takes_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="kept"):
        sweep(case(), {"pool.amount": [4_000]}, cache=tmp_path / "file")


# ---- who works it out ---------------------------------------------------------------------------


def test_tasks_are_asked_for_as_their_turn_comes() -> None:
    """So memory does not depend on how many there are."""
    asked: list[int] = []

    def tasks() -> Any:
        for number in range(1_000):
            asked.append(number)
            yield Task(str(number), number)

    answers = run(lambda n: {"n": n}, tasks(), Workers(), Store())
    for number in range(300):
        assert next(answers) == {"n": number}
        assert len(asked) <= number + 256


class Mortal:
    """Answers; the process that is asked for number 5 first dies of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.answered = folder, 0

    def __call__(self, number: int) -> dict[str, int]:
        mark = self.folder / "died"
        if number == 5 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        self.answered += 1
        return {"n": number, "process": os.getpid(), "answered": self.answered}


def dying(content: int) -> dict[str, int]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


@pytest.mark.slow
def test_a_process_that_dies_takes_nothing_with_it(tmp_path: Path) -> None:
    """And each holds on to the work for all of its tasks, so that a session in it stays warm."""
    tasks = [Task(f"{number:02}", number) for number in range(12)]
    kept = Store(tmp_path / "kept")
    answers = list(run(Mortal(tmp_path), tasks, Workers(2), kept))
    assert [answer["n"] for answer in answers] == [*range(12)]
    assert len({(answer["process"], answer["answered"]) for answer in answers}) == 12
    assert len(list(tmp_path.rglob("*.json"))) == 12
    with pytest.raises(UsageError, match="again and again"):
        list(run(dying, [Task("x", 1)], Workers(2), Store()))


@pytest.mark.slow
def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    one, two = (sweep(case(), AXES, jobs=jobs, language="en") for jobs in (1, 2))
    for name, found in (("one", one), ("two", two)):
        write_sweep(found, tmp_path / name)
    for written in (tmp_path / "one").rglob("sweep.*"):
        other = tmp_path / "two" / written.relative_to(tmp_path / "one")
        assert written.read_bytes() == other.read_bytes()
    check_documented(tmp_path / "one", "sweep", tuple(AXES))
    pytest.importorskip("pyarrow")
    read = pd.read_parquet(tmp_path / "one" / "sweep.parquet")
    assert read.astype(object).equals(one.frame.astype(object))


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_goes_on_where_it_was(
    example: Path, tmp_path: Path, end: signal.Signals
) -> None:
    out, kept = tmp_path / "out", tmp_path / "out.runs"
    words = ["--set", "pool.amount=400000:800000:40000", "--out", str(out)]
    command = [sys.executable, "-m", "optimizer.cli", "sweep", str(example), *words, "--lang", "en"]
    whole = Popen([*command, "--jobs", "2"], start_new_session=True)
    patience = time.monotonic() + 240
    while len(list(kept.rglob("*.json"))) < 3 and time.monotonic() < patience:
        time.sleep(0.05)
    os.killpg(whole.pid, end)
    assert whole.wait(60) in (130, -signal.SIGKILL)
    before = {path: path.stat().st_mtime_ns for path in kept.rglob("*.json")}
    assert 3 <= len(before) < 11 and not out.exists()
    again = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert f"Of 11 scenarios, {len(before)} were worked out by an earlier run" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert len(list(kept.rglob("*.json"))) == 11
    assert json.loads((out / "summary.json").read_bytes())["statuses"]["optimal"] == 11
