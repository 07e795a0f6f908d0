"""What is done with a result once it is written, by one who is at the desk with others."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from helpers.explaining import explained_at_once, explanations_of
from helpers.results import small_allocation, small_case

from optimizer.check import Check
from optimizer.desk import finishing, intake
from optimizer.desk.afterwards import Afterwards, Intent
from optimizer.desk.decisions import by_hand, decisions_of
from optimizer.desk.ending import Final
from optimizer.desk.errands import Errand, done
from optimizer.desk.events import Add, Decide, Pin, Saved, SetKey
from optimizer.desk.people import OWNER, STRANGER, Person, Presence, at_the_desk
from optimizer.desk.rail import DONE, NOT_YET, WRONG, marks
from optimizer.desk.state import State, Verified, step
from optimizer.desk.workbench import Workbench
from optimizer.language.text import Text
from optimizer.letters.letters import write_letters
from optimizer.policy.policy import Policy
from optimizer.problems.errors import InfeasibleError, UsageError, defect
from optimizer.report.folder import files_of
from optimizer.report.printed_record import render_record
from optimizer.report.writer import write_result
from optimizer.revisions import revise

CHIEF, CLERK = Person("王科長", "decide"), Person("陳專員", "explore")


def in_the_process(desk: Afterwards, case: Any) -> Any:
    """Return a worker that does at once, here, what the worker's process does."""

    def ask(method: str, *given: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(getattr(desk, method)(case, *given))
        return done

    return SimpleNamespace(afterwards=ask, close=lambda: None)


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    (tmp_path / "case").mkdir()
    bench = Workbench(tmp_path / "case")
    bench.worker = in_the_process(Afterwards(), small_case())
    bench.state = bench._settled = State.of(small_case().policy)
    return bench


def test_letters_are_the_commands(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Errand] = []
    monkeypatch.setattr("optimizer.desk.errands.explain_all", explained_at_once)
    monkeypatch.setattr(bench.background, "begin", begun.append)
    allocation = small_allocation()
    write_result(allocation, bench.target, parts=())
    final = Final(bench.target.name, allocation.seal)
    finishing.begin_letters(bench, final)
    assert not finishing.has_letters(bench, final)
    assert done(begun[0], small_case(), str).proved and finishing.has_letters(bench, final)
    assert not finishing.has_letters(bench, replace(final, seal="of another round"))
    own = tmp_path / "own"
    write_letters(allocation, explanations_of(allocation), own)
    pairs = zip(files_of(finishing.letters_of(bench, final)), files_of(own), strict=True)
    for ours, theirs in pairs:
        assert ours.name == theirs.name
        assert ours.read_bytes() == theirs.read_bytes()


def test_the_pdf_record_is_that_of_the_result(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("typst")
    begun: list[Errand] = []
    monkeypatch.setattr(bench.background, "begin", begun.append)
    allocation = small_allocation()
    write_result(allocation, bench.target, parts=())
    final = Final(bench.target.name, allocation.seal)
    finishing.begin_record(bench, final)
    assert done(begun[0], small_case(), str).proved
    assert finishing.record_of(bench, final).read_bytes() == render_record(allocation)
    assert not finishing.record_of(bench, replace(final, seal="of another round")).exists()
    monkeypatch.setattr("optimizer.report.typesetting.installed", lambda: False)
    with pytest.raises(UsageError, match="pip install"):
        finishing.begin_record(bench, final)
    assert len(begun) == 1


def test_a_revision_is_tried_as_the_api_says_it(bench: Workbench) -> None:
    case, allocation = small_case(), small_allocation()
    write_result(allocation, bench.target, parts=())
    gone = next(iter(allocation.awards.query("status == 'funded'")["application_id"]))
    bench.state = State(case.policy, bench.now.now, final=(Final(bench.target.name, "S"),))
    said = asyncio.run(finishing.try_revision(bench, Intent(withdraw=(gone,))))
    other = revise(allocation, case, withdraw=[gone])
    assert said.seal == other.allocation.seal and gone in str(said.lines)
    assert not list(bench.target.parent.glob("*revision*"))
    with pytest.raises(UsageError, match="do not fit"):
        asyncio.run(finishing.try_revision(bench, Intent(withdraw=("Z999",))))
    with pytest.raises(UsageError, match="name of who"):
        asyncio.run(finishing.write_revision(bench, Intent(withdraw=(gone,)), "王科長", ""))


def test_what_was_changed_since_it_was_verified_is_named(bench: Workbench) -> None:
    def last() -> finishing.Item:
        return finishing.before_closing(bench)[-1]

    assert (
        not last().holds and "核對無誤" in last().said.zh
    )  # of nothing, nothing was changed since
    bench.verified = Verified("S", bench.now.draft, finishing.files_now(bench))
    assert last().holds and "沒有任何更動" in last().said.zh
    (bench.folder / "reviews.csv").write_text("x", "utf-8")
    assert not last().holds and last().why == Text("reviews.csv 已有更動", "reviews.csv changed")
    bench.done(SetKey("pool.amount", 1_000_000))
    assert last().why.zh == "reviews.csv、畫面上的規則 已有更動"
    with pytest.raises(UsageError, match=r"changed since \(reviews.csv, the rules"):
        asyncio.run(finishing.close(bench, "王科長", "會議決議"))


def grounds(policy: Policy) -> list[tuple[str | None, str | None]]:
    found = (one.entry for one in decisions_of(policy).values())
    return [(entry.get("decided_by"), entry.get("reason")) for entry in found]


def test_decisions_by_hand_have_who_and_why(bench: Workbench) -> None:
    policy = small_case().policy
    decided = step(State.of(policy), Decide("A1", "fund", "王科長", "示範")).draft
    assert grounds(decided) == [("王科長", "示範")]
    bare = {"kind": by_hand(), "fund": ["A1", {"id": "A2", "reason": "由"}], "decided_by": "王"}
    stated = step(State.of(policy), Add("clause", bare)).draft
    assert grounds(stated) == [("王", None), ("王", "由")]


def test_a_role_is_held_by_what_is_done_and_not_by_the_page(bench: Workbench) -> None:
    bench.stranger = STRANGER  # where there are logins, of whom nothing is known may look
    more = SetKey("pool.amount", 1_000_000)
    errand = Errand("prices", small_case().policy, Path("never"))
    for doing in (
        lambda: bench.done(more),
        lambda: bench.done(Pin("甲案")),
        lambda: bench.begin(errand),
    ):
        with pytest.raises(UsageError, match="explore"):
            doing()
    taking = intake.receive(bench, [])
    for waiting in (bench.move(more), bench.save(), finishing.write(bench), taking, bench.reopen()):
        with pytest.raises(UsageError, match="role"):
            asyncio.run(waiting)
    for waiting in (intake.go_to(bench, "/"), intake.begin(bench, "/tmp", "blank", "en")):
        with pytest.raises(UsageError, match="this case alone"):
            asyncio.run(waiting)
    at_the_desk.set(CLERK)
    assert bench.done(more)
    for event in (Decide("A1", "fund", "陳", "由"), Saved()):
        with pytest.raises(UsageError, match="decide"):
            bench.done(event)
    for waiting in (finishing.close(bench, "陳", "由"),):
        with pytest.raises(UsageError, match="decide"):
            asyncio.run(waiting)
    with pytest.raises(UsageError, match="decide"):
        finishing.begin_letters(bench, Final("", ""))
    at_the_desk.set(CHIEF)
    assert bench.done(Decide("A1", "refuse", "局長", "撤案"))
    assert bench.did.who == "王科長" and "A1" in bench.did.said.zh
    first, second = bench.journal.lines()
    assert (first["login"], second["login"], second["who"]) == ("陳專員", "王科長", "局長")


def test_people_at_one_case_know_that_they_are_several() -> None:
    present, heard = Presence(), []
    present.heard.add(lambda: heard.append(present.said.zh))
    present.comes("1", OWNER)
    present.comes("2", OWNER)
    present.goes("1")
    assert heard == ["", "本案開啟了 2 個視窗", ""]
    present.comes("3", CHIEF)
    present.comes("4", CHIEF)
    present.comes("5", CLERK)
    present.goes("unknown")
    assert heard[-1] == "在場：王科長（決定）、陳專員（試算）" and len(heard) == 6


def test_the_rail_says_how_far_each_room_is(bench: Workbench) -> None:
    def signs() -> list[str]:
        return [mark.sign for mark in marks(bench).values()]

    assert signs() == [NOT_YET, NOT_YET, WRONG, "", NOT_YET]
    bench.check = Check((defect("x", Text("錯", "wrong")),))
    bench.waiting = 0.0
    assert signs() == [WRONG, NOT_YET, NOT_YET, "", NOT_YET]
    bench.check, bench.waiting = Check(()), None
    bench.error = InfeasibleError(Text("無解", "none"))
    assert signs() == [DONE, WRONG, WRONG, "", NOT_YET]
    bench.error, bench.answer = None, SimpleNamespace(proved=True)  # type: ignore[assignment]
    bench.done(Pin("甲案"))
    assert signs() == [DONE, DONE, DONE, "", NOT_YET]
    assert marks(bench)["/scenarios"].words.zh == "釘選 1 個"
    for mark in marks(bench).values():
        assert mark.words.zh and mark.words.en
