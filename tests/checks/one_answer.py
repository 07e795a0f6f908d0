"""The example in many ways: rows and columns in any order, every solver, form and encoding."""

from __future__ import annotations

import csv
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from checks.engines import joined
from cross import cpsat, scip
from cross.run import awards as awards_apart
from helpers.files import Rows, write, write_ods, write_xlsx
from helpers.places import ROOT
from helpers.rounds import scored_of

from optimizer import allocate, read_case
from optimizer.case.case import Case
from optimizer.report.csv_tables import to_csv
from optimizer.result.certify import certify
from optimizer.scoring.build import build_program

TABLES = ("schools", "applications", "reviews", "budget_lines", "meetings")
EXAMPLE = ROOT / "data" / "taichung-103"


@dataclass(frozen=True)
class Way:
    """One way to run the example.

    Parameters
    ----------
    form
        An encoding of CSV, ``xlsx`` or ``ods``.
    solver
        ``auto``, ``dynamic``, ``highs``, ``cbc``; or ``joined``: both engines, one after the other.
    apart
        Whether in a process of its own, with the number as its hash seed.
    threads
        For the solver; other than 1 only in a process of its own.
    tied
        Whether under a policy that leaves ties to the draw; the example's own leaves none.
    """

    form: str = "utf-8"
    solver: str = "auto"
    apart: bool = False
    threads: int = 1
    tied: bool = False


TIED = """
[[priority]]
kind = "coverage"
[[priority]]
kind = "merit"
band = 20
[[priority]]
kind = "disadvantage"
weights = { remote = 1, special_remote = 2, extreme_remote = 3 }
"""


def policy_text(tied: bool) -> str:
    """Return the example's policy, or the same with priorities that leave ties to the draw."""
    text = (EXAMPLE / "policy.toml").read_text(encoding="utf-8")
    text = "".join(line for line in text.splitlines(True) if not line.startswith("boundaries"))
    return text[: text.index("[[priority]]")] + TIED if tied else text


def read_rows(folder: Path) -> dict[str, Rows]:
    """Return the example's tables as rows of text."""
    found = {}
    for name in TABLES:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found[name] = list(csv.reader(file))
    return found


def shuffled(rows: Rows, rng: random.Random) -> Rows:
    """Put the rows and the columns of a table into another order."""
    columns = rng.sample(range(len(rows[0])), len(rows[0]))
    body = rng.sample(rows[1:], len(rows) - 1)
    return [[row[column] for column in columns] for row in (rows[0], *body)]


def write_case(target: Path, way: Way, rng: random.Random) -> Path:
    """Write the example in another order, in the form of one way."""
    tables = {name: shuffled(rows, rng) for name, rows in read_rows(EXAMPLE).items()}
    target.mkdir()
    (target / "policy.toml").write_text(policy_text(way.tied), encoding="utf-8")
    if way.form in ("xlsx", "ods"):
        {"xlsx": write_xlsx, "ods": write_ods}[way.form](target / f"case.{way.form}", tables)
    else:
        write(target, tables, way.form)
    return target


def answer(way: Way, number: int, target: Path) -> bytes:
    """Return awards.csv of the example, run in one way."""
    folder = write_case(target, way, random.Random(number))
    if way.apart:
        return awards_apart(folder, way.solver, way.threads, number)
    case = read_case(folder)
    if way.solver == "joined":
        return to_csv(certified_jointly(case))
    allocation = allocate(case, way.solver)
    assert allocation.status == "optimal"
    return to_csv(allocation.awards)


def certified_jointly(case: Case):  # type: ignore[no-untyped-def]
    scored = scored_of(case)
    program = build_program(scored)
    solution = joined(program)
    assert solution.engine in ("dynamic+bundles", "dynamic")  # the latter where all is additive
    return certify(case, scored, program, solution).awards


def full() -> Iterator[Way]:
    """Yield the ways of the full run."""
    shares = (
        (230, Way()),
        (60, Way("utf-8-sig")),
        (60, Way("cp950")),
        (20, Way("utf-16")),
        (25, Way("xlsx")),
        (25, Way("ods")),
        (40, Way(solver="dynamic")),
        (20, Way(solver="joined")),
        (25, Way(solver="highs")),
        (25, Way(solver="cbc")),
        (30, Way(apart=True)),
        (10, Way(apart=True, threads=2)),
        (6, Way(solver="highs", apart=True, threads=2)),
        (6, Way(solver="cbc", apart=True, threads=2)),
    )
    for times, way in shares:
        for number in range(times):
            yield replace(way, tied=number % 2 == 1)


def the_answer(tied: bool, folder: Path) -> bytes:
    """Return awards.csv of the example as it stands, under one of the two policies."""
    folder.mkdir(parents=True)
    policy = folder / "policy.toml"
    policy.write_text(policy_text(tied), encoding="utf-8")
    return to_csv(allocate(read_case(EXAMPLE, policy)).awards)


def count_agreements(ways: list[Way], target: Path, first: int = 0) -> Counter[str]:
    """Run the example in many ways; count, for each kind of way, how many gave the same bytes."""
    expected = {tied: the_answer(tied, target / f"tied {tied}") for tied in (False, True)}
    found: Counter[str] = Counter()
    for number, way in enumerate(ways, start=first):
        folder = target / f"case{number}"
        same = answer(way, number, folder) == expected[way.tied]
        shutil.rmtree(folder)
        found["answers"] += 1
        found["answers that agreed"] += same
        found[f"answers, {way.form}, {way.solver}, {way.threads} thread(s): {same}"] += 1
    return found


def scip_agrees(draw: bool = True) -> bool:
    """Return whether SCIP finds the same awards and optima; without the draw, as it leaves none, too."""
    program = build_program(scored_of(read_case(EXAMPLE)))
    alone = program if draw else replace(program, draw=program.draw[:0])
    return decided(scip.solve(alone)) == mine(program)


def cpsat_agrees() -> bool:
    """Return whether CP-SAT does; it takes minutes."""
    program = build_program(scored_of(read_case(EXAMPLE)))
    with cpsat.Solver(seconds=600) as solver:
        return decided(solver.solve(program)) == mine(program)


def decided(result):  # type: ignore[no-untyped-def]
    return result.optima, result.award


def mine(program):  # type: ignore[no-untyped-def]
    from optimizer.solving.solve import solve

    solution = solve(program)
    bounds = tuple(step.bound for step in solution.steps)
    return bounds, tuple(int(x) for x in solution.decision.award)
