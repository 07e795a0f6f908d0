"""Revising a published result: nothing is taken back, the rest is the best that is left."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from optimizer.case.case import Case
from optimizer.clauses.promise import Promise
from optimizer.explain.explanation import Explanation
from optimizer.facts.audit import audit
from optimizer.foundation.exact import exact
from optimizer.language.text import Language, Text, money
from optimizer.pipe import allocated
from optimizer.problems.arguments import Amount, Seconds, Solver, Threads, checked
from optimizer.problems.errors import (
    CaseError,
    InfeasibleError,
    LimitError,
    Problem,
    SubsidyError,
    UsageError,
    defect,
)
from optimizer.program.rows import Decision
from optimizer.result.allocation import Allocation
from optimizer.revisions.answers import Answers, find_answers
from optimizer.revisions.earlier import Revised
from optimizer.revisions.intended import Intended, fallen
from optimizer.revisions.links import MALFORMED, broken_links
from optimizer.revisions.promised import (
    promise,
    promise_of,
    promised,
    under,
    with_pool,
)
from optimizer.revisions.published import Published, read_published
from optimizer.revisions.record import record_bytes, record_of
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.solving.options import Options

Pairs = Mapping[str, Amount] | Sequence[tuple[str, Amount]]


@dataclass(frozen=True)
class Revision:
    """A published result revised.

    Parameters
    ----------
    allocation
        The new result: the best under the promise, certified like any other.
    anew
        What starting anew would give, without the promise.
    chain
        Every result published before, the first one first.
    answers
        What only solving again can say: what the promise costs, and what brought whom in.

    Examples
    --------
    >>> revision = revise(allocate(case), case, withdraw=["A001"])
    >>> revision.record["withdrawn"]
    [{'application_id': 'A001', 'was': 3500, 'now': 0, 'paid': 0, 'freed': 3500}]
    >>> [entry["application_id"] for entry in revision.record["entered"]]
    ['A005']
    """

    allocation: Allocation
    anew: Allocation
    chain: tuple[Published, ...]
    answers: Answers

    @property
    def record(self) -> dict[str, Any]:
        """What revision.json says."""
        record = record_of(self.allocation, self.chain, self.answers)
        return dict(json.loads(record_bytes(record)))

    @cached_property
    def _revised(self) -> Revised:
        return Revised(self.allocation, self.chain[-1], self.answers)

    @checked
    def explain(self, application_id: str) -> Explanation:
        """Say what was published of an application, what the revision made of it, and why.

        As `Allocation.explain`; everything is solved under the promise, and asked of this revision.

        Raises
        ------
        UsageError
            If there is no application of that number.
        """
        return self.told(self.allocation.explain(application_id))

    def told(self, explanation: Explanation) -> Explanation:
        """Return an explanation of its list that also says what was published before."""
        return self._revised.told(explanation)


@checked
def revise(
    published: Allocation | Revision | str | Path,
    case: Case,
    withdraw: Sequence[str] = (),
    reduce: Pairs | None = None,
    pool: Amount | None = None,
    paid: Pairs | None = None,
    solver: Solver = "auto",
    time_limit: Seconds | None = None,
    threads: Threads = 1,
    language: Language = "zh-TW",
) -> Revision:
    """Revise a published result after withdrawals, reductions, a new pool or late corrections.

    Whoever was funded, has not withdrawn and is still eligible stays funded with at least what was
    published (or what it was reduced to). Under that promise the result is optimal by the same
    priorities.

    Parameters
    ----------
    published
        The result that was published: in memory, or its folder.
    case
        The case as it reads now, late corrections included.
    withdraw
        Applications that have withdrawn since.
    reduce
        New awards, NT$, of those that are reduced to less than was published: a mapping, or pairs.
    pool
        The whole pool from now on, NT$; unchanged unless given.
    paid
        NT$ paid already, by application, in the same form. What was paid to one that is no longer funded is not free.
    solver, time_limit, threads, language
        As for `allocate`.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or names what was not published.
    CaseError
        If what was published cannot be read, or the policy does not fit the data.
    InfeasibleError
        If the promise cannot be kept, with the least pool that would keep it where that is the cause.
    LimitError
        If the limit was reached before any list was found; it says so where keeping the published awards
        alone obeys every rule.

    Examples
    --------
    >>> revision = revise(allocate(case), case, withdraw=["A001"], language="en")
    >>> int(revision.allocation.awards.set_index("application_id").loc["A001", "award"])
    0
    """
    chain = chain_of(published)
    parent, before = chain[-1], promise_of(chain[-1])
    _refuse_promises(case)
    unit = case.policy.settings.pool.unit
    intended = Intended(withdraw, _pairs(reduce), _pairs(paid))
    _refuse([*intended.wrong(parent, before, unit)])
    lower, given = dict(intended.reduce), dict(intended.paid)
    rule = promise(
        parent,
        tuple({*before.withdrawn, *withdraw}),
        {**before.reduced, **lower},
        {**before.paid, **given},
    )
    kept_on = parent.pool if parent.parent else case.policy.settings.pool.amount
    revised = under(case, rule, kept_on if pool is None else pool)
    _refuse([*fallen(revised, lower)])
    options = Options(solver, time_limit, threads, language=language)
    allocation = _allocated(revised, options)
    answers, free = find_answers(allocation, parent, options)
    return Revision(allocation, free, chain, answers=answers)


_NOT_YET = Text(
    "時限內未及求得修正後之名單；僅保留已公布之核定而不遞補，經查合於各項規則，惟未必最佳。請提高時限（--time-limit）",
    "the revised list was not found within the limit; to keep what was published and let nobody come in "
    "obeys every rule, but need not be best. Raise the limit (--time-limit)",
)


def chain_of(published: Allocation | Revision | str | Path) -> tuple[Published, ...]:
    """Return every result that was published, this one last.

    Raises
    ------
    CaseError
        If a folder holds no finished result, or its record cannot be used.
    """
    if isinstance(published, Revision):
        return (*published.chain, Published.of(published.allocation))
    if isinstance(published, Allocation):
        return (Published.of(published),)
    found, record = read_published(Path(published))
    try:
        chain = (*map(Published.read, record["chain"] if record else ()), found)
        broken = [*broken_links(chain)]
    except MALFORMED:
        chain, broken = (), []
    if broken or not chain:
        raise unusable(Path(published), broken)
    return chain


def unusable(folder: Path, broken: Sequence[Problem] = ()) -> CaseError:
    """Return the error of a record that cannot be used."""
    said = Text(
        f"{folder} 的 revision.json 無法使用：須載有歷次公布之結果，且未經更動。",
        f"revision.json of {folder} cannot be used: it has to hold every result published before, "
        "unchanged.",
    )
    return CaseError(said, list(broken))


def _pairs(given: Pairs | None) -> list[tuple[str, int]]:
    return list(given.items() if isinstance(given, Mapping) else given or ())


def _refuse_promises(case: Case) -> None:
    if any(isinstance(rule, Promise) for rule in case.policy.clauses):
        raise CaseError(
            Text(
                "計畫檔不可自列「公布後維持原核定」（kind = promise）：修正時由程式依公布結果訂定。",
                'The policy states a rule of kind "promise" itself; a revision makes that rule from '
                "what was published.",
            )
        )


def _refuse(found: Sequence[Problem]) -> None:
    if found:
        raise UsageError(
            Text("所列異動與公布結果不符", "the changes do not fit what was published"), found
        )


def _allocated(case: Case, options: Options) -> Allocation:
    """Allocate under the promise; say what it takes where the pool is less."""
    scored = score(screen(case.records, case.policy))
    rule, round_ = promised(case), scored.round
    most = dict(zip(round_.ids, round_.most.tolist(), strict=True))
    kept = sum(min(least, most[one]) for one, least in rule.kept.items() if one in most)
    pool = case.policy.settings.pool
    least = kept + rule.gone(round_.ids) + pool.contingency
    if least > pool.amount:
        raise _too_small(case, least, kept, gone=rule.gone(round_.ids), options=options)
    try:
        return allocated(case, options)
    except LimitError:
        alone = [min(rule.kept.get(one, 0), top) for one, top in most.items()]
        if audit(round_, case.policy, Decision.of(exact(alone))):
            raise
        raise LimitError(_NOT_YET) from None


def _too_small(case: Case, least: int, kept: int, gone: int, options: Options) -> InfeasibleError:
    """Say what the promise takes; the least pool is proved by an allocation with it."""
    held = case.policy.settings.pool.contingency
    said = Text(
        f"經費總額 {money(case.policy.settings.pool.amount)} 元不足以保留公布結果：已公布且資格仍符者"
        f" {money(kept)} 元、已撥付予他案 {money(gone)} 元、預備金 {money(held)} 元，"
        f"合計 {money(least)} 元",
        f"a pool of NT${money(case.policy.settings.pool.amount)} cannot keep what was published: "
        f"NT${money(kept)} to those still eligible, NT${money(gone)} paid to others, "
        f"NT${money(held)} held back: NT${money(least)} in all",
    )
    try:
        allocated(with_pool(case, least), options)
    except SubsidyError:
        hint = Text(
            "即使經費達此數，其他規則仍不容許；請另檢視規則。",
            "Even that is not enough: other rules stand against it.",
        )
    else:
        hint = Text(
            f"能保留公布結果之最低經費為 {money(least)} 元。",
            f"The least pool that keeps the promise is NT${money(least)}.",
        )
    problem = defect("promise", said, hint=hint, column="pool.amount")
    return InfeasibleError(
        Text("無法保留已公布之結果", "what was published cannot be kept"), [problem]
    )
