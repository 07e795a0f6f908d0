"""Quotas by share that contradict each other: only an empty list has these shares of nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from optimizer.clauses.bounded import Bounded
from optimizer.clauses.bounds import Sense
from optimizer.clauses.column_sums import AMOUNT, COUNT
from optimizer.clauses.named_columns import has_column, of_applications, words
from optimizer.language.text import Text
from optimizer.language.words import exact_points
from optimizer.problems.errors import Problem, Severity, problem_of
from optimizer.tables.case_words import code_of
from optimizer.tables.records import Records


@dataclass(frozen=True)
class _Bound:
    """One share of one value, and the key that says it."""

    share: Fraction
    key: str
    by: Bounded


_NEVER_NONE = (COUNT, AMOUNT)  # of any other measure, a list that funds somebody may have none
_Bounds = Mapping[str, _Bound]  # by value


def contradictions(quotas: Iterable[Bounded], records: Records) -> Iterator[Problem]:
    """Yield the quotas whose shares nothing but an empty list can have.

    An error where that is so whatever the data; a flag where it is for want of applications.

    Of one column, in which an application has one value, and one measure, let l_v and u_v be the least
    and the most share of value v. The shares add up to 1, so a list that funds anybody needs
    ``l_v <= u_v`` for all v and ``sum_v l_v <= 1``; and ``sum_v u_v >= 1``, where every value has a most.
    """
    groups: dict[tuple[str, str], list[Bounded]] = {}
    for quota in quotas:
        if quota.column and quota.measure in _NEVER_NONE:
            groups.setdefault((quota.column, quota.measure), []).append(quota)
    for (column, _), group in groups.items():
        values = _values(column, records)
        if values is not None:
            yield from _group(group, values, records)


def _values(column: str, records: Records) -> set[str] | None:
    """Return the values that applications have in a column; None if one may have several."""
    if not has_column(column, records):
        return None
    different = set(of_applications(column, records))
    if any(isinstance(cell, tuple) for cell in different):
        return None
    return {code_of(words(cell)[0]) for cell in different}


def _group(quotas: Sequence[Bounded], values: set[str], records: Records) -> Iterator[Problem]:
    least, most = _bounds(quotas, ">=", records), _bounds(quotas, "<=", records)
    crossed: dict[tuple[str, str], Problem] = {}  # by the keys that say so: once for all values
    for value, bound in least.items():
        if value in most and bound.share > most[value].share:
            pair = [bound, most[value]]
            crossed[bound.key, most[value].key] = _problem(pair, _CROSSED, _NOT_ABOVE)
        elif bound.share > 0 and value not in values:
            crossed[bound.key, ""] = _problem([bound], _NOBODY_HAS, _A_VALUE, Severity.FLAG)
    yield from crossed.values()
    if crossed:
        return
    if (total := _sum(least)) > 1:
        yield _problem(least.values(), _over(total), _AT_MOST_ALL)
    if values <= most.keys() and (total := _sum(most)) < 1:
        yield _problem(most.values(), _under(total), _AT_LEAST_ALL, Severity.FLAG)


def _bounds(quotas: Iterable[Bounded], sense: Sense, records: Records) -> _Bounds:
    """Return the strictest share of each value."""
    found: dict[str, _Bound] = {}
    choose = max if sense == ">=" else min
    for quota in quotas:
        share = next((bound for bound, of in quota.limits if of == sense), None)
        if isinstance(share, Fraction):
            bound = _Bound(share, f"clause.{quota.label}.{quota.key_of(sense)}", quota)
            one = [] if quota.value is None else [code_of(quota.value)]
            for value in quota.values(records) or one:
                stricter = [bound, *([found[value]] if value in found else [])]
                found[value] = choose(stricter, key=lambda one: one.share)
    return found


def _sum(bounds: _Bounds) -> Fraction:
    return sum((bound.share for bound in bounds.values()), Fraction(0))


def _percent(share: Fraction) -> str:
    return f"{exact_points(100 * share)}%"


_CROSSED = Text("下限高於另一條的上限", "the least is above the most of another quota")
_NOT_ABOVE = Text("下限不高於上限", "a least no higher than the most")
_AT_MOST_ALL = Text(
    "同一欄各下限合計不超過 100%", "leasts of one column that add up to 100% at most"
)
_AT_LEAST_ALL = Text(
    "同一欄各上限合計至少 100%", "mosts of one column that add up to 100% at least"
)


_NOBODY_HAS = Text("沒有任何申請屬於這一組", "no application is in this group")
_A_VALUE = Text("資料中有的值", "a value that an application has")


def _over(total: Fraction) -> Text:
    return Text(f"下限合計 {_percent(total)}，超過 100%", f"the leasts add up to {_percent(total)}")


def _under(total: Fraction) -> Text:
    return Text(
        f"各值的上限合計只有 {_percent(total)}",
        f"the mosts of all values add up to {_percent(total)}",
    )


def _problem(
    bounds: Iterable[_Bound], message: Text, expected: Text, severity: Severity = Severity.ERROR
) -> Problem:
    listed = sorted({bound.key: bound for bound in bounds}.values(), key=lambda one: one.key)
    return problem_of(
        severity,
        "only_an_empty_list",
        Text(
            f"{message.zh}：只有一件都不補助，才符合",
            f"{message.en}: only a list that funds nobody can obey that",
        ),
        expected=expected,
        hint=Text(
            "請改低下限、改高上限，或刪去其中一條。",
            "Lower a least, raise a most, or drop a quota.",
        ),
        file="policy.toml",
        column=", ".join(bound.key for bound in listed),
        value=", ".join(_percent(bound.share) for bound in listed),
    )
