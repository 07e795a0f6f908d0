"""The keys of a policy that a person can move: their names, their kinds, their range."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import StrictBool

from optimizer.clauses import Clause
from optimizer.desk.departures import ORDER, Differs
from optimizer.language.policy_words import chinese_key
from optimizer.language.text import EMPTY, Text, money
from optimizer.language.toml_text import in_toml
from optimizer.language.words import exact_points
from optimizer.policy.document import said_under, share_keys
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


# ---- every key of a rule or table ---------------------------------------------------------------

_CHOICES: Mapping[str, Text] = {
    "mean": Text("平均", "mean"),
    "median": Text("中位數", "median"),
    "trimmed_mean": Text("去頭去尾平均", "trimmed mean"),
    "higher_is_better": Text("分數高者佳", "higher is better"),
    "lower_is_better": Text("分數低者佳", "lower is better"),
    "error": Text("視為錯誤", "an error"),
    "criterion_mean": Text("以該項其他委員平均代入", "mean of the others on that criterion"),
    "rescale": Text("按已評項目換算", "scaled from what was marked"),
    "zero": Text("以零分計", "zero points"),
    "none": Text("不校正", "none"),
    "additive": Text("校正給分寬嚴", "additive"),
    "full": Text("全額或不補助", "the whole amount or nothing"),
    "partial": Text("可部分補助", "part of it, too"),
    "graded": Text("按分數分級", "by grades of merit"),
    "cut": Text("刪減至可核金額", "cut"),
    "refusal": Text("不符資格", "refused"),
    "flag": Text("僅註記", "flagged only"),
    "application": Text("每件計一次", "each application once"),
    "amount": Text("按金額計", "by the money"),
    "total": Text("合計", "total"),
    "ranked": Text("由高分依序", "from the top down"),
    "true": Text("是", "yes"),
    "false": Text("否", "no"),
}

Form = Literal["yes_no", "choice", "text", "toml"]


@dataclass(frozen=True)
class Field:
    """One key of a rule or table as a form has it.

    Parameters
    ----------
    key
        As `optimizer.policy.changes` names it.
    title
        What it means.
    form
        ``text`` is taken as it is typed, ``toml`` as policy.toml would have it.
    shown
        The value as it is typed.
    choices
        Of a ``choice``.
    """

    key: str
    title: Text
    form: Form
    shown: str
    choices: tuple[str, ...] = ()

    @property
    def options(self) -> dict[str, Text]:
        """What can be chosen, with its words."""
        values = ("true", "false") if self.form == "yes_no" else self.choices
        return {value: _CHOICES.get(value, Text(value, value)) for value in values}

    def read(self, said: str) -> Any:
        """Return what was typed or chosen, in the form that policy.toml has."""
        if self.form == "yes_no":
            return said == "true"
        return typed_toml(said) if self.form == "toml" else said


def fields_of_rule(rule: Clause) -> list[Field]:
    """Return the keys that a rule declares, its own first."""
    place = f"{rule.section}.{rule.label}"
    return [
        _field(rule, key.name, f"{place}.{key.name}", key.metadata.get("help", EMPTY))
        for key in rule.policy_keys()
        if key.name != "name"
    ]


def fields_of_tables(policy: Policy) -> list[Field]:
    """Return the keys of the tables [pool], [review] and [award] that hold one value each."""
    found = []
    for table in ("pool", "review", "award"):
        owner = getattr(policy.settings, table)
        for key in fields(owner):
            simple = not isinstance(getattr(owner, key.name), Mapping | tuple | None)
            if simple and key.name != "reference":
                place = f"{table}.{key.name}"
                found.append(_field(owner, key.name, place, _word(place)))
    return found


def _word(key: str) -> Text:
    """Return what people call a key of a table."""
    table, _, name = key.partition(".")
    plain = Text(f"{chinese_key(table)}：{chinese_key(name) or name}", f"{table}: {name}")
    return _TABLES.get(key, plain)


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
    return _word(part)


def told(policies: Sequence[Policy], part: Differs) -> Text:
    """Say one difference in a sentence; see `named`."""
    name = named(policies, part.part)
    whole = {f"{rule.section}.{rule.label}" for policy in policies for rule in policy.rules}
    if part.part in whole:
        if part.after:
            return Text(f"新增：{name.zh}", f"added: {name.en}")
        return Text(f"刪除：{name.zh}", f"removed: {name.en}")
    before, after = (readable(policies, part.part, said) for said in (part.before, part.after))
    return Text(f"{name.zh}：{before.zh} → {after.zh}", f"{name.en}: {before.en} → {after.en}")


def readable(policies: Sequence[Policy], part: str, said: str) -> Text:
    """Say what one side says of a part, as policy.toml has it; see `named`."""
    if part == ORDER:
        spoken = {rule.label: rule.spoken for policy in policies for rule in policy.rules}
        titles = [spoken.get(label, Text(label, label)) for label in said.split(" > ")]
        return Text("、".join(t.zh for t in titles), ", ".join(t.en for t in titles))
    shown = re.sub(r"(?<=\d)_(?=\d)", ",", said)
    return Text(shown or "（未訂）", shown or "(not set)")


def _field(owner: Any, name: str, key: str, title: Text) -> Field:
    hint = get_type_hints(type(owner))[name]
    value = getattr(owner, name)
    if hint in (bool, StrictBool):
        return Field(key, title, "yes_no", "true" if value else "false")
    if get_origin(hint) is Literal:
        return Field(key, title, "choice", value, choices=get_args(hint))
    if hint is str:
        return Field(key, title, "text", value)
    said = said_under(owner, name)
    if isinstance(said, int):
        return Field(key, title, "toml", money(said))
    return Field(key, title, "toml", "" if said is None else in_toml(said))


def typed_toml(said: str) -> Any:
    """Return what was typed as policy.toml would have it; what is none of that is a text."""
    try:
        return tomllib.loads(f"value = {said.strip()}", parse_float=Decimal)["value"]
    except tomllib.TOMLDecodeError:
        return typed(said)


def parsed_sample(toml: str, section: str) -> dict[str, Any]:
    """Return the entry that the catalogue's TOML of a rule states."""
    entry: dict[str, Any] = tomllib.loads(toml, parse_float=Decimal)[section][0]
    return entry
