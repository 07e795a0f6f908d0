"""Awards that grow and shrink one at a time, with what each row has room for still."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from optimizer.program.program import Program

PATIENCE = 200_000  # changes that a repair may look at


class Trial:
    """Awards that grow, with what each row, written ``left <= right``, has room for still."""

    def __init__(self, program: Program) -> None:
        self.unit = program.unit
        self.least, self.most = program.least.tolist(), program.most.tolist()
        self.award = [0] * program.size
        self.room: list[int] = []
        self.uses: list[list[tuple[int, int, bool]]] = [[] for _ in range(program.size)]
        self.members: list[list[tuple[int, int]]] = []
        for rows in program.rows:
            base, sign = len(self.room), 1 if rows.sense == "<=" else -1
            self.room += [sign * int(rhs) for rhs in rows.rhs]
            self.members += [[] for _ in rows.rhs]
            money = rows.on == "award"
            triples = zip(
                rows.row.tolist(), rows.app.tolist(), rows.coefficient.tolist(), strict=True
            )
            for row, a, factor in triples:
                self.uses[a].append((base + row, sign * factor, money))
                self.members[base + row].append((a, sign * factor))

    def changes(self, a: int, amount: int) -> Iterator[tuple[int, int]]:
        """Yield how much more of each row an application would take with another award."""
        more, funds = amount - self.award[a], (amount > 0) - (self.award[a] > 0)
        for row, factor, money in self.uses[a]:
            yield row, factor * (more if money else funds)

    def fits(self, a: int, amount: int) -> bool:
        """Return whether no row would be broken, or broken further."""
        return all(more <= max(0, self.room[row]) for row, more in self.changes(a, amount))

    def give(self, a: int, amount: int) -> None:
        """Change an award."""
        for row, more in self.changes(a, amount):
            self.room[row] -= more
        self.award[a] = amount

    def largest(self, a: int) -> int:
        """Return the largest award that every row has room for by itself, 0 for none."""
        amount = self.most[a]
        for row, factor, money in self.uses[a]:
            if money and factor > 0:
                amount = min(amount, self.award[a] + max(0, self.room[row]) // factor)
        amount -= amount % self.unit
        return amount if amount >= self.least[a] and self.fits(a, amount) else 0

    def fund(self, order: Iterable[int]) -> None:
        """Fund whoever fits, each with as much as fits."""
        for a in order:
            if not self.award[a] and (amount := self.largest(a)):
                self.give(a, amount)

    def clear(self, a: int, some: Container[int]) -> list[int]:
        """Take from others, the dearest first, until one has room at its least in some rows; return from whom."""
        cleared = []
        for row, more in [
            (row, more) for row, more in self.changes(a, self.least[a]) if row in some
        ]:
            for other in sorted(self._takers(row) - {a}, key=lambda b: (-self.award[b], b)):
                if self.room[row] >= more:
                    break
                self.give(other, 0)
                cleared.append(other)
        return cleared

    def keeps(self, some: Iterable[int]) -> bool:
        """Return whether none of some applications is in a row that is broken."""
        return all(self.room[row] >= 0 for a in some for row, _, _ in self.uses[a])

    def _takers(self, row: int) -> set[int]:
        """Return the funded who take room of a row."""
        return {b for b, factor in self.members[row] if factor > 0 and self.award[b]}

    def meet_needs(self, order: list[int], sparing: bool) -> None:
        """Fund those that a broken row asks for, the row with the fewest of them first."""
        place = {a: number for number, a in enumerate(order)}
        broken = [row for row, room in enumerate(self.room) if room < 0]
        for row in sorted(broken, key=lambda row: len(self.members[row])):
            helpers = [a for a, factor in self.members[row] if factor < 0 and not self.award[a]]
            for a in sorted(helpers, key=place.__getitem__):
                if self.room[row] >= 0:
                    break
                amount = (
                    self.least[a] if sparing and self.fits(a, self.least[a]) else self.largest(a)
                )
                if amount:
                    self.give(a, amount)

    def repair(self) -> bool:
        """Change one award at a time while that brings the rows nearer to being met."""
        patience = PATIENCE
        while broken := [row for row, room in enumerate(self.room) if room < 0]:
            best = (0, -1, 0)
            for a, _ in self.members[broken[0]]:
                for amount in {0, self.least[a], self.most[a]} - {self.award[a]}:
                    best = max(best, (self._gain(a, amount, broken[0]), a, amount))
            patience -= 3 * len(self.members[broken[0]])
            if best[0] <= 0 or patience < 0:
                return False
            self.give(best[1], best[2])
        return True

    def _gain(self, a: int, amount: int, target: int) -> int:
        """Return how much nearer a row comes to being met, 0 if another is broken for it."""
        gain = 0
        for row, more in self.changes(a, amount):
            room = self.room[row]
            if row == target:
                gain = min(0, room - more) - room
            elif room - more < min(0, room):
                return 0
        return gain
