"""A sweep of a case with its table and figure, or how much memory many scenarios take; one JSON line.

    python sweeping.py CASE [--pools 20] [--jobs N]
    python sweeping.py CASE --quotas 60 [--jobs N]
    python sweeping.py CASE --scenarios 100000

Five orders of the priorities and two caps for each pool; or so many pools under the three share quotas
of policies.toml, where each scenario takes long. For the memory each scenario's row is made up
of one that was worked out: what is measured is what holds the rows, and writes them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from itertools import cycle
from pathlib import Path
from typing import Any

from policies import document

from optimizer import read_case, sweep, write_sweep
from optimizer.case.case import Case
from optimizer.policy.policy import make_policy


def grid(case: Case, pools: int) -> dict[str, Any]:
    """Return pools around the one that there is, orders and caps."""
    names = [priority.label for priority in case.policy.priorities]
    amount = case.policy.settings.pool.amount
    return {
        "pool.amount": [amount // 2 // 1_000 * 1_000 + 20_000 * n for n in range(pools)],
        "order": [[names[n], *names[:n], *names[n + 1 :]] for n in range(min(5, len(names)))],
        "clause.school_cap.amount": [4_000, 5_000],
    }


def under_quotas(case: Case, pools: int) -> tuple[Case, dict[str, Any]]:
    """Return the case under three share quotas, and pools around the one that there is."""
    own, size = dict(case.policy.document), len(case.records.applications)
    policy = make_policy(document(own, "three share quotas", size))
    amount = policy.settings.pool.amount // 2 // 1_000 * 1_000
    return case.under(policy), {"pool.amount": [amount + 10_000 * n for n in range(pools)]}


def simulated(scenarios: int) -> dict[str, Any]:
    """Let rows be made up from here on, and return so many pools."""
    module = sys.modules[sweep.__module__]
    work, known = module.answer_of, cycle(range(50))  # type: ignore[attr-defined]
    rows: dict[int, Any] = {}

    def made_up(case: Case, options: Any, point: Any) -> Any:
        number = next(known)
        if number not in rows:
            rows[number] = work(case, options, {"pool.amount": 400_000 + 1_000 * number})
        return {**rows[number], "pool": point["pool.amount"]}

    module.answer_of = made_up  # type: ignore[attr-defined]
    return {"pool.amount": range(1_000_000, 1_000_000 + scenarios)}


def main() -> None:
    """Sweep once, and write what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=Path)
    parser.add_argument("--pools", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--quotas", type=int)
    parser.add_argument("--scenarios", type=int)
    given = parser.parse_args()
    case = read_case(given.case)
    if given.quotas:
        case, axes = under_quotas(case, given.quotas)
    else:
        axes = simulated(given.scenarios) if given.scenarios else grid(case, given.pools)
    found = sweep(case, axes, jobs=given.jobs)
    with tempfile.TemporaryDirectory() as folder:
        write_sweep(found, Path(folder) / "out")
    print(json.dumps({"scenarios": len(found.frame), "proved": found.proved}))


if __name__ == "__main__":
    main()
