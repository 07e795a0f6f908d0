"""Many small sets of states made at once: an array operation costs the same for one as for a hundred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from optimizer.foundation.exact import Places, Words
from optimizer.solving.merging.arrivals import Trail, begins, packed
from optimizer.solving.merging.states import Limits, NoListError, Reach, States, component

Pair = tuple[States, States]


def alone(begin: Places, left: Words, lost: Words, worth: Words) -> list[States]:
    """Return the states of each component by itself: of options by component, as `component` has them."""
    number, owner = np.arange(len(lost)), np.repeat(np.arange(len(begin) - 1), np.diff(begin))
    found = _each_once(owner, left, lost, worth, first=number, second=number)
    if found is not None:
        return found
    parts = (slice(*ends) for ends in pairwise(begin.tolist()))
    return [component(number[p], left[:, p], lost[p], worth[p]) for p in parts]


def merged_each(limits: Limits, pairs: Sequence[Pair], rest: Reach) -> list[States] | None:
    """Do what `merged` does for each of some pairs by itself, but leave what is more than enough as it is.

    Two pairs would each take away, and be charged for, what they have too much of together.

    Parameters
    ----------
    rest
        Shape (r, p) twice: what is not in each of the pairs.

    Returns
    -------
    None where left sides are too large for it.

    Raises
    ------
    NoListError
        If no list within the gap is left.
    NotTakeable
        If there is not the room.
    """
    ones: _Joined = _Joined.of([one for one, _ in pairs])
    others: _Joined = _Joined.of([other for _, other in pairs])
    few: Places = ones.sizes
    sizes: Places = others.sizes
    counts: Places = few * sizes
    limits.count(int(counts.sum()))
    pair = np.repeat(np.arange(len(pairs)), counts)
    place = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
    first, second = np.divmod(place, others.sizes[pair])
    one, other = ones.start[pair] + first, others.start[pair] + second
    left: Words = ones.left[:, one] + others.left[:, other]
    spare = np.maximum(left + (rest.low - limits.rhs[:, None])[:, pair], 0)
    lost = ones.lost[one] + others.lost[other]
    fits = (left >= (limits.rhs[:, None] - rest.high)[:, pair]).all(axis=0)
    fits &= (lost + limits.price @ spare <= limits.gap) & ~spare[limits.equal].any(axis=0)
    if not np.bincount(pair[fits], minlength=len(pairs)).all():
        raise NoListError
    own: Words = ones.worth[one[fits]]
    more: Words = others.worth[other[fits]]
    worth: Words = own + more
    return _each_once(
        pair[fits],
        left[:, fits],
        lost[fits],
        worth,
        first=first[fits],
        second=second[fits],
        parents=pairs,
    )


@dataclass(frozen=True)
class _Joined:
    """Sets of states one behind the other."""

    sizes: Places
    start: Places
    left: Words
    lost: Words
    worth: Words

    @staticmethod
    def of(sets: Sequence[States]) -> _Joined:
        sizes: Places = np.array([len(each.lost) for each in sets])
        return _Joined(
            sizes,
            np.cumsum(sizes) - sizes,
            left=np.concatenate([each.left for each in sets], axis=1),
            lost=np.concatenate([each.lost for each in sets]),
            worth=np.concatenate([each.worth for each in sets]),
        )


def _each_once(
    owner: Places,
    left: Words,
    lost: Words,
    worth: Words,
    first: Places,
    second: Places,
    parents: Sequence[Pair] | None = None,
) -> list[States] | None:
    """Keep each left side of an owner once, with every way to it that is worth the most; owners ascend.

    Returns
    -------
    None where left sides are too large for it.
    """
    begin = np.flatnonzero(begins(owner))
    low, high = (end.reduceat(left, begin, axis=1) for end in (np.minimum, np.maximum))
    key = packed(left - low[:, owner], np.maximum.reduce(high - low, axis=1))
    if key is None:
        return None
    order = np.lexsort((-worth, key, owner))
    new = begins(key[order]) | begins(owner[order])
    kept, state = order[new], np.cumsum(new) - 1
    best = worth[order] == worth[kept][state]
    way, state = order[best], state[best]
    number = np.arange(len(begin) + 1)
    ends = (pairwise(np.searchsorted(owner[of], number).tolist()) for of in (kept, way))
    left, lost, worth = left[:, kept], lost[kept], worth[kept]
    first, second = first[way], second[way]
    found = []
    for c, ((i, j), (v, w)) in enumerate(zip(*ends, strict=True)):
        both = None if parents is None else (parents[c][0].trail, parents[c][1].trail)
        trail = Trail.of(state[v:w] - i, first[v:w], second[v:w], count=j - i, parents=both)
        states = States(left[:, i:j], lost[i:j], worth[i:j], trail)
        vars(states).update(low=low[:, c], high=high[:, c])
        found.append(states)
    return found
