"""Who is on some list that obeys the rules, by questions of which some are left unanswered, against every list."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from helpers.rounds import every_decision, make_case, scored_of

from optimizer.case.case import Case
from optimizer.program.objectives import Additive
from optimizer.program.rows import Decision, Rows
from optimizer.scoring.build import build_program
from optimizer.solving import found_on as module
from optimizer.solving.bundled import BundleModel
from optimizer.solving.formulation import Answer
from optimizer.solving.found_on import found_on


def tight(rng: random.Random) -> Case:
    """Make a round in which some are on no list: a number of one type, and its share of the money in a window."""
    applications: list[dict[str, Any]] = [
        {"application_id": f"A{n}", "school_id": f"S{n // 2}", "merit": rng.randint(70, 99),
         "type": rng.choice(("grade", "subject")), "requested": rng.randrange(1_000, 4_000, 100)}
        for n in range(9)
    ]  # fmt: skip
    share = rng.randint(30, 60)
    window = {"at_least": f"{share}%", "at_most": f"{share + rng.choice((1, 4))}%"}
    grade = {"kind": "quota", "column": "type", "value": "grade"}
    return make_case(
        applications, pool={"amount": 12_000, "unit": 100},
        clause=[
            {"kind": "school_cap", "amount": 5_000},
            {**grade, "measure": "amount", **window},
            {**grade, "measure": "count", "at_least": 1},
        ],
        priority=[{"kind": "merit", "per": "amount"}],
    )  # fmt: skip


def funded(lists: Iterable[Decision]) -> set[int]:
    """Return whom any of some lists funds."""
    return set(np.flatnonzero(np.array([each.fund for each in lists]).any(axis=0)).tolist())


def keeps(rows: Iterable[Rows], decision: Decision) -> bool:
    return all(each.held(decision).all() for each in rows)


@pytest.mark.parametrize("given_up", [0.0, 0.5, 1.0])
def test_a_question_that_was_given_up_says_of_nobody_that_no_list_has_them(
    given_up: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes back with the list that was known, which is worth nothing, and no proof."""
    rng, improve = random.Random(f"given up {given_up}"), BundleModel.improve

    def unsure(model: BundleModel, objective: Additive, brief: bool) -> Answer:
        assert brief and model.known is not None
        if rng.random() < given_up:
            return Answer(model.known, objective.value(model.known), rng.choice((None, 1, 3)))
        return improve(model, objective, brief)

    monkeypatch.setattr(BundleModel, "improve", unsure)
    told: Counter[str] = Counter()
    for number in range(25):
        scored = scored_of(tight(random.Random(f"found on {number}")))
        program = build_program(scored)
        lists = [d for d in every_decision(scored.round) if keeps(program.rows, d)]
        if not lists:
            continue
        asked = set(np.flatnonzero(~lists[0].fund).tolist())
        found = found_on(program, lists[0], asked)
        possible = funded(lists)
        assert found.some <= possible, number
        assert not found.none & possible and found.none <= asked, number
        left = asked - found.some - found.none
        assert given_up or not left, number
        told.update(some=len(asked & found.some), none=len(found.none), left=len(left))
    expected = {"some", "none", "left"} - ({"left"} if not given_up else set())
    assert {name for name, n in told.items() if n > 10} == (
        expected if given_up < 1 else {"left"}
    ), told


@pytest.mark.parametrize("most", [1, 2, 4])
def test_no_more_is_asked_than_there_is_effort_for(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One question at any rate; and nobody who has been told of already is asked for again."""
    asked: list[set[int]] = []
    told = set[int]()
    improve = BundleModel.improve

    def watched(model: BundleModel, objective: Additive, brief: bool) -> Answer:
        asked.append(set(np.flatnonzero(objective.per_fund).tolist()))
        assert asked[-1] and not asked[-1] & told
        answer = improve(model, objective, brief)
        assert answer.decision is not None
        told.update(np.flatnonzero(answer.decision.fund).tolist())
        told.update(asked[-1] if answer.value == 0 == answer.bound else ())
        return answer

    monkeypatch.setattr(BundleModel, "improve", watched)
    reached = together = 0
    for number in range(12):
        scored = scored_of(tight(random.Random(f"found on {number}")))
        program = build_program(scored)
        lists = (d for d in every_decision(scored.round) if keeps(program.rows, d))
        if (first := next(lists, None)) is None:
            continue
        monkeypatch.setattr(module, "EFFORT", most * program.size + 1 if most > 1 else 1)
        asked.clear()
        told.clear()
        found = found_on(program, first, np.flatnonzero(~first.fund).tolist())
        assert found.questions == len(asked) <= found.most == most
        reached += found.questions == most
        if len(asked) > 1:  # the first told of some, or the second would be of one alone
            assert asked[1] < asked[0]
            together += len(asked[1]) > 1
    assert reached and (together or most == 1)
