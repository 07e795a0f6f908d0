"""What an official does, and what becomes of it: undone, replayed, taken back, written down."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, replace
from pathlib import Path
from typing import get_args

import pytest
from helpers.places import ROOT
from helpers.results import small_case

from optimizer.desk.background import Came
from optimizer.desk.decisions import decisions_of
from optimizer.desk.departures import differences
from optimizer.desk.ending import Close, Release, Revise
from optimizer.desk.errands import Kind
from optimizer.desk.events import (
    KINDS,
    Add,
    Clear,
    Compare,
    Decide,
    Drop,
    Event,
    GoOn,
    Mend,
    Order,
    Pin,
    Redo,
    Rename,
    Reread,
    Saved,
    SetKey,
    TakeBack,
    Undo,
    Unpin,
    as_data,
    from_data,
)
from optimizer.desk.fields import numbers
from optimizer.desk.journal import ERRAND, FILES, VERIFIED, Journal, replayed
from optimizer.desk.journal_page import entries_of, journal_page
from optimizer.desk.policy_file import PolicyFile, policy_of, rewritten
from optimizer.desk.scenario_file import scenarios_toml
from optimizer.desk.state import MOST_PINS, Did, Pinned, State, step
from optimizer.desk.wish import EndedError
from optimizer.language.text import Text
from optimizer.policy.changes import Changes
from optimizer.policy.policy import read_policy
from optimizer.problems.errors import LimitError, PolicyError, UsageError
from optimizer.scenarios.read import read_scenarios
from optimizer.scenarios.scenario import apply

TOML = (ROOT / "data" / "taichung-103" / "policy.toml").read_text("utf-8")
START = State.of(policy_of(TOML, "policy.toml"))
QUOTA = {"kind": "quota", "column": "district", "value": "和平區", "at_least": 2}
EVENTS: tuple[Event, ...] = (
    SetKey("pool.amount", 640_000),
    SetKey("review.minimum_merit", "72.5"),
    SetKey("clause.school_cap.amount", 6_000),
    SetKey("priority.disadvantage.weights.remote", 2),
    Clear("clause.members.recommended"),
    Clear("review.minimum_merit"),
    Mend({"pool.amount": 610_000}, ("clause.meetings",)),
    Drop("priority.sharing"),
    Drop("clause.quota.level.junior_high"),
    Add("clause", QUOTA),
    Add("priority", {"kind": "sharing", "name": "again"}),
    Order(("merit_band", "coverage")),
    Decide("A170", "fund", "王科長", "示範學校"),
    Decide("A171", "refuse", "王科長", "撤案"),
    Decide("A170", "refuse", "陳專員", "已另有補助"),
    Decide("A170", "open"),
    Pin("甲案"),
    Pin("乙案"),
    Compare("甲案"),
    Compare(""),
    Rename("乙案", "丁案"),
    GoOn("甲案"),
    Unpin("乙案"),
    Saved(),
)
CLOSE = Close("case-result", "AAAAA", "王科長", "會議決議")
REVISE = Revise(
    "case-revision-1", "BBBBB", "王科長", "撤回一件", ("A170",), {"A171": 1_000}, 600_000
)
ENDINGS = (CLOSE, REVISE, Release("王科長", "尚未公布"))


def drawn(rng: random.Random, count: int) -> list[tuple[State, Event, State]]:
    """Do things at random, as far as they can be done, and return what each made of what."""
    state, done = START, []
    while len(done) < count:
        event = rng.choice((*EVENTS, Undo(), Redo()))
        try:
            after = step(state, event)
        except (PolicyError, UsageError):
            continue
        done.append((state, event, after))
        state = after
    return done


@pytest.mark.parametrize("seed", range(4))
def test_every_step_is_undone_and_redone(seed: int) -> None:
    for before, event, after in drawn(random.Random(seed), 25):
        assert step(before, event) == after
        if not isinstance(event, Undo | Redo | Saved) and after != before:
            assert step(after, Undo()).now == before.now
            assert step(step(after, Undo()), Redo()) == after


@pytest.mark.parametrize("seed", range(4))
def test_the_journal_replayed_gives_the_same_state(seed: int, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    assert journal.last("policy.toml") is None
    journal.opened("[pool]\namount = 1")
    journal.opened(TOML)
    done = drawn(random.Random(seed), 15)
    for before, event, after in done:
        journal.note(event, before, after, who="承辦人")
    with journal.path.open("a", encoding="utf-8") as file:
        file.write('{"when": "cut sho')
    assert journal.last("policy.toml") == done[-1][2]


DONE: tuple[Event, ...] = (
    SetKey("pool.amount", 640_000),
    SetKey("review.minimum_merit", "72.5"),
    Clear("clause.members.recommended"),
    Drop("priority.sharing"),
    Add("clause", QUOTA),
    Order(("merit_band", "coverage")),
    Decide("A170", "fund", "王科長", "示範學校"),
    Decide("A171", "refuse", "王科長", "撤案"),
    Pin("甲案"),
)
_CAP = ("amount = 5_000", "amount = 6_000")


def _outside(was: str, now: str) -> str:
    assert was in TOML
    return TOML.replace(was, now, 1)


@pytest.mark.parametrize("seed", range(2))
def test_a_draft_goes_on_from_a_file_that_says_something_else(seed: int) -> None:
    """Every edit of another key is kept, undo steps through them, and the journal's line gives the same."""
    done = random.Random(seed).sample(DONE, 5)
    state, other = replayed(START, done), State.of(policy_of(_outside(*_CAP), "policy.toml"))
    read = step(state, from_data(json.loads(json.dumps(as_data(Reread(_outside(*_CAP)))))))
    assert read.reread == () and read.file == other.file
    assert not differences(read.draft, replayed(other, done).draft)
    assert read.now.pins == state.now.pins
    undone = [replayed(one, [Undo()] * len(done)).draft for one in (read, state)]
    assert undone == [other.file, START.file]


def test_what_cannot_go_on_is_named_one_by_one(tmp_path: Path) -> None:
    """A rule that is gone, and an application; a decision made outside stands beside those made here."""
    more = (
        '[[clause]]\nkind = "fixed"\nfund = [{id = "A001", reason = "示範", decided_by = "局長"}]\n'
    )
    start = TOML.rindex("[[clause]]", 0, TOML.index('kind = "school_cap"'))
    text = TOML[:start] + TOML[TOML.index("[[clause]]", start + 10) :] + more
    events = (
        SetKey("clause.school_cap.amount", 6_000),
        Decide("A170", "fund", "王科長", "示範學校"),
        Decide("A171", "refuse", "王科長", "撤案"),
        Pin("甲案"),
        SetKey("pool.amount", 1_000_000),
    )
    before, event = replayed(START, events), Reread(text, ("A171",))
    after = step(before, event)
    assert after.reread is not None
    assert [one.zh for one in after.reread] == [
        "每校上限：5,000 元 → 6,000 元",
        "人工核定 A171：指定不補助",
    ]
    assert [*decisions_of(after.draft)] == ["A001", "A170"]
    assert [*decisions_of(after.now.pins[0].policy)] == ["A170"]
    assert after.draft.settings.pool.amount == 1_000_000
    journal = Journal(tmp_path / "journal.jsonl")
    journal.opened(TOML)
    journal.note(event, before, after)
    page = journal_page("案", journal.lines(), (), "zh-TW")
    assert "未能接續：每校上限" in page and "A171：指定不補助" in page


def test_what_cannot_be_compared_any_more_is_not() -> None:
    """A pin under other full marks stays a pin; what stands is compared with the file."""
    marks = {"needs": 30, "planning": 20, "goals": 20, "team": 20, "budget": 10, "other": 10}
    pinned = replayed(START, [Pin("甲案"), SetKey("review.criteria", marks)])
    saved = step(pinned, Saved())
    assert pinned.now.against == "甲案" and saved.base == saved.file == saved.draft
    assert saved.now.pins == pinned.now.pins


def test_pins_of_a_closed_case_are_kept_when_its_file_is_another() -> None:
    state = replayed(START, [CLOSE, Pin("甲案"), Reread(_outside(*_CAP))])
    assert [pin.name for pin in state.now.pins] == ["甲案"] and state.final
    assert state.differences == ()
    assert [part.part for part in state.other_rules] == ["clause.school_cap.amount"]
    assert step(state, REVISE).other_rules == () == replayed(START, [CLOSE]).other_rules


def test_a_journal_says_who_did_what_and_why(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    event = Decide("A170", "fund", "王科長", "示範學校")
    journal.note(event, START, step(START, event), who="承辦人")
    [line] = journal.lines()
    assert (line["who"], line["why"]) == ("王科長", "示範學校")
    assert [part["part"] for part in line["changed"]] == ["clause.fixed"]
    assert "A170" in line["changed"][0]["after"] and line["changed"][0]["before"] == ""


def test_a_journal_says_what_changed_no_rule_and_what_was_taken_back(tmp_path: Path) -> None:
    """Files and verified results stand in it, and replaying it passes over them."""
    journal = Journal(tmp_path / "journal.jsonl")
    journal.opened(TOML)
    before = journal.last("policy.toml")
    assert before is not None
    journal.beside(FILES, "陳專員", files=["reviews.csv"], replaced=[])
    journal.beside(ERRAND, "陳專員", about="letters")
    why = asdict(Text("磁碟已滿", "no space is left"))
    journal.beside(ERRAND, "陳專員", about="letters", came="failed", said=why)
    for kind in get_args(Kind):
        for came in get_args(Came):
            journal.beside(ERRAND, "陳專員", about=kind, came=came)
    journal.beside(VERIFIED, "", folder="case-result", seal="ABCDE")
    assert journal.last("policy.toml") == before
    state = step(before, event := SetKey("pool.amount", 70_000))
    journal.note(event, before, state)
    journal.note(Undo(), state, step(state, Undo()))
    page = journal_page("案", journal.lines(), (), "zh-TW")
    for said in (
        "收下檔案：reviews.csv",
        "陳專員",
        "開始產生通知函",
        "產生通知函：未完成：磁碟已滿",
        "產生通知函：已停止",
        "找出名單的轉折點：完成",
        "核對無誤：case-result（ABCDE）",
        "復原：總經費",
    ):
        assert said in page


def test_a_journal_that_was_damaged_is_gone_on_with(tmp_path: Path) -> None:
    """A line cut short inside a character, and lines of something else, take no other with them."""
    journal = Journal(tmp_path / "journal.jsonl")
    journal.opened(TOML)
    with journal.path.open("ab") as file:
        file.write(
            '{"when": "不明", "event": "errand"}\n{"when": "2026", "event": "中'.encode()[:-1]
        )
    journal.beside(FILES, "陳專員", files=["reviews.csv"], replaced=[])
    assert journal.last("policy.toml") is not None
    page = journal_page("案", journal.lines(), (), "zh-TW")
    assert "這一筆無法讀出" in page and "收下檔案：reviews.csv" in page


def test_others_hear_what_was_decided_and_not_on_what_grounds() -> None:
    decided = [Decide(one, "refuse", "王科長", "撤案") for one in ("A170", "A171")]
    first = step(START, decided[0])
    second = step(first, decided[1])
    assert Did.of("王科長", first, second).said.zh == "人工核定 A171：指定不補助"
    assert "取消核定" in Did.of("王科長", second, first).said.zh
    moved = step(second, SetKey("pool.amount", 70_000))
    assert Did.of("王科長", first, moved).said.zh.startswith("人工核定 A171：指定不補助；總經費：")


def test_a_line_of_the_journal_says_what_was_true_when_it_was_written(tmp_path: Path) -> None:
    """Of a decision, that one alone; of a rule that is gone since, its sentence."""
    journal, state = Journal(tmp_path / "journal.jsonl"), START
    events = (
        Decide("A170", "fund", "王科長", "示範學校"),
        Decide("A171", "refuse", "王科長", "撤案"),
        Add("clause", QUOTA),
        Drop("clause.quota.district.和平區"),
    )
    for event in events:
        before, state = state, step(state, event)
        journal.note(event, before, state)
    first, second, added, gone = (what.zh for _, _, what, _ in entries_of(journal.lines()))
    assert "A170" in first and "A171" not in first and "A171" in second
    rule = step(START, events[2]).draft.clauses[-1]
    said = rule.sentence().zh.rstrip("。")
    assert (added, gone) == (f"新增：{said}", f"刪除：{said}")
    bare = {"when": "2026-01-01", "event": "set", "changed": journal.lines()[0]["changed"]}
    assert [what.zh for _, _, what, _ in entries_of([bare])] != [""]


def test_events_come_back_from_json() -> None:
    every = (*EVENTS, *ENDINGS, Undo(), Redo(), TakeBack("pool.amount"), Reread(TOML, ("A1",)))
    for event in every:
        assert from_data(json.loads(json.dumps(as_data(event)))) == event
    assert {type(event) for event in every} == set(KINDS.values())
    with pytest.raises(ValueError, match="nothing"):
        from_data({"event": "nothing"})


@pytest.mark.parametrize("seed", range(4))
def test_differences_are_taken_back_one_by_one(seed: int) -> None:
    rng = random.Random(seed)
    [*_, (_, _, state)] = drawn(rng, 20)
    while state.differences:
        parts = [differs.part for differs in state.differences]
        part = rng.choice(parts)
        try:
            state = step(state, TakeBack(part))
        except PolicyError:  # e.g. a rule is back only once its priority is
            continue
        assert part not in [differs.part for differs in state.differences]
    assert {r.label for r in state.draft.rules} == {r.label for r in state.file.rules}


def test_a_decision_needs_a_name_and_a_reason_and_is_one() -> None:
    for who, why in (("", "撤案"), ("王科長", " ")):
        with pytest.raises(PolicyError):
            step(START, Decide("A170", "fund", who, why))
    state = step(START, Decide("A170", "fund", "王科長", "示範學校"))
    state = step(state, Decide("A170", "refuse", "陳專員", "已另有補助"))
    [rule] = [r for r in state.draft.clauses if r.by_hand]
    assert "陳專員" in rule.sentence().zh and "王科長" not in rule.sentence().zh
    assert step(state, Decide("A170", "open")).draft == START.draft


def test_what_cannot_be_is_refused_and_changes_nothing() -> None:
    for event in (SetKey("pool.amount", -1), SetKey("pool.amuont", 1), Drop("clause.nothing")):
        with pytest.raises(PolicyError):
            step(START, event)
    with pytest.raises(UsageError, match="pinned"):
        replayed(START, [Pin(str(n)) for n in range(MOST_PINS + 1)])
    for event in (Pin("  "), Unpin("丙案"), Compare("丙案"), Rename("丙案", "丁"), GoOn("丙案")):
        with pytest.raises(UsageError):
            step(START, event)
    assert step(START, Undo()) is START is step(START, Redo())
    pinned = replayed(START, [Pin("甲案"), Pin("甲案"), SetKey("pool.amount", 1_000)])
    with pytest.raises(UsageError, match="another scenario named '甲案'"):
        step(pinned, Pin("甲案"))


def test_what_is_final_is_revised_and_not_changed() -> None:
    state = replayed(START, [SetKey("pool.amount", 600_000), CLOSE])
    for event in (*EVENTS[:-1], Undo(), Redo(), Saved(), CLOSE):
        if isinstance(event, Pin | Unpin | Compare):
            continue
        with pytest.raises(UsageError, match="closed"):
            step(state, event)
    assert step(state, Pin("定案")).base == state.draft
    revised = step(state, REVISE)
    assert [one.folder for one in revised.final] == ["case-result", "case-revision-1"]
    with pytest.raises(UsageError, match="revised"):
        step(revised, ENDINGS[-1])
    assert step(state, ENDINGS[-1]).final == () and step(state, ENDINGS[-1]).draft == state.draft
    with pytest.raises(UsageError, match="nothing to revise"):
        step(START, REVISE)
    for event in (CLOSE, REVISE, ENDINGS[-1]):
        with pytest.raises(UsageError, match="name of who"):
            step(START if event is CLOSE else state, replace(event, reason=" "))


def test_a_closed_case_stays_closed_whatever_became_of_its_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.opened(TOML)
    state = START
    for event in (SetKey("pool.amount", 600_000), CLOSE, REVISE):
        before, state = state, step(state, event)
        journal.note(event, before, state, login="陳專員")
    assert journal.last("policy.toml") == replace(state, past=(), future=()) == state
    journal.opened(TOML)
    last = journal.last("policy.toml")
    assert (
        last is not None
        and last.final == journal.final == state.final
        and last.draft == START.draft
    )
    assert (journal.lines()[2]["who"], journal.lines()[2]["login"]) == ("王科長", "陳專員")
    page = journal_page("<計畫>", journal.lines(), state.final, "zh-TW")
    assert "&lt;計畫&gt;" in page and "AAAAA" in page and "王科長（陳專員）" in page
    assert "撤回 A170、A171 減列為 1,000 元、經費 600,000 元" in page


def test_a_pin_is_compared_with() -> None:
    state = replayed(
        START, [SetKey("pool.amount", 600_000), Pin("甲案"), SetKey("pool.amount", 1_000)]
    )
    assert state.base.settings.pool.amount == 600_000
    assert step(state, Unpin("甲案")).base == START.file
    renamed = step(state, Rename("甲案", " 乙案 "))
    assert renamed.base == state.base and [pin.name for pin in renamed.now.pins] == ["乙案"]
    assert step(renamed, GoOn("乙案")).draft == state.base
    assert step(renamed, GoOn("")).draft == START.file
    for to in (" ", "丙案"):
        with pytest.raises(UsageError, match="name of its own"):
            step(step(renamed, Pin("丙案")), Rename("乙案", to))


# ---- the file -----------------------------------------------------------------------------------


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


@pytest.mark.parametrize("seed", range(6))
def test_the_file_says_the_draft_and_keeps_its_comments(seed: int) -> None:
    pytest.importorskip("tomlkit")
    [*_, (_, _, state)] = drawn(random.Random(seed), 20)
    text = rewritten(TOML, START.file, state.draft)
    assert policy_of(text, "policy.toml") == state.draft
    kept = {r.label for r in state.draft.rules} >= {r.label for r in START.file.rules}
    if kept:
        assert sorted(comments(text)) == sorted(comments(TOML))
    assert rewritten(TOML, START.file, START.file) == TOML


def test_a_change_of_one_key_changes_one_line() -> None:
    pytest.importorskip("tomlkit")
    draft = step(START, SetKey("clause.school_cap.amount", 6_000)).draft
    lines = rewritten(TOML, START.file, draft).splitlines()
    assert [one for one, other in zip(lines, TOML.splitlines(), strict=True) if one != other] == [
        "amount = 6_000"
    ]


def test_more_money_alone_takes_nothing_from_what_was_published() -> None:
    closed = replace(START, ruled=START.file)
    for change, alone in (
        ({"pool.amount": 990_000}, True),
        ({"pool.amount": 100_000}, False),
        ({"pool.amount": 990_000, "clause.school_cap.amount": 4_000}, False),
        ({}, False),
    ):
        file = START.file.changed(Changes(change), "policy.toml")
        assert replace(closed, file=file).only_more_money is alone


def test_knobs_of_one_title_are_told_apart() -> None:
    quota = {"kind": "quota", "column": "level", "value": "junior_high", "at_least": 1}
    two = START
    for most in (1, 2):
        two = step(two, Add("clause", {**quota, "at_most": 90 + most, "name": f"q{most}"}))
    titles = [number.title for number in numbers(two.draft).values()]
    assert len(titles) == len(set(titles)) and any("之 2" in title.zh for title in titles)


def test_a_file_that_somebody_changed_is_not_written_over(tmp_path: Path) -> None:
    pytest.importorskip("tomlkit")
    path = tmp_path / "policy.toml"
    path.write_text(TOML, "utf-8")
    was, now = read_policy(path), step(START, SetKey("pool.amount", 1_000)).draft
    kept = PolicyFile.at(path).written(was, now)
    assert read_policy(path) == now
    assert not kept.is_changed
    path.write_text(TOML, "utf-8")
    assert kept.is_changed
    with pytest.raises(UsageError, match="changed elsewhere"):
        kept.written(now, was)
    assert path.read_text("utf-8") == TOML


def test_a_small_case_has_nothing_to_take_back() -> None:
    assert State.of(small_case().policy).differences == ()


def test_pins_are_scenarios_that_say_the_same(tmp_path: Path) -> None:
    events = [
        SetKey("pool.amount", 640_000),
        SetKey("review.minimum_merit", "72.5"),
        Drop("priority.sharing"),
        Decide("A170", "refuse", "王科長", "撤案"),
    ]
    policies = [replayed(START, events[:n]).draft for n in range(len(events) + 1)]
    pins = [Pinned(f"方案 {n}", policy) for n, policy in enumerate(policies)]
    (tmp_path / "scenarios.toml").write_text(scenarios_toml(START.file, pins), "utf-8")
    found = read_scenarios(tmp_path / "scenarios.toml")
    assert [apply(START.file, scenario) for scenario in found] == policies


def test_what_was_not_found_in_time_is_told_apart_from_what_the_system_ended() -> None:
    pytest.importorskip("nicegui")
    from optimizer.desk.pages.trouble import in_short

    said = Text("時限內未找到；請提高時限（--time-limit）", "raise it (--time-limit)")
    assert "--time-limit" not in in_short(LimitError(said)).zh + in_short(LimitError(said)).en
    assert in_short(EndedError(said)) == said and in_short(UsageError(said)) == said
