"""Writing single keys and values as policy.toml has them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from optimizer.language.words import exact_points

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def in_toml(value: Any) -> str:
    """Write a value: whole numbers in groups of three digits, fractions as decimals."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{toml_key(k)} = {in_toml(v)}' for k, v in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(in_toml, value))}]"
    if isinstance(value, str | bool):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Fraction):
        return exact_points(value)
    return f"{value:_}" if isinstance(value, int) else str(value)


def toml_key(word: str) -> str:
    """Write a key: in quotes where it needs them."""
    return word if _BARE.fullmatch(word) else in_toml(word)
