"""Whether the plain program finds the same optimum as ours, where both are asked the same.

    python agree.py CASE [--limit S]

The policy is cut down to what the plain program knows: pool, minimum merit, school cap; coverage,
then merit. Prints one JSON line with both sums of merit, in sixths of a point.
"""

from __future__ import annotations

import argparse
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from rivals import MERIT_UNIT, read_plain, solve_pulp

from optimizer.case.case import read_case
from optimizer.policy.policy import make_policy
from optimizer.scoring.build import build_program
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.solving.solve import solve


def our_merit(path: Path) -> tuple[bool, int]:
    """Solve for coverage and merit alone; return whether it is proved, and merit in sixths."""
    base = read_case(path)
    document = dict(base.policy.document)
    document["clause"] = [c for c in document["clause"] if c["kind"] == "school_cap"]
    document["priority"] = [{"kind": "coverage"}, {"kind": "merit", "band": 0}]
    case = base.under(make_policy(document))
    scored = score(screen(case.records, case.policy))
    solution = solve(build_program(scored))
    merit = dict(zip(case.records.applications["application_id"], scored.scores.merit, strict=True))
    funded = [i for i, f in zip(scored.round.ids, solution.decision.fund, strict=True) if f]
    total = Fraction(sum(int(merit[i]) for i in funded), scored.scores.denominator) * MERIT_UNIT
    assert total.denominator == 1
    return solution.optimal, int(total)


def compare(path: Path, limit: float = 120.0) -> dict[str, Any]:
    """Solve both ways."""
    proved, ours = our_merit(path)
    plain = solve_pulp(read_plain(path), "highs", limit)
    return {
        "proved": proved and plain.proved,
        "ours": ours,
        "plain": plain.merit,
        "same": ours == plain.merit,
    }


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=Path)
    parser.add_argument("--limit", type=float, default=120.0)
    given = parser.parse_args()
    print(json.dumps(compare(given.case, given.limit)))


if __name__ == "__main__":
    main()
