"""The typed tables of one round: what `reading` read and checked, before any rule has spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from optimizer.foundation.exact import BoolArray
from optimizer.foundation.frozen import Content, table
from optimizer.tables.originals import Originals
from optimizer.tables.outlines import Outlines
from optimizer.tables.reviews import Reviews
from optimizer.tables.settings import Settings


@dataclass(frozen=True, eq=False)
class Records(Content):
    """Every table of a case, checked and typed, each in the order of its key.

    Parameters
    ----------
    settings
        The policy's tables (plan, pool, review, award, draw).
    schools
        Sorted by (school_id, level), a `RangeIndex`. Columns `school_id`, `name`, `district`,
        `level`, `disadvantage` ("" for none) as text; `evaluation_programme` as bool; `students`,
        `classes` as ``Int64`` (missing allowed); `row`: its line in the file; then every further
        column the bureau keeps, as text.
    applications
        Sorted by application_id, a `RangeIndex`. Text: `application_id`, `school_id`, `level`,
        `title`, `convener`, `type`, `prior_outcome`. ``Int64``: `members`, `meetings`, `own_funds`
        (missing allowed), `requested` (NT$, never missing). Tuples of text: `methods`, `partners`,
        `fields`. `submitted_on`: `datetime.date` or None. `school`: the row of its lead school
        in `schools` (int), which a `Case` works out from the codes. `row`: its line in the file (the header is line 1). `merit`: an exact
        `Fraction`, only where the policy has no review criteria. Then every further column, as
        text.
    reviews
        The marks, a review a row and a criterion a column.
    budget_lines, meetings
        The optional tables, None where absent. `application`: row in `applications` (int); `item`
        text; `quantity`, `unit_price` exact `Fraction` or None; `amount` NT$ as int. `date` is a
        `datetime.date`.
    outlines
        The outlines of the districts, None where the policy names no file of them.
    originals
        The tables as they stood in their files, for checks that start from the text; None where
        there were no files.
    """

    settings: Settings
    schools: pd.DataFrame = table()
    applications: pd.DataFrame = table()
    reviews: Reviews = field(default_factory=Reviews.none)
    budget_lines: pd.DataFrame | None = table(optional=True)
    meetings: pd.DataFrame | None = table(optional=True)
    outlines: Outlines | None = field(default=None, repr=False, compare=False)
    originals: Originals | None = field(default=None, repr=False, compare=False)

    def without(self, rows: Sequence[int]) -> Records:
        """Return the tables as if some applications had not been handed in.

        Parameters
        ----------
        rows
            Their rows in `applications`.
        """
        keep = np.ones(len(self.applications), dtype=bool)
        keep[list(rows)] = False
        return replace(
            self,
            applications=self.applications[keep].reset_index(drop=True),
            reviews=self.reviews.of_some(keep),
            budget_lines=_of(self.budget_lines, keep),
            meetings=_of(self.meetings, keep),
        )

    def under(self, settings: Settings) -> Records:
        """Return the very same tables under other settings."""
        other = object.__new__(Records)
        vars(other).update(vars(self), settings=settings)
        return other

    def table_of(self, column: str) -> str:
        """Return the table that really holds a column of an application, or what it is made of."""
        scored = bool(self.settings.review.criteria) or self._has_totals
        if column in self.applications.columns and not (column == "merit" and scored):
            return "applications"
        if column in self.schools.columns:
            return "schools"
        if column == "merit" or column in self.settings.review.criteria:
            return "reviews"
        further = (("meetings", self.meetings), ("budget_lines", self.budget_lines))
        found = (name for name, rows in further if rows is not None and column in rows.columns)
        return next(found, "applications")

    @property
    def _has_totals(self) -> bool:
        return self.originals is not None and bool(self.originals.tables.get("reviews"))

    def place_of(self, column: str) -> tuple[str, list[int] | None]:
        """Return the table that holds a column, and each application's line there, if its cell is one."""
        table = self.table_of(column)
        if table == "applications":
            return table, self.applications["row"].to_list()
        if table == "schools" and "row" in self.schools.columns:
            return table, self.schools["row"].iloc[self.applications["school"]].to_list()
        return table, None

    def file_of(self, table: str) -> str:
        """Return what messages call the file or sheet of a table; its key where it is none, or several."""
        files = () if self.originals is None else self.originals.tables.get(table, ())
        return files[0].file if len(files) == 1 else table

    def school_line(self, school: int) -> int | None:
        """Return the line of a school in its table, if it was read from one."""
        return int(self.schools["row"].iloc[school]) if "row" in self.schools.columns else None


def _of(table: pd.DataFrame | None, keep: BoolArray) -> pd.DataFrame | None:
    """Return the rows of the applications that are kept, by their new places."""
    if table is None:
        return None
    kept = table[keep[table["application"]]].reset_index(drop=True)
    places = np.searchsorted(np.flatnonzero(keep), kept["application"].to_numpy(dtype=np.int64))
    return kept.assign(application=places)
