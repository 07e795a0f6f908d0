"""The reviews of a case: who marked which application, and how, as exact integers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from numbers import Rational
from typing import Any

import numpy as np
import pandas as pd

from optimizer.foundation.exact import BoolArray, IntArray, Places, exact
from optimizer.foundation.frozen import Content
from optimizer.tables.schema import RECUSED

COLUMNS = ("application_id", "reviewer", "criterion", "points")  # of the table of marks


@dataclass(frozen=True, eq=False)
class Reviews(Content):
    """All n reviews of a case, with the marks of each on C criteria.

    Sorted by application and reviewer, as `in_order` returns them.

    Parameters
    ----------
    application
        Shape (n,): row in the table of applications.
    reviewer
        Shape (n,): ordinal in `reviewers`.
    points
        Shape (n, C): marks as given (not turned round), numerators over `denominator`; 0 where
        there is none.
    given
        Shape (n, C): whether there is a mark.
    recused
        Shape (n,): whether the reviewer is recused from the application.
    denominator
        The common denominator of all points.
    reviewers
        The reviewers' names, sorted.
    criteria
        The policy's criteria, in its order.
    """

    application: Places
    reviewer: Places
    points: IntArray
    given: BoolArray
    recused: BoolArray
    denominator: int
    reviewers: tuple[str, ...]
    criteria: tuple[str, ...]

    @classmethod
    def none(cls, criteria: Iterable[str] = ()) -> Reviews:
        """Return no reviews at all."""
        return cls.from_table(pd.DataFrame(columns=COLUMNS), (), tuple(criteria))

    @classmethod
    def from_table(
        cls, marks: pd.DataFrame, applications: Iterable[str], criteria: Sequence[str]
    ) -> Reviews:
        """Take up a table as `table` returns it, in any order.

        A mark that it leaves out is missing. (`Case.with_reviews` looks at what is in it first.)

        Parameters
        ----------
        marks
            One row a mark.
        applications
            The ids of the applications, in order.
        criteria
            The policy's criteria.
        """
        reviewers = sorted(set(marks["reviewer"]))
        application, reviewer, criterion = (
            _ordinals(marks[column], of)
            for column, of in zip(COLUMNS, (applications, reviewers, criteria), strict=False)
        )
        pair = application * max(len(reviewers), 1) + reviewer
        _, first, review = np.unique(pair, return_index=True, return_inverse=True)
        said = marks["points"].tolist()
        numerators, is_given, denominator = _numbers(said)
        points = np.zeros((len(first), len(criteria)), dtype=numerators.dtype)
        points[review, criterion] = numerators
        given = np.zeros(points.shape, dtype=bool)
        given[review, criterion] = is_given
        recused = np.zeros(len(first), dtype=bool)
        recused[review[[str(mark) == RECUSED.key for mark in said]]] = True
        return cls(
            application[first],
            reviewer[first],
            points=points,
            given=given,
            recused=recused,
            denominator=denominator,
            reviewers=(*reviewers,),
            criteria=(*criteria,),
        )

    def __len__(self) -> int:
        return len(self.application)

    def table(self, applications: Sequence[str]) -> pd.DataFrame:
        """Return one row a mark, in the order of application, reviewer and criterion.

        Columns `application_id`, `reviewer`, `criterion` and `points`: an exact `Fraction`, None
        where the mark is missing, or ``recused``.

        Parameters
        ----------
        applications
            The ids of the applications, in order.
        """
        size, width = self.points.shape
        codes = (
            np.repeat(self.application, width),
            np.repeat(self.reviewer, width),
            np.tile(np.arange(width), size),
        )
        texts = (applications, self.reviewers, self.criteria)
        columns = [_texts(text, code) for text, code in zip(texts, codes, strict=True)]
        return pd.DataFrame(dict(zip(COLUMNS, [*columns, self._said()], strict=True)))

    def _said(self) -> pd.Series[Any]:
        numbers, at = np.unique(self.points, return_inverse=True)
        shown = np.empty(len(numbers), dtype=object)
        shown[:] = [Fraction(int(number), self.denominator) for number in numbers]
        said = shown[at.reshape(self.points.shape)]
        said[~self.given] = None
        said[self.recused] = RECUSED.key
        return pd.Series(said.ravel(), dtype=object)

    def in_order(self) -> Reviews:
        """Return the same reviews sorted by application, then by reviewer."""
        order = np.lexsort((self.reviewer, self.application))
        return self if (order == np.arange(len(order))).all() else self.taken(order)

    def taken(self, which: Any) -> Reviews:
        """Return some of the reviews, by position or by mask."""
        parts = ("application", "reviewer", "points", "given", "recused")
        return replace(self, **{name: getattr(self, name)[which] for name in parts})

    def of_some(self, keep: BoolArray) -> Reviews:
        """Return those of the applications that are kept, by their new places. `keep`: shape (N,)."""
        kept = self.taken(keep[self.application])
        return replace(kept, application=np.searchsorted(np.flatnonzero(keep), kept.application))


def _numbers(said: Sequence[Any]) -> tuple[IntArray, BoolArray, int]:
    """Return marks as numerators over one denominator, 0 where there is none, and where there is one."""
    given = np.array([isinstance(mark, Rational) for mark in said], dtype=bool)
    numbers = [Fraction(mark) if isinstance(mark, Rational) else Fraction(0) for mark in said]
    denominator = lcm(*(number.denominator for number in numbers))
    return exact([int(number * denominator) for number in numbers]), given, denominator


def _ordinals(values: Iterable[str], of: Iterable[str]) -> Places:
    at = {value: ordinal for ordinal, value in enumerate(of)}
    return np.array([at[value] for value in values], dtype=np.int64)


def _texts(texts: Iterable[str], codes: Places) -> Any:
    return pd.array(list(texts), dtype="str").take(codes)
