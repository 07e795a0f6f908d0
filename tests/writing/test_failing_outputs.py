"""Where there is no writing to: a true sentence, a documented exit code, and nothing half written."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from helpers.commands import CHINESE, copy, run

from optimizer import writing
from optimizer.cli.streams import Stderr, Stdout
from optimizer.language.text import EMPTY, LANGUAGES
from optimizer.problems.errors import UsageError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="paths and devices differ there")
WRITERS = ("new", "generate", "allocate", "compare", "check")


def command(name: str, case: Path, target: Path | str) -> list[str | Path]:
    """A command that writes to a target."""
    return {
        "new": ["new", target],
        "generate": ["generate", target, "--applications", "5", "--schools", "29"],
        "allocate": ["allocate", case, "--out", target],
        "compare": ["compare", case, case / "scenarios.toml", "--out", target],
        "check": ["check", case, "--problems", target],
    }[name]


def tree(place: Path) -> dict[str, Any]:
    """Everything below a folder, with its content."""
    return {
        p.relative_to(place).as_posix(): p.read_bytes() if p.is_file() else None
        for p in place.rglob("*")
    }


def refused(arguments: list[str | Path], place: Path, lang: str, says: str = "") -> None:
    """Run a command that cannot be carried out: nothing may change."""
    before = tree(place)
    result = run(*arguments, lang=lang)
    assert result.exit_code == 2, result.output
    assert result.stdout == "" and "Traceback" not in result.stderr
    assert bool(CHINESE.search(result.stderr)) == (lang == "zh-TW"), result.stderr
    assert says in re.sub(r"\s+", " ", result.stderr)
    assert tree(place) == before


# ---- targets ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WRITERS)
def test_a_target_that_cannot_be(case: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder" / "mine").mkdir(parents=True)
    (tmp_path / "folder" / "mine" / "letter.txt").write_text("dear")
    (tmp_path / "circle").symlink_to("circle")
    below, long = tmp_path / "file" / "below", tmp_path / ("x" * 300)
    for target, says in (
        (tmp_path / "folder", ""),
        (below, "a part of its path is a file"),
        (tmp_path / "circle", "links go in a circle"),
        (long, "the name is too long"),
        *([] if name == "check" else [(tmp_path / "file", "is a file, not a folder")]),
    ):
        refused(command(name, case, target), tmp_path, "en", says)
    refused(command(name, case, below), tmp_path, "zh-TW", "路徑中有一段是檔案")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc there")
@pytest.mark.parametrize("target", ["/proc/x", "/proc/x/y"])
def test_a_folder_in_which_the_system_makes_nothing(target: str) -> None:
    with pytest.raises(UsageError) as caught:
        writing.new_folder(Path(target), lambda folder: EMPTY).__enter__()
    (problem,) = caught.value.problems
    assert problem.file == target and "be made in /proc)" in problem.message.en
    gone = FileNotFoundError(errno.ENOENT, "", "/nowhere/at/all")
    assert writing.reason(gone).en == "its path is not there"


@pytest.mark.slow
def test_the_case_itself_is_no_target_and_a_folder_in_it_is_one(case: Path, tmp_path: Path) -> None:
    mine = copy(case, tmp_path / "mine")
    for lang in LANGUAGES:
        refused(command("allocate", mine, mine), tmp_path, lang, "applications.csv")
        refused(command("allocate", mine, tmp_path), tmp_path, lang, "applications.csv")
    first = run(*command("allocate", mine, mine / "result"))
    again = run(*command("allocate", mine, mine / "result"))
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert run("verify", mine / "result", "--case", mine).exit_code == 0
    kept = tree(case)
    assert {k: v for k, v in tree(mine).items() if not k.startswith("result")} == kept


def test_links_are_followed(case: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("not/yet")
    assert run(*command("allocate", case, tmp_path / "link")).exit_code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "not" / "yet" / "summary.json").exists()


@pytest.mark.parametrize("name", WRITERS)
def test_a_disk_that_is_full(
    case: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, budget = Path.write_bytes, [2]

    def full(self: Path, data: Any) -> int:
        budget[0] -= 1
        if name == "check" or budget[0] < 0:
            write(self, data[: len(data) // 2])
            raise OSError(28, "No space left on device")
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    refused(command(name, case, tmp_path / "a" / "out"), tmp_path, "en", "no space is left")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits differ there")
def test_files_that_the_system_will_not_let_grow(case: Path, tmp_path: Path) -> None:
    for most in (1, 40, 80):  # blocks of 1,024 bytes: tables, workbooks, figures
        line = f"ulimit -f {most}; exec {sys.executable} -m optimizer.cli allocate {case} --out out"
        done = subprocess.run(
            ["bash", "-c", line], cwd=tmp_path, capture_output=True, encoding="utf-8",
            env={**os.environ, "SUBSIDY_LANG": "en"}, check=False,
        )  # fmt: skip
        assert done.returncode == 2, done.stderr
        assert "larger than the system allows" in done.stderr
        assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "relative"), [("en", True), ("zh-TW", True), ("zh-TW", False)])
def test_a_working_folder_that_was_deleted(
    case: Path, tmp_path: Path, lang: str, relative: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    here = Path.cwd()
    os.chdir(tmp_path / "gone")
    try:
        shutil.rmtree(tmp_path / "gone")
        for name in WRITERS:
            place = Path("out") if relative else tmp_path / name
            if relative:
                refused(command(name, case, place), tmp_path, lang)
            else:
                assert run(*command(name, case, place), lang=lang).exit_code == 0
        for arguments in (["check", "case"], ["verify", "out", "--case", case], ["check", "."]):
            assert run(*arguments, lang=lang).exit_code == 3
    finally:
        os.chdir(here)


# ---- streams ------------------------------------------------------------------------------------

READERS: list[list[str]] = [
    ["clauses"], ["schema"], ["schema", "error"], ["--help"], ["--version"], ["nothing"],
    ["check", "CASE"], ["check", "nowhere"], ["allocate", "CASE", "--out", "OUT"],
    ["compare", "CASE", "SCENARIOS", "--out", "OUT2"], ["verify", "OUT", "--case", "CASE"],
    ["new", "NEW"], ["generate", "MADE", "--applications", "5", "--schools", "29"],
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device there")
@pytest.mark.parametrize(("lang", "json_"), [("en", True), ("zh-TW", False)])
def test_a_standard_output_that_takes_nothing(
    case: Path, tmp_path: Path, lang: str, json_: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from optimizer.cli import app

    monkeypatch.setenv("SUBSIDY_LANG", lang)
    names = {"CASE": case, "SCENARIOS": case / "scenarios.toml", "OUT": tmp_path / "out",
             "OUT2": tmp_path / "out2", "NEW": tmp_path / "new", "MADE": tmp_path / "made"}  # fmt: skip
    for arguments in READERS:
        words = [str(names.get(word, word)) for word in arguments] + ["--json"] * json_
        err = io.StringIO()
        with Path("/dev/full").open("w") as out, monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = app(words, standalone_mode=False)
        silent = arguments in (["nothing"], ["check", "nowhere"]) and not json_
        assert code == ({"nothing": 2}.get(arguments[0], 3) if silent else 74), arguments
        assert "Traceback" not in err.getvalue()
        word = "標準輸出無法寫入" if lang == "zh-TW" else "Standard output cannot"
        assert silent or word in err.getvalue()
    for place in ("out", "out2", "new", "made"):
        assert any((tmp_path / place).iterdir())  # what was written is whole


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("clauses --json >&-", 74, "Standard output is closed"),
        ("check CASE >&-", 74, "Standard output is closed"),
        ("allocate CASE --out out --solver highs >&-", 74, "Standard output is closed"),
        ("clauses >/dev/full", 74, "no space is left"),
        ("clauses --json &>/dev/full", 74, ""),
        ("clauses --json >&- 2>&-", 74, ""),
        ("check nowhere 2>&-", 3, ""),
        ("check nowhere <&- >/dev/null", 3, "There is no case"),
    ],
)
def test_streams_that_are_closed_in_a_real_process(
    case: Path, tmp_path: Path, line: str, code: int, says: str
) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m optimizer.cli {line.replace('CASE', str(case))}"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
        env={**os.environ, "SUBSIDY_LANG": "en"},
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert says in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_messages_that_nobody_hears_stop_nothing(case: Path, tmp_path: Path) -> None:
    class Broken(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

        def flush(self) -> None:
            raise BrokenPipeError

    Stderr(Broken()).write("x")
    Stderr(Broken()).flush()
    line = f"{sys.executable} -m optimizer.cli allocate {case} --out out 2> >(true)"
    assert subprocess.run(["bash", "-c", line], cwd=tmp_path, check=False).returncode == 0
    assert (tmp_path / "out" / "summary.json").exists()


def test_json_holds_one_document_whatever_else_is_printed() -> None:
    page = io.StringIO()
    out = Stdout(page, json=True)
    out.write("noise")
    out.document("{}\n")
    out.document('{"second": 1}\n')
    assert page.getvalue() == "{}\n"
