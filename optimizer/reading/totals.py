"""Scores that were settled elsewhere and stand in a table of their own: one row an application."""

from __future__ import annotations

from dataclasses import replace

from optimizer.errors import Problem
from optimizer.reading.findings import BadCell, Findings, broken
from optimizer.reading.reader import ReadTable, check_unique, read_columns
from optimizer.reading.tables import RawColumn, RawTable
from optimizer.schema import APPLICATION, APPLICATIONS, REVIEWS_LONG, TOTALS, Table
from optimizer.text import Text


def with_totals(applications: RawTable, totals: RawTable, findings: Findings) -> RawTable:
    """Give the applications their scores, as if these stood in a column of their own.

    Both tables are taken as they stand; what is wrong with a score is said where it stands.
    """
    if not _has(totals, TOTALS, "merit") or _has(totals, REVIEWS_LONG, "reviewer"):
        findings.add(_no_criteria(totals))
        return applications
    table = read_columns(totals, TOTALS, findings)
    check_unique(table, ("application_id",), "application_id")
    own = next(
        (c for c in applications.columns if APPLICATIONS.find(c.header) is APPLICATION), None
    )
    if own is None or not table.has("application_id"):
        return applications
    ids = [own.at(at) for at in range(len(applications))]
    given = _given(table, frozenset(ids))
    column = RawColumn.of(TOTALS.column("merit").zh, [given.get(one, "") for one in ids])
    return replace(applications, columns=(*applications.columns, column))


def _given(table: ReadTable, known: frozenset[str]) -> dict[str, str]:
    """Return the score of each application as text, and report those that nobody handed in."""
    found, merit = {}, table["merit"]
    for at in range(len(table)):
        application_id = table["application_id"].value_at(at)
        if application_id and application_id not in known:
            table.report("application_id", at, _UNKNOWN)
        elif application_id:
            found[application_id] = merit.texts[int(merit.codes[at])]
    return found


def only_totals(raw: RawTable, table: Table, findings: Findings) -> bool:
    """Report a table that has totals and no marks, where the policy names the criteria."""
    criteria = table.columns[2:]
    marked = any(_has(raw, table, column.key) for column in criteria)
    if marked or _has(raw, REVIEWS_LONG, "points") or not _has(raw, TOTALS, "merit"):
        return False
    findings.add(
        broken(
            "totals_and_criteria",
            Text("只有總分，沒有各項分數", "has totals and no marks"),
            file=raw.file,
            row=raw.header_row,
            hint=Text(
                "請補上各審查項目的分數；若成績已另行核定，請刪除 policy.toml [review] 的 criteria。",
                "Add the marks of each criterion; if the scores are settled, take criteria out of "
                "[review] in policy.toml.",
            ),
        )
    )
    return True


def _has(raw: RawTable, table: Table, key: str) -> bool:
    return any((found := table.find(header)) and found.key == key for header in raw.header)


_UNKNOWN = BadCell(
    "unknown_application",
    Text("申請資料中沒有這個編號", "is not in the table of applications"),
    Text("應為申請資料中的編號。", "A number of an application there was expected."),
)


def _no_criteria(raw: RawTable) -> Problem:
    return broken(
        "reviews_without_criteria",
        Text(
            "計畫未訂審查項目，無法使用評分表",
            "cannot be used: the policy names no review criteria",
        ),
        file=raw.file,
        row=raw.header_row,
        hint=Text(
            "請在 policy.toml 的 [review] 訂定 criteria；每位委員只有總分時，寫 criteria = { total = 100 }"
            "（滿分），並將總分欄的標題改為 total。",
            "Name the criteria under [review] in policy.toml; where there is only a total a reviewer, "
            "write criteria = { total = 100 } (full marks), and make total the header of its column.",
        ),
    )
