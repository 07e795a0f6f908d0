"""Progress of a long run: a bar on a terminal, a line a priority elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from optimizer.cli.face import Face, clean
from optimizer.language.text import Text

if TYPE_CHECKING:
    from rich.progress import ProgressColumn

    from optimizer.policy.policy import Policy

Say = Callable[[str], None]
_FIRST = Text("審查資格與計分", "screening and scoring")
_LEFT = Text("尚需", "time left")
_STAGES = {
    "dynamic": Text("逐校精確計算", "exact dynamic programme"),
    "certainty": Text("判定各案結果的確定程度", "how certain each decision is"),
    "draw": Text("抽籤決定餘下同分者", "the draw settles the remaining ties"),
    "diagnosis": Text("找出互相牴觸的規則", "finding which rules conflict"),
    "explain_reason": Text("試算：若決定相反", "asking: the other decision"),
    "explain_merit": Text("試算：分數", "asking: another merit"),
    "explain_request": Text("試算：申請金額", "asking: another request"),
    "explain_pool": Text("試算：經費總額", "asking: a larger pool"),
    "explain_waiver": Text("試算：免除規則", "asking: without a rule"),
    "explain_rivals": Text("試算：若少了他案", "asking: without other applications"),
    "tables": Text("寫出表格", "writing the tables"),
    "workbooks": Text("寫出試算表", "writing the workbooks"),
    "published": Text("寫出公告名冊", "writing the lists to publish"),
    "record": Text("排版 PDF 紀錄", "setting the PDF record"),
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


def counted(face: Face, ids: Sequence[str]) -> AbstractContextManager[Say]:
    """Give a function to call with each application as its turn comes.

    A terminal shows how many are done and how long the rest will take; elsewhere nothing is said of
    single ones. What is asked about one that takes long is said beside the bar.
    """
    return _counting(face, ids) if face.err.is_terminal else nullcontext(_nothing)


def shares(face: Face, what: Text) -> AbstractContextManager[Say]:
    """Give a function to call with ``done/all`` as work goes on; off a terminal nothing is said."""
    return _sharing(face, what) if face.err.is_terminal else nullcontext(_nothing)


@contextmanager
def _sharing(face: Face, what: Text) -> Iterator[Say]:
    from rich.progress import Progress, TextColumn

    bars = (TextColumn(face.say(what), markup=False), *_time_left(face))
    with Progress(*bars, console=face.err, transient=True) as bar:
        task = bar.add_task("", total=None)

        def say(step: str) -> None:
            done, _, every = step.partition("/")
            bar.update(task, completed=int(done), total=int(every), refresh=True)

        yield say


def _time_left(face: Face) -> tuple[ProgressColumn, ...]:
    """Return a bar, how many are done, and how long the rest will take."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

    left = TextColumn(face.say(_LEFT), markup=False)
    return BarColumn(bar_width=24), MofNCompleteColumn(), left, TimeRemainingColumn()


def _nothing(step: str) -> None:
    """Say nothing."""


@contextmanager
def _counting(face: Face, ids: Sequence[str]) -> Iterator[Say]:
    from rich.progress import Progress, TextColumn

    bars = (*_time_left(face), TextColumn("{task.description}", markup=False))
    place = {own_id: number for number, own_id in enumerate(ids)}
    with Progress(*bars, console=face.err, transient=True) as bar:
        task = bar.add_task("", total=len(ids))

        def say(step: str) -> None:
            shown = clean(face.say(_STAGES.get(step, Text(step, step))))
            if step in place:
                bar.update(task, completed=place[step])
            bar.update(task, description=shown, refresh=True)

        yield say


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
