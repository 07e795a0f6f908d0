"""Writing the folder of a new case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, get_args

from optimizer.language.text import Language
from optimizer.new.commented_policy import POLICY
from optimizer.new.forms import Form, empty_forms, example_forms
from optimizer.problems.arguments import checked
from optimizer.report.csv_tables import write_cells
from optimizer.tables.schema import Kind
from optimizer.writing import allow, new_folder, only_if_empty

Format = Literal["csv", "xlsx", "ods"]
FORMATS: tuple[Format, ...] = get_args(Format)
NUMERIC = (Kind.COUNT, Kind.MONEY, Kind.POINTS)


@checked
def new_case(
    target: str | Path,
    example: bool = False,
    format: Format = "csv",
    language: Language = "zh-TW",
) -> list[Path]:
    """Write a folder to fill in.

    Parameters
    ----------
    target
        The folder: missing, or empty.
    example
        Fill it with a small invented round instead of leaving the tables empty.
    format
        ``csv``: a file a table; ``xlsx`` or ``ods``: one workbook, a sheet a table, with notes and
        drop-down lists.
    language
        Language of headers, sheet names and notes. Either is read.

    Returns
    -------
    list of Path
        Every file written, in the order of their names.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or the folder is not empty or cannot be written to; nothing is left behind then.

    Examples
    --------
    >>> [path.name for path in new_case("my-round", format="ods")]
    ['case.ods', 'policy.toml']
    """
    place = Path(target)
    forms = example_forms(language) if example else empty_forms(language)
    with new_folder(place, only_if_empty) as folder:
        _write_tables(forms.forms, format, folder)
        for name, text in (forms.texts or {"policy.toml": POLICY}).items():
            (folder / name).write_bytes(text.encode())
    return sorted(place.iterdir())


def _write_tables(forms: Sequence[Form], format: Format, folder: Path) -> None:
    if format == "csv":
        for form in forms:
            (folder / f"{form.table.key}.csv").write_bytes(to_csv(form))
    else:
        _write_workbook(forms, folder / f"case.{format}")


def _write_workbook(forms: Iterable[Form], path: Path) -> None:
    from optimizer.new.form_sheets import sheet_of
    from optimizer.workbooks.ods import write_ods
    from optimizer.workbooks.xlsx import write_xlsx

    write = write_xlsx if path.suffix == ".xlsx" else write_ods
    write(map(sheet_of, forms), path)


def to_csv(form: Form) -> bytes:
    """Write one table as CSV with a byte order mark, without which Excel takes it for Big5."""
    return write_cells(form.headers, form.rows, [column.kind in NUMERIC for column in form.columns])


def check_empty(target: Path) -> None:
    """Refuse a folder that holds anything.

    Raises
    ------
    UsageError
        If it does, or is no folder.
    """
    allow(target, only_if_empty)
