"""Small cases made in memory, and brute force over every award vector as the oracle."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from optimizer.case.case import Case
from optimizer.clauses.minimum_award import MinimumAward
from optimizer.clauses.school_cap import SchoolCap
from optimizer.facts.audit import audit, values
from optimizer.policy.policy import Policy, make_policy
from optimizer.problems.errors import CaseError, Severity
from optimizer.program.draw import draw_order
from optimizer.program.rows import Decision
from optimizer.scoring.build import build_program
from optimizer.scoring.score import Scored, score
from optimizer.scoring.screening import screen
from optimizer.solving.solve import solve
from optimizer.tables.records import Records
from optimizer.tables.reviews import COLUMNS, Reviews
from optimizer.tables.round import Round

DISTRICTS = ("中區", "和平區", "東勢區")
TYPES = ("grade", "subject", "school_task")
METHODS = ("observation", "lecture", "co_planning")
CATEGORIES = ("", "", "remote", "extreme_remote")
MERITS = ((80,), (70, 71, 72), tuple(range(68, 95)), (Fraction(241, 3), Fraction(242, 3), 80))


def make_case(
    applications: list[dict[str, Any]],
    schools: list[dict[str, Any]] | None = None,
    **document: Any,
) -> Case:
    """Make a case from a few words: merit is given, everything else has a default."""
    schools = schools or [{"school_id": a.get("school_id", "S1")} for a in applications]
    unique = {(s["school_id"], s.get("level", "elementary")): s for s in schools}
    school_rows = [_school(s) for _, s in sorted(unique.items())]
    order = sorted(applications, key=lambda a: a["application_id"])
    row_of = {s["school_id"]: i for i, s in enumerate(school_rows)}
    policy = make_policy({"pool": {"amount": 10_000}, **document})
    rows = [_application(a, i, row_of, school_rows) for i, a in enumerate(order)]
    table = pd.DataFrame(rows)
    for column in ("members", "meetings", "own_funds"):
        table[column] = table[column].astype("Int64")
    reviews = Reviews.none(policy.settings.review.criteria)
    records = Records(policy.settings, pd.DataFrame(school_rows), table, reviews)
    return Case(records, policy, ())


def _school(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": f"學校{given['school_id']}",
        "district": "中區",
        "level": "elementary",
        "disadvantage": "",
        "evaluation_programme": False,
        "students": pd.NA,
        "classes": pd.NA,
        **given,
    }


def _application(
    given: dict[str, Any], row: int, row_of: dict[str, int], schools: list[dict[str, Any]]
) -> dict[str, Any]:
    school_id = given.get("school_id", "S1")
    return {
        "school_id": school_id,
        "level": schools[row_of[school_id]]["level"],
        "title": f"社群{given['application_id']}",
        "convener": "王○明",
        "type": "grade",
        "prior_outcome": "",
        "members": 6,
        "meetings": 6,
        "own_funds": pd.NA,
        "requested": 1_000,
        "methods": (),
        "partners": (),
        "fields": (),
        "submitted_on": None,
        "school": row_of[school_id],
        "row": row + 2,
        **given,
        "merit": Fraction(given.get("merit", 80)),
    }


def with_reviews(
    case: Case, marks: Mapping[str, Mapping[str, Sequence[int | str | Fraction | None]]]
) -> Case:
    """Give a case reviews: application, reviewer, marks by criterion (None, "recused")."""
    rows = [
        (application, reviewer, criterion, mark if mark in (None, "recused") else Fraction(mark))
        for application, reviews in marks.items()
        for reviewer, mine in reviews.items()
        for criterion, mark in zip(case.records.reviews.criteria, mine, strict=True)
    ]
    return case.with_reviews(pd.DataFrame(rows, columns=COLUMNS, dtype=object))


def with_budget(
    case: Case, lines: Sequence[tuple[str, str, int | str | None, int | str | None, int]]
) -> Case:
    """Give a case budget lines: application, item, quantity, unit price, amount."""
    ids = list(case.records.applications["application_id"])

    def number(cell: int | str | None) -> Fraction | None:
        return None if cell is None else Fraction(cell)

    table = pd.DataFrame(
        [
            {
                "application": ids.index(application),
                "item": item,
                "quantity": number(quantity),
                "unit_price": number(price),
                "amount": amount,
            }
            for application, item, quantity, price, amount in sorted(lines, key=lambda x: x[0])
        ]
    )
    table["quantity"] = table["quantity"].astype(object).where(table["quantity"].notna(), None)
    table["unit_price"] = (
        table["unit_price"].astype(object).where(table["unit_price"].notna(), None)
    )
    return replace(case, records=replace(case.records, budget_lines=table))


def with_meetings(case: Case, days: Mapping[str, Sequence[str]]) -> Case:
    """Give a case a table of meetings: application, days."""
    ids = list(case.records.applications["application_id"])
    rows = [(ids.index(a), date.fromisoformat(day)) for a in sorted(days) for day in days[a]]
    table = pd.DataFrame({"application": [a for a, _ in rows], "date": [d for _, d in rows]})
    return replace(case, records=replace(case.records, meetings=table))


def findings(case: Case, label: str) -> list[tuple[str, Severity, str]]:
    """Return what one rule says of which application: id, severity, message in English."""
    ids = case.records.applications["application_id"]
    return [
        (str(ids.iloc[r.finding.application]), r.finding.severity, r.finding.message.en)
        for r in scored_of(case).remarks
        if r.clause == label
    ]


def admissible(case: Case) -> dict[str, int]:
    """Return the most each application may get after screening, NT$."""
    screened = screen(case.records, case.policy)
    ids = case.records.applications["application_id"]
    return dict(zip(ids, screened.admissible.tolist(), strict=True))


def eligible(case: Case) -> list[str]:
    """Return the ids of the eligible applications."""
    return list(scored_of(case).round.ids)


def awards(case: Case) -> dict[str, int]:
    """Solve a case and return what each eligible application gets, NT$."""
    scored = scored_of(case)
    decision = solve(build_program(scored)).decision
    assert audit(scored.round, case.policy, decision) == []
    return dict(zip(scored.round.ids, decision.award.tolist(), strict=True))


def random_case(rng: random.Random, most: int = 8, mode: str | None = None) -> Case:
    """Make a random small case with a random policy that fits it; often tight, often tied."""
    while True:
        case = _any_case(rng, most, mode)
        try:
            _LAST[:] = [(case, scored_of(case))]
        except CaseError:  # two quotas that only an empty list obeys
            continue
        return case


def counting_case(rng: random.Random, most: int, mode: str | None) -> Case:
    """Make a random small case with a soft quota for each group that comes early, often tied."""
    while True:
        case = random_case(rng, most, mode)
        document = dict(case.policy.document)
        quota: dict[str, Any] = {
            "kind": "quota",
            "name": "each",
            "column": rng.choice(("district", "district", "level", "type")),
            "for_each": True,
            "measure": rng.choice(("count", "count", "count", "members")),
            "at_least": rng.choice((1, 2, 2, 3, 7)),
        }
        if rng.random() < 0.1:
            quota["at_most"] = quota["at_least"] + 1
        others = [p for p in document["priority"] if p["kind"] not in ("coverage", "balance")]
        place = rng.choice((0, 0, min(1, len(others))))
        document["priority"] = [*others[:place], quota, *others[place:]]
        try:
            case = case.under(make_policy(document))
            scored_of(case)
        except CaseError:
            continue
        return case


_LAST: list[tuple[Case, Scored]] = []  # the case drawn last, for who asks for its score next


def _any_case(rng: random.Random, most: int, mode: str | None) -> Case:
    schools = [
        {**random_school(rng, i), "evaluation_programme": rng.random() < 0.05}
        for i in range(rng.randint(1, 5))
    ]
    merits = rng.choice(MERITS)
    applications = [
        {
            **random_application(rng, i, schools, merits),
            "fields": ("語文", "數學") if rng.random() < 0.2 else (),
            "members": rng.choice((2, 5, 6, 6, 6, 8)),
            "meetings": rng.choice((5, 6, 6, 6)),
        }
        for i in range(rng.randint(1, most))
    ]
    return make_case(applications, schools, **random_policy(rng, len(applications), mode))


# what `random_case` leaves alike in all applications and schools, and how it can differ
APPLICATIONS_DIFFER: dict[str, Sequence[Any]] = {
    "title": ("閱讀社群", "數學社群"),
    "convener": ("王○明", "林○華", "Ann Lee"),
    "members": (2, 5, 6, 6, 8, pd.NA),
    "meetings": (5, 6, 6, pd.NA),
    "own_funds": (pd.NA, 0, 500),
    "prior_outcome": ("", "reported", "missing"),
    "submitted_on": (None, date(2014, 1, 2), date(2014, 1, 9)),
    "fields": ((), ("語文",), ("語文", "數學")),
    "partners": ((), ("S9",), ("S0", "S1")),
}
SCHOOLS_DIFFER: dict[str, Sequence[Any]] = {
    "name": ("甲校", "乙校"),
    "evaluation_programme": (False, True),
    "students": (pd.NA, 40, 600),
    "classes": (pd.NA, 6, 24),
}


def varied(case: Case, rng: random.Random) -> Case:
    """Draw what `random_case` leaves alike, so that no column has one value only."""
    tables = {"applications": APPLICATIONS_DIFFER, "schools": SCHOOLS_DIFFER}
    changed = {}
    for name, differ in tables.items():
        table = getattr(case.records, name)
        for column, drawn_from in differ.items():
            drawn = pd.Series(
                [rng.choice(drawn_from) for _ in table.index], table.index, dtype=object
            )
            table[column] = drawn.astype(table[column].dtype)
        changed[name] = table
    return replace(case, records=replace(case.records, **changed))


def random_school(rng: random.Random, number: int) -> dict[str, Any]:
    """Draw a school."""
    return {
        "school_id": f"S{number}",
        "district": rng.choice(DISTRICTS),
        "level": rng.choice(("elementary", "junior_high")),
        "disadvantage": rng.choice(CATEGORIES),
    }


def random_application(
    rng: random.Random, number: int, schools: list[dict[str, Any]], merits: Sequence[Any]
) -> dict[str, Any]:
    """Draw an application of one of some schools, with one of some merits."""
    return {
        "application_id": f"A{number:02d}",
        "school_id": rng.choice(schools)["school_id"],
        "merit": rng.choice(merits),
        "requested": rng.choice((500, 900, 1000, 1000, 1500, 2050)),
        "type": rng.choice(TYPES),
        "methods": tuple(sorted(rng.sample(METHODS, rng.randint(0, 2)))),
        "partners": ("S9",) if rng.random() < 0.2 else (),
    }


def random_policy(rng: random.Random, count: int, mode: str | None = None) -> dict[str, Any]:
    """Make a random policy document for a case of so many applications."""
    clauses: list[dict[str, Any]] = []
    if rng.random() < 0.7:
        cap = {"amount": rng.choice((1000, 1500, 2500)), "cut": rng.random() < 0.7}
        clauses.append({"kind": "school_cap", **cap})
    if rng.random() < 0.3:
        clauses.append({"kind": "members", "minimum": 3, "recommended": 6})
    if rng.random() < 0.3:
        clauses.append({"kind": "meetings", "minimum": 6})
    if rng.random() < 0.3:
        clauses.append({"kind": "programme"})
    if rng.random() < 0.2:
        clauses.append({"kind": "minimum_award", "amount": rng.choice((800, 900, 1_000))})
    for _ in range(rng.choice((0, 0, 1, 2))):
        clauses.append(random_quota(rng))
    if rng.random() < 0.2:
        clauses.append({"kind": "fixed", "fund": [f"A{rng.randrange(count):02d}"]})
    per = rng.choice(("amount", "application"))
    priorities: list[dict[str, Any]] = [
        {"kind": "coverage"},
        {"kind": "merit", "band": rng.choice((1, 5, 0)), "per": per},
        {"kind": "disadvantage", "weights": {"remote": 1, "extreme_remote": 3}},
        {"kind": "merit", "per": rng.choice((per, "amount"))},
        {"kind": "sharing"},
        {"kind": "balance", "column": rng.choice(("type", "methods"))},
        {"kind": "amount"},
    ]
    if mode == "partial":
        priorities.insert(-1, {"kind": "evenness"})
    chosen = [p for p in priorities if rng.random() < 0.6]
    if rng.random() < 0.3:
        chosen.insert(rng.randint(0, len(chosen)), random_quota(rng, soft=True))
    if rng.random() < 0.3:
        rng.shuffle(chosen)
    return {
        "pool": {
            "amount": rng.choice((1000, 2500, 4000, 6000, 20000)),
            "unit": rng.choice((1, 100, 500)) if mode in (None, "full") else 500,
            "contingency": rng.choice((0, 0, 300)),
        },
        "review": {"minimum_merit": rng.choice((0, 70))},
        "award": random_award(rng, mode),
        "draw": {"seed": str(rng.randrange(1000))},
        "clause": clauses,
        "priority": chosen,
    }


def random_award(rng: random.Random, mode: str | None) -> dict[str, Any]:
    """Make a random award table."""
    if mode == "partial":
        return {"mode": "partial", "least_share": rng.choice(("50%", "1/3", "90%"))}
    if mode == "graded":
        return {"mode": "graded", "grades": [[80, "100%"], [70, "60%"]]}
    return {"mode": "full"}


QUOTA_SIZES = {  # bounds that decide something in small cases
    "count": (0, 1, 2),
    "amount": (500, 1500),
    "requested": (500, 1500),
    "members": (6, 12),
}


def random_quota(rng: random.Random, soft: bool = False) -> dict[str, Any]:
    """Make a random quota with one bound, or as a priority sometimes with both."""
    group = random_group(rng)
    measure = rng.choice(("count", "count", "count", "amount", "amount", "requested", "members"))
    absolute = not group or rng.random() < 0.6
    bound: Any = rng.choice(QUOTA_SIZES[measure] if absolute else ("50%", "30%"))
    bounds = {rng.choice(("at_least", "at_least", "at_most", "at_most", "exactly")): bound}
    if soft and rng.random() < 0.3:
        most = {"count": 2, "members": 14}.get(measure, 2_000)
        bounds = {"at_least": bound, "at_most": rng.choice(("60%", most) if group else (most,))}
    return {"kind": "quota", **group, "measure": measure, **bounds}


def random_group(rng: random.Random) -> dict[str, Any]:
    """Draw the keys of a quota's group: one value, each of a column, or everybody."""
    if rng.random() < 0.1:
        return {}
    column, value = rng.choice(
        (
            ("level", "junior_high"),
            ("district", "和平區"),
            ("type", "subject"),
            ("methods", "lecture"),
            ("disadvantage", "remote"),
        )
    )
    if rng.random() < 0.7:
        return {"column": column, "value": value}
    without = {"without": [value]} if rng.random() < 0.3 else {}
    return {"column": column, "for_each": True, **without}


def scored_of(case: Case) -> Scored:
    """Screen and score a case, if it is not the one that has just been drawn."""
    for drawn, scored in _LAST:
        if drawn is case:
            return scored
    return score(screen(case.records, case.policy))


def every_decision(round_: Round) -> Iterator[Decision]:
    """Yield every award vector that respects each award's own bounds."""
    unit = round_.settings.pool.unit
    choices = [
        [0, *range(int(low), int(high) + 1, unit)]
        for low, high in zip(round_.least, round_.most, strict=True)
    ]
    for awards in itertools.product(*choices):
        yield Decision.of(np.array(awards, dtype=np.int64))


def spans(round_: Round, policy: Policy) -> list[tuple[int, int]]:
    """Return the least and the most of each award, counted up unit by unit from what is asked for."""
    settings = policy.settings
    award, unit = settings.award, settings.pool.unit
    caps = [rule for rule in policy.clauses if isinstance(rule, SchoolCap)]
    smallest = max([0, *(c.amount for c in policy.clauses if isinstance(c, MinimumAward))])
    found = []
    for a, asked in enumerate(round_.table["requested"].tolist()):
        school = round_.table.iloc[a]
        allowed = min([asked, *(rule.amount for rule in caps if _is_of_size(rule, school))])
        whole = [amount for amount in range(0, allowed + 1, unit) if amount]
        if award.mode == "graded":
            share = max((g for g in award.grades if round_.merit_of(a) >= g[0]), default=(0, 0))[1]
            most = max(amount for amount in [0, *whole] if amount <= share * allowed)
            found.append((most, most))
        else:
            share = award.least_share if award.mode == "partial" else Fraction(1)
            enough = [amount for amount in whole if amount >= max(share * allowed, smallest)]
            found.append((min(enough, default=whole[-1]), whole[-1]))
    return found


def _is_of_size(rule: SchoolCap, school: pd.Series) -> bool:
    """Say whether a cap is for a school: one of all sizes, or one of such a number."""
    if not rule.column:
        return True
    if pd.isna(size := school[rule.column]):
        return False
    return (rule.over is None or size > rule.over) and (rule.up_to is None or size <= rule.up_to)


SIZES = ({"over": 40}, {"up_to": 40}, {"up_to": 600}, {"over": 39, "up_to": 599}, {"over": 600})


def random_sizes(rng: random.Random) -> dict[str, Any]:
    """Draw for schools of which size a cap holds: mostly of all."""
    if rng.random() < 0.4:
        return {}
    if rng.random() < 0.3:
        return {"column": "classes", **rng.choice(({"over": 6}, {"up_to": 23}, {"up_to": 24}))}
    return {"column": "students", **rng.choice(SIZES)}


def brute_force(
    round_: Round, policy: Policy
) -> tuple[tuple[int, ...], Decision, tuple[str, ...]] | None:
    """Return the best goal values, the answer, and each application's certainty; None if none.

    Lexicographic over the audits' own values, then the draw: no model, no solver.
    """
    assert spans(round_, policy) == list(zip(round_.least, round_.most, strict=True))
    order = draw_order(policy.settings.draw.seed, round_.ids)
    best: list[tuple[tuple[int, ...], Decision]] = []
    for decision in every_decision(round_):
        if audit(round_, policy, decision):
            continue
        worth = tuple(values(round_, policy, decision).values())
        if best and worth < best[0][0]:
            continue
        if best and worth > best[0][0]:
            best = []
        best.append((worth, decision))
    if not best:
        return None
    answer = max((d for _, d in best), key=lambda d: [int(d.award[a]) for a in order])
    funded = [[bool(d.fund[a]) for _, d in best] for a in range(round_.size)]
    certainty = tuple("every" if all(f) else "some" if any(f) else "none" for f in funded)
    return best[0][0], answer, certainty
