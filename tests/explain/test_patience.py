"""What is not worked out is said so: an explanation under few solves says nothing else than one under many."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from checks.turns import some_case
from helpers.results import small_allocation, small_case

from optimizer import allocate
from optimizer.explain.explainer import Explainer
from optimizer.explain.explanation import Need
from optimizer.explain.patience import EFFORT
from optimizer.solving.options import Options


def explainer(found, monkeypatch: pytest.MonkeyPatch, effort: int | None) -> Explainer:  # type: ignore[no-untyped-def]
    """Make one that solves every question, as many as it may."""
    monkeypatch.setattr(Explainer, "_effort", effort)
    made = Explainer.of(found, Options())
    vars(made.asking).update(_tables=None, _ceilings=None)
    made.asking.amounts_to_ask = lambda a, amounts: list(amounts)  # type: ignore[method-assign]
    return made


def untried(need: Need) -> bool:
    return "未試算" in need.short.zh and need.short.en == "not worked out"


@pytest.mark.parametrize("seed", range(3))
def test_few_solves_say_what_many_say_or_that_it_was_not_worked_out(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, found = some_case(random.Random(f"needs {seed}"), "partial" if seed else None, 4)
    ids, tally = found.scored.round.ids, Counter[str]()
    every = explainer(found, monkeypatch, None)
    whole = {i: every.explain(i) for i in ids}
    for effort in (1, 20, 100):
        few = explainer(found, monkeypatch, effort)
        said = {i: few.explain(i) for i in ids}
        for i in ids:
            alone = explainer(found, monkeypatch, effort).explain(i)
            assert said[i] == alone, (i, "what was asked before changes nothing")
            assert said[i].because == whole[i].because and said[i].more == whole[i].more
            known = {need.code: need for need in whole[i].needs}
            for need in said[i].needs:
                full = known.get(need.code)  # none of a larger request that helps nobody
                tally["not worked out" if untried(need) else "said"] += 1
                assert full is None or not untried(full)
                assert untried(need) or need == full
                assert not (untried(need) and (need.certain or need.helps))
    assert min(tally["said"], tally["not worked out"]) > 2, tally


def test_it_is_said_how_what_was_not_worked_out_can_be_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = small_allocation()
    one = next(i for i, got in zip(found.scored.round.ids, found.decision.fund, strict=True) if got)
    need = explainer(found, monkeypatch, 1).explain(one).needs[1]
    assert need.full.zh == (
        "申請金額：未試算（每試一次均須重新求解全案，費時較久；"
        "可用 explain --time-limit 秒數 試算全部，或以 what_if 單問一項）"
    )
    assert need.full.en == (
        "not worked out (each trial solves the whole round again, which takes long; "
        "`explain --time-limit SECONDS` tries them all, `what_if` any single one)"
    )
    assert (need.discreet.zh, need.discreet.en) == ("申請金額：未試算", "not worked out")


def test_only_where_no_table_answers_and_no_limit_is_set_is_it_counted() -> None:
    tables, solved = small_allocation(), allocate(small_case(), solver="highs")
    efforts = [
        Explainer.of(found, Options(time_limit=limit))._effort
        for found, limit in ((tables, None), (solved, 60.0), (solved, None))
    ]
    assert efforts == [None, None, EFFORT]
