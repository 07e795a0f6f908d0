"""The next answer after the pool, the cap or a weight was changed, in one process; one JSON line.

    python after_change.py CASE POLICY [--runs N] [--limit S]

Ours is `Session.allocate`, certificate included, against the same by `allocate`, which keeps nothing,
and against the rival of policies.py, which solves the changed policy anew (stating it is left out).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clock import turns
from lexicographic_rival import solve
from policies import POLICIES, document

from optimizer import Allocation, Policy, Session, allocate, make_policy, read_case
from optimizer.scoring.build import build_program
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen

WEIGHTS = "priority.disadvantage.weights"


def changed(policy: Policy, number: int) -> Policy:
    """Return the policy with another pool, cap or weight, a new one each time."""
    pool = policy.settings.pool
    caps = [rule.amount for rule in policy.clauses if rule.kind == "school_cap"]
    (weights,) = (p.weights for p in policy.priorities if p.kind == "disadvantage")
    step = 1 + number // 3
    changes: tuple[dict[str, Any], ...] = (
        {"pool": pool.amount - step * 10 * pool.unit},
        {"school_cap": caps[0] + step * pool.unit},
        {WEIGHTS: {name: weight + step for name, weight in weights.items()}},
    )
    return policy.with_(**changes[number % 3])


def measure(path: Path, name: str, runs: int, limit: float) -> dict[str, list[dict[str, Any]]]:
    """Measure each after the same changes, turn by turn, after a round that does not count."""
    case = read_case(path)
    size = len(case.records.applications)
    case = case.under(make_policy(document(dict(case.policy.document), name, size)))
    policies = [changed(case.policy, number) for number in range(runs + 1)]
    session = Session(case)
    session.allocate(time_limit=limit)
    programs = [build_program(score(screen(case.under(p).records, p))) for p in policies]
    jobs: dict[str, Callable[[int], Any]] = {
        "ours": lambda n: _proved(session.allocate(policies[n], time_limit=limit)),
        "cold": lambda n: _proved(allocate(case.under(policies[n]), time_limit=limit)),
        "rival": lambda n: solve(programs[n], limit),
    }
    left = {who: iter(range(runs + 1)) for who in jobs}
    return turns({who: lambda w=who, j=job: j(next(left[w])) for who, job in jobs.items()}, runs)


def _proved(found: Allocation) -> dict[str, Any]:
    return {"proved": found.status == "optimal"}


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=Path)
    parser.add_argument("policy", choices=list(POLICIES))
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--limit", type=float, default=60.0)
    given = parser.parse_args()
    print(json.dumps(measure(given.case, given.policy, given.runs, given.limit)))


if __name__ == "__main__":
    main()
