"""How firm each decision is: what the whole program decides if marks had been a little different."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import floor, sqrt
from pathlib import Path

import numpy as np
import pandas as pd

from optimizer.case.case import Case
from optimizer.case.digest import digest
from optimizer.foundation.exact import BoolArray
from optimizer.foundation.frozen import Content, handed_out
from optimizer.language.text import Language, Text
from optimizer.language.words import as_counted
from optimizer.pipe import allocated
from optimizer.problems.arguments import Count, Jobs, Seconds, WayName, checked
from optimizer.problems.errors import InfeasibleError, LimitError, UsageError
from optimizer.result.allocation import Allocation
from optimizer.scenarios.run import Task, Workers, run
from optimizer.scenarios.store import Store, program
from optimizer.solving.options import Options, Progress
from optimizer.uncertainty import tables
from optimizer.uncertainty.expected_rank import ExpectedRanks, expected_ranks
from optimizer.uncertainty.redrawn import WAYS, Redrawn
from optimizer.uncertainty.tally import Tally, added, tallied
from optimizer.uncertainty.yardstick import Yardstick, lists

FIRM = Fraction(19, 20)  # of the draws: a decision that fewer of them share is left to chance
_ENOUGH = 59  # draws: the least n with 0.95**n of no more than 5%
_TOGETHER = 25  # draws of one task


@dataclass(frozen=True, eq=False, repr=False)
class Robustness(Content):
    """How firm each decision of an allocation is.

    Parameters
    ----------
    allocation
        The certified result.
    tallies
        For each way of drawing marks anew what came of it; one tally for each reviewer left out.
    ranks
        Expected ranks; None where reviews are too few.
    adjusted
        The certified result if each reviewer's severity is taken out; None where that was not asked
        for (way ``severity``), or where there is none.
    yardstick
        What lists are held against; None where too many are eligible.
    seed, deviation
        What the draws depend on: the seed; how far reviewers of one application lie apart, points.
    language
        Language of the texts in the tables.
    reused
        How many draws were found in the cache, and not worked out again.

    Examples
    --------
    >>> firm = robustness(case, draws=20, ways=["bootstrap"])
    >>> firm.frame[["application_id", "chance_bootstrap"]].head(3).values.tolist()
    [['A001', 75.0], ['A002', 30.0], ['A003', 65.0]]
    """

    allocation: Allocation
    tallies: Mapping[str, tuple[Tally, ...]]
    ranks: ExpectedRanks | None
    adjusted: Allocation | None
    yardstick: Yardstick | None
    seed: str
    deviation: float
    language: Language = "zh-TW"
    reused: int = 0

    @handed_out
    def frame(self) -> pd.DataFrame:
        """One row an application; see `optimizer.uncertainty.tables.frame`."""
        table = tables.frame(
            self.allocation, self.ranks, self.by_chance, groups=self.groups, flips=self.flips
        )
        return tables.beside(table, self.allocation, self.adjusted, self.yardstick)

    @handed_out
    def lists(self) -> pd.DataFrame:
        """One row a list by which one might have chosen; see `optimizer.uncertainty.yardstick.lists`."""
        return lists(
            self.allocation,
            self.ranks,
            self.by_chance,
            adjusted=self.adjusted,
            yardstick=self.yardstick,
        )

    @handed_out
    def rankogram(self) -> pd.DataFrame:
        """One row an application and part of all ranks, with its chance to lie there."""
        return tables.rankogram(self.allocation, self.by_chance)

    @property
    def by_chance(self) -> dict[str, Tally]:
        """The tallies of random draws."""
        return {way: parts[0] for way, parts in self.tallies.items() if WAYS[way].chance}

    @property
    def flips(self) -> dict[str, BoolArray]:
        """For each reviewer left out: shape (N,), whose funding that changes."""
        now = self.funded_now
        parts = self.tallies.get("leave_one_out", ())
        names = self.allocation.case.records.reviews.reviewers
        found = {
            name: (part.times > 0) != now
            for name, part in zip(names, parts, strict=False)
            if not part.impossible and not part.unproved
        }
        return {name: found[name] for name in sorted(found, key=as_counted)}

    @property
    def funded_now(self) -> BoolArray:
        """Shape (N,): who is funded."""
        round_ = self.allocation.scored.round
        now = np.zeros(len(round_.records.applications), dtype=bool)
        now[round_.position] = self.allocation.decision.fund
        return now

    @property
    def groups(self) -> list[str]:
        """For each application ``firm_in``, ``firm_out`` or ``chance``; "" of who is not eligible.

        Firm if at least 19 of 20 draws of every random way decide alike.
        """
        found = [""] * len(self.funded_now)
        for a in self.allocation.scored.round.position.tolist():
            shares = [tally.share(a) for tally in self.by_chance.values()]
            found[a] = tables.group(shares, FIRM)
        return found

    @property
    def counted(self) -> int:
        """The fewest draws that count, of any random way."""
        return min((t.draws - t.impossible for t in self.by_chance.values()), default=0)

    @property
    def enough(self) -> bool:
        """Whether draws are enough to call a decision firm, whatever its group.

        Of too few draws all may decide alike though the chance is below 95%: it is above the n-th root
        of 5% (Clopper and Pearson 1934, one-sided), which needs 59 draws.
        """
        return self.counted >= _ENOUGH

    @property
    def known(self) -> Text:
        """How well chances are known from the draws, said in a sentence; whether they are `enough`, too.

        A share is within 1.96 standard errors of its chance, 95 times of 100; that is widest at a half.
        """
        return _known(max(self.counted, 1))

    def __repr__(self) -> str:
        counts = ", ".join(f"{self.groups.count(name)} {name}" for name in tables.GROUPS)
        draws = ", ".join(f"{way} {tally.draws}" for way, tally in self.by_chance.items())
        return f"<Robustness: {counts}; draws: {draws}>"


@checked
def robustness(
    case: Case,
    draws: Count = 1000,
    ways: Sequence[WayName] = ("bootstrap", "noise", "severity", "leave_one_out"),
    seed: str = "",
    jobs: Jobs = 1,
    cluster: str = "",
    cache: str | Path | None = None,
    time_limit: Seconds | None = None,
    language: Language = "zh-TW",
    progress: Progress | None = None,
) -> Robustness:
    """Draw the marks anew, many times, and let the whole program decide each time.

    Caps, quotas, the draw and all: what comes out is the chance to be funded, not a rank. Beside it
    stand expected ranks (`optimizer.uncertainty.expected_rank`).

    Parameters
    ----------
    case
        What `read_case` returned.
    draws
        Of each random way.
    ways
        ``bootstrap``: each application's own reviews drawn with replacement; ``noise``: each total
        with an error of the size that reviewers show; ``severity``: reviews drawn as by
        ``bootstrap``, each reviewer's severity taken out of them (`optimizer.scoring.severity`);
        ``leave_one_out``: one reviewer at a time.
    seed
        Of the draws; that of the policy's draw unless given. The same seed draws the same marks,
        under whatever policy.
    jobs, cluster
        Processes of this machine, or the address of a Dask scheduler. The answers are the same.
    cache
        A folder that keeps what is done, so that the same call goes on after an end.
    time_limit
        Seconds for each draw.
    language
        Language of the texts in the tables.
    progress
        Called with how many draws are done, of how many, as in ``25/2000``.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or the case has no reviews to draw from.
    CaseError
        If the policy does not fit the data.
    InfeasibleError
        If no allocation obeys every clause with the marks as they are.

    Examples
    --------
    >>> firm = robustness(case, draws=20, ways=["leave_one_out"])
    >>> firm.frame.set_index("application_id").loc["A001", "reviewers_that_decide"]
    '委員丙'
    """
    if not len(case.records.reviews):
        raise UsageError(_NO_REVIEWS)
    allocation = allocated(case, Options(time_limit=time_limit, language=language))
    seed = seed or case.policy.settings.draw.seed
    redrawn = Redrawn(allocation.scored.screened, allocation.scored.scores, seed)
    if "noise" in ways and not np.isfinite(redrawn.deviation):
        raise UsageError(_NO_NOISE)
    tallies: dict[str, list[Tally]] = {way: [] for way in dict.fromkeys(ways)}
    asked = [(way, some) for way in tallies for some in _parts(redrawn, way, draws)]
    tasks = _tasks(case, [seed, str(time_limit)], asked)
    folder = None if cache is None else Path(cache)
    kept = Store(folder, lambda answer: not answer["unproved"], lambda answer: int(answer["draws"]))
    work = partial(tallied, redrawn, time_limit)
    done, every = 0, sum(len(numbers) for _, numbers in asked)
    for (way, numbers), answer in zip(
        asked, run(work, tasks, Workers(jobs, cluster), kept), strict=True
    ):
        tallies[way].append(Tally.from_document(answer))
        done += len(numbers)
        if progress is not None:
            progress(f"{done}/{every}")
    size = len(case.records.applications)
    return Robustness(
        allocation,
        {way: _of_one_way(way, parts, size) for way, parts in tallies.items()},
        expected_ranks(redrawn.scores, redrawn.screened.eligible, seed),
        adjusted=_adjusted(case, allocation, time_limit) if "severity" in ways else None,
        yardstick=Yardstick.of(allocation),
        seed=seed,
        deviation=redrawn.deviation,
        language=language,
        reused=kept.reused,
    )


def _known(draws: int) -> Text:
    half, near = (round(196 * sqrt(share * (1 - share) / draws)) for share in (0.5, 0.95))
    if draws < _ENOUGH:
        least = floor(100 * 0.05 ** (1 / draws))
        return Text(
            f"只抽 {draws:,} 次，不足以認定穩定：機率近 50% 者誤差約 ±{half} 個百分點，每次結果皆相同者，"
            f"機率仍可能只有約 {least}%；請至少抽 {_ENOUGH} 次。",
            f"{draws:,} draws are too few to call any decision firm: a chance near 50% is known to some "
            f"±{half} percentage points, and what every draw decided alike may have a chance of only "
            f"some {least}%. Draw {_ENOUGH} times at the least.",
        )
    return Text(
        f"抽 {draws:,} 次，機率之誤差：近 50% 者約 ±{half} 個百分點，近 5% 或 95% 者約 ±{near} 個百分點。",
        f"With {draws:,} draws a chance near 50% is known to some ±{half} percentage points, one near "
        f"5% or 95% to some ±{near}.",
    )


def _adjusted(case: Case, allocation: Allocation, limit: float | None) -> Allocation | None:
    """Return the result with reviewers' severity taken out, if there is one."""
    settings = case.policy.settings
    if settings.review.severity == "additive":
        return allocation
    review = replace(settings.review, severity="additive")
    policy = case.policy.with_settings(replace(settings, review=review))
    try:
        return allocated(
            case.under(policy), Options(time_limit=limit, language=allocation.language)
        )
    except (InfeasibleError, LimitError):
        return None


def _parts(redrawn: Redrawn, way: str, draws: int) -> Iterator[range]:
    numbers = redrawn.numbers(way, draws)
    step = _TOGETHER if WAYS[way].chance else 1
    return (numbers[start : start + step] for start in range(0, len(numbers), step))


def _of_one_way(way: str, parts: Sequence[Tally], size: int) -> tuple[Tally, ...]:
    return (added(parts, size),) if WAYS[way].chance else tuple(parts)


def _tasks(case: Case, how: Sequence[str], asked: Sequence[tuple[str, range]]) -> Iterator[Task]:
    """Name each part of the draws by all that it depends on."""
    tables_ = [[table.name, table.sha256] for table in case.content.tables]
    said = ["robustness", program(), tables_, case.content.policy_sha256, *how]
    for way, numbers in asked:
        yield Task(digest([*said, way, numbers.start, numbers.stop]), (way, numbers))


_NO_REVIEWS = Text(
    "本案審查分數係另外評定（applications.csv 之 merit 欄），沒有各委員之評分，無從檢驗其穩健程度。",
    "Merits of this case were settled elsewhere (column merit of applications.csv): without the "
    "reviewers' own marks there is nothing to draw anew.",
)
_NO_NOISE = Text(
    "沒有任何申請由兩位以上委員評分，無從得知委員間之差異；請勿選用 noise。",
    "No application has two reviews, so how far reviewers differ is not known: leave the way noise out.",
)
