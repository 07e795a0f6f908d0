"""Why a newcomer comes in or an award is raised: which change did it alone, and what would be without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class _Effect:
    """What a change does, in the words of what it does it to."""

    together: Text  # no change does it alone
    because: Text  # the only change there is did it: what stands around it
    enough: Text  # what one of several would do alone


_ENTERS = _Effect(
    Text(
        "任何一項異動單獨發生均不足使其遞補，須數項合計",
        "no single change brings it in, only several together",
    ),
    Text("而遞補", "it comes in because "),
    Text("單獨發生即足使其遞補", "alone would bring it in"),
)
_RISES = _Effect(
    Text(
        "任何一項異動單獨發生均不足使其調高，須數項合計",
        "no single change raises it, only several together",
    ),
    Text("", "because "),
    Text(
        "單獨發生即足使其調高（未必至此數）",
        "alone would raise it (not necessarily to this amount)",
    ),
)
_NOT_SO_MUCH = Text(
    "（核定未必至此數）", " (not necessarily with this award)"
)  # where parts are granted
_UNTRIED = Text(
    "本次異動後之結果，未逐項試算",
    "after the changes of this revision, which were not tried one by one",
)


@dataclass(frozen=True)
class Entering:
    """The newcomers of one revision and those who get more, and why."""

    allocation: Allocation
    parent: Published
    answers: Answers

    def of(self, one: str) -> Text:
        """Say why a newcomer comes in, as far as that is proved."""
        return sentences(self._parts(one))

    def raised(self, one: str) -> Text:
        """Say what raised an award that was published: each change was tried alone, or none is named."""
        alone = self.answers.alone.get(one)
        if alone is None:
            return _UNTRIED if self.changes else _UNPROVED
        return self._brought(alone, _RISES)

    def _parts(self, one: str) -> Iterator[Text]:
        alone, other = self.answers.alone.get(one), self.answers.without.get(one)
        if alone is not None:
            yield self._brought(alone, self._enters)
        if other is not None:
            yield self._worse(other)
        else:
            yield _FATES.get(self._certainty[one], _UNPROVED)

    @property
    def _enters(self) -> _Effect:
        if self.allocation.case.policy.settings.award.mode != "partial":
            return _ENTERS
        enough = _ENTERS.enough
        said = Text(f"{enough.zh}{_NOT_SO_MUCH.zh}", f"{enough.en}{_NOT_SO_MUCH.en}")
        return replace(_ENTERS, enough=said)

    def _brought(self, alone: tuple[str, ...], effect: _Effect) -> Text:
        if not alone:
            return effect.together
        named = [_told(one, self.allocation, self.parent) for one in alone[:LISTED]]
        zh = "、".join(t.zh for t in named).replace(
            "、 ", "、"
        )  # a blank is for what stands before
        en = "; ".join(t.en for t in named)
        if len(self.changes) == 1:
            because = effect.because
            return Text(f"因{zh}{because.zh}", f"{because.en}{en}")
        each = ("，其中任一項", "each of them ") if len(alone) > 1 else ("", "that ")
        given = CORRECTIONS in self.changes and alone != (CORRECTIONS,)
        what = self._corrected
        after = (f"依更正後之{what.zh}，", f"with the {what.en} as corrected, ")
        after = after if given else ("", "")
        return Text(
            f"{after[0]}{zh.lstrip()}{each[0]}{effect.enough.zh}",
            f"{after[1]}{en}: {each[1]}{effect.enough.en}",
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
