"""Short names for the keys of a policy, for Python: ``pool``, ``school_cap``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from optimizer.clauses import Clause
from optimizer.language.text import EMPTY, Text
from optimizer.policy.problems import LISTS, NAMES, TABLES, table_keys
from optimizer.policy.remedies import key_meant
from optimizer.problems.errors import Problem, defect, one_of, shorten

NO_KEY = Text("沒有這個鍵", "there is no such key")
NO_MAIN = Text("只有規則名稱，少了鍵", "names a rule but none of its keys")
SAME_KEY = Text("與另一個已設定的名稱是同一個鍵", "another name of a key that is set already")
ONE_OF_BOTH = Text("兩者請擇一保留。", "Keep one of the two.")
SEVERAL = Text("計畫中有多個這種規則", "the policy has several rules of that kind")

_SHORT = {
    "pool": "pool.amount",
    "contingency": "pool.contingency",
    "unit": "pool.unit",
    "minimum_merit": "review.minimum_merit",
    "aggregate": "review.aggregate",
    "mode": "award.mode",
    "least_share": "award.least_share",
    "seed": "draw.seed",
}
_METHODS = {
    "order": Text("請改用 .ordered([名稱, …])", "Use .ordered([NAME, …])"),
    "drop": Text("請改用 .without(名稱, …)", "Use .without(NAME, …)"),
    "add": Text("請改用 .add(規則, …)", "Use .add(RULE, …)"),
}


def full_keys(
    rules: Sequence[Clause], values: Mapping[str, Any], file: str
) -> tuple[dict[str, Any], list[Problem]]:
    """Return values by their dotted keys, where some stand under a rule's name, or another short one.

    With them, every short name that means no key, or could mean several.
    """
    wrong: list[Problem] = []
    found, names = dict[str, Any](), dict[str, str]()
    for name, value in values.items():
        key = _full_key(rules, name, file, wrong)
        if key in found:
            other, place = names[key], shorten(name)
            wrong.append(
                defect(
                    "key_twice", SAME_KEY, value=other, hint=ONE_OF_BOTH, file=file, column=place
                )
            )
        elif key is not None:
            found[key], names[key] = value, name
    return found, wrong


def meant_key(rules: Sequence[Clause], name: str) -> str | None:
    """Return the dotted key that a name without its table means: ``school_cap``, ``school_cap.most``, ``amount``."""
    bare = name.removeprefix("set.")
    short = _SHORT.get(bare)
    tables = [f"{table}.{bare}" for table in TABLES if bare in table_keys(table)]
    of_rules = [key for rule in rules for key in _named(rule, bare)]
    return short or next(iter(tables), None) or (of_rules[0] if len(of_rules) == 1 else None)


def _named(rule: Clause, name: str) -> list[str]:
    """Return the key of a rule that its name, with the key or for its main key, means."""
    for own in (rule.label, rule.kind):
        if name == own and rule.main_key:
            return [_key_of(rule, rule.main_key)]
        key = name.removeprefix(f"{own}.")
        if key != name and key in {each.name for each in rule.policy_keys()}:
            return [_key_of(rule, key)]
    return []


def _full_key(rules: Sequence[Clause], name: str, file: str, wrong: list[Problem]) -> str | None:
    """Return the key that a name means, or None with what is wrong with it."""
    section, dot, _ = name.partition(".")
    if dot and section in NAMES:
        return name
    stated = [rule for rule in rules if rule.section in LISTS]
    alike = [rule for rule in stated if rule.label == name]
    alike = alike or [rule for rule in stated if rule.kind == name]
    if name in _SHORT and not alike:
        return _SHORT[name]
    if len(alike) == 1 and alike[0].main_key:
        return _key_of(alike[0], alike[0].main_key)
    wrong.append(_no_short_name(name, alike, stated, file=file))
    return None


def _key_of(rule: Clause, key: str) -> str:
    return f"{rule.section}.{rule.label}.{key}"


def _no_short_name(
    name: str, alike: Sequence[Clause], rules: Sequence[Clause], *, file: str
) -> Problem:
    """Say that a name is that of several rules, or of one with several keys, or of none."""
    hint = EMPTY
    if len(alike) > 1:
        code, message, known = "several_rules", SEVERAL, [rule.label for rule in alike]
    elif alike:
        code, message = "several_keys", NO_MAIN
        known = [_key_of(alike[0], key.name) for key in alike[0].policy_keys()]
    else:
        code, message = "unknown_key", NO_KEY
        known = [*_SHORT, *dict.fromkeys(rule.label for rule in rules)]
        hint = _METHODS.get(name) or key_meant(name, known)
    return defect(code, message, expected=one_of(known), hint=hint, file=file, column=shorten(name))
