"""Columns that a policy names: whether any table has them."""

from __future__ import annotations

from collections.abc import Iterable

from optimizer.clauses.base import Clause
from optimizer.errors import Problem, Severity
from optimizer.records import Records
from optimizer.text import Text

INTERNAL = ("school", "row")


def unknown_column(clause: Clause, column: str, records: Records) -> Iterable[Problem]:
    """Yield a problem if neither applications nor schools have the column."""
    known = [*records.applications.columns, *records.schools.columns]
    known = [name for name in dict.fromkeys(known) if name not in INTERNAL]
    if column not in known:
        yield Problem(
            Severity.ERROR,
            "unknown_column",
            Text("計畫所用欄位不存在", "the policy names a column that no table has"),
            Text(f"可用欄位：{'、'.join(known)}", f"one of: {', '.join(known)}"),
            file="policy.toml",
            column=f"{clause.section}.{clause.label}.column",
            value=column,
        )
