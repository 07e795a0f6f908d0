"""Which award cells the result itself contradicts, and what the rest of it says they were.

An award is not taken for the truth where most of what else the result says of it is against it: its
own status, certainty and reason, the total of its school, the total of all, and the seal. Such a
cell is named, and everything else is held against the list with that cell put back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from optimizer.clauses import Clause, registry
from optimizer.language.text import Text, joined, money
from optimizer.problems.errors import Problem
from optimizer.verify.reread import ResultTable

CODE = "award_contradicted"
_KEEP_OUT = ("rows", "screen", "screen_merit")
_AGAINST = {  # reasons that only those who got nothing have
    rule.kind
    for rule in registry().values()
    if rule.accounts_for is Clause.accounts_for
    and any(getattr(rule, way) is not getattr(Clause, way) for way in _KEEP_OUT)
}
_FUNDED = {  # what the other cells of a row say of whether it is funded; others say nothing
    "status": {"funded": True, "not_funded": False, "ineligible": False},
    "certainty": {"every": True, "none": False},
    "reason_code": {
        **dict.fromkeys(("merit", "coverage"), True),
        **dict.fromkeys((*_AGAINST, "priority"), False),
    },
}
_WORDS = {
    "status": Text("結果", "its status"),
    "certainty": Text("確定程度", "its certainty"),
    "reason_code": Text("理由", "its reason"),
    "school": Text("該校合計", "the total of its school"),
    "spent": Text("核定總額", "the total awarded"),
}
MOST = 50  # cells put back; where there are more, the list is another one


@dataclass(frozen=True)
class Suspect:
    """An award cell, what the rest of the result says it was, and where it says so."""

    row: int  # 0 for the first application
    award: int
    was: int
    against: tuple[str, ...]


def suspects(
    awards: ResultTable, schools: ResultTable | None, spent: Any, admissible: Mapping[str, int]
) -> list[Suspect]:
    """Return the award cells that most of what else the result says is against.

    Parameters
    ----------
    awards, schools
        The tables as they stand.
    spent
        The total that the summary gives.
    admissible
        The most that each application may get, from the case.
    """
    cells = awards.column("award")
    if not all(map(_is_amount, cells)):
        return []  # such a cell is named already
    amounts = [int(cell) for cell in cells]
    over = _over(awards, schools, amounts)
    total = sum(amounts) - spent if type(spent) is int else None
    keys = list(zip(awards.column("school_id"), awards.column("level"), strict=True))
    ids, found = awards.column("application_id"), []
    for row, award in enumerate(amounts):
        off = {"school": over.get(keys[row]), "spent": total}
        says = dict(_votes(awards, row))
        funded = sum(1 if voice else -1 for voice in says.values()) > 0 if says else award > 0
        was = _was(award, funded, off["school"], admissible.get(ids[row], 0))
        voices = {name: voice != (award > 0) for name, voice in says.items()}
        if funded and award:  # they say that it is funded, and not with how much
            voices = {}
        voices |= {name: bool(away) for name, away in off.items() if away is not None}
        against = tuple(name for name, is_against in voices.items() if is_against)
        if was != award and len(against) > 1 and len(against) * 2 > len(voices):
            found.append(Suspect(row, award, was, against))
    return _told_apart(found, keys, [admissible.get(i, 0) for i in ids])


def _told_apart(
    found: list[Suspect], keys: list[tuple[str, str]], most: list[int]
) -> list[Suspect]:
    """Keep, of each school, the cell that can be meant; none where it could be several."""
    kept = []
    for key in dict.fromkeys(keys[one.row] for one in found):
        mine = [one for one in found if keys[one.row] == key]
        sure = [one for one in mine if len(one.against) > 2]
        full = [one for one in mine if one.award != one.was == most[one.row]]
        kept += next((some for some in (sure, mine, full) if len(some) == 1), [])
    return sorted(kept, key=lambda one: one.row) if len(kept) <= MOST else []


def _votes(awards: ResultTable, row: int) -> Iterator[tuple[str, bool]]:
    for name, meaning in _FUNDED.items():
        voice = meaning.get(awards.column(name)[row])
        if voice is not None:
            yield name, voice


def _over(
    awards: ResultTable, schools: ResultTable | None, amounts: list[int]
) -> dict[tuple[str, str], int]:
    """Return by how much the awards of each school exceed its total in by_school.csv."""
    total: dict[tuple[str, str], int] = defaultdict(int)
    keys = zip(awards.column("school_id"), awards.column("level"), strict=True)
    for key, amount in zip(keys, amounts, strict=True):
        total[key] += amount
    if schools is None:
        return {}
    columns = (schools.column(name) for name in ("school_id", "level", "awarded"))
    said = zip(*columns, strict=True)
    return {(s, v): total[s, v] - int(cell) for s, v, cell in said if _is_amount(cell)}


def _is_amount(cell: str) -> bool:
    return cell.isascii() and cell.isdecimal() and len(cell) < 17


def _was(award: int, funded: bool, off: int | None, most: int) -> int:
    """Return what an award was by the rest of the result: nothing, or what its school lacks."""
    if not funded:
        return 0
    back = award - (off or 0)
    return back if 0 < back <= most else award


def put_back(awards: ResultTable, found: list[Suspect]) -> ResultTable:
    """Return the table as it was by the rest of the result."""
    at, was = awards.header.index("award"), {s.row: str(s.was) for s in found}
    rows = (
        (*row[:at], was[number], *row[at + 1 :]) if number in was else row
        for number, row in enumerate(awards.rows)
    )
    return replace(awards, rows=tuple(rows))


def suspect_problems(
    awards: ResultTable, found: list[Suspect], seal: str, sealed: bool
) -> Iterator[Problem]:
    """Name each cell with all that is against it; the seal is, if it is that of the list put back."""
    for one in found:
        words = [_WORDS[name] for name in one.against]
        if sealed:
            words.append(Text(f"查核碼 {seal}", f"the seal {seal}"))
        against = joined(words)
        message = Text(
            f"核定金額與本結果其他各處（{against.zh}）不符，依各該處為 {money(one.was)} 元",
            f"the award contradicts the rest of this result ({against.en}), by which it is "
            f"NT${money(one.was)}",
        )
        yield awards.wrong(one.row, "award", CODE, message, value=money(one.award))
