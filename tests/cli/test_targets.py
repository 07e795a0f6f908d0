"""A folder that holds the result of one command is never given to another's."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from helpers.commands import CHINESE, run

from optimizer.cli.app import COMMANDS
from optimizer.cli.schema import schemas
from optimizer.report.folder import PROGRAM, RECORD, Kind

WORDS: dict[str, tuple[Any, ...]] = {  # of a case that is not there
    "allocation": ("allocate", "nowhere"),
    "revision": ("revise", "published", "--case", "nowhere"),
    "explanations": ("explain", "nowhere", "--all"),
    "comparison": ("compare", "nowhere", "scenarios.toml"),
    "sweep": ("sweep", "nowhere", "--set", "pool.amount=1,2"),
    "prices": ("prices", "nowhere"),
    "robustness": ("robustness", "nowhere"),
    "batch": ("batch", "nowhere"),
}


def held(folder: Path, kind: str) -> Path:
    """Make the folder of a result, as far as the next command looks at it."""
    untyped = kind in ("allocation", "revision")
    outputs = [{"name": RECORD}] if kind == "revision" else []
    summary = {
        "program": {"name": PROGRAM},
        "outputs": outputs,
        **({} if untyped else {"type": kind}),
    }
    folder.mkdir()
    (folder / "summary.json").write_text(json.dumps(summary))
    for output in outputs:
        (folder / output["name"]).touch()
    return folder


def test_these_are_all_commands_that_write_results_by_the_names_in_their_summaries() -> None:
    writing = {
        command.__name__ for command in COMMANDS if "out" in inspect.signature(command).parameters
    }
    assert {words[0] for words in WORDS.values()} == writing - {"check"}  # which writes one file
    assert tuple(WORDS) == get_args(Kind)
    for kind in WORDS:
        typed = schemas().get(kind, {}).get("properties", {}).get("type")
        assert typed is None if kind in ("allocation", "revision") else typed["const"] == kind


@pytest.mark.parametrize("kind", WORDS)
def test_the_result_of_another_command_is_kept_and_both_are_named(
    kind: str, tmp_path: Path
) -> None:
    for other in (*WORDS, "of_a_newer_version"):
        target = held(tmp_path / other, other)
        done = run(*WORDS[kind], "--out", target, "--json")
        document = json.loads(done.stdout)
        if other == kind:  # goes on, as far as the case that is not there
            assert done.exit_code == 3, document
            continue
        assert done.exit_code == 2, document
        for words in (kind, other):
            command = WORDS[words][0] if words in WORDS else words
            assert f"subsidy {command}" in str(document), document
        assert (target / "summary.json").exists()


def test_it_is_said_in_both_languages(tmp_path: Path) -> None:
    target = held(tmp_path / "out", "comparison")
    said = {
        lang: run("prices", "nowhere", "--out", target, lang=lang).stderr
        for lang in ("zh-TW", "en")
    }
    assert "subsidy compare 的結果" in said["zh-TW"]
    assert "a result of subsidy compare" in said["en"] and not CHINESE.search(said["en"])
