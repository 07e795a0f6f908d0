"""Changes to a policy by name: keys set, rules dropped, priorities put in another order.

A key is ``TABLE.KEY`` (``pool.amount``) or ``SECTION.NAME.KEY`` (``clause.school_cap.amount``,
``priority.disadvantage.weights.remote``). NAME is a rule's label, which may itself hold dots, or
its kind where only one rule is of that kind. The changed policy is read anew from its document, so
it has passed every check that a policy.toml passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Unpack

from optimizer.clauses import Clause
from optimizer.foundation.frozen import freeze_fields
from optimizer.language.text import EMPTY, Text
from optimizer.policy.policy import Policy, make_policy
from optimizer.policy.problems import LISTS, NAMES, TABLES, table_keys
from optimizer.policy.remedies import key_meant
from optimizer.problems.arguments import check_fields, checked
from optimizer.problems.errors import Details, PolicyError, Problem, defect, one_of
from optimizer.problems.likeness import did_you_mean


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
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self)
        freeze_fields(self)


@checked
def changed(policy: Policy, changes: Changes, file: str = "changed(changes=…)") -> Policy:
    """Return the policy with the changes made.

    Parameters
    ----------
    policy
        The policy as it is; it stays as it is.
    changes
        What is to be different.
    file
        Where problems are said to stand.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    PolicyError
        With every unknown key and name, and everything that is wrong with the policy then.
    """
    draft = _Draft(policy, file)
    for key, value in changes.values.items():
        draft.set(key, value)
    draft.arrange(changes.drop, changes.order)
    draft.raise_if_any()
    return make_policy(draft.document, file)


@dataclass(eq=False)
class _Entry:
    """One rule of the document, under the name it has in the policy as it is."""

    rule: Clause
    content: dict[str, Any]


class _Draft:
    """A document that is being changed, and what could not be done."""

    def __init__(self, policy: Policy, file: str) -> None:
        self.document: dict[str, Any] = deepcopy(dict(policy.document))
        self.file = file
        self.problems: list[Problem] = []
        self.rules = {section: self._entries(policy, section) for section in LISTS}

    def _entries(self, policy: Policy, section: str) -> list[_Entry]:
        """Pair rules with their entries; names that were given to tell rules apart are kept."""
        rules = [rule for rule in policy.rules if rule.section == section]
        found = []
        for rule, entry in zip(rules, self.document.get(section, []), strict=True):
            named = {**entry, "name": rule.name} if rule.name else dict(entry)
            found.append(_Entry(rule, named))
        return found

    def set(self, key: str, value: Any) -> None:
        """Set one dotted key."""
        section, _, rest = key.partition(".")
        if section in TABLES:
            table = self.document.setdefault(section, {})
            self._set_in(table, table_keys(section), rest.split("."), key=key, value=value)
        elif section in LISTS:
            self._set_in_rule(section, rest, key, value)
        else:
            self._refuse_unknown("unknown_table", section, NAMES, key)

    def _set_in_rule(self, section: str, rest: str, key: str, value: Any) -> None:
        parts = rest.split(".")
        for count in range(len(parts) - 1, 0, -1):
            entry = _find(self.rules[section], ".".join(parts[:count]))
            if entry is not None:
                known = [each.name for each in entry.rule.policy_keys()]
                self._set_in(entry.content, known, parts[count:], key=key, value=value)
                return
        name = ".".join(parts[:-1]) or rest
        if _find(self.rules[section], rest) is not None:
            message = Text("只有規則名稱，少了鍵", "names a rule but none of its keys")
            self._refuse("unknown_key", message, f"set.{key}", rest)
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
        """Set a nested key, making no change to what the document shares with the policy."""
        if path[0] not in known:
            self._refuse_unknown("unknown_key", path[0], known, key)
            return
        for part in path[:-1]:
            deeper = inside.get(part, {})
            if not isinstance(deeper, Mapping):
                message = Text("此鍵之下沒有其他鍵", "has no keys below it")
                self._refuse("unknown_key", message, f"set.{key}", part)
                return
            inside[part] = dict(deeper)
            inside = inside[part]
        inside[path[-1]] = value

    def arrange(self, drop: Iterable[str], order: Sequence[str]) -> None:
        """Take rules out and put priorities in order."""
        gone = [entry for name in drop if (entry := self._dropped(name)) is not None]
        for section in LISTS:
            kept = [e for e in self.rules[section] if e not in gone]
            self.rules[section] = self._ordered(kept, order) if section == "priority" else kept
            if self.rules[section] or section in self.document:
                self.document[section] = [entry.content for entry in self.rules[section]]

    def _dropped(self, name: str) -> _Entry | None:
        section, _, label = name.partition(".")
        if section not in LISTS:
            self._unknown_section(name)
            return None
        entry = _find(self.rules[section], label)
        if entry is None:
            self._unknown_rule(self.rules[section], label, "drop")
        return entry

    def _unknown_section(self, name: str) -> None:
        """Say which prefix is missing, if the name is a rule's without one."""
        near = [f"{section}.{name}" for section in LISTS if _find(self.rules[section], name)]
        self._refuse(
            "unknown_rule",
            Text("沒有這個規則", "there is no such rule"),
            "drop",
            name,
            expected=Text("clause.名稱 或 priority.名稱", "clause.NAME or priority.NAME"),
            hint=did_you_mean(near[0] if near else None),
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

    def _unknown_rule(self, among: Sequence[_Entry], name: str, place: str) -> None:
        labels = [entry.rule.label for entry in among]
        several = [entry.rule.label for entry in among if entry.rule.kind == name]
        message = Text("計畫中沒有這個規則", "the policy has no rule of that name")
        if several:
            labels = several
            message = Text("計畫中有多個這種規則", "the policy has several rules of that kind")
        expected = one_of(labels) if labels else EMPTY
        near = EMPTY if several else key_meant(name, labels)
        self._refuse("unknown_rule", message, place, name, expected=expected, hint=near)

    def _refuse_unknown(self, code: str, name: str, known: Sequence[str], key: str) -> None:
        near = key_meant(name, known)
        self._refuse(code, _NONE[code], f"set.{key}", name, expected=one_of(known), hint=near)

    def _refuse(
        self, code: str, message: Text, place: str, word: str, **more: Unpack[Details]
    ) -> None:
        said: Details = {"file": self.file, "column": place, "value": word[:80], **more}
        self.problems.append(defect(code, message, **said))

    def raise_if_any(self) -> None:
        """Raise everything that could not be done as one error."""
        if self.problems:
            count = len(self.problems)
            raise PolicyError(
                Text(f"有 {count} 個變更做不到", f"{count} change(s) cannot be made"),
                self.problems,
            )


def _find(among: Sequence[_Entry], name: str) -> _Entry | None:
    """Return the rule of that label, or the only one of that kind."""
    alike = [e for e in among if e.rule.label == name]
    alike = alike or [e for e in among if e.rule.kind == name]
    return alike[0] if len(alike) == 1 else None


_NONE = {
    "unknown_table": Text("計畫檔沒有這個表格", "a policy has no such table"),
    "unknown_key": Text("沒有這個鍵", "there is no such key"),
}
