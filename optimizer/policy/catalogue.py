"""Every rule the program knows, as data for people and programs to read."""

from __future__ import annotations

import inspect
from dataclasses import MISSING, Field, dataclass
from typing import Any, Literal

from optimizer.clauses import Clause, registry
from optimizer.language.text import EMPTY, Text
from optimizer.language.toml_text import in_toml
from optimizer.policy.parse import adapter
from optimizer.policy.problems import LISTS
from optimizer.problems.arguments import check, checked


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
    remark
        What else whoever writes a policy has to know; mostly nothing.
    example
        What it says of itself with the keys of its sample.
    toml
        That sample, as policy.toml would have it.
    keys
        The keys it understands, its own first.
    """

    section: str
    kind: str
    title: Text
    about: Text
    remark: Text
    example: Text
    toml: str
    keys: tuple[Key, ...]


@checked
def catalogue(kind: str | None = None) -> list[Rule]:
    """Return every rule, or those of one kind, clauses first, in alphabetical order.

    Rules that apply from tables of their own (the pool, the minimum merit) are not among them.

    Raises
    ------
    UsageError
        If there is no rule of that kind.

    Examples
    --------
    >>> [rule] = catalogue("school_cap")
    >>> [key.name for key in rule.keys]
    ['amount', 'cut', 'column', 'over', 'up_to', 'reference', 'name']
    >>> print(rule.toml)
    [[clause]]
    kind = "school_cap"
    amount = 5_000
    """
    kinds = tuple(sorted({name for section, name in registry() if section in LISTS}))
    check(kind, Literal[kinds] | None, "catalogue(kind=…)")
    return [
        _rule(rule)
        for (section, name), rule in sorted(registry().items())
        if section in LISTS and kind in (None, name)
    ]


def _rule(rule: type[Clause]) -> Rule:
    return Rule(
        rule.section,
        rule.kind,
        rule.title,
        about=_about(rule),
        remark=rule.for_authors,
        example=adapter(rule).validate_python(rule.sample).sentence(),
        toml=_toml(rule),
        keys=tuple(map(_key, rule.policy_keys())),
    )


def _about(rule: type[Clause]) -> Text:
    own: Text | None = getattr(rule, "about", None)
    first = inspect.cleandoc(rule.__doc__ or "").partition("\n\n")[0]
    return own or Text("", " ".join(first.replace("``", "").split()))


def _toml(rule: type[Clause]) -> str:
    keys = {"kind": rule.kind, **rule.sample}
    lines = (f"{name} = {written(value)}" for name, value in keys.items())
    return "\n".join((f"[[{rule.section}]]", *lines))


def _key(field: Field[Any]) -> Key:
    help_: Text = field.metadata.get("help", EMPTY)
    default = field.default if field.default_factory is MISSING else field.default_factory()
    required = default is MISSING
    return Key(field.name, help_, required, "" if required else written(default))


def written(value: Any) -> str:
    """Write a default the way policy.toml would."""
    return "" if value is None or value == "" else in_toml(value)
