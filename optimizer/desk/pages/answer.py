"""The room where she lives: knobs, the proved answer, what changed, why, and decisions by hand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from nicegui import background_tasks, ui

from optimizer.desk.on_map import ACROSS
from optimizer.desk.on_screen import COLUMNS, OnScreen, Row
from optimizer.desk.pages.drawer import Drawer
from optimizer.desk.pages.if_closed import if_closed
from optimizer.desk.pages.knobs import knobs
from optimizer.desk.pages.room import STATIC, Room
from optimizer.desk.pages.trouble import in_short, no_list, short_of
from optimizer.desk.state import FILE
from optimizer.language.text import Text
from optimizer.problems.errors import LimitError

_WORDS = {
    "scores": Text("分數與補助線", "Scores and the funding line"),
    "districts": Text("行政區（獲補助／申請）", "Districts (funded / applied)"),
    "rank": Text("名次（由高分至低分）", "Rank (best first)"),
    "funded": Text("獲補助", "Funded"),
    "not_funded": Text("未獲補助", "Not funded"),
    "passed_over": Text("高於線而未獲補助", "Above the line, not funded"),
    "ineligible": Text("不符資格", "not eligible"),
    "waiting": Text("計算中，畫面為前一次的結果", "Working; shown is the last answer"),
    "search": Text("搜尋", "Search"),
    "which": Text("顯示哪些申請", "Which applications"),
    "table": Text("申請一覽", "Applications"),
    "nothing": Text("沒有符合條件的申請。", "No application is like that."),
    "to_table": Text("跳到申請一覽", "To the applications"),
    "nobody": Text("沒有符合資格且有分數的申請", "No application is eligible and has a merit"),
    "columns_shown": Text("欄位", "Columns"),
    "more": Text("增加", "up by"),
    "less": Text("減少", "down by"),
    "moves": Text("▲ 新增或增額　▼ 退出或減額", "▲ in, or more　▼ out, or less"),
    "counts": Text("▲▼ 獲補助件數增減", "▲▼ more or fewer funded"),
    "before": Text("原", "was"),
    "came": Text("新增", "in"),
    "left": Text("退出", "out"),
    "some_funded": Text("有獲補助", "some funded"),
    "none_funded": Text("無獲補助", "none funded"),
    "none_applied": Text("無申請", "no application"),
    "districts_as": Text("行政區的呈現方式", "Districts as"),
    "map": Text("地圖", "Map"),
    "list": Text("列表", "List"),
    "point": Text(
        "指向或點選行政區，看獲補助／申請件數",
        "Point at a district, or choose it: funded / applied",
    ),
    "on_map": Text("獲補助比例：", "Share funded: "),
}
_NO_LIST = Text("沒有可行的名單", "There is no list")
_CHIPS = {
    "all": Text("全部", "All"),
    "changed": Text("變動", "Changed"),
    "funded": Text("獲補助", "Funded"),
    "not_funded": Text("未獲補助", "Not funded"),
    "ineligible": Text("不符資格", "Not eligible"),
}


class AnswerView(ui.element, component=str(STATIC / "answer.js")):  # type: ignore[call-arg, misc]
    """One answer, drawn by the browser in one go."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.props["words"] = {
            **{name: room.told(words) for name, words in _WORDS.items()},
            "chips": {name: room.told(words) for name, words in _CHIPS.items()},
            "columns": [room.told(words) for words in COLUMNS.values()],
        }
        if room.desk.map is not None:
            self.props["map"] = {"across": ACROSS, **asdict(room.desk.map)}
        self._room = room
        self._rows: tuple[Row, ...] = ()
        self._reasons: tuple[Text, ...] = ()
        self.ready = False

    def show(self, answer: OnScreen) -> None:
        """Show an answer; of the rows only those that are others than before are sent."""
        said = {
            "numbers": [self._room.in_words(one) for one in answer.numbers],
            "proved": answer.proved,
            "status": self._room.told(answer.status),
            "against": self._room.told(_against(self._room)),
            "districts": answer.districts,
            "line": answer.line,
        }
        rows = _rows_that_differ(self._rows, answer.rows)
        self.run_method("show", {**said, **rows})
        self._rows, self._reasons = answer.rows, () if "rows" in rows else self._reasons
        background_tasks.create(self._explain())

    async def _explain(self) -> None:
        """Show the reasons once they are worked out; of them, too, those alone that are others."""
        said = await self._room.desk.reasons()
        if said is None or not self._room.is_there:
            return
        before = self._reasons if len(self._reasons) == len(said) else (None,) * len(said)
        told = self._room.told
        changed = [(n, told(new)) for n, new in enumerate(said) if new != before[n]]
        with self._room.client:
            self.run_method("explain", changed)
        self._reasons = said

    def begin(self) -> None:
        """Send everything again: the browser has begun to show it."""
        self._rows, self._reasons, self.ready = (), (), True


def _against(room: Room) -> Text:
    """Say what is compared with."""
    name = room.desk.now.now.against
    if name == FILE:
        return Text("與計畫檔比較", "compared with the policy file")
    return Text(f"與「{name}」比較", f'compared with "{name}"')


def _rows_that_differ(before: tuple[Row, ...], now: tuple[Row, ...]) -> dict[str, Any]:
    if [row[1] for row in before] != [row[1] for row in now]:
        return {"rows": now}
    return {"changed": [row for row, old in zip(now, before, strict=True) if row != old]}


_CLOSED = Text(
    "本案已定案。這裡依目前的資料與規則計算，不含修正；已公布的結果與理由請看「定案」。",
    "The case is closed. What is shown here is worked out from data and rules as they "
    "stand, without revisions; what was published, and why, is told under Finish.",
)


def answer_room(room: Room) -> None:
    """Show the room."""
    if_closed(room, _CLOSED)
    knobs(room)
    view = AnswerView(room)
    trouble = ui.element("div").classes("card trouble").props("role=status")
    trouble.set_visibility(False)
    trouble.move(target_index=1)
    drawer = Drawer(room)

    def answered() -> None:
        desk = room.desk
        if not view.ready:
            return
        trouble.classes(**{"remove" if desk.waiting is None else "add": "waiting"})
        if desk.waiting is not None:
            view.run_method("wait", True)
            return
        if desk.answer is not None:
            view.show(desk.answer)
            trouble.set_visibility(short_of(room, trouble, desk.answer))
        elif desk.error is not None:
            late = isinstance(desk.error, LimitError)
            view.run_method("none", room.told(in_short(desk.error) if late else _NO_LIST))
            no_list(room, trouble, desk.error)
            trouble.set_visibility(True)

    def ready() -> None:
        view.begin()
        answered()

    view.on("ready", ready)
    view.on("open", lambda event: drawer.open(event.args))
    room.listen(room.desk.answered, answered)
