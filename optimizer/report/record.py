"""The printed record of a result: the decision on one page, the lists, the rules, the proof, how to check.

A PDF for the minutes and the archive. It says what the tables say, in an order that can be read from
paper; what is too long for paper is said to stand in the published lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from optimizer.language.text import Text, money
from optimizer.language.words import figure, how_many
from optimizer.report.annex import Annex
from optimizer.report.labels import FACTS
from optimizer.report.record_blocks import (
    Block,
    Row,
    Section,
    code,
    heading,
    items,
    note,
    section,
    signatures,
    strong,
    table,
    text,
)
from optimizer.report.roll_sheets import PAGE, SEAL, SIGNATURES
from optimizer.report.rolls import Roll, rolls_of, standing_of
from optimizer.report.summary import MadeBy
from optimizer.report.typesetting import breakable, typeset
from optimizer.report.view import View
from optimizer.result.headline import say_draw, say_status, under_premise

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

MOST_ROWS = 1_000  # of a list, on paper
_NTD = "元"
_FIGURES = (
    ("pool", ("amount", "contingency", "available", "paid_to_others", "spent", "left"), _NTD),
    ("counts", ("applications", "eligible", "funded", "not_funded", "ineligible"), "件"),
    ("counts", ("districts", "districts_covered", "districts_uncoverable"), "區"),
)
_SHARES = {"school": 14, "why": 22, "comes_at": 14}  # in half a page
_TITLE = Text("補助核定紀錄", "Record of the allocation")


def render_record(
    allocation: Allocation, made_by: MadeBy | None = None, annex: Annex | None = None
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

    Raises
    ------
    UsageError
        If Typst is not installed.
    """
    return typeset(
        "record.typ", record_of(allocation, made_by or MadeBy.here(), annex), allocation.language
    )


def record_of(allocation: Allocation, made_by: MadeBy, annex: Annex | None) -> dict[str, Any]:
    """Return what the record says, as plain data."""
    made, language = _Record(allocation), allocation.language
    name = _TITLE.say(language)
    return {
        "title": allocation.title or name,
        "name": name if allocation.title else "",
        "lines": [line for line in standing_of(allocation) if line],
        "edge": SEAL.say(language) + allocation.seal,
        "page": PAGE[language],
        "sections": list(_numbered(made.sections(made_by, annex), language == "zh-TW")),
    }


def _numbered(sections: Iterator[Section], chinese: bool) -> Iterator[Section]:
    for number, one in enumerate(sections, start=1):
        name = f"{'一二三四五六七八九十'[number - 1]}、" if chinese else f"{number}. "
        yield {**one, "title": name + one["title"]}


class _Record:
    """The sections of one record."""

    def __init__(self, allocation: Allocation) -> None:
        self.allocation = allocation
        self.view = View(allocation)
        self.summary: Mapping[str, Any] = allocation.summary
        self.rolls = {roll.name: roll for roll in rolls_of(allocation)}

    def say(self, zh: str, en: str) -> str:
        """Say a sentence in the language of the result."""
        return Text(zh, en).say(self.allocation.language)

    def sections(self, made_by: MadeBy, annex: Annex | None) -> Iterator[Section]:
        """Yield every section in order."""
        yield section(self.say("核定結果", "The decision"), self.decision())
        if annex is not None:
            yield section(annex.title, _told(annex))
        yield self._list("awarded", self.awarded)
        yield self._list("districts", self.districts)
        yield self._list("ineligible", self.ineligible)
        yield self._list("not_awarded", self.not_awarded)
        yield self._list("waiting", self.waiting)
        yield section(self.say("計畫規則", "The rules"), self.rules(), own_page=True)
        yield section(self.say("證明", "The proof"), self.proof())
        yield section(self.say("抽籤", "The draw"), self.draw())
        yield section(self.say("查核", "How to check it"), self.check(made_by))

    def decision(self) -> Iterator[Block]:
        """Say on one page what was decided, how far it is proved, and who signs."""
        allocation = self.allocation
        if allocation.nobody:
            yield strong(allocation.nobody.say(allocation.language))
        yield strong(say_status(allocation.solution, allocation.premise).say(allocation.language))
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
        yield signatures([sign.say(allocation.language) for sign in SIGNATURES])

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
            (self.say("可達極限", "Bound"), 2),
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
            for number, row in enumerate(self._steps(), start=1)
        ]
        return table(heads, rows, [0, 2, 3])

    def _steps(self) -> list[Mapping[Any, Any]]:
        return list(self.allocation.priorities.to_dict("records"))

    def _list(self, name: str, blocks: Any) -> Section:
        """Return the section of a list; a list that is too long for paper stands elsewhere."""
        roll = self.rolls[name]
        said = [note(line) for line in roll.notes]
        if not roll.rows:
            said.append(text(self.say("無。", "None.")))
        elif len(roll.rows) > MOST_ROWS:
            where = f"published/{name}.csv"
            said.append(
                text(
                    self.say(
                        f"共 {len(roll.rows):,} 列，超過 {MOST_ROWS:,} 列，不印於此；見 {where} 與 published/lists.ods。",
                        f"{len(roll.rows):,} rows, more than the {MOST_ROWS:,} that are printed here: see {where} "
                        "and published/lists.ods.",
                    )
                )
            )
        else:
            said += blocks(roll)
        return section(roll.title, said, own_page=name in ("awarded", "not_awarded", "waiting"))

    def awarded(self, roll: Roll) -> Iterator[Block]:
        """List who gets how much, under the sum of each district."""
        keys = ("application_id", "level", "school", "title", "award")
        rows: list[Sequence[str] | Row] = []
        place = roll.place("district")
        for district, part in groupby(roll.rows, key=lambda row: row[place]):
            lines = list(part)
            amount = sum(int(row[roll.place("award")]) for row in lines)
            count = how_many(len(lines), "application")
            rows.append(
                Row(
                    "group",
                    self.say(
                        f"{district}：{len(lines)} 件，{money(amount)} 元",
                        f"{district}: {count}, NT${money(amount)}",
                    ),
                )
            )
            rows += _cells(roll, keys, lines)
        total = self.say("總計", "Grand total")
        rows.append(Row("sum", total, "", f"{len(roll.rows):,}", "", money(roll.sum("award"))))
        yield self._table(roll, keys, rows)

    def districts(self, roll: Roll) -> Iterator[Block]:
        """List the totals of every district."""
        keys = ("district", "schools", "applications", "eligible", "funded", "awarded", "stands")
        rows: list[Sequence[str] | Row] = [*_cells(roll, keys, roll.rows)]
        sums = [money(roll.sum(key)) for key in keys[1:-1]]
        rows.append(Row("sum", self.say("總計", "Grand total"), *sums, ""))
        yield self._table(roll, keys, rows)

    def ineligible(self, roll: Roll) -> Iterator[Block]:
        """List who was refused, with what was found."""
        keys = ("application_id", "district", "school", "why", "finding", "reference")
        yield self._table(roll, keys, _cells(roll, keys, roll.rows))

    def not_awarded(self, roll: Roll) -> Iterator[Block]:
        """List who got nothing, in two columns of a page."""
        keys = ("application_id", "school", "why")
        yield self._table(roll, keys, _cells(roll, keys, roll.rows), narrow=True)

    def waiting(self, roll: Roll) -> Iterator[Block]:
        """List who comes in for which amount, in two columns of a page."""
        keys = ("application_id", "school", "comes_at")
        yield self._table(roll, keys, _cells(roll, keys, roll.rows), narrow=True)

    def _table(
        self, roll: Roll, keys: Sequence[str], rows: Sequence[Any], narrow: bool = False
    ) -> Block:
        """Return a table of some columns; short ones take what they need, the others share the rest."""
        columns = [roll.columns[roll.place(key)] for key in keys]
        heads = [(column.header, 0 if column.width <= 12 else column.width) for column in columns]
        numbers = [place for place, column in enumerate(columns) if column.kind.numeric]
        return table(heads, rows, numbers, narrow=narrow)

    def rules(self) -> Iterator[Block]:
        """State the rules, and the priorities in their order."""
        roll = self.rolls["rules"]
        keys = ("rule_kind", "rule", "sentence", "reference")
        yield from map(note, roll.notes)
        yield self._table(roll, keys, _cells(roll, keys, roll.rows))

    def proof(self) -> Iterator[Block]:
        """Say of every priority what it reached, what no list betters, and how that is known."""
        yield note(
            self.say(
                "可達極限：符合規則、不損及前項的名單所能達到的極限；數值愈小愈好的項目為可達最低值。",
                "The bound is what no list can better that obeys the rules and keeps what the earlier ones reached.",
            )
        )
        rows = []
        for number, row in enumerate(self._steps(), start=1):
            ways = [self.view.method(row["by"]), self.view.method(row["again"])]
            state = (
                self.say("已證明", "proved") if row["proved"] else self.say("未證明", "not proved")
            )
            rows.append(
                [
                    str(number),
                    row["title"],
                    *(_exact(row[f"{name}_exact"]) for name in ("value", "bound", "gap")),
                    self.say("；", "; ").join(filter(None, [state, *ways])),
                ]
            )
        heads = [
            (self.say("順序", "No."), 0),
            (self.say("項目", "Priority"), 3),
            (self.say("實際結果", "Reached"), 2),
            (self.say("可達極限", "Bound"), 2),
            (self.say("差距", "Gap"), 1),
            (self.say("證明方法", "How it is known"), 5),
        ]
        yield table(heads, rows, [0, 2, 3, 4])
        yield note(self.say("求解方法：", "Engine: ") + str(self.summary["engine"]["why"]))
        if self.summary["certainty"]:
            sure = self.summary["certainty"]
            yield text(
                self.say(
                    f"在所有同樣好的名單中：{sure['every']:,} 件皆獲補助，{sure['some']:,} 件視抽籤而定，{sure['none']:,} 件皆未獲補助。",
                    f"Over all lists that are equally good: {sure['every']:,} are funded in every one, "
                    f"{sure['some']:,} in some, {sure['none']:,} in none.",
                )
            )
        measures = [[name, value] for name, value in self.view.measures()]
        yield heading(self.say("名單的九項指標", "The list in nine figures"))
        yield table(
            [(self.say("指標", "Figure"), 3), (self.say("數值", "Value"), 2)], measures, [1]
        )

    def draw(self) -> Iterator[Block]:
        """Say what the draw decided, and how its order is made again."""
        drawn, draw = self.view.drawn(), self.summary["draw"]
        seed = draw["seed"] or self.say("（空白）", "(blank)")
        yield text(
            self.say(
                f"各項優先順序皆相同時，依抽籤順序決定：將種子與申請編號以 SHA-256 雜湊，由小至大排列。種子：{seed}；其 SHA-256：{draw['seed_sha256']}",
                "Where all priorities are equal, the draw decides: applications in the order of the SHA-256 of the "
                f"seed and their id, least first. Seed: {seed}; its SHA-256: {draw['seed_sha256']}",
            )
        )
        if not drawn["known"]:
            yield text(
                self.say(
                    "本結果未能在時限內完成抽籤。", "The limit came before the draw was finished."
                )
            )
        elif drawn["some"]:
            heads = [
                (self.say("申請編號", "Application"), 0),
                (self.say("結果", "Result"), 1),
                (
                    self.say(
                        "獲補助之機率（計入所有抽籤順序）", "Chance over all orders of the draw"
                    ),
                    2,
                ),
            ]
            said = [
                [
                    one["application_id"],
                    self.view.say("funded" if one["funded"] else "not_funded"),
                    one["chance"] or "–",
                ]
                for one in drawn["some"][:MOST_ROWS]
            ]
            yield table(heads, said, [2])
        else:
            yield text(say_draw(self.allocation).say(self.allocation.language))
        yield note(
            self.say(
                "在結果資料夾內執行下列 Python 程式碼，即可重現完整順序：",
                "These lines of Python, run in the folder of the result, print the whole order again:",
            )
        )
        yield code(drawn["code"])

    def check(self, made_by: MadeBy) -> Iterator[Block]:
        """Say how anybody checks the result, of which files it is, and what made it."""
        seal = self.allocation.seal
        yield items(
            [
                self.say(
                    "查核碼由資料、計畫、人工核定與核定名單算出，與檔案格式及列的順序無關；抄入會議紀錄後，任何時候都可核對。",
                    "The seal is worked out from the data, the plan, the decisions by hand and the list of awards; file "
                    "formats and the order of rows make no difference. Once in the minutes, it can be checked at any time.",
                ),
                self.say(
                    f"以程式查核：subsidy verify 結果資料夾 --case 計畫資料夾 --seal {seal}。逐格重新計算，並由另一種方法再次證明。",
                    f"With the program: subsidy verify RESULT --case CASE --seal {seal}. Every cell is worked out "
                    "again, and another engine proves it again.",
                ),
                self.say(
                    "不用程式：以瀏覽器開啟 report.html，按「自行核算」，離線核對各規則、合計並再次證明。",
                    "Without it: open report.html in a browser and press “Check now”: it works out every rule and total "
                    "again, offline, and proves again what it can.",
                ),
            ]
        )
        inputs = [
            [one["name"], money(one["size"]), one["sha256"]] for one in self.summary["inputs"]
        ]
        if inputs:
            yield heading(self.say("資料來源", "Inputs"))
            heads = [
                (self.say("檔案", "File"), 2),
                (self.say("位元組", "Bytes"), 0),
                ("SHA-256", 5),
            ]
            yield table(heads, inputs, [1])
        versions = {"subsidy": made_by.program, **made_by.versions}
        said = self.say("、", ", ").join(f"{name} {v}" for name, v in versions.items() if v)
        yield note(self.say("版本：", "Versions: ") + said)


def _told(annex: Annex) -> Iterator[Block]:
    yield from map(text, annex.lines)
    for block in annex.blocks:
        yield heading(block.title)
        heads = [(head, 2 + 2 * (place == 3)) for place, head in enumerate(block.heads)]
        rows = [[money(c) if isinstance(c, int) else str(c) for c in row] for row in block.rows]
        yield table(heads, rows, [1, 2])


def _cells(roll: Roll, keys: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """Return some columns of rows as texts."""
    places = [roll.place(key) for key in keys]
    return [[_cell(row[place]) for place in places] for row in rows]


def _cell(cell: Any) -> str:
    return money(cell) if isinstance(cell, int) else breakable(str(cell))


def _counted(value: int, unit: str) -> tuple[str, str]:
    """Write a figure with its unit, in both languages."""
    return f"{money(value)} {unit}", f"{'NT$' * (unit == _NTD)}{money(value)}"


def _exact(said: str) -> str:
    """Write a figure exactly: whole ones with separators, a fraction as it stands."""
    return money(int(said)) if said.removeprefix("-").isdecimal() else said or "–"


def _number(exact: str) -> str:
    return figure(Fraction(exact)) if exact else "–"
