"""What is said of tables that are not where they should be, or stand there twice."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from optimizer.errors import Problem
from optimizer.reading.findings import broken
from optimizer.reading.sheets import Workbook
from optimizer.schema import Table
from optimizer.text import EMPTY, Text

_MOST_NAMED = 12


def missing(table: Table, files: Sequence[Path], books: Mapping[Path, Workbook]) -> Problem:
    """Return the problem of a table that stands nowhere, with all that there is instead."""
    only = files[0] if len(files) == 1 and files[0] in books else None
    return broken(
        "missing_table",
        Text("缺少這個表", "is a table that the case lacks"),
        file=f"{only.name}[{table.key}]" if only else f"{table.key}.csv",
        expected=Text(
            f"應有「{table.zh}」這個檔案或工作表。", f"{table.key} ({table.zh}) was expected."
        ),
        hint=_found(files, books),
    )


def _found(files: Sequence[Path], books: Mapping[Path, Workbook]) -> Text:
    names = [
        name
        for path in files
        for name in (
            [f"{path.name}[{sheet}]" for sheet in books[path].sheets]
            if path in books
            else [path.name]
        )
    ]
    if not names:
        return EMPTY
    shown, more = names[:_MOST_NAMED], len(names) > _MOST_NAMED
    old = any(path.suffix.lower() == ".xls" for path in files)
    saved = _SAVE_AS if old else EMPTY
    return Text(
        f"現有：{'、'.join(shown)}{'…' if more else ''}。檔名或工作表名稱應與表名相同。{saved.zh}",
        f"There is: {', '.join(shown)}{' …' if more else ''}. The file or sheet must have the "
        f"name of the table.{' ' if old else ''}{saved.en}",
    )


_SAVE_AS = Text("舊式 .xls 請另存為 .xlsx 或 .ods。", "Save an old .xls as .xlsx or .ods first.")


def old_format(name: str) -> Problem:
    """Return the problem of a table in the old format of Excel."""
    return broken(
        "old_workbook",
        Text("是舊式 .xls，無法讀取", "is an old .xls, which cannot be read"),
        file=name,
        hint=_SAVE_AS,
    )


def hidden(name: str) -> Problem:
    """Return the problem of a table on a sheet that nobody sees."""
    return broken(
        "hidden_sheet",
        Text("是隱藏的工作表", "is a hidden sheet"),
        file=name,
        hint=Text(
            "無法判斷是否應採用：要採用請取消隱藏，不採用請刪除。",
            "Whether it counts cannot be told: show it if it does, delete it if not.",
        ),
    )


def unnamed(name: str, table: Table) -> Problem:
    """Return the problem of a sheet that looks like reviews and is not named so."""
    return broken(
        "unnamed_reviews",
        Text("看起來是評分，名稱卻不是", "looks like reviews, and is not named so"),
        file=name,
        hint=Text(
            f"要計入請將工作表或檔案改名為「{table.zh}」加委員姓名，不計入請移出資料夾或刪除。",
            f"Name the sheet or file “{table.key}” and the reviewer if it counts; take it out of "
            "the folder or delete it if not.",
        ),
    )


def twice(table: Table, names: Iterable[str]) -> Problem:
    """Return the problem of a table that stands in two places."""
    return broken(
        "two_sources",
        Text(f"「{table.zh}」有兩份以上", f"is not the only table of {table.key}"),
        file="、".join(names),
        expected=Text("每個表只能有一份。", "One of each table was expected."),
        hint=Text(
            "請留下正確的一份，其餘移出資料夾或刪除。",
            "Keep the right one, and take the others out of the folder or delete them.",
        ),
    )


def no_case(path: Path) -> Problem:
    """Return the problem of a path that is no case."""
    if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises for names that are too long
        return broken("missing_file", Text("找不到", "does not exist"), file=path.name or str(path))
    return broken(
        "not_a_case",
        Text("不是計畫資料", "is not a case"),
        file=path.name,
        expected=Text(
            "應為資料夾，或 .xlsx、.ods 活頁簿。",
            "A folder, or a workbook (.xlsx, .ods), was expected.",
        ),
    )
