from . import bare as bare
from .compare import compare_figure as compare_figure
from .disadvantage import disadvantage_figure as disadvantage_figure
from .district_map import districts_map as districts_map
from .districts import districts_figure as districts_figure
from .drawing import style as style
from .equity import equity_figure as equity_figure
from .frontier import frontier_figure as frontier_figure
from .lists import lists_figure as lists_figure
from .pool import pool_figure as pool_figure
from .pools import pools_figure as pools_figure
from .reviewing import reviewers_figure as reviewers_figure
from .rule_prices import rules_figure as rules_figure
from .save import (
    FIGURES as FIGURES,
    draw_all as draw_all,
    draw_one as draw_one,
    save_figure as save_figure,
)
from .scores import scores_figure as scores_figure
from .sweep import sweep_figure as sweep_figure
