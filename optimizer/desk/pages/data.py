"""The room of the data: what is found, what is wrong with it, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable

from nicegui import ui

from optimizer.desk import intake
from optimizer.desk.alike import Alike, alike
from optimizer.desk.fields import named
from optimizer.desk.found import TableFound
from optimizer.desk.pages.gone_on import gone_on
from optimizer.desk.pages.handed_in import HandedIn
from optimizer.desk.pages.room import ROOMS, Room, link, text
from optimizer.desk.typed_in import can_be_typed, mend
from optimizer.language.text import Text
from optimizer.problems.errors import Problem, Severity
from optimizer.reading.outline import Excerpt
from optimizer.report.marked import VALUES_ONLY, of_workbook

_SHOWN = 50  # problems of one kind that are listed
_MARKED = "✗ "  # before the cell that is wrong: it is not told by its colour alone


def data_room(room: Room) -> None:
    """Show the room."""
    _sent_here(room)
    said = ui.element("div").props("role=status")
    HandedIn(room, said)
    panel = ui.element("div").classes("rules")

    def show() -> None:
        panel.clear()
        with panel:
            _shown(room)

    show()
    room.listen(room.desk.changed, show, closed=True)


def _sent_here(room: Room) -> None:
    """Say to whom wanted another room why this one is shown, and the way there once it is open."""
    path = room.client.request.query_params.get("for", "")
    if path not in ROOMS:
        return
    wanted = room.told(ROOMS[path])
    panel = ui.element("section").classes("card rule").props("role=status")

    def show() -> None:
        panel.clear()
        with panel:
            if room.desk.state is not None:
                text(
                    room.say("資料與計畫檔已沒有錯誤。", "Data and policy are without errors now.")
                )
                link(room.say(f"前往「{wanted}」", f"Go to {wanted}"), path)
                return
            text(
                room.say(
                    f"「{wanted}」須待資料與計畫檔沒有錯誤才能開啟；請先修正下列各項。",
                    f"{wanted} opens once data and policy are without errors: mend what is listed below.",
                )
            ).classes("wrong")

    show()
    room.listen(room.desk.changed, show, closed=True)


def _shown(room: Room) -> None:
    desk = room.desk
    gone_on(room)
    if desk.check is None:
        text(room.say("讀取與檢查中…", "Being read and checked…"))
        return
    by_weight: dict[Severity, list[Problem]] = {severity: [] for severity in Severity}
    for problem in desk.check.problems:
        by_weight[problem.severity].append(problem)
    errors, refusals, flags = (by_weight[severity] for severity in Severity)
    with ui.element("section").classes("card rule"):
        _verdict(room, len(errors))
        if desk.tables:
            _tables(room, desk.tables)
    if errors:
        _group(room, room.say("錯誤：修正後即可分配", "Errors: mend these to go on"), errors)
    _group(
        room,
        room.say("依計畫規定不符資格的申請", "Not eligible, by the rules of the plan"),
        refusals,
        room.say(
            "這些是計畫的條件所致。如係登打有誤（例如送件日期的年份），請更正檔案後重新讀取；否則不必更動。",
            "These follow from the rules of the plan. Where something was mistyped, as the year of a date, mend "
            "the file and read it again; otherwise nothing is to be done.",
        ),
    )
    _group(
        room,
        room.say("註記", "Flags"),
        flags,
        room.say("值得留意，不影響資格。", "Worth a look; they decide nothing."),
    )


def _verdict(room: Room, errors: int) -> None:
    check = room.desk.check
    assert check is not None
    text(room.say("找到的資料", "What is found"), "h2")
    if errors:
        text(
            room.say(
                f"✗ 有 {errors:,} 處錯誤，修正之後才能分配。{check.rest.zh}",
                f"✗ {errors:,} error{'s' * (errors != 1)}: mend before allocating. {check.rest.en}",
            )
        ).classes("wrong")
        room.button(
            "look",
            room.say("下載標示錯誤的活頁簿", "Download the workbook with the errors marked"),
            lambda: room.act(_download(room)),
        )
        if any(of_workbook(table.file) for table in room.desk.tables):
            text(room.told(VALUES_ONLY)).classes("small")
        return
    text(
        room.say(
            f"✓ 資料沒有錯誤：申請 {check.applications:,} 件，符合資格 {check.eligible:,} 件。",
            f"✓ No errors: {check.applications:,} applications, {check.eligible:,} of them eligible.",
        )
    )


async def _download(room: Room) -> None:
    name, content = await intake.marked(room.desk, room.language)
    with room.client:
        ui.download.content(content, name)


def _tables(room: Room, tables: Iterable[TableFound]) -> None:
    """Show a line for each file or sheet: what it is taken for, its rows, its columns."""
    with ui.element("div").classes("wide files").props("tabindex=0 role=region") as wide:
        wide.props["aria-label"] = room.say("檔案與工作表", "Files and sheets")
        with ui.element("table").classes("plain-table cards").props("role=table"):
            with ui.element("thead").props("role=rowgroup"), ui.element("tr").props("role=row"):
                for head in _HEADS:
                    shown = text(room.told(head), "th").props("scope=col role=columnheader")
                    shown.classes("number" if head is _ROWS else "")
            with ui.element("tbody").props("role=rowgroup"):
                for table in tables:
                    _table(room, table)


_ROWS = Text("列數", "Rows")
_HEADS = (
    Text("檔案或工作表", "File or sheet"),
    Text("讀為", "Read as"),
    _ROWS,
    Text("認得的欄位", "Columns understood"),
    Text("其他欄位（規則可引用）", "Other columns (a rule can name them)"),
)


def _table(room: Room, table: TableFound) -> None:
    passed = room.say("未讀入", "not read")
    cells = (
        (passed if table.table is None else room.told(table.table), ""),
        (f"{table.size:,}" if table.size else "—", "number"),
        (room.listed(map(room.told, table.understood)) or "—", "long"),
        (room.listed(table.ignored) or "—", ""),
    )
    # the roles are said, for where it is narrow they are none by themselves; see desk.css
    with ui.element("tr").props("role=row"):
        text(table.file, "th").props("scope=row role=rowheader")
        for head, (words, kind) in zip(_HEADS[1:], cells, strict=True):
            cell = text(words, "td").classes(kind).props("role=cell")
            cell.props["data-label"] = room.told(head)


# ---- what is wrong ------------------------------------------------------------------------------


def _group(room: Room, title: str, found: Iterable[Problem], note: str = "") -> None:
    desk = room.desk
    rules = {rule.label: rule.spoken for rule in desk.now.draft.rules} if desk.state else {}
    kinds = alike(found, rules)
    if not kinds:
        return
    with ui.element("section").classes("card rule"):
        text(title, "h2")
        if note:
            text(note).classes("small")
        for kind in kinds:
            _kind(room, kind)


def _kind(room: Room, kind: Alike) -> None:
    """Show the problems of one kind: what mends them, then each with its place."""
    count = len(kind.problems)
    wrong = kind.problems[0].severity is Severity.ERROR
    with ui.element("details").classes("kind") as details:
        details.props["open"] = wrong
        about = {problem.application_id for problem in kind.problems}
        cells = wrong or "" in about  # else it is applications that are judged
        number, unit = (count, "處") if cells else (len(about), "件")
        many = room.say(f"（{number:,} {unit}）", f" ({number:,})")
        said = room.told(kind.said)
        text(said[:1].upper() + said[1:] + many, "summary")
        for mended in kind.mended:
            text(room.told(mended)).classes("mend")
        with ui.element("ul").classes("list"):
            for problem in kind.problems[:_SHOWN]:
                _problem(room, kind, problem)
        if count > _SHOWN:
            text(
                room.say(
                    f"另有 {count - _SHOWN:,} 處未列出；標示錯誤的活頁簿列有全部。",
                    f"{count - _SHOWN:,} more are not shown; the marked workbook has them all.",
                )
            ).classes("small")


def _problem(room: Room, kind: Alike, problem: Problem) -> None:
    who = f"{problem.application_id} " if problem.application_id else ""
    said = " ".join(kind.own(problem).say(room.language).split()).strip("：:；; ")
    with ui.element("li"):
        text(who + said, "span")
        if problem.row:
            name = room.say("看這一列", "Show the row")
            look = room.button("look", name, lambda: _open(room, problem, shown))
            look.props["aria-label"] = room.headed(name, f"{who}{said}")
        shown = ui.element("div")
        if room.desk.state is None and can_be_typed(problem):
            _typed(room, problem)


def _typed(room: Room, problem: Problem) -> None:
    """Show the field in which the right value is typed, and what is wrong with that."""
    label = room.told(named((), problem.column))
    with room.only("decide"), ui.element("div").classes("inline"):
        value = ui.input(label).props("dense outlined maxlength=500").style("min-width: 20rem")

        async def put() -> None:
            await room.act(mend(room.desk, problem, value.value or ""))

        room.button("decide", room.say("寫入計畫檔", "Write to the policy file"), put)


async def _open(room: Room, problem: Problem, shown: ui.element) -> None:
    """Show the cell in its row, or close it again."""
    if shown.default_slot.children:
        shown.clear()
        return
    found = await intake.excerpt(room.desk, problem)
    if not room.is_there:
        return
    with room.client, shown:
        if found is None:
            text(room.say("檔案中已找不到這一列。", "The row is no longer in the file."))
        else:
            _excerpt(room, found)


def _excerpt(room: Room, found: Excerpt) -> None:
    with ui.element("div").classes("wide").props("tabindex=0 role=region") as wide:
        wide.props["aria-label"] = room.say("前後幾列", "The rows around it")
        with ui.element("table").classes("plain-table excerpt"):
            with ui.element("thead"), ui.element("tr"):
                text(room.say("列", "Row"), "th").props("scope=col")
                for head in found.header:
                    text(room.told(head), "th").props("scope=col")
            with ui.element("tbody"):
                for line, cells in found.lines:
                    _line(room, found, line, cells)
    ui.run_javascript(
        f"const wide = document.getElementById('{wide.html_id}'), bad = wide?.querySelector('.bad');"
        "if (bad) wide.scrollLeft = bad.offsetLeft - wide.clientWidth / 2;"
    )


def _line(room: Room, found: Excerpt, line: int, cells: Iterable[str]) -> None:
    wrong = line == found.line
    with ui.element("tr").classes("here" if wrong else ""):
        text(str(line), "th").props("scope=row")
        for position, cell in enumerate(cells):
            bad = wrong and position == found.position
            blank = room.say("（空白）", "(blank)") if bad and not cell else cell
            text(f"{_MARKED}{blank}" if bad else cell, "td").classes("bad" if bad else "")
