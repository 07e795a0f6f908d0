"""Names of files made of ids that may hold anything."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 60
_UNFIT = re.compile(r"[^\w.-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def file_names(ids: Iterable[str]) -> list[str]:
    """Return one name an id, without its ending: fit for every system, no two the same on any."""
    taken: set[str] = set()
    found = []
    for own_id in ids:
        bare = _UNFIT.sub("_", unicodedata.normalize("NFC", own_id))[:_LONGEST].strip(".")
        name = bare = f"_{bare}" if _RESERVED.fullmatch(bare) or not bare else bare
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{bare}-{number}"
        taken.add(name.casefold())
        found.append(name)
    return found
