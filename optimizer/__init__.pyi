from . import plots as plots
from .case.case import Case as Case, read_case as read_case
from .check import check_case as check_case
from .clauses.define import clause as clause
from .invented.generate import generate as generate, generate_round as generate_round
from .letters import copy_templates as copy_templates, write_letters as write_letters
from .new import new_case as new_case
from .pabulib import import_pb as import_pb
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
from .scenarios.batch import batch as batch
from .scenarios.comparison import Comparison as Comparison, compare as compare
from .scenarios.diff import Difference as Difference, diff as diff
from .scenarios.frontier import Frontier as Frontier, frontier as frontier
from .scenarios.pool_curve import PoolSteps as PoolSteps, pool_curve as pool_curve
from .scenarios.price_book import PriceBook as PriceBook, prices as prices
from .scenarios.price_of_rules import PriceOfRules as PriceOfRules, price_of_rules as price_of_rules
from .scenarios.read import read_scenarios as read_scenarios
from .scenarios.scenario import Scenario as Scenario
from .scenarios.sweep import Sweep as Sweep, sweep as sweep
from .scenarios.write import write_comparison as write_comparison, write_sweep as write_sweep
from .scenarios.write_prices import write_prices as write_prices
from .session import Session as Session
from .uncertainty.robustness import Robustness as Robustness, robustness as robustness
from .uncertainty.written import write_robustness as write_robustness
from .verify.verify import verify_result as verify_result

__version__: str
