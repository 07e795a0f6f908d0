"""The waiting list: who comes in for how much money while all that are funded keep theirs."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from helpers.rounds import every_decision, make_case, random_case
from helpers.slow import numbers

from optimizer.case.case import Case
from optimizer.explain import coming_in as module, waiting as words
from optimizer.explain.waiting import waiting
from optimizer.facts.audit import audit, values
from optimizer.foundation.exact import total
from optimizer.pipe import allocate
from optimizer.problems.errors import InfeasibleError
from optimizer.program.draw import draw_order
from optimizer.result.allocation import Allocation
from optimizer.solving.dynamic.packing import NotTakeable


@cache
def drawn(number: int, mode: str) -> tuple[Case, dict[int, int]]:
    """Return a small random round with a tight pool, so that some wait, and the truth of it."""
    rng = random.Random(f"waiting {number} {mode}")
    while True:
        case = random_case(rng, 6, mode)
        settings = case.policy.settings
        amount = rng.choice((1_000, 1_500, 2_500)) + settings.pool.contingency
        pool = replace(settings.pool, amount=amount, unit=max(settings.pool.unit, 50))
        policy = case.policy.with_settings(replace(settings, pool=pool))
        case = case.under(policy)
        try:
            allocation = allocate(case)
        except InfeasibleError:
            continue
        if not allocation.decision.fund.all():
            return case, truth(allocation)


def truth(allocation: Allocation) -> dict[int, int]:
    """Look at every list for every amount: no model, no solver, no promise of the program's own."""
    round_, policy, decision = (
        allocation.scored.round,
        allocation.case.policy,
        allocation.decision,
    )
    unit, most = policy.settings.pool.unit, total(round_.most)
    whole = most + allocation.spent + policy.settings.pool.contingency
    rich = policy.with_settings(
        replace(policy.settings, pool=replace(policy.settings.pool, amount=whole))
    )
    round_ = replace(round_, records=replace(round_.records, settings=rich.settings))
    order = draw_order(policy.settings.draw.seed, round_.ids)
    lists = [
        (tuple(values(round_, rich, d).values()), d.award[order].tolist(), total(d.award), d)
        for d in every_decision(round_)
        if (d.award >= decision.award).all() and not audit(round_, rich, d)
    ]
    found: dict[int, int] = {}
    for free in range(unit, max(most - allocation.spent, 0) + 1, unit):
        within = (one for one in lists if one[2] <= allocation.available + free)
        best = max(within, key=lambda one: one[:2])[3]
        for a in np.flatnonzero(best.fund & ~decision.fund).tolist():
            found.setdefault(a, free)
    return found


def test_who_waits_behind_a_sister_is_told_so_by_list_and_explanation_alike() -> None:
    """No money brings A2 in: its sister A1, which waits as well, comes first and fills the cap."""
    rows = [("A0", "S1", 90), ("A1", "S2", 80), ("A2", "S2", 75), ("A3", "S3", 70)]
    names = ("application_id", "school_id", "merit")
    found = allocate(
        make_case(
            [dict(zip(names, row, strict=True)) | {"requested": 3_000} for row in rows],
            [{"school_id": f"S{n}"} for n in (1, 2, 3)],
            pool={"amount": 3_000, "unit": 1_000},
            clause=[{"kind": "school_cap", "amount": 4_000}],
            priority=[{"kind": "merit", "per": "amount"}],
        )
    )
    listed = found.waitlist.set_index("application_id")
    assert listed["reason_code"].tolist() == ["pool"] * 3
    behind = (
        "公布後經費釋出再多（已核定者均保留），亦由同校 A1（80 分）先遞補，與本案合計逾「每校上限」"
    )
    assert listed.loc["A2", "condition"] == behind
    assert [s.full.zh for s in found.explain("A2").more if s.code == "behind"] == [behind]
    assert not [s for one in ("A1", "A3") for s in found.explain(one).more if s.code == "behind"]


def refuse(*_: Any) -> Any:
    raise NotTakeable(module.EMPTY)


@pytest.mark.parametrize("mode", ["full", "partial", "graded"])
@pytest.mark.parametrize("number", numbers(30, 12))
def test_who_comes_in_agrees_with_looking_at_every_list(number: int, mode: str) -> None:
    case, expected = drawn(number, mode)
    allocation = allocate(case)
    found = waiting(allocation)
    assert found.comes_at.keys() | found.never.keys() == {
        *np.flatnonzero(~allocation.decision.fund).tolist()
    }
    assert not found.comes_at.keys() & found.never.keys()
    up_to = [t for t in found.never.values() if "was not worked out" in t.en]
    if not up_to:
        assert found.comes_at == expected
    ids, school = allocation.scored.round.ids, allocation.scored.round.school
    for a, text in found.behind.items():
        came = {ids[b] for b in found.comes_at if school[b] == school[a]}
        assert any(one in text.zh for one in came), text.zh  # it waits no more, and is named


@pytest.mark.parametrize("mode", ["full", "partial", "graded"])
@pytest.mark.parametrize("number", range(12))
def test_one_amount_after_another_says_the_same(
    number: int, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, every = drawn(number, mode)
    allocation = allocate(case)
    monkeypatch.setattr(module, "fates", refuse)
    monkeypatch.setattr(module, "MOST_SOLVES", 10**6)
    largest = allocation.decision.award if allocation.decision.fund.any() else None
    reach = int((allocation.scored.round.most if largest is None else largest).max())
    expected = {a: free for a, free in every.items() if free <= reach}
    assert waiting(allocation).comes_at == expected


def three_of(*merits: int, **policy: Any) -> Allocation:
    """Allocate NT$1,000 among applications of NT$1,000, each of a school of its own."""
    rows = [
        {"application_id": f"A{n}", "school_id": f"S{n}", "merit": merit}
        for n, merit in enumerate(merits)
    ]
    schools = [{"school_id": f"S{n}"} for n in range(len(merits))]
    stated = {"pool": {"amount": 1_000}, "priority": [{"kind": "merit"}], **policy}
    return allocate(make_case(rows, schools, **stated))


def test_where_the_draw_decides_too_often_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    allocation = three_of(90, 80, 80)
    assert sorted(waiting(allocation).comes_at.values()) == [1_000, 2_000]
    monkeypatch.setattr(module, "MOST_SOLVES", 0)
    found = waiting(three_of(90, 80, 80))
    assert found.comes_at == {} and "draw would decide" in found.never[1].en
    assert "within 0 solves" in found.never[1].en and "求解 0 次" in found.never[1].zh
    monkeypatch.undo()
    monkeypatch.setattr(module, "EFFORT", 0)
    assert "within 1 solve" in waiting(three_of(90, 80, 80)).never[1].en


def test_so_many_amounts_are_solved_and_the_rest_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    table = three_of(90, 80, 70, clause=[{"kind": "school_cap", "amount": 1_000}])
    monkeypatch.setattr(module, "fates", refuse)
    found = waiting(table)
    assert found.comes_at == {1: 1_000}
    assert found.never[2].en.startswith("does not come in for NT$1,000 or less")


def test_a_list_that_is_not_proved_says_nothing_of_who_comes_next() -> None:
    allocation = three_of(90, 80, 70)
    unproved = replace(allocation, solution=replace(allocation.solution, drawn=False))
    found = waiting(unproved)
    assert found.comes_at == {} and {t.en for t in found.never.values()} == {words._NOT_PROVED.en}


def test_a_cap_held_by_its_own_winner_is_named_and_the_table_is_ordered() -> None:
    rows = [
        {"application_id": "A1", "school_id": "S1", "merit": 90},
        {"application_id": "A2", "school_id": "S1", "merit": 85},
        {"application_id": "A3", "school_id": "S2", "merit": 80, "requested": 1_500},
        {"application_id": "A4", "school_id": "S3", "merit": 75, "requested": 500},
    ]
    schools = [{"school_id": f"S{n}"} for n in (1, 2, 3)]
    clause = [{"kind": "school_cap", "amount": 1_500}]
    priority = [{"kind": "merit", "per": "amount"}]
    case = make_case(rows, schools, pool={"amount": 1_000}, clause=clause, priority=priority)
    table = allocate(case, language="en").waitlist
    assert table["application_id"].to_list() == ["A4", "A3", "A2"]
    assert "place" not in table  # no running number: who comes in depends on the amount
    assert table["comes_at"].to_list()[:2] == [500, 1_500] and table["comes_at"].isna()[2]
    assert "held by A1" in table["condition"][2]
    assert table["condition"][0].startswith("comes in when NT$500 come free after publication")


@pytest.mark.parametrize("at_once", [True, False])
def test_a_winner_whose_award_could_grow_keeps_what_it_has(
    at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For NT$500 more A2 alone would be the better list, in the place of A1: the promise forbids it."""
    rows = [
        {"application_id": "A1", "merit": 80, "requested": 1_000},
        {"application_id": "A2", "merit": 90, "requested": 1_500},
    ]
    allocation = allocate(
        make_case(
            rows,
            pool={"amount": 500, "unit": 500},
            award={"mode": "partial", "least_share": "50%"},
            priority=[{"kind": "merit", "per": "amount"}],
        )
    )
    if not at_once:
        monkeypatch.setattr(module, "fates", refuse)
        monkeypatch.setattr(module, "MOST_SOLVES", 2)
    assert allocation.decision.award.tolist() == [500, 0]
    assert waiting(allocation).comes_at == ({1: 1_000} if at_once else {})
    assert truth(allocation) == {1: 1_000}


@pytest.mark.parametrize("mode", ["full", "partial"])
def test_however_soon_effort_ends_only_what_is_so_is_said(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before is as it is with all the effort; of the rest it is said that it is not known."""
    said: Counter[str] = Counter()
    monkeypatch.setattr(module, "fates", refuse)
    for number, effort in product(range(6), (0, 2_000)):
        case, comes_at = drawn(number, mode)
        monkeypatch.setattr(module, "EFFORT", effort)
        allocation = allocate(case)
        found = waiting(allocation)
        assert found.comes_at.items() <= comes_at.items()
        for a, text in found.never.items():
            if within := re.match(r"does not come in for NT\$([\d,]+) or less.*within", text.en):
                assert comes_at.get(a, math.inf) > int(within[1].replace(",", ""))
                said["open"] += 1
            elif text is words._NEVER or a in found.behind:
                assert a not in comes_at
        said["all"] += len(found.comes_at) == len(comes_at)
        assert waiting(replace(allocation)) == found  # as it is remade
    assert said["open"] > 1 and said["all"] > 3, said
