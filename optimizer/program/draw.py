"""The order of the draw, which anybody can work out from the seed and the codes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def draw_order(seed: str, application_ids: Sequence[str]) -> list[int]:
    r"""Return positions in the order of the draw: by SHA-256 of seed and id, least first.

    The text that is hashed is ``seed + "\n" + application_id`` in UTF-8.
    """
    tickets = [
        (hashlib.sha256(f"{seed}\n{application_id}".encode()).digest(), application_id, position)
        for position, application_id in enumerate(application_ids)
    ]
    return [position for _, _, position in sorted(tickets)]
