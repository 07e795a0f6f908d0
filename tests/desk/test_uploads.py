"""Files handed in at the workbench: looked at before they are kept, names never paths, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.files import settings, tables, to_text, write, write_xlsx

from optimizer.case.case import outline_case
from optimizer.desk.alike import alike
from optimizer.desk.upload_refusals import MOST_BYTES
from optimizer.desk.uploads import ASIDE, Received, Upload, receive, waiting
from optimizer.language.text import LANGUAGES, Text
from optimizer.problems.errors import defect
from optimizer.reading.all_tables import expected_tables, read_records
from optimizer.report.marked import marked_workbook

TABLES = expected_tables(settings(), ())
GOOD = to_text(tables()["applications"]).encode()


def given(case: Path, *files: tuple[str, bytes]) -> Received:
    return receive(case, [Upload(*file) for file in files], TABLES)


def content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}  # fmt: skip


HOSTILE = {
    "../applications.csv": (GOOD, "bad_name"),
    "..\\applications.csv": (GOOD, "bad_name"),
    "/etc/applications.csv": (GOOD, "bad_name"),
    "applications\x00.csv": (GOOD, "bad_name"),
    "applications‮vsc.csv": (GOOD, "bad_name"),
    ".applications.csv": (GOOD, "bad_name"),
    "": (GOOD, "bad_name"),
    f"{'長' * 300}.csv": (GOOD, "bad_name"),
    "large.csv": (b"x" * (MOST_BYTES + 1), "too_large"),
    "case.xls": (GOOD, "old_workbook"),
    "letter.docx": (GOOD, "unknown_format"),
    "policy.toml": (b"", "policy"),
    "photo.csv": (b"a,b\n1,2\n", "unknown_table"),
    "bomb.xlsx": (b"PK\x03\x04" + b"0" * 99, "damaged_workbook"),
    "binary.csv": (bytes(range(256)) * 9, ""),
}


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_what_cannot_be_taken_in_gets_a_sentence_and_changes_nothing(
    name: str, tmp_path: Path
) -> None:
    case = write(tmp_path / "case", tables())
    (case / "policy.toml").write_text("", "utf-8")
    before, (data, code) = content(tmp_path), HOSTILE[name]
    received = given(case, (name, data))
    [problem, *_] = received.refused
    assert code in ("", problem.code) and content(tmp_path) == before and not received.kept
    for language in LANGUAGES:
        said = problem.say(language)
        assert said.isprintable() and len(said) < 400


def test_a_mended_file_takes_the_place_of_its_table_and_the_old_one_is_kept(tmp_path: Path) -> None:
    wrong = tables()
    wrong["applications"][1][0] = ""
    case = write(tmp_path / "case", wrong)
    old = (case / "applications.csv").read_bytes()
    for n in range(2):
        received = given(case, ("applications.csv", GOOD), ("匯出 2.csv", b"a,b\n"))
        assert received.kept == (("applications.csv", "applications.csv"),)
        assert received.aside == ("applications.csv",) and len(received.refused) == 1
        assert len(content(case / ASIDE)) == n + 1
    assert (case / ASIDE / "applications.csv").read_bytes() == old
    read_records(case, settings())


def test_a_file_of_any_name_is_known_by_its_headers(tmp_path: Path) -> None:
    case = write(tmp_path / "case", tables())
    received = given(
        case, ("匯出1.csv", GOOD), ("王委員.csv", to_text(tables()["reviews"]).encode())
    )
    assert [name for _, name in received.kept] == ["applications.csv", "reviews_王委員.csv"]
    assert received.aside == ("applications.csv",)
    twice = given(case, ("匯出1.csv", GOOD), ("匯出2.csv", GOOD))
    assert len(twice.kept) == 1 and twice.refused[0].code == "two_sources"


def test_the_marked_copy_mended_takes_the_place_of_all_files(tmp_path: Path) -> None:
    case = write(tmp_path / "case", tables())
    reviews = case / "reviews.csv"
    reviews.rename(case / "評分甲.csv")
    (case / "policy.toml").write_text("[pool]\namount = 1\n", "utf-8")
    copy = marked_workbook(outline_case(case), [], "copy.xlsx", "zh-TW")
    received = given(case, ("copy.xlsx", copy))
    assert sorted(received.aside) == [
        "applications.csv", "budget_lines.csv", "meetings.csv", "schools.csv", "評分甲.csv"]  # fmt: skip
    assert {path.name for path in case.iterdir()} == {"copy.xlsx", "policy.toml", ASIDE}


def test_a_part_of_a_workbook_is_not_replaced(tmp_path: Path) -> None:
    case = tmp_path / "case"
    case.mkdir()
    write_xlsx(case / "case.xlsx", tables())
    before = content(case)
    received = given(case, ("applications.csv", GOOD))
    assert received.refused[0].code == "in_part" and content(case) == before
    assert "schools" in received.refused[0].expected.zh


def test_a_case_that_is_one_workbook_is_replaced_whole(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "case.xlsx", tables())
    (tmp_path / "other.xlsx").write_bytes(book.read_bytes())
    assert given(book, ("applications.csv", GOOD)).refused[0].code == "one_workbook"
    received = given(book, ("new.xlsx", book.read_bytes()))
    assert received.path == book and received.aside == ("case.xlsx",)
    assert (tmp_path / "other.xlsx").exists() and (tmp_path / ASIDE / "case.xlsx").exists()


def test_an_empty_folder_waits_for_a_case(tmp_path: Path) -> None:
    assert waiting(tmp_path)
    (tmp_path / "policy.toml").write_text("", "utf-8")
    assert not waiting(tmp_path)


def test_problems_are_put_together_by_what_mends_them() -> None:
    number = Text("不是數字", "is not a number"), Text("應為數字。", "A number was expected.")
    found = [
        defect(
            "not_a_number",
            number[0],
            expected=number[1],
            row=n,
            hint=Text(f"請寫成 {n}", f"Write {n}"),
        )
        for n in (2, 3)
    ]
    found.append(defect("members", Text("5 人", "5 members"), application_id="A1"))
    found.append(defect("members", Text("4 人", "4 members"), application_id="A2"))
    first, second = alike(found, {"members": Text("成員人數", "Members")})
    assert {first.said, second.said} == {number[0], Text("不符「成員人數」", "Not met: Members")}
    numbers = first if first.said == number[0] else second
    assert numbers.mended == (number[1],)
    assert "請寫成 2" in numbers.own(numbers.problems[0]).say("zh-TW")
    assert "應為數字" not in numbers.own(numbers.problems[0]).say("zh-TW")
    cause = defect("duplicate_key", Text("與第 2 列重複", "stands in row 2 already"))
    assert alike([*found, cause], {})[0].problems == (cause,)  # what others follow from is first
