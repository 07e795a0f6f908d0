"""Mistakes that people make, planted in a good case: what is said, where, and that the advice mends."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from checks.defects import DEFECTS
from helpers.files import CRITERIA, Rows, in_chinese, settings, tables, write
from helpers.rounds import make_case

from optimizer.language.text import EMPTY
from optimizer.language.written_numbers import spoken_number
from optimizer.problems.errors import CaseError, Problem
from optimizer.problems.likeness import (
    closest,
    code_pairs,
    did_you_mean,
    district_pairs,
    hidden,
    is_it,
    one_edit,
    person_pairs,
    same_district,
    same_person,
)
from optimizer.reading import read_records
from optimizer.scoring.screening import screen
from optimizer.tables.schema import case_tables
from optimizer.tables.settings import Plan, Settings

Case = dict[str, Rows]
Plant = Callable[[Case], object]


def problems_of(
    case: Case, folder: Path, districts: Sequence[str] = (), **review: object
) -> list[Problem]:
    """Return what is said of a case, nothing if it is good."""
    made = settings(**review)
    made = Settings(made.pool, Plan(districts=tuple(districts)), made.review, made.award, made.draw)
    for path in folder.glob("*/*"):
        path.unlink()
    try:
        read_records(write(folder / "case", case), made)
    except CaseError as error:
        return list(error.problems)
    return []


def put(table: str, line: int, column: str, value: str) -> Plant:
    def plant(case: Case) -> None:
        case[table][line - 1][case[table][0].index(column)] = value

    return plant


def several(*plants: Plant) -> Plant:
    return lambda case: [plant(case) for plant in plants]


def added(table: str, header: str, cells: Sequence[str]) -> Plant:
    return lambda case: [
        row.append(cell) for row, cell in zip(case[table], [header, *cells], strict=True)
    ]


def exchanged(table: str, one: str, other: str) -> Plant:
    def plant(case: Case) -> None:
        header = case[table][0]
        a, b = header.index(one), header.index(other)
        header[a], header[b] = header[b], header[a]

    return plant


def without(table: str, line: int) -> Plant:
    return lambda case: case[table].pop(line - 1)


# ---- every mistake: one message, its place, its remedy ----------------------------------------

# what is planted; code, table, line, column; words of the hint in English and in Chinese
SINGLE: list[tuple[str, Plant, tuple[str, str, int, str], str, str]] = [
    ("a district without its 區", put("schools", 2, "district", "和平"),
     ("same_district", "schools", 2, "district"), "write '和平區'", "請改為「和平區」"),
    ("a district with its city", put("schools", 6, "district", "台中市和平區"),
     ("same_district", "schools", 6, "district"), "write '和平區'", "請改為「和平區」"),
    ("a district with 區 twice", put("schools", 2, "district", "和平區區"),
     ("same_district", "schools", 2, "district"), "plan.districts", "plan.districts"),
    ("a school that the list lacks", put("applications", 5, "school_id", "193503"),
     ("unknown_school", "applications", 5, "school_id"), "Add this school", "請先將這所學校加入"),
    ("a partner that the list lacks", put("applications", 3, "partners", "064601;193503"),
     ("unknown_partner", "applications", 3, "partners"), "Add this school", "請先將這所學校加入"),
    *((f"partners parted by {mark!r}", put("applications", 3, "partners", f"064601{mark}193501"),
       ("wrong_separator", "applications", 3, "partners"), "Write 064601;193501", "請寫成「064601;193501」")
      for mark in (",", "，", "/", "／", " ", ", ", "\u3000", "及")),
    ("partners parted by commas without zeros", put("applications", 3, "partners", "64601,193501"),
     ("wrong_separator", "applications", 3, "partners"), "Write 064601;193501", "請寫成「064601;193501」"),
    ("a partner without its zero", put("applications", 3, "partners", "193501;64601"),
     ("lost_leading_zero", "applications", 3, "partners"), "text", "文字"),
    ("a school code with a hidden mark", put("applications", 5, "school_id", "193\u200f501"),
     ("look_alike", "applications", 5, "school_id"), "write '193501'", "請改為「193501」"),
    ("a partner code with a hidden mark", put("applications", 3, "partners", "064601;193\u200e501"),
     ("look_alike", "applications", 3, "partners"), "write '193501'", "請改為「193501」"),
    ("a review of an application that the list lacks",
     put("reviews", 2, "application_id", "B777"),
     ("unknown_application", "reviews", 2, "application_id"), "Add this application", "請先將這件申請加入"),
    ("an application in small letters", put("reviews", 2, "application_id", "a001"),
     ("look_alike", "reviews", 2, "application_id"), "write 'A001'", "請改為「A001」"),
    ("an application without its zeros", put("reviews", 2, "application_id", "A1"),
     ("unknown_application", "reviews", 2, "application_id"), "Is it 'A001'", "是否為「A001」"),
    ("an application id on two lines", put("budget_lines", 2, "application_id", "A0\n01"),
     ("look_alike", "budget_lines", 2, "application_id"), "write 'A001'", "請改為「A001」"),
    ("an application id with a no-break space", put("meetings", 2, "application_id", "A\u00a0001"),
     ("look_alike", "meetings", 2, "application_id"), "write 'A001'", "請改為「A001」"),
    ("a reviewer in another order", put("reviews", 2, "reviewer", "甲委員"),
     ("same_person", "reviews", 2, "reviewer"), "write '委員甲'", "請改為「委員甲」"),
    ("a reviewer without the title", put("reviews", 2, "reviewer", "甲"),
     ("same_person", "reviews", 2, "reviewer"), "write '委員甲'", "請改為「委員甲」"),
    ("a reviewer with a hidden mark", put("reviews", 2, "reviewer", "委員\u200f甲"),
     ("hidden_character", "reviews", 2, "reviewer"), "type it anew", "重新輸入"),
    ("a reviewer with a blank", put("reviews", 2, "reviewer", "委員 甲"),
     ("look_alike", "reviews", 2, "reviewer"), "write '委員甲'", "請改為「委員甲」"),
    ("a duplicate", put("applications", 5, "application_id", "A001"),
     ("duplicate_key", "applications", 5, "application_id"), "", ""),
    ("money in 萬", put("applications", 2, "requested", "0.5萬"),
     ("not_a_number", "applications", 2, "requested"), "Write 5000", "請寫成 5000"),
    ("members in NT$", put("applications", 2, "members", "7元"),
     ("wrong_unit", "applications", 2, "members"), "another column", "填錯欄"),
    ("a level that does not exist", put("schools", 2, "level", "高中"),
     ("unknown_value", "schools", 2, "level"), "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("plant", "place", "hint", "advice"), [m[1:] for m in SINGLE], ids=[m[0] for m in SINGLE]
)
def test_one_mistake_gives_one_message(
    plant: Plant, place: tuple[str, str, int, str], hint: str, advice: str, tmp_path: Path
) -> None:
    case = tables()
    plant(case)
    followers = {"unknown_application"} if place[0] == "duplicate_key" else set()
    found = [p for p in problems_of(case, tmp_path) if p.code not in followers]
    assert [(p.code, p.file, p.row, p.column) for p in found] == [
        (place[0], f"{place[1]}.csv", *place[2:])
    ]
    assert hint in found[0].hint.en
    assert advice in found[0].hint.zh
    if place[1] == "applications":
        others = [p.hint.zh for p in problems_of(case, tmp_path) if p.code in followers]
        assert all(f"申請資料第 {place[2]} 列的編號與他列重複" in said for said in others)
        assert bool(others) is bool(followers)
    assert bool(hint) or not found[0].hint.en


def test_a_partner_without_its_zero_is_named_with_its_school(tmp_path: Path) -> None:
    case = tables()
    put("applications", 3, "partners", "193501;64601")(case)
    (problem,) = problems_of(case, tmp_path)
    assert "64601" in problem.message.zh and "64601" in problem.message.en
    assert "064601" in problem.expected.zh and "礫埕國小" in problem.expected.zh


def test_codes_that_all_lack_their_zero_are_no_mistake(tmp_path: Path) -> None:
    case = tables()
    codes = {"191301": "91301", "193501": "93501", "064601": "64601", "064602": "64602"}
    for table in ("schools", "applications"):
        at = case[table][0].index("school_id")
        for row in case[table][1:]:
            row[at] = codes[row[at]]
    case["applications"][2][case["applications"][0].index("partners")] = "64601;93501"
    assert read_records(write(tmp_path, case), settings())
    case["schools"][5][0] = case["applications"][4][1] = "193501"
    found = problems_of(case, tmp_path)
    assert {p.row for p in found if p.file == "schools.csv"} == {2, 3, 4, 5}


TWINS = {
    "case": ("B-1", "b-1"),
    "width": ("王Ａ", "王A"),
    "NFD": ("é1", unicodedata.normalize("NFD", "é1")),
    "blank": ("B 1", "B1"),
}


@pytest.mark.parametrize("name", TWINS)
@pytest.mark.parametrize(("table", "column"), [("applications", "application_id"), ("schools", "school_id")])  # fmt: skip
def test_ids_that_look_alike_are_refused_with_both_places(
    table: str, column: str, name: str, tmp_path: Path
) -> None:
    one, other = TWINS[name]
    case = tables()
    put(table, 2, column, one)(case)
    put(table, 3, column, other)(case)
    found = [
        p for p in problems_of(case, tmp_path) if p.file == f"{table}.csv" and p.column == column
    ]
    alike = [p for p in found if p.code in ("look_alike", "duplicate_key")]
    assert [p.row for p in alike] == [3]
    assert ("只有大小寫不同" in alike[0].message.zh) == (name == "case")
    assert ("upper and lower case" in alike[0].message.en) == (name == "case")
    assert "2" in alike[0].message.zh
    assert "row 2" in alike[0].message.en


@pytest.mark.parametrize("table", ["applications", "reviews", "budget_lines", "meetings"])
def test_a_difference_of_case_is_said_as_that_and_once(table: str, tmp_path: Path) -> None:
    case = tables()
    line = 2
    if table == "applications":  # a further row, which nobody reviewed
        case[table].append(["a001", *case[table][1][1:]])
        line = len(case[table])
    else:
        put(table, 2, "application_id", "a001")(case)
    (problem,) = problems_of(case, tmp_path)
    assert (problem.code, problem.row) == ("look_alike", line)
    assert "只有大小寫不同" in problem.message.zh
    assert "only in upper and lower case" in problem.message.en


@pytest.mark.parametrize(
    "mark", ["\u200f", "\u202e", "\u00ad", "\u2028", "\n", "\u00a0", "\u2003", "\t"]
)
def test_a_hidden_character_in_an_id_is_named(mark: str, tmp_path: Path) -> None:
    case = tables()
    put("applications", 2, "application_id", f"A{mark}001")(case)
    found = problems_of(case, tmp_path)
    codes = {p.code for p in found if p.file == "applications.csv"}
    assert codes == {"hidden_character"}
    assert any(f"U+{ord(mark):04X}" in p.message.zh for p in found)
    assert hidden(f"A{mark}001")


# ---- what is not a mistake --------------------------------------------------------------------

UNDERSTOOD = [
    ("applications", "requested", ("4,600元整", "新臺幣4600元", "NT$4,600", "NT4600", "$4,600", "4600 元")),
    ("applications", "members", ("6人", "６人", "6 位", "6名")),
    ("applications", "meetings", ("6次", "6場")),
    ("budget_lines", "quantity", ("3節", "2小時", "2人次")),
    ("reviews", "needs", ("16分", "16 分", "１６")),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "texts"), UNDERSTOOD)
def test_units_are_understood(
    table: str, column: str, texts: tuple[str, ...], tmp_path: Path
) -> None:
    for text in texts:
        case = tables()
        put(table, 2, column, text)(case)
        assert not problems_of(case, tmp_path), text


@pytest.mark.parametrize(
    ("one", "other"),
    [("東區", "西區"), ("大里區", "大肚區"), ("新市區", "新區"), ("嘉義市", "嘉義縣"), ("前鎮區", "前區"),
     ("臺北市中山區", "基隆市中山區"), ("東勢區", "東區")],
)  # fmt: skip
def test_districts_that_are_two(one: str, other: str) -> None:
    assert not same_district(one, other)
    assert not list(district_pairs([one, other]))


@pytest.mark.parametrize(
    ("one", "other"),
    [("豐原", "豐原區"), ("台中市豐原區", "豐原區"), ("中區區", "中區"), ("臺中豐原區", "豐原"),
     ("前鎮", "前鎮區"), ("臺西鄉", "台西"), ("豐原市", "豐原區")],
)  # fmt: skip
def test_districts_that_are_one(one: str, other: str) -> None:
    assert same_district(one, other)
    assert same_district(other, one)
    assert list(district_pairs([one, other])) == [(one, other)]


def test_the_closest_name_is_asked_about_whatever_its_case_and_width() -> None:
    names = ["臺中區", "at_least", "at_most", "at-least"]
    assert closest("ＡＴ＿ＬＥＳＴ", names) == "at_least"
    assert closest("台中去", names) == "臺中區"
    assert closest("nothing like it", names) is None
    assert closest("at_lxxst", names, cutoff=0.9) is None
    assert closest("at_lest", [*names, *map(str, range(3_000))]) is None
    assert did_you_mean(None) == is_it(None) == EMPTY
    assert did_you_mean("a b").en == "Did you mean a b?"
    assert is_it("a b").zh == "是否為「a b」？"


def test_persons() -> None:
    alike = [
        ("甲委員", "委員甲"),
        ("陳大文", "陳大文教授"),
        ("Lee Ann", "Ann, Lee"),
        ("委員1", "1"),
    ]
    apart = [
        ("陳委員", "陳教授"),
        ("委員甲", "委員乙"),
        ("R12", "R21"),
        ("委員", "教授"),
        ("王小明", "王明小"),
    ]
    for one, other in alike:
        assert same_person(one, other), (one, other)
        assert list(person_pairs([one, other])) == [(one, other)]
    for one, other in apart:
        assert not same_person(one, other), (one, other)


def test_slips_and_spoken_numbers() -> None:
    assert all(one_edit(a, b) for a, b in [("064601", "064602"), ("64601", "064601"), ("ab", "ba")])
    assert not any(one_edit(a, b) for a, b in [("a", "a"), ("064601", "064712"), ("abc", "cab")])
    said = {
        "18萬": 180_000,
        "1億2000萬": 120_000_000,
        "５０００": 5_000,
        "NT$4,600元整": 4_600,
        "1萬2000": 12_000,
        "五十萬": 500_000,
        "一百二十萬": 1_200_000,
        "3 萬 5 千": 35_000,
        "壹拾萬元": 100_000,
        "五千": 5_000,
        "十五": 15,
        "1.5千萬": 15_000_000,
        "五萬零八百": 50_800,
        "五萬零八": 50_008,
        "兩億三千萬元整": 230_000_000,
        "七十分": 70,
    }
    assert {text: spoken_number(text) for text in said} == said
    assert not any(
        spoken_number(t)
        for t in (
            "萬",
            "五萬八",
            "一百二",
            "三五萬",
            "1五",
            "五十多萬",
            "數十萬",
            "三重",
            "5千萬萬",
            "1萬2億",
            "1萬8",
            "x5",
            "5-6",
            "103/2/1",
        )
    )
    assert list(code_pairs(["A1", "B1", "a1"])) == [("A1", "a1")]


# ---- plan.districts ---------------------------------------------------------------------------

ALL = ("中區", "台西鄉", "和平區", "東區")


@pytest.mark.parametrize(
    ("written", "hint"),
    [("台中市東區", "Write '東區'"), ("東", "Write '東區'"), ("東區區", "Write '東區'"),
     ("北區", "add it to plan.districts"), ("烏日區", "add it to plan.districts")],
)  # fmt: skip
def test_a_district_that_the_policy_does_not_list_is_refused(
    written: str, hint: str, tmp_path: Path
) -> None:
    case = tables()
    put("schools", 6, "district", written)(case)
    (problem,) = problems_of(case, tmp_path, ALL)
    assert (problem.code, problem.row) == ("unknown_district", 6)
    assert hint in problem.hint.en


def test_a_listed_district_is_written_as_the_policy_writes_it(tmp_path: Path) -> None:
    assert not problems_of(tables(), tmp_path, ALL)
    made = settings()
    records, _ = read_records(
        tmp_path / "case", Settings(made.pool, Plan(districts=ALL), made.review)
    )
    assert records.schools["district"].tolist()[1] == "台西鄉"


def test_two_districts_of_one_stem_can_be_listed(tmp_path: Path) -> None:
    case = tables()
    put("schools", 2, "district", "東鄉")(case)
    assert [p.code for p in problems_of(case, tmp_path)] == ["same_district"]
    assert not problems_of(case, tmp_path, (*ALL, "東鄉"))


# ---- followers --------------------------------------------------------------------------------


def codes(case: Case, folder: Path, **review: object) -> set[str]:
    return {problem.code for problem in problems_of(case, folder, **review)}


def test_a_mistake_does_not_bring_others_with_it(tmp_path: Path) -> None:
    case = tables()
    put("schools", 2, "school_id", "64601")(case)  # applications and partners say 064601
    assert codes(case, tmp_path) == {"lost_leading_zero"}
    case = tables()
    put("applications", 5, "application_id", "A001")(case)
    assert "no_review" not in codes(case, tmp_path)
    case = tables()
    for name in ("applications", "reviews", "budget_lines", "meetings"):
        for row in case[name][1:]:
            row[0] = row[0].replace("A004", "QX9")
    assert not codes(case, tmp_path)
    for written in ("A001", ""):  # the duplicate is said, and not that one of the two has no review
        put("applications", 5, "application_id", written)(case)
        assert codes(case, tmp_path) <= {"duplicate_key", "blank_cell", "unknown_application"}
    case = tables()
    for line in (8, 9):
        put("reviews", line, "application_id", "A04")(case)  # all reviews of A004
    assert codes(case, tmp_path) == {"unknown_application"}
    case = tables()
    case["reviews"] = [row[1:] for row in case["reviews"]]
    assert codes(case, tmp_path) == {"missing_column"}


def test_a_criterion_that_is_unknown_is_no_missing_mark(tmp_path: Path) -> None:
    case = tables()
    wide = case["reviews"]
    long = [["application_id", "reviewer", "criterion", "points"]]
    for row in wide[1:]:
        long += [[row[0], row[1], key, row[wide[0].index(key)]] for key in CRITERIA]
    case["reviews"] = long
    good = codes(case, tmp_path)
    long[1][2] = "neeeds"
    assert codes(case, tmp_path) == good | {"unknown_value"}


# ---- advice that is carried out mends ---------------------------------------------------------

_WRITE = re.compile(r"(?:[Ww]rite|Is it) '([^']+)'|Write ([\d.]+)$|is (\d+): is it mistyped")
_COLUMNS = re.compile(r"exchanged with the column '([^']+)'|column '([^']+)' holds one")


def carry_out(problem: Problem, case: Case) -> bool:
    """Do what a message says; return whether it says anything that can be done without thinking."""
    table = case[problem.file.removesuffix(".csv")]
    header = table[0]
    if renamed := re.fullmatch(r"If '(.+)' is that column, rename it (\w+)\.", problem.hint.en):
        header[header.index(renamed[1])] = renamed[2]
        return True
    if problem.hint.en == "Delete this row.":
        del table[problem.row - 1]
        return True
    if (columns := _COLUMNS.search(problem.hint.en)) is not None:
        other = columns[1] or columns[2]
        a, b = header.index(problem.column), header.index(other)
        header[a], header[b] = header[b], header[a]
        return True
    value = _WRITE.search(problem.hint.en)
    new = next(filter(None, value.groups())) if value else None
    if problem.code == "lost_leading_zero":
        new = problem.expected.en.split()[0]
    if new is None or problem.row is None:
        return False
    at = header.index(problem.column)
    cell = table[problem.row - 1][at]
    parts = re.split("[;、]", cell)
    wrong = [part for part in parts if len(parts) > 1 and hidden(part)] or [cell]
    table[problem.row - 1][at] = cell.replace(wrong[0], new)
    return True


def place(problem: Problem) -> tuple[str, str, int | None, str]:
    return problem.code, problem.file, problem.row, problem.column


def slips(rng: Random, cell: str) -> Iterator[str]:
    """Yield what may come of a cell under a hasty hand."""
    at = rng.randrange(len(cell))
    yield cell[:at] + cell[at + 1 :]
    yield cell[:at] + rng.choice("ax07區元萬") + cell[at:]
    yield cell.lower() if cell != cell.lower() else cell.upper()
    yield cell.lstrip("0")
    yield cell[:at] + rng.choice("\u200f\u00a0\n") + cell[at:]
    yield cell[::-1]
    yield cell.replace("區", "").replace("委員", "")
    yield "臺中市" + cell


def test_advice_that_is_carried_out_makes_the_problem_vanish(tmp_path: Path) -> None:
    """Slips in any cell of any table, and any two columns exchanged."""
    rng = Random(9)
    plants: list[Plant] = [mistake[1] for mistake in SINGLE]
    plants.append(several(added("applications", "school_name", ["礫埕國小", "澔岸國小", "苒野國中", "霏霖國中"]), put("applications", 5, "school_id", "193507")))  # fmt: skip
    for _ in range(int(os.environ.get("SUBSIDY_SLIPS", "30"))):
        name = rng.choice(["schools", "applications", "reviews"])
        rows = tables()[name]
        line, at = rng.randrange(1, len(rows)), rng.randrange(min(len(rows[0]), 8))
        if rows[line][at]:
            text = rng.choice(list(slips(rng, rows[line][at])))
            plants.append(put(name, line + 1, rows[0][at], text))
        plants.append(exchanged(name, *rng.sample(rows[0][:8], 2)))
    tried = 0
    for plant in plants:
        case = tables()
        plant(case)
        before = problems_of(case, tmp_path)
        for problem in before[:3]:
            mended = tables()
            plant(mended)
            if carry_out(problem, mended):
                tried += 1
                after = problems_of(mended, tmp_path)
                assert place(problem) not in map(place, after), problem.say("en")
                assert len(after) < len(before), (problem.say("en"), [p.say("en") for p in after])
    assert tried > 25


def test_every_kind_of_concrete_advice_is_tried(tmp_path: Path) -> None:
    """A header that was renamed, and a header that stands twice: the rest is tried above."""
    for table, column in [
        ("applications", "requested"),
        ("schools", "district"),
        ("reviews", "goals"),
    ]:
        case = tables()
        case[table][0][case[table][0].index(column)] = column[:-1] + "x"
        case[table].insert(2, list(case[table][0]))
        for _ in range(3):
            found = problems_of(case, tmp_path)
            if found:
                assert carry_out(found[0], case), found[0].say("en")
        assert not found


def test_a_swap_is_only_suspected_where_it_would_mend_every_row(tmp_path: Path) -> None:
    case = tables()
    put("applications", 2, "school_id", "999999")(case)
    put("applications", 2, "title", "064601")(case)  # a known code, in one row only
    (problem,) = problems_of(case, tmp_path)
    assert "exchanged" not in problem.hint.en
    case = tables()
    exchanged("applications", "type", "members")(case)
    put("applications", 3, "members", "nonsense")(case)  # the header says members: this is a type
    assert not any("exchanged" in p.hint.en for p in problems_of(case, tmp_path))


# ---- places in the user's language ------------------------------------------------------------

KEYS = {column.key for table in case_tables(CRITERIA) for column in table.columns} | {
    table.key for table in case_tables(CRITERIA)
}
_WORD = re.compile(r"(?<![\w./\-「'\"])[A-Za-z_]+(?![\w.'\"」（])")


def foreign(problem: Problem) -> set[str]:
    """Return the keys of tables and columns that stand in the Chinese sentences of a problem."""
    said = [problem.message.zh, problem.expected.zh, problem.hint.zh]
    if ".toml" not in problem.file:
        said.append(problem.where("zh-TW").replace(f"{problem.file}，", ""))
    return {
        word for text in said for word in re.findall(r"(?<![\w./])[A-Za-z_]+(?![\w.])", text)
    } & KEYS


QUOTES_A_HEADER = {"duplicate_column"}  # 「學生數」與「students」同義: the file's own words


@pytest.mark.slow
def test_no_key_stands_in_a_chinese_sentence(tmp_path: Path) -> None:
    """Over every planted mistake of this module and of `test_defects`, in English and Chinese files."""
    plants = [m[1] for m in SINGLE] + [d.rows for d in DEFECTS if d.rows and not d.files]
    reviews = [d.review or {} for d in DEFECTS if d.rows and not d.files]
    plants += [exchanged("applications", "type", "members"), exchanged("reviews", "reviewer", "application_id")]  # fmt: skip
    said = 0
    for number, plant in enumerate(plants):
        at = number - len(SINGLE)
        review = reviews[at] if 0 <= at < len(reviews) else {}
        for turned in (False, True) if number % 3 == 0 else (False,):
            case = tables()
            plant(case)
            made = in_chinese(case) if turned else case
            for problem in problems_of(made, tmp_path, **review):
                if problem.code not in QUOTES_A_HEADER:
                    said += 1
                    assert not foreign(problem), problem.say("zh-TW")
    assert said > 100


def test_a_schools_attribute_names_the_schools_table(tmp_path: Path) -> None:
    from optimizer.policy.policy import make_policy
    from optimizer.scoring.remarks import screening_problems
    from optimizer.scoring.score import score

    case = tables()
    write(tmp_path / "case", case)
    document = {
        "pool": {"amount": 1},
        "review": {"criteria": CRITERIA},
        "clause": [{"kind": "programme"}],
    }
    policy = make_policy(document)
    records, _ = read_records(tmp_path / "case", policy.settings)
    scored = score(screen(records, policy))
    (problem,) = [p for p in screening_problems(scored) if p.code == "programme"]
    assert (problem.file, problem.row, problem.application_id) == ("schools", 5, "A003")
    assert problem.where("zh-TW") == "學校資料，第 5 列，參與評鑑計畫"
    assert problem.where("en") == "schools, row 5, evaluation_programme"


# ---- the policy in view of the data -----------------------------------------------------------


def refused(clause: dict, applications: list[dict] | None = None, **more: object) -> Problem:
    case = make_case(applications or [{"application_id": "A001"}], clause=[clause], **more)
    with pytest.raises(CaseError) as caught:
        screen(case.records, case.policy)
    return caught.value.problems[0]


def test_ids_of_decisions_by_hand_that_only_look_right() -> None:
    for written in ("a001", "A\u200f001", "Ａ001", "A 001"):
        problem = refused({"kind": "fixed", "fund": [written]})
        assert problem.code == "look_alike"
        assert "申請資料第 2 列的「A001」" in problem.message.zh
        assert "'A001'" in problem.hint.en
    assert "A001" in refused({"kind": "fixed", "refuse": ["A1"]}).hint.zh
    assert not refused({"kind": "fixed", "refuse": ["B7"]}).hint


def test_values_that_a_column_cannot_have() -> None:
    quota = {"kind": "quota", "column": "level", "value": "高中", "at_least": 1}
    problem = refused(quota)
    assert (problem.code, problem.severity) == ("unknown_value", "error")
    assert "no value that the column can have" in problem.message.en
    plan = {"plan": {"districts": ["中區", "東區"]}}
    wrong = refused({**quota, "column": "district", "value": "東"}, **plan)
    assert (wrong.code, wrong.hint.en) == ("unknown_value", "Did you mean 東區?")
    assert refused({"kind": "types", "accepted": ["subjekt"]}).code == "unknown_value"


def test_a_code_that_still_begins_with_a_zero_has_lost_another_digit(tmp_path: Path) -> None:
    case = tables()
    put("schools", 2, "school_id", "06460")(case)
    (said,) = [p for p in problems_of(case, tmp_path) if p.file == "schools.csv"]
    assert (said.code, said.row, said.value) == ("short_code", 2, "06460")
    assert "0 不見" not in said.message.zh and "6" in said.expected.zh
