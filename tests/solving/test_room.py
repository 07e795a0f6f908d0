"""How many states the dynamic programme may take follows from the number of applications, and changes no answer."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from helpers.odd import odd_round
from helpers.rounds import scored_of

from optimizer.scoring.build import build_program
from optimizer.solving import solve as module
from optimizer.solving.solution import Solution
from optimizer.solving.solve import solve

LITTLE = 200  # states: too few for some of the rounds


def test_the_room_grows_with_the_applications_and_the_answer_is_that_of_less_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The larger of the two, whichever that is; where there is too little, another engine gives the same list."""
    rooms: list[int] = []
    own = module.solve_additive

    def watched(prepared: Any, *most: int) -> Any:
        rooms.extend(most)
        return own(prepared, *most)

    monkeypatch.setattr(module, "solve_additive", watched)
    monkeypatch.setattr(module, "MOST_STATES", LITTLE)
    engines: Counter[tuple[str, str]] = Counter()
    for seed in range(6):
        program = build_program(scored_of(odd_round(seed, size=16 + seed)))
        found: list[Solution] = []
        for each in (0, 1, 100_000, 100_000):
            monkeypatch.setattr(module, "STATES_EACH", each)
            rooms.clear()
            found.append(solve(program))
            assert set(rooms) == {max(LITTLE, each * program.size)}, (seed, each)
        old, _, large, again = found
        assert large.engine == again.engine
        for other in found:
            assert other.optimal and other.decision == old.decision, seed
            assert other.certainty == old.certainty
            assert [s.bound for s in other.steps] == [s.bound for s in old.steps]
        engines[old.engine, large.engine] += 1
    assert engines["bundles", "dynamic"] > 2, engines
