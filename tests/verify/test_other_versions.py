"""A result that says that other versions wrote it: excused where its bytes differ, and never called checked."""

from __future__ import annotations

import io
import json
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from helpers.commands import run
from helpers.edited_pages import stamped
from helpers.results import remake_once, reseal, small_allocation, small_case

from optimizer.case.case import read_case
from optimizer.cli.schema import schemas
from optimizer.cli.verdict import verdict
from optimizer.pipe import allocate
from optimizer.problems.errors import NotComparableError
from optimizer.report import summary, write_result
from optimizer.verify.verification import Verdict
from optimizer.verify.verify import verification, verify_result

PARTS: list[Any] = ["workbooks", "report", "figures"]


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.verify.verify.remake", remake_once)


CLAIM = {"xlsxwriter": "1.0", "python": "3.0.0"}


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("right") / "out"
    write_result(small_allocation(), target, parts=PARTS)
    return target


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result that says in its summary and its report that other versions wrote it."""
    target = tmp_path_factory.mktemp("elsewhere") / "out"
    versions = {**summary.versions(), **CLAIM}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(summary, "versions", lambda: versions)
        write_result(small_allocation(), target, parts=PARTS)
    return target


def bytes_of(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def edit(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new, 1)

    return edit


def member(name: str, old: str, new: str) -> Callable[[bytes], bytes]:
    """Change one part of a workbook, and pack everything else as it was."""

    def edit(data: bytes) -> bytes:
        page = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(page, "w") as target:
            for info in source.infolist():
                content = source.read(info)
                if info.filename == name:
                    content = bytes_of(old.encode(), new.encode())(content)
                target.writestr(info, content, zipfile.ZIP_DEFLATED)
        return page.getvalue()

    return edit


def text_in_picture(data: bytes) -> bytes:
    """Add a text that no program shows; the picture is the same."""
    body = b"tEXtComment\0forged"
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return bytes_of(b"\0\0\0\0IEND", chunk + b"\0\0\0\0IEND")(data)


FORGED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "words in a font": (
        "report.html",
        lambda page: stamped(
            bytes_of(b"@font-face{", b"@font-face{x:'A1 got it';")(page).decode()
        ).encode(),
    ),
    "a colour of the report": ("report.html", bytes_of(b"<svg ", b"<svg  ")),
    "a number format": ("awards.xlsx", member("xl/styles.xml", "#,##0", "#,##0.9")),
    "a hidden row": (
        "awards.xlsx",
        member("xl/worksheets/sheet1.xml", 'r="2"', 'r="2" hidden="1"'),
    ),
    "a picture": ("figures/scores.png", text_in_picture),
    "a stroke": ("figures/scores.svg", bytes_of(b"<svg ", b"<svg data-x='1' ")),
}


def forged(result: Path, place: Path, name: str) -> Path:
    """Copy a result with one file changed, and make the list of hashes agree."""
    folder = Path(shutil.copytree(result, place / "out"))
    file, edit = FORGED[name]
    (folder / file).write_bytes(edit((folder / file).read_bytes()))
    reseal(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", FORGED)
def test_a_forger_who_claims_no_other_versions_is_found(
    name: str, right: Path, tmp_path: Path
) -> None:
    found = verification(forged(right, tmp_path, name), small_case(), quick=True)
    assert (found.verdict, {p.file for p in found.problems}) == ("differs", {FORGED[name][0]})


@pytest.mark.slow
@pytest.mark.parametrize("name", FORGED)
def test_a_forger_who_claims_other_versions_is_not_called_checked(
    name: str, elsewhere: Path, tmp_path: Path
) -> None:
    folder = forged(elsewhere, tmp_path, name)
    found = verification(folder, small_case(), quick=True)
    assert (found.problems, found.verdict) == ([], Verdict.NOT_COMPARABLE)
    assert [one.file for one in found.uncompared] == [FORGED[name][0]]
    assert sorted(one.split()[0] for one in found.versions) == sorted(CLAIM)
    with pytest.raises(NotComparableError, match="xlsxwriter"):
        verify_result(folder, small_case(), quick=True)


def test_the_first_line_says_what_was_not_compared(elsewhere: Path, tmp_path: Path) -> None:
    folder = forged(elsewhere, tmp_path, "a hidden row")
    said = verdict(verification(folder, small_case(), quick=True))
    first = said.en.splitlines()[0]
    assert first.startswith("1 file was not compared byte for byte")
    assert "xlsxwriter 1.0 / " in first
    assert said.zh.startswith("有 1 個檔案無法逐位元組核對")
    assert "every file of the folder agrees" not in said.en and "各檔案與之相符" not in said.zh
    assert "- awards.xlsx: only what they say was compared" in said.en


def test_the_same_bytes_are_the_same_file_whatever_versions_are_claimed(elsewhere: Path) -> None:
    found = verification(elsewhere, small_case(), quick=True)
    assert (found.problems, found.uncompared, found.verdict) == ([], (), Verdict.CHECKED)


def test_the_command_ends_with_6(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, folder = tmp_path / "case", tmp_path / "out"
    assert run("new", case, "--example").exit_code == 0
    versions = {**summary.versions(), **CLAIM}
    with monkeypatch.context() as patch:
        patch.setattr(summary, "versions", lambda: versions)
        write_result(allocate(read_case(case)), folder, parts=["workbooks"])
    path = folder / "awards.xlsx"
    path.write_bytes(FORGED["a hidden row"][1](path.read_bytes()))
    reseal(folder)
    result = run("verify", folder, "--case", case, "--quick", "--json")
    document = json.loads(result.stdout)
    jsonschema.Draft202012Validator(schemas()["verify"]).validate(document)
    assert result.exit_code == 6
    assert (document["verified"], document["verdict"]) == (False, "not_comparable")
    assert document["uncompared"] == [{"file": "awards.xlsx", "by_content": True}]
