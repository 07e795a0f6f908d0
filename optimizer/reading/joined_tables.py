"""Several files or sheets that hold one table, put together: one reviewer a sheet, or a part each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optimizer.foundation.exact import plus
from optimizer.reading.findings import Findings, refuse
from optimizer.reading.footer import without_footer
from optimizer.reading.header_notes import unknown_notes
from optimizer.reading.raw_table import PART, RawColumn, RawTable
from optimizer.reading.reviewers import REVIEWER, doubtful, own_reviewers, stated, tells
from optimizer.tables.schema import Table, fold

IN_PARTS = "reviews"  # the table that may stand in several files or sheets


def joined(
    parts: Sequence[RawTable], reviewers: Sequence[str], table: Table, findings: Findings
) -> RawTable:
    """Check the parts of a table for what is not its own, and put them together.

    Parameters
    ----------
    parts
        At least one.
    reviewers
        Whose reviews each part holds by the name of its file or sheet; blank where it does not tell.
    table
        Which table it is.
    findings
        Takes up what is wrong.

    Raises
    ------
    CaseError
        With the parts that would count as a reviewer of their own, and are hardly one.
    """
    for raw in parts:
        findings.extend(unknown_notes(raw, table))
    own = [without_footer(raw, table, findings) for raw in parts]
    if table.key == IN_PARTS and (doubts := list(doubtful(own, reviewers, table))):
        raise refuse(*doubts)
    told = [name or stated(raw) for name, raw in zip(reviewers, own, strict=True)]
    return join_parts(own, told, table)


def join_parts(parts: Sequence[RawTable], reviewers: Sequence[str], table: Table) -> RawTable:
    """Put the parts of a table together, each row with the place it came from.

    Parameters
    ----------
    parts
        At least one.
    reviewers
        Whose reviews each part holds by its name, for parts without a column of reviewers; blank
        where the name does not tell.
    table
        Which columns mean the same.
    """
    named = [_with_reviewer(p, r) for p, r in zip(parts, reviewers, strict=True)]
    if len(named) == 1:
        return named[0]
    headers: dict[str, str] = {}
    for part in named:
        for header in part.header:
            headers.setdefault(_meaning(header, table), header)
    columns = tuple(
        RawColumn.of(header, [text for part in named for text in _cells(part, meaning, table)])
        for meaning, header in headers.items()
    )
    places = {meaning: at for at, meaning in enumerate(headers)}
    return RawTable(
        "、".join(part.file for part in named),
        columns,
        np.concatenate([plus(part.rows, PART * at) for at, part in enumerate(named)]),
        named[0].header_row,
        suspects={
            (line + PART * at, places[_meaning(part.header[column], table)]): reason
            for at, part in enumerate(named)
            for (line, column), reason in part.suspects.items()
            if column < len(part.header)
        },
        files=tuple(part.file for part in named),
        originals=tuple(original for part in named for original in part.originals),
    )


def _with_reviewer(part: RawTable, reviewer: str) -> RawTable:
    """Give a sheet of one reviewer the column that its name stands for; a blank one counts as none."""
    if not reviewer or tells(part):
        return part
    own = own_reviewers(part)
    column = RawColumn.of(own.header if own else REVIEWER.zh, [reviewer] * len(part))
    columns = [column if other is own else other for other in part.columns]
    originals = tuple(replace(original, reviewer=reviewer) for original in part.originals)
    return replace(part, columns=(*columns, *([] if own else [column])), originals=originals)


def _meaning(header: str, table: Table) -> str:
    column = table.find(header)
    return fold(header) if column is None else column.key


def _cells(part: RawTable, meaning: str, table: Table) -> list[str]:
    for column in part.columns:
        if _meaning(column.header, table) == meaning:
            return [column.texts[code] for code in column.codes.tolist()]
    return [""] * len(part)
