"""A session's answer is the answer: whatever was asked before, as if it were the first question."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import pytest
from helpers.rounds import make_case, random_case, random_policy, varied, with_reviews
from helpers.slow import first_quick, numbers

from optimizer import Session, allocate, make_policy, read_case
from optimizer.case.case import Case
from optimizer.clauses.base import Clause, Finding, Ruling
from optimizer.clauses.define import clause
from optimizer.foundation.remembered import TURNS, Remembered
from optimizer.language.text import Text
from optimizer.plain import Application, Papers
from optimizer.policy.policy import Policy
from optimizer.problems.errors import CaseError, InfeasibleError, LimitError, PolicyError, Severity
from optimizer.result.allocation import Allocation
from optimizer.tables.records import Records
from optimizer.tables.settings import Pool, Settings

Face = tuple[Any, ...]


def face(found: Allocation) -> Face:
    """Return all that there is to say of an allocation, how long it took apart."""
    scored, tables = found.scored, (found.awards, found.problems, found.priorities)
    return (
        found.decision.award.tolist(),
        replace(found.solution, seconds=0.0),
        scored.remarks,
        scored.screened.notes,
        (scored.round.ids, scored.round.merit.tolist(), scored.round.least.tolist()),
        found.seal,
        [table.to_dict("list") for table in tables],
    )


def answered(session: Session | None, case: Case, policy: Policy) -> Face:
    """Return the answer, or the error and all that it says."""
    try:
        return face(session.allocate(policy) if session else allocate(case.under(policy)))
    except (InfeasibleError, CaseError, LimitError) as error:
        return type(error), error.message, error.problems


def changed_tables(rng: random.Random, case: Case) -> Iterator[Policy]:
    """Yield one policy after another, each with a table or some rules of it drawn anew."""
    document = dict(case.policy.document)
    names = ("pool", "review", "award", "draw", "clause", "priority")
    while True:
        drawn = random_policy(rng, len(case.records.applications), rng.choice((None, "partial")))
        changed = rng.choice(names)
        if changed in ("clause", "priority"):
            old = [rule for rule in document.get(changed, ()) if rng.random() < 0.8]
            drawn[changed] = [*old, *drawn[changed][:1]]
        try:
            policy = make_policy({**document, changed: drawn[changed]})
        except PolicyError:  # units and shares that do not go together
            continue
        document = dict(policy.document)
        yield policy


@pytest.mark.parametrize("seed", first_quick(numbers(20, 8), 3))
def test_a_session_answers_as_a_first_question_is_answered(seed: int) -> None:
    rng = random.Random(seed)
    case = varied(random_case(rng, 5), rng)
    session, policies = Session(case), changed_tables(rng, case)
    for _ in range(6):
        policy = next(policies)
        assert answered(session, case, policy) == answered(None, case, policy), policy.document


def test_a_session_answers_so_on_the_example(example: Path) -> None:
    case = read_case(example)
    session = Session(case)
    session.allocate()
    other = case.policy.with_(pool=700_000, school_cap=4_000, minimum_merit=75)
    assert answered(session, case, other) == answered(None, case, other)


def test_a_session_answers_so_under_shares_of_the_money(example: Path) -> None:
    """Sums settled by merging, too, whatever list was the best before."""
    case = read_case(example)
    quotas = [
        {"kind": "quota", "column": column, "value": value, "measure": "amount", "at_least": share}
        for column, value, share in (
            ("level", "junior_high", "35%"),
            ("type", "school_task", "15%"),
        )
    ]
    document = dict(case.policy.document)
    policy = make_policy({**document, "clause": [*document["clause"], *quotas]})
    session = Session(case)
    session.allocate(policy)
    for other in (policy.with_(pool=700_000), policy.with_(school_cap=4_000), policy):
        assert answered(session, case, other) == answered(None, case, other)


def test_only_what_looked_at_what_changed_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, Any] = {}
    for place in ("clauses.own", "clauses.define", "clauses"):
        monkeypatch.setattr(f"optimizer.{place}.OWN", kept)
    asked: list[int] = []

    @clause
    @dataclass(frozen=True, kw_only=True)
    class Half(Clause):
        """Nobody asks for more than half of the pool."""

        kind: ClassVar[str] = "half"
        title: ClassVar[Text] = Text("過半", "Half")

        def sentence(self) -> Text:
            return Text("申請金額不得超過經費之半。", "Nobody asks for more than half of the pool.")

        def screen(self, records: Records) -> Iterator[Finding]:
            pool = records.settings.pool
            asked.append(pool.available)
            for row, amount in enumerate(records.applications["requested"].tolist()):
                if 2 * amount > pool.available:
                    yield Finding(row, Severity.REFUSAL, Text("過半", "more than half"))

        def audit_screen(self, application: Application, papers: Papers) -> Iterator[Ruling]:
            if 2 * application.requested > papers.settings.pool.available:
                yield Ruling(Severity.REFUSAL)

    rows = [{"application_id": "A1"}, {"application_id": "A2", "requested": 3_000}]
    case = make_case(rows, clause=[{"kind": "half"}])
    session = Session(case)
    for policy in (
        case.policy,
        case.policy.with_(seed="other"),
        case.policy.with_(minimum_merit=70),
        case.policy.with_(pool=5_000),  # who asks for 3,000 asks for too much now
        case.policy,
    ):
        found = answered(session, case, policy)
        at = len(asked)
        assert found == answered(None, case, policy)
        del asked[at:]
    assert asked == [10_000, 5_000]


def test_marks_are_read_anew_by_another_aggregate() -> None:
    criteria = {"review": {"criteria": {"needs": 20}, "aggregate": "mean"}}
    case = make_case([{"application_id": "A1"}, {"application_id": "A2"}], **criteria)
    marks = {
        "A1": {"甲": (1,), "乙": (1,), "丙": (19,)},
        "A2": {"甲": (5,), "乙": (5,), "丙": (5,)},
    }
    case = with_reviews(case, {a: {r: list(m) for r, m in of.items()} for a, of in marks.items()})
    session = Session(case)
    for policy in (case.policy, case.policy.with_(aggregate="median"), case.policy):
        assert answered(session, case, policy) == answered(None, case, policy)


# ---- what is kept, by what


@dataclass(frozen=True)
class Bound:
    """A value like a rule."""

    at_least: Any


def test_equal_values_of_other_types_are_not_the_same() -> None:
    """At least 1, and at least 100%: Python calls them equal."""
    kept = Remembered()
    found = [kept.of(repr, Bound(value)) for value in (1, Fraction(1), True, 1)]
    assert found == [repr(Bound(value)) for value in (1, Fraction(1), True, 1)]


def test_what_is_looked_at_of_settings_is_what_counts() -> None:
    kept, seen = Remembered(), []

    def unit(settings: Settings) -> int:
        seen.append(settings.pool.amount if settings.pool.unit == 1 else settings.pool.unit)
        return seen[-1]

    def asked(amount: int, unit_: int) -> int:
        return kept.of(unit, Settings(Pool(amount, unit_)))

    assert [asked(*pool) for pool in ((5, 2), (6, 2), (5, 1), (6, 1), (5, 2))] == [2, 2, 5, 6, 2]
    assert seen == [2, 5, 6]


@pytest.mark.parametrize("whole", [hash, vars, repr, lambda s: s == Settings(Pool(5)).pool])
def test_a_value_taken_whole_is_looked_at_whole(whole: Any) -> None:
    kept = Remembered()
    for amount in (5, 6, 5):
        settings = Settings(Pool(amount))
        assert kept.of(lambda s: str(whole(s.pool)), settings) == str(whole(settings.pool))


def test_what_nobody_asks_for_is_forgotten() -> None:
    kept, asked = Remembered(), []

    def say(value: int) -> int:
        asked.append(value)
        return value

    for turn in range(3 * TURNS):
        kept.turn()
        assert (kept.of(say, -1), kept.of(say, turn)) == (-1, turn)
    assert len(kept._answers) <= TURNS + 2
    assert asked.count(-1) == 1
