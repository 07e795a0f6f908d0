"""What every clause is: one frozen class that speaks to four listeners.

============  ==================================================  ==============================
listener      hears                                               from
============  ==================================================  ==============================
the reader    the keys of the clause in policy.toml               the class's fields
the solver    rows (constraints) or objectives (priorities)       `rows`, `objectives`
the auditor   violations and values over plain integers           `audit`, `worth`
              rulings on one application after another            `audit_screen`, `audit_merit`
the public    one sentence in Chinese and in English              `sentence`
============  ==================================================  ==============================

A clause is found by being there: every module of this package holds one class.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from optimizer.errors import Problem, Severity
from optimizer.frozen import freeze_fields
from optimizer.plain import Application, Papers, Score
from optimizer.program import Decision, Goal, Objective, Rows
from optimizer.records import Records
from optimizer.round import Round
from optimizer.settings import FORBID_UNKNOWN_KEYS, to_fraction
from optimizer.text import EMPTY, Text


def key(zh: str, en: str, default: Any = MISSING, factory: Any = MISSING) -> Any:
    """Declare a key of a clause in policy.toml, with its meaning for people."""
    metadata = {"help": Text(zh, en)}
    if factory is not MISSING:
        return field(default_factory=factory, metadata=metadata)
    if default is MISSING:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


def told_apart(title: Text, by: Sequence[Text]) -> Text:
    """Return a title with what tells a rule from others of the same title, if anything does."""
    if not by:
        return title
    zh, en = "，".join(text.zh for text in by), ", ".join(text.en for text in by)
    return Text(f"{title.zh}（{zh}）", f"{title.en} ({en})")


@dataclass(frozen=True)
class Finding:
    """What a screen says of one application.

    Parameters
    ----------
    application
        Row in ``records.applications``.
    severity
        ``refusal`` (ineligible) or ``flag`` (worth a look).
    message
        The reason, with the figures.
    expected
        What the plan asks for.
    column, value
        The cell that decided, if one did.
    limit
        NT$: the most that may be granted in view of this finding, or None.
    """

    application: int
    severity: Severity
    message: Text
    expected: Text = EMPTY
    column: str = ""
    value: str = ""
    limit: int | None = None


@dataclass(frozen=True)
class Rounded:
    """A figure that a sentence may round, to so many decimals at the least."""

    value: Fraction
    decimals: int = 2


Figure = int | date | str | tuple[str, ...] | Rounded


@dataclass(frozen=True)
class Ruling:
    """What the plain reading says of one application where a screen should have a finding.

    Parameters
    ----------
    severity
        ``refusal`` or ``flag``.
    figures
        Every figure that the finding's sentence must state, and no others: numbers, dates, and
        words (several spellings of one, where it has several).
    less
        Whether the sentence says that the first figure is less than the second.
    limit
        NT$: the most that may be granted, or None.
    """

    severity: Severity
    figures: tuple[Figure, ...] = ()
    less: bool = False
    limit: int | None = None


@dataclass(frozen=True)
class Share:
    """A share of an optimum, as against an amount."""

    share: Fraction


def to_give_up(value: Any) -> Share | Fraction:
    """Read what a priority may cost: ``"0.5%"`` is a share, a number is an amount.

    Raises
    ------
    ValueError
        If it is neither, or negative.
    """
    if isinstance(value, Share):
        return value
    number = to_fraction(value)
    is_share = isinstance(value, str) and value.strip().endswith("%")
    if number < 0 or (is_share and number > 1):
        raise ValueError("exact_number")
    return Share(number) if is_share else number


GiveUp = Annotated[Share | Fraction, BeforeValidator(to_give_up)]


@dataclass(frozen=True)
class Violation:
    """A hard clause that an allocation breaks, said with its figures."""

    clause: str
    message: Text
    application_id: str = ""  # where it is one application that breaks it


@dataclass(frozen=True, kw_only=True)
class Clause:
    """Base of every rule.

    Parameters
    ----------
    reference
        Section of the plan it comes from.
    name
        How scenarios and results call it; the kind unless given.
    """

    __pydantic_config__ = FORBID_UNKNOWN_KEYS

    kind: ClassVar[str]
    section: ClassVar[str] = "clause"  # which list of policy.toml it stands in
    title: ClassVar[Text]
    fault: ClassVar[Text] = EMPTY  # heads what it finds against an application, if not the title

    reference: str = key("所依計畫條文", "section of the plan it comes from", "")
    name: str = key("名稱，供情境與結果引用", "how scenarios and results call it", "")

    def __post_init__(self) -> None:
        freeze_fields(self)

    @property
    def label(self) -> str:
        """The name that results use."""
        return self.name or self.kind

    @classmethod
    def policy_keys(cls) -> tuple[Field[Any], ...]:
        """Return the keys it understands in policy.toml, its own first."""
        own = [f for f in fields(cls) if f.name not in ("reference", "name")]
        return (*own, *(f for f in fields(cls) if f.name in ("name", "reference")))

    @property
    def spoken(self) -> Text:
        """What people call it; the title, unless a policy may have several of one title."""
        return self.title

    def sentence(self) -> Text:
        """Say the rule in one sentence, figures included."""
        raise NotImplementedError

    def check(self, records: Records) -> Iterable[Problem]:
        """Yield what is wrong with the clause itself in view of the data (unknown column ...)."""
        return ()

    def screen(self, records: Records) -> Iterable[Finding]:
        """Yield refusals and flags, before the reviews are looked at."""
        return ()

    def screen_merit(self, round_: Round) -> Iterable[Finding]:
        """Yield refusals and flags that depend on merit."""
        return ()

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Yield what `screen` must have found on one application, written apart from it."""
        return ()

    def audit_merit(self, application: Application, score: Score) -> Iterable[Ruling]:
        """Yield what `screen_merit` must have found on one application, written apart from it."""
        return ()

    def rows(self, round_: Round) -> Sequence[Rows]:
        """Return the hard constraints it puts on the awards."""
        return ()

    def audit(self, round_: Round, decision: Decision) -> Iterable[Violation]:
        """Yield every way in which a decision breaks it, without looking at `rows`."""
        return ()


@dataclass(frozen=True, kw_only=True)
class Priority(Clause):
    """Base of every priority: an objective in the policy's strict order.

    Parameters
    ----------
    give_up
        What later priorities may cost it: a share of its optimum ("0.5%") or an amount in its
        own unit; nothing unless given.
    """

    section: ClassVar[str] = "priority"
    unit: ClassVar[Text] = EMPTY  # the unit people read its value in
    minimised: ClassVar[bool] = False  # whether its objective is the negative of what people read

    give_up: GiveUp = key(
        '可為後項犧牲的幅度：比例（如 "0.5%"）或數額',
        'what later priorities may cost it: a share ("0.5%") or an amount in its unit',
        Fraction(0),
    )

    def objectives(self, round_: Round) -> Sequence[Objective]:
        """Return what is maximised: one objective, or several in strict order."""
        raise NotImplementedError

    def scale(self, round_: Round) -> int | Fraction:
        """Return how many of the objective's integers make one unit for people."""
        return 1

    def worth(self, round_: Round, decision: Decision) -> tuple[int, ...]:
        """Return the value of each objective, worked out anew from plain integers.

        It must not call the objective: the two are checked against each other.
        """
        raise NotImplementedError

    def goal_names(self, count: int) -> list[str]:
        """Return the names of its objectives."""
        if count == 1:
            return [self.label]
        return [f"{self.label}[{level}]" for level in range(1, count + 1)]

    def goals(self, round_: Round) -> list[Goal]:
        """Return the objectives as the solver hears them, with what may be given up."""
        objectives = self.objectives(round_)
        share, amount = self._give_up(round_)
        return [
            Goal(name, objective, share, amount)
            for name, objective in zip(self.goal_names(len(objectives)), objectives, strict=True)
        ]

    def _give_up(self, round_: Round) -> tuple[Fraction, int]:
        if isinstance(self.give_up, Share):
            return self.give_up.share, 0
        return Fraction(0), int(self.give_up * self.scale(round_))
