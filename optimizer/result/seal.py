"""The seal of a result: one short code that stands for the case, the policy and who gets what.

It is printed by ``allocate``, in the last section of the report and by ``verify``, and is short
enough to be written into minutes by hand. What it covers, and nothing else, as canonical content:

- every table of the case and the policy, decisions by hand among its rules (`optimizer.case.digest`);
- of each application, by code: school, level, exact merit, rank, status, award and certainty;
- of each priority: its name, the value reached, and whether that is proved; whether the draw was
  settled.

It is therefore the same for any row order, encoding, file format, machine, number of threads,
language and, where the result is proved, any solver. Everything else in the folder follows from
this; ``verify`` makes it anew. The bytes of the files are covered by the SHA-256 of each in
summary.json: the report cannot hold a hash of itself.

The seal is the first 125 bits of a SHA-256 in Crockford's base 32: five groups of five signs without
I, L, O and U. To find another result for a given seal takes about 2^125 tries. To prepare *two*
results with one seal, which is what an insider could want, takes about 2^62: at ten thousand million
tries a second, fourteen years. Twenty signs would leave 2^50 for that: a day and a half.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pandas as pd

from optimizer.case.digest import digest
from optimizer.facts.certified import Certified

VERSION = 1
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 5, 5
SIGNS = GROUPS * GROUP
_COLUMNS = ("application_id", "school_id", "level", "rank", "status", "award", "certainty")


def seal_of(facts: Certified, awards: pd.DataFrame) -> str:
    """Return the seal of what is certified, e.g. ``7ZK3M-0Q9XA-...``."""
    return spell(digest(sealed(facts, awards)))


def sealed(facts: Certified, awards: pd.DataFrame) -> dict[str, Any]:
    """Return what is sealed: one digest of each part."""
    content = facts.case.content
    return {
        "seal": VERSION,
        "tables": {table.name: table.sha256 for table in content.tables},
        "policy": content.policy_sha256,
        "result": digest(sealed_lines(facts, awards)),
    }


def sealed_lines(facts: Certified, awards: pd.DataFrame) -> tuple[list[list[Any]], list[list[str]]]:
    """Return the lines that are sealed: of the priorities, and of the applications."""
    return [*_priorities(facts)], [*_awards(facts, awards)]


def _priorities(facts: Certified) -> Iterator[list[Any]]:
    yield ["draw", facts.solution.drawn]
    for step in facts.steps:
        yield [step.goal, step.value, step.proved]


def _awards(facts: Certified, table: pd.DataFrame) -> Iterator[list[str]]:
    scores = facts.scored.scores
    columns = [[_text(cell) for cell in table[name]] for name in _COLUMNS]
    merit = [str(Fraction(int(m), scores.denominator)) for m in scores.merit]
    for *cells, points in zip(*columns, merit, strict=True):
        yield [*cells, points]


def _text(cell: Any) -> str:
    return "" if pd.isna(cell) else str(cell)


def spell(hexadecimal: str) -> str:
    """Return the start of a hash as signs that can be read out and written down."""
    bits = int(hexadecimal, 16) >> (256 - 5 * SIGNS)
    signs = [ALPHABET[bits >> 5 * place & 31] for place in reversed(range(SIGNS))]
    return "-".join("".join(signs[at : at + GROUP]) for at in range(0, SIGNS, GROUP))
