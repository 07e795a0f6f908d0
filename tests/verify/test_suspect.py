"""Which award is named as the forged one: never a right one, and never with another amount than it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.results import small_allocation

from optimizer.report import write_result
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.verify.rebuild import _suspects
from optimizer.verify.reread import ResultTable, read_csv
from optimizer.verify.suspect import Suspect, put_back

TABLES = ("awards", "by_school")
OTHERWISE = {
    "status": ("funded", "not_funded", "ineligible"),
    "certainty": ("every", "some", "none", ""),
    "reason_code": ("merit", "coverage", "priority", "pool", "school_cap"),
}


class Result:
    """A small result whose cells can be changed without writing it again."""

    def __init__(self, folder: Path) -> None:
        allocation = small_allocation()
        write_result(allocation, folder, parts=[])
        self.said = json.loads((folder / "summary.json").read_bytes())
        self.tables = {name: read_csv(folder, f"{name}.csv", []) for name in TABLES}
        self.scored = score(screen(allocation.case.records, allocation.case.policy))
        awards = self.tables["awards"]
        assert awards is not None
        self.awards = awards
        self.right = [int(cell) for cell in awards.column("award")]

    def named(self, *changes: tuple[int, str, str]) -> list[Suspect]:
        """Return the suspects after some cells of awards.csv were changed."""
        awards = changed(self.awards, *changes)
        return _suspects(self.said, self.scored, {**self.tables, "awards": awards})


def changed(table: ResultTable, *changes: tuple[int, str, str]) -> ResultTable:
    rows = [list(row) for row in table.rows]
    for row, column, cell in changes:
        rows[row][table.header.index(column)] = cell
    return replace(table, rows=tuple(map(tuple, rows)))


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return Result(tmp_path_factory.mktemp("suspect") / "out")


def forgeries(result: Result) -> Iterator[tuple[int, int]]:
    for row, right in enumerate(result.right):
        for amount in (0, 100, right - 100, right + 100, 1_000, 1_500, 2_000, 10**15):
            if amount >= 0 and amount != right:
                yield row, amount


def test_of_a_right_list_no_award_is_named(result: Result) -> None:
    assert result.named() == []


def test_one_forged_award_is_named_with_what_it_was_and_can_be_put_back(result: Result) -> None:
    for row, amount in forgeries(result):
        forged = (row, "award", str(amount))
        [one] = result.named(forged)
        assert (one.row, one.award, one.was) == (row, amount, result.right[row])
        assert put_back(changed(result.awards, forged), [one]) == result.awards


def test_a_right_award_is_not_named_for_what_another_cell_says(result: Result) -> None:
    for row in range(len(result.right)):
        for column, cells in OTHERWISE.items():
            for cell in cells:
                assert result.named((row, column, cell)) == [], (row, column, cell)


def test_an_award_to_one_who_got_none_is_named_though_its_status_was_forged_as_well(
    result: Result,
) -> None:
    for row, amount in forgeries(result):
        if not result.right[row] and result.awards.cell(row, "reason_code") != "draw":
            found = result.named((row, "award", str(amount)), (row, "status", "funded"))
            assert [(one.row, one.was) for one in found] == [(row, 0)]


def test_two_forged_awards_of_two_schools_are_both_named(result: Result) -> None:
    found = result.named((0, "award", "0"), (4, "award", "2000"))
    assert [(one.row, one.award, one.was) for one in found] == [
        (0, 0, result.right[0]),
        (4, 2_000, result.right[4]),
    ]


@pytest.mark.parametrize("off", [-1_000, 100])
def test_a_right_award_is_not_named_for_its_school_alone(result: Result, off: int) -> None:
    schools = result.tables["by_school"]
    assert schools is not None
    for row, awarded in enumerate(map(int, schools.column("awarded"))):
        other = changed(schools, (row, "awarded", str(max(0, awarded + off))))
        tables = {"awards": result.awards, "by_school": other}
        assert _suspects(result.said, result.scored, tables) == []


@pytest.mark.parametrize("cell", ["", "-1", "1.5", "１", "1" * 17, "many"])
def test_beside_an_award_that_is_no_amount_nothing_is_guessed(result: Result, cell: str) -> None:
    assert result.named((0, "award", cell), (4, "award", "2000")) == []
