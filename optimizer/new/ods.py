"""A new case as an .ods workbook, written as it is defined: a few XML files in a ZIP archive.

The first `READY` blank rows carry the drop-down list of their column; codes and dates are text, so that
no leading zero is lost and no ROC year is taken for another.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from optimizer.new.forms import Form, is_list
from optimizer.new.xlsx import TEXT_KINDS, WHOLE_KINDS, is_number, width
from optimizer.schema import Column, Kind

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
READY = 1_000  # blank rows with drop-down lists: LibreOffice forgets any more
_CM = 0.22  # of width for each character
_WHEN = (2014, 1, 1, 0, 0, 0)  # the same bytes whenever it is made
_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<office:document-content xmlns:office="{_NS}office:1.0" xmlns:table="{_NS}table:1.0" '
    f'xmlns:text="{_NS}text:1.0" xmlns:style="{_NS}style:1.0" '
    f'xmlns:fo="{_NS}xsl-fo-compatible:1.0" xmlns:number="{_NS}datastyle:1.0" '
    f'xmlns:of="{_NS}of:1.2" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3">'
)
_STYLES = (
    '<number:text-style style:name="nt"><number:text-content/></number:text-style>'
    '<style:style style:name="text" style:family="table-cell" style:data-style-name="nt"/>'
    '<style:style style:name="must" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#ddebf7"/>'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="may" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#f2f2f2"/></style:style>'
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<manifest:manifest xmlns:manifest="{_NS}manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def to_ods(forms: tuple[Form, ...]) -> bytes:
    """Return the content of a workbook with a sheet for each table."""
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w") as archive:
        _add(archive, "mimetype", MIMETYPE, zipfile.ZIP_STORED)
        _add(archive, "META-INF/manifest.xml", _MANIFEST)
        _add(archive, "content.xml", "".join(_content(forms)))
    return page.getvalue()


def _add(
    archive: zipfile.ZipFile, name: str, content: str, method: int = zipfile.ZIP_DEFLATED
) -> None:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.compress_type = method
    archive.writestr(entry, content)


def _content(forms: tuple[Form, ...]) -> Iterator[str]:
    yield f"{_HEAD}<office:automatic-styles>{_STYLES}"
    for wide in sorted({width(column) for form in forms for column in form.columns}):
        yield f'<style:style style:name="w{wide}" style:family="table-column">'
        yield f'<style:table-column-properties style:column-width="{wide * _CM:.2f}cm"/>'
        yield "</style:style>"
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    yield "<table:content-validations>"
    for form in forms:
        yield from (_validation(form, column) for column in form.columns)
    yield "</table:content-validations>"
    for form in forms:
        yield from _sheet(form)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _rule_name(form: Form, column: Column) -> str:
    return f"{form.table.key}.{column.key}"


def _condition(form: Form, column: Column) -> str:
    """Return what a column accepts as an OpenFormula condition, empty for anything."""
    choices = form.choices(column)
    if choices and not is_list(column) and column.kind is not Kind.POINTS:
        quoted = ";".join('"{}"'.format(choice.replace('"', '""')) for choice in choices)
        return f"of:cell-content-is-in-list({quoted})"
    if column.kind in WHOLE_KINDS:
        return "of:cell-content-is-whole-number() and cell-content()>=0"
    return ""


def _validation(form: Form, column: Column) -> str:
    condition = _condition(form, column)
    if not condition:
        return ""
    closed = column.kind in (Kind.CHOICE, Kind.YES_NO, *WHOLE_KINDS)
    return (
        f"<table:content-validation table:name={quoteattr(_rule_name(form, column))} "
        f'table:condition={quoteattr(condition)} table:allow-empty-cell="true" '
        'table:display-list="unsorted">'
        f'<table:error-message table:message-type="{"stop" if closed else "warning"}" '
        f'table:display="true">{_paragraphs(form.note(column))}</table:error-message>'
        "</table:content-validation>"
    )


def _sheet(form: Form) -> Iterator[str]:
    yield f"<table:table table:name={quoteattr(form.title)}>"
    for column in form.columns:
        style = ' table:default-cell-style-name="text"' if column.kind in TEXT_KINDS else ""
        yield f'<table:table-column table:style-name="w{width(column)}"{style}/>'
    yield "<table:table-row>"
    for column, header in zip(form.columns, form.headers, strict=True):
        yield _header(form, column, header)
    yield "</table:table-row>"
    for row in form.rows:
        cells = (_cell(form, c, text) for c, text in zip(form.columns, row, strict=True))
        yield f"<table:table-row>{''.join(cells)}</table:table-row>"
    blank = "".join(_cell(form, column, "") for column in form.columns)
    yield f'<table:table-row table:number-rows-repeated="{READY}">{blank}</table:table-row>'
    yield "</table:table>"


def _header(form: Form, column: Column, header: str) -> str:
    look = "must" if column.filled else "may"
    note = f"<office:annotation>{_paragraphs(form.note(column))}</office:annotation>"
    return (
        f'<table:table-cell table:style-name="{look}" office:value-type="string">'
        f"{note}{_paragraphs(header)}</table:table-cell>"
    )


def _cell(form: Form, column: Column, text: str) -> str:
    marks = []
    if column.kind in TEXT_KINDS:
        marks.append('table:style-name="text"')
    if _condition(form, column):
        marks.append(f"table:content-validation-name={quoteattr(_rule_name(form, column))}")
    if is_number(column, text):
        marks.append(f'office:value-type="float" office:value="{int(text)}"')
    elif text:
        marks.append('office:value-type="string"')
    return f"<table:table-cell {' '.join(marks)}>{_paragraphs(text)}</table:table-cell>"


def _paragraphs(text: str) -> str:
    return "".join(_lines(text.split("\n"))) if text else ""


def _lines(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"<text:p>{escape(line)}</text:p>"
