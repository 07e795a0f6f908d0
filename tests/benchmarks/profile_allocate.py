"""Where the time of ``subsidy allocate`` goes, all files and figures written.

    python profile_allocate.py [CASE] [--top N] [--stages | --json]

First every stage by the clock, undisturbed; then the same job again under cProfile, whose most
costly functions are named with file and line. (cProfile makes small functions look dearer than
they are: read it for what is called too often, and the stages for how much there is to gain.)
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "data" / "taichung-103"
Lap = Callable[[str], None]
Stages = dict[str, tuple[float, float]]


def job(case_path: Path, folder: Path, lap: Lap) -> None:
    """Do what the command does, with a mark after every stage."""
    import optimizer.cli  # noqa: F401 - first, as it settles how classes are compiled
    from optimizer.case.case import read_case
    from optimizer.language.text import LANGUAGES
    from optimizer.plots import draw_all
    from optimizer.report.csv_tables import write_csv
    from optimizer.report.drawings import figures_of
    from optimizer.report.page import render_report
    from optimizer.report.result_columns import tables_of
    from optimizer.report.result_sheets import sheets_of
    from optimizer.report.summary import write_summary
    from optimizer.result.certify import certify
    from optimizer.scoring.build import build_program
    from optimizer.scoring.score import score
    from optimizer.scoring.screening import screen
    from optimizer.solving.solve import solve
    from optimizer.workbooks.ods import write_ods
    from optimizer.workbooks.xlsx import write_xlsx

    lap("import")
    case = read_case(case_path)
    lap("read")
    screened = screen(case.records, case.policy)
    lap("screen")
    scored = score(screened)
    lap("score")
    program = build_program(scored)
    lap("build")
    solution = solve(program)
    lap("solve")
    allocation = certify(case, scored, program, solution)
    lap("certify")
    tables = list(tables_of(allocation))
    lap("tables")
    for name, table in tables:
        write_csv(table, folder / f"{name}.csv")
    lap("write csv")
    sheets = list(sheets_of(allocation))
    lap("sheets")
    write_xlsx(sheets, folder / "awards.xlsx", allocation.title)
    lap("xlsx")
    write_ods(sheets, folder / "awards.ods")
    lap("ods")
    draw_all(allocation, folder / "figures", allocation.language)
    lap("figures")
    other = next(language for language in LANGUAGES if language != allocation.language)
    draw_all(allocation.in_language(other), folder / other, other, formats=("svg",))
    places = {allocation.language: folder / "figures", other: folder / other}
    figures = {language: figures_of(place, language) for language, place in places.items()}
    lap("figures, other language")
    (folder / "report.html").write_bytes(render_report(allocation, figures).encode())
    lap("report")
    write_summary(allocation, folder, "2014-02-01T00:00:00+00:00", {})
    lap("summary")


def stages_of(case: Path) -> Stages:
    """Return the wall and processor seconds of every stage, in order."""
    stages: Stages = {}
    since = (time.perf_counter(), time.process_time())

    def lap(stage: str) -> None:
        nonlocal since
        now = (time.perf_counter(), time.process_time())
        stages[stage] = (now[0] - since[0], now[1] - since[1])
        since = now

    with tempfile.TemporaryDirectory() as folder:
        job(case, Path(folder), lap)
    return stages


def profiled(case: Path) -> pstats.Stats:
    """Return what cProfile sees of the job, the imports done before."""
    with tempfile.TemporaryDirectory() as folder, cProfile.Profile() as profile:
        job(case, Path(folder), lambda stage: None)
    return pstats.Stats(profile)


def tell(stages: Stages) -> None:
    """Print the stages as a Markdown table; shares are of processor time."""
    wall, cpu = (sum(column) for column in zip(*stages.values(), strict=True))
    print("| stage | wall s | processor s | share |\n|---|---:|---:|---:|")
    for stage, (one, other) in {"all": (wall, cpu), **stages}.items():
        print(f"| {stage} | {one:.3f} | {other:.3f} | {other / cpu:.0%} |")


def tell_functions(stats: pstats.Stats, top: int) -> None:
    """Print the dearest functions: with all they call (cumulative), and alone."""
    rows = stats.stats.items()  # type: ignore[attr-defined]
    whole = sum(timing[2] for _, timing in rows)
    for title, place in (("with what they call", 3), ("alone", 2)):
        print(f"\n| {title}: seconds | share | calls | where |\n|---:|---:|---:|---|")
        for where, timing in sorted(rows, key=lambda row: -row[1][place])[:top]:
            print(
                f"| {timing[place]:.3f} | {timing[place] / whole:.0%} | {timing[1]} | {at(*where)} |"
            )


def at(file: str, line: int, name: str) -> str:
    """Say where a function is, without the machine's own folders."""
    for mark in ("site-packages/", f"{ROOT}/", "/lib/python3"):
        if mark in file:
            file = file.split(mark, 1)[1]
    return f"{file}:{line} {name}" if line else name


def main() -> None:
    """Profile."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case", type=Path, nargs="?", default=EXAMPLE)
    parser.add_argument("--top", type=int, default=40)
    parser.add_argument("--stages", action="store_true", help="only the stages")
    parser.add_argument("--json", action="store_true", help="only the stages, as one JSON line")
    given = parser.parse_args()
    if given.json:
        print(json.dumps({"stages": stages_of(given.case)}))
        return
    command = [sys.executable, __file__, str(given.case), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    tell(json.loads(done.stdout.splitlines()[-1])["stages"])
    if given.stages:
        return
    stages_of(given.case)
    tell_functions(profiled(given.case), given.top)


if __name__ == "__main__":
    main()
