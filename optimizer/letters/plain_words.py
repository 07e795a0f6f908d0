"""Explanations in the words that a school knows, and without the names that it is not to be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimizer.clauses import Clause
from optimizer.language.text import Instead, Text


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
