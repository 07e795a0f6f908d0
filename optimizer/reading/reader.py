"""Matching the columns of a raw table with what the program knows, and reading them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from optimizer.foundation.exact import BoolArray, IntArray
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Problem, defect
from optimizer.problems.likeness import closest
from optimizer.reading.columns import (
    Typed,
    accepted,
    blank_column,
    read_column,
    read_text,
    reader_of,
    report_cell,
)
from optimizer.reading.findings import BadCell, Findings
from optimizer.reading.layout import duplicate_column
from optimizer.reading.raw_table import RawColumn, RawTable
from optimizer.tables.case_words import column_words
from optimizer.tables.schema import Column, Kind, Table


@dataclass(frozen=True)
class ReadTable:
    """A table whose cells were read.

    Parameters
    ----------
    raw
        The table as it stands.
    typed
        The columns of the schema by English name; blank ones for those that are absent.
    extra
        The columns that the program does not know, as text.
    findings
        Takes up what is wrong.
    """

    raw: RawTable
    typed: Mapping[str, Typed]
    extra: tuple[Typed, ...]
    findings: Findings = field(repr=False)

    def __len__(self) -> int:
        return len(self.raw)

    def __getitem__(self, key: str) -> Typed:
        return self.typed[key]

    def has(self, key: str) -> bool:
        """Return whether the table has a column."""
        return bool(self.typed[key].header)

    def report(
        self,
        key: str,
        position: int,
        failure: BadCell,
        accepts: Callable[[str], bool] | None = None,
    ) -> None:
        """Take up a cell that is wrong in view of other cells."""
        typed = self.typed[key] if self.has(key) else replace(self.typed[key], header=key)
        report_cell(self.raw, typed, position, failure, findings=self.findings, accepts=accepts)

    def report_all(self, key: str, positions: Iterable[int], failure: BadCell) -> None:
        """Take up cells that are wrong in the same way."""
        for at in positions:
            self.report(key, at, failure)

    def suspects(self, key: str) -> dict[int, str]:
        """Return the rows of a column whose value is not what they show, with the reason."""
        own = self._raw(key)
        return {} if own is None else self.raw.suspects_of(own)

    def _raw(self, key: str) -> RawColumn | None:
        header = self.typed[key].header
        return next((raw for raw in self.raw.columns if raw.header == header), None)

    def elsewhere(self, key: str, accepts: Callable[[str], bool]) -> Text:
        """Return a hint if another column holds in every row what one column should.

        Exchanging the two must mend them both, so the other column has to take what stands here.
        """
        own = self._raw(key)
        for raw in self.raw.columns:
            if own is None or raw is own or not all(map(accepts, raw.texts)):
                continue
            if self._takes(raw, own.texts):
                return Text(
                    f"「{column_words(raw.header).zh}」欄每一列都有；兩欄的標題是否互換了？",
                    f"Every row of column {raw.header!r} holds one: are the headers exchanged?",
                )
        return EMPTY

    def _takes(self, raw: RawColumn, texts: Sequence[str]) -> bool:
        column = next((t.column for t in self.typed.values() if t.header == raw.header), None)
        if column is None or column.kind is Kind.ID_LIST:
            return column is None
        read = reader_of(column)
        return all(accepted(read, text) for text in texts)

    def good(self, key: str) -> BoolArray:
        """Return which rows have a value in a column."""
        typed = self.typed[key]
        filled = np.array([value is not None for value in typed.values], dtype=bool)
        return filled[typed.codes]


def read_columns(raw: RawTable, table: Table, findings: Findings) -> ReadTable:
    """Read all columns of a table; those it lacks come out blank and are reported if required."""
    found, extra = _match(raw, table, findings)
    _report_absent(raw, table, found, findings)
    typed = {
        column.key: read_column(raw, found[column.key], column, findings)
        if column.key in found
        else blank_column(column, len(raw))
        for column in table.columns
    }
    texts = tuple(read_text(raw, column, findings) for column in extra)
    return ReadTable(raw, typed, texts, findings)


def _match(
    raw: RawTable, table: Table, findings: Findings
) -> tuple[dict[str, RawColumn], list[RawColumn]]:
    found: dict[str, RawColumn] = {}
    extra = []
    for raw_column in raw.columns:
        column = table.find(raw_column.header)
        if column is None:
            extra.append(raw_column)
        elif column.key in found:
            other = found[column.key].header
            findings.add(duplicate_column(raw.file, raw.header_row, raw_column.header, other))
        else:
            found[column.key] = raw_column
    return found, extra


def _report_absent(
    raw: RawTable, table: Table, found: Mapping[str, RawColumn], findings: Findings
) -> None:
    absent = [c for c in table.columns if c.required and c.key not in found]
    encoding = _other_encoding(raw, table) if absent and not found else EMPTY
    unknown = [header for header in raw.header if table.find(header) is None]
    for column in absent:
        findings.add(_missing_column(raw, column, encoding, unknown))
    if not len(raw):
        findings.add(
            defect("no_rows", Text("只有標題列", "has a header and no rows"), **raw.heading())
        )


def _missing_column(
    raw: RawTable, column: Column, encoding: Text, unknown: Sequence[str]
) -> Problem:
    close = closest(column.key, unknown) or closest(column.zh, unknown)
    renamed = Text(
        f"若「{close}」就是這一欄，請改名為「{column.zh}」。",
        f"If {close!r} is that column, rename it {column.key}.",
    )
    return defect(
        "missing_column",
        Text("缺少欄位", "is a column that the table lacks"),
        expected=Text(
            f"應有「{column.zh}」一欄。",
            f"A column {column.key} ({column.zh}) was expected.",
        ),
        hint=encoding or (renamed if close else EMPTY),
        **raw.heading(column.key),
    )


def _other_encoding(raw: RawTable, table: Table) -> Text:
    """Return a hint if the headers make sense in another encoding than the one that was named."""
    for encoding in ("utf-8", "cp950", "big5hkscs", "utf-16-le"):
        try:
            text = ",".join(raw.header).encode(raw.encoding or "utf-8").decode(encoding)
        except (UnicodeError, LookupError):
            continue
        if encoding != raw.encoding and any(table.find(name) for name in text.split(",")):
            return Text(f"檔案看起來是 {encoding} 編碼。", f"The file looks like {encoding}.")
    return EMPTY


def extra_frame(table: ReadTable) -> pd.DataFrame:
    """Return the further columns of a table as text, under their headers as written."""
    return pd.DataFrame(
        {typed.header: typed.text() for typed in table.extra}, index=pd.RangeIndex(len(table))
    )


_ONCE = Text("每個編號只能出現一次。", "Each may stand once.")


def check_unique(
    table: ReadTable, keys: tuple[str, ...], column: str, expected: Text = _ONCE
) -> None:
    """Report every row whose key stands in an earlier row."""
    usable = np.flatnonzero(np.logical_and.reduce([table.good(key) for key in keys]))
    key = combine([table[name].ordinals for name in keys])[usable]
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    earliest = usable[first[group]]
    again = earliest != usable
    for position, other in zip(usable[again], earliest[again], strict=True):
        table.report(column, int(position), _duplicate(table.raw.said(int(other)), expected))


def combine(columns: list[IntArray]) -> IntArray:
    """Return one integer a row that tells different rows of several integers apart."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        key = np.unique(key, return_inverse=True)[1] * (int(column.max(initial=0)) + 1) + column
    return key


def _duplicate(row: Text, expected: Text) -> BadCell:
    return BadCell(
        "duplicate_key",
        Text(f"與{row.zh}重複", f"stands in {row.en} already"),
        expected,
    )
