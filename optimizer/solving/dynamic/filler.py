"""Which of two passes fills a table of the dynamic programme, and how much it may hold."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.solving.dynamic.forward_pass import ForwardPass
from optimizer.solving.dynamic.listed_pass import ListedPass
from optimizer.solving.dynamic.opened import Opened
from optimizer.solving.dynamic.packing import NotTakeable

ROOMY = 4_000_000  # states of a box beyond which a list is tried first
LISTED = 8  # states of a box that are as quick as one number of a list

Table = ForwardPass | ListedPass


@dataclass(frozen=True)
class Filler:
    """What fills tables.

    Parameters
    ----------
    deadline
        Time of `optimizer.foundation.clock` at which to stop, or None.
    most
        States that may be stored, 8 bytes each.
    """

    deadline: float | None
    most: int

    def fill(self, opened: Opened) -> Table | None:
        """Go through what is open in a box of states, or over a list where the box would be large.

        Returns
        -------
        None if no allocation lies within the gap.

        Raises
        ------
        NotTakeable
            If there is not the room.
        OutOfTime
            If the deadline passes.
        """
        if opened.impossible:
            return None
        if opened.foreseen > ROOMY:
            try:
                listed = ListedPass(
                    opened, self.deadline, self.most // LISTED // max(1, len(opened.axes))
                )
                return listed if listed.run() else None
            except NotTakeable:
                if opened.foreseen > self.most:
                    raise
        box = ForwardPass(opened, self.deadline, self.most)
        return box if box.run() else None
