"""Invented marks, spread like real ones.

In 216 reviews of 72 grant proposals by three reviewers each, on a scale from 1 to 5 (Gallo 2021,
doi 10.6084/m9.figshare.12728087), the overall scores have

- a standard deviation among the reviewers of one proposal of 0.63, 16% of the range;
- a standard deviation of the proposals' own quality of 0.49, 12% of the range, so that one
  reviewer's score says 0.37 of what there is to know (intraclass correlation);
- within one review, a standard deviation of single criteria about their mean of 0.54, 14% of
  the range.

Marks out of 100 keep to a range of about 40 points, from 60 to 100; hence the standard deviations
below, in points out of 100: quality 4.9, a review as a whole 5.5, one reviewer's severity 2.0 and a
single criterion 5.4. The reviews of one application then differ by 6.3 (the root of the sum of
the squares, the criterion's share being 2.3), and the mean of three has a deviation of 6.1. In the
committed example, where marks are whole and end at full marks, reviews differ by 5.8, quality by
5.0, means by 6.0, and one review says 0.42.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from optimizer.invented import vocabulary
from optimizer.invented.random_integers import Draws, Ints, Mask
from optimizer.invented.sketch import Sketch

# Standard deviations and means of the marks, in thousandths of a point out of 100.
QUALITY, REVIEW, SEVERITY, CRITERION = 4_900, 5_500, 2_000, 5_400
LEVEL = 83_000
JUNIOR_HIGH_HANDICAP = 1_500  # so that a quota for junior high schools has something to do
LONE_HANDICAP = 6_000  # so that a district with one application needs the coverage priority
FLAT_SHARE = 80  # per cent of full marks, where every score is to be equal


def reviews_table(
    draws: Draws, sketch: Sketch, reviewers: int, all_equal: bool, recusals: int
) -> pd.DataFrame:
    """Write out every reviewer's marks for every application."""
    names = np.array([_reviewer(i) for i in range(reviewers)], dtype=object)
    columns: dict[str, object] = {
        "application_id": np.repeat(sketch.ids, reviewers),
        "reviewer": np.tile(names, sketch.size),
    }
    marks = _flat_marks(sketch.size * reviewers) if all_equal else _marks(draws, sketch, reviewers)
    recused = _recused(draws, sketch.size, reviewers, recusals)
    for criterion, points in marks.items():
        columns[criterion] = (
            np.where(recused, "recused", points.astype(object)) if recused.any() else points
        )
    return pd.DataFrame(columns)


def _marks(draws: Draws, sketch: Sketch, reviewers: int) -> dict[str, Ints]:
    """Draw whole points, a column a criterion: quality, severity, review and criterion add up."""
    size = sketch.size
    quality = LEVEL + draws.bell("quality", size, QUALITY)
    quality -= JUNIOR_HIGH_HANDICAP * sketch.junior_high + LONE_HANDICAP * sketch.lone
    quality = np.where(sketch.faults["poor"], 64_000, quality)
    severity = draws.bell("severity", reviewers, SEVERITY)
    review = np.repeat(quality, reviewers) + np.tile(severity, size)
    review += draws.bell("review", size * reviewers, REVIEW)
    marks = {}
    for criterion, full in vocabulary.CRITERIA.items():
        level = review + draws.bell(f"criterion/{criterion}", size * reviewers, CRITERION)
        marks[criterion] = np.clip((level * full + 50_000) // 100_000, 0, full)
    return marks


def _flat_marks(size: int) -> dict[str, Ints]:
    return {
        criterion: np.full(size, full * FLAT_SHARE // 100, dtype=np.int64)
        for criterion, full in vocabulary.CRITERIA.items()
    }


def _recused(draws: Draws, size: int, reviewers: int, recusals: int) -> Mask:
    """Mark conflicts of interest: at most one an application, and never its only review."""
    mask = np.zeros((size, reviewers), dtype=bool)
    if reviewers > 1:
        rows = draws.order("recused", size)[:recusals]
        mask[rows, draws.below("recused/who", size, reviewers)[rows]] = True
    return mask.ravel()


def _reviewer(ordinal: int) -> str:
    letters = vocabulary.REVIEWERS
    return f"委員{letters[ordinal] if ordinal < len(letters) else ordinal + 1}"
