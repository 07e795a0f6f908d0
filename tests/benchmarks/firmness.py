"""Draws of the reviewers' marks under a case's whole policy, and plain solves; one JSON line.

    python firmness.py CASE ours|rival [--draws N]

Ours scores, states, solves for every priority and the draw, and audits each draw. The rival is the
plain program for merit alone (`rivals.py`), stated in PuLP and solved by HiGHS again and again.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from clock import once
from rivals import read_plain, solve_pulp


def ours(path: Path, draws: int) -> dict[str, Any]:
    """Draw so many times, with whatever comes before and after the draws."""
    from optimizer import read_case, robustness

    case = read_case(path)
    return once(lambda: robustness(case, draws=draws, ways=["bootstrap"]))


def rival(path: Path, draws: int) -> dict[str, Any]:
    """Solve the plain program so many times."""
    plain = read_plain(path)
    solve_pulp(plain, "highs", 120)  # what is loaded first does not count
    return once(
        lambda: {"proved": all(solve_pulp(plain, "highs", 120).proved for _ in range(draws))}
    )


def main() -> None:
    """Measure once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=Path)
    parser.add_argument("who", choices=["ours", "rival"])
    parser.add_argument("--draws", type=int, default=1_000)
    given = parser.parse_args()
    found = (ours if given.who == "ours" else rival)(given.case, given.draws)
    print(json.dumps({f"draws_{name}": value for name, value in found.items()}))


if __name__ == "__main__":
    main()
