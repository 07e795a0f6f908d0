"""Files that are handed in at the workbench: each is looked at before anything of it is kept.

The name of a file is a name, never a path. What a file takes the place of is put aside, not deleted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from optimizer.desk.upload_refusals import (
    BAD_NAME,
    FORMATS,
    MOST_BYTES,
    MOST_NAME,
    ONE_WORKBOOK,
    POLICY_IS_THERE,
    TOO_LARGE,
    TWICE,
    Why,
    unknown_table,
)
from optimizer.language.text import Text
from optimizer.problems.errors import CaseError, Problem, UsageError, defect
from optimizer.reading.any_file import first_rows
from optimizer.reading.findings import refuse
from optimizer.reading.misplaced_tables import foreign
from optimizer.reading.places import FOREIGN, READ, CaseFiles, Part, find_tables
from optimizer.reading.recognise import likely_table
from optimizer.reading.workbook import is_workbook, open_workbook
from optimizer.tables.schema import REVIEWS_LONG, Table, fold
from optimizer.writing import new_file, reason

POLICY = "policy.toml"
ASIDE = "replaced"  # the folder for what something else has taken the place of


@dataclass(frozen=True)
class Upload:
    """A file that is handed in."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Received:
    """What became of files that were handed in.

    Parameters
    ----------
    path
        Where the case is now.
    kept
        The names of what is kept: as it was handed in, and as it is called in the case.
    aside
        What was put aside for it.
    refused
        What was not kept, with the reason.
    """

    path: Path
    kept: tuple[tuple[str, str], ...] = ()
    aside: tuple[str, ...] = ()
    refused: tuple[Problem, ...] = ()


def receive(path: Path, files: Iterable[Upload], tables: Sequence[Table]) -> Received:
    """Take files into a case.

    Parameters
    ----------
    path
        The case.
    files
        What is handed in.
    tables
        The tables that the case has, or might have.

    Raises
    ------
    UsageError
        If the system cannot write there.
    """
    good: dict[str, Upload] = {}
    refused: list[Problem] = []
    for file in files:
        try:
            name = _looked_at(path, file, tables)
            if name in good:
                raise _refused("two_sources", TWICE, file.name)
            good[name] = file
        except CaseError as error:
            refused.extend(error.problems)
    with TemporaryDirectory() as folder:
        for name, file in good.items():
            (Path(folder) / name).write_bytes(file.data)
        try:
            gone = _superseded(path, find_tables(Path(folder)), tables)
        except CaseError as error:
            return Received(path, refused=(*refused, *error.problems))
    return _kept(path, good, gone, refused)


def _kept(
    path: Path, good: dict[str, Upload], gone: Sequence[Path], refused: Sequence[Problem]
) -> Received:
    folder = path if path.is_dir() else path.parent
    try:
        for old in gone:
            _put_aside(old)
    except OSError as error:
        why = reason(error)
        raise UsageError(
            Text(f"無法寫入 {folder}（{why.zh}）。", f"{folder} cannot be written to ({why.en}).")
        ) from None
    for name, file in good.items():
        new_file(folder / name, file.data)
    for old in gone:
        if old.name not in good:
            old.unlink()
    book = next((folder / name for name in good if is_workbook(name)), path)
    return Received(
        path if path.is_dir() else book,
        tuple((file.name, name) for name, file in good.items()),
        tuple(old.name for old in gone),
        tuple(refused),
    )


def _put_aside(old: Path) -> None:
    """Keep a copy of a file that is about to be replaced."""
    folder = old.parent / ASIDE
    folder.mkdir(exist_ok=True)
    names = (old.name if n == 1 else f"{old.stem} {n}{old.suffix}" for n in count(1))
    shutil.copy2(old, folder / next(name for name in names if not (folder / name).exists()))


# ---- one file -----------------------------------------------------------------------------------


def _looked_at(path: Path, file: Upload, tables: Sequence[Table]) -> str:
    """Return what a file is to be called in the case; what cannot be taken in is refused."""
    name = _name(file.name)
    if len(file.data) > MOST_BYTES:
        raise _refused("too_large", TOO_LARGE, name)
    if name == POLICY:
        return _policy(path)
    if PurePath(name).suffix.lower() in FOREIGN:
        raise refuse(foreign(Path(name)))
    if PurePath(name).suffix.lower() not in READ:
        raise _refused("unknown_format", FORMATS, name)
    if not path.is_dir():
        return _instead(path, name, file.data)
    return _in_folder(name, file.data, tables)


def _name(name: str) -> str:
    """Return a name that is one: no path, nothing hidden, nothing that cannot be seen."""
    if not name.isprintable() or set(name) & set('/\\:*?"<>|') or name.startswith((".", "~$")):
        raise _refused("bad_name", BAD_NAME, "".join(filter(str.isprintable, name))[:MOST_NAME])
    if not name.strip() or len(name) > MOST_NAME:
        raise _refused("bad_name", BAD_NAME, name[:MOST_NAME])
    return name


def _policy(path: Path) -> str:
    if ((path if path.is_dir() else path.parent) / POLICY).exists():
        raise _refused("policy", POLICY_IS_THERE, POLICY)
    return POLICY


def _instead(path: Path, name: str, data: bytes) -> str:
    """Return the name of a workbook that takes the place of the whole case."""
    if not is_workbook(name):
        raise _refused("one_workbook", ONE_WORKBOOK, name)
    open_workbook(name, data)
    return path.stem + PurePath(name).suffix.lower()


def _in_folder(name: str, data: bytes, tables: Sequence[Table]) -> str:
    if is_workbook(name):
        open_workbook(name, data)
        return name
    stem, suffix = PurePath(name).stem, PurePath(name).suffix.lower()
    rows = first_rows(name, data)
    named = next((t for t in tables if fold(stem).startswith(t.names)), None)
    table = named or likely_table(rows, tables, named=False)
    if table is None:
        raise _refused("unknown_table", unknown_table(tables), name)
    if named is not None:
        return name
    return f"{table.key}{f'_{stem}' if table.key == REVIEWS_LONG.key else ''}{suffix}"


# ---- what a file takes the place of -------------------------------------------------------------


def _superseded(path: Path, new: CaseFiles, tables: Sequence[Table]) -> list[Path]:
    """Return the files of a case whose tables all stand in what is handed in.

    Raises
    ------
    CaseError
        If a file has further tables: a part of a workbook cannot be replaced.
    """
    if not path.is_dir():
        return [path] if new.files else []
    ours = [(part, table) for part, table in new.each(tables) if table is not None]
    old = find_tables(path)
    theirs: dict[Path, list[tuple[Part, bool]]] = {file: [] for file in old.files}
    for part, table in old.each(tables):
        if table is not None:
            replaced = any(_replaces(own, part, table) for own in ours)
            theirs[part.path].append((part, replaced))
    names = {file.name for file in new.files}
    gone = [
        file for file, parts in theirs.items() if file.name in names or any(r for _, r in parts)
    ]
    for file in gone:
        left = [part for part, replaced in theirs[file] if not replaced]
        if left:
            raise refuse(_in_part(file, left))
    return gone


def _replaces(own: tuple[Part, Table], part: Part, table: Table) -> bool:
    """Return whether a part stands for another: there may be several of reviews alone."""
    if own[1].key != table.key:
        return False
    if table.key != REVIEWS_LONG.key:
        return True
    mine, other = ({fold(name) for name in one.names} for one in (own[0], part))
    return bool(mine & other) or all(names & set(table.names) for names in (mine, other))


def _in_part(file: Path, left: Sequence[Part]) -> Problem:
    names = [part.sheet or part.path.name for part in left]
    return defect(
        "in_part",
        Text("不能只換掉其中一部分", "cannot be replaced in part"),
        expected=Text(
            f"檔案中還有「{'」、「'.join(names)}」，新檔案裡沒有。",
            f"It also holds {', '.join(names)}, which the new file lacks.",
        ),
        hint=Text(
            "請在原活頁簿中修改後整份放入；未收下任何檔案。",
            "Change the workbook itself and hand it in whole; nothing was kept.",
        ),
        file=file.name,
    )


def _refused(code: str, said: Why, name: str) -> CaseError:
    return refuse(defect(code, said[0], expected=said[1], file=name))


def waiting(folder: Path) -> bool:
    """Return whether a folder holds no case yet: no policy, and nothing that could be a table."""
    if not folder.is_dir() or (folder / POLICY).exists():
        return False
    return not find_tables(folder).files
