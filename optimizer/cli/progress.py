"""Progress of a long run: a bar on a terminal, a line a priority elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from optimizer.cli.face import Face, clean
from optimizer.language.text import Text

if TYPE_CHECKING:
    from optimizer.policy.policy import Policy

_FIRST = Text("審查資格與計分", "screening and scoring")
_STAGES = {
    "dynamic": Text("逐校精確計算", "exact dynamic programme"),
    "certainty": Text("判定各案結果的確定程度", "how certain each decision is"),
    "draw": Text("抽籤決定餘下同分者", "the draw settles the remaining ties"),
    "tables": Text("寫出表格", "writing the tables"),
    "workbooks": Text("寫出試算表", "writing the workbooks"),
    "figures": Text("繪製圖表", "drawing the figures"),
    "report": Text("撰寫報告", "writing the report"),
    "summary": Text("寫出摘要", "writing the summary"),
}


@contextmanager
def progress(face: Face, policy: Policy) -> Iterator[Callable[[str], None]]:
    """Give a function to call with the name of each step as its turn comes."""
    names = {
        priority.label: Text(
            f"優先順序 {number}：{priority.spoken.zh}", f"priority {number}: {priority.spoken.en}"
        )
        for number, priority in enumerate(policy.priorities, start=1)
    }
    names.update((name, text) for name, text in _STAGES.items() if name not in names)
    terminal = face.err.is_terminal
    with _bar(face, names, len(names)) if terminal else _lines(face, names) as say:
        yield say


class _AsTheyAre(dict[str, Text]):
    """Names that stand for themselves."""

    def __contains__(self, name: object) -> bool:
        return True


@contextmanager
def _lines(face: Face, names: dict[str, Text]) -> Iterator[Callable[[str], None]]:
    seen: set[str] = set()

    def say(step: str) -> None:
        name = step if step in names else step.split("[")[0]
        if name not in seen:
            seen.add(name)
            face.note(names.get(name, Text(name, name)))

    yield say


@contextmanager
def _bar(face: Face, names: dict[str, Text], total: int) -> Iterator[Callable[[str], None]]:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    text = TextColumn("{task.description}", markup=False)
    columns = (SpinnerColumn(), BarColumn(bar_width=24), TimeElapsedColumn(), text)
    order = {name: number for number, name in enumerate(names)}
    seen: set[str] = set()
    with Progress(*columns, console=face.err, transient=True) as bar:
        task = bar.add_task(face.say(_FIRST), total=total)

        def say(step: str) -> None:
            name = step.split("[")[0]
            shown = clean(face.say(names.get(name, Text(name, name))))
            done = order.get(name, len(seen))
            bar.update(task, description=shown, completed=done, refresh=True)
            seen.add(name)

        yield say


@contextmanager
def steps(face: Face, total: int) -> Iterator[Callable[[str], None]]:
    """Give a function to call with the name of each of so many equal steps."""
    names = _AsTheyAre()
    with _bar(face, names, total) if face.err.is_terminal else _lines(face, names) as say:
        yield say
