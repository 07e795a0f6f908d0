"""Expected ranks of applications from a Bayesian hierarchical model of the reviewers' totals.

After R. Heyard, M. Ott, G. Salanti and M. Egger, "Rethinking the Funding Line at the Swiss National
Science Foundation: Bayesian Ranking and Lottery", Statistics and Public Policy 9(1), 2022, 110-121,
https://doi.org/10.1080/2330443X.2022.2086190:

    ``total_ar = mu + theta_a + nu_r + error_ar``,  theta_a ~ N(0, tau^2),  nu_r ~ N(0, omega^2),
    error_ar ~ N(0, sigma^2),

theta what an application deserves, nu a reviewer's own. An application's expected rank is the mean,
over the posterior, of its rank by theta; its interval is of the same draws. Ours differs in two
things: what a reviewer adds is one number for each reviewer (the paper lets it vary from one
application to the next, which a single total for each pair cannot tell from error), and the
priors of the three deviations are flat. Sampled by Gibbs, four chains. It describes how sure ranks
are; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer.foundation.exact import BoolArray
from optimizer.foundation.frozen import Content
from optimizer.scoring.score import Scores

Floats = npt.NDArray[np.float64]
CHAINS, BURN, KEPT = 4, 500, 500
_SURE = 0.95


@dataclass(frozen=True, eq=False)
class ExpectedRanks(Content):
    """Where applications stand if marks are taken for what they are: measured with error.

    Parameters
    ----------
    mean, low, high
        Shape (N,): expected rank (1 is the best) and the ends of its 95% credible interval; NaN
        without a review.
    deviations
        In points: of applications (tau), of reviewers (omega), of error (sigma); posterior means.
    convergence
        The greatest potential scale reduction of any application's theta (Gelman and Rubin 1992);
        chains agree where it is near 1.
    """

    mean: Floats
    low: Floats
    high: Floats
    deviations: tuple[float, float, float]
    convergence: float


@dataclass(frozen=True)
class _Totals:
    """The totals of m reviews in points, and whose they are, ordinals without gaps."""

    points: Floats
    application: npt.NDArray[np.int64]
    reviewer: npt.NDArray[np.int64]


def expected_ranks(scores: Scores, among: BoolArray, seed: str) -> ExpectedRanks | None:
    """Fit the model to all reviews; None where fewer than two applications have two or more.

    Parameters
    ----------
    scores
        The totals.
    among
        Shape (N,): whose ranks are asked for, each among these alone.
    seed
        Any text.
    """
    owner, slot = np.nonzero(scores.present)
    if (scores.present.sum(axis=1) > 1).sum() < 2:
        return None
    reviewed, application = np.unique(owner, return_inverse=True)
    _, reviewer = np.unique(scores.reviewer[owner, slot], return_inverse=True)
    points = scores.totals[owner, slot].astype(np.float64) / scores.totals_denominator
    totals = _Totals(points, application, reviewer)
    chains = [list(_sampled(totals, seed, chain)) for chain in range(CHAINS)]
    thetas = np.array([[theta for theta, _ in chain] for chain in chains])
    inside = among[reviewed]
    found = _summed_up(thetas[:, :, inside], [spread for chain in chains for _, spread in chain])
    return _spread_out(found, reviewed[inside], len(among))


def _summed_up(thetas: Floats, spreads: Any) -> ExpectedRanks:
    """Make of thetas (chains, draws, n) the ranks, their intervals, and how far chains agree."""
    draws = thetas.reshape(-1, thetas.shape[-1])
    ranks = np.empty(draws.shape)
    place = np.arange(1, draws.shape[1] + 1)
    for row, theta in zip(ranks, draws, strict=True):
        row[np.argsort(-theta, kind="stable")] = place
    low, high = np.quantile(ranks, [(1 - _SURE) / 2, (1 + _SURE) / 2], axis=0)
    tau, omega, sigma = np.mean(spreads, axis=0).tolist()
    return ExpectedRanks(
        ranks.mean(axis=0),
        low,
        high,
        deviations=(tau, omega, sigma),
        convergence=_agreement(thetas),
    )


def _spread_out(found: ExpectedRanks, reviewed: npt.NDArray[np.int64], size: int) -> ExpectedRanks:
    """Put the ranks of the reviewed at their places among all applications."""

    def at(values: Floats) -> Floats:
        every = np.full(size, np.nan)
        every[reviewed] = values
        return every

    mean, low, high = map(at, (found.mean, found.low, found.high))
    return replace(found, mean=mean, low=low, high=high)


def _agreement(thetas: Floats) -> float:
    """Return the greatest potential scale reduction of (chains, draws, n)."""
    draws = thetas.shape[1]
    within = thetas.var(axis=1, ddof=1).mean(axis=0)
    between = thetas.mean(axis=1).var(axis=0, ddof=1)
    ratio = (within * (draws - 1) / draws + between) / np.where(within > 0, within, 1)
    return float(np.sqrt(ratio.max(initial=1.0)))


def _sampled(
    totals: _Totals, seed: str, chain: int
) -> Iterator[tuple[Floats, tuple[float, float, float]]]:
    """Yield theta and the three deviations of each draw of one chain that is kept."""
    key = sha256(f"{seed}\nexpected rank\n{chain}".encode()).digest()
    random = np.random.default_rng(int.from_bytes(key, "big"))
    y, a, r = totals.points, totals.application, totals.reviewer
    per_a, per_r = np.bincount(a), np.bincount(r)
    mu, scale = float(y.mean()), max(float(y.std()), 1e-6)
    theta, nu = np.zeros(len(per_a)), np.zeros(len(per_r))
    tau, omega, sigma = (scale * random.uniform(0.3, 1.0) for _ in range(3))
    for turn in range(BURN + KEPT):
        theta = _effects(random, np.bincount(a, y - mu - nu[r]), per_a, (tau, sigma))
        nu = _effects(random, np.bincount(r, y - mu - theta[a]), per_r, (omega, sigma))
        mu = random.normal((y - theta[a] - nu[r]).mean(), sigma / np.sqrt(len(y)))
        sigma = _deviation(random, y - mu - theta[a] - nu[r])
        tau, omega = _deviation(random, theta), _deviation(random, nu)
        if turn >= BURN:
            yield theta, (tau, omega, sigma)


def _effects(
    random: np.random.Generator,
    sums: npt.NDArray[Any],
    count: npt.NDArray[np.int64],
    spread: tuple[float, float],
) -> Floats:
    """Draw normal effects, given the sums of what they are to explain.

    ``N(s / (n + k), sigma^2 / (n + k))`` with ``k = sigma^2 / spread^2``.
    """
    own, error = spread
    weight = count + (error / own) ** 2
    drawn: Floats = sums / weight + random.standard_normal(len(sums)) * error / np.sqrt(weight)
    return drawn


def _deviation(random: np.random.Generator, values: Floats) -> float:
    """Draw a standard deviation, its prior flat: inverse gamma with ``(m - 1) / 2``, ``sum / 2``."""
    shape = max(len(values) - 1, 1) / 2
    half = max(float((values**2).sum()) / 2, 1e-9)
    return float(np.sqrt(half / random.gamma(shape)))
