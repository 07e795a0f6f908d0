"""Single marks that look like shares of the full mark, 0.85 where 17 of 20 was meant: worth a look.

A whole column of them is an error (`optimizer.reading.review_doubts`); one may be a mark, and is only flagged.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from optimizer.foundation.exact import BoolArray
from optimizer.language.text import Text
from optimizer.language.words import exact_points
from optimizer.problems.errors import Problem, flag
from optimizer.tables.case_words import term
from optimizer.tables.records import Records
from optimizer.tables.schema import CRITERIA, canonical

CODE = "mark_below_one"
_LEAST_FULL = 5  # full marks from which on a mark between 0 and 1 is a doubt


def slipped_marks(records: Records) -> Iterator[Problem]:
    """Yield a flag for every mark between 0 and 1 where most marks of the criterion are not."""
    reviews = records.reviews
    small = reviews.given & (reviews.points > 0) & (reviews.points < reviews.denominator)
    for ordinal, (name, full) in enumerate(records.settings.review.criteria.items()):
        mine = small[:, ordinal]
        if full >= _LEAST_FULL and mine.any() and _few(mine, reviews.given[:, ordinal]):
            for row in np.flatnonzero(mine).tolist():
                yield _slip(records, row, ordinal, name=name, full=full)


def _few(some: BoolArray, of: BoolArray) -> bool:
    return 2 * int(some.sum()) <= int(of.sum())


def _slip(records: Records, row: int, ordinal: int, name: str, full: Fraction) -> Problem:
    reviews = records.reviews
    reviewer = reviews.reviewers[int(reviews.reviewer[row])]
    mark = Fraction(int(reviews.points[row, ordinal]), reviews.denominator)
    said, criterion = exact_points(mark), term(canonical(name, CRITERIA))
    whole, meant = exact_points(full), exact_points(mark * full)
    return flag(
        CODE,
        Text(
            f"委員「{reviewer}」的「{criterion.zh}」只有 {said} 分，滿分 {whole} 分，"
            "其他分數多在 1 分以上",
            f"{reviewer} gives {said} of {whole} for {criterion.en}, where most marks are "
            "1 or more",
        ),
        hint=Text(
            f"若 {said} 是比例，請改填 {meant} 分；若確為 {said} 分，無須處理。",
            f"If {said} is a share, write {meant}; if it is the mark, leave it.",
        ),
        file="reviews",
        column=name,
        value=said,
        application_id=str(
            records.applications["application_id"].iloc[int(reviews.application[row])]
        ),
    )
