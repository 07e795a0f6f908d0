"""Explanations of one application or of all: why, and what would have had to differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from optimizer.explain.asking import Asking
from optimizer.explain.because import Because
from optimizer.explain.cuts import Cuts
from optimizer.explain.differing import Differing
from optimizer.explain.explanation import Explanation, Need, Statement, Status, WhatIf
from optimizer.explain.naming import Naming
from optimizer.explain.needs import Needs
from optimizer.explain.patience import EFFORT, LED
from optimizer.explain.waiting import Waiting, waiting
from optimizer.facts.certified import Certified
from optimizer.foundation import clock
from optimizer.foundation.collection import without_collection
from optimizer.language.text import Text
from optimizer.problems.errors import UsageError, defect
from optimizer.problems.likeness import closest, did_you_mean
from optimizer.solving.options import Options

_ONE_CHANGE = Text(
    "what_if 每次只改一項：merit、request、pool、withdrawn 擇一",
    "what_if changes one thing at a time: one of merit, request, pool, withdrawn",
)


def explain_all(
    facts: Certified, ids: Iterable[str] | None = None, options: Options | None = None
) -> list[Explanation]:
    """Explain applications of a certified round, each answer proved by solving again.

    Parameters
    ----------
    facts
        What was certified.
    ids
        Which applications; all of them, in the order of their numbers, unless given.
    options
        Solver, limit and threads; its progress is told which application is next, and what is being
        asked about one that takes long (``explain_pool`` ...).

    Raises
    ------
    UsageError
        If there is no application of such a number.
    """
    options = options or Options()
    explainer = Explainer.of(facts, options)
    known = explainer.naming.row
    asked = list(known) if ids is None else list(ids)
    _check(asked, known)
    found = []
    with without_collection():
        for application_id in asked:
            options.say(application_id)
            found.append(explainer.explain(application_id))
    return found


def _check(asked: Sequence[str], known: Iterable[str]) -> None:
    """Refuse numbers that no application has, all at once."""
    names = set(known)
    unknown = [
        defect(
            "unknown_application",
            Text("沒有這個申請編號", "there is no application of this number"),
            value=str(application_id)[:80],
            hint=did_you_mean(closest(str(application_id), list(known))),
        )
        for application_id in asked
        if application_id not in names
    ]
    if unknown:
        raise UsageError(Text("申請編號不存在", "no such application"), unknown)


_LONG = 2  # seconds after which an application is said to take long


@dataclass
class Steps:
    """Tells what is being asked about an application that takes long.

    Parameters
    ----------
    options
        Whose progress is told.
    """

    options: Options
    _what: str = ""
    _begun: float = 0

    def begin(self) -> None:
        """Begin with an application."""
        self._begun = clock.now()

    def at(self, what: str) -> None:
        """Come to a measure."""
        self._what = what

    def tell(self) -> None:
        """Tell it, if it takes long."""
        if clock.now() - self._begun > _LONG:
            self.options.say(self._what)


@dataclass(frozen=True)
class Explainer:
    """What explains the applications of one round; what it has asked once it remembers."""

    steps: Steps
    asking: Asking
    naming: Naming
    because: Because
    differing: Differing
    ordinal: dict[str, int]

    @staticmethod
    def of(facts: Certified, options: Options) -> Explainer:
        """Make one for a round."""
        quiet, steps = replace(options, progress=None), Steps(options)
        asking, naming = Asking(facts, quiet, steps.tell), Naming(facts)
        ordinal = {application_id: a for a, application_id in enumerate(facts.scored.round.ids)}
        return Explainer(
            steps,
            asking,
            naming,
            because=Because(asking, naming),
            differing=Differing(asking, naming, steps.at),
            ordinal=ordinal,
        )

    def explain(self, application_id: str) -> Explanation:
        """Explain one application.

        Raises
        ------
        UsageError
            If there is no application of that number.
        """
        if application_id not in self.naming.row:
            _check([application_id], self.naming.row)
        self.steps.begin()
        self.steps.at("explain_reason")
        a = self.ordinal.get(application_id)
        if a is None:
            reason = self.because.ineligible(self.naming.row[application_id])
            return Explanation(application_id, "ineligible", 0, reason)
        award = int(self.asking.facts.decision.award[a])
        status: Status = "funded" if award else "not_funded"
        make = self._funded if award else self._not_funded
        with self.asking.patience.of(self._effort):
            because, more, needs = make(a)
        return Explanation(
            application_id, status, award, because=because, more=tuple(more), needs=tuple(needs)
        )

    def what_if(
        self,
        application_id: str,
        merit: Fraction | None = None,
        request: int | None = None,
        pool: int | None = None,
        withdrawn: Sequence[str] = (),
    ) -> WhatIf:
        """Solve the round with one thing different: see `Allocation.what_if`.

        Raises
        ------
        UsageError
            If an application is unknown or not eligible, or not exactly one thing is changed.
        """
        _check([application_id, *withdrawn], self.naming.row)
        if sum([merit is not None, request is not None, pool is not None, bool(withdrawn)]) != 1:
            raise UsageError(_ONE_CHANGE)
        refused = [i for i in (application_id, *withdrawn) if i not in self.ordinal]
        if refused:
            ids = ", ".join(refused)
            raise UsageError(Text(f"{ids} 不符資格，未參加分配", f"not eligible: {ids}"))
        a = self.ordinal[application_id]
        if merit is not None:
            asked = self.asking.merit(a, self.asking.round.merit_of(a) + merit)
        elif request is not None:
            larger = request > int(self.asking.program.most[a])
            asked = (self.asking.with_budget if larger else self.asking.request)(a, request)
        elif pool is not None:
            asked = self.asking.pool(max(0, pool - self.asking.facts.contingency))
        else:
            asked = self.asking.withdrawn(self.ordinal[i] for i in withdrawn)
        now, then, this = self.asking.now.funds(), asked.funds(), {application_id}
        return WhatIf(
            application_id,
            asked.award(application_id),
            asked.fate(application_id),
            entering=tuple(sorted(then - now - this)),
            leaving=tuple(sorted(now - then - this)),
        )

    @property
    def _effort(self) -> int | None:
        """How much is solved for one: more where tables answer, without end where a limit was set."""
        if self.steps.options.time_limit is not None:
            return None
        led = self.asking.facts.solution.engine.startswith("dynamic")
        return LED if led else EFFORT

    def _not_funded(self, a: int) -> tuple[Statement, list[Statement], list[Need]]:
        because = self.because.not_funded(a)
        more = [
            *self._amount(a),
            *self.because.sums(a),
            *self._behind(a),
            self.because.lower.of(a),
            self.because.firm(a),
        ]
        needs = Needs(self.asking, a)
        return because, more, self.differing.to_come_in(needs)

    def _funded(self, a: int) -> tuple[Statement, list[Statement], list[Need]]:
        more = [*self._amount(a), self.because.firm(a)]
        needs = Needs(self.asking, a)
        return self.because.funded(a), more, self.differing.to_lose_it(needs)

    @cached_property
    def _waiting(self) -> Waiting:
        """Who comes in for how much; who does not, as the waiting list says it."""
        return waiting(self.asking.facts)

    def _behind(self, a: int) -> list[Statement]:
        """Say, as the waiting list does, on what condition it comes in after publication, or who comes first."""
        said, short = self._waiting.condition(a), self._waiting.in_short(a)
        code = "behind" if a in self._waiting.behind else "waiting"
        return [Statement(code, said, short, short)] if said else []

    def _amount(self, a: int) -> list[Statement]:
        said = Cuts(self.asking, self.naming).less(a)
        return [said] if said else []
