"""What one policy says otherwise than another, part by part, so that each part can be taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from optimizer.language.toml_text import in_toml
from optimizer.policy.changes import Changes
from optimizer.policy.document import entry_of, tables_of
from optimizer.policy.policy import Policy
from optimizer.policy.problems import LISTS, TABLES

Entry = Mapping[str, Any]
ORDER = "order"  # the part that stands for the order of the priorities


@dataclass(frozen=True)
class Differs:
    """One part of a policy that differs.

    Parameters
    ----------
    part
        ``pool.amount``, ``clause.LABEL`` for a rule that is in one of them only, ``clause.LABEL.key``
        for a key of a rule that is in both, ``order`` for the order of the priorities.
    before, after
        What either says, as policy.toml has it; empty where it says nothing.
    """

    part: str
    before: str
    after: str


def entries(policy: Policy, section: str) -> dict[str, dict[str, Any]]:
    """Return the rules of a list by their labels, each as its entry in policy.toml."""
    return {rule.label: entry_of(rule) for rule in policy.rules if rule.section == section}


def parts(policy: Policy) -> dict[str, dict[str, Any]]:
    """Return everything a policy says: the keys of each table and rule, by its name."""
    found = dict(tables_of(policy.settings))
    for section in LISTS:
        found |= {f"{section}.{label}": e for label, e in entries(policy, section).items()}
    return found


def differences(before: Policy, after: Policy) -> tuple[Differs, ...]:
    """Return what differs between two policies, in the order in which they say it."""
    return (*_of_keys(parts(before), parts(after)), *_of_order(before, after))


def _of_keys(one: Mapping[str, Entry], two: Mapping[str, Entry]) -> Iterator[Differs]:
    for name in dict.fromkeys([*one, *two]):
        was, now = one.get(name), two.get(name)
        if name not in TABLES and (was is None or now is None):
            yield Differs(name, _written(was), _written(now))
            continue
        was, now = was or {}, now or {}
        for key in dict.fromkeys([*was, *now]):
            if was.get(key) != now.get(key):
                yield Differs(f"{name}.{key}", _written(was.get(key)), _written(now.get(key)))


def _of_order(before: Policy, after: Policy) -> Iterator[Differs]:
    one, two = ([rule.label for rule in policy.priorities] for policy in (before, after))
    was, now = ([label for label in own if label in one and label in two] for own in (one, two))
    if was != now:
        yield Differs(ORDER, " > ".join(was), " > ".join(now))


def _written(value: Any) -> str:
    return "" if value is None else in_toml(value)


def taken_back(before: Policy, after: Policy, part: str) -> Changes:
    """Return what makes one part of a policy say again what an earlier one said.

    Parameters
    ----------
    before, after
        The policy as it was, and as it is.
    part
        As in `Differs`.
    """
    if part == ORDER:
        known = {rule.label for rule in after.priorities}
        return Changes(order=tuple(r.label for r in before.priorities if r.label in known))
    table, _, key = part.partition(".")
    if table in TABLES:
        was, now = (tables_of(policy.settings).get(table, {}) for policy in (before, after))
        return Changes(replace={table: _with(now, key, was)})
    return Changes(replace={table: _rules_with(before, after, table, key)})


def cleared(policy: Policy, key: str) -> Changes:
    """Return what makes a policy say nothing under one key, so that its default applies."""
    return stated(policy, key, None)


def stated(policy: Policy, key: str, value: Any) -> Changes:
    """Return what makes a policy say a value under one key, as policy.toml has it; None for nothing."""
    table, _, rest = key.partition(".")
    label, _, name = rest.rpartition(".")
    said: Entry = {} if value is None else {name: value}
    if table in TABLES:
        return Changes(
            replace={table: _with(tables_of(policy.settings).get(table, {}), name, said)}
        )
    rules = entries(policy, table).items()
    return Changes(replace={table: [_with(e, name, said) if n == label else e for n, e in rules]})


def _rules_with(before: Policy, after: Policy, section: str, part: str) -> list[Entry]:
    """Return a list of rules where one rule, or one key of a rule, is as it was."""
    was, now = (entries(policy, section) for policy in (before, after))
    if part in was or part in now:
        kept = _with(now, part, was)
        order = dict.fromkeys([*was, *now]) if part in was else now
        return [kept[label] for label in order if label in kept]
    label, _, key = part.rpartition(".")
    return [_with(e, key, was[name]) if name == label else e for name, e in now.items()]


def _with(now: Entry, key: str, was: Entry) -> dict[str, Any]:
    """Return a mapping that says under one key what another says, or nothing if it says nothing."""
    return {**{k: v for k, v in now.items() if k != key}, **({key: was[key]} if key in was else {})}
