"""Draw the figures of README.md from the example: ``python docs/figures.py``."""

from __future__ import annotations

from pathlib import Path

from optimizer import allocate, compare, read_case, read_scenarios
from optimizer.plots import draw_one, lists_figure, save_figure

DOCS = Path(__file__).parent
EXAMPLE = DOCS.parent / "data" / "taichung-103"


def main() -> None:
    """Draw the scores and the funding line, and the list of each reading, in both languages."""
    case = read_case(EXAMPLE)
    allocation = allocate(case)
    [chinese] = draw_one("scores", allocation, DOCS, "zh-TW", ["png"])
    chinese.replace(DOCS / "scores.zh-TW.png")
    draw_one("scores", allocation, DOCS, "en", ["png"])
    for language, name in (("zh-TW", "readings.zh-TW"), ("en", "readings")):
        found = compare(case, read_scenarios(EXAMPLE / "readings.toml"), language=language)
        save_figure(lists_figure(found, lang=language), DOCS / name, ["png"])


if __name__ == "__main__":
    main()
