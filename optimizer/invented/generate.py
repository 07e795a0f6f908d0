"""Invented rounds of any size, for trials, teaching and tests: the same bytes from the same seed.

Everything but the districts is made up: schools, people, communities, amounts, marks. All draws
are whole numbers taken from the raw stream of PCG64, so no machine, library or Python version
changes a file. Each column draws from a stream of its own. What the marks are modelled on stands in
`optimizer.invented.reviews`.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

import numpy as np
import pandas as pd

from optimizer.case.wellformed import SCHOOL, malformed_table
from optimizer.foundation.escaping import escape
from optimizer.foundation.frozen import Content, table
from optimizer.invented.applications import applications_table
from optimizer.invented.budget_and_meetings import budget_lines, meetings
from optimizer.invented.random_integers import Draws
from optimizer.invented.reviews import reviews_table
from optimizer.invented.schools import invent_schools, with_programme
from optimizer.invented.sketch import sketch
from optimizer.invented.toml_files import (
    READINGS,
    are_real,
    least_junior_high,
    policy_text,
    round_pool,
    scenarios_text,
)
from optimizer.language.text import EMPTY, Text
from optimizer.language.words import how_many
from optimizer.problems.arguments import Amount, Count, Within, checked, refusal, together
from optimizer.problems.errors import UsageError
from optimizer.writing import new_file, new_folder

OptionalTable = Literal["budget_lines", "meetings"]
TABLES: tuple[OptionalTable, ...] = get_args(OptionalTable)
OUTLINES = Path(__file__).with_name("districts.geojson")


@dataclass(frozen=True, eq=False)
class InventedRound(Content):
    """The tables and texts of an invented case, as they stand in its files.

    Parameters
    ----------
    schools, applications, reviews, budget_lines, meetings
        The tables, blanks as empty text; the last two None where left out.
    policy, scenarios, readings
        The texts of policy.toml and of two files to compare with it: named changes, and what merit
        can mean.
    boundaries
        The text of a GeoJSON file with the outlines of the districts, if all are real.
    """

    schools: pd.DataFrame = table()
    applications: pd.DataFrame = table()
    reviews: pd.DataFrame = table()
    budget_lines: pd.DataFrame | None = table()
    meetings: pd.DataFrame | None = table()
    policy: str = ""
    scenarios: str = ""
    readings: str = READINGS
    boundaries: str = ""

    def write(self, target: Path) -> None:
        """Write the case folder `target`; its files of these names are replaced.

        A folder that is missing or empty appears whole; elsewhere each file does.

        Raises
        ------
        UsageError
            If it cannot be written to.
        """
        if os.path.exists(target) and any(target.iterdir()):  # noqa: PTH110 - says no of a name that is too long
            for name, content in self._files():
                new_file(target / name, content)
            return
        with new_folder(target, lambda folder: EMPTY) as made:
            for name, content in self._files():
                (made / name).write_bytes(content)

    def _files(self) -> Iterator[tuple[str, bytes]]:
        for name in ("schools", "applications", "reviews", *TABLES):
            table: pd.DataFrame | None = getattr(self, name)
            if table is not None:
                yield f"{name}.csv", _csv(table).encode()
        yield "policy.toml", self.policy.encode()
        yield "scenarios.toml", self.scenarios.encode()
        yield "readings.toml", self.readings.encode()
        if self.boundaries:
            yield OUTLINES.name, self.boundaries.encode()


@checked
def generate(
    target: str | Path,
    *,
    applications: Count = 450,
    schools: Count = 300,
    districts: Count = 29,
    reviewers: Count = 3,
    seed: Amount = 103,
    schools_table: pd.DataFrame | None = None,
    with_tables: Collection[OptionalTable] = TABLES,
    all_equal: bool = False,
    pool: Amount | None = None,
    pool_share: Annotated[float, Within(0, 1_000)] = 0.45,
    recusals: Amount = 3,
) -> None:
    """Write an invented case folder; see `generate_round` for the parameters.

    Raises
    ------
    UsageError
        If an argument is not what it should be.

    Examples
    --------
    >>> generate("another", applications=12, schools=8, districts=4, seed=7)
    >>> allocate(read_case("another")).status
    'optimal'
    """
    generate_round(
        applications=applications,
        schools=schools,
        districts=districts,
        reviewers=reviewers,
        seed=seed,
        schools_table=schools_table,
        with_tables=with_tables,
        all_equal=all_equal,
        pool=pool,
        pool_share=pool_share,
        recusals=recusals,
    ).write(Path(target))


@checked
def generate_round(
    *,
    applications: Count = 450,
    schools: Count = 300,
    districts: Count = 29,
    reviewers: Count = 3,
    seed: Amount = 103,
    schools_table: pd.DataFrame | None = None,
    with_tables: Collection[OptionalTable] = TABLES,
    all_equal: bool = False,
    pool: Amount | None = None,
    pool_share: Annotated[float, Within(0, 1_000)] = 0.45,
    recusals: Amount = 3,
) -> InventedRound:
    """Invent a round.

    Parameters
    ----------
    applications, schools, districts, reviewers
        How many of each. Up to 29 districts are those of Taichung City, and up to 308 schools keep
        to the number each of them has; further districts have invented names.
    seed
        Same seed, same round.
    schools_table
        Schools to take in place of invented ones: `school_id`, `name`, `district`, `level`,
        `disadvantage` and any further columns. `evaluation_programme` is invented if absent.
    with_tables
        Which of the optional tables to make.
    all_equal
        Give every application the same marks.
    pool, pool_share
        NT$ to distribute; if None, about this share of what is asked for, a round number.
    recusals
        How many reviews are marked as a conflict of interest.

    Returns
    -------
    InventedRound
        Its tables and texts.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or there are fewer schools than districts.

    Examples
    --------
    >>> invented = generate_round(applications=12, schools=8, districts=4, seed=7)
    >>> len(invented.applications), len(invented.schools)
    (12, 8)
    """
    if schools_table is None and schools < districts:
        raise UsageError(
            Text(
                f"每個行政區至少要有一校：學校 {schools} 所，行政區 {districts} 個。",
                f"Every district needs a school: {how_many(schools, 'school')}, {how_many(districts, 'district')}.",
            )
        )
    _check_schools(schools_table)
    draws = Draws(seed)
    listed = invent_schools(draws, schools, districts) if schools_table is None else schools_table
    listed = with_programme(draws, listed)
    plan = sketch(draws, listed, applications)
    lines = budget_lines(draws, plan)
    asked = lines.groupby("application_id", sort=True)["amount"].sum().to_numpy(dtype=np.int64)
    table = applications_table(draws, listed, plan, asked)
    share = int(asked.sum()) * round(pool_share * 1_000) // 1_000
    amount = round_pool(share) if pool is None else pool
    quota = least_junior_high(plan)
    return InventedRound(
        schools=listed,
        applications=table,
        reviews=reviews_table(draws, plan, reviewers, all_equal=all_equal, recusals=recusals),
        budget_lines=lines if "budget_lines" in with_tables else None,
        meetings=meetings(draws, plan, table) if "meetings" in with_tables else None,
        policy=policy_text(amount, quota, seed, set(listed["district"])),
        scenarios=scenarios_text(amount, quota),
        boundaries=OUTLINES.read_text("utf-8") if are_real(set(listed["district"])) else "",
    )


def _check_schools(table: pd.DataFrame | None) -> None:
    """Refuse a table of schools that no round can be invented for."""
    if table is None:
        return
    place = "generate_round(schools_table=…)"
    if table.empty:
        meant = Text("至少一所學校的表格", "a table of at least one school")
        raise together([refusal(place, table, meant)])
    if found := list(malformed_table("schools", table, SCHOOL)):
        zh, en = "不是學校的表格", "is no table of schools"
        raise UsageError(Text(f"{place}：{zh}", f"{place}: {en}"), found)


def _csv(table: pd.DataFrame) -> str:
    """Return a table as CSV; numbers stay numbers, text cannot run in a spreadsheet."""
    safe = table.map(lambda cell: escape(cell) if isinstance(cell, str) else cell)
    safe = safe.rename(columns=escape)
    returns = safe.map(lambda cell: isinstance(cell, str) and "\r" in cell).to_numpy().any()
    if returns:  # which the writer overlooks
        return safe.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    return safe.to_csv(index=False, lineterminator="\n")
