"""Eight telephone calls: what the official reads out, as `subsidy explain` and the sheet say it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from helpers.results import GOLDEN
from helpers.rounds import make_case, with_budget

from optimizer import allocate
from optimizer.case.case import Case
from optimizer.explain import explain_all
from optimizer.letters.content import Particulars
from optimizer.letters.telephone import heading_of, names_of, telephone_sheet
from optimizer.stationery.bureau import read_bureau
from optimizer.stationery.sources import OURS

MERIT = {"kind": "merit", "per": "amount", "reference": "柒六(三)"}
COVERAGE = {"kind": "coverage", "reference": "柒六(一)"}
CAP = {"kind": "school_cap", "amount": 5_000, "reference": "捌二(5)"}
SCHOOLS = {
    "S1": {"name": "礫埕國小", "district": "中區"},
    "S2": {"name": "澔岸國小", "district": "中區"},
    "S3": {"name": "苒野國中", "district": "和平區", "level": "junior_high"},
}


def small(pool: int, *rows: tuple[str, str, int, int], **document: Any) -> Case:
    """Make a case of rows of number, school, merit and request."""
    names = ("application_id", "school_id", "merit", "requested")
    applications = [dict(zip(names, row, strict=True)) for row in rows]
    schools = [{"school_id": s, **SCHOOLS[s], **document.pop(s, {})} for s in SCHOOLS]
    rules = {
        "pool": {"amount": pool, "unit": 100},
        "review": {"minimum_merit": 70},
        "priority": [MERIT],
        "draw": {"seed": "103"},
    }
    return make_case(applications, schools, **{**rules, **document})


def cut() -> Case:
    """Make a case of one application whose budget holds what the plan does not pay for."""
    case = small(
        9_000, ("A1", "S1", 83, 3_500), clause=[{"kind": "budget_lines", "reference": "捌二(6)"}]
    )
    lines = [("external_lecturer", 1, 1_600, 1_600), ("printing", 1, 200, 200)]
    lines += [("other", 1, 1_700, 1_700)]
    return with_budget(case, [("A1", *line) for line in lines])


CALLS: dict[str, tuple[Case, str]] = {
    "分數最高而未獲補助": (
        small(5_000, ("A1", "S1", 95, 5_000), ("A2", "S2", 88, 3_000), ("A3", "S3", 82, 2_000), priority=[COVERAGE, MERIT]),
        "A1",
    ),
    "同校另一件獲補助": (
        small(9_000, ("A1", "S1", 90, 3_000), ("A2", "S1", 82, 2_500), ("A3", "S2", 80, 2_000), clause=[CAP]),
        "A2",
    ),
    "條件相同，抽籤": (small(2_000, ("A1", "S1", 85, 2_000), ("A2", "S2", 85, 2_000)), "A1"),
    "超過每校上限": (small(9_000, ("A1", "S1", 90, 5_600), clause=[CAP]), "A1"),
    "經費用罄": (small(3_000, ("A1", "S1", 90, 3_000), ("A2", "S2", 85, 1_000)), "A2"),
    "該區唯一": (
        small(4_000, ("A1", "S1", 95, 2_000), ("A2", "S2", 92, 2_000), ("A3", "S3", 75, 2_000), priority=[COVERAGE, MERIT]),
        "A3",
    ),
    "申請 3,500 元，核定 1,800 元": (cut(), "A1"),
    "已參與評鑑計畫": (
        small(9_000, ("A1", "S1", 90, 2_000), S1={"evaluation_programme": True}, clause=[{"kind": "programme", "reference": "肆"}]),
        "A1",
    ),
}  # fmt: skip


def told(call: str) -> Iterator[str]:
    """Yield what is read out: the whole answer, and the two cells of the sheet."""
    case, own_id = CALLS[call]
    allocation = allocate(case)
    [said] = explain_all(allocation, [own_id])
    sheet = telephone_sheet(allocation, [said], "zh-TW")
    [row] = sheet.rows
    yield f"◎ {call}"
    yield heading_of(names_of(allocation), said).zh
    yield f"  理由：{said.because.full.zh}"
    yield from (f"  補充：{more.full.zh}" for more in said.more)
    yield from (f"  {need.code}：{need.full.zh}" for need in said.needs)
    yield from (
        f"  電話，{column.header}：{cell}"
        for column, cell in zip(sheet.columns[4:], row[4:], strict=True)
        if cell
    )


@pytest.mark.parametrize(
    ("call", "sections"),
    [
        ("分數最高而未獲補助", ["柒六（一）"]),
        ("同校另一件獲補助", ["柒六（三）", "捌二（5）"]),
        ("申請 3,500 元，核定 1,800 元", ["柒六（三）", "捌二（6）"]),
        ("超過每校上限", ["捌二（5）"]),
        ("已參與評鑑計畫", ["肆"]),
    ],
)
def test_a_letter_cites_what_its_decision_rests_on(call: str, sections: list[str]) -> None:
    case, own_id = CALLS[call]
    allocation = allocate(case)
    letter = Particulars(allocation, read_bureau(OURS, "zh-TW"), "zh-TW")
    [said] = explain_all(allocation, [own_id])
    assert letter.of(said)["sections"] == sections


def test_the_answers_read_as_agreed() -> None:
    said = "\n\n".join("\n".join(told(call)) for call in CALLS) + "\n"
    golden = GOLDEN / "calls.zh.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(said, "utf-8")
    assert said == golden.read_text("utf-8")
