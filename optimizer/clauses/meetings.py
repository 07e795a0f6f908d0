"""At least six meetings, all inside the funded period (plan §伍三, §捌二(3), 附件一)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

import numpy as np

from optimizer.clauses.base import Finding, Ruling, key
from optimizer.clauses.named_columns import ordinals
from optimizer.clauses.screen import Screen, nothing_to_check
from optimizer.clauses.year_slip import said_slip
from optimizer.foundation.exact import BoolArray, IntArray
from optimizer.language.text import Text, day, sentences
from optimizer.language.words import how_many
from optimizer.plain import Application, Papers, meant_days
from optimizer.problems.errors import Problem, Severity
from optimizer.tables.records import Records
from optimizer.tables.settings import Count


@dataclass(frozen=True, kw_only=True)
class Meetings(Screen):
    """Fewer meetings than the minimum are refused (§伍三); those outside the period do not count.

    Where the case has a table of meetings, an application listed there has the meetings it lists;
    else the number it states. Of a date that would be inside with another year, that is said.
    """

    for_authors: ClassVar[Text] = Text(
        "活動表列有某案者，以表列次數為準；未列者，以申請表所填次數為準。",
        "An application that is listed in the table of meetings has the meetings listed there; any other has the number that it states.",
    )
    kind: ClassVar[str] = "meetings"
    title: ClassVar[Text] = Text("活動次數", "Meetings")
    fault: ClassVar[Text] = Text("活動次數不符", "meetings not as the plan asks")
    asks_for: ClassVar[tuple[str, ...]] = ("meetings",)
    reads_table: ClassVar[str] = "meetings"
    later: ClassVar[Text] = Text(
        "請於補助期間內安排活動 {asked}", "plan {asked} meetings inside the funded period"
    )

    minimum: Count = key("最少次數", "refused below this", 6)

    def sentence(self) -> Text:
        """Say the rule in one sentence."""
        return Text(
            f"補助期間內至少辦理 {self.minimum} 次活動{self.outcome.zh}。",
            f"At least {self.minimum} meetings, all inside the funded period{self.outcome.en}.",
        )

    def check(self, records: Records) -> Iterable[Problem]:
        """Flag dated meetings that no period of the plan can be held against."""
        if records.meetings is not None and records.settings.plan.period is None:
            yield nothing_to_check(
                self,
                Text("計畫", "policy.toml"),
                Text(
                    "計畫未訂補助期間（plan.period），活動日期無從核對",
                    "the policy has no plan.period, so the dates of meetings cannot be checked",
                ),
            )

    def screen(self, records: Records) -> Iterable[Finding]:
        """Flag meetings outside the period; refuse fewer than the minimum inside it."""
        counted = records.applications["meetings"].fillna(-1).to_numpy(dtype=np.int64, copy=True)
        period = records.settings.plan.period
        if records.meetings is not None:
            dates = records.meetings["date"].to_list()
            application = records.meetings["application"].to_numpy(dtype=np.int64)
            inside = _inside(dates, period)
            yield from self._outside(application, inside, dates, period)
            listed = np.unique(application)
            counted[listed] = np.bincount(application[inside], minlength=len(counted))[listed]
        yield from self._too_few(counted)

    def _outside(
        self,
        application: IntArray,
        inside: BoolArray,
        dates: list[date | None],
        period: tuple[date, date] | None,
    ) -> Iterator[Finding]:
        for place in np.flatnonzero(~inside):
            when = dates[int(place)]
            assert when is not None and period is not None  # without a period, all are inside
            (first, last), slip = map(day, period), said_slip(when, period, _YEAR)
            yield Finding(
                int(application[place]),
                Severity.FLAG,
                message=sentences([_stray(day(when)), slip]),
                expected=Text(f"{first.zh}至{last.zh}", f"from {first.en} to {last.en}"),
                column="date",
                value=str(when),
            )

    def _too_few(self, counted: IntArray) -> Iterator[Finding]:
        for row in np.flatnonzero(counted < self.minimum):
            count = int(counted[row])
            said = (
                Text("未填活動次數", "number of meetings not given")
                if count < 0
                else Text(
                    f"補助期間內活動 {count} 次，少於 {self.minimum} 次",
                    f"{how_many(count, 'meeting')} inside the period, fewer than {self.minimum}",
                )
            )
            yield Finding(
                int(row),
                self.severity,
                message=said,
                expected=Text(f"{self.minimum} 次以上", f"{self.minimum} or more"),
                column="meetings",
                value="" if count < 0 else str(count),
            )

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Count the meetings that are listed and inside the period, else take the stated number."""
        count, period = application.meetings, papers.settings.plan.period
        if application.held_on:
            strays = [d for d in application.held_on if period and not period[0] <= d <= period[1]]
            for stray in strays:
                yield Ruling(Severity.FLAG, (stray, *_slips(stray, period)))
            count = len(application.held_on) - len(strays)
        if count is None:
            yield Ruling(self.severity)
        elif count < self.minimum:
            yield Ruling(self.severity, (count, self.minimum), less=True)


_YEAR = timedelta(days=364)


def _stray(when: Text) -> Text:
    return Text(
        f"活動日期{when.zh}不在補助期間內，不計入",
        f"the meeting on {when.en} is outside the funded period and does not count",
    )


def _slips(stray: date, period: tuple[date, date] | None) -> Iterable[date]:
    """Return the day of a period that a meeting outside it may have been meant for, read apart."""
    if period is None or period[1].toordinal() - period[0].toordinal() >= 364:
        return ()
    return meant_days(stray, *period)


def _inside(dates: list[date | None], period: tuple[date, date] | None) -> BoolArray:
    """Return which dates lie in the period, both ends included; all of them without a period."""
    if period is None:
        return np.ones(len(dates), dtype=bool)
    days = ordinals(dates)
    return (days >= period[0].toordinal()) & (days <= period[1].toordinal())
