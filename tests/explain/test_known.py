"""What tables say of changed rounds, against solving each of them, on random small rounds."""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import suppress
from functools import partial

import pytest
from checks.turns import CASES, some_case, under as under_policy, with_cell
from helpers.rounds import counting_case

from optimizer import allocate
from optimizer.explain.asking import Asking
from optimizer.explain.known import FROM_TABLES
from optimizer.explain.needs import Needs
from optimizer.explain.shifting import Told
from optimizer.language.text import Text
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import InfeasibleError, LimitError
from optimizer.result.allocation import Allocation
from optimizer.revisions.promised import promise, under
from optimizer.revisions.published import Published

SEEDS = os.environ.get("SUBSIDY_EXPLAIN_SEEDS", f"{CASES}-{CASES * 2}")
SPECIAL = (
    34,  # a smaller request than any bundle of its school costs
    140,  # a request below the least award: not eligible
)
MODES = (None, "partial")


def asked_plainly(found) -> Asking:  # type: ignore[no-untyped-def]
    """Ask by solving, without tables or bounds."""
    asking = Asking(found)
    vars(asking).update(_tables=None, _ceilings=None)
    asking.amounts_to_ask = lambda a, amounts: list(amounts)  # type: ignore[method-assign]
    return asking


def promised(seed: int, mode: str | None) -> Allocation:
    """Publish a round; let one winner go, pay some, correct one and change the pool: the rest is kept."""
    rng = random.Random(f"promised {seed}")
    while True:
        case, found = some_case(rng, mode, 5)
        published = Published.of(found)
        funded, gone = sorted(published.funded), found.contingency
        if len(funded) < 2 or found.decision.fund.all():
            continue
        paid = dict.fromkeys(rng.sample(funded, rng.choice((0, 0, 2))), 500)
        less = {funded[1]: 500} if rng.random() < 0.3 else {}
        rule = promise(published, (funded[0],), less, paid)
        if published.funded[funded[-1]] > 500 and seed % 2 == 0:
            case = with_cell(case, funded[-1], "requested", published.funded[funded[-1]] - 500)
        pool = sum(rule.kept.values()) + sum(paid.values()) + rng.choice((0, 500, 1_500)) + gone
        try:
            return allocate(under(case, rule, pool))
        except InfeasibleError:
            continue


def compared(where: object, found: Allocation, tally: Counter[str]) -> None:
    quick, plain = Asking(found), asked_plainly(found)
    for a, application_id in enumerate(quick.round.ids):
        one, two = (asking.forced(a, not found.decision.fund[a]) for asking in (quick, plain))
        assert (one.values, one.funds(), one.settled) == (two.values, two.funds(), two.settled)
        assert [one.fate(i) for i in quick.round.ids] == [two.fate(i) for i in quick.round.ids]
        tally["tables" if one.solution and one.solution.why == FROM_TABLES else "solved"] += 1
        if found.decision.fund[a]:
            assert quick.without(a).fate(application_id) == "none"
            fates = [
                [asking.without(a).fate(i) for i in quick.round.ids] for asking in (quick, plain)
            ]
            assert fates[0] == fates[1], where
            tally["left out"] += "withdrawn" not in {what[0] for what in quick._questions._known}
        needs = Needs(quick, a), Needs(plain, a)
        if found.premise:
            larger = [n.larger_request() if found.decision.fund[a] else n.more() for n in needs]
            assert larger[0] == larger[1], where
            tally["larger"] += "budget" not in {what[0] for what in quick._questions._known}
        if found.decision.fund[a]:
            continue
        assert needs[0].smaller_request() == needs[1].smaller_request(), where
        assert needs[0].pool() == needs[1].pool(), where
        assert needs[0].rivals() == needs[1].rivals(), where
        for amount in quick.pools[:3]:
            said, solved = quick.told_pool(a, amount), plain.pool(amount)
            assert said.fate(application_id) == solved.fate(application_id), where
            tally["pools"] += isinstance(said, Told)
        for amount in range(500, int(quick.program.most[a]), 500):
            told = quick.told_request(a, amount)
            assert told.fate(application_id) == plain.request(a, amount).fate(application_id), where
            tally["told"] += isinstance(told, Told)


def test_what_tables_say_is_what_solving_says() -> None:
    first, last = map(int, SEEDS.split("-"))
    tally: Counter[str] = Counter()
    for seed in (
        34,
        *range(first, last),
    ):  # 34: a smaller request leaves money that others can have
        for mode in MODES:
            _, found = some_case(random.Random(f"needs {seed} {mode}"), mode, 5)
            compared((seed, mode), found, tally)
    assert all(tally[what] > 5 for what in ("tables", "solved", "told", "pools", "left out")), tally


def test_what_tables_say_where_zones_are_counted_is_what_solving_says() -> None:
    tally: Counter[str] = Counter()
    for seed in range(CASES // 2):
        rng = random.Random(f"zones {seed}")
        found = None
        while found is None:
            case = counting_case(rng, 5, "partial")
            document = dict(case.policy.document)
            document["pool"] = {**document["pool"], "unit": 500}
            with suppress(InfeasibleError):
                found = allocate(under_policy(case, make_policy(document)))
        compared(("zones", seed), found, tally)
        asking, plain = Asking(found), asked_plainly(found)
        for a, application_id in enumerate(asking.round.ids):
            for rule in filter(partial(asking.may_be_waived, a), asking.policy.rules):
                told, solved = (
                    each.waived(a, rule).fate(application_id) for each in (asking, plain)
                )
                assert told == solved, (seed, a, rule.label)
    assert all(tally[what] > 2 for what in ("tables", "told", "pools")), tally


@pytest.mark.slow
def test_what_tables_say_under_a_promise_is_what_solving_says() -> None:
    tally: Counter[str] = Counter()
    for seed in range(CASES // 2):
        compared(("promised", seed), promised(seed, MODES[seed % 2]), tally)
    assert all(tally[what] > 1 for what in ("tables", "left out", "larger")), tally


def test_one_inequality_less_is_what_solving_says() -> None:
    tally: Counter[str] = Counter()
    for seed in range(12):
        _, found = some_case(random.Random(f"rows {seed}"), None, 7)
        asking = Asking(found)
        places = [
            (b, r) for b, rows in enumerate(asking.program.rows) for r in range(len(rows.rhs))
        ]
        for block, row in places:
            then = asking._tables.without_row(block, row) if asking._tables else None
            if then is not None:
                tally["stays" if then is found.decision else "better"] += 1
                solved = asking._waiving.row(block, row)
                for a, application_id in enumerate(asking.round.ids):
                    told = asking.row_waived(a, block, row).fate(application_id)
                    assert told == solved.fate(application_id), (seed, block, row)
    assert min(tally["stays"], tally["better"]) > 2, tally


def test_where_the_limit_comes_first_it_is_not_known_whether_a_list_obeys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, found = some_case(random.Random("limit"), None, 7)
    asking = Asking(found)
    both = [asking.forcing(0, fund).rows[-1] for fund in (True, False)]
    assert asking.possible([*asking.program.rows, *both]) is False

    def stopped(*_: object) -> bool:
        raise LimitError(Text("時限已到", "out of time"))

    monkeypatch.setattr("optimizer.explain.asking.possible", stopped)
    assert asking.possible([*asking.program.rows, *both]) is None
