"""The table of invented applications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from optimizer.invented import vocabulary
from optimizer.invented.random_integers import Draws, Ints, Objects
from optimizer.invented.sketch import Sketch


def applications_table(
    draws: Draws, schools: pd.DataFrame, sketch: Sketch, asked: Ints
) -> pd.DataFrame:
    """Write out the applications, `asked` NT$ each."""
    size = sketch.size
    kinds = [
        list(vocabulary.TYPES)[i] for i in draws.weighted("type", size, vocabulary.TYPES.values())
    ]
    fields = _fields(draws, kinds)
    columns: dict[str, object] = {
        "application_id": sketch.ids,
        "school_id": schools["school_id"].to_numpy(dtype=object)[sketch.school],
        "title": _titles(draws, sketch, kinds, fields),
        "convener": invent_people(draws, "convener", size),
        "type": kinds,
        "methods": _methods(draws, size),
        "members": sketch.members,
        "meetings": sketch.meetings,
        "requested": asked,
        "partners": _partners(draws, schools, sketch),
        "fields": [";".join(names) for names in fields],
        "submitted_on": _submitted(draws, sketch),
        "own_funds": np.where(
            draws.chance("own", size, 250), 500 * draws.between("own_funds", size, 1, 8), 0
        ),
        "prior_outcome": _prior(draws, sketch),
    }
    table = pd.DataFrame(columns)
    if schools["school_id"].duplicated().any():
        level = schools["level"].to_numpy(dtype=object)[sketch.school]
        table.insert(2, "level", level)
    return table


def _fields(draws: Draws, kinds: Sequence[str]) -> list[list[str]]:
    """Draw no field, one or two different ones; a community for a subject has one at least."""
    size, names = len(kinds), list(vocabulary.FIELDS)
    first = draws.weighted("field", size, vocabulary.FIELDS.values())
    second = (first + draws.between("field_2", size, 1, len(names) - 1)) % len(names)
    some = draws.chance("any_field", size, 350)
    two = draws.chance("two_fields", size, 160)
    return [
        [names[a], names[b]] if both else [names[a]] if kind == "subject" or any_ else []
        for kind, a, b, any_, both in zip(kinds, first, second, some, two, strict=True)
    ]


def _titles(
    draws: Draws, sketch: Sketch, kinds: Sequence[str], fields: Sequence[Sequence[str]]
) -> list[str]:
    pick = draws.below("title", sketch.size, 1 << 20).tolist()
    stem = {
        "school_task": [f"{name}推動社群" for name in vocabulary.TASKS],
        "professional_topic": [f"{name}專業學習社群" for name in vocabulary.TOPICS],
        "other": [f"{name}社群" for name in vocabulary.OTHERS],
        "subject": [f"{name}教學社群" for name in vocabulary.THEMES],
    }
    grade = {
        level: [f"{name}{theme}社群" for name in names for theme in vocabulary.THEMES]
        for level, names in vocabulary.GRADES.items()
    }
    titles = []
    for kind, number, subjects, junior in zip(kinds, pick, fields, sketch.junior_high, strict=True):
        stems = grade["junior_high" if junior else "elementary"] if kind == "grade" else stem[kind]
        subject = "暨".join(subjects) if kind == "subject" else ""
        titles.append(f"{subject}{stems[number % len(stems)]}")
    return titles


def invent_people(draws: Draws, name: str, size: int) -> list[str]:
    """Invent people, their names masked."""
    surnames = draws.below(f"{name}/surname", size, len(vocabulary.SURNAMES)).tolist()
    given = draws.below(f"{name}/given", size, len(vocabulary.GIVEN_SYLLABLES)).tolist()
    return [
        f"{vocabulary.SURNAMES[a]}○{vocabulary.GIVEN_SYLLABLES[b]}"
        for a, b in zip(surnames, given, strict=True)
    ]


def _methods(draws: Draws, size: int) -> list[str]:
    """Draw one to three different methods, in the order of the form."""
    names, weights = list(vocabulary.METHODS), vocabulary.METHODS.values()
    chosen = np.zeros((size, len(names)), dtype=bool)
    rows = np.arange(size)
    for turn, per_thousand in enumerate((1_000, 600, 300)):
        used = draws.chance(f"method_{turn}", size, per_thousand)
        drawn = draws.weighted(f"method_{turn}/which", size, weights)
        chosen[rows[used], drawn[used]] = True
    codes = (chosen * (1 << np.arange(len(names)))).sum(axis=1).tolist()
    spelled = {
        code: ";".join(name for i, name in enumerate(names) if code >> i & 1) for code in set(codes)
    }
    return [spelled[code] for code in codes]


def _partners(draws: Draws, schools: pd.DataFrame, sketch: Sketch) -> list[str]:
    """Draw one or two other schools of the district for one application in nine."""
    ids = schools["school_id"].to_numpy(dtype=object)
    unique = ~schools["school_id"].duplicated(keep=False).to_numpy(dtype=bool)
    codes, _ = pd.factorize(schools["district"])
    neighbours = {int(code): rows for code, rows in _groups(codes, np.flatnonzero(unique))}
    wanted = draws.chance("partners", sketch.size, 110)
    pick = draws.below("partner", sketch.size, 1 << 20)
    count = draws.between("partner_count", sketch.size, 1, 2)
    cells = [""] * sketch.size
    for i in np.flatnonzero(wanted):
        own = sketch.school[i]
        near = neighbours.get(int(codes[own]), np.empty(0, dtype=np.int64))
        near = near[near != own]
        if len(near):
            start = int(pick[i]) % len(near)
            cells[i] = ";".join(sorted(ids[np.roll(near, -start)[: count[i]]]))
    return cells


def _groups(codes: Ints, rows: Ints) -> Iterable[tuple[int, Ints]]:
    """Yield each code with those of `rows` that have it, in their order."""
    order = rows[np.argsort(codes[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    for part in np.split(order, starts[1:]):
        if len(part):
            yield int(codes[part[0]]), part


def _submitted(draws: Draws, sketch: Sketch) -> list[str]:
    first, last = vocabulary.WINDOW
    span = (last - first).days
    day = span - np.minimum(
        draws.below("day", sketch.size, span + 1), draws.below("haste", sketch.size, span + 1)
    )
    late = sketch.faults["late"] | sketch.faults["late_and_too_few_members"]
    day = np.where(late, span + draws.between("delay", sketch.size, 1, 9), day)
    form = draws.weighted("date_form", sketch.size, (17, 1, 1, 1))
    return [
        write_date(first + timedelta(days), way)
        for days, way in zip(day.tolist(), form.tolist(), strict=True)
    ]


def write_date(day: date, way: int) -> str:
    """Write a date in ISO form or in one of three ROC forms."""
    year = day.year - 1911
    return (
        day.isoformat(),
        f"{year}/{day.month}/{day.day}",
        f"{year}.{day.month:02d}.{day.day:02d}",
        f"{year}年{day.month}月{day.day}日",
    )[way]


def _prior(draws: Draws, sketch: Sketch) -> Objects:
    known = np.where(draws.chance("prior", sketch.size, 420), "reported", "")
    return np.where(sketch.faults["prior_missing"], "missing", known).astype(object)
