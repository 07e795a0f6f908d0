"""Each community has exactly one convener (plan §伍二, 附件一)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import Finding, Ruling
from optimizer.clauses.screen import Screen
from optimizer.language.text import Text
from optimizer.plain import Application, Papers
from optimizer.tables.records import Records

SEPARATORS = r"[、;；,，/／&＆\n]"


@dataclass(frozen=True, kw_only=True)
class Convener(Screen):
    """A blank convener, or several names in the one cell, are not as the plan asks (§伍二, 附件一).

    Names are told apart by 、 ; , / and &; a blank inside a name is part of it.
    """

    kind: ClassVar[str] = "convener"
    title: ClassVar[Text] = Text("召集人", "Convener")
    fault: ClassVar[Text] = Text("召集人不符", "not exactly one convener")
    for_authors: ClassVar[Text] = Text(
        "以、；，／& 分隔者視為數人；姓名中的空格不算分隔。",
        "Names are told apart by 、 ; , / and &; a blank inside a name is part of it.",
    )
    asks_for: ClassVar[tuple[str, ...]] = ("convener",)
    later: ClassVar[Text] = Text("請確認填列{asked}", "name {asked}")

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        return Text(
            f"每一社群置召集人一人{self.outcome.zh}。",
            f"Each community has exactly one convener{self.outcome.en}.",
        )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Count the names in each cell; the names themselves are not repeated."""
        cells = records.applications["convener"].fillna("").astype(str)
        blank = (cells.str.strip() == "").to_numpy(dtype=bool)
        several = cells.str.contains(SEPARATORS, regex=True).to_numpy(dtype=bool)
        for row in np.flatnonzero(blank | several):
            count = len([name for name in re.split(SEPARATORS, cells.iloc[row]) if name.strip()])
            if count == 1:
                continue
            yield Finding(
                int(row),
                self.severity,
                message=Text(f"召集人列有 {count} 人", f"{count} conveners are named")
                if count
                else Text("未填召集人", "no convener is named"),
                expected=Text("召集人一人", "one convener"),
                column="convener",
            )

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Put each name on a line of its own, and count them."""
        between = dict.fromkeys(map(ord, "、;；,，/／&＆"), "\n")
        names = application.convener.translate(between).split("\n")
        count = sum(1 for name in names if name.strip())
        if count != 1:
            yield Ruling(self.severity, (count,) if count else ())
