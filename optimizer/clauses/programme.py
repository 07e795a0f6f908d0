"""Only schools outside the ministry's evaluation programme may apply (plan §肆)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import Finding, Ruling
from optimizer.clauses.screen import Screen
from optimizer.language.text import Text, run_on
from optimizer.plain import Application, Papers
from optimizer.tables.records import Records


@dataclass(frozen=True, kw_only=True)
class Programme(Screen):
    """Schools that took part in the ministry's 102 evaluation programme are not eligible (§肆)."""

    kind: ClassVar[str] = "programme"
    title: ClassVar[Text] = Text("評鑑計畫之限制", "Evaluation programme")
    fault: ClassVar[Text] = Text("已參與評鑑計畫", "took part in the evaluation programme")
    later: ClassVar[Text] = Text(
        "計畫限未參與評鑑計畫之學校申請，請先確認貴校當年度是否符合",
        "make sure first that your school is outside the evaluation programme that year",
    )

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        return Text(
            f"限未參與教育部 102 學年度教師專業發展評鑑計畫之學校申請{self.outcome.zh}。",
            f"Only schools outside the ministry's 102 evaluation programme may apply{self.outcome.en}.",
        )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Refuse applications whose lead school takes part."""
        takes_part = records.schools["evaluation_programme"].to_numpy(dtype=bool)
        school = records.applications["school"].to_numpy(dtype=np.int64)
        for row in np.flatnonzero(takes_part[school]):
            name = str(records.schools["name"].iloc[school[row]])
            yield Finding(
                int(row),
                self.severity,
                message=Text(
                    run_on(name, "已參與評鑑計畫"), f"{name} takes part in the evaluation programme"
                ),
                expected=Text("未參與評鑑計畫之學校始得申請", "a school outside the programme"),
                column="evaluation_programme",
                value="yes",
            )

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Find a lead school inside the programme, by its name."""
        if application.school.in_programme:
            yield Ruling(self.severity, (application.school.name,))
