"""A page of sheets: what stands in a workbook, to be read in a browser, one file without any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from optimizer.language.text import Language, Text
from optimizer.report.page import asset, environment, with_font
from optimizer.report.summary import MadeBy
from optimizer.result.dtypes import rounded
from optimizer.workbooks.sheet import CellKind, Sheet, SheetColumn

_SHORT = 20  # characters
MOST_ROWS = 200  # of a sheet that a page shows


@dataclass(frozen=True)
class PageHead:
    """What stands above the sheets.

    Parameters
    ----------
    kicker
        What kind of page it is.
    title
        What it is about.
    finding
        What it shows, in one sentence.
    """

    kicker: str
    title: str
    finding: str


def render_sheets(
    head: PageHead, sheets: Sequence[tuple[Sheet, str]], figures: Sequence[str], language: Language
) -> str:
    """Return a page as HTML.

    Parameters
    ----------
    head
        What stands above.
    sheets
        Each with a sentence that says how to read it; one without rows says so.
    figures
        Elements to be shown as they are, as `optimizer.report.drawings` makes them.
    language
        Language of the page.
    """
    page = (
        environment()
        .get_template("sheets.html")
        .render(
            head=head,
            sheets=[(number, *each) for number, each in enumerate(sheets, start=1)],
            figures=[Markup(figure) for figure in figures],
            css=Markup(asset("report.css")),
            t=lambda zh, en: Text(zh, en).say(language),
            shown=_shown,
            look=_look,
            beneath=_beneath,
            zip=zip,
            most=MOST_ROWS,
            version=MadeBy.here().program,
        )
    )
    return with_font(page)


def _look(column: SheetColumn) -> str:
    """Return the class of a column's cells: numbers, words that are not broken, sentences."""
    if column.kind.numeric:
        return "n"
    short = column.width <= _SHORT and column.kind is not CellKind.LONG
    return "c" if short else "reason" if column.kind is CellKind.LONG else "title"


def _beneath(columns: Sequence[SheetColumn]) -> list[SheetColumn]:
    """Return the sentences that stand in a row of their own: where a page is too narrow for several."""
    sentences = [column for column in columns if column.kind is CellKind.LONG]
    return sentences if len(sentences) > 1 else []


def _shown(cell: Any) -> str:
    if isinstance(cell, float):
        return rounded(cell)
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
