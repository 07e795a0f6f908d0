"""Whether the rules of a policy fit the data: each says what is wrong with it in view of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from optimizer.clauses import Clause
from optimizer.foundation.remembered import Remembered
from optimizer.policy.policy import Policy
from optimizer.problems.errors import Problem, Severity
from optimizer.reading.read_so_far import ReadSoFar
from optimizer.tables.records import Records

POLICY = "policy.toml"  # what a clause calls the policy it stands in, whatever its name
_Look = Callable[[str], None]


def misfits(records: Records, policy: Policy, kept: Remembered) -> list[Problem]:
    """Return all that the rules say, errors and flags, where people find it."""
    found = [p for ask in _questions(policy.rules, kept) for p in ask(records)]
    return [_placed(problem, records, policy) for problem in found]


def sure_misfits(policy: Policy, read: ReadSoFar) -> list[Problem]:
    """Return the errors that stay whatever the cells that could not be read should have been.

    What is wrong with a row is said if it stands in a cell that was read, of a school or an
    application whose school is known; what is wrong with a rule, if every cell of all the columns
    that it looked at was read.
    """
    if read.records.schools.empty or read.records.applications.empty:
        return []
    whole, known = read.records, _of_known_schools(read.records)
    found: list[Problem] = []
    for ask in _questions(policy.rules, Remembered()):
        found += (p for p in _asked(ask, known) if _stands(p, read))
        looked_at: set[tuple[str, str]] = set()
        of_rules = [p for p in _asked(ask, _watched(whole, looked_at)) if p.row is None]
        if all(read.is_whole(*place) for place in looked_at):
            found += of_rules
    return [_placed(p, whole, policy) for p in found if p.severity is Severity.ERROR]


def _questions(
    rules: Sequence[Clause], kept: Remembered
) -> Iterator[Callable[[Records], Iterable[Problem]]]:
    """Yield what is asked: each rule, then all rules of each kind together."""
    for rule in rules:
        yield partial(kept.of, type(rule).check, rule)
    for kind in dict.fromkeys(type(rule) for rule in rules):
        mine = [rule for rule in rules if type(rule) is kind]
        yield partial(kept.of, kind.check_together, mine)


def _asked(ask: Callable[[Records], Iterable[Problem]], records: Records) -> tuple[Problem, ...]:
    """Return what is said; nothing if a rule stumbles over what is not there, which is said anyway."""
    try:
        return tuple(ask(records))
    except Exception:  # a rule of one's own may expect anything of tables that are in order
        return ()


def _stands(problem: Problem, read: ReadSoFar) -> bool:
    return problem.row is not None and read.is_known(problem.file, problem.column, problem.row)


def _placed(problem: Problem, records: Records, policy: Policy) -> Problem:
    """Name the file or the sheet, as messages about its cells do."""
    file = policy.file if problem.file == POLICY else records.file_of(problem.file)
    return replace(problem, file=file)


def _of_known_schools(records: Records) -> Records:
    known = records.applications[records.applications["school"] >= 0].reset_index(drop=True)
    return _with(records, applications=known)


def _watched(records: Records, looked_at: set[tuple[str, str]]) -> Records:
    def watch(table: str) -> Any:
        return _Watched(getattr(records, table), lambda column: looked_at.add((table, column)))

    return _with(records, schools=watch("schools"), applications=watch("applications"))


def _with(records: Records, **tables: Any) -> Records:
    """Return the same with other tables, which are not looked into as those of a case are."""
    other = object.__new__(Records)
    vars(other).update(vars(records), **tables)
    return other


class _Watched:
    """A table of which it is noted what is looked at: a column, or else all of it."""

    def __init__(self, table: pd.DataFrame, look: _Look) -> None:
        self._table, self._look = table, look

    @property
    def columns(self) -> pd.Index:
        return self._table.columns

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, key: Any) -> Any:
        for column in [key] if isinstance(key, str) else self._table.columns:
            self._look(column)
        return self._table[key]

    def __getattr__(self, name: str) -> Any:
        for column in self._table.columns:
            self._look(column)
        return getattr(self._table, name)
