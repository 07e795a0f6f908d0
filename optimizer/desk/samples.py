"""The rules that can be added at the workbench, each with its example filled from the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optimizer.clauses import Clause, registry
from optimizer.desk.events import Add
from optimizer.desk.key_forms import Columns, parsed_sample
from optimizer.desk.state import State, step
from optimizer.policy.catalogue import Rule, catalogue
from optimizer.policy.policy import Policy


def offered() -> dict[str, Rule]:
    """Return the rules that are added here by their names; decisions by hand are made elsewhere."""
    kinds = registry()
    return {
        f"{rule.section}.{rule.kind}": rule
        for rule in catalogue()
        if not kinds[rule.section, rule.kind].by_hand
    }


def sample(rule: Rule, columns: Columns) -> dict[str, Any]:
    """Return an example's entry, with a column and values that the data have.

    Parameters
    ----------
    columns
        Of the data, with the values that stand in each where these are few.
    """
    entry = parsed_sample(rule.toml, rule.section)
    values = columns.get(entry.get("column", "")) or ()
    if values and entry.get("value") not in values:
        entry["value"] = values[0]
    counted = entry.get("measure", "count") == "count"
    if values and counted and isinstance(entry.get("at_least"), int):
        entry["at_least"] = 1  # adding it moves as little as can be: the number is filled in then
    weights, known = entry.get("weights"), columns.get("disadvantage")
    if isinstance(weights, Mapping) and known:
        entry["weights"] = {name: weights.get(name, n) for n, name in enumerate(known, start=1)}
    return entry


def alike_in(policy: Policy, entry: Mapping[str, Any]) -> Clause | None:
    """Return the rule of a policy that is about the same as an entry, if there is one."""
    about = ("kind", "column", "value")
    alike = (
        rule
        for rule in policy.rules
        if all(getattr(rule, key, None) == entry.get(key) for key in about)
    )
    return next(alike, None)


def with_it(state: State, section: str, entry: Mapping[str, Any]) -> Clause:
    """Return the rule that an entry would be beside those that stand; nothing is added by that.

    Raises
    ------
    SubsidyError
        With what is wrong with it.
    """
    added = step(state, Add(section, entry)).draft  # type: ignore[arg-type]
    return [rule for rule in added.rules if rule.section == section][-1]
