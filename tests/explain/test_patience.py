"""What is not worked out is said so: an explanation under few solves says nothing else than one under many."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from checks.turns import some_case
from helpers.results import small_allocation, small_case

from optimizer import allocate
from optimizer.explain.explainer import Explainer
from optimizer.explain.explanation import Need
from optimizer.explain.need_words import not_tried, told_how
from optimizer.explain.patience import EFFORT, LED
from optimizer.solving.options import Options


def explainer(found, monkeypatch: pytest.MonkeyPatch, effort: int | None) -> Explainer:  # type: ignore[no-untyped-def]
    """Make one that solves every question, as many as it may."""
    monkeypatch.setattr(Explainer, "_effort", effort)
    made = Explainer.of(found, Options())
    vars(made.asking).update(_tables=None, _ceilings=None)
    made.asking.amounts_to_ask = lambda a, amounts: list(amounts)  # type: ignore[method-assign]
    return made


def only_of_what_was_tried(need: Need, full: Need, available: int) -> str:
    """Check what is said of a measure that was not worked out to its end; return what kind that is."""
    if need.code == "waiver" and need.names:
        assert set(need.names) <= set(full.names)
        return "some rules"
    assert not need.certain and not need.helps
    upto = re.search(r"NT\$([\d,]+)", need.discreet.en)
    if upto and full.value is not None:
        value = int(upto[1].replace(",", ""))
        below = full.value < value if need.code == "request" else full.value > value
        assert full.value > available + value if need.code == "pool" else below
    return "up to" if upto else "nothing"


@pytest.mark.parametrize("seed", (3,))
def test_few_solves_say_what_many_say_or_that_it_was_not_worked_out(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, found = some_case(random.Random(f"few {seed}"), None, 4)
    ids, tally = found.scored.round.ids, Counter[str]()
    every = explainer(found, monkeypatch, None)
    whole = {i: every.explain(i) for i in ids}
    for effort in (1, 30):
        few = explainer(found, monkeypatch, effort)
        said = {i: few.explain(i) for i in ids}
        alone = explainer(found, monkeypatch, effort).explain(ids[-1])
        assert said[ids[-1]] == alone, "what was asked before changes nothing"
        for i in ids:
            assert said[i].because == whole[i].because and said[i].more == whole[i].more
            known = {need.code: need for need in whole[i].needs}
            for need in said[i].needs:
                if (full := known.get(need.code)) is None:  # a larger request that would not do
                    assert need.code == "more" and not need.tried
                    continue
                assert full.tried
                fewer = need.code == "rivals" and not need.helps and (full.value or 4) > 1
                assert need == full or not need.tried or fewer  # larger sets were not tried
                tally[
                    only_of_what_was_tried(need, full, found.available)
                    if not need.tried
                    else "said"
                ] += 1
    assert all(tally[what] for what in ("said", "nothing", "up to")), tally


def test_it_is_said_how_what_was_not_worked_out_can_be_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = small_allocation()
    one = next(i for i, got in zip(found.scored.round.ids, found.decision.fund, strict=True) if got)
    need = explainer(found, monkeypatch, 1).explain(one).needs[1]
    assert need.with_how.zh == (
        "申請金額：未試算（未試算者，每試一次均須重新求解全案，費時較久）"
        "（可用 subsidy explain --time-limit 秒數 試算；在 Python 亦可用 what_if 單問一項）"
    )
    assert need.with_how.en == (
        "not worked out (what was not worked out solves the whole round again each time, which takes "
        "long) (`subsidy explain --time-limit SECONDS` tries it; in Python, `what_if` asks a single thing)"
    )
    assert (need.discreet.zh, need.discreet.en) == ("申請金額：未試算", "not worked out")


def test_where_no_limit_is_set_it_is_counted_and_more_is_solved_where_tables_answer() -> None:
    tables, solved = small_allocation(), allocate(small_case(), solver="highs")
    efforts = [
        Explainer.of(found, Options(time_limit=limit))._effort
        for found, limit in ((tables, None), (solved, 60.0), (solved, None))
    ]
    assert efforts == [LED, None, EFFORT] and EFFORT < LED


@pytest.mark.parametrize(
    ("code", "upto", "zh", "en"),
    [
        (
            "pool",
            901_200,
            "可用經費增加 1,200 元以內，亦不獲補助，其餘未試算",
            "up to NT$1,200 more to award would not do; the rest was not worked out",
        ),
        (
            "request",
            3_900,
            "申請金額減少但不低於 3,900 元者，亦不獲補助，其餘未試算",
            "no smaller request of NT$3,900 or more would do; the rest was not worked out",
        ),
        (
            "lose_request",
            5_100,
            "申請金額增至 5,100 元以內，不影響是否獲補助，其餘未試算",
            "a request of up to NT$5,100 would not lose it the award; the rest was not worked out",
        ),
        ("rivals", None, "撤回：未試算", "not worked out"),
    ],
)
def test_it_is_said_up_to_where_it_was_worked_out(
    code: str, upto: int | None, zh: str, en: str
) -> None:
    need = not_tried(code, "撤回", upto, available=900_000)
    assert (need.full.zh, need.full.en) == (zh, en)
    assert need.full == need.discreet and len(need.short.zh) <= 40 and not need.tried
    how, plain = told_how([need, need])[1], told_how([need])[0]
    assert how == plain and "what_if" in how.with_how.zh and told_how([need, need])[0] == need


def test_of_one_that_has_nothing_no_award_is_said_to_be_kept() -> None:
    said = not_tried("more", "增加申請金額", 2_000, 900_000).full
    assert said.en == "no request of up to NT$2,000 would do; the rest was not worked out"
    assert said.zh == "申請金額增至 2,000 元以內，亦不獲補助，其餘未試算"


def test_a_question_that_takes_too_much_is_said_to_be_open(monkeypatch: pytest.MonkeyPatch) -> None:
    found = allocate(small_case(), solver="highs")
    one = next(i for i, got in zip(found.scored.round.ids, found.decision.fund, strict=True) if got)
    told = Explainer.of(found, Options("highs")).explain(one)
    monkeypatch.setattr("optimizer.explain.answer.QUESTION", 0)
    short = Explainer.of(found, Options("highs")).explain(one)
    assert told.because.code != "unsettled" == short.because.code
    assert "limit" in short.because.full.en and not any(need.tried for need in short.needs)
    assert Explainer.of(found, Options("highs", 600.0)).explain(one).because == told.because
