"""A policy may have several rules of one kind: what is said of an application is of the one that holds for it."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from helpers.rounds import make_case

from optimizer import allocate, write_result
from optimizer.case.case import Case
from optimizer.explain import explain_all
from optimizer.language.text import LANGUAGES, Language
from optimizer.letters.telephone import telephone_sheet
from optimizer.report.listed import Listed
from optimizer.result.allocation import Allocation
from optimizer.scenarios.difference_tables import moved_awards, why

SIZES = ((None, 200), (200, 600), (600, None))


def capped(number: int, generous: int = 0) -> Case:
    """Make a round in which small, middle and large schools have caps of their own, in any order.

    `generous`: NT$ by which each cap is higher.
    """
    rng = random.Random(f"several {number}")
    schools = [
        {"school_id": f"S{n}", "students": rng.choice((50, 200, 300, 600, 700))} for n in range(6)
    ]
    applications = [
        {"application_id": f"A{n:02}", "school_id": f"S{rng.randrange(6)}",
         "merit": rng.randrange(70, 95), "requested": rng.choice((900, 1_000, 1_200))}
        for n in range(16)
    ]  # fmt: skip
    caps = [
        {"kind": "school_cap", "column": "students", "amount": 1_200 + 100 * place + generous}
        | ({} if over is None else {"over": over})
        | ({} if up_to is None else {"up_to": up_to})
        for place, (over, up_to) in enumerate(SIZES)
    ]
    merits = [{"kind": "merit", "band": 10}, {"kind": "merit"}]
    return make_case(
        applications, schools, clause=rng.sample(caps, 3), priority=merits, pool={"amount": 8_000}
    )


def others(allocation: Allocation, language: Language) -> dict[str, list[str]]:
    """Return, of every application, what the caps are called that do not hold for its school."""
    records, found = allocation.case.records, dict[str, list[str]]()
    for row in records.applications.to_dict("records"):
        students = int(records.schools["students"].iloc[row["school"]])
        found[row["application_id"]] = [
            rule.spoken.say(language)
            for rule in allocation.case.policy.clauses
            if rule.kind == "school_cap"
            and not ((rule.over or 0) < students <= (rule.up_to or 10**9))  # type: ignore[attr-defined]
        ]
    return found


def said_in_files(folder: Path, language: Language) -> Iterator[tuple[str, str, str]]:
    """Yield file, application and what the file says of it."""
    for name in ("awards.xlsx", "awards.ods", "published/lists.xlsx", "published/lists.ods"):
        book = pd.read_excel(
            folder / name, sheet_name=None, header=None, dtype=str, engine="calamine"
        )
        for sheet in book.values():
            for row in sheet.fillna("").to_numpy().tolist():
                yield name, next((cell for cell in row if cell[:1] == "A" and cell[1:].isdigit()), ""), "|".join(row)  # fmt: skip
    for path in sorted(folder.rglob("*.csv")):
        for row in csv.reader(path.open(encoding="utf-8-sig")):
            yield path.name, next((cell for cell in row if cell[:1] == "A" and cell[1:].isdigit()), ""), "|".join(row)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", range(3))
def test_no_file_names_the_cap_of_other_schools(
    number: int, language: Language, tmp_path: Path
) -> None:
    allocation = allocate(capped(number), language=language)
    write_result(allocation, tmp_path / "out", parts=["workbooks", "published"])
    wrong = others(allocation, language)
    said = [
        (file, one, text) for file, one, text in said_in_files(tmp_path / "out", language) if one
    ]
    said += [
        (
            "report",
            line.application_id,
            "|".join(t.say(language) for t in (line.result, *line.notes)),
        )
        for line in Listed(allocation).lines()
    ]
    explained = explain_all(allocation)
    said += [
        ("telephone", str(row[0]), "|".join(map(str, row)))
        for row in telephone_sheet(allocation, explained, language).rows
    ]
    said += [("explain", e.application_id, e.because.full.say(language)) for e in explained]
    named = {
        rule.spoken.say(language)
        for rule in allocation.case.policy.clauses
        if rule.kind == "school_cap"
    }
    for file in ("awards.xlsx", "awards.ods", "telephone"):
        told = {name for where, _, text in said if where == file for name in named if name in text}
        assert len(told) > 1, file
    assert [
        (f, one, text) for f, one, text in said if any(name in text for name in wrong[one])
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comparison_names_the_cap_of_the_schools_that_lose(language: Language) -> None:
    seen = set()
    for number in range(4):
        base, other = allocate(capped(number, generous=1_200)), allocate(capped(number))
        wrong = others(other, language)
        caps = [r.spoken.say(language) for r in other.case.policy.clauses if r.kind == "school_cap"]
        for cause in why(base, other, language):
            for one in cause["who"].replace(",", "、").split("、"):
                assert not any(name in cause["said"] for name in wrong[one.strip()]), (one, cause)
            seen |= {name for name in caps if name in cause["said"]}
        assert moved_awards(base, other)
    assert len(seen) > 1
