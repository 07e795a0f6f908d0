"""A community works by methods that the plan accepts, one at least (plan §柒六(三))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import Finding, Ruling, key
from optimizer.clauses.screen import Screen, listed, named
from optimizer.language.text import Text, joined
from optimizer.language.words import how_many
from optimizer.plain import Application, Papers, key_of, spellings
from optimizer.problems.errors import Severity
from optimizer.tables.records import Records
from optimizer.tables.schema import METHODS, canonical
from optimizer.tables.settings import Count


@dataclass(frozen=True, kw_only=True)
class Methods(Screen):
    """Too few accepted methods are refused; methods that are not accepted are flagged.

    The kinds of activity that the plan wants evenly spread (§柒六(三)); the policy names the set.

    Parameters
    ----------
    accepted
        In the program's words or in Chinese; those of the plan's form unless given.
    minimum
        How many different accepted methods a community names at least.
    """

    kind: ClassVar[str] = "methods"
    title: ClassVar[Text] = Text("實施方式", "Methods")
    fault: ClassVar[Text] = Text("實施方式不符", "methods not accepted")
    asks_for: ClassVar[tuple[str, ...]] = ("methods",)
    later: ClassVar[Text] = Text(
        "請確認實施方式及其種數符合受理範圍：{asked}",
        "choose enough of the accepted methods: {asked}",
    )

    accepted: tuple[str, ...] = key(
        "可受理的實施方式", "methods that are accepted", tuple(value.key for value in METHODS)
    )
    minimum: Count = key("至少幾種可受理的方式", "how many accepted methods at least", 1)

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        said = listed(self.accepted, METHODS)
        return Text(
            f"實施方式至少 {self.minimum} 種，限於：{said.zh}{self.outcome.zh}；其他方式僅註記。",
            f"At least {self.minimum} of these methods: {said.en}{self.outcome.en}; any other is "
            "flagged.",
        )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Count each application's accepted methods; name those that are not accepted."""
        accepted = {canonical(word, METHODS) for word in self.accepted}
        cells = [tuple(dict.fromkeys(cell)) for cell in records.applications["methods"]]
        owner = np.repeat(np.arange(len(cells)), [len(cell) for cell in cells])
        known = np.fromiter((m in accepted for m in chain.from_iterable(cells)), dtype=bool)
        others = np.unique(owner[~known])
        few = np.bincount(owner[known], minlength=len(cells)) < self.minimum
        for row in others:
            strange = [m for m in cells[row] if m not in accepted]
            yield self._finding(int(row), Severity.FLAG, strange)
        for row in np.flatnonzero(few):
            yield self._finding(int(row), self.severity, None, len(accepted & set(cells[row])))

    def _finding(
        self, row: int, severity: Severity, strange: list[str] | None, count: int = 0
    ) -> Finding:
        said = listed(self.accepted, METHODS)
        if strange is None:
            message = Text(
                f"可受理的實施方式 {count} 種，少於 {self.minimum} 種",
                f"{how_many(count, 'accepted method')}, fewer than {self.minimum}",
            )
            return Finding(
                row, severity, message=message, expected=said, column="methods", value=str(count)
            )
        names = joined(named(method, METHODS) for method in strange)
        message = Text(
            f"實施方式不在受理範圍：{names.zh}", f"methods that are not accepted: {names.en}"
        )
        return Finding(
            row, severity, message=message, expected=said, column="methods", value=";".join(strange)
        )

    @cached_property
    def _listed(self) -> frozenset[str]:
        """What is accepted, as the audit takes it."""
        return frozenset(key_of(word, METHODS) for word in self.accepted)

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Tell the methods that the policy lists from the others."""
        strange = [method for method in application.methods if method not in self._listed]
        count = len(application.methods) - len(strange)
        if strange:
            yield Ruling(Severity.FLAG, tuple(spellings(method, METHODS) for method in strange))
        if count < self.minimum:
            yield Ruling(self.severity, (count, self.minimum), less=True)
