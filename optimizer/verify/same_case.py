"""Whether the case at hand is the one that gave a result; if not, where the two differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from optimizer.case.digest import CaseContent
from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect
from optimizer.verify.reread import entries, mapping


def content_problems(said: Any, case: CaseContent) -> Iterator[Problem]:
    """Yield every table and key of the policy in which the case is not what the result says.

    Parameters
    ----------
    said
        The entry ``content`` of summary.json, of any shape.
    case
        What the case says now.
    """
    entry = mapping(said)
    listed = {str(table.get("name")): table for table in entries(entry.get("tables"))}
    for table in case.tables:
        was = listed.get(table.name)
        if was is not None and was.get("sha256") != table.sha256:
            yield _table(table.name, _differing(mapping(was.get("columns")), table.columns))
    keys = mapping(mapping(entry.get("policy")).get("keys"))
    for key in _differing(keys, case.policy) if keys else ():
        message = Text("與產生此結果之計畫不同", "is not what the policy of this result says")
        said_key, here = str(keys.get(key, ""))[:120] or "-", case.policy.get(key, "") or "-"
        yield defect(
            "policy",
            message,
            expected=Text(f"結果所載為「{said_key}」", f"the result says {said_key!r}"),
            file="policy.toml",
            column=key,
            value=here,
        )


def _table(name: str, columns: list[str]) -> Problem:
    message = Text("與產生此結果之資料不同", "is not what the data of this result say")
    return defect("content", message, file=name, column=", ".join(columns))


def _differing(was: Mapping[Any, Any], now: Mapping[str, str]) -> list[str]:
    return [key for key in sorted({*map(str, was), *now}) if was.get(key) != now.get(key)]
