"""The command that says why: to people, as data, and as letters."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import jsonschema
import pytest
from helpers.commands import run
from helpers.explaining import explained_at_once

from optimizer.cli.face import Face
from optimizer.cli.progress import counted
from optimizer.cli.schema import schemas
from optimizer.explain.explanation import Explanation
from optimizer.facts.certified import Certified
from optimizer.language.text import LANGUAGES, Text
from optimizer.problems.errors import LimitError
from optimizer.solving.options import Options


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.explain.explain_all", explained_at_once)


HEADINGS = {
    "zh-TW": ("理由", "怎樣才會獲補助", "審查分數多 2.75 分，即獲補助"),
    "en": ("Why", "What would have had to differ", "with 2.75 points more it would be funded"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_people_are_told_why_and_what_would_have_helped(case: Path, lang: str) -> None:
    result = run("explain", case, "A001", "A004", lang=lang)
    assert result.exit_code == 0
    said = result.stdout
    assert said.index("A001") < said.index("A004")
    for part in HEADINGS[lang]:
        assert part in said
    assert all(line == line.rstrip() or len(line) <= 200 for line in said.splitlines())


def test_everyone_is_explained_in_the_order_of_the_case(case: Path) -> None:
    said = [line for line in run("explain", case, "--all").stdout.splitlines() if line[:1] == "A"]
    assert len(said) == 48
    assert said == sorted(said)


def test_off_a_terminal_one_line_says_how_many(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def explain(facts: Certified, ids: Iterable[str], options: Options) -> list[Explanation]:
        for own_id in ids:
            options.say(own_id)
        return explained_at_once(facts, ids)

    monkeypatch.setattr("optimizer.explain.explain_all", explain)
    for lang, said in (("zh-TW", "已說明 48 件：獲補助 "), ("en", "explained 48: ")):
        *_, last = lines = run("explain", case, "--all", lang=lang).stderr.splitlines()
        assert last.startswith(said)
        assert not [line for line in lines if line.startswith("A0")]


def test_a_terminal_sees_how_many_are_done_and_how_long_the_rest_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", Terminal())
    with counted(Face("zh-TW", json=False), ["A1", "A2", "A3"]) as say:
        for step in ("A1", "A2", "A3", "explain_pool"):
            say(step)
        said = sys.stderr.getvalue()  # type: ignore[attr-defined]
    for part in ("2/3", "尚需", "試算：經費總額"):
        assert part in said


def test_an_id_that_no_application_has_is_asked_about_before_solving(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.allocate", lambda *_: pytest.fail("solved"))
    for lang, meant in (("en", "Is it 'A001'?"), ("zh-TW", "是否為「A001」？")):
        result = run("explain", case, "A1", "A002", "A0999", lang=lang)
        assert result.exit_code == 2
        assert meant in result.stderr
        assert "A0999" in result.stderr
    document = json.loads(run("explain", case, "A1", "A0999", "--json").stdout)
    assert [problem["value"] for problem in document["problems"]] == ["A1", "A0999"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "CASE is missing"),
        (["CASE"], "Name applications, or take them --all"),
        (["CASE", "A001", "--all"], "Name applications, or take them --all"),
        (["CASE", "--copy-templates", "x"], "used by itself"),
        (["CASE", "A001", "--templates", "x"], "add --out DIR"),
        (["CASE", "A001", "--unchanged"], "add --result DIR and --out DIR"),
        (["CASE", "A001", "--time-limit", "nan"], "--time-limit"),
    ],
)
def test_what_cannot_be_meant_is_refused(case: Path, arguments: list[str], said: str) -> None:
    given = [str(case) if word == "CASE" else word for word in arguments]
    result = run("explain", *given)
    assert result.exit_code == 2
    assert said in result.stderr


def test_letters_and_sheets_appear_in_one_step(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("explain", case, "--all", "--out", out)
    assert result.exit_code == 0
    assert "48 letters" in result.stdout
    assert "--copy-templates" in result.stdout  # the bureau's words are blank as yet
    assert len(list((out / "letters").iterdir())) == 2 * 48
    assert {path.name for path in out.iterdir()} == {
        "letters", "summary.json", "telephone.csv", "telephone.ods", "telephone.xlsx",
    }  # fmt: skip
    document = json.loads((out / "summary.json").read_bytes())
    jsonschema.Draft202012Validator(schemas()["explanations"]).validate(document)
    assert run("explain", case, "A001", "--out", out).exit_code == 0
    assert len(list((out / "letters").iterdir())) == 2


def test_a_bureau_copies_changes_and_uses_its_templates(case: Path, tmp_path: Path) -> None:
    own, out = tmp_path / "own", tmp_path / "out"
    assert run("explain", "--copy-templates", own).exit_code == 0
    words = own / "bureau.toml"
    words.write_text(words.read_text("utf-8").replace("○○市", "甲市"), "utf-8")
    result = run("explain", case, "A001", "--out", out, "--templates", own, lang="zh-TW")
    assert "--copy-templates" not in result.stdout
    assert "甲市政府教育局" in (out / "letters" / "A001.html").read_text("utf-8")


def test_wrong_templates_are_said_before_solving(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    run("explain", "--copy-templates", own)
    (own / "en" / "funded.html").write_text("x\n{% if %}", "utf-8")
    monkeypatch.setattr("optimizer.allocate", lambda *_: pytest.fail("solved"))
    result = run("explain", case, "--all", "--out", tmp_path / "out", "--templates", own)
    assert result.exit_code == 3
    assert "en/funded.html, line 2" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_limit_is_an_exit_code(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise LimitError(Text("時限", "limit"))

    monkeypatch.setattr("optimizer.explain.explain_all", fail)
    out = tmp_path / "out"
    assert run("explain", case, "A001", "--out", out).exit_code == 6
    assert not out.exists()
