"""What a zone loses at the least to reach its levels, or by not reaching them."""

from __future__ import annotations

import numpy as np

from optimizer.foundation.exact import Words
from optimizer.solving.dynamic.structure import Structure

FAR = 2**61


def least_by_zone(structure: Structure, loss: Words, bonus: int) -> Words:
    """Return the least that each zone loses: its bundles', and the bonus of each level not reached.

        min over one bundle a component of  sum loss + bonus * max(0, levels - sum adds)

    Parameters
    ----------
    structure
        Components, bundles, zones.
    loss
        Shape (B,): of each bundle, in its component.
    bonus
        Of one level.
    """
    width = structure.top + 1
    each = np.full(len(structure.zone) * width, FAR, dtype=np.int64)
    np.minimum.at(each, structure.component * width + structure.adds, loss)
    begin = structure.zone_start
    place = np.arange(len(structure.zone)) - begin[:-1][structure.zone]
    by_zone = np.full(
        (len(structure.levels), max(1, int(np.diff(begin).max(initial=0))), width), FAR
    )
    by_zone[:, :, 0] = 0  # of no component
    by_zone[structure.zone, place] = each.reshape(-1, width)
    while by_zone.shape[1] > 1:
        if by_zone.shape[1] % 2:
            nobody = np.full((len(by_zone), 1, width), FAR)
            nobody[:, :, 0] = 0
            by_zone = np.concatenate([by_zone, nobody], axis=1)
        by_zone = _together(by_zone[:, 0::2], by_zone[:, 1::2])
    missing = np.maximum(structure.levels[:, None] - np.arange(width), 0)
    least: Words = (by_zone[:, 0] + bonus * missing).min(axis=1)
    return least


def _together(one: Words, other: Words) -> Words:
    """Return the least loss of two together by levels reached; the last is that or more. (…, levels + 1)."""
    top = one.shape[-1] - 1
    found = np.full_like(one, FAR)
    for level in range(top + 1):
        ahead = one[..., level, None] + other
        exact = top - level  # levels of the other up to which both together stay below the last
        np.minimum(found[..., level:top], ahead[..., :exact], out=found[..., level:top])
        np.minimum(found[..., top], ahead[..., exact:].min(axis=-1), out=found[..., top])
    return np.minimum(found, FAR)
