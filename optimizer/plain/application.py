"""One application as its papers say it, with its school, its reviews, its budget and its meetings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from optimizer.tables.settings import Settings


class School(NamedTuple):
    """A school: its code, level and name, whether it took part in the ministry's programme, its size.

    Numbers of students and classes are None where they are blank.
    """

    code: str
    level: str
    name: str
    in_programme: bool
    students: int | None = None
    classes: int | None = None


class ReviewerMarks(NamedTuple):
    """One reviewer's marks, by criterion, as given.

    Numerators over `SCALE`; None for a blank. A reviewer who is recused gives none.
    """

    reviewer: str
    marks: tuple[int | None, ...]
    recused: bool


class Line(NamedTuple):
    """One line of a budget; quantity and unit price may be blank."""

    item: str
    quantity: int | Fraction | None
    unit_price: int | Fraction | None
    amount: int


@dataclass(frozen=True, slots=True)
class Application:
    """What one application says; None stands for a blank.

    Parameters
    ----------
    merit
        Where merit was settled elsewhere; else None.
    school
        The lead school.
    held_on
        The days of its meetings; empty where the case does not list them.
    lines
        Its budget; None where the case has no budget lines at all.
    """

    application_id: str
    convener: str
    type: str
    methods: tuple[str, ...]
    members: int | None
    meetings: int | None
    requested: int
    own_funds: int | None
    partners: tuple[str, ...]
    submitted_on: date | None
    prior_outcome: str
    merit: int | Fraction | None
    school: School
    reviews: tuple[ReviewerMarks, ...]
    held_on: tuple[date, ...]
    lines: tuple[Line, ...] | None


@dataclass(frozen=True)
class Papers:
    """All applications of a case, in the order of their ids.

    Parameters
    ----------
    settings
        The policy's tables.
    schools
        By code: one school, or one a level.
    applications
        Sorted by id.
    """

    settings: Settings
    schools: Mapping[str, tuple[School, ...]]
    applications: tuple[Application, ...]
