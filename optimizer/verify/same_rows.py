"""Where two tables differ, row by row: which rows are missing or too many, and which cells differ.

Rows are the same row by the name of their application, or else by all that they hold but a running
number; so a row that is missing is one difference, and not every cell below it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import shorten
from optimizer.report.result_columns import COLUMNS

_APPLICATION = COLUMNS["application_id"].words
_HEADS = {"application_id", _APPLICATION.zh, _APPLICATION.en}
_ORDER = Text("列的順序不同", "rows are in another order")
_SHOWN = 120  # characters of a cell
_NAMED = 3  # cells by which a row without an application is named


class Mismatch(NamedTuple):
    """Where two files differ, and what stands there and should; a place in words where no key names it.

    What it is stands in `said`, if it is not only that something else stands there.
    """

    where: Text | str
    value: str
    expected: str
    row: int | None = None
    code: str = "differs"
    said: Text = EMPTY
    application_id: str = ""


Rows = Sequence[Sequence[str]]
Place = Callable[[int | None, int | None], tuple[str, int | None]]
_Pair = tuple[int, int]


class _RowKey(NamedTuple):
    """What tells a row apart: an application or all its cells, and how many before it are alike."""

    application: bool
    cells: tuple[str, ...]
    before: int

    @property
    def name(self) -> str:
        """What a row is called."""
        return shorten(" ".join([cell for cell in self.cells if cell][:_NAMED]))


def row_mismatches(
    there: Rows,
    should: Rows,
    place: Place,
    excused: Callable[[int, int, int], bool] = lambda *at: False,
) -> Iterator[Mismatch]:
    """Yield every row that is missing, extra or out of order, and every cell that differs.

    Parameters
    ----------
    there, should
        The rows as they stand and as they should.
    place
        Says where a cell stands, by its line and column from 0; without a column the row, without
        a line the table.
    excused
        Says of a line that stands there, the line that it is, and a column, whether the cells are
        the same though they are written otherwise.
    """
    found, meant = _keys(there), _keys(should)
    pairs, missing, extra = _paired(found, meant)
    yield from (_missing(meant[j], *place(None, None)) for j in missing)
    yield from (_extra(found[i], *place(i, None)) for i in extra)
    for i, j in pairs:
        for at, (a, b) in enumerate(zip_longest(there[i], should[j], fillvalue="")):
            if a != b and not excused(i, j, at):
                where, line = place(i, at)
                yield Mismatch(where, a[:_SHOWN], b[:_SHOWN], line)
    for (i, j), right in zip(pairs, sorted(j for _, j in pairs), strict=True):
        if j != right:
            where, line = place(i, None)
            names = found[i].name, meant[right].name
            yield Mismatch(where, *names, row=line, code="order", said=_ORDER)
            return


def _missing(key: _RowKey, where: str, line: int | None) -> Mismatch:
    said = _with_name(Text("少一列", "a row is missing"), key)
    return Mismatch(
        where, "", "", line, code="missing_row", said=said, application_id=_application(key)
    )


def _extra(key: _RowKey, where: str, line: int | None) -> Mismatch:
    said = _with_name(Text("多一列", "a row too many"), key)
    return Mismatch(
        where, "", "", line, code="extra_row", said=said, application_id=_application(key)
    )


def _with_name(said: Text, key: _RowKey) -> Text:
    name = Text(key.name or "（空白）", key.name or "(blank)")
    return Text(f"{said.zh}：{name.zh}", f"{said.en}: {name.en}")


def _application(key: _RowKey) -> str:
    return key.name if key.application else ""


def _keys(rows: Rows) -> list[_RowKey]:
    """Return what tells each row apart; a running number in front does not."""
    seen: Counter[tuple[bool, tuple[str, ...]]] = Counter()
    keys: list[_RowKey] = []
    column: int | None = None
    for row in rows:
        head = next((at for at, cell in enumerate(row) if cell in _HEADS), None)
        name = "" if head is not None or column is None else _named(row, column)
        column = column if head is None else head
        same = (bool(name), (name,) if name else tuple(row[len(row) > 1 and row[0].isdecimal() :]))
        keys.append(_RowKey(*same, before=seen[same]))
        seen[same] += 1
    return keys


def _named(row: Sequence[str], column: int) -> str:
    """Return the application of a row; a total, which counts them in that column, has none."""
    return row[column] if column < len(row) and all(row[:column]) else ""


def _paired(
    found: Sequence[_RowKey], meant: Sequence[_RowKey]
) -> tuple[list[_Pair], list[int], list[int]]:
    """Pair the rows of one key; then those left in turn, where they follow on the same row.

    Returns the pairs, the rows that are missing, and those that are too many.
    """
    at, wanted = ({key: n for n, key in enumerate(keys)} for keys in (found, meant))
    pairs = [(n, wanted[key]) for n, key in enumerate(found) if key in wanted]
    left, right = _gaps(found, wanted), _gaps(meant, at)
    pairs += [pair for gap in left for pair in zip(left[gap], right.get(gap, ()), strict=False)]
    sides = [{*side} for side in zip(*pairs, strict=True)] or [set[int](), set[int]()]
    missing = [j for j in range(len(meant)) if j not in sides[1]]
    return sorted(pairs), missing, [i for i in range(len(found)) if i not in sides[0]]


def _gaps(
    keys: Sequence[_RowKey], others: Collection[_RowKey]
) -> dict[tuple[_RowKey | None, bool], list[int]]:
    """Return the rows that only one table has, by the row of both that they follow, and their kind."""
    gaps: dict[tuple[_RowKey | None, bool], list[int]] = {}
    before: _RowKey | None = None
    for n, key in enumerate(keys):
        if key in others:
            before = key
        else:
            gaps.setdefault((before, key.application), []).append(n)
    return gaps
