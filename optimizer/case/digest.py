r"""What a case says, as digests: the same for the same content, however it is written down.

The canonical content of a table has one line a row. A line is the JSON array of the row's cells (no
blanks, non-ASCII letters as they are), each cell a text: numbers as exact fractions in lowest terms
(``80``, ``247/3``), days as ``2014-02-01``, yes and no as ``yes`` and ``no``, lists as JSON arrays,
what is missing as ``""``. The columns that tell rows apart come first (`KEYS`), the others follow by
name. Line numbers and positions are left out: schools and applications are named by their codes.
Rows are sorted cell by cell, each as it stands in JSON, by code points. SHA-256 over the JSON array
of the columns' names and the lines, joined by ``\n``, in UTF-8, is the table's digest; a column's
is the same over its cells alone, cut to sixteen digits, for saying where two tables differ.

The canonical content of a policy is a flat mapping of dotted keys to texts, `policy_keys`; keys that
have their default are left out, so that naming a default changes nothing. A part of a key that holds
a dot, a quotation mark or a backslash stands in quotation marks, as JSON writes it, so that no two
places have one key. The rules that the tables imply follow from these and are left out. Of a rule that
is not the program's own, ``source_sha256`` says which definition it is.

So row order, encoding, file format, ``16`` or ``16.0``, and defaults written out make no difference.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from optimizer.clauses.own import source_of, source_sha256
from optimizer.foundation.exact import Places
from optimizer.foundation.frozen import FrozenDict, freeze_fields
from optimizer.policy.document import differs, share_keys
from optimizer.policy.policy import Policy
from optimizer.policy.problems import LISTS, TABLES
from optimizer.tables.records import Records
from optimizer.tables.reviews import Reviews
from optimizer.tables.schema import RECUSED

KEYS: dict[str, tuple[str, ...]] = {
    "schools": ("school_id", "level"),
    "applications": ("application_id",),
    "reviews": ("application_id", "reviewer", "criterion"),
    "budget_lines": ("application_id",),
    "meetings": ("application_id",),
}
Path = tuple[str, ...]
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_AT_ONCE = 20_000  # reviews whose lines are made together
_QUOTED = {*'."\\'}
_POSITIONS = {  # of a line in its file, or of a row in another table
    "schools": ("row",),
    "applications": ("row", "school"),
    "budget_lines": ("row", "application"),
    "meetings": ("row", "application"),
}


@dataclass(frozen=True)
class TableContent:
    """A table's digest, and what helps to say where two tables differ.

    Parameters
    ----------
    name
        Name of the table.
    rows
        How many rows it has.
    sha256
        Its digest.
    columns
        Digest of each column, cut short.
    """

    name: str
    rows: int
    sha256: str
    columns: Mapping[str, str]

    def __post_init__(self) -> None:
        freeze_fields(self)


class CaseContent:
    """The content of a case, worked out when somebody first asks: an allocation alone does not.

    Parameters
    ----------
    records, policy
        The case; neither can change.
    """

    def __init__(self, records: Records, policy: Policy) -> None:
        self._of = records, policy

    @cached_property
    def tables(self) -> tuple[TableContent, ...]:
        """One entry a table that is there."""
        return tuple(_tables(self._of[0]))

    @cached_property
    def policy(self) -> Mapping[str, str]:
        """Dotted keys of the policy and what each says."""
        return FrozenDict(policy_keys(self._of[1]))

    @property
    def policy_sha256(self) -> str:
        """Digest of the policy: over its keys and values, sorted by key."""
        return digest(sorted(self.policy.items()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CaseContent):
            return NotImplemented
        return self.tables == other.tables and self.policy == other.policy

    __hash__ = None  # type: ignore[assignment]


def digest(content: Any) -> str:
    """Return the SHA-256 of something as compact JSON, in hexadecimal."""
    return _sha256(compact(content))


def _sha256(text: str) -> str:
    return sha256(_bytes(text)).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def compact(content: Any) -> str:
    """Return something as JSON without blanks, non-ASCII letters as they are."""
    return _JSON.encode(content)


def _tables(records: Records) -> Iterator[TableContent]:
    ids = records.applications["application_id"].to_list()
    for name, key in KEYS.items():
        held: pd.DataFrame | Reviews | None = getattr(records, name)
        if isinstance(held, Reviews):
            yield _marks(name, held, ids)
        elif held is not None:
            yield _table(name, key, _named(held, _POSITIONS.get(name, ()), ids))


def _named(
    frame: pd.DataFrame, positions: Sequence[str], ids: Sequence[str]
) -> dict[str, Sequence[Any]]:
    """Return a table's columns with codes in place of positions."""
    columns: dict[str, Sequence[Any]] = {
        str(column): frame[column].to_list() for column in frame if column not in positions
    }
    if "application" in positions:
        columns["application_id"] = [ids[a] for a in frame["application"].to_list()]
    return columns


def _table(name: str, key: Sequence[str], columns: Mapping[str, Sequence[Any]]) -> TableContent:
    names = [*key, *sorted(set(columns) - set(key))]
    cells = [_texts(columns[column]) for column in names]
    made = _Digests(names)
    rows = sorted(zip(*cells, strict=True))
    made.add([f"[{','.join(row)}]" for row in rows], list(zip(*rows, strict=True)))
    return made.content(name, len(rows))


class _Digests:
    """The digests of a table and of its columns, made of its rows in order, some at a time."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.whole, self.columns = sha256(_bytes(compact(names))), [sha256() for _ in names]
        self.begun = False

    def add(self, lines: Sequence[str], columns: Sequence[Iterable[str]]) -> None:
        """Add rows: each one's line, and all columns of them."""
        if lines:
            joint, self.begun = "\n" if self.begun else "", True
            self.whole.update(_bytes("\n" + "\n".join(lines)))
            for digest_, cells in zip(self.columns, columns, strict=True):
                digest_.update(_bytes(joint + "\n".join(cells)))

    def content(self, name: str, rows: int) -> TableContent:
        """Return what was made."""
        short = (digest_.hexdigest()[:16] for digest_ in self.columns)
        columns = dict(zip(self.names, short, strict=True))
        return TableContent(name, rows, self.whole.hexdigest(), columns)


def _marks(name: str, reviews: Reviews, ids: Sequence[str]) -> TableContent:
    """Return the content of the table of marks, one mark a row, without ever making it."""
    count, width = reviews.points.shape
    texts = [_texts(names) for names in (ids, reviews.reviewers, reviews.criteria)]
    application, reviewer, criterion = (np.array(text, dtype=object) for text in texts)
    rank = [_rank(text) for text in texts]
    order = np.lexsort((rank[1][reviews.reviewer], rank[0][reviews.application]))
    across = np.argsort(rank[2])
    made = _Digests(KEYS[name] + ("points",))
    for start in range(0, count, _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        points = _points(reviews.taken(some))[:, across].ravel()
        columns = [
            np.repeat(application[reviews.application[some]], width),
            np.repeat(reviewer[reviews.reviewer[some]], width),
            np.tile(criterion[across], len(some)),
            points,
        ]
        cells = [column.tolist() for column in columns]
        lines = [f"[{a},{r},{c},{p}]" for a, r, c, p in zip(*cells, strict=True)]
        made.add(lines, cells)
    return made.content(name, count * width)


def _rank(texts: Sequence[str]) -> Places:
    """Return where each text stands among all of them, sorted."""
    rank = np.empty(len(texts), dtype=np.int64)
    rank[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return rank


def _points(reviews: Reviews) -> npt.NDArray[Any]:
    """Shape (n, C): what each mark says, as JSON."""
    numbers, at = np.unique(reviews.points, return_inverse=True)
    given = [Fraction(int(number), reviews.denominator) for number in numbers]
    said = np.array(_texts([*given, None, RECUSED.key]), dtype=object)
    place = np.where(reviews.given, at.reshape(reviews.points.shape), len(given))
    return said[np.where(reviews.recused[:, None], len(given) + 1, place)]


def _texts(values: Iterable[Any]) -> list[str]:
    """Return cells as JSON, each different one made once."""
    made: dict[tuple[type, Any], str] = {}
    found = []
    for value in values:
        if type(value) is str:  # most cells are, and most of these differ
            found.append(_JSON.encode(value))
            continue
        mark = (type(value), value)
        text = made.get(mark)
        if text is None:
            text = made[mark] = compact(cell_text(value))
        found.append(text)
    return found


def cell_text(value: Any) -> str:
    """Return what a cell, or a value of the policy, says."""
    match value:
        case str():
            return str(value)
        case bool() | np.bool_():
            return "yes" if value else "no"
        case Integral() | Decimal() | Fraction():
            return str(Fraction(value))
        case date():
            return value.isoformat()
        case tuple() | list():
            return compact([cell_text(part) for part in value])
        case None:
            return ""
        case _ if pd.isna(value):
            return ""
    return str(value)


def policy_keys(policy: Policy) -> dict[str, str]:
    """Return what a policy says: its tables, its rules by name, and the order of its priorities."""
    found: dict[Path, str] = {}
    for name in TABLES:
        found |= _flat((name,), getattr(policy.settings, name))
    for rule in (rule for rule in policy.rules if rule.section in LISTS):
        place = (rule.section, rule.label)
        found |= {place: rule.kind} | _flat(place, rule)
        if source := source_of(rule):
            found[*place, "source_sha256"] = source_sha256(source)
    labels = [rule.label for rule in policy.priorities]
    found["priority",] = cell_text(labels)
    return dict(sorted((dotted(path), text) for path, text in found.items()))


def dotted(path: Path) -> str:
    """Write a path as one key, from which its parts can be told.

    Examples
    --------
    >>> dotted(("clause", "cap", "amount")), dotted(("clause", "cap.amount"))
    ('clause.cap.amount', 'clause."cap.amount"')
    """
    return ".".join(compact(part) if {*part} & _QUOTED or not part else part for part in path)


def _flat(place: Path, value: Any) -> dict[Path, str]:
    if is_dataclass(value):
        owner: Any = type(value)
        shares = share_keys(owner)
        parts = {
            f.name: _share(part) if f.name in shares and isinstance(part, Fraction) else part
            for f in fields(value)
            if f.name != "name" and differs(value, f)  # a rule's name stands in the place
            for part in [getattr(value, f.name)]
        }
    elif isinstance(value, Mapping):
        parts = {str(name): part for name, part in value.items()}
    else:
        return {place: cell_text(value)}
    return {k: v for name, part in parts.items() for k, v in _flat((*place, name), part).items()}


def _share(value: Fraction) -> str:
    return f"{cell_text(100 * value)}%"
