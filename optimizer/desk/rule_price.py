"""What a round would be without one of its rules, worked out rule by rule while nobody waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from optimizer.desk.wish import OutdatedError
from optimizer.desk.workbench import Workbench
from optimizer.desk.worker import answered
from optimizer.language.text import EMPTY, Text
from optimizer.policy.policy import Policy
from optimizer.problems.errors import Problem, SubsidyError


class RulePrices:
    """The price of each rule of what stands, as far as it is known.

    Parameters
    ----------
    desk
        The case.
    """

    def __init__(self, desk: Workbench) -> None:
        self.desk = desk
        self.remarks: tuple[Problem, ...] = ()  # what the data say of the rules that stand
        self._known: dict[str, tuple[Policy, Text]] = {}
        self._running: Policy | None = None

    def said(self, name: str) -> tuple[Text, bool]:
        """Return the price of a rule, and whether it is that of what stands; empty if not known."""
        known = self._known.get(name)
        return (EMPTY, False) if known is None else (known[1], known[0] == self.desk.now.draft)

    async def work_out(self, tell: Callable[[], None]) -> None:
        """Work out what is not known yet, rule by rule; a later change ends it."""
        asked = self.desk.now.draft
        if self._running == asked:
            return
        self._running = asked
        try:
            self.remarks = await self._ask("remarks")
            tell()
            for name in [f"{r.section}.{r.label}" for r in asked.rules]:
                if name.startswith(("clause.", "priority.")) and not self.said(name)[1]:
                    said = await self._ask("price", name)
                    self._known[name] = asked, said
                    tell()
        except (OutdatedError, SubsidyError):
            pass  # what has come meanwhile begins anew; what cannot be answered is said elsewhere
        finally:
            if self._running == asked:
                self._running = None

    async def _ask(self, method: str, *given: Any) -> Any:
        now = self.desk.now.draft
        found = await answered(lambda: self.desk.worker.ask_quietly(method, *given, of=now))
        if now != self.desk.now.draft:
            raise OutdatedError
        return found
