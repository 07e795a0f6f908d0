"""Progress of a long run: a bar on a terminal, a line a priority elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from optimizer.cli.face import Face, clean
from optimizer.language.text import Text

if TYPE_CHECKING:
    from optimizer.policy.policy import Policy

Say = Callable[[str], None]
_FIRST = Text("審查資格與計分", "screening and scoring")
_STAGES = {
    "dynamic": Text("逐校精確計算", "exact dynamic programme"),
    "certainty": Text("判定各案結果的確定程度", "how certain each decision is"),
    "draw": Text("抽籤決定餘下同分者", "the draw settles the remaining ties"),
    "explain_reason": Text("試算：若決定相反", "asking: the other decision"),
    "explain_merit": Text("試算：分數", "asking: another merit"),
    "explain_request": Text("試算：申請金額", "asking: another request"),
    "explain_pool": Text("試算：經費總額", "asking: a larger pool"),
    "explain_waiver": Text("試算：免除規則", "asking: without a rule"),
    "explain_rivals": Text("試算：若少了他案", "asking: without other applications"),
    "tables": Text("寫出表格", "writing the tables"),
    "workbooks": Text("寫出試算表", "writing the workbooks"),
    "figures": Text("繪製圖表", "drawing the figures"),
    "report": Text("撰寫報告", "writing the report"),
    "summary": Text("寫出摘要", "writing the summary"),
}


def progress(face: Face, policy: Policy) -> AbstractContextManager[Say]:
    """Give a function to call with the name of each step as its turn comes."""
    names = {
        priority.label: Text(
            f"優先順序 {number}：{priority.spoken.zh}", f"priority {number}: {priority.spoken.en}"
        )
        for number, priority in enumerate(policy.priorities, start=1)
    }
    names.update((name, text) for name, text in _STAGES.items() if name not in names)
    return _told(face, names, len(names))


def steps(face: Face, total: int) -> AbstractContextManager[Say]:
    """Give a function to call with the name of each of so many equal steps."""
    return _told(face, {}, total)


def _told(face: Face, names: dict[str, Text], total: int) -> AbstractContextManager[Say]:
    return _bar(face, names, total) if face.err.is_terminal else _lines(face, names)


def _name(step: str, names: dict[str, Text]) -> str:
    """Return the name that is known of a step: that of its priority for one of several goals."""
    name = step.rpartition("[")[0]
    return name if name in names else step


@contextmanager
def _lines(face: Face, names: dict[str, Text]) -> Iterator[Say]:
    seen: set[str] = set()

    def say(step: str) -> None:
        name = _name(step, names)
        if name not in seen:
            seen.add(name)
            face.note(names.get(name, Text(name, name)))

    yield say


@contextmanager
def _bar(face: Face, names: dict[str, Text], total: int) -> Iterator[Say]:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    text = TextColumn("{task.description}", markup=False)
    columns = (SpinnerColumn(), BarColumn(bar_width=24), TimeElapsedColumn(), text)
    order = {name: number for number, name in enumerate(names)}
    seen: set[str] = set()
    with Progress(*columns, console=face.err, transient=True) as bar:
        task = bar.add_task(face.say(_FIRST), total=total)

        def say(step: str) -> None:
            name = _name(step, names)
            shown = clean(face.say(names.get(name, Text(name, name))))
            done = order.get(name, len(seen))
            bar.update(task, description=shown, completed=done, refresh=True)
            seen.add(name)

        yield say
