"""The draw among very many lists that are equally good, against its own order wish by wish."""

from __future__ import annotations

import random
from typing import Any

import pytest
from helpers.rounds import make_case, scored_of

from optimizer.program.program import Program
from optimizer.scoring.build import build_program
from optimizer.solving.lexicographic import BRIEFLY, Lexicographic
from optimizer.solving.options import Options
from optimizer.solving.solve import ASKED_FOR
from optimizer.solving.staged import integer

ROUNDS = 2
EACH = 2  # applications that a school's cap has room for


class Tied:
    """A round in which every application has one merit and one amount, and a type of its own choice."""

    def __init__(self, rng: random.Random) -> None:
        self.size = rng.randint(96, 110)
        self.school = [rng.randrange(self.size // 2) for _ in range(self.size)]
        self.grade = [rng.random() < rng.choice((0.2, 0.5)) for _ in range(self.size)]
        self.pool = rng.randint(10, 16)
        self.least = rng.randint(2, self.pool - 2)  # of one type
        self.most = self.least + rng.randint(0, 2)

    def program(self) -> Program:
        """State it."""
        applications: list[dict[str, Any]] = [
            {"application_id": f"A{a:03}", "school_id": f"S{school:02}", "merit": 80,
             "requested": 1_000, "type": "grade" if grade else "subject"}
            for a, (school, grade) in enumerate(zip(self.school, self.grade, strict=True))
        ]  # fmt: skip
        share = {"at_least": self.least, "at_most": self.most, "measure": "count"}
        case = make_case(
            applications, pool={"amount": 1_000 * self.pool, "unit": 1_000},
            clause=[
                {"kind": "school_cap", "amount": 1_000 * EACH, "cut": True},
                {"kind": "quota", "column": "type", "value": "grade", **share},
            ],
            priority=[{"kind": "merit", "per": "application"}],
        )  # fmt: skip
        return build_program(scored_of(case))

    def holds(self, chosen: set[int], refused: set[int], count: int) -> bool:
        """Return whether so many can be funded, some of them and none of others: by counting, school by school.

        ``ways[g]`` has bit n set where n applications, g of them of the type, can be funded.
        """
        ways = {0: 1}
        for school in sorted(set(self.school)):
            mine = {a for a, s in enumerate(self.school) if s == school} - refused
            spans = [self._span(mine, chosen, kind) for kind in (True, False)]
            further: dict[int, int] = {}
            for grade in spans[0]:
                for other in spans[1]:
                    if grade + other <= EACH:
                        for so_far, bits in ways.items():
                            g = so_far + grade
                            further[g] = further.get(g, 0) | bits << (grade + other)
            ways = further
        return any(bits >> count & 1 for g, bits in ways.items() if self.least <= g <= self.most)

    def _span(self, mine: set[int], chosen: set[int], kind: bool) -> range:
        """Return how many of one type a school can have."""
        here = {a for a in mine if self.grade[a] == kind}
        return range(len(here & chosen), min(len(here), EACH) + 1)

    def drawn(self, order: list[int]) -> list[bool]:
        """Grant each wish in the order of the draw if some best list still does."""
        best = max(n for n in range(self.pool + 1) if self.holds(set(), set(), n))
        chosen, refused = set[int](), set[int]()
        for a in order:
            granted = self.holds(chosen | {a}, refused, best)
            (chosen if granted else refused).add(a)
        return [a in chosen for a in range(self.size)]


def looks(patch: pytest.MonkeyPatch) -> list[tuple[str, ...] | None]:
    """Keep what each brief look comes to; there is none before the draw where one sum is all there is."""
    found: list[tuple[str, ...] | None] = []
    own = Lexicographic.classify

    def watched(search: Lexicographic, brief: bool = False) -> tuple[str, ...] | None:
        certainty = own(search, brief)
        if brief:
            found.append(certainty)
        return certainty

    patch.setattr(Lexicographic, "classify", watched)
    return found


@pytest.mark.parametrize("bundled", [True, False], ids=["bundles", "applications"])
@pytest.mark.parametrize(
    ("chunk", "briefly"), [(10, BRIEFLY), (4, 2)], ids=["a whole look", "a look that ends"]
)
def test_the_draw_among_many_ties_grants_each_wish_that_a_best_list_still_does(
    bundled: bool, chunk: int, briefly: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking early who still has a choice changes nothing, nor does a look that ends before it is done."""
    for name, value in (("FIRST_LOOK", 1), ("CHUNK", chunk), ("BRIEFLY", briefly)):
        monkeypatch.setattr(f"optimizer.solving.lexicographic.{name}", value)
    seen = looks(monkeypatch)
    for seed in range(ROUNDS):
        tied = Tied(random.Random(f"ties {seed} {chunk}"))
        program = tied.program()
        solution = integer(program, Options("highs"), ASKED_FOR, bundled=bundled)
        assert solution.drawn and solution.certainty is not None
        assert solution.certainty.count("some") > 80
        assert solution.decision.fund.tolist() == tied.drawn(program.draw.tolist()), seed
    if briefly == BRIEFLY:
        assert any(each and "some" in each and len({*each}) > 1 for each in seen)
    else:
        assert None in seen and len(seen) > 4
    done = sum("some" not in each for each in seen if each)
    assert 1 <= done <= ROUNDS  # a look after which nobody has a choice is the last
