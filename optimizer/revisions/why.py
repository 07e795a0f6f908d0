"""Why a newcomer comes in: which change made room, and what the list would be without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from optimizer.explain.naming import LISTED
from optimizer.language.text import Text, sentences
from optimizer.language.words import figure
from optimizer.result.allocation import Allocation
from optimizer.revisions.answers import CORRECTIONS, POOL, Answers, Without, changes
from optimizer.revisions.promised import promised
from optimizer.revisions.published import Published, what_corrected

_FATES = {
    "every": Text(
        "在保留公布結果之下，每一份最佳名單都補助",
        "every best list that keeps the promise funds it",
    ),
    "some": Text(
        "在保留公布結果之下與他案條件相同，由抽籤決定",
        "other best lists keep the promise as well: the draw decided",
    ),
}
_UNPROVED = Text("尚未證明", "not proved")
_TOGETHER = Text(
    "任何一項異動單獨發生均不足使其遞補，須數項合計",
    "no single change brings it in, only several together",
)


@dataclass(frozen=True)
class Entering:
    """The newcomers of one revision, and why they come in."""

    allocation: Allocation
    parent: Published
    answers: Answers

    def of(self, one: str) -> Text:
        """Say why a newcomer comes in, as far as that is proved."""
        return sentences(self._parts(one))

    def _parts(self, one: str) -> Iterator[Text]:
        alone, other = self.answers.alone.get(one), self.answers.without.get(one)
        if alone is not None:
            yield self._brought(alone)
        if other is not None:
            yield self._worse(other)
        else:
            yield _FATES.get(self._certainty[one], _UNPROVED)

    def _brought(self, alone: tuple[str, ...]) -> Text:
        if not alone:
            return _TOGETHER
        named = [_told(one, self.allocation, self.parent) for one in alone[:LISTED]]
        zh, en = "、".join(t.zh for t in named), "; ".join(t.en for t in named)
        if len(self.changes) == 1:
            return Text(f"因{zh}而遞補", f"it comes in because {en}")
        each = ("，其中任一項", "each of them ") if len(alone) > 1 else ("", "that ")
        given = CORRECTIONS in self.changes and alone != (CORRECTIONS,)
        what = self._corrected
        after = (f"依更正後之{what.zh}，", f"with the {what.en} as corrected, ")
        after = after if given else ("", "")
        return Text(
            f"{after[0]}{zh.lstrip()}{each[0]}單獨發生即足使其遞補",
            f"{after[1]}{en}: {each[1]}alone would bring it in",
        )

    @cached_property
    def _corrected(self) -> Text:
        return what_corrected(self.parent, Published.of(self.allocation))

    @cached_property
    def changes(self) -> list[str]:
        """What has changed since."""
        return changes(self.allocation, self.parent)

    def _worse(self, other: Without) -> Text:
        """Say which priority would be worse without it, and who would come in instead."""
        row = self._goals[other.goal]
        now, then = (figure(Fraction(value)) for value in (row["value_exact"], other.value))
        named, more = "、".join(other.instead[:LISTED]), len(other.instead) > LISTED
        instead = (f"，改由 {named}{' 等' if more else ' '}遞補", f", with {named.replace('、', ', ')}{' and others' if more else ''} in its place")  # fmt: skip
        zh, en = instead if other.instead else ("", "")
        return Text(
            f"若不補助本案，「{row['title']}」由 {now} 變為 {then} {row['unit']}{zh}",
            f'without it "{row["title"]}" would go from {now} to {then} {row["unit"]}{en}',
        )

    @cached_property
    def _goals(self) -> dict[str, dict[Any, Any]]:
        return {row["goal"]: row for row in self.allocation.priorities.to_dict("records")}

    @cached_property
    def _certainty(self) -> dict[str, str]:
        return {row[0]: row[6] for row in Published.of(self.allocation).awards}


def what_raised(allocation: Allocation, parent: Published) -> Text:
    """Say what has changed for those whose award is more: all of it together, for that alone is known."""
    named = changes(allocation, parent)
    if not named:
        return _UNPROVED
    told = [_told(one, allocation, parent) for one in named[:LISTED]]
    first, *others = (text.zh for text in told)
    zh = "、".join([first, *(one.lstrip() for one in others)])
    en = ", ".join(text.en for text in told)
    if more := len(named) - len(told):
        return Text(f"因{zh} 等 {len(named)} 項異動", f"because {en} and {more} more changes")
    return Text(f"因{zh}", f"because {en}")


def _told(change: str, allocation: Allocation, parent: Published) -> Text:
    """Say one change."""
    if change == POOL:
        return Text("經費總額變更", "the pool was changed")
    if change == CORRECTIONS:
        what = what_corrected(parent, Published.of(allocation))
        return Text(f"{what.zh}更正", f"the {what.en} were corrected")
    if change in promised(allocation.case).withdrawn:
        return Text(f" {change} 撤回", f"{change} withdrew")
    return Text(f" {change} 減列", f"{change} was reduced")
