"""Why a funded application got less than it asked for, in one sentence, from the list and its rules alone.

What one unit more for it would break is looked up in `optimizer.explain.holding`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from optimizer.explain.holding import USED_UP, Held, holding, would_break
from optimizer.explain.naming import cited, granted_of
from optimizer.facts.certified import Certified
from optimizer.language.text import EMPTY, Text, money, sentences
from optimizer.policy.awarding import AWARDING
from optimizer.scoring.screening import Remark


def in_part(facts: Certified) -> Callable[[int], Text]:
    """Return what says of a funded application, by ordinal, why its award is less than its request."""
    told: dict[int, list[Remark]] = {}
    for remark in facts.scored.remarks:
        told.setdefault(remark.finding.application, []).append(remark)
    requested = facts.case.records.applications["requested"]

    def said(a: int) -> Text:
        row = int(facts.scored.round.position[a])
        asked, award = int(requested.iloc[row]), int(facts.decision.award[a])
        if not 0 < award < asked:
            return EMPTY
        why = sentences(_cuts(facts, a, told.get(row, [])))
        head = granted_of(asked, award)
        return Text(f"{head.zh}：{why.zh}", f"{head.en}: {why.en}") if why else head

    return said


def _cuts(facts: Certified, a: int, remarks: list[Remark]) -> Iterator[Text]:
    """Yield the rules that leave it less: those that limit what it may get, the unit, the way of awarding."""
    settings, most = facts.case.policy.settings, int(facts.scored.round.most[a])
    rules = {rule.label: rule for rule in facts.case.policy.clauses}
    for remark in remarks:
        if remark.finding.limit is not None and remark.clause in rules:
            rule, limit = rules[remark.clause], money(remark.finding.limit)
            title = rule.spoken
            said = Text(f"依「{title.zh}」至多 {limit} 元", f'"{title.en}" allows NT${limit}')
            # a promise keeps awards: what limits one is what was done to it
            yield cited(remark.finding.message if rule.premise() else said, remark.reference)
    unit = settings.pool.unit
    if any(remark.clause == "unit" for remark in remarks):
        yield Text(f"以 {money(unit)} 元為單位", f"in whole units of NT${money(unit)}")
    if settings.award.mode == "graded":
        yield cited(
            Text(f"依「{AWARDING.zh}」之級距", f'by the grades of "{AWARDING.en}"'),
            settings.award.reference,
        )
    elif facts.decision.award[a] < most:
        part = Text(
            f"可核 {money(most)} 元，依「{AWARDING.zh}」得部分核給",
            f'NT${money(most)} admissible, and "{AWARDING.en}" lets a part be granted',
        )
        yield cited(part, settings.award.reference)
        yield from _held(facts, a)


def held_by(facts: Certified, a: int) -> list[Held]:
    """Return what stands against a unit more for it: each rule that it would break, once; or the pool alone.

    Nothing where the priorities alone leave it what it got.
    """
    found: dict[str, Held] = {}
    for held in holding(facts).get(a, []):
        found.setdefault("" if held[1].is_pool else held[0].label, held)
    return [held for label, held in found.items() if label] or list(found.values())


def _held(facts: Certified, a: int) -> Iterator[Text]:
    """Yield what stands against a unit more: the rules that it breaks, the pool, or the priorities alone."""
    settings, found = facts.case.policy.settings, held_by(facts, a)
    by_rules = [rule for rule, rows, _ in found if not rows.is_pool]
    yield from (cited(would_break(rule, settings.pool.unit), rule.reference) for rule in by_rules)
    if found and not by_rules:
        yield cited(USED_UP, settings.pool.reference)
    if not by_rules and facts.solution.optimal:
        yield Text("依優先順序，名單核給此數", "by the priorities the list gives it this much")
