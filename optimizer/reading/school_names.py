"""Whether two names can mean one school."""

from __future__ import annotations

import re

from optimizer.tables.schema import fold

_OWNER = re.compile(r"^(?:.{2}[市縣]?)?(?:市立|縣立|國立|私立|公立)")
_KINDS = (
    ("國民小學", "國小"),
    ("國民中學", "國中"),
    ("高級中學", "高中"),
    ("國民中小學", "國中小"),
)


def same_school(one: str, other: str) -> bool:
    """Return whether two names can mean one school: 市立善水國(中)小 and 善水國中小."""
    short, long = sorted((_bare(one), _bare(other)), key=len)
    return len(short) > 2 and short in long


def _bare(name: str) -> str:
    bare = re.sub(r"[()_\[\]]", "", fold(name))
    bare = _OWNER.sub("", bare)
    for full, short in _KINDS:
        bare = bare.replace(full, short)
    return bare
