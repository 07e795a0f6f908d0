"""Problems put together by what mends them: of one kind, what mends one mends all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Problem, Severity


@dataclass(frozen=True)
class Alike:
    """Problems of one kind.

    Parameters
    ----------
    said
        What is wrong with them all.
    mended
        What to do, where it is the same for all; empty where each says it.
    problems
        Each of them.
    """

    said: Text
    mended: tuple[Text, ...]
    problems: tuple[Problem, ...]

    def own(self, problem: Problem) -> Problem:
        """Return one of them without what is said of all."""
        of_all = (self.said, *self.mended)
        message, expected, hint = (
            EMPTY if text in of_all else text
            for text in (problem.message, problem.expected, problem.hint)
        )
        return replace(problem, message=message, expected=expected, hint=hint)


def alike(problems: Iterable[Problem], rules: Mapping[str, Text]) -> list[Alike]:
    """Return problems by kind, what others follow from first, then the most frequent.

    Parameters
    ----------
    rules
        What people call the rules, by the code of what they find.
    """
    ordered = sorted(problems, key=lambda problem: problem.code)
    found = [_alike(list(group), rules) for _, group in groupby(ordered, key=lambda p: p.code)]
    return sorted(found, key=lambda one: (one.problems[0].code not in _CAUSES, -len(one.problems)))


_CAUSES = ("duplicate_key",)  # what the rows of other tables then do not find


def _alike(problems: list[Problem], rules: Mapping[str, Text]) -> Alike:
    first = problems[0]
    said = _common([problem.message for problem in problems])
    if said is None:
        said = _of_rule(first, rules) or Text(
            f"{first.message.zh}等", f"{first.message.en} and the like"
        )
    parts = (_common([getattr(p, name) for p in problems]) for name in ("expected", "hint"))
    return Alike(said, tuple(part for part in parts if part), tuple(problems))


def _of_rule(problem: Problem, rules: Mapping[str, Text]) -> Text | None:
    """Say that a rule is not met, or what it flags: its name alone may read as what it asks for."""
    rule = rules.get(problem.code)
    if rule is None:
        return None
    if problem.severity is Severity.FLAG:
        return Text(f"「{rule.zh}」須留意", f"To be looked at: {rule.en}")
    return Text(f"不符「{rule.zh}」", f"Not met: {rule.en}")


def _common(texts: list[Text]) -> Text | None:
    """Return what all say, None if they differ."""
    return texts[0] if len(set(texts)) == 1 else None
