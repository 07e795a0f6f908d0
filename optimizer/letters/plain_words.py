"""Explanations in the words that a school knows, and without the names that it is not to be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimizer.clauses import Clause
from optimizer.language.text import Text

Instead = tuple[Text, Text]


def plainly(said: Text, instead: Iterable[Instead]) -> Text:
    """Put plain words in place of others in a sentence."""
    zh, en = said.zh, said.en
    for words, plain in instead:
        zh, en = zh.replace(words.zh, plain.zh), en.replace(words.en, plain.en)
    return Text(zh, en)


def _quoted(name: Text) -> Text:
    return Text(f"「{name.zh}」", f'"{name.en}"')


def titles_alone(rules: Iterable[Clause]) -> Iterator[Instead]:
    """Yield the bare title in place of all that a rule says of others."""
    for rule in rules:
        title = rule.title
        for said in (rule.sentence(), rule.narrowed((), "", True)):
            whole = Text(said.zh.replace("。", ""), said.en.rstrip("."))
            yield whole, _quoted(title)
        yield rule.spoken, title
