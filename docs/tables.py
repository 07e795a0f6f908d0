"""Write docs/tables.md, the dictionary of all tables: ``python docs/tables.py``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from optimizer.report.dictionary import DictionaryEntry, dictionary

PAGE = Path(__file__).with_name("tables.md")
_HEAD = """# 資料表字典 · Table dictionary

由 `python docs/tables.py` 產生；`subsidy schema --tables` 印出同一份，`--json` 供程式讀取。計畫資料與結果之 CSV 欄名與代碼一律英文（計畫資料亦接受中文標題）；
`published/` 內名冊之標題與代碼依結果之語言。金額為整數新臺幣元。

Made by `python docs/tables.py`; `subsidy schema --tables` prints the same, with `--json` for programs. Headers and codes of a result's CSV files are English in
either language (those of a case may be Chinese as well); the lists in `published/` have the words of the result's language. Money is whole NT$.
"""


def page() -> str:
    """Return the page."""
    return "\n".join([_HEAD, *_tables()]) + "\n"


def _tables() -> Iterator[str]:
    for file, entries in groupby(dictionary(), key=lambda one: one.file):
        mine = list(entries)
        yield f"## {file}\n\n{mine[0].table.zh} · {mine[0].table.en}\n"
        yield "| column | 名稱 | header | 意義 | meaning | 單位 unit | 代碼 codes |"
        yield "|---|---|---|---|---|---|---|"
        yield from map(_row, mine)
        yield ""


def _row(one: DictionaryEntry) -> str:
    codes = "、".join(f"`{code}` {words.zh} {words.en}" for code, words in one.codes)
    unit = f"{one.unit.zh} {one.unit.en}".strip()
    said = (one.words.zh, one.words.en, one.meaning.zh, one.meaning.en, unit, codes)
    return f"| `{one.column}` | " + " | ".join(text.replace("|", "\\|") for text in said) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
