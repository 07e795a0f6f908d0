"""What ``--json`` prints: one document, by a published schema, for every command and exit code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from helpers.commands import CHINESE, COMMANDS, copy, infeasible, run
from helpers.explaining import explained_at_once
from helpers.places import ROOT
from helpers.results import small_allocation

from optimizer.cli.app import COMMANDS as DECLARED
from optimizer.cli.schema import schemas
from optimizer.language.text import LANGUAGES
from optimizer.report import write_result

Way = tuple[list[str | Path], int, str]


def valid(document: Any) -> str:
    """Check a document against the schema that it names; return the schema's name."""
    name = document["schema"].split(":")[2]
    jsonschema.Draft202012Validator(schemas()[name]).validate(document)
    return name


@pytest.mark.parametrize("name", schemas())
def test_a_schema_is_one_and_leaves_nothing_open(name: str) -> None:
    schema = schemas()[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:subsidy-optimizer:{name}:1"
    assert json.loads(run("schema", name).stdout) == schema
    assert json.loads(run("schema", name, "--json").stdout) == schema
    for part in _objects(schema):
        assert "additionalProperties" in part, part


def _objects(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if part.get("type") == "object" and "properties" in part:
            yield part
        for value in part.values():
            yield from _objects(value)


def test_a_problem_has_one_shape_everywhere() -> None:
    shapes = [s["$defs"]["problem"] for s in schemas().values() if "problem" in s.get("$defs", {})]
    assert len(shapes) == 3 and shapes[1:] == shapes[:-1]


def ways(case: Path, place: Path) -> list[Way]:
    """Every command with every exit code that it can end with, and the document it prints."""
    bad = copy(case, place / "bad", reviews=(",16,", ",260,"))
    never = infeasible(case, place / "infeasible")
    out, none = place / "out", place / "nowhere"
    hard = place / "s.toml"
    hard.write_text('[[scenario]]\nname = "-x"\nset = { "clause.quota.at_least" = 4000 }\n')
    found: list[Way] = [
        (["new", place / "new"], 0, "case"),
        (["new", place / "new"], 2, "error"),
        (["generate", place / "made", "--applications", "9", "--schools", "30"], 0, "case"),
        (["generate", place / "made"], 2, "error"),
        (["desk", case, "--host", "0.0.0.0"], 2, "error"),
        (["desk", none, "--no-browser"], 3, "error"),
        (["check", case], 0, "check"),
        (["check", case, "--seed-commitment"], 0, "check"),
        (["check", bad], 3, "check"),
        (["check", none], 3, "error"),
        (["check", case, "--problems", case], 2, "error"),
        (["allocate", case, "--out", out], 0, "summary"),
        (["allocate", case, "--out", case], 2, "error"),
        (["allocate", case], 2, "error"),
        (["allocate", bad, "--out", place / "x"], 3, "error"),
        (["allocate", never, "--out", place / "x"], 4, "error"),
        (["verify", out, "--case", case], 0, "verify"),
        (["verify", out, "--case", none], 3, "error"),
        (["verify", out, "--case", never], 5, "verify"),
        (["revise", out, "--case", case, "--out", place / "revised"], 0, "revision"),
        (["revise", out, "--case", case, "--out", out], 2, "error"),
        (["revise", out, "--case", case, "--pool", "1000", "--out", place / "w"], 4, "error"),
        (["compare", case, case / "scenarios.toml", "--out", place / "comparison"], 0, "comparison"),
        (["verify", place / "comparison", "--case", case], 5, "verify"),
        (["compare", case, hard, "--out", place / "y"], 0, "comparison"),
        (["compare", case, case / "policy.toml", "--out", place / "z"], 3, "error"),
        (["sweep", case, "--set", "clause.quota.at_least=40,4000", "--out", place / "swept"], 0, "sweep"),
        (["sweep", case, "--set", "pool.amonut=1", "--out", place / "q"], 3, "error"),
        (["sweep", case, "--set", "pool.amount", "--out", place / "q"], 2, "error"),
        (["robustness", case, "--draws", "3", "--out", place / "firm"], 0, "robustness"),
        (["robustness", case, "--way", "luck", "--out", place / "v"], 2, "error"),
        (["robustness", case, "--draws", "3", "--out", case], 2, "error"),
        (["prices", case, "--out", place / "prices", "--pools", "30,000:31_000"], 0, "prices"),
        (["prices", case, "--out", place / "p", "--pools", "2:1"], 2, "error"),
        (["prices", never, "--out", place / "p"], 4, "error"),
        (["batch", case, bad, "--out", place / "many", "--parts", "none"], 3, "batch"),
        (["batch", case, case, "--out", place / "many"], 2, "error"),
        (["allocate", case, "--out", place / "few", "--parts", "reports"], 2, "error"),
        (["explain", case, "A001"], 0, "explanations"),
        (["explain", case, "--all", "--out", place / "letters"], 0, "explanations"),
        (["explain", case, "--all", "--out", case], 2, "error"),
        (["explain", case, "A001", "--all"], 2, "error"),
        (["explain", case, "A1001"], 2, "error"),
        (["explain", case, "A001", "--result", place / "revised"], 0, "explanations"),
        (["explain", case, "A001", "--result", place / "new"], 3, "error"),
        (["explain", never, "A001"], 4, "error"),
        (["explain", case, "--all", "--out", place / "u", "--templates", none], 3, "error"),
        (["explain", "--copy-templates", place / "templates"], 0, "templates"),
        (["explain", "--copy-templates", place / "templates"], 2, "error"),
        (["import", "pb", ROOT / "data/participatory/town.pb", "--out", place / "town"], 0, "case"),
        (["import", "pb", none, "--out", place / "no-town"], 3, "error"),
        (["clauses"], 0, "clauses"),
        (["clauses", "quota"], 0, "clauses"),
        (["clauses", "nothing"], 2, "error"),
        (["schema"], 0, "schemas"),
        (["schema", "--tables"], 0, "tables"),
        (["schema", "nothing"], 2, "error"),
        (["nothing"], 2, "error"),
        ([], 0, "text"),
        (["--version"], 0, "text"),
        (["--help"], 0, "text"),
    ]  # fmt: skip
    found += [([command, "--help"], 0, "text") for command in COMMANDS]
    found += [([command, "--no-such-option"], 2, "error") for command in COMMANDS]
    return found


@pytest.mark.slow
def test_every_command_prints_one_document_that_keeps_to_its_schema(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails does so in both languages, whatever succeeds in one after the other."""
    monkeypatch.setattr("optimizer.explain.explain_all", explained_at_once)
    assert {function.__name__.rstrip("_") for function in DECLARED} == set(COMMANDS)
    seen = set()
    for number, (arguments, code, kind) in enumerate(ways(case, tmp_path)):
        for lang in LANGUAGES if code else LANGUAGES[number % 2 :][:1]:
            result = run(*arguments, "--json", lang=lang)
            assert result.exit_code == code, (arguments, result.output)
            document = json.loads(result.stdout)
            assert valid(document) == kind, arguments
            assert document.get("exit_code", code) == code
            assert ("error" in document) == (code != 0), arguments
            said = document.get("error", "錯誤" if lang == "zh-TW" else "")
            assert bool(CHINESE.search(said)) == (lang == "zh-TW"), said
            assert not re.match("[a-z]+ ", said), said
        seen.add(kind)
    assert seen == set(schemas())
    kinds = {
        "out": "summary",
        "comparison": "comparison",
        "letters": "explanations",
        "swept": "sweep",
        "firm": "robustness",
        "prices": "prices",
    }
    for name, kind in kinds.items():
        written = json.loads((tmp_path / name / "summary.json").read_bytes())
        schema = schemas()[kind]
        jsonschema.Draft202012Validator(schema).validate(written)


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [(ZeroDivisionError(), 70, "bug"), (KeyboardInterrupt(), 130, "interrupted"),
     (OSError(28, "No space left"), 74, "output")],
)  # fmt: skip
@pytest.mark.parametrize("command", ["allocate", "compare", "check", "verify", "new", "generate"])
def test_what_nobody_wants_keeps_to_its_schema_too(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str,
    error: BaseException, code: int, kind: str,
) -> None:  # fmt: skip
    def fail(*_: object, **__: object) -> None:
        raise error

    names = {"check": "optimizer.check.check_case", "verify": "optimizer.verify.verify.verification",
             "new": "optimizer.new_case"}  # fmt: skip
    monkeypatch.setattr(names.get(command, f"optimizer.{command}"), fail)
    options: dict[str, list[str | Path]] = {
        "allocate": [case, "--out", tmp_path / "out"],
        "compare": [case, case / "scenarios.toml", "--out", tmp_path / "out"],
        "check": [case],
        "verify": [tmp_path, "--case", case],
    }
    result = run(command, *options.get(command, [tmp_path / "made"]), "--json")
    document = json.loads(result.stdout)
    assert (valid(document), result.exit_code, document["kind"]) == ("error", code, kind)


@pytest.mark.slow
def test_a_limit_keeps_to_its_schema(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from optimizer.language.text import Text
    from optimizer.problems.errors import LimitError

    options = ["--out", tmp_path / "out", "--json", "--time-limit", "0"]
    result = run("allocate", case, *options, "--solver", "cbc")
    document = json.loads(result.stdout)
    assert result.exit_code == 6
    assert valid(document) == "error" if "error" in document else "summary"

    def fail(*_: object, **__: object) -> None:
        raise LimitError(Text("時限", "limit"))

    monkeypatch.setattr("optimizer.allocate", fail)
    document = json.loads(run("allocate", case, *options).stdout)
    assert (valid(document), document["kind"]) == ("error", "limit")
    monkeypatch.setattr("optimizer.session.allocated", fail)
    options[1] = tmp_path / "compared"
    result = run("compare", case, case / "scenarios.toml", *options)
    assert (valid(json.loads(result.stdout)), result.exit_code) == ("comparison", 6)


def test_a_new_key_without_a_schema_fails(tmp_path: Path) -> None:
    write_result(small_allocation(), tmp_path / "out", parts=[])
    document = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    for part in (document, document["pool"], document["priorities"][0], document["engine"]):
        part["new"] = 1
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(schemas()["summary"]).validate(document)
        del part["new"]


def test_an_interrupt_after_the_document_does_not_print_another(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("optimizer.cli.terminal_result.show_result", stop)
    result = run("allocate", case, "--out", tmp_path / "out", "--json")
    assert result.exit_code == 130
    assert valid(json.loads(result.stdout)) == "summary"
