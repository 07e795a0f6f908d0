"""Numbers as people write them (18萬, ５０００, NT$4,600, 70分), to say what to write instead.

Nothing is read by this into a case: it only makes the suggestion of a message.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

_BEFORE = re.compile(r"^(?:NT\$?|TWD|\$|新[臺台]幣|約)\s*", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?:元整?|圓整?|整|分|人|次|節|件|校|區|名|位|小時)$")
_PART = re.compile(r"(\d{1,16}(?:\.\d{1,16})?)\s*([億萬万千百]?)")
_TIMES = {"億": 10**8, "萬": 10**4, "万": 10**4, "千": 10**3, "百": 10**2, "": 1}


def plain_form(text: str) -> str:
    """Return a text with full-width forms made plain and without a currency or a unit."""
    bare = unicodedata.normalize("NFKC", text[:80]).strip().strip("\"'“”‘’「」").strip()
    bare = re.sub(r"(?<=\d),(?=\d{3})", "", bare)
    return _AFTER.sub("", _BEFORE.sub("", bare)).strip()


def spoken_number(text: str) -> Fraction | None:
    """Return the number that a text plainly means, or None.

    Examples
    --------
    >>> spoken_number("18萬"), spoken_number("NT$4,600元整"), spoken_number("1億2,000萬")
    (Fraction(180000, 1), Fraction(4600, 1), Fraction(120000000, 1))
    """
    bare = plain_form(text)
    parts = _PART.findall(bare)
    if not parts or _PART.sub("", bare).strip() or len(parts) > 4:
        return None
    sizes = [_TIMES[unit] for _, unit in parts]
    if sizes != sorted(set(sizes), reverse=True):
        return None
    if len(parts) > 1 and sizes[-1] == 1 and len(parts[-1][0]) != len(str(sizes[-2])) - 1:
        return None  # 1萬8 is 18,000 to some and 10,008 to others
    return sum((Fraction(digits) * _TIMES[unit] for digits, unit in parts), Fraction(0))


def spoken_share(text: str) -> str | None:
    """Return a share as a policy writes it (``"40%"``), if a text plainly means one."""
    bare = unicodedata.normalize("NFKC", text[:80]).strip()
    match = re.fullmatch(r"(?:百分之)?\s*(\d{1,3}(?:\.\d{1,16})?)\s*%?", bare)
    return f"{match[1]}%" if match and ("%" in bare or "百分之" in bare) else None
