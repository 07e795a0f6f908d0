"""Own funds beside the grant: noted, and where the bureau asks for it a least share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import Finding, Rounded, Ruling, key
from optimizer.clauses.screen import Screen
from optimizer.foundation.exact import plus, times
from optimizer.language.text import EMPTY, Text, money
from optimizer.language.words import percent
from optimizer.plain import Application, Papers
from optimizer.problems.errors import Severity
from optimizer.tables.records import Records
from optimizer.tables.settings import Share


@dataclass(frozen=True, kw_only=True)
class OwnFunds(Screen):
    """Own funds are noted; less of them than the least share is not as the bureau asks.

    Beyond the plan's own text: the application form has room for own funds.

    Parameters
    ----------
    least_share
        Least share of the whole cost, which is the requested amount and the own funds together.
    """

    kind: ClassVar[str] = "own_funds"
    title: ClassVar[Text] = Text("自籌款", "Own funds")
    later: ClassVar[Text] = Text(
        "請確認自籌款占總經費{asked}", "bring own funds of {asked} of the whole cost"
    )

    least_share: Share = key(
        "自籌款占總經費的最低比例", "least share of own funds in the whole cost", Fraction(0)
    )

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        if not self.least_share:
            return Text("自籌款予以註記。", "Own funds are noted.")
        least = percent(self.least_share)
        return Text(
            f"自籌款至少占總經費 {least}{self.outcome.zh}；有自籌款者予以註記。",
            f"Own funds make up at least {least} of the whole cost{self.outcome.en}, and are "
            "noted.",
        )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Compare ``own / (requested + own)`` with the least share, in integers."""
        own = records.applications["own_funds"].fillna(0).to_numpy(dtype=np.int64)
        whole = plus(own, records.applications["requested"].to_numpy(dtype=np.int64))
        least = self.least_share
        short = times(own, least.denominator) < times(whole, least.numerator)
        asked = percent(least)
        expected = Text(f"至少 {asked}", f"at least {asked}") if least else EMPTY
        for row in np.flatnonzero(short.astype(bool) | (own > 0)):
            said = _percent(int(own[row]), int(whole[row]))
            yield Finding(
                int(row),
                self.severity if short[row] else Severity.FLAG,
                message=Text(
                    f"自籌款 {money(int(own[row]))} 元，占總經費 {said}",
                    f"own funds of NT${money(int(own[row]))}, {said} of the whole cost",
                ),
                expected=expected,
                column="own_funds",
                value=str(int(own[row])),
            )

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Hold own funds against their least share of everything that the community costs."""
        own = application.own_funds or 0
        whole = own + application.requested
        short = own < self.least_share * whole
        if short or own:
            percent = Rounded(Fraction(100 * own, whole) if whole else Fraction(0), 1)
            yield Ruling(self.severity if short else Severity.FLAG, (own, percent))


def _percent(part: int, whole: int) -> str:
    """Write a share to the tenth of a per cent, for reading."""
    tenths = (2000 * part + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"
