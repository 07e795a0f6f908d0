"""An allocation at a glance: what summary.json says of it, and what a notebook shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import asdict
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any, get_args

import pandas as pd

from optimizer.case.provenance import changes, content_summary
from optimizer.clauses import Clause
from optimizer.clauses.own import source_of, source_sha256
from optimizer.facts.certified import Certified
from optimizer.facts.measures import Figure
from optimizer.foundation.exact import total
from optimizer.language.text import EMPTY, Language, Text, money
from optimizer.language.words import exact_points, figure, how_many
from optimizer.problems.errors import Severity
from optimizer.solving.solution import Certainty, Solution, Step

if TYPE_CHECKING:
    from optimizer.explain.passed_over import Causes, Inversions

SCHEMA_VERSION = 1


def summary(
    facts: Certified,
    language: Language,
    seal: str,
    found: Inversions,
    awards: pd.DataFrame,
    districts: pd.DataFrame,
    priorities: pd.DataFrame,
) -> Mapping[str, Any]:
    """Return what summary.json says of the result, apart from versions and times."""
    from optimizer.explain.reasons import not_worked_out  # loaded where somebody asks why

    plan, solution = facts.case.policy.settings.plan, facts.solution
    rows = zip(facts.steps, priorities.to_dict("records"), strict=True)
    return {
        "schema_version": SCHEMA_VERSION,
        "seal": seal,
        "status": facts.status,
        "language": language,
        "plan": {"title": plan.title, "year": plan.year},
        "pool": _pool(facts, awards),
        "counts": _counts(facts, awards, districts),
        "certainty": _certainty(facts),
        "measures": {name: _shown(value) for name, value in facts.measures.figures.items()},
        "line": {
            "merit": None if facts.line.merit is None else _shown(_points(facts, facts.line.merit)),
            "count": facts.line.count,
            "amount": facts.line.amount,
        },
        "inversions": _inversions(found, language),
        "priorities": [_priority(facts, step, row) for step, row in rows],
        "draw": _draw(facts),
        "policy": [_rule(rule, language) for rule in facts.case.policy.rules],
        "engine": {
            "name": solution.engine,
            "why": solution.why.say(language),
            "solves": solution.solves,
        },
        "optima": solution.optima,
        "not_worked_out": not_worked_out(facts),
        "inputs": [asdict(source) for source in facts.case.sources],
        "content": content_summary(facts.case.content),
        "changes": changes(facts.case),
    }


def _pool(facts: Certified, awards: pd.DataFrame) -> dict[str, int]:
    return {
        "amount": facts.pool,
        "unit": facts.case.policy.settings.pool.unit,
        "contingency": facts.contingency,
        "available": facts.available,
        "requested": total(awards["requested"].to_numpy()),
        "spent": facts.spent,
        **({"paid_to_others": facts.gone} if facts.gone else {}),
        "left": facts.left,
    }


def _draw(facts: Certified) -> dict[str, Any]:
    draw = facts.case.policy.settings.draw
    return {
        "seed": draw.seed,
        "seed_sha256": draw.digest,
        "settled": facts.solution.drawn,
        "chances": drawn_chances(facts),
    }


def _counts(facts: Certified, awards: pd.DataFrame, districts: pd.DataFrame) -> dict[str, int]:
    status, covered = (Counter(column) for column in (awards["status"], districts["covered"]))
    found = [(r.finding.severity, r.finding.application) for r in facts.scored.remarks]
    refused = {application for severity, application in found if severity is Severity.REFUSAL}
    flagged = {application for severity, application in found if severity is Severity.FLAG}
    return {
        "applications": len(awards),
        "eligible": facts.scored.round.size,
        **{name: status[name] for name in ("funded", "not_funded", "ineligible")},
        "flagged": len(flagged - refused),
        "districts": len(districts),
        "districts_covered": covered["yes"],
        "districts_uncoverable": covered["uncoverable"],
    }


def _points(facts: Certified, merit: int) -> Fraction:
    return Fraction(merit, facts.scored.round.merit_denominator)


def _shown(figure: Figure) -> int | str | None:
    """Write a measure as JSON has it: points exactly, as text."""
    return exact_points(figure) if isinstance(figure, Fraction) else figure


def _inversions(found: Inversions, language: Language) -> dict[str, Any]:
    """Count the pairs "worse funded, better not", and those of envy, by what forces them."""
    return {
        "pairs": _forced(found, found.pairs, language),
        "envy": [
            {"priority": priority, "pairs": _forced(found, causes, language)}
            for priority, causes in found.envy.items()
        ],
    }


def _forced(found: Inversions, causes: Causes, language: Language) -> list[dict[str, Any]]:
    naming, rows = found.naming, found.program.rows
    return [
        {"cause": naming.cause(cause, rows).say(language), "count": count}
        for cause, count in sorted(causes.items(), key=lambda item: (-item[1], item[0]))
    ]


def _certainty(facts: Certified) -> dict[str, int] | None:
    if facts.certainty is None:
        return None
    return {name: facts.certainty.count(name) for name in get_args(Certainty)}


def _priority(facts: Certified, step: Step, row: Mapping[Hashable, Any]) -> dict[str, Any]:
    priority = facts.goal_priority(step.goal)
    return {
        "goal": step.goal,
        "kind": priority.kind,
        "value": step.value,
        "bound": step.bound,
        "gap": step.gap,
        "floor": step.floor,
        "scale": str(Fraction(priority.scale(facts.scored.round))),
        "shown": f"{row['value_exact']} {row['unit']}".strip(),
        "proved": step.proved,
        "by": step.by,
        "again": step.again,
        "reference": priority.reference,
    }


def _rule(rule: Clause, language: Language) -> dict[str, str]:
    return {
        "kind": rule.kind,
        "name": rule.label,
        "section": rule.section,
        "sentence": rule.sentence().say(language),
        "reference": rule.reference,
        **_own_source(rule),
    }


def _own_source(rule: Clause) -> dict[str, str]:
    """Return by what text a rule was defined, if it is not the program's own."""
    source = source_of(rule)
    return {"source": source, "source_sha256": source_sha256(source)} if source else {}


def drawn_chances(facts: Certified) -> dict[str, str] | None:
    """Return the chance of each application that only some optima fund, as exact fractions."""
    chances, certainty = facts.solution.chances, facts.certainty
    if chances is None or certainty is None:
        return None
    return {
        application_id: str(chance)
        for application_id, chance, sure in zip(
            facts.scored.round.ids, chances, certainty, strict=True
        )
        if sure == "some"
    }


def say_status(solution: Solution, premise: Text = EMPTY) -> Text:
    """Say in a few words what is known, and under what; nothing is called best that is not proved."""
    said = Text("可行，尚未證明", "feasible, not proved")
    if solution.proved:
        said = Text(
            "各項優先順序均已證明，抽籤尚未完成", "every priority proved, the draw not settled"
        )
    if solution.optimal:
        said = Text("最佳，已證明", "optimal, proved")
    if not (premise and solution.proved):
        return said
    return Text(f"{said.zh}（以{premise.zh}為前提）", f"{said.en} ({premise.en})")


def under_premise(premise: Text) -> Text:
    """Say a premise inside the sentence that calls a list the best; nothing if there is none."""
    return Text(f"以{premise.zh}為前提，", f", {premise.en}") if premise else EMPTY


def say_draw(facts: Certified) -> Text:
    """Say what the draw decided of a settled result: who is funded, amounts alone, or nothing."""
    tied = sum(sure == "some" for sure in facts.certainty or ())
    if tied:
        return Text(
            f"條件相同之 {tied} 件由抽籤決定。",
            f"Equally good lists differ on {how_many(tied, 'application')}; the draw chose.",
        )
    if facts.solution.optima != 1 and _open_amounts(facts):
        return Text(
            "獲補助者不因抽籤而異；核定金額另有同樣好的分法時，由抽籤決定。",
            "Who is funded does not depend on the draw; where amounts could be shared out equally "
            "well in another way, the draw chose.",
        )
    return NO_DRAW


NO_DRAW = Text("本次未動用抽籤。", "No other list is as good: the draw was not needed.")


def _open_amounts(facts: Certified) -> bool:
    """Return whether what is funded may get one amount or another."""
    round_ = facts.scored.round
    return bool((round_.least < round_.most)[facts.decision.fund].any())


_HEADS = {
    "title": Text("優先順序", "Priority"),
    "value": Text("實際結果", "Value"),
    "bound": Text("可達極限", "Best possible"),
    "unit": Text("單位", "Unit"),
    "proved": Text("已證明", "Proved"),
    "by": Text("求解方法", "By"),
    "again": Text("再次證明", "Again by"),
}


def _read(value: float) -> str:
    """Write a number of the priorities as people read it: 51,334,200."""
    return figure(Fraction(str(value)))


def headline_html(
    facts: Certified, language: Language, counts: Mapping[str, int], priorities: pd.DataFrame
) -> str:
    """Return the headline figures and the priorities as escaped HTML."""
    line = Text(
        f"核定 {money(facts.spent)} 元（可用 {money(facts.available)} 元）；獲補助 "
        f"{counts['funded']} 件（符合資格 {counts['eligible']} 件，申請 {counts['applications']} 件）；"
        f"{counts['districts_covered']}／{counts['districts']} 個行政區有獲補助者",
        f"NT${money(facts.spent)} of NT${money(facts.available)} awarded to "
        f"{counts['funded']} of {counts['eligible']} eligible applications "
        f"({counts['applications']} in all); {counts['districts_covered']} of "
        f"{counts['districts']} districts covered",
    )
    first = f"<b>{escape(facts.nobody.say(language))}</b><br>" if facts.nobody else ""
    heads = {name: text.say(language) for name, text in _HEADS.items()}
    shown = priorities[list(heads)].rename(columns=heads)
    table = shown.to_html(escape=True, index=False, border=0, float_format=_read)
    return (
        f"<p>{first}<b>{escape(facts.title)}</b> — {escape(say_status(facts.solution, facts.premise).say(language))}<br>"
        f"{escape(line.say(language))}</p>{table}"
    )
