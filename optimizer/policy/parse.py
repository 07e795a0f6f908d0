"""From the document of a policy to its tables and rules, with everything that is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from optimizer.clauses import Clause, Priority, registry, rule_of
from optimizer.clauses.minimum_merit import MinimumMerit
from optimizer.clauses.minimum_points import MinimumPoints
from optimizer.clauses.pool import PoolLimit
from optimizer.language.text import Text
from optimizer.language.words import how_many
from optimizer.policy.document import exact_numbers
from optimizer.policy.problems import (
    LISTS,
    TABLES,
    blank_seed,
    cross_checks,
    repeated_names,
    unknown_tables,
    value_problem,
)
from optimizer.policy.reach import misstated, out_of_reach
from optimizer.policy.remedies import kind_meant, shown, without_followers
from optimizer.problems.arguments import Unfit, refusal, together
from optimizer.problems.errors import PolicyError, Problem, defect, one_of
from optimizer.tables.settings import Settings

_T = TypeVar("_T")


@dataclass(frozen=True)
class Parsed:
    """What a document says: the parts of a policy.

    Parameters
    ----------
    settings, clauses, priorities, document
        As a policy has them.
    """

    settings: Settings
    clauses: tuple[Clause, ...]
    priorities: tuple[Priority, ...]
    document: Mapping[str, Any]


def parse_made(document: Mapping[str, Any], file: str, place: str) -> Parsed:
    """Parse a document that was made in Python; `place` names it where it is no document at all.

    Raises
    ------
    UsageError
        If it has keys that are no text, or is nested too deep.
    PolicyError
        With everything that is wrong with it.
    """
    floats: dict[str, float] = {}
    try:
        exact = exact_numbers(document, floats=floats)
    except Unfit as error:
        raise together([refusal(place, document, error.expected)]) from None
    return parse(exact, file, [_inexact(*found) for found in floats.items()])


def _bare(place: str) -> str:
    """Return a place without the kind of its rule: ``clause[2].amount``."""
    return re.sub(r"^(\w+)\.\w+(\[\d+\])", r"\1\2", place)


def _inexact(place: str, value: float) -> Problem:
    write = f"{value:.0f}" if value.is_integer() else f'Decimal("{value!r}")'
    return defect(
        "inexact",
        Text("浮點數（float）不精確，不能用於計畫", "a float is not exact, so no policy takes one"),
        expected=Text(f"請寫 {write}", f"write {write}") if math.isfinite(value) else _FINITE,
        column=place[:120],
        value=repr(value),
    )


def _advised(inexact: Problem, also: Problem | None) -> Problem:
    """Say of a float what is expected there, where its exact value would be refused, too."""
    if also is None or inexact.expected == _FINITE:
        return inexact
    return replace(inexact, expected=also.expected, hint=also.hint)


_FINITE = Text("請寫有限的數字", "write a finite number")


def parse(document: Mapping[str, Any], file: str, found: Sequence[Problem] = ()) -> Parsed:
    """Parse a document whose numbers are as policy.toml gives them.

    Parameters
    ----------
    document
        Tables, clauses and priorities.
    file
        Where problems are said to stand.
    found
        What is wrong with it already.

    Raises
    ------
    PolicyError
        With everything that is wrong with it.
    """
    problems: list[Problem] = [*found, *unknown_tables(document)]
    settings = _read_settings(document, problems)
    rules = [
        rule
        for section in LISTS
        for rule in read_rules(document.get(section, []), section, problems)
    ]
    problems += repeated_names(rules)
    problems += misstated(rules)
    rules = with_labels(rules)
    if settings is not None:
        problems += cross_checks(settings)
        if "draw" in document:
            problems += blank_seed(settings.draw)
    if settings is not None and not problems:
        problems += out_of_reach(settings, rules)
    problems = without_followers(problems)
    inexact = {problem.column for problem in found}
    wrong = {_bare(p.column): p for p in problems if p not in found}
    problems = [
        _advised(p, wrong.get(p.column)) if p in found else p
        for p in problems
        if p in found or _bare(p.column) not in inexact
    ]
    if problems or settings is None:
        raise PolicyError(
            Text(
                f"計畫檔有 {len(problems)} 個問題",
                f"{how_many(len(problems), 'problem')} in the policy",
            ),
            [replace(problem, file=file) for problem in problems],
        )
    return Parsed(
        settings,
        (*implied(settings), *(rule for rule in rules if not isinstance(rule, Priority))),
        tuple(rule for rule in rules if isinstance(rule, Priority)),
        document,
    )


def implied(settings: Settings) -> tuple[Clause, ...]:
    """Return the rules that always apply, as the tables [pool] and [review] state them."""
    pool, review = settings.pool, settings.review
    limit = PoolLimit(amount=pool.amount, contingency=pool.contingency, reference=pool.reference)
    least = MinimumMerit(points=review.minimum_merit, reference=review.reference)
    if not review.minimum_points:
        return limit, least
    return limit, least, MinimumPoints(points=review.minimum_points, reference=review.reference)


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def adapter(model: type[_T]) -> TypeAdapter[_T]:
    """Return what reads one kind of table, made once: making it takes longer than using it."""
    if model not in _ADAPTERS:
        _ADAPTERS[model] = TypeAdapter(model)
    return _ADAPTERS[model]


def _read_settings(document: Mapping[str, Any], problems: list[Problem]) -> Settings | None:
    tables = {name: document[name] for name in TABLES if name in document}
    try:
        return adapter(Settings).validate_python(tables)
    except ValidationError as error:
        problems += [value_problem(detail, (), Settings) for detail in error.errors()]
        return None


def read_rules(entries: Any, section: str, problems: list[Problem]) -> Iterator[Clause]:
    """Yield the rules of a list of entries; what is wrong with any is put down."""
    if not isinstance(entries, list | tuple) or not all(
        isinstance(entry, Mapping) for entry in entries
    ):
        problems.append(
            defect(
                "not_a_list",
                Text("應為表格陣列", "must be an array of tables"),
                expected=Text(f"[[{section}]]", f"[[{section}]]"),
                column=section,
            )
        )
        return
    for number, entry in enumerate(entries, start=1):
        kind = entry.get("kind")
        rule = rule_of(section, kind) if isinstance(kind, str) else None
        if rule is None:
            problems.append(_unknown_kind(kind, section, f"{section}[{number}].kind"))
            continue
        made = read_rule(rule, entry, f"{section}.{kind}[{number}]", problems)
        if made is not None:
            yield made


def read_rule(
    rule: type[Clause], entry: Mapping[str, Any], place: str, problems: list[Problem]
) -> Clause | None:
    """Return the rule of an entry, or None with what is wrong with it."""
    keys = {name: value for name, value in entry.items() if name != "kind"}
    try:
        return adapter(rule).validate_python(keys)
    except ValidationError as error:
        problems += [value_problem(detail, (place,), rule) for detail in error.errors()]
        return None


def _unknown_kind(kind: Any, section: str, column: str) -> Problem:
    kinds = {known: rule for (where, known), rule in registry().items() if where == section}
    return defect(
        "unknown_kind",
        Text("未知的規則種類", "unknown kind of rule"),
        expected=one_of(sorted(kinds)),
        hint=kind_meant(kind, kinds),
        column=column,
        value="" if kind is None else shown(kind),
    )


def with_labels(rules: Sequence[Clause]) -> list[Clause]:
    """Give the second rule of a kind the name ``kind_2``, and so on, so that each has its own."""
    found: list[Clause] = []
    for rule in rules:
        taken = {other.label for other in found if other.section == rule.section}
        number, label = 1, rule.label
        while label in taken:
            number += 1
            label = f"{rule.label}_{number}"
        found.append(rule if label == rule.label else replace(rule, name=label))
    return found
