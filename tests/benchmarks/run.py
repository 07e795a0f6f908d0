"""Speed as ratios in one run against the programs a user would otherwise write.

    python tests/benchmarks/run.py [--only NAME]... [--runs 5] [--quick] [--out results.json]

Prints a Markdown table and writes results.json, and docs/growth.svg and .png. README.md beside this
file says what each measure is.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clock import Run
from growth import BAR, exponent
from measure import HERE, in_turn, machine, make_case, measured, median, say, script
from rows import after_changes, over_cases, row, spread, table

ROOT = HERE.parent.parent
EXAMPLE = ROOT / "data" / "taichung-103"
EXPLAINED = "A170"  # passed over, with much to look at
MOST_SECONDS = 1.5  # of processor, for `subsidy allocate` on the example
Rows = list[dict[str, Any]]
POLICIES = [p["name"] for p in tomllib.loads((HERE / "policies.toml").read_text("utf-8"))["policy"]]
RIVALS = ("highs", "cbc", "cpsat")
LINES = (  # of the growth by policy
    "plain",
    "two coverages",
    "give up one district",
    "three absolute quotas",
    "three share quotas",
)


@dataclass(frozen=True)
class Plan:
    """How much to measure."""

    folder: Path
    runs: int
    limit: float
    seeds: Sequence[int]
    city: tuple[int, int, int]  # applications, schools, districts
    large: tuple[int, int, int]
    sizes: Sequence[int]
    spread: Sequence[int]  # sizes for a line a policy
    rounds: Sequence[tuple[int, int, int]]
    odd: int  # rounds with odd amounts
    example: tuple[Path, ...] = (EXAMPLE,)

    def cities(self) -> list[Path]:
        """Return the example and invented rounds of its size: one case would be luck."""
        return [*self.example, *(make_case(self.folder, *self.city, seed) for seed in self.seeds)]


def full(folder: Path, runs: int) -> Plan:
    """Return what `make bench` measures; the seeds were chosen before any was measured."""
    sizes = (5_000, 10_000, 20_000, 40_000, 80_000, 160_000)
    rounds = ((1_000, 640, 29), (5_000, 3_125, 150))
    return Plan(
        folder,
        runs,
        120.0,
        range(1, 9),
        (500, 320, 29),
        (48_000, 30_000, 2_900),
        sizes,
        (500, 1_000, 2_000, 5_000, 10_000, 20_000, 48_000),
        rounds,
        100,
    )


def quick(folder: Path, runs: int) -> Plan:
    """Return the same in small, to see that all of it works."""
    small = (60, 40, 5)
    return Plan(
        folder,
        min(runs, 1),
        5.0,
        (1,),
        small,
        (240, 160, 20),
        (60, 120),
        (60, 120),
        (small,),
        6,
        (),
    )


def agree(plan: Plan) -> dict[str, Any]:
    """Check first that the plain program finds our optimum where both are asked the same."""
    found = [script("agree.py", str(case)) for case in plan.cities()]
    same = sum(run["same"] and run["proved"] for run in found)
    said = f"{same} of {len(found)} cases"
    rows = [row("same optimum as the plain program, merit alone", said, held=same == len(found))]
    return {"rows": rows, "runs": found}


def city(plan: Plan) -> dict[str, Any]:
    """Measure the whole job, 450-500 applications, in a fresh process and the second time in it."""
    cases: list[dict[str, list[Run]]] = []
    for number, case in enumerate(plan.cities()):
        say(case.name)
        jobs: dict[str, Callable[[], Run]] = {"ours": our_job(case, "--again")}
        for rival in RIVALS if number == 0 else ("highs",):
            jobs[rival] = rival_job(rival, case, plan.limit, "--again")
        cases.append(in_turn(jobs, plan.runs))
    again = [{k: [run["again"] for run in v] for k, v in case.items()} for case in cases]
    rows = [
        over_cases("whole, fresh process", cases, "highs", 1.0),
        over_cases("whole, second time in a process", again, "highs", 1.0),
    ]
    return {"rows": rows, "runs": cases}


def solving(plan: Plan) -> dict[str, Any]:
    """Measure the solving part, 450-500 applications, in one process."""
    words = ("--runs", str(plan.runs), "--limit", str(plan.limit))
    cases = []
    for case in plan.cities():
        say(case.name)
        found = script("solving.py", str(case), *words)
        runs = {name: found[name] for name in ("ours", "highs", "cbc")}
        apart = script("rivals.py", "cpsat", str(case), "--limit", str(plan.limit))
        runs["cpsat"] = [{**apart, "wall": apart["solving"], "cpu": apart["solving_cpu"]}]
        cases.append(runs)
    bars = (("highs", 1 / 10), ("cbc", 1 / 20), ("cpsat", None))
    rows = [over_cases("solving", cases, rival, bar) for rival, bar in bars]
    alike = sum(len(proved_optima(case)) <= 1 for case in cases)
    said = f"{alike} of {len(cases)} cases"
    rows.append(row("what the rivals call proved is the same", said, held=alike == len(cases)))
    return {"rows": rows, "runs": cases}


def proved_optima(case: dict[str, list[Run]]) -> set[int]:
    """Return the optima that the rivals claim to have proved: one, unless one of them is wrong."""
    return {case[rival][0]["merit"] for rival in RIVALS if case[rival][0]["proved"]}


def policies(plan: Plan) -> dict[str, Any]:
    """Measure the policies of policies.toml, ours against the same policy as a plain program."""
    cases = [*plan.example, *(make_case(plan.folder, *size, 7) for size in plan.rounds)]
    rows, runs = [], {}
    for case in cases:
        for name in POLICIES:
            say(f"{case.name}: {name}")
            jobs = {
                who: lambda case=case, name=name, who=who: script(
                    "policies.py", str(case), name, who, "--limit", "60"
                )
                for who in ("ours", "rival")
            }
            found = runs[f"{case.name}: {name}"] = in_turn(jobs, plan.runs)
            rows.append(over_cases(f"{case.name}: {name}", [found], "rival", 1 / 3))
    return {"rows": rows, "runs": runs}


def after_change(plan: Plan) -> dict[str, Any]:
    """Measure the next answer after a change of the pool, the cap or a weight, in processor time."""
    rows, runs = [], {}
    largest = [make_case(plan.folder, *size, 7) for size in plan.rounds[-1:]]
    for case, bar in zip([*plan.cities()[:1], *largest], (0.1, 1.0), strict=False):
        for name in POLICIES:
            say(f"{case.name}: {name}")
            found = script("after_change.py", str(case), name, "--runs", str(plan.runs + 1))
            found = runs[f"{case.name}: {name}"] = {w: found[w] for w in ("ours", "cold", "rival")}
            rows += after_changes(f"{case.name}, after a change: {name}", found, bar)
    return {"rows": rows, "runs": runs}


def odd(plan: Plan) -> dict[str, Any]:
    """Measure rounds with odd amounts: what the rule chooses against the best single engine."""
    found = script("odd.py", "--rounds", str(plan.odd), "--limit", str(plan.limit))["rounds"]
    rows = []
    for what, key, slack, most in (
        ("processor", "cpu", 0.05, 1.5),
        ("peak memory", "mb", 0.0, 2.0),
    ):
        ours, best = [], []
        for each in found:
            runs = each["runs"]
            ours.append(runs["auto"][key])
            best.append(
                min(run[key] for who, run in runs.items() if who != "auto" and run["proved"])
            )
        held = sum(a <= most * b + slack for a, b in zip(ours, best, strict=True))
        unit = "s" if key == "cpu" else "MB"
        said = [
            f"{statistics.median(side):.3g} (≤ {max(side):.3g}) {unit}" for side in (ours, best)
        ]
        ratios = [a / b for a, b in zip(ours, best, strict=True)]
        bar = f"≤ {most:g} × + {slack * 1000:.0f} ms" if slack else f"≤ {most:g} ×"
        name = f"{len(found)} rounds with odd amounts, {what}, against the best single engine"
        rows.append(
            row(name, *said, cpu=spread(ratios), bar=bar, held=held == len(found), runs=str(held))
        )
    same = sum(each["same"] and each["runs"]["auto"]["proved"] for each in found)
    rows.append(row("the same answer by each that proves one", f"{same} of {len(found)} rounds"))
    return {"rows": rows, "runs": found}


def large(plan: Plan) -> dict[str, Any]:
    """Measure a large country: 48,000 applications of 30,000 schools in 2,900 districts."""
    case = make_case(plan.folder, *plan.large, 48)
    jobs: dict[str, Callable[[], Run]] = {"ours": our_job(case)}
    for rival in RIVALS:
        patience = 5 if rival == "highs" else 1  # the one that the bar is about shall finish
        jobs[rival] = rival_job(rival, case, patience * plan.limit)
    found = in_turn(jobs, plan.runs)
    name = f"whole, {plan.large[0]:,} applications"
    rows = [
        over_cases(name, [found], rival, 1 / 15 if rival == "highs" else None) for rival in RIVALS
    ]
    peak = max(run["gb"] for run in found["ours"])
    proved = all(run["proved"] for run in found["ours"])
    rows.append(
        row(f"{name}: peak memory", f"{peak:.2f} GB", bar="≤ 1.5 GB", held=peak <= 1.5 and proved)
    )
    return {"rows": rows, "runs": found}


def growth(plan: Plan) -> dict[str, Any]:
    """Measure ours alone from 5,000 to 160,000 applications."""
    points = []
    for size in plan.sizes:
        case = make_case(plan.folder, size, size * 5 // 8, max(1, min(2_900, size // 16)), 7)
        runs = [our_job(case)() for _ in range(min(plan.runs, 3))]
        middle = {
            key: median(runs, key)
            for key in ("wall", "cpu", "work", "work_cpu", "solving", "solving_cpu")
        }
        proved = all(run["proved"] for run in runs)
        gb = max(run["gb"] for run in runs)
        points.append(
            {"applications": size, "runs": len(runs), "proved": proved, "gb": gb, **middle}
        )
        say(f"{size:,} applications: {middle['wall']:.1f} s")
    sizes, last = [point["applications"] for point in points], points[-1]
    rows = []
    for name, wall, cpu in (
        ("whole without imports", "work", "work_cpu"),
        ("solving", "solving", "solving_cpu"),
    ):
        series = [[point[key] for point in points] for key in (wall, cpu)]
        power = [exponent(sizes, seconds) for seconds in series]
        steps = [exponent(sizes[-2:], seconds[-2:]) for seconds in series]
        said = f"{last[wall]:.1f} s" + (", proved" if last["proved"] else ", NOT proved")
        held = max(power) <= BAR and all(point["proved"] for point in points)
        rows.append(
            row(
                f"{name}, {last['applications']:,} applications",
                said,
                f"{last['gb']:.2f} GB",
                *(f"n^{p:.2f} (last step n^{s:.2f})" for p, s in zip(power, steps, strict=True)),
                f"≤ n^{BAR}",
                held,
                str(last["runs"]),
            )
        )
    return {"rows": rows, "points": points}


def policy_growth(plan: Plan) -> dict[str, Any]:
    """Measure stating and solving under a few policies, each up to the size that is not proved in time."""
    points: list[dict[str, Any]] = []
    for name, size in itertools.product(LINES, plan.spread):
        if any(p["policy"] == name and not p["proved"] for p in points):
            continue
        case = make_case(plan.folder, size, size * 5 // 8, max(1, min(2_900, size // 16)), 7)
        run = script("policies.py", str(case), name, "ours", "--limit", str(plan.limit))
        kept = {key: run[key] for key in ("proved", "cpu", "gb")}
        points.append({"policy": name, "applications": size, **kept})
        say(f"{size:,} applications, {name}: {run['cpu']:.2f} s of processor")
    rows = []
    for name in LINES:
        mine = [point for point in points if point["policy"] == name]
        last = [point for point in mine if point["proved"]][-1]
        said = f"{last['cpu']:.2f} s of processor, {last['gb']:.2f} GB"
        held = all(point["proved"] for point in mine)
        rows.append(row(f"{last['applications']:,} applications: {name}", said, held=held))
    return {"rows": rows, "points": points}


def curves(plan: Plan) -> dict[str, Any]:
    """Measure the optimum for every pool, and forced in and out, against one solve of ours."""
    cases = []
    for seed in plan.seeds:
        case = make_case(plan.folder, *plan.city, seed)
        found = script("curves.py", str(case), "--runs", str(plan.runs))
        cases.append({name: found[name] for name in ("one solve", "curve", "forced")})
    rows = []
    for name, bar, what in (
        ("curve", 3.0, "the optimum for every pool"),
        ("forced", 10.0, "every application forced in and out"),
    ):
        pairs = [{"ours": case[name], "one solve": case["one solve"]} for case in cases]
        rows.append(over_cases(what, pairs, "one solve", bar))
    return {"rows": rows, "runs": cases}


def explaining(plan: Plan) -> dict[str, Any]:
    """Measure all explanations of the example against twenty allocations of it."""
    case = next(iter(plan.example), None) or make_case(plan.folder, *plan.city, 1)
    found = script("explaining.py", str(case), "--runs", str(min(plan.runs, 3)))
    pair = {"ours": found["explanations"], "20 allocations": found["20 allocations"]}
    rows = [over_cases("all explanations of the example", [pair], "20 allocations", 1.0)]
    return {"rows": rows, "runs": found}


def pricing(plan: Plan) -> dict[str, Any]:
    """Measure the price of every rule, and frontiers of 20 points at the most."""
    case = next(iter(plan.example), None) or make_case(plan.folder, *plan.city, 1)
    found = script("pricing.py", str(case), "--runs", str(min(plan.runs, 3)))
    rows = []
    parts = {name: runs for name, runs in found.items() if isinstance(runs, list)}
    for name, runs in parts.items():
        most, seconds = 3 if name == "price of rules" else 5, median(runs, "wall")
        count = f"the frontier of {name}: {runs[0]['points']} points" if most == 5 else name
        rows.append(
            row(
                count,
                f"{seconds:.2f} s",
                cpu=f"{median(runs, 'cpu'):.2f} s",
                bar=f"≤ {most} s",
                held=seconds <= most and all(run["proved"] for run in runs),
                runs=str(len(runs)),
            )
        )
    return {"rows": rows, "runs": parts}


def sweeping(plan: Plan) -> dict[str, Any]:
    """Measure 20 pools x 5 orders x 2 caps with table and figure, and the memory of many scenarios."""
    case = next(iter(plan.example), None) or make_case(plan.folder, *plan.city, 1)
    pools, heavy, many = (20, 60, 100_000) if plan.example else (2, 2, 200)

    def by_both(*words: str) -> dict[str, list[Run]]:
        jobs = {
            name: lambda n=n: script("sweeping.py", str(case), *words, "--jobs", n)
            for name, n in (("ours", "2"), ("one process", "1"))
        }
        return in_turn(jobs, min(plan.runs, 3))

    found, long = by_both("--pools", str(pools)), by_both("--quotas", str(heavy))
    held = script("sweeping.py", str(case), "--scenarios", str(many))
    one, count = median(found["one process"], "wall"), found["ours"][0]["scenarios"]
    rows = [
        row(f"a sweep of {count:,}, all files", f"{one:.1f} s", bar="≤ 20 s", held=one <= 20),
        over_cases("the same by two processes", [found], "one process", 1 / 1.7),
        over_cases(f"{heavy} pools under three share quotas", [long], "one process", 1 / 1.7),
        row(
            f"a sweep of {many:,}: peak memory",
            f"{held['gb']:.2f} GB",
            bar="≤ 0.5 GB",
            held=held["gb"] <= 0.5,
        ),
    ]
    return {"rows": rows, "runs": found, "long": long, "memory": held}


def firmness(plan: Plan) -> dict[str, Any]:
    """Measure 1,000 draws of the marks under the whole policy against as many plain solves for merit."""
    case = next(iter(plan.example), None) or make_case(plan.folder, *plan.city, 1)
    draws, solves = (1_000, 20) if plan.example else (10, 2)
    found = {
        who: script("firmness.py", str(case), who, "--draws", str(number))
        for who, number in (("ours", draws), ("rival", solves))
    }
    ours, rival = found["ours"]["draws_cpu"], found["rival"]["draws_cpu"] * draws / solves
    what = f"{draws:,} draws of the marks, whole policy, against as many plain solves"
    measures = (
        ("≤ 30 s of processor", ours <= 30, f"{ours:.1f} s"),
        ("≤ 1/10", ours * 10 <= rival, f"1/{rival / ours:.0f}"),
    )
    rows = [
        row(what, said, f"{rival:,.0f} s (of {solves})", bar=bar, held=held, runs="1")
        for bar, held, said in measures
    ]
    return {"rows": rows, "runs": found}


def start(plan: Plan) -> dict[str, Any]:
    """Measure ``subsidy --help`` against a bare typer program's."""
    bare = plan.folder / "bare.py"
    bare.write_text(
        "import typer\napp = typer.Typer()\n\n@app.command()\ndef one() -> None:\n    'One.'\n\n"
        "@app.command()\ndef two() -> None:\n    'Two.'\n\napp()\n",
        encoding="utf-8",
    )
    ours = str(Path(sys.executable).with_name("subsidy"))
    commands = {"ours": [ours, "--help"], "bare typer": [sys.executable, str(bare), "--help"]}
    jobs = {name: lambda c=command: measured(c) for name, command in commands.items()}
    found = in_turn(jobs, 2 * plan.runs + 1)
    for runs in found.values():
        for run in runs:
            run.pop("out")
    return {"rows": [over_cases("subsidy --help", [found], "bare typer", 1.5)], "runs": found}


def command(plan: Plan) -> dict[str, Any]:
    """Measure the commands on the example, and where ``subsidy allocate`` spends its time."""
    ours, given, out = Path(sys.executable).with_name("subsidy"), EXAMPLE, plan.folder / "result"
    commands: dict[str, list[object]] = {
        "allocate": [ours, "allocate", given, "--out", out],
        "check": [ours, "check", given],
        "explain, one": [ours, "explain", given, EXPLAINED],
        "verify --quick": [ours, "verify", out, "--case", given, "--quick"],
        "clauses": [ours, "clauses"],
        "--help": [ours, "--help"],
    }
    jobs = {name: lambda c=words: measured([*map(str, c)]) for name, words in commands.items()}
    runs = in_turn(jobs, plan.runs)
    for run in itertools.chain(*runs.values()):
        run.pop("out")
    bars = {"allocate": MOST_SECONDS}
    rows = [
        row(
            f"subsidy {name}",
            f"{median(found, 'wall'):.2f} s",
            cpu=f"{median(found, 'cpu'):.2f} s",
            bar=f"≤ {bars[name]} s of processor" if name in bars else "",
            held=median(found, "cpu") <= bars[name] if name in bars else None,
            runs=str(len(found)),
        )
        for name, found in runs.items()
    ]
    return {"rows": [*rows, *stages(plan)], "runs": runs}


def stages(plan: Plan) -> Iterator[dict[str, Any]]:
    """Yield the dearest stages of ``subsidy allocate``, all files written."""
    found = [script("profile_allocate.py", str(EXAMPLE), "--json") for _ in range(plan.runs)]
    seconds = {
        stage: statistics.median(run["stages"][stage][1] for run in found)
        for stage in found[0]["stages"]
    }
    whole = sum(seconds.values())
    for stage, mine in sorted(seconds.items(), key=lambda item: -item[1]):
        if mine >= 0.03 * whole:
            yield row(f"allocate: {stage}", "", cpu=f"{mine:.2f} s, {mine / whole:.0%}")


def our_job(case: Path, *words: str) -> Callable[[], Run]:
    """Return the job of allocating a case in a process of its own."""
    return lambda: script("ours.py", str(case), *words)


def rival_job(rival: str, case: Path, limit: float, *words: str) -> Callable[[], Run]:
    """Return the job of a rival; one that does not keep to its limit is ended.

    Without a proof it counts as no more than its limit, however long it went on: what it would
    have needed is not known, and the ratio must not look better than what was shown.
    """

    def job() -> Run:
        options = ("--limit", str(limit), *words)
        run = script("rivals.py", rival, str(case), *options, most_seconds=3 * limit)
        if not run["proved"]:
            run["spent"] = {key: run[key] for key in ("wall", "cpu")}
            run.update({key: min(run[key], limit) for key in ("wall", "cpu")})
        return run

    return job


PARTS: dict[str, Callable[[Plan], dict[str, Any]]] = {
    "agree": agree,
    "city": city,
    "solving": solving,
    "policies": policies,
    "after-change": after_change,
    "odd": odd,
    "large": large,
    "growth": growth,
    "policy-growth": policy_growth,
    "curves": curves,
    "explain": explaining,
    "prices": pricing,
    "sweep": sweeping,
    "robustness": firmness,
    "help": start,
    "command": command,
}


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=list(PARTS), action="append")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="in small, to see that it works")
    parser.add_argument("--out", type=Path, help="default: results.json, nothing with --quick")
    given = parser.parse_args()
    path: Path | None = given.out or (None if given.quick else HERE / "results.json")
    old = path is not None and path.exists() and given.only
    results: dict[str, Any] = json.loads(path.read_text("utf-8")) if path and old else {}
    with tempfile.TemporaryDirectory() as folder:
        plan = (quick if given.quick else full)(Path(folder), given.runs)
        for name in given.only or PARTS:
            say(f"{name} …")
            before = machine()
            results[name] = {"machine": before, **PARTS[name](plan)}
            if path:
                path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    rows = [row for name in PARTS if name in results for row in results[name]["rows"]]
    if given.quick:
        print("In small, to see that all of it works; the bars are for the full sizes.\n")
        rows = [{**row, "bar": "", "held": ""} for row in rows]
    print(table(rows))
    if path and {"growth", "policy-growth"} & results.keys() and not given.quick:
        subprocess.run([sys.executable, str(HERE / "growth.py"), str(path)], check=True)


if __name__ == "__main__":
    main()
