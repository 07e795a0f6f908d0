"""What all figures share."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from optimizer.plots import drawing


@pytest.mark.parametrize("ends", [(87.2, 87.9), (0, 3), (86.4, 88.6), (1_000, 250_000)])
def test_no_two_ticks_of_an_axis_read_alike(ends: tuple[float, float]) -> None:
    ax = Figure().subplots()
    ax.plot([0, 1], ends)
    drawing.count_axis(ax.yaxis, 4)
    ax.figure.canvas.draw()
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert len(set(labels)) == len(labels) > 1
