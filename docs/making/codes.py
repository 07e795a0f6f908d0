"""Exit codes: what README says of each, what ``--json`` calls it, and the error that ends with it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from docs.making.markup import code, paragraphs, table
from optimizer.cli.failures import _KINDS
from optimizer.problems import errors

_ROOT = Path(__file__).parents[2]
_ROW = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)


def page() -> str:
    """Return the page."""
    english, chinese = (_said(name) for name in ("README.md", "README.zh-TW.md"))
    rows = [
        [str(number), chinese[number], said, code(_KINDS.get(number, "")), _raised(number)]
        for number, said in english.items()
    ]
    return paragraphs(
        "# 結束代碼 · Exit codes",
        "每個指令都以下列代碼之一結束。加上 `--json` 時，失敗也印出一份 JSON，其 `kind` 如表（[結構](schemas.md#error)）。",
        "Every command ends with one of these. With `--json` a failure is one JSON document, too; its `kind` stands in the table "
        "([schema](schemas.md#error)). From Python the same is an exception; all derive from "
        "`optimizer.problems.errors.SubsidyError` and carry `problems`, each with file, row, column and what was expected.",
        table(["代碼 · code", "意義", "meaning", "kind", "in Python"], rows),
        "`compare`、`sweep`：每個情境都有經證明的名單，或有規則互相牴觸的證明，為 0；否則為 6。"
        "`prices`、`robustness`：全部算完並經證明為 0，否則為 6。`batch`：各計畫中最大者。`verify`：與輸入不符為 5。",
        "`compare` and `sweep` end with 0 if every scenario has a proved list or a proof that its rules contradict each other, and "
        "with 6 otherwise; `prices` and `robustness` with 0 if nothing was cut short, else with 6; `batch` with the highest code of its "
        "cases; `verify` with 5 if anything differs from what the inputs give.",
    )


def _said(name: str) -> dict[int, str]:
    found = _ROW.findall((_ROOT / name).read_text("utf-8"))
    return {int(number): said.replace("\\|", "|") for number, said in found}


def _raised(number: int) -> str:
    kinds = [
        kind
        for kind in vars(errors).values()
        if inspect.isclass(kind) and issubclass(kind, errors.SubsidyError)
    ]
    return ", ".join(
        f"`{kind.__name__}`"
        for kind in kinds
        if kind.exit_code == number and kind is not errors.SubsidyError
    )
