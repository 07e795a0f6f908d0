"""What is said of tables that are not where they should be, or stand there twice."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Problem, defect
from optimizer.reading.raw_sheet import Workbook
from optimizer.tables.case_words import table_words
from optimizer.tables.schema import REVIEWS_LONG, Table

_MOST_NAMED = 12


def missing(table: Table, files: Sequence[Path], books: Mapping[Path, Workbook]) -> Problem:
    """Return the problem of a table that stands nowhere, with all that there is instead."""
    only = files[0] if len(files) == 1 and files[0] in books else None
    return defect(
        "missing_table",
        Text("缺少這個表", "is a table that the case lacks"),
        expected=Text(
            f"應有「{table.zh}」這個檔案或工作表。", f"{table.key} ({table.zh}) was expected."
        ),
        hint=_found(files, books),
        file=f"{only.name}[{table.key}]" if only else f"{table.key}.csv",
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
    return Text(
        f"現有：{'、'.join(shown)}{'…' if more else ''}。檔名或工作表名稱應與表名相同。",
        f"There is: {', '.join(shown)}{' …' if more else ''}. The file or sheet must have the "
        "name of the table.",
    )


def foreign(path: Path) -> Problem:
    """Return the problem of a spreadsheet in a format that is not read, whatever it holds."""
    suffix = path.suffix.lower()
    old = suffix == ".xls"
    return defect(
        "old_workbook",
        Text(
            f"是{'舊式' if old else ''} {suffix}{'' if old else ' 試算表'}，未讀入",
            f"is {'an old' if old else 'a spreadsheet in the format'} {suffix}, and was not read",
        ),
        hint=Text(
            "要採用請另存為 .xlsx 或 .ods，不採用請移出資料夾。",
            "Save it as .xlsx or .ods if it counts; take it out of the folder if not.",
        ),
        file=path.name,
    )


def hidden(name: str) -> Problem:
    """Return the problem of a table on a sheet that nobody sees."""
    return defect(
        "hidden_sheet",
        Text("是隱藏的工作表", "is a hidden sheet"),
        hint=Text(
            "無法判斷是否應採用：要採用請取消隱藏，不採用請刪除。",
            "Whether it counts cannot be told: show it if it does, delete it if not.",
        ),
        file=name,
    )


def unnamed(name: str, table: Table) -> Problem:
    """Return the problem of a sheet or file that looks like a table and would be passed over."""
    words = table_words(table.key)
    looks = Text(f"看起來是{words.zh}，未讀入", f"looks like {words.en}, and was not read")
    if table.key != REVIEWS_LONG.key:
        return defect(
            "unused_table",
            looks,
            hint=Text(
                f"要計入請將各列併入「{table.zh}」，不計入請移出資料夾或刪除。",
                f"Move its rows into the table {table.key} if they count; take it out of the "
                "folder or delete it if not.",
            ),
            file=name,
        )
    return defect(
        "unnamed_reviews",
        looks,
        hint=Text(
            f"要計入請將工作表或檔案改名為「{table.zh}」加委員姓名，不計入請移出資料夾或刪除。",
            f"Name the sheet or file “{table.key}” and the reviewer if it counts; take it out of "
            "the folder or delete it if not.",
        ),
        file=name,
    )


def twice(table: Table, names: Iterable[str]) -> Problem:
    """Return the problem of a table that stands in two places."""
    return defect(
        "two_sources",
        Text(f"「{table.zh}」有兩份以上", f"is not the only table of {table.key}"),
        expected=Text("每個表只能有一份。", "One of each table was expected."),
        hint=Text(
            "請留下正確的一份，其餘移出資料夾或刪除。",
            "Keep the right one, and take the others out of the folder or delete them.",
        ),
        file="、".join(names),
    )


def no_case(path: Path) -> Problem:
    """Return the problem of a path that is no case."""
    if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises for names that are too long
        return defect("missing_file", Text("找不到", "does not exist"), file=path.name or str(path))
    return defect(
        "not_a_case",
        Text("不是計畫資料", "is not a case"),
        expected=Text(
            "應為資料夾，或 .xlsx、.ods 活頁簿。",
            "A folder, or a workbook (.xlsx, .ods), was expected.",
        ),
        file=path.name,
    )
