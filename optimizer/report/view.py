"""What the report shows, as plain rows and words, before any markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.facts.measures import MEASURES
from optimizer.foundation.escaping import DANGEROUS
from optimizer.language.text import Language, Text, money
from optimizer.language.words import figure as said, points
from optimizer.report.groups import groups
from optimizer.report.listed import AwardRow, SchoolCells
from optimizer.report.published_rules import published_rules
from optimizer.report.result_columns import after_publication, clause_titles, say_code
from optimizer.result.dtypes import plain_rows
from optimizer.tables.official_order import official

if TYPE_CHECKING:
    from optimizer.result.allocation import Allocation

MOST_AWARDS = 1_000  # that stand ready for who lets no script run
MOST_WAITING = 500
MOST_PASSED_OVER = 200
MOST_REMARKS = 200  # of one clause
FEW = 10  # rows of a table that stand while the others are folded
WIDEST = 10  # spreads between reviewers

METHODS: dict[str, Text] = {
    "dynamic": Text("整數動態規劃", "dynamic programme in integers"),
    "enumeration": Text("逐一檢視其餘名單", "looking at every list that is left"),
    "counting": Text("計數", "counting"),
    "bundles": Text(
        "以各校補助組合為變數的整數規劃（HiGHS）",
        "integer program over each school's combinations of awards (HiGHS)",
    ),
    "highs": Text("整數規劃（HiGHS）", "integer program (HiGHS)"),
    "cbc": Text("整數規劃（CBC）", "integer program (CBC)"),
    "plain table": Text("獨立查表覆核", "again by an independent table"),
}

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class RemarkGroup:
    """Remarks of one clause."""

    severity: str
    title: str
    reference: str
    count: int
    rows: tuple[Row, ...]

    @property
    def expected(self) -> bool:
        """Whether any of them says what was expected."""
        return any(row["expected"] for row in self.rows)


class View:
    """The parts of the report that need working out."""

    def __init__(
        self, allocation: Allocation, lines: Sequence[AwardRow], schools: Sequence[SchoolCells]
    ) -> None:
        self.allocation = allocation
        self.lines, self.schools = lines, schools
        self.language: Language = allocation.language
        self.titles = clause_titles(allocation)

    def say(self, code: str) -> str:
        """Say a code in words."""
        return say_code(code, self.language, self.titles)

    def method(self, name: str) -> str:
        """Say by which method something was proved; two may be joined by ``+``."""
        parts = name.split("+")
        return "＋".join(METHODS.get(p, Text(p, p)).say(self.language) for p in parts if p)

    def awards(self) -> list[AwardRow]:
        """Return the rows of the list of awards: all of them, or the best where there are many."""
        if len(self.lines) <= MOST_AWARDS:
            return [*self.lines]
        best = sorted(range(len(self.lines)), key=lambda i: (self.lines[i].rank or 10**9, i))
        return [self.lines[i] for i in best[:MOST_AWARDS]]

    def school(self, line: AwardRow) -> SchoolCells:
        """Return the school of a row."""
        return self.schools[line.school]

    def how(self, row: Row) -> str:
        """Say by what a priority is proved; of one that is not, by what its bound alone was found."""
        ways = [self.method(name) for name in (row["by"], row["again"]) if name]
        if row["proved"] or not ways or not row["bound_exact"]:
            return Text("；", "; ").say(self.language).join(ways if row["proved"] else ())
        return Text("極限之求法：", "the bound by ").say(self.language) + Text("、", ", ").say(
            self.language
        ).join(ways)

    def used(self) -> str:
        """Return what percent of what is available is awarded, to a tenth: 100.0 is all of it and no less."""
        spent, available = self.allocation.spent, self.allocation.available
        tenths = (2000 * spent + available) // (2 * available)
        tenths -= tenths == 1000 and spent < available
        return f"{tenths // 10}.{tenths % 10}"

    @property
    def _named(self) -> Mapping[str, str]:
        """The name of the school of each application."""
        return {line.application_id: self.school(line).name for line in self.lines}

    def waitlist(self) -> list[Row]:
        """Return the first of those that some amount brings in."""
        table = self.allocation.waitlist
        rows = plain_rows(table[table["comes_at"].notna()].head(MOST_WAITING))
        schools = self._named
        return [{**row, "school": schools[row["application_id"]]} for row in rows]

    def measures(self) -> list[tuple[str, str]]:
        """Return the nine figures of the list, in words."""
        figures = self.allocation.measures.figures
        return [
            (MEASURES[name].say(self.language), "–" if value is None else said(Fraction(value)))
            for name, value in figures.items()
        ]

    def passed_over(self) -> list[Row]:
        """Return the first of those that were passed over."""
        lines = {line.application_id: line for line in self.lines}
        rows = plain_rows(self.allocation.passed_over.head(MOST_PASSED_OVER))
        said = ((row, lines[row["application_id"]]) for row in rows)
        return [
            {**row, "school": self.school(line).name, "result": line.result.say(self.language)}
            for row, line in said
        ]

    def line(self) -> str:
        """Say where the money would end by merit alone."""
        line = self.allocation.line
        if line.merit is None:
            return Text(
                "只看分數，經費不足以補助第一名。",
                "By merit alone, the pool could not pay the first.",
            ).say(self.language)
        merit = points(Fraction(line.merit, self.allocation.scored.round.merit_denominator))
        return Text(
            f"只看分數由高而低，經費可全額補助 {merit} 分以上之 {line.count:,} 件（共 {money(line.amount)} 元；"
            "同分而經費不足以全數補助者，列在線下）。",
            f"By merit alone the pool pays, in full, for the {line.count:,} applications of {merit} points "
            f"or more (NT${money(line.amount)}; equal merits that it cannot all pay lie below the line).",
        ).say(self.language)

    def inversions(self) -> list[str]:
        """Say how many pairs there are of which the worse is funded, and what forces them."""
        found, language = self.allocation.inversions, self.language
        naming, rows = found.naming, found.program.rows
        forced = naming.causes(found.pairs, rows)
        count = sum(found.pairs.values())
        lines = [
            Text(
                f"較低分獲補助、較高分未獲補助者，共 {count:,} 對{f'；若將兩者對調：{forced.zh}' if count else ''}。",
                f"Pairs of which the one with less merit is funded: {count:,}"
                f"{f'. With the two exchanged, the list {forced.en}' if count else ''}.",
            )
        ]
        titles = {rule.label: rule.spoken for rule in self.allocation.case.policy.priorities}
        for label, causes in found.envy.items():
            forced, title, envy = naming.causes(causes, rows), titles[label], sum(causes.values())
            zh, en = (
                (f"；若對調：{forced.zh}", f"; exchanged, the list {forced.en}")
                if envy
                else ("", "")
            )
            lines.append(
                Text(
                    f"依「{title.zh}」本應優先而未獲補助、由同級分且金額不較高者獲補助的，共 {envy:,} 對{zh}。",
                    f'Pairs of equal merit by bands of which "{title.en}" favours the one that got '
                    f"nothing, and the funded one is no dearer: {envy:,}{en}.",
                )
            )
        return [line.say(language) for line in lines]

    def rules(self) -> list[Row]:
        """Return the policy's rules in words; priorities stand elsewhere."""
        return [
            {
                "kind": rule.kind,
                "title": rule.title.say(self.language),
                "sentence": rule.sentence.say(self.language),
                "reference": rule.reference,
            }
            for rule in published_rules(self.allocation.case.policy)
        ]

    def remarks(self) -> list[RemarkGroup]:
        """Return the screening problems, refusals first, by the clause that made them."""
        table = after_publication(self.allocation.problems, self.allocation)
        schools = self._named
        groups = []
        for (severity, code), part in table.groupby(
            ["severity", "code"], sort=False, observed=True
        ):
            rows = [
                {**row, "school": schools.get(row["application_id"], "")}
                for row in plain_rows(part.head(MOST_REMARKS))
            ]
            reference = str(part["reference"].iloc[0])
            title = self.say(str(code))
            groups.append(
                RemarkGroup(str(severity), title, reference, count=len(part), rows=tuple(rows))
            )
        order = {"error": 0, "refusal": 1, "withdrawn": 1, "flag": 2}
        return sorted(groups, key=lambda group: (order.get(group.severity, 3), -group.count))

    def districts(self) -> list[Row]:
        """Return the districts in the order of the plan, each with its share of the largest award for a bar."""
        table = self.allocation.by_district
        table = table.iloc[official(self.allocation.districts, table["district"].astype(str))]
        most = max(1, int(table["awarded"].max()) if len(table) else 1)
        return [
            {
                **row,
                "bar": f"{100 * int(row['awarded']) / most:.1f}",
                "covered_word": self.say(row["covered"]),
            }
            for row in plain_rows(table)
        ]

    def kinds(self) -> list[Row]:
        """Return what became of the applications of each type."""
        return groups(self.allocation.case.records.applications["type"], self.lines, self.language)

    def disadvantage(self) -> list[Row]:
        """Return what became of the applications by the category of their schools; none comes last."""
        records = self.allocation.case.records
        category = records.schools["disadvantage"].iloc[records.applications["school"]]
        return groups(category, self.lines, self.language)

    def priorities(self) -> list[tuple[Row, list[Row]]]:
        """Return what each priority reached; the many goals of one priority follow the first of them."""
        folded: list[tuple[Row, list[Row]]] = []
        kinds = {rule.label: rule.kind for rule in self.allocation.case.policy.priorities}
        for row in self.allocation.priorities.to_dict("records"):
            name = row["goal"].partition("[")[0]
            if folded and folded[-1][0]["goal"].partition("[")[0] == name:
                folded[-1][1].append(row)
            else:
                folded.append(({**row, "kind": kinds[name]}, []))
        return folded

    def reviewers(self) -> Mapping[str, Any] | None:
        """Return how far the reviewers agree, or None if there are no reviews."""
        from optimizer.scoring.agreement import agreement

        if not self.allocation.scored.scores.present.any():
            return None
        tables = agreement(self.allocation.scored)
        several = tables.applications[tables.applications["reviews"] > 1]
        spread = several["spread"].to_numpy()
        widest = several.sort_values(
            ["spread", "application_id"], ascending=[False, True], kind="stable"
        ).head(WIDEST)
        return {
            "rows": tables.reviewers.to_dict("records"),
            "adjusted": bool((tables.reviewers["taken_out"] != 0).any()),
            "compared": len(several),
            "middle": float(np.median(spread)) if len(spread) else None,
            "high": float(np.quantile(spread, 0.9)) if len(spread) else None,
            "widest": widest.to_dict("records"),
        }

    def drawn(self) -> Mapping[str, Any]:
        """Return what is to be said of the draw."""
        ids, order = self.allocation.scored.round.ids, self.allocation.draw_order
        chances = self.allocation.summary["draw"]["chances"] or {}
        classes = self.allocation.certainty
        some = [
            {
                "application_id": application_id,
                "funded": bool(self.allocation.decision.fund[a]),
                "chance": _percent(chances.get(application_id)),
            }
            for a, application_id in enumerate(ids)
            if classes is not None and classes[a] == "some"
        ]
        return {
            "first": [ids[int(a)] for a in order[:10]],
            "some": some,
            "known": classes is not None,
            "code": replay(self.allocation.case.policy.settings.draw.seed),
        }


def _percent(chance: str | None) -> str:
    return "" if chance is None else f"{float(100 * Fraction(chance)):.1f}%"


def replay(seed: str) -> str:
    """Return lines of Python that print the order of the draw from awards.csv alone.

    An id that could run in a spreadsheet stands in the file behind an apostrophe (see
    `optimizer.foundation.escaping`); the fourth line takes it off.
    """
    dangerous = "".join(sorted(DANGEROUS - {"-"})) + "-"  # the inside of a character class
    apostrophe = repr(f"^'(?='*[{dangerous}])")
    return (
        "import csv, hashlib, re\n"
        'rows = csv.DictReader(open("awards.csv", encoding="utf-8-sig", newline=""))\n'
        'ids = [row["application_id"] for row in rows if row["status"] != "ineligible"]\n'
        f'ids = [re.sub({apostrophe}, "", i) for i in ids]\n'
        f"print(*sorted(ids, key=lambda i: hashlib.sha256(({seed!r} + "
        '"\\n" + i).encode()).digest()), sep="\\n")'
    )
