"""What a report shows, as data beside it: its own checker holds the page against this, cell by cell.

Of the eligible, merit, rank, award and lead school are left out: they follow from what
`optimizer.report.evidence` carries, and are worked out from that (``templates/shown.js``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from optimizer.language.text import Text
from optimizer.report.labels import BADGES, BLANK, COVERED
from optimizer.report.listed import AwardRow, SchoolCells
from optimizer.report.view import View
from optimizer.result.dtypes import missing
from optimizer.tables.case_words import term
from optimizer.tables.official_order import in_official_order

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation


def carried_page(
    allocation: Allocation, lines: Sequence[AwardRow], schools: Sequence[SchoolCells], view: View
) -> dict[str, Any]:
    """Return it, as plain values that JSON holds.

    Parameters
    ----------
    allocation
        The certified result.
    lines, schools
        The rows of the list, and the schools of the case.
    view
        The parts of the page that need working out.

    Returns
    -------
    dict
        ``rows``: number, ordinal of the school, title, merit (blank of the eligible), requested, admissible,
        status, ordinal in ``results``, ordinals in ``kinds`` and ``disadvantage``. ``schools``: name,
        district, level in both languages, school_id. ``served``: how many rows stand in the page before
        any script has run. ``waiting``: number and amount of the rows of the waiting list; ``screening``:
        the numbers of those of the screening. Money in NT$.
    """
    records, pool = allocation.case.records, allocation.summary["pool"]
    state = badge(allocation)  # its words alone: of an unproved list no page says the others
    results, kinds, disadvantage = _Ordinals(), _Ordinals(), _Ordinals()
    category = records.schools["disadvantage"].iloc[records.applications["school"]]
    rows = [
        [
            *(line.application_id, line.school, line.title),
            "" if line.rank else line.merit,
            *(line.requested, line.admissible, line.status),
            results.of(line.result),
            kinds.of(_title(kind, BLANK["kinds"])),
            disadvantage.of(_title(poor, BLANK["disadvantage"])),
        ]
        for line, kind, poor in zip(lines, records.applications["type"], category, strict=True)
    ]
    return {
        "badges": [_both(words) if name == state else None for name, words in BADGES.items()],
        "contingency": pool["contingency"],
        "paid": pool.get("paid_to_others", 0),
        "served": len(view.awards()),
        "waiting": [[row["application_id"], int(row["comes_at"])] for row in view.waitlist()],
        "screening": [row["application_id"] for group in view.remarks() for row in group.rows],
        "schools": [[s.name, s.district, _both(s.level), s.school_id] for s in schools],
        "districts": _districts(allocation),
        "covered": {name: _both(words) for name, words in COVERED.items()},
        "results": results.said,
        "kinds": kinds.said,
        "disadvantage": disadvantage.said,
        "rows": rows,
    }


def badge(allocation: Allocation) -> str:
    """Return how far a list is proved, as `optimizer.report.labels.BADGES` calls it."""
    if allocation.status == "optimal":
        return "optimal"
    return "undrawn" if allocation.solution.proved else "open"


class _Ordinals:
    """Texts that are carried once, each by the place where it was first met."""

    def __init__(self) -> None:
        self.said: list[list[str]] = []
        self.known: dict[Text, int] = {}

    def of(self, text: Text) -> int:
        """Return the ordinal of a text."""
        if text not in self.known:
            self.known[text] = len(self.said)
            self.said.append(_both(text))
        return self.known[text]


def _title(code: Any, blank: Text) -> Text:
    return blank if missing(code) or code == "" else term(str(code))


def _both(text: Text) -> list[str]:
    return [text.zh, text.en]


def _districts(allocation: Allocation) -> list[str]:
    """Return the names of the districts in the order of the plan, as the page lists them."""
    names = map(str, allocation.by_district["district"])
    return in_official_order(allocation.districts, names)
