"""One case at the workbench: its state, its journal, its worker, and what is known of the answer.

It waits for answers without blocking anybody, and tells whoever listens; it knows no framework.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from optimizer.check import Check
from optimizer.desk.events import Event, Saved, SetKey
from optimizer.desk.found import CaseFound, TableFound
from optimizer.desk.journal import NAME, Journal
from optimizer.desk.key_forms import Columns
from optimizer.desk.on_screen import OnScreen
from optimizer.desk.policy_file import PolicyFile
from optimizer.desk.sitting import OutdatedError
from optimizer.desk.state import State, step
from optimizer.desk.worker import Worker
from optimizer.explain.explanation import Explanation
from optimizer.language.text import Language
from optimizer.policy.policy import Policy
from optimizer.problems.errors import SubsidyError

Listener = Callable[[], None]
_REST = 1.0  # seconds without a move after which it has come to rest


class Workbench:
    """One case that is worked on.

    Parameters
    ----------
    path
        A case folder, or a workbook with policy.toml beside it.
    language
        In which it begins.
    """

    def __init__(self, path: Path, language: Language = "zh-TW") -> None:
        self.path = path
        self.folder = path if path.is_dir() else path.parent
        self.language: Language = language
        self.worker = Worker(path)
        self.journal = Journal(self.folder / NAME)
        self.check: Check | None = None
        self.tables: tuple[TableFound, ...] = ()
        self.columns: Columns = {}
        self.state: State | None = None
        self.answer: OnScreen | None = None
        self.error: SubsidyError | None = None
        self.waiting: float | None = None  # since when
        self.took = 0.0  # seconds from the last wish to its answer
        self.changed: set[Listener] = set()  # who hears that the state is another
        self.answered: set[Listener] = set()  # who hears of answers, and of waiting for one
        self._settled: State | None = None
        self._moving: SetKey | None = None
        self._rest: asyncio.TimerHandle | None = None

    # ---- opening ---------------------------------------------------------------------------------

    async def open(self) -> None:
        """Read the case, and go on where the last sitting ended if the policy file is the same."""
        try:
            self._begin(await asyncio.wrap_future(self.worker.found()))
        except SubsidyError as error:
            self.error = error
        else:
            self.error = None
            self._tell(self.changed)
            await self.refresh()
        self.check = await asyncio.wrap_future(self.worker.check())
        self.tables = await asyncio.wrap_future(self.worker.ask("tables"))
        self._tell(self.changed)

    def _begin(self, found: CaseFound) -> None:
        """Go on where the last sitting ended, or begin one."""
        self.columns = found.columns
        self._file = PolicyFile.at(self.folder / "policy.toml")
        last = self.journal.last(found.policy.file)
        if last is None or last.file != found.policy:
            self.journal.opened(self._file.content.decode("utf-8-sig"))
            last = State.of(found.policy)
        self.state = self._settled = last

    async def reopen(self, path: Path | None = None) -> None:
        """Read the files again: they were mended; or those of another case."""
        self.settle()
        if path is not None:
            self.path, self.folder = path, path if path.is_dir() else path.parent
            self.journal = Journal(self.folder / NAME)
        self.worker.reread(self.path)
        self.state = self._settled = self.answer = self.error = self.check = None
        self.tables = ()
        self._tell(self.changed)
        await self.open()

    def close(self) -> None:
        """Note what was moved last, and end the worker."""
        self.settle()
        self.worker.close()

    # ---- what is done ----------------------------------------------------------------------------

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
            If it cannot be done; nothing is changed then.
        """
        self.settle()
        before = self.now
        after = step(before, event)
        if after is before:
            return False
        self.journal.note(event, before, after, who)
        self.state = self._settled = after
        self._tell(self.changed)
        return True

    async def do(self, event: Event, who: str = "") -> None:
        """Do something, as `done` does, and wait for the answer."""
        if self.done(event, who):
            await self.refresh()

    async def move(self, event: SetKey) -> None:
        """Set a key while it is still moving: the journal and undo hear only where it comes to rest.

        Raises
        ------
        SubsidyError
            If the value cannot be.
        """
        if self._moving is not None and self._moving.key != event.key:
            self.settle()
        assert self._settled is not None
        self.state = step(self._settled, event)
        self._moving = event
        if self._rest is not None:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(_REST, self.settle)
        await self.refresh()

    def settle(self) -> None:
        """Note where what was moving has come to rest."""
        if self._moving is None or self._settled is None:
            return
        event, self._moving = self._moving, None
        before, after = self._settled, self.now
        if after is not before:
            self.journal.note(event, before, after)
            self._settled = after
            self._tell(self.changed)

    async def save(self) -> None:
        """Write policy.toml, its comments kept, unless somebody else has changed it.

        Raises
        ------
        UsageError
            If somebody has, or the system cannot write there.
        """
        self.settle()
        self._file = self._file.written(self.now.file, self.now.draft)
        await self.do(Saved())

    @property
    def policy_text(self) -> str:
        """The text of policy.toml as it would be written.

        Raises
        ------
        UsageError
            If the text cannot be changed so that it says what stands.
        """
        return self._file.with_changes(self.now.file, self.now.draft)

    # ---- what is known ---------------------------------------------------------------------------

    async def refresh(self) -> None:
        """Ask for the answer to what stands; of several, the last one alone is told."""
        since = self.waiting = time.monotonic()
        self._tell(self.answered)
        try:
            answer, error = await self._asked(), None
        except OutdatedError:
            return
        except SubsidyError as failed:
            answer, error = None, failed
        if self.waiting != since:
            return
        self.answer, self.error = answer, error
        self.took, self.waiting = time.monotonic() - since, None
        self._tell(self.answered)

    async def _asked(self) -> OnScreen:
        given = self.now.draft, self.now.base, self.language
        try:
            return await asyncio.wrap_future(self.worker.wish(*given))
        except BrokenProcessPool:  # the process was ended; another begins
            return await asyncio.wrap_future(self.worker.wish(*given))

    async def look(self, policy: Policy) -> OnScreen | SubsidyError:
        """Return the answer to any policy against the file's, or why there is none."""
        try:
            asked = self.worker.look(policy, self.now.file, self.language)
            return await asyncio.wrap_future(asked)
        except SubsidyError as error:
            return error

    async def explain(self, application_id: str) -> Explanation:
        """Say why an application got what it got under what stands.

        Raises
        ------
        SubsidyError
            If there is no answer.
        """
        asked = self.worker.explain(application_id, self.now.draft, self.language)
        return await asyncio.wrap_future(asked)

    @property
    def target(self) -> Path:
        """The folder of the result: beside the case, so that it is never read as part of it."""
        return self.folder.resolve().with_name(f"{self.folder.resolve().name}-result")

    @property
    def fit_to_finish(self) -> bool:
        """Whether the data have no errors, the answer is proved, and the rules are in the file."""
        proved = self.answer is not None and self.answer.proved
        usable = self.check is not None and self.check.usable
        return proved and usable and not self.now.differences

    async def write(self, target: Path) -> dict[str, Any]:
        """Write the result of what is saved, verified; return its summary.

        Raises
        ------
        SubsidyError
            If something is not saved, or the folder is no place for it.
        """
        asked = self.worker.write(target, self.now.draft, self.language)
        return await asyncio.wrap_future(asked)

    async def speak(self, language: Language) -> None:
        """Go on in another language."""
        self.language = language
        if self.state is not None:
            await self.refresh()

    def _tell(self, listeners: set[Listener]) -> None:
        for listener in tuple(listeners):
            listener()
