"""Applications that are asked for by their ids, as people type them."""

from __future__ import annotations

import pytest
from helpers.rounds import make_case

from optimizer.case.asked import asked_for
from optimizer.problems.errors import UsageError


def test_case_and_width_need_not_be_right_where_one_alone_can_be_meant() -> None:
    rows = [
        {"application_id": one, "merit": 80, "requested": 1_000}
        for one in ("A182", "A199", "b1", "B1")
    ]
    case = make_case(rows, pool={"amount": 1_000, "unit": 100}, priority=[{"kind": "merit"}])
    assert asked_for(case, ["a182", "Ａ１８２", "A182", "b1"]) == ["A182", "b1"]
    for unknown in ("A999", "Ｂ1"):
        with pytest.raises(UsageError) as caught:
            asked_for(case, [unknown])
        [problem] = caught.value.problems
        assert bool(problem.hint) is (unknown == "Ｂ1")
