"""The numbers of a policy that a person can move, and what differs between policies in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from optimizer.clauses import Clause
from optimizer.desk.departures import ORDER, Differs
from optimizer.desk.field_words import SETTINGS
from optimizer.desk.filled_in import in_words, typed as typed, typed_toml
from optimizer.desk.key_forms import Field, fields_of_rule, fields_of_tables
from optimizer.language.policy_words import chinese_key
from optimizer.language.text import EMPTY, Text, joined
from optimizer.language.words import exact_points
from optimizer.policy.document import share_keys
from optimizer.policy.policy import Policy

_MOVED = ("pool.amount", "pool.contingency", "review.minimum_merit")


@dataclass(frozen=True)
class Number:
    """A number of the policy that can be moved.

    Parameters
    ----------
    key
        As `optimizer.policy.changes` names it.
    title
        What people call it.
    value
        What it is.
    step
        By how much an arrow key moves it.
    """

    key: str
    title: Text
    value: Fraction
    step: int = 1

    @property
    def most(self) -> int:
        """The end of its track: twice what it is, in whole steps."""
        return max(10 * self.step, int(2 * self.value) // self.step * self.step)

    @property
    def shown(self) -> str:
        """The value as it is typed."""
        return exact_points(self.value)


def is_number(value: Any) -> bool:
    """Return whether what was typed is a number that is not below 0; see `typed`."""
    try:
        return Fraction(value) >= 0
    except ValueError:
        return False


def numbers(policy: Policy) -> dict[str, Number]:
    """Return every number of a policy by its key, money in steps of its unit."""
    return {number.key: number for number in _numbers(policy)}


def _numbers(policy: Policy) -> Iterator[Number]:
    unit = policy.settings.pool.unit
    for key in _MOVED:
        table, _, name = key.partition(".")
        value = Fraction(getattr(getattr(policy.settings, table), name))
        yield Number(key, SETTINGS[key], value, unit if table == "pool" else 1)
    for rule in policy.rules:
        if rule.section in ("clause", "priority"):
            yield from _of_rule(rule, unit)


def _of_rule(rule: Clause, unit: int) -> Iterator[Number]:
    shares = share_keys(type(rule))
    for key in rule.own_keys():
        value = getattr(rule, key.name)
        if key.name not in shares and _is_number(value):
            title = _title(rule, key.metadata.get("help", EMPTY))
            step = unit if key.name == "amount" else 1
            yield Number(f"{rule.section}.{rule.label}.{key.name}", title, Fraction(value), step)


def _is_number(value: Any) -> bool:
    """Return whether it is a number that is moved in whole steps: no share of anything."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return False
    return value == 0 or value >= 1


def _title(rule: Clause, help_: Text) -> Text:
    head = rule.spoken
    if rule.main_key:
        return head
    return Text(f"{head.zh}：{help_.zh}", f"{head.en}: {help_.en}")


# ---- in words -----------------------------------------------------------------------------------


def named(policies: Sequence[Policy], part: str) -> Text:
    """Return what people call a part of a policy; of a rule as a whole, its own sentence.

    Parameters
    ----------
    policies
        Where to look for it, one after the other.
    part
        As `optimizer.desk.departures.Differs` has it.
    """
    if part == ORDER:
        return Text("優先順序的先後", "the order of the priorities")
    for rule in (rule for policy in policies for rule in policy.rules):
        place = f"{rule.section}.{rule.label}"
        if part == place:
            return rule.sentence()
        if part.startswith(f"{place}."):
            titles = {field.key: field.title for field in fields_of_rule(rule)}
            title = titles.get(part, Text(part, part))
            return Text(f"{rule.spoken.zh}：{title.zh}", f"{rule.spoken.en}: {title.en}")
    table, _, key = part.partition(".")
    plain = Text(f"{chinese_key(table)}：{chinese_key(key) or key}", f"{table}: {key}")
    return SETTINGS.get(part, plain)


def told(policies: Sequence[Policy], part: Differs) -> Text:
    """Say one difference in a sentence; see `named`."""
    name = named(policies, part.part)
    whole = {f"{rule.section}.{rule.label}" for policy in policies for rule in policy.rules}
    if part.part in whole:
        if part.after:
            return Text(f"新增：{name.zh}", f"added: {name.en}")
        return Text(f"刪除：{name.zh}", f"removed: {name.en}")
    before, after = (said_of(policies, part.part, said) for said in (part.before, part.after))
    return Text(f"{name.zh}：{before.zh} → {after.zh}", f"{name.en}: {before.en} → {after.en}")


def said_of(policies: Sequence[Policy], part: str, said: str) -> Text:
    """Say what one side says of a part, as policy.toml has it."""
    if part == ORDER:
        spoken = {rule.label: rule.spoken for policy in policies for rule in policy.rules}
        return joined(spoken.get(label, Text(label, label)) for label in said.split(" > "))
    value = typed_toml(said) if said else None
    forms = (field.form for field in _fields(policies) if field.key == part)
    return in_words(next(forms, "toml"), value)


def _fields(policies: Sequence[Policy]) -> Iterator[Field]:
    for policy in policies:
        yield from fields_of_tables(policy)
        for rule in policy.rules:
            yield from fields_of_rule(rule)
