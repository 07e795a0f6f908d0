"""The process that answers: right, never late, and never of two lists at once."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import signal
import sys
from asyncio import CancelledError
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from fractions import Fraction
from itertools import count
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from helpers.places import ROOT
from helpers.results import small_case

from optimizer.desk import errands
from optimizer.desk.errands import Errand
from optimizer.desk.events import Add, Decide, Mend
from optimizer.desk.grounds import changes, movers, parts
from optimizer.desk.on_screen import COLUMNS, on_screen
from optimizer.desk.sitting import Sitting, do
from optimizer.desk.state import State, step
from optimizer.desk.unforeseen import unforeseen
from optimizer.desk.wish import LONGER, SECONDS, OutdatedError, Wish
from optimizer.desk.worker import Worker, answered
from optimizer.explain import explain_all
from optimizer.explain.need_words import not_tried, told_how
from optimizer.language.text import LANGUAGES, Text
from optimizer.language.words import figure
from optimizer.pipe import allocate
from optimizer.policy.policy import Policy
from optimizer.problems.crash import CrashError
from optimizer.problems.errors import InfeasibleError, LimitError
from optimizer.result.allocation import Allocation
from optimizer.scenarios.diff import diff
from optimizer.scenarios.difference_tables import totals
from optimizer.scenarios.price_of_rules import price_of_rules
from optimizer.session import Session
from optimizer.solving.options import Options

EXAMPLE = ROOT / "data" / "taichung-103"


@pytest.fixture(scope="module")
def sitting() -> Sitting:
    return Sitting(EXAMPLE, None, None, latest=lambda: 0)


@pytest.fixture(scope="module")
def policy(sitting: Sitting) -> Policy:
    return sitting.found().policy


def test_an_answer_says_what_the_api_says(sitting: Sitting, policy: Policy) -> None:
    draft = policy.with_(pool=610_000)
    said = sitting.answer(Wish(1, draft, policy))
    case = sitting.session.case
    base, now = allocate(case), allocate(case.under(draft))
    moved = diff(base, now).frame.set_index("application_id")["change"]
    rows = [dict(zip((*COLUMNS, "status"), row, strict=True)) for row in said.rows]
    for column in {*COLUMNS, "status"} - {"school", "change", "reason"}:
        stated = [None if cell is pd.NA else cell for cell in now.awards[column].astype(object)]
        assert [row[column] for row in rows] == stated, column
    assert {r["application_id"]: r["change"] for r in rows if r["change"]} == moved.to_dict()
    numbers = {one["name"]: one for one in said.numbers}
    assert numbers["spent"]["value"] == f"{now.spent:,}"
    more = now.measures.funded - base.measures.funded
    assert Fraction(numbers["funded"]["change"]) == abs(more)
    assert said.proved
    funded = {name: funded for name, _, funded, _ in said.districts}
    assert funded == dict(zip(now.by_district["district"], now.by_district["funded"], strict=True))


def test_the_reasons_follow_and_are_those_of_the_api(sitting: Sitting, policy: Policy) -> None:
    wish = Wish(1, policy.with_(pool=610_000), policy)
    now = allocate(sitting.session.case.under(wish.draft))
    for language in LANGUAGES:
        said = [reason.say(language) for reason in sitting.reasons(wish)]
        assert said == now.in_language(language).awards["reason"].tolist()
    numbers = iter((0, *(0,) * 5, 2))  # a later wish comes after five of them
    late = replace(sitting, latest=lambda: next(numbers))
    with pytest.raises(OutdatedError):
        late.reasons(wish)


@pytest.mark.slow
def test_the_price_of_a_rule_is_that_of_the_api() -> None:
    case = small_case(priority=[{"kind": "coverage"}])
    sitting = Sitting(EXAMPLE, None, None, latest=lambda: 0)
    sitting._session = Session(case)
    wish = Wish(1, case.policy, case.policy)
    for language in LANGUAGES:
        found = price_of_rules(case, language=language).frame.set_index("rule")["said"]
        for name in [name for name in found.index if name.startswith(("clause", "priority"))]:
            assert sitting.price(name, wish).say(language) == found[name]
    with pytest.raises(OutdatedError):
        Sitting(EXAMPLE, None, None, lambda: 2).remarks(Wish(1, case.policy, case.policy))


def test_what_the_data_say_of_a_rule_names_its_key() -> None:
    case = small_case()
    sitting = Sitting(EXAMPLE, None, None, latest=lambda: 0)
    sitting._session = Session(case)
    quota = {"kind": "quota", "column": "district", "value": "火星區", "at_least": 0}
    draft = step(State.of(case.policy), Add("clause", quota)).draft
    [problem] = sitting.remarks(Wish(1, draft, draft))
    assert problem.column == "clause.quota.district.火星區.value"
    assert sitting.remarks(Wish(1, case.policy, case.policy)) == ()


def test_an_answer_is_said_in_both_languages(sitting: Sitting, policy: Policy) -> None:
    said = sitting.answer(Wish(1, policy, policy))
    assert said.status == Text("最佳，已證明", "optimal, proved")
    now = allocate(sitting.session.case)
    assert said == on_screen(now, now)
    for language in LANGUAGES:
        titles = totals(now, now, language)["title"].tolist()
        assert [one["title"].say(language) for one in said.totals] == titles


def test_an_outdated_wish_is_dropped(policy: Policy) -> None:
    late = Sitting(EXAMPLE, None, None, latest=lambda: 2)
    with pytest.raises(OutdatedError):
        late.answer(Wish(1, policy, policy))
    assert not late._answers and late._session is None


IMPOSSIBLE = {"kind": "quota", "column": "district", "value": "中區", "at_least": 9}


def test_a_later_wish_ends_the_search_for_ways_out() -> None:
    case, asked = small_case(clause=[IMPOSSIBLE]), count()
    late = Sitting(EXAMPLE, None, None, lambda: next(asked) // 4, _session=Session(case))
    with pytest.raises(OutdatedError):
        late.answer(Wish(0, case.policy, case.policy))
    assert next(asked) > 4


def test_a_policy_that_cannot_be_met_names_ways_out() -> None:
    case = small_case(clause=[IMPOSSIBLE])
    here = Sitting(EXAMPLE, None, None, lambda: 0, _session=Session(case))
    with pytest.raises(InfeasibleError) as error:
        here.answer(Wish(1, case.policy, case.policy))
    for way in error.value.ways_out:
        mended = step(State.of(case.policy), Mend(way.values, way.drop)).draft
        assert way.text.zh and here.answer(Wish(2, mended, mended)).proved
    assert error.value.ways_out


def test_a_decision_by_hand_is_seen_at_once(sitting: Sitting, policy: Policy) -> None:
    state = State.of(policy)
    out = next(row for row in sitting.answer(Wish(1, policy, policy)).rows if row[-1] != "funded")
    decided = step(state, Decide(out[1], "fund", "王科長", "示範學校"))
    if out[-1] == "not_funded":
        said = sitting.answer(Wish(2, decided.draft, policy))
        assert next(row for row in said.rows if row[1] == out[1])[-1] == "funded"


@pytest.mark.parametrize("deaths", range(4))
def test_a_process_that_is_ended_is_asked_for_once_more_and_then_it_is_said(deaths: int) -> None:
    ends: list[Future[str]] = [Future() for _ in range(deaths + 1)]
    for end in ends[:-1]:
        end.set_exception(BrokenProcessPool())
    ends[-1].set_result("told")
    asked = answered(iter(ends).__next__)
    if deaths < 2:
        assert asyncio.run(asked) == "told"
    else:
        with pytest.raises(LimitError, match="for want of memory"):
            asyncio.run(asked)


def test_what_was_not_proved_is_sought_again_where_it_may_take_longer() -> None:
    case, asked = small_case(), list[float | None]()
    best = allocate(case)
    unsure = replace(best, solution=replace(best.solution, drawn=False))

    def allocated(policy: Policy, options: Options) -> Allocation:
        asked.append(options.time_limit)
        return best if len(asked) > 1 else unsure

    session: Any = SimpleNamespace(case=case, allocated=allocated)
    here = Sitting(EXAMPLE, None, None, lambda: 0, _session=session)
    wish = Wish(1, case.policy, case.policy)
    assert not here.answer(wish).proved and not here.answer(wish).proved
    assert here.answer(replace(wish, seconds=LONGER)).proved and here.answer(wish).proved
    assert asked == [SECONDS, LONGER]


@pytest.mark.parametrize("known", [True, False])
def test_of_what_is_not_proved_it_is_said_how_far_it_may_be_off(known: bool) -> None:
    best = allocate(small_case(), language="en")
    said = on_screen(best, best)
    assert said.proved and not said.gap
    first, second, *rest = best.steps
    off = replace(second, bound=second.value + 7 if known else None, floor=second.value + 7)
    unsure = replace(best, solution=replace(best.solution, steps=(first, off, *rest)))
    row, gap = unsure.priorities.loc[1], on_screen(best, unsure).gap
    assert f"{row['title']} (" in gap.en and not on_screen(best, unsure).proved
    if known:
        assert f"at most {figure(Fraction(row['gap_exact']))} from" in gap.en
    assert ("not known yet" in gap.en) is not known and "尚未證明" in gap.zh


def test_the_drawer_says_everything_once_and_what_a_decision_costs() -> None:
    case = small_case()
    here = Sitting(EXAMPLE, None, None, lambda: 0, _session=Session(case))
    base = Wish(1, case.policy, case.policy)
    lost = next(row[1] for row in here.answer(base).rows if row[-1] == "not_funded")
    said = here.explain(lost, base)
    told = [statement for _, statements in parts(said) for statement in statements]
    assert sorted(map(id, told)) == sorted(map(id, said.statements))
    fund, refuse = Decide(lost, "fund", "王科長", "示範"), Decide("A3", "refuse", "王科長", "示範")
    refused = here.explain("A3", Wish(2, step(State.of(case.policy), refuse).draft, case.policy))
    full = [statement.full.zh for _, statements in parts(refused) for statement in statements]
    assert not [one for one in full for other in full if one is not other and one in other]
    decided = step(State.of(case.policy), fund).draft
    wish = Wish(3, decided, case.policy)
    moved, answer = here.moves("zh-TW", wish), here.answer(wish)
    lines = [line.zh for line in movers(moved)]
    assert any(line.startswith(lost) and "新獲補助" in line for line in lines)
    assert len(lines) == sum(row[8] != 0 for row in answer.rows) and any(
        "不再獲補助" in line for line in lines
    )
    marks = [line.zh.partition("：")[0] for line in changes(answer)]
    assert marks == [*dict.fromkeys(marks)] and marks


def test_no_command_is_told_where_nobody_types_one() -> None:
    allocation = allocate(small_case())
    told = [one for said in explain_all(allocation) for one in said.statements]
    told += told_how([not_tried("pool", "經費", None, 900)])
    assert len({one.how.en.partition(" ")[0] for one in told}) == 3  # both commands, and none
    for one in told:
        assert not re.search("subsidy |--|what_if", f"{one.full} {one.full.zh} {one.discreet}"), one
        assert one.with_how.zh.startswith(one.full.zh) and one.how.zh in one.with_how.zh


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker(EXAMPLE)
    yield worker
    worker.close()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no masks there")
def test_an_interrupt_at_the_terminal_is_the_servers_alone(worker: Worker) -> None:
    asked = worker.found()
    [process] = worker._first.pool._processes.values()
    os.kill(process.pid or 0, signal.SIGINT)  # while it begins
    assert asked.result().policy
    os.kill(process.pid or 0, signal.SIGINT)
    assert worker.found().result().policy and process.is_alive()


def test_an_ended_worker_begins_no_process() -> None:
    ended = Worker(EXAMPLE)
    ended.close()
    with pytest.raises(CancelledError):
        ended.found()


@pytest.mark.slow
def test_a_burst_ends_on_the_last_wish(worker: Worker) -> None:
    policy = worker.found().result().policy
    drafts = [policy.with_(pool=590_000 + 1_000 * n) for n in range(12)]
    wishes = [worker.wish(draft, policy) for draft in drafts]
    last = wishes[-1].result()
    assert next(n["value"] for n in last.numbers if n["name"] == "spent") == "601,000"
    ends = [wish.exception() for wish in wishes[:-1]]
    assert any(isinstance(end, OutdatedError) for end in ends)
    assert all(end is None or isinstance(end, OutdatedError) for end in ends)
    said = worker.explain("A170", drafts[-1]).result()
    assert said.application_id == "A170" and said.because.full.zh


@pytest.mark.slow
def test_a_process_that_was_ended_is_followed_by_another(worker: Worker) -> None:
    policy = worker.found().result().policy
    [process] = worker._first.pool._processes.values()
    os.kill(process.pid or 0, signal.SIGKILL)
    with pytest.raises(BrokenProcessPool):
        worker.found().result()
    assert worker.wish(policy, policy).result().proved
    assert replace(worker.found().result(), columns={}).policy == policy


@pytest.mark.parametrize("asked", ["", "1"])
def test_a_bug_is_a_sentence_and_its_traceback_is_asked_for(
    asked: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("nobody has foreseen it")

    said: list[Any] = []
    monkeypatch.setenv("SUBSIDY_DEBUG", asked)
    monkeypatch.setattr(os, "nice", lambda _: None)
    monkeypatch.setattr(errands, "read_case", broken)
    monkeypatch.setattr("optimizer.desk.sitting._here", [SimpleNamespace(found=broken)])
    errands.go(
        EXAMPLE, Errand("pools", small_case().policy, EXAMPLE), SimpleNamespace(send=said.append)
    )  # type: ignore[arg-type]
    with pytest.raises(CrashError) as crash:
        do("found")
    assert said == [crash.value] and "KeyError" in crash.value.message.zh
    assert ("nobody has foreseen it" in capfd.readouterr().err) == bool(asked)


def test_what_the_machine_refuses_is_no_bug() -> None:
    full = unforeseen(OSError(errno.ENOSPC, "No space left on device"))
    assert "no space is left" in full.say("en") and "磁碟" in full.say("zh-TW")
