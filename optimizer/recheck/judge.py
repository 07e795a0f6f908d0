"""What the plain reading makes of each application: eligible or not, for how much, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from optimizer.clauses import Clause
from optimizer.clauses.base import Rounded, Ruling
from optimizer.plain import Application, Papers, Score, scores_of
from optimizer.policy.policy import Policy
from optimizer.problems.errors import Severity
from optimizer.tables.settings import Award

Said = tuple[str, Ruling]  # which rule, or which table of the policy, and what it says


@dataclass(frozen=True, slots=True)
class Judged:
    """One application as the plain reading judges it.

    Parameters
    ----------
    application, merit
        Its papers, and its merit in points.
    rulings
        What each rule says of it.
    eligible
        Whether no rule refuses it.
    admissible
        The most it may get in view of what it asks for, NT$.
    least, most
        What it may get if it is funded, by the mode of awards.
    """

    application: Application
    merit: Fraction
    rulings: tuple[Said, ...]
    eligible: bool
    admissible: int
    least: int
    most: int


def judge(papers: Papers, policy: Policy) -> Iterator[Judged]:
    """Judge one application after another."""
    screens = [rule for rule in policy.rules if type(rule).audit_screen is not Clause.audit_screen]
    merits = [rule for rule in policy.rules if type(rule).audit_merit is not Clause.audit_merit]
    scores = scores_of(papers, policy.settings.review)
    for application, score in zip(papers.applications, scores, strict=True):
        yield _judge(application, score, papers, screens=screens, merits=merits)


def _judge(
    application: Application,
    score: Score,
    papers: Papers,
    screens: Sequence[Clause],
    merits: Sequence[Clause],
) -> Judged:
    """Ask the screens first; only what they let pass is held against its merit."""
    pool, award = papers.settings.pool, papers.settings.award
    said = [(r.label, one) for r in screens for one in r.audit_screen(application, papers)]
    limits = [one.limit for _, one in said if one.limit is not None]
    asked = min([application.requested, *limits])
    admissible = asked - asked % pool.unit
    if admissible <= 0:
        said.append(("unit", Ruling(Severity.REFUSAL, (asked, pool.unit))))
    least, most = bounds(award, admissible, score.merit, pool.unit)
    if not _refused(said):
        said += [(r.label, one) for r in merits for one in r.audit_merit(application, score)]
        if award.mode == "graded" and not most:
            said.append(("award", Ruling(Severity.REFUSAL, (Rounded(score.merit),))))
    if not score.counts:
        said.append(("review", Ruling(Severity.REFUSAL)))
    return Judged(
        application,
        score.merit,
        tuple(said),
        eligible=not _refused(said),
        admissible=admissible,
        least=least,
        most=most,
    )


def _refused(said: Sequence[Said]) -> bool:
    return any(one.severity is Severity.REFUSAL for _, one in said)


def bounds(award: Award, admissible: int, merit: Fraction, unit: int) -> tuple[int, int]:
    """Return the least and the most NT$ of an award: all, a share of it at least, or by grade."""
    if award.mode == "partial":
        least = ceil(admissible * award.least_share / unit) * unit
        return min(max(least, unit), admissible), admissible
    if award.mode == "graded":
        reached = [(at, share) for at, share in award.grades if merit >= at]
        _, share = max(reached, default=(Fraction(0), Fraction(0)))
        granted = floor(admissible * share / unit) * unit
        return granted, granted
    return admissible, admissible
