"""The tables that are filled in, from their columns: what a cell holds, and what else is understood."""

from __future__ import annotations

from collections.abc import Iterator

from docs.making.markup import both, paragraphs, table
from optimizer.language.text import Text
from optimizer.tables.schema import (
    APPLICATIONS,
    BUDGET_LINES,
    CRITERIA,
    MEETINGS,
    RECUSED,
    REVIEWS_LONG,
    SCHOOLS,
    Column,
    Kind,
    Table,
    Value,
    reviews_table,
)

_KINDS = {
    Kind.TEXT: Text("文字", "text"),
    Kind.ID: Text("代碼", "a code"),
    Kind.MONEY: Text("新臺幣整數元", "whole NT$"),
    Kind.COUNT: Text("整數", "a whole number"),
    Kind.DECIMAL: Text("小數（精確）", "an exact decimal"),
    Kind.POINTS: Text("分數；空白為缺漏", "points; a blank is a missing mark"),
    Kind.DATE: Text("日期：2014-02-01 或 103/2/1", "a day: 2014-02-01 or 103/2/1"),
    Kind.YES_NO: Text("是／否", "yes or no"),
    Kind.CHOICE: Text("下列之一", "one of the values"),
    Kind.LIST: Text("多項，以 ; 或 、 分隔", "several, separated by ; or 、"),
    Kind.ID_LIST: Text("多個代碼，以 ; 或 、 分隔", "several codes, separated by ; or 、"),
}
_HEAD = [
    "欄 · column",
    "中文欄名",
    "內容 · holds",
    "說明 · what to fill in",
    "另可寫作 · also read",
    "值 · values",
]


def page() -> str:
    """Return the page."""
    wide = reviews_table([value.key for value in CRITERIA])
    return paragraphs(
        "# 要填寫的表格 · Tables to fill in",
        "計畫資料的每張表可為 CSV 檔，也可為同一 `.xlsx`、`.ods` 活頁簿的工作表；欄名中英文皆可，全形半形、大小寫、空白與「臺／台」不計。"
        "空的表格以 `subsidy new` 產生。",
        "Each table of a case may be a CSV file or a sheet of one `.xlsx` or `.ods` workbook; headers may be English or "
        "Chinese, and width, case, blanks and 臺 or 台 make no difference. `subsidy new` makes empty ones.",
        "欄名後的 `*` 表示每格必填，`+` 表示必有此欄而可空白，其餘可略。",
        "`*` behind a column: every cell must be filled in; `+`: the column must be there, its cells may be blank; others may be "
        "left out.",
        *(
            part
            for one in (SCHOOLS, APPLICATIONS, wide, REVIEWS_LONG, BUDGET_LINES, MEETINGS)
            for part in _table(one)
        ),
        f"迴避：任一審查項目填 {_value(RECUSED)}，即表示該委員不評此案。 · A conflict of interest: {_value(RECUSED)} in any column of a criterion.",
    )


def _table(one: Table) -> Iterator[str]:
    long_ = one is REVIEWS_LONG
    yield f"## {one.zh}{'（直式）' if long_ else ''} · {one.key}{' (long form)' if long_ else ''}"
    needed = _needed(one)
    aliases = f" {'、'.join(one.aliases)}" if one.aliases else ""
    yield f"{one.help.zh}。{needed.zh} · {one.help.en[:1].upper()}{one.help.en[1:]}. {needed.en}"
    if aliases:
        yield f"檔名或工作表名另可寫作 · also read as the name of the file or sheet:{aliases}"
    if one.key == REVIEWS_LONG.key and not long_:
        yield (
            "每位委員可各用一個檔案或工作表，名稱後加上姓名（`評分 甲`、`reviews 甲`），即不必填審查委員欄。 · Each reviewer may have a "
            "file or sheet, with the name behind (`評分 甲`, `reviews 甲`), and needs no column reviewer."
        )
    yield table(_HEAD, [_row(column) for column in one.columns])


def _needed(one: Table) -> Text:
    """Say whether a table must be there."""
    if one is REVIEWS_LONG:
        return Text("可代替上一種評分表。", "In place of the table above.")
    if one.key == REVIEWS_LONG.key:
        return Text(
            "必備；計畫檔未訂審查項目者，改於申請表填成績。",
            "Required, unless the policy has no criteria: then applications have a column merit.",
        )
    return Text("必備。", "Required.") if one.required else Text("可略。", "Optional.")


def _row(column: Column) -> list[str]:
    mark = "*" if column.filled else "+" if column.required else ""
    return [
        f"`{column.key}`{mark and ' ' + mark}",
        column.zh,
        both(_KINDS[column.kind]),
        both(column.help),
        "、".join(column.aliases),
        "、".join(map(_value, filter(lambda value: value.key, column.values))),
    ]


def _value(value: Value) -> str:
    return f"`{value.key}` {value.zh}"
