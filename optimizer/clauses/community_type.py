"""A community is of one of the plan's five types (plan §伍一)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import Finding, Ruling, key
from optimizer.clauses.screen import Screen, listed, named
from optimizer.language.text import Text
from optimizer.plain import Application, Papers, key_of, spellings
from optimizer.problems.errors import Problem, one_of
from optimizer.tables.records import Records
from optimizer.tables.schema import TYPES, canonical


@dataclass(frozen=True, kw_only=True)
class Types(Screen):
    """Communities of any other type are not as the plan asks (§伍一).

    Parameters
    ----------
    accepted
        In the program's words or in Chinese; the five of the plan unless given.
    """

    kind: ClassVar[str] = "types"
    title: ClassVar[Text] = Text("社群類型", "Types of community")
    fault: ClassVar[Text] = Text("社群類型不符", "type not accepted")
    later: ClassVar[Text] = Text(
        "請確認社群類型為下列之一：{asked}", "choose one of these types of community: {asked}"
    )

    accepted: tuple[str, ...] = key(
        "可受理的類型", "types that are accepted", tuple(value.key for value in TYPES)
    )

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        said = listed(self.accepted, TYPES)
        return Text(
            f"社群類型限於：{said.zh}{self.outcome.zh}。",
            f"The community is of one of these types: {said.en}{self.outcome.en}.",
        )

    def check(self, records: Records) -> Iterable[Problem]:
        """Refuse a type that no community can have."""
        known = [value.key for value in TYPES]
        for word in self.accepted:
            if canonical(word, TYPES) not in known:
                yield self.wrong(
                    "unknown_value",
                    Text("沒有這種社群類型", "is no type of community"),
                    expected=one_of(known, (value.zh for value in TYPES)),
                    key="accepted",
                    value=word[:80],
                )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Look each type up in the accepted set."""
        accepted = {canonical(word, TYPES) for word in self.accepted}
        types = records.applications["type"]
        for row in np.flatnonzero(~types.isin(accepted).to_numpy(dtype=bool)):
            found = str(types.iloc[row])
            said = named(found, TYPES)
            yield Finding(
                int(row),
                self.severity,
                message=Text(
                    f"社群類型「{said.zh}」不在受理範圍", f'type "{said.en}" is not accepted'
                )
                if found
                else Text("未填社群類型", "no type of community is given"),
                expected=listed(self.accepted, TYPES),
                column="type",
                value=found,
            )

    @cached_property
    def _listed(self) -> frozenset[str]:
        """What is accepted, as the audit takes it."""
        return frozenset(key_of(word, TYPES) for word in self.accepted)

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Look the one type up among those that the policy lists."""
        if application.type not in self._listed:
            said = (spellings(application.type, TYPES),) if application.type else ()
            yield Ruling(self.severity, said)
