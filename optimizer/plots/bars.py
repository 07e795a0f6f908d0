"""Rows of horizontal bars: what stands in them, beside them, and left of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.collections import PolyCollection
from matplotlib.transforms import ScaledTranslation

from optimizer.plots.drawing import INK, inches
from optimizer.plots.lettering import Quick, largest, safe, width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LARGE, _SMALL = 8.5, 2.5  # points
_SIZES = (8, 7, 6, 5, 4, 3)
_MOST_OF_WIDTH = 0.6  # of the axes, that what stands beside a bar takes
_LINE = 1.25  # of a line's height to its letters


def leave_room(
    ax: Axes, amounts: Iterable[float], labels: Sequence[str], lines: float = 1
) -> float:
    """Let the axis start at 0 and reach so far that every bar's label fits behind its bar.

    Parameters
    ----------
    ax, amounts, labels
        Where; how long the bars are, and what is written beside them.
    lines
        How many bars stand in a row.

    Returns
    -------
    float
        How large the labels may be, in points.
    """
    across = max(inches(ax)[0], 0.1)
    longest = max(labels, key=lambda label: width(label, 8), default="")
    size = min(largest(longest, _MOST_OF_WIDTH * across, _SIZES), row_size(ax, lines))
    ends = (
        amount / max(1 - (width(label, size) + 0.1) / across, 0.2)
        for amount, label in zip(amounts, labels, strict=True)
    )
    ax.set_xlim(0, max([1.0, *ends]))
    return size


def draw(
    ax: Axes,
    y: npt.ArrayLike,
    amounts: npt.ArrayLike,
    height: float,
    look: Mapping[str, Any],
    start: float = 0,
) -> None:
    """Draw horizontal bars from `start`, as one artist; none where the amount is 0."""
    middle, length = np.atleast_1d(np.asarray(y, float)), np.atleast_1d(np.asarray(amounts, float))
    middle, length = middle[length != 0], length[length != 0]
    low, high = middle - height / 2, middle + height / 2
    left, right = np.full_like(length, start), start + length
    across = np.stack([left, left, right, right], axis=1)
    up = np.stack([low, high, high, low], axis=1)
    ax.add_collection(
        PolyCollection(list(np.stack([across, up], axis=2)), **{"linewidth": 0.7, **look}),
        autolim=False,
    )


def row_size(ax: Axes, lines: float = 1) -> float:
    """Return how large letters may be, so that so many lines fit into a row: one unit of the axis."""
    low, high = ax.get_ylim()
    pitch = inches(ax)[1] * 72 / max(abs(high - low), 0.1)
    return min(_LARGE, max(pitch / (lines + 0.4 * (lines > 1)) / _LINE, _SMALL))


def beside(ax: Axes, x: float, y: float, text: str, color: str = INK, size: float = 8) -> None:
    """Write right of a point, e.g. of the end of a bar."""
    moved = ax.transData + ScaledTranslation(4 / 72, 0, ax.figure.dpi_scale_trans)
    size = min(size, row_size(ax))
    _write(ax, x, y, safe(text), transform=moved, fontsize=size, color=color)


def row_labels(
    ax: Axes, y: Iterable[float], labels: Sequence[str], colors: Sequence[str] = ()
) -> None:
    """Name the rows of a panel, left of it; much quicker than ticks for many rows."""
    ax.set_yticks([])
    moved = ax.get_yaxis_transform() + ScaledTranslation(-5 / 72, 0, ax.figure.dpi_scale_trans)
    size = row_size(ax, max((label.count("\n") + 1 for label in labels), default=1))
    for at, label, color in zip(y, labels, colors or [INK] * len(labels), strict=True):
        _write(ax, 0, at, label, transform=moved, ha="right", fontsize=size, color=color)


def _write(ax: Axes, x: float, y: float, text: str, **look: Any) -> None:
    ax.add_artist(Quick(x, y, text, va="center", clip_on=False, **look))
