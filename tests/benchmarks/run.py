"""Speed as ratios in one run against rivals a user would otherwise write.

    python tests/benchmarks/run.py [--only city|large|growth|curves|help] [--runs 5]

Every measure is the median of several runs, ours and the rival's turn by turn, each in a process of
its own. Prints a Markdown table and writes results.json and docs/growth.svg.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
LIMIT = 120.0


def measure(script: str, *words: str) -> dict[str, Any]:
    """Run one of the scripts beside this one and read its JSON line."""
    done = subprocess.run(
        [sys.executable, str(HERE / script), *words], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def median(runs: list[dict[str, Any]], key: str) -> float:
    """Return the middle value of one key."""
    return statistics.median(run[key] for run in runs)


def make_case(folder: Path, applications: int, schools: int, districts: int, seed: int) -> Path:
    """Write a generated round without the optional tables."""
    from optimizer.generate import generate

    target = folder / f"case-{applications}"
    generate(
        target,
        applications=applications,
        schools=schools,
        districts=districts,
        seed=seed,
        with_tables=(),
    )
    return target


def duel(
    case: Path, rivals: list[str], runs: int, slow_runs: int = 1, warm: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Measure ours and the rivals turn by turn."""
    ours: list[dict[str, Any]] = []
    theirs: dict[str, list[dict[str, Any]]] = {rival: [] for rival in rivals}
    for turn in range(runs):
        ours.append(measure("ours.py", str(case), *warm))
        for rival in rivals:
            slow = theirs[rival] and theirs[rival][0]["whole"] > 20
            if not slow or turn < slow_runs:
                theirs[rival].append(
                    measure("rivals.py", rival, str(case), "--limit", str(LIMIT), *warm)
                )
    rows = []
    for rival, found in theirs.items():
        rows.append(
            {
                "rival": rival,
                "runs": [len(ours), len(found)],
                "ours_whole": median(ours, "whole"),
                "ours_solving": median(ours, "solving"),
                "ours_gb": max(run["gb"] for run in ours),
                "ours_proved": all(run["proved"] for run in ours),
                "stages": {k: median([o["stages"] for o in ours], k) for k in ours[0]["stages"]},
                "rival_whole": median(found, "whole"),
                "rival_solving": median(found, "solving"),
                "rival_proved": all(run["proved"] for run in found),
            }
        )
    return rows


def city(folder: Path, runs: int) -> list[dict[str, Any]]:
    """Measure the example round: about 450 applications."""
    return duel(ROOT / "data" / "taichung-103", ["highs", "cbc", "cpsat"], runs, 3, ["--warm"])


def large(folder: Path, runs: int) -> list[dict[str, Any]]:
    """Measure 48,000 applications of 30,000 schools in 2,900 districts."""
    return duel(make_case(folder, 48_000, 30_000, 2_900, 48), ["highs", "cpsat", "cbc"], runs)


def growth(folder: Path, runs: int) -> list[dict[str, Any]]:
    """Measure ours alone from 5,000 to 160,000 applications."""
    rows = []
    for size in (5_000, 10_000, 20_000, 40_000, 80_000, 160_000):
        case = make_case(folder, size, size * 5 // 8, min(2_900, size // 16), 7)
        found = [measure("ours.py", str(case)) for _ in range(max(1, min(runs, 3)))]
        rows.append(
            {
                "applications": size,
                "whole": median(found, "whole"),
                "solving": median(found, "solving"),
                "gb": max(run["gb"] for run in found),
                "proved": all(run["proved"] for run in found),
            }
        )
        print(rows[-1], file=sys.stderr)
    draw_growth(rows)
    return rows


def exponent(rows: list[dict[str, Any]], key: str) -> float:
    """Fit the exponent of growth by least squares on logarithms."""
    x = [math.log(row["applications"]) for row in rows]
    y = [math.log(row[key]) for row in rows]
    return statistics.linear_regression(x, y).slope


def draw_growth(rows: list[dict[str, Any]]) -> None:
    """Draw time against size on two logarithmic axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    size = [row["applications"] for row in rows]
    for key, mark, colour, name in (
        ("whole", "o", "#0072B2", "whole allocate()"),
        ("solving", "s", "#D55E00", "stating and solving"),
    ):
        axes.loglog(
            size,
            [row[key] for row in rows],
            marker=mark,
            color=colour,
            label=f"{name}: n^{exponent(rows, key):.2f}",
        )
    top = rows[0]["whole"]
    axes.loglog(size, [top * (n / size[0]) ** 1.2 for n in size], "--", color="grey", label="n^1.2")
    axes.set_xticks(size, [f"{n:,}" for n in size], minor=False)
    axes.minorticks_off()
    axes.set_xlabel("applications")
    axes.set_ylabel("seconds (median)")
    axes.set_title("Growth from one city to every school of a large country")
    axes.legend(frameon=False)
    axes.grid(visible=True, which="major", alpha=0.3)
    (ROOT / "docs").mkdir(exist_ok=True)
    figure.savefig(ROOT / "docs" / "growth.svg", metadata={"Date": None})
    figure.savefig(ROOT / "docs" / "growth.png", dpi=110)


def curves(folder: Path, runs: int) -> list[dict[str, Any]]:
    """Measure the optimum for every pool, and forced in and out, against one solve of ours."""
    from optimizer.build import build_program
    from optimizer.case import read_case
    from optimizer.dynamic import forced, pool_curve
    from optimizer.policy import make_policy
    from optimizer.scoring import score
    from optimizer.screening import screen
    from optimizer.solve import solve

    base = read_case(make_case(folder, 500, 320, 29, 5))
    document = dict(base.policy.document)
    document["clause"] = [c for c in document["clause"] if c["kind"] != "quota"]
    kinds = ("coverage", "merit", "disadvantage", "sharing")
    document["priority"] = [p for p in document["priority"] if p["kind"] in kinds]
    case = base.under(make_policy(document))
    program = build_program(score(screen(case.records, case.policy)))
    times: dict[str, list[float]] = {"solve": [], "curve": [], "forced": []}
    work: dict[str, Callable[[], Any]] = {
        "solve": lambda: solve(program),
        "curve": lambda: pool_curve(program),
        "forced": lambda: forced(program),
    }
    for _ in range(max(5, runs)):
        for name, run in work.items():
            began = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - began)
    one = statistics.median(times["solve"])
    rows = []
    for name in ("curve", "forced"):
        ratio = statistics.median(t / s for t, s in zip(times[name], times["solve"], strict=True))
        rows.append(
            {"what": name, "seconds": statistics.median(times[name]), "solve": one, "ratio": ratio}
        )
    return rows


def start(folder: Path, runs: int) -> list[dict[str, Any]]:
    """Measure `subsidy --help` against a bare typer program's."""
    bare = folder / "bare.py"
    bare.write_text(
        "import typer\napp = typer.Typer()\n\n@app.command()\ndef one() -> None:\n    'One.'\n\n"
        "@app.command()\ndef two() -> None:\n    'Two.'\n\napp()\n",
        encoding="utf-8",
    )
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    ours = [sys.executable, "-m", "optimizer.cli", "--help"]
    for _ in range(2 * runs + 1):
        for name, command in (("ours", ours), ("bare", [sys.executable, str(bare), "--help"])):
            began = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True)
            times[name].append(time.perf_counter() - began)
    ratio = statistics.median(a / b for a, b in zip(times["ours"], times["bare"], strict=True))
    return [
        {
            "ours": statistics.median(times["ours"]),
            "bare": statistics.median(times["bare"]),
            "ratio": ratio,
        }
    ]


PARTS = {"city": city, "large": large, "growth": growth, "curves": curves, "help": start}


def table(results: dict[str, list[dict[str, Any]]]) -> str:
    """Write the results as Markdown."""
    lines = ["| what | ours | rival | ratio | bar |", "|---|---|---|---|---|"]
    for part, whole_bar in (("city", "≤ 1 (HiGHS)"), ("large", "≤ 1/15 (HiGHS)")):
        for row in results.get(part, []):
            cut = "" if row["rival_proved"] else " (no proof)"
            for key, bar in (
                ("whole", whole_bar if row["rival"] == "highs" else ""),
                (
                    "solving",
                    {"highs": "≤ 1/10", "cbc": "≤ 1/20"}.get(row["rival"], "")
                    if part == "city"
                    else "",
                ),
            ):
                ours, theirs = row[f"ours_{key}"], row[f"rival_{key}"]
                lines.append(
                    f"| {part}: {key}, against plain {row['rival']} | {ours:.3f} s | {theirs:.2f} s{cut} "
                    f"| 1/{theirs / ours:.1f} | {bar} |"
                )
        for row in results.get(part, [])[:1]:
            lines.append(
                f"| {part}: peak memory | {row['ours_gb']:.2f} GB | | | {'≤ 1.5 GB' if part == 'large' else ''} |"
            )
    rows = results.get("growth", [])
    if rows:
        last = rows[-1]
        lines.append(
            f"| {last['applications']:,} applications, whole | {last['whole']:.1f} s, proved: {last['proved']} | | n^{exponent(rows, 'whole'):.2f} | ≤ n^1.2 |"
        )
    for row in results.get("curves", []):
        bar = "≤ 3" if row["what"] == "curve" else "≤ 10"
        lines.append(
            f"| {row['what']}, 500 applications | {row['seconds'] * 1000:.0f} ms | one solve {row['solve'] * 1000:.0f} ms | {row['ratio']:.1f} | {bar} |"
        )
    for row in results.get("help", []):
        lines.append(
            f"| subsidy --help | {row['ours']:.2f} s | bare typer {row['bare']:.2f} s | {row['ratio']:.2f} | ≤ 1.5 |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=list(PARTS), action="append")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    path = HERE / "results.json"
    results = json.loads(path.read_text()) if path.exists() and given.only else {}
    with tempfile.TemporaryDirectory() as folder:
        for name in given.only or PARTS:
            results[name] = PARTS[name](Path(folder), given.runs)
            path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(table(results))


if __name__ == "__main__":
    main()
