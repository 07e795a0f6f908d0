"""Every rule the program knows, as data for people and programs to read."""

from __future__ import annotations

import inspect
from dataclasses import MISSING, Field, dataclass
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from optimizer.arguments import check, checked
from optimizer.clauses import Clause, registry
from optimizer.policy_problems import LISTS
from optimizer.text import EMPTY, Text
from optimizer.toml_text import in_toml

# values for keys without a default that says much, as policy.toml would have them
SAMPLE: dict[str, Any] = {
    "amount": 5_000,
    "column": "level",
    "value": "junior_high",
    "at_least": 40,
    "weights": {"remote": 1, "special_remote": 2, "extreme_remote": 3},
    "first": "2014-01-02",
    "last": "2014-01-17",
    "fund": ["A017"],
    "reason": "…",
    "decided_by": "…",
}


@dataclass(frozen=True)
class Key:
    """One key of a rule in policy.toml.

    Parameters
    ----------
    name
        How policy.toml writes it.
    help
        What it means.
    required
        Whether it must be given.
    default
        What applies otherwise, as policy.toml would write it; empty for nothing.
    """

    name: str
    help: Text
    required: bool
    default: str = ""


@dataclass(frozen=True)
class Rule:
    """One kind of rule.

    Parameters
    ----------
    section, kind
        Which list of policy.toml it stands in, and the kind it has there.
    title
        Its name for people.
    about
        What it does, in one sentence: what the rule says of itself, or else, in English only, the
        first line of its docstring.
    example
        What it says of itself in a policy, with its defaults and a few figures filled in.
    keys
        The keys it understands, its own first.
    """

    section: str
    kind: str
    title: Text
    about: Text
    example: Text
    keys: tuple[Key, ...]


@checked
def catalogue(kind: str | None = None) -> list[Rule]:
    """Return every rule, or those of one kind, clauses first, in alphabetical order.

    Rules that apply from tables of their own (the pool, the minimum merit) are not among them.

    Raises
    ------
    UsageError
        If there is no rule of that kind.
    """
    kinds = tuple(sorted({name for section, name in registry() if section in LISTS}))
    check(kind, Literal[kinds] | None, "catalogue(kind=…)")
    return [
        _rule(rule)
        for (section, name), rule in sorted(registry().items())
        if section in LISTS and kind in (None, name)
    ]


def _rule(rule: type[Clause]) -> Rule:
    keys = tuple(_key(field) for field in rule.policy_keys())
    return Rule(rule.section, rule.kind, rule.title, _about(rule), _example(rule), keys)


def _about(rule: type[Clause]) -> Text:
    own: Text | None = getattr(rule, "about", None)
    first = inspect.cleandoc(rule.__doc__ or "").partition("\n\n")[0]
    return own or Text("", " ".join(first.replace("``", "").split()))


def _example(rule: type[Clause]) -> Text:
    given = {
        key.name: SAMPLE[key.name]
        for key in map(_key, rule.policy_keys())
        if key.name in SAMPLE and key.default in ("", "[]")
    }
    try:
        made: Clause = TypeAdapter(rule).validate_python(given)
    except ValidationError:
        return EMPTY
    return made.sentence()


def _key(field: Field[Any]) -> Key:
    help_: Text = field.metadata.get("help", EMPTY)
    if field.default_factory is not MISSING:
        return Key(field.name, help_, False, written(field.default_factory()))
    if field.default is MISSING:
        return Key(field.name, help_, True)
    return Key(field.name, help_, False, written(field.default))


def written(value: Any) -> str:
    """Write a default the way policy.toml would."""
    return "" if value is None or value == "" else in_toml(value)
