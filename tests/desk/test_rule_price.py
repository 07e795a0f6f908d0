"""The price of each rule, worked out while nobody waits: a later change ends it, what is known is kept."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

from optimizer.desk.rule_price import RulePrices
from optimizer.language.text import EMPTY, Text
from optimizer.policy.policy import Policy, make_policy
from optimizer.problems.errors import UsageError


def policy(amount: int) -> Policy:
    return make_policy(
        {
            "pool": {"amount": amount},
            "clause": [{"kind": "school_cap", "amount": 5_000}],
            "priority": [{"kind": "coverage"}, {"kind": "merit"}],
        }
    )


RULES = ["clause.school_cap", "priority.coverage", "priority.merit"]


class Desk:
    """A workbench whose worker answers at once; it takes down what it is asked."""

    def __init__(self) -> None:
        self.now = SimpleNamespace(draft=policy(1_000))
        self.asked: list[Any] = []
        self.then: Any = lambda *name: None  # what happens while a price is worked out
        self.worker = SimpleNamespace(ask_quietly=self.answer)

    def answer(self, method: str, *given: Any, of: Policy) -> Future[Any]:
        assert of == self.now.draft
        self.asked.append((method, *given))
        done: Future[Any] = Future()
        amount = f"{of.settings.pool.amount:,}"
        try:
            self.then(*given)
            done.set_result(() if method == "remarks" else Text(amount, amount))
        except UsageError as error:
            done.set_exception(error)
        return done


def worked_out(desk: Any, prices: RulePrices | None = None) -> tuple[RulePrices, int]:
    found, told = prices or RulePrices(desk), []
    asyncio.run(found.work_out(lambda: told.append(1)))
    return found, len(told)


def test_each_rule_is_asked_for_once_and_told_as_it_comes() -> None:
    desk = Desk()
    prices, told = worked_out(desk)
    assert desk.asked == [("remarks",), *(("price", name) for name in RULES)]
    assert told == 1 + len(RULES)
    assert [prices.said(name) for name in RULES] == [(Text("1,000", "1,000"), True)] * 3
    worked_out(desk, prices)
    assert desk.asked[4:] == [("remarks",)]  # what is known of this policy is not asked again


def test_a_change_meanwhile_ends_it_and_what_was_known_is_of_the_earlier_policy() -> None:
    desk = Desk()

    def change(name: str = "") -> None:
        if name == "priority.coverage":
            desk.now.draft = policy(2_000)

    desk.then = change
    prices, _ = worked_out(desk)
    assert [name for _, *name in desk.asked] == [[], ["clause.school_cap"], ["priority.coverage"]]
    assert prices.said("clause.school_cap") == (Text("1,000", "1,000"), False)
    assert prices.said("priority.coverage") == (EMPTY, False)  # of neither policy is it known
    desk.then = lambda *name: None
    worked_out(desk, prices)
    assert [prices.said(name) for name in RULES] == [(Text("2,000", "2,000"), True)] * 3


def test_what_cannot_be_answered_is_not_known_and_can_be_asked_again() -> None:
    desk = Desk()

    def refuse(name: str = "") -> None:
        if name:
            raise UsageError(Text("不能", "no"))

    desk.then = refuse
    prices, _ = worked_out(desk)
    assert [prices.said(name) for name in RULES] == [(EMPTY, False)] * 3
    desk.then = lambda *name: None
    worked_out(desk, prices)
    assert all(prices.said(name)[1] for name in RULES)
