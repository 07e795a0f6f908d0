"""Exit codes: what each means, what ``--json`` calls it, and the error that ends with it."""

from __future__ import annotations

import inspect

from docs.making.markup import code, paragraphs, table
from optimizer.cli.failures import _KINDS
from optimizer.language.text import Text
from optimizer.problems import errors

MEANING = {
    0: Text("完成", "done"),
    1: Text(
        "讀取輸出的程式已結束（如 `… | head`）", "whoever read the output went away (`… | head`)"
    ),
    2: Text(
        "用法：指令無法照所寫執行，例如資料夾無法寫入",
        "usage: the command cannot be carried out as given, e.g. its folder cannot be written to",
    ),
    3: Text("資料或計畫有錯，已全部列出", "the data or the policy has errors; all are listed"),
    4: Text(
        "沒有可行的分配；列出互相牴觸的規則與代價最小的修改方式",
        "no allocation is possible; the rules that contradict each other are named, and the cheapest repairs",
    ),
    5: Text("稽核未通過", "an audit failed"),
    6: Text(
        "尚無定論：時限內未完成證明（若已找到分配仍會寫出並註明）；或 `verify` 遇有自稱由其他版本寫出的檔案，無法核對",
        "not settled: the time limit came before the proof (a result is written all the same, and says so, if one was "
        "found); or `verify` could not compare a file that is said to be written by other versions",
    ),
    70: Text("程式本身出錯", "a bug in the program"),
    74: Text(
        "標準輸出無法寫入，或系統資源用盡",
        "standard output cannot be written to, or the system has run out of something",
    ),
    130: Text("已中斷", "interrupted"),
}


def page() -> str:
    """Return the page."""
    rows = [
        [str(number), said.zh, said.en, code(_KINDS.get(number, "")), _raised(number)]
        for number, said in MEANING.items()
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
