"""Reading the table of schools."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from optimizer.reading.cells import nearest
from optimizer.reading.columns import Typed, take
from optimizer.reading.findings import BadCell, Findings
from optimizer.reading.reader import ReadTable, check_unique, extra_frame, read_columns
from optimizer.reading.tables import RawTable
from optimizer.schema import SCHOOLS, fold
from optimizer.text import Text

_CODE_LENGTH = 6  # of the ministry's school codes


@dataclass(frozen=True)
class Schools:
    """The schools of a case, and how other tables find them.

    Parameters
    ----------
    frame
        The table of `Records`.
    rows
        By school code: the row of each school that has it, by level.
    """

    frame: pd.DataFrame
    rows: dict[str, dict[str, int]]
    _by_digits: dict[str, str] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_digits.update((c.lstrip("0"), c) for c in self.rows if c.isdecimal())

    def with_zeros(self, code: str) -> str | None:
        """Return the known code that this one is without its leading zeros, if there is one."""
        known = self._by_digits.get(code.lstrip("0")) if code.isdecimal() else None
        return known if known and len(known) > len(code) else None


def lost_zero(code: str) -> BadCell:
    """Return what is wrong with a code that lost its leading zero; `code` is the whole one."""
    return BadCell(
        "lost_leading_zero",
        Text("開頭的 0 不見了", "has lost its leading zero"),
        Text(f"應為 {code}。", f"{code} was expected."),
        Text("試算表請把這一欄設為文字。", "Set the column to text in the spreadsheet."),
    )


def unknown_school(code: str, schools: Schools) -> BadCell:
    """Return what is wrong with a school code that the schools table does not have."""
    whole = schools.with_zeros(code)
    if whole is not None:
        return lost_zero(whole)
    return BadCell(
        "unknown_school",
        Text("學校資料中沒有這個代碼", "is not in the table of schools"),
        Text("應為學校資料中的學校代碼。", "A school code of that table was expected."),
        lambda: nearest(code, list(schools.rows), 0.8),
    )


def read_schools(raw: RawTable, findings: Findings) -> Schools:
    """Read and check the schools, sorted by code and level."""
    table = read_columns(raw, SCHOOLS, findings)
    check_unique(table, ("school_id", "level"), "school_id")
    _check_lengths(table)
    frame = _frame(table)
    codes, levels = table["school_id"].all(""), table["level"].all("")
    order = sorted(range(len(table)), key=lambda at: (codes[at], levels[at]))
    rows: dict[str, dict[str, int]] = {}
    for row, at in enumerate(order):
        if codes[at]:
            rows.setdefault(codes[at], {})[levels[at]] = row
    return Schools(frame.iloc[order].reset_index(drop=True), rows)


def _frame(table: ReadTable) -> pd.DataFrame:
    columns = {
        "school_id": table["school_id"].text(),
        "name": table["name"].text(),
        "district": _districts(table["district"]),
        "level": table["level"].text(),
        "disadvantage": table["disadvantage"].text(),
        "evaluation_programme": pd.Series(table["evaluation_programme"].all("no")) == "yes",
        "students": table["students"].integers(),
        "classes": table["classes"].integers(),
    }
    return pd.concat([pd.DataFrame(columns), extra_frame(table)], axis=1)


def _districts(typed: Typed) -> pd.Series[str]:
    """Return the districts, each under the spelling that most of its schools have."""
    times = np.bincount(typed.codes, minlength=len(typed.values))
    spellings: dict[str, Counter[str]] = {}
    for value, count in zip(typed.values, times.tolist(), strict=True):
        spellings.setdefault(fold(value or ""), Counter())[value or ""] += count
    chosen = {
        key: min(forms, key=lambda form: (-forms[form], form)) for key, forms in spellings.items()
    }
    return take([chosen[fold(value or "")] for value in typed.values], typed.codes)


def _check_lengths(table: ReadTable) -> None:
    """Report codes a digit or two shorter than the six of the ministry's codes."""
    typed = table["school_id"]
    digits = [value if value and value.isdecimal() else "" for value in typed.values]
    if max(map(len, digits)) != _CODE_LENGTH:
        return
    short = [
        code for code, value in enumerate(digits) if _CODE_LENGTH - 2 <= len(value) < _CODE_LENGTH
    ]
    for at in np.flatnonzero(np.isin(typed.codes, short)).tolist():
        code = digits[int(typed.codes[at])]
        table.report("school_id", at, lost_zero(code.zfill(_CODE_LENGTH)))
