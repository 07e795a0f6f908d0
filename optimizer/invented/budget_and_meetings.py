"""Invented budget lines and meetings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from optimizer.invented import vocabulary
from optimizer.invented.applications import invent_people
from optimizer.invented.random_integers import Draws, Ints, Objects
from optimizer.invented.sketch import Sketch

ITEMS = (
    "external_lecturer",
    "internal_lecturer",
    "consultation",
    "health_premium",
    "printing",
    "misc",
)


def budget_lines(draws: Draws, sketch: Sketch) -> pd.DataFrame:
    """Build each application's costs from the plan's rates; what is asked for is their sum."""
    size, over_rate = sketch.size, sketch.faults["over_rate"]
    profile = np.array(vocabulary.PROFILES, dtype=np.int64)
    hours = profile[draws.weighted("profile", size, profile[:, 3].tolist())]
    over_misc = sketch.faults["over_misc"]
    hours = np.where(over_rate[:, None], (0, 2, 0, 0), hours)  # in-house, at the outside rate
    hours = np.where(over_misc[:, None], (1, 0, 0, 0), hours)
    inside = np.where(over_rate, vocabulary.EXTERNAL_RATE, vocabulary.INTERNAL_RATE)
    rates = np.column_stack(
        [
            np.full(size, vocabulary.EXTERNAL_RATE),
            inside,
            np.full(size, vocabulary.CONSULTATION_RATE),
        ]
    )
    fees = (hours[:, :3] * rates).sum(axis=1)
    premium = (fees * 2 + 50) // 100
    materials = np.where(over_misc, 30, draws.between("materials", size, 4, 30))
    total = _totals(fees, premium, materials)
    share = np.where(over_misc, 12, draws.between("misc", size, 0, 5))
    misc = np.minimum(total * share // 100 // 10 * 10, total - fees - premium)
    printing = total - fees - premium - misc
    quantities = np.column_stack([hours[:, :3], np.ones((size, 3), dtype=np.int64)])
    prices = np.column_stack([rates, premium, printing, misc])
    return _stack_lines(sketch.ids, quantities, prices)


def _totals(fees: Ints, premium: Ints, materials: Ints) -> Ints:
    """Add so many per cent for materials and round up to whole hundreds, from 1,500 to 5,000."""
    cost = fees + premium + fees * materials // 100
    return np.asarray(np.clip(-(-cost // 100) * 100, 1_500, vocabulary.SCHOOL_CAP))


def _stack_lines(ids: Objects, quantities: Ints, prices: Ints) -> pd.DataFrame:
    """Make one row of every cost that is not nothing. Both arrays: applications by items."""
    items = np.array(ITEMS, dtype=object)
    row, item = np.nonzero(quantities * prices)
    quantity, price = quantities[row, item], prices[row, item]
    return pd.DataFrame(
        {
            "application_id": ids[row],
            "item": items[item],
            "quantity": quantity,
            "unit_price": price,
            "amount": quantity * price,
        }
    )


def meetings(draws: Draws, sketch: Sketch, applications: pd.DataFrame) -> pd.DataFrame:
    """Spread each application's meetings over the Wednesdays of the period."""
    days = np.array(
        [day.isoformat() for day in vocabulary.afternoons()] + ["2014-12-10"], dtype=object
    )
    count = sketch.meetings
    row = np.repeat(np.arange(sketch.size), count)
    turn = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    step = (len(days) - 2) // count
    start = draws.below("first_meeting", sketch.size, len(days) - 1 - step * (count - 1))
    day = start[row] + step[row] * turn
    day[sketch.faults["date_outside"][row] & (turn == count[row] - 1)] = len(days) - 1
    place = np.array(vocabulary.PLACES, dtype=object)[draws.below("place", sketch.size, 6)]
    absent = np.minimum(draws.below("absent", len(row), 3), sketch.members[row] // 3)
    return pd.DataFrame(
        {
            "application_id": sketch.ids[row],
            "date": days[day],
            "topic": np.array(vocabulary.AGENDA, dtype=object)[turn % len(vocabulary.AGENDA)],
            "place": place[row],
            "speaker": _speakers(draws, applications, row, turn),
            "attendance": sketch.members[row] - absent,
        }
    )


def _speakers(draws: Draws, applications: pd.DataFrame, row: Ints, turn: Ints) -> Objects:
    """Let a guest speak at the lectures and the convener elsewhere."""
    guest = np.array(invent_people(draws, "guest", len(applications)), dtype=object)
    lecture = turn % len(vocabulary.AGENDA) == vocabulary.AGENDA.index("專題講座")
    convener = applications["convener"].to_numpy(dtype=object)
    return np.where(lecture, guest[row], convener[row])
