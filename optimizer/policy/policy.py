"""A policy: the tables that every rule may look at, and the rules that apply, in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from optimizer.clauses import Clause, Priority
from optimizer.foundation.frozen import freeze_fields
from optimizer.language.text import Text
from optimizer.language.words import how_many
from optimizer.policy.changes import Changes, changed_document
from optimizer.policy.parse import Parsed, implied, parse, parse_made
from optimizer.policy.problems import LISTS, blank_seed
from optimizer.policy.reach import misstated
from optimizer.policy.short_names import full_keys
from optimizer.policy.shown import policy_html, policy_line
from optimizer.problems.arguments import check_fields, check_held, checked
from optimizer.problems.errors import PolicyError, Problem
from optimizer.reading.toml import read_toml
from optimizer.tables.settings import Draw, Settings

_NOT_IMPLIED = Text(
    "計畫的規則與其 [pool]、[review] 不符：經費總額與及格分數一律適用，不能略去或另訂。"
    "請改 policy.document 後以 make_policy 重新建立計畫。",
    "the rules of this policy are not those of its [pool] and [review]: the pool and the minimum "
    "merit always apply, and can be neither left out nor set apart from these tables; change a copy "
    "of policy.document and make the policy anew with make_policy",
)
_MISSTATED = Text("計畫的規則本身不成立", "rules of this policy contradict themselves")
IN_MEMORY = "make_policy(document=…)"  # where the problems of a policy without a file stand


@dataclass(frozen=True, repr=False)
class Policy:
    """Everything that decides a round apart from its data: a value that never changes.

    Two policies are equal if they say the same, however their documents say it.

    Parameters
    ----------
    settings
        The tables: plan, pool, review, award, draw.
    clauses
        Screens and hard constraints, the pool and the minimum merit first.
    priorities
        The objectives, most important first.
    document
        The policy as the plain mapping it was read from, for scenarios to change; it cannot be
        changed itself.
    file
        Where its problems are said to stand: its file's name, or the call that made it.

    Examples
    --------
    >>> policy = case.policy.with_(pool=60_000, school_cap=6_000).without("priority.coverage")
    >>> policy.settings.pool.amount, "coverage" in [rule.label for rule in policy.priorities]
    (60000, False)
    >>> policy == case.policy
    False
    """

    settings: Settings
    clauses: tuple[Clause, ...]
    priorities: tuple[Priority, ...]
    document: Mapping[str, Any] = field(compare=False)
    file: str = field(default=IN_MEMORY, compare=False)

    def __post_init__(self) -> None:
        """Hold the rules that the tables imply to the tables, however the policy was made.

        Raises
        ------
        UsageError
            If a field, or one of a table or rule, is not what it should be.
        PolicyError
            If one of them is missing, or says something else; or with every rule that contradicts
            itself.
        """
        check_fields(self)
        check_held([self.settings])
        check_held([*vars(self.settings).values(), *self.rules])
        freeze_fields(self)
        stated = tuple(rule for rule in self.clauses if rule.section not in LISTS)
        if stated != implied(self.settings):
            raise PolicyError(_NOT_IMPLIED)
        if wrong := [replace(problem, file=self.file) for problem in misstated(self.rules)]:
            raise PolicyError(_MISSTATED, wrong)

    @property
    def rules(self) -> tuple[Clause, ...]:
        """Clauses and priorities together."""
        return (*self.clauses, *self.priorities)

    def with_(self, **values: Any) -> Policy:
        """Return it with other values of some keys.

        Parameters
        ----------
        **values
            By short name: ``pool``, ``contingency``, ``unit``, ``minimum_merit``, ``aggregate``,
            ``mode``, ``least_share``, ``seed``, or a rule (its label, or its kind where one rule
            alone is of that kind) for its main key: ``with_(pool=700_000, school_cap=6_000)``. Any
            other by its dotted key, as scenarios.toml has it: ``with_(**{"priority.merit.band": 1})``.

        Raises
        ------
        PolicyError
            With every unknown key and name, and everything that is wrong with the policy then.
        """
        call = "Policy.with_(…)"
        keys, wrong = full_keys(self.rules, values, call)
        return self._with(Changes(keys), call, wrong)

    @checked
    def without(self, *names: str) -> Policy:
        """Return it without some rules, e.g. ``without("priority.coverage", "clause.quota")``.

        Raises
        ------
        UsageError
            If a name is no text.
        PolicyError
            With every name that no rule has, and everything that is wrong with the policy then.
        """
        return self.changed(Changes(drop=names), "Policy.without(…)")

    @checked
    def add(self, *rules: Clause) -> Policy:
        """Return it with further rules, priorities behind those that it has.

        Parameters
        ----------
        *rules
            E.g. ``Quota(column="district", value="和平區", at_least=5)``; the rules of the program
            are imported by their names from `optimizer.clauses`.

        Raises
        ------
        UsageError
            If one of them is no rule.
        PolicyError
            With everything that is wrong with them.
        """
        return self.changed(Changes(add=rules), "Policy.add(…)")

    @checked
    def ordered(self, names: Sequence[str]) -> Policy:
        """Return it with its priorities in another order: these come first, the rest keep theirs.

        Raises
        ------
        UsageError
            If the names are no list of texts.
        PolicyError
            With every name that no priority has, or that stands twice.
        """
        return self.changed(Changes(order=tuple(names)), "Policy.ordered(…)")

    @checked
    def changed(self, changes: Changes, file: str = "Policy.changed(changes=…)") -> Policy:
        """Return it with changes by name, as a scenario has them.

        Parameters
        ----------
        changes
            What is to be different.
        file
            Where problems are said to stand.

        Raises
        ------
        UsageError
            If an argument is not what it should be.
        PolicyError
            With every unknown key and name, and everything that is wrong with the policy then.
        """
        return self._with(changes, file)

    def _with(self, changes: Changes, file: str, found: Sequence[Problem] = ()) -> Policy:
        """Make the changes, or say everything that is wrong with them, and with the policy then."""
        document, unmade = changed_document(self.settings, self.rules, changes, file)
        wrong = [*found, *unmade]
        try:
            made = make_policy(document, file)
        except PolicyError as error:
            if not wrong:
                raise
            raise _unmade([*wrong, *error.problems]) from None
        if wrong:
            raise _unmade(wrong)
        return made

    def __repr__(self) -> str:
        return f"<Policy {policy_line(self.settings, self.rules)}>"

    def _repr_html_(self) -> str:
        """Show the tables and every rule, each with its label, in a notebook."""
        return policy_html(self.settings, self.rules)

    def with_settings(self, settings: Settings) -> Policy:
        """Return it with other tables, and the rules that they imply; its document stays."""
        others = tuple(rule for rule in self.clauses if rule.section in LISTS)
        return replace(self, settings=settings, clauses=(*implied(settings), *others))

    def without_rule(self, rule: Clause) -> Policy:
        """Return it without one rule; its document stays."""
        clauses = tuple(other for other in self.clauses if other is not rule)
        priorities = tuple(other for other in self.priorities if other is not rule)
        return replace(self, clauses=clauses, priorities=priorities)


def _unmade(problems: Sequence[Problem]) -> PolicyError:
    count = len(problems)
    return PolicyError(
        Text(f"有 {count} 個變更做不到", f"{how_many(count, 'change')} cannot be made"), problems
    )


@checked
def read_policy(path: str | Path) -> Policy:
    """Read policy.toml.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    PolicyError
        With every unknown key, wrong value and unknown rule at once.

    Examples
    --------
    >>> policy = read_policy("trial/policy.toml")
    >>> [rule.sentence().en for rule in policy.clauses if rule.kind == "pool"]
    ['All awards together stay within NT$49,000.']
    """
    path = Path(path)
    toml = read_toml(path, Text("計畫檔無法使用", "the policy cannot be used"))
    try:
        no_draw = () if "draw" in toml.document else blank_seed(Draw())
        return _policy(parse(toml.document, path.name, list(no_draw)), path.name)
    except PolicyError as error:
        raise toml.with_lines(error) from None


@checked
def make_policy(document: Mapping[str, Any], file: str = IN_MEMORY) -> Policy:
    """Make a policy from a plain mapping in the form of policy.toml.

    Whole numbers and fractions may be of any exact type (`numpy.int64`, `Decimal`, `Fraction`); a
    float is refused, as it is not what was written: use ``Decimal("66.5")`` or ``"66.5"``.

    Parameters
    ----------
    document
        Tables, clauses and priorities; it is copied.
    file
        Where problems are said to stand.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    PolicyError
        With every unknown key, wrong value and unknown rule at once.

    Examples
    --------
    >>> policy = make_policy(
    ...     {
    ...         "pool": {"amount": 40_000, "unit": 100},
    ...         "clause": [{"kind": "school_cap", "amount": 5_000}],
    ...         "priority": [{"kind": "coverage"}, {"kind": "merit", "per": "amount"}],
    ...     }
    ... )
    >>> [rule.label for rule in policy.priorities]
    ['coverage', 'merit']
    """
    return _policy(parse_made(document, file, IN_MEMORY), file)


def _policy(parsed: Parsed, file: str) -> Policy:
    return Policy(**vars(parsed), file=file)
