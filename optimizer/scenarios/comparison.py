"""Comparing scenarios: the same applications under several policies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from optimizer.case.case import Case
from optimizer.foundation.frozen import handed_out
from optimizer.language.text import Language, Text
from optimizer.policy.policy import Policy
from optimizer.problems.arguments import Seconds, Solver, Threads, check_fields, checked, refusal
from optimizer.problems.errors import UsageError
from optimizer.scenarios import comparison_tables, who_moves
from optimizer.scenarios.mending import Origins
from optimizer.scenarios.outcome import SETTLED, Outcome, outcome_of
from optimizer.scenarios.policies import policies, refused
from optimizer.scenarios.scenario import Scenario
from optimizer.scenarios.shown import comparison_html, comparison_line
from optimizer.session import Session
from optimizer.solving.options import Options, Progress

BASE = Text("原計畫", "policy as it is")


@dataclass(frozen=True, repr=False)
class Comparison:
    """Scenarios side by side, the policy as it is first.

    Parameters
    ----------
    case
        The applications, with the policy as it is.
    outcomes
        One for each scenario, in the order given.
    language
        The language of the texts in the tables.

    Examples
    --------
    >>> comparison = compare(case, read_scenarios("trial/scenarios.toml"), language="en")
    >>> print(comparison.totals[["scenario", "spent", "funded"]].head(2).to_string(index=False))
           scenario  spent  funded
    policy as it is  49000      16
       smaller pool  37000      13
    """

    case: Case
    outcomes: tuple[Outcome, ...]
    language: Language = "zh-TW"

    def __post_init__(self) -> None:
        check_fields(self)

    @handed_out
    def totals(self) -> pd.DataFrame:
        """One row a scenario; see `optimizer.scenarios.comparison_tables.totals`."""
        return comparison_tables.totals(self.case, self.outcomes, self.language)

    @handed_out
    def changes(self) -> pd.DataFrame:
        """One row an application whose award is not the same in all of them."""
        return comparison_tables.changes(self.case, self.outcomes)

    @handed_out
    def moves(self) -> pd.DataFrame:
        """Who gains and who loses, and why; see `optimizer.scenarios.who_moves.moves`."""
        return who_moves.moves(self.outcomes, self.language)

    @handed_out
    def why(self) -> pd.DataFrame:
        """What decides on those who move, by kind of cause; see `optimizer.scenarios.who_moves.why`."""
        return who_moves.why(self.outcomes, self.language)

    @handed_out
    def always(self) -> pd.DataFrame:
        """Who is funded in every list; see `optimizer.scenarios.who_moves.always`."""
        return who_moves.always(self.outcomes, self.language)

    @handed_out
    def by_group(self) -> pd.DataFrame:
        """Levels, districts, disadvantage; see `optimizer.scenarios.who_moves.by_group`."""
        return who_moves.by_group(self.outcomes, self.language)

    @handed_out
    def surprises(self) -> pd.DataFrame:
        """Whom a larger pool costs the grant; see `optimizer.scenarios.who_moves.surprises`."""
        return who_moves.surprises(self.outcomes, self.language)

    @property
    def alike(self) -> list[list[str]]:
        """The names of scenarios that have the same list, to the last award."""
        return who_moves.alike(self.outcomes)

    @property
    def proved(self) -> bool:
        """Whether nothing in it was cut short by a limit."""
        return all(outcome.status in SETTLED for outcome in self.outcomes)

    def __repr__(self) -> str:
        return f"<Comparison of {len(self.outcomes)}: {comparison_line(self.outcomes)}>"

    def _repr_html_(self) -> str:
        """Show one row a scenario in a notebook."""
        return comparison_html(self.totals, self.language)


@checked
def compare(
    case: Case,
    scenarios: Sequence[Scenario],
    solver: Solver = "auto",
    time_limit: Seconds | None = None,
    threads: Threads = 1,
    language: Language = "zh-TW",
    progress: Progress | None = None,
) -> Comparison:
    """Allocate a case under its own policy and under each scenario.

    Parameters
    ----------
    case
        What `read_case` returned.
    scenarios
        What `read_scenarios` returned.
    solver, threads
        As for `allocate`.
    time_limit
        Seconds for solving each of them.
    language
        Language of the texts in the tables.
    progress
        Called with the name of each scenario as its turn comes.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or two scenarios have one name.
    PolicyError
        With everything that cannot be changed as the scenarios say, before anything is solved.

    Examples
    --------
    >>> comparison = compare(case, read_scenarios("trial/scenarios.toml", case))
    >>> [outcome.allocation.spent for outcome in comparison.outcomes]
    [49000, 37000, 49000, 49000, 49000, 49000]
    """
    _check_names(scenarios)
    changed = _policies(case, scenarios)
    policies = {_base_name(changed, language): case.policy, **changed}
    options = Options(solver, time_limit, threads, language)
    origins = Origins(case.policy, {scenario.name: scenario for scenario in scenarios}, changed)
    outcomes = _outcomes(case, policies, options, progress=progress)
    return Comparison(case, tuple(map(origins.placed, outcomes)), language)


def _check_names(scenarios: Sequence[Scenario]) -> None:
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        expected = Text(
            f"名稱各不相同的情境；重複：{'、'.join(twice)}",
            f"scenarios of different names; given twice: {', '.join(twice)}",
        )
        raise UsageError(refusal("compare(scenarios=…)", names, expected))


def _base_name(taken: Collection[str], language: Language) -> str:
    name = BASE.say(language)
    while name in taken:
        name = f"({name})"
    return name


def _policies(case: Case, scenarios: Sequence[Scenario]) -> dict[str, Policy]:
    """Return the policy of each scenario.

    Raises
    ------
    PolicyError
        With everything that is wrong with any of them.
    """
    made, wrong = policies(case, scenarios)
    if wrong:
        raise refused([problem for _, problem in wrong])
    return dict(zip([scenario.name for scenario in scenarios], made, strict=True))


def _outcomes(
    case: Case, policies: Mapping[str, Policy], options: Options, progress: Progress | None
) -> Iterator[Outcome]:
    session = Session(case)
    for name, policy in policies.items():
        if progress is not None:
            progress(name)
        yield outcome_of(session, policy, name, options.anew())
