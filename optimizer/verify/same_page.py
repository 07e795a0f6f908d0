"""Where two pages differ, said as people find it: the section, its row, what is read there."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from itertools import zip_longest
from typing import NamedTuple

from optimizer.language.text import Text
from optimizer.report.fingerprints import as_stated, fingerprints, stated

_FONT = re.compile(r"@font-face\{[^}]*\}")
_STROKES = {"svg", "g", "path", "defs", "use", "clippath", "rect", "pattern"}
_BEFORE = 40  # characters of a long text that are shown before those that differ
_SHOWN = 160  # characters of what stands somewhere that are shown
_STYLE = Text("版面設定", "the settings of the page")
_CARRIED = Text("頁面所附資料與程式", "the data and programs that the page carries")
_HEAD = Text("頁首", "the head of the page")
_HEADINGS = Text("各節標題", "the headings of the sections")
_MARKUP = Text("（文字相同，網頁標記不同）", " (the same words, other markup)")
_ALL = Text("整頁", "the page")


class PageMismatch(NamedTuple):
    """Where a page differs first, in words; what is read there, and what should be."""

    where: Text
    value: str
    expected: str


class _Place(NamedTuple):
    """A section, as it is headed; and the row of its tables, or else the item of its lists, from 1."""

    section: Text
    row: int = 0
    item: int = 0

    def narrow(self) -> bool:
        """Say whether it is less than a section."""
        return bool(self.row or self.item)

    @property
    def words(self) -> Text:
        """The place as people say it."""
        if self.row:
            return Text(
                f"{self.section.zh}第 {self.row} 列", f"row {self.row} of {self.section.en}"
            )
        if self.item:
            return Text(
                f"{self.section.zh}第 {self.item} 項", f"item {self.item} of {self.section.en}"
            )
        return self.section


class _Said(NamedTuple):
    """A tag or a text of a page, and where it stands."""

    what: str
    place: _Place
    is_text: bool


class _Page(HTMLParser):
    """The tags and texts of a page, its embedded font and the strokes of drawings left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[_Said] = []
        self._section, self._row, self._item = _STYLE, 0, 0
        self._heading: list[str] | None = None
        self._in_row = self._in_item = False
        self._drawing = 0
        self._aside: Text | None = None  # what stands inside a script or a style
        self._prints = (
            False  # whether that is the fingerprints, which are held against the page itself
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._drawing += tag == "svg"
        if tag in ("body", "h2"):
            self._section, self._row, self._item = _HEADINGS if tag == "h2" else _HEAD, 0, 0
            self._heading = [] if tag == "h2" else None
        elif tag in ("script", "style"):
            self._aside = _CARRIED if tag == "script" else _STYLE
            self._prints = ("id", "fingerprints") in attrs
        elif tag == "tr":
            self._row, self._in_row = self._row + 1, True
        elif tag == "li":
            self._item, self._in_item = self._item + 1, True
        if not (self._drawing and tag in _STROKES):
            self._say(f"<{tag} {sorted((name, value or '') for name, value in attrs)}>")

    def handle_endtag(self, tag: str) -> None:
        self._say("" if self._drawing and tag in _STROKES else f"</{tag}>")
        self._drawing -= tag == "svg" and self._drawing > 0
        if tag == "h2" and self._heading is not None:
            title = " ".join(self._heading)
            self._section, self._heading = Text(f"「{title}」一節", f"the section {title!r}"), None
        self._in_row &= tag != "tr"
        self._in_item &= tag != "li"
        if tag in ("script", "style"):
            self._aside, self._prints = None, False

    def handle_data(self, data: str) -> None:
        text = _FONT.sub("", data).strip()
        if text and self._heading is not None:
            self._heading.append(text)
        self._say("" if self._prints else text, is_text=True)

    def handle_comment(self, data: str) -> None:
        self._say(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._say(f"<!{decl}>")

    def unknown_decl(self, data: str) -> None:
        self._say(f"<![{data}]>")

    def handle_pi(self, data: str) -> None:
        self._say(f"<?{data}>")

    def _say(self, what: str, is_text: bool = False) -> None:
        if what:
            self.said.append(_Said(what, self._place(), is_text))

    def _place(self) -> _Place:
        if self._aside is not None:
            return _Place(self._aside)
        row, item = self._row if self._in_row else 0, self._item if self._in_item else 0
        return _Place(self._section, row, 0 if row else item)


def first_difference(data: bytes, right: bytes) -> PageMismatch | None:
    """Return where a page that is there differs first from what it should be."""
    there, should = _said(data), _said(right)
    if not there:
        return PageMismatch(_ALL, "", "")
    for a, b in zip_longest(there, should):
        if a is None or b is None or (a.what, a.is_text) != (b.what, b.is_text):
            places = [one.place for one in (b, a) if one is not None]
            return _mismatch(max(places, key=_Place.narrow), there, should)
    return _other_prints(data.decode("utf-8", "replace"))


def _other_prints(page: str) -> PageMismatch | None:
    """Return where a page states another fingerprint than its own: drawings of other versions have others."""
    own = fingerprints(page)
    if stated(page) == as_stated(own):
        return None
    try:
        said = dict(json.loads(stated(page)))
    except (ValueError, TypeError, RecursionError):
        said = {}
    name = next((name for name in own if said.get(name) != own[name]), "")
    where = Text(f"頁面所載之指紋「{name}」", f"the fingerprint {name!r} that the page states")
    return PageMismatch(where, str(said.get(name, ""))[:_SHOWN], own.get(name, ""))


def _said(data: bytes) -> list[_Said]:
    page = _Page()
    page.feed(data.decode("utf-8", "replace"))
    page.close()
    return page.said


def _mismatch(place: _Place, there: Sequence[_Said], should: Sequence[_Said]) -> PageMismatch:
    value, expected = (_read_at(place, page) for page in (there, should))
    if value == expected:
        words = place.words
        return PageMismatch(Text(words.zh + _MARKUP.zh, words.en + _MARKUP.en), "", "")
    pairs = enumerate(zip(value, expected, strict=False))
    alike = next((at for at, (x, y) in pairs if x != y), min(len(value), len(expected)))
    start = max(0, alike - _BEFORE) if max(len(value), len(expected)) > _SHOWN else 0
    return PageMismatch(place.words, value[start:][:_SHOWN], expected[start:][:_SHOWN])


def _read_at(place: _Place, page: Sequence[_Said]) -> str:
    """Return what is read at a place."""
    return " ".join(one.what for one in page if one.is_text and one.place == place)
