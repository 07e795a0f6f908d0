"""No letter names another school, its applications or their titles, whatever the policy's rules name."""

from __future__ import annotations

import random
import re
import zipfile
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from helpers.rounds import make_case, random_case
from helpers.slow import numbers

from optimizer import allocate, make_policy
from optimizer.explain import explain_all
from optimizer.language.text import LANGUAGES, Text
from optimizer.letters.letters import Writer
from optimizer.letters.other_names import Names
from optimizer.problems.errors import SubsidyError
from optimizer.result.allocation import Allocation


def told_of_others(allocation: Allocation) -> list[tuple[str, str]]:
    """Return what any letter says of others in either form, with the letter's own number."""
    explained, found = explain_all(allocation), []
    for language in LANGUAGES:
        writer = Writer(allocation, None, language)
        for one, letter in zip(explained, writer.letters(explained), strict=True):
            with zipfile.ZipFile(BytesIO(writer.odt(letter))) as file:
                odt = file.read("content.xml").decode()
            page = letter.page[letter.page.index("<title>") :]
            said = unescape(re.sub("<[^>]*>", "", page + odt))
            found += [
                (one.application_id, w) for w in others(allocation, one.application_id) if w in said
            ]
    return found


def others(allocation: Allocation, own_id: str) -> list[str]:
    """Return the names of other schools, and the numbers and titles of their applications."""
    records = allocation.case.records
    table, schools = records.applications, records.schools["name"].tolist()
    own = dict(zip(table["application_id"], table["school"], strict=True))[own_id]
    theirs = table[table["school"] != own]
    return [
        *(name for row, name in enumerate(schools) if row != own),
        *theirs["application_id"],
        *theirs["title"],
    ]


SCHOOLS = [{"school_id": f"S{n}", "name": f"{n}號國小"} for n in (1, 2, 3)]
THREE = [
    {"application_id": f"A{n}", "school_id": f"S{n}", "merit": merit}
    for n, merit in ((1, 70), (2, 90), (3, 80))
]
NAMING: dict[str, dict[str, Any]] = {  # rules that name a school or applications
    "a quota of one school": {
        "clause": [{"kind": "quota", "column": "name", "value": "1號國小", "at_least": 1}]
    },
    "nothing for one school": {
        "clause": [{"kind": "quota", "column": "name", "value": "2號國小", "at_most": 0}]
    },
    "one school as far as possible": {
        "priority": [{"kind": "quota", "column": "name", "value": "1號國小", "at_least": 1}]
    },
    "by hand": {"clause": [{"kind": "fixed", "fund": ["A1"], "refuse": ["A2"], "reason": "A3"}]},
}


def allocated(naming: str, **plan: bool) -> Allocation:
    """Allocate the three under rules that name some of them."""
    document = NAMING[naming]
    priority = [*document.get("priority", []), {"kind": "merit"}]
    rest = {"priority": priority, "pool": {"amount": 2_000, "unit": 1_000}, "plan": plan}
    return allocate(make_case(THREE, SCHOOLS, **{**document, **rest}))


@pytest.mark.parametrize("naming", NAMING)
def test_rules_that_name_somebody_are_told_by_their_titles(naming: str) -> None:
    assert told_of_others(allocated(naming)) == []


def test_unless_the_policy_lets_others_be_named() -> None:
    assert ("A3", "1號國小") in told_of_others(allocated("a quota of one school", name_others=True))


@pytest.mark.slow
@pytest.mark.parametrize("number", numbers(40, 15))
def test_no_letter_of_a_random_round_names_others(number: int) -> None:
    rng = random.Random(f"others {number}")
    allocation = random_round(rng)
    while allocation is None:
        allocation = random_round(rng)
    assert told_of_others(allocation) == []


def random_round(rng: random.Random) -> Allocation | None:
    """Allocate a small round whose rules name schools and applications, if there is a list at all."""
    case = random_case(rng, most=6)
    ids = case.records.applications["application_id"].tolist()
    schools = case.records.schools["name"].tolist()
    quota = {"kind": "quota", "column": "name", "value": rng.choice(schools)}
    fixed = {"kind": "fixed", "refuse": rng.sample(ids, min(len(ids), 2)), "decided_by": "局長"}
    named: list[dict[str, Any]] = [fixed, {**quota, "at_most": 1}, {**quota, "at_least": 1}]
    document = dict(case.policy.document)
    clauses = [*document.get("clause", []), *(rule for rule in named if rng.random() < 0.5)]
    pool = {**document["pool"], "unit": 500}
    try:
        return allocate(case.under(make_policy({**document, "clause": clauses, "pool": pool})))
    except SubsidyError:
        return None


def test_names_are_hidden_where_they_are_names() -> None:
    schools = [
        {"school_id": "S1", "name": "大同國小"},
        {"school_id": "S2", "name": "新大同國小"},
        {"school_id": "S3", "name": "苑"},
    ]
    rows = [
        ("A1", "S1", "閱讀社群"),
        ("A12", "S2", "閱讀社群"),
        ("3", "S2", "讀"),
        ("B-7", "S3", "新社群名"),
    ]
    names = ("application_id", "school_id", "title")
    case = make_case([dict(zip(names, row, strict=True)) for row in rows], schools)
    hidden = Names(case.records)
    own = [s["school_id"] for s in schools].index("S1")
    said = "大同國小 A1 與新大同國小 A12、B-7 計 3 件；閱讀社群讀苑；「新社群名」"
    assert hidden.hide(Text(said, said), own).zh == (
        "大同國小 A1 與他校 另一件申請、另一件申請 計 3 件；閱讀社群讀苑；「另一件申請」"
    )
