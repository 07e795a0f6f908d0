"""Why a file that is handed in at the workbench is not kept: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from optimizer.language.text import Text
from optimizer.tables.schema import Table

MOST_BYTES = 32 * 2**20  # of one file
MOST_NAME = 100  # characters
Why = tuple[Text, Text]
TOO_LARGE = (
    Text("檔案太大，未收下", "is too large and was not kept"),
    Text(
        f"每檔至多 {MOST_BYTES // 2**20} MB；更大的檔案請直接放入計畫資料夾，再按「重新讀取」。",
        f"At most {MOST_BYTES // 2**20} MB a file: put a larger one into the folder of the case, then "
        "read again.",
    ),
)
BAD_NAME = (
    Text("檔名不能使用，未收下", "has a name that cannot be used and was not kept"),
    Text(
        f"檔名不得含斜線等符號或看不見的字元，至多 {MOST_NAME} 字；請改名後再放入。",
        f"A name has no slashes and no invisible characters, and at most {MOST_NAME} characters: "
        "rename it.",
    ),
)
FORMATS = (
    Text("不是可讀入的檔案，未收下", "is no file that can be read and was not kept"),
    Text("請放入 CSV、XLSX 或 ODS 檔。", "Hand in CSV, XLSX or ODS files."),
)
POLICY_IS_THERE = (
    Text("計畫檔已存在，未收下", "is there already and was not kept"),
    Text(
        "要修改規則請到「規則」；要改用這份計畫檔請直接換掉資料夾中的檔案。",
        "Change the rules under Rules, or exchange the file in the folder itself.",
    ),
)
TWICE = (
    Text(
        "與同時放入的另一個檔案是同一個表，未收下",
        "is the same table as another one and was not kept",
    ),
    Text("每個表請只放入一份。", "Hand in one of each table."),
)
ONE_WORKBOOK = (
    Text("未收下", "was not kept"),
    Text(
        "這個計畫的資料都在一份活頁簿中，請放入整份活頁簿。",
        "The tables of this case are one workbook: hand in the whole workbook.",
    ),
)


def unknown_table(tables: Sequence[Table]) -> Why:
    """Say which tables there are."""
    zh, en = "、".join(t.zh for t in tables), ", ".join(t.key for t in tables)
    return (
        Text("看不出是哪一個表，未收下", "is no table that is known and was not kept"),
        Text(f"請以表名為檔名（{zh}），並保留標題列。", f"Name it after its table: {en}."),
    )
