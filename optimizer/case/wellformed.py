"""Whether the tables of a case hold what `Records` says that they hold, however they were made.

Tables that were read are; tables that somebody made or changed in memory may hold anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from optimizer.foundation.limits import MOST
from optimizer.language.text import Text
from optimizer.problems.arguments import given
from optimizer.problems.errors import Problem, Severity
from optimizer.tables.records import Records


@dataclass(frozen=True)
class Cells:
    """What every cell of a column is: of one of some types, or missing where that is allowed.

    Parameters
    ----------
    types, expected
        The types, in Python and in words.
    missing
        Whether a cell may be missing.
    below
        Of a number: what it has to be less than.
    """

    types: tuple[type, ...]
    expected: Text
    missing: bool = False
    below: int = MOST + 1

    def first_wrong(self, cells: pd.Series) -> int | None:
        """Return the place of the first cell that is something else, None if there is none."""
        if pd.api.types.is_integer_dtype(cells.dtype) and Integral in self.types:
            wrong = ~((cells >= 0) & (cells < self.below)).fillna(self.missing).to_numpy(dtype=bool)
        elif self._is_sure(cells):
            return None
        else:
            wrong = np.array([not self._fits(cell) for cell in cells], dtype=bool)
        return int(wrong.argmax()) if wrong.any() else None

    def _is_sure(self, cells: pd.Series) -> bool:
        """Return whether the types alone, which are quick to see, say that all is well."""
        if isinstance(cells.dtype, pd.StringDtype) and str in self.types:
            return not cells.hasnans
        if pd.api.types.is_bool_dtype(cells.dtype):
            return bool in self.types
        kinds = set(map(type, cells))
        if tuple in self.types:
            return kinds == {tuple} and all(str is type(each) for cell in cells for each in cell)
        if Fraction in self.types:
            return kinds == {Fraction} and all(cell.numerator >= 0 for cell in cells)
        return date in self.types and kinds <= {date, type(None)}

    def _fits(self, cell: Any) -> bool:
        if not isinstance(cell, self.types) or (isinstance(cell, bool) and bool not in self.types):
            return self.missing and _is_missing(cell)
        if isinstance(cell, tuple):
            return all(isinstance(each, str) for each in cell)
        if isinstance(cell, Fraction | Integral):
            return 0 <= Fraction(cell) < self.below
        return True


def _is_missing(cell: Any) -> bool:
    return cell is None or cell is pd.NA or (isinstance(cell, float) and cell != cell)


TEXT = Cells((str,), Text("文字", "text"))
YES = Cells((bool, np.bool_), Text("True 或 False", "True or False"))
TEXTS = Cells((tuple,), Text("文字的 tuple", "a tuple of texts"))
DAY = Cells((date,), Text("datetime.date，或 None", "a datetime.date or None"), missing=True)
WHOLE = Cells((Integral,), Text("不為負的整數", "a whole number that is not negative"))
MAYBE_WHOLE = Cells(
    (Integral,), Text("不為負的整數，或空白", "a whole number that is not negative, or blank"), True
)
EXACT = Cells(
    (Fraction, Integral), Text("不為負的 Fraction 或整數", "a Fraction or int, not negative")
)
MAYBE_EXACT = Cells(EXACT.types, EXACT.expected, missing=True)


SCHOOL = dict.fromkeys(("school_id", "name", "district", "level", "disadvantage"), TEXT)


def place_in(table: str, rows: int) -> Cells:
    """Return what says the place of a row in another table."""
    expected = Text(f"{table} 的列序，0 至 {rows - 1}", f"a row of {table}, 0 to {rows - 1}")
    if not rows:
        expected = Text(
            f"{table} 的列序，但 {table} 沒有任何列", f"a row of {table}, which has none"
        )
    return Cells((Integral,), expected, below=rows)


def _meant(records: Records) -> Mapping[str, Mapping[str, Cells]]:
    """Return what each column of each table holds."""
    criteria = len(records.settings.review.criteria)
    schools = place_in("schools", _rows(records.schools))
    applications = place_in("applications", _rows(records.applications))
    texts = ("application_id", "school_id", "level", "title", "convener", "type", "prior_outcome")
    return {
        "schools": {**SCHOOL, "evaluation_programme": YES},
        "applications": {
            **dict.fromkeys(texts, TEXT),
            **dict.fromkeys(("methods", "partners", "fields"), TEXTS),
            **dict.fromkeys(("members", "meetings", "own_funds"), MAYBE_WHOLE),
            "requested": WHOLE,
            "submitted_on": DAY,
            "school": schools,
            "row": WHOLE,
            **({} if criteria else {"merit": EXACT}),
        },
        "reviews": {
            "application": applications,
            "criterion": place_in("review.criteria", criteria),
            **dict.fromkeys(("reviewer", "state"), TEXT),
            "points": WHOLE,
        },
        "budget_lines": {
            "application": applications,
            "item": TEXT,
            **dict.fromkeys(("quantity", "unit_price"), MAYBE_EXACT),
            "amount": WHOLE,
        },
        "meetings": {"application": applications, "date": DAY},
    }


def malformed(records: Records) -> Iterator[Problem]:
    """Yield the first wrong cell of each column, and every table and column that is missing."""
    for name, columns in _meant(records).items():
        table = getattr(records, name)
        if isinstance(table, pd.DataFrame):
            yield from malformed_table(name, table, columns)
        elif table is not None or name in ("schools", "applications", "reviews"):
            yield _problem(name, Text("不是表格", "is no table"), _TABLE, value=table)
    denominator: Any = records.points_denominator
    if type(denominator) is not int or denominator < 1:
        text = Text("分數的公分母不對", "the common denominator of all points is wrong")
        yield _problem(
            "points_denominator",
            text,
            expected=Text("應為正整數", "a positive int"),
            value=denominator,
        )


_TABLE = Text("應為 pandas.DataFrame", "expected a pandas.DataFrame")


def _rows(table: Any) -> int:
    return len(table) if isinstance(table, pd.DataFrame) else 0


def malformed_table(
    name: str, table: pd.DataFrame, columns: Mapping[str, Cells]
) -> Iterator[Problem]:
    """Yield the first wrong cell of each column, and every column that is missing."""
    if not table.index.equals(pd.RangeIndex(len(table))):
        text = Text("列的索引不是 0、1、2…", "the index is not 0, 1, 2 …")
        yield _problem(
            name, text, Text("請用 reset_index(drop=True)", "use reset_index(drop=True)")
        )
        return
    own = {column: MAYBE_WHOLE for column in _OPTIONAL if column in table.columns}
    for column, meant in {**columns, **own}.items():
        if column not in table.columns:
            yield _problem(name, Text("缺少這一欄", "has no such column"), _should(meant), column)
        elif len(table) and (place := meant.first_wrong(table[column])) is not None:
            text = Text(f"第 {place} 列（自 0 起）的值不對", f"row {place} (from 0) is wrong")
            yield _problem(
                name, text, expected=_should(meant), column=column, value=table[column].iloc[place]
            )


_OPTIONAL = ("students", "classes")


def _should(meant: Cells) -> Text:
    return Text(f"應為{meant.expected.zh}", f"expected {meant.expected.en}")


def _problem(
    table: str, message: Text, expected: Text, column: str = "", value: Any = ""
) -> Problem:
    plain = value.item() if isinstance(value, np.generic) else value
    shown = given(plain) if column or not isinstance(plain, str) else ""
    return Problem(
        Severity.ERROR, "malformed", message, expected, file=table, column=column, value=shown
    )
