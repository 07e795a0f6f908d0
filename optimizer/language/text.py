"""Sentences that people read, in the two languages of the program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Language = Literal["zh-TW", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, order=True)
class Text:
    """One sentence, said in Traditional Chinese and in English.

    Parameters
    ----------
    zh, en
        The same sentence in both languages, with figures filled in.
    """

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.zh if language == "zh-TW" else self.en

    def __str__(self) -> str:
        return self.en

    def __bool__(self) -> bool:
        return bool(self.en or self.zh)


EMPTY = Text("", "")


def joined(texts: Iterable[Text]) -> Text:
    """Say several things one after the other."""
    said = list(texts)
    return Text("、".join(text.zh for text in said), ", ".join(text.en for text in said))


def sentences(texts: Iterable[Text]) -> Text:
    """Say sentences one after the other, without the empty ones."""
    said = [text for text in texts if text]
    return Text("；".join(text.zh for text in said), "; ".join(text.en for text in said))


Instead = tuple[Text, Text]  # words, and what stands in their place


def plainly(said: Text, instead: Iterable[Instead]) -> Text:
    """Put plain words in place of others in a sentence."""
    zh, en = said.zh, said.en
    for words, plain in instead:
        zh, en = zh.replace(words.zh, plain.zh), en.replace(words.en, plain.en)
    return Text(zh, en)


def run_on(*parts: str) -> str:
    """Put Chinese together: a blank between a Chinese character and a letter or figure, no other."""
    said = ""
    for part in filter(None, parts):
        if said and said[-1].isalnum() and part[0].isalnum():
            said += "" if _is_chinese(said[-1]) and _is_chinese(part[0]) else " "
        said += part
    return said


def _is_chinese(one: str) -> bool:
    return "\u3400" <= one <= "\u9fff" or one >= "\U00020000"


def some(texts: Sequence[Text], most: int = 5) -> Text:
    """Say the first few of several things, and how many others there are."""
    said, more = joined(texts[:most]), len(texts) - most
    if more <= 0:
        return said
    return Text(f"{said.zh}等 {len(texts)} 項", f"{said.en} and {more} more")


ROC = 1911  # the year before the first of the Republic


def year_of(year: int) -> Text:
    """Say a year written either way: in Chinese by the Republic's count (103), in English by the common era (2014)."""
    roc = year - ROC if year > ROC else year
    return Text(f"{roc}", f"{roc + ROC}")


def day(when: date) -> Text:
    """Say a day: in Chinese by the years of the Republic (2014-01-02 is 103年1月2日)."""
    year = f"{when.year - ROC}" if when.year > ROC else f"西元{when.year}"
    return Text(f"{year}年{when.month}月{when.day}日", when.isoformat())


def money(amount: int) -> str:
    """Write whole NT$ with thousands separators, the same in both languages."""
    return f"{amount:,}"
