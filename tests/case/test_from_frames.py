"""Cases made of data frames: the same case as from files, or the same words of what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.files import CRITERIA, Rows, in_chinese, tables, to_text, write
from hypothesis import given, settings as limits, strategies as st

from optimizer import Case, allocate, generate, make_policy, read_case, verify_result, write_result
from optimizer.problems.errors import CaseError, PolicyError, SubsidyError, UsageError
from optimizer.reading.frames import cell_text

POLICY: dict[str, Any] = {
    "pool": {"amount": 20_000},
    "review": {"criteria": CRITERIA},
    "draw": {"seed": "seed"},
    "priority": [{"kind": "merit"}],
}
OPTIONAL = ("budget_lines", "meetings")


def frame(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(rows[1:], columns=rows[0])


def frames(case: dict[str, Rows]) -> dict[str, pd.DataFrame]:
    return {name: frame(rows) for name, rows in case.items()}


def folder(path: Path, case: dict[str, Rows]) -> Path:
    path.mkdir(exist_ok=True)
    write(path, case)
    lines = [f"{key} = {full}" for key, full in CRITERIA.items()]
    policy = ["[pool]", "amount = 20_000", "[draw]", 'seed = "seed"', "[review.criteria]", *lines]
    (path / "policy.toml").write_text("\n".join([*policy, '[[priority]]\nkind = "merit"']), "utf-8")
    return path


def as_typed(table: str, found: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose numbers, days, lists and truth values are such."""
    whole = {"members", "meetings", "requested", "attendance", "amount", "students", *CRITERIA}
    typed = found.copy()
    for name in set(typed) & (whole | {"date", "evaluation_programme", "methods"}):
        cells = [_typed(str(name), cell) for cell in typed[name]]
        typed[name] = pd.Series(cells, dtype=object)
    return typed


def _typed(column: str, text: str) -> Any:
    if column == "evaluation_programme":
        return np.bool_(text == "yes")
    if column == "methods":
        return text.split(";") if text else []
    if column == "date":
        return pd.Timestamp(text) if text.count("-") == 2 else text
    bare = text.replace(",", "")
    try:
        return np.nan if not bare else float(bare)
    except ValueError:
        return text


@pytest.mark.parametrize("made", ["text", "typed", "chinese", "indexed"])
def test_it_is_the_case_that_files_make(made: str, tmp_path: Path) -> None:
    read = read_case(folder(tmp_path / "case", tables()))
    given = frames(tables())
    if made == "chinese":
        given = dict(zip(given, frames(in_chinese(tables())).values(), strict=True))
    if made == "typed":
        given = {name: as_typed(name, table) for name, table in given.items()}
    if made == "indexed":
        given["applications"] = given["applications"].set_index("application_id")
        given["reviews"] = given["reviews"].sample(frac=1, random_state=1)
    case = Case.from_frames(**given, policy=make_policy(POLICY))
    assert case.content == read.content
    one, other = allocate(case), allocate(read)
    pd.testing.assert_frame_equal(one.awards, other.awards)
    assert one.seal == other.seal


@pytest.mark.parametrize("seed", range(3))
def test_invented_rounds_are_the_same_from_frames_and_from_csv(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "case"
    generate(path, applications=14, schools=8, districts=4, seed=seed)
    given = {file.stem: pd.read_csv(file) for file in sorted(path.glob("*.csv"))}
    before = {name: table.copy(deep=True) for name, table in given.items()}
    case, read = Case.from_frames(**given, policy=path / "policy.toml"), read_case(path)
    assert case.content == read.content
    pd.testing.assert_frame_equal(allocate(case).awards, allocate(read).awards)
    for name, table in given.items():
        pd.testing.assert_frame_equal(table, before[name])


@pytest.mark.slow
def test_the_example_is_the_same_from_frames(example: Path) -> None:
    given = {file.stem: pd.read_csv(file) for file in sorted(example.glob("*.csv"))}
    case = Case.from_frames(**given, policy=example / "policy.toml")
    one, other = allocate(case), allocate(read_case(example))
    pd.testing.assert_frame_equal(one.awards, other.awards)
    assert one.seal == other.seal


def spoilt() -> dict[str, Rows]:
    """Return tables with something wrong in each."""
    case = tables()
    case["schools"][1][6] = "many"
    case["schools"][2][2] = ""
    case["applications"][1][9] = "-5"
    case["applications"][2][1] = "999999"
    case["reviews"][3][2] = "21"
    case["reviews"].append(list(case["reviews"][1]))
    case["meetings"][1][1] = "2014-02-31"
    case["budget_lines"].append(["合計", "", "", "", "1000"])
    return case


def problems(make: Callable[[], Any]) -> list[Any]:
    with pytest.raises(SubsidyError) as caught:
        make()
    return list(caught.value.problems)


def test_all_that_is_wrong_is_said_at_once_in_the_words_for_files(tmp_path: Path) -> None:
    path = folder(tmp_path / "case", spoilt())
    of_files = problems(lambda: read_case(path))
    of_frames = problems(lambda: Case.from_frames(**frames(spoilt()), policy=POLICY))
    assert len(of_files) > 6
    assert [replace(p, file=p.file.replace(" (DataFrame)", ".csv")) for p in of_frames] == of_files
    assert any("schools (DataFrame), row 2, students: is not a" in p.say("en") for p in of_frames)


def test_a_wrong_policy_and_wrong_tables_are_said_together() -> None:
    wrong = {**POLICY, "pool": {"amount": 1.5}, "award": {"mode": "ful"}}
    with pytest.raises(PolicyError) as caught:
        Case.from_frames(**frames(spoilt()), policy=wrong)
    files = {problem.file for problem in caught.value.problems}
    assert {"Case.from_frames(policy=…)", "schools (DataFrame)", "reviews (DataFrame)"} <= files


def test_tables_that_are_missing_or_empty_or_none_at_all_are_said() -> None:
    given = frames(tables())
    with pytest.raises(CaseError) as caught:
        Case.from_frames(
            schools=given["schools"], applications=pd.DataFrame(), policy=make_policy(POLICY)
        )
    said = {(p.code, p.file) for p in caught.value.problems}
    assert said == {
        ("empty_file", "applications (DataFrame)"),
        ("missing_table", "reviews (DataFrame)"),
    }
    with pytest.raises(UsageError) as wrong:
        Case.from_frames(schools=3, applications=given["applications"], policy=3)  # type: ignore[arg-type]
    assert "Case.from_frames(schools=…): got 3" in str(wrong.value)
    assert "a Policy" in str(wrong.value) and "a path" in str(wrong.value)


def test_what_no_cell_can_hold_is_said_with_all_else() -> None:
    given = frames(spoilt())
    given["schools"] = given["schools"].astype(object)
    given["schools"].loc[3, "name"] = object()
    given["schools"].loc[4, "principal"] = "\ud800"
    given["applications"] = given["applications"].astype(object)
    given["applications"].at[0, "methods"] = ["lecture", "a;b"]
    found = problems(lambda: Case.from_frames(**given, policy=POLICY))
    no_cells = [(p.file, p.row, p.column) for p in found if p.code == "no_cell"]
    assert no_cells == [
        ("schools (DataFrame)", 5, "name"),
        ("schools (DataFrame)", 6, "principal"),
        ("applications (DataFrame)", 2, "methods"),
    ]
    assert len(found) > 9


def test_a_frame_of_hostile_size_is_refused_before_it_is_read() -> None:
    given, wide = frames(tables()), pd.DataFrame([[1] * 2_000])
    long = pd.DataFrame({"school_id": np.zeros(5_000_001, dtype=np.int8)})
    for hostile, code in ((wide, "too_many_columns"), (long, "too_many_rows")):
        found = problems(
            lambda h=hostile: Case.from_frames(**{**given, "schools": h}, policy=POLICY)
        )
        assert code in {problem.code for problem in found}


def test_two_columns_of_one_meaning_are_refused() -> None:
    given = frames(tables())
    given["schools"]["學校名稱"] = "x"
    twice = pd.concat([given["applications"], given["applications"][["title"]]], axis=1)
    found = problems(lambda: Case.from_frames(**{**given, "applications": twice}, policy=POLICY))
    assert [p.code for p in found if p.file != "reviews (DataFrame)"] == ["duplicate_column"] * 2


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (80.0, "80"), (83.25, "83.25"), (np.float32(0.1), "0.1"), (1e22, "10000000000000000000000"),
        (float("nan"), ""), (float("inf"), "inf"), (-float("inf"), "inf"), (10**50, None),
        (np.int64(7), "7"), (True, "yes"), (np.bool_(False), "no"), (None, ""), (pd.NA, ""),
        (pd.NaT, ""), (np.datetime64("NaT"), ""), (Decimal("1.50"), "1.50"), (Decimal("NaN"), ""),
        (Decimal("1e999"), "inf"), (Fraction(333, 4), "83.25"), (Fraction(251, 3), "251/3"),
        (date(2014, 2, 1), "2014-02-01"), (datetime(2014, 2, 1), "2014-02-01"),
        (pd.Timestamp("2014-02-01 10:30"), "2014-02-01 10:30:00"),
        (np.datetime64("2014-02-01"), "2014-02-01"), (["a", 3], "a;3"), ({"b", "a"}, "a;b"),
        (np.array(["x"]), "x"), ([["a"]], None), (("a;b",), None), (b"a", None), ({}, None),
        ("\udcff", None), ("臺中", "臺中"), (1j, None),
    ],
)  # fmt: skip
def test_a_cell_is_what_a_file_would_hold(cell: Any, text: str | None) -> None:
    assert cell_text(cell) == text


@limits(max_examples=60, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False, width=64))
def test_a_float_is_written_so_that_it_is_that_float(number: float) -> None:
    text = cell_text(number)
    assert text == "inf" if abs(number) >= 1e40 else float(str(text)) == number


# ---- where it came from -------------------------------------------------------------------------


def test_the_record_names_the_frames_and_the_same_frames_verify_it(tmp_path: Path) -> None:
    case = Case.from_frames(**frames(tables()), policy=make_policy(POLICY))
    names = [source.name for source in case.sources]
    assert names[:3] == ["schools (DataFrame)", "applications (DataFrame)", "reviews (DataFrame)"]
    assert names[-1] == "policy (Python)"
    write_result(allocate(case), tmp_path / "out", parts=[])
    again = Case.from_frames(**frames(tables()), policy=make_policy(POLICY))
    assert verify_result(tmp_path / "out", again) == []
    others = frames(tables())
    others["schools"].loc[0, "principal"] = "another"
    found = verify_result(tmp_path / "out", Case.from_frames(**others, policy=make_policy(POLICY)))
    assert any("sha256" in problem.column or problem.code == "content" for problem in found)
    read = read_case(folder(tmp_path / "case", tables()))
    [only] = verify_result(tmp_path / "out", read)
    assert only.code == "frames" and "Case.from_frames" in only.say("en")
    assert "Case.from_frames" in only.say("zh-TW")


def test_a_csv_of_a_frame_has_the_rows_that_messages_name() -> None:
    """The second line of the file that a frame would make is what is called row 2."""
    text = to_text(spoilt()["schools"]).splitlines()
    found = problems(lambda: Case.from_frames(**frames(spoilt()), policy=POLICY))
    (one, *_) = (problem for problem in found if problem.column == "students")
    assert one.value in text[one.row - 1]
