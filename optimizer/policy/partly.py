"""What can be relied on of a policy that cannot be used, so that the data are read in the same go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.language.policy_words import english_key
from optimizer.language.text import EMPTY
from optimizer.policy.parse import adapter
from optimizer.policy.policy import read_policy
from optimizer.policy.problems import NAMES, cross_checks, table_keys
from optimizer.policy.reach import out_of_reach
from optimizer.problems.errors import PolicyError, Problem
from optimizer.problems.likeness import closest
from optimizer.reading.toml import read_toml
from optimizer.tables.settings import Settings

_ASKED = ("plan", "review")  # the tables by which data are read


@dataclass(frozen=True)
class PartlyRead:
    """The tables of a policy that are in order.

    Parameters
    ----------
    settings
        These tables; what stands for the others says nothing.
    unknown
        The names of those by which data are read and that are not in order.
    """

    settings: Settings
    unknown: frozenset[str]


def partly_read(path: Path, problems: Sequence[Problem]) -> PartlyRead:
    """Return what can be relied on of a policy file with these problems."""
    try:
        return partly_made(read_toml(path, EMPTY).document, problems)
    except PolicyError:
        return PartlyRead(_settings({}), frozenset(_ASKED))


def as_far_as_known(path: Path) -> PartlyRead:
    """Return the tables of a policy file, as far as they can be relied on."""
    try:
        return PartlyRead(read_policy(path).settings, frozenset())
    except PolicyError as error:
        return partly_read(path, error.problems)


def partly_made(document: Mapping[str, Any], problems: Sequence[Problem]) -> PartlyRead:
    """Return what can be relied on of a policy's document with these problems."""
    settings = _settings(document, unknown := _in_doubt(problems))
    further = [*cross_checks(settings), *out_of_reach(settings, [])]
    unknown |= _in_doubt(further)
    return PartlyRead(_settings(document, unknown), unknown)


def _settings(document: Mapping[str, Any], unknown: frozenset[str] = frozenset()) -> Settings:
    tables = {name: document[name] for name in _ASKED if name in document and name not in unknown}
    return adapter(Settings).validate_python({"pool": {"amount": 0}, **tables})


def _in_doubt(problems: Sequence[Problem]) -> frozenset[str]:
    return frozenset(name for name in _ASKED if any(_is_about(p, name) for p in problems))


def _is_about(problem: Problem, table: str) -> bool:
    """Return whether a problem stands in a table, or is a name that may be meant for it."""
    word = problem.column.rpartition(".")[2]
    if problem.column == table or problem.column.startswith(f"{table}."):
        return True
    if problem.code == "unknown_key":
        return _meant(word, table_keys(table)) is not None
    return problem.code == "unknown_table" and _meant(word, NAMES) in (None, table)


def _meant(word: str, known: Sequence[str]) -> str | None:
    key = english_key(word) or word
    return key if key in known else closest(key, known)
