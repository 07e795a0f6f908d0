"""Many tasks of one kind: in this process, in several of this machine, or on a cluster.

The answers come in the order of the tasks, each as soon as it and all before it are there; of many
tasks only a batch is held at a time. What was answered is kept (`optimizer.scenarios.store`), so that
a run that was ended goes on where it was. A process that dies takes nothing with it: its tasks are
given to another. A worker holds on to the work, so that a session in it stays warm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from threading import local
from typing import Any
from uuid import uuid4

from optimizer.language.text import Text
from optimizer.problems.errors import UsageError
from optimizer.scenarios.cluster import on_cluster
from optimizer.scenarios.store import Answer, Store

Work = Callable[[Any], Answer]
Each = Callable[[Sequence[Any]], Iterator[Answer]]
_BATCH = 256  # tasks that are given out at a time, for each process; it waits for the last of them
_DEATHS = 3  # of processes one after the other, without an answer between them


@dataclass(frozen=True)
class Task:
    """One thing to be worked out.

    Parameters
    ----------
    key
        Digest of everything that its answer depends on.
    content
        What the work is given.
    """

    key: str
    content: Any


@dataclass(frozen=True)
class Workers:
    """Who does the work.

    Parameters
    ----------
    jobs
        Processes of this machine.
    cluster
        Address of a Dask scheduler, e.g. ``tcp://10.0.0.5:8786``; empty for this machine.
    """

    jobs: int = 1
    cluster: str = ""


def run(work: Work, tasks: Iterable[Task], workers: Workers, kept: Store) -> Iterator[Answer]:
    """Yield the answer of each task in turn.

    Parameters
    ----------
    work
        Makes an answer of a task's content; its answers depend on nothing else.
    tasks
        What is to be worked out; they are asked for as their turn comes.
    workers
        Who does it; the answers are the same whoever does.
    kept
        Where answers are found and kept.

    Raises
    ------
    UsageError
        If there is no such cluster, or answers cannot be kept, or processes die again and again.
    """
    with _hands(work, workers) as (each, many):
        left = iter(tasks)
        while batch := list(islice(left, _BATCH * many)):
            yield from _answers(each, batch, kept)


def _answers(each: Each, batch: Sequence[Task], kept: Store) -> Iterator[Answer]:
    known = [kept.find(task.key) for task in batch]
    new = each([task.content for task, answer in zip(batch, known, strict=True) if answer is None])
    for task, answer in zip(batch, known, strict=True):
        if answer is None:
            answer = next(new)
            kept.keep(task.key, answer)
        yield answer


@contextmanager
def _hands(work: Work, workers: Workers) -> Iterator[tuple[Each, int]]:
    """Give what answers a batch of tasks, and how many it works on at once."""
    if workers.cluster:
        with on_cluster(workers.cluster) as many:
            yield _shared(work, many), many
    elif workers.jobs > 1:
        yield _shared(work, workers.jobs), workers.jobs
    else:
        yield lambda contents: map(work, contents), 1


def _shared(work: Work, many: int) -> Each:
    """Return what answers a batch by joblib, on whatever it is told to use."""
    name = uuid4().hex

    def each(contents: Sequence[Any]) -> Iterator[Answer]:
        from joblib import Parallel, delayed

        done = deaths = 0
        while done < len(contents):
            hands = Parallel(n_jobs=many, return_as="generator")
            try:
                for answer in hands(delayed(_answer)(name, work, task) for task in contents[done:]):
                    done, deaths = done + 1, 0
                    yield answer
            except BrokenProcessPool as error:
                deaths += 1
                if deaths == _DEATHS:
                    raise UsageError(_DYING) from error

    return each


class _Held(local):
    """The work that a thread of a worker was given first, with whatever its tasks have left in it."""

    name = ""
    work: Work


_held = _Held()


def _answer(name: str, work: Work, content: Any) -> Answer:
    """Answer one task in a worker, which is given the same work anew with every few of them."""
    if name != _held.name:
        _held.name, _held.work = name, work
    return _held.work(content)


_DYING = Text(
    "工作程序一再被系統終止，多半是記憶體不足；請減少程序數（jobs）後再執行一次。",
    "Worker processes are ended by the system again and again, most likely for want of memory. Run "
    "the same again with fewer processes (jobs).",
)
