"""What is said of those who wait: for how much money each comes in, or why it never does.

Solved, not sorted (`optimizer.explain.coming_in`): for every amount that may come free after publication
the best list under the promise that everyone who is funded keeps what was awarded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from optimizer.clauses import Clause
from optimizer.explain.coming_in import ComingIn, Looked
from optimizer.explain.impossible import Obstacle
from optimizer.explain.naming import Naming, short
from optimizer.facts.certified import Certified
from optimizer.foundation.frozen import kept_with
from optimizer.language.text import EMPTY, LANGUAGES, Text, money
from optimizer.language.words import how_many

_NOT_PROVED = Text(
    "求解未完成，未推算遞補順序", "solving did not finish: who comes next is not known"
)
_NEVER = Text(
    "公布後不論釋出多少經費（已核定者均保留），最佳名單皆不補助本案",
    "while all that are funded keep theirs, no best list funds it, however much comes free",
)


@dataclass(frozen=True)
class Waiting:
    """Who comes in for how much.

    Parameters
    ----------
    comes_at
        The least NT$ that must come free, by ordinal of the application.
    never
        Of every other one that waits, why it does not come in, or what is not known.
    behind
        Those of them that a sister keeps out, whatever money comes free: one that waits as well.
    barred
        Those of them that a rule keeps out, whatever money comes free, and what it is called.
    """

    comes_at: dict[int, int]
    never: dict[int, Text]
    behind: dict[int, Text] = field(default_factory=dict)
    barred: dict[int, Text] = field(default_factory=dict)

    def condition(self, a: int) -> Text:
        """Say on what condition one comes in: an amount is no place in a queue."""
        if a not in self.comes_at:
            return self.never.get(a, EMPTY)
        amount = money(self.comes_at[a])
        return Text(
            f"公布後釋出 {amount} 元（已核定者均保留）時遞補；釋出金額不同，遞補者可能不同",
            f"comes in when NT${amount} come free after publication, all awards kept; with another "
            "amount others may come in",
        )

    def in_short(self, a: int) -> Text:
        """Say the condition in a few words, for the telephone."""
        if a in self.comes_at:
            amount = money(self.comes_at[a])
            return Text(
                f"已核定者均保留，公布後恰釋出 {amount} 元時遞補，金額不同則未必",
                f"it comes in when just NT${amount} come free, all awards kept; not surely with another amount",
            )
        if a in self.behind:
            return Text(
                "不能遞補：釋出再多，均由同校另案先遞補",
                "it cannot come in: another one of its school comes in first",
            )
        if a in self.barred:
            title = self.barred[a]
            return short(
                f'by "{title.en}" it cannot come in while all that are funded keep theirs',
                f"已核定者均保留時，依「{title.zh}」不能遞補",
                f"依「{title.zh}」不能遞補",
            )
        return self.condition(a)


@kept_with
def waiting(facts: Certified) -> Waiting:
    """Work out for all that wait at which amount they come in."""
    waits = np.flatnonzero(~facts.decision.fund).tolist()
    if not facts.solution.optimal or not waits:
        return Waiting({}, dict.fromkeys(waits, _NOT_PROVED))
    return _Words(ComingIn(facts)).answer(waits)


@dataclass
class _Words:
    """What is found of a round, put into words."""

    coming: ComingIn
    spoken: dict[str, tuple[Clause, Mapping[int, Text]]] = field(default_factory=dict)

    def answer(self, waits: list[int]) -> Waiting:
        """Put together what was found."""
        against, looked = self.coming.against, self.coming.looked()
        never = {
            a: self._said(against[a]) if a in against else _never(looked, a)
            for a in waits
            if a not in looked.comes_at
        }
        behind = self._behind({a for a, text in never.items() if text is _NEVER})
        barred = {a: self._words(o.clause)[0].spoken for a, o in against.items() if a in never}
        return Waiting(looked.comes_at, never | behind, behind, barred)

    def _behind(self, still: set[int]) -> dict[int, Text]:
        """Say which sister comes in before them."""
        first = self.coming.sisters_first().items() if still else ()
        return {a: self._first(s, label) for (a, label), s in first if s and a in still}

    def _first(self, sisters: list[int], label: str) -> Text:
        """Say that these come in first, and which rule then leaves no room."""
        title, naming = self._words(label)[0].spoken, Naming(self.coming.facts)
        zh, en = (naming.with_merit(sisters).say(language) for language in LANGUAGES)
        return Text(
            f"公布後經費釋出再多（已核定者均保留），亦由同校 {zh}先遞補，與本案合計逾「{title.zh}」",
            f"while all that are funded keep theirs, however much comes free, {en} of its own school "
            f'comes in first, and "{title.en}" leaves no room for both',
        )

    def _said(self, obstacle: Obstacle) -> Text:
        """Say which rule keeps it out, and who holds the place."""
        ids = self.coming.facts.scored.round.ids
        rule, words = self._words(obstacle.clause)
        why = words.get(obstacle.application, rule.sentence())
        if not obstacle.holders:
            return why
        holders = [ids[a] for a in obstacle.holders]
        return Text(
            f"{why.zh}；由獲補助者 {'、'.join(holders)} 占用，已核定者均保留時不能遞補",
            f"{why.en}; held by {', '.join(holders)}: it cannot come in while they keep theirs",
        )

    def _words(self, label: str) -> tuple[Clause, Mapping[int, Text]]:
        """Return a rule, and what it says of those that it keeps out."""
        if label not in self.spoken:
            rule = next(r for r in self.coming.facts.case.policy.clauses if r.label == label)
            said = rule.stands_against(self.coming.facts.scored.round, self.coming.facts.decision)
            self.spoken[label] = rule, said
        return self.spoken[label]


def _never(looked: Looked, a: int) -> Text:
    """Say that looking found no amount, or is not known to have found all."""
    if a in looked.tied:
        return _tied(looked.solves or 0)
    return _NEVER if looked.up_to is None else _not_within(looked.up_to, looked.solves)


def _tied(solves: int) -> Text:
    return Text(
        f"須與條件相同者抽籤之金額過多，求解 {solves} 次未及全部推算",
        "the draw would decide at too many amounts: they were not all worked out within "
        f"{how_many(solves, 'solve')}",
    )


def _not_within(amount: int, solves: int | None) -> Text:
    within = EMPTY
    if solves is not None:
        within = Text(f"，求解 {solves} 次未及推算", f" within {how_many(solves, 'solve')}")
    return Text(
        f"公布後釋出 {money(amount)} 元以內不會遞補；釋出更多時{within.zh or '未推算'}",
        f"does not come in for NT${money(amount)} or less; more than that was not worked out{within.en}",
    )
