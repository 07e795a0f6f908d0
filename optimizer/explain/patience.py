"""How much is solved for one explanation: counted, not timed, so that the same is said everywhere."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field


class OutOfPatienceError(Exception):
    """The limit came, or patience ended, before a measure was settled.

    Parameters
    ----------
    upto
        The last value that was settled, as were all before it: none of them turns the decision.
    found
        What was found before that.
    """

    def __init__(self, upto: int | None = None, found: Sequence[object] = ()) -> None:
        super().__init__()
        self.upto, self.found = upto, found


EFFORT = 3_000  # applications of the rounds that are solved again for one explanation, added up
LED = 30_000  # the same where tables answer most, and what they leave is solved by the like
QUESTION = 12_000_000  # of one question, as `Effort` counts it: some seconds


@dataclass
class Patience:
    """What one explanation may still ask by solving again.

    What was solved before is counted, too: an explanation says the same whatever was asked earlier.
    """

    _most: int | None = None  # None: no end
    _asked: set[Hashable] = field(default_factory=set)
    _spent: int = 0

    @contextmanager
    def of(self, effort: int | None) -> Iterator[None]:
        """Allow so many applications of solved rounds, added up, until the block ends."""
        self._most, self._spent, self._asked = effort, 0, set()
        try:
            yield
        finally:
            self._most = None

    @property
    def counts(self) -> bool:
        """Whether there is an end to it."""
        return self._most is not None

    @contextmanager
    def part(self, of: int) -> Iterator[None]:
        """Allow no more than one of so many equal parts of what is left, until the block ends."""
        whole = self._most
        if whole is not None:
            self._most = self._spent + max(0, whole - self._spent) // of
        try:
            yield
        finally:
            self._most = whole

    def reaches(self, count: int, size: int) -> bool:
        """Say whether so many more questions, about so many applications each, would all be solved."""
        return self._most is None or self._spent + (count - 1) * size < self._most

    def allows(self, what: Hashable, size: int) -> bool:
        """Count a question about a round of so many applications, once; say whether it is still solved."""
        if self._most is None or what in self._asked:
            return True
        if self._spent >= self._most:
            return False
        self._asked.add(what)
        self._spent += size
        return True
