"""Applications are handed in inside the window (plan §陸三)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

import numpy as np

from optimizer.clauses.base import Finding, Ruling, key
from optimizer.clauses.named_columns import ordinals
from optimizer.clauses.screen import Action, Screen, nothing_to_check
from optimizer.clauses.two_bounds import TwoBounds
from optimizer.clauses.year_slip import said_slip
from optimizer.language.text import EMPTY, Text, day
from optimizer.plain import Application, Papers, meant_days
from optimizer.problems.errors import Problem, Severity, defect
from optimizer.tables.records import Records
from optimizer.tables.settings import Day


@dataclass(frozen=True, kw_only=True)
class Deadline(Screen):
    """Applications handed in before the first or after the last day are not in time (§陸三).

    Of a day that would be in time with the year of the window, the year is flagged as a likely slip.

    Parameters
    ----------
    first, last
        First and last day of the window, both inside it; either may be left open.
    missing
        What to do where no date is given.
    """

    kind: ClassVar[str] = "deadline"
    title: ClassVar[Text] = Text("送件期限", "Deadline")
    fault: ClassVar[Text] = Text("未於期限內送件", "not handed in in time")
    later: ClassVar[Text] = Text(
        "請於受理期間內送件（本年度為{asked}）", "hand it in on time (this year: {asked})"
    )
    sample: ClassVar[Mapping[str, Any]] = {"first": "2014-01-02", "last": "2014-01-17"}

    for_authors: ClassVar[Text] = Text(
        "首日與末日均在期限內；可只寫其一。",
        "Both days are in time; either may be left out.",
    )
    two_bounds: ClassVar[TwoBounds] = TwoBounds("first", "last")

    first: Day | None = key("受理首日", "first day", None)
    last: Day | None = key("受理末日", "last day", None)
    missing: Action = key(
        "未填送件日期時：refusal 不符資格，flag 僅註記",
        "when no date is given: refusal or flag only",
        "flag",
    )

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        window = self._window()
        return Text(
            f"應於{window.zh}送件{self.outcome.zh}。",
            f"Applications are handed in {window.en}{self.outcome.en}.",
        )

    def _window(self) -> Text:
        first, last = (None if d is None else day(d) for d in (self.first, self.last))
        if first and last:
            return Text(f"{first.zh}至{last.zh}", f"from {first.en} to {last.en}")
        if last:
            return Text(f"{last.zh}以前", f"on {last.en} at the latest")
        return Text(f"{first.zh}以後", f"on {first.en} at the earliest") if first else EMPTY

    def misstated(self) -> Iterable[Problem]:
        """Refuse a window without any day, or whose end is before its beginning."""
        yield from super().misstated()
        if self.first is None and self.last is None:
            said = Text("未訂首日或末日", "neither first nor last is given")
            expected = Text("first、last 至少一項", "first, last, or both")
            yield defect("no_bound", said, expected=expected, column="first")

    def check(self, records: Records) -> Iterable[Problem]:
        """Flag a table without any day."""
        if records.applications["submitted_on"].isna().all():
            yield nothing_to_check(
                self,
                Text("申請", "applications"),
                Text("申請表未填任何送件日期", "no application says when it was handed in"),
            )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Compare ``first <= submitted_on <= last``."""
        days = records.applications["submitted_on"].to_list()
        handed_in = ordinals(days)
        blank = handed_in < 0
        outside = np.zeros(len(days), dtype=bool)
        if self.first is not None:
            outside |= handed_in < self.first.toordinal()
        if self.last is not None:
            outside |= handed_in > self.last.toordinal()
        expected = self._window()
        for row in np.flatnonzero(blank):
            said = Text("未填送件日期", "date of handing in not given")
            yield Finding(
                int(row),
                Severity(self.missing),
                message=said,
                expected=expected,
                column="submitted_on",
            )
        for row in np.flatnonzero(outside & ~blank):
            when = day(days[row])
            said = Text(f"{when.zh}送件，不在受理期間", f"handed in on {when.en}, not in time")
            yield Finding(
                int(row),
                self.severity,
                message=said,
                expected=expected,
                column="submitted_on",
                value=str(days[row]),
            )
            if slip := self._slip(days[row]):
                yield Finding(
                    int(row),
                    Severity.FLAG,
                    message=Text(f"{said.zh}；{slip.zh}", f"{said.en}; {slip.en}"),
                    expected=expected,
                    column="submitted_on",
                )

    def _slip(self, when: date) -> Text:
        """Say that the year may be a slip; of a window that is open at one end, none is a sign of that."""
        if self.first is None or self.last is None:
            return EMPTY
        return said_slip(when, (self.first, self.last), _SHORT)

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Hold the day handed in against the first and the last, both in time."""
        day = application.submitted_on
        if day is None:
            yield Ruling(Severity(self.missing))
        elif (self.first and day < self.first) or (self.last and day > self.last):
            yield Ruling(self.severity, (day,))
            if self.first and self.last and self.last.toordinal() - self.first.toordinal() < 183:
                for one in meant_days(day, self.first, self.last):
                    yield Ruling(Severity.FLAG, (day, one))


_SHORT = timedelta(days=183)
