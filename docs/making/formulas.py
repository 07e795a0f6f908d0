r"""The inequalities of docstrings as mathematics: ``sum_{a of s} award_a <= cap`` becomes LaTeX.

A docstring states what the code beneath it builds, in a line that reads as it stands. Here the same line
is set: words become names in upright letters, what stands behind an underscore an index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SPAN = re.compile(r"``([^`]+)``")
_RELATION = re.compile(r"<=|>=|\b(?:max|min|sum_)|\bin \{")
_SYMBOLS = {"<=": r"\le", ">=": r"\ge", "*": r"\cdot", "{": r"\{", "}": r"\}"}
_WORDS = {"max": r"\max", "min": r"\min", "sum": r"\sum", "in": r"\in"}
_TOKEN = re.compile(
    r"floor\(([^()]*)\)|\|([^|]*)\||([A-Za-z]+)(_\{[^}]*\}|_[A-Za-z]\b)?|<=|>=|.", re.S
)
_NAMED = re.compile(r"[a-z]+_(?=[a-z]{2})")


def is_formula(text: str) -> bool:
    """Whether a piece of code in a docstring is one: it compares, adds up, or asks for the most."""
    return bool(_RELATION.search(text))


def latex(text: str) -> str:
    """Set a formula."""
    return " ".join("".join(_tokens(text)).split())


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        floor, size, word, index = match.groups()
        if floor is not None:
            yield rf"\left\lfloor {latex(floor)} \right\rfloor "
        elif size is not None:
            yield rf"\left| {latex(size)} \right| "
        elif word:
            yield f"{_WORDS.get(word) or _name(word)}{_index(index)} "
        else:
            yield f"{_SYMBOLS.get(match[0], match[0])} "


def _name(word: str) -> str:
    return word if len(word) == 1 else rf"\mathrm{{{word}}}"


def _index(index: str | None) -> str:
    if not index:
        return ""
    inside = index[1:].strip("{}")
    return f"_{{{' '.join(map(_part, inside.split()))}}}".replace(r" } \text{ ", " ")


def _part(word: str) -> str:
    """Return one word of an index: a letter, a sign, or words between them."""
    return _WORDS.get(word) or (word if len(word) == 1 else rf"\text{{ {word} }}")


def names(text: str) -> set[str]:
    """Return the names that a formula uses: what is neither an index nor a word of mathematics."""
    plain = re.sub(r"_\{[^}]*\}|_[A-Za-z]\b", "", text)
    return set(re.findall(r"[A-Za-z]+", plain)) - {*_WORDS, "floor"}


def prose(text: str) -> str:
    """Return a docstring with its formulas set: long ones on lines of their own."""
    said = ""
    rest = " ".join(text.split())
    while found := SPAN.search(rest):
        before, inside, rest = rest[: found.start()], found[1], rest[found.end() :]
        if not is_formula(inside):
            said += f"{before}`{inside}`"
        elif len(inside) < _INLINE:
            said += f"{before}$`{latex(inside)}`$"
        else:
            stop = rest[:1] if rest[:1] in tuple(".,:;") else ""
            rest = rest[len(stop) :].lstrip()
            said += f"{before.rstrip()}\n\n```math\n{latex(inside)}{stop}\n```\n\n"
    return (said + rest).strip()


_INLINE = 24
