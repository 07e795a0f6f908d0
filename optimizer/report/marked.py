"""The tables of a case written back as a workbook, with what is wrong marked in its cells.

Every cell is the text that was read, so that a copy that is mended can be handed in in place of the
files. A cell whose value cannot be told (merged, struck through, a formula without a value) gets `DOUBT`
in front: it stays wrong until somebody has looked at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import PurePath

from optimizer.language.text import Language, Text
from optimizer.problems.errors import Problem, Severity, UsageError
from optimizer.reading.outline import CaseSheet
from optimizer.reading.raw_sheet import DOUBT, FORMULA, MERGED, MERGED_DOWN, STRUCK, UNIT
from optimizer.tables.schema import fold
from optimizer.workbooks.cell_text import MOST_CHARACTERS, legal
from optimizer.workbooks.ods import to_ods
from optimizer.workbooks.sheet import CellKind, Sheet, SheetColumn, display_width
from optimizer.workbooks.xlsx import to_xlsx

Place = tuple[int, int]  # line and column, from 0
_WRITERS: Mapping[str, Callable[[Iterable[Sheet]], bytes]] = {".xlsx": to_xlsx, ".ods": to_ods}
_DOUBTS = {STRUCK: STRUCK, UNIT: UNIT, MERGED: MERGED, MERGED_DOWN: MERGED, FORMULA: FORMULA}
_LISTED = Text("問題", "problems")
_HEADS = (
    (Text("種類", "kind"), CellKind.TEXT, 12),
    (Text("位置", "place"), CellKind.TEXT, 36),
    (Text("內容", "value"), CellKind.TEXT, 18),
    (Text("說明", "what is wrong"), CellKind.LONG, 70),
)
_KINDS = {
    Severity.ERROR: Text("錯誤", "error"),
    Severity.REFUSAL: Text("不符資格", "refused"),
    Severity.FLAG: Text("註記", "flag"),
}
VALUES_ONLY = Text(
    "標示錯誤的活頁簿是讀入內容的副本：公式只留下算得的值，格式未保留；原檔沒有更動。",
    "The marked workbook is a copy of what was read: of formulas it has the values alone, and no formats; "
    "the file itself was not changed.",
)
_NOTE = Text("說明", "note")
_WIDEST = 40
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MOST_NAME = 31  # characters of the name of a sheet


def marked_workbook(
    grids: Iterable[CaseSheet], problems: Sequence[Problem], name: str, language: Language
) -> bytes:
    """Return the content of a workbook: a sheet for each that could be read, one lists all problems.

    Parameters
    ----------
    grids
        The case as `optimizer.case.case.outline_case` returns it.
    problems
        What a check found; errors are marked in their cells.
    name
        Of the file: its ending tells the format.

    Raises
    ------
    UsageError
        If it ends neither in .xlsx nor in .ods.
    """
    write = _WRITERS.get(PurePath(name).suffix.lower())
    if write is None:
        raise UsageError(
            Text(
                f"{name}：檔名須以 .xlsx 或 .ods 結尾。",
                f"{name}: the name must end in .xlsx or .ods.",
            )
        )
    return write(_sheets(grids, problems, language))


def _sheets(
    grids: Iterable[CaseSheet], problems: Sequence[Problem], language: Language
) -> Iterator[Sheet]:
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    names: set[str] = set()
    given = list(grids)
    found = [_sheet(_filled(grid), errors, names, language) for grid in given]
    yield from (sheet for sheet in found if not sheet.unseen)
    rows = [_listed(problem, language) for problem in problems]
    if any(map(of_workbook, (grid.file for grid in given))):
        rows.insert(0, (_NOTE.say(language), "", "", VALUES_ONLY.say(language)))
    yield _list(rows, _free(_LISTED.say(language), names), language)
    yield from (sheet for sheet in found if sheet.unseen)


def of_workbook(file: str) -> bool:
    """Return whether a sheet of a workbook is named, as messages do: ``case.xlsx[schools]``."""
    return file.endswith("]")


def _filled(grid: CaseSheet) -> CaseSheet:
    """Let a file that cannot be read say so: left out, it would not be missed."""
    if any(map(any, grid.sheet.rows)):
        return grid
    return replace(
        grid, sheet=replace(grid.sheet, rows=[[DOUBT + grid.file], [DOUBT]]), header_row=0
    )


def _sheet(
    grid: CaseSheet, errors: Sequence[Problem], names: set[str], language: Language
) -> Sheet:
    own = [problem for problem in errors if problem.file == grid.file]
    rows, marks = _with_doubts(grid, own), _marks(grid, own, language)
    columns = zip(rows[0], _widths(rows), strict=True)
    return Sheet(
        _free(_name(grid), names),
        tuple(SheetColumn(CellKind.TYPED, header, width) for header, width in columns),
        tuple(rows[1:]),
        marks=marks,
        hidden=frozenset(line - 1 for line in grid.sheet.hidden),
        unseen=grid.unseen,
    )


def _with_doubts(grid: CaseSheet, own: Sequence[Problem]) -> list[tuple[str, ...]]:
    """Return the rows, all of one width; what cannot be told apart from a value is made no value."""
    width = max(map(len, grid.sheet.rows))
    rows = [[*map(_text, row), *[""] * (width - len(row))] for row in grid.sheet.rows]
    for line, position in {*_untold(grid, own), *_beside(grid, own)}:
        rows[line - 1][position] = DOUBT + rows[line - 1][position]
    return list(map(tuple, rows))


def _untold(grid: CaseSheet, own: Sequence[Problem]) -> Iterator[Place]:
    """Yield the cells whose value cannot be told, by line (from 1) and column, where that is a problem."""
    doubted = {(grid.position(problem.column), problem.code) for problem in own}
    for (line, position), reason in grid.sheet.suspects.items():
        if (position, _DOUBTS.get(reason, "")) in doubted:
            yield line, position


def _beside(grid: CaseSheet, own: Sequence[Problem]) -> Iterator[Place]:
    """Yield where a row is wrong as a whole, or has too few cells."""
    for problem in own:
        if problem.row and grid.header_row < problem.row <= len(grid.sheet.rows):
            position = grid.position(problem.column) or 0
            if not problem.column or position >= len(grid.sheet.rows[problem.row - 1]):
                yield problem.row, position


def _text(text: str) -> str:
    """Return a text that a cell can hold; one that had to be changed is in doubt."""
    held = legal(text)
    return held if held == text else f"{DOUBT}{held[: MOST_CHARACTERS - len(DOUBT)]}"


def _marks(grid: CaseSheet, own: Sequence[Problem], language: Language) -> Mapping[Place, str]:
    """Return what is noted on which cells; what is about no single cell stands on the header."""
    found: dict[Place, list[str]] = {}
    head = max(grid.header_row, 1)
    for problem in own:
        position = grid.position(problem.column) or 0
        line = min(problem.row or head, len(grid.sheet.rows))
        said = replace(problem, file="", row=None, column="", value="").say(language)
        found.setdefault((line - 1, position), []).append(said)
    return {place: "\n".join(dict.fromkeys(notes)) for place, notes in found.items()}


def _widths(rows: Sequence[Sequence[str]]) -> Iterator[int]:
    for cells in zip(*rows[:200], strict=True):
        yield min(_WIDEST, max(map(display_width, cells)) + 2)


def _name(grid: CaseSheet) -> str:
    """Return a name by which the sheet is taken for the same table again."""
    _, _, sheet = grid.file.removesuffix("]").partition("[")
    own = sheet or PurePath(grid.file).stem
    named = grid.table is None or fold(own).startswith(grid.table.names)
    return own if named or grid.table is None else grid.table.key


def _free(name: str, names: set[str]) -> str:
    """Return a name that a sheet can have and none has yet."""
    plain = _NO_NAME.sub("_", legal(name)).strip("' ")[: _MOST_NAME - 3] or "sheet"
    tried = (plain if n == 1 else f"{plain} {n}" for n in count(1))
    free = next(trial for trial in tried if trial.casefold() not in names)
    names.add(free.casefold())
    return free


def _list(rows: Sequence[tuple[str, ...]], name: str, language: Language) -> Sheet:
    columns = (SheetColumn(kind, head.say(language), width) for head, kind, width in _HEADS)
    return Sheet(name, tuple(columns), tuple(rows))


def _listed(problem: Problem, language: Language) -> tuple[str, ...]:
    bare = replace(problem, file="", row=None, column="", value="")
    where = ": ".join(filter(None, (problem.application_id, problem.where(language))))
    cells = (_KINDS[problem.severity].say(language), where, problem.value, bare.say(language))
    return tuple(map(legal, cells))
