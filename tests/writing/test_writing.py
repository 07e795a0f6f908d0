"""Whatever is written appears whole or not at all: kills between any two calls, races, refusals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.places import TESTS

from optimizer import writing
from optimizer.language.text import EMPTY
from optimizer.problems.errors import UsageError
from optimizer.writing import atomic, work_folder

KILLED = TESTS / "checks" / "killed.py"
WAYS = {
    ("folder", "replace"): ("old", "new"),
    ("folder", "first"): ("missing", "new"),
    ("folder-renames", "replace"): ("old", "new"),
    ("folder-renames", "first"): ("missing", "new"),
    ("file", "replace"): ("old", "new"),
    ("file", "first"): ("missing", "new"),
    ("fill", "first"): ("missing", "empty", "new"),
}
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork there")


def driven(place: Path, *arguments: str) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, KILLED, place, *arguments], capture_output=True, encoding="utf-8", check=True
    )  # fmt: skip
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(("way", "manner"), WAYS)
def test_a_kill_before_any_call_leaves_the_old_or_the_new(
    way: str, manner: str, tmp_path: Path
) -> None:
    seen = driven(tmp_path, way, manner)
    calls = seen.pop("calls")
    assert calls > 10
    allowed = WAYS[way, manner]
    at_once = (*allowed, "missing") if "renames" in way else allowed
    at_once = (*allowed, "torn") if way == "fill" else at_once
    for what in seen:
        subject, _, value = what.partition(": ")
        right = {
            "after the kill": at_once,
            "recovered": allowed,
            "written again": ("two",),
            "left over": ("[]",),
        }
        assert value in right[subject], seen
    assert seen[f"recovered: {allowed[0]}"] and seen["recovered: new"]


def test_kills_at_random_moments(tmp_path: Path) -> None:
    seen = driven(tmp_path, "folder", "20")
    assert seen.keys() <= {"after the kill: whole", "left over: []"}, seen


def put(target: Path, text: str) -> None:
    with writing.new_folder(target, lambda folder: EMPTY) as made:
        (made / "a").write_text(text)


@pytest.fixture
def abandoned(tmp_path: Path) -> work_folder.Work:
    """A dead run's folder, ended between the two renames."""
    made = work_folder._make(tmp_path / "out")
    for path in (made.new, made.old):
        path.mkdir()
        (path / "a").write_text(path.name)
    os.close(made.record)
    return made


def test_an_interrupted_exchange_is_completed(tmp_path: Path, abandoned: work_folder.Work) -> None:
    writing.recover(tmp_path)
    assert (tmp_path / "out" / "a").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_stands_at_the_target_by_now_stays(
    tmp_path: Path, abandoned: work_folder.Work
) -> None:
    (tmp_path / "out").mkdir()
    writing.recover(tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["out"]


def test_a_living_run_is_left_alone(tmp_path: Path) -> None:
    with writing.new_folder(tmp_path / "one", lambda folder: EMPTY) as made:
        (made / "a").write_text("one")
        put(tmp_path / "two", "two")
        assert (made / "a").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"one", "two"}


@pytest.mark.parametrize("exchanges", [True, False])
def test_two_runs_on_one_target_do_not_harm_each_other(
    tmp_path: Path, exchanges: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchanges:
        monkeypatch.setattr(atomic, "exchange", lambda one, other: False)
    put(tmp_path / "out", "old")
    with writing.new_folder(tmp_path / "out", lambda folder: EMPTY) as made:
        (made / "a").write_text("one")
        put(tmp_path / "out", "two")
        assert (tmp_path / "out" / "a").read_text() == "two"
    assert (tmp_path / "out" / "a").read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_run_that_comes_first_in_the_middle_of_an_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "out", "old")
    monkeypatch.setattr(atomic, "exchange", lambda one, other: False)
    rename, coming = Path.rename, [True]

    def late(self: Path, other: Path) -> Path:
        if self.name == "new" and coming:
            coming.clear()
            put(tmp_path / "out", "two")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", late)
    put(tmp_path / "out", "one")
    assert (tmp_path / "out" / "a").read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "record", [None, "{}", '{"program": "subsidy-optimizer", "target": "../x"}']
)
def test_folders_that_are_not_of_this_program_stay(tmp_path: Path, record: str | None) -> None:
    strange = tmp_path / ".subsidy-0123456789abcdef.part"
    (strange / "new").mkdir(parents=True)
    (strange / "old").mkdir()
    if record is not None:
        (strange / "run.json").write_text(record)
    put(tmp_path / "out", "x")
    assert (strange / "new").exists() and (strange / "old").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == [strange.name, "out"]


def test_a_device_is_written_to_and_stays_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    writing.new_file(tmp_path / "pipe", b"said")
    assert os.read(reader, 10) == b"said"
    os.close(reader)
    assert not (tmp_path / "pipe").is_file()


def test_a_file_keeps_its_rights_and_its_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    writing.new_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_bytes() == b"new"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o640


def test_the_working_folder_is_not_pulled_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "out", "old")
    monkeypatch.chdir(tmp_path / "out")
    with pytest.raises(UsageError, match="working folder"):
        put(Path(), "new")
    assert (tmp_path / "out" / "a").read_text() == "old"


def test_folders_that_were_made_above_a_failure_are_taken_back(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="no space"),
        writing.new_folder(tmp_path / "a" / "b" / "out", lambda folder: EMPTY),
    ):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []
