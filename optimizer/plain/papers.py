"""From the tables as they stand to one application after another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

from optimizer.plain.application import Application, Line, Papers, ReviewerMarks, School
from optimizer.plain.cells import UnreadableError
from optimizer.plain.in_memory import written
from optimizer.plain.layout import TableRows, header
from optimizer.tables.originals import Original
from optimizer.tables.records import Records
from optimizer.tables.schema import (
    APPLICATIONS,
    BUDGET_LINES,
    MEETINGS,
    RECUSED,
    REVIEWS_LONG,
    SCHOOLS,
    TOTALS,
    Table,
    reviews_table,
)
from optimizer.tables.settings import Settings

Tables = Mapping[str, tuple[Original, ...]]
_Marks = Mapping[str, Sequence[ReviewerMarks]]


def read_papers(records: Records) -> Papers:
    """Read a case again: from its files where it has some, else from its cells written out.

    Raises
    ------
    UnreadableError
        At the first cell that cannot be read.
    """
    settings, originals = records.settings, records.originals
    if originals is None or not originals.are_of(records):
        return _read(written(records), settings)
    key = tuple(settings.review.criteria)
    known: Papers | None = originals.papers.get(key)
    papers = originals.papers[key] = known or _read(originals.tables, settings)
    return replace(papers, settings=settings)


def _read(tables: Tables, settings: Settings) -> Papers:
    schools: dict[str, tuple[School, ...]] = {}
    for school in _schools(tables):
        schools[school.code] = (*schools.get(school.code, ()), school)
    reviews = _reviews(tables, tuple(settings.review.criteria))
    settled = {} if settings.review.criteria else _totals(tables)
    applications = _applications(tables, schools, reviews, settled)
    in_order = sorted(applications, key=attrgetter("application_id"))
    return Papers(settings, schools, tuple(in_order))


def _all(tables: Tables, table: Table) -> Iterator[TableRows]:
    for original in tables.get(table.key, ()):
        yield TableRows(original, table)


def _schools(tables: Tables) -> Iterator[School]:
    for rows in _all(tables, SCHOOLS):
        yes = [said == "yes" for said in rows.column("evaluation_programme")]
        names = (rows.column(key) for key in ("school_id", "level", "name"))
        sizes = (rows.column(key) for key in ("students", "classes"))
        yield from map(School, *names, yes, *sizes)


def _totals(tables: Tables) -> Mapping[str, Any]:
    """Return the scores that stand in a table of their own."""
    return {
        own_id: merit
        for rows in _all(tables, TOTALS)
        for own_id, merit in zip(rows.column("application_id"), rows.column("merit"), strict=True)
    }


def _applications(
    tables: Tables,
    schools: Mapping[str, tuple[School, ...]],
    reviews: _Marks,
    settled: Mapping[str, Any],
) -> Iterator[Application]:
    held_on, lines = _meetings(tables), _lines(tables)
    for rows in _all(tables, APPLICATIONS):
        leads = zip(rows.lines, rows.column("school_id"), rows.column("level"), strict=True)
        cells = zip(*map(rows.column, _COLUMNS), strict=True)
        for (line, code, level), own in zip(leads, cells, strict=True):
            yield Application(  # type: ignore[misc]
                *own[:-1],
                merit=settled.get(own[0], own[-1]),
                school=_lead(schools, code, level, (rows.file, line, "school_id")),
                reviews=tuple(reviews.get(own[0], ())),
                held_on=tuple(held_on.get(own[0], ())),
                lines=None if lines is None else tuple(lines.get(own[0], ())),
            )


_KEYS = {column.key for column in APPLICATIONS.columns}
_COLUMNS = [field.name for field in fields(Application) if field.name in _KEYS]


def _lead(
    schools: Mapping[str, tuple[School, ...]], code: str, level: str, place: tuple[str, int, str]
) -> School:
    """Return the school of a code, and of a level where one is given."""
    found = [s for s in schools.get(code, ()) if s.level == level or not level]
    if len(found) != 1:
        raise UnreadableError(code, place)
    return found[0]


def _meetings(tables: Tables) -> Mapping[str, Sequence[Any]]:
    held_on = defaultdict(list)
    for rows in _all(tables, MEETINGS):
        for own_id, day in zip(rows.column("application_id"), rows.column("date"), strict=True):
            held_on[own_id].append(day)
    return held_on


def _lines(tables: Tables) -> Mapping[str, Sequence[Line]] | None:
    """Return each application's budget; None where the case has no budget lines."""
    lines: dict[str, list[Line]] = defaultdict(list)
    for rows in _all(tables, BUDGET_LINES):
        columns = (rows.column(key) for key in ("item", "quantity", "unit_price", "amount"))
        for own_id, item, quantity, price, amount in zip(
            rows.column("application_id"), *columns, strict=True
        ):
            lines[own_id].append(Line(item, quantity, price, amount))
    return lines or None


def _reviews(tables: Tables, criteria: tuple[str, ...]) -> _Marks:
    """Return each application's reviews."""
    found: dict[str, list[ReviewerMarks]] = defaultdict(list)
    for original in tables.get("reviews", ()) if criteria else ():
        _, place = header(original.rows(), REVIEWS_LONG)
        if "criterion" in place and "points" in place:
            reviews = _by_mark(TableRows(original, REVIEWS_LONG), criteria)
        else:
            reviews = _by_review(TableRows(original, reviews_table(criteria)), criteria)
        for own_id, reviewer, marks in reviews:
            name = reviewer or original.reviewer
            found[own_id].append(ReviewerMarks(name, marks, RECUSED.key in marks))
    return found


_Row = tuple[str, str, tuple[Any, ...]]  # application, reviewer, marks by criterion


def _by_review(rows: TableRows, criteria: tuple[str, ...]) -> Iterator[_Row]:
    """Yield the rows of a table with a column a criterion."""
    names = (rows.column("application_id"), rows.column("reviewer"))
    return zip(*names, zip(*map(rows.column, criteria), strict=True), strict=True)


def _by_mark(rows: TableRows, criteria: tuple[str, ...]) -> Iterator[_Row]:
    """Yield the reviews of a table with one mark a row."""
    found: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    columns = map(rows.column, ("application_id", "reviewer", "criterion", "points"))
    for own_id, reviewer, criterion, mark in zip(*columns, strict=True):
        found[own_id, reviewer][criterion] = mark
    for (own_id, reviewer), marks in found.items():
        yield own_id, reviewer, tuple(marks.get(criterion) for criterion in criteria)
