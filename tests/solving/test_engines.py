"""Engines that share no code give the same answer: every priority, every class, the draw.

Small random cases: the dynamic programme, the integer program by two solvers, and brute force over
every award vector; some of them by SCIP and CP-SAT as well. City-sized cases: the engine that is
chosen by rule against the integer program alone. Full runs: ``python tests/full.py engines city``.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from checks.engines import Tally, any_case, cities_agree, city, engines_agree, mediums_agree
from cross import Refused, cpsat, scip
from helpers.odd import KINDS, odd_round
from helpers.rounds import every_decision, make_case, scored_of
from helpers.slow import first_quick

from optimizer.case.case import Case
from optimizer.facts.audit import audit
from optimizer.problems.errors import InfeasibleError
from optimizer.scoring.build import build_program
from optimizer.solving.dynamic.engine import Prepared, solve_additive
from optimizer.solving.dynamic.forward_pass import ForwardPass
from optimizer.solving.dynamic.packing import NotTakeable
from optimizer.solving.options import Options
from optimizer.solving.solve import ASKED_FOR, solve
from optimizer.solving.staged import integer

SMALL = int(os.environ.get("SUBSIDY_ENGINE_CASES", "200"))
MEDIUM = int(os.environ.get("SUBSIDY_MEDIUM_CASES", "12"))
CITIES = int(os.environ.get("SUBSIDY_CITY_CASES", "3"))
BATCH = 50


# ---- agreement ------------------------------------------------------------------------------

LOST = (168, 1721)  # three wide rows and more: the loss of a lost state overflowed 64 bits


BARE = 21777  # leaving one zone bare loses less than the best list does, another one more: they have one bonus


def test_goal_after_goal_leaves_a_zone_bare_where_that_is_best() -> None:
    engines_agree(BARE, Counter())


@pytest.mark.parametrize("number", LOST)
def test_a_state_that_cannot_be_reached_stays_unreachable(number: int) -> None:
    engines_agree(number, Counter())


def test_no_more_states_are_made_than_were_foreseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A box is counted before it is made: what is stored in it is never more."""
    tables: list[ForwardPass] = []
    run = ForwardPass.run
    monkeypatch.setattr(ForwardPass, "run", lambda table: tables.append(table) or run(table))
    for number in range(20):
        with contextlib.suppress(NotTakeable, InfeasibleError):
            solve_additive(Prepared(build_program(scored_of(any_case(random.Random(number))))))
    choices = [(t.opened.foreseen, _stored(t)) for t in tables]
    assert all(foreseen >= stored for foreseen, stored in choices)
    assert sum(foreseen == stored > 0 for foreseen, stored in choices) > len(choices) // 10


def _stored(table: ForwardPass) -> int:
    return sum(layer.after.loss.size for layer in table.layers if layer.zone < 0)


def test_what_a_start_has_just_enough_of_may_be_passed() -> None:
    """A start says what there is of the first goal, not that there is no more of it."""
    passed = 0
    for number in range(8):
        case = any_case(random.Random(f"start {number}"))
        scored = scored_of(case)
        program, policy = build_program(scored), case.policy
        known = (d for d in every_decision(scored.round) if not audit(scored.round, policy, d))
        for start in islice(known, 3):
            *others, last = program.goals
            held = replace(last, name="held", enough=last.objective.value(start))
            some = replace(program, goals=(held, *others, last))
            found = integer(some, Options(), ASKED_FOR, bundled=True, start=start)
            assert found.decision == solve(some, Options("highs")).decision, number
            passed += last.objective.value(found.decision) > (held.enough or 0)
    assert passed


BUNDLES = {
    2: "a pool that only one school's applications draw on",
    13: "a school that may not even be left out",
    1091: "a list that was known to be best until the draw had settled another",
}


@pytest.mark.parametrize("number", BUNDLES, ids=BUNDLES.get)
def test_bundles_find_what_brute_force_finds(number: int) -> None:
    engines_agree(number, Counter())


@pytest.mark.parametrize("seed", range(5), ids=KINDS[:5])
def test_odd_amounts_are_answered_from_a_list_of_states(seed: int) -> None:
    """At a unit of NT$1 a box of states would take up to a gigabyte, and a share no box at all."""
    program = build_program(scored_of(odd_round(seed)))
    solution, other = solve(program), solve(program, Options("highs"))
    assert (solution.engine, other.engine) == ("dynamic", "highs")
    assert solution.optimal and other.optimal
    assert solution.certainty == other.certainty
    assert list(solution.decision.award) == list(other.decision.award)


@pytest.mark.parametrize("batch", first_quick(range(SMALL // BATCH)))
def test_every_engine_finds_what_brute_force_finds(batch: int) -> None:
    tally: Tally = Counter()
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        engines_agree(number, tally)
    assert tally["small, auto = dynamic"] > BATCH // 5
    assert tally["small, joined = dynamic+bundles"] > BATCH // 5
    assert tally["small, highs = highs"] == tally["small cases"]
    assert tally["small, bundles = bundles"] == tally["small cases"]


@pytest.mark.slow
def test_scip_and_cp_sat_find_the_same() -> None:
    tally: Tally = Counter()
    with cpsat.Solver() as cp:
        for number in range(100_000, 100_040):
            engines_agree(number, tally, cp)
    assert tally["small cases"] > 20


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(CITIES))
def test_cities_agree(seed: int, tmp_path: Path) -> None:
    tally: Tally = Counter()
    cities_agree(seed, tmp_path / "case", tally)
    assert tally["cities, proved by auto"] == 1


@pytest.mark.slow
@pytest.mark.skipif(
    CITIES < 4, reason="SCIP needs minutes for a city: SUBSIDY_CITY_CASES=4 asks it"
)
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_quota_on_one_district_beside_coverage() -> None:
    """SCIP finds more merit than the dynamic programme says there is."""
    wrong, solved = [], 0
    for number in range(20):
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
    assert solved > 10
    assert wrong == []
