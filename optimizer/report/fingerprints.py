"""Fingerprints of a report's page: of what it carries, of its styles, and of each of its sections as it was made.

The page states them and works them out again (``templates/fingerprints.js``): who changes a text, a style, a tag or what
is carried, and leaves the fingerprints, is found. Nothing in a page can hold its own program: who exchanges them as well
is told by a verification against the original tables alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from html import unescape

_PLACE = "/*fingerprints*/"
# Other versions of the libraries that draw may make these otherwise; and a bureau writes its own head.
_LEFT_OUT = re.compile(
    r"<!--letterhead-->.*?<!--/letterhead-->|(?<=<noscript>).*?(?=</noscript>)", re.DOTALL
)
_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_FONT = re.compile(
    r'@font-face\{font-family:"Report";src:url\(data:font/woff;base64,[\w+/=]*\) format\(\'woff\'\)\}',
    re.ASCII,
)
_RAW = re.compile(r"(<(script|style)\b[^>]*>)(.*?)</\2>", re.DOTALL)
_DECLARED = re.compile(r"<![^>]*>")
_ENDED = re.compile(r"</[^>]*>|<tbody>")  # a table has a tbody, whether it is written or not
_BEGUN = re.compile(r"<([^>]*?)\s*/?>")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BETWEEN = re.compile(r"[ \x02]*\x02[ \x02]*")
_BEFORE_TAG = re.compile(r"\x02(?=\x01|$)")
_PART = re.compile(r'(?=\x01(?:section|header|footer|div class="face"))')
_FACE = re.compile(r'\x01div class="face" lang="(\w+)')
_NAME = re.compile(r'\x01(?:section class="(\w+)|(header|footer))')


def with_fingerprints(page: str) -> str:
    """Return a page that states its fingerprints."""
    start, _, end = page.rpartition(_PLACE)  # the last: what a case says stands before it
    return start + json.dumps(fingerprints(page), separators=(",", ":")) + end


def fingerprints(page: str) -> dict[str, str]:
    """Return the SHA-256 of every part of a page, by its name.

    A part is what is written in an element of the body that is a section, or the head or foot, of one language:
    every tag with its attributes, every text with its spaces put together. ``style`` is all style sheets;
    data stand under the name of their element.
    """
    raw = [(_id_of(tag), kind, text) for tag, kind, text in _RAW.findall(page)]
    parts = {id_: text for id_, kind, text in raw if kind == "script" and id_}
    parts.pop("fingerprints", None)
    parts["style"] = "\x02".join(_FONT.sub("", text) for _, kind, text in raw if kind == "style")
    language = ""
    for part in _PART.split(_stream(page)):
        if face := _FACE.match(part):
            language = face[1]
        named = _NAME.match(part)
        name = " ".join(filter(None, (language, (named[1] or named[2]) if named else "page")))
        parts[name] = parts.get(name, "") + part
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in parts.items()}


def _id_of(tag: str) -> str:
    """Return the id of an element, as its tag has it."""
    found = re.search(r' id="([\w-]+)"', tag)
    return found[1] if found else ""


def _stream(page: str) -> str:
    """Return tags and texts one behind the other, as a browser has them."""
    calm = _DRAWING.sub(lambda drawn: re.sub("<[^>]*>", "\x02", drawn[0]), page)
    calm = _DECLARED.sub("\x02", _RAW.sub(r"\1", _LEFT_OUT.sub("", calm)))
    begun = _BEGUN.sub("\x01\\1\x02", _ENDED.sub("\x02", calm).replace('=""', ""))
    text = _BETWEEN.sub("\x02", _SPACE.sub(" ", unescape(begun)))
    return _BEFORE_TAG.sub("", text).replace(" \x01", "\x01").strip(" \x02")
