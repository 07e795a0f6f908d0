"""Verifying: a right result has no problems, and whatever is changed is found in its place."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.results import (
    edit_rows,
    edit_summary,
    read_rows,
    remake_once,
    reseal,
    small_allocation,
    small_case,
)
from helpers.rounds import random_case, scored_of

from optimizer.case.case import Case, read_case
from optimizer.pipe import allocate
from optimizer.problems.errors import InfeasibleError, Problem
from optimizer.report import write_result
from optimizer.verify.rebuild import rebuild
from optimizer.verify.reread import ResultTable
from optimizer.verify.verify import verification, verify_result

Edit = Callable[[Path], Any]
HEADER = [
    "application_id",
    "school_id",
    "level",
    "district",
    "title",
    "merit",
    "rank",
    "status",
    "requested",
    "admissible",
    "award",
    "certainty",
    "reason_code",
    "reason",
]


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.verify.verify.remake", remake_once)


@pytest.fixture(scope="module")
def case() -> Case:
    return small_case()


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("right") / "out"
    write_result(small_allocation(), target, parts=["workbooks"])
    return target


@pytest.fixture
def folder(right: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(right, tmp_path / "out"))


def cell(file: str, row: int, column: str, value: str) -> Edit:
    """Change one cell; `row` counts as a spreadsheet does."""

    def edit(rows: list[list[str]]) -> None:
        assert rows[row - 1][rows[0].index(column)] != value
        rows[row - 1][rows[0].index(column)] = value

    return lambda folder: edit_rows(folder, file, edit)


def rows_of(file: str, edit: Callable[[list[list[str]]], Any]) -> Edit:
    return lambda folder: edit_rows(folder, file, edit)


def entry(path: str, value: Any) -> Edit:
    """Change one entry of summary.json, named like ``priorities.0.value``."""

    def edit(document: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        place: Any = document
        for key in parents:
            place = place[int(key)] if isinstance(place, list) else place[key]
        key: Any = int(last) if isinstance(place, list) else last
        if value is DROP:
            del place[key]
        else:
            place[key] = value

    return lambda folder: edit_summary(folder, edit)


DROP = object()


def both(*edits: Edit) -> Edit:
    def edit(folder: Path) -> None:
        for one in edits:
            one(folder)

    return edit


def swap(file: str, first: int, second: int) -> Edit:
    def edit(rows: list[list[str]]) -> None:
        rows[first - 1], rows[second - 1] = rows[second - 1], rows[first - 1]

    return rows_of(file, edit)


def without(file: str, column: str) -> Edit:
    def edit(rows: list[list[str]]) -> None:
        at = rows[0].index(column)
        for row in rows:
            del row[at]

    return rows_of(file, edit)


def test_a_right_result_has_no_problems(folder: Path, case: Case) -> None:
    assert verify_result(folder, case) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_the_example_has_no_problems(example: Path, tmp_path: Path, language: Any) -> None:
    given = read_case(example)
    write_result(allocate(given, language=language), tmp_path / "out", parts=[])
    found = verification(tmp_path / "out", read_case(example), quick=language == "en")
    assert (found.problems, found.uncompared) == ([], ())


@pytest.mark.slow
def test_an_unproved_result_has_no_problems(example: Path, tmp_path: Path) -> None:
    given = read_case(example)
    allocation = allocate(given, solver="highs", time_limit=0)
    write_result(allocation, tmp_path / "out", parts=[])
    assert verify_result(tmp_path / "out", given) == []


def test_a_result_can_be_proved_again(folder: Path, case: Case) -> None:
    assert verify_result(folder, case) == []


CORRUPTIONS: dict[str, tuple[Edit, tuple[str, int | None, str]]] = {
    "one unit more": (cell("awards.csv", 2, "award", "2100"), ("awards.csv", 2, "award")),
    "one unit moved": (
        both(cell("awards.csv", 2, "award", "1900"), cell("awards.csv", 7, "award", "1100")),
        ("awards.csv", 7, "award"),
    ),
    "awards swapped": (
        both(cell("awards.csv", 4, "award", "1000"), cell("awards.csv", 5, "award", "0")),
        ("awards.csv", 4, "status"),
    ),
    "awards and states swapped": (
        both(
            cell("awards.csv", 3, "award", "1500"),
            cell("awards.csv", 3, "status", "funded"),
            cell("awards.csv", 2, "award", "0"),
            cell("awards.csv", 2, "status", "not_funded"),
        ),
        ("summary.json", None, "priorities[merit].value"),
    ),
    "an award to the ineligible": (
        cell("awards.csv", 8, "award", "1000"),
        ("awards.csv", 8, "award"),
    ),
    "a negative award": (cell("awards.csv", 2, "award", "-2000"), ("awards.csv", 2, "award")),
    "an award in words": (cell("awards.csv", 2, "award", "2,000"), ("awards.csv", 2, "award")),
    "an award with a leading zero": (
        cell("awards.csv", 2, "award", "02000"),
        ("awards.csv", 2, "award"),
    ),
    "a huge award": (cell("awards.csv", 2, "award", "9" * 30), ("awards.csv", 2, "award")),
    "a status": (cell("awards.csv", 2, "status", "not_funded"), ("awards.csv", 2, "status")),
    "a merit": (cell("awards.csv", 3, "merit", "83"), ("awards.csv", 3, "merit")),
    "a rank": (cell("awards.csv", 3, "rank", "1"), ("awards.csv", 3, "rank")),
    "a request": (cell("awards.csv", 3, "requested", "1"), ("awards.csv", 3, "requested")),
    "an admissible amount": (
        cell("awards.csv", 3, "admissible", "900"),
        ("awards.csv", 3, "admissible"),
    ),
    "a district": (cell("awards.csv", 3, "district", "東區"), ("awards.csv", 3, "district")),
    "a lost zero": (cell("awards.csv", 3, "school_id", "64601"), ("awards.csv", 3, "school_id")),
    "a title": (cell("awards.csv", 3, "title", "另一社群"), ("awards.csv", 3, "title")),
    "a reason": (cell("awards.csv", 3, "reason", "無"), ("awards.csv", 3, "reason")),
    "a reason code": (
        cell("awards.csv", 3, "reason_code", "pool"),
        ("awards.csv", 3, "reason_code"),
    ),
    "certain to lose though funded": (
        cell("awards.csv", 2, "certainty", "none"),
        ("awards.csv", 2, "certainty"),
    ),
    "certain to win though not funded": (
        cell("awards.csv", 3, "certainty", "every"),
        ("awards.csv", 3, "certainty"),
    ),
    "a certainty of the ineligible": (
        cell("awards.csv", 8, "certainty", "none"),
        ("awards.csv", 8, "certainty"),
    ),
    "one certainty less": (
        cell("awards.csv", 4, "certainty", "none"),
        ("summary.json", None, "certainty.some"),
    ),
    "a row missing": (rows_of("awards.csv", lambda r: r.pop(4)), ("awards.csv", None, "")),
    "a row double": (rows_of("awards.csv", lambda r: r.append(r[2])), ("awards.csv", 11, "")),
    "a row too many": (
        rows_of("awards.csv", lambda r: r.append(["A99", *r[2][1:]])),
        ("awards.csv", 11, ""),
    ),
    "rows in another order": (swap("awards.csv", 2, 3), ("awards.csv", 2, "")),
    "a column missing": (without("awards.csv", "rank"), ("awards.csv", 1, "rank")),
    "the award column missing": (without("awards.csv", "award"), ("awards.csv", 1, "award")),
    "a column too many": (
        rows_of("awards.csv", lambda r: [row.append("x") for row in r]),
        ("awards.csv", 1, "x"),
    ),
    "a row too short": (rows_of("awards.csv", lambda r: r[3].pop()), ("awards.csv", 4, "")),
    "a school's total": (cell("by_school.csv", 2, "awarded", "1"), ("by_school.csv", 2, "awarded")),
    "a school missing": (rows_of("by_school.csv", lambda r: r.pop()), ("by_school.csv", None, "")),
    "a district's count": (
        cell("by_district.csv", 2, "funded", "2"),
        ("by_district.csv", 2, "funded"),
    ),
    "a district covered": (
        cell("by_district.csv", 4, "covered", "yes"),
        ("by_district.csv", 4, "covered"),
    ),
    "a cause": (cell("by_district.csv", 4, "cause", ""), ("by_district.csv", 4, "cause")),
    "the waiting list's order": (swap("waitlist.csv", 2, 3), ("waitlist.csv", 2, "")),
    "a place on the waiting list": (
        cell("waitlist.csv", 3, "comes_at", "900"),
        ("waitlist.csv", 3, "comes_at"),
    ),
    "one waiting less": (rows_of("waitlist.csv", lambda r: r.pop()), ("waitlist.csv", None, "")),
    "a refusal hidden": (rows_of("problems.csv", lambda r: r.pop(1)), ("problems.csv", None, "")),
    "a remark reworded": (cell("problems.csv", 2, "message", "無"), ("problems.csv", 2, "message")),
    "money spent": (entry("pool.spent", 4_100), ("summary.json", None, "pool.spent")),
    "the pool": (entry("pool.amount", 4_200), ("summary.json", None, "pool.amount")),
    "the number funded": (entry("counts.funded", 4), ("summary.json", None, "counts.funded")),
    "districts covered": (
        entry("counts.districts_covered", 5),
        ("summary.json", None, "counts.districts_covered"),
    ),
    "true for one": (
        entry("pool.contingency", False),
        ("summary.json", None, "pool.contingency"),
    ),
    "a priority's value": (
        entry("priorities.0.value", 4),
        ("summary.json", None, "priorities[coverage].value"),
    ),
    "a bound below the value": (
        entry("priorities.1.bound", 1),
        ("summary.json", None, "priorities[merit].bound"),
    ),
    "a bound too high": (
        entry("priorities.1.bound", 10_000),
        ("summary.json", None, "priorities[merit].proved"),
    ),
    "a gap": (entry("priorities.0.gap", 1), ("summary.json", None, "priorities[coverage].gap")),
    "a floor": (
        entry("priorities.0.floor", 1),
        ("summary.json", None, "priorities[coverage].floor"),
    ),
    "a proof denied": (
        entry("priorities.0.proved", False),
        ("summary.json", None, "priorities[coverage].proved"),
    ),
    "a priority missing": (entry("priorities.0", DROP), ("summary.json", None, "priorities")),
    "optimal without the draw": (entry("draw.settled", False), ("summary.json", None, "status")),
    "a status of the whole": (entry("status", "feasible"), ("summary.json", None, "status")),
    "the seed": (entry("draw.seed", "other"), ("summary.json", None, "draw.seed")),
    "a chance": (entry("draw.chances.A3", "2"), ("summary.json", None, "draw.chances.A3")),
    "a chance missing": (
        entry("draw.chances.A3", DROP),
        ("summary.json", None, "draw.chances.A3"),
    ),
    "one optimum only": (entry("optima", 1), ("summary.json", None, "optima")),
    "no optimum": (entry("optima", 0), ("summary.json", None, "optima")),
    "the version of the schema": (
        entry("schema_version", 2),
        ("summary.json", None, "schema_version"),
    ),
    "the language": (entry("language", "fr"), ("summary.json", None, "language")),
    "a rule of the policy": (
        entry("policy.0.sentence", "無上限"),
        ("summary.json", None, "policy[pool].sentence"),
    ),
    "the hash of an input": (
        entry("inputs.0.sha256", "0" * 64),
        ("summary.json", None, "inputs[schools.csv].sha256"),
    ),
    "an input missing": (entry("inputs.1", DROP), ("summary.json", None, "inputs")),
    "an entry missing": (entry("counts", DROP), ("summary.json", None, "counts")),
    "an entry too many": (entry("approved", True), ("summary.json", None, "approved")),
    "the program": (entry("program", {"name": "other"}), ("summary.json", None, "program")),
    "no versions": (entry("versions", DROP), ("summary.json", None, "versions")),
    "no time": (entry("started_at", "yesterday"), ("summary.json", None, "started_at")),
    "a negative time": (entry("seconds", {"solve": -1}), ("summary.json", None, "seconds")),
    "a table not listed": (entry("outputs.0", DROP), ("summary.json", None, "outputs")),
    "a file outside": (
        entry("outputs.0.name", "../secret"),
        ("summary.json", None, "outputs[0].name"),
    ),
    "outputs of no shape": (entry("outputs", 7), ("summary.json", None, "outputs")),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_change_is_found_in_its_place(folder: Path, case: Case, name: str) -> None:
    edit, place = CORRUPTIONS[name]
    edit(folder)
    if name != "outputs of no shape":
        reseal(folder)
    found = verify_result(folder, case)
    assert place in {(p.file, p.row, p.column) for p in found}, [p.say("en") for p in found]
    assert [one for one in found if found.count(one) > 1] == []  # nothing is said twice


def test_a_problem_says_what_stands_there_and_what_should(folder: Path, case: Case) -> None:
    cell("awards.csv", 3, "merit", "83")(folder)
    reseal(folder)
    (found,) = verify_result(folder, case)
    assert (found.value, found.application_id) == ("83", "A2")
    assert "82.33" in found.expected.en and "82.33" in found.expected.zh


def test_a_moved_unit_breaks_the_bounds_of_both(folder: Path, case: Case) -> None:
    CORRUPTIONS["one unit moved"][0](folder)
    reseal(folder)
    broken = [p for p in verify_result(folder, case) if p.code == "award"]
    assert len(broken) == 2


def test_a_hard_rule_is_checked_by_its_own_audit(folder: Path, case: Case) -> None:
    cell("awards.csv", 3, "award", "1500")(folder)
    reseal(folder)
    assert {"school_cap", "pool"} <= {p.code for p in verify_result(folder, case)}


@pytest.mark.parametrize("file", ["awards.xlsx", "awards.ods", "by_school.csv"])
def test_a_changed_file_is_found_by_its_hash(folder: Path, case: Case, file: str) -> None:
    path = folder / file
    path.write_bytes(path.read_bytes() + b" ")
    found = verify_result(folder, case)
    assert (file, "sha256") in {(p.file, p.column) for p in found}


@pytest.mark.parametrize(
    "file", ["awards.csv", "waitlist.csv", "problems.csv", "awards.xlsx", "summary.json"]
)
def test_a_file_that_is_gone_is_missed(folder: Path, case: Case, file: str) -> None:
    (folder / file).unlink()
    found = verify_result(folder, case)
    assert [p.file for p in found if p.code == "missing_file"] == [file]


BROKEN = {
    "nothing": b"",
    "no text": b"\xff\xfe\x00\x01\x02",
    "an open quote": b'application_id,"award\r\nA1,2000\r\n',
    "only a header": b"application_id,award\r\n",
    "zeros": b"\x00" * 100,
    "one long cell": b"a" * 200_000,
    "many columns": b"," * 5_000,
}


@pytest.mark.parametrize("file", ["awards.csv", "by_district.csv", "problems.csv"])
@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_table_is_a_problem(folder: Path, case: Case, file: str, content: str) -> None:
    (folder / file).write_bytes(BROKEN[content])
    assert file in {p.file for p in verify_result(folder, case)}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"pool": NaN}',
        '{"language": ["en"], "draw": 1, "engine": 2, "priorities": {}, "optima": "x"}',
        '{"priorities": [1, null, {"goal": [], "bound": 1e99}], "outputs": [1, {"name": 3}]}',
        '{"draw": {"chances": {"A3": "1/0", "A4": 7}}, "certainty": []}',
        "[" * 100_000,
        '{"optima": ' + "9" * 5_000 + "}",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_a_broken_summary_is_a_problem(folder: Path, case: Case, content: str) -> None:
    (folder / "summary.json").write_text(content, "utf-8")
    assert "summary.json" in {p.file for p in verify_result(folder, case)}


def test_a_target_without_a_result(tmp_path: Path, case: Case) -> None:
    assert [p.code for p in verify_result(tmp_path / "nowhere", case)] == ["missing_folder"]
    (tmp_path / "empty").mkdir()
    found = verify_result(tmp_path / "empty", case)
    assert len(found) == 7 and {p.code for p in found} == {"missing_file"}
    (tmp_path / "file").write_text("x")
    assert [p.code for p in verify_result(tmp_path / "file", case)] == ["missing_folder"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_is_not_followed(folder: Path, case: Case, tmp_path: Path) -> None:
    (folder / "awards.csv").rename(tmp_path / "elsewhere.csv")
    (folder / "awards.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert "awards.csv" in {p.file for p in verify_result(folder, case)}


def test_a_result_of_another_policy_is_not_this_one(folder: Path) -> None:
    found = verify_result(folder, small_case(pool={"amount": 2_000, "unit": 100}))
    assert "pool" in {p.code for p in found}
    assert ("policy.toml", "pool.amount") in {(p.file, p.column) for p in found}


def test_a_policy_is_not_told_what_it_should_be(folder: Path) -> None:
    """The policy at hand may be the right one: what the result says is said as just that."""
    found = verify_result(folder, small_case(pool={"amount": 2_000, "unit": 100}))
    said = [p.expected for p in found if p.file == "policy.toml"]
    assert said
    for expected in said:
        assert expected.zh.startswith("結果所載為「") and expected.en.startswith(
            "the result says '"
        )


def test_the_seed_is_held_against_what_was_published(folder: Path, case: Case) -> None:
    digest = case.policy.settings.draw.digest
    assert verify_result(folder, case, seed_commitment=digest) == []
    (found,) = verify_result(folder, case, seed_commitment="0" * 64)
    assert found.code == "commitment"


def test_a_better_list_is_found_by_proving(folder: Path, case: Case, tmp_path: Path) -> None:
    """A whole result, right in itself, of a policy without its first priorities."""
    poor = allocate(small_case(priority=[{"kind": "balance"}]))
    write_result(poor, tmp_path / "poor", parts=[])
    assert verify_result(tmp_path / "poor", case) != []
    assert verify_result(tmp_path / "poor", small_case(priority=[{"kind": "balance"}])) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_any_single_cell_is_watched(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    given = random_case(rng)
    try:
        allocation = allocate(given)
    except InfeasibleError:
        return
    write_result(allocation, tmp_path / "out", parts=[])
    assert verify_result(tmp_path / "out", given) == []
    files = [p for p in (tmp_path / "out").glob("*.csv") if len(read_rows(p)) > 1]
    for _ in range(6):
        path = rng.choice(files)
        data = path.read_bytes()
        rows = read_rows(path)
        row, column = rng.randrange(1, len(rows)), rng.randrange(len(rows[0]))
        old = rows[row][column]
        if rows[0][column] == "certainty":
            continue  # taken as claimed, as far as it can be so
        cell(path.name, row + 1, rows[0][column], old + "1")(tmp_path / "out")
        found: list[Problem] = verify_result(tmp_path / "out", given, quick=True)
        assert any(p.file == path.name and p.code != "changed" for p in found), (path, old)
        path.write_bytes(data)


def test_every_listed_corruption_is_a_real_one() -> None:
    assert len(CORRUPTIONS) > 60
    json.dumps(sorted(CORRUPTIONS))


def test_the_forged_cell_is_named_first_and_nothing_follows_from_it(
    folder: Path, case: Case
) -> None:
    cell("awards.csv", 3, "award", "1500")(folder)
    found = verification(folder, case, quick=True)
    assert [p.code for p in found.problems[:2]] == ["changed", "award_contradicted"]
    named = found.problems[1]
    assert (named.row, named.value, found.claimed in named.message.zh) == (3, "1,500", True)
    assert not [p for p in found.problems if p.column == "status"]


def test_a_list_that_breaks_a_rule_is_no_allocation(case: Case) -> None:
    """What fails the audit is a difference; nothing is worked out from such a list."""
    scored, found = scored_of(case), list[Problem]()
    rows = tuple((name, "1500") for name in scored.round.ids)
    awards = ResultTable("awards.csv", ("application_id", "award"), rows)
    rebuilt = rebuild({}, scored, case, {"awards": awards, "by_school": None}, found)
    assert rebuilt.allocation is None and found == rebuilt.broken
    assert {(p.file, p.column) for p in rebuilt.broken} == {("awards.csv", "award")}
    assert {p.row for p in rebuilt.broken if p.code == "award"} >= {2}
    assert "pool" in {p.code for p in rebuilt.broken}
