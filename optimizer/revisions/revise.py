"""Revising a published result: nothing is taken back, the rest is the best that is left."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from optimizer.case.case import Case
from optimizer.clauses.promise import Promise
from optimizer.language.text import Language, Text, money
from optimizer.pipe import allocated
from optimizer.problems.arguments import Amount, Seconds, Solver, Threads, checked
from optimizer.problems.errors import (
    CaseError,
    InfeasibleError,
    Problem,
    SubsidyError,
    UsageError,
    defect,
)
from optimizer.result.allocation import Allocation
from optimizer.revisions.promised import (
    anew,
    promise,
    promise_of,
    promised,
    under,
    under_another,
    with_pool,
)
from optimizer.revisions.published import Published, read_published
from optimizer.revisions.record import cost_of, record_bytes, record_of
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.solving.options import Options


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
    """

    allocation: Allocation
    anew: Allocation
    chain: tuple[Published, ...]

    @property
    def record(self) -> dict[str, Any]:
        """What revision.json says."""
        record = record_of(self.allocation, self.chain, cost_of(self.allocation, self.anew))
        return dict(json.loads(record_bytes(record)))


@checked
def revise(
    published: Allocation | Revision | str | Path,
    case: Case,
    withdraw: Sequence[str] = (),
    reduce: Mapping[str, Amount] | None = None,
    pool: Amount | None = None,
    paid: Mapping[str, Amount] | None = None,
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
        New awards, NT$, of those that get less than was published, by their own wish.
    pool
        The whole pool from now on, NT$; unchanged unless given.
    paid
        NT$ paid already, by application. What was paid to one that is no longer funded is not free.
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
    """
    chain = _chain(published)
    parent, before = chain[-1], promise_of(chain[-1])
    _refuse_promises(case)
    unit = case.policy.settings.pool.unit
    _refuse([*_wrong(parent, before, withdraw, reduce=reduce or {}, paid=paid or {}, unit=unit)])
    rule = promise(
        parent,
        tuple({*before.withdrawn, *withdraw}),
        {**before.reduced, **(reduce or {})},
        {**before.paid, **(paid or {})},
    )
    kept_on = parent.pool if parent.parent else case.policy.settings.pool.amount
    revised = under(case, rule, kept_on if pool is None else pool)
    _refuse([*_fallen(revised, reduce or {})])
    options = Options(solver, time_limit, threads, language=language)
    allocation = _allocated(revised, options)
    return Revision(allocation, allocated(anew(revised), options), chain)


def _chain(published: Allocation | Revision | str | Path) -> tuple[Published, ...]:
    if isinstance(published, Revision):
        return (*published.chain, Published.of(published.allocation))
    if isinstance(published, Allocation):
        return (Published.of(published),)
    found, record = read_published(Path(published))
    try:
        return (*map(Published.read, record["chain"] if record else ()), found)
    except (KeyError, TypeError):
        raise CaseError(
            Text(
                f"{published} 的 revision.json 無法使用。",
                f"revision.json of {published} cannot be used.",
            )
        ) from None


def _refuse_promises(case: Case) -> None:
    if any(isinstance(rule, Promise) for rule in case.policy.clauses):
        raise CaseError(
            Text(
                "計畫檔不可自列「公布後之承諾」（kind = promise）：修正時由程式依公布結果訂定。",
                'The policy states a rule of kind "promise" itself; a revision makes that rule from '
                "what was published.",
            )
        )


def _refuse(found: Sequence[Problem]) -> None:
    if found:
        raise UsageError(
            Text("所列異動與公布結果不符", "the changes do not fit what was published"), found
        )


def _wrong(
    parent: Published,
    before: Promise,
    withdraw: Sequence[str],
    reduce: Mapping[str, int],
    paid: Mapping[str, int],
    unit: int,
) -> Iterator[Problem]:
    """Yield every change that what was published leaves no room for."""
    known, funded = {row[0] for row in parent.awards}, parent.funded
    for one in (o for o in withdraw if o not in known or o in before.withdrawn):
        said = Text("公布結果中沒有此申請，或已撤回", "was not published, or has withdrawn before")
        yield defect("withdraw", said, value=one[:80])
    for one, amount in reduce.items():
        was = funded.get(one, 0)
        if not 0 < amount < was or amount % unit or one in withdraw:
            said = Text(
                f"不能減列為 {money(amount)} 元：公布核定 {money(was)} 元，"
                f"須小於此數、大於 0，且為 {money(unit)} 元之倍數，又未撤回",
                f"cannot be reduced to NT${money(amount)}: NT${money(was)} was published; less than "
                f"that, more than 0, a multiple of NT${money(unit)}, and not withdrawn",
            )
            yield defect("reduce", said, value=one[:80])
    for one, amount in paid.items():
        if amount > max(funded.get(one, 0), before.paid.get(one, 0)):
            said = Text(
                f"已撥付 {money(amount)} 元，超過公布核定之 {money(funded.get(one, 0))} 元",
                f"NT${money(amount)} paid is more than the NT${money(funded.get(one, 0))} published",
            )
            yield defect("paid", said, value=one[:80])


def _fallen(case: Case, reduce: Mapping[str, int]) -> Iterator[Problem]:
    """Yield the reductions that other rules would take further than was stated."""
    if not reduce:
        return
    rule, pool = promised(case), case.policy.settings.pool.amount
    others = {one: most for one, most in rule.reduced.items() if one not in reduce}
    before = _most(under_another(case, replace(rule, reduced=others), pool))
    for one, top in _most(case).items():
        wanted = reduce.get(one, 0)
        if top < wanted <= before.get(one, 0):
            said = Text(
                f"減列為 {money(wanted)} 元後，依等第比例、最低核定等其他規則只能核給 {money(top)} 元",
                f"reduced to NT${money(wanted)}, other rules (its grade's share, a minimum award) "
                f"leave it NT${money(top)} only",
            )
            hint = Text(
                "請改為更正其申請金額，使核定金額即為所欲之數，或請其撤回。",
                "Correct its request instead, so that its award is what is wanted, or let it withdraw.",
            )
            yield defect("reduce", said, value=one[:80], hint=hint)


def _most(case: Case) -> dict[str, int]:
    """Return the most that each may get, NT$; nothing where it is not eligible."""
    scored = score(screen(case.records, case.policy))
    ids = case.records.applications["application_id"]
    none = dict.fromkeys(map(str, ids), 0)
    return none | dict(zip(scored.round.ids, scored.round.most.tolist(), strict=True))


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
    return allocated(case, options)


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
