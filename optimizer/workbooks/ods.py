"""Writing sheets as an OpenDocument spreadsheet.

It is written from its XML, as the libraries at hand either write bare cells (no widths, no number
formats, no frozen header) or hold a whole document tree in memory. The same sheets give the same
bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from optimizer.workbooks.cell_text import quoted
from optimizer.workbooks.ods_cells import cell, paragraphs
from optimizer.workbooks.ods_document import (
    area,
    document_looks,
    last_line,
    line_look,
    lines_above,
    lines_below,
    totals,
)
from optimizer.workbooks.ods_looks import (
    CELL_STYLES,
    DOCUMENT_STYLES,
    FORM_STYLES,
    MARKED_STYLES,
    SPACES,
    form_look,
    page_styles,
    sheet_look,
)
from optimizer.workbooks.opendocument import HEAD, package
from optimizer.workbooks.sheet import (
    Cell,
    CellKind,
    Entry,
    Sheet,
    SheetColumn,
    is_total,
)

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_UNSEEN = ' table:visibility="collapse"'
_FORMULAS = ' xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
_READY = 1_000  # blank rows of a form that check what is typed in: LibreOffice forgets any more
_CENTIMETRES = 0.2  # that one character of a column's width takes


def write_ods(sheets: Iterable[Sheet], path: Path) -> None:
    """Write a spreadsheet: frozen headers, widths, number formats.

    What is to be read has filters; what is to be filled in has notes and drop-down lists.
    """
    path.write_bytes(to_ods(sheets))


def to_ods(sheets: Iterable[Sheet]) -> bytes:
    """Return the content of such a spreadsheet."""
    pages = list(sheets)
    parts = {
        "content.xml": "".join(_content(pages)),
        "styles.xml": page_styles(pages),
        "settings.xml": "".join(_settings(pages)),
    }
    return package(_MIME, parts)


def _content(sheets: Sequence[Sheet]) -> Iterator[str]:
    form = any(sheet.to_fill_in for sheet in sheets)
    papers = [sheet for sheet in sheets if sheet.paper]
    spaces = SPACES + (_FORMULAS if form or papers else "")
    yield f'{HEAD}<office:document-content {spaces} office:version="1.2">'
    yield f"<office:automatic-styles>{CELL_STYLES}"
    if form:
        yield FORM_STYLES
    if any(sheet.marks or sheet.unseen for sheet in sheets):
        yield MARKED_STYLES
    if papers:
        yield DOCUMENT_STYLES
        yield from document_looks(sheets)
    for width in sorted({column.width for sheet in sheets for column in sheet.columns}):
        yield (
            f'<style:style style:name="w{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * _CENTIMETRES:.1f}cm"/>'
            "</style:style>"
        )
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    if form:
        yield from _validations(sheets)
    for number, sheet in enumerate(sheets):
        yield from _table(sheet, number)
    if not form:
        yield from _filters(sheets)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _filters(sheets: Sequence[Sheet]) -> Iterator[str]:
    yield "<table:database-ranges>"
    for number, sheet in enumerate(sheets):
        if sheet.paper:
            continue
        yield (
            f'<table:database-range table:name="filter{number}" '
            f"table:target-range-address={quoted(_range(sheet))} "
            'table:display-filter-buttons="true"/>'
        )
    yield "</table:database-ranges>"


def _range(sheet: Sheet) -> str:
    return area(sheet, len(sheet.rows) + 1)


def _validations(sheets: Sequence[Sheet]) -> Iterator[str]:
    """Say what each column of a form accepts."""
    yield "<table:content-validations>"
    for sheet in sheets:
        for column in sheet.columns:
            condition = _condition(column.entry)
            if column.entry and condition:
                yield (
                    f"<table:content-validation table:name={quoted(_rule(sheet, column))} "
                    f'table:condition={quoted(condition)} table:allow-empty-cell="true" '
                    'table:display-list="unsorted"><table:error-message '
                    f'table:message-type="{"stop" if column.entry.closed else "warning"}" '
                    f'table:display="true">{paragraphs(column.entry.note)}</table:error-message>'
                    "</table:content-validation>"
                )
    yield "</table:content-validations>"


def _rule(sheet: Sheet, column: SheetColumn) -> str:
    return f"{sheet.name}.{column.header}"


def _condition(entry: Entry | None) -> str:
    """Return what a column accepts as an OpenFormula condition, empty for anything."""
    if entry and entry.choices:
        choices = ";".join('"{}"'.format(choice.replace('"', '""')) for choice in entry.choices)
        return f"of:cell-content-is-in-list({choices})"
    if entry and entry.whole:
        return "of:cell-content-is-whole-number() and cell-content()>=0"
    return ""


def _table(sheet: Sheet, number: int) -> Iterator[str]:
    look = _look(sheet, number)
    printed = f" table:print-ranges={quoted(area(sheet, last_line(sheet)))}" if sheet.paper else ""
    yield f'<table:table table:name={quoted(sheet.name)} table:style-name="{look}"{printed}>'
    for position, column in enumerate(sheet.columns):
        default = f' table:default-cell-style-name="{column.kind}"' if _style(column) else ""
        one = f'<table:table-column table:style-name="w{column.width}"{default}/>'
        both = position == 0 and sheet.pages_across > 1  # it is printed on both pages
        yield f"<table:table-header-columns>{one}</table:table-header-columns>" if both else one
    if sheet.paper:
        yield from lines_above(sheet, sheet.paper)
    yield "<table:table-header-rows><table:table-row>"
    for position, column in enumerate(sheet.columns):
        mark = sheet.marks.get((0, position))
        yield _header(column) if mark is None else _marked(column.header, mark)
    yield "</table:table-row></table:table-header-rows>"
    styles = [_style(column) for column in sheet.columns]
    checks = [_check(sheet, column) for column in sheet.columns]
    for line, row in enumerate(sheet.rows, start=1):
        if sheet.paper and is_total(row):
            yield totals(row, sheet)
            continue
        unseen = _UNSEEN if line in sheet.hidden else ""
        yield f"<table:table-row{line_look(row, sheet)}{unseen}>"
        for position, parts in enumerate(zip(row, styles, checks, strict=True)):
            mark = sheet.marks.get((line, position))
            yield cell(*parts) if mark is None else _marked(parts[0], mark)
        yield "</table:table-row>"
    if sheet.to_fill_in:
        yield f'<table:table-row table:number-rows-repeated="{_READY}">'
        yield from (f"<table:table-cell{check}/>" for check in checks)
        yield "</table:table-row>"
    if sheet.paper:
        yield from lines_below(sheet, sheet.paper)
    yield "</table:table>"


def _look(sheet: Sheet, number: int) -> str:
    if sheet.paper:
        return sheet_look(number)
    if sheet.unseen:
        return "unseen"
    return form_look(sheet) if sheet.to_fill_in else "sheet"


def _style(column: SheetColumn) -> str:
    return f' table:style-name="{column.kind}"' if column.kind is not CellKind.FREE else ""


def _check(sheet: Sheet, column: SheetColumn) -> str:
    """Return the mark of a cell that is held to what its column accepts."""
    rule = quoted(_rule(sheet, column))
    return f" table:content-validation-name={rule}" if _condition(column.entry) else ""


def _header(column: SheetColumn) -> str:
    if column.entry:
        style = "needed" if column.entry.needed else "optional"
        note = f"<office:annotation>{paragraphs(column.entry.note)}</office:annotation>"
    else:
        style, note = "number-header" if column.kind.numeric else "header", ""
    return cell(column.header, f' table:style-name="{style}"', note=note)


def _marked(value: Cell, mark: str) -> str:
    """Write a cell that stands out, with what is noted on it; there may be nothing in it."""
    note = f"<office:annotation>{paragraphs(mark)}</office:annotation>"
    if value == "":
        return f'<table:table-cell table:style-name="marked">{note}</table:table-cell>'
    return cell(value, ' table:style-name="marked"', note=note)


def _settings(sheets: Sequence[Sheet]) -> Iterator[str]:
    """Freeze the header of every sheet."""
    yield f'{HEAD}<office:document-settings {SPACES} office:version="1.2"><office:settings>'
    yield (
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        '<config:config-item-map-named config:name="Tables">'
    )
    for sheet in sheets:
        yield f"<config:config-item-map-entry config:name={quoted(sheet.name)}>"
        for name, (kind, value) in _frozen(sheet.top + 1).items():
            yield f'<config:config-item config:name="{name}" config:type="{kind}">{value}'
            yield "</config:config-item>"
        yield "</config:config-item-map-entry>"
    yield (
        "</config:config-item-map-named></config:config-item-map-entry>"
        "</config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


def _frozen(lines: int) -> dict[str, tuple[str, int]]:
    return {
        "VerticalSplitMode": ("short", 2),
        "VerticalSplitPosition": ("int", lines),
        "ActiveSplitRange": ("short", 2),
        "PositionBottom": ("int", lines),
    }
