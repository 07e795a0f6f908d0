"""Joint communities apply through one responsible school (plan §捌二(1), (4))."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

import numpy as np
import pandas as pd

from optimizer.clauses.base import Finding, Ruling
from optimizer.clauses.screen import Screen
from optimizer.language.text import Text
from optimizer.plain import Application, Papers
from optimizer.tables.records import Records


@dataclass(frozen=True, kw_only=True)
class Joint(Screen):
    """Partners are other schools than the lead, and known ones (§捌二(1), (4)).

    The award of a joint application counts against its lead school alone: `school_cap` adds it up
    there and nowhere else.
    """

    kind: ClassVar[str] = "joint"
    title: ClassVar[Text] = Text("聯合申請", "Joint communities")
    fault: ClassVar[Text] = Text("合作學校不符", "partners not as the plan asks")
    later: ClassVar[Text] = Text("請確認{asked}", "name {asked} as a partner")

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        return Text(
            f"跨校社群由一所主辦學校申請，補助計入該校；合作學校須為其他學校{self.outcome.zh}。",
            "A joint community applies through its lead school, against whose cap its award "
            f"counts; its partners are other schools{self.outcome.en}.",
        )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Look every partner up among the schools, and compare it with the lead.

        A code that stands at both levels names two schools, one of which may be the other's
        partner.
        """
        cells = records.applications["partners"].to_list()
        owner = np.repeat(np.arange(len(cells)), [len(cell) for cell in cells])
        partner = pd.Series(list(chain.from_iterable(cells)), dtype="str")
        codes = records.schools["school_id"]
        lead = records.applications["school_id"].iloc[owner].reset_index(drop=True)
        shared = lead.isin(codes[codes.duplicated()])
        itself = ((partner == lead) & ~shared).to_numpy(dtype=bool)
        unknown = ~partner.isin(codes).to_numpy(dtype=bool)
        for place in np.flatnonzero(itself | unknown):
            code = partner.iloc[place]
            yield Finding(
                int(owner[place]),
                self.severity,
                message=Text(
                    f"合作學校 {code} 不在學校資料中", f"partner {code} is not a known school"
                )
                if unknown[place]
                else Text(
                    f"合作學校 {code} 即主辦學校", f"partner {code} is the lead school itself"
                ),
                expected=Text(
                    "合作學校為學校資料中的其他學校", "another school of the schools table"
                ),
                column="partners",
                value=code,
            )

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Find partners that are no known school, or the lead itself."""
        lead = application.school.code
        for code in application.partners:
            known = papers.schools.get(code, ())
            if not known or (code == lead and len(known) == 1):
                yield Ruling(self.severity, (code,))
