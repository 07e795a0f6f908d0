"""Pinned policies as scenarios.toml, for ``subsidy compare``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optimizer.desk.departures import entries
from optimizer.desk.state import Pinned
from optimizer.language.toml_text import in_toml
from optimizer.policy.document import said_under, tables_of
from optimizer.policy.policy import Policy
from optimizer.policy.problems import LISTS, TABLES


def scenarios_toml(file: Policy, pins: Sequence[Pinned]) -> str:
    """Return the text of a scenarios.toml in which each pinned policy is a scenario.

    A scenario sets the keys of the tables that differ, and replaces a list of rules that differs.

    Parameters
    ----------
    file
        What the scenarios change.
    pins
        Under their names.
    """
    return "\n".join(_scenario(file, pin) for pin in pins)


def _scenario(file: Policy, pin: Pinned) -> str:
    lines = ["[[scenario]]", f"name = {in_toml(pin.name)}"]
    if values := _set(file, pin.policy):
        lines.append(f"set = {in_toml(values)}")
    was, now = ({s: [*entries(p, s).values()] for s in LISTS} for p in (file, pin.policy))
    if rules := {section: now[section] for section in LISTS if now[section] != was[section]}:
        lines.append(f"replace = {in_toml(rules)}")
    return "\n".join(lines) + "\n"


def _set(file: Policy, policy: Policy) -> dict[str, Any]:
    """Return the keys of the tables that differ, each with what it says now, a default included."""
    was, now = tables_of(file.settings), tables_of(policy.settings)
    return {
        f"{table}.{key}": said_under(getattr(policy.settings, table), key)
        for table in TABLES
        for key in {**was.get(table, {}), **now.get(table, {})}
        if was.get(table, {}).get(key) != now.get(table, {}).get(key)
    }
