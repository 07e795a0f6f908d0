"""The audit of awards themselves: between least and most if funded, nothing if not, whole units."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.rounds import make_case, scored_of

from optimizer.facts.audit import audit
from optimizer.program.rows import Decision


@pytest.mark.parametrize(
    ("fund", "award", "wrong"),
    [
        (True, 1_000, False),
        (True, 900, False),
        (True, 950, True),  # not whole units
        (True, 400, True),  # whole units, below the least
        (True, 1_100, True),  # whole units, above the most
        (True, 0, True),
        (False, 0, False),
        (False, 100, True),  # nothing for who is not funded
        (False, 1, True),
        (False, -100, True),
    ],
)
def test_an_award_out_of_bounds_is_a_violation(fund: bool, award: int, wrong: bool) -> None:
    case = make_case(
        [{"application_id": "A1", "merit": 80, "requested": 1_000}],
        pool={"amount": 9_000, "unit": 100},
        award={"mode": "partial", "least_share": "50%"},
    )
    scored = scored_of(case)
    decision = Decision(np.array([fund]), np.array([award], dtype=np.int64))
    found = [v for v in audit(scored.round, case.policy, decision) if v.clause == "award"]
    assert bool(found) == wrong
    if wrong:
        (violation,) = found
        assert "A1" in violation.message.en and f"NT${award:,}" in violation.message.en
        assert "A1" in violation.message.zh
