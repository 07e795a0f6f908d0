"""Ways to corrupt a finished result that a careful forger could try: every hash is made to agree again."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from helpers.results import edit_rows, edit_summary, read_rows

from optimizer.report.summary import outputs
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.verify.rebuild import _audited
from optimizer.verify.reread import read_csv, read_document

Edit = Callable[[Path], Any]
TABLES = ("awards", "by_school", "by_district", "passed_over", "waitlist", "problems")
OTHER = {
    "level": "junior_high",
    "district": "外埔區",
    "status": "ineligible",
    "certainty": "some",
    "reason_code": "fixed",
    "covered": "no",
    "severity": "flag",
    "code": "joint",
}


def forge(folder: Path, case: Any, list_again: bool = True) -> None:
    """Make the list of files, every hash and the seal agree with what stands in the folder now."""
    found: list[Any] = []
    document = read_document(folder, found)
    awards = read_csv(folder, "awards.csv", found)
    if document is None or awards is None:
        return
    scored = score(screen(case.records, case.policy))
    seal = _audited(document, scored, case, awards, found).seal
    report = folder / "report.html"
    if report.is_file() and isinstance(document.get("seal"), str):
        page = report.read_text("utf-8").replace(document["seal"], seal)
        report.write_bytes(page.encode())

    def edit(summary: dict[str, Any]) -> None:
        if "seal" in summary:
            summary["seal"] = seal
        if list_again and isinstance(summary.get("outputs"), list):
            summary["outputs"] = outputs(folder)

    edit_summary(folder, edit)


# ---- tables ------------------------------------------------------------------------------------


def cell_edits(folder: Path) -> Iterator[tuple[str, Edit]]:
    """Yield, for every column of every table, a change of the first cell that holds something."""
    for table in TABLES:
        rows = read_rows(folder / f"{table}.csv")
        for column, name in enumerate(rows[0]):
            filled = [i for i, row in enumerate(rows[1:], start=1) if row[column]]
            line = (filled or [1])[0]
            yield f"{table}.{name}", _set(f"{table}.csv", line, column, _other(name, rows, line))


def _other(name: str, rows: list[list[str]], line: int) -> str:
    old = rows[line][rows[0].index(name)]
    if name in OTHER and OTHER[name] != old:
        return OTHER[name]
    return str(int(old) + 100) if old.isdecimal() and name != "school_id" else f"{old}0"


def _set(file: str, line: int, column: int, value: str) -> Edit:
    def edit(rows: list[list[str]]) -> None:
        rows[line][column] = value

    return lambda folder: edit_rows(folder, file, edit)


def row_edits() -> Iterator[tuple[str, Edit]]:
    """Yield, for every table, a row too many, one less, two in another order, other letters."""
    for table in TABLES:
        file = f"{table}.csv"
        yield f"{table}: a row less", _rows(file, lambda rows: rows.pop())
        yield f"{table}: a row twice", _rows(file, lambda rows: rows.append(rows[1]))
        yield f"{table}: rows swapped", _rows(file, _swap)
        yield f"{table}: no byte order mark", _bytes(file, lambda data: data[3:])
        yield f"{table}: other line ends", _bytes(file, lambda data: data.replace(b"\r\n", b"\n"))
        yield f"{table}: quotes", _bytes(file, _quote)


def _swap(rows: list[list[str]]) -> None:
    rows[1], rows[2] = rows[2], rows[1]


def _quote(data: bytes) -> bytes:
    head, _, rest = data.partition(b"\r\n")
    return head + b"\r\n" + re.sub(rb"^([^,\"]+),", rb'"\1",', rest)


def _rows(file: str, edit: Callable[[list[list[str]]], Any]) -> Edit:
    return lambda folder: edit_rows(folder, file, edit)


def _bytes(file: str, change: Callable[[bytes], bytes]) -> Edit:
    def edit(folder: Path) -> None:
        data = (folder / file).read_bytes()
        assert change(data) != data, file
        (folder / file).write_bytes(change(data))

    return edit


# ---- summary.json ------------------------------------------------------------------------------

CLAIMS = ("seconds", "started_at", "versions", "outputs")  # of the run: see `IMPOSSIBLE`


def entry_edits(folder: Path) -> Iterator[tuple[str, Edit]]:
    """Yield a change of every single value of the summary, and the loss of every entry."""
    document = json.loads((folder / "summary.json").read_bytes())
    for path in _leaves(document):
        if path[0] not in CLAIMS and path != ("program", "version"):
            yield f"summary: {'.'.join(map(str, path))}", _at(path, _changed)
    for key in document:
        yield f"summary: no {key}", lambda folder, k=key: edit_summary(folder, lambda d: d.pop(k))


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in inside:
        if isinstance(part, dict | list) and part:
            yield from _leaves(part, (*path, key))
        else:
            yield (*path, key)


def _changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return f"{value}1" if isinstance(value, str) else 1


def _at(path: tuple[Any, ...], change: Callable[[Any], Any]) -> Edit:
    def edit(document: Any) -> None:
        for key in path[:-1]:
            document = document[key]
        document[path[-1]] = change(document[path[-1]])

    return lambda folder: edit_summary(folder, edit)


def _put(path: str, value: Any) -> Edit:
    return _at(tuple(int(p) if p.isdecimal() else p for p in path.split(".")), lambda _: value)


IMPOSSIBLE: dict[str, Edit] = {
    "an engine that does not exist": _put("engine.name", "gurobi"),
    "an engine that proves otherwise": _put("engine.name", "cbc"),
    "integer programs of the dynamic one": _put("engine.solves", 3),
    "a method that does not exist": _put("priorities.0.by", "committee"),
    "a second method that does not exist": _put("priorities.0.again", "gurobi"),
    "started tomorrow and later": _put("started_at", "2999-01-01T00:00:00+00:00"),
    "started before there was a program": _put("started_at", "2014-02-01T00:00:00+00:00"),
    "another spelling of the time": _put("started_at", "2026-01-01T00:00:00Z"),
    "longer than since it started": _put("seconds.solve", 9e9),
    "negative seconds": _put("seconds.write", -0.5),
    "seconds as text": _put("seconds.solve", "1"),
    "seconds of true": _put("seconds.solve", True),
    "an unknown stage": _at(("seconds",), lambda old: {**old, "Lunch!": 1.0}),
    "no time for solving": _at(("seconds",), lambda old: {"write": old["write"]}),
    "a version that is none": _put("versions.pandas", "the newest"),
    "a version missing": _at(("versions",), lambda old: {k: old[k] for k in list(old)[1:]}),
    "a version too many": _at(("versions",), lambda old: {**old, "gurobi": "12.0"}),
    "the program's version": _put("program.version", "?"),
    "another program": _put("program.name", "subsidy"),
    "parts in another order": _put("parts", ["report", "figures", "workbooks"]),
    "a part that does not exist": _put("parts", ["workbooks", "figures", "report", "letters"]),
    "an unknown key": _at(("pool",), lambda old: {**old, "approved": True}),
    "keys in another order": _at(("pool",), lambda old: dict(reversed(old.items()))),
}

LETTERS: dict[str, Edit] = {  # made after all hashes agree, as they are in no hash
    "not a number": _bytes("summary.json", lambda d: d.replace(b'"gap": 0', b'"gap": NaN', 1)),
    "a key twice": _bytes("summary.json", lambda d: d.replace(b'"spent"', b'"spent": 1, "spent"')),
    "blanks": _bytes("summary.json", lambda d: d.replace(b": ", b":  ", 1)),
    "something behind": _bytes("summary.json", lambda d: d + b"\n"),
    "an escape": _bytes("summary.json", lambda d: d.replace("測".encode(), b"\\u6e2c", 1)),
    "a mark before it": _bytes("summary.json", lambda d: b"\xef\xbb\xbf" + d),
}

# ---- report, workbooks, figures ----------------------------------------------------------------


def _page(old: str, new: str) -> Edit:
    return _bytes("report.html", lambda data: data.replace(old.encode(), new.encode(), 1))


REPORT: dict[str, Edit] = {
    "an amount": _page(">2,000<", ">3,000<"),
    "a status": _page('data-status="funded"', 'data-status="not_funded"'),
    "a school": _page("礫埕國小", "他校"),
    "a sentence": _page("</main>", "<p>已核備</p></main>"),
    "a sentence hidden": _page("</main>", "<!-- 已核備 --></main>"),
    "a script": _page("</body>", "<script>0</script></body>"),
    "a style": _page("</style>", ".award{display:none}</style>"),
    "a blank": _page("<main>", "<main> "),
    "the plan's title": _page("<title>", "<title>新"),
    "a drawing": _page("<svg ", '<svg hidden="" '),
    "something behind": _bytes("report.html", lambda data: data + b"\n"),
    "nothing left": _bytes("report.html", lambda data: b""),
}


def _member(book: str, member: str, change: Callable[[bytes], bytes], name: str = "") -> Edit:
    """Change one part of a workbook, or add another beside it."""

    def edit(data: bytes) -> bytes:
        page = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(page, "w") as new:
            for info in old.infolist():
                content = old.read(info)
                own = info.filename == member
                new.writestr(info, change(content) if own and not name else content)
                if own and name:
                    new.writestr(name, change(content))
        return page.getvalue()

    return _bytes(book, edit)


def _text(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert old.encode() in data, old
        return data.replace(old.encode(), new.encode(), 1)

    return change


_SHEET = "xl/worksheets/sheet1.xml"
WORKBOOKS: dict[str, Edit] = {
    "a number (xlsx)": _member("awards.xlsx", _SHEET, _text("<v>2000</v>", "<v>3000</v>")),
    "a text (xlsx)": _member("awards.xlsx", "xl/sharedStrings.xml", _text("礫埕", "他")),
    "a title (xlsx)": _member("awards.xlsx", "docProps/core.xml", _text("測試", "新")),
    "a hidden row (xlsx)": _member(
        "awards.xlsx", _SHEET, _text('<row r="3"', '<row hidden="1" r="3"')
    ),
    "a formula (xlsx)": _member(
        "awards.xlsx", _SHEET, _text("<v>2000</v>", "<f>1+1</f><v>2000</v>")
    ),
    "a part (xlsx)": _member("awards.xlsx", _SHEET, lambda _: b"\xd0\xcf", "xl/vbaProject.bin"),
    "a sheet's name (xlsx)": _member("awards.xlsx", "xl/workbook.xml", _text("核定名單", "清單")),
    "a number (ods)": _member("awards.ods", "content.xml", _text('value="2000"', 'value="3000"')),
    "a text (ods)": _member("awards.ods", "content.xml", _text("礫埕", "他")),
    "a style (ods)": _member("awards.ods", "styles.xml", _text("29.7cm", "10cm")),
    "a part (ods)": _member("awards.ods", "styles.xml", lambda _: b"x", "Basic/script.xml"),
    "another packing (ods)": _bytes("awards.ods", lambda data: data + b"\0"),
    "no workbook (xlsx)": _bytes("awards.xlsx", lambda data: b"PK"),
}


def _pixel(data: bytes) -> bytes:
    """Change one pixel in the middle of a picture."""
    start, end = data.index(b"IDAT") - 4, data.index(b"IEND") - 4
    packed, at = b"", start
    while at < end:
        (length,) = struct.unpack_from(">I", data, at)
        packed += data[at + 8 : at + 8 + length]
        at += length + 12
    rows = bytearray(zlib.decompress(packed))
    rows[len(rows) // 2] ^= 0xFF
    body = b"IDAT" + zlib.compress(bytes(rows))
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return data[:start] + chunk + data[end:]


def _exchange(first: str, second: str) -> Edit:
    def edit(folder: Path) -> None:
        a, b = folder / first, folder / second
        one, two = a.read_bytes(), b.read_bytes()
        a.write_bytes(two)
        b.write_bytes(one)

    return edit


FIGURES: dict[str, Edit] = {
    "a stroke": _bytes(
        "figures/scores.svg", lambda d: re.sub(rb"M (\d)", lambda m: b"M 1" + m[1], d, count=1)
    ),
    "a colour": _bytes(
        "figures/pool.svg", lambda d: re.sub(rb"#[0-9a-f]{6}", b"#ff0000", d, count=1)
    ),
    "a pixel": _bytes("figures/scores.png", _pixel),
    "figures exchanged": _exchange("figures/scores.svg", "figures/pool.svg"),
    "pictures exchanged": _exchange("figures/scores.png", "figures/pool.png"),
    "no picture": _bytes("figures/pool.png", lambda data: b""),
    "half a picture": _bytes("figures/pool.png", lambda data: data[: len(data) // 2]),
    "no drawing": _bytes("figures/pool.svg", lambda data: b"<svg/>"),
    "words in a drawing": _bytes(
        "figures/districts.svg", lambda d: d.replace(b"</svg>", b"<text>x</text></svg>")
    ),
}

# ---- files -------------------------------------------------------------------------------------


def _new(name: str, data: bytes = b"x") -> Edit:
    def edit(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    return edit


FILES: dict[str, Edit] = {
    "a file more": _new("minutes.txt"),
    "a hidden file": _new(".hidden"),
    "a figure more": _new("figures/growth.svg", b"<svg/>"),
    "a table more": _new("awards2.csv", b"\xef\xbb\xbfapplication_id\r\n"),
    "a folder with a file": _new("old/awards.csv"),
    "a second summary": _new("figures/summary.json", b"{}"),
    "an empty folder": lambda folder: (folder / "letters").mkdir(),
    "a workbook less": lambda folder: (folder / "awards.ods").unlink(),
    "a report less": lambda folder: (folder / "report.html").unlink(),
    "a picture less": lambda folder: (folder / "figures/pool.png").unlink(),
    "a table less": lambda folder: (folder / "by_school.csv").unlink(),
    "a workbook renamed": lambda folder: (folder / "awards.xlsx").rename(folder / "Awards.xlsx"),
    "a figure moved": lambda folder: (folder / "figures/pool.svg").rename(folder / "pool.svg"),
    "a link in a table's place": lambda folder: _link(folder, "waitlist.csv"),
    "a link in a report's place": lambda folder: _link(folder, "report.html"),
}


def _link(folder: Path, name: str) -> None:
    there = folder.parent / f"elsewhere-{name}"
    (folder / name).rename(there)
    (folder / name).symlink_to(there)


def all_edits(folder: Path) -> dict[str, Edit]:
    """Return every corruption of a result, by name."""
    fixed = (
        ("run", IMPOSSIBLE),
        ("letters", LETTERS),
        ("report", REPORT),
        ("workbooks", WORKBOOKS),
        ("figures", FIGURES),
        ("files", FILES),
    )
    found = dict([*cell_edits(folder), *row_edits(), *entry_edits(folder)])
    for kind, edits in fixed:
        found |= {f"{kind}: {name}": edit for name, edit in edits.items()}
    return found
