"""Other marks that the reviewers might as well have given, and the scored round of each.

Each draw has a number and is a function of the seed, the way and that number alone, so that it is
the same under every policy (common random numbers), on any number of processes, and when replayed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from math import lcm, sqrt

import numpy as np

from optimizer.foundation.exact import Places, exact, largest, plus, sums, times
from optimizer.language.text import Text
from optimizer.scoring.score import Scored, Scores, aggregated, score, settled
from optimizer.scoring.screening import Screened
from optimizer.tables.reviews import Reviews

_RESOLUTION = 100  # noise is drawn in whole hundredths of a point


@dataclass(frozen=True)
class Redrawn:
    """The marks of a screened round, drawn anew.

    Parameters
    ----------
    screened
        The round; what screening found does not depend on marks.
    scores
        Its merits as they are.
    seed
        Any text.
    """

    screened: Screened
    scores: Scores
    seed: str

    def scored(self, way: str, number: int) -> Scored:
        """Return the round of one draw."""
        return WAYS[way].draw(self, number)

    def numbers(self, way: str, draws: int) -> range:
        """Return the numbers of all draws of one way."""
        if way == "leave_one_out":
            return range(len(self.reviews.reviewers))
        return range(draws)

    def random(self, way: str, number: int) -> np.random.Generator:
        """Return where the chance of one draw comes from."""
        key = sha256(f"{self.seed}\n{way}\n{number}".encode()).digest()
        return np.random.default_rng(int.from_bytes(key, "big"))

    @cached_property
    def reviews(self) -> Reviews:
        """The reviews of all who are not recused."""
        reviews = self.screened.records.reviews
        return reviews.taken(~reviews.recused)

    def with_reviews(self, which: Places, adjusted: bool = False) -> Scored:
        """Score the round with some of the reviews, by position; one may be taken more than once.

        `adjusted`: reviewers' severity is taken out, whatever the policy says.
        """
        records = replace(self.screened.records, reviews=self.reviews.taken(which))
        if adjusted:
            review = replace(records.settings.review, severity="additive")
            records = replace(records, settings=replace(records.settings, review=review))
        return score(replace(self.screened, records=records))

    def resampled(self, number: int) -> Places:
        """Return, by position, as many of each application's own reviews as it has, with replacement."""
        application = self.reviews.application
        first = np.searchsorted(application, application)
        count = np.searchsorted(application, application, side="right") - first
        chance = self.random("bootstrap", number).random(len(application))
        return first + np.floor(chance * count).astype(np.int64)

    @cached_property
    def deviation(self) -> float:
        """How far reviewers of one application lie apart, in points.

        ``sqrt(sum_a sum_r (total_ar - mean_a)^2 / sum_a (n_a - 1))``: the pooled standard deviation
        within applications, NaN if none has two reviews.
        """
        scores = self.scores
        count = scores.present.sum(axis=1)
        totals = exact(np.where(scores.present, scores.totals, 0))
        squares, each = sums(times(totals, totals), axis=1), sums(totals, axis=1)
        freedom = sum(max(int(n) - 1, 0) for n in count)
        within = [
            Fraction(int(n) * int(square) - int(whole) ** 2, int(n))
            for n, square, whole in zip(count, squares, each, strict=True)
            if n
        ]
        if not freedom:
            return float("nan")
        return sqrt(sum(within, Fraction(0)) / freedom) / scores.totals_denominator


def _bootstrapped(of: Redrawn, number: int) -> Scored:
    """Draw as many of an application's own reviews as it has, with replacement."""
    return of.with_reviews(of.resampled(number))


def _adjusted(of: Redrawn, number: int) -> Scored:
    """Draw the same reviews, and take out of each the severity that its reviewer shows in them."""
    return of.with_reviews(of.resampled(number), adjusted=True)


def _without_one(of: Redrawn, number: int) -> Scored:
    """Leave one reviewer out wherever somebody else marked the application, too."""
    reviews = of.reviews
    others = np.bincount(reviews.application[reviews.reviewer != number],
                         minlength=len(of.screened.eligible))  # fmt: skip
    keep = (reviews.reviewer != number) | (others[reviews.application] == 0)
    return of.with_reviews(np.flatnonzero(keep))


def _noisy(of: Redrawn, number: int) -> Scored:
    """Add to each review's total what reviewers differ by, within the scale.

    Normal, with the pooled `deviation`, in whole hundredths of a point; the means of single
    criteria stay as they are.
    """
    scores, review = of.scores, of.screened.policy.settings.review
    shape = scores.totals.shape
    noise = of.random("noise", number).standard_normal(shape) * of.deviation * _RESOLUTION
    common = lcm(scores.totals_denominator, _RESOLUTION)
    totals = times(scores.totals, common // scores.totals_denominator)
    moved = plus(totals, times(np.rint(noise).astype(np.int64), common // _RESOLUTION))
    top = max(int((review.full or 0) * common), largest(totals))
    inside = exact(np.clip(moved, 0, top))
    totals = exact(np.where(scores.present, inside, 0))
    merit, parts = aggregated(totals, scores.present, review)
    return settled(
        of.screened,
        replace(
            scores,
            merit=merit,
            denominator=parts * common,
            totals=totals,
            totals_denominator=common,
        ),
    )


@dataclass(frozen=True)
class Way:
    """One way of drawing marks anew.

    Parameters
    ----------
    title
        What people call it.
    said
        What it does, in one sentence.
    draw
        Returns the scored round of one draw.
    chance
        Whether draws are random, so that shares of them are chances.
    """

    title: Text
    said: Text
    draw: Callable[[Redrawn, int], Scored]
    chance: bool = True


WAYS: Mapping[str, Way] = {
    "bootstrap": Way(
        Text("重抽審查委員", "reviewers resampled"),
        Text(
            "每件申請自其原有之審查結果中抽出同樣份數（可重複）",
            "of each application's own reviews, as many are drawn with replacement",
        ),
        _bootstrapped,
    ),
    "noise": Way(
        Text("評分誤差", "noise of the marks"),
        Text(
            "每位委員之總分加上常態誤差，大小同委員間實際之差異",
            "each review's total with normal noise, as large as reviewers really differ",
        ),
        _noisy,
    ),
    "severity": Way(
        Text("扣除委員寬嚴", "reviewers' severity taken out"),
        Text(
            "同重抽審查委員，但先扣除各委員給分之寬嚴（每次重新估計）",
            "reviewers resampled as above, and how severe each one is taken out, estimated anew each time",
        ),
        _adjusted,
    ),
    "leave_one_out": Way(
        Text("少一位委員", "one reviewer left out"),
        Text(
            "逐一不計一位委員之評分（僅其一人評者除外）",
            "one reviewer at a time is left out (but where nobody else marked the application)",
        ),
        _without_one,
        chance=False,
    ),
}
