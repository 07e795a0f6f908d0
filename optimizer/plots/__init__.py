"""Figures of a result.

Each figure is a function ``(result, ax=None, lang=None) -> Axes`` that never saves, in the language
of the result unless told otherwise; in axes that are given it stays within the place they have.
`draw_all` writes those of an allocation into a folder; `style` gives a figure of your own the look.

Examples
--------
>>> plots.scores_figure(allocate(case), lang="en").get_title(loc="left")
'Scores in order and the funding line'
"""

import lazy_loader

from optimizer.plots import bare  # noqa: F401 - before anything else of matplotlib

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
