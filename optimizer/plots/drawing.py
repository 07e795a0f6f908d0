"""The look that all figures share: colours, fonts, sheets of paper, headings.

Colours are those of Okabe and Ito, which readers with any colour vision tell apart. In greyscale,
filled means funded and hollow means not funded, and neighbouring bars differ by hatch as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from threading import Lock
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axes._base import _AxesBase
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from optimizer.language.fonts import FAMILY, FONT
from optimizer.language.text import money
from optimizer.plots.lettering import in_two_lines, safe, width

BLUE, SKY, GREEN = "#0072B2", "#56B4E9", "#009E73"
VERMILLION, ORANGE, PURPLE = "#D55E00", "#E69F00", "#CC79A7"
INK, GREY, PALE = "#222222", "#767676", "#DDDDDD"
_TICK_INCHES, _TICK_INCHES_UP = 0.5, 0.25
_MOST_MARGIN = 0.6  # of the place that axes are given
FONTS = ["DejaVu Sans", FAMILY]
COLORS = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY)

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
    "axes.prop_cycle": cycler(color=COLORS),
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


@dataclass
class _InUse:
    """How many looks are in use, and what the first of them found.

    Settings are the process's, and threads draw beside one another: were each to put back all that it
    found, one that ends after another began would leave the other's look for good.
    """

    lock: AbstractContextManager[Any] = field(default_factory=Lock)
    looks: int = 0
    before: dict[Any, Any] = field(default_factory=dict)


_IN_USE = _InUse()


@cache
def _register() -> None:
    """Make the bundled font known, ahead of any installed font of the same name."""
    known = font_manager.fontManager
    known.addfont(FONT)
    known.ttflist.insert(0, known.ttflist.pop())


def style() -> AbstractContextManager[Any]:
    """Give figures this program's fonts and look: from now on, or inside ``with style():``.

    Chinese is drawn by the bundled font, so that no label is boxes on a machine without one.
    """
    _register()
    undo = ExitStack()
    with _IN_USE.lock:
        found = {key: mpl.rcParams[key] for key, value in _RC.items() if mpl.rcParams[key] != value}
        mpl.rcParams.update(_RC)
        if not _IN_USE.looks:
            _IN_USE.before = found
        _IN_USE.looks += 1
        undo.callback(_put_back, {} if found is _IN_USE.before else found)
    return undo


def _put_back(found: dict[Any, Any]) -> None:
    with _IN_USE.lock:
        _IN_USE.looks -= 1
        settings: dict[Any, Any] = found if _IN_USE.looks else {**found, **_IN_USE.before}
        mpl.rcParams.update(settings)


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


class OwnAxes(Axes):
    """Axes on a figure of their own, with the margins that they want."""


def sheet(layout: Layout) -> Axes:
    """Return empty axes on a figure of their own that no window or notebook shows by itself."""
    with style():
        figure = Figure(figsize=(layout.width, layout.height))
        return figure.add_axes(layout.rectangle, axes_class=OwnAxes)


def place(ax: Axes | None, layout: Layout) -> Axes:
    """Return the axes to draw on: given ones, or those of a new figure that a notebook shows.

    Given axes are drawn in, so that titles, labels and legends have room where the axes stood, and
    never lie over a neighbour in a grid of subplots.
    """
    if ax is None:
        from matplotlib import pyplot as plt

        figure = plt.figure(figsize=(layout.width, layout.height))
        return figure.add_axes(layout.rectangle, axes_class=OwnAxes)
    if not isinstance(ax, OwnAxes):
        inside = Inside(layout)
        ax.set_axes_locator(inside)
        ax.apply_aspect(inside(ax))
    return ax


@dataclass(frozen=True)
class Inside:
    """Where axes stand that leave room for the margins of a layout in the place they were given."""

    layout: Layout

    def __call__(self, ax: _AxesBase, renderer: object = None) -> Bbox:
        """Return the place, in shares of the figure."""
        cell, paper, dots = ax.get_position(original=True), ax.figure.bbox, ax.figure.dpi
        left, right = _within(cell.width * paper.width / dots, self.layout.left, self.layout.right)
        low, high = _within(cell.height * paper.height / dots, self.layout.bottom, self.layout.top)
        return Bbox.from_extents(
            cell.x0 + left * cell.width,
            cell.y0 + low * cell.height,
            cell.x1 - right * cell.width,
            cell.y1 - high * cell.height,
        )


def _within(room: float, *margins: float) -> list[float]:
    """Return margins as shares of the room, no more than most of it."""
    scale = min(1 / max(room, 0.01), _MOST_MARGIN / sum(margins))
    return [margin * scale for margin in margins]


def inches(ax: Axes) -> tuple[float, float]:
    """Return the width and height of axes in inches."""
    dpi = ax.figure.dpi
    return float(ax.bbox.width / dpi), float(ax.bbox.height / dpi)


def right_of(ax: Axes) -> float:
    """Return how many inches right of axes are theirs."""
    whole = not isinstance(ax.get_axes_locator(), Inside)
    end = 1.0 if whole else ax.get_position(original=True).x1
    return float((end - ax.get_position().x1) * ax.figure.bbox.width / ax.figure.dpi)


def dress(ax: Axes) -> None:
    """Give axes the program's look, whoever made them."""
    ax.tick_params(
        labelfontfamily=FONTS, labelsize=8.5, colors=INK, color=GREY, length=3, width=0.8
    )
    ax.spines[["top", "right"]].set_visible(False)


def head(ax: Axes, title: str, subtitle: str = "", indent: float = 0.0, above: float = 0.0) -> None:
    """Write a title and a smaller line below it, over the axes; each takes two lines where one is too narrow.

    Parameters
    ----------
    ax, title, subtitle
        Where and what.
    indent
        How many inches left of the axes they start.
    above
        Points left free between them and the axes, e.g. for a legend.
    """
    across = max(inches(ax)[0], 0.1)
    room = across + indent
    said, large = in_two_lines(title, room, (12, 11, 10, 9), 7)
    below, small = in_two_lines(subtitle, room, (8.5, 8, 7), 5)
    more = 1.2 * small * below.count("\n")  # points that a second line takes
    if more:
        _lower(ax, more / 72)
    ax.set_title(said, loc="left", pad=24 + above + more, x=-indent / across, y=1,
                 fontsize=large, fontfamily=FONTS, color=INK)  # fmt: skip
    ax.annotate(
        below,
        (-indent / across, 1),
        xytext=(0, 9 + above),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=small,
        color=GREY,
        annotation_clip=False,
    )


def _lower(ax: Axes, by: float) -> None:
    """Take some inches from the top of axes, for what stands above them."""
    inside = ax.get_axes_locator()
    if isinstance(inside, Inside):
        lower = Inside(replace(inside.layout, top=inside.layout.top + by))
        ax.set_axes_locator(lower)
        ax.apply_aspect(lower(ax))
    else:
        box = ax.get_position()
        high = max(box.height - by * ax.figure.dpi / ax.figure.bbox.height, box.height / 2)
        ax.set_position((box.x0, box.y0, box.width, high), which="active")


def name_axes(ax: Axes, x: str = "", y: str = "", size: float = 9) -> None:
    """Say along the axes what they measure, as large as there is room."""
    for axis, text, room in zip((ax.xaxis, ax.yaxis), (x, y), inches(ax), strict=True):
        if text:
            name_axis(axis, text, room, size)


def name_axis(axis: Any, text: str, room: float, size: float = 9) -> None:
    """Say along one axis what it measures, in two lines where one is too long."""
    said, small = in_two_lines(text, max(room, 0.5), (size, 8, 7), 6)
    axis.set_label_text(said, fontsize=small, fontfamily=FONTS, color=INK)


def count_axis(axis: Any, ticks: int = 6) -> None:
    """Tick an axis at whole numbers, with thousands separators; between them where it shows none."""
    steps = [1, 2, 2.5, 5, 10]
    across, up = inches(axis.axes)
    places = across / _TICK_INCHES if axis.axis_name == "x" else up / _TICK_INCHES_UP
    ticks = min(ticks, max(int(places), 1))
    axis.set_major_locator(MaxNLocator(ticks, integer=True, steps=steps, min_n_ticks=1))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _figure(value)))


def _figure(value: float) -> str:
    """Write what stands at a tick, never two of them alike."""
    whole = round(value)
    return money(whole) if abs(value - whole) < 1e-6 else f"{value:g}"


def legend_above(ax: Axes, entries: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Explain the fills of bars over the axes."""
    handles = [Patch(label=safe(text), linewidth=0.7, **look) for text, look in entries]
    _legend(ax, handles, handle=1.4)


def legend_of_points(ax: Axes) -> None:
    """Explain points or lines over the axes, by the labels they were drawn with."""
    _legend(ax, ax.get_legend_handles_labels()[0], handle=2.0)


def _legend(ax: Axes, handles: Sequence[Artist], handle: float) -> None:
    """Write a legend in one line over the axes; smaller, then in more lines, where it is too wide."""
    room = inches(ax)[0] + 0.1
    labels = [str(entry.get_label()) for entry in handles]
    for size, rows in _SIZES:
        across = -(-len(labels) // rows)
        columns = (labels[n * rows : (n + 1) * rows] for n in range(across))
        widths = (max((width(text, size) for text in column), default=0) for column in columns)
        if sum(widths) + across * (handle + 1.8) * size / 72 <= room:
            break
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(-0.1 / max(room, 0.2), 1), ncols=across,
        borderaxespad=0.1, columnspacing=1.2, handlelength=handle, handletextpad=0.5,
        labelspacing=0.25, borderpad=0.2, markerscale=size / 8.5, prop={"family": FONTS, "size": size},
    )  # fmt: skip


# sizes of the letters of a legend, and how many lines of them have the height of one
_SIZES = ((8.5, 1), (7.5, 1), (6.5, 1), (5.5, 2), (4.5, 2), (3.5, 3), (2.5, 4))


def head_of_panel(ax: Axes, text: str) -> None:
    """Say over one of several panels what it shows."""
    said, size = in_two_lines(text, inches(ax)[0], (9, 8, 7, 6), 5)
    ax.set_title(said, fontsize=size, fontfamily=FONTS, pad=3, loc="left", linespacing=1.05)


def panel(ax: Axes, left: float, width: float, bottom: float = 0.0, height: float = 1.0) -> Axes:
    """Return a part of axes, given in shares of their width and height, as axes to draw on."""
    part = ax.inset_axes((left, bottom, width, height))
    dress(part)
    return part


def message(ax: Axes, text: str) -> None:
    """Say in the middle of empty axes why there is nothing to see."""
    ax.set_axis_off()
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color=GREY)
