"""The order in which an authority lists its districts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optimizer.tables.schema import fold


def official(listed: Sequence[str], names: Iterable[str]) -> list[int]:
    """Return places of names in the order of a list; those that it lacks last, as they come."""
    order = {fold(name): place for place, name in enumerate(listed)}
    places = [order.get(fold(name), len(order)) for name in names]
    return sorted(range(len(places)), key=places.__getitem__)


def in_official_order(listed: Sequence[str], names: Iterable[str]) -> list[str]:
    """Return names in the order of a list; those that it lacks last, as they come."""
    known = list(names)
    return [known[place] for place in official(listed, known)]
