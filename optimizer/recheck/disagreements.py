"""Where the two readings of a case differ: each difference names the application and both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from optimizer.case.case import Case
from optimizer.clauses import Clause
from optimizer.clauses.base import Rounded, Ruling
from optimizer.foundation.collection import without_collection
from optimizer.foundation.exact import IntArray
from optimizer.foundation.frozen import Content
from optimizer.foundation.remembered import Remembered, Same
from optimizer.language.text import Text, money
from optimizer.language.words import exact_points
from optimizer.plain import UnreadableError, read_papers
from optimizer.problems.errors import Problem, Severity, defect
from optimizer.recheck.judge import Judged, Said, judge
from optimizer.recheck.sentences import is_true
from optimizer.scoring.score import Scored
from optimizer.scoring.screening import Remark
from optimizer.tables.records import Records
from optimizer.tables.round import Round

_TABLES = ("unit", "award", "review")  # of the policy, which refuse without being rules


@dataclass(frozen=True, eq=False)
class First(Content):
    """What the first reading made of the applications; see `Scored`."""

    merit: IntArray
    denominator: int
    allowed: IntArray
    round: Round
    remarks: tuple[Same, ...]


def recheck(case: Case, scored: Scored, kept: Remembered | None = None) -> list[Problem]:
    """Read, screen and score a case a second time; return every difference from the first.

    Same applications, merits, eligible ones, admissible amounts and bounds; and what a rule says of
    an application is what the plain reading makes that rule say, in a sentence that is true.
    """
    rules = tuple(rule for rule in case.policy.rules if _speaks(rule))
    smallest = max(rule.smallest_award for rule in case.policy.rules)
    first = First(
        scored.scores.merit,
        scored.scores.denominator,
        scored.screened.allowed,
        round=scored.round,
        remarks=tuple(map(Same, scored.remarks)),
    )
    return list((kept or Remembered()).of(_differences, case.records, (rules, smallest), first))


def _differences(records: Records, by: tuple[Sequence[Clause], int], first: First) -> list[Problem]:
    with without_collection():
        try:
            judged = list(judge(read_papers(records), *by))
        except UnreadableError as failure:
            return [_unreadable(failure)]
        ids = [str(i) for i in records.applications["application_id"].tolist()]
        if ids != [one.application.application_id for one in judged]:
            return list(_others(ids, judged)) or [_in_other_order()]
        return [*_sentences(by[0], first, judged), *_figures(first, judged)]


def _in_other_order() -> Problem:
    message = Text(
        "兩次讀取之申請案次序不同，或有重複", "the two readings differ in the order of applications"
    )
    return defect("recheck", message, file="applications")


def _unreadable(failure: UnreadableError) -> Problem:
    file, row, column = failure.place
    message = Text("第二次讀取無法辨識這一格", "the second reading cannot make sense of this cell")
    return defect("recheck", message, file=file, row=row, column=column, value=failure.text)


def _others(ids: Iterable[str], judged: Iterable[Judged]) -> Iterator[Problem]:
    both = set(ids), {one.application.application_id for one in judged}
    for own_id in sorted(both[0] ^ both[1]):
        yield _differs(
            own_id,
            Text("申請案", "the application"),
            *(Text("有", "there") if own_id in some else Text("無", "not there") for some in both),
        )


# --- figures -------------------------------------------------------------------------------------


def _figures(first: First, judged: list[Judged]) -> Iterator[Problem]:
    """Compare merits, admissible amounts, who is eligible, and the bounds of the awards."""
    round_, denominator = first.round, first.denominator
    merits, amounts = first.merit.tolist(), first.allowed.tolist()
    in_round = dict(
        zip(
            round_.position.tolist(),
            zip(round_.merit.tolist(), round_.least.tolist(), round_.most.tolist(), strict=True),
            strict=True,
        )
    )
    for row, (merit, amount, one) in enumerate(zip(merits, amounts, judged, strict=True)):
        own_id = one.application.application_id
        if not _is(merit, denominator, one.merit):
            said = _points(Fraction(merit, denominator))
            yield _differs(own_id, Text("審查分數", "merit"), said, _points(one.merit))
        if amount != one.allowed:
            what = Text("可核金額", "the admissible amount")
            yield _differs(own_id, what, _money(amount), _money(one.allowed))
        if (row in in_round) != one.eligible:
            yield _differs(own_id, Text("資格", "eligibility"), *_eligible(row in in_round, one))
        elif one.eligible:
            yield from _bounds(own_id, in_round[row], round_.merit_denominator, one)


def _is(numerator: int, denominator: int, merit: Fraction) -> bool:
    return numerator * merit.denominator == merit.numerator * denominator


def _bounds(
    own_id: str, held: tuple[int, int, int], denominator: int, one: Judged
) -> Iterator[Problem]:
    """Compare what the solver is told of one application."""
    merit, least, most = held
    if not _is(merit, denominator, one.merit):
        said = _points(Fraction(merit, denominator))
        what = Text("排序所用審查分數", "the merit that it competes with")
        yield _differs(own_id, what, said, _points(one.merit))
    if (least, most) != (one.least, one.most):
        what = Text("核定金額範圍", "the bounds of the award")
        yield _differs(own_id, what, _range(least, most), _range(one.least, one.most))


def _eligible(first: bool, one: Judged) -> tuple[Text, Text]:
    yes, no = Text("符合資格", "eligible"), Text("不符資格", "not eligible")
    return yes if first else no, yes if one.eligible else no


def _points(value: Fraction) -> Text:
    return Text(f"{exact_points(value)} 分", f"{exact_points(value)} points")


def _money(amount: int) -> Text:
    return Text(f"{money(amount)} 元", f"NT${money(amount)}")


def _range(least: int, most: int) -> Text:
    return Text(
        f"{money(least)} 至 {money(most)} 元", f"from NT${money(least)} to NT${money(most)}"
    )


# --- sentences -----------------------------------------------------------------------------------


def _sentences(rules: Sequence[Clause], first: First, judged: list[Judged]) -> Iterator[Problem]:
    """Match what the rules said of each application with what they must have said."""
    remarks: dict[int, list[Remark]] = defaultdict(list)
    for remark in (same.value for same in first.remarks):
        remarks[remark.finding.application].append(remark)
    screens = {rule.label for rule in rules if _screens(rule)} - set(_TABLES)
    for row, one in enumerate(judged):
        if row in remarks or one.rulings:
            mine = remarks.get(row, ())
            said = [r for r in mine if _counts(r.finding.severity, r.clause, screens)]
            ruled = [r for r in one.rulings if _counts(r[1].severity, r[0], screens)]
            yield from unlike(one.application.application_id, said, ruled)


def _speaks(rule: Clause) -> bool:
    """Return whether a rule says anything of single applications, in either reading."""
    own = type(rule)
    audits = (
        own.audit_screen is not Clause.audit_screen or own.audit_merit is not Clause.audit_merit
    )
    return audits or _screens(rule)


def _screens(rule: Clause) -> bool:
    own = type(rule)
    return own.screen is not Clause.screen or own.screen_merit is not Clause.screen_merit


def _counts(severity: Severity, label: str, screens: set[str]) -> bool:
    return severity is Severity.REFUSAL or label in screens


def unlike(own_id: str, remarks: list[Remark], rulings: list[Said]) -> Iterator[Problem]:
    """Yield every remark without its ruling, and every ruling without its remark."""
    left = list(rulings)
    for remark in remarks:
        match = next((said for said in left if _same(remark, said)), None)
        if match is not None:
            left.remove(match)
            continue
        meant = [ruling for label, ruling in rulings if label == remark.clause]
        yield _differs(own_id, _rule(remark.clause), _sentence(remark), _rulings(meant))
    said_by = {remark.clause for remark in remarks}
    for label, ruling in left:
        if label not in said_by:
            nothing = Text("未提及", "nothing")
            yield _differs(own_id, _rule(label), nothing, _rulings([ruling]))


def _same(remark: Remark, said: Said) -> bool:
    finding, (label, ruling) = remark.finding, said
    return (
        label == remark.clause
        and finding.severity is ruling.severity
        and finding.limit == ruling.limit
        and is_true(finding.message, ruling)
    )


def _rule(label: str) -> Text:
    return Text(f"規則「{label}」", f"rule {label}")


def _sentence(remark: Remark) -> Text:
    message = remark.finding.message
    return Text(f"「{message.zh}」", f'"{message.en}"')


def _rulings(rulings: Iterable[Ruling]) -> Text:
    """Say what the plain reading makes of a rule, with its figures."""
    said = [_ruling(ruling) for ruling in rulings] or [Text("無此情形", "nothing of the kind")]
    return Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))


def _ruling(ruling: Ruling) -> Text:
    refused = ruling.severity is Severity.REFUSAL
    shown = ", ".join(_shown(figure) for figure in ruling.figures)
    what = Text("不符資格", "refused") if refused else Text("註記", "flagged")
    return Text(f"{what.zh}（{shown}）", f"{what.en} ({shown})") if shown else what


def _shown(figure: int | date | str | tuple[str, ...] | Rounded) -> str:
    if isinstance(figure, Rounded):
        return exact_points(figure.value)
    return figure[0] if isinstance(figure, tuple) else str(figure)


def _differs(own_id: str, what: Text, first: Text, second: Text) -> Problem:
    return defect(
        "recheck",
        Text(
            f"{own_id} 的{what.zh}前後不一：首次計算為{first.zh}，另行核算為{second.zh}",
            f"{own_id}: the two readings differ on {what.en}: first {first.en}, "
            f"worked out again {second.en}",
        ),
        file="applications",
        application_id=own_id,
    )
