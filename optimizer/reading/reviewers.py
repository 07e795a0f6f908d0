"""Whose reviews a sheet or file holds, and which of them are no reviewer's: summaries and copies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect, shorten
from optimizer.reading.raw_table import RawColumn, RawTable
from optimizer.tables.schema import APPLICATION, REVIEWS_LONG, Table

REVIEWER = REVIEWS_LONG.column("reviewer")
_SUMMARY = re.compile(
    "範例|範本|樣本|空白|彙整|彙總|平均|總表|合計|統計|sample|example|template|summary|average|total",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"[\s_\-－–—(（\[【]*(?P<what>(?<=[(（\[【])\d{1,3}|複製|副本|拷貝|備份|修[正訂改]版?|更正版?|定稿|最終版?|"
    r"新版|copy|backup|final|revised|v\d{1,3})[\s)）\]】]*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:審查|評審|評分|審核)?(?:委員|人員?|者)(?:姓名)?|評審|姓名|reviewer(?:'s name)?|reviewed by",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z][A-Za-z .'’-]*|[^\W_](?:\s+[^\W_](?!\S))|[^\s_＿.…(（,，;；:：]+")
_SEVERAL = re.compile("[、,，;；/／]")
_LEAST = 3  # applications from which the same marks throughout are no chance


def own_reviewers(raw: RawTable) -> RawColumn | None:
    """Return the column that says whose each review is; a blank one counts as none."""
    return next((c for c in raw.columns if REVIEWS_LONG.find(c.header) is REVIEWER), None)


def tells(raw: RawTable) -> bool:
    """Return whether a table says itself whose each review is."""
    own = own_reviewers(raw)
    return own is not None and any(own.texts)


def stated(raw: RawTable) -> str:
    """Return the reviewer whom a line above a table names: 審查委員：王大明; blank if there is none."""
    return next((name for _, name in _stated(raw)), "")


def _stated(raw: RawTable) -> Iterator[tuple[int, str]]:
    for original in raw.originals:
        for line, row in enumerate(islice(original.rows(), raw.header_row - 1), start=1):
            text = "：".join(filter(None, map(str.strip, row)))
            for label, said in re.findall("([^\\s:：]+)[ 　]*[:：]+[ 　]*([^:：]*)", text):
                name = _NAME.match(said)
                if _LABEL.fullmatch(label) and name and not _SEVERAL.search(said):
                    yield line, name[0].strip()


def doubtful(
    parts: Sequence[RawTable], reviewers: Sequence[str], table: Table
) -> Iterator[Problem]:
    """Yield the sheets and files that would count as a reviewer of their own, and are hardly one.

    Parameters
    ----------
    parts
        The parts of the reviews as they stand.
    reviewers
        Whose reviews each part holds by its name; blank where the name does not tell.
    table
        The table of reviews.
    """
    named = [
        (part, name)
        for part, name in zip(parts, reviewers, strict=True)
        if name and (len(parts) > 1 or not tells(part))
    ]
    yield from (_no_reviewer(part) for part, name in named if _SUMMARY.search(name))
    single = [
        (part, name, set() if tells(part) else _rows(part, table))
        for part, name in named
        if not _SUMMARY.search(name)
    ]
    for (one, name, marks), (other, its, others) in combinations(single, 2):
        if (copy := _copy_of(name, its)) is not None:
            yield _twice(*((other, one) if copy else (one, other)))
        elif marks == others and _tell_apart(marks):
            yield _same(one, other)
    for part, name in zip(parts, reviewers, strict=True):
        yield from _contradicted(part, name)


def _copy_of(name: str, other: str) -> int | None:
    """Return which of two names is that of a copy of the other, None if neither is.

    委員(1) and 委員(2) are two reviewers where nobody is called 委員.
    """
    for at, (short, long) in enumerate(((other, name), (name, other))):
        if (found := _COPY.search(long)) and long[: found.start()]:
            base = long[: found.start()]
            mine = _COPY.search(short)
            if base == short or (
                not found["what"].isdecimal() and mine and short[: mine.start()] == base
            ):
                return at
    return None


def _tell_apart(marks: set[tuple[str, ...]]) -> bool:
    """Return whether marks are so many and different that nobody else gives the same by chance."""
    return len({row[0] for row in marks}) >= _LEAST and len({row[1:] for row in marks}) > 1


def _rows(raw: RawTable, table: Table) -> set[tuple[str, ...]]:
    """Return the number of each application with its marks; of a total row, too."""
    long = all(
        any(REVIEWS_LONG.find(h) is REVIEWS_LONG.column(k) for h in raw.header) for k in _MARK
    )
    known = REVIEWS_LONG if long else table
    columns = {
        found.key: column
        for column in raw.columns
        if (found := known.find(column.header)) and found is not REVIEWER
    }
    if APPLICATION.key not in columns:
        return set()
    first = columns.pop(APPLICATION.key)
    ordered = [first, *(columns[key] for key in sorted(columns))]
    return set(zip(*([c.texts[code] for code in c.codes.tolist()] for c in ordered), strict=True))


_MARK = ("criterion", "points")


def _no_reviewer(part: RawTable) -> Problem:
    return defect(
        "not_a_reviewer",
        Text(
            "名稱像是範例或彙整，不像一位委員的評分",
            "is named like a sample or a summary, not like one reviewer's reviews",
        ),
        file=part.file,
        expected=Text(
            "每位委員一份：「評分」加委員姓名。", "One a reviewer: “reviews” and the name."
        ),
        hint=Text(
            "不計入請刪除或移出資料夾；若是一位委員的評分，請改名為「評分」加委員姓名。",
            "Delete it or take it out of the folder if it does not count; if it is one reviewer's, "
            "name it “reviews” and the reviewer.",
        ),
    )


def _twice(part: RawTable, other: RawTable) -> Problem:
    return defect(
        "copy_of_reviews",
        Text(
            f"名稱像是「{other.file}」的複本或另一版",
            f"is named like a copy or another version of {other.file}",
        ),
        file=part.file,
        expected=Text("每位委員只能有一份。", "One a reviewer was expected."),
        hint=Text(
            "請留下正確的一份，另一份刪除或移出資料夾；若是兩位委員，請改名以便分辨。",
            "Keep the right one, and delete the other or take it out of the folder; if they are two "
            "reviewers, name them so that they can be told apart.",
        ),
    )


def _same(one: RawTable, other: RawTable) -> Problem:
    return defect(
        "same_marks",
        Text(
            f"每件申請的分數都與「{one.file}」相同",
            f"gives every application the same marks as {one.file}",
        ),
        file=other.file,
        hint=Text(
            f"若是複本請刪除；若確為兩位委員的評分，請在兩份都加上「{REVIEWER.zh}」一欄填寫姓名。",
            f"If it is a copy, delete it; if they are two reviewers' own, add a column {REVIEWER.key} "
            "with the name to both.",
        ),
    )


def _contradicted(part: RawTable, name: str) -> Iterator[Problem]:
    """Yield the first line above a part that names another reviewer than the part says itself."""
    own = own_reviewers(part) if tells(part) else None
    names = {name} if own is None else {text for text in own.texts if text}
    if len(names) > 1 or not any(names):
        return
    (said,) = names
    for line, above in islice(_stated(part), 1):
        if above not in said and said not in above:
            where = Text("名稱", "the name of the sheet or file") if own is None else _COLUMN
            yield _other_reviewer(part, line, above, said=said, where=where)


_COLUMN = Text(f"「{REVIEWER.zh}」欄", f"the column {REVIEWER.key}")


def _other_reviewer(part: RawTable, line: int, above: str, said: str, where: Text) -> Problem:
    return defect(
        "two_reviewers",
        Text(
            f"表上方寫的委員與{where.zh}的「{said}」不同",
            f"is named above the table, and {where.en} says {said!r}",
        ),
        file=part.file,
        row=line,
        value=shorten(above),
        expected=Text("兩處應是同一位委員。", "One reviewer was expected in both."),
        hint=Text(
            "請改正其中一處；若是同一位，請寫成一樣。",
            "Mend one of the two; if they are one person, write them alike.",
        ),
    )
