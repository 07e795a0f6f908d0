"""A round with one thing different, nothing solved: a merit, a request, or the pool."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np

from optimizer.foundation.exact import IntArray, exact, times
from optimizer.policy.policy import Policy
from optimizer.problems.errors import Severity
from optimizer.scoring.score import Scored, sizes
from optimizer.scoring.screening import left_of
from optimizer.tables.records import Records
from optimizer.tables.round import Round
from optimizer.tables.settings import Review


@dataclass(frozen=True)
class Changed:
    """The rounds that differ from one in a single figure.

    Parameters
    ----------
    scored
        The round as it is.
    """

    scored: Scored
    _left: dict[int, IntArray] = field(default_factory=dict)
    _whole: dict[int, IntArray] = field(default_factory=dict)

    @property
    def round(self) -> Round:
        """Its eligible applications."""
        return self.scored.round

    @property
    def policy(self) -> Policy:
        """Its policy."""
        return self.scored.screened.policy

    def requested(self, a: int) -> int:
        """NT$ that an eligible application asks for."""
        return int(self._requested[a])

    @cached_property
    def _requested(self) -> IntArray:
        table = self.round.records.applications
        return exact(table["requested"].to_numpy()[self.round.position])

    def merit_step(self, a: int) -> Fraction:
        """Return the smallest step that its reviewers' marks allow in its merit."""
        scores, review = self.scored.scores, self.policy.settings.review
        count = int(scores.present[self.round.position[a]].sum())
        if not review.criteria or not count:
            return Fraction(1, scores.denominator)
        return Fraction(1, scores.totals_denominator * _PARTS[review.aggregate](count, review))

    @property
    def _allowed(self) -> IntArray:
        return self.scored.screened.allowed[self.round.position]

    def with_merit(self, a: int, value: Fraction) -> Round:
        """Return the round as it would be if one merit were another."""
        common = lcm(self.round.merit_denominator, value.denominator)
        merit = times(self.round.merit, common // self.round.merit_denominator).astype(object)
        merit[a] = int(value * common)
        merit = exact(merit.tolist())
        least, most = sizes(self.policy, self._allowed, merit, common)
        return self._eligible(
            self.round.revalued(merit=merit, merit_denominator=common, least=least, most=most)
        )

    def with_request(self, a: int, amount: int) -> Round:
        """Return the round as it would be if one had asked for another amount."""
        less = amount <= self.requested(a)
        left = min(int(self._allowed[a]), amount) if less else self.most_for(a, amount)
        return self._asking(a, amount, left)

    def with_budget(self, a: int, amount: int) -> Round:
        """Return the round as it would be if one had asked for another amount, with a budget to match."""
        return self._asking(a, amount, self.most_with_budget(a, amount))

    def most_with_budget(self, a: int, request: int) -> int:
        """Return what the rules would leave of a request whose budget lines add up to it, NT$."""
        if request not in self._whole:
            records = replace(self.round.records, budget_lines=None)
            self._whole[request] = left_of(records, self.policy, request)
        return int(self._whole[request][self.round.position[a]])

    def _asking(self, a: int, amount: int, left: int) -> Round:
        """Return the round in which one asks for another amount, of which the rules leave so much."""
        records = self._requesting(self.round.position[a], amount)
        allowed = self._allowed.copy()
        allowed[a] = left
        merit, denominator = self.round.merit, self.round.merit_denominator
        least, most = sizes(self.policy, allowed, merit, denominator)
        return self._eligible(self.round.revalued(records=records, least=least, most=most))

    def most_for(self, a: int, request: int) -> int:
        """Return what the rules would leave of a request, NT$."""
        if request not in self._left:
            self._left[request] = left_of(self.round.records, self.policy, request)
        return int(self._left[request][self.round.position[a]])

    def _requesting(self, row: int, amount: int) -> Records:
        table = self.round.records.applications
        requested = table["requested"].copy()
        requested.iloc[row] = amount
        return replace(self.round.records, applications=table.assign(requested=requested))

    def _eligible(self, round_: Round) -> Round:
        """Return a changed round without those that rules then refuse for their merit or amount."""
        refused = {
            finding.application
            for rule in self.policy.rules
            for finding in rule.screen_merit(round_)
            if finding.severity is Severity.REFUSAL
        }
        keep = (round_.most > 0) & ~np.isin(round_.position, sorted(refused))
        return round_ if keep.all() else round_.only(np.asarray(keep, dtype=bool))

    def with_pool(self, amount: int) -> tuple[Round, Policy]:
        """Return the round, and its policy, with so many NT$ to award."""
        settings = self.policy.settings
        whole = replace(settings.pool, amount=amount + settings.pool.contingency)
        policy = self.policy.with_settings(replace(settings, pool=whole))
        records = replace(self.round.records, settings=policy.settings)
        return self.round.revalued(records=records), policy

    def awards(self, requests: Sequence[int]) -> list[range]:
        """Return what an application that asks for each of some amounts may get."""
        amounts, unit = exact(list(requests)), self.policy.settings.pool.unit
        bounds = sizes(self.policy, amounts, amounts, 1)
        pairs = zip(*(bound.tolist() for bound in bounds), strict=True)
        return [range(least, most + 1, unit) for least, most in pairs]


def _kept(count: int, review: Review) -> int:
    return count - 2 * min(review.trim, (count - 1) // 2)


# into how many parts one reviewer's step is divided
_PARTS: dict[str, Callable[[int, Review], int]] = {
    "mean": lambda count, _: count,
    "median": lambda count, _: 2 - count % 2,
    "trimmed_mean": _kept,
}
