"""The long versions of the cross-checks, with their figures: ``python tests/full.py PART...``.

Parts: ``answers`` (one answer, 582 ways), ``cpsat`` (CP-SAT on the example, minutes), ``engines``
(10,000 small cases), ``cross`` (500 of them by SCIP and CP-SAT too), ``medium`` (500), ``city`` (200 cities),
``numbers`` (300 adversarial cases of each size), ``diagnoses`` (300 cases without a solution),
``plain`` (2,000 random files, read twice), ``kills`` (200 of each way of writing).
``--count N`` sets another number of cases and ``--first N`` where to begin. Exit code 1 if anything
disagreed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

Figures = Counter[str]


def answers(first: int, count: int | None) -> Figures:
    """Run the example in every way."""
    from checks.one_answer import count_agreements, full, scip_agrees

    ways = list(full())[first:][:count]
    with tempfile.TemporaryDirectory() as place:
        found = count_agreements(ways, Path(place), first)
    found["answers, SCIP agrees on every award"] = int(scip_agrees())
    found["failed"] = found["answers"] - found["answers that agreed"]
    return found


def cpsat(first: int, count: int | None) -> Figures:
    """Solve the example by CP-SAT, the draw included."""
    from checks.one_answer import cpsat_agrees

    same = cpsat_agrees()
    return Counter({"CP-SAT agrees on every award": int(same), "failed": int(not same)})


def engines(first: int, count: int | None) -> Figures:
    """Solve small random cases by every engine and by looking at everything."""
    from checks.engines import engines_agree

    found: Figures = Counter()
    for number in range(first, first + (count or 10_000)):
        _try(found, lambda number=number: engines_agree(number, found), f"small case {number}")
    return found


def cross(first: int, count: int | None) -> Figures:
    """Solve small random cases by SCIP and CP-SAT as well."""
    from checks.engines import engines_agree
    from cross.cpsat import Solver

    found: Figures = Counter()
    with Solver() as cp:
        for number in range(200_000 + first, 200_000 + first + (count or 500)):
            _try(found, lambda n=number: engines_agree(n, found, cp), f"small case {number}")
    return found


def medium(first: int, count: int | None) -> Figures:
    """Solve medium cases by every engine and by SCIP."""
    from checks.engines import mediums_agree

    found: Figures = Counter()
    for number in range(first, first + (count or 500)):
        _try(found, lambda number=number: mediums_agree(number, found), f"medium case {number}")
    return found


def city(first: int, count: int | None) -> Figures:
    """Solve city-sized rounds by the rule and by the integer program alone."""
    from checks.engines import cities_agree

    found: Figures = Counter()
    for seed in range(first, first + (count or 200)):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "case"
            _try(found, lambda s=seed, f=folder: cities_agree(s, f, found), f"city {seed}")
    return found


def numbers(first: int, count: int | None) -> Figures:
    """Solve adversarial cases of every size of numbers."""
    from checks.adversaries import SIZES, adversaries, defects, little_memory

    found: Figures = Counter()
    for size in SIZES:
        tally: Figures = Counter()
        for number in range(first, first + (count or 300)):
            with little_memory():
                tally += adversaries(size, [number])
        found.update({f"{size} numbers, {what}": n for what, n in tally.items()})
        found["failed"] += sum(defects(tally).values())
    return found


def diagnoses(first: int, count: int | None) -> Figures:
    """Diagnose small cases without a solution; check every figure and change by looking at all."""
    from checks.diagnoses import check_diagnosis, infeasible

    found: Figures = Counter()
    for number, case in enumerate(infeasible(first + (count or 300))[first:], first):
        _try(found, lambda c=case: check_diagnosis(c, found), f"diagnosis {number}")
    return found


def plain(first: int, count: int | None) -> Figures:
    """Read random files twice, by columns and by the second, plain reading."""
    from checks.twice import papers_agree

    found: Figures = Counter()
    for seed in range(first, first + (count or 2_000)):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            _try(found, lambda s=seed, f=folder: papers_agree(s, f, found), f"paper {seed}")
    return found


def kills(first: int, count: int | None) -> Figures:
    """Kill runs at random moments of their writing, on every way of putting things in place."""
    from checks import killed

    found: Figures = Counter()
    for way in ("folder", "folder-renames", "file"):
        with tempfile.TemporaryDirectory() as place:
            seen = killed.main(Path(place), way, str(count or 200))
        found.update({f"{way}, {what}": number for what, number in seen.items()})
        torn = ("after the kill: torn", *(("after the kill: missing",) * (way != "folder-renames")))
        found["failed"] += sum(seen[what] for what in torn)
        found["failed"] += sum(
            n for what, n in seen.items() if "left over" in what and "[]" not in what
        )
    return found


def _try(found: Figures, check: Callable[[], None], name: str) -> None:
    try:
        check()
    except Exception as failure:
        found["failed"] += 1
        last = traceback.extract_tb(failure.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        found[f"{type(failure).__name__} at {place}"] += 1
        print(f"  {name}: {type(failure).__name__} at {place}", file=sys.stderr, flush=True)


PARTS = {
    part.__name__: part
    for part in (answers, cpsat, engines, cross, medium, city, numbers, diagnoses, plain, kills)
}


def main() -> int:
    """Run the parts that are asked for and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="+", choices=[*PARTS, "all"])
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int)
    options = parser.parse_args()
    failed = 0
    for name in PARTS if "all" in options.parts else options.parts:
        started = time.monotonic()
        figures = PARTS[name](options.first, options.count)
        print(f"{name}: {time.monotonic() - started:.0f} s")
        for what, number in sorted(figures.items()):
            print(f"  {what}: {number}", flush=True)
        failed += figures["failed"]
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
