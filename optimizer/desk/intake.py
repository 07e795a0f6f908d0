"""How a case comes to the workbench: files handed in, a folder opened, the example, blank forms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from optimizer.case.case import require
from optimizer.desk.journal import FILES
from optimizer.desk.people import OWNER
from optimizer.desk.uploads import Received, Upload
from optimizer.desk.workbench import Workbench
from optimizer.desk.worker import answered
from optimizer.language.text import Language, Text
from optimizer.new import new_case
from optimizer.problems.errors import Problem, UsageError
from optimizer.reading.outline import Excerpt

_ONE_CASE = Text(
    "此工作台由多人共用，只開放這一個計畫；要處理其他計畫，請在本機另行開啟 subsidy desk。",
    "This workbench is shared, and open for this case alone; for another one, begin subsidy desk with it.",
)

Beginning = Literal["example", "blank"]


async def receive(desk: Workbench, files: Sequence[Upload]) -> Received:
    """Take files into the case; it is read again by `Workbench.reopen`.

    Raises
    ------
    UsageError
        If the system cannot write there, or this person may not.
    """
    desk.person.allow("decide")
    received: Received = await answered(lambda: desk.worker.ask("receive", list(files)))
    if received.kept:
        names = [name for _, name in received.kept]
        desk.journal.beside(FILES, desk.person.name, files=names, replaced=list(received.aside))
    return received


async def excerpt(desk: Workbench, problem: Problem) -> Excerpt | None:
    """Return the rows around the cell of a problem; None where it stands in no table."""
    found: Excerpt | None = await answered(lambda: desk.worker.ask("excerpt", problem))
    return found


async def marked(desk: Workbench, language: Language) -> tuple[str, bytes]:
    """Return the marked copy of all tables: its name, and its content; .ods for a case that is one."""
    ending = ".ods" if any(".ods" in table.file for table in desk.tables) else ".xlsx"
    stem = desk.path.resolve().stem or "case"
    name = f"{stem}-{Text('標示', 'marked').say(language)}{ending}"
    return name, await answered(lambda: desk.worker.ask("marked", name, language))


async def go_to(desk: Workbench, place: str) -> None:
    """Open another case.

    Raises
    ------
    UsageError
        If nothing is named, or others use the workbench, too.
    CaseError
        If there is none.
    """
    path = _named(desk, place)
    require(path)
    await desk.reopen(path)


async def begin(desk: Workbench, place: str, how: Beginning, language: Language) -> None:
    """Make a new case, the example or blank forms, and open it; its own language is that of its forms.

    Raises
    ------
    UsageError
        If nothing is named, the folder is not empty or cannot be written to, or others use the
        workbench, too.
    """
    path = _named(desk, place)
    example = how == "example"
    new_case(path, example, "csv" if example else "xlsx", language)
    desk.language = language
    await desk.reopen(path)


def _named(desk: Workbench, place: str) -> Path:
    """Return the folder that is named; one case alone is open to others than its owner."""
    if desk.stranger is not OWNER:
        raise UsageError(_ONE_CASE)
    bare = place.strip().strip("\"'")
    if not bare or not bare.isprintable():
        raise UsageError(
            Text("請輸入計畫資料夾的位置。", "Say where the folder of the case is, or is to be.")
        )
    return Path(bare).expanduser()
