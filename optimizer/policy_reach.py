"""Values of a policy that can never work: each is legal by itself, and out of reach beside another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from optimizer.clauses import Clause
from optimizer.clauses.disadvantage import Disadvantage
from optimizer.clauses.merit import MeritPriority
from optimizer.clauses.school_cap import SchoolCap
from optimizer.errors import Problem, Severity
from optimizer.settings import Pool, Review, Settings
from optimizer.text import EMPTY, Text
from optimizer.words import exact_points


def out_of_reach(settings: Settings, rules: Sequence[Clause], file: str) -> Iterator[Problem]:
    """Yield every value that nothing can meet, or that leaves a rule without any effect.

    Parameters
    ----------
    settings
        The policy's tables.
    rules
        All its clauses and priorities, in the order in which they stand.
    file
        Where problems are said to stand.
    """
    found = [*_pool(settings.pool), *_points(settings)]
    for place, rule in _placed(rules):
        found += _rule(rule, place, settings)
    for key, value, message, expected in found:
        yield Problem(
            Severity.ERROR, "out_of_reach", message, expected, EMPTY, file, None, key, value
        )


_Found = tuple[str, str, Text, Text]  # key, value, what is wrong, what would work


def _placed(rules: Iterable[Clause]) -> Iterator[tuple[str, Clause]]:
    """Yield every rule with its place: ``clause.school_cap[2]``."""
    count: dict[str, int] = {}
    for rule in rules:
        count[rule.section] = count.get(rule.section, 0) + 1
        yield f"{rule.section}.{rule.kind}[{count[rule.section]}]", rule


def _pool(pool: Pool) -> Iterator[_Found]:
    """Hold the pool against its contingency and one unit; a pool of 0 may be meant."""
    if pool.amount and pool.contingency == pool.amount:
        yield (
            "pool.contingency",
            str(pool.contingency),
            Text("預備金等於經費總額，沒有可分配的經費", "all of the pool is held back"),
            Text(f"小於 {pool.amount}", f"less than {pool.amount}"),
        )
    elif 0 < pool.amount < pool.unit:
        yield (
            "pool.unit",
            str(pool.unit),
            Text(
                f"核定單位大於經費總額 {pool.amount} 元，無法補助任何一件",
                f"one unit is more than the pool of NT${pool.amount}: nothing can be awarded",
            ),
            Text(f"不超過 {pool.amount}", f"at most {pool.amount}"),
        )


def full_marks(review: Review) -> Fraction | None:
    """Return the most that merit can be; None where it was settled elsewhere."""
    return sum(map(Fraction, review.criteria.values()), Fraction(0)) if review.criteria else None


def _points(settings: Settings) -> Iterator[_Found]:
    """Hold leasts and grades against the full marks: nobody gets above these."""
    review, full = settings.review, full_marks(settings.review)
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
_BAND = Text(
    "級距大於各項滿分合計，所有申請都在同一級，此項不起作用",
    "is wider than the full marks of all criteria: all are in one band, and the priority decides nothing",
)


def _above(key: str, value: Fraction, full: Fraction, message: Text) -> _Found:
    most = exact_points(full)
    return key, exact_points(value), message, Text(f"不超過 {most}", f"at most {most}")


def _rule(rule: Clause, place: str, settings: Settings) -> Iterator[_Found]:
    unit, full = settings.pool.unit, full_marks(settings.review)
    if isinstance(rule, SchoolCap) and rule.amount < unit:
        yield (
            f"{place}.amount",
            str(rule.amount),
            Text(
                f"每校上限小於核定單位 {unit} 元，無法補助任何一件",
                f"the cap is less than one unit of NT${unit}: nothing can be awarded",
            ),
            Text(
                f"至少 {unit}，或將 [pool] 的 unit 改小",
                f"{unit} at least, or a smaller [pool] unit",
            ),
        )
    if isinstance(rule, MeritPriority) and full is not None and rule.band > full:
        yield _above(f"{place}.band", rule.band, full, _BAND)
    if isinstance(rule, Disadvantage) and rule.weights and not any(rule.weights.values()):
        yield (
            f"{place}.weights",
            ", ".join(f"{name} = {weight}" for name, weight in rule.weights.items()),
            Text("權重都是 0，此項不起作用", "all weights are 0: the priority decides nothing"),
            Text(
                "至少一個權重大於 0，或刪去這一項",
                "one weight above 0 at least, or no such priority",
            ),
        )
