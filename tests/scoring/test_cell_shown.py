"""A remark on an amount shows what stands in the cell, not what was worked out from it."""

from __future__ import annotations

import pytest
from helpers.rounds import make_case

from optimizer.scoring.remarks import screening_problems
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen

CUT = {"kind": "school_cap", "amount": 2_300, "cut": True}


@pytest.mark.parametrize("clauses", [[], [CUT]])
@pytest.mark.parametrize("requested", [300, 2_400])
def test_the_value_shown_is_the_cells_own(requested: int, clauses: list[dict[str, object]]) -> None:
    case = make_case(
        [{"application_id": "A1", "requested": requested}],
        pool={"amount": 9_000, "unit": 500},
        clause=[*clauses, {"kind": "minimum_award", "amount": 3_000}],
    )
    found = screening_problems(score(screen(case.records, case.policy)))
    shown = [problem.value for problem in found if problem.column == "requested"]
    assert shown and set(shown) == {str(requested)}
