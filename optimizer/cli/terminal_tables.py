"""Tables for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from optimizer.cli.face import clean
from optimizer.language.text import EMPTY, Language, Text
from optimizer.problems.errors import Problem, Severity

if TYPE_CHECKING:
    from rich.console import Group

MOST_ROWS = 200  # rows of problems that a terminal is given
_COLUMNS = (
    Text("申請", "Application"),
    Text("位置", "Where"),
    Text("值", "Value"),
    Text("問題", "What"),
    Text("應為", "Expected"),
    Text("怎麼辦", "What to do"),
)


def table(
    language: Language,
    headers: Iterable[Text],
    rows: Iterable[Sequence[str]],
    title: Text = EMPTY,
    note: Text = EMPTY,
) -> Group:
    """Return a plain table between a title and a note.

    Every cell is shown as it stands, whatever it looks like. A header that starts with ``>`` stands
    over figures.
    """
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text as Cell

    made = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for header in (text.say(language) for text in headers):
        right = header.startswith(">")
        made.add_column(
            Cell(header.removeprefix(">")), justify="right" if right else "left", overflow="fold"
        )
    for row in rows:
        made.add_row(*(Cell(clean(cell)) for cell in row))
    above = [Cell(clean(title.say(language)), style="bold")] if title else []
    return Group(*above, made, *([Cell(clean(note.say(language)))] if note else []))


def place(problem: Problem, language: Language) -> str:
    """Return where a problem stands."""
    parts = (problem.table, problem.line, problem.header)
    return Text(" ", ", ").say(language).join(part.say(language) for part in parts if part)


def problem_table(problems: Sequence[Problem], language: Language, title: Text = EMPTY) -> Group:
    """Return problems as a table, without the columns that none of them fills."""
    shown = problems[:MOST_ROWS]
    rows = []
    for problem in shown:
        texts = (problem.shown, problem.message, problem.expected, problem.hint)
        said = (text.say(language) for text in texts)
        rows.append((problem.application_id, place(problem, language), *said))
    used = [n for n, column in enumerate(zip(*rows, strict=True)) if any(column)]
    hidden = len(problems) - len(shown)
    note = Text(
        f"另有 {hidden:,} 項未列出；subsidy check CASE --problems FILE 可寫出全部",
        f"{hidden:,} more are not shown; subsidy check CASE --problems FILE writes them all",
    )
    return table(
        language,
        [_COLUMNS[n] for n in used],
        [[row[n] for n in used] for row in rows],
        title=title,
        note=note if hidden else EMPTY,
    )


def problem_rows(problems: Iterable[Problem], language: Language) -> list[dict[str, Any]]:
    """Return problems as a JSON document holds them."""
    return [
        {
            "severity": str(problem.severity),
            "code": problem.code,
            "application_id": problem.application_id,
            "file": problem.file,
            "row": problem.row,
            "column": problem.column,
            "value": problem.value,
            "message": problem.message.say(language),
            "expected": problem.expected.say(language),
            "hint": problem.hint.say(language),
            "reference": problem.reference,
        }
        for problem in problems
    ]


def counts(problems: Iterable[Problem]) -> dict[str, int]:
    """Count problems by severity."""
    found = Counter(problem.severity for problem in problems)
    return {str(severity): found[severity] for severity in Severity}
