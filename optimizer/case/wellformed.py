"""Whether the tables of a case hold what `Records` says that they hold, however they were made.

Tables that were read are; tables that somebody made or changed in memory may hold anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from optimizer.foundation.limits import FINEST, MOST
from optimizer.language.text import Text
from optimizer.problems.arguments import given
from optimizer.problems.errors import Problem, defect
from optimizer.tables.records import Records
from optimizer.tables.reviews import Reviews
from optimizer.tables.schema import RECUSED


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
    words
        Texts that are allowed besides.
    """

    types: tuple[type, ...]
    expected: Text
    missing: bool = False
    below: int = MOST + 1
    words: Collection[str] = ()

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
        if isinstance(cell, str) and cell in self.words:
            return True
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
POINTS = replace(WHOLE, below=MOST * FINEST + 1)  # over the common denominator of all points
MAYBE_WHOLE = Cells(
    (Integral,), Text("不為負的整數，或空白", "a whole number that is not negative, or blank"), True
)
EXACT = Cells(
    (Fraction, Integral), Text("不為負的 Fraction 或整數", "a Fraction or int, not negative")
)
MAYBE_EXACT = Cells(EXACT.types, EXACT.expected, missing=True)
MARK = Cells(
    EXACT.types,
    Text(
        f"不為負的 Fraction 或整數、空白，或 {RECUSED.key}",
        f"a Fraction or int, not negative, blank or {RECUSED.key}",
    ),
    missing=True,
    words=(RECUSED.key,),
)


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
    schools = place_in("schools", _rows(records.schools))
    applications = place_in("applications", _rows(records.applications))
    sizes = {c: MAYBE_WHOLE for c in ("students", "classes") if c in _columns(records.schools)}
    texts = ("application_id", "school_id", "level", "title", "convener", "type", "prior_outcome")
    return {
        "schools": {**SCHOOL, "evaluation_programme": YES, **sizes},
        "applications": {
            **dict.fromkeys(texts, TEXT),
            **dict.fromkeys(("methods", "partners", "fields"), TEXTS),
            **dict.fromkeys(("members", "meetings", "own_funds"), MAYBE_WHOLE),
            "requested": WHOLE,
            "submitted_on": DAY,
            "school": schools,
            "row": WHOLE,
            **({} if records.settings.review.criteria else {"merit": EXACT}),
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
        elif table is not None or name in ("schools", "applications"):
            yield _problem(name, Text("不是表格", "is no table"), _TABLE, value=table)
    yield from _malformed_reviews(records.reviews, records)


def _malformed_reviews(reviews: Any, records: Records) -> Iterator[Problem]:
    """Yield what the reviews are made of wrongly: the first wrong cell of each array."""
    criteria = tuple(records.settings.review.criteria)
    if not isinstance(reviews, Reviews):
        yield _problem("reviews", Text("不是 Reviews", "is no Reviews"), _MARKS, value=reviews)
    elif reviews.criteria != criteria:
        text = Text("評分的審查項目與計畫不同", "the criteria are not those of the policy")
        yield _problem(
            "reviews",
            text,
            expected=Text(f"應為 {criteria}", f"expected {criteria}"),
            column="criteria",
            value=reviews.criteria,
        )
    elif type(reviews.denominator) is not int or reviews.denominator < 1:
        text = Text("分數的公分母不對", "the common denominator of all points is wrong")
        expected = Text("應為正整數", "a positive int")
        yield _problem(
            "reviews", text, expected=expected, column="denominator", value=reviews.denominator
        )
    elif not _are_names(reviews.reviewers):
        text = Text("應為已排序、各不相同的文字", "expected different texts, sorted")
        yield _problem(
            "reviews",
            Text("不對", "is wrong"),
            expected=text,
            column="reviewers",
            value=reviews.reviewers,
        )
    else:
        yield from _malformed_arrays(reviews, _rows(records.applications))


def _are_names(held: Any) -> bool:
    texts = isinstance(held, tuple) and all(isinstance(name, str) for name in held)
    return texts and list(held) == sorted(set(held))


def _malformed_arrays(reviews: Reviews, applications: int) -> Iterator[Problem]:
    size, width = np.size(reviews.application), len(reviews.criteria)
    for name, shape, meant in (
        ("application", (size,), place_in("applications", applications)),
        ("reviewer", (size,), place_in("reviewers", len(reviews.reviewers))),
        ("points", (size, width), POINTS),
        ("given", (size, width), YES),
        ("recused", (size,), YES),
    ):
        held = getattr(reviews, name)
        if not isinstance(held, np.ndarray) or held.shape != shape:
            text = Text(f"應為 {shape} 的陣列", f"expected an array of shape {shape}")
            yield _problem(
                "reviews",
                Text("形狀不對", "has the wrong shape"),
                expected=text,
                column=name,
                value=held,
            )
        elif (place := meant.first_wrong(pd.Series(held.ravel()))) is not None:
            yield _cell(
                "reviews", name, place * size // held.size, value=held.ravel()[place], meant=meant
            )


def malformed_marks(
    marks: pd.DataFrame, applications: Collection[str], criteria: Sequence[str]
) -> Iterator[Problem]:
    """Yield what is wrong with a table of marks, as `Reviews.table` returns it."""
    named = Text(f"{'、'.join(criteria)} 之一", f"one of {', '.join(criteria)}")
    columns = {
        "application_id": Cells(
            (), Text("申請資料中的編號", "an application's id"), words=applications
        ),
        "reviewer": TEXT,
        "criterion": Cells((), named, words=criteria),
        "points": MARK,
    }
    found = list(malformed_table("reviews", marks, columns))
    yield from found or _contradictions(marks)


def _contradictions(marks: pd.DataFrame) -> Iterator[Problem]:
    """Yield the first mark that stands twice, and the first in a review that is recused."""
    review = [marks["application_id"], marks["reviewer"]]
    recused = marks["points"].map(lambda mark: mark == RECUSED.key).astype(bool)
    partly = recused.groupby(review).transform("any") & ~recused & marks["points"].notna()
    twice = Text("同一份評分的同一項目，只能有一列", "one row for each criterion of a review")
    whole = Text("迴避者該份評分不可有分數", "no mark in a review that is recused")
    for wrong, column, expected in (
        (marks.duplicated(["application_id", "reviewer", "criterion"]), "criterion", twice),
        (partly, "points", whole),
    ):
        if wrong.any():
            place = int(wrong.to_numpy().argmax())
            yield _cell(
                "reviews", column, place, value=marks[column].iloc[place], meant=Cells((), expected)
            )


_MARKS = Text("表格請交給 Case.with_reviews", "give a table of marks to Case.with_reviews")
_TABLE = Text("應為 pandas.DataFrame", "expected a pandas.DataFrame")


def _columns(table: Any) -> Collection[Any]:
    return table.columns if isinstance(table, pd.DataFrame) else ()


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
    for column, meant in columns.items():
        if column not in table.columns:
            yield _problem(name, Text("缺少這一欄", "has no such column"), _should(meant), column)
        elif len(table) and (place := meant.first_wrong(table[column])) is not None:
            yield _cell(name, column, place, value=table[column].iloc[place], meant=meant)


def _cell(table: str, column: str, row: int, value: Any, meant: Cells) -> Problem:
    text = Text(f"第 {row} 列（自 0 起）的值不對", f"row {row} (from 0) is wrong")
    return _problem(table, text, expected=_should(meant), column=column, value=value)


def _should(meant: Cells) -> Text:
    return Text(f"應為{meant.expected.zh}", f"expected {meant.expected.en}")


def _problem(
    table: str, message: Text, expected: Text, column: str = "", value: Any = ""
) -> Problem:
    plain = value.item() if isinstance(value, np.generic) else value
    shown = given(plain) if column or not isinstance(plain, str) else ""
    return defect("malformed", message, expected=expected, file=table, column=column, value=shown)
