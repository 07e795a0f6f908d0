from .explainer import Explainer as Explainer, explain_all as explain_all
from .explanation import (
    Change as Change,
    Explanation as Explanation,
    Need as Need,
    Statement as Statement,
    WhatIf as WhatIf,
)
from .reasons import Reason as Reason, ranks as ranks, reasons as reasons
