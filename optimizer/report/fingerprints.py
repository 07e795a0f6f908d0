"""Fingerprints of a report's page: of what it carries, its styles, each of its sections, and the frame around them.

The page states them and works them out again (``templates/fingerprints.js``): who changes an element, an attribute or a
text of it, or the order of its sections, and leaves the fingerprints, is found. Both sides write the page in one canonical
form: every element with a begin tag and an end tag, its attributes sorted, texts as they are with ``&`` and ``<`` escaped.
Left out is what stands in the head that a bureau puts above, and the program itself. Nothing in a page can hold its own
program: who exchanges fingerprints or program as well is told by a verification against the original tables alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import unescape
from typing import NamedTuple

_PLACE = "/*fingerprints*/"
_STATED = re.compile(r'<script type="application/json" id="fingerprints">(.*?)</script>', re.DOTALL)
_LETTERHEAD = re.compile(r"(<header>\s*<!--letterhead-->).*?(<!--/letterhead-->)", re.DOTALL)
_TOKEN = re.compile(
    r"<(?P<raw>script|style|noscript)\b(?P<of>(?:[^>\"]|\"[^\"]*\")*+)>(?P<content>.*?)</(?P=raw)>"
    r"|(?P<aside><!.*?>)"
    r"|</(?P<end>[^\s>]+)\s*>"
    r"|<(?P<begin>[A-Za-z][^\s/>]*+)(?P<said>(?:[^>\"/]++|\"[^\"]*\"|/(?!>))*+)(?P<empty>/?)>"
    r"|(?P<text>[^<]++|<)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([^\s\"'>/=]+)(?:=\"([^\"]*)\")?")
_ID = re.compile(r' id="([\w-]+)"')
_FACE = re.compile(r'<div class="face"(?: [\w-]+="[^"]*")* lang="(\w+)')
_SECTION = re.compile(r'<section class="(\w+)')
_VOID = frozenset(("br", "col", "hr", "img", "input", "link", "meta"))
_AROUND = ("", "html", "head", "body")  # where blanks between elements are nothing


def with_fingerprints(page: str) -> str:
    """Return a page that states its fingerprints."""
    start, _, end = page.rpartition(_PLACE)  # the last: what a case says stands before it
    return start + as_stated(fingerprints(page)) + end


def as_stated(found: Mapping[str, str]) -> str:
    """Return fingerprints as a page states them."""
    return json.dumps(found, separators=(",", ":"))


def stated(page: str) -> str:
    """Return the fingerprints that a page states, as they are written; nothing if it states none."""
    found = _STATED.search(page)
    return found[1] if found else ""


def digest_of(page: str) -> str:
    """Return the SHA-256 of the fingerprints that a page states, as its own check shows it."""
    return hashlib.sha256(stated(page).encode()).hexdigest()


def fingerprints(page: str) -> dict[str, str]:
    """Return the SHA-256 of every part of a page, by its name.

    A part is a section, or the head or foot, of one language's half; ``frame`` is all that stands around them, with
    the name of each in its place. ``style`` is all style sheets; data stand under the name of their element.
    """
    parts: dict[str, list[str]] = {}
    styles: list[str] = []
    for name, said in _placed(page, parts, styles):
        parts.setdefault(name, []).append(said)
    parts["style"] = ["\0".join(styles)]
    return {
        name: hashlib.sha256("".join(said).encode()).hexdigest() for name, said in parts.items()
    }


class _Open(NamedTuple):
    """An element that is open: its name, and the part that it belongs to."""

    name: str
    part: str


def _placed(page: str, parts: dict[str, list[str]], styles: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what is written, piece by piece, with the part that it belongs to; data and styles go where they belong."""
    path, language = [_Open("", "frame")], ""
    calm = page.replace("\r\n", "\n").replace("\r", "\n")
    for token in _TOKEN.finditer(_LETTERHEAD.sub(r"\1\2", calm)):
        kind, (parent, part) = token.lastgroup, path[-1]
        if kind == "text":
            text = token["text"]
            if parent not in _AROUND or text.strip(" \t\n\f"):
                yield part, _escaped(text)
        elif kind == "end":
            yield part, f"</{token['end'].lower()}>"
            if len(path) > 1:
                path.pop()
        elif kind == "content":
            tag = _tag(token["raw"], token["of"])
            yield part, f"{tag}{_content(token, tag, parts, styles)}</{token['raw']}>"
        elif kind == "aside":
            yield part, token["aside"]
        else:
            name, tag = token["begin"].lower(), _tag(token["begin"], token["said"])
            if own := _part_of(path, name, tag, language):
                yield part, f"<#{own}>"
                part = own
            yield part, tag
            if token["empty"] or name in _VOID:
                yield part, f"</{name}>"
                continue
            if parent == "body" and (face := _FACE.match(tag)):
                name, language = "face", face[1]
            path.append(_Open(name, part))


def _content(token: re.Match[str], tag: str, parts: dict[str, list[str]], styles: list[str]) -> str:
    """Return what is written of an element that holds no elements; keep data and styles by their names."""
    if token["raw"] == "noscript":
        return _escaped(token["content"], raw=True)
    if token["raw"] == "style":
        styles.append(token["content"])
    elif (named := _ID.search(tag)) and named[1] != "fingerprints":
        parts[named[1]] = [token["content"]]
    return ""


def _part_of(path: list[_Open], name: str, tag: str, language: str) -> str:
    """Return the name of the part that an element is, or nothing."""
    around = [one.name for one in path[-3:]]
    if around[-2:] == ["body", "face"] and name in ("header", "footer"):
        return f"{language} {name}"
    if around == ["body", "face", "main"] and (section := _SECTION.match(tag)):
        return f"{language} {section[1]}"
    return ""


@cache
def _tag(name: str, said: str) -> str:
    """Return a begin tag in its canonical form."""
    attributes = (
        f' {key.lower()}="{unescape(value).replace("&", "&amp;").replace(chr(34), "&quot;")}"'
        for key, value in _ATTRIBUTE.findall(said)
    )
    return f"<{name.lower()}{''.join(sorted(attributes))}>"


def _escaped(text: str, raw: bool = False) -> str:
    """Return a text in its canonical form."""
    plain = text if raw or "&" not in text else unescape(text)
    return plain.replace("&", "&amp;").replace("<", "&lt;")
