"""How the cells and pages of an OpenDocument spreadsheet look, as the XML of its styles."""

from __future__ import annotations

from collections.abc import Iterable

from optimizer.workbooks.cell_text import escaped
from optimizer.workbooks.opendocument import HEAD
from optimizer.workbooks.sheet import MARK, MARK_EDGE, CellKind, Paper, Sheet

SPACES = " ".join(
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


def page_styles(sheets: Iterable[Sheet]) -> str:
    """Return the part that says how pages are printed; those of a document are numbered."""
    pages = list(sheets)
    forms = sorted({sheet.pages_across for sheet in pages if sheet.to_fill_in})
    papers = [(sheet_look(n), sheet) for n, sheet in enumerate(pages) if sheet.paper]
    down = sorted({sheet.pages_down for _, sheet in papers})
    return (
        f'{HEAD}<office:document-styles {SPACES} office:version="1.2"><office:styles/>'
        '<office:automatic-styles><style:page-layout style:name="page">'
        '<style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" '
        'style:print-orientation="landscape" style:scale-to-X="1" style:scale-to-Y="0" '
        f'fo:margin="1.5cm"/></style:page-layout>{"".join(map(_paper_layout, down))}'
        f"{''.join(map(_form_layout, forms))}"
        "</office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Default" style:page-layout-name="page"/>'
        f"{''.join(_numbered(name, sheet) for name, sheet in papers)}"
        f"{''.join(map(_form_page, forms))}"
        "</office:master-styles></office:document-styles>"
    )


def sheet_look(number: int) -> str:
    """Return the name of the style, and of the pages, of a sheet that is a document."""
    return f"paper{number}"


def form_look(sheet: Sheet) -> str:
    """Return the name of the style, and of the pages, of a sheet to fill in."""
    return f"form{sheet.pages_across}"


def _form_layout(across: int) -> str:
    return (
        f'<style:page-layout style:name="form{across}">'
        '<style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" '
        f'style:print-orientation="landscape" style:scale-to-X="{across}" style:scale-to-Y="0" '
        'fo:margin="1.3cm" style:print="charts drawings grid objects zero-values" '
        'style:first-page-number="continue"/>'
        '<style:header-style><style:header-footer-properties fo:min-height="0.7cm" '
        'fo:margin-bottom="0.2cm"/></style:header-style>'
        '<style:footer-style><style:header-footer-properties fo:min-height="0.7cm" '
        'fo:margin-top="0.2cm"/></style:footer-style></style:page-layout>'
    )


def _form_page(across: int) -> str:
    return (
        f'<style:master-page style:name="form{across}" style:page-layout-name="form{across}">'
        "<style:header><style:region-left><text:p><text:sheet-name>—</text:sheet-name></text:p>"
        "</style:region-left></style:header><style:footer><style:region-right><text:p>"
        "<text:page-number>1</text:page-number> / <text:page-count>1</text:page-count></text:p>"
        "</style:region-right></style:footer></style:master-page>"
    )


def _paper_layout(down: int) -> str:
    return (
        f'<style:page-layout style:name="paper-{down}">'
        '<style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" '
        f'style:print-orientation="landscape" style:scale-to-X="1" style:scale-to-Y="{down}" '
        'fo:margin="1.3cm" style:table-centering="horizontal" '
        'style:print="charts drawings grid objects zero-values" style:first-page-number="continue"/>'
        '<style:footer-style><style:header-footer-properties fo:min-height="0.7cm" '
        'fo:margin-top="0.2cm"/></style:footer-style></style:page-layout>'
    )


def _numbered(name: str, sheet: Sheet) -> str:
    paper = sheet.paper or Paper(())
    before, between, after = map(escaped, paper.page)
    return (
        f'<style:master-page style:name="{name}" '
        f'style:page-layout-name="paper-{sheet.pages_down}">'
        '<style:header style:display="false"/><style:footer>'
        f"<style:region-left><text:p>{escaped(paper.edge)}</text:p></style:region-left>"
        f"<style:region-right><text:p>{before}<text:page-number>1</text:page-number>{between}"
        f"<text:page-count>1</text:page-count>{after}</text:p></style:region-right>"
        "</style:footer></style:master-page>"
    )


HEADER_LOOK = (
    '<style:table-cell-properties fo:background-color="#e8eef3" '
    'fo:border-bottom="0.5pt solid #222222" fo:wrap-option="wrap" '
    'style:vertical-align="top" fo:padding-right="0.1cm"/>'
    '<style:text-properties fo:font-weight="bold" style:font-weight-asian="bold"/>'
)
_TOP = 'style:vertical-align="top"'
_DECIMALS = {CellKind.COUNT: "0", CellKind.MONEY: "0", CellKind.POINTS: "2"}
CELL_STYLES = (
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
FORM_STYLES = _TYPED_STYLE + (
    "".join(
        f'<style:style style:name="form{across}" style:family="table" '
        f'style:master-page-name="form{across}"><style:table-properties table:display="true"/>'
        "</style:style>"
        for across in (1, 2)
    )
    + '<style:style style:name="needed" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#ddebf7"/>'
    '<style:text-properties fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>'
    '<style:style style:name="optional" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#f2f2f2"/></style:style>'
)
MARKED_STYLES = _TYPED_STYLE + (
    '<style:style style:name="marked" style:family="table-cell" style:data-style-name="n-text">'
    f'<style:table-cell-properties fo:background-color="{MARK.lower()}" '
    f'fo:border="1.5pt solid {MARK_EDGE.lower()}"/>'
    '<style:text-properties fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>'
    '<style:style style:name="unseen" style:family="table" style:master-page-name="Default">'
    '<style:table-properties table:display="false"/></style:style>'
)
_SUMMED = (
    f'<style:table-cell-properties {_TOP} fo:wrap-option="wrap" fo:background-color="#f2f2f2" '
    'fo:border-top="0.5pt solid #222222"/>'
    '<style:text-properties fo:font-weight="bold" style:font-weight-asian="bold"/>'
)
_COUNTED = (
    '<number:number-style style:name="n-counted"><number:number number:decimal-places="0" '
    'number:min-integer-digits="1"/><number:text> 件</number:text></number:number-style>'
    '<style:style style:name="total-counted" style:family="table-cell" '
    f'style:data-style-name="n-counted">{_SUMMED}'
    '<style:paragraph-properties fo:text-align="start"/></style:style>'
)
DOCUMENT_STYLES = (
    _COUNTED
    + "".join(
        f'<style:style style:name="total-{kind}" style:family="table-cell" '
        f'style:data-style-name="n-{kind if kind in _DECIMALS else "text"}">{_SUMMED}</style:style>'
        for kind in (*_DECIMALS, CellKind.TEXT, CellKind.CODE, CellKind.LONG)
    )
    + (
        '<style:style style:name="title" style:family="table-cell"><style:table-cell-properties '
        'fo:wrap-option="wrap" style:vertical-align="middle"/><style:text-properties '
        'fo:font-weight="bold" style:font-weight-asian="bold" fo:font-size="14pt" '
        'style:font-size-asian="14pt"/></style:style>'
        '<style:style style:name="line" style:family="table-cell"><style:table-cell-properties '
        'fo:wrap-option="wrap" style:vertical-align="middle"/></style:style>'
        '<style:style style:name="signature" style:family="table-cell"><style:table-cell-properties '
        f'{_TOP} fo:border-top="0.5pt solid #222222"/></style:style>'
    )
)
