"""The integer program in mathematics, from the docstrings above the code that states it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from docs.making.formulas import SPAN, is_formula, names, prose
from docs.making.markup import both, code, paragraphs, table
from optimizer.clauses import Clause, registry
from optimizer.policy.parse import adapter
from optimizer.program import program
from optimizer.program.draw import draw_order
from optimizer.scoring.score import bounds

SYMBOLS = {
    "a": "an eligible application: who is, the screens and the minimum merit say",
    "s": "a school, as the lead school of its applications",
    "d": "a district, or another value of the column that is to be covered",
    "k": "a kind of what is to be balanced: a type, or a method",
    "i": "one inequality of a quota that is wished for",
    "fund": "1 if $`a`$ is funded, 0 if not: the first decision",
    "award": "NT$ that $`a`$ gets, a multiple of the unit: the second decision",
    "covered": "1 if $`d`$ has a funded application",
    "least": "NT$: the least that $`a`$ gets if it is funded",
    "most": "NT$: the most that it may get",
    "merit": "its merit, an integer over one denominator of the case",
    "unit": "NT$: awards are multiples of it",
    "pool": "NT$ to distribute",
    "contingency": "NT$ held back of it",
    "cap": "NT$ that one school receives at the most",
    "band": "width of a band of merit, in points; 0 for merit itself",
    "kept": "NT$ that were published for $`a`$, in a revision",
    "weight": "what a category of disadvantage counts",
    "school": "the lead school of $`a`$",
    "n": "how many of the funded are of kind $`k`$",
    "N": "all of these together",
    "K": "how many kinds there are among the eligible",
    "w": "1 where applications are counted, else what the measure says of $`a`$",
    "x": "$`\\mathrm{fund}_a`$, or $`\\mathrm{award}_a`$ where money is counted",
    "b": "a bound that is a number",
    "p": "numerator of a bound that is a share",
    "q": "its denominator",
    "rhs": "the right-hand side of an inequality",
    "left": "its left-hand side",
}
_STATES = {"rows": "Constraints", "objectives": "Priorities"}


def page() -> str:
    """Return the page."""
    return paragraphs(
        "# The integer program",
        "What the program solves, as it is stated. Every inequality on this page is read from the "
        "docstring above the code that builds it; coefficients are integers, and no weight joins one "
        "priority to another. How it is solved twice, and why that is believed, is in "
        "[how others check a result](verification.md) and in [the decisions](decisions/index.md).",
        "## Symbols",
        table(["symbol", "what it is"], [[_symbol(name), said] for name, said in SYMBOLS.items()]),
        "## Decisions",
        prose(inspect.getdoc(program).split("\n\n")[1]),  # type: ignore[union-attr]
        "Who is eligible is settled before: each screen looks at one application at a time and refuses "
        "it, flags it, or lowers what it may get. What is left of the request is admissible, and "
        "`[award] mode` makes $`\\mathrm{least}_a`$ and $`\\mathrm{most}_a`$ of it:",
        prose((inspect.getdoc(bounds) or "").split("\n\n")[1]),
        "A `minimum_award` raises the least.",
        table(["screen", "what it does"], list(_screens())),
        "## Constraints",
        "Every rule of the policy holds at once. Only what the policy lists applies.",
        *_stating("rows"),
        "## Priorities",
        "Each is made as good as can be, in the order of the policy, among the lists that leave all "
        "earlier ones at their best. To hold an earlier one $`f`$ whose best is $`f^*`$, the row "
        "$`f \\ge f^*`$ is added; where the policy lets later ones cost it something (`give_up`), "
        "$`f \\ge f^* - g`$, with $`g`$ the stated amount, or the stated share of $`f^*`$, rounded down.",
        *_stating("objectives"),
        "## The draw",
        "Lists that are equal in every priority are told apart by an order that anybody can work out. "
        + prose(
            re.sub(
                r"^Return .*?: by",
                "It goes by",
                " ".join((inspect.getdoc(draw_order) or "").split()),
            )
        ),
        "Going through the applications in that order, each is funded if any remaining list funds it, and "
        "gets the most that any of these gives it. One list is left. Before that, each application is "
        "classed: funded in *every*, in *some* or in *no* list that is best in all priorities.",
    )


def stated() -> Iterator[tuple[type[Clause], str, str]]:
    """Yield every rule of the program that states something, what it states, and the docstring."""
    for (_, _), rule in sorted(registry().items(), key=_pool_first):
        for method in _STATES:
            if method in vars(rule):
                yield rule, method, inspect.getdoc(vars(rule)[method]) or ""


def formulas() -> Iterator[tuple[type[Clause], str]]:
    """Yield every formula of the page, with the rule it belongs to."""
    for rule, _, said in stated():
        for found in SPAN.findall(said):
            if is_formula(found):
                yield rule, found


def unknown() -> set[str]:
    """Return the names of formulas that the page does not explain."""
    used = {name for _, formula in formulas() for name in names(formula)}
    return used - set(SYMBOLS)


def _pool_first(item: tuple[tuple[str, str], type[Clause]]) -> tuple[bool, str]:
    (section, kind), _ = item
    return section != "pool", kind


def _stating(method: str) -> Iterator[str]:
    for rule, states, said in stated():
        if states == method:
            yield f"### {both(rule.title)}"
            yield f"`{rule.kind}`. {adapter(rule).validate_python(_sample(rule)).sentence().en}"
            yield prose(re.sub(r"^State\b", "It states", said))


def _sample(rule: type[Clause]) -> dict[str, object]:
    return dict(rule.sample) or ({"amount": 900_000} if rule.section == "pool" else {})


def _screens() -> Iterator[list[str]]:
    """Yield each rule that screens: what it says of itself, or of its screen where it states rows, too."""
    for (_, kind), rule in sorted(registry().items()):
        if screen := vars(rule).get("screen") or vars(rule).get("screen_merit"):
            said = inspect.getdoc(screen if "rows" in vars(rule) else rule) or ""
            yield [code(kind), " ".join(said.partition("\n\n")[0].split()).replace("``", "`")]


def _symbol(name: str) -> str:
    return f"$`{name}`$" if len(name) == 1 else f"$`\\mathrm{{{name}}}`$"
