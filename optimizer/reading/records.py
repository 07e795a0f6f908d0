"""Reading all the tables of a case, and saying everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from optimizer.originals import Originals
from optimizer.reading.applications import read_applications
from optimizer.reading.details import read_budget_lines, read_meetings
from optimizer.reading.encoding import check_encoding
from optimizer.reading.files import Source
from optimizer.reading.findings import Findings, broken
from optimizer.reading.pause import without_collection
from optimizer.reading.places import Place, find_tables
from optimizer.reading.reviews import empty_reviews, read_reviews
from optimizer.reading.schools import read_schools
from optimizer.reading.tables import RawTable
from optimizer.records import Records
from optimizer.schema import Table, case_tables
from optimizer.settings import Settings
from optimizer.text import Text


def read_records(
    path: Path, settings: Settings, encoding: str | None = None
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
    findings = Findings()
    place = find_tables(path, case_tables(()))
    with without_collection():
        raw = _read_raw(place, settings, encoding, findings)
        records = _read_typed(raw, settings, findings)
    findings.raise_if_any()
    return records, place.sources


def _read_raw(
    place: Place, settings: Settings, encoding: str | None, findings: Findings
) -> dict[str, RawTable]:
    """Return the tables as they stand, those that could be read."""
    raw = {}
    for table in case_tables(settings.review.criteria):
        if table.key == "reviews" and not settings.review.criteria:
            _refuse_reviews(place, table, findings)
            continue
        found = place.read(table, encoding, findings)
        if found is not None:
            raw[table.key] = found
    return raw


def _refuse_reviews(place: Place, table: Table, findings: Findings) -> None:
    if place.has(table):
        findings.add(
            broken(
                "reviews_without_criteria",
                Text(
                    "計畫未訂審查項目，無法使用評分表",
                    "cannot be used: the policy names no review criteria",
                ),
                file=table.key,
                hint=Text(
                    "請在計畫訂定 review.criteria，或移除評分表。",
                    "Name them in review.criteria, or take the table out.",
                ),
            )
        )


def _read_typed(raw: Mapping[str, RawTable], settings: Settings, findings: Findings) -> Records:
    """Return the typed tables; an unreadable one stays out and is in the findings already."""
    review = settings.review
    schools = read_schools(raw["schools"], findings) if "schools" in raw else None
    applications = (
        read_applications(raw["applications"], schools, bool(review.criteria), findings)
        if "applications" in raw
        else None
    )
    reviews, denominator = (
        read_reviews(raw["reviews"], applications, review, findings)
        if "reviews" in raw
        else (empty_reviews(), 1)
    )
    details = {
        key: read(raw[key], applications, findings)
        for key, read in _DETAILS.items()
        if key in raw and len(raw[key])
    }
    records = Records(
        settings,
        pd.DataFrame() if schools is None else schools.frame,
        pd.DataFrame() if applications is None else applications.frame,
        reviews,
        denominator,
        details.get("budget_lines"),
        details.get("meetings"),
    )
    return _with_originals(records, raw)


def _with_originals(records: Records, raw: Mapping[str, RawTable]) -> Records:
    """Keep the tables as they stood beside what was made of them."""
    tables = {key: table.originals for key, table in raw.items()}
    return (
        replace(records, originals=Originals.of(tables, records))
        if all(tables.values())
        else records
    )


_DETAILS = {"budget_lines": read_budget_lines, "meetings": read_meetings}
