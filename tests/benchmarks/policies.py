"""One policy of policies.toml on one case, by ours or by the rival; prints one JSON line.

    python policies.py CASE POLICY ours|highs|rival [--limit S]

The rival is the *same* policy as a lexicographic plain program: one binary an application (and an
integer for its award where that is a choice), HiGHS with its presolve, each optimum held by a row. It
does less than ours: no certainty, no draw. Reading and scoring are left out for both.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path
from typing import Any

from clock import once

HERE = Path(__file__).parent
ROUND = tomllib.loads((HERE / "policies.toml").read_text("utf-8"))
POLICIES = {policy["name"]: policy for policy in ROUND["policy"]}


def document(own: dict[str, Any], name: str, applications: int) -> dict[str, Any]:
    """Return a case's own policy, changed to the one of that name."""
    change = POLICIES[name]
    gone = change.get("without", ())
    kept = [p for p in own["priority"] if p.get("name", p["kind"]) not in gone]
    last = [p for p in kept if p["kind"] == "amount"]
    middle = [p for p in kept if p["kind"] != "amount"]
    first = _rules(change.get("first", ()), applications)
    priorities = [*first, *middle, *_rules(change.get("before_last", ()), applications), *last]
    give_up = change.get("give_up", {})
    priorities = [
        {**p, "give_up": give_up[p.get("name", p["kind"])]}
        if p.get("name", p["kind"]) in give_up
        else p
        for p in priorities
    ]
    added = _rules(change.get("clauses", ()), applications)
    clauses = [c for c in own["clause"] if c["kind"] != "quota" or not added]
    award = change.get("award", own["award"])
    return {**own, "award": award, "clause": [*clauses, *added], "priority": priorities}


def _rules(given: Any, applications: int) -> list[dict[str, Any]]:
    """Return rules, looked up by the name of their list; counts are for each hundred applications."""
    rules = [dict(rule) for rule in (ROUND["rules"][given] if isinstance(given, str) else given)]
    for rule in rules:
        if "per_hundred" in rule:
            rule["at_least"] = rule.pop("per_hundred") * applications // 100
    return rules


def program_of(path: Path, name: str) -> Any:
    """Read a case and state it under a policy."""
    from optimizer.case.case import read_case
    from optimizer.policy.policy import make_policy
    from optimizer.scoring.build import build_program
    from optimizer.scoring.score import score
    from optimizer.scoring.screening import screen

    case = read_case(path)
    size = len(case.records.applications)
    policy = make_policy(document(dict(case.policy.document), name, size))
    scored = score(screen(case.records, policy))
    return lambda: build_program(scored)


def ours(state: Any, limit: float, solver: str = "auto") -> dict[str, Any]:
    """State and solve: every priority, certainty, the draw."""
    from optimizer.solving.options import Options
    from optimizer.solving.solve import solve

    program = state()
    found = solve(program, Options(solver, limit))
    steps = [step.bound for step in found.steps if step.proved]
    return {
        "proved": found.optimal,
        "engine": found.engine,
        "solves": found.solves,
        "optima": steps,
        "of": len(found.steps),
    }


def measure(path: Path, name: str, who: str, limit: float) -> dict[str, Any]:
    """Measure one of both once, imports and reading left out."""
    import highspy  # noqa: F401 - both use it; importing it is not what is measured
    from lexicographic_rival import solve

    state = program_of(path, name)
    if who == "rival":
        return once(lambda: solve(state(), limit))
    return once(lambda: ours(state, limit, "auto" if who == "ours" else who))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=Path)
    parser.add_argument("policy", choices=list(POLICIES))
    parser.add_argument("who", choices=["ours", "highs", "rival"])
    parser.add_argument("--limit", type=float, default=60.0)
    given = parser.parse_args()
    print(json.dumps(measure(given.case, given.policy, given.who, given.limit)))


if __name__ == "__main__":
    main()
