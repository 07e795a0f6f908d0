"""What the plain reading makes of each application: eligible or not, for how much, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from optimizer.clauses import Clause
from optimizer.clauses.base import Rounded, Ruling
from optimizer.plain import Application, Papers, Score, scores_of
from optimizer.problems.errors import Severity
from optimizer.tables.settings import Award

Said = tuple[str, Ruling]  # which rule, or which table of the policy, and what it says


@dataclass(frozen=True, slots=True)
class Judged:
    """One application as the plain reading judges it."""

    application: Application
    merit: Fraction  # in points
    rulings: tuple[Said, ...]  # what each rule says of it
    eligible: bool  # whether no rule refuses it
    allowed: int  # what the rules leave of what it asks for, NT$, not yet in whole units
    least: int  # what it may get if it is funded, by the mode of awards
    most: int


def judge(papers: Papers, rules: Sequence[Clause], smallest: int) -> Iterator[Judged]:
    """Judge one application after another by some rules, and by the smallest award of all of them."""
    screens = [rule for rule in rules if type(rule).audit_screen is not Clause.audit_screen]
    merits = [rule for rule in rules if type(rule).audit_merit is not Clause.audit_merit]
    scores = scores_of(papers, papers.settings.review)
    for application, score in zip(papers.applications, scores, strict=True):
        yield _judge(application, score, papers, screens=screens, merits=merits, smallest=smallest)


def _judge(
    application: Application,
    score: Score,
    papers: Papers,
    screens: Sequence[Clause],
    merits: Sequence[Clause],
    smallest: int,
) -> Judged:
    """Ask the screens first; only what they let pass is held against its merit."""
    pool, award = papers.settings.pool, papers.settings.award
    said = [(r.label, one) for r in screens for one in r.audit_screen(application, papers)]
    limits = [one.limit for _, one in said if one.limit is not None]
    allowed = min([application.requested, *limits])
    if allowed < pool.unit:
        said.append(("unit", Ruling(Severity.REFUSAL, (allowed, pool.unit))))
    least, most = bounds(award, allowed, score.merit, pool.unit)
    least = min(most, ceil(Fraction(max(least, smallest), pool.unit)) * pool.unit)
    if not _refused(said):
        said += [(r.label, one) for r in merits for one in r.audit_merit(application, score, most)]
        if award.mode == "graded" and not most:
            said.append(("award", _nothing(award, allowed, score.merit, pool.unit)))
    if not score.counts:
        said.append(("review", Ruling(Severity.REFUSAL)))
    return Judged(
        application,
        score.merit,
        tuple(said),
        eligible=not _refused(said),
        allowed=allowed,
        least=least,
        most=most,
    )


def _refused(said: Sequence[Said]) -> bool:
    return any(one.severity is Severity.REFUSAL for _, one in said)


def bounds(award: Award, allowed: int, merit: Fraction, unit: int) -> tuple[int, int]:
    """Return the least and the most NT$ of an award: all, a share of it at least, or by grade."""
    whole = allowed - allowed % unit
    if award.mode == "partial":
        least = ceil(allowed * award.least_share / unit) * unit
        return min(max(least, unit), whole), whole
    if award.mode == "graded":
        reached = _reached(award, merit)
        granted = floor(allowed * reached[1] / unit) * unit if reached else 0
        return granted, granted
    return whole, whole


def _reached(award: Award, merit: Fraction) -> tuple[Fraction, Fraction] | None:
    """Return the highest grade that a merit reaches: from which merit on, and its share."""
    return max((grade for grade in award.grades if merit >= grade[0]), default=None)


def _nothing(award: Award, allowed: int, merit: Fraction, unit: int) -> Ruling:
    """Say why a graded award comes to nothing: no grade, or too small a share of the amount."""
    reached = _reached(award, merit)
    if reached is None:
        return Ruling(Severity.REFUSAL, (Rounded(merit),))
    at, share = reached
    figures = (Rounded(merit), Rounded(at), Rounded(100 * share), allowed, unit)
    return Ruling(Severity.REFUSAL, figures)
