"""What people call the keys that a sweep or a scenario changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from optimizer.clauses import Clause
from optimizer.language.policy_words import chinese_key, without_details
from optimizer.language.text import EMPTY, Text
from optimizer.policy.policy import Policy

_OWN: Mapping[str, Text] = {
    "pool.amount": Text("經費總額", "pool"),
    "pool.contingency": Text("預備金", "contingency"),
    "pool.unit": Text("核給單位", "unit of awards"),
    "award.mode": Text("核給方式", "awards"),
    "order": Text("優先順序", "order of the priorities"),
    "drop": Text("免除的規則", "rules left out"),
}


def key_names(policy: Policy, keys: Iterable[str]) -> dict[str, Text]:
    """Return what each dotted key is called: of a rule's main key, the rule itself."""
    return {key: _OWN.get(key) or _name(policy, key) for key in keys}


def _name(policy: Policy, key: str) -> Text:
    for rule in policy.rules:
        own = key.removeprefix(f"{rule.section}.{rule.label}.")
        if own != key:
            return _of_rule(rule, own)
    table, _, own = key.partition(".")
    return Text(f"{chinese_key(table) or table}：{chinese_key(own) or own}", f"{table}: {own}")


def _of_rule(rule: Clause, key: str) -> Text:
    if key == rule.main_key:
        return rule.spoken
    helps = {each.name: each.metadata.get("help", EMPTY) for each in rule.policy_keys()}
    return key_of_rule(rule, helps.get(key) or Text(key, key))


def key_of_rule(rule: Clause, help_: Text) -> Text:
    """Return what one of several keys of a rule is called: by the rule, then by itself."""
    said = without_details(help_)
    return Text(f"{rule.spoken.zh}：{said.zh}", f"{rule.spoken.en}: {said.en}")
