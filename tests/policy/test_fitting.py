"""What the rules find in the data is said beside mistakes of the tables, where it is sure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.files import Rows, tables, write

from optimizer.check import check_case

POLICY = """
plan = { districts = ["中區", "臺西鄉", "和平區", "東區"] }
pool = { amount = 20_000 }
review = { criteria = { needs = 20, planning = 20, goals = 20, team = 20, budget = 10, other = 10 } }
award = { mode = "full" }
draw = { seed = "x" }

[[clause]]
kind = "school_cap"
column = "classes"
over = 0
amount = 5_000

[[clause]]
kind = "fixed"
decided_by = "王○明"
reason = "同一核定"
fund = ["Z999"]

[[priority]]
kind = "disadvantage"
weights = { remote = 1 }
"""
Wrong = Callable[[dict[str, Rows]], object]
MISFITS = {
    ("unknown_application", "policy.toml", None, "clause.fixed.fund"),
    ("no_weight", "schools.csv", 4, "disadvantage"),
    ("unknown_size", "schools.csv", 6, "classes"),
}


def put(table: str, line: int, column: str, value: str) -> Wrong:
    def plant(case: dict[str, Rows]) -> None:
        case[table][line - 1][case[table][0].index(column)] = value

    return plant


def said(folder: Path, *wrong: Wrong) -> set[tuple[str, str, int | None, str]]:
    case = tables()
    for plant in wrong:
        plant(case)
    write(folder, case)
    (folder / "policy.toml").write_text(POLICY, "utf-8")
    checked = check_case(folder)
    assert not checked.usable and checked.rest.zh and checked.rest.en
    return {(p.code, p.file, p.row, p.column) for p in checked.problems}


# a mistake of the tables, and which of the misfits nobody can be sure of beside it
BESIDE: list[tuple[Wrong, tuple[str, str, int, str], str]] = [
    (put("schools", 2, "district", "中x"), ("unknown_district", "schools.csv", 2, "district"), ""),
    (put("applications", 2, "requested", "x"), ("not_a_number", "applications.csv", 2, "requested"), ""),
    (put("applications", 3, "school_id", "999999"), ("unknown_school", "applications.csv", 3, "school_id"), ""),
    (put("schools", 2, "classes", "x"), ("not_a_number", "schools.csv", 2, "classes"), ""),
    (put("schools", 6, "classes", "x"), ("not_a_number", "schools.csv", 6, "classes"), "unknown_size"),
    (put("applications", 5, "application_id", ""), ("blank_cell", "applications.csv", 5, "application_id"), "unknown_application"),
]  # fmt: skip


def test_alone_they_are_said(tmp_path: Path) -> None:
    assert said(tmp_path) == MISFITS


@pytest.mark.parametrize(("wrong", "place", "unsure"), BESIDE)
def test_beside_other_mistakes_too(
    wrong: Wrong, place: tuple[str, str, int, str], unsure: str, tmp_path: Path
) -> None:
    found = said(tmp_path, wrong)
    assert place in found
    assert {one for one in found if one in MISFITS} == {m for m in MISFITS if m[0] != unsure}


def test_an_application_of_no_known_school_says_nothing_of_one(tmp_path: Path) -> None:
    found = said(tmp_path, put("applications", 5, "school_id", "888888"))
    assert "unknown_school" in {code for code, *_ in found}
    assert "unknown_size" not in {code for code, *_ in found}  # nobody else applies at that school
