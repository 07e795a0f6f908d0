"""A list that is the best under a promise is called so, wherever it is called the best."""

from __future__ import annotations

import pytest
from helpers.rounds import make_case

from optimizer import allocate
from optimizer.cli.terminal_result import standing
from optimizer.report.page import render_report
from optimizer.result.allocation import Allocation
from optimizer.result.headline import say_status

PROMISE = {"kind": "promise", "kept": {"A2": 1_000}}


def found(*clauses: dict[str, object]) -> Allocation:
    """One of two is paid: the better, unless the other was promised it."""
    applications = [
        {"application_id": i, "school_id": i, "merit": merit}
        for i, merit in (("A1", 90), ("A2", 80))
    ]
    return allocate(
        make_case(
            applications,
            pool={"amount": 1_000},
            clause=list(clauses),
            priority=[{"kind": "merit"}],
        )
    )


def test_what_is_best_under_a_promise_says_so() -> None:
    free, promised = found(), found(PROMISE)
    assert [free.decision.award.tolist(), promised.decision.award.tolist()] == [
        [1_000, 0],
        [0, 1_000],
    ]
    said, under = "保留前次公布之 1 件核定", "with 1 published award kept"
    for one, told in ((free, False), (promised, True)):
        places = [
            *(standing(one.solution, one.premise).zh, say_status(one.solution, one.premise).zh),
            *(render_report(one), one._repr_html_()),
        ]
        assert [said in place for place in places] == [told] * 4
        assert (under in render_report(one.in_language("en"))) is told


def test_who_a_promise_keeps_out_is_counted_as_open_where_it_takes_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = found(PROMISE)
    assert told.kept_out == {0} and told.summary["not_worked_out"] == 0
    monkeypatch.setattr("optimizer.facts.certified.EFFORT", 0)
    short = found(PROMISE)
    assert not short.kept_out and short.kept_out_open
    assert short.summary["not_worked_out"] == 1
    assert "保留" not in short.awards["reason"][0] != told.awards["reason"][0]
