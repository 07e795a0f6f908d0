"""A small case that is right in every cell, and ways to write it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from optimizer.tables.settings import Pool, Review, Settings

Rows = list[list[str]]

CRITERIA = {"needs": 20, "planning": 20, "goals": 20, "team": 20, "budget": 10, "other": 10}


def settings(**review: object) -> Settings:
    """Return the tables of a policy with the six criteria of the plan."""
    full = {key: Fraction(points) for key, points in CRITERIA.items()}
    return Settings(Pool(20_000), review=Review(**{"criteria": full, **review}))


def tables() -> dict[str, Rows]:
    """Return fresh rows of every table, the header first."""
    return {
        "schools": [
            [
                "school_id",
                "name",
                "district",
                "level",
                "disadvantage",
                "evaluation_programme",
                "students",
                "classes",
                "principal",
            ],
            ["064601", "礫埕國小", "中區", "elementary", "", "no", "1,527", "61", "王○輝"],
            ["064602", "澔岸國小", "臺西鄉", "elementary", "remote", "no", "72", "6", "羅○明"],
            ["191301", "苒野國小", "和平區", "elementary", "extreme_remote", "no", "-", "6", ""],
            ["191301", "苒野國中", "和平區", "junior_high", "extreme_remote", "yes", "48", "3", ""],
            ["193501", "霏霖國中", "東區", "junior_high", "", "no", "", "", "潘○安"],
        ],
        "applications": [
            [
                "application_id",
                "school_id",
                "level",
                "title",
                "convener",
                "type",
                "methods",
                "members",
                "meetings",
                "requested",
                "partners",
                "fields",
                "submitted_on",
                "own_funds",
                "prior_outcome",
                "note",
            ],
            [
                "A001",
                "064601",
                "",
                "閱讀理解社群",
                "王○輝",
                "subject",
                "lecture;co_planning",
                "7",
                "8",
                "5000",
                "",
                "國語文",
                "2014-01-09",
                "0",
                "",
                "",
            ],
            [
                "A002",
                "064602",
                "",
                "差異化教學社群",
                "羅○明",
                "grade",
                "observation",
                "6",
                "6",
                "4800",
                "064601;193501",
                "",
                "103/1/10",
                "",
                "reported",
                "x",
            ],
            [
                "A003",
                "191301",
                "junior_high",
                "=探究實作",
                "鄭○君",
                "school_task",
                "",
                "8",
                "10",
                "5,000",
                "",
                "數學;自然",
                "103年1月12日",
                "500",
                "missing",
                "",
            ],
            [
                "A004",
                "193501",
                "junior_high",
                "班級經營",
                "",
                "professional_topic",
                "portfolio",
                "",
                "",
                "3200",
                "",
                "",
                "",
                "",
                "",
                "",
            ],
        ],
        "reviews": [
            ["application_id", "reviewer", *CRITERIA],
            ["A001", "委員甲", "18", "17.5", "16", "19", "9", "8"],
            ["A001", "委員乙", "17", "16", "15", "18", "8", "8"],
            ["A002", "委員甲", "15", "14", "13", "16", "7", "6"],
            ["A002", "委員乙", "recused", "", "", "", "", ""],
            ["A003", "委員甲", "20", "20", "20", "20", "10", "10"],
            ["A003", "委員乙", "0", "12", "13", "14", "5", "6"],
            ["A004", "委員甲", "11", "12", "13", "14", "5", "6"],
            ["A004", "委員丙", "12", "12", "13", "14", "5", "6"],
        ],
        "budget_lines": [
            ["application_id", "item", "quantity", "unit_price", "amount"],
            ["A001", "external_lecturer", "2", "1600", "3200"],
            ["A001", "health_premium", "0.0191", "3200", "61"],
            ["A002", "printing", "", "", "-"],
        ],
        "meetings": [
            ["application_id", "date", "topic", "place", "speaker", "attendance"],
            ["A001", "2014-02-05", "共同備課", "圖書室", "王○輝", "7"],
            ["A001", "103.02.26", "課程設計", "圖書室", "", ""],
        ],
    }


CHINESE = {
    "schools": "學校", "applications": "申請", "reviews": "評分",
    "budget_lines": "經費", "meetings": "活動",
    "school_id": "學校代碼", "name": "學校名稱", "district": "行政區", "level": "學制",
    "disadvantage": "弱勢類別", "evaluation_programme": "參與評鑑計畫", "students": "學生數",
    "classes": "班級數", "application_id": "申請編號", "title": "社群名稱", "convener": "召集人",
    "type": "社群類型", "methods": "實施方式", "members": "成員人數", "requested": "申請金額",
    "partners": "合作學校", "fields": "領域", "submitted_on": "送件日期", "own_funds": "自籌款",
    "prior_outcome": "前次成果", "reviewer": "審查委員", "needs": "需求評估", "planning": "整體規劃",
    "goals": "目標達成", "team": "召集人及成員", "budget": "經費合理", "other": "其他原則",
    "item": "項目", "quantity": "數量", "unit_price": "單價", "amount": "金額", "date": "日期",
    "topic": "主題", "place": "地點", "speaker": "講師", "attendance": "出席人數",
}  # fmt: skip


def in_chinese(case: dict[str, Rows]) -> dict[str, Rows]:
    """Return the tables under their Chinese names and headers."""
    return {
        CHINESE[name]: [
            ["活動次數" if h == "meetings" else CHINESE.get(h, h) for h in rows[0]],
            *rows[1:],
        ]
        for name, rows in case.items()
    }


def to_text(rows: Rows, delimiter: str = ",") -> str:
    """Return rows as the text of a CSV file."""
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return target.getvalue()


def write(
    folder: Path, case: dict[str, Rows], encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    """Write a case as CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in case.items():
        (folder / f"{name}.csv").write_bytes(to_text(rows, delimiter).encode(encoding))
    return folder


def write_xlsx(path: Path, case: dict[str, Rows], numbers: bool = True) -> Path:
    """Write a case as an .xlsx workbook, numbers as number cells where they are written plainly."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in case.items():
        sheet = book.create_sheet(name)
        for line, row in enumerate(rows, start=1):
            for column, text in enumerate(row, start=1):
                cell = sheet.cell(line, column)
                if numbers and is_plain_number(text):
                    cell.value = float(text)
                elif text:
                    cell.value, cell.data_type = text, "s"
    book.save(path)
    return path


def is_plain_number(text: str) -> bool:
    """Return whether a spreadsheet would hold a text as a number without loss."""
    whole, _, part = text.partition(".")
    digits = whole.isdecimal() and text.isascii() and len(text) < 12
    return digits and (whole == "0" or whole[0] != "0") and (part.isdecimal() or "." not in text)


_CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
{tables}</office:spreadsheet></office:body></office:document-content>"""


def write_ods(path: Path, case: dict[str, Rows]) -> Path:
    """Write a case as an .ods workbook, with the trailing blanks that LibreOffice writes."""
    sheets = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_ods_row, rows))}"
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
        for name, rows in case.items()
    )
    return write_ods_content(path, _CONTENT.format(tables=sheets))


def write_ods_rows(path: Path, name: str, rows_xml: str) -> Path:
    """Write an .ods workbook of one sheet from the XML of its rows."""
    sheet = f"<table:table table:name={quoteattr(name)}>{rows_xml}</table:table>"
    return write_ods_content(path, _CONTENT.format(tables=sheet))


def write_ods_content(path: Path, content: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return path


def _ods_row(row: list[str]) -> str:
    return f"<table:table-row>{''.join(_ods_cells(row))}</table:table-row>"


def _ods_cells(row: list[str]) -> Iterator[str]:
    for text in row:
        if is_plain_number(text):
            yield f'<table:table-cell office:value-type="float" office:value="{text}"/>'
        elif text:
            paragraph = f"<text:p>{escape(text)}</text:p>"
            yield f'<table:table-cell office:value-type="string">{paragraph}</table:table-cell>'
        else:
            yield "<table:table-cell/>"
    yield '<table:table-cell table:number-columns-repeated="16000"/>'
