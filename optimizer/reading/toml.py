"""Reading policy.toml and scenarios.toml under the limits that tables have, with a line for each key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from optimizer.foundation.limits import MOST_DEPTH, MOST_DIGITS
from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import CaseError, PolicyError, Problem, defect, shorten
from optimizer.reading.encoding import decode
from optimizer.reading.files import load
from optimizer.reading.findings import refuse
from optimizer.reading.missing_policy import instead
from optimizer.reading.toml_syntax import advice

MOST_BYTES = 256 * 2**10  # a policy with ten thousand ids fits
_DEEP = re.compile(r"(?<![\w-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){20}")
_LONG = re.compile(rf"[\d_]{{{MOST_DIGITS + 1},}}", re.ASCII)
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True)
class Toml:
    """A TOML file that was read.

    Parameters
    ----------
    document
        Its content; decimals are `Decimal`.
    lines
        By key (``pool.amount``, ``clause[2].amount``), the line it stands on.
    """

    document: Mapping[str, Any]
    lines: Mapping[str, int]

    def with_lines(self, error: PolicyError) -> PolicyError:
        """Return the error with the line of each key that a problem names."""
        problems = [
            p if p.row is not None else replace(p, row=line_of(p.column, self.lines))
            for p in error.problems
        ]
        return PolicyError(error.message, problems)


def read_toml(path: Path, said: Text) -> Toml:
    """Read a TOML file in any encoding that tables may have.

    Parameters
    ----------
    said
        What cannot be used if it cannot be read, as a sentence.

    Raises
    ------
    PolicyError
        If it cannot be read, with the line and what to write instead.
    """
    try:
        text = _text(path)
    except CaseError as error:
        missing = [
            replace(p, file=str(path), hint=instead(path)) if p.code == "missing_file" else p
            for p in error.problems
        ]
        raise PolicyError(said, missing) from None
    document = _too_much(text) or _document(text)
    if isinstance(document, Problem):
        raise PolicyError(said, [replace(document, file=path.name)])
    return Toml(document, dict(key_lines(text)))


def _document(text: str) -> Mapping[str, Any] | Problem:
    try:
        document = tomllib.loads(text, parse_float=_decimal)
    except tomllib.TOMLDecodeError as error:
        return _syntax(text, error)
    except RecursionError:
        return _DEEPLY
    except ValueError:  # Python itself bounds the digits of a number
        return defect("unreadable", Text("有一個數字太長", "a number has too many digits"))
    return document if _depth(document) <= MOST_DEPTH else _DEEPLY


def _text(path: Path) -> str:
    data = load(path)
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // 2**10
        expected = Text(f"至多 {most} KB。", f"At most {most} KB.")
        message = Text("檔案太大", "is too large")
        raise refuse(defect("too_large", message, expected=expected, file=path.name))
    try:
        return decode(data, path.name)[0]
    except CaseError as error:
        save = Text("請另存為 UTF-8。", "Save it as UTF-8.")
        raise CaseError(EMPTY, [replace(p, hint=save) for p in error.problems]) from None


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond what even a Decimal holds
        return Decimal("1e-999999" if "-" in text[1:] else "1e999999")


_DEEPLY = defect(
    "unreadable",
    Text(f"表格層層相包，超過 {MOST_DEPTH} 層", f"is nested more than {MOST_DEPTH} tables deep"),
)


def _too_much(text: str) -> Problem | None:
    """Return the problem of a text that would keep the parser busy without end."""
    match = _DEEP.search(text)
    if match is not None:
        return replace(_DEEPLY, row=text.count("\n", 0, match.start()) + 1)
    for number, line in enumerate(text.splitlines(), start=1):
        match = _LONG.search(line)
        if match is not None and "=" in line and not set("\"'#") & set(line[: match.start()]):
            return defect(
                "unreadable",
                Text("數字的位數太多", "has a number with too many digits"),
                row=number,
                column=line.partition("=")[0].strip()[:80],
                value=shorten(match[0]),
                expected=Text(f"至多 {MOST_DIGITS} 位。", f"At most {MOST_DIGITS} digits."),
            )
    return None


def _depth(document: Any) -> int:
    """Return how deeply tables and lists are nested, without recursion."""
    level, depth = [document], 0
    while level:
        depth += 1
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, Mapping) else outer)
            if isinstance(inner, Mapping | list)
        ]
    return depth


def _syntax(text: str, error: tomllib.TOMLDecodeError) -> Problem:
    """Say what is wrong with the form of a line, and what to write instead."""
    at, lines = _AT.search(str(error)), text.splitlines() or [""]
    told = int(at[1]) if at and at[1] else 0
    number = min(told or len(lines), len(lines))
    if told and number > 1 and not lines[number - 1].strip():
        number -= 1
    line = lines[number - 1]
    found = advice(line, _AT.sub("", str(error)))
    return replace(found, row=number, value=shorten(line.strip()))


_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|\#[^\n]*|[\[\]{}\n]',
    re.DOTALL,
)


def key_lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield every key that begins a line of a valid TOML text, and that line's number."""
    prefix, counts = "", dict[str, int]()
    for number, line in _statements(text):
        if header := _HEADER.match(line):
            prefix = _inside(_joined(header[2]), counts)
            if header[1] == "[[":
                counts[prefix] = counts.get(prefix, 0) + 1
                prefix = f"{prefix}[{counts[prefix]}]"
            yield prefix, number
        elif key := _KEY.match(line):
            name = _joined(key[1])
            yield (f"{prefix}.{name}" if prefix else name), number


def _inside(name: str, counts: Mapping[str, int]) -> str:
    """Return the name of a table below the entry of a list that it stands in, as ``scenario[2].set``."""
    place, *parts = name.split(".")
    for part in parts:
        entry = f"{place}[{counts[place]}]" if place in counts else place
        place = f"{entry}.{part}"
    return place


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line that begins a statement: not inside a string or brackets."""
    depth, number, start = 0, 1, 0
    for token in _TOKEN.finditer(text):
        piece = token[0]
        if piece in "[{":
            depth += 1
        elif piece in "]}":
            depth -= 1
        elif piece == "\n" and depth <= 0:
            yield number - text.count("\n", start, token.start()), text[start : token.start()]
            start, depth = token.end(), 0
        number += piece.count("\n")
    yield number - text.count("\n", start), text[start:]


def _joined(key: str) -> str:
    return ".".join(part.strip("\"'") for part in re.findall(_PART, key))


_ENTRY = re.compile(r"(clause|priority|scenario)(?:\.[^\[\]]*)?\[(\d+)\](.*)", re.DOTALL)


def line_of(place: str, lines: Mapping[str, int]) -> int | None:
    """Return the line of a place such as ``clause.school_cap[2].amount``, or of what holds it."""
    entry = _ENTRY.fullmatch(place)
    key = f"{entry[1]}[{entry[2]}]{entry[3]}" if entry else place
    while key:
        if (line := own_line(key, lines)) is not None:
            return line
        key = key.rpartition(".")[0]
    return None


def own_line(key: str, lines: Mapping[str, int]) -> int | None:
    """Return the line that a key stands on, be it as the beginning of a longer one; None if on none."""
    longer = (line for other, line in lines.items() if other.startswith(f"{key}."))
    return lines[key] if key in lines else min(longer, default=None)
