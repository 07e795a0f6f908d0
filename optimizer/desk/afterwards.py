"""What is done with a result once it is written, in the worker's process: held, answered, revised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import normalize

from optimizer.case.case import Case
from optimizer.explain.explanation import Explanation
from optimizer.language.text import Language, Text
from optimizer.problems.errors import Problem
from optimizer.report.folder import summary_of
from optimizer.result.allocation import Allocation
from optimizer.revisions import Revision, reopen, revise, write_revision
from optimizer.revisions.intended import Intended
from optimizer.revisions.promised import promise_of
from optimizer.revisions.revise import chain_of
from optimizer.revisions.told import headline, newcomers
from optimizer.verify.verify import verify_result


@dataclass(frozen=True)
class Intent:
    """What has changed since a result was published, as `revise` takes it; pairs of id and NT$."""

    withdraw: tuple[str, ...] = ()
    reduce: tuple[tuple[str, int], ...] = ()
    pool: int | None = None
    paid: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Tried:
    """What a revision would be.

    Parameters
    ----------
    lines
        What is to be said of it, the headline first.
    moved
        Whom it touches.
    seal
        The seal that it would have.
    """

    lines: tuple[Text, ...]
    moved: tuple[str, ...]
    seal: str


@dataclass
class Afterwards:
    """What was published, kept at hand: the last one that was opened or tried."""

    _kept: tuple[Any, Any] | None = field(default=None)

    def holds(self, case: Case, folder: Path) -> list[Problem]:
        """Return what no longer agrees between a result and the case's files; the proof apart."""
        return verify_result(folder, case, quick=True)

    def explain(
        self, case: Case, folder: Path, application_id: str, language: Language
    ) -> Explanation:
        """Say what a result made of an application, and why."""
        ids = list(case.records.applications["application_id"])
        return self._opened(case, folder, language).explain(_meant(application_id, ids))

    def misfits(self, case: Case, folder: Path, intent: Intent) -> list[Problem]:
        """Return the changes that what was published leaves no room for; nothing is worked out."""
        parent = chain_of(folder)[-1]
        asked = Intended(intent.withdraw, intent.reduce, intent.paid)
        return [*asked.wrong(parent, promise_of(parent), case.policy.settings.pool.unit)]

    def idle(self, case: Case, folder: Path, intent: Intent) -> frozenset[str]:
        """Return who withdraws without having been funded: that frees no money."""
        return frozenset(intent.withdraw) - frozenset(chain_of(folder)[-1].funded)

    def tried(self, case: Case, folder: Path, intent: Intent, language: Language) -> Tried:
        """Say what a revision would be, without writing anything."""
        return _told(self._revised(case, folder, intent, language))

    def write(
        self, case: Case, folder: Path, intent: Intent, target: Path, language: Language
    ) -> dict[str, Any]:
        """Write a revision and verify it; return its summary, and what was found."""
        revision = self._revised(case, folder, intent, language)
        write_revision(revision, target)
        self._kept = ((case.sources, target, language), revision)
        found = verify_result(target, case, parent=folder)
        return {**summary_of(target), "found": found}

    def _revised(self, case: Case, folder: Path, intent: Intent, language: Language) -> Revision:
        given = (intent.withdraw, intent.reduce, intent.pool, intent.paid)
        made: Revision = self._remembered(
            (case.sources, folder, intent, language),
            lambda: revise(folder, case, *given, language=language),
        )
        return made

    def _opened(self, case: Case, folder: Path, language: Language) -> Allocation | Revision:
        made: Allocation | Revision = self._remembered(
            (case.sources, folder, language), lambda: reopen(folder, case, language=language)
        )
        return made

    def _remembered(self, key: Any, make: Callable[[], Any]) -> Any:
        if self._kept is None or self._kept[0] != key:
            self._kept = None
            self._kept = (key, make())
        return self._kept[1]


def _told(revision: Revision) -> Tried:
    record, allocation = revision.record, revision.allocation
    said = (*headline(record, allocation), *newcomers(record, allocation))
    moved = [one["application_id"] for key in _TOUCHED for one in record[key]]
    return Tried(said, tuple(dict.fromkeys(moved)), record["seal"])


_TOUCHED = ("withdrawn", "reduced", "lost", "entered", "raised")


def _meant(typed: str, ids: Sequence[str]) -> str:
    """Return the one application that is meant by its number in other letters; else what was typed."""
    found = [one for one in ids if one.casefold() == normalize("NFKC", typed).casefold()]
    return found[0] if typed not in ids and len(found) == 1 else typed
