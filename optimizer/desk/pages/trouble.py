"""What is shown where there is no list, or none that is proved: why, and each way on as a button."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from nicegui import background_tasks, ui

from optimizer.desk.events import Mend
from optimizer.desk.fields import named
from optimizer.desk.on_screen import OnScreen
from optimizer.desk.pages.room import Room, bare, text
from optimizer.desk.wish import LONGER, EndedError
from optimizer.language.text import Text
from optimizer.language.words import duration
from optimizer.policy.problems import TABLES
from optimizer.problems.errors import InfeasibleError, LimitError, Problem, SubsidyError, WayOut


def no_list(room: Room, panel: ui.element, error: SubsidyError) -> None:
    """Say what contradicts what, or that time ran out, with each way out as a button."""
    panel.clear()
    with panel:
        text(room.told(in_short(error)), "h2")
        with ui.element("ul").classes("list"):
            for said in _against(room, error):
                text(said, "li")
        if ways := _ways(error):
            text(room.told(_MENDED))
        with room.draft():
            for way in ways:
                room.button(
                    "explore", room.told(way.text), partial(room.do, Mend(way.values, way.drop))
                )
            if any(problem.code == "fixed_key" for problem in error.problems):
                said = room.say("寫入計畫檔並重新讀取", "Write to the policy file and read again")
                room.button("decide", said, lambda: room.act(room.desk.save()), strong=True)
        if isinstance(error, LimitError):
            _longer(room)


_NOT_FOUND = Text("時限內尚未找到可行的名單", "No list was found within the time limit")


def in_short(error: SubsidyError) -> Text:
    """Say why there is no list: of one that was not found in time, not that there is none."""
    late = isinstance(error, LimitError) and not isinstance(error, EndedError)
    return _NOT_FOUND if late else error.message


_MENDED = Text("可以這樣修改，任選其一：", "Any one of these mends it:")


def _ways(error: SubsidyError) -> Sequence[WayOut]:
    return error.ways_out if isinstance(error, InfeasibleError) else ()


def _against(room: Room, error: SubsidyError) -> Iterator[str]:
    """Yield what stands against a list; of a change, what is to be typed into a file is not said."""
    for problem in error.problems:
        if not _ways(error) or not problem.hint:
            yield said_of_rules(room, problem)


def in_lines(room: Room, error: InfeasibleError) -> Iterator[str]:
    """Say that there is no list, why, and each way out, where none of them can be a button."""
    yield room.told(error.message)
    yield from _against(room, error)
    if ways := _ways(error):
        yield room.told(_MENDED)
        yield from (room.say("・", "- ") + room.told(way.text) for way in ways)


def said_of_rules(room: Room, problem: Problem) -> str:
    """Say a problem; where a rule is at fault, by what people call its key."""
    now = room.desk.now
    said = bare(problem).say(room.language)
    whole = {f"{rule.section}.{rule.label}" for rule in now.draft.rules} | {*TABLES}
    keyed = any(problem.column.startswith(f"{name}.") for name in whole)
    if not keyed or problem.column in whole:
        return said  # of a whole rule, it has its sentence
    where = room.told(named((now.draft, now.file), problem.column))
    return room.headed(where, said)


def short_of(room: Room, panel: ui.element, answer: OnScreen) -> bool:
    """Say of a list that nobody is on it, or that it is not proved; return whether there is anything to say."""
    panel.clear()
    with panel:
        if not any(row[-1] == "funded" for row in answer.rows):
            _empty(room, answer)
            return True
        if not answer.proved:
            text(
                room.say(
                    "以下名單符合所有規則，但時限內尚未證明為最佳；繼續計算可能得出更好的名單。",
                    "The list below obeys every rule, but was not proved the best within the limit: a "
                    "better one may be found by going on.",
                )
            )
            if answer.gap:
                text(room.told(answer.gap))
            _longer(room)
    return not answer.proved


def _empty(room: Room, answer: OnScreen) -> None:
    """Say that nobody is funded, and where that comes from."""
    text(room.say("沒有任何申請獲補助", "No application is funded"), "h2")
    eligible = sum(row[-1] != "ineligible" for row in answer.rows)
    if eligible:
        said = room.say(
            f"符合資格者有 {eligible:,} 件，但現有經費與規則下無一可核定；各件理由見下表。",
            f"{eligible:,} are eligible, but the money and the rules leave room for none; the table says why.",
        )
    else:
        said = room.say(
            f"全部 {len(answer.rows):,} 件均不符資格；各件理由見下表，放寬規則請至「規則」。",
            f"None of {len(answer.rows):,} is eligible; the table says why. Rules are changed under Rules.",
        )
    text(said)


def _longer(room: Room) -> None:
    most = duration(LONGER)
    said = room.say(f"再算久一點（至多 {most.zh}）", f"Go on looking (up to {most.en})")
    room.button("explore", said, lambda: background_tasks.create(room.desk.refresh(LONGER)))
