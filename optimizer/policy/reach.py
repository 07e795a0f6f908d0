"""Values of a policy that can never work: each is legal by itself, and out of place beside another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from optimizer.clauses import Clause
from optimizer.language.text import Text
from optimizer.language.words import exact_points
from optimizer.problems.errors import Problem, defect
from optimizer.tables.settings import Pool, Settings


def out_of_reach(settings: Settings, rules: Sequence[Clause]) -> Iterator[Problem]:
    """Yield every value that nothing can meet, or that leaves a rule without any effect.

    Parameters
    ----------
    settings
        The policy's tables.
    rules
        All its clauses and priorities, in the order in which they stand.
    """
    yield from _pool(settings.pool)
    yield from _points(settings)
    for place, rule in _placed(rules):
        for found in rule.out_of_reach(settings):
            yield replace(found, column=f"{place}.{found.column}")


def misstated(rules: Sequence[Clause]) -> Iterator[Problem]:
    """Yield what is wrong with the rules themselves, whatever the tables and the data are."""
    for place, rule in _placed(rules):
        for found in rule.misstated():
            yield replace(found, column=f"{place}.{found.column}")


def _placed(rules: Iterable[Clause]) -> Iterator[tuple[str, Clause]]:
    """Yield every rule with its place: ``clause.school_cap[2]``."""
    count: dict[str, int] = {}
    for rule in rules:
        count[rule.section] = count.get(rule.section, 0) + 1
        yield f"{rule.section}.{rule.kind}[{count[rule.section]}]", rule


def _pool(pool: Pool) -> Iterator[Problem]:
    """Hold the pool against its contingency and one unit; a pool of 0 may be meant."""
    if pool.amount and pool.contingency == pool.amount:
        yield defect(
            "out_of_reach",
            Text("預備金等於經費總額，沒有可分配的經費", "all of the pool is held back"),
            column="pool.contingency",
            value=str(pool.contingency),
            expected=Text(f"小於 {pool.amount}", f"less than {pool.amount}"),
        )
    elif 0 < pool.amount < pool.unit:
        yield defect(
            "out_of_reach",
            Text(
                f"核定單位大於經費總額 {pool.amount} 元，無法補助任何一件",
                f"one unit is more than the pool of NT${pool.amount}: nothing can be awarded",
            ),
            column="pool.unit",
            value=str(pool.unit),
            expected=Text(f"不超過 {pool.amount}", f"at most {pool.amount}"),
        )


def _points(settings: Settings) -> Iterator[Problem]:
    """Hold leasts and grades against the full marks: nobody gets above these."""
    review, full = settings.review, settings.review.full
    if full is not None and review.minimum_merit > full:
        yield _above("review.minimum_merit", review.minimum_merit, full, _ALL)
    for name, least in review.minimum_points.items():
        if name in review.criteria and least > review.criteria[name]:
            yield _above(f"review.minimum_points.{name}", least, review.criteria[name], _ONE)
    for merit, _ in settings.award.grades:
        if full is not None and merit > full:
            yield _above("award.grades", merit, full, _GRADE)


_ALL = Text(
    "高於各項滿分合計，無人能及格", "is above the full marks of all criteria: nobody can pass"
)
_ONE = Text(
    "高於這一項的滿分，無人能及格", "is above the full marks of the criterion: nobody can pass"
)
_GRADE = Text(
    "高於各項滿分合計，無人能達到", "is above the full marks of all criteria: nobody gets there"
)


def _above(key: str, value: Fraction, full: Fraction, message: Text) -> Problem:
    most = exact_points(full)
    return defect(
        "out_of_reach",
        message,
        column=key,
        value=exact_points(value),
        expected=Text(f"不超過 {most}", f"at most {most}"),
    )
