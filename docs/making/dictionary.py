"""The dictionary of all tables: what every column holds, in which unit, by which codes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from docs.making.markup import both, code, paragraphs, table
from optimizer.report.dictionary import DictionaryEntry, dictionary


def page() -> str:
    """Return the page."""
    return paragraphs(
        "# 資料表字典 · Table dictionary",
        "`subsidy schema --tables` 印出同一份，`--json` 供程式讀取。計畫資料與結果之 CSV 欄名與代碼一律英文（計畫資料亦接受中文標題，見[要填寫的表格](filling-in.md)）；"
        "`published/` 內名冊之標題與代碼依結果之語言。金額為整數新臺幣元。",
        "`subsidy schema --tables` prints the same, with `--json` for programs. Headers and codes of a result's CSV files are English in either language (those of a case "
        "may be Chinese as well: [what is understood](filling-in.md)); the lists in `published/` have the words of the result's language. Money is whole NT$.",
        *_tables(),
    )


def _tables() -> Iterator[str]:
    heads = ["column", "名稱", "header", "意義", "meaning", "單位 unit", "代碼 codes"]
    for file, entries in groupby(dictionary(), key=lambda one: one.file):
        mine = list(entries)
        yield f"## {file}"
        yield both(mine[0].table)
        yield _SAID.get(file, "")
        rows = list(map(_row, mine))
        columns = [place for place, _ in enumerate(heads) if _says_something(place, rows)]
        yield table(
            [heads[place] for place in columns], [[row[p] for p in columns] for row in rows]
        )


def _says_something(place: int, rows: list[list[str]]) -> bool:
    """Return whether a column of the page has anything that no column before it has."""
    return any(row[place] and row[place] != row[0].strip("`") for row in rows)


_SAID = {
    "reviews.csv": "此為直式，一列一個分數；也可用橫式，一列一份評分、每一審查項目一欄：見[要填寫的表格](filling-in.md)。 · "
    "This is the long form, a mark a row; a review a row with a column for each criterion is read as well: see "
    "[tables to fill in](filling-in.md)."
}


def _row(one: DictionaryEntry) -> list[str]:
    codes = "、".join(f"`{key}` {words.zh} {words.en}" for key, words in one.codes)
    unit = f"{one.unit.zh} {one.unit.en}".strip()
    said = (one.words.zh, one.words.en, one.meaning.zh, one.meaning.en, unit, codes)
    return [code(one.column), *said]
