"""The rows of the table of results, as data and as Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from clock import Run
from measure import median, pairwise

HEADS = ("what", "ours", "rival", "wall", "cpu", "bar", "held", "runs")
TITLES = ("what", "ours", "rival", "ratio", "ratio, processor", "bar", "held", "runs")


def row(
    what: str,
    ours: str,
    rival: str = "",
    wall: str = "",
    cpu: str = "",
    bar: str = "",
    held: bool | None = None,
    runs: str = "",
    **more: Any,
) -> dict[str, Any]:
    """Make a row; `held` says whether the bar was met, by wall time."""
    told = {None: "", True: "yes", False: "**no**"}[held]
    values = (what, ours, rival, wall, cpu, bar, more.pop("told", told), runs)
    return {**dict(zip(HEADS, values, strict=True)), **more}


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Write rows as a Markdown table."""
    lines = [TITLES, ("---",) * len(TITLES), *([row[head] for head in HEADS] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def over_cases(
    what: str, cases: Sequence[dict[str, list[Run]]], rival: str, bar: float | None
) -> dict[str, Any]:
    """Return the row of one measure: the middle over cases of the pairwise ratios, and the range."""
    ours, theirs = [[case[name] for case in cases] for name in ("ours", rival)]
    walls = [pairwise(a, b, "wall") for a, b in zip(ours, theirs, strict=True)]
    cpus = [pairwise(a, b, "cpu") for a, b in zip(ours, theirs, strict=True)]
    unproved = sum(not all(run.get("proved", True) for run in runs) for runs in theirs)
    mine = all(run.get("proved", True) for runs in ours for run in runs)
    seconds = [statistics.median(median(runs, "wall") for runs in side) for side in (ours, theirs)]
    counts = sorted({len(runs) for runs in theirs})
    ratio = statistics.median(walls)
    held = None if bar is None else ratio <= bar and mine
    cut = {"told": "not shown"} if held is False and unproved and mine else {}
    return row(
        f"{what}, against {rival}",
        f"{seconds[0]:.3g} s",
        f"{seconds[1]:.3g} s"
        + (f" ({unproved} of {len(cases)} cut, no proof)" if unproved else ""),
        spread(walls),
        spread(cpus),
        "" if bar is None else f"≤ {say(bar)}",
        held,
        f"{len(cases)} × {len(ours[0])}; rival {'–'.join(map(str, counts))}",
        ratio=[ratio, statistics.median(cpus)],
        **cut,
    )


def after_changes(what: str, found: dict[str, list[Run]], bar: float) -> list[dict[str, Any]]:
    """Return the rows against a cold allocation, with the bar in seconds, and against the rival."""
    seconds = median(found["ours"], "cpu")
    against_cold = over_cases(what, [found], "cold", None)
    held = seconds <= bar and all(run["proved"] for run in found["ours"])
    told = {"bar": f"≤ {bar} s of processor", "held": "yes" if held else "**no**"}
    said = {"ours": f"{seconds:.3f} s of processor"}
    return [{**against_cold, **told, **said}, over_cases(what, [found], "rival", None)]


def spread(ratios: Sequence[float]) -> str:
    """Say the middle of some ratios, and their range."""
    middle = say(statistics.median(ratios))
    return middle if len(ratios) == 1 else f"{middle} ({say(min(ratios))} … {say(max(ratios))})"


def say(ratio: float) -> str:
    """Say a ratio as people do: 1/15, 0.83, 2.4."""
    if ratio >= 0.5:
        return f"{ratio:.2f}"
    return f"1/{1 / ratio:.0f}" if ratio < 0.1 else f"1/{1 / ratio:.1f}"
