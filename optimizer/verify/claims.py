"""What a finished result claims, taken out of its files and checked for agreeing with itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

import numpy as np

from optimizer.facts.audit import values
from optimizer.language.text import LANGUAGES, Language, Text
from optimizer.problems.errors import Problem
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.scoring.score import Scored
from optimizer.solving.solution import Certainty, Solution, Step
from optimizer.verify.reread import ResultTable, entries, in_summary, mapping

OPTIONAL = ("templates", "fingerprints")  # not of every result
OF_THE_RUN = ("program", "versions", "started_at", "seconds", "parts", *OPTIONAL, "outputs")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True)
class Claims:
    """The entries of summary.json that cannot be rebuilt, each None or empty if it is unusable."""

    language: Language
    steps: Mapping[str, Mapping[str, Any]]
    settled: bool
    chances: Mapping[str, Any] | None
    optima: int | None
    engine: str
    why: str
    solves: int


def read_claims(document: Mapping[str, Any]) -> Claims:
    """Take the claims out of a summary of any shape."""
    draw, engine = mapping(document.get("draw")), mapping(document.get("engine"))
    language = document.get("language")
    chances = draw.get("chances")
    return Claims(
        cast(Language, language) if language in LANGUAGES else LANGUAGES[0],
        {str(entry.get("goal")): entry for entry in entries(document.get("priorities"))},
        draw.get("settled") is True,
        chances=chances if isinstance(chances, Mapping) else None,
        optima=whole(document.get("optima")),
        engine=str(engine.get("name", "")),
        why=str(engine.get("why", "")),
        solves=whole(engine.get("solves")) or 0,
    )


def whole(value: Any) -> int | None:
    """Return a value if it is a whole number and nothing that merely equals one."""
    return value if type(value) is int else None


def read_decision(table: ResultTable, scored: Scored, found: list[Problem]) -> Decision:
    """Return the decision that the award column states; what is missing or unreadable counts 0."""
    ordinal = {application_id: a for a, application_id in enumerate(scored.round.ids)}
    award = np.zeros(scored.round.size, dtype=np.int64)
    ids, amounts = table.column("application_id"), table.column("award")
    for row, (application_id, amount) in enumerate(zip(ids, amounts, strict=True)):
        if not _WHOLE.fullmatch(amount):
            message = Text("不是整數元", "is not whole NT$")
            found.append(table.wrong(row, "award", "not_whole", message, value=amount[:80]))
        elif application_id in ordinal:
            award[ordinal[application_id]] = int(amount)
    return Decision.of(award)


def read_certainty(
    table: ResultTable, scored: Scored, decision: Decision, found: list[Problem]
) -> tuple[Certainty, ...] | None:
    """Return the classes that the certainty column states, and check them against the awards."""
    said = dict(zip(table.column("application_id"), table.column("certainty"), strict=True))
    classes = [said.get(application_id, "") for application_id in scored.round.ids]
    if not any(classes):
        return None
    fits = list(map(_class_that_fits, classes, decision.fund))
    row_of = {a: row for row, a in enumerate(table.column("application_id"))}
    for application_id, name, right in zip(scored.round.ids, classes, fits, strict=True):
        if name != right and application_id in row_of:
            message = Text("確定程度與核定金額不一致", "certainty does not agree with the award")
            row = row_of[application_id]
            found.append(table.wrong(row, "certainty", "certainty", message, expected=right))
    return tuple(cast(Certainty, name) for name in fits)


def _class_that_fits(name: str, funded: bool) -> str:
    """Return the class if it can be so, else the one that could."""
    possible = ("every", "some") if funded else ("none", "some")
    return name if name in possible else possible[0]


def claimed_solution(
    claims: Claims,
    scored: Scored,
    program: Program,
    decision: Decision,
    certainty: tuple[Certainty, ...] | None,
) -> Solution:
    """Rebuild what a solver would have to claim for this result: values anew, bounds as claimed."""
    worth = values(scored.round, scored.screened.policy, decision)
    steps = []
    for goal in program.goals:
        claim = claims.steps.get(goal.name, {})
        bound = whole(claim.get("bound"))
        floor = None if bound is None else goal.floor(bound)
        by = str(claim.get("by", ""))
        steps.append(Step(goal.name, worth[goal.name], bound, floor, by=by))
    chances = None
    if claims.chances is not None and certainty is not None:
        chances = tuple(_fraction(claims.chances.get(i)) for i in scored.round.ids)
    return Solution(
        decision,
        tuple(steps),
        certainty,
        drawn=claims.settled,
        engine=claims.engine,
        optima=claims.optima,
        chances=chances,
        why=Text(claims.why, claims.why),
        solves=claims.solves,
    )


def _fraction(text: Any) -> Fraction:
    try:
        chance = Fraction(text) if isinstance(text, str) and len(text) < 10_000 else Fraction(0)
    except (ValueError, ZeroDivisionError):
        return Fraction(0)
    return chance if 0 < chance < 1 else Fraction(0)


def contradictions(solution: Solution) -> Iterator[Problem]:
    """Yield what a result claims of itself that cannot be so at once."""
    for step in solution.steps:
        if step.bound is not None and step.value > step.bound:
            message = Text(
                "可達極限較實際結果為差", "the best possible is worse than what is reached"
            )
            place = f"priorities[{step.goal}].bound"
            yield in_summary("bound", message, place, str(step.bound), expected=str(step.value))
    some = 0 if solution.certainty is None else solution.certainty.count("some")
    if solution.drawn and solution.certainty is None:
        message = Text(
            "載明已抽籤定案，卻未載確定程度", "the draw is said to be settled without any certainty"
        )
        yield in_summary("certainty", message, "draw.settled", "True", expected="False")
    if solution.drawn and not all(step.proved for step in solution.steps):
        message = Text(
            "優先順序尚未證明即抽籤", "the draw is settled before every priority is proved"
        )
        yield in_summary("draw", message, "draw.settled", "True", expected="False")
    if solution.optima is not None and (solution.optima < 1 or (solution.optima == 1 and some)):
        message = Text(
            "最佳名單數與確定程度不一致", "the number of optima does not agree with the certainty"
        )
        yield in_summary("optima", message, "optima", str(solution.optima))
