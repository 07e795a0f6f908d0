"""An allocation: what was certified, with the tables that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from numbers import Rational
from typing import TYPE_CHECKING, Any

import pandas as pd

from optimizer.facts.certified import Certified
from optimizer.foundation.frozen import handed_out
from optimizer.language.text import Language
from optimizer.problems.arguments import Amount, checked
from optimizer.result import headline, tabulate
from optimizer.result.seal import seal_of
from optimizer.scoring.remarks import screening_problems
from optimizer.solving.options import Options

if TYPE_CHECKING:
    from optimizer.explain import Change, Explainer, Explanation, WhatIf
    from optimizer.explain.passed_over import Inversions
    from optimizer.explain.worth import Marginals
    from optimizer.result.equity import Equity


@dataclass(frozen=True)
class Allocation(Certified):
    """The certified result of a round. Only `certify` makes one.

    Parameters
    ----------
    case, scored, decision, solution
        The facts; see `Certified`.
    language
        The language of the texts in the tables.

    Examples
    --------
    >>> allocation = allocate(case, language="en")
    >>> allocation.status, allocation.spent, allocation.left
    ('optimal', 49000, 0)
    >>> print(allocation.awards[["application_id", "rank", "status", "award"]].head(3).to_string())
      application_id  rank      status  award
    0           A001    12      funded   3500
    1           A002    22  not_funded      0
    2           A003    19      funded   2000
    >>> len(allocation.seal.replace("-", ""))
    25
    """

    language: Language = "zh-TW"

    @checked
    def in_language(self, language: Language) -> Allocation:
        """Return the same allocation with its tables in another language."""
        if language == self.language:
            return self
        made = replace(self, language=language)
        neutral = {n: known for n, known in vars(self).items() if n not in vars(Allocation)}
        also = {n: vars(self)[n] for n in ("inversions", "seal", "_explainer") if n in vars(self)}
        vars(made).update(neutral | also | {"language": language})
        return made

    @handed_out
    def awards(self) -> pd.DataFrame:
        """One row an application, in application_id order."""
        return tabulate.awards(self, self.language)

    @handed_out
    def by_school(self) -> pd.DataFrame:
        """Totals by lead school."""
        return tabulate.by_school(self, self.awards)

    @handed_out
    def by_district(self) -> pd.DataFrame:
        """Totals by district, those without an application included."""
        return tabulate.by_district(self, self.awards, self.language)

    @handed_out
    def waitlist(self) -> pd.DataFrame:
        """Eligible applications that got nothing, who comes in for the least money first."""
        return tabulate.waitlist(self, self.awards, self.language)

    @cached_property
    def inversions(self) -> Inversions:
        """What forces every pair "worse funded, better not"; worked out when it is asked."""
        from optimizer.explain.passed_over import Inversions

        return Inversions.of(self)

    @handed_out
    def passed_over(self) -> pd.DataFrame:
        """Who is at or above the line and got nothing, the best first, with what forces it."""
        return tabulate.passed_over(self.inversions, self.awards, self.language)

    @handed_out
    def problems(self) -> pd.DataFrame:
        """What screening found."""
        return tabulate.problems(screening_problems(self.scored), self.language)

    @handed_out
    def reviewers(self) -> pd.DataFrame:
        """How each reviewer's totals compare with the others'; see `optimizer.scoring.agreement`."""
        from optimizer.scoring.agreement import agreement

        return agreement(self.scored).reviewers

    @handed_out
    def priorities(self) -> pd.DataFrame:
        """What each priority reached, and whether that is proved."""
        return tabulate.priorities(self, self.language)

    @cached_property
    def _explainer(self) -> Explainer:
        from optimizer.explain import Explainer

        return Explainer.of(self, Options())

    @checked
    def explain(self, application_id: str) -> Explanation:
        """Say why an application got what it got, and what would have had to differ.

        Each answer is proved by solving again. What was asked once is remembered.

        Raises
        ------
        UsageError
            If there is no application of that number.
        """
        return self._explainer.explain(application_id).in_language(self.language)

    @checked
    def what_if(
        self,
        application_id: str,
        merit: Rational | None = None,
        request: Amount | None = None,
        pool: Amount | None = None,
        withdrawn: Sequence[str] = (),
    ) -> WhatIf:
        """Solve the round again with one thing different.

        Parameters
        ----------
        application_id
            About which application it is asked.
        merit
            Points more (or, negative, less) for it.
        request
            NT$ it would have asked for; a request above what it can get now comes with a budget to
            match, as in what `explain` says of a larger request.
        pool
            The whole pool, NT$.
        withdrawn
            Applications that would not have been handed in.

        Raises
        ------
        UsageError
            If an application is unknown or not eligible, or not exactly one thing is changed.
        """
        more = None if merit is None else Fraction(merit)
        return self._explainer.what_if(
            application_id, merit=more, request=request, pool=pool, withdrawn=withdrawn
        )

    def importance(self) -> pd.DataFrame:
        """Say of each funded application what is lost if it cannot be funded.

        See `optimizer.result.importance.importance`; each is solved, or known from tables.
        """
        from optimizer.result.importance import importance

        return importance(self._worth, self.awards, self.language)

    @checked
    def marginal(self, amount: Amount = 1_000) -> Change:
        """Say what so many NT$ more would bring, and to whom.

        Parameters
        ----------
        amount
            NT$ more than the pool has.

        Raises
        ------
        UsageError
            If it is no whole number of NT$.
        """
        return self._worth.more(amount)

    @property
    def _worth(self) -> Marginals:
        from optimizer.explain.worth import Marginals

        return Marginals(self._explainer.asking, self._explainer.naming)

    @cached_property
    def equity(self) -> Equity:
        """Who gets the money: tables by group, Lorenz curves, Gini coefficients."""
        from optimizer.result.equity import Equity

        return Equity(self, self.language)

    @handed_out
    def seal(self) -> str:
        """The seal of the result; see `optimizer.result.seal`."""
        return seal_of(self, self.awards)

    @handed_out
    def summary(self) -> Mapping[str, Any]:
        """Everything that summary.json says, times and versions apart."""
        return headline.summary(
            self,
            self.language,
            self.seal,
            found=self.inversions,
            awards=self.awards,
            districts=self.by_district,
            priorities=self.priorities,
        )

    def _repr_html_(self) -> str:
        """Show the headline figures and the priorities in a notebook."""
        return headline.headline_html(self, self.language, self.summary["counts"], self.priorities)

    def __repr__(self) -> str:
        funded = int(self.decision.fund.sum())
        return (
            f"<Allocation {self.status}: NT${self.spent:,} of NT${self.available:,} to {funded} of "
            f"{self.scored.round.size} eligible applications>"
        )
