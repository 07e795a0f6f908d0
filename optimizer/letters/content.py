"""What a template sees: one application, its own school, the rules, the bureau's words.

No other application and no other school is in it, unless the policy says ``name_others = true``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimizer.clauses import Clause
from optimizer.explain.explanation import Explanation, Statement
from optimizer.explain.naming import granted_of
from optimizer.explain.reasons import reasons
from optimizer.language.text import EMPTY, Language, Text, day, plainly, year_of
from optimizer.language.words import points
from optimizer.letters.advice import Advice, rules_behind, standings
from optimizer.letters.other_names import Names
from optimizer.letters.plain_words import titles_alone
from optimizer.letters.refusals import Refusal, refusals
from optimizer.problems.errors import Severity
from optimizer.result.tabulate import admissible
from optimizer.scoring.screening import Remark
from optimizer.stationery.bureau import Bureau
from optimizer.tables.case_words import term

if TYPE_CHECKING:
    from optimizer.facts.certified import Certified


class Particulars:
    """What the letters of one round are filled in with.

    Parameters
    ----------
    facts
        The certified result.
    bureau
        The bureau's own words.
    language
        The language of the letters.
    """

    def __init__(self, facts: Certified, bureau: Bureau, language: Language) -> None:
        self.facts, self.language = facts, language
        records, policy = facts.case.records, facts.case.policy
        self._others = policy.settings.plan.name_others
        self._applications = records.applications.to_dict("records")
        self._schools = records.schools.to_dict("records")
        self._row = {str(one["application_id"]): n for n, one in enumerate(self._applications)}
        self._admissible = admissible(facts.scored).tolist()
        self._eligible = set(facts.scored.round.position.tolist())
        self._names = [*self._row, *(str(school["name"]) for school in self._schools)]
        self._hidden = Names(records)
        self._refused, self._reasons = refusals(facts.scored), reasons(facts)
        self._advice, self._standing = Advice(facts, self._reasons, self._others), standings(facts)
        sections = {r.reference for r in policy.rules} | {policy.settings.award.reference}
        hidden = [rule for rule in policy.rules if not self._may_be_said(rule)]
        self._unsigned = [words for rule in policy.rules for words in rule.unsigned()]
        self._instead = [
            *titles_alone(hidden),
            *self._unsigned,
            _YOURS,
            *(
                (Text(f"（{s}）", f" ({s})"), Text(f"，見{self._section(s)}", f", see {s}"))
                for s in sections
                if "(" in s
            ),
            *((Text(s, s), Text(self._section(s), s)) for s in sections if s),
        ]
        self._same = {
            "language": language,
            "plan": self._plan(),
            "bureau": bureau.words,
            "rules": self._rules(policy.clauses),
            "priorities": self._rules(policy.priorities),
        }

    def of(self, explanation: Explanation) -> dict[str, Any]:
        """Return what the letter of one application says."""
        row = self._row[explanation.application_id]
        application = self._applications[row]
        school = application["school"]
        return {
            **self._same,
            "kind": explanation.status,
            "withdrawn": explanation.outcome == "withdrawn",
            "earlier": explanation.earlier and asdict(explanation.earlier),
            "application": self._application(row, application),
            "school": self._school(school),
            "award": explanation.award,
            "sections": self._sections(explanation),
            "reason": self._said(
                school, self._once(row, explanation, [self._because(row, explanation)])
            )[0],
            "more": self._said(
                school,
                self._once(row, explanation, (m for m in explanation.more if m.code not in _APART)),
            ),
            "needs": self._said(school, self._advice.to(explanation)),
            **self._not_eligible(self._refused.get(row, [])),
        }

    def _plan(self) -> Mapping[str, Any]:
        plan = self.facts.case.policy.settings.plan
        first, last = map(day, plan.period) if plan.period else (Text("", ""), Text("", ""))
        return {
            "title": plan.title,
            "year": _year(plan.year, self.language),
            "first": first.say(self.language),
            "last": last.say(self.language),
        }

    def _because(self, row: int, explanation: Explanation) -> Statement:
        """Return the reason: of the funded what speaks for it, as the list of awards has it.

        Why its award is less than its request is left to the lines on the amount, where there are any.
        """
        because = explanation.because
        if because.code == "brings":
            reason = self._reasons[row]
            told = any(one.code == "amount" for one in explanation.more)
            said = (replace(reason, less=EMPTY) if told else reason).text
            return replace(because, full=said, discreet=said)
        return because

    def _once(
        self, row: int, explanation: Explanation, said: Iterable[Statement]
    ) -> Iterator[Statement]:
        """Leave out how much of the request is granted: the letter says that before all reasons."""
        head = granted_of(int(self._applications[row]["requested"]), explanation.award)
        begun = [(Text(f"{head.zh}：", f"{head.en}: "), EMPTY)]
        for one in said:
            full, discreet = (plainly(text, begun) for text in (one.full, one.discreet))
            yield replace(one, full=full, discreet=discreet)

    def _application(self, row: int, of: Mapping[Any, Any]) -> Mapping[str, Any]:
        scores = self.facts.scored.scores
        merit = Fraction(int(scores.merit[row]), scores.denominator)
        own_id = str(of["application_id"])
        return {
            "id": own_id,
            "title": str(of["title"]),
            "convener": str(of["convener"]),
            "type": term(str(of["type"])).say(self.language),
            "requested": int(of["requested"]),
            "admissible": int(self._admissible[row]),
            "merit": points(merit) if row in self._eligible else "",
            "standing": self._standing[own_id].say(self.language) if row in self._eligible else "",
        }

    def _school(self, number: int) -> Mapping[str, str]:
        school = self._schools[number]
        return {
            "id": str(school["school_id"]),
            "name": str(school["name"]),
            "district": str(school["district"]),
            "level": term(str(school["level"])).say(self.language),
        }

    def _said(self, school: int, statements: Iterable[Statement]) -> list[Mapping[str, str]]:
        """Say statements to a school, as far as the policy lets others be named."""
        told = ((said.code, self._told(school, said)) for said in statements)
        return [{"code": c, "text": text.say(self.language).rstrip("。.")} for c, text in told]

    def _told(self, school: int, said: Statement) -> Text:
        if self._others:
            return plainly(said.full, self._instead)
        return self._hidden.hide(plainly(said.discreet, self._instead), school)

    def _may_be_said(self, rule: Clause) -> bool:
        """Return whether a rule names no school and no application, or may."""
        said = rule.sentence().zh
        return self._others or not any(name in said for name in self._names if name)

    def _rules(self, rules: Iterable[Clause]) -> list[Mapping[str, str]]:
        return [
            {
                "kind": rule.kind,
                "title": rule.spoken.say(self.language),
                "sentence": plainly(rule.sentence(), self._unsigned).say(self.language),
                "section": self._section(rule.reference),
            }
            for rule in rules
            if self._may_be_said(rule)
        ]

    def _not_eligible(self, refused: Sequence[Refusal]) -> Mapping[str, Any]:
        """Say what an application does not meet, and what to see to next year."""
        names = ("rule", "found", "asked")
        found = [{n: getattr(one, n).say(self.language) for n in names} for one in refused]
        sections = [self._section(one.section) for one in refused]
        later = [one.next_time.say(self.language) for one in refused if one.next_time]
        return {
            "refusals": [{**f, "section": s} for f, s in zip(found, sections, strict=True)],
            "next_time": list(dict.fromkeys(later)),
            "by_merit": any(one.by_merit for one in refused),
        }

    def _sections(self, explanation: Explanation) -> list[str]:
        """Return the sections that a letter speaks of, in the plan's order."""
        row, rules = self._row[explanation.application_id], self.facts.case.policy.rules
        because = self._because(row, explanation)
        said = "".join(one.discreet.zh for one in (because, *explanation.more))
        found = {
            rule.reference
            for rule in rules
            if _speaks_of(said, rule) or f"（{rule.reference}）" in said
        }
        remarks = [r for r in self.facts.scored.remarks if r.finding.application == row]
        found |= {remark.reference for remark in remarks if _decides(remark)}
        earlier = explanation.earlier
        if 0 < explanation.award < self._admissible[row] or (earlier and earlier.cause == "raised"):
            found.add(self.facts.case.policy.settings.award.reference)
        if explanation.status != "ineligible":
            behind = rules_behind(self.facts, self._reasons[row])
            remarked = {remark.clause for remark in remarks}
            own = [rule for rule in behind if rule.label in remarked]  # decided on it by name
            found |= {rule.reference for rule in own or behind}
        return [self._section(one) for one in sorted(found - {""}, key=_in_order)]

    def _section(self, section: str) -> str:
        """Write a section as the letters of a language do: 柒六（三）."""
        return section.translate(_FULL_WIDTH) if self.language == "zh-TW" else section


_YOURS = (
    Text("該校已獲", "its school receives"),
    Text("貴校已獲", "your school receives"),
)
_APART = ("waiting", "behind", "earlier")  # said in another place

_FULL_WIDTH = str.maketrans("()", "（）")


def _speaks_of(said: str, rule: Clause) -> bool:
    """Return whether a rule is called by its name, or said in full."""
    return f"「{rule.spoken.zh}」" in said or rule.sentence().zh.replace("。", "") in said


def _decides(remark: Remark) -> bool:
    """Return whether a remark refuses an application, or limits its amount."""
    finding = remark.finding
    limits = finding.limit is not None or remark.clause in ("unit", "award")
    return limits or finding.severity is Severity.REFUSAL


_IN_ORDER = "壹貳參肆伍陸柒捌玖拾一二三四五六七八九十"


_PLACES = {ord(sign): chr(n) for n, sign in enumerate(_IN_ORDER)}


def _in_order(section: str) -> str:
    """Return what sections are sorted by, to stand as in the plan."""
    return section.translate(_PLACES)


def _year(year: int | None, language: Language) -> str:
    """Write a year as the letter's readers count it: of the Republic, or of the common era."""
    return "" if year is None else year_of(year).say(language)
