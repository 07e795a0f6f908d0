"""A figure printed as SVG and as pixels at once.

matplotlib meets all artists anew for each file. Here they are met once, on paper of 72 dots an inch, and
what they draw goes to both: the pixels are the same drawing, `_LARGER` times as large.
"""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO, StringIO
from typing import Any

from matplotlib import _path as _c_path
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.image import imsave
from matplotlib.transforms import Affine2D, Bbox, TransformedPath

from optimizer.plots.glyphs import EM, TextLine, laid_out, outline

_DPI = 72
_PLACES, _LETTERS = 2, [b"M", b"L", b"Q", b"C", b"z"]  # of paths in an SVG
_LARGER = 2
_pixels: Any = RendererAgg
_path: Any = _c_path
_ENLARGED: Any = Affine2D().scale(_LARGER).frozen()
SVG: dict[str, Any] = {"metadata": {"Date": None, "Creator": None}}
# Level 3 is a third quicker than the default and 2% larger.
PNG: dict[str, Any] = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}}


def printed(figure: Figure, formats: Collection[str]) -> dict[str, bytes]:
    """Return a figure as files: ``svg``, ``png`` or both. The same figure gives the same bytes.

    Raises
    ------
    NotImplementedError
        If a part of it is an image, or is to be one in the SVG; matplotlib's own writers know how to embed it.
    """
    dpi, manager, (width, height) = (
        figure.dpi,
        figure.canvas.manager,
        figure.get_size_inches() * _DPI,
    )
    text = StringIO()
    vector: Any = _Vector(width, height, text)
    dots = _pixels(width * _LARGER, height * _LARGER, _DPI * _LARGER)
    figure.canvas.manager = None  # no window takes the paper's size
    figure.dpi = _DPI
    try:
        figure.draw(_Press(vector, dots if "png" in formats else None))
    finally:
        figure.dpi = dpi
        figure.canvas.manager = manager
    vector.finalize()
    files = {"svg": lambda: text.getvalue().encode(), "png": lambda: _png(dots)}
    return {ending: files[ending]() for ending in formats}


def _png(dots: Any) -> bytes:
    out = BytesIO()
    imsave(out, dots.buffer_rgba(), format="png", origin="upper", dpi=_DPI * _LARGER, **PNG)
    return out.getvalue()


def _opaque(gc: Any) -> float:
    return float(gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3])


class _Vector(RendererSVG):
    """matplotlib's SVG: lines of text written as `TextLine` has them, and places to a hundredth of a point."""

    writer: Any

    def __init__(self, width: float, height: float, out: StringIO) -> None:
        super().__init__(width, height, out, **SVG)  # type: ignore[no-untyped-call]
        self._out = out
        self._defined: set[str] = set()

    def _convert_path(
        self,
        path: Any,
        transform: Any = None,
        clip: Any = None,
        simplify: Any = None,
        sketch: Any = None,
    ) -> str:
        edge = (0.0, 0.0, self.width, self.height) if clip else None
        how = (transform, edge, simplify, sketch, _PLACES, _LETTERS, False)
        return str(_path.convert_to_string(path, *how), "ascii").replace("\n", "")

    def draw_line(self, line: TextLine, look: str, transform: str) -> None:
        """Write a line of text, as words in a comment, and the outlines of those of its glyphs that are new."""
        self.writer.comment(line.text)  # which ends what the writer had not ended yet
        new = dict.fromkeys(name for name, _, _ in line.glyphs if name not in self._defined)
        self._defined.update(new)
        if new:
            self._out.write("<defs>\n")
            for name in new:
                d = self._convert_path(outline(name), simplify=False)
                self._out.write(f'<path id="{name}" d="{d}"/>\n')
            self._out.write("</defs>\n")
        self._out.write(f'<g {look} transform="{transform}">{line.markup}</g>\n')


class _Press(RendererBase):
    """What the artists draw on: it hands everything to both papers."""

    def __init__(self, vector: Any, dots: Any) -> None:
        super().__init__()
        self._vector = vector
        self._dots = dots

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803 - as called
        """Draw one path."""
        self._vector.draw_path(gc, path, transform, rgbFace)
        if self._dots:
            self._dots.draw_path(self._larger(gc), path, transform + _ENLARGED, rgbFace)

    def draw_markers(self, gc: Any, marker_path: Any, marker_trans: Any, *places: Any) -> None:
        """Draw one mark at many places."""
        self._vector.draw_markers(gc, marker_path, marker_trans, *places)
        if self._dots:
            path, trans, *face = places
            places = (path, trans + _ENLARGED, *face)
            self._dots.draw_markers(
                self._larger(gc), marker_path, marker_trans + _ENLARGED, *places
            )

    def draw_path_collection(
        self, gc: Any, master_transform: Any, *shapes: Any, **looks: Any
    ) -> None:
        """Draw many paths that look alike."""
        self._vector.draw_path_collection(gc, master_transform, *shapes, **looks)
        if self._dots:
            paths, transforms, offsets, offset_trans, *rest = shapes
            shapes = (paths, transforms, offsets, offset_trans + _ENLARGED, *rest)
            whole = (master_transform + _ENLARGED).frozen()
            self._dots.draw_path_collection(self._larger(gc), whole, *shapes, **looks)

    def draw_text(self, gc: Any, x: float, y: float, s: str, *look: Any, **more: Any) -> None:
        """Draw one line of text; what is clipped, linked or mathematics is matplotlib's."""
        self._draw_text(gc, (x, y), s, *look, **more)

    def _draw_text(
        self,
        gc: Any,
        at: tuple[float, float],
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        larger = tuple(_LARGER * place for place in at)
        if ismath or gc.get_url() or gc.get_clip_rectangle() or gc.get_clip_path()[0]:
            how = {"prop": prop, "angle": angle, "ismath": ismath, "mtext": mtext}
            self._vector.draw_text(gc, *at, s, **how)
            if self._dots:
                self._dots.draw_text(self._larger(gc), *larger, s, **how)
            return
        line, size = laid_out(s, prop), prop.get_size_in_points()
        faded = "" if (opacity := _opaque(gc)) == 1 else f' opacity="{opacity:g}"'
        scale = f"{size / EM:.8f}".rstrip("0")
        turned = f" rotate({-angle:g})" if angle else ""
        moved = f"translate({at[0]:.2f} {at[1]:.2f}){turned} scale({scale} -{scale})"
        self._vector.draw_line(line, f'fill="{to_hex(gc.get_rgb())}"{faded}', moved)
        if self._dots:
            pen: Any = self.new_gc()
            pen.set_linewidth(0)
            pen.set_snap(False)
            placed = Affine2D().scale(size * _LARGER / EM).rotate_deg(angle)
            placed.translate(larger[0], _LARGER * self._vector.height - larger[1])
            self._dots.draw_path(pen, line.path, placed, (*gc.get_rgb()[:3], opacity))

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Return how large a line of text is, in points."""
        if ismath:
            size: tuple[float, float, float] = self._vector.get_text_width_height_descent(
                s, prop, ismath
            )
            return size
        line, points = laid_out(s, prop), prop.get_size_in_points()
        return points * line.width, points * line.height, points * line.descent

    def _larger(self, gc: Any) -> Any:
        """Return a pen for the pixels: what clips it is larger, too."""
        rectangle, (path, transform) = gc.get_clip_rectangle(), gc.get_clip_path()
        if rectangle is None and path is None:
            return gc
        pen: Any = GraphicsContextBase()
        pen.copy_properties(gc)
        if rectangle is not None:
            pen.set_clip_rectangle(Bbox(rectangle.get_points() * _LARGER))
        if path is not None:
            pen.set_clip_path(TransformedPath(path, transform + _ENLARGED))
        return pen

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Begin a named part of the SVG."""
        self._vector.open_group(s, gid)

    def close_group(self, s: str) -> None:
        """End it."""
        self._vector.close_group(s)

    def start_rasterizing(self) -> None:
        """Refuse what is to be an image in the SVG."""
        raise NotImplementedError

    def flipy(self) -> bool:
        """Say that texts count from the top."""
        return True

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size of the paper in points."""
        return self._vector.width, self._vector.height
