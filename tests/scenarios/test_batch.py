"""Many cases: each gets what it gets alone, and one that fails is a row."""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path

import jsonschema
import pytest
from helpers.commands import copy, infeasible, run
from helpers.documented import check_documented

from optimizer import allocate, batch, generate, read_case
from optimizer.cli.schema import schemas
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
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "more",
        "batch.csv",
        "summary.json",
    }
    check_documented(tmp_path / "out", "batch")
    with (tmp_path / "out" / "batch.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["case"] for row in csv.DictReader(file)] == found["case"].tolist()


def test_what_is_kept_is_not_worked_out_again_and_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was refused is looked at again; another policy is another result."""
    generate(tmp_path / "more", applications=20, schools=15, districts=5)
    pool = re.compile(r"amount = [0-9_]+")
    said = (tmp_path / "more" / "policy.toml").read_text("utf-8")
    bad = copy(tmp_path / "more", tmp_path / "bad", policy=(pool.findall(said)[0], "amount = 'x'"))
    cases = [tmp_path / "more", bad]
    out, words = tmp_path / "out", {"parts": (), "cache": tmp_path / "kept"}
    first = batch(cases, out, **words)  # type: ignore[arg-type]
    written = (out / "more" / "awards.csv").read_bytes()
    with monkeypatch.context() as context:
        context.setattr(sys.modules["optimizer.scenarios.batch"], "allocated", None)
        again = batch(cases, out, **words)  # type: ignore[arg-type]
        assert again.equals(first) and again["exit_code"].tolist() == [0, 3]
        assert (first.attrs["reused"], again.attrs["reused"]) == (0, 1)
        assert (out / "more" / "awards.csv").read_bytes() == written
        with pytest.raises(TypeError, match="not callable"):
            batch(cases[:1], out, parts=("report",), cache=tmp_path / "kept")
    policy = tmp_path / "policy.toml"
    policy.write_text(pool.sub("amount = 20_000", said, count=1), "utf-8")
    other = batch(cases, out, policy=policy, **words)  # type: ignore[arg-type]
    assert other["pool"].tolist() == [20_000, 20_000]


def test_no_list_of_an_earlier_run_stands(example: Path, tmp_path: Path) -> None:
    """Neither of a case that fails now, nor of one that is not named any more."""
    out = tmp_path / "out"
    one, other = (copy(example, tmp_path / name) for name in ("one", "other"))
    batch([one, other], out, parts=())
    assert (out / "one" / "awards.csv").exists() and (out / "other" / "awards.csv").exists()
    (one / "policy.toml").write_text("amount = ", encoding="utf-8")
    assert batch([one], out, parts=())["exit_code"].tolist() == [3]
    assert {path.name for path in out.iterdir()} == {"batch.csv", "summary.json"}


@pytest.mark.parametrize("name", ["mine.txt", "other/mine.txt", "more/mine.txt"])
def test_what_no_batch_has_written_is_refused_before_anything_is_done(
    cases: list[Path], tmp_path: Path, name: str
) -> None:
    out, told = tmp_path / "out", []  # type: ignore[var-annotated]
    batch(cases[1:], out)
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).touch()
    with pytest.raises(UsageError, match=r"mine\.txt"):
        batch(cases, out, progress=told.append)
    assert (out / name).exists() and not told


@pytest.mark.parametrize("names", [[], ["a", "a"], ["a", "x/../a"]])
def test_cases_without_a_name_of_their_own_are_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(UsageError, match="No case" if not names else "called 'a'") as error:
        batch([tmp_path / name for name in names], tmp_path / "out")
    assert "…" not in str(error.value)


def test_the_command_logs_each_case_and_ends_with_the_worst_code(
    cases: list[Path], tmp_path: Path
) -> None:
    log, out = tmp_path / "log.txt", tmp_path / "out"
    words = ["--out", out, "--parts", "none", "--log", log]
    result = run("batch", *cases[:2], *words, "--json")
    assert result.exit_code == 3
    assert [row["status"] for row in json.loads(result.stdout)["cases"]] == ["optimal", "refused"]
    document = json.loads((out / "summary.json").read_bytes())
    jsonschema.Draft202012Validator(schemas()["batch"]).validate(document)
    assert document["cases"] == json.loads(result.stdout)["cases"]
    assert [line.split(" ", 1)[1] for line in log.read_text().splitlines()] == ["more: optimal", "bad: refused"]  # fmt: skip


def test_a_proof_that_nothing_is_possible_is_an_answer_to_a_grid_but_not_in_a_batch(
    tmp_path: Path,
) -> None:
    """As docs/batch.md has it."""
    some, none, out = (tmp_path / name for name in ("some", "none", "out"))
    generate(some, applications=30, schools=20, districts=5)
    infeasible(some, none)
    scenarios = tmp_path / "scenarios.toml"
    scenarios.write_text('[[scenario]]\nname = "x"\ndrop = ["clause.too_many"]\n', encoding="utf-8")
    assert run("batch", none, some, "--out", out / "batch", "--parts", "none").exit_code == 4
    grid = ["--set", "clause.too_many.at_least=0,4000"]
    for words in (["sweep", none, *grid], ["compare", none, scenarios]):
        result = run(*words, "--out", out / str(words[0]))
        assert result.exit_code == 0, result.stderr
        assert "proved" in result.stdout and "contradict" in result.stdout


def test_a_log_in_the_folder_that_is_replaced_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("batch", tmp_path / "case", "--out", out, "--log", out / "log.txt")
    assert result.exit_code == 2 and "--log" in result.stderr and not out.exists()


@pytest.mark.parametrize(
    ("parts", "written"), [("none", ()), ("report", ("report",)), ("report, workbooks", ("workbooks", "report")),
        ("record,published", ("published", "record"))]
)  # fmt: skip
def test_allocate_writes_the_parts_asked_for(
    example: Path, tmp_path: Path, parts: str, written: tuple[str, ...]
) -> None:
    out = tmp_path / "out"
    assert run("allocate", example, "--out", out, "--parts", parts).exit_code == 0
    there = {"workbooks": "awards.ods", "figures": "figures", "report": "report.html"}
    there |= {"published": "published", "record": "record.pdf"}
    assert [part for part in PARTS if (out / there[part]).exists()] == [*written]
    assert json.loads((out / "summary.json").read_bytes())["parts"] == [*written]
    assert run("verify", out, "--case", example, "--quick").exit_code == 0
