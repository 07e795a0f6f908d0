"""How a case comes to the workbench: files handed in, a folder opened, the example, blank forms."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from optimizer.case.case import require
from optimizer.desk.uploads import Received, Upload
from optimizer.desk.workbench import Workbench
from optimizer.language.text import Text
from optimizer.new import new_case
from optimizer.problems.errors import Problem, UsageError
from optimizer.reading.outline import Excerpt

Beginning = Literal["example", "blank"]


async def receive(desk: Workbench, files: Sequence[Upload]) -> Received:
    """Take files into the case; it is read again by `Workbench.reopen`.

    Raises
    ------
    UsageError
        If the system cannot write there.
    """
    asked = desk.worker.ask("receive", list(files))
    received: Received = await asyncio.wrap_future(asked)
    return received


async def excerpt(desk: Workbench, problem: Problem) -> Excerpt | None:
    """Return the rows around the cell of a problem; None where it stands in no table."""
    found: Excerpt | None = await asyncio.wrap_future(desk.worker.ask("excerpt", problem))
    return found


async def marked(desk: Workbench) -> tuple[str, bytes]:
    """Return the marked copy of all tables: its name, and its content; .ods for a case that is one."""
    ending = ".ods" if any(".ods" in table.file for table in desk.tables) else ".xlsx"
    stem = desk.path.resolve().stem or "case"
    name = f"{stem}-{Text('標示', 'marked').say(desk.language)}{ending}"
    asked = desk.worker.ask("marked", name, desk.language)
    return name, await asyncio.wrap_future(asked)


async def go_to(desk: Workbench, place: str) -> None:
    """Open another case.

    Raises
    ------
    UsageError
        If nothing is named.
    CaseError
        If there is none.
    """
    path = _named(place)
    require(path)
    await desk.reopen(path)


async def begin(desk: Workbench, place: str, how: Beginning) -> None:
    """Make a new case, the example or blank forms, and open it.

    Raises
    ------
    UsageError
        If nothing is named, or the folder is not empty or cannot be written to.
    """
    path = _named(place)
    example = how == "example"
    new_case(path, example, "csv" if example else "xlsx", desk.language)
    await desk.reopen(path)


def _named(place: str) -> Path:
    bare = place.strip().strip("\"'")
    if not bare or not bare.isprintable():
        raise UsageError(
            Text("請輸入計畫資料夾的位置。", "Say where the folder of the case is, or is to be.")
        )
    return Path(bare).expanduser()
