"""What the documents say is so: commands, links, examples, exit codes, versions."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from helpers.documented import sections

ROOT = Path(__file__).parent.parent
ANALYSES = ("compare", "sweep", "prices", "robustness", "batch")
READMES = ("README.md", "README.zh-TW.md")
QUESTIONS = ("docs/question.md", "docs/question.zh-TW.md")
PAIRS = (
    READMES,
    ("docs/commands.md", "docs/commands.zh-TW.md"),
    ("docs/batch.md", "docs/batch.zh-TW.md"),
    QUESTIONS,
)  # English and Chinese
DOCUMENTS = (
    *(name for pair in PAIRS for name in pair),
    "docs/workbench.md",
    "docs/speed.md",
    "docs/files.md",
    "docs/stability.md",
    "docs/another-plan.md",
    "docs/real-reviews.md",
    "docs/real-reviews.zh-TW.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "data/README.md",
)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Return the fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", read(name), re.MULTILINE | re.DOTALL)


def two_commands(name: str) -> list[str]:
    """Return the first two shell blocks: the main job and the tests, one line each."""
    found = [block.rstrip("\n") for block in blocks(name, "sh")[:2]]
    assert all("\n" not in command for command in found)
    return found


PROJECT: dict[str, Any] = tomllib.loads(read("pyproject.toml"))["project"]


# --- the two commands ---------------------------------------------------------------------------


def test_the_two_commands_do_the_main_job_and_the_tests() -> None:
    run, test = two_commands("README.md")
    assert run.endswith("subsidy allocate data/taichung-103 --out out/taichung-103")
    assert "-m pytest" in test and '".[test]"' in test
    assert all("-c constraints.txt" in command for command in (run, test))


def test_both_languages_and_the_script_have_the_same_commands() -> None:
    commands = two_commands("README.md")
    assert two_commands("README.zh-TW.md") == commands
    lines = read(".ci/run").splitlines()
    assert all(lines.count(command) == 1 for command in commands)
    assert lines[-1] == commands[1], "the script ends as the tests end"


@pytest.mark.parametrize("name", READMES)
def test_the_windows_forms_say_the_same(name: str) -> None:
    [forms] = blocks(name, "bat")
    for posix, windows in zip(two_commands(name), forms.splitlines(), strict=True):
        same = posix.replace("python3 -m venv", "py -m venv").replace(
            ".venv/bin/", ".venv\\Scripts\\"
        )
        same = same.replace("data/", "data\\").replace("out/", "out\\")
        assert windows == same


def test_the_short_names_are_thin() -> None:
    recipes = [line.strip() for line in read("Makefile").splitlines() if line.startswith("\t")]
    for command in two_commands("README.md"):
        last = command.split(" && ")[-1].replace(".venv/bin", "$(BIN)")
        assert last in recipes


@pytest.mark.skipif(os.name == "nt", reason="bash is another there")
def test_the_script_is_fit_to_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=False).returncode == 0


# --- every word in them -------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    text = re.sub(r"<!--.*?-->", "", read(name), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        path = (ROOT / name).parent / file if file else ROOT / name
        assert path.exists(), f"{name}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
            places = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
            assert anchor in places, f"{name}: {target}"


def subsidy_lines(name: str) -> list[list[str]]:
    lines = [line for block in blocks(name, "sh") for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.startswith("subsidy ")]


@pytest.mark.parametrize("name", (*READMES, "docs/another-plan.md"))
def test_commands_and_options_exist(name: str) -> None:
    import typer

    from optimizer.cli.app import app

    group: Any = typer.main.get_command(app)
    assert subsidy_lines(name)
    for _, command, *words in subsidy_lines(name):
        known = {option for p in group.commands[command].params for option in p.opts}
        assert {w for w in words if w.startswith("--")} <= known, f"{name}: {command}"


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0])
def test_both_languages_show_the_same_commands(pair: tuple[str, str]) -> None:
    """And the same options; values may be in either language."""
    english, chinese = (
        [[line[1], *(w for w in line if w.startswith("--"))] for line in subsidy_lines(n)]
        for n in pair
    )
    assert english == chinese


@pytest.mark.slow
def test_a_round_by_commands_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go through the lines as written, on the invented round that `new` can fill in, but for letters and prices."""
    from optimizer.cli.app import app

    monkeypatch.chdir(tmp_path)
    lines = subsidy_lines("docs/commands.md")[:9]
    assert lines[0] == ["subsidy", "new", "my-round", "--format", "ods"]
    for _, command, *words in (line for line in lines if line[1] != "explain"):
        extra = ["--example"] if command == "new" else []
        with pytest.raises(SystemExit) as ended:
            app([command, *words, *extra])
        assert ended.value.code == 0, command
    assert (tmp_path / "result" / "report.html").stat().st_size > 10_000
    assert "A001" in (tmp_path / "revised" / "revision.json").read_text("utf-8")
    assert (tmp_path / "scenarios" / "report.html").exists()


@pytest.mark.parametrize("name", READMES)
def test_the_five_commands_are_those_of_the_page_of_commands(name: str) -> None:
    whole = dict(zip(READMES, PAIRS[1], strict=True))[name]
    lines = [line for line in subsidy_lines(name) if line[1] in {"new", "check", "verify"}]
    assert len(lines) == 4 and all(line in subsidy_lines(whole) for line in lines[1:])


def test_exit_codes_are_those_of_the_program() -> None:
    from optimizer.cli.failures import _KINDS, PIPE_CLOSED
    from optimizer.problems import errors

    page = read("docs/exit-codes.md")
    said = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    raised = {e.exit_code for e in vars(errors).values() if hasattr(e, "exit_code")}
    assert said == {0, PIPE_CLOSED, *_KINDS}
    assert raised <= set(_KINDS)


def test_the_analysts_five_minutes_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("MPLBACKEND", "agg")
    [code], [chinese] = (blocks(name, "python") for name in READMES)
    english = re.sub(r", lang(uage)?=\"en\"", "", code)
    assert ast.dump(ast.parse(english)) == ast.dump(ast.parse(chinese)), "the comments apart"
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert names["allocation"].status == "optimal"


# --- ARCHITECTURE.md ----------------------------------------------------------------------------


def test_the_rule_that_is_added_works(tmp_path: Path) -> None:
    """Write the rule's file, as shown, beside the others and hold it as they are held."""
    [code] = blocks("ARCHITECTURE.md", "python")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "one_of_a_type.py").write_text(code, encoding="utf-8")
    (tmp_path / "try_it.py").write_text(TRY_IT, encoding="utf-8")
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    environment = {**os.environ, "PYTHONPATH": paths}
    subprocess.run([sys.executable, str(tmp_path / "try_it.py")], check=True, env=environment)


TRY_IT = """
from pathlib import Path
from helpers.rounds import awards, every_decision, make_case, scored_of

from optimizer import allocate, clauses
from optimizer.problems.errors import InfeasibleError
clauses.__path__.append(str(Path(__file__).parent / "rules"))
rule = {"kind": "one_of_a_type"}
applications = [
    {"application_id": "A1", "school_id": "S1", "type": "grade", "merit": 95},
    {"application_id": "A2", "school_id": "S1", "type": "grade", "merit": 90},
    {"application_id": "A3", "school_id": "S1", "type": "other", "merit": 80},
    {"application_id": "A4", "school_id": "S2", "type": "grade", "merit": 85},
]
case = make_case(applications, clause=[rule], priority=[{"kind": "merit"}])
assert awards(case) == {"A1": 1_000, "A2": 0, "A3": 1_000, "A4": 1_000}
listed = allocate(case).awards.set_index("application_id")
assert listed.loc["A2", "reason_code"] == "one_of_a_type"
assert "同校同類型上限（grade）：現為 1，加上本案為 2，超過上限 1；" in listed.loc["A2", "reason"]
both = {"kind": "fixed", "fund": ["A1", "A2"]}
try:
    allocate(make_case(applications, clause=[rule, both]))
except InfeasibleError as error:
    said = [problem.say("en") for problem in error.problems]
assert "Conflict (1 of 2): grade: At most 1 of one type is funded at one school." in said[0]
assert 'most of one type at a school must be at least 2' in said[0]
change = 'change "At most 1 of one type is funded at one school." to "At most 2 of one type is'
assert any(change in line for line in said)
[clause] = [c for c in case.policy.clauses if c.kind == "one_of_a_type"]
round_ = scored_of(case).round
seen = set()
for decision in every_decision(round_):
    holds = all(s >= 0 for part in clause.rows(round_) for s in part.slack(decision))
    assert holds == (not list(clause.audit(round_, decision)))
    seen.add(holds)
assert seen == {True, False}
"""


def table_of_readings(name: str) -> list[list[str]]:
    """Return the figures of the table of readings, a list a reading."""
    lines = [line for line in read(name).splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")[1:]] for line in lines[2:]]
    return [list(column) for column in zip(*rows, strict=True)]


def test_both_languages_have_the_same_table_of_readings() -> None:
    assert table_of_readings(QUESTIONS[0]) == table_of_readings(QUESTIONS[1])


def test_what_is_said_of_ranked_is_what_the_table_says() -> None:
    ours, _, ranked, *_ = table_of_readings(QUESTIONS[0])
    more, lost = int(ranked[0]) - int(ours[0]), (ranked[4], ours[4])
    english, chinese = map(read, QUESTIONS)
    for said in (
        f"funds {more} more",
        f"({ranked[1]} on the",
        "{} lose to a worse sister where {} do".format(*lost),
    ):
        assert said in english
    for said in (
        f"多補助 {more} 件",
        f"（{ranked[1]}，範例為 {ours[1]}）",
        "為 {} 件，範例為 {} 件".format(*lost),
    ):
        assert said in chinese


@pytest.mark.slow
def test_the_table_of_readings_is_what_compare_finds() -> None:
    from fractions import Fraction

    from optimizer import compare, read_case, read_scenarios
    from optimizer.language.words import figure

    example = ROOT / "data" / "taichung-103"
    found = compare(read_case(example), read_scenarios(example / "readings.toml"))
    measures = [o.allocation.measures.figures.values() for o in found.outcomes if o.allocation]
    said = [[figure(Fraction(value)) for value in row if value is not None] for row in measures]
    assert table_of_readings(QUESTIONS[0]) == said


# --- the table of speed ---------------------------------------------------------------------------


def tables_of_speed(name: str) -> tuple[list[str], list[str]]:
    """Return the rows of what is held and of what is missed, their heads left out."""
    _, text = re.split(
        r"^## (?:Speed|速度)$", read(name).split("docs/speed.md")[0], flags=re.MULTILINE
    )
    held, missed = re.findall(r"^\|[-|:]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    return held.splitlines(), missed.splitlines()


@pytest.mark.parametrize("name", READMES)
def test_what_is_said_of_speed_is_what_the_whole_table_says(name: str) -> None:
    """Every figure of a bar stands in it, and every bar that it calls missed is told."""
    whole = read("docs/speed.md")
    held, missed = tables_of_speed(name)
    rows = [row.strip("| ").split(" | ")[:3] for row in (*held, *missed)]
    for row in rows:
        said = " ".join(row).replace(" 秒", " s").replace(" 件", "")
        for figure in re.findall(
            r"(?<![\w.,/^])(?:1/|n\^)?\d(?:[\d,.]*\d)?(?: (?:s|[GM]B)\b)?", said
        ):
            assert re.search(rf"(?<![\d.,/^]){re.escape(figure)}(?![\d]|[.,]\d)", whole), (
                row,
                figure,
            )
    lines = [line for line in whole.splitlines() if line.startswith("| ")]
    unheld = [line for line in lines if "**missed**" in line or "held by" in line]
    assert len(missed) == len(unheld) > 0


def test_modules_that_are_named_exist() -> None:
    text = re.sub(r"```.*?```", "", read("ARCHITECTURE.md"), flags=re.DOTALL)
    for name in re.findall(r"`([\w/]+(?:\.py|/))`", text):
        places = (ROOT, ROOT / "optimizer", ROOT / "optimizer" / "solving" / "dynamic")
        if name == "optimizer/clauses/one_of_a_type.py":
            continue  # the rule that is added as an example
        assert any((place / name).exists() for place in places), name


def test_what_is_said_of_the_other_plan_is_what_it_gives() -> None:
    from optimizer import allocate, read_case

    found, said = allocate(read_case(ROOT / "data/coastal-county")), read("docs/another-plan.md")
    counts = found.summary["counts"]
    assert f"`{found.summary['seal']}`" in said
    assert (
        "申請 {applications} 件，符合資格 {eligible} 件，獲補助 {funded} 件".format(**counts)
        in said
    )
    assert found.priorities["value"][0] == 4
    assert "差距 4 件" in said
    funded = found.awards[found.awards["award"] > 0]
    less = int((funded["award"] < funded["requested"]).sum())
    assert f"{len(funded)} 件中 {less} 件少於申請金額" in said
    schools = found.case.records.schools.set_index("school_id")["disadvantage"]
    remote = found.awards[found.awards["school_id"].map(schools) != ""]
    left_out = remote[remote["status"] == "not_funded"]
    assert f"符合資格者 {(remote['status'] != 'ineligible').sum()} 件" in said
    assert f"其餘 {len(left_out)} 件" in said
    assert left_out["reason"].str.contains("將超過每校上限").all()


# --- versions -----------------------------------------------------------------------------------


def pins() -> dict[str, str]:
    lines = [line for line in read("constraints.txt").splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.+-]+", line) for line in lines), (
        "no addresses, no ranges"
    )
    return {canonical(line.split("==")[0]): line.split("==")[1] for line in lines}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements() -> list[str]:
    extras = PROJECT["optional-dependencies"].values()
    return [*PROJECT["dependencies"], *(one for extra in extras for one in extra)]


def test_every_dependency_has_its_exact_version_within_its_range() -> None:
    from packaging.requirements import Requirement

    for text in requirements():
        wanted = Requirement(text)
        assert pins()[canonical(wanted.name)] in wanted.specifier, text


def test_the_changelog_has_this_version() -> None:
    newest = re.search(r"^## (\d+\.\d+\.\d+)", read("CHANGELOG.md"), re.MULTILINE)
    assert newest and newest[1] == PROJECT["version"]


# --- docs/files.md: what the analyses write, held against it where it is written ---------------


def test_every_column_of_the_page_of_files_is_explained_once() -> None:
    said = sections()
    others = ("allocate", "explain --all", "revise", "import pb", "desk")
    assert {f"subsidy {kind}" for kind in (*ANALYSES, *others)} | {"Columns"} == set(said)
    explained = [name.strip() for name in said.pop("Columns")]
    used = {column for files in said.values() for columns in files.values() for column in columns}
    assert sorted(explained) == sorted({column.removesuffix("_exact") for column in used})


@pytest.mark.parametrize("name", READMES)
def test_the_page_of_files_is_linked(name: str) -> None:
    assert "](docs/files.md)" in read(name)


# --- notebooks ----------------------------------------------------------------------------------


NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LARGEST = 400_000  # bytes: outputs are stored, and small


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_stored_as_they_ran(path: Path) -> None:
    """In order, from the first cell to the last, without an error, a warning or a path of a machine."""
    text = path.read_text("utf-8")
    cells = json.loads(text)["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    said = [output for cell in code for output in cell["outputs"]]
    assert cells[0]["cell_type"] == "markdown"
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert all(cell["outputs"] for cell in code if cell["source"][-1].endswith(";"))
    assert not [o for o in said if o["output_type"] == "error" or o.get("name") == "stderr"]
    assert not [cell for cell in cells if set(cell["metadata"]) - {"tags"}]
    assert not re.search(r"/(work|tmp|home|root|Users)/| object at 0x", text)
    assert len(text.encode()) <= LARGEST


@pytest.mark.parametrize("name", READMES)
def test_every_notebook_is_named(name: str) -> None:
    for path in NOTEBOOKS:
        assert f"](notebooks/{path.name})" in read(name)
