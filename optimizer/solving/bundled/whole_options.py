"""A program over bundles and extras as one over options: a bundle, and what its awards are above their least.

Where an award is a choice, rows tie what a school's applications get to the bundle that funds them. With both
chosen at once these rows hold within each option, so that only rows over several components are left, as where
no award is a choice, and components can be merged. Of all there would be, lists within a gap have few options
(`optimizer.solving.merging.tied`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimizer.foundation.exact import (
    BoolArray,
    Places,
    Words,
    dot,
    exact,
    largest,
    plus,
    sums,
    times,
    words,
)
from optimizer.solving.bundled.bundle_columns import QUOTAS
from optimizer.solving.bundled.frame import Frame
from optimizer.solving.bundled.priced import Priced
from optimizer.solving.bundled.rest import Rest
from optimizer.solving.bundled.spared import Sides
from optimizer.solving.bundled.sparse import Sparse
from optimizer.solving.bundled.stated import Weights
from optimizer.solving.dynamic.packing import fitting, too_large
from optimizer.solving.merging import Tied, TiedOptions, listed
from optimizer.solving.merging.tied import FAR


@dataclass(frozen=True)
class WholeOptions:
    """Options of what is open, and a frame over them and the numbers of no component."""

    rest: Rest
    frame: Frame
    bundle: (
        Places  # shape (o,): the open column of each option's bundle, -1 for one that is settled
    )
    extra: Places  # shape (o, k): those of its numbers, -1 for none
    value: Words  # shape (o, k): the values of these
    numbers: Places  # the open columns of no component

    def weights(self, stated: Weights, columns: int) -> Weights:
        """Return a sum over so many columns as one over the options and the other numbers."""
        whole = stated.over(columns)
        each = np.append(whole[self.rest.columns], 0)
        paid = sums(times(each[self.extra], self.value), axis=1)
        worth = exact(np.concatenate([plus(each[self.bundle], paid), each[self.numbers]]))
        constant = stated.constant + dot(whole, self.rest.base)
        return Weights(np.arange(len(worth)), worth, constant)

    def ends(self, low: Words, high: Words) -> tuple[Words, Words]:
        """Return the columns' least and greatest values from those of the frame over options. (m,) twice."""
        columns, count = self.rest.columns, len(self.bundle)
        least, most = self.rest.base.copy(), self.rest.base.copy()
        seen = high[:count] > 0
        most[columns[self.bundle[seen & (self.bundle >= 0)]]] = 1
        least[columns[self.rest.bundles :]] = largest(self.rest.high)
        option, place = np.nonzero(seen[:, None] & (self.extra >= 0))
        column, value = columns[self.extra[option, place]], self.value[option, place]
        np.minimum.at(least, column, value)
        np.maximum.at(most, column, value)
        other = columns[self.numbers]
        least[other], most[other] = low[count:], high[count:]
        return least, most


def whole_options(owner: Places, priced: Priced, floor: int) -> WholeOptions | int:
    """List the options of lists worth at least a floor; if there are none, what lists lose as far as is seen.

    Parameters
    ----------
    owner
        Shape (m,): the component of each column, whether a bundle's or a number's; -1 for none.

    Raises
    ------
    NotTakeable
        If there are too many, or numbers are too large.
    """
    ties = _Ties(priced, owner[priced.rest.columns])
    tied, gap = ties.tied(), priced.gap(priced.inner(floor))
    if not tied.fits:
        raise too_large(QUOTAS)
    options, sides = listed(tied, gap), Sides.of(priced, ~ties.own)
    while len(begin := ties.begin(options)) == ties.count:
        left = ties.sides(sides.left, options)
        spared = sides.lost(left, begin, ties.numbers, gap)
        if spared is None:
            return sides.lost(left, begin, ties.numbers, FAR, anew=True) or 0
        fewer = options.losing(gap - spared)
        if len(fewer.lost) == len(options.lost):
            return ties.joined(options)
        options = fewer
    return 0


class _Ties:
    """Which columns and rows are of one component alone, and where they stand there."""

    def __init__(self, priced: Priced, owner: Places) -> None:
        self.priced, self.rest = priced, priced.rest
        bundles, rows = self.rest.bundles, self.rest.rows
        found, place = np.unique(owner, return_inverse=True)
        self.count = int((found >= 0).sum())
        self.component: Places = place.ravel() - (len(found) - self.count)  # -1 for none
        number = np.arange(len(owner)) >= bundles
        self.numbers = np.flatnonzero(number & (self.component < 0))
        self.seat = _seated(np.flatnonzero(number), self.component, self.count)
        lowest = np.full(rows.rows, self.count, dtype=np.int64)
        highest = np.full(rows.rows, -1, dtype=np.int64)
        np.minimum.at(lowest, rows.row, self.component[rows.col])
        np.maximum.at(highest, rows.row, self.component[rows.col])
        self.own: BoolArray = (lowest == highest) & (lowest >= 0)
        self.row = _seated(np.flatnonzero(self.own), np.where(self.own, lowest, -1), self.count)
        chosen = self.component[:bundles]
        alone = np.setdiff1d(np.arange(self.count), chosen)  # their bundle is settled
        self.bundle = np.concatenate([np.arange(bundles), np.full(len(alone), -1)])
        self.of_bundle = np.concatenate([chosen, alone])

    def tied(self) -> Tied:
        """Return what an option of each component is made of."""
        rest, lost = self.rest, self.priced.losses
        loss = np.append(words(fitting(lost.loss, QUOTAS)), 0)
        falls = np.append(np.asarray(lost.falls, dtype=bool), False)
        left, chosen = self._left()
        rhs = np.append(words(fitting(rest.rhs, QUOTAS)), -FAR)
        equal = np.append(rest.relations.equal, False)
        price = np.append(words(fitting(lost.charged, QUOTAS)), 0)
        return Tied(
            self.of_bundle,
            loss[self.bundle],
            chosen,
            low=np.append(rest.low, 0)[self.seat],
            high=np.append(rest.high, 0)[self.seat],
            lost=loss[self.seat],
            falls=falls[self.seat],
            left=left,
            needed=rhs[self.row],
            equal=equal[self.row],
            toll=np.where(equal, 0, price)[self.row],
        )

    def _left(self) -> tuple[Words, Words]:
        """Return what numbers (C, r, k) and bundles (b, r) put on the left of their own rows."""
        rows, bundles = self.rest.rows, self.rest.bundles
        place = np.full(rows.rows + 1, -1, dtype=np.int64)
        c, r = np.nonzero(self.row >= 0)
        place[self.row[c, r]] = r
        slot = np.full(len(self.component), -1, dtype=np.int64)
        c, k = np.nonzero(self.seat >= 0)
        slot[self.seat[c, k]] = k
        value = words(fitting(rows.value, QUOTAS))
        left = np.zeros((*self.row.shape, self.seat.shape[1]), dtype=np.int64)
        chosen = np.zeros((len(self.bundle), self.row.shape[1]), dtype=np.int64)
        own, number = self.own[rows.row], rows.col >= bundles
        at = np.flatnonzero(own & number)
        col = rows.col[at]
        left[self.component[col], place[rows.row[at]], slot[col]] = value[at]
        at = np.flatnonzero(own & ~number)
        chosen[rows.col[at], place[rows.row[at]]] = value[at]
        return left, chosen

    @staticmethod
    def begin(options: TiedOptions) -> Places:
        """Return where each component's options begin; nothing for one that has none."""
        return np.flatnonzero(np.diff(options.component, prepend=-1))

    def sides(self, left: Words, options: TiedOptions) -> Words:
        """Return what options put on the left (r, o), of what open columns do, and none, (r, v + 1)."""
        extra = self.seat[options.component]
        found = exact(left[:, self.bundle[options.bundle]])
        for k in range(extra.shape[1]):
            found = plus(found, times(left[:, extra[:, k]], options.value[:, k]))
        return words(fitting(found, QUOTAS))

    def joined(self, options: TiedOptions) -> WholeOptions:
        """State the rows of several components over options."""
        rest, count = self.rest, len(options.component)
        bundle, extra = self.bundle[options.bundle], self.seat[options.component]
        common = np.flatnonzero(~self.own)
        relations = rest.relations.only(common)
        option, place = np.nonzero((extra >= 0) & (options.value != 0))
        held = np.flatnonzero(bundle >= 0)
        column = np.concatenate([bundle[held], extra[option, place], self.numbers])
        often = np.concatenate(
            [np.ones_like(held), options.value[option, place], np.ones_like(self.numbers)]
        )
        onto = np.concatenate([held, option, count + np.arange(len(self.numbers))])
        rows = _moved(relations.rows, column, onto, often=often, columns=count + len(self.numbers))
        frame = Frame(
            np.concatenate([options.component, np.full(len(self.numbers), -1)]),
            np.concatenate([np.ones(count, dtype=np.int64), rest.high[self.numbers]]),
        )
        frame.low[count:] = rest.low[self.numbers]
        frame.relations = replace(relations, rows=rows)
        return WholeOptions(
            rest, frame, bundle=bundle, extra=extra, value=options.value, numbers=self.numbers
        )


def _seated(members: Places, component: Places, count: int) -> Places:
    """Return the members of each component, shape (C, k): -1 where it has fewer."""
    members = members[component[members] >= 0]
    members = members[np.argsort(component[members], kind="stable")]
    owner = component[members]
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    found = np.full((count, int(place.max(initial=-1)) + 1), -1, dtype=np.int64)
    found[owner, place] = members
    return found


def _moved(rows: Sparse, column: Places, onto: Places, often: Words, columns: int) -> Sparse:
    """Return rows over other columns: what stands at ``column[i]`` stands ``often[i]`` times at ``onto[i]``."""
    order = np.argsort(rows.col, kind="stable")
    begin, end = (np.searchsorted(rows.col[order], column, side=side) for side in ("left", "right"))
    many = end - begin
    skipped = np.repeat(np.cumsum(many) - many, many)
    at = order[np.repeat(begin, many) + np.arange(len(skipped)) - skipped]
    value = times(rows.value[at], np.repeat(often, many))
    return Sparse.summed(
        rows.row[at], np.repeat(onto, many), value, rows=rows.rows, columns=columns
    )
