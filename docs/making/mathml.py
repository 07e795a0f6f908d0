"""Mathematics for the site, without a script: LaTeX becomes MathML when the page is built.

As on GitHub: ``$`x`$`` in a line, and a fence of the language ``math`` for a formula of its own.
"""

from __future__ import annotations

import re
from typing import Any

from latex2mathml.converter import convert
from markdown import Extension, Markdown
from markdown.inlinepatterns import InlineProcessor


class Mathematics(Extension):
    """The inline form; the block is a custom fence, see `block`."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's own name
        """Look for formulas before code: both are between backticks."""
        md.inlinePatterns.register(_Inline(r"\$`([^`]+)`\$", md), "mathml", 195)


class _Inline(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int, int]:  # type: ignore[override]  # noqa: N802
        return self.md.htmlStash.store(convert(m[1])), m.start(0), m.end(0)


def block(source: str, *_: Any, **__: Any) -> str:
    """Return a formula that stands on a line of its own; a custom fence of pymdownx.superfences."""
    return convert(source.strip(), display="block")


def makeExtension(**options: Any) -> Mathematics:  # noqa: N802 - the name that Markdown looks for
    """Return the extension."""
    return Mathematics(**options)
