"""Whatever is changed in a finished result is found, though every hash was made to agree again."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from checks.tamperings import FILES, IMPOSSIBLE, LETTERS, TABLES, Edit, all_edits, forge, row_edits
from helpers.results import remake_once, small_allocation, small_case

from optimizer.facts.audit import values
from optimizer.language.text import Text
from optimizer.problems.errors import NotComparableError
from optimizer.program.rows import Decision
from optimizer.report import write_result, writer
from optimizer.result.allocation import Allocation
from optimizer.result.certify import _proved_again
from optimizer.scoring.build import build_program
from optimizer.verify.verify import verification, verify_result

ALL = bool(os.environ.get("SUBSIDY_TAMPERINGS"))
LATE = ("summary: seal",)  # a forger who recomputes the seal would mend it
SAMPLE = 20  # of those that are tried unless all are asked for
_DRAWN: dict[bytes, dict[str, bytes]] = {}
_DRAW = writer._WRITERS["figures"]


def draw_once(made: Any, folder: Path) -> None:
    """Draw the figures of a decision once: they show nothing else of a result."""
    allocation: Allocation = made.allocation
    key = (
        allocation.language.encode() + allocation.awards.drop(columns="certainty").to_csv().encode()
    )
    if key not in _DRAWN:
        _DRAW(made, folder)
        _DRAWN[key] = {p.name: p.read_bytes() for p in (folder / "figures").iterdir()}
    (folder / "figures").mkdir(exist_ok=True)
    for name, data in _DRAWN[key].items():
        (folder / "figures" / name).write_bytes(data)


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.verify.verify.remake", remake_once)
    monkeypatch.setitem(writer._WRITERS, "figures", draw_once)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("right") / "out"
    write_result(small_allocation(), target)
    return target


def tampered(right: Path, place: Path, edit: Edit, late: bool = False) -> Path:
    """Change a copy of a result, and make all hashes and the seal agree."""
    folder = Path(shutil.copytree(right, place / "out"))
    if not late:
        edit(folder)
    forge(folder, small_case())
    if late:
        edit(folder)
    return folder


def is_found(folder: Path) -> bool:
    """Return whether a tampering is found, quickly or else by solving again, or not called checked."""
    case = small_case()
    try:
        return bool(verify_result(folder, case, quick=True) or verify_result(folder, case))
    except NotComparableError:
        return True


def test_the_untouched_result_is_right_and_a_forger_without_aim_changes_nothing(
    right: Path, tmp_path: Path
) -> None:
    folder = tampered(right, tmp_path, lambda folder: None)
    found = verification(folder, small_case())
    assert (found.problems, found.uncompared, found.proof.standing) == ([], (), "proved")
    for path in right.rglob("*.*"):
        assert (folder / path.relative_to(right)).read_bytes() == path.read_bytes(), path


@pytest.mark.slow
def test_every_tampering_is_found(right: Path, tmp_path: Path) -> None:
    edits = all_edits(right)
    assert len(edits) > 300
    names = sorted(edits) if ALL else random.Random(103).sample(sorted(edits), SAMPLE)
    missed: list[str] = []
    for number, name in enumerate(names):
        place = tmp_path / str(number)
        place.mkdir()
        folder = tampered(
            right, place, edits[name], late=name in LATE or name.startswith("letters")
        )
        if not is_found(folder):
            missed.append(name)
        shutil.rmtree(place)
    assert not missed, missed


BYTES = ("no byte order mark", "other line ends", "quotes")


@pytest.mark.parametrize("way", BYTES)
def test_the_same_cells_in_other_bytes_are_found_in_every_table(way: str, tmp_path: Path) -> None:
    write_result(small_allocation(), tmp_path / "right", parts=[])
    edits = dict(row_edits())

    def edit(folder: Path) -> None:
        for table in TABLES:
            edits[f"{table}: {way}"](folder)

    found = verification(tampered(tmp_path / "right", tmp_path, edit), small_case(), quick=True)
    assert [(p.code, p.file) for p in found.problems] == [("bytes", f"{t}.csv") for t in TABLES]


WITHOUT_PARTS = {
    **{f"letters: {name}": edit for name, edit in LETTERS.items()},
    **{f"files: {name}": FILES[name] for name in (
        "a file more", "a hidden file", "a figure more", "a table more", "a folder with a file",
        "a second summary", "an empty folder", "a table less", "a link in a table's place",
    )},
    **{f"run: {name}": IMPOSSIBLE[name] for name in (
        "an unknown key", "keys in another order",
    )},
}  # fmt: skip


@pytest.mark.parametrize("name", WITHOUT_PARTS)
def test_letters_files_and_keys_are_held_in_a_result_of_tables_alone(
    name: str, tmp_path: Path
) -> None:
    write_result(small_allocation(), tmp_path / "right", parts=[])
    late = name.startswith("letters")
    folder = tampered(tmp_path / "right", tmp_path, WITHOUT_PARTS[name], late=late)
    assert verify_result(folder, small_case(), quick=True) != []


# ---- forgeries that agree with themselves in every cell ------------------------------------------


def forged(**solution: Any) -> Allocation:
    """Return the small result with another solution claimed, as if an engine had found it."""
    allocation = small_allocation()
    other = replace(allocation.solution, **solution)
    decision = other.decision
    worth = values(allocation.scored.round, allocation.case.policy, decision)
    steps = tuple(
        replace(
            step, value=worth[step.goal], bound=worth[step.goal], floor=worth[step.goal], again=""
        )
        if decision is not allocation.decision
        else step
        for step in other.steps
    )
    claim = _proved_again(build_program(allocation.scored), replace(other, steps=steps))
    return replace(allocation, decision=decision, solution=claim)


def awarded(*amounts: int) -> Decision:
    return Decision.of(np.array(amounts, dtype=np.int64))


FORGERIES: dict[str, dict[str, Any]] = {
    "the other lot": {"decision": awarded(2_000, 0, 1_000, 0, 0, 1_000)},
    "a school left out": {
        "decision": awarded(2_000, 0, 0, 1_000, 0, 0),
        "certainty": ("every", "none", "some", "some", "none", "none"),
    },
    "chance said to be certainty": {
        "certainty": ("every", "none", "none", "every", "none", "every"),
        "optima": 1,
        "chances": None,
    },
    "certainty said to be chance": {
        "certainty": ("every", "some", "some", "some", "none", "every")
    },
    "more optima": {"optima": 3},
    "no chances": {"chances": None},
    "another chance": {"chances": tuple(map(Fraction, (1, 0, "1/3", "2/3", 0, 1)))},
    "another reason for the engine": {"why": Text("委員會之意願", "the committee wished it")},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FORGERIES)
def test_only_a_proof_finds_a_result_that_agrees_with_itself(name: str, tmp_path: Path) -> None:
    write_result(forged(**FORGERIES[name]), tmp_path / "out", parts=["report"])
    quick = verification(tmp_path / "out", small_case(), quick=True)
    assert [p.say("en") for p in quick.problems] == [] and quick.proof.standing == "left_out"
    assert verify_result(tmp_path / "out", small_case()) != []


def test_an_exchange_that_is_better_is_found_without_a_proof(tmp_path: Path) -> None:
    worse = {
        "decision": awarded(0, 1_500, 0, 1_000, 0, 1_000),
        "certainty": ("none", "every", "some", "some", "none", "every"),
    }
    write_result(forged(**worse), tmp_path / "out", parts=["report"])
    quick = verification(tmp_path / "out", small_case(), quick=True)
    assert any("A1 got nothing while A2 is funded" in p.say("en") for p in quick.problems)


def test_a_false_proof_in_a_result_that_is_not_all_proved(tmp_path: Path) -> None:
    """Its first priorities are said to be proved, and a better list exists."""
    poor = forged(decision=awarded(0, 1_500, 0, 1_000, 0, 1_000), drawn=False, certainty=None)
    steps = [replace(s, again="") for s in poor.solution.steps]
    steps[2] = replace(steps[2], bound=0, floor=0)
    solution = replace(poor.solution, steps=tuple(steps), optima=None, chances=None)
    write_result(replace(poor, solution=solution), tmp_path / "out", parts=[])
    assert verify_result(tmp_path / "out", small_case(), quick=True) == []
    found = verification(tmp_path / "out", small_case())
    assert [p.code for p in found.problems] == ["merit"] and found.proof.standing == "part"


@pytest.mark.parametrize("proved", [0, 1])
def test_a_result_that_claims_less_is_taken_at_its_word(proved: int, tmp_path: Path) -> None:
    right = small_allocation()
    steps = [
        replace(step, again="", bound=step.bound if n < proved else step.value + 9)
        for n, step in enumerate(right.solution.steps)
    ]
    steps = [replace(s, floor=s.bound) for s in steps]
    less = replace(
        right.solution, steps=tuple(steps), certainty=None, drawn=False, optima=None, chances=None
    )
    write_result(replace(right, solution=less), tmp_path / "out", parts=["report"])
    found = verification(tmp_path / "out", small_case())
    assert found.problems == []
    standing = "part" if proved else "not_claimed"
    assert (found.proof.standing, found.proof.goals, found.proof.of) == (standing, proved, 3)
