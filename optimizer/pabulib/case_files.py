"""Writing a round of participatory budgeting as the folder of a case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from math import gcd
from pathlib import Path

from optimizer.case.case import read_case
from optimizer.language.text import Language, Text
from optimizer.language.words import decimal
from optimizer.pabulib.election import Election, Project, read_election
from optimizer.pabulib.readings import policy_text, readings_text
from optimizer.pabulib.sections import Complaints
from optimizer.problems.arguments import checked
from optimizer.problems.errors import CaseError, PolicyError
from optimizer.reading.encoding import check_encoding, decode
from optimizer.reading.files import load
from optimizer.report.csv_tables import write_cells
from optimizer.writing import new_folder, only_if_empty

_PLACES = ("district", "subunit", "neighbourhood", "neighborhood")
_CATEGORIES = ("category", "categories")
_TARGETS = ("target", "targets")
_ITEMS = re.compile("[,;、]")
_Table = tuple[Sequence[str], Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Imported:
    """What a ``.pb`` file became.

    Parameters
    ----------
    files
        Every file written, in the order of their names.
    projects, votes
        How many there were.
    amount, unit
        The budget, and what awards are multiples of, as the case has them.
    scale
        How many of the case's whole numbers make one of the round's currency: 1, or a power of ten
        where costs have decimals.
    """

    files: tuple[Path, ...]
    projects: int
    votes: int
    amount: int
    unit: int
    scale: int


@checked
def import_pb(
    file: str | Path,
    target: str | Path,
    *,
    encoding: str = "utf-8-sig",
    language: Language = "zh-TW",
) -> Imported:
    r"""Make a case of a round of participatory budgeting.

    Each project is an application of a school of its own, its cost the request, its score in the votes
    the settled merit.
    Amounts are those of the round's own currency (where the program says NT$, read that), whole
    numbers: if costs have decimals, all amounts are multiplied by one power of ten. The policy
    reads the round as its ``rule`` says: ``greedy`` from the most votes down, any other by the votes
    that each unit of money goes to; ``readings.toml`` has the other readings to compare.

    Parameters
    ----------
    file
        A ``.pb`` file in Pabulib's format.
    target
        The folder of the case: missing, or empty.
    encoding
        Of the file.
    language
        Language of what is written into the policy's title.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or the folder is not empty or cannot be written to.
    CaseError
        With everything that is wrong with the file, each with its line; nothing is written then.

    Examples
    --------
    A tiny round of three projects, three votes and a budget of 10:

    >>> from pathlib import Path
    >>> meta = ["META", "key;value", "budget;10", "vote_type;approval", "rule;greedy"]
    >>> meta += ["num_projects;3", "num_votes;3"]
    >>> projects = ["PROJECTS", "project_id;cost;name", "1;6;Playground", "2;5;Trees", "3;4;Benches"]
    >>> votes = ["VOTES", "voter_id;vote", "1;1,3", "2;1", "3;2,3"]
    >>> _ = Path("round.pb").write_text("\n".join([*meta, *projects, *votes]))
    >>> import_pb("round.pb", "round").projects
    3
    >>> allocate(read_case("round")).awards["award"].tolist()
    [6, 0, 4]
    """
    source, place = Path(file), Path(target)
    check_encoding(encoding)
    data = load(source)
    text, _ = decode(data, source.name, encoding)
    election = read_election(text, Complaints(source.name))
    money = _Money.of(election)
    with new_folder(place, only_if_empty) as folder:
        for name, content in _files(election, money, source.name, sha256(data).hexdigest()):
            (folder / name).write_bytes(content)
        _check(folder, source.name)
    return Imported(
        files=tuple(sorted(place.iterdir())),
        projects=len(election.projects),
        votes=election.votes,
        amount=money.amount,
        unit=money.unit,
        scale=money.scale,
    )


@dataclass(frozen=True)
class _Money:
    """How the amounts of a round become whole numbers."""

    scale: int
    amount: int
    unit: int

    @staticmethod
    def of(election: Election) -> _Money:
        """Find the least power of ten that makes every cost whole; what is left of the budget is cut off."""
        costs = [project.cost for project in election.projects]
        scale = 1
        while any((cost * scale).denominator > 1 for cost in costs):
            scale *= 10
        unit = gcd(*(int(cost * scale) for cost in costs)) or 1
        return _Money(scale, int(election.budget * scale), unit)


def _files(
    election: Election, money: _Money, name: str, digest: str
) -> Iterator[tuple[str, bytes]]:
    for table, (header, rows) in {
        "schools": _schools(election),
        "applications": _applications(election, money),
    }.items():
        yield f"{table}.csv", write_cells(header, rows, [False] * len(header))
    amounts = {"amount": money.amount, "unit": money.unit, "scale": money.scale}
    amounts["projects"] = len(election.projects)
    yield "policy.toml", policy_text(election.meta, name, digest, **amounts).encode()
    yield "readings.toml", readings_text(election.meta).encode()


def _code(number: int) -> str:
    """Return the code of the school that a project is the only application of, counted from 1."""
    return f"P{number:06d}"


def _place(election: Election, project: Project) -> str:
    """Return where a project lies: as it says itself, else the part of the city, else the city."""
    said = [
        *map(project.said.get, _PLACES),
        *map(election.meta.get, ("subunit", "district", "unit")),
    ]
    return next(filter(None, said), "—")


def _schools(election: Election) -> _Table:
    """Return a school for each project, so that none shares what rules say of one school."""
    header = ("school_id", "name", "district", "level", "disadvantage", "evaluation_programme")
    unit = election.meta.get("unit", "")
    places = (_place(election, project) for project in election.projects)
    rows = [
        (_code(number), place if place == unit or not unit else f"{unit} {place}", place, "elementary", "", "no")
        for number, place in enumerate(places, start=1)
    ]  # fmt: skip
    return header, rows


def _applications(election: Election, money: _Money) -> _Table:
    targets = any(project.said.get(name) for project in election.projects for name in _TARGETS)
    header = ("application_id", "school_id", "title", "convener", "type", "methods", "members",
              "meetings", "requested", "fields", "merit", *(["target"] if targets else []))  # fmt: skip
    rows = []
    for number, project in enumerate(election.projects, start=1):
        title = project.said.get("name") or project.project_id
        own = (
            project.project_id,
            _code(number),
            title,
            "",
            "other",
            "",
            "",
            "",
        )
        given = (
            str(int(project.cost * money.scale)),
            _items(project, _CATEGORIES),
            _exact(project.score),
        )
        rows.append((*own, *given, *([_items(project, _TARGETS)] if targets else [])))
    return header, rows


def _items(project: Project, columns: Iterable[str]) -> str:
    """Return what a project says in the first of some columns, as a list of the case has it."""
    said = next(filter(None, map(project.said.get, columns)), "")
    return ";".join(filter(None, (item.strip() for item in _ITEMS.split(said))))


def _exact(score: Fraction) -> str:
    said = decimal(score)
    assert said is not None, "points are decimals"
    return said


def _check(folder: Path, name: str) -> None:
    """Read the case that was made, before it is put in place."""
    try:
        read_case(folder)
    except (CaseError, PolicyError) as error:
        message = Text(
            f"{name} 可以讀取，但由它所成的案例有問題：",
            f"{name} can be read, but there is something wrong with the case made of it:",
        )
        raise CaseError(message, error.problems) from None
