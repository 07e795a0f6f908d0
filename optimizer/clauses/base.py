"""What every clause is: one frozen class that speaks to five listeners.

============  ==================================================  ==============================
listener      hears                                               from
============  ==================================================  ==============================
the reader    the keys of the clause in policy.toml               the class's fields
the solver    rows (constraints) or objectives (priorities)       `rows`, `objectives`
the auditor   violations and values over plain integers           `audit`, `worth`
              rulings on one application after another            `audit_screen`, `audit_merit`
the public    one sentence in Chinese and in English              `sentence`, `premise`
the asker     whom it keeps out, and what it alone decided        `stands_against`, `accounts_for`
============  ==================================================  ==============================

A clause is found by being there: every module of this package holds one class.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, Self, Unpack

from optimizer.clauses.own import RuleType, keep
from optimizer.clauses.two_bounds import TwoBounds
from optimizer.foundation.frozen import freeze_fields
from optimizer.language.text import EMPTY, Text, money, some
from optimizer.plain import Application, Papers, Score
from optimizer.problems.errors import Details, Problem, Severity, defect
from optimizer.program.rows import Decision, Rows, Shortage
from optimizer.tables.records import Records
from optimizer.tables.round import Round
from optimizer.tables.settings import FORBID_UNKNOWN_KEYS, Settings


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
class Violation:
    """A hard clause that an allocation breaks, said with its figures."""

    clause: str
    message: Text
    application_id: str = ""  # where it is one application that breaks it


@dataclass(frozen=True, kw_only=True)
class Clause(metaclass=RuleType):
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
    # whether bounds of awards decide no more than which inequalities, that none can break, it leaves out
    leaves_out_slack: ClassVar[bool] = False
    # whether each of its inequalities, the pool's apart, is about one application alone, goes when that
    # goes, and looks at no bounds but those of its award
    each_alone: ClassVar[bool] = False
    title: ClassVar[Text]
    fault: ClassVar[Text] = EMPTY  # heads what it finds against an application, if not the title
    by_hand: ClassVar[bool] = False  # whether whom it names is funded whatever the priorities say
    reads: ClassVar[tuple[str, ...]] = ()  # columns that an award is judged by, beside its `column`
    asks_for: ClassVar[
        tuple[str, ...]
    ] = ()  # columns of applications in which it objects to a blank
    reads_table: ClassVar[str] = ""  # what it reads beside schools, applications and reviews
    withdraws: ClassVar[bool] = False  # whether whom it refuses has withdrawn
    # what to see to next year, for whom it refuses; {rule} and {asked} stand for its name, and for what
    # it asks for
    later: ClassVar[Text] = Text(
        "請確認符合「{rule}」之規定：{asked}", "make sure of what is asked for ({rule}): {asked}"
    )
    gives_way: ClassVar[str] = ""  # its upper bound, a key that counts applications
    for_authors: ClassVar[Text] = EMPTY  # what else whoever writes the policy has to know
    said_otherwise: ClassVar[Mapping[str, str]] = {}  # no kinds, but what it does: with which keys
    two_bounds: ClassVar[TwoBounds | None] = (
        None  # its keys that say a least and a most of the same thing
    )
    sample: ClassVar[Mapping[str, Any]] = {}  # keys without which an example says little

    reference: str = key("所依計畫條文", "section of the plan it comes from", "")
    name: str = key("名稱，供情境與結果引用", "how scenarios and results call it", "")

    def __post_init__(self) -> None:
        freeze_fields(self)

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Come back from pickling; where a rule is new to this process, it knows it from now on."""
        vars(self).update(state)
        keep(type(self))

    @property
    def label(self) -> str:
        """The name that results use."""
        return self.name or self.kind

    @classmethod
    def policy_keys(cls) -> tuple[Field[Any], ...]:
        """Return the keys it understands in policy.toml, its own first."""
        return (*cls.own_keys(), *(f for f in fields(cls) if f.name in ("name", "reference")))

    @classmethod
    def own_keys(cls) -> tuple[Field[Any], ...]:
        """Return the keys that not every rule has."""
        return tuple(f for f in fields(cls) if f.name not in ("reference", "name"))

    @property
    def main_key(self) -> str:
        """The key that is meant where only the rule is named; empty if it could be another."""
        bases = [base for base in type(self).__mro__[1:] if is_dataclass(base)]
        inherited = {f.name for base in bases for f in fields(base)}
        own = [f for f in self.own_keys() if f.name not in inherited]
        needed = [f for f in own if f.default is MISSING and f.default_factory is MISSING]
        found = needed or own
        return found[0].name if len(found) == 1 else ""

    @property
    def smallest_award(self) -> int:
        """NT$: whoever is funded gets so much at the least, by this rule."""
        return 0

    @property
    def spoken(self) -> Text:
        """What people call it; the title, unless a policy may have several of one title."""
        return self.title

    @property
    def for_sisters(self) -> Text:
        """What a school is told for next year if one of its applications kept another out by it."""
        return EMPTY

    def sentence(self) -> Text:
        """Say the rule in one sentence, figures included."""
        raise NotImplementedError

    def unscored(self, finding: Finding) -> Text:
        """Return what was found in words for a list that everybody may read: no marks in it."""
        return finding.message

    def unsigned(self) -> Iterable[tuple[Text, Text]]:
        """Yield what a letter leaves out of its words, each with what stands there instead."""
        return ()

    def premise(self) -> Text:
        """Say under what the best list is the best, where the rule holds it to an earlier decision.

        A phrase, said wherever a list is called the best; empty for a rule of the plan itself.
        """
        return EMPTY

    def narrowed(self, about: tuple[Text, ...], sense: str, whole: bool) -> Text:
        """Say the part of it that conflicts with others.

        Parameters
        ----------
        about
            What its inequalities in the conflict are about; nothing where the whole rule is meant.
        sense
            Their direction.
        whole
            Whether these are all it has.
        """
        return self.sentence() if whole else self.sentence_of(about)

    def sentence_of(self, about: tuple[Text, ...]) -> Text:
        """Put before its sentence what it is about here, if that is said."""
        said, named = self.sentence(), some(about)
        if not about:
            return said
        return Text(f"{named.zh}：{said.zh}", f"{named.en}: {said.en}")

    def asked_for(self, about: tuple[Text, ...]) -> tuple[str, ...]:
        """Return the applications that these inequalities of it alone want funded."""
        return ()

    def wrong(self, code: str, message: Text, key: str = "", **details: Unpack[Details]) -> Problem:
        """Return a defect of the rule as the policy states it, or of one of its keys."""
        place = ".".join(filter(None, (self.section, self.label, key)))
        return replace(defect(code, message, **details), file="policy.toml", column=place)

    def misstated(self) -> Iterable[Problem]:
        """Yield what is wrong with it whatever the data are, each at the key that says so."""
        return () if self.two_bounds is None else self.two_bounds.crossed(self)

    def check(self, records: Records) -> Iterable[Problem]:
        """Yield what is wrong with the clause itself in view of the data (unknown column ...)."""
        return ()

    @classmethod
    def check_together(cls, rules: Sequence[Self], records: Records) -> Iterable[Problem]:
        """Yield what is wrong with all rules of its kind together."""
        return ()

    def out_of_reach(self, settings: Settings) -> Iterable[Problem]:
        """Yield the values of it that nothing can meet, or that leave it without any effect."""
        return ()

    def screen(self, records: Records) -> Iterable[Finding]:
        """Yield refusals and flags, before the reviews are looked at.

        What is found of one application must not depend on what another asks for.
        """
        return ()

    def screen_merit(self, round_: Round) -> Iterable[Finding]:
        """Yield refusals and flags that depend on merit."""
        return ()

    def audit_screen(self, application: Application, papers: Papers) -> Iterable[Ruling]:
        """Yield what `screen` must have found on one application, written apart from it."""
        return ()

    def audit_merit(self, application: Application, score: Score, most: int) -> Iterable[Ruling]:
        """Yield what `screen_merit` must have found on one application, written apart from it.

        Parameters
        ----------
        application, score
            Its papers, and what the reviewers made of it.
        most
            NT$: the most that it may get.
        """
        return ()

    @property
    def apart(self) -> bool:
        """Whether it says of a list that leaves some out what it would say had they not been there.

        Its inequalities then hold for the same lists of the others, and these are worth the same.
        """
        return type(self).rows is Clause.rows and self.section != "priority"

    def rows(self, round_: Round) -> Sequence[Rows]:
        """Return the hard constraints it puts on the awards."""
        return ()

    def audit(self, round_: Round, decision: Decision) -> Iterable[Violation]:
        """Yield every way in which a decision breaks it, without looking at `rows`."""
        return ()

    def stands_against(self, round_: Round, decision: Decision) -> Mapping[int, Text]:
        """Say which applications it keeps out of a decision that obeys it, and why.

        These are all that could not be added to the decision under this rule alone, whatever they
        got: what an application adds to an inequality grows with its award, so its least is tried.
        """
        found: dict[int, Text] = {}
        for rows in self.rows(round_):
            for shortage in rows.shortages(decision, round_.least, round_.most):
                found.setdefault(shortage.application, self.no_room(shortage))
        return found

    def no_room(self, shortage: Shortage) -> Text:
        """Say why one application cannot be added, with the figures of the inequality it breaks."""
        now, then, bound = map(money, (shortage.now, shortage.then, shortage.bound))
        over = shortage.sense == "<="
        about, title, least = shortage.about, self.title, shortage.may_get_more
        return Text(
            f"{title.zh}（{about.zh}）：現為 {now}，加上本案{'之最低核定額' if least else ''}為 {then}，"
            f"{'超過上限' if over else '低於下限'} {bound}",
            f"{title.en} ({about.en}): {now} now, {then} with {'the least for ' if least else ''}this one, "
            f"{'more' if over else 'less'} than {bound}",
        )

    def gone(self, ids: Iterable[str]) -> int:
        """Return NT$ of the pool that are paid already, and that no award of these can use."""
        return 0

    def accounts_for(self, round_: Round, decision: Decision) -> Mapping[int, Text]:
        """Say what it alone decided, of applications that it decided on by itself."""
        return {}
