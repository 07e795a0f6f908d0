"""What a result claims of itself: what cannot be so at once is found, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from helpers.results import small_allocation

from optimizer.solving.solution import Solution, Step
from optimizer.verify.claims import contradictions

RIGHT = small_allocation().solution


def said(**claims: Any) -> list[str]:
    return [problem.column for problem in contradictions(replace(RIGHT, **claims))]


def stepped(*away: int | None) -> tuple[Step, ...]:
    """Return the steps with each bound so far from what is reached; None for no bound."""
    bounds = [
        None if off is None else step.value + off
        for step, off in zip(RIGHT.steps, away, strict=True)
    ]
    return tuple(replace(s, bound=b, floor=b) for s, b in zip(RIGHT.steps, bounds, strict=True))


@pytest.mark.parametrize("away", list(product((-1, 0, 1, None), repeat=3)))
def test_a_bound_is_not_below_what_is_reached_and_nothing_is_drawn_before_all_is_proved(
    away: tuple[int | None, ...],
) -> None:
    below = [
        f"priorities[{s.goal}].bound" for s, off in zip(RIGHT.steps, away, strict=True) if off == -1
    ]
    open_ = any(off is None or off > 0 for off in away)
    assert said(steps=stepped(*away), drawn=False) == below
    assert said(steps=stepped(*away), drawn=True) == below + ["draw.settled"] * open_


def test_what_is_drawn_has_its_certainty() -> None:
    assert said() == []
    assert said(certainty=None, drawn=True) == ["draw.settled"]
    assert said(certainty=None, drawn=False) == []
    assert said(certainty=None, drawn=False, optima=1) == []


@pytest.mark.parametrize("optima", [-1, 0, 1, 2, 3, None])
@pytest.mark.parametrize("some", [0, 1, 2])
def test_one_optimum_leaves_nothing_to_the_draw_and_there_is_one_at_least(
    optima: int | None, some: int
) -> None:
    assert RIGHT.certainty is not None
    sure = ["every"] * (len(RIGHT.certainty) - some)
    wrong = optima is not None and (optima < 1 or (optima == 1 and some > 0))
    assert said(optima=optima, certainty=(*["some"] * some, *sure)) == ["optima"] * wrong


def test_a_solution_of_nothing_contradicts_nothing() -> None:
    nothing = Solution(RIGHT.decision, (), (), drawn=True, engine="dynamic", optima=1)
    assert [*contradictions(nothing)] == []
