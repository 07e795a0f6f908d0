"""Collecting what is wrong with the tables of a case, to say it all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from optimizer.language.text import EMPTY, Text
from optimizer.language.words import how_many
from optimizer.problems.errors import CaseError, Problem
from optimizer.tables.case_words import column_words

MOST_CARRIED = 1_000  # problems that one error carries; all of them are counted
MOST_OF_A_KIND = 100  # problems of one kind in one column that are carried


class BadCell(ValueError):  # noqa: N818 - what it is about, not an error of the program
    """A cell that cannot be read; says what was expected and what to do.

    A hint that takes time may be a function; it is called only if the hint is shown.
    """

    def __init__(
        self,
        code: str,
        message: Text,
        expected: Text = EMPTY,
        hint: Text | Callable[[], Text] = EMPTY,
    ) -> None:
        super().__init__(code, message, expected, hint)
        self.code = code
        self.message = message
        self.expected = expected
        self._hint = hint

    def with_hint(self, hint: Text) -> BadCell:
        """Return the same with another hint."""
        return BadCell(self.code, self.message, self.expected, hint)

    @property
    def hint(self) -> Text:
        """What to do."""
        return self._hint if isinstance(self._hint, Text) else self._hint()


def refuse(*problems: Problem) -> CaseError:
    """Return the error for what keeps a whole file from being read."""
    return CaseError(Text("無法讀取計畫資料。", "The case cannot be read."), list(problems))


@dataclass(frozen=True)
class RefusedCell:
    """A cell that was found bad, kept to look for swapped columns.

    Parameters
    ----------
    file, row, column
        Where it stands.
    value
        Its whole text.
    accepts
        Whether its column would have taken another text.
    """

    file: str
    row: int
    column: str
    value: str
    accepts: Callable[[str], bool]


class Findings:
    """All problems of all tables of a case, but those that are left out."""

    def __init__(self, leave_out: Callable[[Problem], bool] = lambda problem: False) -> None:
        self._leave_out = leave_out
        self.total = 0
        self._problems: list[Problem] = []
        self._places: list[tuple[int, RefusedCell]] = []
        self._kinds: Counter[tuple[str, str, str]] = Counter()

    def add(self, problem: Problem, place: RefusedCell | None = None) -> None:
        """Take up one problem."""
        if self._leave_out(problem):
            return
        self.total += 1
        if not self.has_room(problem.code, problem.file, problem.column):
            return
        self._kinds[(problem.code, problem.file, problem.column)] += 1
        self._problems.append(problem)
        if place is not None:
            self._places.append((len(self._problems) - 1, place))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take up several problems."""
        for problem in problems:
            self.add(problem)

    def count(self) -> None:
        """Count a problem that there is no room to carry."""
        self.total += 1

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Those that are carried, in the order in which they were found."""
        return tuple(self._problems)

    @property
    def is_full(self) -> bool:
        """Whether further problems are only counted."""
        return len(self._problems) >= MOST_CARRIED

    def has_room(self, code: str, file: str, column: str) -> bool:
        """Return whether one more problem of this kind would be carried."""
        few_of_kind = self._kinds[(code, file, column)] < MOST_OF_A_KIND
        return few_of_kind and not self.is_full

    def raise_if_any(self) -> None:
        """Raise everything that was found as one error."""
        if self.total:
            raise CaseError(self._summary(), self._sorted())

    def _summary(self) -> Text:
        carried = len(self._problems)
        if carried == self.total:
            return Text(
                f"計畫資料有 {self.total:,} 個問題：",
                f"The case has {how_many(self.total, 'problem')}:",
            )
        return Text(
            f"計畫資料有 {self.total:,} 個問題，以下列出 {carried:,} 個：",
            f"The case has {self.total:,} problems, {carried:,} of which are listed:",
        )

    def _sorted(self) -> list[Problem]:
        problems = list(self._problems)
        for index, partner in _swapped(self._places):
            problems[index] = replace(problems[index], hint=_swap_hint(partner))
        files = {file: order for order, file in enumerate(dict.fromkeys(p.file for p in problems))}
        return sorted(problems, key=lambda p: (files[p.file], p.row or 0))


def _swapped(entries: list[tuple[int, RefusedCell]]) -> Iterator[tuple[int, str]]:
    """Yield the problems that would all vanish if two columns of a file were exchanged.

    Both columns must be bad in the same rows, and exchanging their cells must mend every row.
    """
    columns: dict[tuple[str, str], dict[tuple[str, int], RefusedCell]] = {}
    for _, cell in entries:
        columns.setdefault((cell.file, cell.column), {})[cell.file, cell.row] = cell
    partner = {
        one: other
        for one, own in columns.items()
        for (_, other), its in columns.items()
        if own is not its and own.keys() == its.keys() and all(_mends(own[r], its[r]) for r in own)
    }
    for index, cell in entries:
        if (cell.file, cell.column) in partner:
            yield index, partner[cell.file, cell.column]


def _mends(own: RefusedCell, other: RefusedCell) -> bool:
    return own.value != other.value and own.accepts(other.value) and other.accepts(own.value)


def _swap_hint(column: str) -> Text:
    return Text(
        f"與「{column_words(column).zh}」欄是否互換了？",
        f"Is it exchanged with the column {column!r}?",
    )
