"""What was published of each application before, and what the revision made of it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from optimizer.explain.explanation import Earlier, Explanation, Statement
from optimizer.language.text import EMPTY, Text, money
from optimizer.result.allocation import Allocation
from optimizer.revisions.answers import CORRECTIONS, Answers, changes
from optimizer.revisions.promised import promise_of, promised
from optimizer.revisions.published import Published
from optimizer.revisions.why import Entering

Cause = Literal["withdrawn", "reduced", "corrected", "raised", ""]
_WERE = {
    "not_funded": Text("原未獲補助", "not funded before"),
    "ineligible": Text("原不符資格", "ineligible before"),
    "": Text("原未列入", "not on the earlier list"),
}
_CAUSES: Mapping[str, Text] = {
    "withdrawn": Text("因撤回申請，", "it withdrew: "),
    "reduced": Text("經減列，", "it was reduced: "),
    "corrected": Text("因資料或計畫更正，", "after a correction: "),
    "raised": Text(
        "因公布後其他申請或經費有所異動，", "other applications or the pool have changed: "
    ),
}
_GONE = Text("先前已撤回", "withdrawn before")
_PREMISE = Text(
    "以下試算，均以保留其他已公布之核定為前提",
    "all that follows keeps what was published of the others",
)


@dataclass(frozen=True)
class Revised:
    """What a revision made of every decision that was published.

    Parameters
    ----------
    allocation
        The revised result.
    parent
        What was published before.
    answers
        What only solving again can say of the newcomers.
    """

    allocation: Allocation
    parent: Published
    answers: Answers

    def told(self, one: Explanation) -> Explanation:
        """Return an explanation that says what was published before, and what changed it."""
        earlier = self._earlier[one.application_id]
        said = self._said(one, earlier), *self._raised(one, earlier)
        return replace(one, more=(*said, *one.more), earlier=earlier)

    def _said(self, one: Explanation, earlier: Earlier) -> Statement:
        gone = one.outcome == "withdrawn" and not earlier.changed
        before = _GONE if gone else _before(earlier)
        discreet = Text(
            f"{before.zh}；{_now(one, earlier).zh}", f"{before.en}; {_now(one, earlier).en}"
        )
        full = discreet
        if one.status == "funded" and earlier.status != "funded":
            why = self._entering.of(one.application_id)
            full = Text(f"{discreet.zh}：{why.zh}", f"{discreet.en}: {why.en}")
        elif one.status == "not_funded":
            full = Text(f"{discreet.zh}。{_PREMISE.zh}", f"{discreet.en}; {_PREMISE.en}")
        return Statement("earlier", full, discreet, before)

    def _raised(self, one: Explanation, earlier: Earlier) -> Iterator[Statement]:
        """Yield what raised an award; a letter that names nobody has that in its subject."""
        if 0 < earlier.award < one.award:
            why = self._entering.raised(one.application_id)
            full = Text(f"調高之原因：{why.zh}", f"what raised it: {why.en}")
            yield Statement("raised", full, EMPTY, why)

    @cached_property
    def _entering(self) -> Entering:
        return Entering(self.allocation, self.parent, self.answers)

    @cached_property
    def _earlier(self) -> Mapping[str, Earlier]:
        was = {row[0]: row for row in self.parent.awards}
        rows = Published.of(self.allocation).awards
        return {row[0]: self._of(was.get(row[0]), row) for row in rows}

    def _of(self, was: Sequence[Any] | None, now: Sequence[Any]) -> Earlier:
        status: Any = was[4] if was else ""
        award = int(was[5]) if was else 0
        moved = (status, award) != (now[4], int(now[5]))
        against = moved and (int(now[5]) < award or "ineligible" in (status, now[4]))
        cause = self._cause(now[0], against, more=0 < award < int(now[5]))
        paid = promised(self.allocation.case).paid.get(now[0], 0)
        return Earlier(status, award, moved or cause == "withdrawn", cause=cause, paid=paid)

    def _cause(self, one: str, against: bool, more: bool) -> Cause:
        """Say what has changed a decision; that it was corrected, where nothing else explains it."""
        rule, before = promised(self.allocation.case), promise_of(self.parent)
        if one in rule.withdrawn:
            return "" if one in before.withdrawn else "withdrawn"
        if rule.reduced.get(one) != before.reduced.get(one):
            return "reduced"
        if against:
            return "corrected"
        return self._gave_more if more else ""

    @cached_property
    def _gave_more(self) -> Cause:
        """What has given more to those who get more; nothing is said where corrections are only a part of it."""
        named = changes(self.allocation, self.parent)
        if CORRECTIONS not in named:
            return "raised" if named else ""
        return "corrected" if named == [CORRECTIONS] else ""


def _before(earlier: Earlier) -> Text:
    """Say what was published of it."""
    if earlier.status == "funded":
        amount = money(earlier.award)
        return Text(f"原核定 {amount} 元", f"NT${amount} before")
    return _WERE[earlier.status]


def _now(one: Explanation, earlier: Earlier) -> Text:
    """Say what the revision made of it, and why."""
    if not earlier.changed:
        return Text("本次修正維持不變", "the revision leaves that as it was")
    cause, then = _CAUSES.get(earlier.cause, EMPTY), _outcome(one, earlier)
    return Text(f"{cause.zh}{then.zh}", f"{cause.en}{then.en}")


def _outcome(one: Explanation, earlier: Earlier) -> Text:
    amount, gets = money(one.award), Text("不予補助", "no grant")
    if one.outcome == "withdrawn":
        gets = (
            Text("核定註銷", "its award is cancelled")
            if earlier.award
            else Text("不釋出經費", "no money comes free")
        )
    elif one.status == "not_funded":
        gets = Text("符合資格，惟未能遞補", "eligible, and not funded")
    elif one.status == "funded":
        word = "修正為" if earlier.status == "funded" else "本次遞補，核定"
        gets = Text(f"{word} {amount} 元", f"NT${amount} now")
    return gets
