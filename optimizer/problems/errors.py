"""What can go wrong, each kind with the exit code that the command ends with.

Errors are for people. A `Problem` says what is wrong, where it stands, what was expected and what
to do; an exception carries *all* the problems of its stage at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypedDict, Unpack

from optimizer.language.text import EMPTY, Language, Text
from optimizer.tables.case_words import column_words, table_words, value_words


class Severity(StrEnum):
    """How much a problem weighs."""

    ERROR = "error"  # the case cannot be used until it is mended
    REFUSAL = "refusal"  # the application is ineligible
    FLAG = "flag"  # worth a look; decides nothing


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong or notable, with its place.

    Parameters
    ----------
    severity
        ``error``, ``refusal`` or ``flag``.
    code
        A short stable word for the kind of problem, e.g. ``not_a_number``, or for a refusal or
        flag the name of the clause, e.g. ``members``.
    message, expected, hint
        What is wrong; what was expected; what to do (may be empty).
    file, row, column, value
        Where it stands. `row` is the line as a spreadsheet counts it (the header is 1);
        `file` may name a sheet as ``workbook.xlsx[reviews]``.
    application_id, reference
        The application concerned, and the section of the plan, if any.
    """

    severity: Severity
    code: str
    message: Text
    expected: Text = EMPTY
    hint: Text = EMPTY
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    application_id: str = ""
    reference: str = ""

    @property
    def place(self) -> str:
        """The place in one short string, e.g. ``reviews.csv, row 12, needs``."""
        return self.where("en")

    def where(self, language: Language) -> str:
        """Return the place in one short string, in a language."""
        parts = (self.table.say(language), self.line.say(language), self.header.say(language))
        return ("，" if language == "zh-TW" else ", ").join(part for part in parts if part)

    @property
    def line(self) -> Text:
        """The line in words: a row of a table, a line of a text."""
        if self.row is None:
            return EMPTY
        if self._is_text:
            return Text(f"第 {self.row} 行", f"line {self.row}")
        return Text(f"第 {self.row} 列", f"row {self.row}")

    @property
    def header(self) -> Text:
        """What people call the column; a key of a text stands as it is written."""
        return Text(self.column, self.column) if self._is_text else column_words(self.column)

    @property
    def table(self) -> Text:
        """What people call the table or the file."""
        return table_words(self.file)

    @property
    def shown(self) -> Text:
        """The value as people call it: an error has it as typed, a screen has the program's word."""
        typed = self.severity is Severity.ERROR
        return Text(self.value, self.value) if typed else value_words(self.column, self.value)

    @property
    def right(self) -> str:
        """The value that was expected, if it is said by nothing but the value itself."""
        value = self.expected.zh.removeprefix("應為「").removesuffix("」")
        return value if self.expected == _stated(value) else ""

    @property
    def _is_text(self) -> bool:
        return any(ending in self.file for ending in (".toml", ".html", ".css", ".xml", ".pb"))

    def say(self, language: Language) -> str:
        """Return the whole problem as one line of text."""
        chinese = language == "zh-TW"
        shown = self.shown.say(language)
        value = f"「{shown}」" if chinese else f" {shown!r}"
        place = self.where(language) + ("：" if chinese else ": ") if self.place else ""
        said = self.message.say(language) + (value if self.value else "")
        for part, stop in ((self.expected, Text("；", "; ")), (self.hint, Text("。", ". "))):
            if more := part.say(language):
                said += ("" if chinese else " ") if said[-1:] in _STOPS else stop.say(language)
                said += more
        return place + said


def _stated(expected: str) -> Text:
    return Text(f"應為「{expected}」", f"expected {expected!r}")


_STOPS = (*"。；：！？.;:!?", "")


class Details(TypedDict, total=False):
    """What a problem may say beside its message, with the words of `Problem`.

    What was expected is said in words, or is the value itself.
    """

    expected: Text | str
    hint: Text
    file: str
    row: int | None
    column: str
    value: str
    application_id: str
    reference: str


def problem_of(severity: Severity, code: str, message: Text, **details: Unpack[Details]) -> Problem:
    """Return a problem of some weight."""
    stated: dict[str, Any] = dict(details)
    expected = stated.get("expected", EMPTY)
    if isinstance(expected, str):
        stated["expected"] = _stated(expected) if expected else EMPTY
    return Problem(severity, code, message, **stated)


def defect(code: str, message: Text, **details: Unpack[Details]) -> Problem:
    """Return a problem that keeps something from being used."""
    return problem_of(Severity.ERROR, code, message, **details)


def flag(code: str, message: Text, **details: Unpack[Details]) -> Problem:
    """Return what is worth a look."""
    return problem_of(Severity.FLAG, code, message, **details)


def one_of(names: Iterable[str], chinese: Iterable[str] | None = None) -> Text:
    """Say what there is to choose from."""
    known = list(names)
    zh = "、".join(known if chinese is None else chinese)
    return Text(f"可用：{zh}", f"one of: {', '.join(known)}")


def shorten(value: str) -> str:
    """Return a value short enough for a message, on one line."""
    line = " ".join(value[: 4 * _SHOWN].split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


_SHOWN = 80  # characters of a value that are shown


class SubsidyError(Exception):
    """Base of every error that the program raises on purpose.

    Parameters
    ----------
    message
        One sentence that names the kind of trouble.
    problems
        Every single problem found.
    """

    exit_code = 3

    def __init__(self, message: Text, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, tuple(problems))  # what pickling gives to a new one
        self.message = message
        self.problems = tuple(problems)

    def say(self, language: Language) -> str:
        """Return the message and all problems, a line each."""
        lines = [self.message.say(language), *(problem.say(language) for problem in self.problems)]
        return "\n".join(lines)

    def in_a_cell(self, language: Language) -> str:
        """Return the same on one line, each with the stop that a sentence has."""
        stop, space = ("。", "") if language == "zh-TW" else (".", " ")
        lines = [" ".join(line.split()) for line in self.say(language).split("\n")]
        return space.join(line if line[-1:] in _STOPS else line + stop for line in lines)

    def __str__(self) -> str:
        return self.say("en")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.args == other.args

    def __hash__(self) -> int:
        return hash((type(self), self.args))


class UsageError(SubsidyError):
    """The command or call itself cannot be carried out as given (exit code 2)."""

    exit_code = 2


class CaseError(SubsidyError):
    """The data of a case cannot be used (exit code 3)."""


class PolicyError(SubsidyError):
    """The policy cannot be used (exit code 3)."""


class TemplateError(SubsidyError):
    """The templates of the letters cannot be used (exit code 3)."""


@dataclass(frozen=True)
class WayOut:
    """What would mend a policy that no allocation can obey.

    Parameters
    ----------
    text
        What is changed, in words.
    values, drop
        The same as a scenario's ``set`` and ``drop`` have it.
    """

    text: Text
    values: Mapping[str, Any]
    drop: tuple[str, ...] = ()


class InfeasibleError(SubsidyError):
    """No allocation obeys every clause (exit code 4); the problems name the clauses in conflict.

    Parameters
    ----------
    message, problems
        As for every error.
    ways_out
        What would mend it, the cheapest first, where that was looked into.
    """

    exit_code = 4

    def __init__(
        self, message: Text, problems: Sequence[Problem] = (), ways_out: Sequence[WayOut] = ()
    ) -> None:
        super().__init__(message, problems)
        self.ways_out = tuple(ways_out)


class AuditError(SubsidyError):
    """An allocation or a finished result failed its audit (exit code 5)."""

    exit_code = 5


class LimitError(SubsidyError):
    """A limit was reached before any allocation was found (exit code 6)."""

    exit_code = 6


class NotComparableError(SubsidyError):
    """A finished result has files that cannot be compared here, and nothing else differs (exit code 6)."""

    exit_code = 6


def no_allocation() -> InfeasibleError:
    """Return the error that says no allocation exists, as yet without the clauses in conflict."""
    return InfeasibleError(
        Text("現有規則無法同時遵守，無法核定", "no allocation obeys every clause at once")
    )
