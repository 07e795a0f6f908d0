"""Figures of a result.

Each figure is a function ``(result, ax=None, lang=None) -> Axes`` that never saves, in the language
of the result unless told otherwise; in axes that are given it stays within the place they have.
`draw_all` writes those of an allocation into a folder; `style` gives a figure of your own the look.

Examples
--------
>>> plots.scores_figure(allocate(case), lang="en").get_title(loc="left")
'Scores in order and the funding line'
"""

from optimizer.plots import bare
from optimizer.plots.compare import compare_figure
from optimizer.plots.disadvantage import disadvantage_figure
from optimizer.plots.district_map import districts_map
from optimizer.plots.districts import districts_figure
from optimizer.plots.drawing import style
from optimizer.plots.equity import equity_figure
from optimizer.plots.frontier import frontier_figure
from optimizer.plots.lists import lists_figure
from optimizer.plots.pool import pool_figure
from optimizer.plots.pools import pools_figure
from optimizer.plots.reviewing import reviewers_figure
from optimizer.plots.rule_prices import rules_figure
from optimizer.plots.save import FIGURES, draw_all, draw_one, save_figure
from optimizer.plots.scores import scores_figure
from optimizer.plots.sweep import sweep_figure

__all__ = [
    "FIGURES",
    "bare",
    "compare_figure",
    "disadvantage_figure",
    "districts_figure",
    "districts_map",
    "draw_all",
    "draw_one",
    "equity_figure",
    "frontier_figure",
    "lists_figure",
    "pool_figure",
    "pools_figure",
    "reviewers_figure",
    "rules_figure",
    "save_figure",
    "scores_figure",
    "style",
    "sweep_figure",
]
