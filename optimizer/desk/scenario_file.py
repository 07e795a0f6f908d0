"""Pinned policies as scenarios.toml, for ``subsidy compare``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optimizer.desk.departures import entries
from optimizer.desk.state import Pinned
from optimizer.language.toml_text import in_toml
from optimizer.policy.document import tables_of
from optimizer.policy.policy import Policy
from optimizer.policy.problems import LISTS, TABLES


def scenarios_toml(file: Policy, pins: Sequence[Pinned]) -> str:
    """Return the text of a scenarios.toml in which each pinned policy is a scenario.

    A scenario replaces every table and list of rules that differs from the policy file; what differs
    only in numbers is set key by key.

    Parameters
    ----------
    file
        What the scenarios change.
    pins
        Under their names.
    """
    return "\n".join(_scenario(file, pin) for pin in pins)


def _scenario(file: Policy, pin: Pinned) -> str:
    was, now = _stated(file), _stated(pin.policy)
    other = {name: value for name, value in now.items() if value != was.get(name)}
    lines = ["[[scenario]]", f"name = {in_toml(pin.name)}"]
    if other:
        lines.append(f"replace = {in_toml(other)}")
    return "\n".join(lines) + "\n"


def _stated(policy: Policy) -> dict[str, Any]:
    tables = tables_of(policy.settings)
    lists = {section: [*entries(policy, section).values()] for section in LISTS}
    return {**{name: tables.get(name, {}) for name in TABLES}, **lists}
