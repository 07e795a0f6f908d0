from .case.case import Case as Case, read_case as read_case
from .check import check_case as check_case
from .clauses.define import clause as clause
from .invented.generate import generate as generate, generate_round as generate_round
from .letters import copy_templates as copy_templates, write_letters as write_letters
from .new import new_case as new_case
from .pipe import allocate as allocate
from .policy.catalogue import catalogue as catalogue
from .policy.policy import Policy as Policy, make_policy as make_policy, read_policy as read_policy
from .report import write_result as write_result
from .result.allocation import Allocation as Allocation
from .revisions import (
    Revision as Revision,
    reopen as reopen,
    revise as revise,
    write_revision as write_revision,
)
from .scenarios import (
    Comparison as Comparison,
    Difference as Difference,
    Frontier as Frontier,
    PoolSteps as PoolSteps,
    PriceBook as PriceBook,
    PriceOfRules as PriceOfRules,
    Scenario as Scenario,
    Sweep as Sweep,
    batch as batch,
    compare as compare,
    diff as diff,
    frontier as frontier,
    pool_curve as pool_curve,
    price_of_rules as price_of_rules,
    prices as prices,
    read_scenarios as read_scenarios,
    sweep as sweep,
    write_comparison as write_comparison,
    write_prices as write_prices,
    write_sweep as write_sweep,
)
from .session import Session as Session
from .uncertainty import (
    Robustness as Robustness,
    robustness as robustness,
    write_robustness as write_robustness,
)
from .verify.verify import verify_result as verify_result
