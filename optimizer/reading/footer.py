"""Rows below a table that are none of its own: totals, notes, signatures."""

from __future__ import annotations

import re
from dataclasses import replace

from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect, shorten
from optimizer.reading.findings import Findings
from optimizer.reading.header_notes import other_unit
from optimizer.reading.raw_table import RawTable
from optimizer.tables.schema import Table

_TOTAL = re.compile(
    r"(總計|合計|小計|總和|共計|總數|平均|grand total|total|subtotal|sum|average|mean)"
    r"([\s:：（(].*)?",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(備註|附註|註|說明|注意|填表說明|單位\s*[:：]|units?:|日期\s*[:：]|中\s*華\s*民\s*國|※|＊|\*|notes?\b|remarks?\b).*",
    re.IGNORECASE | re.DOTALL,
)
_SIGNER = (
    r"(承辦|單位主管|主管|校長|園長|主任|組長|會計|主計|出納|人事|科長|股長|局長|首長|審核|複核|覆核|核章|簽章|"
    r"簽名|蓋章|製表|填表|(審查|評審|評分)?委員|審查人|reviewers?|prepared by|approved by|signatures?|signed|principal)"
)
_SIGNATURE = re.compile(  # 承辦人：　　校長：　　; 核章／單位主管
    rf"\W*(教務|處室|機關|學校|主辦|(審查|評審|評分)?委員)?{_SIGNER}(人|人員|員)?([/／、\s]*{_SIGNER})*[(（]?(核章|簽章|簽名)?[)）]?"
    r"(?P<more>[\s:：].*)?",
    re.IGNORECASE | re.DOTALL,
)
_MOST = 10  # rows that are looked at from the end


def without_footer(raw: RawTable, table: Table, findings: Findings) -> RawTable:
    """Report the rows at the end that look like totals, notes or signatures, and leave them out.

    They would be reported cell by cell otherwise. Nothing is lost: a case with a problem is not
    used, and what to do is said.
    """
    end = len(raw)
    while end > max(0, len(raw) - _MOST) and (what := _kind(raw, end - 1, table)):
        end -= 1
        findings.add(
            other_unit(raw, table, raw.place(end)[1], _cells(raw, end)) or _footer(raw, end, what)
        )
    if end == len(raw):
        return raw
    columns = tuple(replace(column, codes=column.codes[:end]) for column in raw.columns)
    return replace(raw, columns=columns, rows=raw.rows[:end])


def _footer(raw: RawTable, at: int, what: Text) -> Problem:
    file, row = raw.place(at)
    return defect(
        "total_row",
        Text(f"看起來是{what.zh}", f"looks like {what.en}"),
        file=file,
        row=row,
        value=shorten(_first(raw, at)),
        hint=Text("請刪除此列。", "Delete the row."),
    )


def _kind(raw: RawTable, at: int, table: Table) -> Text | None:
    """Say what a row looks like, if it is not one of the table's own."""
    first = _first(raw, at)
    if _TOTAL.fullmatch(first):
        return Text("合計列", "a row of totals")
    alone = len(_cells(raw, at)) == 1
    if _is_signature(raw, at):
        return Text("簽章列", "a signature line")
    is_note = _NOTE.fullmatch(first) and (alone or _key_is_blank(raw, at, table))
    filled = sum(column.filled for column in table.columns)
    is_long = alone and filled > 1 and len(raw.columns) > 2 and len(first) > 12
    return Text("註記列", "a note") if is_note or is_long else None


def _is_signature(raw: RawTable, at: int) -> bool:
    """Return whether a row begins with who signs and a colon, or names nothing but who signs."""
    found = [_SIGNATURE.fullmatch(text) for text in _cells(raw, at)]
    return all(found) or (found[0] is not None and found[0]["more"] is not None)


def _cells(raw: RawTable, at: int) -> list[str]:
    return [text for column in raw.columns if (text := column.at(at))]


def _first(raw: RawTable, at: int) -> str:
    return next(iter(_cells(raw, at)), "")


def _key_is_blank(raw: RawTable, at: int, table: Table) -> bool:
    key = table.columns[0]
    return not any(column.at(at) for column in raw.columns if table.find(column.header) is key)
