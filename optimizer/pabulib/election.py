"""A round of participatory budgeting: budget, projects with their costs, and what the votes give each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.foundation.limits import MOST
from optimizer.language.text import Text
from optimizer.pabulib.ballots import VoteCount, tally
from optimizer.pabulib.sections import META, PROJECTS, VOTES, Complaints, Row, read_sections
from optimizer.pabulib.vote_limits import Meta

_AMOUNT = re.compile(r"\d{1,15}(?:\.\d{1,6})?", re.ASCII)
_LONGEST_ID = 64


@dataclass(frozen=True)
class Project:
    """One project.

    Parameters
    ----------
    project_id, cost
        As the file has them; the cost in the currency of the round.
    score
        What the votes give it.
    said
        All its cells, by column.
    """

    project_id: str
    cost: Fraction
    score: Fraction
    said: Mapping[str, str]


@dataclass(frozen=True)
class Election:
    """A whole round.

    Parameters
    ----------
    meta
        Keys and values of META.
    budget
        In the currency of the round.
    projects
        In the order of the file.
    votes
        How many there are.
    """

    meta: Mapping[str, str]
    budget: Fraction
    projects: tuple[Project, ...]
    votes: int


def read_election(text: str, complaints: Complaints) -> Election:
    """Read the text of a ``.pb`` file.

    Raises
    ------
    CaseError
        With everything that is wrong with it, each with its line.
    """
    sections = read_sections(text, complaints)
    rows = {
        name: sections[name].rows if name in sections else () for name in (META, PROJECTS, VOTES)
    }
    meta = _meta(rows[META], complaints)
    budget = _budget(meta, complaints) if META in sections else Fraction(0)
    costs = _costs(rows[PROJECTS], complaints)
    plain = {key: value for key, (_, value) in meta.items()}
    if not {META, PROJECTS, VOTES} <= sections.keys():
        complaints.findings.raise_if_any()
    for key, held in (("num_projects", rows[PROJECTS]), ("num_votes", rows[VOTES])):
        _check_count(meta, key, len(held), complaints)
    if len(costs) < len(rows[PROJECTS]):  # whom a vote names is not known then
        complaints.findings.raise_if_any()
    counted = tally(rows[VOTES], meta, costs, complaints)
    complaints.findings.raise_if_any()
    _check_stated(rows[PROJECTS], counted, plain["vote_type"], complaints)
    complaints.findings.raise_if_any()
    projects = (
        Project(cells["project_id"], costs[cells["project_id"]],
                counted.scores[cells["project_id"]], cells)
        for _, cells in rows[PROJECTS]
    )  # fmt: skip
    return Election(plain, budget, tuple(projects), len(rows[VOTES]))


def _meta(rows: Iterable[Row], complaints: Complaints) -> dict[str, tuple[int | None, str]]:
    """Return the value of each key of META, with its line."""
    found: dict[str, tuple[int | None, str]] = {}
    for line, cells in rows:
        if cells["key"] in found:
            complaints.add("key_twice", line, _KEY_TWICE, column=cells["key"])
        found[cells["key"]] = line, cells["value"]
    return found


def _budget(meta: Meta, complaints: Complaints) -> Fraction:
    line, said = meta.get("budget", (None, ""))
    if line is None:
        complaints.add("missing_key", None, _NO_KEY, value="budget")
    return _amount(said, line, "budget", complaints) if line else Fraction(0)


def _amount(said: str, line: int, column: str, complaints: Complaints) -> Fraction:
    """Read an amount of money."""
    if not _AMOUNT.fullmatch(said) or Fraction(said) > MOST:
        complaints.add(
            "not_an_amount",
            line,
            _NO_AMOUNT,
            column=column,
            value=said[:80],
            expected=_PLAIN_AMOUNT,
        )
        return Fraction(0)
    return Fraction(said)


def _costs(rows: Iterable[Row], complaints: Complaints) -> dict[str, Fraction]:
    """Return the cost of each project by its id, which is held to be one of its own."""
    found: dict[str, Fraction] = {}
    for line, cells in rows:
        own, cost = cells["project_id"], _amount(cells["cost"], line, "cost", complaints)
        if not own or "," in own or len(own) > _LONGEST_ID or not own.isprintable():
            complaints.add(
                "bad_id", line, _BAD_ID, column="project_id", value=own[:80], expected=_GOOD_ID
            )
        elif own in found:
            complaints.add("id_twice", line, _ID_TWICE, column="project_id", value=own)
        else:
            found[own] = cost
    return found


def _check_count(meta: Meta, key: str, held: int, complaints: Complaints) -> None:
    """Hold how many lines a section has against how many META says: a file may be cut short."""
    line, said = meta.get(key, (None, ""))
    if line is not None and said != str(held):
        there = Text(f"檔案中有 {held:,} 列", f"the file has {held:,}")
        complaints.add("count_differs", line, _COUNT, column=key, value=said[:80], expected=there)


def _check_stated(
    rows: Iterable[Row], counted: VoteCount, vote_type: str, complaints: Complaints
) -> None:
    """Hold the votes and scores that PROJECTS states against what the votes come to."""
    for line, cells in rows:
        own = cells["project_id"]
        ours = {"votes": Fraction(counted.votes[own])}
        if vote_type != "approval":  # beside approvals a score is something else
            ours["score"] = counted.scores[own]
        for column, value in ours.items():
            said = cells.get(column, "")
            if said and _AMOUNT.fullmatch(said) and Fraction(said) != value:
                there = Text(f"選票合計為 {value}", f"the votes come to {value}")
                complaints.add(
                    "tally_differs", line, _TALLY, column=column, value=said, expected=there
                )


_KEY_TWICE = Text("這個鍵出現兩次", "stands twice")
_NO_KEY = Text("META 缺少這個鍵", "lacks, in META, the key")
_NO_AMOUNT = Text("不是金額", "is no amount of money")
_PLAIN_AMOUNT = Text(
    "如 12000 或 12000.50，不含千分位與貨幣符號",
    "e.g. 12000 or 12000.50, without separators or a sign",
)
_BAD_ID = Text("不能作為編號", "cannot be a project's number")
_GOOD_ID = Text(
    f"至多 {_LONGEST_ID} 字，不含逗號，不可空白",
    f"up to {_LONGEST_ID} characters without a comma, not blank",
)
_ID_TWICE = Text("這個編號出現兩次", "is the number of two projects")
_COUNT = Text("與檔案內容不符，檔案可能不完整", "is not what the file holds; it may be cut short")
_TALLY = Text("與選票不符", "is not what the votes come to")
