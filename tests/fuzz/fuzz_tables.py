"""Feed damaged cases to the reader for some minutes; anything but records or a CaseError is a find.

    python tests/fuzz/fuzz_tables.py --minutes 10 --finds /tmp/finds

Inputs that reach a new line of the reader join the corpus and are damaged further. A worker process
does the reading, so that a crash or a hang of it is a find, too. Ends with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from helpers.files import in_chinese, settings, tables, write, write_ods, write_xlsx

import optimizer.reading
from optimizer.problems.errors import CaseError, Severity
from optimizer.reading import read_records
from optimizer.tables.records import Records

Files = dict[str, bytes]  # the files of a case folder
_PACKAGE = str(Path(optimizer.reading.__file__).parent)
_SECONDS = 20  # that one input may take
_MEMORY = 4 * 2**30
_TRACED = 0.3  # share of the runs whose lines are looked at, as that takes time

TOKENS = [
    b"", b",", b"\t", b";", b'"', b'""', b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf",
    b"\xff\xfe", b"\xfe\xff", b"-", b"--", b"#REF!", b"=1+1", b"1e999", b"nan", b"inf", b"-0",
    b"9" * 25, b"9" * 5000, b"0.1", b"1/3", b"64601", b"064601", b"191301", b"A001", b"recused",
    "迴避".encode(), "臺".encode(), "台".encode("cp950"), "０".encode(), "　".encode(),
    b"2014-02-31", b"103/2/1", b"1030201", b"0000-00-00", b"school_id", b"application_id",
    b"criterion,points", b"junior_high", b"yes", b"\x01text", b"\x1a", b"\xc2\x85", b"Err:502",
    b"row", b"school", b"application", b"merit", b"name", b"x" * 40_000,
]  # fmt: skip
XML_TOKENS = [
    b'<c r="A1048576"><v>1</v></c>', b'<c r="XFD1"><v>1</v></c>', b'r="ZZZ99999999"', b'r=""',
    b't="e"', b't="s"', b't="b"', b't="d"', b"<v>999999999</v>", b"<v>-1</v>", b"<v>NaN</v>",
    b"<f>A1</f>", b"<f/>", b"<v/>", b'<mergeCell ref="A1:XFD1048576"/>', b"&#0;", b"&amp;", b"<",
    b"]]>", b"<![CDATA[", b"<!DOCTYPE x>", b'table:number-columns-repeated="99999999"',
    b'table:number-rows-repeated="99999999"', b'table:number-rows-spanned="999999999"',
    b"<table:covered-table-cell/>", b'table:formula="of:=1"', b'office:value="1E400"', b"</row>",
    b'office:value-type="float"', b'office:value-type="date"', b'count="4294967295"', b"<row>",
    b"<table:table-row>", b'<table:table table:name="schools">', b"</table:table>", b'r="-1"',
]  # fmt: skip


# ---- inputs ----------------------------------------------------------------------------------


def seeds() -> list[Files]:
    """Return the good case in every format."""
    found = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        cases = [tables(), in_chinese(tables())]
        write(folder / "utf-8", cases[0])
        write(folder / "cp950", cases[1], "cp950")
        write(folder / "utf-16", cases[1], "utf-16", "\t")
        for at, case in enumerate(cases):
            write(folder / f"mixed{at}", case, delimiter=";")
            for make, suffix in ((write_xlsx, "xlsx"), (write_ods, "ods")):
                (folder / f"{suffix}{at}").mkdir()
                make(folder / f"{suffix}{at}" / f"case.{suffix}", case)
        (folder / "shared").mkdir()
        write_with_shared_strings(folder / "shared" / "case.xlsx", cases[0])
        for place in sorted(folder.iterdir()):
            found.append({file.name: file.read_bytes() for file in sorted(place.iterdir())})
    return found


def write_with_shared_strings(path: Path, case: dict[str, list[list[str]]]) -> None:
    """Write a workbook as Excel does, with a date format and a formula."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    for name, rows in case.items():
        sheet = book.add_worksheet(name)
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    sheet = book.get_worksheet_by_name("applications")
    sheet.write_number("M2", 41648, book.add_format({"num_format": "[$-404]e/m/d"}))
    sheet.write_formula("J2", "=2*2500", None, 5000)
    sheet.merge_range("D2:D3", "社群")
    book.close()


def damage(files: Files, rng: random.Random) -> Files:
    """Return a case with one to four things wrong in one of its files."""
    name = rng.choice(sorted(files))
    data = files[name]
    workbook = name.endswith((".xlsx", ".ods"))
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        if workbook and rng.random() < 0.9:
            data = damage_archive(data, rng)
        else:
            data = rng.choice(MUTATIONS)(data, rng, TOKENS)
    return {**files, name: data}


def damage_archive(data: bytes, rng: random.Random) -> bytes:
    """Damage one part of a workbook and pack it again."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return data
    if not parts:
        return data
    likely = [name for name in parts if "sheet" in name or "content" in name or "Strings" in name]
    name = rng.choice(likely if likely and rng.random() < 0.8 else sorted(parts))
    tokens = XML_TOKENS if rng.random() < 0.7 else TOKENS
    parts[name] = rng.choice(MUTATIONS)(parts[name], rng, tokens)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", rng.choice((0, 8))) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return target.getvalue()


def _insert(data: bytes, rng: random.Random, tokens: list[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(tokens) + data[at:]


def _replace_cell(data: bytes, rng: random.Random, tokens: list[bytes]) -> bytes:
    """Replace what stands between two separators."""
    marks = [at for at, byte in enumerate(data) if byte in b',\n\t;>"']
    if len(marks) < 2:
        return _insert(data, rng, tokens)
    at = rng.randrange(len(marks) - 1)
    return data[: marks[at] + 1] + rng.choice(tokens) + data[marks[at + 1] :]


def _flip(data: bytes, rng: random.Random, tokens: list[bytes]) -> bytes:
    at = rng.randrange(len(data) or 1)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def _cut(data: bytes, rng: random.Random, tokens: list[bytes]) -> bytes:
    start = rng.randrange(len(data) + 1)
    length = rng.choice((1, 3, 20, 500, len(data)))
    return data[:start] + data[start + length :]


def _repeat(data: bytes, rng: random.Random, tokens: list[bytes]) -> bytes:
    start = rng.randrange(len(data) + 1)
    piece = data[start : start + rng.choice((1, 8, 80, 800))]
    return data[:start] + piece * rng.choice((2, 3, 50)) + data[start:]


def _swap_names(data: bytes, rng: random.Random, tokens: list[bytes]) -> bytes:
    lines = data.split(b"\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


Mutation = Callable[[bytes, random.Random, list[bytes]], bytes]
MUTATIONS: list[Mutation] = [
    _insert, _replace_cell, _replace_cell, _replace_cell, _flip, _cut, _repeat, _swap_names,
]  # fmt: skip


# ---- one run ---------------------------------------------------------------------------------


def run(folder: Path, rng: random.Random) -> str:
    """Read a case and return how it ended; raise for anything that must not happen."""
    missing = rng.choice(("error", "zero"))
    try:
        records, sources = read_records(folder, settings(missing=missing))
    except CaseError as error:
        check_error(error)
        return error.problems[0].code
    check_records(records)
    assert sources
    return "read"


def check_error(error: CaseError) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.severity is Severity.ERROR
        assert problem.file
        assert len(problem.value) <= 80
        assert problem.say("en").isprintable() or "\n" not in problem.value
        assert problem.say("zh-TW")


def check_records(records: Records) -> None:
    schools, applications, reviews = records.schools, records.applications, records.reviews
    assert not schools[["school_id", "level"]].duplicated().any()
    assert applications["application_id"].is_unique
    assert applications["school"].between(0, len(schools) - 1).all()
    lead = schools.iloc[applications["school"]]
    assert lead["school_id"].tolist() == applications["school_id"].tolist()
    assert lead["level"].tolist() == applications["level"].tolist()
    assert applications["requested"].notna().all()
    assert (applications["requested"] >= 0).all()
    full = [int(points) * reviews.denominator
            for points in records.settings.review.criteria.values()]  # fmt: skip
    assert ((reviews.points >= 0) & (reviews.points <= full)).all()
    assert set(reviews.application.tolist()) == set(range(len(applications)))


@contextmanager
def traced(seen: set[tuple[str, int]]) -> Iterator[None]:
    """Collect the lines of the reader that are reached."""

    def local(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
        return local

    def everywhere(frame: FrameType, event: str, argument: Any) -> Any:
        return local if frame.f_code.co_filename.startswith(_PACKAGE) else None

    sys.settrace(everywhere)
    try:
        yield
    finally:
        sys.settrace(None)


# ---- the worker and its keeper ---------------------------------------------------------------


def work(home: Path, seed: int, seconds: float) -> None:
    """Damage and read until the time is up; report on stdout when something is found."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    rng = random.Random(seed)
    corpus, reached, ends = seeds(), set[tuple[str, int]](), dict[str, int]()
    current = home / "current"
    runs, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        files = corpus[runs] if runs < len(corpus) and runs < 9 else damage(rng.choice(corpus), rng)
        put(current, files)
        lines: set[tuple[str, int]] = set()
        signal.alarm(_SECONDS)
        with traced(lines) if rng.random() < _TRACED else nullcontext():
            end = run(current, rng)
        signal.alarm(0)
        ends[end] = ends.get(end, 0) + 1
        if lines - reached:
            reached |= lines
            corpus.append(files)
        runs += 1
        if runs % 50 == 0:
            note(home, runs, reached, ends)
    note(home, runs, reached, ends)


def note(home: Path, runs: int, reached: set[tuple[str, int]], ends: dict[str, int]) -> None:
    lines = sorted((Path(file).name, line) for file, line in reached)
    (home / "state.json").write_text(json.dumps({"runs": runs, "lines": lines, "ends": ends}))


def put(folder: Path, files: Files) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--finds", type=Path, default=Path(tempfile.gettempdir()) / "finds")
    parser.add_argument("--worker", type=Path)
    options = parser.parse_args()
    if options.worker:
        work(options.worker, options.seed, 60 * options.minutes)
        return 0
    return keep(options.minutes, options.seed, options.finds)


def keep(minutes: float, seed: int, finds: Path) -> int:
    """Start workers until the time is up, and keep what kills them."""
    until, found, runs = time.monotonic() + 60 * minutes, 0, 0
    lines: set[tuple[str, int]] = set()
    ends: dict[str, int] = {}
    while (left := until - time.monotonic()) > 1:
        with tempfile.TemporaryDirectory() as temporary:
            home = Path(temporary)
            command = [sys.executable, __file__, "--worker", str(home), "--seed", str(seed)]
            worker = subprocess.run(
                [*command, "--minutes", str(left / 60)], capture_output=True, text=True
            )
            if (home / "state.json").exists():
                state = json.loads((home / "state.json").read_text())
                runs += state["runs"]
                lines |= set(map(tuple, state["lines"]))
                for end, times in state["ends"].items():
                    ends[end] = ends.get(end, 0) + times
            if worker.returncode:
                found += 1
                target = finds / f"{seed}"
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(home / "current", target)
                (target / "stderr.log").write_text(worker.stderr[-20_000:])
                print(f"found {target}: {worker.stderr.strip().splitlines()[-1:]}", flush=True)
        seed += 1
    print(f"{runs} runs, {len(lines)} lines reached, {found} finds")
    print(dict(sorted(ends.items(), key=lambda item: -item[1])))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
