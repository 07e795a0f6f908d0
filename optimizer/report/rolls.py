"""The lists that a bureau publishes, as rows: who gets how much, who does not and why, and the rules.

Schools stand by name, districts in the order of the plan. What is nobody's business but the applicant's
stays out: no scores, no conveners, and no name of who decided by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from optimizer.explain.reasons import Reason, reasons
from optimizer.language.text import Language, Text, day, money, plainly, sentences, year_of
from optimizer.language.words import how_many
from optimizer.report.labels import DECIDED
from optimizer.report.published_rules import published, published_rules
from optimizer.report.reason_words import reason_word
from optimizer.report.result_columns import clause_titles, say_code
from optimizer.report.roll import Line, Roll, made_of
from optimizer.result.headline import say_status
from optimizer.tables.official_order import in_official_order
from optimizer.tables.schema import LEVELS
from optimizer.workbooks.cell_text import readable

if TYPE_CHECKING:
    from optimizer.clauses import Clause
    from optimizer.result.allocation import Allocation
    from optimizer.scoring.screening import Remark

_WITH_WITHDRAWN = Text("不符資格及已撤回名冊", "Ineligible or withdrawn")
_NOBODY = {  # what an empty list says
    "awarded": Text("沒有申請獲補助。", "No application is funded."),
    "not_awarded": Text("符合資格之申請均獲補助。", "All eligible applications are funded."),
    "ineligible": Text("沒有不符資格之申請。", "No application is ineligible."),
    "waiting": Text("沒有候補。", "Nobody is on this list."),
}
_NOT_WORKED_OUT = Text(
    "求解未完成，未推算候補：由誰遞補尚無法得知。",
    "Not worked out: solving did not finish, so who comes in next is not known.",
)
_PROVISIONAL = Text("（暫定）", " (provisional)")  # a sheet's name has no more room
_OF_ONE_LIST = ("awarded", "not_awarded", "districts")  # what hangs on the list being the final one
_KINDS = (Text("規則", "rule"), Text("優先順序", "priority"))
_OF_DISTRICTS = {  # the longest word of each header stands in one line, in both languages
    "district": 11,
    "schools": 9,
    "applications": 13,
    "eligible": 13,
    "funded": 9,
    "requested": 12,
    "awarded": 11,
    "stands": 12,
}


def rolls_of(allocation: Allocation) -> tuple[Roll, ...]:
    """Return every list, in the order of `optimizer.report.roll.ROLLS`."""
    made = _Rolls(allocation)
    return (
        made.awarded(),
        made.not_awarded(),
        made.ineligible(),
        made.waiting(),
        made.districts(),
        made.rules(),
    )


def standing_of(allocation: Allocation) -> tuple[str, str]:
    """Say of what round the lists are, and how much goes to how many under what proof."""
    language, plan = allocation.language, allocation.case.policy.settings.plan
    round_: list[Text] = []
    if plan.year is not None:
        year = year_of(plan.year)
        round_.append(Text(f"{year.zh} 年度", f"Year {year.en}"))
    if plan.period:
        first, last = map(day, plan.period)
        period = Text(f"補助期間 {first.zh}至{last.zh}", f"funded from {first.en} to {last.en}")
        round_.append(period)
    funded = int(allocation.decision.fund.sum())
    stands = Text(
        f"獲補助 {funded:,} 件，核定 {money(allocation.spent)} 元（可用經費 {money(allocation.available)} 元）",
        f"{how_many(funded, 'application')} funded with NT${money(allocation.spent)} of "
        f"NT${money(allocation.available)}",
    )
    status = say_status(allocation.solution, allocation.premise)
    proof = Text(f"名單：{status.zh}", f"the list: {status.en}")
    return readable(sentences(round_).say(language)), readable(
        sentences([stands, proof]).say(language)
    )


class _Rolls:
    """What the lists are made of, worked out once."""

    def __init__(self, allocation: Allocation) -> None:
        self.allocation = allocation
        self.language: Language = allocation.language
        self.titles = clause_titles(allocation)
        self.rules_by_name: Mapping[str, Clause] = {
            rule.label: rule for rule in allocation.case.policy.clauses
        }
        districts = sorted(set(map(str, allocation.by_district["district"])))
        listed = in_official_order(allocation.districts, districts)
        self.order = {district: place for place, district in enumerate(listed)}

    @cached_property
    def lines(self) -> list[Line]:
        """The cells of every application, by name, in application_id order."""
        records, awards = self.allocation.case.records, self.allocation.awards
        schools = records.schools["name"].iloc[records.applications["school"]]
        columns = {
            **{name: awards[name].tolist() for name in _TAKEN},
            "school": schools.tolist(),
        }
        return [
            dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)
        ]

    @cached_property
    def why(self) -> Sequence[Reason]:
        """The reason of every application, in the same order."""
        return reasons(self.allocation)

    def say(self, text: Text) -> str:
        """Say a text in the language of the result."""
        return text.say(self.language)

    def made(
        self,
        name: str,
        lines: Sequence[Line],
        notes: Sequence[Text] = (),
        widths: Mapping[str, int] = MappingProxyType({}),
        levels: Sequence[str] = (),
    ) -> Roll:
        """Return a list of lines in the language of the result; an empty one says so, and what it says of some."""
        if not lines and name in _NOBODY:
            notes = (_NOBODY[name], *(notes if name == "waiting" else ()))
        roll = made_of(name, lines, self.language, notes=notes, widths=widths, levels=levels)
        if name in _OF_ONE_LIST and not self.allocation.solution.optimal:
            return replace(roll, title=roll.title + self.say(_PROVISIONAL))
        return roll

    def awarded(self) -> Roll:
        """Return who gets how much, by district and level."""
        rows = self._of_status("funded")
        return replace(
            self.made("awarded", [self.lines[row] for row in rows], widths={"title": 36}),
            groups=("district", "level"),
            sums=("requested", "award"),
            counted="application_id",
        )

    def not_awarded(self) -> Roll:
        """Return the eligible who get nothing, with the reason and the section that it rests on."""
        rows = self._of_status("not_funded")
        lines = [{**self.lines[row], **self._why(self.why[row])} for row in rows]
        notes = (
            Text(
                "本名冊各案均符合資格；理由為摘要。",
                "All of these are eligible; the reason is given in brief.",
            ),
        )
        roll = self.made(
            "not_awarded", lines, notes, widths={"title": 24, "requested": 11, "why": 19}
        )
        return replace(roll, sums=("requested",), counted="application_id")

    def ineligible(self) -> Roll:
        """Return who was refused, with every rule that was not met."""
        rows = self._of_status("ineligible")
        lines = [{**self.lines[row], **self._findings(row)} for row in rows]
        roll = self.made("ineligible", lines, widths={"title": 14, "why": 14, "finding": 26})
        if self.allocation.withdrawn:
            roll = replace(roll, title=self.say(_WITH_WITHDRAWN))
        return replace(roll, counted="application_id")

    def waiting(self) -> Roll:
        """Return who comes in if money comes free, by the least amount: no order of succession."""
        if not self.allocation.solution.optimal:
            return made_of("waiting", (), self.language, notes=(_NOT_WORKED_OUT,), widths={})
        table = self.allocation.waitlist
        table = table[table["comes_at"].notna()]
        row_of = {line["application_id"]: line for line in self.lines}
        lines = [
            {**row_of[one], "comes_at": int(amount)}
            for one, amount in zip(table["application_id"], table["comes_at"], strict=True)
        ]
        others = len(self.allocation.waitlist) - len(lines)
        notes = (
            Text(
                "本名冊並非遞補順序：由誰遞補，視釋出金額而定，由程式重新求解（subsidy revise）；列序僅依金額由少至多。",
                "This is no order of succession: who comes in depends on the amount that comes free and is solved "
                "again (subsidy revise); rows stand by amount only to be found.",
            ),
            Text(
                f"其餘 {others:,} 件未列：不因釋出經費而遞補，或未推算。",
                f"{how_many(others, 'other is', 'others are')} not listed: free money alone does not bring "
                "them in, or that was not worked out.",
            ),
        )
        none = Text(
            f"未獲補助之 {others:,} 件均不因釋出經費而遞補，或未推算。",
            f"{how_many(others, 'application is', 'applications are')} not funded; free money alone does not bring "
            "them in, or that was not worked out.",
        )
        said = (notes if others else notes[:1]) if lines else (none,) if others else ()
        return self.made("waiting", lines, said, widths={"title": 32, "comes_at": 24})

    def districts(self) -> Roll:
        """Return the totals of every district, those of each level beside them."""
        by_level = self._by_level()
        levels = [level.key for level in LEVELS if level.key in by_level]
        lines: list[Line] = []
        for row in self.allocation.by_district.to_dict("records"):
            split: dict[str, Any] = {
                f"{name}_{level}": by_level[level].get(str(row["district"]), (0, 0))[place]
                for level in levels
                for place, name in enumerate(("funded", "awarded"))
            }
            stands = row["cause"] or say_code(str(row["covered"]), self.language)
            lines.append({**{str(k): v for k, v in row.items()}, **split, "stands": stands})
        lines.sort(key=lambda line: self.order[str(line["district"])])
        roll = self.made("districts", lines, widths=_OF_DISTRICTS, levels=levels)
        sums = tuple(key for key in roll.keys if key not in ("district", "stands"))
        return replace(roll, sums=sums, label="district")

    def rules(self) -> Roll:
        """Return the rules and the priorities of the plan, in words."""
        policy = self.allocation.case.policy
        parts = published_rules(policy), tuple(map(published, policy.priorities))
        lines = [
            {
                "rule_kind": self.say(kind),
                "rule": self.say(rule.title),
                "sentence": self.say(self._unsigned(rule.label, rule.sentence)),
                "reference": rule.reference,
            }
            for kind, part in zip(_KINDS, parts, strict=True)
            for rule in part
        ]
        notes = (
            Text(
                "優先順序先列者優先；各項皆相同時，依抽籤順序決定。",
                "An earlier priority comes first; where all are equal, the draw decides.",
            ),
        )
        return replace(self.made("rules", lines, notes), label="rule")

    def _of_status(self, status: str) -> list[int]:
        """Return the rows of one status, by district, level and school."""
        levels = {level.key: place for place, level in enumerate(LEVELS)}

        def order(row: int) -> tuple[Any, ...]:
            line = self.lines[row]
            level = levels.get(line["level"], len(levels)), line["level"]
            place = self.order[line["district"]]
            return place, level, line["school_id"], line["application_id"]

        return sorted(
            (r for r, line in enumerate(self.lines) if line["status"] == status), key=order
        )

    def _why(self, reason: Reason) -> dict[str, str]:
        """Say in a few words why an eligible application got nothing, and by which section."""
        short = DECIDED.get(reason.why)
        rule = reason.rule
        word = self.say(short or reason_word(reason, self.titles))
        settled = reason.why != "unsettled"  # nothing rests on a section before it is
        return {"why": word, "reference": rule.reference if rule and settled else ""}

    def _findings(self, row: int) -> dict[str, str]:
        """Say which rules a refused application does not meet, and what was found."""
        remarks = self.allocation.refusals.get(row, ())
        said = [self._said(one) for one in remarks]
        names = [self.titles.get(one.clause, Text(one.clause, one.clause)) for one in remarks]
        sections = dict.fromkeys(one.reference for one in remarks if one.reference)
        return {
            "why": self.say(sentences(names)) or say_code("ineligible", self.language),
            "finding": self.say(sentences(said)),
            "reference": "、".join(sections),
        }

    def _said(self, remark: Remark) -> Text:
        """Say what was found, marks left out: a score is not published."""
        rule = self.rules_by_name.get(remark.clause)
        said = rule.unscored(remark.finding) if rule else remark.finding.message
        return self._unsigned(remark.clause, said)

    def _unsigned(self, name: str, said: Text) -> Text:
        """Leave out of what a rule says the name of who decided by hand."""
        rule = self.rules_by_name.get(name)
        return plainly(said, rule.unsigned()) if rule else said

    def _by_level(self) -> dict[str, dict[str, tuple[int, int]]]:
        """Count the funded of every level, and add up their awards, by district."""
        found: dict[str, dict[str, tuple[int, int]]] = {}
        for line in self.lines:
            count, amount = found.setdefault(line["level"], {}).get(line["district"], (0, 0))
            got = line["status"] == "funded"
            found[line["level"]][line["district"]] = (count + got, amount + int(line["award"]))
        return found


_TAKEN: Iterable[str] = (
    *("application_id", "school_id", "level", "district", "title", "status"),
    *("requested", "admissible", "award"),
)
