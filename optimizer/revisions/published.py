"""A published result as a link of a chain: all that its seal covers, so that it can be checked alone."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimizer.case.digest import TableContent, digest
from optimizer.case.provenance import content_summary
from optimizer.clauses.promise import Promise
from optimizer.foundation.escaping import unescape_rows
from optimizer.foundation.frozen import kept_with
from optimizer.language.text import Text
from optimizer.problems.errors import CaseError
from optimizer.report.csv_tables import ENCODING
from optimizer.report.folder import RECORD, SUMMARY
from optimizer.result.allocation import Allocation
from optimizer.result.seal import VERSION, sealed_lines, spell

_CELLS = ("application_id", "school_id", "level", "rank", "status", "award", "certainty")


@dataclass(frozen=True)
class Published:
    """What a seal covers of one result.

    Parameters
    ----------
    seal
        Its seal.
    content
        Tables and policy, as summary.json has them.
    priorities
        Whether the draw was settled; then name, value and proof of each goal.
    awards
        Of each application: code, school, level, rank, status, award, certainty, exact merit.
    """

    seal: str
    content: Mapping[str, Any]
    priorities: list[list[Any]]
    awards: list[list[str]]

    @staticmethod
    def of(allocation: Allocation) -> Published:
        """Return an allocation as it would be published."""
        return _as_published(allocation)

    @staticmethod
    def read(link: Mapping[str, Any]) -> Published:
        """Return what a record carries."""
        return Published(link["seal"], link["content"], link["priorities"], link["awards"])

    def link(self) -> dict[str, Any]:
        """Return it as a record carries it."""
        return {
            "seal": self.seal,
            "content": self.content,
            "priorities": self.priorities,
            "awards": self.awards,
        }

    def seal_anew(self) -> str:
        """Return the seal of what is carried."""
        policy = self.content["policy"]["keys"]
        return spell(
            digest(
                {
                    "seal": VERSION,
                    "tables": {t["name"]: t["sha256"] for t in self.content["tables"]},
                    "policy": digest(sorted(policy.items())),
                    "result": digest([self.priorities, self.awards]),
                }
            )
        )

    @property
    def funded(self) -> dict[str, int]:
        """Who was funded, with NT$."""
        return {row[0]: int(row[5]) for row in self.awards if row[4] == "funded"}

    @property
    def pool(self) -> int:
        """The whole pool, NT$."""
        return int(self.content["policy"]["keys"]["pool.amount"])

    @property
    def parent(self) -> str:
        """The seal of the result that it revised, by its own policy; empty if it is the first."""
        return str(self.content["policy"]["keys"].get("clause.promise.parent", ""))


@kept_with
def _as_published(allocation: Allocation) -> Published:
    priorities, awards = sealed_lines(allocation, allocation.awards)
    content = content_summary(allocation.case.content)
    return Published(allocation.seal, content, priorities, awards)


def read_published(folder: Path) -> tuple[Published, dict[str, Any] | None]:
    """Read a finished result, and the record of its revision if it is one.

    Raises
    ------
    CaseError
        If it is not there, cannot be read, or is not what its own seal says.
    """
    if not os.path.isfile(folder / SUMMARY):  # noqa: PTH113 - no error where a name is too long
        raise CaseError(_no_result(folder))
    try:
        said = json.loads((folder / SUMMARY).read_bytes())
        path = folder / RECORD
        record = json.loads(path.read_bytes()) if path.exists() else None
        rows = _rows(folder / "awards.csv")
        lines = [["draw", said["draw"]["settled"]]]
        lines += [[p["goal"], p["value"], p["proved"]] for p in said["priorities"]]
        found = Published(said["seal"], said["content"], lines, rows)
        whole = found.seal_anew() == found.seal
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        whole = False
    if not whole:
        raise CaseError(
            Text(
                f"{folder} 不是完整的結果，或寫出後曾被更動；請先以 subsidy verify 核對。",
                f"{folder} is no finished result, or was changed after it was written; "
                "see what subsidy verify says of it.",
            )
        )
    return found, record


def _no_result(folder: Path) -> Text:
    """Say that there is no such folder, or that it is no folder of a result."""
    if not os.path.exists(folder):  # noqa: PTH110 - no error where a name is too long
        return Text(
            f"找不到 {folder}；請指定 subsidy allocate 或 revise 寫出的資料夾。",
            f"There is no {folder}: name a folder that subsidy allocate or revise wrote.",
        )
    return Text(
        f"{folder} 不是結果資料夾（其中沒有 {SUMMARY}）；請指定 subsidy allocate 或 revise 寫出的資料夾。",
        f"{folder} is no folder of a result (it has no {SUMMARY}): name one that subsidy allocate or "
        "revise wrote.",
    )


def corrected(parent: Published, now: Published) -> bool:
    """Say whether the tables or the policy's own rules are others than they were."""
    return tables(parent) != tables(now) or own_keys(parent) != own_keys(now)


def what_corrected(parent: Published, now: Published) -> Text:
    """Say which was corrected: the data, the rules, or both."""
    if own_keys(parent) == own_keys(now):
        return Text("資料", "data")
    rules = Text("規則", "rules")
    if tables(parent) == tables(now):
        return rules
    return Text(f"資料與{rules.zh}", f"data and {rules.en}")


def tables(published: Published) -> tuple[TableContent, ...]:
    """Return what the tables held."""
    names = ("name", "rows", "sha256", "columns")
    return tuple(
        TableContent(*(table[name] for name in names)) for table in published.content["tables"]
    )


def own_keys(published: Published) -> dict[str, str]:
    """Return what a policy says itself, the promise and the pool's amount apart."""
    keys = published.content["policy"]["keys"]
    own = f"clause.{Promise.kind}"
    return {k: v for k, v in keys.items() if k != "pool.amount" and f"{k}.".find(f"{own}.") != 0}


def _rows(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode(ENCODING)
    header, *rows = unescape_rows(list(csv.reader(io.StringIO(text, newline=""), strict=True)))
    at = [header.index(name) for name in _CELLS]
    merit = header.index("merit_exact")
    return [[*(row[i] for i in at), str(Fraction(row[merit] or "0"))] for row in rows]
