"""The price of each rule: the same round without it, and what that changes for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from optimizer.case.case import Case
from optimizer.clauses import Clause
from optimizer.foundation.frozen import handed_out
from optimizer.language.text import Language
from optimizer.policy.changes import Changes
from optimizer.problems.arguments import Seconds, Solver, Threads, check_fields, checked
from optimizer.scenarios import price_tables
from optimizer.scenarios.comparison import Comparison, compare
from optimizer.scenarios.diff import Difference, diff
from optimizer.scenarios.outcome import Outcome
from optimizer.scenarios.price_tables import WithoutRule
from optimizer.scenarios.scenario import Scenario
from optimizer.scenarios.shown import comparison_line
from optimizer.solving.options import Progress

_MINIMUM_MERIT = "review.minimum_merit"


@dataclass(frozen=True, repr=False)
class PriceOfRules:
    """What each rule of a policy costs or brings.

    Parameters
    ----------
    comparison
        The policy as it is, and for each rule the policy without it.
    rules
        The rules, in the order of their scenarios.

    Examples
    --------
    >>> found = price_of_rules(case)
    >>> costly = found.frame.query("entering > 0 or leaving > 0")
    >>> costly[["rule", "entering", "leaving"]].values.tolist()
    [['clause.school_cap', 2, 2]]
    """

    comparison: Comparison
    rules: tuple[Clause, ...]

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def language(self) -> Language:
        """Of the texts in the tables."""
        return self.comparison.language

    @property
    def proved(self) -> bool:
        """Whether nothing in it was cut short by a limit."""
        return self.comparison.proved

    @cached_property
    def without(self) -> tuple[WithoutRule, ...]:
        """What becomes of the round without each rule."""
        base, *others = self.comparison.outcomes
        return tuple(
            WithoutRule(rule, outcome, _difference(base, outcome))
            for rule, outcome in zip(self.rules, others, strict=True)
        )

    @handed_out
    def frame(self) -> pd.DataFrame:
        """One row a rule; see `optimizer.scenarios.price_tables.prices`."""
        return price_tables.prices(self.without, self.language)

    def titles(self, language: Language) -> tuple[str, ...]:
        """Return what each rule is called, in the order of the rows."""
        return tuple(rule.spoken.say(language) for rule in self.rules)

    @handed_out
    def figures(self) -> pd.DataFrame:
        """One row a rule and figure; see `optimizer.scenarios.price_tables.figures`."""
        return price_tables.figures(self.without)

    @handed_out
    def moves(self) -> pd.DataFrame:
        """One row a rule and application that moves; see `optimizer.scenarios.price_tables.moves`."""
        return price_tables.moves(self.without)

    def __repr__(self) -> str:
        return f"<PriceOfRules, without each of {len(self.rules)}: {comparison_line(self.comparison.outcomes)}>"

    def _repr_html_(self) -> str:
        """Show one row a rule in a notebook."""
        heads = {name: head.say(self.language) for name, head in price_tables.HEADS.items()}
        shown = self.frame[list(heads)].rename(columns=heads)
        return str(shown.to_html(escape=True, index=False, border=0, na_rep="—"))


def _difference(base: Outcome, other: Outcome) -> Difference | None:
    if base.allocation is None or other.allocation is None:
        return None
    return diff(base.allocation, other.allocation)


@checked
def price_of_rules(
    case: Case,
    solver: Solver = "auto",
    time_limit: Seconds | None = None,
    threads: Threads = 1,
    language: Language = "zh-TW",
    progress: Progress | None = None,
) -> PriceOfRules:
    """Allocate a case without each of its rules in turn: the price of a rule is what differs.

    The rules are all that the policy lists, priorities among them, and the minimum merit, if there
    is one. The pool has a curve in place of a price: see `pool_curve`.

    Parameters
    ----------
    case
        What `read_case` returned.
    solver, threads
        As for `allocate`.
    time_limit
        Seconds for solving each of them.
    language
        Language of the texts in the tables.
    progress
        Called with the name of each rule as its turn comes.

    Returns
    -------
    PriceOfRules
        ``frame``: a row a rule; ``figures``: money, measures and priorities with and without it;
        ``moves``: who would be in, out, or get another amount, with the names of schools.

    Raises
    ------
    UsageError
        If an argument is not what it should be.

    Examples
    --------
    >>> found = price_of_rules(case)
    >>> moved = found.moves.query("rule == 'clause.school_cap'")
    >>> moved[["application_id", "move"]].values.tolist()
    [['A009', 'in'], ['A017', 'in'], ['A004', 'out'], ['A016', 'out']]
    """
    without = dict(_without(case))
    scenarios = [Scenario(name, changes) for name, (_, changes) in without.items()]
    comparison = compare(
        case,
        scenarios,
        solver=solver,
        time_limit=time_limit,
        threads=threads,
        language=language,
        progress=progress,
    )
    return PriceOfRules(comparison, tuple(rule for rule, _ in without.values()))


def _without(case: Case) -> Iterator[tuple[str, tuple[Clause, Changes]]]:
    """Yield each rule that can be left out by its name, with the change that leaves it out."""
    for rule in case.policy.rules:
        name = f"{rule.section}.{rule.label}"
        if rule.section in ("clause", "priority"):
            yield name, (rule, Changes(drop=(name,)))
        elif name == _MINIMUM_MERIT and case.policy.settings.review.minimum_merit:
            yield name, (rule, Changes({_MINIMUM_MERIT: 0}))
