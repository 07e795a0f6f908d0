"""The printed record of a result: the decision on one page, the lists, the rules, the proof, how to check.

A PDF for the minutes and the archive. It says what the tables say, in an order that can be read from
paper; what is too long for paper is said to stand in the published lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimizer.language.formal_money import numeral
from optimizer.language.text import Text, money
from optimizer.language.words import figure
from optimizer.report.annex import Annex
from optimizer.report.labels import FACTS
from optimizer.report.printed_blocks import (
    Block,
    Section,
    heading,
    section,
    signatures,
    strong,
    table,
    text,
)
from optimizer.report.printed_lists import PrintedLists
from optimizer.report.printed_proof import PrintedProof
from optimizer.report.roll_sheets import PAGE, SEAL, SIGNATURES
from optimizer.report.rolls import rolls_of, standing_of
from optimizer.report.summary import MadeBy
from optimizer.report.typesetting import typeset
from optimizer.result.headline import say_draw, say_status, under_premise
from optimizer.stationery.head import Head

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

_NTD = "元"
_FIGURES = (
    ("pool", ("amount", "contingency", "available", "paid_to_others", "spent", "left"), _NTD),
    ("counts", ("applications", "eligible", "funded", "not_funded", "ineligible"), "件"),
    ("counts", ("districts", "districts_covered", "districts_uncoverable"), "區"),
)
_TITLE = Text("補助核定紀錄", "Record of the allocation")


def render_record(
    allocation: Allocation,
    made_by: MadeBy | None = None,
    annex: Annex | None = None,
    head: Head | None = None,
) -> bytes:
    """Return the record as PDF, in the allocation's language.

    Parameters
    ----------
    allocation
        The certified result.
    made_by
        The versions to be named at its end; those here, unless given.
    annex
        What else is to be told of the result, after the decision.
    head
        The bureau's name and logo, and who signs; blank lines, unless given.

    Raises
    ------
    UsageError
        If Typst is not installed.
    TemplateError
        If the logo is a picture that cannot be printed.
    """
    said = record_of(allocation, made_by or MadeBy.here(), annex, head)
    pictures = dict([head.logo] if head and head.logo else [])
    return typeset("record.typ", said, allocation.language, pictures)


def record_of(
    allocation: Allocation, made_by: MadeBy, annex: Annex | None, head: Head | None = None
) -> dict[str, Any]:
    """Return what the record says, as plain data."""
    made, language = _Record(allocation, head), allocation.language
    name = _TITLE.say(language)
    return {
        "agency": made.agency,
        "logo": head.logo[0] if head and head.logo else "",
        "title": allocation.title or name,
        "name": name if allocation.title else "",
        "lines": [line for line in standing_of(allocation) if line],
        "edge": SEAL.say(language) + allocation.seal,
        "page": PAGE[language],
        "sections": list(_numbered(made.sections(made_by, annex), language == "zh-TW")),
    }


def _numbered(sections: Iterator[Section], chinese: bool) -> Iterator[Section]:
    for number, one in enumerate(sections, start=1):
        name = f"{numeral(number)}、" if chinese else f"{number}. "
        yield {**one, "title": name + one["title"]}


class _Record:
    """The sections of one record."""

    def __init__(self, allocation: Allocation, head: Head | None) -> None:
        self.allocation = allocation
        self.summary: Mapping[str, Any] = allocation.summary
        self.agency, self.signature = (head.agency, head.signature) if head else ("", "")

    def say(self, zh: str, en: str) -> str:
        """Say a sentence in the language of the result."""
        return Text(zh, en).say(self.allocation.language)

    def sections(self, made_by: MadeBy, annex: Annex | None) -> Iterator[Section]:
        """Yield every section in order."""
        lists = PrintedLists(rolls_of(self.allocation), self.allocation.language)
        proof = PrintedProof(self.allocation)
        yield section(self.say("核定結果", "The decision"), self.decision())
        if annex is not None:
            yield section(annex.title, _told(annex))
        yield from lists.sections()
        yield section(self.say("計畫規則", "The rules"), lists.rules())
        yield section(self.say("證明", "The proof"), proof.proof())
        yield section(self.say("抽籤", "The draw"), proof.draw())
        yield section(self.say("查核", "How to check it"), proof.check(made_by))

    def decision(self) -> Iterator[Block]:
        """Say on one page what was decided, how far it is proved, and who signs."""
        allocation = self.allocation
        if allocation.nobody:
            yield strong(allocation.nobody.say(allocation.language))
        said = say_status(allocation.solution, allocation.premise).say(allocation.language)
        yield strong(said[:1].upper() + said[1:])
        yield text(self._claim())
        rows = [
            [
                FACTS[name].say(allocation.language),
                self.say(*_counted(self.summary[part][name], unit)),
            ]
            for part, names, unit in _FIGURES
            for name in names
            if name in self.summary[part]
        ]
        yield table([(self.say("項目", "Item"), 3), (self.say("數值", "Figure"), 2)], rows, [1])
        yield heading(self.say("優先順序", "Priorities"))
        yield self._priorities()
        if allocation.solution.optimal:
            yield text(say_draw(allocation).say(allocation.language))
        yield text(self.say(f"查核碼：{allocation.seal}", f"Seal: {allocation.seal}"))
        agency = self.agency or "____________________"
        yield text(
            self.say(
                f"機關：{agency}　核定日期：______ 年 ____ 月 ____ 日",
                f"Agency: {agency}  Date of the decision: ____________________",
            )
        )
        *offices, chief = (sign.say(allocation.language) for sign in SIGNATURES)
        yield signatures([*offices, self.signature or chief])

    def _claim(self) -> str:
        """Say what is proved, and no more."""
        solution, under = self.allocation.solution, under_premise(self.allocation.premise)
        if not solution.proved:
            return self.say(
                "本名單符合所有規則，但在時限內未能證明沒有更好的名單。",
                "This list obeys every rule, but the time limit came before it could be shown that none is better.",
            )
        best = self.say(
            f"依下列優先順序，{under.zh}沒有任何符合規則的名單能勝過本名單；每一優先順序皆以整數精確證明。",
            f"In the order of priorities below{under.en}, no list that obeys the rules is better than this one; "
            "every priority is proved in exact integers.",
        )
        if solution.optimal:
            return best
        return best + self.say(
            "但時限已到，同分者尚未經抽籤決定，名單還不是唯一的答案。",
            " But the time limit came before the draw had settled the ties: it is not yet the one answer.",
        )

    def _priorities(self) -> Block:
        heads = [
            (self.say("順序", "No."), 0),
            (self.say("項目", "Priority"), 4),
            (self.say("實際結果", "Reached"), 2),
            (self.say("可達極限", "Best possible"), 2),
            (self.say("單位", "Unit"), 3),
            (self.say("證明", "Proof"), 1.5),
        ]
        proved = {True: self.say("已證明", "proved"), False: self.say("未證明", "not proved")}
        rows = [
            [
                str(number),
                row["title"],
                _number(row["value_exact"]),
                _number(row["bound_exact"]),
                row["unit"],
                proved[bool(row["proved"])],
            ]
            for number, row in enumerate(self.allocation.priorities.to_dict("records"), start=1)
        ]
        return table(heads, rows, [0, 2, 3])


def _told(annex: Annex) -> Iterator[Block]:
    yield from map(text, annex.lines)
    for block in annex.blocks:
        yield heading(block.title)
        heads = [(head, 2 + 2 * (place == 3)) for place, head in enumerate(block.heads)]
        rows = [[money(c) if isinstance(c, int) else str(c) for c in row] for row in block.rows]
        yield table(heads, rows, [1, 2])


def _counted(value: int, unit: str) -> tuple[str, str]:
    """Write a figure with its unit, in both languages."""
    return f"{money(value)} {unit}", f"{'NT$' * (unit == _NTD)}{money(value)}"


def _number(exact: str) -> str:
    return figure(Fraction(exact)) if exact else "–"
