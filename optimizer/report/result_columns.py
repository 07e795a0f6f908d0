"""The columns of the tables of a result: what kind of cells they hold and what people call them.

CSV files carry the names; workbooks and the report carry the words of their language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from optimizer.language.text import Language, Text
from optimizer.tables.case_words import column_words, term
from optimizer.workbooks.sheet import CellKind

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation


@dataclass(frozen=True)
class ResultColumn:
    """One column: its kind, its words, and its width in characters."""

    kind: CellKind
    words: Text
    width: int


def _of_case(key: str, en: str) -> Text:
    """Head a column of the case with the word of its table."""
    return Text(column_words(key).zh, en)


COLUMNS: dict[str, ResultColumn] = {
    "application_id": ResultColumn(CellKind.TEXT, _of_case("application_id", "Application"), 12),
    "school_id": ResultColumn(CellKind.TEXT, _of_case("school_id", "School"), 11),
    "level": ResultColumn(CellKind.CODE, _of_case("level", "Level"), 11),
    "district": ResultColumn(CellKind.TEXT, _of_case("district", "District"), 11),
    "name": ResultColumn(CellKind.TEXT, _of_case("name", "Name"), 20),
    "disadvantage": ResultColumn(CellKind.CODE, _of_case("disadvantage", "Disadvantage"), 14),
    "title": ResultColumn(CellKind.TEXT, _of_case("title", "Title"), 34),
    "merit": ResultColumn(CellKind.POINTS, Text("審查分數", "Merit"), 10),
    "merit_exact": ResultColumn(CellKind.TEXT, Text("精確分數", "Exact merit"), 14),
    "rank": ResultColumn(CellKind.COUNT, Text("名次", "Rank"), 7),
    "status": ResultColumn(CellKind.CODE, Text("結果", "Result"), 12),
    "requested": ResultColumn(CellKind.MONEY, _of_case("requested", "Requested"), 12),
    "admissible": ResultColumn(CellKind.MONEY, Text("可核金額", "Admissible"), 12),
    "award": ResultColumn(CellKind.MONEY, Text("核定金額", "Award"), 12),
    "certainty": ResultColumn(CellKind.CODE, Text("確定程度", "Certainty"), 14),
    "reason_code": ResultColumn(CellKind.CODE, Text("理由", "Reason"), 28),
    "reason": ResultColumn(CellKind.LONG, Text("理由說明", "Explanation"), 48),
    "worse_funded": ResultColumn(
        CellKind.COUNT, Text("較低分而獲補助件數", "Funded with less merit"), 12
    ),
    "sister": ResultColumn(CellKind.TEXT, Text("同校較低分獲補助者", "Sister with less merit"), 14),
    "forced_by": ResultColumn(CellKind.LONG, Text("與較低分者對調之結果", "What forces it"), 60),
    "comes_at": ResultColumn(
        CellKind.MONEY,
        Text("公布後至少釋出若干元方遞補（非遞補順序）", "Comes in for (no order)"),
        18,
    ),
    "condition": ResultColumn(CellKind.LONG, Text("遞補條件", "On what condition"), 48),
    "schools": ResultColumn(CellKind.COUNT, Text("學校數", "Schools"), 9),
    "applications": ResultColumn(CellKind.COUNT, Text("申請件數", "Applications"), 12),
    "eligible": ResultColumn(CellKind.COUNT, Text("符合資格件數", "Eligible"), 10),
    "funded": ResultColumn(CellKind.COUNT, Text("補助件數", "Funded"), 10),
    "awarded": ResultColumn(CellKind.MONEY, Text("核定金額", "Awarded"), 12),
    "covered": ResultColumn(CellKind.CODE, Text("有無獲補助", "Covered"), 12),
    "cause": ResultColumn(CellKind.LONG, Text("無獲補助之原因", "Cause"), 34),
    "severity": ResultColumn(CellKind.CODE, Text("類別", "Severity"), 11),
    "code": ResultColumn(CellKind.CODE, Text("規則", "Clause"), 18),
    "file": ResultColumn(CellKind.TEXT, Text("檔案", "File"), 14),
    "row": ResultColumn(CellKind.COUNT, Text("列", "Row"), 7),
    "column": ResultColumn(CellKind.TEXT, Text("欄位", "Column"), 16),
    "value": ResultColumn(CellKind.TEXT, Text("內容", "Value"), 14),
    "message": ResultColumn(CellKind.LONG, Text("說明", "Message"), 42),
    "expected": ResultColumn(CellKind.LONG, Text("應為", "Expected"), 28),
    "hint": ResultColumn(CellKind.LONG, Text("建議", "Hint"), 28),
    "reference": ResultColumn(CellKind.TEXT, Text("計畫條文", "Section"), 11),
    "number": ResultColumn(CellKind.COUNT, Text("序號", "No."), 6),
    "school": ResultColumn(CellKind.TEXT, Text("學校名稱", "School name"), 22),
    "why": ResultColumn(CellKind.LONG, Text("理由", "Reason"), 24),
    "finding": ResultColumn(CellKind.LONG, Text("審查發現", "What was found"), 32),
    "stands": ResultColumn(CellKind.LONG, Text("獲補助情形", "Covered"), 16),
    "rule_kind": ResultColumn(CellKind.CODE, Text("類別", "Kind"), 11),
    "rule": ResultColumn(CellKind.LONG, Text("名稱", "Name"), 24),
    "sentence": ResultColumn(CellKind.LONG, Text("內容", "What it says"), 78),
}

CODES: dict[str, Text] = {
    "funded": Text("獲補助", "funded"),
    "not_funded": Text("未獲補助", "not funded"),
    "ineligible": Text("不符資格", "ineligible"),
    "withdrawn": Text("已撤回", "withdrawn"),
    "kept": Text("維持原核定", "award kept"),
    "every": Text("必獲補助", "every optimum"),
    "some": Text("由抽籤決定", "some optima"),
    "none": Text("必未獲補助", "no optimum"),
    "refusal": Text("不符資格", "refusal"),
    "flag": Text("註記", "flag"),
    "error": Text("錯誤", "error"),
    "uncoverable": Text("無符合資格的申請", "cannot be covered"),
    "pool": Text("經費不足", "pool"),
    "priority": Text("優先順序", "priority"),
    "impossible": Text("規則不容", "impossible"),
    "unsettled": Text("求解未完成，尚未能斷定", "solving did not finish: undecided"),
    "coverage": Text("區域平衡", "coverage"),
    "merit": Text("審查分數", "merit"),
    "draw": Text("抽籤", "draw"),
    "mark_below_one": Text("疑為比例的分數", "a share for a mark?"),
    "nothing_to_check": Text("無資料可查", "nothing to check"),
    "empty_group": Text("沒有任何申請之值", "a value that nobody has"),
    "unknown_value": Text("資料中沒有之值", "a value that no row has"),
    "only_an_empty_list": Text("一件都不補助才符合", "only an empty list obeys"),
    "untrimmed": Text("評分份數不足", "too few reviews"),
    "review": Text("評分", "reviews"),
    "handed_in_twice": Text("疑似重複送件", "handed in twice?"),
    "direction_marks": Text("轉向字元", "marks of direction"),
    "unit": Text("核定單位", "unit"),
    "award": Text("補助級距", "award"),
}

TABLES = {
    "awards": Text("核定名單", "Awards"),
    "by_school": Text("各校", "Schools"),
    "by_district": Text("各區", "Districts"),
    "passed_over": Text("高於線而未獲補助", "Passed over"),
    "waitlist": Text("候補", "Waiting list"),
    "problems": Text("資格審查", "Screening"),
}

_OF_ONE = (
    "application_id",
    "school_id",
    "level",
    "district",
    "title",
    "merit",
    "merit_exact",
    "rank",
)
_REASON = ("reason_code", "reason")
_COUNTED = ("applications", "eligible", "funded", "requested", "awarded")
COLUMNS_OF: dict[str, tuple[str, ...]] = {
    "awards": (*_OF_ONE, "status", "requested", "admissible", "award", "certainty", *_REASON),
    "by_school": ("school_id", "level", "name", "district", "disadvantage", *_COUNTED),
    "by_district": ("district", "schools", *_COUNTED, "covered", "cause"),
    "passed_over": (*_OF_ONE, "admissible", *_REASON, "worse_funded", "sister", "forced_by"),
    "waitlist": (*_OF_ONE, "requested", "admissible", *_REASON, "comes_at", "condition"),
    "problems": (
        *("severity", "code", "application_id", "file", "row", "column", "value"),
        *("message", "expected", "hint", "reference"),
    ),
}


def tables_of(allocation: Allocation) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield every table of a result with its name, in the order of `TABLES`."""
    for name in TABLES:
        yield name, getattr(allocation, name)


def column_of(name: str) -> ResultColumn:
    """Return what is known of a column; one that nobody described holds text."""
    return COLUMNS.get(name, ResultColumn(CellKind.TEXT, Text(name, name), 14))


def say_code(code: str, language: Language, titles: Mapping[str, Text] | None = None) -> str:
    """Say a code in words: of results, of the policy's own clauses, of the data."""
    return word_of(code, titles or {}).say(language)


def word_of(code: str, titles: Mapping[str, Text]) -> Text:
    """Return the words of a code of results, of the policy's own clauses, or of the data."""
    return CODES.get(code) or titles.get(code) or term(code)


def after_publication(table: pd.DataFrame, allocation: Allocation) -> pd.DataFrame:
    """Return a table that calls the withdrawn so, for people: no code of the files does."""
    leave = [rule.label for rule in allocation.case.policy.clauses if rule.withdraws]
    for status, code in (("status", "reason_code"), ("severity", "code")):
        if leave and {status, code} <= set(table):
            stands = table[status].astype(object)
            gone = table[code].isin(leave) & stands.isin(["ineligible", "refusal"])
            table = table.assign(**{status: stands.mask(gone, "withdrawn")})
    return table


def clause_titles(allocation: Allocation) -> dict[str, Text]:
    """Return what heads the findings of every rule, by its name; what a reason names: `reason_words`."""
    rules = allocation.case.policy.clauses
    return {rule.label: rule.fault or rule.spoken for rule in rules}
