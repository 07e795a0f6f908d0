"""What a form shows of each key of a policy: its label, its kind, what it is filled in with.

All of it follows from the key's own declaration; columns and values come from the data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import StrictBool

from optimizer.clauses import Clause
from optimizer.clauses.bounds import Bound
from optimizer.clauses.by_hand import Entries
from optimizer.clauses.priority import GiveUp
from optimizer.desk.field_words import KEYS, SETTINGS, label
from optimizer.desk.filled_in import Form, Said, name_words, read, rows_of, shown
from optimizer.language.policy_words import CHOICES
from optimizer.language.text import EMPTY, Text
from optimizer.policy.document import said_under
from optimizer.policy.policy import Policy
from optimizer.tables.case_words import column_words
from optimizer.tables.schema import VALUES
from optimizer.tables.settings import Count, Day, Money, Points, PositiveMoney, Share

Columns = Mapping[str, tuple[str, ...] | None]
_OF_HINT: tuple[tuple[Any, Form], ...] = (
    (bool, "yes_no"),
    (StrictBool, "yes_no"),
    (Money, "money"),
    (PositiveMoney, "money"),
    (Share, "share"),
    (Bound, "bound"),
    (GiveUp, "bound"),
    (Day, "date"),
    (Day | None, "date"),
    (Count | None, "number"),
    (Entries, "decisions"),
    (tuple[str, ...], "list"),
    (tuple[tuple[Points, Share], ...], "grades"),
)
_OF_NAME: Mapping[str, Form] = {
    "column": "column",
    "value": "value",
    "measure": "measure",
    "criteria": "criteria",
    "minimum_points": "criteria",
}


@dataclass(frozen=True)
class Field:
    """One key of a rule or table as a form has it.

    Parameters
    ----------
    key
        As `optimizer.policy.changes` names it.
    title
        What people call it.
    form
        What kind of form it is.
    said
        What policy.toml says under it; None for nothing.
    options
        What can be chosen, with its words; of a text, what there is in the data.
    """

    key: str
    title: Text
    form: Form
    said: Any
    options: Mapping[str, Text]

    @property
    def name(self) -> str:
        """The key as policy.toml writes it."""
        return self.key.rpartition(".")[2]

    @property
    def shown(self) -> str:
        """The value as it is typed or chosen."""
        return shown(self.form, self.said)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The cells of a form that is a table."""
        return rows_of(self.form, self.said)

    def read(self, said: Said) -> Any:
        """Return what was filled in, in the form that policy.toml has; None for nothing at all."""
        return read(self.form, said)


# ---- which form ---------------------------------------------------------------------------------


def fields_of_rule(rule: Clause, columns: Columns | None = None) -> list[Field]:
    """Return the keys that a rule declares, its own first.

    Parameters
    ----------
    columns
        Of the data, with the values that stand in each where these are few.
    """
    place = f"{rule.section}.{rule.label}"
    return [
        _field(rule, f"{place}.{key.name}", key.metadata.get("help", EMPTY), columns or {})
        for key in rule.policy_keys()
        if key.name != "name"
    ]


def fields_of_tables(policy: Policy) -> list[Field]:
    """Return the keys of the tables that every rule may look at and that a form can hold."""
    owners = {name: getattr(policy.settings, name) for name in ("pool", "review", "award")}
    return [
        _field(owner, f"{table}.{key.name}", SETTINGS[f"{table}.{key.name}"], {})
        for table, owner in owners.items()
        for key in fields(owner)
        if f"{table}.{key.name}" in SETTINGS
    ]


def _field(owner: Any, key: str, help_: Text, columns: Columns) -> Field:
    name = key.rpartition(".")[2]
    own: Any = type(owner)
    (hint, form), said = _declared(own, name), said_under(owner, name)
    return Field(
        key,
        KEYS.get(name) or label(help_, form),
        form=form,
        said=said,
        options=_options(owner, form, hint, columns=columns, said=said),
    )


@cache
def _declared(owner: Any, name: str) -> tuple[Any, Form]:
    """Return what a key is declared as, and its form."""
    hint = get_type_hints(owner, include_extras=True)[name]
    return hint, _form(hint, name)


def _form(hint: Any, name: str) -> Form:
    found = next((form for known, form in _OF_HINT if hint == known), None)
    plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    if found is not None or name in _OF_NAME:
        return found or _OF_NAME[name]
    if get_origin(plain) is Literal:
        return "choice"
    if get_origin(plain) not in (None, tuple) and issubclass(get_origin(plain), Mapping):
        return "weights"
    return {str: "text", int: "number", Fraction: "number"}.get(plain, "toml")  # type: ignore[return-value]


def _options(owner: Any, form: Form, hint: Any, *, columns: Columns, said: Any) -> dict[str, Text]:
    """Return what can be chosen."""
    if form == "choice":
        plain = get_args(hint)[0] if get_origin(hint) is Annotated else hint
        return {value: CHOICES.get(value, Text(value, value)) for value in get_args(plain)}
    if form == "yes_no":
        return {value: CHOICES[value] for value in ("true", "false")}
    if form == "column":
        return {"": CHOICES[""], **{name: column_words(name) for name in columns}}
    if form == "measure":
        numeric = [name for name, values in columns.items() if values is None]
        own = {name: CHOICES[name] for name in ("count", "amount")}
        return {**own, **{name: column_words(name) for name in numeric}}
    if form == "value" or (form == "list" and hasattr(owner, "column")):
        return {value: name_words(value) for value in columns.get(owner.column) or ()}
    if form == "list":
        return {value: name_words(value) for value in _group(said)}
    return {}


def _group(said: Sequence[str]) -> Sequence[str]:
    """Return all values of the kind that some are of; none where all are names of another sort."""
    groups = ([value.key for value in group if value.key] for group in VALUES.values())
    return next((group for group in groups if said and {*said} & {*group}), ())


def parsed_sample(toml: str, section: str) -> dict[str, Any]:
    """Return the entry that the catalogue's TOML of a rule states."""
    entry: dict[str, Any] = tomllib.loads(toml, parse_float=Decimal)[section][0]
    return entry
