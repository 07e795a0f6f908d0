"""What applications say of schools, compared with the table of schools."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from optimizer.foundation.exact import IntArray
from optimizer.language.text import Text
from optimizer.reading.findings import BadCell
from optimizer.reading.reader import ReadTable
from optimizer.reading.school_names import same_school
from optimizer.reading.schools import Schools, unknown_school
from optimizer.tables.schema import fold


def check_partners(table: ReadTable, schools: Schools) -> None:
    """Report partner schools that are unknown, or the lead school itself."""
    partners, lead = table["partners"], table["school_id"]
    for at in partners.where(bool):
        codes = partners.value_at(at)
        if parts := _run_together(codes, schools):
            table.report("partners", at, _separator(parts, schools))
            continue
        for code in codes:
            if code not in schools.rows:
                table.report("partners", at, _partner(unknown_school(code, schools), code, schools))
            elif code == lead.value_at(at) and len(schools.rows[code]) == 1:
                table.report("partners", at, _IS_LEAD)


_IS_LEAD = BadCell(
    "partner_is_lead",
    Text("合作學校即主辦學校", "names the lead school itself"),
    Text("應為其他學校。", "Other schools were expected."),
)


def _run_together(codes: Sequence[str], schools: Schools) -> list[str]:
    """Return the codes of a cell that holds known ones with another mark than ; or 、 between them."""
    strange = [code for code in codes if code not in schools.rows]
    parts = [_BETWEEN.split(code) for code in strange]
    if not any(len(p) > 1 and any(_whole(c, schools) in schools.rows for c in p) for p in parts):
        return []
    return [part for code in codes for part in _BETWEEN.split(code) if part]


_BETWEEN = re.compile(r"[,，/／\\|+&\s和與及]+")


def _whole(code: str, schools: Schools) -> str:
    return schools.with_zeros(code) or code


def _separator(codes: Iterable[str], schools: Schools) -> BadCell:
    whole = ";".join(_whole(code, schools) for code in codes)
    return BadCell(
        "wrong_separator",
        Text("數個代碼之間要用「;」或「、」分隔", "needs ; or 、 between codes"),
        hint=Text(f"請寫成「{whole}」。", f"Write {whole}."),
    )


def _partner(failure: BadCell, code: str, schools: Schools) -> BadCell:
    """Say of which of the partners something is wrong."""
    if failure.code == "lost_leading_zero":
        name, expected = _name(_whole(code, schools), schools), failure.expected
        lost = f"names {code}, which has lost its leading zero"
        return BadCell(
            failure.code,
            Text(f"其中「{code}」開頭的 0 不見了", lost),
            Text(f"{expected.zh}{name}", f"{expected.en} {name}".rstrip()),
            failure.hint,
        )
    if failure.code != "unknown_school":
        return failure
    return BadCell(
        "unknown_partner",
        Text(f"學校資料中沒有 {code}", f"names {code}, which is not in the table of schools"),
        failure.expected,
        failure.hint,
    )


def _name(code: str, schools: Schools) -> str:
    """Return the name of a school in brackets."""
    rows = schools.rows.get(code)
    return f"（{schools.frame['name'].iloc[min(rows.values())]}）" if rows else ""


def check_copies(table: ReadTable, schools: Schools, school: IntArray) -> None:
    """Report a district or school name that is not the one of the application's school."""
    for key, column, same in (
        ("district", "district", _same_district),
        ("school_name", "name", same_school),
    ):
        if not table.has(key):
            continue
        names = schools.frame[column].tolist()
        for at in np.flatnonzero(table.good(key) & (school >= 0)).tolist():
            own, expected = table[key].value_at(at), names[int(school[at])]
            if own != expected and not same(own, expected):
                table.report(key, at, _differs(f"{key}_differs", expected))


def _differs(code: str, expected: str) -> BadCell:
    return BadCell(
        code,
        Text("與學校代碼不符", "does not go with the school code"),
        Text(f"學校資料為「{expected}」。", f"The table of schools says {expected!r}."),
        Text("代碼與名稱之中，請改正有誤的一項。", "Mend the one of the two that is wrong."),
    )


def _same_district(one: str, other: str) -> bool:
    return fold(one) == fold(other)
