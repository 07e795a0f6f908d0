"""What makes a document of an OpenDocument sheet: lines around its table, sums, signatures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimizer.workbooks.ods_cells import cell, paragraphs
from optimizer.workbooks.ods_looks import sheet_look
from optimizer.workbooks.sheet import (
    Cell,
    Paper,
    Sheet,
    SheetColumn,
    Total,
    column_letters,
    lines,
    wrapped,
)

_LINE, _TITLE, _SIGNATURE = 0.5, 0.75, 1.5  # centimetres
_FEW = 4  # lines of a row that any program makes room for


def area(sheet: Sheet, last: int) -> str:
    """Return what the cells of a sheet down to a line are called."""
    name, letters = sheet.name.replace("'", "''"), column_letters(len(sheet.columns))
    return f"'{name}'.A1:'{name}'.{letters}{last}"


def last_line(sheet: Sheet) -> int:
    """Return the last line of a sheet that is printed."""
    paper = sheet.paper or Paper(())
    return sheet.bottom + len(paper.foot) + 2 * bool(paper.signatures)


def document_looks(sheets: Sequence[Sheet]) -> Iterator[str]:
    """Say on which pages each document stands, and how high the lines around its table are.

    No program works that out for joined cells.
    """
    for number, sheet in enumerate(sheets):
        if sheet.paper:
            name = sheet_look(number)
            yield (
                f'<style:style style:name="{name}" style:family="table" '
                f'style:master-page-name="{name}"><style:table-properties table:display="true"/>'
                "</style:style>"
            )
    heights = {
        height
        for sheet in sheets
        for text, look in _around(sheet)
        for height in [_height(text, look, sheet)]
    }
    heights |= {_high(row, sheet) for sheet in sheets if sheet.paper for row in sheet.rows}
    for height in sorted({*heights, _SIGNATURE} - {0.0}):
        yield (
            f'<style:style style:name="{_row(height)}" style:family="table-row">'
            f'<style:table-row-properties style:row-height="{height:.2f}cm" '
            'style:use-optimal-row-height="false"/></style:style>'
        )


def lines_above(sheet: Sheet, paper: Paper) -> Iterator[str]:
    """Write the lines above a table."""
    for number, text in enumerate(paper.head):
        yield _joined(text, "line" if number else "title", sheet)


def lines_below(sheet: Sheet, paper: Paper) -> Iterator[str]:
    """Write the lines below a table, and the place for signatures."""
    for text in paper.foot:
        yield _joined(text, "line", sheet)
    if paper.signatures:
        yield "<table:table-row><table:table-cell/></table:table-row>"
        yield f'<table:table-row table:style-name="{_row(_SIGNATURE)}">'
        for (first, last), office in zip(sheet.blocks, paper.signatures, strict=True):
            yield _across(office, "signature", last - first + 1)
        yield "</table:table-row>"


def totals(row: Sequence[Cell], sheet: Sheet) -> str:
    """Write a row that adds others up."""
    said = (
        _total(*place, top=sheet.top) for place in enumerate(zip(row, sheet.columns, strict=True))
    )
    return f"<table:table-row>{''.join(said)}</table:table-row>"


def _total(position: int, told: tuple[Cell, SheetColumn], top: int) -> str:
    value, column = told
    style = f' table:style-name="total-{column.kind}"'
    if not isinstance(value, Total):
        return cell(value, style) if value != "" else f"<table:table-cell{style}/>"
    letters = column_letters(position + 1)
    first, last = (f".{letters}{top + line + 1}" for line in (value.first, value.last))
    formula = f"of:={value.formula(f'[{first}', f'{last}]', separator=';')}"
    if value.unit:
        style = ' table:style-name="total-counted"'
    said = f"{value.value} {value.unit}" if value.unit else ""
    return cell(value.value, f'{style} table:formula="{formula}"', shown=said)


def _around(sheet: Sheet) -> Iterator[tuple[str, str]]:
    if sheet.paper:
        for number, text in enumerate((*sheet.paper.head, *sheet.paper.foot)):
            yield text, "line" if number else "title"


def _height(text: str, look: str, sheet: Sheet) -> float:
    across = sum(column.width for column in sheet.columns)
    if look == "title":
        return _TITLE * wrapped(text, across * 10 // 14)
    return _LINE * wrapped(text, across)


def _high(row: Sequence[Cell], sheet: Sheet) -> float:
    """Return how high a row of many lines is; 0: as high as a program makes it.

    Of many lines that is too little on paper, where letters are wider than on a screen.
    """
    many = lines(row, sheet.columns)
    return _LINE * many if many > _FEW else 0.0


def line_look(row: Sequence[Cell], sheet: Sheet) -> str:
    """Return the style of a row of a document, as an attribute; empty where it needs none."""
    height = _high(row, sheet) if sheet.paper else 0.0
    return f' table:style-name="{_row(height)}"' if height else ""


def _row(height: float) -> str:
    return f"h{round(100 * height)}"


def _joined(text: str, look: str, sheet: Sheet) -> str:
    height = _height(text, look, sheet)
    line = _across(text, look, len(sheet.columns))
    return f'<table:table-row table:style-name="{_row(height)}">{line}</table:table-row>'


def _across(text: str, look: str, columns: int) -> str:
    """Write one text over several cells."""
    covered = f'<table:covered-table-cell table:number-columns-repeated="{columns - 1}"/>'
    return (
        f'<table:table-cell table:style-name="{look}" table:number-columns-spanned="{columns}" '
        f'table:number-rows-spanned="1" office:value-type="string">{paragraphs(text)}'
        f"</table:table-cell>{covered if columns > 1 else ''}"
    )
