"""A letter as an OpenDocument text, made of the same page as its HTML.

A paragraph takes the style of its class, where styles.xml of the templates has one. What is known:
``h1 h2 h3 p div li br strong b em i u``, and ``tr td th`` as a line with tabs; of any other element
the text is kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from html.parser import HTMLParser
from xml.parsers import expat

from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect
from optimizer.stationery.sources import STYLES
from optimizer.stationery.unusable import unusable
from optimizer.workbooks.cell_text import escaped, legal_xml, quoted
from optimizer.workbooks.opendocument import HEAD, package

MIME = "application/vnd.oasis.opendocument.text"
_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "style": "style",
        "fo": "xsl-fo-compatible",
        "meta": "meta",
    }.items()
)
_BOLD, _ITALIC, _LINE = "bold", "italic", "underline"
_SPANS = {"strong": _BOLD, "b": _BOLD, "em": _ITALIC, "i": _ITALIC, "u": _LINE}
_BLOCKS = ("h1", "h2", "h3", "p", "div", "li", "tr")
_CELLS = ("td", "th")
_TAB, _BREAK = "<text:tab/>", "<text:line-break/>"
_UNSEEN = ("head", "style", "script", "title")
_BLANKS = re.compile("[ \t\r\n\f]+")  # a full-width blank is one that was meant
_NAMES = re.compile(r'<style:style\s[^>]*style:name="([^"]+)"')


def write_odt(page: str, styles: str, title: str) -> bytes:
    """Return the bytes of an .odt of a page.

    Parameters
    ----------
    page
        The letter as HTML.
    styles
        The content of styles.xml.
    title
        What the file is called in a list of documents.
    """
    reader = _LetterPage(_NAMES.findall(styles))
    reader.feed(page)
    reader.close()
    content = (
        f'{HEAD}<office:document-content {_SPACES} office:version="1.2"><office:body><office:text>'
        f"{reader.written()}</office:text></office:body></office:document-content>"
    )
    meta = (
        f'{HEAD}<office:document-meta {_SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'office:version="1.2"><office:meta><dc:title>{escaped(legal_xml(title))}</dc:title>'
        "</office:meta></office:document-meta>"
    )
    return package(MIME, {"content.xml": content, "styles.xml": styles, "meta.xml": meta})


def check_styles(text: str) -> None:
    """Refuse a styles.xml that no program could read.

    Raises
    ------
    TemplateError
        With the line.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(text.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        message = Text(f"不是正確的 XML（{said}）", f"is no XML ({said})")
        raise unusable([_wrong(message, error.lineno)]) from None
    for name in ("p", _BOLD):
        if name not in _NAMES.findall(text):
            message = Text(f"缺少樣式「{name}」", f"has no style {name!r}")
            raise unusable([_wrong(message, None)])


def _refuse_doctype(*_: object) -> None:
    message = Text("不可有 DOCTYPE", "must not have a DOCTYPE")
    raise unusable([_wrong(message, None)])


def _wrong(message: Text, line: int | None) -> Problem:
    return defect("template", message, file=STYLES, row=line)


class _LetterPage(HTMLParser):
    """Turns a page into paragraphs."""

    def __init__(self, styles: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._styles, self._unseen = styles, 0
        self._done: list[str] = []
        self._line: list[str] = []
        self._style = "p"
        self._spans: list[str] = []

    def written(self) -> str:
        """Return the XML of everything that was read."""
        self._end()
        return "".join(self._done)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph, a cell or a span."""
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BLOCKS:
            self._end()
            names = (dict(attrs).get("class") or "").split()
            known = (name for name in (*names, tag) if name in self._styles)
            self._style = next(known, "p")
        elif tag in _SPANS:
            self._spans.append(_SPANS[tag])
        elif tag == "br":
            self._line.append(_BREAK)
        elif tag in _CELLS and self._line:
            self._line.append(_TAB)

    def handle_endtag(self, tag: str) -> None:
        """End what a tag began."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BLOCKS:
            self._end()
        elif tag in _SPANS and _SPANS[tag] in self._spans:
            self._spans.remove(_SPANS[tag])

    def handle_data(self, data: str) -> None:
        """Add text to the paragraph."""
        if self._unseen:
            return
        text = escaped(legal_xml(_BLANKS.sub(" ", data)))
        if not self._line or self._line[-1].endswith((" ", _TAB, _BREAK)):
            text = text.lstrip(" ")
        for style in self._spans:
            text = f"<text:span text:style-name={quoted(style)}>{text}</text:span>"
        if text:
            self._line.append(text)

    def _end(self) -> None:
        """End the paragraph that was being written, if there is one."""
        text = "".join(self._line).rstrip(" ")
        if text:
            style = quoted(self._style)
            self._done.append(f"<text:p text:style-name={style}>{text}</text:p>")
        self._line, self._style = [], "p"
