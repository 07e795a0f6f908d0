"""Another case is opened, or begun, at the workbench: where, in whose language, and what is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from optimizer.case.case import read_case
from optimizer.desk.intake import begin, go_to
from optimizer.desk.people import OWNER, STRANGER
from optimizer.language.text import LANGUAGES, Language
from optimizer.problems.errors import CaseError, SubsidyError, UsageError


@pytest.fixture
def desk() -> Any:
    """A workbench that takes down which case it is to read."""
    opened: list[Path] = []

    async def reopen(path: Path) -> None:
        opened.append(path)

    return SimpleNamespace(stranger=OWNER, language="zh-TW", reopen=reopen, opened=opened)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example_is_begun_where_it_was_named(
    desk: Any, tmp_path: Path, language: Language
) -> None:
    """As a path is copied out of a file manager: in quotation marks, with blanks around it."""
    asyncio.run(begin(desk, f' "{tmp_path / "新案"}" ', "example", language))
    assert desk.opened == [tmp_path / "新案"] and desk.language == language
    assert len(read_case(tmp_path / "新案").records.applications) == 48
    asyncio.run(go_to(desk, f"{tmp_path / '新案'}"))
    assert desk.opened == [tmp_path / "新案"] * 2


def test_blank_forms_are_a_workbook(desk: Any, tmp_path: Path) -> None:
    asyncio.run(begin(desk, str(tmp_path / "blank"), "blank", "zh-TW"))
    assert {path.name for path in (tmp_path / "blank").iterdir()} == {"case.xlsx", "policy.toml"}


@pytest.mark.parametrize(
    ("place", "wrong", "said"),
    [
        ("  ", UsageError, "Say where the folder"),
        ('""', UsageError, "Say where the folder"),
        ("a\x00b", UsageError, "Say where the folder"),
        ("nowhere", CaseError, None),
    ],
)
def test_what_names_no_case_is_refused_and_what_is_open_stays(
    desk: Any, tmp_path: Path, place: str, wrong: type[SubsidyError], said: str | None
) -> None:
    named = str(tmp_path / place) if place.isalpha() else place
    with pytest.raises(wrong, match=said):
        asyncio.run(go_to(desk, named))
    assert desk.opened == []


def test_nothing_is_begun_over_what_is_there(desk: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError):
        asyncio.run(begin(desk, str(tmp_path), "example", "en"))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert desk.opened == [] and desk.language == "zh-TW"


def test_a_workbench_that_others_use_is_open_for_its_one_case(desk: Any, tmp_path: Path) -> None:
    desk.stranger = STRANGER
    for doing in (
        go_to(desk, str(tmp_path)),
        begin(desk, str(tmp_path / "other"), "example", "en"),
    ):
        with pytest.raises(UsageError, match="this case alone"):
            asyncio.run(doing)
    assert not (tmp_path / "other").exists() and desk.opened == []
