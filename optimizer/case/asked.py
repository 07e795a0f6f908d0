"""Applications that somebody asks for by their ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from optimizer.case.case import Case
from optimizer.language.text import Text
from optimizer.language.words import how_many
from optimizer.problems.errors import UsageError, defect, shorten
from optimizer.problems.likeness import bare_code, closest, is_it, skeleton


def asked_for(case: Case, ids: Sequence[str]) -> list[str]:
    """Return ids that the case has, each once and in the order asked.

    Case, width and blanks need not be right where one application alone can be meant.

    Raises
    ------
    UsageError
        With every id that no application has, and the one that may be meant.
    """
    known = dict.fromkeys(str(i) for i in case.records.applications["application_id"])
    bare = {bare_code(i): i for i in reversed(known)}
    looks = Counter(map(skeleton, known))
    meant = {skeleton(i): i for i in known if looks[skeleton(i)] == 1}
    asked = list(dict.fromkeys(i if i in known else meant.get(skeleton(i), i) for i in ids))
    problems = [
        defect(
            "unknown_application",
            Text("沒有這件申請", "there is no such application"),
            hint=is_it(bare.get(bare_code(one)) or _mistyped(one, known)),
            column="application_id",
            value=shorten(one),
        )
        for one in asked
        if one not in known
    ]
    if problems:
        count = len(problems)
        raise UsageError(
            Text(
                f"有 {count} 個申請編號不在資料裡",
                f"{how_many(count, 'id')} that no application has",
            ),
            problems,
        )
    return asked


def _mistyped(one: str, known: Iterable[str]) -> str | None:
    """Return the id that a character too many or too few may have been meant for; digits alone tell nothing."""
    return closest(one, [i for i in known if len(i) != len(one)])
