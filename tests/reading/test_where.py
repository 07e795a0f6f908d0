"""What is said of an application names the table that really holds it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from helpers.files import CRITERIA, Rows, tables, write

from optimizer.check import check_case
from optimizer.language.text import Text
from optimizer.problems.errors import Problem
from optimizer.reading.cells import chooser
from optimizer.reading.findings import BadCell
from optimizer.tables.schema import TYPES, case_tables

POLICY = """
[draw]
seed = "drawn in public"
[pool]
amount = 20_000
[review]
minimum_merit = 99
{review}
[[clause]]
kind = "members"
[[clause]]
kind = "programme"
[[clause]]
kind = "meetings"
"""
MARKED = "criteria = { " + ", ".join(f"{key} = {full}" for key, full in CRITERIA.items()) + " }"
TOTALS = [["application_id", "total"], *([f"A00{n}", f"{80 + n}"] for n in range(1, 5))]


def with_merit(case: dict[str, Rows]) -> dict[str, Rows]:
    del case["reviews"]
    merit = ["merit", "81", "82", "83", "84"]
    case["applications"] = [
        [*row, cell] for row, cell in zip(case["applications"], merit, strict=True)
    ]
    return case


CASES = {
    "marks": (tables(), MARKED, ("reviews", None)),
    "totals": ({**tables(), "reviews": TOTALS}, "", ("reviews", None)),
    "merit": (with_merit(tables()), "", ("applications", 3)),
}


def found(case: dict[str, Rows], review: str, folder: Path) -> list[Problem]:
    write(folder, case)
    (folder / "policy.toml").write_text(POLICY.format(review=review), "utf-8")
    checked = check_case(folder)
    assert checked.usable, checked.problems
    return [p for p in checked.problems if p.application_id]


@pytest.mark.parametrize("name", CASES)
def test_a_low_merit_is_said_of_the_table_that_holds_it(name: str, tmp_path: Path) -> None:
    case, review, place = CASES[name]
    low = [p for p in found(case, review, tmp_path) if p.code == "minimum_merit"]
    assert low and (low[0].file, low[0].row) == (f"{place[0]}.csv", place[1])


def test_codes_are_said_in_the_words_of_the_language(tmp_path: Path) -> None:
    (problem,) = (p for p in found(tables(), MARKED, tmp_path) if p.code == "programme")
    assert problem.value == "yes"
    assert "「是」" in problem.say("zh-TW") and "yes" not in problem.say("zh-TW")
    assert "'yes'" in problem.say("en")
    shown = {p: p.shown.zh for p in found(tables(), MARKED, tmp_path)}
    codes = {v.key for t in case_tables(CRITERIA) for c in t.columns for v in c.values if v.key}
    assert not codes & set(shown.values())


def test_what_was_meant_is_asked_by_the_name_that_people_read() -> None:
    for typed in ("grad", "年級級別"):
        with pytest.raises(BadCell) as error:
            chooser(TYPES)(typed)
        assert error.value.hint == Text("是否為「年級別」？", "Is it 'grade'?")


@pytest.mark.parametrize("column", ["level", "evaluation_programme"])
def test_the_values_of_a_quota_are_named_in_chinese(column: str, tmp_path: Path) -> None:
    quota = f'[[clause]]\nkind = "quota"\ncolumn = "{column}"\nvalue = "x"\nat_least = 1\n'
    write(tmp_path, tables())
    (tmp_path / "policy.toml").write_text(POLICY.format(review=MARKED) + quota, "utf-8")
    (problem,) = (p for p in check_case(tmp_path).problems if p.code == "unknown_value")
    assert problem.expected.zh in ("可用：國小、國中", "可用：是、否")
    assert problem.expected.en in ("one of: elementary, junior_high", "one of: yes, no")


@pytest.mark.parametrize("name", CASES)
def test_every_finding_names_a_table_that_has_its_column(name: str, tmp_path: Path) -> None:
    case, review, _ = CASES[name]
    problems = found(case, review, tmp_path)
    assert len({p.file for p in problems}) > 1 or name == "merit"
    known = {f"{table.key}.csv": table for table in case_tables(CRITERIA)}
    for problem in problems:
        header = next(csv.reader((tmp_path / problem.file).open(encoding="utf-8")))
        if problem.column != "merit" or problem.file == "applications.csv":
            assert known[problem.file].find(problem.column) in map(known[problem.file].find, header)
