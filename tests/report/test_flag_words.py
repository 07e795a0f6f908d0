"""What is noted of a round that no rule of the policy heads: every code that a reader can meet has words."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from helpers.places import ROOT
from helpers.results import small_case

from optimizer.language.text import LANGUAGES
from optimizer.pipe import allocate
from optimizer.report.page import render_report
from optimizer.report.result_columns import say_code

AT = {"flag": 0, "problem_of": 1, "Remark": 0}  # where a code stands among the arguments
ELSEWHERE = ("diagnose",)  # what these say is no part of a result


def codes() -> Iterator[str]:
    """Yield every code that the program writes beside what it notes."""
    for path in sorted((ROOT / "optimizer").rglob("*.py")):
        if path.parent.name in ELSEWHERE:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            at = (
                AT.get(node.func.id)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                else None
            )
            if (
                at is not None
                and len(node.args) > at
                and isinstance(code := node.args[at], ast.Constant)
            ):
                yield str(code.value)


def test_every_code_has_words_in_both_languages() -> None:
    found = set(codes())
    assert {"empty_group", "untrimmed", "unknown_value", "handed_in_twice"} <= found
    assert not {
        code
        for code in found
        for lang in LANGUAGES
        if say_code(code, lang) == code and lang == "zh-TW"
    }
    assert not {code for code in found if "_" in say_code(code, "en")}


def test_a_value_that_nobody_has_is_headed_in_words() -> None:
    each = {"kind": "quota", "column": "district", "for_each": True, "at_least": 1}
    case = small_case(plan={"districts": ["東區", "中區", "北區", "大安區"]}, priority=[each])
    html = render_report(allocate(case))
    assert "註記：沒有任何申請之值" in html and "flag: a value that nobody has" in html
    assert "empty_group" not in html.partition('<script type="application/json"')[0]
