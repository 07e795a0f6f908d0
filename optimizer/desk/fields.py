"""The numbers of a policy that a person can move, and what differs between policies in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal
from unicodedata import normalize

from optimizer.clauses import Clause
from optimizer.desk.decisions import decision_told, decisions_of, parts_by_hand
from optimizer.desk.departures import ORDER, Differs, differences, parts
from optimizer.desk.field_words import SETTINGS
from optimizer.desk.filled_in import in_words, typed as typed, typed_toml
from optimizer.desk.key_forms import Field, fields_of_rule, fields_of_tables
from optimizer.language.policy_words import chinese_key
from optimizer.language.text import EMPTY, Text, joined, money, sentences
from optimizer.language.words import exact_points
from optimizer.policy.key_names import key_of_rule
from optimizer.policy.policy import Policy

_AMOUNT = Text("金額（元）", "amount, NT$")
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
        What it is; of a share, per cent.
    step
        By how much an arrow key moves it.
    sign
        What stands behind it: ``%`` for a share.
    """

    key: str
    title: Text
    value: Fraction
    step: int = 1
    sign: Literal["", "%"] = ""

    @property
    def most(self) -> int:
        """The end of its track: twice what it is, in whole steps; of a share, all of it."""
        if self.sign:
            return 100
        return max(10 * self.step, int(2 * self.value) // self.step * self.step)

    @property
    def shown(self) -> str:
        """The value as it is typed."""
        whole = self.value.denominator == 1
        return money(int(self.value)) if whole else exact_points(self.value)

    @property
    def plain(self) -> str:
        """The value as a slider has it."""
        return exact_points(self.value)

    def read(self, said: str) -> Any:
        """Return what was typed, in the form that policy.toml has; None where it is no number from 0 on."""
        value = typed(normalize("NFKC", said).strip().removesuffix(self.sign))
        if not _counts(value):
            return None
        return f"{value}%" if self.sign else value


def _counts(value: Any) -> bool:
    """Return whether what was typed is a number that is not below 0; see `typed`."""
    try:
        return Fraction(value) >= 0
    except (ValueError, ZeroDivisionError):
        return False


@lru_cache(maxsize=4)  # every knob of every window asks for those of what stands
def numbers(policy: Policy) -> Mapping[str, Number]:
    """Return every number of a policy by its key, money in steps of its unit, shares per cent."""
    found, seen = list(_numbers(policy)), Counter[Text]()
    twice = Counter(number.title for number in found)
    for at, number in enumerate(found):
        seen[number.title] += 1
        if twice[title := number.title] > 1:
            said = Text(f"{title.zh}（之 {seen[title]}）", f"{title.en} ({seen[title]})")
            found[at] = replace(number, title=said)
    return {number.key: number for number in found}


def _numbers(policy: Policy) -> Iterator[Number]:
    unit, partial = policy.settings.pool.unit, policy.settings.award.mode == "partial"
    for field in fields_of_tables(policy):
        if field.key in _MOVED or (partial and field.key == "award.least_share"):
            yield from _number(field, field.title, unit if field.form == "money" else 1)
    for rule in policy.rules:
        if rule.section in ("clause", "priority"):
            yield from _numbers_of(rule, unit)


def _numbers_of(rule: Clause, unit: int) -> Iterator[Number]:
    """Yield the numbers of a rule: the only one by the rule's name, several each by its own, too."""
    pairs = list(zip(rule.own_keys(), fields_of_rule(rule), strict=False))
    several = sum(len([*_number(field, field.title, 1)]) for _, field in pairs) > 1
    for key, field in pairs:
        help_ = _AMOUNT if key.name == "amount" else key.metadata.get("help", EMPTY)
        title = _title(rule, help_, several)
        yield from _number(field, title, unit if key.name == "amount" else 1)


def _number(field: Field, title: Text, step: int) -> Iterator[Number]:
    """Yield the number that a field holds, if it holds one."""
    plain = field.shown.removesuffix("%").replace(",", "")
    if field.form not in ("money", "number", "bound", "share") or not _counts(plain):
        return
    if field.form == "share" or field.shown.endswith("%"):
        said = Text(f"{title.zh}（%）", f"{title.en} (%)")
        yield Number(field.key, said, Fraction(plain), sign="%")
    else:
        yield Number(field.key, title, Fraction(plain), step)


def _title(rule: Clause, help_: Text, several: bool) -> Text:
    return rule.spoken if rule.main_key and not several else key_of_rule(rule, help_)


# ---- in words -----------------------------------------------------------------------------------


def named(policies: Sequence[Policy], part: str) -> Text:
    """Return what people call a part of a policy; of a rule as a whole, its own sentence without its stop.

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
            sentence = rule.sentence()
            return Text(sentence.zh.rstrip("。"), sentence.en.rstrip("."))
        if part.startswith(f"{place}."):
            titles = {field.key: field.title for field in fields_of_rule(rule)}
            title = titles.get(part, Text(part, part))
            if set(rule.spoken.zh) <= set(title.zh):
                return title  # it names its rule
            return Text(f"{rule.spoken.zh}：{title.zh}", f"{rule.spoken.en}: {title.en}")
    table, _, key = part.partition(".")
    if not key:
        return Text(chinese_key(table), table)
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


def change_told(before: Policy, after: Policy) -> Text:
    """Say what leads from one policy to another, by the names that its parts have in these two.

    Of decisions by hand, those that changed, without their grounds: they stand where it was decided.
    """
    lists = {part for policy in (before, after) for part in parts_by_hand(policy)}
    rest = [part for part in differences(before, after) if part.part not in lists]
    return sentences([*_decided(before, after), *(told((after, before), part) for part in rest)])


def _decided(before: Policy, after: Policy) -> Iterator[Text]:
    old, new = decisions_of(before), decisions_of(after)
    for one in dict.fromkeys([*old, *new]):
        if (now := new.get(one)) != old.get(one):
            yield decision_told(one, now.verdict if now else "open")


def outdated(then: Policy, now: Policy) -> Text:
    """Say of what is shown that it is of an earlier policy or other pins, and what differs now."""
    changed = change_told(then, now)
    if changed == EMPTY:
        changed = Text("釘選的情境與當時不同", "other scenarios are pinned")
    return Text(
        f"以下是先前規則的結果，圖表中的「現行計畫」是當時的計畫。此後的更動：{changed.zh}。請再計算一次。",
        'What follows is of earlier rules; "the policy as it is" in it is the one of then. Changed since: '
        f"{changed.en}. Work it out again.",
    )


def said_of(policies: Sequence[Policy], part: str, said: str) -> Text:
    """Say what one side says of a part, as policy.toml has it."""
    if part == ORDER:
        spoken = {rule.label: rule.spoken for policy in policies for rule in policy.rules}
        return joined(spoken.get(label, Text(label, label)) for label in said.split(" > "))
    value = typed_toml(said) if said else _usual(policies, part)
    forms = (field.form for field in _fields(policies) if field.key == part)
    return in_words(next(forms, "toml"), value)


def _usual(policies: Sequence[Policy], part: str) -> Any:
    """Return what holds under a key where a policy says nothing there; None where that is nothing."""
    owner, _, key = part.rpartition(".")
    for policy in policies:
        if key not in parts(policy).get(owner, {}):
            for field in (field for field in _fields([policy]) if field.key == part):
                return field.said
    return None


def _fields(policies: Sequence[Policy]) -> Iterator[Field]:
    for policy in policies:
        yield from fields_of_tables(policy)
        for rule in policy.rules:
            yield from fields_of_rule(rule)
