"""What every screen has in common: whether it refuses or only flags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from optimizer.clauses.base import Clause, key
from optimizer.language.text import Text, joined
from optimizer.problems.errors import Problem, Severity, flag
from optimizer.tables.schema import Value, canonical

Action = Literal["refusal", "flag"]


@dataclass(frozen=True, kw_only=True)
class Screen(Clause):
    """A rule that looks at applications one by one, before the reviews are looked at.

    Parameters
    ----------
    action
        Whether an application that does not meet the rule is ineligible or only flagged.
    """

    action: Action = key(
        "不符時：refusal 不符資格，flag 僅註記",
        "when not met: refusal or flag only",
        "refusal",
    )

    @property
    def severity(self) -> Severity:
        """What a finding of this rule weighs."""
        return Severity(self.action)

    @property
    def outcome(self) -> Text:
        """What happens when the rule is not met, to stand at the end of its sentence."""
        if self.action == "flag":
            return Text("（不符者僅註記）", " (flagged only)")
        return Text("", "")


def named(key_: str, values: Iterable[Value]) -> Text:
    """Say a value of an enumeration in words; a word of the bureau's own stands for itself."""
    zh = next((value.zh for value in values if value.key == key_), key_)
    return Text(zh, key_.replace("_", " "))


def listed(keys: Iterable[str], values: tuple[Value, ...]) -> Text:
    """Say several values of an enumeration in words."""
    return joined(named(canonical(word, values), values) for word in keys)


def nothing_to_check(clause: Clause, table: Text, message: Text) -> Problem:
    """Return the flag that a rule of the policy finds none of the data that it is about."""
    return flag(
        "nothing_to_check",
        message,
        file=table.en,
        column=f"{clause.section}.{clause.label}",
        reference=clause.reference,
    )
