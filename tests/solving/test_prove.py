"""What a claim is held against: another proof of the same program, priority by priority."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from helpers.results import small_allocation

from optimizer.program.rows import Decision
from optimizer.scoring.build import build_program
from optimizer.solving.prove import Claim, differences

ALLOCATION = small_allocation()
PROGRAM = build_program(ALLOCATION.scored)
AGAIN = ALLOCATION.solution
BOUNDS = {step.goal: step.bound for step in AGAIN.steps}
RIGHT = Claim(ALLOCATION.decision, BOUNDS, AGAIN.certainty, drawn=True)
GOALS = [step.goal for step in AGAIN.steps]


def said(claim: Claim, again: Any = AGAIN) -> list[tuple[str, str]]:
    return [
        (problem.code, problem.application_id) for problem in differences(PROGRAM, claim, again)
    ]


def awarded(*amounts: int) -> Decision:
    return Decision.of(np.array(amounts, dtype=np.int64))


def test_a_right_claim_agrees() -> None:
    assert said(RIGHT) == []


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("off", [-1, 1, None])
def test_a_bound_that_is_not_the_optimum_is_found(goal: str, off: int | None) -> None:
    bound = BOUNDS[goal]
    assert bound is not None
    wrong = {**BOUNDS, goal: None if off is None else bound + off}
    assert said(replace(RIGHT, bounds=wrong)) == [(goal, "")]


def test_of_a_worse_list_the_first_priority_that_could_be_more_is_named_alone() -> None:
    nobody = awarded(*[0] * PROGRAM.size)
    assert said(replace(RIGHT, decision=nobody)) == [(GOALS[0], "")]


@pytest.mark.parametrize("proved", range(len(GOALS)))
def test_what_was_not_proved_again_is_held_against_nothing(proved: int) -> None:
    steps = tuple(
        replace(s, floor=s.floor if n < proved else None) for n, s in enumerate(AGAIN.steps)
    )
    again = replace(AGAIN, steps=steps, drawn=False, certainty=None)
    nobody = awarded(*[0] * PROGRAM.size)
    assert said(replace(RIGHT, decision=nobody), again) == ([(GOALS[0], "")] if proved else [])
    wrong = replace(RIGHT, bounds=dict.fromkeys(GOALS))
    assert said(wrong, again) == [(goal, "") for goal in GOALS[:proved]]


def test_another_class_of_certainty_and_another_lot_are_found_by_application() -> None:
    assert AGAIN.certainty is not None
    ids = PROGRAM.ids
    for a, own in enumerate(AGAIN.certainty):
        for other in {"every", "some", "none"} - {own}:
            classes = [*AGAIN.certainty[:a], other, *AGAIN.certainty[a + 1 :]]
            assert [one for _, one in said(replace(RIGHT, certainty=classes))] == [ids[a]]
    lot = replace(RIGHT, decision=awarded(2_000, 0, 1_000, 0, 0, 1_000))
    assert {one for _, one in said(lot)} == {"A3", "A4"}
    assert said(replace(lot, drawn=False)) == []
