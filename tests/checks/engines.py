"""Random small, medium and city-sized cases, solved by engines that share no code."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from checks.truth import Truth, check_solution, truth_of
from cross import cpsat, scip
from helpers.rounds import (
    DISTRICTS,
    MERITS,
    make_case,
    random_application,
    random_case,
    random_policy,
    random_quota,
    random_school,
    scored_of,
)

from optimizer.case.case import Case, read_case
from optimizer.invented.generate import generate_round
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import CaseError, InfeasibleError, LimitError, UsageError
from optimizer.program.program import Program
from optimizer.scoring.build import build_program
from optimizer.solving.dynamic.packing import too_many_states
from optimizer.solving.options import Options
from optimizer.solving.solution import Solution
from optimizer.solving.solve import ASKED_FOR, solve
from optimizer.solving.staged import integer

Tally = Counter[str]


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


def engines_agree(number: int, tally: Tally, cp: cpsat.Solver | None = None) -> None:
    """Solve one random case in every way."""
    rng = random.Random(number)
    case = any_case(rng)
    try:
        scored = scored_of(only_sums(case) if number % 4 == 3 else case)
    except CaseError as error:  # shares that only an empty list could have
        assert {problem.code for problem in error.problems} == {"only_an_empty_list"}, number
        tally["refused"] += 1
        return
    truth, program = truth_of(scored), build_program(scored)
    engines = ["auto", "listed", "levels", "settled", "joined", "bundles", "highs", "dynamic"]
    for engine in [*engines, *(["cbc"] if number % 10 == 0 else [])]:
        try:
            solution = solved(program, engine)
        except InfeasibleError:
            assert truth is None, (number, engine)
        except UsageError:
            assert engine in ("dynamic", "listed")
            continue
        else:
            assert truth is not None, (number, engine)
            check_solution(solution, truth, program)
            tally[f"small, {engine} = {solution.engine}"] += 1
    if cp is not None:
        across(program, truth, number, cp)
    tally["small cases" if truth else "small cases without a solution"] += 1


def solved(program: Program, engine: str) -> Solution:
    """Let an engine solve: one that can be asked for, or a part of the rule by itself."""
    if engine == "joined":
        return joined(program)
    if engine == "bundles":
        return narrowly(program)
    if engine == "listed":
        return listed(program)
    if engine in ("levels", "settled"):
        return by_levels(program, keeping_optima=engine == "levels")
    return solve(program, Options(engine))


def listed(program: Program) -> Solution:
    """Let the dynamic programme list its states, however few there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("optimizer.solving.dynamic.filler.ROOMY", -1)
        return solve(program, Options("dynamic"))


def by_levels(program: Program, keeping_optima: bool) -> Solution:
    """Let the dynamic programme settle goal after goal, from a core as small as can be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("optimizer.solving.dynamic.engine.CROWD", -1)
        patch.setattr("optimizer.solving.dynamic.engine.SMALL", -1)
        patch.setattr("optimizer.solving.dynamic.core.SIZES", (1, 2, 1_000))
        if not keeping_optima:
            patch.setattr("optimizer.solving.dynamic.paths.Paths.renamed", _too_many)
        return solve(program)


def _too_many(*_: Any) -> None:
    raise too_many_states()


def narrowly(program: Program) -> Solution:
    """Let the integer program over bundles take all of it, from cores as small as can be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("optimizer.solving.bundled.widening.FIRST_CORE", 1)
        patch.setattr("optimizer.solving.bundled.widening.WIDER", 2)
        return integer(program, Options(), ASKED_FOR, bundled=True)


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
    for engine in ("auto", "listed", "joined", "bundles", "highs", "cbc"):
        try:
            solution = solved(program, engine)
        except InfeasibleError:
            assert not truth.feasible, (number, engine)
            continue
        except UsageError:
            assert engine == "listed"
            continue
        assert solution.optimal, (number, engine)
        assert tuple(step.bound for step in solution.steps) == truth.optima, (number, engine)
        assert tuple(int(x) for x in solution.decision.award) == truth.award, (number, engine)
        assert solution.certainty == truth.certainty, (number, engine)
        tally[f"medium, {engine} = {solution.engine}"] += 1
