"""What a terminal shows of one explanation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text as Line

from optimizer.cli.face import Face, clean
from optimizer.language.text import Text
from optimizer.letters.telephone import heading_of, names_of

if TYPE_CHECKING:
    from optimizer.explain.explanation import Explanation, Statement
    from optimizer.result.allocation import Allocation


def paragraphs(
    face: Face, allocation: Allocation, explained: Sequence[Explanation]
) -> Iterator[Any]:
    """Yield what a terminal shows: a heading an application, then a paragraph a statement."""
    names = names_of(allocation)
    for one in explained:
        yield Line(clean(heading_of(names, one).say(face.language)), style="bold")
        yield from _statements(face, one)
        yield Line("")


def _statements(face: Face, one: Explanation) -> Iterator[Any]:
    for title, statements in _parts(one):
        if statements:
            yield _indented(face, title, 2, "cyan")
        for statement in statements:
            yield _indented(face, statement.with_how, 4)


def _parts(one: Explanation) -> Iterator[tuple[Text, Sequence[Statement]]]:
    yield _WHY, [one.because]
    yield _MORE, one.more
    yield (_KEEPS if one.status == "funded" else _DIFFER), one.needs


_WHY = Text("理由", "Why")
_MORE = Text("補充", "More")
_DIFFER = Text("其他條件不變，怎樣才會獲補助", "What would have had to differ, all else as it is")
_KEEPS = Text(
    "其他條件不變，本案之補助可維持至何種程度", "How far its award would hold, all else as it is"
)


def _indented(face: Face, text: Text, by: int, style: str = "") -> Padding:
    return Padding(Line(clean(face.say(text)), style=style), (0, 0, 0, by), expand=False)
