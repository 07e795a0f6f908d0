"""Scores that were settled elsewhere and stand in a table of their own: one row an application."""

from __future__ import annotations

from dataclasses import replace

from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect
from optimizer.reading.columns import accepted, reader_of
from optimizer.reading.findings import BadCell, Findings
from optimizer.reading.raw_table import RawColumn, RawTable
from optimizer.reading.reader import ReadTable, check_unique, read_columns
from optimizer.tables.schema import APPLICATION, APPLICATIONS, REVIEWS_LONG, TOTALS, Table


def with_totals(applications: RawTable, totals: RawTable, findings: Findings) -> RawTable | None:
    """Give the applications their scores, as if these stood in a column of their own.

    Both tables are taken as they stand; what is wrong with a score is said where it stands. None
    where the table holds no settled scores, which is said.
    """
    if names := _reviewers(totals, TOTALS):
        findings.add(_a_column_each(totals, names))
        return None
    if not _has(totals, TOTALS, "merit") or _has(totals, REVIEWS_LONG, "reviewer"):
        findings.add(_no_criteria(totals))
        return None
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
    if names := _reviewers(raw, table):
        findings.add(_a_column_each(raw, names))
        return True
    criteria = table.columns[2:]
    marked = any(_has(raw, table, column.key) for column in criteria)
    if marked or _has(raw, REVIEWS_LONG, "points") or not _has(raw, TOTALS, "merit"):
        return False
    findings.add(
        defect(
            "totals_and_criteria",
            Text("只有總分，沒有各項分數", "has totals and no marks"),
            hint=_one_criterion(raw) if _has(raw, REVIEWS_LONG, "reviewer") else _SETTLED,
            **raw.heading(),
        )
    )
    return True


def _one_criterion(raw: RawTable) -> Text:
    """Say what to write in the policy where each reviewer gives a total alone."""
    write = f'criteria = {{ "{_total_header(raw)}" = 100 }}'
    return Text(
        f"若每位委員只評總分，請將 policy.toml [review] 的 criteria 改為：{write}（100 為滿分）；否則請補上"
        "各審查項目的分數。",
        f"If each reviewer gives a total alone, write under [review] in policy.toml: {write} (100 is "
        "the full mark); if not, add the marks of each criterion.",
    )


_SETTLED = Text(
    "若成績已另行核定，請刪除 policy.toml [review] 的 criteria；否則請補上各審查項目的分數。",
    "If the scores are settled, take criteria out of [review] in policy.toml; if not, add the marks of "
    "each criterion.",
)


def _total_header(raw: RawTable) -> str:
    """Return the name of the column of totals as it is written, without a note."""
    for header in raw.header:
        if (column := TOTALS.find(header)) and column.key == "merit":
            return header[: len(header) - len(TOTALS.note(header))].strip()
    return "總分"


def _reviewers(raw: RawTable, table: Table) -> list[str]:
    """Return the headers of a table that has nothing but a column of numbers for each reviewer."""
    others = [c for c in raw.columns if APPLICATIONS.find(c.header) is not APPLICATION]
    if any(t.find(c.header) for c in others for t in (table, REVIEWS_LONG, TOTALS)):
        return []
    read = reader_of(REVIEWS_LONG.column("points"))
    found = [c.header for c in others if any(c.texts) and all(accepted(read, t) for t in c.texts)]
    return found if len(found) > 1 else []


def _a_column_each(raw: RawTable, names: list[str]) -> Problem:
    shown = names[:6]
    return defect(
        "a_column_each",
        Text(
            f"沒有審查項目，似為每位委員一欄總分（{'、'.join(shown)}）",
            f"has no criteria, and seems to hold a column of totals for each of {', '.join(shown)}",
        ),
        hint=Text(
            "請改為每列一位委員，三欄為「申請編號」、「審查委員」、「總分」，並在 policy.toml 的 [review] 寫 "
            'criteria = { "總分" = 100 }（100 為滿分）；或自行算出成績，只留「申請編號」、「成績」兩欄，並刪除 '
            "criteria。",
            "Write one reviewer a row in the columns application_id, reviewer and 總分, and under "
            '[review] in policy.toml criteria = { "總分" = 100 } (100 is the full mark); or work the '
            "scores out, keep the columns application_id and merit alone, and take criteria out.",
        ),
        **raw.heading(),
    )


def _has(raw: RawTable, table: Table, key: str) -> bool:
    return any((found := table.find(header)) and found.key == key for header in raw.header)


_UNKNOWN = BadCell(
    "unknown_application",
    Text("申請資料中沒有這個編號", "is not in the table of applications"),
    Text("應為申請資料中的編號。", "A number of an application there was expected."),
)


def _no_criteria(raw: RawTable) -> Problem:
    return defect(
        "reviews_without_criteria",
        Text(
            "計畫未訂審查項目，無法使用評分表",
            "cannot be used: the policy names no review criteria",
        ),
        hint=_one_criterion(raw)
        if _has(raw, TOTALS, "merit")
        else Text(
            "請在 policy.toml 的 [review] 訂定 criteria：各審查項目及其滿分。",
            "Name the criteria and their full marks under [review] in policy.toml.",
        ),
        **raw.heading(),
    )
