"""Changes to a policy by name: keys set, rules dropped, priorities put in another order.

A key is ``TABLE.KEY`` (``pool.amount``) or ``SECTION.NAME.KEY`` (``clause.school_cap.amount``,
``priority.disadvantage.weights.remote``). NAME is a rule's label, which may itself hold dots, or
its kind where only one rule is of that kind. The changed policy is read anew from its document, so
it has passed every check that a policy.toml passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Unpack

from optimizer.clauses import Clause, rule_of
from optimizer.foundation.frozen import freeze_fields
from optimizer.language.text import EMPTY, Text
from optimizer.policy.document import entry_of, exact_numbers, tables_of
from optimizer.policy.parse import read_rule, read_rules, with_labels
from optimizer.policy.problems import LISTS, NAMES, TABLES, table_keys
from optimizer.policy.remedies import key_meant
from optimizer.policy.short_names import (
    NO_KEY,
    NO_MAIN,
    ONE_OF_BOTH,
    SAME_KEY,
    SEVERAL,
    meant_key,
)
from optimizer.problems.arguments import (
    NOT_SO_DEEP,
    Unfit,
    check_fields,
    refusal,
    together,
    too_deep,
)
from optimizer.problems.errors import Details, Problem, defect, one_of
from optimizer.problems.likeness import closest, did_you_mean
from optimizer.tables.settings import Settings


@dataclass(frozen=True)
class Changes:
    """What is to be different.

    Parameters
    ----------
    values
        Dotted keys and the values they are set to, in the form that policy.toml has.
    drop
        Rules to take out, e.g. ``priority.coverage``.
    order
        Names of priorities: these come first, in this order; the rest keep theirs.
    add
        Further rules; what is of a name that stands already gets another.
    replace
        Whole tables, and whole lists of rules, in place of those that the policy has: before all else.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    add: tuple[Clause, ...] = ()
    replace: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_fields(self)
        deep = [name for name in ("values", "replace") if too_deep(getattr(self, name))]
        if deep:
            given = [refusal(f"Changes({n}=…)", getattr(self, n), NOT_SO_DEEP) for n in deep]
            raise together(given)
        freeze_fields(self)


def changed_document(
    settings: Settings,
    rules: Sequence[Clause],
    changes: Changes,
    file: str,
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the document of a policy with the changes made that can be, and what cannot.

    Parameters
    ----------
    settings, rules
        Of the policy as it is.
    changes
        What is to be different.
    file
        Where problems are said to stand.
    """
    draft = _Draft(settings, rules, file)
    for name, table in changes.replace.items():
        draft.exchange(name, table)
    for key, value in changes.values.items():
        draft.set(key, value)
    for rule in changes.add:
        draft.add(rule)
    draft.arrange(changes.drop, changes.order)
    return draft.document, draft.problems


@dataclass(eq=False)
class _Entry:
    """One rule of the document, under the name it has in the policy as it is."""

    rule: Clause
    content: dict[str, Any]


class _Draft:
    """A document that is being changed, and what could not be done."""

    def __init__(self, settings: Settings, rules: Sequence[Clause], file: str) -> None:
        self.document = tables_of(settings)
        self.file = file
        self.problems: list[Problem] = []
        self.keys: dict[tuple[int | str, ...], str] = {}  # that were set, as they were written
        self.rules = {
            section: [_Entry(rule, entry_of(rule)) for rule in rules if rule.section == section]
            for section in LISTS
        }

    def exchange(self, name: str, table: Any) -> None:
        """Put a whole table, or a whole list of rules, in place of what stands there."""
        if name in TABLES and isinstance(table, Mapping):
            self.document[name] = dict(table)
        elif name in LISTS and isinstance(table, list | tuple):
            wrong: list[Problem] = []
            rules = with_labels([*read_rules(exact_numbers(table), name, wrong)])
            self.problems += [replace(p, file=self.file) for p in wrong]
            self.rules[name] = [_Entry(rule, entry_of(rule)) for rule in rules]
        elif name in NAMES:
            meant = (
                Text(f"[[{name}]] 的清單", f"a list as [[{name}]] has it")
                if name in LISTS
                else _TABLE
            )
            self._refuse("not_a_table", _NO_TABLE, f"replace.{name}", name, expected=meant)
        else:
            hint = key_meant(name, NAMES)
            self._refuse(
                "unknown_table",
                _NONE["unknown_table"],
                "replace",
                name,
                expected=one_of(NAMES),
                hint=hint,
            )

    def set(self, key: str, value: Any) -> None:
        """Set one dotted key."""
        section, _, rest = key.partition(".")
        if section in TABLES and not rest:
            self._unknown_place(section, key)
        elif section in TABLES:
            table = self.document.setdefault(section, {})
            self._set_in(table, table_keys(section), rest.split("."), key=key, value=value)
        elif section in LISTS:
            self._set_in_rule(section, rest, key, value)
        else:
            self._unknown_place(section, key)

    def _unknown_place(self, section: str, key: str) -> None:
        """Refuse a key that begins with no table; where it names a key or rule all the same, say its whole name."""
        rules = [entry.rule for name in LISTS for entry in self.rules[name]]
        meant = meant_key(rules, key)
        near = Text(f"請寫成 {meant}", f"Write {meant}") if meant else key_meant(section, NAMES)
        said: Details = {"expected": one_of(NAMES), "hint": near}
        self._refuse("unknown_table", _NONE["unknown_table"], f"set.{key}", section, **said)

    def _set_in_rule(self, section: str, rest: str, key: str, value: Any) -> None:
        parts = rest.split(".")
        for length in range(len(parts) - 1, 0, -1):
            entry = _find(self.rules[section], ".".join(parts[:length]))
            if entry is not None:
                known = [each.name for each in entry.rule.policy_keys()]
                self._set_in(entry.content, known, parts[length:], key=key, value=value)
                return
        name = ".".join(parts[:-1]) or rest
        if _find(self.rules[section], rest) is not None:
            self._refuse("unknown_key", NO_MAIN, f"set.{key}", rest)
            return
        self._unknown_rule(self.rules[section], name, f"set.{key}")

    def _set_in(
        self,
        inside: dict[str, Any],
        known: Sequence[str],
        path: Sequence[str],
        key: str,
        value: Any,
    ) -> None:
        """Set a nested key."""
        if path[0] not in known:
            self._refuse_unknown("unknown_key", path[0], known, key)
            return
        earlier = self.keys.setdefault((id(inside), *path), key)
        if earlier != key:
            self._refuse("key_twice", SAME_KEY, f"set.{key}", earlier, hint=ONE_OF_BOTH)
            return
        for part in path[:-1]:
            deeper = inside.setdefault(part, {})
            if not isinstance(deeper, dict):
                message = Text("此鍵之下沒有其他鍵", "has no keys below it")
                self._refuse("unknown_key", message, f"set.{key}", part)
                return
            inside = deeper
        inside[path[-1]] = value

    def add(self, rule: Clause) -> None:
        """Add a rule, under a name of its own."""
        if rule.section not in LISTS:
            self._refuse("implied_rule", _IMPLIED, "add", rule.kind, expected=_BY_TABLE)
            return
        if (kind := rule_of(rule.section, rule.kind)) is None:
            name = type(rule).__name__
            self._refuse("unknown_kind", _UNDEFINED, "add", name, hint=_DECORATE)
            return
        content, found = entry_of(rule), len(self.problems)
        made = self._made(kind, content)
        if made is None:
            self.problems[found:] = [replace(p, file=self.file) for p in self.problems[found:]]
            return
        taken = {entry.rule.label for entry in self.rules[rule.section]}
        if made.label in taken:
            numbered = (f"{made.label}_{n}" for n in count(2))
            content["name"] = next(name for name in numbered if name not in taken)
            made = replace(made, name=content["name"])
        self.rules[rule.section].append(_Entry(made, content))

    def _made(self, kind: type[Clause], content: Mapping[str, Any]) -> Clause | None:
        """Return an added rule as it is read from its entry, or None with what is wrong with it."""
        place = f"{kind.section}.{kind.kind}"
        try:
            return read_rule(kind, exact_numbers(content), place, self.problems)
        except Unfit as error:
            message = Text("值不正確", "wrong value")
            self.problems.append(
                defect("bad_value", message, expected=error.expected, column=place)
            )
            return None

    def arrange(self, drop: Iterable[str], order: Sequence[str]) -> None:
        """Take rules out and put priorities in order."""
        gone = [entry for name in drop if (entry := self._dropped(name)) is not None]
        for section in LISTS:
            kept = [e for e in self.rules[section] if e not in gone]
            self.rules[section] = self._ordered(kept, order) if section == "priority" else kept
            if self.rules[section]:
                self.document[section] = [entry.content for entry in self.rules[section]]

    def _dropped(self, name: str) -> _Entry | None:
        section, _, label = name.partition(".")
        if section not in LISTS:
            self._unknown_section(name)
            return None
        entry = _find(self.rules[section], label)
        if entry is None:
            self._unknown_rule(self.rules[section], label, "drop", f"{section}.")
        return entry

    def _unknown_section(self, name: str) -> None:
        """Say which rule is meant by a name without its list before it, or with another word there."""
        rules = [entry.rule for section in LISTS for entry in self.rules[section]]
        places = {rule.label: f"{rule.section}.{rule.label}" for rule in rules}
        parts = (name, name.partition(".")[2], name.rpartition(".")[2])  # labels may hold dots
        bare = next((part for part in parts if part in places), parts[-1])
        alike = [places[rule.label] for rule in rules if rule.kind == bare]
        near = places.get(bare, alike[0] if alike else None) or places.get(
            closest(bare, list(places)) or ""
        )
        several = bare not in places and len(alike) > 1
        self._refuse(
            "unknown_rule",
            SEVERAL if several else Text("沒有這個規則", "there is no such rule"),
            "drop",
            name,
            expected=one_of(alike) if several else _WITH_LIST,
            hint=EMPTY if several else did_you_mean(near),
        )

    def _ordered(self, entries: list[_Entry], order: Sequence[str]) -> list[_Entry]:
        first: list[_Entry] = []
        for name in order:
            label = name.removeprefix("priority.")
            entry = _find(entries, label)
            if entry is None:
                self._unknown_rule(entries, label, "order")
            elif entry in first:
                message = Text("同一優先順序列了兩次", "the same priority stands twice")
                self._refuse("repeated_rule", message, "order", name)
            else:
                first.append(entry)
        return [*first, *(e for e in entries if e not in first)]

    def _unknown_rule(
        self, among: Sequence[_Entry], name: str, place: str, before: str = ""
    ) -> None:
        """Refuse a name that no rule has; what to write instead has its list `before` it, where that is asked."""
        labels = [entry.rule.label for entry in among]
        several = [entry.rule.label for entry in among if entry.rule.kind == name]
        message = Text("計畫中沒有這個規則", "the policy has no rule of that name")
        if several:
            labels, message = several, SEVERAL
        expected = one_of(before + label for label in labels) if labels else EMPTY
        near = EMPTY if several else key_meant(name, labels)
        if before:  # to drop: a rule that is not there needs no table of its own
            meant = None if several else closest(name, labels)
            near = did_you_mean(before + meant if meant else None)
        self._refuse("unknown_rule", message, place, name, expected=expected, hint=near)

    def _refuse_unknown(self, code: str, name: str, known: Sequence[str], key: str) -> None:
        near = key_meant(name, known)
        self._refuse(code, _NONE[code], f"set.{key}", name, expected=one_of(known), hint=near)

    def _refuse(
        self, code: str, message: Text, place: str, word: str, **more: Unpack[Details]
    ) -> None:
        said: Details = {"file": self.file, "column": place, "value": word[:80], **more}
        self.problems.append(defect(code, message, **said))


def _find(among: Sequence[_Entry], name: str) -> _Entry | None:
    """Return the rule of that label, or the only one of that kind."""
    alike = [e for e in among if e.rule.label == name]
    alike = alike or [e for e in among if e.rule.kind == name]
    return alike[0] if len(alike) == 1 else None


_WITH_LIST = Text("clause.名稱 或 priority.名稱", "clause.NAME or priority.NAME")
_NO_TABLE = Text("形式不對", "has the wrong form")
_TABLE = Text("一個表格", "a table")
_UNDEFINED = Text("程式不認得這種規則", "is a rule that the program does not know")
_DECORATE = Text(
    "請在類別定義的上一行加上 @optimizer.clause。", "Put @optimizer.clause above its class."
)
_IMPLIED = Text("此規則一律適用，不能另行加入", "this rule always applies, and cannot be added")
_BY_TABLE = Text(
    "經費總額與及格分數請以 with_(pool=…, minimum_merit=…) 設定",
    "the pool and the minimum merit are set by with_(pool=…, minimum_merit=…)",
)
_NONE = {
    "unknown_table": Text("計畫檔沒有這個表格", "a policy has no such table"),
    "unknown_key": NO_KEY,
}
