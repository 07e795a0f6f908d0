"""Chinese that is wrapped in its source stands together on the page: no blank where a line ended."""

from __future__ import annotations

import re

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

_HAN = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
_BREAK = re.compile(f"(?<=[{_HAN}])\n(?=[{_HAN}])")


class Together(Extension):
    """Join the lines once code is out of the way."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's own name
        """Look after fences (25) are taken out."""
        md.preprocessors.register(_Join(md), "chinese", 20)


class _Join(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return _BREAK.sub("", "\n".join(lines)).split("\n")


def makeExtension(**options: object) -> Together:  # noqa: N802 - the name that Markdown looks for
    """Return the extension."""
    return Together(**options)
