"""What is written by hand in docs/ is so: commands and options, code, what is quoted of the program."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from helpers.places import ROOT

from optimizer.policy.policy import read_policy
from optimizer.report.view import replay

DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / page).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_commands_and_options_exist(page: str) -> None:
    import typer

    from optimizer.cli.app import app

    commands: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    text = (DOCS / page).read_text("utf-8")
    inline = [code for code in re.findall(r"`(subsidy [^`\n]+)`", text) if "…" not in code]
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    for line in [*inline, *(line for line in lines if line.startswith("subsidy "))]:
        _, command, *words = shlex.split(line, comments=True)
        if command.startswith("-"):
            continue
        known = {option for p in commands[command].params for option in p.opts}
        assert {w for w in words if w.startswith("--")} <= known, f"{page}: {line}"


def test_the_code_for_analysts_runs_as_it_stands(tmp_path: Path) -> None:
    """In a file and an interpreter of its own: there the source text of its rule is at hand, as in a notebook."""
    code = "\n".join(blocks("analysts.md", "python"))
    assert "@clause" in code
    told = "print(allocation.status, other.status, policy.clauses[-1].kind)"
    (tmp_path / "page.py").write_text(f"{code}\n{told}", "utf-8")
    command, environment = [sys.executable, "page.py"], {**os.environ, "MPLBACKEND": "agg"}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert run.stdout == "optimal optimal one_a_convener\n", run.stderr


@pytest.mark.parametrize("page", ["verification.md", "verification.zh-TW.md"])
def test_the_draw_is_replayed_by_the_lines_that_a_report_prints(page: str) -> None:
    seed = read_policy(ROOT / "data" / "taichung-103" / "policy.toml").settings.draw.seed
    [code] = blocks(page, "python")
    assert ast.dump(ast.parse(code)) == ast.dump(ast.parse(replay(seed)))


def test_both_languages_say_the_same_of_verification() -> None:
    english, chinese = (
        (DOCS / f"verification{end}.md").read_text("utf-8") for end in ("", ".zh-TW")
    )
    for pattern in (r"^#+ ", r"^\| ", r"^- ", r"^```\w+$"):
        found = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, chinese)]
        assert found[0] == found[1], pattern


def test_every_decision_is_told_in_the_same_way() -> None:
    found = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [path.name[:2] for path in found] == [f"{n:02}" for n in range(1, len(found) + 1)]
    index = (DOCS / "decisions" / "index.md").read_text("utf-8")
    for path in found:
        heads = re.findall(r"^## (.+)$", path.read_text("utf-8"), re.MULTILINE)
        assert heads == ["What was to be decided", "What was decided", "Why", "What it costs"]
        assert f"]({path.name})" in index


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("decisions/")])
def test_what_decisions_name_exists(page: str) -> None:
    for name in re.findall(r"`([\w/.]+(?:\.py|/))`", (DOCS / page).read_text("utf-8")):
        assert any((place / name).exists() for place in (ROOT, ROOT / "optimizer")), name


def test_the_tutorial_calls_everything_as_the_workbench_does() -> None:
    text = re.sub(r"!\[[^]]*\]", "", (DOCS / "officials.zh-TW.md").read_text("utf-8"))
    places = ("desk/**/*.py", "desk/static/*.js", "report/labels.py", "report/templates/**/*.html")
    sources = [path for place in places for path in (ROOT / "optimizer").glob(place)]
    said = "".join(path.read_text("utf-8") for path in sources)
    quoted = set(re.findall("「([^」]+)」", text))
    assert len(quoted) > 15
    assert not {words for words in quoted if words not in said}


def test_the_tutorial_shows_every_screen_that_is_taken() -> None:
    text = (DOCS / "officials.zh-TW.md").read_text("utf-8")
    shown = re.findall(r"\]\(screens/([\w-]+)\.png\)", text)
    assert sorted(shown) == sorted(path.stem for path in (DOCS / "screens").iterdir())
    script = (DOCS / "screens.py").read_text("utf-8")
    assert not [name for name in shown if f'"{name}"' not in script]
