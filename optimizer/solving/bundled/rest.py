"""What is left to decide of an integer program over bundles, its rows said as tightly as can be."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimizer.foundation.exact import IntArray, Places, Words, exact, grouped, plus, times
from optimizer.solving.bundled.relations import Relations
from optimizer.solving.bundled.sparse import Sparse


@dataclass(frozen=True)
class Rest:
    """What is left to decide: open columns, and the rows over them."""

    columns: Places  # shape (v,): which columns of the frame; bundles first
    base: Words  # shape (m,): the values of all others
    begin: Places  # where each open component's bundles begin
    bundles: int  # how many of the open columns are bundles
    low: Words  # shape (v,)
    high: Words  # shape (v,)
    relations: Relations  # over the open columns; what settled columns contribute is taken away

    @property
    def rows(self) -> Sparse:
        """The left sides."""
        return self.relations.rows

    @property
    def rhs(self) -> IntArray:
        """The right sides."""
        return self.relations.rhs

    def tight(self) -> Rest:
        """Say the rows as tightly as can be, and leave out those that hold whatever is chosen."""
        counted, _ = self._counted()
        fewer = counted.reduced().eliminated(len(self.columns))
        again, least = replace(self, relations=fewer)._counted()
        some = np.bincount(again.rows.row, minlength=again.rows.rows) > 0
        fixed = again.equal & (some | np.asarray(least > again.rhs, dtype=bool))
        kept = np.flatnonzero(fixed | np.asarray(least < again.rhs, dtype=bool))
        return replace(self, relations=again.only(kept).reduced())

    def _counted(self) -> tuple[Relations, IntArray]:
        """Count rows from what all bundles of a component give at the least; return their least then, too."""
        rows = self.rows
        sizes = np.diff(np.append(self.begin, self.bundles))
        owner = np.repeat(np.arange(len(sizes)), sizes)
        number = rows.col >= self.bundles
        ends = [times(rows.value[number], x[rows.col[number]]) for x in (self.low, self.high)]
        least = grouped(np.minimum(*ends), rows.row[number], rows.rows)
        inside = np.flatnonzero(~number)
        if not len(inside):
            return self.relations, least
        key = rows.row[inside] * len(sizes) + owner[rows.col[inside]]
        order = np.argsort(key, kind="stable")
        inside, first = inside[order], np.flatnonzero(np.diff(key[order], prepend=-1))
        often = np.diff(np.append(first, len(key)))
        row, component = np.divmod(key[order][first], len(sizes))
        each = np.minimum.reduceat(rows.value[inside], first)
        everywhere = often == sizes[component]
        sure = np.where(everywhere, each, 0)
        least = plus(
            least, grouped(exact(np.where(everywhere, 0, np.minimum(each, 0))), row, rows.rows)
        )
        value = rows.value.copy()
        value[inside] = plus(value[inside], times(np.repeat(sure, often), -1))
        kept = np.flatnonzero(value)
        counted = Sparse(rows.row[kept], rows.col[kept], exact(value[kept]), rows.rows)
        rhs = plus(self.rhs, times(grouped(exact(sure), row, rows.rows), -1))
        return replace(self.relations, rows=counted, rhs=rhs), least

    def point(self, values: Words) -> Words:
        """Return a point of the whole frame."""
        whole = self.base.copy()
        whole[self.columns] = values
        return whole
