"""One case, kept warm in a process of its own: what the worker's process does.

Nothing is worked out here that the Python API does not give; what comes back is plain data.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy
from ctypes import CDLL
from dataclasses import dataclass, field
from functools import cached_property
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread
from typing import Any

from optimizer.case.case import Case, outline_case, policy_of, read_case, read_otherwise
from optimizer.check import Check, check_case
from optimizer.desk.afterwards import Afterwards
from optimizer.desk.found import CaseFound, TableFound, case_found, tables_found
from optimizer.desk.on_screen import OnScreen, on_screen
from optimizer.desk.side_by_side import who_moves
from optimizer.desk.unforeseen import unforeseen
from optimizer.desk.uploads import Received, Upload, receive
from optimizer.desk.wish import SECONDS, OutdatedError, Wish
from optimizer.explain.explanation import Explanation
from optimizer.explain.reasons import each_reason
from optimizer.foundation.collection import collect_as_usual
from optimizer.language.text import LANGUAGES, Language, Text
from optimizer.policy.partly import as_far_as_known
from optimizer.policy.policy import Policy
from optimizer.policy.problems import LISTS
from optimizer.problems.errors import PolicyError, Problem, SubsidyError, UsageError, defect
from optimizer.reading.all_tables import expected_tables
from optimizer.reading.outline import CaseSheet, Excerpt, excerpt
from optimizer.report.folder import summary_of
from optimizer.report.marked import marked_workbook
from optimizer.report.writer import write_result
from optimizer.result.allocation import Allocation
from optimizer.scenarios.diff import Difference, diff
from optimizer.scenarios.outcome import Outcome
from optimizer.scenarios.price_tables import WithoutRule, prices
from optimizer.scoring.remarks import screening_problems
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.session import Session
from optimizer.solving.options import Options
from optimizer.verify.verify import verify_result
from optimizer.workbooks.sheet import Sheet

_KEPT = 4  # answers that stay at hand: pins, and what was looked at last


@dataclass
class Sitting:
    """A case that is being worked on.

    Parameters
    ----------
    path, policy_file, encoding
        As for `read_case`.
    latest
        Tells the number of the latest wish.
    """

    path: Path
    policy_file: Path | None
    encoding: str | None
    latest: Callable[[], int]
    _answers: list[tuple[Policy, Allocation]] = field(default_factory=list)
    _session: Session | None = None
    _explained: tuple[Policy, Allocation] | None = None
    _after: Afterwards = field(default_factory=Afterwards)

    @property
    def session(self) -> Session:
        """The case, read when it is first asked for."""
        if self._session is None:
            self._session = Session(self._read())
        return self._session

    def begin_anew(self, path: Path) -> None:
        """Forget what was read and answered: the files are others now."""
        _here[:] = [Sitting(path, self.policy_file, self.encoding, self.latest)]

    def _read(self) -> Case:
        return read_case(self.path, self.policy_file, self.encoding)

    def found(self) -> CaseFound:
        """Say what the case holds."""
        return case_found(self.session.case)

    def absent(self, ids: list[str]) -> tuple[str, ...]:
        """Return which of some applications do not stand in the case."""
        known = set(self.session.case.records.applications["application_id"])
        return tuple(one for one in ids if one not in known)

    def check(self) -> Check:
        """Say what there is to say of the data, of a case that cannot be used too."""
        if self._session is None:
            return check_case(self.path, self.policy_file, self.encoding)
        case = self._session.case
        scored = score(screen(case.records, case.policy))
        applications, eligible = len(case.records.applications), scored.round.size
        return Check(tuple(screening_problems(scored)), applications, eligible)

    def title(self) -> str:
        """Return what the plan is called, as far as its file can be read."""
        return as_far_as_known(policy_of(self.path, self.policy_file)).settings.plan.title

    @cached_property
    def sheets(self) -> tuple[CaseSheet, ...]:
        """Every file and sheet as it stands."""
        return outline_case(self.path, self.policy_file, self.encoding)

    def tables(self) -> tuple[TableFound, ...]:
        """Say what each file and sheet is taken for."""
        return tables_found(self.sheets)

    def excerpt(self, problem: Problem) -> Excerpt | None:
        """Return the rows around the cell of a problem; None where it stands in no table."""
        named = (sheet for sheet in self.sheets if sheet.file == problem.file and sheet.sheet.rows)
        return next((excerpt(sheet, problem.row, problem.column) for sheet in named), None)

    def marked(self, name: str, language: Language) -> bytes:
        """Return the content of a workbook of all tables with the wrong cells marked."""
        return marked_workbook(self.sheets, self.check().problems, name, language)

    def receive(self, files: list[Upload]) -> Received:
        """Take files into the case."""
        known = as_far_as_known(policy_of(self.path, self.policy_file))
        return receive(self.path, files, expected_tables(known.settings, known.unknown))

    def answer(self, wish: Wish) -> OnScreen:
        """Return the answer to a wish; nothing of it is of another policy.

        Raises
        ------
        OutdatedError
            If a later wish has come before it was found.
        """
        base = self._allocated(wish.base, wish)
        return on_screen(base, self._allocated(wish.draft, wish))

    def moves(self, language: Language, wish: Wish) -> Sheet:
        """Say who gets another amount than under the policy that is compared with, and why."""
        base, now = (self._aside(policy, wish) for policy in (wish.base, wish.draft))
        return who_moves(Difference(base, now, language))

    def reasons(self, wish: Wish) -> tuple[Text, ...]:
        """Say in a few words why each application got what it got, in the order of the rows.

        Raises
        ------
        OutdatedError
            If a later wish has come before all were said.
        """
        said = tuple(self._said(wish))
        give_back()
        return said

    def _said(self, wish: Wish) -> Iterator[Text]:
        heed = self._heed(wish)
        for reason in each_reason(self._aside(wish.draft, wish)):
            heed("")
            yield reason.text

    def _aside(self, policy: Policy, wish: Wish) -> Allocation:
        """Return an answer of which what reasons remember is let go with it: that is large."""
        return copy(self._allocated(policy, wish))

    def _allocated(self, policy: Policy, wish: Wish) -> Allocation:
        kept = [one for one in self._answers if one[0] == policy]
        known = [one for one in kept if one[1].solution.optimal or wish.seconds <= SECONDS]
        if not known:
            limits = Options("auto", wish.seconds, progress=self._heed(wish))
            self._legible(policy)
            known = [(policy, self.session.allocated(policy, limits))]
        others = [one for one in self._answers if one[0] != policy]
        self._answers = [*others, known[0]][-_KEPT:]
        return known[0][1]

    def _legible(self, policy: Policy) -> None:
        """Refuse a policy for which the marks are to be read anew: that is done from the file."""
        keys = read_otherwise(self.session.case.policy, policy)
        if keys:
            found = [defect("fixed_key", _AS_BEFORE, column=f"review.{key}") for key in keys]
            raise PolicyError(_READ_ANEW, found)

    def _heed(self, wish: Wish) -> Callable[[str], None]:
        def heed(step: str) -> None:
            if self.latest() > wish.number:
                raise OutdatedError

        heed("")
        return heed

    def remarks(self, wish: Wish) -> tuple[Problem, ...]:
        """Say what is to be said of the rules of a policy in view of the data.

        Raises
        ------
        PolicyError
            If the data cannot be put under it.
        """
        self._heed(wish)
        self._legible(wish.draft)
        case = self.session.case.under(wish.draft)
        found = screening_problems(score(screen(case.records, case.policy)))
        return tuple(problem for problem in found if problem.column.startswith(LISTS))

    def price(self, name: str, wish: Wish) -> Text:
        """Say what the round would be without one rule of a policy."""
        base = self._allocated(wish.draft, wish)
        rule = next(r for r in wish.draft.rules if f"{r.section}.{r.label}" == name)
        other = self._without(name, wish)
        difference = None if other.allocation is None else diff(base, other.allocation)
        without = [WithoutRule(rule, other, difference)]
        return Text(*(str(prices(without, one)["said"].iloc[0]) for one in LANGUAGES))

    def _without(self, name: str, wish: Wish) -> Outcome:
        policy = wish.draft.without(name)
        limits = Options("auto", SECONDS, progress=self._heed(wish))
        try:
            return Outcome(name, policy, self.session.allocated(policy, limits))
        except SubsidyError as error:
            return Outcome(name, policy, None, error)

    def explain(self, application_id: str, wish: Wish) -> Explanation:
        """Say why an application got what it got."""
        if self._explained is None or self._explained[0] != wish.draft:
            self._explained = None
            give_back()
            self._explained = (wish.draft, self._aside(wish.draft, wish))
        return self._explained[1].explain(application_id)

    def write(self, target: Path, language: Language, wish: Wish) -> dict[str, Any]:
        """Write the result of the case as its files stand, and verify it; return its summary.

        The files are read anew and the case is allocated anew, so that what is written is what the
        command writes.

        Raises
        ------
        UsageError
            If the policy file says something else than what stands at the workbench.
        """
        from optimizer.pipe import allocate

        case = self._read()
        if case.policy != wish.draft:
            raise UsageError(_NOT_SAVED)
        allocation = allocate(case, language=language)
        write_result(allocation, target)
        return {**summary_of(target), "found": verify_result(target, case)}

    def afterwards(self, method: str, *given: Any) -> Any:
        """Do one of the things that come after a result; the files are read anew."""
        return getattr(self._after, method)(self._read(), *given)


def give_back() -> None:
    """Give memory that is no longer needed back to the system; glibc keeps it unless it is told.

    What reasons remember refers to itself: it stays until the collector looks.
    """
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):
        CDLL(None).malloc_trim(0)


_READ_ANEW = Text(
    "這項變更會改變評分表的讀法：須先寫入計畫檔，再重新讀取評分表，才能計算結果",
    "this changes how the marks are read: it is written to the policy file first, and the marks are read again",
)
_AS_BEFORE = Text("評分表是依原來的設定讀入的", "the marks were read as it was before")
_NOT_SAVED = Text(
    "計畫檔與畫面上的規則不同；請先寫入計畫檔，再產生結果。",
    "The policy file says something else than the rules on the screen; save them first.",
)


# ---- in the process ------------------------------------------------------------------------------

_here: list[Sitting] = []


def begin(path: Path, policy_file: Path | None, encoding: str | None, latest: Any) -> None:
    """Sit down: for a process that begins, anew or as a copy of the server."""
    signal.set_wakeup_fd(-1)  # what is said to a copy is not said to the server
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=leave_with_the_server, daemon=True).start()
    collect_as_usual()
    _here[:] = [Sitting(path, policy_file, encoding, lambda: int(latest.value))]


def leave_with_the_server() -> None:
    """End this process when the one that began it has ended, however that came about."""
    server = parent_process()
    if server is not None:
        server.join()
        os._exit(0)


def do(method: str, *given: Any) -> Any:
    """Do one of the things above.

    Raises
    ------
    SubsidyError, OutdatedError
        As these do; whatever else goes wrong there is a `CrashError`.
    """
    try:
        return getattr(_here[0], method)(*given)
    except (SubsidyError, OutdatedError):
        raise
    except Exception as error:
        raise unforeseen(error) from None
