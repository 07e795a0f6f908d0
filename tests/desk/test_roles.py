"""What a role may not do is shut, in every room; a control that nobody thought of is found here."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from helpers.browser import needs_desk

from optimizer.desk.background import Running
from optimizer.desk.ending import Final
from optimizer.desk.errands import Brought, Errand
from optimizer.desk.events import Pin, SetKey
from optimizer.desk.people import ROLES, Person, Role, at_the_desk
from optimizer.desk.workbench import Workbench
from optimizer.new import new_case

pytestmark = [pytest.mark.slow, needs_desk]
CONTROLS = ("button", "input", "select", "textarea", "nicegui-input")
FOR_ALL = {  # what shows something, or takes it along
    "English", "下載壓縮檔", "看這一列", "列出異動與理由", "從", "到",
    "說明", "申請編號", "關閉",
}  # fmt: skip
TO_DECIDE = {
    "重新讀取",
    "寫入計畫檔（保留註解）",
    "產生結果並核對",
    "指定補助",
    "寫出修正並核對",
    "產生通知函",
}


def under(element: Any) -> Iterator[Any]:
    """Yield an element and all in it."""
    yield element
    for slot in element.slots.values():
        for child in slot:
            yield from under(child)


def above(element: Any) -> Iterator[Any]:
    """Yield an element and all that it is in."""
    while element is not None:
        yield element
        element = element.parent_slot.parent if element.parent_slot else None


def called(element: Any) -> str:
    """Return what a control is called: its label, or its text, or that of the label it is in."""
    label = element.props.get("aria-label") or element.props.get("label")
    at = element if element.tag == "button" else next(iter(element.parent_slot))
    words = "".join(getattr(one, "content", "") or "" for one in under(at))
    return str(label or re.sub("<[^>]+>", "", words)).partition("：")[0]


def is_open(element: Any) -> bool:
    return not any(one.props.get("disabled") or one.props.get("disable") for one in above(element))


def shown(bench: Workbench, role: Role) -> list[Any]:
    """Return every control of every room, and of what stands beside one, as a role sees them."""
    from nicegui import Client
    from nicegui.page import page
    from starlette.requests import Request

    from optimizer.desk.pages.drawer import Drawer
    from optimizer.desk.pages.room import frame
    from optimizer.desk.pages.rooms import SHOWN

    at_the_desk.set(Person("林", role))
    asked = Request(
        {"type": "http", "path": "/", "query_string": b"", "headers": [(b"host", b"x")]}
    )
    with Client(page("/x"), request=asked) as client:
        for path, show in SHOWN.items():
            with frame(bench, path, SHOWN) as room:
                show(room)
                Drawer(room).open("A001")
    return [one for one in client.elements.values() if one.tag in CONTROLS]


async def states(bench: Workbench) -> AsyncIterator[Workbench]:
    """Yield a case that was worked on, one without a list, one that is closed."""
    at_the_desk.set(Person("王", "decide"))
    await bench.open()
    await bench.do(SetKey("review.minimum_merit", 71))
    bench.done(Pin("甲案"))
    errand = Errand("prices", bench.now.draft, bench.target)
    bench.background.under_way["prices"] = Running(errand, None)  # type: ignore[arg-type]
    bench.background.done["robustness"] = Running(errand, None, brought=Brought(True))  # type: ignore[arg-type]
    yield bench
    at_the_desk.set(Person("王", "decide"))
    await bench.do(SetKey("pool.amount", 1_000))
    assert bench.answer is None
    yield bench
    bench.background.under_way.clear()
    bench.state = replace(bench.now, final=(Final("case-result", "S"),))
    yield bench


def test_what_a_role_may_not_do_is_shut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nicegui import core

    new_case(tmp_path / "case", example=True)
    bench = Workbench(tmp_path / "case")
    for beside in ("_aside", "ask_quietly"):  # what follows a page is none of this
        monkeypatch.setattr(bench.worker, beside, lambda *_, **__: Future())
    found: set[str] = set()

    async def look() -> None:
        core.loop = asyncio.get_running_loop()
        async for one in states(bench):
            controls = shown(one, "look")
            found.update(map(called, controls))
            assert {called(c) for c in controls if is_open(c)} <= FOR_ALL
        may = [{called(c) for c in shown(bench, role) if is_open(c)} for role in ROLES]
        assert may[0] < may[1] < may[2]
        assert not TO_DECIDE & may[1]
        assert may[2] & TO_DECIDE

    try:
        asyncio.run(look())
    finally:
        bench.background.under_way.clear()
        bench.close()
    assert found >= FOR_ALL | TO_DECIDE
