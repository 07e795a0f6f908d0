"""Plausible explanations of any allocation, for the tests of what is made of them.

What is said in full names another school and its application; the discreet form says "another".
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache

from helpers.places import ROOT

from optimizer import allocate, read_case
from optimizer.explain import explain_all
from optimizer.explain.explanation import Explanation, Need, Statement, Status
from optimizer.explain.reasons import Reason, reasons
from optimizer.facts.certified import Certified
from optimizer.language.text import Text
from optimizer.result.allocation import Allocation
from optimizer.solving.options import Options


def explanations_of(facts: Certified) -> list[Explanation]:
    """Return one explanation an application, in the order of the case."""
    awards = dict(zip(facts.scored.round.ids, facts.decision.award.tolist(), strict=True))
    ids = [str(i) for i in facts.case.records.applications["application_id"]]
    said = zip(ids, reasons(facts), strict=True)
    return [explanation_of(facts, i, reason, awards.get(i)) for i, reason in said]


def explained_at_once(
    facts: Certified, ids: Iterable[str] | None = None, options: Options | None = None
) -> list[Explanation]:
    """Stand in for `explain_all`, which solves again for every answer."""
    found = {one.application_id: one for one in explanations_of(facts)}
    return [found[own_id] for own_id in (found if ids is None else ids)]


@cache
def explained_example() -> tuple[Allocation, list[Explanation]]:
    """Return the example with all its explanations, once for all tests."""
    allocation = allocate(read_case(ROOT / "data" / "taichung-103"))
    return allocation, explain_all(allocation)


def other_of(facts: Certified, own_id: str) -> tuple[str, str]:
    """Return another application and its school's name, of another school."""
    applications, schools = facts.case.records.applications, facts.case.records.schools
    school_of = dict(zip(applications["application_id"], applications["school"], strict=True))
    other = next(i for i, school in school_of.items() if school != school_of[own_id])
    return str(other), str(schools["name"].iloc[school_of[other]])


def explanation_of(facts: Certified, own_id: str, reason: Reason, award: int | None) -> Explanation:
    """Explain one application, as an engine might."""
    if award is None:
        return Explanation(own_id, "ineligible", 0, _plain("ineligible", reason.text))
    if award:
        return Explanation(own_id, "funded", award, _plain("brings", reason.text), _FUNDED, _LOSE)
    status: Status = "not_funded"
    other, school = other_of(facts, own_id)
    return Explanation(own_id, status, 0, _held(other, school), _MORE, _needs(other, school))


def _plain(code: str, text: Text) -> Statement:
    return Statement(code, text, text, text)


def _held(other: str, school: str) -> Statement:
    return Statement(
        "others",
        Text(
            f"若補助本案，{school}的 {other} 即須退出，合計審查分數減少 2.5 分",
            f"funding it would take {other} of {school} off the list and cost 2.5 points of merit",
        ),
        Text(
            "若補助本案，另一件申請即須退出，合計審查分數減少 2.5 分",
            "funding it would take another application off the list and cost 2.5 points of merit",
        ),
        Text(f"{other} 排在前面，差 2.5 分", f"{other} comes first by 2.5 points"),
    )


_FUNDED = (
    Statement(
        "amount",
        Text("申請金額未經刪減", "the request was not cut"),
        Text("申請金額未經刪減", "the request was not cut"),
    ),
    Statement(
        "firm",
        Text("分數減少 3 分以內仍獲補助", "with up to 3 points less it would still be funded"),
        Text("分數減少 3 分以內仍獲補助", "with up to 3 points less it would still be funded"),
    ),
)
_LOSE = (
    Need(
        "lose_merit",
        Text("分數少 3.25 分即不獲補助", "with 3.25 points less it would not be funded"),
        Text("分數少 3.25 分即不獲補助", "with 3.25 points less it would not be funded"),
        Text("少 3.25 分即不獲補助", "3.25 points less loses it"),
        value=Fraction(13, 4),
    ),
)
_MORE = (
    Statement(
        "line",
        Text("沒有分數較低者因規則以外之原因獲補助", "no lower score was funded but by a rule"),
        Text("沒有分數較低者因規則以外之原因獲補助", "no lower score was funded but by a rule"),
    ),
)


def _needs(other: str, school: str) -> tuple[Need, ...]:
    merit = Text("審查分數多 2.75 分，即獲補助", "with 2.75 points more it would be funded")
    pool = Text("經費多 1,500 元，即由抽籤決定", "with NT$1,500 more the draw would decide")
    return (
        Need("merit", merit, merit, Text("多 2.75 分", "2.75 points more"), value=Fraction(11, 4)),
        Need(
            "pool", pool, pool, Text("經費多 1,500 元", "NT$1,500 more"), value=1_500, certain=False
        ),
        Need(
            "rivals",
            Text(
                f"{school}的 {other} 撤回，即獲補助",
                f"if {other} of {school} withdrew, it would be funded",
            ),
            Text("另一件申請撤回，即獲補助", "if another application withdrew, it would be funded"),
            Text(f"{other} 撤回", f"{other} withdraws"),
            value=1,
            rivals=((other,),),
        ),
    )
