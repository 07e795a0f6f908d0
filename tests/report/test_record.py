"""The printed record: what it says, that it is set as text, tagged and the same each time, or says what is missing."""

from __future__ import annotations

import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import openpyxl
import pytest
from helpers.commands import run
from helpers.results import reseal, small_allocation, small_case, unproved
from PIL import Image

from optimizer.language.text import LANGUAGES
from optimizer.pipe import allocate
from optimizer.problems.errors import NotComparableError, TemplateError, UsageError
from optimizer.report import typesetting, write_result
from optimizer.report.annex import Annex, Block
from optimizer.report.printed_blocks import Row, section, table
from optimizer.report.printed_proof import PrintedProof
from optimizer.report.printed_record import record_of, render_record
from optimizer.report.summary import MadeBy
from optimizer.report.view import METHODS
from optimizer.result.allocation import Allocation
from optimizer.stationery.head import report_head
from optimizer.stationery.sources import copy_templates
from optimizer.verify.verification import Verdict
from optimizer.verify.verify import verification, verify_result

pytest.importorskip("typst")
HOSTILE = '#import "/etc/passwd"; $x$ \\ * _ ` ] <script> =HYPERLINK("a") \u202e㵞 مرحبا 🎉'


@pytest.fixture(scope="module")
def allocation() -> Allocation:
    return small_allocation()


def told(allocation: Allocation, annex: Annex | None = None) -> dict[str, Any]:
    return record_of(allocation, MadeBy.here(), annex)


def texts(part: Any) -> list[str]:
    """Return every text of a record."""
    if isinstance(part, dict):
        return [text for value in part.values() for text in texts(value)]
    if isinstance(part, list | tuple):
        return [text for value in part for text in texts(value)]
    return [part] if isinstance(part, str) else []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_the_decision_the_lists_the_rules_the_proof_and_how_to_check(
    allocation: Allocation, language: Any
) -> None:
    said = allocation.in_language(language)
    record = told(said)
    assert len(record["sections"]) == 10
    blocks = record["sections"][0]["blocks"]
    assert "____" in blocks[-2]["text"] and blocks[-1]["kind"] == "signatures"
    cells = texts(record)
    assert set(said.awards["application_id"]) <= set(cells)
    for rule in said.case.policy.rules:
        assert rule.sentence().say(language) in cells
    for row in said.priorities.to_dict("records"):
        assert row["title"] in cells and row["value_exact"] in cells
    assert any(said.seal in text and "subsidy verify" in text for text in cells)
    assert {source.sha256 for source in said.case.sources} <= set(cells)
    awarded = next(s for s in record["sections"] if s["own-page"])["blocks"][-1]
    asked = said.awards.query("award > 0")["requested"].sum()
    assert awarded["rows"][-1]["cells"][-2:] == [f"{asked:,}", f"{said.spent:,}"]
    groups = [row["cells"][0] for row in awarded["rows"] if row["kind"] == "group"]
    amounts = [int(re.findall(r"[\d,]+", text)[-1].replace(",", "")) for text in groups]
    assert sum(amounts) == said.spent


def test_nothing_is_called_best_that_is_not_proved() -> None:
    best = small_allocation()
    steps = tuple(replace(s, bound=s.value + 1, floor=s.value + 1) for s in best.solution.steps)
    open_ = replace(best, solution=replace(best.solution, steps=steps, drawn=False))
    assert not open_.solution.proved
    cells = texts(told(open_))
    assert not [
        text for text in cells if "最佳，已證明" in text or "沒有任何符合規則的名單" in text
    ]
    assert [text for text in cells if "未能證明" in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unproved_record_promises_no_proof_and_names_its_engine(language: Any) -> None:
    said = unproved(small_allocation()).in_language(language)
    cells = texts(told(said))
    wrong = ("再次證明", "proves it again", "proves again", "沒有候補", "Nobody is on this list")
    assert not [text for text in cells if any(word in text for word in wrong)]
    name = METHODS[said.solution.engine].say(language)
    assert [text for text in cells if text.startswith(("求解方法：" + name, f"Engine: {name}"))]


def test_long_fractions_stand_below_the_proof_and_not_in_its_columns(
    allocation: Allocation,
) -> None:
    table = allocation.priorities.copy()
    table["value_exact"] = "154349699999/3"
    made = PrintedProof(allocation)
    made.allocation = cast(
        Any, SimpleNamespace(**{**vars(allocation), "priorities": table, "language": "en"})
    )
    proof = [*made.proof()]
    cells = [cell for row in proof[1]["rows"] for cell in row["cells"]]
    assert not [cell for cell in cells if "/" in cell]
    assert "reached 154349699999/3" in proof[2]["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_tagged_has_a_language_and_is_the_same_each_time(
    allocation: Allocation, language: Any
) -> None:
    page = render_record(allocation.in_language(language))
    assert page == render_record(small_allocation().in_language(language))
    assert page.startswith(b"%PDF-1.7")
    assert b"/Marked true" in page and b"/StructTreeRoot" in page
    assert f"/Lang({language})".encode() in page
    assert b"pdfuaid:part" in page
    assert b"/CreationDate" not in page and b"NotoSansTC" in page
    assert b"/JavaScript" not in page and b"/URI" not in page


def test_the_line_of_a_group_is_never_the_last_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    import typst

    compile_ = typst.compile

    def drawn(*given: Any, **more: Any) -> bytes:
        pages = compile_(*given, **{**more, "format": "png", "ppi": 36, "pdf_standards": []})
        pictures.extend(pages)
        return b""

    pictures: list[bytes] = []
    monkeypatch.setattr(typst, "compile", drawn)
    rows = [row for n in range(60) for row in (Row("group", f"第 {n} 區"), ["甲"], ["乙"])]
    blocks = [table([("名稱", 1)], rows)]
    said = {"title": "名冊", "name": "", "lines": [], "edge": "", "page": ["", "", ""]}
    sections = [section("一", blocks)]
    typesetting.typeset(
        "record.typ", {**said, "agency": "", "logo": "", "sections": sections}, "zh-TW"
    )
    assert len(pictures) > 2
    for picture in pictures:
        grey = np.asarray(Image.open(io.BytesIO(picture)).convert("L"))
        page = grey[
            : len(grey) * 29 // 31, len(grey[0]) // 2 :
        ]  # no names, and no number of the page
        lines = [bool((line == 0xF2).mean() > 0.8) for line in page]
        below = (
            len(lines) - 1 - lines[::-1].index(True)
        )  # the last that is as grey as a group's line
        words = grey[below + 2 : len(page), : len(grey[0]) // 4]
        assert (words < 128).any()


def test_what_a_case_says_is_text_and_never_markup() -> None:
    case = small_case(plan={"title": HOSTILE, "year": 103})
    schools, applications = case.records.schools.copy(), case.records.applications.copy()
    schools["name"] = HOSTILE
    applications["title"] = ["x" * 300, *[HOSTILE] * (len(applications) - 1)]
    case = replace(case, records=replace(case.records, schools=schools, applications=applications))
    assert render_record(allocate(case)).startswith(b"%PDF")


def test_a_character_that_the_font_lacks_is_named_and_marks_of_direction_are_left_out() -> None:
    known = typesetting.drawable("堃峯喆瑠煊㵞㵟ab")
    assert typesetting.settable("堃峯喆瑠煊㵞㵟\u202eab", known) == "堃峯喆瑠煊㵞〔U+3D5F〕ab"
    assert typesetting.breakable("a" * 50).replace("\u200b", "") == "a" * 50
    assert max(map(len, typesetting.breakable("a" * 50).split("\u200b"))) == 24


def test_a_list_that_is_too_long_for_paper_is_said_to_stand_elsewhere(
    allocation: Allocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.report.printed_lists.MOST_ROWS", 2)
    cells = texts(told(allocation))
    assert [text for text in cells if "published/awarded.csv" in text]
    assert not {"A1", "A3"} <= set(cells)


def test_an_annex_follows_the_decision(allocation: Allocation) -> None:
    block = Block("異動", ("項目", "前", "後", "說明"), (("A1", 1_000, 900, "減列"),))
    record = told(allocation, Annex("修正紀錄", ("保留 1 件。",), (block,)))
    assert record["sections"][1]["title"] == "二、修正紀錄"
    assert {"保留 1 件。", "1,000", "900"} <= set(texts(record["sections"][1]))
    assert len(record["sections"]) == 11


# ---- on a bureau's own paper --------------------------------------------------------------------


@pytest.fixture
def stationery(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    copy_templates(folder)
    return folder


def headed(allocation: Allocation, folder: Path) -> dict[str, Any]:
    head = report_head(folder, allocation.case.policy.settings.plan, allocation.language)
    return record_of(allocation, MadeBy.here(), None, head)


def fill_in(folder: Path, agency: str, office: str) -> None:
    words = (folder / "bureau.toml").read_text("utf-8")
    words = words.replace("○○市政府教育局", agency).replace('"局長"', f'"{office}"')
    (folder / "bureau.toml").write_text(words, "utf-8")


def test_a_bureau_that_is_named_stands_at_the_head_and_signs(
    allocation: Allocation, stationery: Path, tmp_path: Path
) -> None:
    assert headed(allocation, stationery) == told(allocation)  # not filled in: the lines stay blank
    fill_in(stationery, "金門縣政府#教育處", "處長")
    record = headed(allocation, stationery)
    *_, line, signs = record["sections"][0]["blocks"]
    assert record["agency"] == "金門縣政府#教育處" and line["text"].startswith(
        "機關：金門縣政府#教育處　"
    )
    assert signs["offices"][-1] == "處長" and len(signs["offices"]) == 4
    Image.new("RGBA", (30, 12), "teal").save(stationery / "logo.png")
    assert headed(allocation, stationery)["logo"] == "logo.png"
    given = {"templates": stationery}
    write_result(allocation, tmp_path / "out", parts=["record", "published"], **given)
    for sheet in openpyxl.load_workbook(tmp_path / "out" / "published" / "lists.xlsx"):
        assert sheet["A1"].value.startswith("金門縣政府#教育處　")
    page = (tmp_path / "out" / "record.pdf").read_bytes()
    assert b"/Subtype/Image" in page and b"/Subtype/Image" not in render_record(allocation)
    assert verify_result(tmp_path / "out", allocation.case, quick=True, **given) == []


def test_a_picture_that_cannot_be_printed_is_named_and_nothing_is_written(
    allocation: Allocation, stationery: Path, tmp_path: Path
) -> None:
    (stationery / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    with pytest.raises(TemplateError) as error:
        write_result(allocation, tmp_path / "out", parts=["record"], templates=stationery)
    [problem] = error.value.problems
    assert problem.file == "logo.png" and "PDF" in problem.message.zh
    assert not (tmp_path / "out").exists()


# ---- as part of a result ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("result") / "out"
    write_result(small_allocation(), target, parts=["record"])
    return target


def test_verify_makes_the_record_anew(result: Path, tmp_path: Path) -> None:
    assert verify_result(result, small_case(), quick=True) == []
    folder = tmp_path / "out"
    shutil.copytree(result, folder)
    path = folder / "record.pdf"
    path.write_bytes(path.read_bytes().replace(b"/Marked true", b"/Marked  tru", 1))
    reseal(folder)
    [problem] = verify_result(folder, small_case(), quick=True)
    assert problem.file == "record.pdf"


def test_where_nothing_can_set_it_the_record_is_not_compared(
    result: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.verify.remake.installed", lambda: False)
    found = verification(result, small_case(), quick=True)
    assert found.verdict is Verdict.NOT_COMPARABLE
    assert [one.file for one in found.uncompared] == ["record.pdf"]
    with pytest.raises(NotComparableError):
        verify_result(result, small_case(), quick=True)


def test_without_typst_a_sentence_says_what_to_install(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allocation: Allocation
) -> None:
    monkeypatch.setattr(typesetting, "installed", lambda: False)
    with pytest.raises(UsageError, match=r'pip install "subsidy-optimizer\[pdf\]"'):
        write_result(allocation, tmp_path / "out", parts=["record"])
    ended = run("allocate", example, "--out", tmp_path / "out", "--parts", "record", "--json")
    assert ended.exit_code == 2
    assert "subsidy-optimizer[pdf]" in json.loads(ended.stdout)["error"]
    assert list(tmp_path.iterdir()) == []
