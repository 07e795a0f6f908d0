"""Columns of the plan's own: those that a rule reads and no table of the program has."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.clauses.column_sums import AMOUNT, COUNT
from optimizer.clauses.named_columns import column_meant
from optimizer.language.text import Text, joined
from optimizer.policy.policy import Policy
from optimizer.problems.likeness import did_you_mean
from optimizer.tables.schema import APPLICATIONS, SCHOOLS, Column, Kind

KNOWN = {column.key: column for table in (SCHOOLS, APPLICATIONS) for column in table.columns}


@dataclass(frozen=True)
class OwnColumn:
    """One of them.

    Parameters
    ----------
    name
        As the rules write it: the header of the form.
    is_number
        Whether a rule adds it up.
    rules
        The rules that read it, as people call them.
    meant
        The program's own column that may have been meant, if one is like it.
    """

    name: str
    is_number: bool
    rules: tuple[Text, ...]
    meant: Text | None

    @property
    def column(self) -> Column:
        """The column of the form."""
        kind = Kind.COUNT if self.is_number else Kind.TEXT
        return Column(self.name, self.name, kind, self.help, required=False, filled=self.is_number)

    @property
    def help(self) -> Text:
        """What it is there for, and whether another was meant."""
        rules = joined(self.rules)
        does, adds = ("加總的數字", "added up by") if self.is_number else ("用的欄位", "read by")
        zh = f"本計畫自訂，「{rules.zh}」所{does}"
        en = f'this policy\'s own, {adds} "{rules.en}"'
        meant = did_you_mean(self.meant)
        return Text(f"{zh}；{meant.zh}", f"{en}. {meant.en}") if self.meant else Text(zh, en)


def own_columns(policy: Policy) -> tuple[OwnColumn, ...]:
    """Return the columns that rules name and no table of the program has, in the rules' order."""
    readers: dict[str, list[Text]] = {}
    numbers = {getattr(rule, "measure", "") for rule in policy.rules}
    for key in ("column", "measure"):
        for rule in policy.rules:
            name = getattr(rule, key, "")
            if name and name not in KNOWN and name not in (COUNT, AMOUNT):
                readers.setdefault(name, []).append(rule.spoken)
    return tuple(
        OwnColumn(name, name in numbers, tuple(dict.fromkeys(rules)), column_meant(name, KNOWN))
        for name, rules in readers.items()
    )
