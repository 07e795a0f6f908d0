"""Whom some list funds, many asked together: each question solved over bundles, and only so many.

``maximise sum of fund_a over those of whom it is not known``: whoever the list that is found has is on a list;
if none can have any of them, none of them is. Each question ends after so many nodes, and the
questions are counted, not timed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from optimizer.program.objectives import Additive
from optimizer.program.program import Program
from optimizer.program.rows import Decision
from optimizer.solving.doubt import SolverError
from optimizer.solving.dynamic.packing import NotTakeable
from optimizer.solving.formulation import Formulation
from optimizer.solving.options import Options

EFFORT = 10_000  # applications of the programs that are solved, added up; one is solved at any rate


@dataclass
class FoundOn:
    """Who is on some list, who on none; whoever is in neither is not known.

    Parameters
    ----------
    most
        How many questions there may be.
    questions
        How many there were.
    """

    most: int
    questions: int = field(default=0, init=False)
    some: set[int] = field(default_factory=set)
    none: set[int] = field(default_factory=set)


def found_on(program: Program, known: Decision, asked: Iterable[int]) -> FoundOn:
    """Say which of some applications lists that obey the rules fund, as far as so many questions tell.

    Parameters
    ----------
    program
        The rules; its goals are not looked at.
    known
        A list that obeys them.
    """
    found = FoundOn(max(1, EFFORT // max(1, program.size)))
    left = sorted(asked)
    if not left:
        return found
    from optimizer.solving.bundled import BundleModel  # HiGHS: loaded where it is asked

    try:
        model = BundleModel(program, Options())
        _together(model, known, left, found=found)
        _each(model, known, left, found=found)
    except (NotTakeable, SolverError):
        pass
    return found


def _together(model: Formulation, known: Decision, asked: list[int], found: FoundOn) -> None:
    """Ask for all of whom it is not known, as long as that tells of some."""
    while left := _left(asked, found):
        if found.questions == found.most or not _ask(model, known, left, found=found):
            break


def _each(model: Formulation, known: Decision, asked: list[int], found: FoundOn) -> None:
    """Ask for one after another."""
    for a in asked:
        if found.questions < found.most and a in _left(asked, found):
            _ask(model, known, [a], found=found)


def _left(asked: list[int], found: FoundOn) -> list[int]:
    return [a for a in asked if a not in found.some and a not in found.none]


def _ask(model: Formulation, known: Decision, some: list[int], found: FoundOn) -> bool:
    """Ask once; say whether it told of anybody that some list funds them."""
    found.questions += 1
    worth = np.zeros(model.program.size, dtype=np.int64)
    worth[some] = 1
    model.known = known
    answer = model.improve(Additive(worth), brief=True)
    before = len(found.some)
    if answer.decision is not None:
        found.some.update(np.flatnonzero(answer.decision.fund).tolist())
    if answer.proved and answer.value == 0:
        found.none.update(some)
    return len(found.some) > before
