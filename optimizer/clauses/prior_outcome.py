"""The report on last year's grant is due before the next one (plan §捌四, §玖三)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import Finding, Ruling
from optimizer.clauses.screen import Screen
from optimizer.language.text import Text
from optimizer.plain import Application, Papers
from optimizer.tables.records import Records


@dataclass(frozen=True, kw_only=True)
class PriorOutcome(Screen):
    """Communities whose last report is missing are refused, or flagged (§捌四, §玖三).

    A blank means that there was no grant last time, and nothing is due.
    """

    for_authors: ClassVar[Text] = Text(
        "空白表示前次未獲補助，無須繳交。",
        "A blank means that there was no grant last time, and nothing is due.",
    )
    kind: ClassVar[str] = "prior_outcome"
    title: ClassVar[Text] = Text("前次成果", "Last report")
    fault: ClassVar[Text] = Text("前次成果未繳交", "last report missing")
    later: ClassVar[Text] = Text(
        "請先繳交前次成果報告", "hand in the report on the last grant first"
    )

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        return Text(
            f"前次獲補助者須已繳交成果報告{self.outcome.zh}。",
            f"Those funded last time have handed in their report{self.outcome.en}.",
        )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Find the applications whose report is marked missing."""
        missing = (records.applications["prior_outcome"] == "missing").to_numpy(dtype=bool)
        for row in np.flatnonzero(missing):
            yield Finding(
                int(row),
                self.severity,
                message=Text("前次成果報告未繳交", "the report on the last grant is missing"),
                expected=Text("已繳交，或前次未獲補助", "handed in, or no grant last time"),
                column="prior_outcome",
                value="missing",
            )

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Find a report that is marked missing; a blank is none that is due."""
        if application.prior_outcome == "missing":
            yield Ruling(self.severity)
