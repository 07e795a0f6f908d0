"""Every figure in a grid of subplots: it stays in its own place, and speaks its result's language."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from helpers.drawn import every_figure
from helpers.stub import allocation_stub
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from optimizer import plots
from optimizer.language.text import LANGUAGES
from optimizer.plots import firmness, yardsticks

pytestmark = pytest.mark.filterwarnings("error")


def names() -> set[str]:
    """Return the names of all figures there are."""
    offered = {name for name in plots.__all__ if name.endswith(("_figure", "_map"))}
    further = (firmness.FIGURES | yardsticks.FIGURES).values()
    return (offered - {"save_figure", "sweep_figure"}) | {draw.__name__ for draw in further}


def grids(lang: str) -> Iterator[tuple[Figure, list[Axes]]]:
    """Yield every four figures in one grid."""
    drawn = every_figure()
    for first in range(0, len(drawn), 4):
        figure = Figure(figsize=(12, 8))
        places = list(figure.subplots(2, 2).flat)
        for (draw, result), ax in zip(drawn[first : first + 4], places, strict=False):
            assert draw(result, ax, lang) is ax
        FigureCanvasAgg(figure).draw()
        yield figure, places


def strangers(figure: Figure, places: list[Axes]) -> list[str]:
    """Return the figures of a grid that reach beyond the place they were given."""
    renderer = figure.canvas.get_renderer()
    found = []
    for ax in (ax for ax in places if ax.get_title(loc="left")):
        cell = ax.get_position(original=True).transformed(figure.transSubfigure).padded(3)
        box = ax.get_tightbbox(renderer)
        if not (
            cell.x0 <= box.x0 and box.x1 <= cell.x1 and cell.y0 <= box.y0 and box.y1 <= cell.y1
        ):
            found.append(f"{ax.get_title(loc='left')}: {box.extents} in {cell.extents}")
    return found


def test_every_figure_is_among_those_that_are_tried() -> None:
    assert {draw.__name__ for draw, _ in every_figure()} == names()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_figure_reaches_into_the_place_of_another(lang: str) -> None:
    """Nor is there a character that no font has, in axes of anybody's: that would be a warning."""
    subtitles = []
    for figure, places in grids(lang):
        assert strangers(figure, places) == []
        subtitles += [text.get_text() for ax in places for text in ax.texts if _is_below(text)]
    assert len(subtitles) > 10 and not [text for text in subtitles if "…" in text]


def _is_below(text: Any) -> bool:
    """Return whether a text is the smaller line below a title."""
    return bool(getattr(text, "xycoords", "") == "axes fraction" and text.xy[1] == 1)


def test_a_figure_that_does_would_be_noticed() -> None:
    figure = Figure(figsize=(12, 8))
    places = list(figure.subplots(2, 2).flat)
    plots.pool_figure(allocation_stub(5), places[0], "en")
    FigureCanvasAgg(figure).draw()
    assert strangers(figure, places) == []
    places[0].text(1.6, 0.5, "too far right", transform=places[0].transAxes)
    assert len(strangers(figure, places)) == 1


def test_a_figure_speaks_the_language_of_its_result() -> None:
    for lang, title in (("en", "Scores in order"), ("zh-TW", "審查分數與補助線")):
        stub = SimpleNamespace(**vars(allocation_stub(5)), language=lang)
        ax = plots.scores_figure(stub, Figure().subplots())
        assert ax.get_title(loc="left").startswith(title)


def test_the_look_is_for_a_while_or_for_good() -> None:
    import matplotlib as mpl

    with mpl.rc_context({"font.family": ["serif"]}):
        with plots.style():
            assert mpl.rcParams["font.family"] == ["DejaVu Sans", "Noto Sans TC"]
        assert mpl.rcParams["font.family"] == ["serif"]
        undo = plots.style()
        assert mpl.rcParams["font.family"] != ["serif"]
        undo.close()
        assert mpl.rcParams["font.family"] == ["serif"]


def test_two_who_draw_at_once_leave_the_settings_as_they_were() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    first, second = plots.style(), plots.style()
    first.close()
    assert mpl.rcParams["font.family"] == ["DejaVu Sans", "Noto Sans TC"]
    second.close()
    assert dict(mpl.rcParams) == before
