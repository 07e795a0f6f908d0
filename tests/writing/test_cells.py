"""Short ways through text of cells, held against the long ones."""

from __future__ import annotations

import re
import unicodedata
from xml.etree import ElementTree
from xml.sax import saxutils

from hypothesis import given, strategies as st

from optimizer.workbooks.cell_text import escaped, legal_xml, quoted
from optimizer.workbooks.ods_cells import paragraphs
from optimizer.workbooks.sheet import display_width

TEXTS = st.text(st.sampled_from(" \t\r\n&<>\"'aé中（，𠀀")) | st.text().map(legal_xml)
NAMES = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


@given(TEXTS)
def test_xml_is_written_as_the_standard_library_does(text: str) -> None:
    assert escaped(text) == saxutils.escape(text)
    assert quoted(text) == saxutils.quoteattr(text)


@given(TEXTS)
def test_a_wide_character_takes_two(text: str) -> None:
    assert display_width(text) == sum(
        2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text
    )


@given(TEXTS)
def test_paragraphs_say_the_text_again(text: str) -> None:
    root = ElementTree.fromstring(f"<all {NAMES}>{paragraphs(text)}</all>")
    lines = []
    for line in root:
        said = line.text or ""
        folded = "^ |  |\t" if len(line) else "^ | $|  |\t"
        assert not re.search(folded, said), "a reader of XML would fold it"
        for part in line:
            said += "\t" if part.tag == f"{TEXT}tab" else " " * int(part.get(f"{TEXT}c", "1"))
            said += part.tail or ""
        lines.append(said)
    assert lines == re.split("\r\n|\r|\n", text)
