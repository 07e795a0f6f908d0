"""What is printed at once is what matplotlib draws of the same figure, file by file."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from helpers.stub import allocation_stub
from hypothesis import given, strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from PIL import Image

from optimizer.plots import FIGURES, save_figure, style
from optimizer.plots.drawing import FONTS, sheet
from optimizer.plots.glyphs import EM, _keep, laid_out, outline
from optimizer.plots.printing import printed

USUAL = allocation_stub(applications=60)
FONT = FontProperties(family=FONTS, size=9)


def drawn(name: str) -> Figure:
    layout, draw = FIGURES[name]
    figure = draw(USUAL, sheet(layout(USUAL, "zh-TW")), "zh-TW").figure
    assert isinstance(figure, Figure)
    return figure


def grey(figure: Figure) -> np.ndarray:
    """Return a figure as matplotlib draws it itself at 144 dots an inch."""
    figure.dpi = 144
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("L"), float)


@pytest.mark.parametrize("name", ["scores", "pool"])  # marks and lines; bars, hatches and clips
def test_the_pixels_are_those_of_matplotlib(name: str) -> None:
    figure = drawn(name)
    with style():
        now = Image.open(io.BytesIO(printed(figure, ["png"])["png"]))
        then = grey(figure)
    assert now.size == then.shape[::-1]
    off = np.abs(np.asarray(now.convert("L"), float) - then)
    assert off.mean() < 0.4  # of 255: letters are filled by another hand, and nothing else differs
    assert (off > 128).mean() < 2e-4


def test_both_files_are_those_that_are_made_one_by_one() -> None:
    figure = drawn("pool")
    with style():
        both = printed(figure, ["svg", "png"])
        assert both == printed(figure, ["svg"]) | printed(figure, ["png"])
    assert figure.dpi == 100


def test_every_glyph_that_is_used_is_defined_once() -> None:
    with style():
        svg = printed(drawn("pool"), ["svg"])["svg"].decode()
    used, defined = (re.findall(p, svg) for p in (r'href="#([^"]*)" x=', r'<path id="([^"]*)"'))
    assert used
    assert len(defined) == len(set(defined))
    assert set(used) <= set(defined)


@given(st.text(st.sampled_from("AVTo.,fi 105%–臺中市補助（）éñ"), min_size=1, max_size=12))
def test_a_line_is_laid_out_as_matplotlib_does(text: str) -> None:
    text = re.sub("f(?=[fi])", "x", text)  # matplotlib binds these letters
    with style():
        line = laid_out(text, FONT)
        size = text_to_path.get_text_width_height_descent(text, FONT, ismath=False)
        points, _ = text_to_path.get_text_path(FONT, text)
    assert (9 * line.width, 9 * line.height, 9 * line.descent) == pytest.approx(size, abs=0.01)
    off = np.asarray(line.path.vertices) / EM * text_to_path.FONT_SCALE - np.asarray(points)
    assert np.abs(off).max(initial=0) < 0.1


@pytest.mark.parametrize("text", ["سلام", "שלום", "e\u0301"])
def test_what_is_not_set_letter_by_letter_is_left_to_matplotlib(text: str) -> None:
    with style():
        line = laid_out(text, FONT)
        points, _ = text_to_path.get_text_path(FONT, text)
    off = np.asarray(line.path.vertices) / EM * text_to_path.FONT_SCALE - np.asarray(points)
    assert np.abs(off).max() < 0.1


def test_a_character_that_no_font_has_is_warned_of() -> None:
    with style(), pytest.warns(UserWarning, match="missing from font"):
        assert outline(laid_out("🦉", FONT).glyphs[0][0])


def test_glyphs_of_two_fonts_of_one_name_are_told_apart() -> None:
    one, other = (np.array([[0.0, 0.0], [1.0, size]]) for size in (1.0, 2.0))
    codes = np.array([1, 2], np.uint8)
    names = [_keep("Same & name-1", (points, codes)) for points in (one, other, one)]
    assert names == ["Same___name-1", "Same___name-1_", "Same___name-1"]


def test_text_that_is_clipped_or_mathematics_is_drawn_all_the_same() -> None:
    figure = Figure((3, 2))
    ax = figure.add_subplot()
    ax.text(0.2, 0.2, "clipped", clip_on=True, rotation=30)
    ax.text(0.2, 0.7, r"$x^2$", alpha=0.5)
    with style():
        files = printed(figure, ["svg", "png"])
        off = np.abs(
            np.asarray(Image.open(io.BytesIO(files["png"])).convert("L"), float) - grey(figure)
        )
    assert b"clipped" in files["svg"]
    assert off.mean() < 0.6


def test_an_image_is_embedded_by_matplotlib(tmp_path: Path) -> None:
    ax = Figure((2, 2)).add_subplot()
    ax.imshow(np.eye(3))
    svg, png = save_figure(ax, tmp_path / "image")
    assert b"<image" in svg.read_bytes()
    assert Image.open(png).size == (288, 288)
