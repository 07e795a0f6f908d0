"""The keys of a policy that a person can move: their names, their kinds, their range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from optimizer.clauses import Clause
from optimizer.language.text import EMPTY, Text
from optimizer.language.words import exact_points
from optimizer.policy.document import share_keys
from optimizer.policy.policy import Policy

_TABLES = {
    "pool.amount": Text("總經費", "Pool"),
    "pool.contingency": Text("預備金", "Held back"),
    "review.minimum_merit": Text("及格分數", "Least merit"),
}


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


def numbers(policy: Policy) -> dict[str, Number]:
    """Return every number of a policy by its key, money in steps of its unit."""
    return {number.key: number for number in _numbers(policy)}


def _numbers(policy: Policy) -> Iterator[Number]:
    unit = policy.settings.pool.unit
    for key, title in _TABLES.items():
        table, _, name = key.partition(".")
        value = Fraction(getattr(getattr(policy.settings, table), name))
        yield Number(key, title, value, unit if table == "pool" else 1)
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


def typed(text: str) -> Any:
    """Return what was typed into a field of a number, in the form that policy.toml has."""
    plain = text.replace(",", "").replace("，", "").strip()
    return int(plain) if plain.isascii() and plain.isdecimal() else plain
