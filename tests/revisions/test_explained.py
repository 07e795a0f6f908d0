"""A revised list explained: what is said holds when it is revised again; letters to whom it changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from helpers.commands import run
from helpers.results import GOLDEN, small_allocation, small_case
from helpers.revised import made
from helpers.rounds import make_case

from optimizer import allocate, reopen, write_letters, write_result
from optimizer.case.case import Case
from optimizer.clauses.promise import Promise
from optimizer.explain.explanation import Explanation, Need
from optimizer.language.text import LANGUAGES, Language
from optimizer.letters.telephone import heading_of, names_of, telephone_sheet
from optimizer.problems.errors import CaseError, InfeasibleError, UsageError
from optimizer.report.result_columns import CODES, TABLES
from optimizer.report.result_sheets import sheets_of
from optimizer.result.allocation import Allocation
from optimizer.revisions import Revision, revise, write_revision
from optimizer.revisions.promised import promise, under
from optimizer.revisions.published import Published

PLAN = {"title": "測試計畫", "year": 103, "period": ["2014-02-01", "2014-11-30"]}


def everyone(revision: Revision) -> list[Explanation]:
    return [revision.explain(str(one)) for one in revision.allocation.awards["application_id"]]


# --- what would have had to differ, revised again -------------------------------------------------


def fate(
    published: Allocation,
    case: Case,
    one: str,
    withdraw: Sequence[str],
    pool: int,
    paid: dict[str, int] | None = None,
) -> str:
    """Allocate under the promise of another revision; return which of the best lists fund one."""
    rule = promise(Published.of(published), tuple(withdraw), {}, paid or {})
    try:
        found = allocate(under(case, rule, pool))
    except InfeasibleError:
        return "none"
    return str(found.awards.set_index("application_id").loc[one, "certainty"] or "none")


def with_cell(case: Case, one: str, column: str, value: Any) -> Case:
    """Return a case with one cell corrected."""
    table = case.records.applications.copy()
    cells = [value if i == one else v for i, v in zip(table["application_id"], table[column], strict=True)]  # fmt: skip
    table[column] = pd.Series(cells, table.index, dtype=table[column].dtype)
    return replace(case, records=replace(case.records, applications=table))


def sides(
    revision: Revision, published: Allocation, case: Case, one: Explanation, need: Need
) -> Iterator[tuple[str, bool]]:
    """Yield in which best lists it is funded on either side of a measure, and whether that is its side."""
    gone = [entry["application_id"] for entry in revision.record["withdrawn"]]
    own, pool = one.application_id, revision.allocation.pool
    unit, said = case.policy.settings.pool.unit, need.value
    again = {"withdraw": gone, "pool": pool}
    if need.code == "pool":
        whole = int(said or 0) + revision.allocation.contingency
        yield fate(published, case, own, withdraw=gone, pool=whole), True
        yield fate(published, case, own, withdraw=gone, pool=whole - unit), False
    elif need.code == "rivals":
        for those in need.rivals:
            yield fate(published, case, own, withdraw=[*gone, *those], pool=pool), True
    elif need.code == "request":
        for amount in (int(said or 0), int(said or 0) + unit):
            then = with_cell(case, own, "requested", amount)
            yield fate(published, then, own, **again), amount == said
    elif need.code in ("merit", "more"):
        then = with_cell(case, own, "merit" if need.code == "merit" else "requested", said)
        yield fate(published, then, own, **again), True


@pytest.mark.slow
def test_what_would_have_had_to_differ_holds_when_it_is_revised_again() -> None:
    seen = set[str]()
    for number in (0, 1):
        published, case, revision = made(number)
        for one in everyone(revision):
            for need in one.needs if one.status == "not_funded" else ():
                if not need.helps or need.code == "waiver":
                    continue
                for found, its_side in sides(revision, published, case, one, need):
                    seen.add(need.code)
                    if not its_side:
                        assert found == "none"
                    elif need.certain:
                        assert found == "every"
                    else:
                        assert found != "none"
    assert {"pool", "rivals", "merit"} <= seen


def test_money_that_is_paid_is_no_money_for_another() -> None:
    """The least pool is that which the revision itself needs, what was paid to others included."""
    rows = [
        {"application_id": "A1", "merit": 90, "requested": 2_000},
        {"application_id": "A2", "merit": 80, "requested": 2_000, "school_id": "S2"},
    ]
    case = make_case(rows, pool={"amount": 2_000, "unit": 100}, priority=[{"kind": "merit"}])
    published = allocate(case)
    revision = revise(published, case, withdraw=["A1"], paid={"A1": 550})
    needs = {need.code: need for need in revision.explain("A2").needs}
    assert needs["pool"].value == 2_550
    assert fate(published, case, "A2", withdraw=["A1"], paid={"A1": 550}, pool=2_550) == "every"
    assert fate(published, case, "A2", withdraw=["A1"], paid={"A1": 550}, pool=2_450) == "none"
    assert revision.allocation.summary["pool"]["left"] == 1_450
    assert revision.allocation.summary["pool"]["paid_to_others"] == 550


def test_an_award_that_is_kept_is_never_said_to_be_lost() -> None:
    """For more money A1 would break its school's cap beside A2: no list is left, none without A1."""
    rows = [("A1", "S1", 90, 2_000), ("A2", "S1", 95, 3_000), ("A3", "S2", 99, 1_000)]
    names = ("application_id", "school_id", "merit", "requested")
    case = make_case(
        [dict(zip(names, row, strict=True)) for row in rows],
        pool={"amount": 6_000, "unit": 100},
        clause=[{"kind": "school_cap", "amount": 5_000}],
        priority=[{"kind": "merit"}],
    )
    revision = revise(allocate(case), case, withdraw=["A3"], pool=9_000)
    said = {need.code: need.full for one in ("A1", "A2") for need in revision.explain(one).needs}
    assert "無任何名單能兼顧" in said["lose_request"].zh and "no list" in said["lose_request"].en
    assert not [text for text in said.values() if text.zh.endswith("即不獲補助")]


def test_no_rule_is_waived_at_a_revision_that_only_refuses_others_or_is_kept() -> None:
    """Without the least of members A3 would come in, and A2 for the money beside it: no rule of A2's."""
    rows = [("A0", "S3", 99, 1_000, 6), ("A1", "S1", 86, 3_000, 6), ("A2", "S2", 85, 2_000, 6),
            ("A3", "S1", 95, 1_000, 1)]  # fmt: skip
    names = ("application_id", "school_id", "merit", "requested", "members")
    rules = {
        "pool": {"amount": 1_000, "unit": 100},
        "clause": [{"kind": "members", "minimum": 3}, {"kind": "school_cap", "amount": 3_000}],
        "priority": [{"kind": "merit", "per": "amount"}],
    }
    case = make_case([dict(zip(names, row, strict=True)) for row in rows], **rules)
    revision = revise(allocate(case), case, pool=4_000)
    needs = {need.code: need for need in revision.explain("A2").needs}
    assert needs["waiver"].names == ("merit",)
    rule = promise(Published.of(allocate(case)), (), {}, {})
    for kind, comes_in in (("members", True), ("school_cap", False)):
        rest = [clause for clause in rules["clause"] if clause["kind"] != kind]
        other = make_case(
            [dict(zip(names, row, strict=True)) for row in rows], **{**rules, "clause": rest}
        )
        awards = allocate(under(other, rule, 4_000)).awards.set_index("application_id")
        assert bool(awards.loc["A2", "award"]) is comes_in


# --- who is told what -----------------------------------------------------------------------------


@cache
def small(language: Language = "zh-TW") -> Revision:
    """Withdraw A1, of NT$2,000, and A2, not funded; reduce A6; A3 comes in; A4 keeps what it has."""
    published, case = small_allocation(plan=PLAN), small_case(plan=PLAN)
    return revise(
        published, case, withdraw=["A1", "A2"], reduce={"A6": 500}, paid={"A1": 300},
        language=language,
    )  # fmt: skip


def test_what_was_published_is_said_with_what_changed_it() -> None:
    revision = small()
    heads = {
        one.application_id: heading_of(names_of(revision.allocation), one).zh.partition("：")[2]
        for one in everyone(revision)
    }
    assert heads["A1"] == "已撤回（原核定 2,000 元）"
    assert heads["A2"] == "已撤回（原未獲補助）"
    assert heads["A3"] == "獲補助 1,000 元（原未獲補助）"
    assert heads["A4"] == "獲補助 1,000 元"
    assert heads["A6"] == "獲補助 500 元（原核定 1,000 元）"
    assert heads["A7"] == "不符資格"
    [said] = [more.full.zh for more in revision.explain("A3").more if more.code == "earlier"]
    assert said.startswith("原未獲補助；本次遞補，核定 1,000 元：") and "須數項合計" in said
    earlier = revision.explain("A6").earlier
    assert earlier and (earlier.award, earlier.cause, earlier.changed) == (1_000, "reduced", True)


def test_who_withdrew_before_an_earlier_revision_is_said_to_have() -> None:
    again = revise(small(), small_case(plan=PLAN)).explain("A1")
    assert [more.full.zh for more in again.more] == ["先前已撤回；本次修正維持不變"]
    assert again.outcome == "withdrawn" and not again.before


def test_a_correction_is_said_of_whom_it_changed() -> None:
    def case(members: int) -> Case:
        rows = [
            {"application_id": f"A{n}", "members": m} for n, m in ((1, members), (2, 9 - members))
        ]
        rule = [{"kind": "members", "minimum": 4}]
        return make_case(
            rows, pool={"amount": 9_000, "unit": 1_000}, clause=rule, priority=[{"kind": "merit"}]
        )

    revision = revise(allocate(case(6)), case(3))
    out, into = (revision.explain(one) for one in ("A1", "A2"))
    assert [one.earlier and one.earlier.cause for one in (out, into)] == ["corrected"] * 2
    assert "原核定 1,000 元；因資料或計畫更正，不予補助" in [more.full.zh for more in out.more]
    assert into.before.zh == "原不符資格"


@pytest.fixture(scope="module", params=LANGUAGES)
def written(request: Any, tmp_path_factory: Any) -> tuple[Language, Path]:
    folder = tmp_path_factory.mktemp("revised") / "letters"
    revision = small(request.param)
    write_letters(revision.allocation, everyone(revision), folder)
    return request.param, folder


def test_letters_go_to_whom_the_revision_changed_and_the_sheet_has_all(written: Any) -> None:
    _, folder = written
    letters = {path.stem for path in (folder / "letters").glob("*.html")}
    assert letters == {"A1", "A2", "A3", "A6"}
    assert len((folder / "telephone.csv").read_text("utf-8-sig").splitlines()) == 1 + 9


@pytest.mark.parametrize("kind", ["entered", "withdrawn"])
def test_a_letter_after_a_revision_reads_as_agreed(written: Any, kind: str) -> None:
    language, folder = written
    page = (folder / "letters" / f"{'A3' if kind == 'entered' else 'A1'}.html").read_text("utf-8")
    said = page[page.index("<body>") : page.index("</body>")].removeprefix("<body>\n")
    golden = GOLDEN / "letters" / f"{kind}.{language}.html"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(said, "utf-8")
    assert said == golden.read_text("utf-8")


def test_a_letter_names_what_it_changes(written: Any) -> None:
    language, folder = written
    subject = {one: (folder / "letters" / f"{one}.html").read_text("utf-8") for one in ("A2", "A6")}
    if language == "zh-TW":
        assert "原未獲補助，貴校撤回申請，同意備查，請查照" in subject["A2"]
        assert "原核定補助新臺幣 1,000 元，經減列，修正為核定補助新臺幣 500 元" in subject["A6"]
    else:
        assert "gave it no grant; your school has withdrawn it" in subject["A2"]
        assert "granted NT$1,000; after a reduction, it now receives" in subject["A6"]


def test_letters_of_a_revision_are_not_replaced_by_those_of_a_first_list(written: Any) -> None:
    _, folder = written
    with pytest.raises(UsageError, match="letters of a revision"):
        write_letters(small_allocation(plan=PLAN), [], folder)
    assert (folder / "letters" / "A3.html").exists()


def test_all_get_a_letter_where_that_is_asked_for(tmp_path: Path) -> None:
    revision = small()
    write_letters(revision.allocation, everyone(revision), tmp_path / "all", unchanged=True)
    pages = {path.stem: path.read_text("utf-8") for path in (tmp_path / "all" / "letters").glob("*.html")}  # fmt: skip
    assert len(pages) == 9
    assert "維持原通知，核定補助新臺幣 1,000 元" in pages["A4"]
    assert "本函為其修正" in pages["A3"] and "本函為其修正" not in pages["A4"]
    alone = revision.allocation.explain(
        "A1"
    )  # of the list alone, without what was published before
    write_letters(revision.allocation, [alone], tmp_path / "one")
    page = (tmp_path / "one" / "letters" / "A1.html").read_text("utf-8")
    assert "貴校撤回申請，同意備查" in page and "不符申請資格" not in page


def test_the_telephone_sheet_calls_a_withdrawal_by_its_name() -> None:
    revision = small()
    rows = {row[0]: row for row in telephone_sheet(revision.allocation, everyone(revision), "zh-TW").rows}  # fmt: skip
    sheet = telephone_sheet(revision.allocation, everyone(revision), "zh-TW")
    assert any("保留其他已公布之核定為前提" in column.header for column in sheet.columns)
    first = telephone_sheet(small_allocation(plan=PLAN), [], "zh-TW")
    assert not any("前提" in column.header for column in first.columns)
    said = ("已撤回（原核定 2,000 元）", "", "已撤回：公布後撤回申請")
    assert rows["A1"][3:6] == said and not any(rows["A1"][6:])
    assert "不符資格" not in "".join(map(str, rows["A2"]))


# --- from the folder ------------------------------------------------------------------------------


def test_a_folder_is_opened_again_as_it_was(tmp_path: Path) -> None:
    revision, case = small(), small_case(plan=PLAN)
    write_revision(revision, tmp_path / "1", parts=())
    found = reopen(tmp_path / "1", case)
    assert isinstance(found, Revision) and found.record == revision.record
    assert found.explain("A3") == revision.explain("A3")
    write_result(small_allocation(plan=PLAN), tmp_path / "0", parts=())
    first = reopen(tmp_path / "0", case)
    assert isinstance(first, Allocation) and first.seal == small_allocation(plan=PLAN).seal
    with pytest.raises(CaseError, match="does not lead to the result"):
        reopen(tmp_path / "1", small_case(plan=PLAN, pool={"amount": 4_100, "unit": 500}))


def test_what_is_no_result_is_said_to_be_none(tmp_path: Path) -> None:
    for place, said in ((tmp_path / "gone", "There is no"), (tmp_path, "is no folder of a result")):
        with pytest.raises(CaseError, match=said):
            reopen(place, small_case(plan=PLAN))


def test_a_record_that_was_changed_is_refused(tmp_path: Path) -> None:
    write_revision(small(), tmp_path / "1", parts=())
    record = tmp_path / "1" / "revision.json"
    text = record.read_text("utf-8")
    for wrong in ('"withdrawn": 3', '"withdrawn": []'):
        start = text.index('"withdrawn": ')
        end = text.index("],", start) + 1
        record.write_text(text[:start] + wrong + text[end:], "utf-8")
        with pytest.raises(CaseError):
            reopen(tmp_path / "1", small_case(plan=PLAN))


@pytest.mark.slow
def test_the_command_writes_to_whom_the_revision_changed(case: Path, tmp_path: Path) -> None:
    assert run("allocate", case, "--out", tmp_path / "0", "--parts", "none").exit_code == 0
    rows = (tmp_path / "0" / "awards.csv").read_text("utf-8-sig").splitlines()
    gone = next(row.split(",")[0] for row in rows if ",funded," in row)
    revised = (
        "revise",
        tmp_path / "0",
        "--case",
        case,
        "--withdraw",
        gone,
        "--out",
        tmp_path / "1",
    )
    assert run(*revised).exit_code == 0
    told = run("explain", case, gone, "--result", tmp_path / "1", lang="zh-TW")
    assert told.exit_code == 0 and "已撤回（原核定" in told.stdout
    letters = ("explain", case, "--all", "--result", tmp_path / "1", "--out", tmp_path / "2")
    done = run(*letters)
    assert done.exit_code == 0 and "left 4" in done.stdout and "--unchanged" in done.stdout
    assert (tmp_path / "2" / "letters" / f"{gone}.html").exists()
    assert len((tmp_path / "2" / "telephone.csv").read_text("utf-8-sig").splitlines()) == 1 + 48


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reduction_is_told_as_one_and_nobody_is_said_to_have_wished_it(
    language: Language,
) -> None:
    published, case = small_allocation(), small_case()
    revision = revise(published, case, reduce={"A6": 500}, language=language)
    awards = revision.allocation.awards.set_index("application_id")
    said = revision.explain("A6")
    told = "；".join([str(awards.loc["A6", "reason"]), *(m.full.say(language) for m in said.more)])
    assert ("減列為 500 元" if language == "zh-TW" else "reduced to NT$500") in told
    promised = Promise.title.say(language)
    assert f"依「{promised}」至多" not in told and f'"{promised}" allows' not in told
    assert "申請減列" not in told and "wish" not in told
    reason = str(awards.loc["A6", "reason"])
    assert reason.count("500") == 2, (
        reason
    )  # what was granted of the request, and what it was reduced to


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_calls_the_withdrawn_so_in_every_sheet(language: Language) -> None:
    revision = revise(small_allocation(), small_case(), withdraw=["A6"], language=language)
    word, kept = CODES["withdrawn"].say(language), CODES["kept"].say(language)
    kept = kept[:1].upper() + kept[1:]
    title = {name: TABLES[name].say(language) for name in ("awards", "problems")}
    sheets = {sheet.name: sheet for sheet in sheets_of(revision.allocation)}
    for name in title.values():
        [row] = [row for row in sheets[name].rows if "A6" in row]
        assert word in row
    assert any(kept in row for row in sheets[title["awards"]].rows)
