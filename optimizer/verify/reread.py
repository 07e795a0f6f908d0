"""Reading a finished result back, trusting nothing: every defect becomes a problem, never an error."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from optimizer.foundation.escaping import harmless, unescape_rows
from optimizer.language.text import Text
from optimizer.problems.errors import CaseError, Problem, defect
from optimizer.reading.files import load
from optimizer.report.csv_tables import ENCODING
from optimizer.report.folder import SUMMARY


@dataclass(frozen=True)
class ResultTable:
    """A table of a result as it stands in its file, every text as it was before it was escaped.

    Parameters
    ----------
    file
        Its name.
    header
        Names of the columns.
    rows
        The cells of each row, as many as there are columns.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> tuple[str, ...]:
        """Return the cells of a column, blank ones if there is no such column."""
        if name not in self.header:
            return ("",) * len(self.rows)
        position = self.header.index(name)
        return tuple(row[position] for row in self.rows)

    def cell(self, row: int, name: str) -> str:
        """Return one cell, the first row being 0; blank if there is no such column."""
        return self.rows[row][self.header.index(name)] if name in self.header else ""

    def wrong(self, row: int, column: str, code: str, message: Text, **more: str) -> Problem:
        """Return a defect of one cell; `more` is its value, unless as it stands, and what was expected."""
        value = more.pop("value", self.cell(row, column) or "(blank)")
        return defect(
            code,
            message,
            expected=more.get("expected", ""),
            file=self.file,
            row=row + 2,
            column=column,
            value=value,
            application_id=self.cell(row, "application_id"),
        )


def in_summary(
    code: str, message: Text, column: str = "", value: str = "", expected: str = ""
) -> Problem:
    """Return a defect of summary.json."""
    return defect(code, message, expected=expected, file=SUMMARY, column=column, value=value)


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object of a document that may be of any shape; empty if it is none."""
    return value if isinstance(value, Mapping) else {}


def entries(value: Any) -> list[Mapping[str, Any]]:
    """Return a list of objects of a document that may be of any shape; empty if it is none."""
    return [mapping(entry) for entry in value] if isinstance(value, list) else []


def read_document(folder: Path, found: list[Problem]) -> dict[str, Any] | None:
    """Return summary.json, or None if it cannot be used at all."""
    data = read_bytes(folder, SUMMARY, found)
    if data is None:
        return None
    try:
        document = json.loads(data, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        message = Text("不是正確的 JSON；請用原檔", f"is not valid JSON: {error}")
        found.append(in_summary("malformed", message))
        return None
    if not isinstance(document, dict):
        message = Text("應為 JSON 物件", "must be a JSON object")
        found.append(in_summary("malformed", message))
        return None
    return document


def _no_constant(name: str) -> None:
    raise ValueError(name)


def read_csv(folder: Path, file: str, found: list[Problem]) -> ResultTable | None:
    """Return a table, or None if it cannot be read at all."""
    data = read_bytes(folder, file, found)
    if data is None:
        return None
    try:
        text = data.decode(ENCODING)
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError:
        message = Text(
            "不是 UTF-8，可能被試算表另存過；請用原檔",
            "is not UTF-8: a spreadsheet may have saved it again; use the original file",
        )
        found.append(defect("not_utf8", message, file=file))
        return None
    except csv.Error as error:
        message = Text("不是正確的 CSV；請用原檔", f"is not valid CSV: {error}")
        found.append(defect("malformed", message, file=file))
        return None
    if not rows:
        found.append(defect("malformed", Text("是空白檔案", "is empty"), file=file))
        return None
    found += _dangerous(file, rows)
    rows = unescape_rows(rows)
    header, width = tuple(rows[0]), len(rows[0])
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != width:
            message = Text("儲存格數目與標題列不同", "has not as many cells as the header")
            found.append(
                defect(
                    "ragged", message, expected=str(width), file=file, row=line, value=str(len(row))
                )
            )
    return ResultTable(file, header, tuple(tuple((row + [""] * width)[:width]) for row in rows[1:]))


def _dangerous(file: str, rows: list[list[str]]) -> Iterator[Problem]:
    for line, row in enumerate(rows, start=1):
        for cell in row:
            if not harmless(cell):
                message = Text("試算表會當成公式執行", "a spreadsheet would take it for a formula")
                yield defect(
                    "dangerous",
                    message,
                    expected=f"'{cell[:80]}",
                    file=file,
                    row=line,
                    value=cell[:80],
                )


def read_bytes(folder: Path, file: str, found: list[Problem]) -> bytes | None:
    """Return the content of a file of the result, or None with the reason among the problems."""
    try:
        return load(folder / file)
    except CaseError as error:
        found += [defect(p.code, p.message, file=file) for p in error.problems]
        return None


def changed_files(
    folder: Path, outputs: Any, required: tuple[str, ...], found: list[Problem]
) -> None:
    """Compare every file with the hash that the summary gives; `required` ones are read elsewhere."""
    for name, claim in _listed(outputs, found):
        if name in required and not (folder / name).exists():
            continue  # said already by whoever reads it
        data = read_bytes(folder, name, found)
        if data is not None:
            found += _compare_content(name, data, claim)


def _compare_content(name: str, data: bytes, claim: Mapping[str, Any]) -> Iterator[Problem]:
    facts = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    message = Text("檔案在寫出之後被更動", "was changed after it was written")
    for key, value in facts.items():
        if claim.get(key) != value:
            yield defect(
                "changed",
                message,
                expected=str(claim.get(key)),
                file=name,
                column=key,
                value=str(value),
            )
            return  # of another size it has another hash


def _listed(outputs: Any, found: list[Problem]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(outputs, list):
        message = Text("應為清單", "must be a list")
        found.append(in_summary("malformed", message, "outputs"))
        return
    seen = set()
    for number, output in enumerate(outputs):
        name = mapping(output).get("name")
        if not isinstance(name, str) or not _is_inside(name) or name in seen:
            message = Text("不是結果檔案的名稱", "is not the name of a file of a result")
            column = f"outputs[{number}].name"
            found.append(in_summary("malformed", message, column, str(name)[:80]))
            continue
        seen.add(name)
        yield name, output


def _is_inside(name: str) -> bool:
    """Return whether a name stays inside the folder, on any system."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not any(c in name for c in "\\:\0") and not {"..", "/"} & set(parts)
