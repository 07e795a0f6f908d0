"""Many cases: each gets what it gets alone, and one that fails is a row."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from helpers.commands import copy, run

from optimizer import allocate, batch, read_case
from optimizer.problems.errors import UsageError
from optimizer.report.writer import PARTS


@pytest.fixture
def cases(example: Path, tmp_path: Path) -> list[Path]:
    more = copy(example, tmp_path / "more", policy=("amount = 590_000", "amount = 300_000"))
    bad = copy(example, tmp_path / "bad", policy=("amount = 590_000", 'amount = "x"'))
    return [more, bad, tmp_path / "nowhere"]


def test_each_case_gets_what_it_gets_alone_and_one_that_fails_is_a_row(
    cases: list[Path], tmp_path: Path
) -> None:
    told: list[str] = []
    words = {"parts": (), "language": "en", "progress": told.append}
    found = batch(cases, tmp_path / "out", **words)  # type: ignore[arg-type]
    assert found["status"].tolist() == ["optimal", "refused", "refused"]
    assert found["exit_code"].tolist() == [0, 3, 3]
    assert told == [f"{row['case']}: {row['status']}" for row in found.to_dict("records")]
    alone = allocate(read_case(cases[0]))
    assert (found["spent"][0], found["seal"][0]) == (alone.spent, alone.seal)
    assert "pool.amount" in found["said"][1] and found["spent"].isna().tolist() == [
        False,
        True,
        True,
    ]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"more", "batch.csv"}
    with (tmp_path / "out" / "batch.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["case"] for row in csv.DictReader(file)] == found["case"].tolist()


@pytest.mark.parametrize("names", [[], ["a", "a"], ["a", "x/../a"]])
def test_cases_without_a_name_of_their_own_are_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(UsageError):
        batch([tmp_path / name for name in names], tmp_path / "out")


def test_the_command_logs_each_case_and_ends_with_the_worst_code(
    cases: list[Path], tmp_path: Path
) -> None:
    log, out = tmp_path / "log.txt", tmp_path / "out"
    words = ["--out", out, "--parts", "none", "--log", log]
    result = run("batch", *cases[:2], *words, "--json")
    assert result.exit_code == 3
    assert [row["status"] for row in json.loads(result.stdout)["cases"]] == ["optimal", "refused"]
    assert [line.split(" ", 1)[1] for line in log.read_text().splitlines()] == ["more: optimal", "bad: refused"]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "written"), [("none", ()), ("report", ("report",)), ("report, workbooks", ("workbooks", "report"))]
)  # fmt: skip
def test_allocate_writes_the_parts_asked_for(
    example: Path, tmp_path: Path, parts: str, written: tuple[str, ...]
) -> None:
    out = tmp_path / "out"
    assert run("allocate", example, "--out", out, "--parts", parts).exit_code == 0
    there = {"workbooks": "awards.ods", "figures": "figures", "report": "report.html"}
    assert [part for part in PARTS if (out / there[part]).exists()] == [*written]
    assert json.loads((out / "summary.json").read_bytes())["parts"] == [*written]
    assert run("verify", out, "--case", example, "--quick").exit_code == 0
