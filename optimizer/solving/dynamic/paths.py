"""All optima at once, as the paths of a small graph.

Each level is one component's choice (its arcs carry bundles) or the closing of a zone (its arcs
carry whether it is covered). Every path from the one first state to a last state is an optimum, and
every optimum is one path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.foundation.exact import Places, Words

NEVER = -(2**62)


@dataclass(frozen=True)
class Arcs:
    """One level: arc i leads from state ``source[i]`` to ``target[i]`` of the next level.

    Parameters
    ----------
    source, target
        Ordinals of states.
    label
        The bundle chosen; or, where a zone closes, 1 if it is covered.
    sources
        How many states the level starts from.
    zone
        The zone that closes, or -1.
    """

    source: Places
    target: Places
    label: Places
    sources: int
    zone: int


Weigh = Callable[[Arcs], Words]


@dataclass(frozen=True)
class Paths:
    """The graph of all optima.

    Parameters
    ----------
    levels
        In the order of the choices.
    finals
        How many last states there are.
    """

    levels: tuple[Arcs, ...]
    finals: int

    @property
    def size(self) -> int:
        """How many arcs there are."""
        return sum(len(arcs.source) for arcs in self.levels)

    def best(self, weigh: Weigh) -> Paths:
        """Keep the paths of the greatest total weight; weights add up to `WORD` at most."""
        weights = [weigh(arcs) for arcs in self.levels]
        if not any(weight.any() for weight in weights):
            return self
        reach = [np.zeros(1, dtype=np.int64)]
        for place, (arcs, weight) in enumerate(zip(self.levels, weights, strict=True)):
            value = np.full(self._targets(place), NEVER, dtype=np.int64)
            np.maximum.at(value, arcs.target, reach[-1][arcs.source] + weight)
            reach.append(value)
        return self._prune(reach, weights)

    def _targets(self, place: int) -> int:
        last = place + 1 == len(self.levels)
        return self.finals if last else self.levels[place + 1].sources

    def _prune(self, reach: list[Words], weights: list[Words]) -> Paths:
        kept = np.flatnonzero(reach[-1] == reach[-1].max())
        finals = len(kept)
        levels = []
        for place in range(len(self.levels) - 1, -1, -1):
            arcs, weight = self.levels[place], weights[place]
            number = np.full(len(reach[place + 1]), -1, dtype=np.int64)
            number[kept] = np.arange(len(kept))
            good = (number[arcs.target] >= 0) & (
                reach[place][arcs.source] + weight == reach[place + 1][arcs.target]
            )
            kept, source = np.unique(arcs.source[good], return_inverse=True)
            levels.append(
                Arcs(
                    source,
                    number[arcs.target[good]],
                    arcs.label[good],
                    sources=len(kept),
                    zone=arcs.zone,
                )
            )
        return Paths(tuple(reversed(levels)), finals)

    def renamed(self, bundles: Places) -> Paths:
        """Return the same paths with other ordinals of the bundles."""
        levels = (
            arcs if arcs.zone >= 0 else replace(arcs, label=bundles[arcs.label])
            for arcs in self.levels
        )
        return Paths(tuple(levels), self.finals)

    def count(self) -> int:
        """Return how many paths there are, exactly."""
        ways: list[int] = [1]
        for place, arcs in enumerate(self.levels):
            following = [0] * self._targets(place)
            for source, target in zip(arcs.source.tolist(), arcs.target.tolist(), strict=True):
                following[target] += ways[source]
            ways = following
        return sum(ways)

    def first(self) -> list[int]:
        """Return the bundles of one path: the first that `each` yields."""
        state, labels = 0, []
        for arcs in self.levels:  # from every state there is a way on
            arc = int(np.argmax(arcs.source == state))
            state = int(arcs.target[arc])
            labels.append(int(arcs.label[arc]))
        return self._bundles(labels)

    def each(self) -> Iterator[list[int]]:
        """Yield the bundles of every path, one after another."""
        following = [self._following(arcs) for arcs in self.levels]
        chosen: list[int] = []
        if not following:
            yield chosen
            return
        open_ = [iter(following[0][0])]
        while open_:
            state, label = next(open_[-1], (-1, -1))
            if state < 0:
                open_.pop()
                del chosen[-1:]
            elif len(open_) == len(following):
                yield self._bundles([*chosen, label])
            else:
                chosen.append(label)
                open_.append(iter(following[len(open_)][state]))

    def _bundles(self, labels: list[int]) -> list[int]:
        """Leave out what says of a zone whether it is covered."""
        return [x for x, arcs in zip(labels, self.levels, strict=True) if arcs.zone < 0]

    @staticmethod
    def _following(arcs: Arcs) -> list[list[tuple[int, int]]]:
        found: list[list[tuple[int, int]]] = [[] for _ in range(arcs.sources)]
        for source, target, label in zip(
            arcs.source.tolist(), arcs.target.tolist(), arcs.label.tolist(), strict=True
        ):
            found[source].append((target, label))
        return found

    def contracted(self) -> tuple[Places, Paths]:
        """Return the bundles of levels with a single arc, and the paths without such levels."""
        forced = [arcs for arcs in self.levels if len(arcs.source) == 1]
        bundles = [arcs.label for arcs in forced if arcs.zone < 0]
        loose = tuple(arcs for arcs in self.levels if len(arcs.source) > 1)
        none = np.zeros(0, dtype=np.int64)
        return np.concatenate([none, *bundles]), Paths(loose, self.finals)


def arcs_back(
    sources: list[Places], targets: list[Places], labels: list[Places], count: int, zone: int
) -> tuple[Places, Arcs]:
    """Return the states that lead to some, of `count`, and the arcs from them."""
    source, target, label = (
        parts[0] if len(parts) == 1 else np.concatenate(parts)
        for parts in (sources, targets, labels)
    )
    states, place = np.unique(source, return_inverse=True)
    return states, Arcs(place, target, label, sources=len(states), zone=zone)


def leading_to(levels: Sequence[Arcs], finals: Places) -> Paths:
    """Return the paths that end in some of the last states."""
    found, states = [], finals
    for arcs in reversed(levels):
        number = np.full(int(arcs.target.max(initial=-1)) + 1, -1, dtype=np.int64)
        known = states[states < len(number)]
        number[known] = np.arange(len(known))
        good = number[arcs.target] >= 0
        parts = ([arcs.source[good]], [number[arcs.target[good]]], [arcs.label[good]])
        states, kept = arcs_back(*parts, count=len(states), zone=arcs.zone)
        found.append(kept)
    return Paths(tuple(reversed(found)), len(finals))
