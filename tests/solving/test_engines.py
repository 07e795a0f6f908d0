"""Engines that share no code give the same answer: every priority, every class, the draw.

Small random cases: the dynamic programme, the integer program by two solvers, and brute force over
every award vector; some of them by SCIP and CP-SAT as well. City-sized cases: the engine that is
chosen by rule against the integer program alone. Full runs: ``python tests/full.py engines city``.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from cross import Refused, cpsat, scip
from helpers.rounds import (
    DISTRICTS,
    MERITS,
    every_decision,
    make_case,
    random_application,
    random_case,
    random_policy,
    random_quota,
    random_school,
    scored_of,
)

from optimizer.case.case import Case, read_case
from optimizer.clauses.priority import Share
from optimizer.invented.generate import generate_round
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import CaseError, InfeasibleError, LimitError, UsageError
from optimizer.program.draw import draw_order
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.result.audit import audit, values
from optimizer.scoring.build import build_program
from optimizer.scoring.score import Scored
from optimizer.solving.options import Options
from optimizer.solving.solution import Solution
from optimizer.solving.solve import solve

SMALL = int(os.environ.get("SUBSIDY_ENGINE_CASES", "300"))
MEDIUM = int(os.environ.get("SUBSIDY_MEDIUM_CASES", "20"))
CITIES = int(os.environ.get("SUBSIDY_CITY_CASES", "3"))
BATCH = 50

Tally = Counter[str]


# ---- the truth, by looking at everything ---------------------------------------------------


@dataclass(frozen=True)
class Truth:
    """What looking at every award vector says.

    Parameters
    ----------
    optima
        The best value of each goal, given what the earlier ones must keep.
    count
        How many award vectors are optimal before the draw.
    award
        The one that the draw takes, NT$.
    certainty
        The class of each eligible application.
    """

    optima: tuple[int, ...]
    count: int
    award: tuple[int, ...]
    certainty: tuple[str, ...]


def truth_of(scored: Scored) -> Truth | None:
    """Keep, goal by goal, the decisions that leave it what it must keep; None if there are none."""
    round_, policy = scored.round, scored.screened.policy
    left = [
        (tuple(values(round_, policy, decision).values()), decision)
        for decision in every_decision(round_)
        if not audit(round_, policy, decision)
    ]
    if not left:
        return None
    optima = []
    for place, give_up in enumerate(give_ups(scored)):
        best = max(worth[place] for worth, _ in left)
        left = [(worth, d) for worth, d in left if worth[place] >= best - give_up(best)]
        optima.append(best)
    order = draw_order(policy.settings.draw.seed, round_.ids)
    winner = max((d for _, d in left), key=lambda d: [int(d.award[a]) for a in order])
    return Truth(
        tuple(optima),
        len(left),
        tuple(int(x) for x in winner.award),
        tuple(class_of([bool(d.fund[a]) for _, d in left]) for a in range(round_.size)),
    )


def give_ups(scored: Scored) -> Iterator[Any]:
    """Yield, for each goal, what its optimum may give up, as the policy's own words say it."""
    round_, policy = scored.round, scored.screened.policy
    nothing = Decision.of([0] * round_.size)
    for priority in policy.priorities:
        said, scale = priority.give_up, priority.scale(round_)
        for _ in priority.worth(round_, nothing):
            if isinstance(said, Share):
                yield lambda best, share=said.share: int(abs(best) * share)
            else:
                yield lambda _, amount=Fraction(said) * scale: int(amount)


def class_of(funded: list[bool]) -> str:
    return "every" if all(funded) else "some" if any(funded) else "none"


# ---- random cases ---------------------------------------------------------------------------


def any_case(rng: random.Random) -> Case:
    """Make a small case under a policy of any kind."""
    mode = rng.choice(("full", "full", "partial", "graded"))
    case = random_case(rng, 5 if mode == "partial" else 8, mode)
    document = dict(case.policy.document)
    priorities = [dict(p) for p in document["priority"]]
    if rng.random() < 0.3:
        ranked = {"kind": "merit", "form": "ranked", "band": rng.choice((0, 5)), "name": "top"}
        priorities.insert(rng.randint(0, len(priorities)), ranked)
    if rng.random() < 0.2:
        other = {"kind": "balance", "column": rng.choice(("level", "district")), "name": "spread"}
        priorities.insert(rng.randint(0, len(priorities)), other)
    if rng.random() < 0.2:
        other = {"kind": "coverage", "column": rng.choice(("type", "level")), "name": "kinds"}
        priorities.insert(rng.randint(0, len(priorities)), other)
    if rng.random() < 0.2:
        priorities.append(random_quota(rng, soft=True))
    for priority in priorities:
        if rng.random() < 0.15:
            priority["give_up"] = rng.choice(("10%", "50%", "1%", 1, 2, "1/2"))
    clauses = [dict(c) for c in document["clause"]]
    if rng.random() < 0.2:
        clauses.append(random_quota(rng))
    named = {**document, "priority": unique(priorities), "clause": unique(clauses)}
    return case.under(make_policy(named))


def only_sums(case: Case) -> Case:
    """Keep the priorities that are sums over applications, and what they leave to the draw."""
    sums = [
        {**rule, "give_up": 0}
        for rule in case.policy.document["priority"]
        if rule["kind"] in ("coverage", "merit", "disadvantage", "sharing")
    ]
    return case.under(make_policy({**case.policy.document, "priority": sums}))


def unique(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give every rule a name of its own."""
    return [{**rule, "name": rule.get("name", f"rule {n}")} for n, rule in enumerate(rules)]


# ---- agreement ------------------------------------------------------------------------------


def check(solution: Solution, truth: Truth, program: Program) -> None:
    """Hold one engine's claims against the truth."""
    assert tuple(step.bound for step in solution.steps) == truth.optima
    assert all(step.proved for step in solution.steps)
    assert solution.certainty == truth.certainty
    assert tuple(int(x) for x in solution.decision.award) == truth.award
    assert solution.optima in (None, truth.count)
    assert solution.optimal


def engines_agree(number: int, tally: Tally, cp: cpsat.Solver | None = None) -> None:
    """Solve one random case in every way."""
    rng = random.Random(number)
    case = any_case(rng)
    scored = scored_of(only_sums(case) if number % 4 == 3 else case)
    truth, program = truth_of(scored), build_program(scored)
    engines = ["auto", "joined", "highs", "dynamic", *(["cbc"] if number % 10 == 0 else [])]
    for engine in engines:
        try:
            solution = joined(program) if engine == "joined" else solve(program, Options(engine))
        except InfeasibleError:
            assert truth is None, (number, engine)
        except UsageError:
            assert engine == "dynamic"
            continue
        else:
            assert truth is not None, (number, engine)
            check(solution, truth, program)
            tally[f"small, {engine} = {solution.engine}"] += 1
    if cp is not None:
        across(program, truth, number, cp)
    tally["small cases" if truth else "small cases without a solution"] += 1


def joined(program: Program) -> Solution:
    """Let the integer program go on after the dynamic programme, however few optima are left."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("optimizer.solving.solve.FEW", -1)
        return solve(program)


def across(program: Program, truth: Truth | None, number: int, cp: cpsat.Solver) -> None:
    for solver in (cp, scip):
        found = solver.solve(program, certainty=True)
        assert found.feasible == (truth is not None), number
        if truth is not None:
            assert found.optima == truth.optima, number
            assert found.award == truth.award, number
            assert found.certainty == truth.certainty, number


LOST = (168, 1721)  # three wide rows and more: the loss of a lost state overflowed 64 bits


@pytest.mark.parametrize("number", LOST)
def test_a_state_that_cannot_be_reached_stays_unreachable(number: int) -> None:
    engines_agree(number, Counter())


@pytest.mark.parametrize("batch", range(SMALL // BATCH))
def test_every_engine_finds_what_brute_force_finds(batch: int) -> None:
    tally: Tally = Counter()
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        engines_agree(number, tally)
    assert tally["small, auto = dynamic"] > BATCH // 5
    assert tally["small, joined = dynamic+highs"] > BATCH // 5
    assert tally["small, highs = highs"] == tally["small cases"]


def test_scip_and_cp_sat_find_the_same() -> None:
    tally: Tally = Counter()
    with cpsat.Solver() as cp:
        for number in range(100_000, 100_040):
            engines_agree(number, tally, cp)
    assert tally["small cases"] > 20


def test_the_draw_of_the_policies_is_wide() -> None:
    seen: Counter[str] = Counter()
    for number in range(200):
        policy = any_case(random.Random(number)).policy
        seen[policy.settings.award.mode] += 1
        for priority in policy.priorities:
            seen[priority.kind] += 1
            seen["give_up"] += bool(priority.give_up != 0)
            seen["ranked"] += getattr(priority, "form", "") == "ranked"
        seen["two quotas"] += [c.kind for c in policy.clauses].count("quota") > 1
    kinds = ["coverage", "merit", "disadvantage", "sharing", "balance", "quota", "evenness"]
    modes = ["full", "partial", "graded"]
    for word in (*modes, *kinds, "amount", "give_up", "ranked", "two quotas"):
        assert seen[word] >= 10, word


# ---- city-sized cases -----------------------------------------------------------------------

CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"drop": {"coverage"}},
    {"drop": {"merit_band"}},
    {"order": ("disadvantage", "coverage", "merit")},
    {"drop": {"merit"}},
    {"give_up": ("merit_band", "1%")},
)


def city(seed: int, folder: Path) -> Case:
    """Invent a round of a city's size, under one of several policies."""
    rng = random.Random(seed)
    generate_round(
        applications=rng.randint(300, 500),
        schools=rng.randint(150, 308),
        seed=seed,
        with_tables=(),
        pool_share=rng.choice((0.2, 0.45, 0.45, 0.7)),
    ).write(folder)
    case = read_case(folder)
    return case.under(make_policy(changed(case.policy.document, CHANGES[seed % len(CHANGES)])))


def changed(document: Any, change: dict[str, Any]) -> dict[str, Any]:
    rules = [
        {**rule, "name": rule.get("name", rule["kind"])}
        for rule in document["priority"]
        if rule.get("name", rule["kind"]) not in change.get("drop", ())
    ]
    order = list(change.get("order", ()))
    rules.sort(key=lambda rule: order.index(rule["name"]) if rule["name"] in order else len(order))
    name, share = change.get("give_up", ("", ""))
    for rule in rules:
        if rule["name"] == name:
            rule["give_up"] = share
    return {**document, "priority": rules}


def cities_agree(seed: int, folder: Path, tally: Tally, limit: float = 60.0) -> None:
    """Solve one city both ways; what both have proved must be the same."""
    program = build_program(scored_of(city(seed, folder)))
    found: list[Solution] = []
    for engine in ("auto", "highs"):
        try:
            found.append(solve(program, Options(engine, 600.0 if engine == "auto" else limit)))
        except LimitError:
            tally[f"cities, {engine} found nothing in time"] += 1
            return
    one, other = found
    tally["cities"] += 1
    tally[f"cities, auto = {one.engine}"] += 1
    for solution, name in ((one, "auto"), (other, "highs")):
        tally[f"cities, proved by {name}"] += solution.optimal
    for a, b in zip(one.steps, other.steps, strict=True):
        if not (a.proved and b.proved):
            return
        assert (a.bound, a.floor) == (b.bound, b.floor), (seed, a.goal)
    if one.optimal and other.optimal:
        assert one.certainty == other.certainty, seed
        assert list(one.decision.award) == list(other.decision.award), seed
        tally["cities, proved by both and the same"] += 1


@pytest.mark.parametrize("seed", range(CITIES))
def test_cities_agree(seed: int, tmp_path: Path) -> None:
    tally: Tally = Counter()
    cities_agree(seed, tmp_path / "case", tally)
    assert tally["cities, proved by auto"] == 1


def test_scip_agrees_on_a_city(tmp_path: Path) -> None:
    program = build_program(scored_of(city(7_000, tmp_path / "case")))
    solution = solve(program)
    try:
        found = scip.solve(program)
    except Refused as refusal:
        pytest.skip(str(refusal))
    assert found.optima == tuple(step.bound for step in solution.steps)
    assert found.award == tuple(int(x) for x in solution.decision.award)


# ---- medium cases: too many for brute force, and schools in numbers ---------------------------


def medium_case(rng: random.Random) -> Case:
    """Make a case of 16 to 40 applications with many ties, under up to four quotas."""
    schools = [random_school(rng, i) for i in range(rng.randint(8, 25))]
    merits = rng.choice(MERITS)
    applications = [random_application(rng, i, schools, merits) for i in range(rng.randint(16, 40))]
    document = random_policy(rng, len(applications), "full")
    clauses = [c for c in document["clause"] if c["kind"] != "quota"]
    clauses += [medium_quota(rng) for _ in range(rng.randint(0, 4))]
    for priority in document["priority"]:
        if rng.random() < 0.1:
            priority["give_up"] = rng.choice(("10%", "1%", 1))
    pool = {"amount": rng.choice((5_000, 9_000, 14_000, 20_000)), "unit": rng.choice((50, 100))}
    rules = {"clause": unique(clauses), "priority": unique(document["priority"])}
    return make_case(applications, schools, **{**document, "pool": pool, **rules})


def medium_quota(rng: random.Random) -> dict[str, Any]:
    column, value = rng.choice(
        (("district", rng.choice(DISTRICTS)), ("level", "junior_high"), ("type", "subject"))
    )
    measure = rng.choice(("count", "amount"))
    least = rng.randint(2, 7) if measure == "count" else rng.choice((2_500, 5_000))
    bound = {rng.choice(("at_least", "at_most")): rng.choice(("30%", "50%", least, least))}
    return {"kind": "quota", "column": column, "value": value, "measure": measure, **bound}


def mediums_agree(number: int, tally: Tally) -> None:
    """Solve one medium case by every engine and by SCIP."""
    try:
        program = build_program(scored_of(medium_case(random.Random(number))))
    except CaseError:  # a quota for a value that no application has
        return
    truth = scip.solve(program, certainty=True)
    tally["medium cases" if truth.feasible else "medium cases without a solution"] += 1
    for engine in ("auto", "joined", "highs", "cbc"):
        try:
            solution = joined(program) if engine == "joined" else solve(program, Options(engine))
        except InfeasibleError:
            assert not truth.feasible, (number, engine)
            continue
        assert solution.optimal, (number, engine)
        assert tuple(step.bound for step in solution.steps) == truth.optima, (number, engine)
        assert tuple(int(x) for x in solution.decision.award) == truth.award, (number, engine)
        assert solution.certainty == truth.certainty, (number, engine)
        tally[f"medium, {engine} = {solution.engine}"] += 1


def test_medium_cases_agree() -> None:
    tally: Tally = Counter()
    for number in range(MEDIUM):
        mediums_agree(number, tally)
    assert tally["medium cases"] > MEDIUM // 2
    assert tally["medium, auto = dynamic"] > MEDIUM // 4


# ---- one district with a quota of its own -----------------------------------------------------


def one_large_district(rng: random.Random) -> Case:
    """Make a case whose quota lies within one district of more than a dozen applications."""
    count = rng.randint(20, 44)
    applications = [
        {
            "application_id": f"A{i:02d}",
            "school_id": f"S{i:02d}",
            "merit": rng.randint(60, 99),
            "requested": 100 * rng.randint(10, 50),
        }
        for i in range(count)
    ]
    schools = [
        {
            "school_id": f"S{i:02d}",
            "district": "甲" if i < max(14, count // 3) else rng.choice("甲乙丙丁"),
        }
        for i in range(count)
    ]
    measure = rng.choice(("count", "amount"))
    bound = rng.randint(2, 14) if measure == "count" else 100 * rng.randint(50, 300)
    quota = {
        "kind": "quota",
        "column": "district",
        "value": "甲",
        "measure": measure,
        rng.choice(("at_least", "at_most")): bound,
    }
    return make_case(
        applications,
        schools,
        pool={"amount": sum(a["requested"] for a in applications) * 2 // 500 * 100, "unit": 100},
        clause=[quota],
        priority=[{"kind": "coverage"}, {"kind": "merit"}],
    )


def test_a_quota_on_one_district_beside_coverage() -> None:
    """SCIP finds more merit than the dynamic programme says there is."""
    wrong, solved = [], 0
    for number in range(60):
        program = build_program(scored_of(one_large_district(random.Random(number))))
        try:
            solution = solve(program)
        except InfeasibleError:
            assert not scip.solve(program).feasible
            continue
        solved += 1
        found = scip.solve(program)
        if found.optima != tuple(step.bound for step in solution.steps):
            wrong.append((number, found.optima, [step.bound for step in solution.steps]))
    assert solved > 40
    assert wrong == []
