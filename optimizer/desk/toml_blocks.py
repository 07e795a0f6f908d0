"""The text of a TOML file as blocks: each table with the comments above it, so that they go where it goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

_HEAD = re.compile(r"\s*\[\[?\s*([\w-]+)\s*\]")  # of a table of its own, not of one inside another
_LONG = re.compile(r'"""|' + "'''")


@dataclass(frozen=True)
class Stanza:
    """A table as the text has it.

    Parameters
    ----------
    name
        Of the table, or of the list that it is one of; empty for what stands before all tables.
    heading
        Comments above it that a blank line sets off: they stay where they are.
    own
        Comments right above it, which go with it.
    body
        Its head and what stands in it.
    """

    name: str
    heading: str
    own: str
    body: str

    @property
    def text(self) -> str:
        """All of it."""
        return self.heading + self.own + self.body


def blocks_of(text: str) -> list[Stanza]:
    """Return a text as blocks; put together, they are the text."""
    found, name, lead, body = list[Stanza](), "", "", ""
    for piece, head in _pieces(text):
        if head:
            body, rest = _without_end(body)
            found.append(_block(name, lead, body))
            name, lead, body = head, rest, piece
        else:
            body += piece
    return [*found, _block(name, lead, body)]


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield each line, with the name of the table that begins there."""
    inside = False
    for line in text.splitlines(keepends=True):
        head = None if inside else _HEAD.match(line)
        yield line, head[1] if head else ""
        inside ^= len(_LONG.findall(line)) % 2 == 1


def _without_end(body: str) -> tuple[str, str]:
    """Part a body from the blank lines and comments at its end."""
    lines = body.splitlines(keepends=True)
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return "".join(lines[:end]), "".join(lines[end:])


def _block(name: str, lead: str, body: str) -> Stanza:
    lines = lead.splitlines(keepends=True)
    start = next((n for n in range(len(lines), 0, -1) if not lines[n - 1].strip()), 0)
    return Stanza(name, "".join(lines[:start]), "".join(lines[start:]), body)


def rearranged(
    blocks: Sequence[Stanza], name: str, before: Sequence[str], after: Mapping[str, str]
) -> list[Stanza]:
    """Return blocks with those of a list in another order, with other bodies.

    Parameters
    ----------
    name
        Of the list.
    before
        The labels of its blocks, in their order.
    after
        The body of each by its label, in their new order; a label that was not there is new.
    """
    known = dict(zip(before, (block for block in blocks if block.name == name), strict=True))
    new = [
        replace(known.get(label, Stanza(name, "\n", "", "")), body=body)
        for label, body in after.items()
    ]
    kept = [label for label in before if label in after]
    if kept != list(after)[: len(kept)]:
        new = _moved(list(known.values()), new)
    at = [n for n, block in enumerate(blocks) if block.name == name]
    if kept == list(after)[: len(kept)] and kept:
        return _in_place(blocks, at, before, dict(zip(after, new, strict=True)))
    first = at[0] if at else len(blocks)
    rest = [block for block in blocks[first:] if block.name != name]
    return [*blocks[:first], *new, *rest]


def _moved(before: Sequence[Stanza], after: Sequence[Stanza]) -> list[Stanza]:
    """Let headings stay at the places where they are."""
    headings = [block.heading for block in before]
    headings[len(after) :] = []
    more = ["\n"] * (len(after) - len(headings))
    return [
        replace(block, heading=heading)
        for block, heading in zip(after, [*headings, *more], strict=True)
    ]


def _in_place(
    blocks: Sequence[Stanza], at: Sequence[int], before: Sequence[str], after: Mapping[str, Stanza]
) -> list[Stanza]:
    """Return blocks of which some of a list are gone, and some added after its last."""
    label_of, found, heading = dict(zip(at, before, strict=True)), list[Stanza](), ""
    for n, block in enumerate(blocks):
        label = label_of.get(n)
        if label is not None and label not in after:
            heading += block.heading if block.heading.strip() else ""
        else:
            now = block if label is None else after[label]
            found.append(replace(now, heading=_joined(heading, now.heading)))
            heading = ""
        if n == at[-1]:
            found += [one for name, one in after.items() if name not in before]
    return [*found, Stanza("", heading, "", "")] if heading else found


def _joined(above: str, heading: str) -> str:
    return above + (heading.lstrip("\n") if above.endswith("\n\n") else heading)


def text_of(blocks: Iterable[Stanza]) -> str:
    """Return blocks as a text; one that begins is on a line of its own."""
    said = ""
    for block in blocks:
        said += "" if not said or said.endswith("\n") else "\n"
        said += block.text
    return said
