"""A limit that is all but nothing: a list all the same, and no more time than the promise has.

The promise: the limit and two seconds, besides reading and writing. What is measured is the time of
the processor, as other processes are none of the program's doing.
"""

from __future__ import annotations

import time
from typing import Any

import pytest

from optimizer import allocate, generate, make_policy, read_case
from optimizer.case.case import Case
from optimizer.problems.arguments import SOLVERS

BEYOND = 2.0
PARTIAL = {"mode": "partial", "least_share": "80%"}
EVENNESS = {"kind": "evenness"}
POLICIES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "partial awards": {"award": PARTIAL},
    "ranked": {"priority": [{"kind": "merit", "form": "ranked"}]},
    "evenness": {"award": PARTIAL, "priority": [EVENNESS, {"kind": "merit"}]},
}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return a round of 3,000 applications."""
    folder = tmp_path_factory.mktemp("large") / "case"
    generate(folder, applications=3_000, schools=2_000)
    return read_case(folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("solver", [name for name in SOLVERS if name != "dynamic"])
def test_the_limit_holds_and_a_list_is_found(large: Case, solver: Any, name: str) -> None:
    case = large.under(make_policy({**large.policy.document, **POLICIES[name]}))
    began = time.process_time()
    found = allocate(case, solver=solver, time_limit=0.01)
    assert time.process_time() - began < 0.01 + BEYOND
    assert found.status == "feasible" and found.decision.fund.any()
