"""Every letter of the example and its telephone sheet: the two agree, and both read well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import unescape

import pytest
from helpers.explaining import explained_example

from optimizer import allocate, make_policy
from optimizer.language.text import LANGUAGES, Language
from optimizer.letters.content import Particulars
from optimizer.letters.letters import Writer
from optimizer.letters.telephone import MOST, telephone_sheet
from optimizer.result.allocation import Allocation
from optimizer.stationery.bureau import read_bureau
from optimizer.stationery.sources import OURS

CELLS = {
    "nothing": 6,
    "merit": 6,
    "request": 7,
    "rivals": 8,
    "more": 9,
    "waiting": 10,
    "behind": 10,
}  # where the sheet says it
FIGURE = re.compile(r"A\d{3}|\d[\d,.]*(?= (?:分|元|points))|NT\$[\d,]*\d")
DEFECTS = {
    "brackets in brackets": re.compile("（[^）]*（"),
    "two marks in a row": re.compile("[，。；：、！？]{2}"),
    "a blank between characters": re.compile("[\u3400-\u9fff] [\u3400-\u9fff]"),
    "a half-width mark": re.compile("[\u3400-\u9fff][,;:()]|[,;:()][\u3400-\u9fff]"),
    "a broken end": re.compile("…"),
    "a figure without its blank, but in a date": re.compile(
        "[\u3400-\u9fff](?![0-9]+(?:年[0-9]|月|日))[0-9]|[0-9](?!年[0-9]|月[0-9]|日)[\u3400-\u9fff]"
    ),
    "program language": re.compile("按金額計算|×|[−=]|他案條件|落選"),
}
NAMED = re.compile(
    "(?:同校|貴校未另申請) [^；。]*$"
)  # what a number of the school's own is said after


@cache
def naming_others() -> Allocation:
    """Return the same under a policy that lets letters name others."""
    case = explained_example()[0].case
    document = dict(case.policy.document)
    return allocate(
        case.under(make_policy({**document, "plan": {**document["plan"], "name_others": True}}))
    )


def rows(language: Language) -> Mapping[str, Sequence[str]]:
    """Return the row of each application on the sheet."""
    allocation, said = explained_example()
    sheet = telephone_sheet(allocation, said, language)
    return {str(row[0]): [str(cell) for cell in row] for row in sheet.rows}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_calls_hears_what_the_letter_says(language: Language) -> None:
    """Each kind of thing that would have had it funded is in both or in neither, with the same figure."""
    allocation, said = explained_example()
    letters, sheet = Particulars(allocation, read_bureau(OURS, language), language), rows(language)
    seen = set[str]()
    for one in (one for one in said if one.status == "not_funded"):
        letter = letters.of(one)
        assert letter["application"]["standing"] == sheet[one.application_id][4]
        needs = {need["code"]: need["text"] for need in letter["needs"]}
        told = {CELLS[code]: text for code, text in needs.items() if code in CELLS}
        cells = {n: sheet[one.application_id][n] for n in set(CELLS.values())}
        assert {n for n, cell in cells.items() if cell} == set(told), one.application_id
        for n, text in told.items():
            assert FIGURE.findall(text)[:1] == FIGURE.findall(cells[n])[:1], one.application_id
        seen |= needs.keys() & CELLS.keys()
    assert seen == set(CELLS)


def lines() -> Iterator[tuple[str, str]]:
    """Yield every line of the letters, of either kind, and every cell of the sheet."""
    for allocation in (explained_example()[0], naming_others()):
        writer = Writer(allocation, None, "zh-TW")
        for one, letter in zip(
            explained_example()[1], writer.letters(explained_example()[1]), strict=True
        ):
            for line in letter.page[letter.page.index("<body>") :].splitlines():
                yield one.application_id, unescape(re.sub("<[^>]*>", "", line))
    for own_id, row in rows("zh-TW").items():
        yield from ((own_id, cell) for cell in row)


def introduced(line: str, own_id: str, known: set[str]) -> bool:
    """Return whether each other number is said to be the school's own, or with what it is."""
    for found in re.finditer(r"A\d{3}", line):
        if found[0] not in known:
            own = NAMED.search(line[: found.start()])
            if not own and not line[found.end() :].startswith("（"):
                return False
            known.add(found[0])
    return True


@pytest.mark.slow
def test_no_letter_is_one_to_be_ashamed_of() -> None:
    known, before, alone = set[str](), "", False
    for own_id, line in lines():
        found = [name for name, defect in DEFECTS.items() if defect.search(line)]
        assert not found, (own_id, line)
        assert not alone or line.startswith("（二）"), ("a number alone", own_id, line)
        alone = line.startswith("（一）")
        known = known if own_id == before else {own_id}
        assert introduced(line, own_id, known), (own_id, line)
        before = own_id
    assert all(
        len(cell) <= MOST["en"] and "…" not in cell and cell.count("(") == cell.count(")")
        for r in rows("en").values()
        for cell in r
    )
