"""Screening: every rule looks at every application; what may be granted, and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.clauses import Clause, Finding
from optimizer.foundation.escaping import unsteered
from optimizer.foundation.exact import BoolArray, IntArray, floored, times
from optimizer.foundation.frozen import Content
from optimizer.foundation.remembered import Remembered
from optimizer.language.text import Text, money
from optimizer.language.words import how_many
from optimizer.policy.fitting import misfits
from optimizer.policy.policy import Policy
from optimizer.problems.errors import CaseError, Problem, Severity
from optimizer.scoring.slips import slipped_marks
from optimizer.tables.records import Records
from optimizer.tables.schema import fold


@dataclass(frozen=True)
class Remark:
    """One finding together with the clause that made it."""

    clause: str
    reference: str
    finding: Finding


@dataclass(frozen=True, eq=False)
class Screened(Content):
    """A case whose applications have been screened, scores not yet looked at.

    Parameters
    ----------
    records, policy
        What was screened, by what.
    remarks
        Every refusal and flag so far, in the policy's order of clauses.
    notes
        What is notable about the policy in view of the data, and about single marks.
    eligible
        Shape (N,), over all applications.
    allowed
        Shape (N,), NT$: what the rules leave of each request, not yet cut to whole units.
    """

    records: Records
    policy: Policy
    remarks: tuple[Remark, ...]
    notes: tuple[Problem, ...]
    eligible: BoolArray
    allowed: IntArray

    @property
    def admissible(self) -> IntArray:
        """Shape (N,), NT$, multiples of the unit: the most each may get."""
        unit = self.records.settings.pool.unit
        return times(floored(self.allowed, unit), unit)


def screen(records: Records, policy: Policy, kept: Remembered | None = None) -> Screened:
    """Let every clause look at every application; what is kept of it is not worked out again.

    Raises
    ------
    CaseError
        If a clause does not fit the data (an unknown column, an id that does not exist).
    """
    kept = kept or Remembered()
    notes = (*check_rules(records, policy, kept), *kept.of(slipped_marks, records))
    return _settled(records, policy, notes, remarks=_remarks(records, policy, kept), kept=kept)


def _settled(
    records: Records,
    policy: Policy,
    notes: tuple[Problem, ...],
    remarks: list[Remark],
    kept: Remembered,
) -> Screened:
    """Settle who is eligible for how much by what the rules have found."""
    allowed = _allowed(records, remarks)
    every = [
        *remarks,
        *kept.of(_cuts, records, allowed),
        *kept.of(_alike, records),
        *kept.of(_steered, records),
    ]
    eligible = np.ones(len(records.applications), dtype=bool)
    eligible[refused_by(every)] = False
    return Screened(records, policy, tuple(every), notes=notes, eligible=eligible, allowed=allowed)


def screened_without(screened: Screened, rule: Clause, kept: Remembered) -> Screened:
    """Return what was screened as if a rule were not there: what the others find stays the same."""
    policy = screened.policy.without_rule(rule)
    left = {other.label for other in policy.rules}
    remarks = [remark for remark in screened.remarks if remark.clause in left]
    return _settled(screened.records, policy, screened.notes, remarks=remarks, kept=kept)


def _remarks(records: Records, policy: Policy, kept: Remembered) -> list[Remark]:
    return [remark for rule in policy.rules for remark in kept.of(_said_by, rule, records)]


def _said_by(rule: Clause, records: Records) -> Iterator[Remark]:
    for finding in rule.screen(records):
        yield Remark(rule.label, rule.reference, finding)


def left_of(records: Records, policy: Policy, request: int) -> IntArray:
    """Return what the rules would leave of a request, whoever asked for it: shape (N,), NT$.

    No screen looks at another application's request, so that all may ask for it at once.
    """
    table = records.applications.assign(requested=request)
    asking = replace(records, applications=table)
    return _allowed(asking, _remarks(asking, policy, Remembered()))


def check_rules(
    records: Records, policy: Policy, kept: Remembered | None = None
) -> tuple[Problem, ...]:
    """Let every rule say what is wrong with it in view of the data; return the mere flags.

    Raises
    ------
    CaseError
        If any of it is an error.
    """
    said = misfits(records, policy, kept or Remembered())
    errors = [problem for problem in said if problem.severity is Severity.ERROR]
    if errors:
        raise CaseError(
            Text(
                f"計畫與資料不相符，共 {len(errors)} 處",
                f"the policy does not fit the data: {how_many(len(errors), 'problem')}",
            ),
            errors,
        )
    return tuple(said)


def refused_by(remarks: Iterable[Remark]) -> list[int]:
    """Return the rows of the applications that any remark refuses."""
    return [
        remark.finding.application
        for remark in remarks
        if remark.finding.severity is Severity.REFUSAL
    ]


def _allowed(records: Records, remarks: Sequence[Remark]) -> IntArray:
    """Cut requests to what clauses allow."""
    most = records.applications["requested"].to_numpy(dtype=np.int64).copy()
    for remark in remarks:
        if remark.finding.limit is not None:
            row = remark.finding.application
            most[row] = min(int(most[row]), remark.finding.limit)
    return most


def _cuts(records: Records, allowed: IntArray) -> Iterator[Remark]:
    """Say whose amount is no multiple of the unit; a graded award is cut only once it is shared."""
    settings = records.settings
    unit, graded = settings.pool.unit, settings.award.mode == "graded"
    requested = records.applications["requested"].tolist()
    for row, amount in enumerate(allowed.tolist()):
        if amount < unit or (amount % unit and not graded):
            finding = replace(
                _cut(row, amount, amount - amount % unit, unit), value=str(requested[row])
            )
            yield Remark("unit", settings.pool.reference, finding)


def _alike(records: Records) -> Iterator[Remark]:
    """Flag applications of one school under one title: one of them may have been handed in twice."""
    table = records.applications
    groups: dict[tuple[int, str], list[int]] = {}
    for row, (school, title) in enumerate(zip(table["school"], table["title"], strict=True)):
        if title:
            groups.setdefault((int(school), fold(str(title))), []).append(row)
    ids = table["application_id"]
    for rows in (rows for rows in groups.values() if len(rows) > 1):
        for row in rows:
            others = [str(ids.iloc[other]) for other in rows if other != row]
            said = Text(
                f"與 {'、'.join(others)} 同校同名，請確認並非重複送件",
                f"has the school and the title of {', '.join(others)}: make sure that it was not "
                "handed in twice",
            )
            value = str(table["title"].iloc[row])
            finding = Finding(row, Severity.FLAG, said, column="title", value=value)
            yield Remark("handed_in_twice", "", finding)


def _steered(records: Records) -> Iterator[Remark]:
    """Flag names with marks that turn the direction of writing: what is read leaves them out."""
    table = records.applications
    names = records.schools["name"].iloc[table["school"]].tolist()
    said = Text(
        "含改變書寫方向之隱藏字元，報告與名冊均已略去，請確認名稱",
        "has hidden marks that turn the direction of writing; report and lists leave them out: check the name",
    )
    for column, texts in (("title", table["title"].tolist()), ("name", names)):
        for row, text in enumerate(map(str, texts)):
            if (plain := unsteered(text)) != text:
                finding = Finding(row, Severity.FLAG, said, column=column, value=plain)
                yield Remark("direction_marks", "", finding)


def _cut(row: int, asked: int, whole: int, unit: int) -> Finding:
    nothing = whole <= 0
    return Finding(
        row,
        Severity.REFUSAL if nothing else Severity.FLAG,
        message=Text(
            f"可核金額 {money(asked)} 元不足一個單位（{money(unit)} 元）",
            f"the admissible NT${money(asked)} is less than one unit of NT${money(unit)}",
        )
        if nothing
        else Text(
            f"可核金額 {money(asked)} 元以 {money(unit)} 元為單位，計為 {money(whole)} 元",
            f"the admissible NT${money(asked)} is cut to NT${money(whole)}, "
            f"a multiple of NT${money(unit)}",
        ),
        expected=Text(f"至少 {money(unit)} 元", f"at least NT${money(unit)}")
        if nothing
        else Text(f"{money(unit)} 元的倍數", f"a multiple of NT${money(unit)}"),
        column="requested",
    )


def named(rules: Iterable[Clause], label: str) -> Clause | None:
    """Return the rule of that label, if there is one."""
    return next((rule for rule in rules if rule.label == label), None)
