"""Who asks, and which applications have which faults: settled before any table is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.invented.random_integers import Draws, Ints, Mask, Objects, numbered, share
from optimizer.invented.schools import quiet_districts

# How many in a thousand applications have each fault (at least one, in a round of 100 or more).
FAULTS = {
    "too_few_members": 9,
    "too_few_meetings": 9,
    "late": 9,
    "prior_missing": 9,
    "date_outside": 6,
    "over_rate": 7,
    "over_misc": 7,
    "poor": 12,
    "late_and_too_few_members": 3,
}
# How many applications a school has at most, in a round of 450 by 300 schools.
TICKETS = np.array([0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4], dtype=np.int64)
FEW_MEMBERS = 40  # in a thousand: three to five members, enough but fewer than recommended


@dataclass(frozen=True)
class Sketch:
    """What is settled of each application before its tables are written.

    Parameters
    ----------
    ids
        Identifiers, in order.
    school
        Row of the lead school in the table of schools.
    junior_high, lone
        Whether that is a junior high school; whether the application is its district's only one.
    faults
        For each kind of fault, which applications have it.
    members, meetings
        How many of each.
    """

    ids: Objects
    school: Ints
    junior_high: Mask
    lone: Mask
    faults: Mapping[str, Mask]
    members: Ints
    meetings: Ints

    @property
    def size(self) -> int:
        """How many applications there are."""
        return len(self.school)


def sketch(draws: Draws, schools: pd.DataFrame, size: int) -> Sketch:
    """Settle who asks, with which faults, and how large and busy each community is."""
    school, lone = _lead_schools(draws, schools, size)
    faults = _faults(draws, ~lone)
    few = faults["too_few_members"] | faults["late_and_too_few_members"]
    members = np.minimum(18, 6 + draws.below("members", size, 6) * draws.below("more", size, 3))
    members = np.where(draws.chance("few", size, FEW_MEMBERS), 3 + members % 3, members)
    meetings = draws.between("meetings", size, 6, 10) + draws.below("more_meetings", size, 3)
    return Sketch(
        ids=np.array(numbered("A", size, 3), dtype=object),
        school=school,
        junior_high=(schools["level"] == "junior_high").to_numpy(dtype=bool)[school],
        lone=lone,
        faults=faults,
        members=np.where(few, draws.between("too_few", size, 1, 2), members),
        meetings=np.where(
            faults["too_few_meetings"], draws.between("seldom", size, 3, 5), meetings
        ),
    )


def _lead_schools(draws: Draws, schools: pd.DataFrame, size: int) -> tuple[Ints, Mask]:
    """Draw each application's school; mark the ones that stand alone in their district."""
    single, silent = quiet_districts(schools)
    district = schools["district"].to_numpy(dtype=object)
    tickets: Ints = TICKETS[draws.below("tickets", len(schools), len(TICKETS))]
    tickets[schools["district"].isin(single + silent).to_numpy(dtype=bool)] = 0
    if not tickets.any():
        tickets += 1
    tickets *= -(-size // int(tickets.sum()))
    chosen = np.repeat(np.arange(len(schools)), tickets)
    chosen = chosen[draws.order("schools", len(chosen))[:size]]
    lone = np.zeros(size, dtype=bool)
    if len(single) < size:
        spots = draws.order("lone", size)[: len(single)]
        chosen[spots] = [int(np.flatnonzero(district == name)[0]) for name in single]
        lone[spots] = True
    return chosen.astype(np.int64), lone


def _faults(draws: Draws, eligible: Mask) -> dict[str, Mask]:
    """Choose the applications with each fault, no application twice."""
    order = draws.order("faults", len(eligible))
    order = order[eligible[order]]
    masks, start = {}, 0
    for fault, per_thousand in FAULTS.items():
        stop = start + share(len(eligible), per_thousand)
        masks[fault] = np.zeros(len(eligible), dtype=bool)
        masks[fault][order[start:stop]] = True
        start = stop
    return masks
