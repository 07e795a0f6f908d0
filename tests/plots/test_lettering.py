"""Text on figures that is drawn without being laid out stands where a layout would put it."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from optimizer.plots import bars, style
from optimizer.plots.lettering import Quick


def row_label(ax: Any, text: str) -> None:
    bars.row_labels(ax, [0.5], [text], ["black"])


def figure_beside(ax: Any, text: str) -> None:
    bars.beside(ax, 0.1, 0.5, text.replace("\\", "").replace("\n", " "), "black")


@pytest.mark.parametrize("text", ["1 / 2", "大安區", "偏遠\n26 校申請", r"NT\$ 5"])
@pytest.mark.parametrize("draw", [row_label, figure_beside])
def test_what_is_not_laid_out_stands_where_it_would(draw: Any, text: str) -> None:
    boxes = []
    for kind in (Quick, Text):
        canvas = FigureCanvasAgg(Figure(figsize=(2, 1), dpi=144))
        with mock.patch.object(bars, "Quick", kind), style():
            ax = canvas.figure.add_axes((0.5, 0, 0.5, 1), frame_on=False, xticks=[], yticks=[])
            draw(ax, text)
            canvas.draw()
        inked = np.nonzero(np.asarray(canvas.buffer_rgba())[..., :3].min(axis=2) < 128)
        boxes.append([f(places) for places in inked for f in (np.min, np.max)])
    assert np.abs(np.subtract(*boxes)).max() <= 2  # pixels
