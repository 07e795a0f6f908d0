"""The tables of an allocation, as people and programs read them (design of awards.csv and others)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from optimizer.errors import Problem, Severity
from optimizer.reasons import ranks, reasons
from optimizer.text import Language, Text, money
from optimizer.words import decimal, each, exact_points

if TYPE_CHECKING:
    from optimizer.allocation import Allocation

SCHEMA_VERSION = 1


def merit_text(value: Fraction) -> str:
    """Write merit for a table: exact if it is a finite decimal, else rounded to six digits."""
    return decimal(value) or str(decimal(Fraction(round(value * 10**6), 10**6)))


def awards(allocation: Allocation) -> pd.DataFrame:
    """Return one row an application, in application_id order.

    Columns: application_id, school_id, level, district, title, merit (decimal text), rank
    (1 = best; equal merit, equal rank; only among the eligible), status, requested, admissible,
    award (NT$), certainty, reason_code, reason.
    """
    scored, records = allocation.scored, allocation.case.records
    applications, round_ = records.applications, scored.round
    count, position = len(applications), round_.position
    award = np.zeros(count, dtype=np.int64)
    award[position] = allocation.decision.award
    status = np.full(count, "ineligible", dtype=object)
    status[position] = np.where(allocation.decision.fund, "funded", "not_funded")
    certainty = np.full(count, "", dtype=object)
    if allocation.certainty is not None:
        certainty[position] = np.array(allocation.certainty, dtype=object)
    rank = np.full(count, "", dtype=object)
    rank[position] = [str(r) for r in ranks(round_.merit)]
    schools = records.schools
    said = reasons(allocation)
    return pd.DataFrame(
        {
            "application_id": applications["application_id"].astype(object),
            "school_id": applications["school_id"].astype(object),
            "level": applications["level"].astype(object),
            "district": schools["district"].iloc[applications["school"]].to_numpy(dtype=object),
            "title": applications["title"].astype(object),
            "merit": each(scored.scores.merit, scored.scores.denominator, merit_text),
            "rank": rank,
            "status": status,
            "requested": applications["requested"].to_numpy(dtype=np.int64),
            "admissible": admissible(allocation),
            "award": award,
            "certainty": certainty,
            "reason_code": [reason.code for reason in said],
            "reason": [reason.text.say(allocation.language) for reason in said],
        }
    )


def admissible(allocation: Allocation) -> np.ndarray[Any, Any]:
    """Return the admissible NT$ of every application: what it gets at the most."""
    amount = allocation.scored.screened.admissible.copy()
    amount[allocation.scored.round.position] = allocation.scored.round.most
    return amount


def by_school(allocation: Allocation) -> pd.DataFrame:
    """Return totals by lead school, schools with an application only, in key order."""
    schools = allocation.case.records.schools
    totals = _totals(allocation, allocation.case.records.applications["school"].to_numpy())
    table = schools[["school_id", "level", "name", "district", "disadvantage"]].iloc[totals.index]
    return pd.concat([table.reset_index(drop=True), totals.reset_index(drop=True)], axis=1)


def by_district(allocation: Allocation) -> pd.DataFrame:
    """Return totals by district in the order of the schools table's first mention of each code.

    `covered` is yes, no, or uncoverable where no eligible application exists; `cause` says why.
    """
    records = allocation.case.records
    schools = records.schools
    district = schools["district"].astype(object)
    names = sorted(set(district))
    totals = _totals(allocation, district.iloc[records.applications["school"]].to_numpy()).reindex(
        names, fill_value=0
    )
    totals.insert(0, "schools", district.value_counts().reindex(names).to_numpy(dtype=np.int64))
    covered = np.where(
        totals["funded"] > 0, "yes", np.where(totals["eligible"] > 0, "no", "uncoverable")
    )
    totals["covered"] = covered
    totals["cause"] = [
        _cause(allocation, str(name), state, int(count))
        for name, state, count in zip(names, covered, totals["applications"], strict=True)
    ]
    return totals.rename_axis("district").reset_index()


def _cause(allocation: Allocation, district: str, covered: str, applications: int) -> str:
    if covered == "yes":
        return ""
    if covered == "no":
        text = Text("有合格申請但未獲補助", "has eligible applications, none funded")
    elif applications == 0:
        text = Text("沒有申請案", "no application")
    else:
        table = allocation.awards
        mine = table[(table["district"] == district) & (table["status"] == "ineligible")]
        codes = mine["reason_code"].value_counts()
        said = ", ".join(f"{code} × {count}" for code, count in sorted(codes.items()))
        text = Text(f"沒有合格的申請案（{said}）", f"no eligible application ({said})")
    return text.say(allocation.language)


def _totals(allocation: Allocation, keys: Any) -> pd.DataFrame:
    table = allocation.awards
    frame = pd.DataFrame(
        {
            "applications": 1,
            "eligible": (table["status"] != "ineligible").astype(np.int64),
            "funded": (table["status"] == "funded").astype(np.int64),
            "requested": table["requested"],
            "awarded": table["award"],
        }
    )
    return frame.groupby(np.asarray(keys), sort=True, dropna=False).sum().astype(np.int64)


def waitlist(allocation: Allocation) -> pd.DataFrame:
    """Return the eligible applications that got nothing: by merit, then in the draw's order."""
    table = allocation.awards
    position = allocation.scored.round.position
    order = np.empty(len(position), dtype=np.int64)
    order[allocation.draw_order] = np.arange(len(position))
    waiting = np.flatnonzero(~allocation.decision.fund)
    merit = allocation.scored.round.merit
    best = sorted(waiting, key=lambda a: (-int(merit[a]), int(order[a])))
    columns = [
        "application_id",
        "school_id",
        "level",
        "district",
        "title",
        "merit",
        "rank",
        "requested",
        "admissible",
        "reason_code",
        "reason",
    ]
    chosen = table.iloc[position[best]][columns].reset_index(drop=True)
    chosen.insert(0, "place", np.arange(1, len(chosen) + 1))
    return chosen


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
            "file": p.file,
            "row": "" if p.row is None else str(p.row),
            "column": p.column,
            "value": p.value,
            "message": p.message.say(language),
            "expected": p.expected.say(language),
            "hint": p.hint.say(language),
            "reference": p.reference,
        }
        for p in found
    ]
    return pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS), dtype=object)


def priorities(allocation: Allocation) -> pd.DataFrame:
    """Return one row a goal: name, title, value, bound, gap (people's units), unit, proved, by."""
    language = allocation.language
    rows = []
    for step in allocation.steps:
        priority = allocation.goal_priority(step.goal)
        scale = Fraction(priority.scale(allocation.scored.round))
        rows.append(
            {
                "goal": step.goal,
                "title": priority.title.say(language),
                "sentence": priority.sentence().say(language),
                "value": shown(step.value, scale),
                "bound": "" if step.bound is None else shown(step.bound, scale),
                "gap": "" if step.gap is None else shown(step.gap, scale),
                "unit": priority.unit.say(language),
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
        "value",
        "bound",
        "gap",
        "unit",
        "proved",
        "by",
        "again",
        "reference",
    )
    return pd.DataFrame(rows, columns=list(columns))


def headline_html(allocation: Allocation) -> str:
    """Return the headline figures and the priorities as escaped HTML."""
    counts, language = allocation.summary["counts"], allocation.language
    proved = Text("已證明最佳", "proved optimal")
    found = Text("可行，尚未證明最佳", "feasible, not proved")
    line = Text(
        f"核定 {money(allocation.spent)} 元（可用 {money(allocation.available)} 元）；獲補助 "
        f"{counts['funded']} 件（合格 {counts['eligible']} 件，申請 {counts['applications']} 件）；"
        f"涵蓋 {counts['districts_covered']}／{counts['districts']} 個行政區",
        f"NT${money(allocation.spent)} of NT${money(allocation.available)} awarded to "
        f"{counts['funded']} of {counts['eligible']} eligible applications "
        f"({counts['applications']} in all); {counts['districts_covered']} of "
        f"{counts['districts']} districts covered",
    )
    columns = ["title", "value", "bound", "unit", "proved", "by", "again"]
    table = allocation.priorities[columns].to_html(escape=True, index=False, border=0)
    status = proved if allocation.status == "optimal" else found
    return (
        f"<p><b>{escape(allocation.title)}</b> — {escape(status.say(language))}<br>"
        f"{escape(line.say(language))}</p>{table}"
    )


def drawn_chances(allocation: Allocation) -> dict[str, str] | None:
    """Return the chance of each application that only some optima fund, as exact fractions."""
    chances, certainty = allocation.solution.chances, allocation.certainty
    if chances is None or certainty is None:
        return None
    return {
        application_id: str(chance)
        for application_id, chance, sure in zip(
            allocation.scored.round.ids, chances, certainty, strict=True
        )
        if sure == "some"
    }


def shown(value: int, scale: Fraction) -> str:
    """Write an objective's integer in people's units, exactly."""
    return exact_points(Fraction(value) / scale)


def summary(allocation: Allocation) -> Mapping[str, Any]:
    """Return what summary.json says of the result, apart from versions and times."""
    settings = allocation.case.policy.settings
    table, districts = allocation.awards, allocation.by_district
    status = table["status"].value_counts()
    certainty = table["certainty"].value_counts()
    refusals = {
        r.finding.application
        for r in allocation.scored.remarks
        if r.finding.severity is Severity.REFUSAL
    }
    flags = {
        r.finding.application
        for r in allocation.scored.remarks
        if r.finding.severity is Severity.FLAG
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "status": allocation.status,
        "language": allocation.language,
        "plan": {"title": settings.plan.title, "year": settings.plan.year},
        "pool": {
            "amount": allocation.pool,
            "unit": settings.pool.unit,
            "contingency": allocation.contingency,
            "available": allocation.available,
            "requested": int(table["requested"].sum()),
            "spent": allocation.spent,
            "left": allocation.available - allocation.spent,
        },
        "counts": {
            "applications": len(table),
            "eligible": int(status.get("funded", 0) + status.get("not_funded", 0)),
            "funded": int(status.get("funded", 0)),
            "not_funded": int(status.get("not_funded", 0)),
            "ineligible": int(status.get("ineligible", 0)),
            "flagged": len(flags - refusals),
            "districts": len(districts),
            "districts_covered": int((districts["covered"] == "yes").sum()),
            "districts_uncoverable": int((districts["covered"] == "uncoverable").sum()),
        },
        "certainty": {name: int(certainty.get(name, 0)) for name in ("every", "some", "none")}
        if allocation.certainty is not None
        else None,
        "priorities": [
            {
                "goal": step.goal,
                "kind": allocation.goal_priority(step.goal).kind,
                "value": step.value,
                "bound": step.bound,
                "gap": step.gap,
                "floor": step.floor,
                "scale": str(
                    Fraction(allocation.goal_priority(step.goal).scale(allocation.scored.round))
                ),
                "shown": f"{row['value']} {row['unit']}".strip(),
                "proved": step.proved,
                "by": step.by,
                "again": step.again,
                "reference": allocation.goal_priority(step.goal).reference,
            }
            for step, row in zip(
                allocation.steps, allocation.priorities.to_dict("records"), strict=True
            )
        ],
        "draw": {
            "seed": settings.draw.seed,
            "seed_sha256": settings.draw.digest,
            "settled": allocation.solution.drawn,
            "chances": drawn_chances(allocation),
        },
        "policy": [
            {
                "kind": rule.kind,
                "name": rule.label,
                "section": rule.section,
                "sentence": rule.sentence().say(allocation.language),
                "reference": rule.reference,
            }
            for rule in allocation.case.policy.rules
        ],
        "engine": {
            "name": allocation.solution.engine,
            "why": allocation.solution.why,
            "solves": allocation.solution.solves,
        },
        "optima": allocation.solution.optima,
        "inputs": [
            {"name": source.name, "sha256": source.sha256, "size": source.size}
            for source in allocation.case.sources
        ],
    }
