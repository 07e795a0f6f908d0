"""The lists that a bureau publishes, as files: one workbook in two formats, and a CSV a list.

Their headers and codes are words of the result's language. The CSV files of the result itself keep
their English names, whatever the language, for the programs that read them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.report.csv_tables import write_cells
from optimizer.report.roll import ROLLS, Roll
from optimizer.report.rolls import rolls_of

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

FOLDER = "published"
WORKBOOKS = ("lists.ods", "lists.xlsx")
FILES = tuple(f"{FOLDER}/{name}" for name in (*WORKBOOKS, *(f"{name}.csv" for name in ROLLS)))


def write_published(allocation: Allocation, folder: Path, agency: str = "") -> None:
    """Write every list into a folder of its own; the same allocation and agency give the same bytes."""
    from optimizer.report.roll_sheets import roll_sheets
    from optimizer.workbooks.ods import write_ods
    from optimizer.workbooks.xlsx import write_xlsx

    place = folder / FOLDER
    place.mkdir()
    rolls = rolls_of(allocation)
    for roll in rolls:
        (place / f"{roll.name}.csv").write_bytes(roll_csv(roll))
    sheets = list(roll_sheets(allocation, rolls, agency))
    write_xlsx(sheets, place / "lists.xlsx", allocation.title)
    write_ods(sheets, place / "lists.ods")


def roll_csv(roll: Roll) -> bytes:
    """Return a list as CSV, without its sums."""
    numeric = [column.kind.numeric for column in roll.columns]
    header = [column.header for column in roll.columns]
    return write_cells(header, _texts(roll.rows), numeric)


def _texts(rows: Iterable[Iterable[object]]) -> Iterable[list[str]]:
    return ([str(cell) for cell in row] for row in rows)
