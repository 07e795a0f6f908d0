"""The look that all figures share: colours, fonts, sheets of paper, headings.

Colours are those of Okabe and Ito, which readers with any colour vision tell apart. In greyscale,
filled means funded and hollow means not funded, and neighbouring bars differ by hatch as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib import font_manager
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from optimizer.language.fonts import FAMILY, FONT
from optimizer.language.text import money
from optimizer.plots.lettering import Quick, fit, safe, width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"
VERMILLION, ORANGE, PURPLE = "#D55E00", "#E69F00", "#CC79A7"
INK, GREY, PALE = "#222222", "#767676", "#DDDDDD"
FONTS = ["DejaVu Sans", FAMILY]

_RC: Any = {
    "font.family": FONTS,
    "font.size": 9,
    "font.weight": "normal",
    "axes.titlesize": 12,
    "axes.titleweight": "normal",
    "axes.labelsize": 9,
    "axes.labelweight": "normal",
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.facecolor": "white",
    "axes.grid": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "figure.facecolor": "white",
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
    "hatch.linewidth": 0.6,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "text.color": INK,
    "text.hinting": "none",  # at 144 dots an inch shapes need no grid; Chinese takes long to fit into one
    "text.usetex": False,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "subsidy",
}


@cache
def _register() -> None:
    """Make the bundled font known, ahead of any installed font of the same name."""
    known = font_manager.fontManager
    known.addfont(FONT)
    known.ttflist.insert(0, known.ttflist.pop())


@contextmanager
def house_style() -> Iterator[None]:
    """Draw with the program's fonts and colours, and leave the caller's settings as they were."""
    _register()
    with mpl.rc_context(_RC):
        yield


@dataclass(frozen=True)
class Layout:
    """Size of a figure and its margins, all in inches."""

    width: float
    height: float
    left: float = 0.7
    right: float = 0.2
    top: float = 0.75
    bottom: float = 0.55

    @property
    def rectangle(self) -> tuple[float, float, float, float]:
        """Left, bottom, width and height of the axes, as shares of the figure."""
        across = self.width - self.left - self.right
        up = self.height - self.top - self.bottom
        return (
            self.left / self.width,
            self.bottom / self.height,
            across / self.width,
            up / self.height,
        )


def sheet(layout: Layout) -> Axes:
    """Return empty axes on a figure of their own that no window or notebook shows by itself."""
    with house_style():
        figure = Figure(figsize=(layout.width, layout.height))
        return figure.add_axes(layout.rectangle)


def shown(layout: Layout) -> Axes:
    """Return empty axes on a figure that a notebook shows."""
    from matplotlib import pyplot as plt

    figure = plt.figure(figsize=(layout.width, layout.height))
    return figure.add_axes(layout.rectangle)


def inches(ax: Axes) -> tuple[float, float]:
    """Return the width and height of axes in inches."""
    dpi = ax.figure.dpi
    return float(ax.bbox.width / dpi), float(ax.bbox.height / dpi)


def dress(ax: Axes) -> None:
    """Give axes the program's look, whoever made them."""
    ax.tick_params(
        labelfontfamily=FONTS, labelsize=8.5, colors=INK, color=GREY, length=3, width=0.8
    )
    ax.spines[["top", "right"]].set_visible(False)


def head(ax: Axes, title: str, subtitle: str = "", indent: float = 0.0, above: float = 0.0) -> None:
    """Write a title and a smaller line below it, over the axes.

    Parameters
    ----------
    ax, title, subtitle
        Where and what; both are cut to the width there is.
    indent
        How many inches left of the axes they start.
    above
        Points left free between them and the axes, e.g. for a legend.
    """
    across = max(inches(ax)[0], 0.1)
    room = across + indent
    ax.set_title(fit(title, room, 12), loc="left", pad=24 + above, x=-indent / across, y=1)
    ax.annotate(
        fit(subtitle, room, 8.5),
        (-indent / across, 1),
        xytext=(0, 9 + above),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=8.5,
        color=GREY,
        annotation_clip=False,
    )


def count_axis(axis: Any, ticks: int = 6) -> None:
    """Tick an axis at whole numbers, with thousands separators; between them where it shows none."""
    steps = [1, 2, 2.5, 5, 10]
    axis.set_major_locator(MaxNLocator(ticks, integer=True, steps=steps, min_n_ticks=1))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _figure(value)))


def _figure(value: float) -> str:
    """Write what stands at a tick, never two of them alike."""
    whole = round(value)
    return money(whole) if abs(value - whole) < 1e-6 else f"{value:g}"


def leave_room(ax: Axes, amounts: Iterable[float], labels: Iterable[str]) -> None:
    """Let the axis start at 0 and reach so far that every bar's label fits behind its bar."""
    across = max(inches(ax)[0], 0.1)
    ends = (
        amount / max(1 - (width(label, 8) + 0.1) / across, 0.2)
        for amount, label in zip(amounts, labels, strict=True)
    )
    ax.set_xlim(0, max([1.0, *ends]))


def bars(
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


def beside(ax: Axes, x: float, y: float, text: str, color: str = INK) -> None:
    """Write right of a point, e.g. of the end of a bar."""
    moved = ax.transData + ScaledTranslation(4 / 72, 0, ax.figure.dpi_scale_trans)
    _write(ax, x, y, safe(text), transform=moved, fontsize=8, color=color)


def row_labels(ax: Axes, y: Iterable[float], labels: Sequence[str], colors: Sequence[str]) -> None:
    """Name the rows of a panel, left of it; much quicker than ticks for many rows."""
    ax.set_yticks([])
    moved = ax.get_yaxis_transform() + ScaledTranslation(-5 / 72, 0, ax.figure.dpi_scale_trans)
    for at, label, color in zip(y, labels, colors, strict=True):
        _write(ax, 0, at, label, transform=moved, ha="right", fontsize=8.5, color=color)


def _write(ax: Axes, x: float, y: float, text: str, **look: Any) -> None:
    ax.add_artist(Quick(x, y, text, va="center", clip_on=False, **look))


def legend_above(ax: Axes, entries: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Explain the fills of bars in one row over the axes."""
    ax.legend(
        handles=[Patch(label=safe(text), linewidth=0.7, **look) for text, look in entries],
        loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=len(entries), borderaxespad=0.1,
        columnspacing=1.2, handlelength=1.4, handletextpad=0.5,
        prop={"family": FONTS, "size": 8.5},
    )  # fmt: skip


def legend_of_points(ax: Axes) -> None:
    """Explain points in one row over the axes, by the labels they were drawn with."""
    ax.legend(
        loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=4, borderaxespad=0.1,
        columnspacing=1.2, handletextpad=0.2, prop={"family": FONTS, "size": 8.5},
    )  # fmt: skip


def panel(ax: Axes, left: float, width: float, bottom: float = 0.0, height: float = 1.0) -> Axes:
    """Return a part of axes, given in shares of their width and height, as axes to draw on."""
    part = ax.inset_axes((left, bottom, width, height))
    dress(part)
    return part


def message(ax: Axes, text: str) -> None:
    """Say in the middle of empty axes why there is nothing to see."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color=GREY)
