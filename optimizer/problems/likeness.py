"""When two names look or mean the same to a reader, though their characters differ."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from optimizer.language.text import EMPTY, Text
from optimizer.tables.schema import fold

_MOST_COMPARED = 3_000  # names that a misspelt one is compared with
_LONGEST_COMPARED = 80
_HIDDEN = ("Cf", "Cc", "Zl", "Zp", "Zs", "Co", "Cn")


@lru_cache(maxsize=65_536)
def skeleton(text: str) -> str:
    """Return what is left of a code for the eye: no case, width, blanks or invisible marks."""
    if text.isascii() and text.isalnum():
        return text.casefold()
    plain = unicodedata.normalize("NFKC", text)
    seen = (c for c in plain if unicodedata.category(c) not in _HIDDEN)
    return unicodedata.normalize("NFC", "".join(seen).casefold().replace("臺", "台"))


def hidden(text: str) -> str:
    """Return the first character of a code that nobody sees, as ``U+200F``, or nothing.

    A plain blank is seen: it parts words.
    """
    if text.isascii() and text.isprintable():
        return ""
    for character in text:
        if character != " " and unicodedata.category(character) in _HIDDEN:
            return f"U+{ord(character):04X}"
    return ""


def seen(text: str) -> str:
    """Return a code without the characters that nobody sees."""
    if not hidden(text):
        return text
    return "".join(c for c in text if c == " " or unicodedata.category(c) not in _HIDDEN)


_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


@lru_cache(maxsize=65_536)
def bare_code(code: str) -> str:
    """Return a code without case, width, dashes or leading zeros: 064601 and 64601 have one."""
    return _ZEROS.sub("", skeleton(code)).replace("-", "").replace("_", "")


def one_edit(one: str, other: str) -> bool:
    """Return whether one character was mistyped, left out, put in, or two were exchanged."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    two = short[at : at + 2]
    rest = at + 2 if len(two) == 2 and two == long[at : at + 2][::-1] else at + 1
    return short[rest:] == long[rest:]


_OPPOSITES = {"max": "min", "min": "max", "most": "least", "least": "most"}


def _opposite(word: str, names: list[str]) -> set[str]:
    """Return the names with a word for a least where another name has one for a most, or the other way round."""
    parts = fold(word).split("_")
    turned = {other for one, other in _OPPOSITES.items() for part in parts if part.startswith(one)}
    return {
        n for n in names for part in fold(n).split("_") if turned and part.startswith(tuple(turned))
    }


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name that looks most like another, if any of a few thousand does.

    None that says the opposite: ``minimum_award`` is no misspelt ``maximum_award``.
    """
    names, word = list(known), word[:_LONGEST_COMPARED]
    if len(names) > _MOST_COMPARED:
        return None
    opposite = _opposite(word, names)
    folded = {fold(name): name for name in reversed(names) if name not in opposite}
    near = difflib.get_close_matches(fold(word), list(folded), n=1, cutoff=cutoff)
    return folded[near[0]] if near else None


def did_you_mean(word: str | Text | None) -> Text:
    """Ask whether a word of the policy was meant, if there is one like it."""
    said = Text(word, word) if isinstance(word, str) else word
    return Text(f"是否為 {said.zh}？", f"Did you mean {said.en}?") if said else EMPTY


def is_it(name: str | Text | None) -> Text:
    """Ask whether a name in the data was meant, if there is one like it."""
    said = Text(name, name) if isinstance(name, str) else name
    return Text(f"是否為「{said.zh}」？", f"Is it {said.en!r}?") if said else EMPTY


_CITIES = (
    "台北|新北|桃園|台中|台南|高雄|基隆|新竹|嘉義|苗栗|"
    "彰化|南投|雲林|屏東|宜蘭|花蓮|台東|澎湖|金門|連江"
)
_CITY = re.compile(rf"({_CITIES})([市縣]?)(?=..)")
_KIND = re.compile(r"(?<=.)([區市鄉鎮])\1*$")


def same_district(one: str, other: str) -> bool:
    """Return whether two names mean one district: 豐原, 台中市豐原區, 豐原區區.

    They are the same once a city's name and the last 區, 市, 鄉 or 鎮 are taken off. Districts of
    two cities that are both named are two.
    """
    city, stems = _district(one)
    other_city, other_stems = _district(other)
    return not (city and other_city and city != other_city) and bool(stems & other_stems)


@lru_cache(maxsize=4096)
def _district(name: str) -> tuple[str, frozenset[str]]:
    bare = skeleton(name)
    match = _CITY.match(bare)
    city = match[0] if match else ""
    rest = bare[len(city) :]
    stem = _KIND.sub("", rest)
    return city, frozenset({stem, rest})  # 前鎮 is 前鎮區 without its 區


_TITLES = ("審查委員", "評審委員", "委員", "教授", "老師", "校長", "主任", "先生", "女士", "博士")
_TITLE = re.compile("|".join(_TITLES))


def same_person(one: str, other: str) -> bool:
    """Return whether two names mean one reviewer: 甲委員 and 委員甲, Lee Ann and Ann, Lee.

    The same words in another order, or with the title left out; 陳委員 and 陳教授 are two.
    """
    title, words = _person(one)
    other_title, other_words = _person(other)
    return words == other_words and (title == other_title or not title or not other_title)


@lru_cache(maxsize=4096)
def _person(name: str) -> tuple[str, tuple[str, ...]]:
    plain = unicodedata.normalize("NFKC", name).casefold().replace("臺", "台")
    title = "".join(sorted(_TITLE.findall(plain))).removeprefix("審查").removeprefix("評審")
    words = re.findall(r"[^\W_]+", _TITLE.sub(" ", plain))
    latin = all(word.isascii() for word in words)
    words = sorted(words) if latin else ["".join(words)]
    return (title, tuple(words)) if words and any(words) else ("", (plain,))


def pairs(
    names: Iterable[str], same: Callable[[str, str], bool], key: Callable[[str], Iterable[str]]
) -> Iterator[tuple[str, str]]:
    """Yield each name that means the `same` as an earlier one, with that one.

    Two that mean the same have at least one `key` in common.
    """
    earlier: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        keys = tuple(key(name))
        twin = next((o for k in keys for o in earlier.get(k, ()) if same(o, name)), None)
        if twin is not None:
            yield twin, name
        for k in keys:
            earlier.setdefault(k, []).append(name)


def district_pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the names of districts that mean one district."""
    return pairs(names, same_district, lambda name: _district(name)[1])


def person_pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the names of reviewers that mean one person."""
    return pairs(names, same_person, lambda name: ["".join(_person(name)[1])])


def code_pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the codes that look the same to the eye."""
    return pairs(names, lambda one, other: True, lambda name: [skeleton(name)])
