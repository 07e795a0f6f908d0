"""Reading the table of schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from optimizer.language.text import EMPTY, Text
from optimizer.problems.likeness import one_edit, seen
from optimizer.reading.columns import Typed, take
from optimizer.reading.district_names import check_districts
from optimizer.reading.findings import BadCell, Findings
from optimizer.reading.look_alikes import Known, check_codes
from optimizer.reading.raw_table import RawTable
from optimizer.reading.reader import ReadTable, check_unique, extra_frame, read_columns
from optimizer.reading.school_names import same_school
from optimizer.tables.schema import SCHOOLS, fold

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

    @cached_property
    def known(self) -> Known:
        """The codes with their lines."""
        lines = self.frame["row"].tolist()
        first = {code: int(lines[min(levels.values())]) for code, levels in self.rows.items()}
        return Known(first, Text("學校資料", "table of schools"))

    def named(self, name: str, code: str) -> str | None:
        """Return the code of the only school of a name, if it is one slip away from another code."""
        names = self.frame["name"].tolist()
        found = [
            known
            for known, levels in self.rows.items()
            if one_edit(known, code) and any(same_school(name, names[at]) for at in levels.values())
        ]
        return found[0] if len(found) == 1 else None

    def code_of(self, name: str) -> Text:
        """Say which code to write where the name of the only school of that name stands."""
        frame = self.frame[["name", "school_id"]].itertuples(index=False)
        found = {code for own, code in frame if own == name or same_school(own, name)}
        if len(found) != 1:
            return EMPTY
        (code,) = found
        return Text(f"這是學校名稱，請填代碼 {code}。", f"This is a name: write its code {code}.")

    def with_zeros(self, code: str) -> str | None:
        """Return the known code that this one is without its leading zeros, if there is one."""
        known = self._by_digits.get(code.lstrip("0")) if code.isdecimal() else None
        return known if known and len(known) > len(code) else None


ADD_SCHOOL = Text(
    "請先將這所學校加入學校資料；若代碼有誤，請改正。",
    "Add this school to the table of schools first; if the code is wrong, mend it.",
)


def lost_zero(code: str) -> BadCell:
    """Return what is wrong with a code that lost its leading zero; `code` is the whole one."""
    return BadCell(
        "lost_leading_zero",
        Text("開頭的 0 不見了", "has lost its leading zero"),
        Text(f"應為 {code}。", f"{code} was expected."),
        Text("試算表請把這一欄設為文字。", "Set the column to text in the spreadsheet."),
    )


def _too_short(code: str) -> BadCell:
    return BadCell(
        "short_code",
        Text(f"只有 {len(code)} 碼", f"has {len(code)} digits only"),
        Text(f"應為 {_CODE_LENGTH} 碼。", f"{_CODE_LENGTH} digits were expected."),
        Text(
            "請補上漏掉的一碼。" if len(code) == _CODE_LENGTH - 1 else "請補齊。",
            "Write the whole code.",
        ),
    )


def unknown_school(code: str, schools: Schools) -> BadCell:
    """Return what is wrong with a school code that the schools table does not have."""
    whole = schools.with_zeros(code)
    if whole is not None:
        return lost_zero(whole)
    return schools.known.twin(code) or BadCell(
        "unknown_school",
        Text("學校資料中沒有這個代碼", "is not in the table of schools"),
        Text("應為學校資料中的學校代碼。", "A school code of that table was expected."),
        schools.known.meant(code) or schools.code_of(code) or ADD_SCHOOL,
    )


def read_schools(raw: RawTable, findings: Findings, districts: Sequence[str] = ()) -> Schools:
    """Read and check the schools, sorted by code and level.

    Parameters
    ----------
    raw
        The table as it stands.
    findings
        Takes up what is wrong.
    districts
        All districts there are, if the policy names them.
    """
    table = read_columns(raw, SCHOOLS, findings)
    check_unique(table, ("school_id", "level"), "school_id")
    check_codes(table, "school_id")
    whole = _check_lengths(table)
    chosen = _spellings(table["district"], districts)
    check_districts(table, chosen, districts)
    frame = _frame(table, chosen)
    codes, levels = table["school_id"].all(""), table["level"].all("")
    order = sorted(range(len(table)), key=lambda at: (codes[at], levels[at]))
    rows: dict[str, dict[str, int]] = {}
    for row, at in enumerate(order):
        if codes[at]:
            code = seen(
                whole.get(codes[at], codes[at])
            )  # what others call it, so that one mistake is one
            rows.setdefault(code, {})[levels[at]] = row
    return Schools(frame.iloc[order].reset_index(drop=True), rows)


def _frame(table: ReadTable, chosen: Mapping[str, str]) -> pd.DataFrame:
    columns = {
        "school_id": table["school_id"].text(),
        "name": table["name"].text(),
        "district": take(
            [chosen[fold(value or "")] for value in table["district"].values],
            table["district"].codes,
        ),
        "level": table["level"].text(),
        "disadvantage": table["disadvantage"].text(),
        "evaluation_programme": pd.Series(table["evaluation_programme"].all("no")) == "yes",
        "students": table["students"].integers(),
        "classes": table["classes"].integers(),
        "row": table.raw.rows,
    }
    further = extra_frame(table).drop(columns="row", errors="ignore")
    return pd.concat([pd.DataFrame(columns), further], axis=1)


def _spellings(typed: Typed, listed: Sequence[str]) -> dict[str, str]:
    """Return how each district is written: as the policy lists it, or as most of its schools do."""
    times = np.bincount(typed.codes, minlength=len(typed.values))
    spellings: dict[str, Counter[str]] = {}
    for value, count in zip(typed.values, times.tolist(), strict=True):
        spellings.setdefault(fold(value or ""), Counter())[value or ""] += count
    most = sorted(spellings.items(), key=lambda entry: -entry[1].total())
    chosen = {key: min(forms, key=lambda form: (-forms[form], form)) for key, forms in most}
    return chosen | {fold(name): name for name in listed if fold(name) in chosen}


def _check_lengths(table: ReadTable) -> dict[str, str]:
    """Report codes a digit or two shorter than the six of the ministry's codes; return the whole ones."""
    typed = table["school_id"]
    digits = [value if value and value.isdecimal() else "" for value in typed.values]
    if max(map(len, digits)) != _CODE_LENGTH:
        return {}
    short = [
        code for code, value in enumerate(digits) if _CODE_LENGTH - 2 <= len(value) < _CODE_LENGTH
    ]
    for at in np.flatnonzero(np.isin(typed.codes, short)).tolist():
        code = digits[int(typed.codes[at])]
        # a spreadsheet takes every leading zero away: with one left, something else is missing
        wrong = _too_short(code) if code.startswith("0") else lost_zero(code.zfill(_CODE_LENGTH))
        table.report("school_id", at, wrong)
    lost = (digits[code] for code in short if not digits[code].startswith("0"))
    return {code: code.zfill(_CODE_LENGTH) for code in lost}
