"""Frontiers of two and three priorities, held against enumeration of every list."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from helpers.results import small_case
from helpers.rounds import CATEGORIES, every_decision, make_case, random_case, scored_of
from helpers.slow import first_quick, numbers

from optimizer import Frontier, frontier
from optimizer.case.case import Case
from optimizer.facts.audit import audit, values
from optimizer.problems.errors import InfeasibleError, UsageError
from optimizer.program.draw import draw_order
from optimizer.program.rows import Decision

Values = tuple[int, ...]


def enumerated(case: Case, chosen: tuple[str, ...]) -> dict[Values, Decision]:
    """Return every non-dominated point with its one list, from all lists that obey the rules."""
    round_, policy = scored_of(case).round, case.policy
    order = draw_order(policy.settings.draw.seed, round_.ids)
    best: dict[Values, tuple[Any, Decision]] = {}
    for decision in every_decision(round_):
        if audit(round_, policy, decision):
            continue
        worth = values(round_, policy, decision)
        point = tuple(worth[name] for name in chosen)
        rest = [value for name, value in worth.items() if name not in chosen]
        rank = (rest, [int(decision.award[a]) for a in order])
        if point not in best or rank > best[point][0]:
            best[point] = (rank, decision)
    return {p: d for p, (_, d) in best.items() if not any(_dominates(q, p) for q in best)}


def _dominates(one: Values, other: Values) -> bool:
    return one != other and all(a >= b for a, b in zip(one, other, strict=True))


def integers(found: Frontier) -> dict[Values, Decision]:
    """Return the points by the objectives' own integers."""
    round_, policy = found.base.scored.round, found.base.case.policy
    worth = [values(round_, policy, point.decision) for point in found.points]
    return {
        tuple(one[name] for name in found.names): point.decision
        for one, point in zip(worth, found.points, strict=True)
    }


@pytest.mark.parametrize("number", first_quick(numbers(100, 30), 5))
def test_every_point_and_no_other_is_found(number: int) -> None:
    rng = random.Random(f"frontier {number}")
    case = _case(rng)
    labels = [p.label for p in case.policy.priorities]
    chosen = tuple(rng.choice(list(combinations(labels, rng.choice((2, 2, 3))))))
    try:
        found = frontier(case, chosen, points=10_000)
    except InfeasibleError:
        assert not enumerated(case, chosen)
        return
    assert found.complete and not found.stopped
    assert integers(found) == enumerated(case, chosen)
    few = frontier(case, chosen, points=2)
    assert integers(few).items() <= integers(found).items()
    assert not few.complete or len(few.points) == len(found.points)


def _case(rng: random.Random) -> Case:
    """Draw a case with three priorities or more; what one may give up has no part in a frontier."""
    while True:
        case = random_case(rng, 5, rng.choice((None, None, "partial", "graded")))
        if len(case.policy.priorities) > 2:
            return case


@pytest.mark.parametrize("number", first_quick(numbers(40, 4), 1))
@pytest.mark.parametrize(
    "chosen", first_quick([("merit", "members"), ("merit", "members", "disadvantage")])
)
def test_frontiers_of_many_points_are_found_whole(
    number: int, chosen: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From point to point, without any that were looked for between the ends first."""
    monkeypatch.setattr("optimizer.scenarios.frontier_search._COARSE", 1)
    rng = random.Random(f"opposed {number}")
    drawn = (_opposed(rng) for _ in range(50))
    case, wanted = next((c, w) for c in drawn if len(w := enumerated(c, chosen)) > 3)
    found = frontier(case, chosen, points=10_000)
    assert found.complete and integers(found) == wanted
    some = frontier(case, chosen, points=3)
    assert not some.complete and integers(some).items() <= wanted.items()
    assert len(some.points) >= 3


def _opposed(rng: random.Random) -> Case:
    """Draw a round in which merit, members and disadvantage want different applications."""
    count = 7
    schools = [{"school_id": f"S{n}", "disadvantage": rng.choice(CATEGORIES)} for n in range(count)]
    applications = [
        {
            "application_id": f"A{n}",
            "school_id": f"S{n}",
            "merit": 70 + 3 * n + rng.randrange(3),
            "members": 40 - 3 * n - rng.randrange(3),
            "requested": rng.choice((800, 1_000, 1_200)),
        }
        for n in range(count)
    ]
    priorities = [
        {"kind": "merit", "per": "application"},
        {"kind": "quota", "name": "members", "measure": "members", "at_least": 400},
        {"kind": "disadvantage", "weights": {"remote": 1, "extreme_remote": 3}},
    ]
    return make_case(
        applications,
        schools,
        pool={"amount": 3_200, "unit": 100},
        priority=priorities,
        draw={"seed": str(rng.random())},
    )


def test_the_tables_say_each_point_exactly_and_who_differs() -> None:
    found = frontier(small_case(), ["coverage", "priority.merit"], language="en")
    table, base = found.frame, found.base
    assert sorted(table["point"]) == list(range(len(table)))
    for row, point in zip(table.to_dict("records"), found.points, strict=False):
        assert Fraction(row["priority_exact.merit"]) == point.values["merit"]
        assert row["funded"] == point.decision.fund.sum() and row["spent"] == point.spent
    assert list(table["point"][table["is_policy"]]) == [0]
    assert list(table.columns[3:5]) == ["priority.coverage", "priority_exact.coverage"]
    lists = found.lists.set_index("application_id")
    ids = base.scored.round.ids
    assert [name for name in lists if name.startswith("award")] == [
        f"award: {n}" for n in range(len(table))
    ]
    decisions = [p.decision for p in found.points]
    for n, decision in [(0, base.decision), *zip(table["point"], decisions, strict=False)]:
        got = dict(zip(ids, decision.award.tolist(), strict=True))
        assert {a: got[a] for a in lists.index} == lists[f"award: {n}"].to_dict()
    assert "coverage and merit" in repr(found) and "<table" in found._repr_html_()


@pytest.mark.parametrize("priorities", [["merit", "balance"], ["merit", "coverage"]])
def test_no_list_stands_twice_and_that_of_the_policy_is_point_0(priorities: list[str]) -> None:
    found = frontier(small_case(), priorities)
    dominated = all(point.decision != found.base.decision for point in found.points)
    assert len(found.frame) == len(found.points) + dominated
    assert list(found.frame["point"]).count(0) == 1


@pytest.mark.parametrize(
    ("priorities", "said"),
    [
        (["merit"], "two or three"),
        (["merit", "merit"], "two or three"),
        (["merit", "coverge"], "did you mean coverage"),
        (["merit", "draw", "x"], "a priority of the policy"),
    ],
)
def test_what_cannot_be_asked_is_said(priorities: list[str], said: str) -> None:
    with pytest.raises(UsageError) as error:
        frontier(small_case(), priorities)
    assert said.lower() in error.value.say("en").lower()


def test_nothing_is_proved_where_the_limit_comes_first() -> None:
    found = frontier(small_case(), ["merit", "coverage"], time_limit=0)
    assert found.stopped and not found.complete and not found.points
