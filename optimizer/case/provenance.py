"""Where a result comes from: what the case says, and how that differs from what its files said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from optimizer.case.case import Case
from optimizer.case.digest import CaseContent, TableContent


def content_summary(content: CaseContent) -> dict[str, Any]:
    """Return what summary.json says of the content that was used."""
    return {
        "tables": [
            {
                "name": table.name,
                "rows": table.rows,
                "sha256": table.sha256,
                "columns": dict(table.columns),
            }
            for table in content.tables
        ],
        "policy": {"sha256": content.policy_sha256, "keys": dict(content.policy)},
    }


def changes(case: Case) -> dict[str, Any] | None:
    """Return what was changed in memory after the files were read; None if that is not known."""
    if case.as_read is None:
        return None
    return {
        "tables": list(table_changes(case.as_read.tables, case.content.tables)),
        "policy": list(policy_changes(case.as_read.policy, case.content.policy)),
    }


def table_changes(
    was: tuple[TableContent, ...], now: tuple[TableContent, ...]
) -> Iterator[dict[str, Any]]:
    """Yield every table that differs, with the columns that do."""
    before, after = ({table.name: table for table in tables} for tables in (was, now))
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old is None or new is None or old.sha256 != new.sha256:
            columns = differing(old.columns if old else {}, new.columns if new else {})
            rows = {"rows_was": old.rows if old else None, "rows": new.rows if new else None}
            yield {"name": name, **rows, "columns": columns}


def policy_changes(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield every key of the policy that differs, with both values; None where it is not set."""
    for key in differing(was, now):
        yield {"key": key, "was": was.get(key), "value": now.get(key)}


def differing(was: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the names under which two mappings differ, in order."""
    return [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]
