"""The growth figures, from results.json: ``python growth.py [results.json]``."""

from __future__ import annotations

import json
import math
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DOCS = HERE.parent.parent / "docs"
BAR = 1.2


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Fit the exponent of growth by least squares on logarithms."""
    x, y = [math.log(size) for size in sizes], [math.log(second) for second in seconds]
    return statistics.linear_regression(x, y).slope


def draw(points: Sequence[dict[str, Any]], folder: Path) -> None:
    """Draw time against size on two logarithmic axes, legible in print without colour.

    Processor seconds, so that a busy machine bends nothing; imports, which are the same at every
    size and would flatten the line, are left out.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "growth"
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    sizes = [point["applications"] for point in points]
    for key, line, mark, colour, name in (
        ("work_cpu", "-", "o", "#0072B2", "whole allocation, read to certified"),
        ("solving_cpu", "-", "s", "#D55E00", "of it: stating and solving"),
    ):
        seconds = [point[key] for point in points]
        label = f"{name}: n^{exponent(sizes, seconds):.2f}"
        axes.loglog(sizes, seconds, line, marker=mark, color=colour, label=label)
    first = points[0]["work_cpu"]
    limit = [first * (size / sizes[0]) ** BAR for size in sizes]
    axes.loglog(sizes, limit, "--", color="0.45", label=f"n^{BAR}, from the first point")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_xlabel("applications")
    axes.set_ylabel("processor seconds, one core (median)")
    axes.set_title("Time to an allocation that is proved optimal", loc="left")
    axes.legend(frameon=False)
    axes.grid(visible=True, which="major", alpha=0.3)
    folder.mkdir(exist_ok=True)
    figure.savefig(folder / "growth.svg", metadata={"Date": None, "Creator": None})
    figure.savefig(folder / "growth.png", dpi=144, metadata={"Software": None})


# Okabe and Ito's colours, told apart by people who see fewer; each with a mark of its own
STYLES = (
    ("#000000", "o"),
    ("#0072B2", "s"),
    ("#009E73", "^"),
    ("#E69F00", "D"),
    ("#D55E00", "v"),
)


def draw_policies(points: Sequence[dict[str, Any]], folder: Path) -> None:
    """Draw time and memory against size, one line a policy; a line ends with the last that is proved."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "growth"
    figure = Figure(figsize=(9.6, 4.4), layout="constrained")
    panels = figure.subplots(1, 2, sharex=True)
    titles = ("stating and solving, processor seconds", "peak memory of the process, GB")
    for axes, key, title in zip(panels, ("cpu", "gb"), titles, strict=True):
        for name, (colour, mark) in zip(
            dict.fromkeys(p["policy"] for p in points), STYLES, strict=False
        ):
            mine = [p for p in points if p["policy"] == name and p["proved"]]
            sizes = [p["applications"] for p in mine]
            axes.plot(sizes, [p[key] for p in mine], marker=mark, color=colour, label=name)
        axes.set_xscale("log")
        every = sorted({p["applications"] for p in points})
        axes.set_xticks(every, [f"{size:,}" for size in every], rotation=45)
        axes.minorticks_off()
        axes.set_xlabel("applications")
        axes.set_title(title, loc="left", fontsize="medium")
        axes.grid(visible=True, which="major", alpha=0.3)
    panels[0].set_yscale("log")
    panels[0].yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    panels[1].set_ylim(bottom=0)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
    figure.savefig(folder / "growth-policies.svg", metadata={"Date": None, "Creator": None})
    figure.savefig(folder / "growth-policies.png", dpi=144, metadata={"Software": None})


def main() -> None:
    """Draw what was measured."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "results.json"
    results = json.loads(path.read_text("utf-8"))
    for part, drawn in (("growth", draw), ("policy-growth", draw_policies)):
        if part in results:
            drawn(results[part]["points"], DOCS)


if __name__ == "__main__":
    main()
