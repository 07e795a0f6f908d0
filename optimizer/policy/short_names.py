"""Short names for the keys of a policy, for Python: ``pool``, ``school_cap``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from optimizer.clauses import Clause
from optimizer.language.text import EMPTY, Text
from optimizer.policy.problems import LISTS, NAMES
from optimizer.policy.remedies import key_meant
from optimizer.problems.errors import Problem, defect, one_of, shorten

NO_KEY = Text("沒有這個鍵", "there is no such key")
NO_MAIN = Text("只有規則名稱，少了鍵", "names a rule but none of its keys")
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


def full_keys(
    rules: Sequence[Clause], values: Mapping[str, Any], file: str
) -> tuple[dict[str, Any], list[Problem]]:
    """Return values by their dotted keys, where some stand under a rule's name, or another short one.

    With them, every short name that means no key, or could mean several.
    """
    wrong: list[Problem] = []
    keys = [_full_key(rules, name, file, wrong) for name in values]
    found = zip(keys, values.values(), strict=True)
    return {key: value for key, value in found if key is not None}, wrong


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
        hint = key_meant(name, known)
    return defect(code, message, expected=one_of(known), hint=hint, file=file, column=shorten(name))
