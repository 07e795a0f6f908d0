"""The list of awards as a report carries it: a row an application, its sentences in both languages.

Sentences of tens of thousands of rows are alike but for their figures. So what stands between the
figures is carried once (``parts``), and a row holds the figures: `Compact.note` takes a sentence apart,
and the page puts it together again (``templates/list.js``). Nothing is lost on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.explain.reasons import Reason, reasons
from optimizer.explain.waiting import waiting
from optimizer.foundation.escaping import unsteered
from optimizer.language.text import EMPTY, LANGUAGES, Text
from optimizer.language.words import points
from optimizer.report.labels import DECIDED
from optimizer.report.reason_words import reason_words
from optimizer.report.result_columns import CODES, after_publication
from optimizer.result.dtypes import plain_rows, rounded
from optimizer.tables.case_words import term

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

_FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)")


@dataclass(frozen=True)
class AwardRow:
    """One row of the list.

    Parameters
    ----------
    application_id, title, merit, rank, requested, admissible, award, status
        As `Allocation.awards` has them; merit as people read it, rank None of who has none, and one
        that has withdrawn is called so.
    school
        Ordinal of the lead school among those of the case.
    result
        The decision, and in a few words what decided.
    notes
        The reason, and what the facts of the list say of what would have helped.
    """

    application_id: str
    school: int
    title: str
    merit: str
    rank: int | None
    requested: int
    admissible: int
    award: int
    status: str
    result: Text
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class SchoolCells:
    """Who an application is of, as its row says it."""

    name: str
    district: str
    level: Text
    school_id: str


def schools_of(allocation: Allocation) -> list[SchoolCells]:
    """Return the schools of the case, in its own order."""
    table = allocation.case.records.schools
    columns = (table[name].astype(str) for name in ("name", "district", "level", "school_id"))
    return [
        SchoolCells(unsteered(name), unsteered(d), term(level), code)
        for name, d, level, code in zip(*columns, strict=True)
    ]


class Listed:
    """The rows of the list, worked out once for both languages."""

    def __init__(self, allocation: Allocation) -> None:
        self.allocation = allocation
        self.words = reason_words(allocation)
        self.helped = _helped(allocation)
        self.said: dict[tuple[str, Text, str], Text] = {}

    def lines(self) -> list[AwardRow]:
        """Return a row for every application, in application_id order."""
        rows = plain_rows(after_publication(self.allocation.awards, self.allocation))
        school = self.allocation.case.records.applications["school"].tolist()
        said = reasons(self.allocation)
        return [
            self._line(row, school=s, reason=reason)
            for row, s, reason in zip(rows, school, said, strict=True)
        ]

    def _line(self, row: Mapping[str, Any], school: int, reason: Reason) -> AwardRow:
        name = row["application_id"]
        notes = (reason.text, *self.helped.get(name, ()))
        return AwardRow(
            application_id=name,
            school=school,
            title=unsteered(row["title"]),
            merit=rounded(row["merit"]),
            rank=row["rank"] if row["rank"] != "" else None,
            requested=int(row["requested"]),
            admissible=int(row["admissible"]),
            award=int(row["award"]),
            status=row["status"],
            result=self._result(name, row["status"], reason, row["certainty"]),
            notes=tuple(filter(None, notes)),
        )

    def _result(self, one: str, status: str, reason: Reason, certainty: str) -> Text:
        """Say the decision, and in a few words who came first: a rule does not choose."""
        came_first = DECIDED.get(reason.why) or self.words[one]
        word = EMPTY if (status, reason.code) == ("funded", "merit") else came_first
        key = (status, word, certainty)
        if key not in self.said:
            self.said[key] = _decision(*key)
        return self.said[key]


def _decision(status: str, word: Text, certainty: str) -> Text:
    decided, drawn = CODES[status], certainty == "some"
    return Text(
        f"{decided.zh}{f'：{word.zh}' if word else ''}{'（抽籤）' if drawn else ''}",
        f"{decided.en}{f': {word.en}' if word else ''}{' (by draw)' if drawn else ''}",
    )


def _helped(allocation: Allocation) -> Mapping[str, tuple[Text, ...]]:
    """Return, of who got nothing, what the facts say of what stood in the way and what would bring it in."""
    round_, found = allocation.scored.round, allocation.inversions
    forced = {one.application: found.said(one) for one in found.passed_over}
    waits = waiting(allocation)
    return {
        round_.ids[a]: (forced.get(a, EMPTY), _below(allocation, a), waits.condition(a))
        for a in np.flatnonzero(~allocation.decision.fund).tolist()
    }


def _below(allocation: Allocation, a: int) -> Text:
    """Say how far below the line an application is: a fact, and no promise."""
    line, round_ = allocation.line.merit, allocation.scored.round
    if line is None or line <= round_.merit[a]:
        return EMPTY
    here, there = (Fraction(int(n), round_.merit_denominator) for n in (round_.merit[a], line))
    low, least = points(there - here), points(there)
    return Text(
        f"只看分數由高而低，經費可補助至 {least} 分，本案低 {low} 分；達到該分數未必即獲補助",
        f"by merit alone the pool would pay down to {least} points, {low} more than this one has; "
        "that many would not by themselves bring an award",
    )


@dataclass
class Compact:
    """The list, as plain values that JSON holds; what is the same in many rows is there once."""

    results: dict[Text, int] = field(default_factory=dict)
    parts: dict[tuple[tuple[str, ...], ...], int] = field(default_factory=dict)

    def of(self, lines: list[AwardRow], schools: list[SchoolCells]) -> dict[str, Any]:
        """Return it.

        ``schools``: name, district, level in both languages, school_id. ``rows``: number, ordinal of the
        school, title, merit, rank (0: none), requested, admissible, award, status, ordinal in
        ``results``, notes. A note: ordinal in ``parts``, its figures, and the English ones where they
        are others.
        """
        rows = [[*self._row(line)] for line in lines]
        return {
            "schools": [
                [s.name, s.district, [s.level.zh, s.level.en], s.school_id] for s in schools
            ],
            "results": [[text.zh, text.en] for text in self.results],
            "parts": [list(pair) for pair in self.parts],
            "rows": rows,
        }

    def _row(self, line: AwardRow) -> Iterator[Any]:
        yield from (line.application_id, line.school, line.title, line.merit, line.rank or 0)
        yield from (line.requested, line.admissible, line.award, line.status)
        yield self.results.setdefault(line.result, len(self.results))
        yield [self.note(text) for text in line.notes]

    def note(self, text: Text) -> list[Any]:
        """Take a sentence apart."""
        zh, en = (_FIGURE.split(text.say(language)) for language in LANGUAGES)
        key = (tuple(zh[::2]), tuple(en[::2]))
        figures = [" ".join(said[1::2]) for said in (zh, en)]
        same = figures[0] == figures[1]
        return [self.parts.setdefault(key, len(self.parts)), *figures[: 1 if same else 2]]
