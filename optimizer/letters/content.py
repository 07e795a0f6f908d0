"""What a template sees: one application, its own school, the rules, the bureau's words.

No other application and no other school is in it, unless the policy says ``name_others = true``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimizer.clauses import Clause
from optimizer.explain.explanation import Explanation, Statement
from optimizer.language.text import Language, Text, day
from optimizer.language.words import points
from optimizer.letters.bureau import Bureau
from optimizer.problems.errors import Severity
from optimizer.result.tabulate import admissible
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
        self._refused_by = self._refusals()
        self._same = {
            "language": language,
            "plan": self._plan(),
            "bureau": bureau.words,
            "rules": [self._rule(rule) for rule in policy.clauses if self._may_be_said(rule)],
            "priorities": [self._rule(rule) for rule in policy.priorities],
            "sections": _sections(policy.rules),
        }

    def of(self, explanation: Explanation) -> dict[str, Any]:
        """Return what the letter of one application says."""
        row = self._row[explanation.application_id]
        application = self._applications[row]
        return {
            **self._same,
            "kind": explanation.status,
            "application": self._application(row, application),
            "school": self._school(application["school"]),
            "award": explanation.award,
            "reason": self._said([explanation.because])[0],
            "more": self._said(explanation.more),
            "needs": self._said(explanation.needs),
            "refused_by": self._refused_by.get(row, []),
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

    def _application(self, row: int, of: Mapping[Any, Any]) -> Mapping[str, Any]:
        scores = self.facts.scored.scores
        merit = Fraction(int(scores.merit[row]), scores.denominator)
        return {
            "id": str(of["application_id"]),
            "title": str(of["title"]),
            "convener": str(of["convener"]),
            "type": term(str(of["type"])).say(self.language),
            "requested": int(of["requested"]),
            "admissible": int(self._admissible[row]),
            "merit": points(merit) if row in self._eligible else "",
        }

    def _school(self, number: int) -> Mapping[str, str]:
        school = self._schools[number]
        return {
            "id": str(school["school_id"]),
            "name": str(school["name"]),
            "district": str(school["district"]),
            "level": term(str(school["level"])).say(self.language),
        }

    def _said(self, statements: Sequence[Statement]) -> list[Mapping[str, str]]:
        """Say statements as far as the policy lets others be named."""
        said = (s.full if self._others else s.discreet for s in statements)
        pairs = zip(statements, said, strict=True)
        return [
            {"code": s.code, "text": text.say(self.language).rstrip("。.")} for s, text in pairs
        ]

    def _may_be_said(self, rule: Clause) -> bool:
        """Return whether a rule names no school and no application, or may."""
        return self._others or not any(name in rule.sentence().zh for name in self._names if name)

    def _rule(self, rule: Clause) -> Mapping[str, str]:
        return {
            "kind": rule.kind,
            "title": rule.spoken.say(self.language),
            "sentence": rule.sentence().say(self.language),
            "section": rule.reference,
        }

    def _refusals(self) -> dict[int, list[Mapping[str, str]]]:
        """Return the rules that refuse each application, by its row."""
        rules = {rule.label: rule for rule in reversed(self.facts.case.policy.rules)}
        found: dict[int, list[Mapping[str, str]]] = {}
        for remark in self.facts.scored.remarks:
            refused = remark.finding.severity is Severity.REFUSAL
            if refused and remark.clause in rules:
                rule = self._rule(rules[remark.clause])
                mine = found.setdefault(remark.finding.application, [])
                mine += [rule] if rule not in mine else []
        return found


_IN_ORDER = "壹貳參肆伍陸柒捌玖拾一二三四五六七八九十"


def _sections(rules: Iterable[Clause]) -> list[str]:
    """Return the sections of the plan that rules come from, in the plan's order."""
    places = {ord(sign): chr(n) for n, sign in enumerate(_IN_ORDER)}
    found = {rule.reference for rule in rules if rule.reference}
    return sorted(found, key=lambda section: section.translate(places))


def _year(year: int | None, language: Language) -> str:
    """Write a year as the letter's readers count it: of the Republic, or of the common era."""
    if year is None:
        return ""
    if language == "en":
        return str(year + 1911 if year < 1911 else year)
    return str(year - 1911 if year > 1911 else year)
