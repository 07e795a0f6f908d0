"""The two keys of a rule that bound one thing from below and from above."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from optimizer.language.text import Text
from optimizer.language.words import percent
from optimizer.problems.errors import Problem, defect


@dataclass(frozen=True)
class TwoBounds:
    """What lies between two keys of a rule: numbers, shares or days.

    Parameters
    ----------
    least, most
        The keys; either may be left open.
    above
        Whether the least itself lies outside.
    """

    least: str
    most: str
    above: bool = False

    def crossed(self, rule: object) -> Iterator[Problem]:
        """Yield a problem if nothing lies between them, whatever the data are.

        A number and a share are of two kinds, which the data bring together; unless the most is
        nothing at all.
        """
        least, most = getattr(rule, self.least), getattr(rule, self.most)
        if least is None or most is None or not (type(least) is type(most) or most == 0):
            return
        if least > most or (self.above and least == most):
            no_less, more = _WORDS[isinstance(least, date)]
            wanted = more if self.above else no_less
            yield defect(
                "contradiction",
                Text(
                    f"沒有任何值能同時符合 {self.least} = {_said(least)} 與 {self.most} = {_said(most)}",
                    f"nothing lies between {self.least} = {_said(least)} and {self.most} = {_said(most)}",
                ),
                expected=Text(f"{wanted.zh} {self.least}", f"{wanted.en} than {self.least}"),
                column=self.most,
                value=_said(most),
            )


_NUMBERS = Text("不小於", "no less"), Text("大於", "more")
_DAYS = Text("不早於", "no earlier"), Text("晚於", "later")
_WORDS = {False: _NUMBERS, True: _DAYS}


def _said(bound: Any) -> str:
    """Write a bound as the policy has it."""
    return percent(bound) if isinstance(bound, Fraction) else str(bound)
