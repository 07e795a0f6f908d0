"""What differs between a table or a document as it stands and as it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect
from optimizer.report.csv_tables import cells
from optimizer.verify.reread import ResultTable

KEYS = {
    "awards": ("application_id",),
    "by_school": ("school_id", "level"),
    "by_district": ("district",),
    "passed_over": ("application_id",),
    "waitlist": ("application_id",),
    "problems": ("severity", "code", "application_id", "column"),
}
_DIFFERS = Text(
    "與依輸入及核定金額欄重算者不一致",
    "does not agree with what follows from the inputs and the column of awards",
)

Key = tuple[str, ...]


def table_differences(
    table: ResultTable, expected: pd.DataFrame, key: Sequence[str]
) -> Iterator[Problem]:
    """Yield every row that is missing, double, extra or out of order, and every cell that differs.

    Parameters
    ----------
    table
        The table as it stands.
    expected
        The table as it follows from the inputs.
    key
        Columns that tell rows apart.
    """
    columns = list(expected.columns)
    yield from _header_differences(table, columns)
    right = dict(zip(columns, cells(expected), strict=True))
    wanted = {k: row for row, k in enumerate(_keys(right, key, len(expected)))}
    there = {name: table.column(name) for name in columns}
    found = _keys(there, key, len(table.rows))
    yield from _row_differences(table.file, found, wanted)
    shared = [name for name in columns if name in table.header]
    for row, k in enumerate(found):
        for name in shared if k in wanted else ():
            should = right[name][wanted[k]]
            if there[name][row] != should:
                yield table.wrong(row, name, "differs", _DIFFERS, expected=should or "(blank)")


def _keys(columns: Mapping[str, Sequence[str]], key: Sequence[str], count: int) -> list[Key]:
    """Return the key of each row, with a number where it stands there more than once."""
    seen: Counter[Key] = Counter()
    found = []
    for row in range(count):
        k = tuple(columns[name][row] for name in key)
        found.append((*k, str(seen[k])))
        seen[k] += 1
    return found


def _header_differences(table: ResultTable, columns: Sequence[str]) -> Iterator[Problem]:
    if list(table.header) == list(columns):
        return
    for name in columns:
        if table.header.count(name) != 1:
            message = Text("欄位缺少或重複", "a column is missing or stands twice")
            yield defect("column", message, expected=name, file=table.file, row=1, column=name)
    for name in dict.fromkeys(table.header):
        if name not in columns:
            message = Text("多出的欄位", "there is no such column")
            yield defect(
                "column", message, file=table.file, row=1, column=name[:80], value=name[:80]
            )
    message = Text("標題列不同", "the header differs")
    value, should = ",".join(table.header), ",".join(columns)
    yield defect("column", message, expected=should, file=table.file, row=1, value=value[:200])


def _row_differences(
    file: str, found: Sequence[Key], wanted: Mapping[Key, int]
) -> Iterator[Problem]:
    there = set(found)
    for k in wanted:
        if k not in there:
            message = Text("缺少此列", "a row is missing")
            yield defect("missing_row", message, expected=_say(k), file=file)
    for row, k in enumerate(found, start=2):
        if k not in wanted:
            double = k[-1] != "0"
            message = (
                Text("此列重複", "a row stands twice") if double else Text("多出此列", "extra row")
            )
            code = "double_row" if double else "extra_row"
            yield defect(code, message, file=file, row=row, value=_say(k))
    shared = [k for k in found if k in wanted]
    order = sorted(shared, key=lambda k: wanted[k])
    pairs = zip(shared, order, strict=True)
    moved = next((pair for pair in pairs if pair[0] != pair[1]), None)
    if moved is not None:
        message = Text("列的順序不同", "rows are in another order")
        row = list(found).index(moved[0]) + 2
        here, right = map(_say, moved)
        yield defect("order", message, expected=right, file=file, row=row, value=here)


def _say(key: Key) -> str:
    return " ".join(part for part in key[:-1] if part)


def document_differences(found: Any, expected: Any, file: str, path: str = "") -> Iterator[Problem]:
    """Yield every place in which two JSON documents differ; numbers are compared with their type."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        yield from _object_differences(found, expected, file, path)
    elif _is_list(expected) and _is_list(found):
        yield from _list_differences(found, expected, file, path)
    elif type(found) is not type(expected) or found != expected:
        yield defect(
            "differs",
            _DIFFERS,
            expected=_short(expected),
            file=file,
            column=path,
            value=_short(found),
        )


def _object_differences(
    found: Mapping[str, Any], expected: Mapping[str, Any], file: str, path: str
) -> Iterator[Problem]:
    for key, value in expected.items():
        place = f"{path}.{key}" if path else key
        if key in found:
            yield from document_differences(found[key], value, file, place)
        else:
            message = Text("缺少此項", "is missing")
            yield defect("missing_key", message, expected=_short(value), file=file, column=place)
    for key in found:
        if key not in expected:
            place = f"{path}.{key}" if path else str(key)
            message = Text("多出的項目", "does not belong here")
            yield defect(
                "extra_key", message, file=file, column=place[:120], value=_short(found[key])
            )


def _list_differences(
    found: Sequence[Any], expected: Sequence[Any], file: str, path: str
) -> Iterator[Problem]:
    if len(found) != len(expected):
        message = Text("項目數不同", "has another number of entries")
        yield defect(
            "differs",
            message,
            expected=str(len(expected)),
            file=file,
            column=path,
            value=str(len(found)),
        )
    for number, (left, right) in enumerate(zip(found, expected, strict=False)):
        yield from document_differences(left, right, file, f"{path}[{_label(right, number)}]")


def _label(entry: Any, number: int) -> str:
    """Call an entry of a list by its name, if it has one."""
    if isinstance(entry, Mapping):
        return str(entry.get("goal") or entry.get("name") or number)
    return str(number)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _short(value: Any) -> str:
    return "" if value is None else str(value)[:120]
