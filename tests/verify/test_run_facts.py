"""What a summary says of its run: whatever this program can have written is taken, and nothing else."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from helpers.results import small_allocation

from optimizer.problems.errors import Problem
from optimizer.report import write_result
from optimizer.verify.file_list import parts_of
from optimizer.verify.run_facts import ENGINES, _time_problems, run_problems

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEFT_OUT = object()


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("run") / "out"
    write_result(small_allocation(), folder, parts=[])
    return dict(json.loads((folder / "summary.json").read_bytes()))


def said_of(summary: dict[str, Any], place: str, value: Any) -> list[str]:
    """Return where a summary is wrong after one entry was put in, or left out."""
    document = deepcopy(summary)
    *way, last = [int(key) if key.isdecimal() else key for key in place.split(".")]
    inner: Any = document
    for key in way:
        inner = inner[key]
    inner.pop(last, None) if value is LEFT_OUT else inner.__setitem__(last, value)
    return [problem.column for problem in run_problems(document)]


RIGHT: list[tuple[str, Any]] = [
    ("engine.solves", 0),
    ("engine.why", ""),
    ("engine.why", "因" * 1_000),
    ("optima", None),
    ("priorities.0.by", "counting"),
    ("priorities.1.by", "enumeration"),
    ("priorities.0.again", "plain table"),
    ("program.version", "2.0.0rc1+local-7"),
    ("program.version", "1" + "0" * 60),
    ("versions.highspy", ""),
    ("versions.zlib", "1.3.1-ng_2!0"),
    ("versions.system", "Linux x86_64"),
    ("versions.system", f"{'L' * 40} {'x' * 40}"),
    ("versions.system", " "),
    ("seconds.solve", 0),
    ("seconds.write", 0.001),
    ("seconds.one_more_stage", 2.5),
]
WRONG: list[tuple[str, Any, str]] = [
    ("engine", LEFT_OUT, "engine.name"),
    ("engine.name", "gurobi", "engine.name"),
    ("engine.name", None, "engine.name"),
    ("engine.name", ["dynamic"], "engine.name"),
    ("engine.solves", 1, "engine.solves"),
    ("engine.solves", -1, "engine.solves"),
    ("engine.solves", False, "engine.solves"),
    ("engine.solves", LEFT_OUT, "engine.solves"),
    ("engine.why", None, "engine.why"),
    ("engine.why", "two\nlines", "engine.why"),
    ("engine.why", "a" * 1_001, "engine.why"),
    ("priorities.0.by", "bundles", "priorities[coverage].by"),
    ("priorities.2.by", LEFT_OUT, "priorities[balance].by"),
    ("priorities.1.again", "gurobi", "priorities[merit].again"),
    ("priorities.1.again", LEFT_OUT, "priorities[merit].again"),
    ("program", LEFT_OUT, "program"),
    ("program.name", "subsidy", "program"),
    ("program.name", LEFT_OUT, "program"),
    ("program.licence", "MIT", "program"),
    ("program.version", 1, "program.version"),
    ("program.version", "?", "program.version"),
    ("program.version", "the newest", "program.version"),
    ("program.version", "1" + "0" * 61, "program.version"),
    ("program.version", "1.0\n", "program.version"),
    ("versions", LEFT_OUT, "versions"),
    ("versions.python", LEFT_OUT, "versions"),
    ("versions.gurobi", "12.0", "versions"),
    ("versions.pandas", None, "versions.pandas"),
    ("versions.pandas", "３.0", "versions.pandas"),
    ("versions.system", "Linux", "versions.system"),
    ("versions.system", f"{'L' * 41} x", "versions.system"),
    ("started_at", LEFT_OUT, "started_at"),
    ("started_at", 2026, "started_at"),
    ("started_at", "yesterday", "started_at"),
    ("started_at", "2026-01-01T00:00:00Z", "started_at"),
    ("started_at", "2026-01-01T00:00:00", "started_at"),
    ("started_at", "2026-01-01T08:00:00+08:00", "started_at"),
    ("started_at", "2026-01-01T00:00:00.500000+00:00", "started_at"),
    ("started_at", "0001-01-01T00:00:00+23:00", "started_at"),
    ("started_at", "2014-02-01T00:00:00+00:00", "started_at"),
    ("seconds", LEFT_OUT, "seconds"),
    ("seconds.solve", LEFT_OUT, "seconds"),
    ("seconds.write", LEFT_OUT, "seconds"),
    ("seconds.solve", -0.001, "seconds"),
    ("seconds.solve", True, "seconds"),
    ("seconds.solve", "1", "seconds"),
    ("seconds.solve", 0.0005, "seconds"),
    ("seconds.solve", float("inf"), "seconds"),
    ("seconds.write", 10**10, "seconds"),
    ("seconds.Lunch!", 1.0, "seconds"),
    ("seconds.write", 9e9, "seconds"),
]


def test_a_summary_of_this_program_is_taken(summary: dict[str, Any]) -> None:
    assert not [*run_problems(summary)]


@pytest.mark.parametrize(("place", "value"), RIGHT)
def test_whatever_can_be_so_is_taken(summary: dict[str, Any], place: str, value: Any) -> None:
    assert said_of(summary, place, value) == []


@pytest.mark.parametrize(("place", "value", "where"), WRONG)
def test_what_cannot_be_so_is_said_in_its_place(
    summary: dict[str, Any], place: str, value: Any, where: str
) -> None:
    assert said_of(summary, place, value) == [where]


@pytest.mark.parametrize("name", ENGINES)
def test_each_engine_proves_by_its_own_methods_and_only_one_counts(
    summary: dict[str, Any], name: str
) -> None:
    document = {**summary, "engine": {**summary["engine"], "name": name, "solves": 7}}
    found = {problem.column for problem in run_problems({**document, "optima": 2})}
    assert ("engine.solves" in found) == ("optima" not in found) == (name == "dynamic")
    methods = {method for each in ENGINES.values() for method in each}
    for by in sorted(methods):
        steps = [{**step, "by": by} for step in summary["priorities"]]
        wrong = [
            p for p in run_problems({**document, "priorities": steps}) if p.column[-3:] == ".by"
        ]
        assert len(wrong) == (0 if by in ENGINES[name] else len(steps)), by


@pytest.mark.parametrize(
    ("started", "spent", "wrong"),
    [
        (NOW + timedelta(days=1), 0, []),
        (NOW + timedelta(days=1, seconds=1), 0, ["started_at", "seconds"]),
        (datetime(2024, 1, 1, tzinfo=UTC), 1, []),
        (datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC), 1, ["started_at"]),
        (NOW - timedelta(days=2), 3 * 86_400, []),
        (NOW - timedelta(days=2), 3 * 86_400 + 1, ["seconds"]),
    ],
)
def test_the_clocks_of_two_machines_may_be_a_day_apart(
    started: datetime, spent: int, wrong: list[str]
) -> None:
    document = {"started_at": started.isoformat(), "seconds": {"solve": spent, "write": 0}}
    assert [problem.column for problem in _time_problems(document, NOW)] == wrong


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ([], []),
        (["workbooks", "published", "figures", "report", "record"], None),
        (["report"], None),
        (["report", "figures"], ["figures", "report"]),
        (["report", "report"], ["report"]),
        (["report", "letters"], ["report"]),
        ("report", []),
        (None, []),
        ({"report": 1}, []),
    ],
)
def test_parts_are_those_there_are_in_their_order(said: Any, known: list[str] | None) -> None:
    found: list[Problem] = []
    assert parts_of({"parts": said}, found) == (said if known is None else known)
    right = known is None or said == known
    assert [problem.column for problem in found] == ([] if right else ["parts"])
