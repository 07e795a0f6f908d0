"""A scored round: the eligible applications as aligned arrays, ready to be put into a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from optimizer.foundation.exact import BoolArray, IntArray, Places
from optimizer.foundation.frozen import Content, handed_out
from optimizer.tables.records import Records
from optimizer.tables.settings import Settings


@dataclass(frozen=True, eq=False)
class Round(Content):
    """The n eligible applications of a case, in application_id order.

    Parameters
    ----------
    records
        All tables, the ineligible applications among them.
    position
        Shape (n,): each eligible application's row in ``records.applications``.
    least, most
        Shape (n,), NT$, multiples of the unit: what it may get if funded.
    merit
        Shape (n,): exact merit as integer numerators over `merit_denominator`.
    merit_denominator
        One denominator over the whole case.
    points, points_denominator
        Shape (n, C): mean points on each criterion of the review, over one denominator; None
        where merit is given.
    """

    records: Records
    position: Places
    least: IntArray
    most: IntArray
    merit: IntArray
    merit_denominator: int
    points: IntArray | None = None
    points_denominator: int = 1

    @staticmethod
    def joined(records: Records, position: Places) -> pd.DataFrame:
        """Return some applications with their lead school's columns, one row each."""
        own = records.applications.iloc[position].reset_index(drop=True)
        extra = [c for c in records.schools.columns if c not in own.columns]
        school = records.schools[extra].iloc[own["school"]].reset_index(drop=True)
        return pd.concat([own, school], axis=1)

    @property
    def settings(self) -> Settings:
        """The policy's tables."""
        return self.records.settings

    @property
    def size(self) -> int:
        """How many applications are eligible."""
        return len(self.position)

    @handed_out
    def table(self) -> pd.DataFrame:
        """The eligible applications with their lead school's columns, one row each.

        School columns keep their own name (district, level, disadvantage ...), except that an
        application's own column wins where both tables have one of that name.
        """
        return self.joined(self.records, self.position)

    @handed_out
    def ids(self) -> tuple[str, ...]:
        """Application ids."""
        return tuple(self.table["application_id"])

    @handed_out
    def school(self) -> Places:
        """Shape (n,): row of the lead school in ``records.schools``."""
        return self.table["school"].to_numpy(dtype=np.int64)

    def revalued(self, **changes: Any) -> Round:
        """Return the same applications with other merits, bounds or amounts in their tables."""
        other = replace(self, **changes)
        vars(other).update(self.derived())
        if "records" in changes:
            vars(other).pop("table", None)
        return other

    def derived(self) -> dict[str, Any]:
        """Return what is known already of the rows and positions alone."""
        return {name: vars(self)[name] for name in _OF_THE_ROWS & vars(self).keys()}

    def only(self, keep: BoolArray) -> Round:
        """Return the round of some of its applications."""
        other = replace(
            self,
            position=self.position[keep],
            least=self.least[keep],
            most=self.most[keep],
            merit=self.merit[keep],
            points=None if self.points is None else self.points[keep],
        )
        vars(other)["table"] = self.table[keep].reset_index(drop=True)
        return other

    def without(self, gone: Sequence[int]) -> Round:
        """Return the round as if some had not been handed in; who else is eligible stays as it is.

        Parameters
        ----------
        gone
            Their places in this round.
        """
        keep = np.ones(self.size, dtype=bool)
        keep[list(gone)] = False
        rows = self.position[~keep]
        rest = self.only(keep)
        records = self.records.without(rows.tolist())
        return rest.revalued(
            records=records, position=rest.position - np.searchsorted(rows, rest.position)
        )

    def merit_of(self, ordinal: int) -> Fraction:
        """Return the exact merit of one eligible application, in points."""
        return Fraction(int(self.merit[ordinal]), self.merit_denominator)


_OF_THE_ROWS = {"table", "ids", "school"}  # what is worked out from the records and positions alone
