"""Why each application got what it got, and what would have had to differ."""

from optimizer.explain.explainer import Explainer, explain_all
from optimizer.explain.explanation import Explanation, Need, Statement, WhatIf
from optimizer.explain.reasons import Reason, ranks, reasons

__all__ = [
    "Explainer",
    "Explanation",
    "Need",
    "Reason",
    "Statement",
    "WhatIf",
    "explain_all",
    "ranks",
    "reasons",
]
