"""The seal once more, in plain loops: one row at a time, no tables, no code of what made it.

It follows the definitions in `optimizer.case.digest` and `optimizer.result.seal` as anybody could who has read
them, and takes the decision from awards.csv as it stands.
"""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from optimizer.case.case import Case
from optimizer.solving.solution import Step
from optimizer.tables.records import Records
from optimizer.tables.reviews import Reviews
from optimizer.verify.reread import ResultTable

_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_LOOKS_LIKE = str.maketrans("OIL", "011")
_SEPARATORS = " -‐‑‒–—－_.·\t　"
Row = dict[str, Any]


def plain_seal(
    case: Case, awards: ResultTable, merit: Sequence[Fraction], steps: Iterable[Step], drawn: bool
) -> str:
    """Return the seal of a case and of what awards.csv says of it."""
    tables = {name: _hash(content) for name, content in _tables(case.records)}
    decided = zip(
        *(awards.column(name) for name in ("rank", "status", "award", "certainty")), strict=True
    )
    applications = case.records.applications.to_dict("records")
    result = [
        [a["application_id"], a["school_id"], a["level"], *said, str(points)]
        for a, said, points in zip(applications, decided, merit, strict=False)
    ]
    priorities = [["draw", drawn], *([step.goal, step.value, step.proved] for step in steps)]
    policy = _hash(_json(sorted(case.content.policy.items())))
    decision = _hash(_json([priorities, result]))
    root = {"seal": 1, "tables": tables, "policy": policy, "result": decision}
    return spelled(bytes.fromhex(_hash(_json(root))))


def spelled(data: bytes) -> str:
    """Write the first 125 bits in Crockford's base 32, in groups of five."""
    signs = base64.b32encode(data[:20]).decode().translate(_CROCKFORD)[:25]
    return "-".join(signs[i : i + 5] for i in range(0, 25, 5))


def read_seal(text: str) -> str | None:
    """Return a seal as it was copied from paper, or None if it can be none.

    Case, blanks and dashes do not matter; O is read as 0, I and L as 1.
    """
    bare = unicodedata.normalize("NFKC", text).upper().translate(_LOOKS_LIKE)
    signs = "".join(sign for sign in bare if sign not in _SEPARATORS)
    good = len(signs) == 25 and set(signs) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    return "-".join(signs[i : i + 5] for i in range(0, 25, 5)) if good else None


def _tables(records: Records) -> Iterable[tuple[str, str]]:
    """Yield the name of every table and its canonical content."""
    ids = list(records.applications["application_id"])
    for name, left_out, key in (
        ("schools", ("row",), ("school_id", "level")),
        ("applications", ("row", "school"), ("application_id",)),
        ("reviews", (), ("application_id", "reviewer", "criterion")),
        ("budget_lines", ("row", "application"), ("application_id",)),
        ("meetings", ("row", "application"), ("application_id",)),
    ):
        table = getattr(records, name)
        if table is not None:
            rows = _marks(table, ids) if name == "reviews" else _rows(table, left_out, ids)
            columns = ["points"] if name == "reviews" else map(str, table.columns)
            yield name, _lines([*key, *sorted({*columns} - {*left_out, *key})], rows)


def _rows(table: Any, left_out: Sequence[str], ids: Sequence[str]) -> Iterable[Row]:
    """Yield one row after another, with the name of its application."""
    for cells in table.itertuples(False):
        row = dict(zip(table.columns, cells, strict=True))
        if "application" in left_out:
            row["application_id"] = ids[row["application"]]
        yield row


def _marks(reviews: Reviews, ids: Sequence[str]) -> Iterable[Row]:
    """Yield one mark after another, as points."""
    for n, (application, reviewer) in enumerate(
        zip(reviews.application, reviews.reviewer, strict=True)
    ):
        for c, criterion in enumerate(reviews.criteria):
            points = Fraction(int(reviews.points[n, c]), reviews.denominator)
            yield {
                "application_id": ids[application],
                "reviewer": reviews.reviewers[reviewer],
                "criterion": criterion,
                "points": "recused"
                if reviews.recused[n]
                else points
                if reviews.given[n, c]
                else "",
            }


def _lines(names: Sequence[str], rows: Iterable[Row]) -> str:
    lines = sorted([_json(_text(row[name])) for name in names] for row in rows)
    return "\n".join([_json(names), *("[" + ",".join(line) + "]" for line in lines)])


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return str(cell)
    if isinstance(cell, (list, tuple)):
        return _json([_text(part) for part in cell])
    if cell is None or str(cell) in ("<NA>", "nan", "NaT"):
        return ""
    if str(cell) in ("True", "False"):
        return "yes" if cell else "no"
    return str(cell)  # whole numbers, fractions in lowest terms, days as ISO


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
