"""Figures look as they did: small grey images of all of them, in the middle of which a reader lives.

Run as a script, this file makes the images in ``baseline/`` anew; look at them afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from helpers.drawn import every_figure
from helpers.places import TESTS
from matplotlib import pyplot
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from optimizer.plots import style

BASELINE = TESTS / "baseline"
IN_ENGLISH = ("scores", "pool")  # too, as their texts are not as long


def thumbnails() -> Iterator[tuple[str, np.ndarray]]:
    """Yield each figure, a fourth as large and grey, with its name."""
    for draw, result in every_figure():
        name = draw.__name__.removesuffix("_figure")
        for lang in ("zh-TW", *(["en"] if name in IN_ENGLISH else [])):
            figure = draw(result, lang=lang).figure
            with style():
                canvas = FigureCanvasAgg(figure)
                canvas.draw()
            image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("L")
            size = (image.width // 4, image.height // 4)
            pyplot.close(figure)
            yield f"{name}.{lang}", np.asarray(image.resize(size, Image.Resampling.BOX), float)


def test_figures_look_as_they_did() -> None:
    seen = set()
    for name, now in thumbnails():
        then = np.asarray(Image.open(BASELINE / f"{name}.png"), dtype=float)
        assert now.shape == then.shape, name
        assert np.abs(now - then).mean() < 2.0, name  # of 255
        seen.add(f"{name}.png")
    assert seen == {path.name for path in BASELINE.iterdir()}


def test_what_a_reader_would_notice_is_noticed() -> None:
    pool, others = (
        np.asarray(Image.open(BASELINE / f"pool.{lang}.png"), float) for lang in ("zh-TW", "en")
    )
    narrow = min(pool.shape[1], others.shape[1])
    assert np.abs(pool[:, :narrow] - others[:, :narrow]).mean() >= 2.0


if __name__ == "__main__":
    for old in BASELINE.iterdir():
        old.unlink()
    for figure_name, array in thumbnails():
        image = Image.fromarray(array.round().astype(np.uint8))
        image.save(BASELINE / f"{figure_name}.png", optimize=True)
