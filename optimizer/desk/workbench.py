"""One case at the workbench: its state, its journal, its worker, and what is known of the answer.

It waits for answers without blocking anybody, and tells whoever listens; it knows no framework.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

from optimizer.case.case import read_otherwise
from optimizer.check import Check
from optimizer.desk.background import Background, Came, Running
from optimizer.desk.decisions import decisions_of
from optimizer.desk.errands import Errand, Kind
from optimizer.desk.events import Event, Reread, Saved, SetKey
from optimizer.desk.found import CaseFound, TableFound
from optimizer.desk.journal import ERRAND, NAME, Journal
from optimizer.desk.key_forms import Columns
from optimizer.desk.on_map import Map
from optimizer.desk.on_screen import OnScreen
from optimizer.desk.people import OWNER, Person, Presence, Role, at_the_desk, needed
from optimizer.desk.policy_file import PolicyFile
from optimizer.desk.state import Did, State, Verified, step
from optimizer.desk.wish import SECONDS, OutdatedError
from optimizer.desk.worker import Worker, answered
from optimizer.explain.explanation import Explanation
from optimizer.language.text import EMPTY, Language, Text
from optimizer.policy.policy import Policy
from optimizer.problems.errors import LimitError, SubsidyError, UsageError
from optimizer.workbooks.sheet import Sheet

Listener = Callable[[], None]
_UNREAD = Text(
    "先前的操作紀錄無法接續（可能由其他版本的程式寫成）；其內容仍在 journal.jsonl，未更動",
    "the earlier journal cannot be gone on with, as by another version of the program; it stays in "
    "journal.jsonl as it was",
)
_PAUSE = 0.4  # seconds without a move after which reasons are worked out: nobody reads them before
_REST = 1.0  # seconds without a move after which it has come to rest


def stopping(kind: Kind) -> Role:
    """Return the role that ending an errand takes: that of beginning it."""
    return "decide" if kind in ("letters", "record") else "explore"


class Workbench:
    """One case that is worked on.

    Parameters
    ----------
    path
        A case folder, or a workbook with policy.toml beside it.
    language
        The case's own: of its journal and of every file that is written. What is shown is in the
        language of who looks.
    asked_for
        The language that every browser begins with, whatever it asks for; none in particular if empty.
    """

    def __init__(
        self, path: Path, language: Language = "zh-TW", asked_for: Language | Literal[""] = ""
    ) -> None:
        self.path = path
        self.folder = path if path.is_dir() else path.parent
        self.language: Language = language
        self.asked_for = asked_for
        self.worker = Worker(path)
        self.background = Background(path, self._errand_ended)
        self.journal = Journal(self.folder / NAME)
        self.check: Check | None = None
        self.tables: tuple[TableFound, ...] = ()
        self.columns: Columns = {}
        self.map: Map | None = None
        self.state: State | None = None
        self.answer: OnScreen | None = None
        self.error: SubsidyError | None = None
        self.knobs = ["pool.amount", "clause.school_cap.amount"]  # keys that are at hand
        self.waiting: float | None = None  # since when
        self.took = 0.0  # seconds from the last wish to its answer
        self.changed: set[Listener] = set()  # who hears that the state is another
        self.answered: set[Listener] = set()  # who hears of answers, and of waiting for one
        self.verified: Verified | None = None
        self.ending = EMPTY  # what is being done to finish the case, in words
        self.present = Presence()
        self.did = Did()  # the last change of the policy
        self.writing = asyncio.Lock()  # one revision after the other
        self.stranger = OWNER  # who somebody is of whom nothing is known
        self._title = ""  # where the case cannot be opened
        self._settled: State | None = None
        self._said: tuple[OnScreen | None, asyncio.Future[tuple[Text, ...] | None]] | None = None
        self._moving: tuple[SetKey, str] | None = None  # with the name of who moves it
        self._rest: asyncio.TimerHandle | None = None

    # ---- opening ---------------------------------------------------------------------------------

    async def open(self) -> None:
        """Read the case, and go on where the last sitting ended; see `Reread`."""
        try:
            await self._begin(await answered(self.worker.found))
        except SubsidyError as error:
            self.error = error
            self._title = await answered(lambda: self.worker.ask("title"))
        else:
            self.error = None
            self.tell()
            await self.refresh()
        with suppress(LimitError):
            self.check = await answered(self.worker.check)
            self.tables = await answered(lambda: self.worker.ask("tables"))
        self.tell()

    async def _begin(self, found: CaseFound) -> None:
        """Go on where the last sitting ended, whatever the files say now; or begin one."""
        self.columns, self.map = found.columns, found.map
        self._file = PolicyFile.at(self.folder / "policy.toml")
        text = self._file.content.decode("utf-8-sig")
        last = self.journal.last(found.policy.file)
        if last is None:
            self.journal.opened(text)
            lost = (_UNREAD,) if self.journal.begun_before else None
            last = replace(State.of(found.policy), final=self.journal.final, reread=lost)
        gone = await self._gone(last)
        if gone or last.file != found.policy:
            last = self._gone_on(last, Reread(text, gone))
        self.state = self._settled = last

    async def _gone(self, state: State) -> tuple[str, ...]:
        """Return the applications decided on by hand that stand in the files no longer."""
        policies = [state.draft, *(pin.policy for pin in state.now.pins)]
        decided = [*dict.fromkeys(one for policy in policies for one in decisions_of(policy))]
        if not decided or state.final:
            return ()
        gone: tuple[str, ...] = await answered(lambda: self.worker.ask("absent", decided))
        return gone

    def _gone_on(self, before: State, event: Reread) -> State:
        """Go on from files that say something else than when the last sitting ended, and note it."""
        after = step(before, event)
        self.journal.note(event, before, after, login=self.person.name)
        return after

    async def reopen(self, path: Path | None = None) -> None:
        """Read the files again: they were mended; or those of another case.

        Raises
        ------
        UsageError
            If this person may not.
        """
        self.person.allow("decide")
        self.settle()
        self.background.reread(path or self.path)  # what that ends stands in the journal of then
        if path is not None:
            self.path, self.folder = path, path if path.is_dir() else path.parent
            self.journal = Journal(self.folder / NAME)
        self.worker.reread(self.path)
        self.state = self._settled = self.answer = self.error = self.check = self.verified = None
        self.tables = ()
        self.tell()
        await self.open()

    def close(self) -> None:
        """Note what was moved last, and end the worker and the errands."""
        self.settle()
        self.worker.close()
        self.background.close()

    # ---- what is done ----------------------------------------------------------------------------

    @property
    def person(self) -> Person:
        """On whose account this is done."""
        return at_the_desk.get(self.stranger)

    @property
    def title(self) -> str:
        """What the plan is called; the name of its folder where that is not known."""
        said = self.state.draft.settings.plan.title if self.state else self._title
        return said or self.path.resolve().name

    @property
    def now(self) -> State:
        """The state of a case that is open."""
        assert self.state is not None
        return self.state

    def done(self, event: Event, who: str = "") -> bool:
        """Do something and note it in the journal; return whether it made a difference.

        Raises
        ------
        SubsidyError
            If it cannot be done, or not by this person; nothing is changed then.
        """
        self.person.allow(needed(event))
        self.settle()
        before = self.now
        after = step(before, event)
        if after is before:
            return False
        self._noted(event, before, after, who=who, login=self.person.name)
        self.state = after
        self.tell()
        return True

    def _noted(
        self, event: Event, before: State, after: State, *, login: str, who: str = ""
    ) -> None:
        """Note what was done, in the journal and for the others who are here."""
        self.journal.note(event, before, after, who=who, login=login)
        self._settled = after
        self.did = Did.of(login, before, after)

    async def do(self, event: Event, who: str = "") -> None:
        """Do something, as `done` does, and wait for the answer."""
        if self.done(event, who):
            await self.refresh()

    async def move(self, event: SetKey) -> None:
        """Set a key while it is still moving: the journal and undo hear only where it comes to rest.

        Raises
        ------
        SubsidyError
            If the value cannot be, or not by this person.
        """
        self.person.allow(needed(event))
        who, before = self.person.name, self.now.draft
        if self._moving is not None and (self._moving[0].key, self._moving[1]) != (event.key, who):
            self.settle()
        assert self._settled is not None
        self.state = step(self._settled, event)
        self._moving = event, who
        if self._rest is not None:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(_REST, self.settle)
        if self.now.draft != before:
            await self.refresh()

    def settle(self) -> None:
        """Note where what was moving has come to rest."""
        if self._moving is None or self._settled is None:
            return
        (event, login), self._moving = self._moving, None
        before, after = self._settled, self.now
        if after is not before:
            self._noted(event, before, after, login=login)
            self.tell()

    async def save(self) -> None:
        """Write policy.toml, its comments kept, unless somebody else has changed it; read anew what that takes.

        Raises
        ------
        UsageError
            If somebody has, or the system cannot write there.
        """
        self.person.allow("decide")
        self.settle()
        if self.now.final:
            step(self.now, Saved())  # says that the case is closed
        was = self.now.file
        self._file = self._file.written(was, self.now.draft)
        self.done(Saved())
        if read_otherwise(was, self.now.file):
            await self.reopen()
        else:
            await self.refresh()

    @property
    def is_changed_outside(self) -> bool:
        """Whether policy.toml says something else than when it was last read or written."""
        return self.state is not None and self._file.is_changed

    @property
    def policy_text(self) -> str:
        """The text of policy.toml as it would be written.

        Raises
        ------
        UsageError
            If the text cannot be changed so that it says what stands.
        """
        return self._file.with_changes(self.now.file, self.now.draft)

    def begin(self, errand: Errand) -> None:
        """Begin an errand.

        Raises
        ------
        UsageError
            If this person may not.
        """
        self.person.allow("explore")
        self.background.begin(errand)
        self.journal.beside(ERRAND, self.person.name, about=errand.kind)

    def stop(self, kind: Kind) -> None:
        """End an errand that is under way.

        Raises
        ------
        UsageError
            If this person may not.
        """
        self.person.allow(stopping(kind))
        self.background.cancel(kind)

    def _errand_ended(self, running: Running, came: Came) -> None:
        """Note how an errand ended; what it brought is not lost where that cannot be written."""
        why = asdict(running.error.message) if running.error else None
        noted = {"about": running.errand.kind, "came": came, **({"said": why} if why else {})}
        with suppress(UsageError):
            self.journal.beside(ERRAND, self.person.name, **noted)
        self.tell()

    # ---- what is known ---------------------------------------------------------------------------

    async def refresh(self, seconds: float = SECONDS) -> None:
        """Ask for the answer to what stands; of several, the last one alone is told.

        Parameters
        ----------
        seconds
            How long it may take; what is not proved by then is said not to be.
        """
        since = self.waiting = time.monotonic()
        self._tell(self.answered)
        try:
            answer, error = await self._asked(seconds), None
        except OutdatedError:
            return
        except SubsidyError as failed:
            answer, error = None, failed
        if self.waiting != since:
            return
        self.answer, self.error = answer, error
        self.took, self.waiting = time.monotonic() - since, None
        self._tell(self.answered)

    async def _asked(self, seconds: float) -> OnScreen:
        given = self.now.draft, self.now.base, seconds
        return await answered(lambda: self.worker.wish(*given))

    async def reasons(self) -> tuple[Text, ...] | None:
        """Say why each application got what it got; None once another answer is wished for."""
        answer = self.answer
        if self._said is None or self._said[0] is not answer:
            self._said = answer, asyncio.ensure_future(self._reasons(answer))
        said = await self._said[1]
        return said if self.answer is answer and self.waiting is None else None

    async def _reasons(self, answer: OnScreen | None) -> tuple[Text, ...] | None:
        await asyncio.sleep(_PAUSE)
        if self.answer is not answer or self.waiting is not None:
            return None
        with suppress(OutdatedError, SubsidyError):
            return await answered(lambda: self.worker.reasons(self.now.draft))
        return None

    async def look(self, policy: Policy, base: Policy | None = None) -> OnScreen | SubsidyError:
        """Return the answer to any policy against another, or the file's; or why there is none."""
        try:
            return await answered(lambda: self.worker.look(policy, base or self.now.file))
        except SubsidyError as error:
            return error

    async def moves(self, policy: Policy, base: Policy, language: Language) -> Sheet:
        """Say who gets another amount under one policy than under another, and why.

        Raises
        ------
        SubsidyError
            If one of them has no answer.
        """
        return await answered(lambda: self.worker.moves(policy, base, language))

    async def explain(self, application_id: str) -> Explanation:
        """Say why an application got what it got under what stands.

        Raises
        ------
        SubsidyError
            If there is no answer.
        """
        return await answered(lambda: self.worker.explain(application_id, self.now.draft))

    @property
    def target(self) -> Path:
        """The folder of the result."""
        return self.beside("result")

    def beside(self, what: str) -> Path:
        """Return a folder beside the case, so that it is never read as part of it."""
        folder = self.folder.resolve()
        return folder.with_name(f"{folder.name}-{what}")

    async def write(self, target: Path) -> dict[str, Any]:
        """Write the result of what is saved, verified; return its summary.

        Raises
        ------
        SubsidyError
            If something is not saved, or the folder is no place for it.
        """
        return await answered(lambda: self.worker.write(target, self.now.draft, self.language))

    def tell(self) -> None:
        """Say that something is another than it was."""
        self._tell(self.changed)

    def _tell(self, listeners: set[Listener]) -> None:
        for listener in tuple(listeners):
            listener()
