"""Reading all the tables of a case, and saying everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from optimizer.foundation.collection import without_collection
from optimizer.problems.errors import Problem
from optimizer.reading.applications import read_applications
from optimizer.reading.boundaries import Read, read_boundaries, without_outline
from optimizer.reading.budget_and_meetings import read_details
from optimizer.reading.encoding import check_encoding
from optimizer.reading.files import Source
from optimizer.reading.findings import Findings
from optimizer.reading.misplaced_tables import foreign
from optimizer.reading.places import CaseFiles, find_tables
from optimizer.reading.raw_table import RawTable
from optimizer.reading.read_so_far import ReadSoFar, read_so_far
from optimizer.reading.reviews import read_reviews
from optimizer.reading.schools import read_schools
from optimizer.reading.totals import with_totals
from optimizer.reading.unknown import ANY_REVIEWS, depends_on, own_review
from optimizer.tables.originals import Originals
from optimizer.tables.records import Records
from optimizer.tables.reviews import Reviews
from optimizer.tables.schema import BUDGET_LINES, MEETINGS, TOTALS, Table, case_tables
from optimizer.tables.settings import Settings

_NO_MAP = Read()
Further = Callable[[ReadSoFar], Iterable[Problem]]


def nothing(_: ReadSoFar) -> Iterable[Problem]:
    """Yield nothing further."""
    return ()


def read_records(
    path: Path,
    settings: Settings,
    encoding: str | None = None,
    unknown: Collection[str] = (),
    further: Further = nothing,
) -> tuple[Records, tuple[Source, ...]]:
    """Read and check the tables of a case.

    Parameters
    ----------
    path
        A case folder, a workbook, or a folder that holds one workbook.
    settings
        The policy's tables; its review criteria say which marks to expect.
    encoding
        The encoding of all CSV files, if the strict order of trials is wrong.
    unknown
        Tables of the policy, `plan` or `review`, that are not as the settings have them, as nobody
        knows yet how they are; what depends on them is left out.
    further
        Yields what else is wrong with tables that have mistakes already; it is not asked of others.

    Returns
    -------
    The typed tables, and every file that was read.

    Raises
    ------
    CaseError
        With every bad cell of every table at once.
    """
    if encoding is not None:
        check_encoding(encoding)
    place = find_tables(path)
    folder = path if path.is_dir() else path.parent
    map_ = read_boundaries(folder, settings.plan.boundaries)
    records = records_of(
        lambda t, f: _read_raw(place, t, encoding, f),
        settings,
        unknown,
        map_=map_,
        further=further,
    )
    return records, (*place.sources, *map_.sources)


def records_of(
    read: Callable[[Sequence[Table], Findings], Mapping[str, RawTable]],
    settings: Settings,
    unknown: Collection[str] = (),
    *,
    map_: Read = _NO_MAP,
    further: Further = nothing,
) -> Records:
    """Check and type the tables of a case, wherever they come from.

    Parameters
    ----------
    read
        Returns the tables as they stand, those that could be read.
    settings, unknown, further
        As for `read_records`.
    map_
        What became of the file with the outlines of the districts.

    Raises
    ------
    CaseError
        With every bad cell of every table at once.
    """
    findings = Findings(depends_on(unknown))
    with without_collection():
        raw = read(expected_tables(settings, unknown), findings)
        if "review" in unknown:
            settings = replace(settings, review=own_review(raw.get("reviews")))
        records = _read_typed(raw, settings, findings)
        _look_at_map(map_, records, findings)
        if findings.total and not findings.is_full:
            findings.extend(further(read_so_far(records, raw, findings.problems)))
    findings.raise_if_any()
    return replace(records, outlines=map_.outlines)


def _look_at_map(map_: Read, records: Records, findings: Findings) -> None:
    """Report what is wrong with the outlines, and districts without one."""
    findings.extend(map_.problems)
    schools = [] if records.schools.empty else sorted(set(records.schools["district"]))
    if map_.outlines is not None:
        findings.extend(without_outline(map_.outlines, records.settings.plan.districts or schools))


def expected_tables(settings: Settings, unknown: Collection[str]) -> list[Table]:
    """Return the tables that the policy has, or might have."""
    criteria = settings.review.criteria
    reviews = ANY_REVIEWS if "review" in unknown else None if criteria else TOTALS
    return [
        table if reviews is None or table.key != reviews.key else reviews
        for table in case_tables(criteria)
    ]


def _read_raw(
    place: CaseFiles, tables: Sequence[Table], encoding: str | None, findings: Findings
) -> dict[str, RawTable]:
    """Return the tables as they stand, those that could be read."""
    findings.extend(map(foreign, place.foreign))
    found = {table.key: place.read(table, encoding, findings) for table in tables}
    findings.extend(place.unused(tables))
    return {key: raw for key, raw in found.items() if raw is not None}


def _read_typed(raw: Mapping[str, RawTable], settings: Settings, findings: Findings) -> Records:
    """Return the typed tables; an unreadable one stays out and is in the findings already."""
    review, listed = settings.review, settings.plan.districts
    schools = read_schools(raw["schools"], findings, listed) if "schools" in raw else None
    columns, scored = dict(raw), bool(review.criteria)
    if not scored and {"applications", "reviews"} <= set(raw):
        given = with_totals(raw["applications"], columns.pop("reviews"), findings)
        columns["applications"] = raw["applications"] if given is None else given
        scored = given is None  # what is missing is said already
    own = columns.get("applications")
    applications = None if own is None else read_applications(own, schools, scored, findings)
    reviews = (
        read_reviews(columns["reviews"], applications, review, findings)
        if "reviews" in columns and review.criteria
        else Reviews.none(review.criteria)
    )
    details = {
        table.key: read_details(columns[table.key], table, applications, findings)
        for table in (BUDGET_LINES, MEETINGS)
        if len(columns.get(table.key, ()))
    }
    records = Records(
        settings,
        pd.DataFrame() if schools is None else schools.frame,
        pd.DataFrame() if applications is None else applications.frame,
        reviews=reviews,
        budget_lines=details.get("budget_lines"),
        meetings=details.get("meetings"),
    )
    return _with_originals(records, raw)


def _with_originals(records: Records, raw: Mapping[str, RawTable]) -> Records:
    """Keep the tables as they stood beside what was made of them."""
    tables = {key: table.originals for key, table in raw.items()}
    if not all(tables.values()):
        return records
    return replace(records, originals=Originals.of(tables, records))
