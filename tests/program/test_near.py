"""Lists close to one that obeys every row, against every list there is."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest
from helpers.rounds import every_decision, make_case, scored_of

from optimizer.program import near as module
from optimizer.program.near import near
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.scoring.build import build_program


def windowed(rng: random.Random, mode: str, step: int = 100) -> tuple[Program, list[Decision]]:
    """Make a round with a share of the money in a window, and return every list that obeys its rules."""
    partial = {"award": {"mode": "partial", "least_share": "50%"}} if mode == "partial" else {}
    count, unit = (5, 500) if partial else (9, step)
    applications: list[dict[str, Any]] = [
        {"application_id": f"A{n}", "school_id": f"S{n // 2}", "merit": rng.randint(70, 99),
         "type": rng.choice(("grade", "subject")), "requested": rng.randrange(1_000, 4_000, unit)}
        for n in range(count)
    ]  # fmt: skip
    share = rng.randint(30, 60)
    window = {"at_least": f"{share}%", "at_most": f"{share + rng.choice((1, 4, 10))}%"}
    grade = {"kind": "quota", "column": "type", "value": "grade"}
    scored = scored_of(make_case(
        applications, pool={"amount": 1_300 * count, "unit": unit},
        clause=[
            {"kind": "school_cap", "amount": 5_000},
            {**grade, "measure": "amount", **window},
            {**grade, "measure": "count", "at_least": 1},
        ],
        priority=[{"kind": "merit", "per": "amount"}], **partial,
    ))  # fmt: skip
    program = build_program(scored)
    kept = (d for d in every_decision(scored.round) if all(r.held(d).all() for r in program.rows))
    return program, list(kept)


def few_changes(program: Program, first: Decision, lists: list[Decision], u: int) -> bool:
    """Return whether a list has an application at its least, and three other awards at the most otherwise.

    An award that is changed is nothing, its least or its most.
    """
    for each in lists:
        if each.award[u] == program.least[u]:
            other = np.flatnonzero(each.award != first.award)
            ends = np.isin(other, np.flatnonzero(
                (each.award == 0) | (each.award == program.least) | (each.award == program.most)
            ))  # fmt: skip
            if ends.all() and len(set(other.tolist()) - {u}) <= 3:
                return True
    return False


@pytest.mark.parametrize("mode", ["full", "partial"])
@pytest.mark.parametrize("wide", [True, False], ids=["all rows wide", "schools apart"])
def test_who_is_on_a_close_list_is_found_and_nobody_else(
    mode: str, wide: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that few changes reach, where every row tells changes apart; nearly all where schools' do not."""
    if not wide:
        monkeypatch.setattr(module, "WIDE", 2)
        monkeypatch.setattr(module, "FEW", 0)
    told: Counter[str] = Counter()
    for number in range(20):
        program, lists = windowed(random.Random(f"near {mode} {number}"), mode)
        if not lists:
            continue
        first = random.Random(number).choice(lists)
        asked = np.flatnonzero(~first.fund).tolist()
        possible = set(np.flatnonzero(np.array([d.fund for d in lists]).any(axis=0)).tolist())
        found = near(program, first, asked)
        assert set(found) <= possible and sorted(set(found)) == found, number
        close = {u for u in asked if few_changes(program, first, lists, u)}
        assert not wide or close <= set(found), number
        missed, never = close - set(found), set(asked) - possible
        told.update(found=len(found), missed=len(missed), never=len(never))
    assert told["missed"] <= told["found"] // 15, told
    assert told["found"] > 20 and (mode == "partial" or told["never"] > 10), told


def test_patience_ends_the_search_and_not_what_is_seen_at_once() -> None:
    """Without any, only those are found for whom nothing has to change; and who is found was not looked for."""
    at_once = 0
    for number in range(10):
        program, lists = windowed(random.Random(f"near full {number}"), "full")
        if lists:
            first = lists[0]
            close = module._Close(program, first, patience=0)
            for u in np.flatnonzero(~first.fund).tolist():
                award = first.award.copy()
                award[u] = program.least[u]
                fits = all(rows.held(Decision.of(award)).all() for rows in program.rows)
                assert close.list_with(u) == ([u] if fits else []), (number, u)
                at_once += fits
                assert close.trial.award == first.award.tolist()
    assert at_once


@pytest.mark.parametrize("wide", [True, False], ids=["all rows wide", "schools apart"])
def test_whom_one_search_finds_are_on_one_list_and_are_not_looked_for_again(
    wide: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are on it beside each other, and all of them new; the list that it began with stays."""
    if not wide:
        monkeypatch.setattr(module, "WIDE", 2)
        monkeypatch.setattr(module, "FEW", 0)
    known, looked = set[int](), Counter[str]()
    own = module._Close.list_with
    for number in range(20):
        program, lists = windowed(random.Random(f"alike {number}"), "full", step=500)
        if not lists:
            continue
        first = lists[-1]

        def watched(
            close: module._Close, u: int, first: Decision = first, lists: Any = tuple(lists)
        ) -> list[int]:
            assert u not in known
            known.update(found := own(close, u))
            assert not first.fund[found].any()
            assert not found or any(each.fund[found].all() for each in lists)
            assert close.trial.award == first.award.tolist()
            looked["several"] += len(found) > 1
            return found

        monkeypatch.setattr(module._Close, "list_with", watched)
        known.clear()
        asked = np.flatnonzero(~first.fund).tolist()
        found = set(near(program, first, asked))
        assert found == known & set(asked)
        assert not wide or found >= {u for u in asked if few_changes(program, first, lists, u)}
    assert looked["several"] > 2, looked


def test_a_school_makes_room_for_one_application_by_as_many_as_it_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Four are taken out, which is more than the changes that are put together; then they are back."""
    monkeypatch.setattr(module, "WIDE", 5)
    monkeypatch.setattr(module, "FEW", 0)
    small = [{"application_id": f"A{n}", "school_id": "S0", "requested": 1_000} for n in range(4)]
    large = {"application_id": "B", "school_id": "S0", "requested": 4_000}
    other = {"application_id": "C", "school_id": "S1", "requested": 1_000}
    case = make_case(
        [*small, large, other], pool={"amount": 6_000, "unit": 100},
        clause=[{"kind": "school_cap", "amount": 4_000}], priority=[{"kind": "merit"}],
    )  # fmt: skip
    program = build_program(scored_of(case))
    first = Decision.of(np.array([1_000] * 4 + [0, 1_000]))
    close = module._Close(program, first)
    assert close.list_with(4) == [4]
    assert close.trial.award == first.award.tolist()


def test_changes_hold_only_if_every_row_of_all_that_was_changed_does() -> None:
    """Two that fit alone break their school's cap together; nor is a cap that is broken mended elsewhere."""
    applications = [
        {"application_id": f"A{n}", "school_id": f"S{n // 2}", "requested": 1_000} for n in range(6)
    ]
    case = make_case(
        applications, pool={"amount": 6_000, "unit": 100},
        clause=[{"kind": "school_cap", "amount": 1_500}], priority=[{"kind": "merit"}],
    )  # fmt: skip
    program = build_program(scored_of(case))
    close = module._Close(program, Decision.of(np.array([1_000, 0, 0, 0, 0, 0])))
    assert close._held(((2, 1_000), (4, 1_000)), [0])
    assert not close._held(((2, 1_000), (3, 1_000)), [0])
    close.trial.give(1, 1_000)
    assert not close._held(((2, 1_000),), [1])
    assert close._held(((0, 0),), [1])
    assert close.trial.award == [1_000, 1_000, 0, 0, 0, 0]
