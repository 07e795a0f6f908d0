"""Draw the figures of README.md from the example: ``python docs/figures.py``."""

from __future__ import annotations

from pathlib import Path

from optimizer import allocate, read_case
from optimizer.plots import draw_one

DOCS = Path(__file__).parent


def main() -> None:
    """Draw the scores and the funding line in both languages."""
    allocation = allocate(read_case(DOCS.parent / "data" / "taichung-103"))
    [chinese] = draw_one("scores", allocation, DOCS, "zh-TW", ["png"])
    chinese.replace(DOCS / "scores.zh-TW.png")
    draw_one("scores", allocation, DOCS, "en", ["png"])


if __name__ == "__main__":
    main()
