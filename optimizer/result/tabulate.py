"""The tables of an allocation, as people and programs read them (design of awards.csv and others)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from optimizer.facts.certified import Certified
from optimizer.foundation.exact import grouped
from optimizer.language.text import EMPTY, Language, Text
from optimizer.language.words import each, exact_points
from optimizer.problems.errors import Problem
from optimizer.result.dtypes import EXACT, TEXT, exact_text, typed
from optimizer.scoring.score import Scored

if TYPE_CHECKING:
    from optimizer.explain.passed_over import Inversions

SCHEMA_VERSION = 1


def awards(facts: Certified, language: Language) -> pd.DataFrame:
    """Return one row an application, in application_id order.

    Columns: application_id, school_id, level, district, title, merit (Float64: points, for
    reading), merit_exact (text such as ``83.25`` or ``251/3``, for checking), rank (1 = best; equal
    merit, equal rank; only among the eligible), status, requested, admissible, award (NT$),
    certainty, reason_code, reason. What each holds: `optimizer.result.dtypes`.
    """
    from optimizer.explain.reasons import reasons  # loaded where somebody asks why

    said = reasons(facts)
    return typed(
        pd.DataFrame(
            {
                **lines(facts),
                "reason_code": [reason.code for reason in said],
                "reason": [reason.text.say(language) for reason in said],
            }
        )
    )


def lines(facts: Certified) -> dict[str, Any]:
    """Return the columns of `awards` but the reasons, which take longer than all others together."""
    from optimizer.explain.reasons import ranks

    scored, records = facts.scored, facts.case.records
    applications, round_ = records.applications, scored.round
    schools = records.schools
    status = np.where(facts.decision.fund, "funded", "not_funded")
    return {
        "application_id": applications["application_id"],
        "school_id": applications["school_id"],
        "level": applications["level"],
        "district": schools["district"].iloc[applications["school"]].to_numpy(dtype=object),
        "title": applications["title"],
        "merit": facts.merit_points,
        "merit_exact": each(scored.scores.merit, scored.scores.denominator, exact_text),
        "rank": _of_all(scored, ranks(round_.merit), None),
        "status": _of_all(scored, status, "ineligible"),
        "requested": applications["requested"].to_numpy(dtype=np.int64),
        "admissible": admissible(facts.scored),
        "award": _of_all(scored, facts.decision.award, 0),
        "certainty": _of_all(scored, facts.certainty or "", ""),
    }


def _of_all(scored: Scored, eligible: Any, others: Any) -> np.ndarray[Any, Any]:
    """Return a column of all applications from the values of the eligible."""
    column = np.full(len(scored.scores.merit), others, dtype=object)
    column[scored.round.position] = eligible
    return column


def admissible(scored: Scored) -> np.ndarray[Any, Any]:
    """Return the admissible NT$ of every application: what it gets at the most, in whole units.

    A graded award's is its grade's share; of one that is refused, what the rules leave of its request.
    """
    amount = scored.screened.admissible.copy()
    amount[scored.round.position] = scored.round.most
    return amount


def by_school(facts: Certified, awards: pd.DataFrame) -> pd.DataFrame:
    """Return totals by lead school, schools with an application only, in key order."""
    schools = facts.case.records.schools
    totals = _totals(awards, facts.case.records.applications["school"].to_numpy())
    table = schools[["school_id", "level", "name", "district", "disadvantage"]].iloc[totals.index]
    return typed(pd.concat([table.reset_index(drop=True), totals.reset_index(drop=True)], axis=1))


def by_district(facts: Certified, awards: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return totals by district in the order of the schools table's first mention of each code.

    `covered` is yes, no, or uncoverable where no eligible application exists; `cause` says why.
    """
    records = facts.case.records
    schools = records.schools
    district = schools["district"].astype(object)
    names = sorted(set(district))
    totals = _totals(awards, district.iloc[records.applications["school"]].to_numpy()).reindex(
        names, fill_value=0
    )
    totals.insert(0, "schools", district.value_counts().reindex(names).to_numpy(dtype=np.int64))
    covered = np.where(
        totals["funded"] > 0, "yes", np.where(totals["eligible"] > 0, "no", "uncoverable")
    )
    totals["covered"] = covered
    totals["cause"] = [
        _cause(facts, awards, str(name), covered=state, applications=int(count)).say(language)
        for name, state, count in zip(names, covered, totals["applications"], strict=True)
    ]
    return typed(totals.rename_axis("district").reset_index())


_GONE = Text("已撤回", "withdrawn")


def _cause(
    facts: Certified, awards: pd.DataFrame, district: str, covered: str, applications: int
) -> Text:
    if covered == "yes":
        return EMPTY
    if covered == "no":
        return Text("有符合資格的申請但未獲補助", "has eligible applications, none funded")
    if applications == 0:
        return Text("沒有申請案", "no application")
    mine = awards[(awards["district"] == district) & (awards["status"] == "ineligible")]
    codes = sorted(mine["reason_code"].astype("str").value_counts().items())
    rules = facts.case.policy.clauses
    titles = {r.label: _GONE if r.withdraws else r.fault or r.spoken for r in rules}
    said = [(titles.get(str(code), Text(str(code), str(code))), n) for code, n in codes]
    zh = "、".join(f"{title.zh} {n} 件" for title, n in said)
    en = ", ".join(f"{title.en}: {n}" for title, n in said)
    return Text(f"沒有符合資格的申請（{zh}）", f"no eligible application ({en})")


def _totals(table: pd.DataFrame, keys: Any) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "applications": 1,
            "eligible": (table["status"] != "ineligible").astype(np.int64),
            "funded": (table["status"] == "funded").astype(np.int64),
        }
    )
    by = frame.groupby(np.asarray(keys), sort=True, dropna=False)
    totals = by.sum().astype(np.int64)
    group = np.asarray(by.ngroup(), dtype=np.int64)
    for name, money in (("requested", "requested"), ("awarded", "award")):
        totals[name] = grouped(table[money].to_numpy(), group, len(totals))
    return totals


def waitlist(facts: Certified, awards: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return the eligible applications that got nothing, who comes in for the least money first.

    `comes_at` is the least NT$ that must come free for it to come in while all that are funded keep
    theirs, blank if there is none; `condition` says either in words. Those of one amount: by merit, then
    in the draw's order. No row has a number: who comes in depends on the amount, not on the row.
    """
    from optimizer.explain.waiting import waiting

    position = facts.scored.round.position
    order = np.empty(len(position), dtype=np.int64)
    order[facts.draw_order.astype(np.int64)] = np.arange(len(position))  # even of nobody
    waits, merit, found = (
        np.flatnonzero(~facts.decision.fund).tolist(),
        facts.scored.round.merit,
        waiting(facts),
    )
    comes_at = found.comes_at
    best = sorted(
        waits,
        key=lambda a: (a not in comes_at, comes_at.get(a, 0), -int(merit[a]), int(order[a])),
    )
    columns = [
        "application_id",
        "school_id",
        "level",
        "district",
        "title",
        "merit",
        "merit_exact",
        "rank",
        "requested",
        "admissible",
        "reason_code",
        "reason",
    ]
    chosen = awards.iloc[position[best]][columns].reset_index(drop=True)
    chosen["comes_at"] = pd.Series([comes_at.get(a, pd.NA) for a in best], dtype="Int64")
    chosen["condition"] = [found.condition(a).say(language) for a in best]
    return chosen.astype({"condition": "str"})


def passed_over(found: Inversions, awards: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return who is at or above the line and got nothing, the best first, with what forces it."""
    round_, chosen = found.facts.scored.round, found.passed_over
    columns = [
        "application_id",
        "school_id",
        "level",
        "district",
        "title",
        "merit",
        "merit_exact",
        "rank",
        "admissible",
        "reason_code",
        "reason",
    ]
    rows = round_.position[np.array([one.application for one in chosen], dtype=np.int64)]
    table = awards.iloc[rows][columns].reset_index(drop=True)
    table["worse_funded"] = pd.Series([one.worse for one in chosen], dtype="Int64")
    sisters = ["" if one.sister is None else round_.ids[one.sister] for one in chosen]
    table["sister"] = pd.Series(sisters, dtype="str")
    table["forced_by"] = pd.Series([found.said(one).say(language) for one in chosen], dtype="str")
    return table


PROBLEM_COLUMNS = (
    "severity",
    "code",
    "application_id",
    "file",
    "row",
    "column",
    "value",
    "message",
    "expected",
    "hint",
    "reference",
)


def problems(found: Sequence[Problem], language: Language) -> pd.DataFrame:
    """Return problems as a table, a row each, in the order given."""
    rows = [
        {
            "severity": str(p.severity),
            "code": p.code,
            "application_id": p.application_id,
            "file": p.table.say(language),
            "row": p.row,
            "column": p.header.say(language),
            "value": p.shown.say(language),
            "message": p.message.say(language),
            "expected": p.expected.say(language),
            "hint": p.hint.say(language),
            "reference": p.reference,
        }
        for p in found
    ]
    return typed(pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS), dtype=object), {"value": TEXT})


def priorities(facts: Certified, language: Language) -> pd.DataFrame:
    """Return one row a goal: name, title, value, bound, gap (people's units), unit, proved, by.

    Value, bound and gap are numbers for reading; ``NAME_exact`` beside each says it exactly.
    """
    rows = []
    for step in facts.steps:
        priority = facts.goal_priority(step.goal)
        scale = priority.people_scale(facts.scored.round)
        rows.append(
            {
                "goal": step.goal,
                "title": priority.spoken.say(language),
                "sentence": priority.sentence().say(language),
                **_figure("value", step.value, scale),
                **_figure("bound", step.bound, scale),
                **_figure("gap", step.gap, abs(scale)),
                "unit": priority.unit().say(language),
                "proved": step.proved,
                "by": step.by,
                "again": step.again,
                "reference": priority.reference,
            }
        )
    columns = (
        "goal",
        "title",
        "sentence",
        *(f"{name}{suffix}" for name in ("value", "bound", "gap") for suffix in ("", EXACT)),
        "unit",
        "proved",
        "by",
        "again",
        "reference",
    )
    return typed(pd.DataFrame(rows, columns=list(columns), dtype=object))


def _figure(name: str, value: int | None, scale: Fraction) -> dict[str, Any]:
    exact = None if value is None else Fraction(value) / scale
    return {name: exact, f"{name}{EXACT}": exact_text(exact)}


def shown(value: int, scale: Fraction) -> str:
    """Write an objective's integer in people's units, exactly."""
    return exact_points(Fraction(value) / scale)
