"""Adversarial cases of every size of numbers, and how one engine ends on a case."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from checks.engines import joined
from checks.truth import Truth, truth_of
from helpers.rounds import DISTRICTS, TYPES, make_case, scored_of

from optimizer.case.case import Case
from optimizer.problems.errors import InfeasibleError, SubsidyError
from optimizer.scoring.build import build_program
from optimizer.solving.options import Options
from optimizer.solving.solution import Solution
from optimizer.solving.solve import solve

resource = pytest.importorskip("resource")


ENGINES = ("auto", "joined", "highs", "cbc")
STATM = Path("/proc/self/statm")
ROOM = 2 * 2**30  # bytes that a small case may take beyond what is in use
MERIT = {"kind": "merit"}
BAND = {"kind": "merit", "band": 1, "name": "band"}


@contextmanager
def little_memory() -> Iterator[None]:
    """Let a table of billions of states fail at once, rather than take the machine with it."""
    if not STATM.exists():
        pytest.skip("memory can be limited on Linux only")
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(STATM.read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def outcome(case: Case, engine: str) -> str:
    """Solve by one engine; return ``proved``, ``honest`` (not proved) or ``refused``."""
    try:
        scored = scored_of(case)
        program = build_program(scored)
    except SubsidyError as refusal:
        return refused(refusal)
    truth = truth_of(scored)
    try:
        solution = joined(program) if engine == "joined" else solve(program, Options(engine))
    except InfeasibleError:
        assert truth is None, f"{engine} says that there is no solution; {truth} is one"
        return "proved"
    except SubsidyError as refusal:
        return refused(refusal)
    assert truth is not None, f"{engine} found {solution.decision}; there is no solution"
    honest(solution, truth)
    return "proved" if solution.optimal else "honest"


def refused(refusal: SubsidyError) -> str:
    assert len(refusal.say("en")) > 30
    assert len(refusal.say("zh-TW")) > 10
    return "refused"


def honest(solution: Solution, truth: Truth) -> None:
    """What is said to be proved must be so, and a bound must be one."""
    for step, optimum in zip(solution.steps, truth.optima, strict=True):
        if step.bound is not None:
            assert step.bound == optimum if step.proved else step.bound >= optimum, step
        if not step.proved:
            break
    if solution.optimal:
        assert tuple(int(x) for x in solution.decision.award) == truth.award
        assert solution.certainty == truth.certainty


def eight(rng: random.Random) -> list[dict[str, Any]]:
    """Make up to eight priorities in the plan's order, or shuffled."""
    weights = {"remote": 10**6 - 1, "extreme_remote": 10**6}
    quota = {"kind": "quota", "column": "type", "value": "subject", "measure": "amount"}
    priorities: list[dict[str, Any]] = [
        {"kind": "coverage"},
        BAND,
        {"kind": "disadvantage", "weights": weights},
        MERIT,
        {"kind": "sharing"},
        {"kind": "balance"},
        {**quota, "at_least": "33.33%"},
        {"kind": "amount"},
    ]
    if rng.random() < 0.4:
        rng.shuffle(priorities)
    return [p for p in priorities if rng.random() < 0.85]


@dataclass(frozen=True)
class Size:
    """How hard adversarial cases are on numbers.

    Parameters
    ----------
    decimals
        Of merit.
    scales
        NT$ of a typical request.
    share
        A share with many digits, for quotas.
    measures
        What quotas bound.
    """

    decimals: tuple[int, ...]
    scales: tuple[int, ...]
    share: str
    measures: tuple[str, ...]


SIZES = {
    "plain": Size((3,), (1_000,), "12.5%", ("count",)),
    "ordinary": Size((3, 6), (1_000, 10_000), "12.5%", ("count", "amount")),
    "wild": Size((3, 6, 7, 9, 12, 15), (10**3, 10**6, 10**9), "12.345678%", ("count", "amount")),
}


def adversarial(rng: random.Random, size: Size) -> Case:
    """Make a case of near-ties: in merit, in money, at the pool, at the cap."""
    decimals, scale = rng.choice(size.decimals), rng.choice(size.scales)
    unit = rng.choice((1, max(1, scale // 1_000), scale // 10))
    near, base, count = rng.random() < 0.5, rng.randint(70, 99), rng.randint(3, 8)

    def merit() -> Fraction:
        if near:
            return base + Fraction(rng.randrange(4), 10**decimals)
        return Fraction(rng.randrange(70 * 10**decimals, 100 * 10**decimals), 10**decimals)

    schools = [
        {
            "school_id": f"S{i}",
            "district": rng.choice(DISTRICTS),
            "level": rng.choice(("elementary", "junior_high")),
            "disadvantage": rng.choice(("", "remote", "extreme_remote")),
        }
        for i in range(4)
    ]
    applications = [
        {
            "application_id": f"A{i}",
            "school_id": rng.choice(schools)["school_id"],
            "requested": max(1, (scale + rng.randrange(5 if near else scale)) // unit) * unit,
            "merit": merit(),
            "type": rng.choice(TYPES),
            "partners": ("S9",) if rng.random() < 0.2 else (),
        }
        for i in range(count)
    ]
    clauses: list[dict[str, Any]] = []
    if rng.random() < 0.5:
        clauses.append({"kind": "school_cap", "amount": 2 * scale + rng.randrange(3)})
    if rng.random() < 0.4:
        bound, measure = rng.choice(("33.33%", "50%", size.share)), rng.choice(size.measures)
        quota = {"kind": "quota", "column": "level", "value": "junior_high", "measure": measure}
        clauses.append({**quota, rng.choice(("at_least", "at_most")): bound})
    half = sum(a["requested"] for a in applications[: count // 2 + 1])
    pool = {"amount": rng.choice((3 * scale + rng.randrange(12), half, half - 1)), "unit": unit}
    return make_case(applications, schools, pool=pool, priority=eight(rng), clause=clauses)


def adversaries(
    size: str, numbers: Iterable[int], engines: Sequence[str] = ENGINES
) -> Counter[str]:
    """Solve some adversarial cases by some engines and count the outcomes."""
    found: Counter[str] = Counter()
    for number in numbers:
        for engine in engines:
            try:
                said = outcome(adversarial(random.Random(number), SIZES[size]), engine)
            except AssertionError:
                said = "WRONG"
            except Exception as crash:
                said = f"CRASH {type(crash).__name__}"
            found[f"{engine} {said}"] += 1
    return found


def defects(found: Counter[str]) -> dict[str, int]:
    return {what: n for what, n in found.items() if "CRASH" in what or "WRONG" in what}
