"""What is said of one application: why, and what would have had to differ.

The measures follow Boehmer et al., "Evaluation of Project Performance in Participatory Budgeting"
(arXiv 2312.14723), and Korikov & Beck (10.4230/LIPIcs.CP.2021.35). Here everything refers to the
exact lexicographic optimum under all rules, and both sides are proved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape
from typing import Literal

from optimizer.language.text import EMPTY, Language, Text
from optimizer.language.words import figure

Status = Literal["funded", "not_funded", "ineligible"]
Measure = Literal[
    "merit", "request", "pool", "waiver", "rivals", "more", "lose_merit", "lose_request"
]


@dataclass(frozen=True)
class Statement:
    """One thing that is said, in the three forms in which it is needed.

    Parameters
    ----------
    code
        Short and stable: ``ineligible``, ``withdrawn``, ``impossible``, ``sister``, ``others``, ``draw``,
        ``unsettled`` (solving did not finish) for who got nothing, ``sums`` where sisters count for more; ``brings``, ``amount``, ``firm``
        for the funded; ``earlier`` for what a revision changed, ``raised`` for what gave one more.
    full
        For the official: names whom it concerns.
    discreet
        For a letter: names no other application and no other school.
    short
        For the telephone: at most 40 Chinese characters.
    how
        What is typed at a terminal or in a notebook to hear more; nowhere else is it said.
    """

    code: str
    full: Text
    discreet: Text
    short: Text = EMPTY
    how: Text = EMPTY

    @property
    def with_how(self) -> Text:
        """Say it to the official at a terminal, with what is typed there to hear more."""
        full, how = self.full, self.how
        return Text(f"{full.zh}（{how.zh}）", f"{full.en} ({how.en})") if how else full


@dataclass(frozen=True)
class Need(Statement):
    """What would have had to differ, everything else as it is.

    Parameters
    ----------
    code
        Which measure it is.
    value
        Points of merit (exact), NT$, or how many rivals; None where nothing of the kind helps (no
        merit, no request, no pool) and for waivers.
    certain
        At that value: funded in *every* optimum (for the funded: lost in every); else the draw
        would decide.
    names
        The rules whose waiver funds it, by label.
    rivals
        Every smallest set of applications whose withdrawal alone brings it in.
    drawn
        Those of the sets without which the draw would decide.
    tried
        Whether it was worked out to the end; not where too much would have to be solved.
    """

    value: Fraction | int | None = None
    certain: bool = True
    names: tuple[str, ...] = ()
    rivals: tuple[tuple[str, ...], ...] = ()
    drawn: tuple[tuple[str, ...], ...] = ()
    tried: bool = True

    @property
    def sure(self) -> tuple[tuple[str, ...], ...]:
        """The sets of rivals without which every best list funds it."""
        return tuple(gone for gone in self.rivals if gone not in self.drawn)

    @property
    def helps(self) -> bool:
        """Whether there is anything of its kind that funds the application."""
        return self.value is not None or bool(self.names or self.rivals)


@dataclass(frozen=True)
class Earlier:
    """What was published of an application before, where the list revises a published one.

    Parameters
    ----------
    status, award
        What had become of it, and NT$; no status where it was not among the published.
    changed
        Whether the revision made something else of it, or it has withdrawn since.
    cause
        What did: of its own ``withdrawn``, ``reduced`` or ``corrected``; ``raised`` where changes elsewhere give it
        more; empty if nothing of the kind.
    paid
        NT$ that were paid to it already.
    """

    status: Status | Literal[""]
    award: int
    changed: bool
    cause: Literal["withdrawn", "reduced", "corrected", "raised", ""] = ""
    paid: int = 0


@dataclass(frozen=True, repr=False)
class Explanation:
    """Everything that is said of one application.

    Parameters
    ----------
    application_id, status, award
        Which one, what became of it, and NT$.
    because
        The reason, by the first that applies (see `Statement.code`).
    more
        What else there is to say: what was cut of its request, the sister that it waits behind, which
        lower scores were funded, how firm it is.
    needs
        What would have had to differ.
    earlier
        What was published of it before; None where nothing was.
    language
        In which language it is shown.
    """

    application_id: str
    status: Status
    award: int
    because: Statement
    more: Sequence[Statement] = ()
    needs: Sequence[Need] = ()
    earlier: Earlier | None = None
    language: Language = "zh-TW"

    def in_language(self, language: Language) -> Explanation:
        """Return the same explanation, shown in another language."""
        return replace(self, language=language)

    @property
    def outcome(self) -> str:
        """What became of it as people say it: its status, or ``withdrawn``."""
        return "withdrawn" if self.because.code == "withdrawn" else self.status

    @property
    def before(self) -> Text:
        """What had been published of it, in a few words, where that was something else; else empty."""
        said = (one.short for one in self.more if one.code == "earlier")
        return next(said, EMPTY) if self.earlier and self.earlier.changed else EMPTY

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All that is said, the reason first."""
        return (self.because, *self.more, *self.needs)

    def __repr__(self) -> str:
        said = [statement.with_how.say(self.language) for statement in self.statements]
        return "\n".join([f"{self.application_id} ({self.outcome}, NT${self.award:,})", *said])

    def _repr_html_(self) -> str:
        """Show the statements as a list in a notebook."""
        items = "".join(
            f"<li>{escape(s.with_how.say(self.language))}</li>" for s in self.statements
        )
        return f"<b>{escape(self.application_id)}</b> NT${self.award:,}<ul>{items}</ul>"


@dataclass(frozen=True, repr=False)
class WhatIf:
    """What the best list would do with one thing different.

    Parameters
    ----------
    application_id
        About which application it was asked.
    award
        NT$ that it would get; 0 for none.
    fate
        Whether ``every``, ``some`` or ``none`` of the best lists would fund it; None if the limit
        came first.
    entering, leaving
        Who else would come in, and who would lose the award.
    """

    application_id: str
    award: int
    fate: Literal["every", "some", "none"] | None
    entering: tuple[str, ...]
    leaving: tuple[str, ...]

    def __repr__(self) -> str:
        moves = _moves(self.entering, self.leaving)
        said = {"every": "in every best list", "some": "by the draw", "none": "in no best list"}
        how = said[self.fate] if self.fate else "not settled"
        return f"<WhatIf {self.application_id}: NT${self.award:,}, {how}{''.join('; ' + m for m in moves)}>"


def _moves(entering: tuple[str, ...], leaving: tuple[str, ...]) -> list[str]:
    """Say who comes and who goes, if anybody does."""
    both = {"entering": entering, "leaving": leaving}
    return [f"{word}: {', '.join(ids)}" for word, ids in both.items() if ids]


@dataclass(frozen=True, repr=False)
class Change:
    """The list as it is against the best list of a round with one thing different.

    Parameters
    ----------
    known
        Whether there is such a list, and it is proved.
    priority
        The first priority whose value differs; empty if none does.
    now, then
        What it reaches in either, in its own unit; both 0 if none differs.
    entering, leaving
        Who is funded then and not now, and now and not then: application ids.
    text
        All of it in a sentence.
    """

    known: bool
    priority: str = ""
    now: Fraction = Fraction(0)
    then: Fraction = Fraction(0)
    entering: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    text: Text = EMPTY

    @property
    def lost(self) -> Fraction:
        """By how much the first priority that differs is less then than now."""
        return self.now - self.then

    def __repr__(self) -> str:
        values = f"{self.priority} {figure(self.now)} → {figure(self.then)}"
        said = [values if self.priority else "no priority differs"] if self.known else ["not known"]
        return f"<Change: {'; '.join([*said, *_moves(self.entering, self.leaving)])}>"

    def _repr_html_(self) -> str:
        """Show the sentence in a notebook, in both languages."""
        return f"<p>{escape(self.text.zh)}</p><p>{escape(self.text.en)}</p>"
