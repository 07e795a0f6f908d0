"""The room of the data: what is wrong with them, grouped by what mends it; who is not eligible."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from nicegui import ui

from optimizer.desk.pages.room import Room, text
from optimizer.problems.errors import Problem, Severity

_SHOWN = 200  # problems of one kind that are listed


def data_room(room: Room) -> None:
    """Show the room."""
    panel = ui.element("section").classes("card rule")

    def show() -> None:
        panel.clear()
        with panel:
            _shown(room)

    show()
    room.listen(room.desk.changed, show, closed=True)


def _shown(room: Room) -> None:
    desk = room.desk
    text(room.say("資料檢查", "The data"), "h2")
    text(f"{desk.path}")
    room.button(room.say("重新讀取", "Read again"), lambda: room.act(desk.reopen()))
    if desk.check is None:
        text(room.say("檢查中…", "Being checked…"))
        return
    by_weight: dict[Severity, list[Problem]] = {severity: [] for severity in Severity}
    for problem in desk.check.problems:
        by_weight[problem.severity].append(problem)
    errors, refusals, flags = (by_weight[severity] for severity in Severity)
    text(
        room.say(
            f"申請 {desk.check.applications} 件，符合資格 {desk.check.eligible} 件；"
            f"錯誤 {len(errors)} 處，不符資格 {len(refusals)} 處，註記 {len(flags)} 處。",
            f"{desk.check.applications} applications, {desk.check.eligible} eligible; {len(errors)} "
            f"errors, {len(refusals)} refusals, {len(flags)} flags.",
        )
    )
    if not errors:
        text(room.say("沒有錯誤，可以分配。", "No errors: the pool can be distributed."))
    _group(
        room, room.say("錯誤：請修正檔案後按「重新讀取」", "Errors: mend, then read again"), errors
    )
    _group(room, room.say("不符資格（依計畫規定）", "Refused by the plan"), refusals)
    _group(room, room.say("註記（不影響資格）", "Flags (they decide nothing)"), flags)


def _group(room: Room, title: str, found: Iterable[Problem]) -> None:
    """Show problems by kind: of one kind, what mends one mends all."""
    ordered = sorted(found, key=lambda problem: problem.code)
    if not ordered:
        return
    text(title, "h2")
    for _, alike in groupby(ordered, key=lambda problem: problem.code):
        problems = list(alike)
        head = room.told(problems[0].message) if len(problems) == 1 else _common(room, problems)
        with ui.element("details") as details:
            details.props["open"] = problems[0].severity is Severity.ERROR
            text(f"{head}（{len(problems)}）", "summary")
            with ui.element("ul").classes("list"):
                for problem in problems[:_SHOWN]:
                    who = f"{problem.application_id} " if problem.application_id else ""
                    text(who + problem.say(room.language), "li")


def _common(room: Room, problems: list[Problem]) -> str:
    said = {room.told(problem.message) for problem in problems}
    rules = (
        {rule.label: rule.spoken for rule in room.desk.now.draft.rules} if room.desk.state else {}
    )
    if len(said) == 1:
        return said.pop()
    code = problems[0].code
    more = room.say("等", " and others")
    return room.told(rules[code]) if code in rules else room.told(problems[0].message) + more
