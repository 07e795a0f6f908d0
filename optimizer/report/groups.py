"""The list summed up by a code of each application: its type, the category of its school."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from optimizer.language.text import Language
from optimizer.report.listed import AwardRow
from optimizer.result.dtypes import missing
from optimizer.tables.case_words import term


def groups(
    codes: Iterable[Any], lines: Sequence[AwardRow], language: Language
) -> list[Mapping[str, Any]]:
    """Return a row a code, the most frequent first, blanks last and without a title; money in NT$."""
    found: dict[str, list[AwardRow]] = {}
    for code, line in zip(codes, lines, strict=True):
        found.setdefault("" if missing(code) else str(code), []).append(line)
    order = sorted(found, key=lambda code: (code == "", -len(found[code]), code))
    return [
        {"title": term(code).say(language) if code else "", **_sums(found[code])} for code in order
    ]


def _sums(lines: Sequence[AwardRow]) -> Mapping[str, int]:
    return {
        "applications": len(lines),
        "eligible": sum(line.rank is not None for line in lines),
        "funded": sum(line.award > 0 for line in lines),
        "requested": sum(line.requested for line in lines),
        "awarded": sum(line.award for line in lines),
    }
