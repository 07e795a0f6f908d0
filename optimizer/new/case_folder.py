"""Writing the folder of a new case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from optimizer.language.text import Language, Text
from optimizer.new.commented_policy import POLICY
from optimizer.new.forms import Form, empty_forms, example_forms
from optimizer.new.policy_forms import policy_forms
from optimizer.policy.policy import Policy, read_policy
from optimizer.problems.arguments import checked
from optimizer.problems.errors import UsageError
from optimizer.reading.encoding import decode
from optimizer.reading.files import load
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
    policy: str | Path | None = None,
    reviewers: Sequence[str] = (),
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
    policy
        A policy.toml that there is: the tables are those that it asks for, a workbook begins with a
        sheet of instructions, and the file is copied as it is. Unless given, the plan's own.
    reviewers
        With a policy: who has a sheet (or file) of reviews of their own.

    Returns
    -------
    list of Path
        Every file written, in the order of their names.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or the folder is not empty or cannot be written to; nothing is left behind then.
    PolicyError
        If the policy cannot be used.

    Examples
    --------
    >>> [path.name for path in new_case("my-round", format="ods")]
    ['case.ods', 'policy.toml']
    """
    place = Path(target)
    if (example and policy is not None) or (reviewers and policy is None):
        raise UsageError(_NOT_BOTH if example else _NO_POLICY)
    read = None if policy is None else read_policy(policy)
    if read is not None and policy is not None:
        text = decode(load(Path(policy)), Path(policy).name, "utf-8-sig")[0]
        forms = policy_forms(read, text, language, reviewers)
    else:
        forms = example_forms(language) if example else empty_forms(language)
    with new_folder(place, only_if_empty) as folder:
        _write_tables(forms.forms, format, folder, read)
        for name, text in (forms.texts or {"policy.toml": POLICY}).items():
            (folder / name).write_bytes(text.encode())
    return sorted(place.iterdir())


def _write_tables(
    forms: Sequence[Form], format: Format, folder: Path, policy: Policy | None
) -> None:
    if format == "csv":
        for form in forms:
            (folder / f"{form.file}.csv").write_bytes(to_csv(form))
    else:
        _write_workbook(forms, folder / f"case.{format}", policy)


def _write_workbook(forms: Sequence[Form], path: Path, policy: Policy | None) -> None:
    from optimizer.new.form_sheets import sheet_of
    from optimizer.new.instructions import instructions
    from optimizer.workbooks.ods import write_ods
    from optimizer.workbooks.xlsx import write_xlsx

    write = write_xlsx if path.suffix == ".xlsx" else write_ods
    first = [] if policy is None else [instructions(forms, policy, forms[0].language)]
    write([*first, *map(sheet_of, forms)], path)


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


_NOT_BOTH = Text(
    "--example 有自己的計畫檔，不能與 --policy 並用。",
    "--example has a policy of its own, and cannot go with --policy.",
)
_NO_POLICY = Text(
    "各委員一張評分表須與 --policy 並用。", "A sheet for each reviewer goes with --policy alone."
)
