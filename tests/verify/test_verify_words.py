"""What `subsidy verify` says of a result that is wrong: what decides first, in words, alike ones once."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.edited_pages import stamped
from helpers.results import (
    edit_rows,
    edit_summary,
    remake_once,
    reseal,
    small_allocation,
    small_case,
)
from helpers.rounds import make_case

from optimizer.case.case import Case
from optimizer.cli.difference_lines import MOST, differences
from optimizer.cli.place_words import in_words
from optimizer.cli.verdict import commitment_line, seal_line, verdict
from optimizer.language.text import Text
from optimizer.pipe import allocate
from optimizer.report import write_result
from optimizer.report.fingerprints import digest_of
from optimizer.report.summary import MadeBy
from optimizer.verify.differences import table_differences
from optimizer.verify.remake import compare
from optimizer.verify.reread import ResultTable
from optimizer.verify.same_file import places
from optimizer.verify.verification import Verification
from optimizer.verify.verify import verification


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_result(small_allocation(), tmp_path / "out", parts=["workbooks"])
    return tmp_path / "out"


def lines(folder: Path, case: Case | None = None) -> list[Text]:
    case = case or small_case()
    found = verification(folder, case, quick=True)
    return [verdict(found), *seal_line(found, given=False), *differences(found, case.policy)]


@pytest.mark.parametrize("seats", [2, 3])
def test_whether_the_draw_was_needed_is_said_for_the_result_that_was_verified(
    tmp_path: Path, seats: int
) -> None:
    """Three alike: the draw chooses two of them; all three are nobody's choice."""
    rows = [{"application_id": f"A{n}", "school_id": f"S{n}", "requested": 100} for n in (1, 2, 3)]
    case = make_case(rows, pool={"amount": 100 * seats}, priority=[{"kind": "amount"}])
    write_result(allocate(case), tmp_path / "out", parts=[])
    found = verification(tmp_path / "out", case)
    drawn, needed = found.proof.drawn, seats == 2
    assert ("由抽籤決定" in drawn.zh, "the draw chose" in drawn.en) == (needed, needed)
    for said in (verdict(found).zh, verdict(found).en):
        assert ("抽籤亦核對無誤" in said or "draw was checked" in said) == needed
        assert ("未動用抽籤" in said or "draw was not needed" in said) == (not needed)


def test_that_it_is_another_case_stands_alone_in_the_first_line(folder: Path) -> None:
    said = lines(folder, small_case(pool={"amount": 2_000, "unit": 100}))
    assert said[0] == Text(
        "此結果不是由這份計畫資料產生。", "This result was not made from this case."
    )
    assert "經費／金額（pool.amount）" in said[1].zh and "'2000'" in said[1].en
    assert said[2].en.endswith("--json lists all.") and len(said) == 3


def test_alike_differences_are_one_line_with_their_number_and_the_first_few(folder: Path) -> None:
    def edit(rows: list[list[str]]) -> None:
        for row in rows[1:]:
            row[rows[0].index("title")] += "?"

    edit_rows(folder, "awards.csv", edit)
    reseal(folder)
    (said,) = [line for line in lines(folder) if "社群名稱" in line.zh and "awards.csv" in line.zh]
    assert said.zh.endswith("（同類共 9 處：A1、A2、A3 等）")
    assert said.en.endswith("(9 alike: A1, A2, A3 …)")


def test_places_of_the_summary_are_said_in_words(folder: Path) -> None:
    def edit(document: dict[str, Any]) -> None:
        document["pool"]["spent"] += 1
        document["priorities"][1]["value"] += 1
        document["draw"]["chances"] = {}

    edit_summary(folder, edit)
    said = "\n".join(line.zh for line in lines(folder))
    assert "summary.json，經費／核定總額：" in said
    assert "summary.json，優先順序／「審查分數（merit）」／實際值：" in said
    assert "summary.json，抽籤／中籤機率／A3：" in said and "同類共 2 處：A3、A4" in said
    assert not re.search(r"[a-z]+(\[\w+\])?\.(?!json|csv|xlsx|ods)[a-z]", said)


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from () if key in ("keys", "chances", "columns", "versions") else keys(part)
    elif isinstance(value, list):
        for part in value:
            yield from keys(part)


def test_every_key_of_the_summary_has_words(folder: Path) -> None:
    document = json.loads((folder / "summary.json").read_bytes())
    del document["seconds"]
    document["fingerprints"] = ""  # of a result with a report
    found = set(keys(document))
    assert len(found) > 60
    assert [k for k in found if in_words("summary.json", k, {}).zh == k] == []


def test_what_is_fundamental_is_never_more_than_some_lines(folder: Path) -> None:
    def edit(document: dict[str, Any]) -> None:
        document.update({f"extra{n}": n for n in range(3 * MOST)})

    edit_summary(folder, edit)
    said = lines(folder)
    assert len(said) <= MOST + 3 and said[-1].en.endswith("--json lists all.")


def test_rows_in_another_order_beside_rows_that_do_not_belong_are_named() -> None:
    """The row of one list was looked up in the other, which is shorter."""
    right = small_allocation().waitlist
    header = tuple(map(str, right.columns))
    ids = [str(i) for i in right["application_id"]]
    order = ["X1", "X2", "X3", *reversed(ids)]
    rows = tuple(tuple(i if name == "application_id" else "" for name in header) for i in order)
    found = list(
        table_differences(ResultTable("waitlist.csv", header, rows), right, ["application_id"])
    )
    (moved,) = [p for p in found if p.code == "order"]
    assert (moved.row, moved.value) == (5, ids[-1]) and ids[0] in moved.expected.en


def test_a_long_text_is_quoted_from_where_it_differs() -> None:
    style = "<style>" + "a{b:c}" * 200
    [found] = places(
        "report.html", f"{style}d{{e:f}}</style>".encode(), f"{style}</style>".encode()
    )
    assert "d{e:f}" in found.value and "d{e:f}" not in found.expected
    assert len(found.value) <= 160


PAGE = """<html><head><title>x</title><style>a{b:c}</style></head><body><h1>某計畫</h1>
<h2><span>1</span>適用規則</h2><table><tr><th>規則</th></tr><tr><td>成員</td><td>至少 4 人</td></tr></table>
<h2><span>2</span>資料來源</h2><p>說明</p><ul><li>甲</li><li>乙</li></ul></body></html>"""
PAGES = [
    ("至少 4 人", "至少 3 人", "「1 適用規則」一節第 2 列與", "成員 至少 3 人", "應為「成員 至少 4 人」"),
    ("<tr><td>成員</td><td>至少 4 人</td></tr>", "", "「1 適用規則」一節第 2 列沒有內容", "", "應為「成員 至少 4 人」"),
    ("<li>乙</li>", "<li>乙</li><li>丙</li>", "「2 資料來源」一節第 3 項與", "丙", "此處應無內容"),
    ("<p>說明</p>", "<p>說明<b>。</b></p>", "「2 資料來源」一節與", "說明 。", "應為「說明」"),
    ("<li>甲</li>", "<li class='x'>甲</li>", "「2 資料來源」一節第 1 項（文字相同，網頁標記不同）與", "", ""),
    ("某計畫", "他計畫", "頁首與", "他計畫", "應為「某計畫」"),
    ("a{b:c}", "a{b:d}", "版面設定與", "x a{b:d}", "應為「x a{b:c}」"),
    (PAGE, "", "整頁與", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "where", "value", "expected"), PAGES)
def test_a_page_that_differs_is_told_as_people_read_it(
    old: str, new: str, where: str, value: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_text(PAGE.replace(old, new), "utf-8")
    (said,) = compare(tmp_path, {"report.html": PAGE.encode()}, MadeBy.here()).problems
    assert said.message.zh.startswith(where) and (said.value, said.expected.zh) == (value, expected)
    assert not re.search(r"[<>\[\]]", said.say("zh-TW") + said.say("en"))


def test_a_seed_that_was_published_is_said_to_match(folder: Path) -> None:
    case = small_case()
    for digest, matches in ((case.policy.settings.draw.digest, True), ("0" * 64, False)):
        found = verification(folder, case, quick=True, seed_commitment=digest)
        assert bool(commitment_line(found, given=True)) is matches is not bool(found.problems)
        assert not commitment_line(found, given=False)


def in_member(name: str, old: str, new: str) -> Callable[[bytes], bytes]:
    """Change a part of a workbook."""

    def edit(data: bytes) -> bytes:
        page = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(page, "w") as target:
            for info in source.infolist():
                content = source.read(info)
                if info.filename == name:
                    assert old.encode() in content
                    content = content.replace(old.encode(), new.encode(), 1)
                target.writestr(info, content)
        return page.getvalue()

    return edit


def csv_cell(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old.encode(), new.encode(), 1)


PUBLISHED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "awarded.csv": (csv_cell("2000", "2100"), "第 2 列，"),
    "rules.csv": (csv_cell("3,000", "4,000"), "，內容："),
    "lists.ods": (in_member("content.xml", "礫埕國小", "霏霖國小"), "「霏霖國小」；應為「礫埕國小」"),
    "lists.xlsx": (in_member("xl/worksheets/sheet1.xml", "<v>2000</v>", "<v>2100</v>"), "「2100」；應為「2000」"),
}  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("published") / "out"
    write_result(small_allocation(), target, parts=["published"])
    return target


@pytest.mark.parametrize("name", PUBLISHED)
def test_where_a_published_list_was_changed_is_said_by_file_row_and_column(
    name: str, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.verify.verify.remake", remake_once)
    folder, (edit, where) = Path(shutil.copytree(published, tmp_path / "out")), PUBLISHED[name]
    path = folder / "published" / name
    changed = edit(path.read_bytes())
    assert changed != path.read_bytes()
    path.write_bytes(changed)
    _, first, second, *_ = (line.zh for line in lines(folder))
    assert "在寫出之後被更動" in first and name in first
    assert f"published/{name}，" in second and where in second
    reseal(folder)  # a forger who puts the right hashes
    assert [where in line.zh for line in lines(folder)[1:2]] == [True]


def test_a_published_list_that_is_no_csv_is_only_said_to_differ() -> None:
    right = b"\xef\xbb\xbfa,b\r\n1,2\r\n"
    assert places("awarded.csv", b"\xff\xfe", right) == []
    assert places("awarded.csv", right.replace(b"\r\n", b"\n"), right) == []
    [extra] = places("awarded.csv", right + b"3\r\n", right) or []
    assert (extra.row, extra.said.en) == (3, "a row too many: 3")


def without_line(number: int) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(
        line for at, line in enumerate(data.splitlines(keepends=True)) if at != number
    )


def test_what_each_list_was_edited_in_is_told_and_a_row_that_is_missing_is_called_that(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also beside an edit of the list itself, from which everything might follow."""
    monkeypatch.setattr("optimizer.verify.verify.remake", remake_once)
    folder = Path(shutil.copytree(published, tmp_path / "out"))
    edits = {"awarded": without_line(1), "rules": csv_cell("3,000", "4,000")}
    for name, edit in edits.items():
        path = folder / "published" / f"{name}.csv"
        path.write_bytes(edit(path.read_bytes()))
    found = verification(folder, small_case(), quick=True)
    assert len(found.problems) == found.count == 4 and not found.partly
    assert any("3,000" in p.right and "應為" not in p.right for p in found.problems)
    missing = "・published/awarded.csv：少一列：A"
    for again in (False, True):
        said = [line.zh for line in lines(folder)]
        assert any(line.startswith(missing) for line in said)
        assert any("published/rules.csv，" in line and "4,000" in line for line in said)
        if not again:
            edit_rows(folder, "awards.csv", lambda rows: rows[1].__setitem__(-1, "x"))


def rows_of(*rows: str) -> bytes:
    return ("\ufeff" + "\r\n".join(rows) + "\r\n").encode()


LIST = ("序號,申請編號,金額", "1,A1,10", "2,A2,20", "3,A3,30")
ROWS = [
    (("1,A1,10", "2,A3,30"), ["少一列：A2", "序號"]),
    (("1,A1,10", "2,A2,20", "2,A2,20", "3,A3,30"), ["多一列：A2"]),
    (("1,A1,10", "2,X,20", "3,A3,30"), ["申請編號"]),
    (("2,A2,20", "1,A1,10", "3,A3,30"), ["列的順序不同"]),
    (("2,A2,20", "1,A1,11", "3,A3,30", "4,B,1"), ["多一列：B", "金額", "列的順序不同"]),
]


@pytest.mark.parametrize(("rows", "told"), ROWS)
def test_rows_are_compared_by_their_application(rows: tuple[str, ...], told: list[str]) -> None:
    found = places("a.csv", rows_of(LIST[0], *rows), rows_of(*LIST)) or []
    assert [one.said.zh or one.where for one in found] == told


def test_more_differences_than_are_listed_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.verify.same_file.MOST_PLACES", 2)
    (tmp_path / "a.csv").write_bytes(rows_of(LIST[0], *(line + "0" for line in LIST[1:])))
    problems = compare(tmp_path, {"a.csv": rows_of(*LIST)}, MadeBy.here()).problems
    found = Verification(problems, leading=len(problems))
    assert (len(problems), found.count) == (3, 3) and problems[-1].value == "1"
    said = differences(found, small_case().policy)
    assert said[-1].en == "1 more; --json lists up to 10,000 of each file."


def test_a_workbook_that_another_program_saved_without_values_is_compared_by_its_formulas(
    published: Path,
) -> None:
    right = (published / "published" / "lists.xlsx").read_bytes()
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(right)) as archive:
        formula, value = re.findall(r"<f>(SUB[^<]*)</f><v>(\d+)</v>", archive.read(sheet).decode())[
            0
        ]
    saved = f"<f>{formula}</f><v>{value}</v>"
    bare = in_member(sheet, saved, f'<f aca="false">{formula}</f><v></v>')(right)
    assert places("lists.xlsx", bare, right) == []
    for wrong in (f"<f>{formula}</f><v>{value}9</v>", f"<f>1+{formula}</f><v></v>"):
        assert places("lists.xlsx", in_member(sheet, saved, wrong)(right), right)


def test_a_part_that_a_workbook_lacks_is_said_to_be_missing(
    published: Path, tmp_path: Path
) -> None:
    right = (published / "published" / "lists.xlsx").read_bytes()
    page, left = io.BytesIO(), "xl/theme/theme1.xml"
    with zipfile.ZipFile(io.BytesIO(right)) as source, zipfile.ZipFile(page, "w") as target:
        for info in source.infolist():
            if info.filename != left:
                target.writestr(info, source.read(info))
    (tmp_path / "lists.xlsx").write_bytes(page.getvalue())
    (said,) = compare(tmp_path, {"lists.xlsx": right}, MadeBy.here()).problems
    assert said.say("zh-TW") == f"lists.xlsx，{left}：檔案內沒有此部分，可能由其他程式另存"


def test_the_fingerprints_that_a_summary_names_are_those_of_its_report(tmp_path: Path) -> None:
    write_result(small_allocation(), tmp_path / "out", parts=["report"])
    folder = tmp_path / "out"
    page = (folder / "report.html").read_text("utf-8")
    assert json.loads((folder / "summary.json").read_bytes())["fingerprints"] == digest_of(page)
    assert not verification(folder, small_case(), quick=True).problems
    for wrong in ("0" * 64, None):
        edit_summary(folder, lambda document, wrong=wrong: document.update(fingerprints=wrong))
        (problem,) = verification(folder, small_case(), quick=True).problems
        assert (problem.file, problem.column) == ("summary.json", "fingerprints")
    edit_summary(folder, lambda document: document.update(fingerprints=digest_of(page)))
    forged = page.replace("</h1>", "</h1><p>x</p>", 1)
    (folder / "report.html").write_text(stamped(forged), "utf-8", newline="")
    found = verification(folder, small_case(), quick=True).problems
    assert {"report.html", "summary.json"} == {problem.file for problem in found}
