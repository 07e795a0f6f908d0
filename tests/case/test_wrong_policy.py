"""A policy that cannot be used hides nothing that is wrong with the data, and adds nothing to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from checks.defects import DEFECTS, Defect, cell, rename
from helpers.files import CRITERIA, Rows, tables, write, write_xlsx

from optimizer import read_case
from optimizer.check import Check, check_case
from optimizer.language.toml_text import in_toml
from optimizer.problems.errors import PolicyError, Problem, UsageError

GOOD = "[pool]\namount = 20_000\n[plan]\nyear = 103\n[review]\n{review}\n[draw]\nseed = 'x'\n"
KNOWN = {  # mistakes that leave no doubt how the data are to be read
    "unknown key": ("amount = 20_000", "amout = 20_000"),
    "bad value": ("amount = 20_000", "amount = '五十萬元'"),
    "unknown rule": ("[draw]", "[[clause]]\nkind = 'nothing'\n[draw]"),
}
UNKNOWN = {
    "no TOML": ("amount = 20_000", "amount = 五十萬元"),
    "review": ("[review]", "[review]\naggregate = 'men'"),
    "another table": ("[review]", "[reviews]"),
    "key of the review elsewhere": ("year = 103", "mising = 'zero'"),
}
READ_POLICY = {  # kinds of mistakes that no one can call so without [review]
    *("mark_outside_scale", "missing_mark", "all_recused", "recused_and_marked"),
    *("reviews_without_criteria", "merit_and_criteria", "percentage", "a full mark"),
}
READ_POLICY_NAMED = {"missing criterion", "no reviews", "no merit without criteria"}
ANOTHER = {"criteria": dict.fromkeys(CRITERIA, 30), "missing": "zero", "reviewers": 1}
FURTHER = [
    Defect("a share", "percentage", rows=cell("reviews", 2, "needs", "85%")),
    Defect("another full mark", "a full mark", rows=rename("reviews", "needs", "needs（30分）")),
    Defect("unit of money", "header_note", "applications.csv", 1, "requested（千元）",
           rows=rename("applications", "requested", "requested（千元）")),
]  # fmt: skip


def policy(review: dict[str, object] | None, old: str = "", new: str = "") -> str:
    keys = {"criteria": CRITERIA, **(review or {})}
    text = GOOD.format(review="\n".join(f"{k} = {in_toml(v)}" for k, v in keys.items()))
    assert old in text
    return text.replace(old, new, 1)


def planted(defect: Defect, folder: Path) -> Path:
    case = tables()
    if defect.rows is not None:
        defect.rows(case)
    write(folder, case)
    if defect.files is not None:
        defect.files(folder)
    return folder


def checked(folder: Path, text: str) -> Check:
    (folder / "policy.toml").write_text(text, "utf-8")
    return check_case(folder)


def of_data(check: Check) -> list[Problem]:
    return [p for p in check.problems if p.severity == "error" and p.file != "policy.toml"]


def place(problem: Problem) -> tuple[str, str, int | None, str]:
    return problem.code, problem.file, problem.row, problem.column


def both(defect: Defect, change: tuple[str, str], folder: Path) -> tuple[list[Problem], ...]:
    """Return what is said of the data under the right policy, and beside a mistake in it."""
    planted(defect, folder)
    right = of_data(checked(folder, policy(defect.review)))
    found = checked(folder, policy(defect.review, *change))
    data = of_data(found)
    assert found.rest
    assert found.problems[0].file == "policy.toml"
    assert [*found.problems[len(found.problems) - len(data) :]] == data
    return right, data


ALL = [*DEFECTS, *FURTHER]


@pytest.mark.parametrize("number", range(len(ALL)), ids=[defect.name for defect in ALL])
def test_a_mistake_that_leaves_no_doubt_hides_nothing(number: int, tmp_path: Path) -> None:
    change = list(KNOWN.values())[number % len(KNOWN)]
    right, data = both(ALL[number], change, tmp_path / "case")
    assert data == right


@pytest.mark.parametrize("number", range(len(ALL)), ids=[defect.name for defect in ALL])
def test_a_mistake_that_hides_the_review_hides_and_adds_nothing_else(
    number: int, tmp_path: Path
) -> None:
    defect, change = ALL[number], list(UNKNOWN.values())[number % len(UNKNOWN)]
    right, data = both(defect, change, tmp_path / "case")
    assert set(data) <= set(right)
    if not (defect.review or {}).get("criteria", True):
        return
    other = of_data(checked(tmp_path / "case", policy({**(defect.review or {}), **ANOTHER})))
    assert set(data) <= set(other)
    if defect.code not in READ_POLICY and defect.name not in READ_POLICY_NAMED:
        assert (defect.code, defect.file, defect.row, defect.column) in map(place, data)


def test_districts_that_a_policy_may_list_are_not_doubted(tmp_path: Path) -> None:
    case = tables()
    case["schools"][1][2] = "和平"
    listed = policy(None, "year = 103", "districts = ['和平', '和平區', '臺西鄉', '東區']")
    folder = write(tmp_path / "case", case)
    assert [p.code for p in of_data(checked(folder, policy(None)))] == ["same_district"]
    assert of_data(checked(folder, listed)) == []
    assert of_data(checked(folder, listed.replace("20_000", "二萬"))) == []
    same = [p.code for p in of_data(checked(folder, policy(None).replace("20_000", "'x'")))]
    assert same == ["same_district"]


def long(case: dict[str, Rows]) -> Rows:
    """Return the reviews of a case, a mark a row."""
    rows = [["application_id", "reviewer", "criterion", "points"]]
    for application, reviewer, *marks in case["reviews"][1:]:
        rows += [[application, reviewer, k, m] for k, m in zip(CRITERIA, marks, strict=True) if m]
    return rows


FORMS: dict[str, tuple[Rows, dict[str, object], str, str]] = {
    "a mark a row": (long(tables()), {}, "points", "not_a_number"),
    "settled scores": (
        [["application_id", "merit"], *([f"A00{n}", "80"] for n in range(1, 5))],
        {"criteria": {}}, "merit", "not_a_number",
    ),
    "a total a reviewer": (
        [["application_id", "reviewer", "總分"], *([f"A00{n}", "甲", "80"] for n in range(1, 5))],
        {"criteria": {"總分": 100}}, "application_id", "unknown_application",
    ),
    "a criterion that does not count": (
        [["application_id", "reviewer", "needs", "team", "other", "總分"],
         *([f"A00{n}", who, "8", "9", "1", "17"] for n in range(1, 5) for who in "甲乙"),
         ["A001", "丙", "8", "9", "", "17"]],
        {"criteria": {"needs": 20, "team": 20}}, "needs", "not_a_number",
    ),
    "criteria of the bureau": (
        [["application_id", "reviewer", "創新", "其他"],
         *([f"A00{n}", "甲", "8", "好"] for n in range(1, 5))],
        {"criteria": {"創新": 100}}, "application_id", "unknown_application",
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_reviews_are_taken_as_their_headers_have_them(form: str, tmp_path: Path) -> None:
    rows, review, column, code = FORMS[form]
    text = policy(review)
    folder = write(tmp_path / "case", {**tables(), "reviews": rows})
    for broken in (text, text.replace("20_000", "二萬"), text.replace("[review]", "[reviews]")):
        assert of_data(checked(folder, broken)) == []
    at = rows[0].index(column)
    spoilt = [rows[0], [*rows[1][:at], "A999x", *rows[1][at + 1 :]], *rows[2:]]
    write(folder, {"reviews": spoilt})
    right = of_data(checked(folder, text))
    assert code in [p.code for p in right]
    assert of_data(checked(folder, text.replace("20_000", "二萬"))) == right


def test_a_policy_that_is_not_there_hides_nothing(tmp_path: Path) -> None:
    case = tables()
    case["schools"][1][3] = "elem"
    folder = write(tmp_path / "case", case)
    found = check_case(folder)
    assert [p.code for p in found.problems] == ["missing_file", "unknown_value"]
    book = write_xlsx(tmp_path / "case.xlsx", case)
    assert [p.code for p in check_case(book).problems] == ["missing_file", "unknown_value"]


def test_whoever_reads_a_case_is_told_both(tmp_path: Path) -> None:
    folder = planted(DEFECTS[0], tmp_path / "case")
    text = policy(None, "amount = 20_000", "amount = '二萬'")
    (folder / "policy.toml").write_text(text, "utf-8")
    with pytest.raises(PolicyError) as caught:
        read_case(folder)
    assert [p.file for p in caught.value.problems] == ["policy.toml", "applications.csv"]
    assert "The remaining checks follow" in caught.value.message.en
    assert "The case has 1 problem:" in caught.value.message.en
    assert "其餘檢查須待計畫檔可用之後進行。計畫資料有 1 個問題：" in caught.value.message.zh
    with pytest.raises(UsageError):
        read_case(folder, encoding="utf-99")


@pytest.mark.parametrize("review", [{}, {"criteria": {}}])
def test_reviews_beside_applications_that_cannot_be_read(
    review: dict[str, object], tmp_path: Path
) -> None:
    folder = write(tmp_path / "case", tables())
    (folder / "applications.csv").write_bytes(b"")
    found = of_data(checked(folder, policy(review)))
    assert [p.code for p in found] == ["empty_file"]
