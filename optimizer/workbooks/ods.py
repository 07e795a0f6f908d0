"""Writing sheets as an OpenDocument spreadsheet.

It is written from its XML, as the libraries at hand either write bare cells (no widths, no number
formats, no frozen header) or hold a whole document tree in memory. The same sheets give the same
bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from optimizer.workbooks.opendocument import HEAD, package
from optimizer.workbooks.sheet import MARK, MARK_EDGE, CellKind, Entry, Sheet, SheetColumn, Value

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "table": "table",
        "text": "text",
        "style": "style",
        "number": "datastyle",
        "fo": "xsl-fo-compatible",
        "config": "config",
    }.items()
)
_STYLES = (
    f'{HEAD}<office:document-styles {_SPACES} office:version="1.2"><office:styles/>'
    '<office:automatic-styles><style:page-layout style:name="page">'
    '<style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" '
    'style:print-orientation="landscape" style:scale-to-X="1" style:scale-to-Y="0" '
    'fo:margin="1.5cm"/></style:page-layout></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="Default" style:page-layout-name="page"/>'
    "</office:master-styles></office:document-styles>"
)
HEADER_LOOK = (
    '<style:table-cell-properties fo:background-color="#e8eef3" '
    'fo:border-bottom="0.5pt solid #222222"/>'
    '<style:text-properties fo:font-weight="bold" style:font-weight-asian="bold"/>'
)
_TOP = 'style:vertical-align="top"'
_DECIMALS = {CellKind.COUNT: "0", CellKind.MONEY: "0", CellKind.POINTS: "2"}
_CELL_STYLES = (
    '<style:style style:name="sheet" style:family="table" style:master-page-name="Default">'
    '<style:table-properties table:display="true"/></style:style>'
    f'<style:style style:name="header" style:family="table-cell">{HEADER_LOOK}</style:style>'
    f'<style:style style:name="number-header" style:family="table-cell">{HEADER_LOOK}'
    '<style:paragraph-properties fo:text-align="end"/></style:style>'
    + "".join(
        f'<number:number-style style:name="n-{kind}"><number:number '
        f'number:decimal-places="{decimals}" number:min-decimal-places="{decimals}" '
        f'number:min-integer-digits="1" number:grouping="{str(kind is CellKind.MONEY).lower()}"/>'
        "<number:text> </number:text></number:number-style>"
        f'<style:style style:name="{kind}" style:family="table-cell" '
        f'style:data-style-name="n-{kind}"><style:table-cell-properties {_TOP}/></style:style>'
        for kind, decimals in _DECIMALS.items()
    )
    # a text stays text when somebody edits the cell
    + '<number:text-style style:name="n-text"><number:text-content/></number:text-style>'
    + "".join(
        f'<style:style style:name="{kind}" style:family="table-cell" style:data-style-name="n-text">'
        f'<style:table-cell-properties {_TOP} fo:wrap-option="{wrap}"/></style:style>'
        for kind, wrap in {
            CellKind.TEXT: "no-wrap",
            CellKind.CODE: "no-wrap",
            CellKind.LONG: "wrap",
        }.items()
    )
)
_TYPED_STYLE = (
    f'<style:style style:name="{CellKind.TYPED}" style:family="table-cell" '
    'style:data-style-name="n-text"/>'
)
_FORM_STYLES = _TYPED_STYLE + (
    '<style:style style:name="needed" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#ddebf7"/>'
    '<style:text-properties fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>'
    '<style:style style:name="optional" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#f2f2f2"/></style:style>'
)
_MARKED_STYLES = _TYPED_STYLE + (
    '<style:style style:name="marked" style:family="table-cell" style:data-style-name="n-text">'
    f'<style:table-cell-properties fo:background-color="{MARK.lower()}" '
    f'fo:border="1.5pt solid {MARK_EDGE.lower()}"/>'
    '<style:text-properties fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>'
    '<style:style style:name="unseen" style:family="table" style:master-page-name="Default">'
    '<style:table-properties table:display="false"/></style:style>'
)
_UNSEEN = ' table:visibility="collapse"'
_FORMULAS = ' xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
_READY = 1_000  # blank rows of a form that check what is typed in: LibreOffice forgets any more
_CENTIMETRES = 0.2  # that one character of a column's width takes
_GAPS = re.compile(r"^ | {2,}| $|\t")


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
        "styles.xml": _STYLES,
        "settings.xml": "".join(_settings(pages)),
    }
    return package(_MIME, parts)


def _content(sheets: Sequence[Sheet]) -> Iterator[str]:
    form = any(sheet.to_fill_in for sheet in sheets)
    spaces = _SPACES + (_FORMULAS if form else "")
    yield f'{HEAD}<office:document-content {spaces} office:version="1.2">'
    yield f"<office:automatic-styles>{_CELL_STYLES}"
    if form:
        yield _FORM_STYLES
    if any(sheet.marks or sheet.unseen for sheet in sheets):
        yield _MARKED_STYLES
    for width in sorted({column.width for sheet in sheets for column in sheet.columns}):
        yield (
            f'<style:style style:name="w{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * _CENTIMETRES:.1f}cm"/>'
            "</style:style>"
        )
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    if form:
        yield from _validations(sheets)
    for sheet in sheets:
        yield from _table(sheet)
    if not form:
        yield from _filters(sheets)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _filters(sheets: Sequence[Sheet]) -> Iterator[str]:
    yield "<table:database-ranges>"
    for number, sheet in enumerate(sheets):
        yield (
            f'<table:database-range table:name="filter{number}" '
            f"table:target-range-address={quoteattr(_range(sheet))} "
            'table:display-filter-buttons="true"/>'
        )
    yield "</table:database-ranges>"


def _range(sheet: Sheet) -> str:
    name, last = sheet.name.replace("'", "''"), _letters(len(sheet.columns))
    return f"'{name}'.A1:'{name}'.{last}{len(sheet.rows) + 1}"


def _letters(column: int) -> str:
    """Return what a spreadsheet calls a column, from 1: A, Z, AA."""
    before, last = divmod(column - 1, 26)
    return (_letters(before) if before else "") + chr(ord("A") + last)


def _validations(sheets: Sequence[Sheet]) -> Iterator[str]:
    """Say what each column of a form accepts."""
    yield "<table:content-validations>"
    for sheet in sheets:
        for column in sheet.columns:
            condition = _condition(column.entry)
            if column.entry and condition:
                yield (
                    f"<table:content-validation table:name={quoteattr(_rule(sheet, column))} "
                    f'table:condition={quoteattr(condition)} table:allow-empty-cell="true" '
                    'table:display-list="unsorted"><table:error-message '
                    f'table:message-type="{"stop" if column.entry.closed else "warning"}" '
                    f'table:display="true">{_paragraphs(column.entry.note)}</table:error-message>'
                    "</table:content-validation>"
                )
    yield "</table:content-validations>"


def _rule(sheet: Sheet, column: SheetColumn) -> str:
    return f"{sheet.name}.{column.header}"


def _condition(entry: Entry | None) -> str:
    """Return what a column accepts as an OpenFormula condition, empty for anything."""
    if entry and entry.choices:
        quoted = ";".join('"{}"'.format(choice.replace('"', '""')) for choice in entry.choices)
        return f"of:cell-content-is-in-list({quoted})"
    if entry and entry.whole:
        return "of:cell-content-is-whole-number() and cell-content()>=0"
    return ""


def _table(sheet: Sheet) -> Iterator[str]:
    look = "unseen" if sheet.unseen else "sheet"
    yield f'<table:table table:name={quoteattr(sheet.name)} table:style-name="{look}">'
    for column in sheet.columns:
        default = f' table:default-cell-style-name="{column.kind}"' if _style(column) else ""
        yield f'<table:table-column table:style-name="w{column.width}"{default}/>'
    yield "<table:table-header-rows><table:table-row>"
    for position, column in enumerate(sheet.columns):
        mark = sheet.marks.get((0, position))
        yield _header(column) if mark is None else _marked(column.header, mark)
    yield "</table:table-row></table:table-header-rows>"
    styles = [_style(column) for column in sheet.columns]
    checks = [_check(sheet, column) for column in sheet.columns]
    for line, row in enumerate(sheet.rows, start=1):
        yield f"<table:table-row{_UNSEEN if line in sheet.hidden else ''}>"
        for position, cell in enumerate(zip(row, styles, checks, strict=True)):
            mark = sheet.marks.get((line, position))
            yield _cell(*cell) if mark is None else _marked(cell[0], mark)
        yield "</table:table-row>"
    if sheet.to_fill_in:
        yield f'<table:table-row table:number-rows-repeated="{_READY}">'
        yield from (f"<table:table-cell{check}/>" for check in checks)
        yield "</table:table-row>"
    yield "</table:table>"


def _style(column: SheetColumn) -> str:
    return f' table:style-name="{column.kind}"' if column.kind is not CellKind.FREE else ""


def _check(sheet: Sheet, column: SheetColumn) -> str:
    """Return the mark of a cell that is held to what its column accepts."""
    rule = quoteattr(_rule(sheet, column))
    return f" table:content-validation-name={rule}" if _condition(column.entry) else ""


def _header(column: SheetColumn) -> str:
    if column.entry:
        style = "needed" if column.entry.needed else "optional"
        note = f"<office:annotation>{_paragraphs(column.entry.note)}</office:annotation>"
    else:
        style, note = "number-header" if column.kind.numeric else "header", ""
    return _cell(column.header, f' table:style-name="{style}"', note=note)


def _marked(value: Value, mark: str) -> str:
    """Write a cell that stands out, with what is noted on it; there may be nothing in it."""
    note = f"<office:annotation>{_paragraphs(mark)}</office:annotation>"
    if value == "":
        return f'<table:table-cell table:style-name="marked">{note}</table:table-cell>'
    return _cell(value, ' table:style-name="marked"', note=note)


def _cell(value: Value, style: str, check: str = "", note: str = "") -> str:
    if value == "":
        return f"<table:table-cell{check}/>"
    if isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{value}"'
    text = _paragraphs(str(value))
    return f"<table:table-cell{style}{check} {kind}>{note}{text}</table:table-cell>"


def _paragraphs(text: str) -> str:
    return "".join(f"<text:p>{_line(line)}</text:p>" for line in re.split("\r\n|\r|\n", text))


def _line(text: str) -> str:
    """Write one line; blanks that XML would fold are named one by one."""
    return _GAPS.sub(
        lambda gap: "<text:tab/>" if gap[0] == "\t" else f'<text:s text:c="{len(gap[0])}"/>',
        escape(text),
    )


def _settings(sheets: Sequence[Sheet]) -> Iterator[str]:
    """Freeze the header of every sheet."""
    yield f'{HEAD}<office:document-settings {_SPACES} office:version="1.2"><office:settings>'
    yield (
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        '<config:config-item-map-named config:name="Tables">'
    )
    for sheet in sheets:
        yield f"<config:config-item-map-entry config:name={quoteattr(sheet.name)}>"
        for name, value in _FROZEN.items():
            yield f'<config:config-item config:name="{name}" config:type="{value[0]}">{value[1]}'
            yield "</config:config-item>"
        yield "</config:config-item-map-entry>"
    yield (
        "</config:config-item-map-named></config:config-item-map-entry>"
        "</config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


_FROZEN = {
    "VerticalSplitMode": ("short", "2"),
    "VerticalSplitPosition": ("int", "1"),
    "ActiveSplitRange": ("short", "2"),
    "PositionBottom": ("int", "1"),
}
