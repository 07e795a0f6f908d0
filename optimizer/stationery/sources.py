"""The folder of templates, of letters and of the head of a report: the bureau's own files, and ours where it has none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from optimizer.language.text import LANGUAGES, Text
from optimizer.problems.arguments import checked
from optimizer.problems.errors import CaseError, defect
from optimizer.reading.encoding import decode
from optimizer.reading.files import load
from optimizer.stationery.bureau import FILE
from optimizer.stationery.sandbox import Templates
from optimizer.stationery.unusable import unusable
from optimizer.writing import new_folder, only_if_empty

OURS = Path(__file__).with_name("templates")
KINDS = ("funded", "not_funded", "ineligible", "revised")
HEAD = "report_head"  # of report.html
STYLES = "styles.xml"
NAMED = (
    *(f"{language}/{kind}.html" for language in LANGUAGES for kind in (*KINDS, HEAD)),
    STYLES,
)
MOST_FILES = 100
MOST_CHARACTERS = 200_000  # of one file


def ours() -> dict[str, str]:
    """Return the text of every template of the program by its name, with / between folders."""
    return {name: path.read_text("utf-8") for name, path in _files(OURS)}


def theirs(folder: Path) -> dict[str, str]:
    """Return the text of every template of a bureau's folder by its name.

    Raises
    ------
    TemplateError
        If there is no such folder, or a file of it cannot be read.
    """
    if not os.path.isdir(folder):  # noqa: PTH112 - no error where a name is too long
        message = Text("找不到這個範本資料夾", "there is no such folder of templates")
        raise unusable([defect("missing_file", message, file=str(folder))])
    paths = dict(_files(folder))
    if len(paths) > MOST_FILES:
        message = Text("範本檔案太多", "holds too many templates")
        raise unusable([defect("too_large", message, expected=_FEW, file=str(folder))])
    return {name: _read(path, name) for name, path in paths.items()}


_FEW = Text(f"至多 {MOST_FILES} 個", f"at most {MOST_FILES}")


def templates_of(folder: Path | None) -> Templates:
    """Return the templates of a bureau, ours where it has none.

    Raises
    ------
    TemplateError
        With everything that is wrong in form.
    """
    own = ours() if folder is None else theirs(folder)
    return Templates({**ours(), **own}, NAMED, own)


def bureau_folder(folder: Path | None) -> Path:
    """Return the folder whose bureau.toml counts."""
    return folder if folder is not None and os.path.lexists(folder / FILE) else OURS


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the templates of a folder, and of the folders in it, in the order of their names."""
    for path in sorted((*folder.glob("*"), *folder.glob("*/*"))):
        if path.suffix in (".html", ".css", ".xml") and not path.name.startswith("."):
            yield path.relative_to(folder).as_posix(), path


def _read(path: Path, name: str) -> str:
    try:
        text = decode(load(path), name)[0]
    except CaseError as error:
        raise unusable([replace(problem, file=name) for problem in error.problems]) from None
    if len(text) > MOST_CHARACTERS:
        most = Text(f"至多 {MOST_CHARACTERS:,} 字", f"at most {MOST_CHARACTERS:,} characters")
        message = Text("檔案太大", "is too large")
        raise unusable([defect("too_large", message, expected=most, file=name)])
    return text


@checked
def copy_templates(target: str | Path) -> list[Path]:
    """Write the templates of the letters into a new folder, to be changed by a bureau.

    Parameters
    ----------
    target
        The folder: missing, or empty.

    Returns
    -------
    list of Path
        Every file written, in the order of their names.

    Raises
    ------
    UsageError
        If the folder is not empty or cannot be written to.

    Examples
    --------
    >>> written = copy_templates("our-templates")
    >>> "our-templates/bureau.toml" in [path.as_posix() for path in written]
    True
    """
    place = Path(target)
    with new_folder(place, only_if_empty) as folder:
        for name, path in (*_files(OURS), (FILE, OURS / FILE)):
            copied = folder / name
            copied.parent.mkdir(exist_ok=True)
            copied.write_bytes(path.read_bytes())
    return sorted(path for path in place.rglob("*") if path.is_file())
