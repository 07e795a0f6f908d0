"""Whatever is changed in a finished result is found, though every hash was made to agree again."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from results import remake_once, small_allocation, small_case
from tamperings import Edit, all_edits, forge

from optimizer.allocation import Allocation
from optimizer.report import write_result, writer
from optimizer.report.summary import MadeBy
from optimizer.verify import verification, verify_result

ALL = bool(os.environ.get("SUBSIDY_TAMPERINGS"))
SAMPLE = 12  # of those that are tried unless all are asked for
_DRAWN: dict[bytes, dict[str, bytes]] = {}
_DRAW = writer._WRITERS["figures"]


def draw_once(allocation: Allocation, folder: Path, made_by: MadeBy) -> None:
    """Draw the figures of a decision once: they show nothing else of a result."""
    key = (
        allocation.language.encode() + allocation.awards.drop(columns="certainty").to_csv().encode()
    )
    if key not in _DRAWN:
        _DRAW(allocation, folder, made_by)
        _DRAWN[key] = {p.name: p.read_bytes() for p in (folder / "figures").iterdir()}
    (folder / "figures").mkdir(exist_ok=True)
    for name, data in _DRAWN[key].items():
        (folder / "figures" / name).write_bytes(data)


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.verify.remake", remake_once)
    monkeypatch.setitem(writer._WRITERS, "figures", draw_once)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("right") / "out"
    write_result(small_allocation(), target)
    return target


def tampered(right: Path, place: Path, edit: Edit) -> Path:
    folder = Path(shutil.copytree(right, place / "out"))
    edit(folder)
    forge(folder, small_case())
    return folder


def test_the_untouched_result_is_right_and_a_forger_without_aim_changes_nothing(
    right: Path, tmp_path: Path
) -> None:
    folder = tampered(right, tmp_path, lambda folder: None)
    found = verification(folder, small_case())
    assert (found.problems, found.notes, found.proof.standing) == ([], (), "proved")
    for path in right.rglob("*.*"):
        assert (folder / path.relative_to(right)).read_bytes() == path.read_bytes(), path


def test_every_tampering_is_found(right: Path, tmp_path: Path) -> None:
    edits = all_edits(right)
    assert len(edits) > 300
    names = sorted(edits) if ALL else random.Random(103).sample(sorted(edits), SAMPLE)
    missed = []
    for number, name in enumerate(names):
        place = tmp_path / str(number)
        place.mkdir()
        folder = tampered(right, place, edits[name])
        if not verify_result(folder, small_case(), quick=True):
            missed.append(name)
        shutil.rmtree(place)
    assert missed == []
