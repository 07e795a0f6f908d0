"""The command: exit codes, what goes to which stream, both languages, and no traceback ever."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from helpers.commands import CHINESE, COMMANDS, copy, infeasible, run, spawn
from helpers.results import edit_rows

from optimizer.cli.bilingual import language_of, told
from optimizer.cli.face import clean
from optimizer.invented.generate import generate
from optimizer.language.text import LANGUAGES

# ---- exit codes ---------------------------------------------------------------------------------


def test_0_and_a_result(case: Path, tmp_path: Path) -> None:
    result = run("allocate", case, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "Proved" in result.stdout
    assert "awarded" in result.stdout
    assert str(tmp_path / "out") in result.stdout
    assert {"awards.csv", "summary.json"} <= {path.name for path in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize(
    "arguments",
    [
        ["allocate"],
        ["allocate", "CASE"],
        ["allocate", "CASE", "--out"],
        ["alocate"],
        ["allocate", "CASE", "--out", "x", "--solver", "gurobi"],
        ["allocate", "CASE", "--out", "x", "--threads", "0"],
        ["allocate", "CASE", "--out", "x", "--time-limit", "-1"],
        ["allocate", "CASE", "--out", "x", "--time-limit", "nan"],
        ["allocate", "CASE", "--out", "x", "--time-limit", "soon"],
        ["clauses", "--lang", "fr"],
        ["clauses", "no_such_rule"],
        ["clauses", "--nothing"],
        ["clauses", "one", "two"],
        ["generate", "x", "--applications", "0"],
        ["generate", "x", "--schools", "2", "--districts", "3"],
        ["--nothing"],
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_2_for_a_wrong_command_line(
    case: Path, tmp_path: Path, arguments: list[str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*(str(case) if word == "CASE" else word for word in arguments), lang=lang)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert bool(CHINESE.search(result.stderr)) == (lang == "zh-TW")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", ["check", "allocate"])
def test_3_for_bad_cells_and_nothing_is_left_behind(
    case: Path, tmp_path: Path, command: str, lang: str
) -> None:
    bad = copy(case, tmp_path / "bad", applications=("A001,", "A002,"), reviews=(",16,", ",260,"))
    out = ["--out", tmp_path / "out"] if command == "allocate" else []
    result = run(command, bad, *out, lang=lang)
    said = result.stdout if command == "check" else result.stderr
    assert result.exit_code == 3
    assert "A002" in said
    assert "260" in said
    assert "applications.csv" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad"]


def test_3_for_a_bad_policy_with_every_problem_at_once(case: Path, tmp_path: Path) -> None:
    bad = copy(case, tmp_path / "bad", policy=("unit = 100", "unit = 0.5\nunits = 3"))
    result = run("allocate", bad, "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert "pool.unit" in result.stderr
    assert "pool.units" in result.stderr
    assert not (tmp_path / "out").exists()


def test_check_reports_a_bad_policy_and_bad_data_together(case: Path, tmp_path: Path) -> None:
    bad = copy(
        case,
        tmp_path / "bad",
        policy=("unit = 100", "units = 100"),
        reviews=(",16,", ",260,"),
    )
    result = run("check", bad)
    assert result.exit_code == 3
    assert "pool.units" in result.stdout
    assert "260" in result.stdout


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", ["check", "allocate"])
def test_3_for_a_case_that_is_not_there(tmp_path: Path, command: str, lang: str) -> None:
    out = ["--out", tmp_path / "out"] if command == "allocate" else []
    result = run(command, tmp_path / "nowhere", *out, lang=lang)
    assert result.exit_code == 3
    assert "nowhere" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_3_for_a_file_that_is_no_case(case: Path) -> None:
    result = run("check", case / "policy.toml")
    assert result.exit_code == 3
    assert "is not a case" in result.stderr


@pytest.mark.parametrize("lang", LANGUAGES)
def test_4_names_the_clauses_in_conflict(case: Path, tmp_path: Path, lang: str) -> None:
    bad = infeasible(case, tmp_path / "bad")
    result = run("allocate", bad, "--out", tmp_path / "out", lang=lang)
    assert result.exit_code == 4
    said = {"zh-TW": "錯誤：現有規則", "en": "Error: No allocation"}  # a capital begins the line
    assert said[lang] in result.stderr
    assert "too_many" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_6_when_the_limit_comes_first(limited: tuple[Path, dict[str, Any], str]) -> None:
    folder, document, _ = limited
    assert document["status"] == "feasible"
    assert (folder / "awards.csv").exists()


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], str]:
    """A round with no time at all."""
    folder = tmp_path_factory.mktemp("limited")
    generate(folder / "case", applications=450, schools=300)
    out = folder / "out"
    told = run("allocate", folder / "case", "--out", out, "--time-limit", "0")
    said = run("allocate", folder / "case", "--out", out, "--time-limit", "0", lang="zh-TW")
    plain = run("allocate", folder / "case", "--out", out, "--time-limit", "0", "--json")
    assert [told.exit_code, said.exit_code, plain.exit_code] == [6, 6, 6]
    printed = "\n".join([told.output, said.output, plain.output])
    return out, json.loads(plain.stdout), printed


@pytest.mark.slow
def test_nothing_claims_to_be_optimal_after_a_limit(
    limited: tuple[Path, dict[str, Any], str],
) -> None:
    folder, _, printed = limited
    texts = {"what was printed": printed}
    for path in folder.rglob("*"):
        if path.suffix in (".csv", ".json", ".html", ".svg", ".txt", ".md"):
            texts[path.name] = path.read_text("utf-8-sig")
    for name, text in texts.items():
        for word in ("optimal", "最佳"):
            assert not claims(text, word), f"{name} says {word}: {claims(text, word)[0]}"


def claims(text: str, word: str) -> list[str]:
    """Return where a word stands without being denied: *not proved optimal* claims nothing."""
    found = []
    for match in re.finditer(word, text, re.IGNORECASE):
        before = text[max(0, match.start() - 40) : match.start()].lower()
        if not re.search(r"\bnot\b|\bnever\b|未|不|非|尚", before):
            found.append(text[max(0, match.start() - 60) : match.end() + 60])
    return found


@pytest.fixture(scope="module")
def made(case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result of the small case."""
    out = tmp_path_factory.mktemp("made") / "out"
    assert run("allocate", case, "--out", out).exit_code == 0
    return out


@pytest.mark.slow
def test_5_for_a_result_that_was_tampered_with(case: Path, made: Path, tmp_path: Path) -> None:
    assert run("verify", made, "--case", case).exit_code == 0
    out = Path(shutil.copytree(made, tmp_path / "out"))
    edit_rows(out, "awards.csv", tampered)
    for lang in LANGUAGES:
        bad = run("verify", out, "--case", case, "--quick", lang=lang)
        assert bad.exit_code == 5
        assert "awards.csv" in bad.stdout
    document = json.loads(run("verify", out, "--case", case, "--quick", "--json").stdout)
    assert document["verified"] is False
    assert document["problems"]


def tampered(rows: list[list[str]]) -> None:
    row = next(row for row in rows if "not_funded" in row)
    row[row.index("not_funded")] = "funded"


NOT_SHOWN = {
    "en": "allowed; *not* shown to be the best; the draw not checked",
    "zh-TW": "未證明為最佳；抽籤未核對",
}


@pytest.mark.slow
def test_verify_says_what_was_not_shown(case: Path, made: Path) -> None:
    seal = json.loads((made / "summary.json").read_bytes())["seal"]
    verify = ("verify", made, "--case", case)
    for lang, words in NOT_SHOWN.items():
        quick = run(*verify, "--quick", lang=lang)
        assert quick.exit_code == 0 and words in quick.stdout and seal in quick.stdout
        whole = run(*verify, "--prove", "--seal", seal, lang=lang)
        assert whole.exit_code == 0 and words not in whole.stdout
        assert run(*verify, "--quick", "--prove", lang=lang).exit_code == 2
    document = json.loads(run(*verify, "--json").stdout)
    assert document["proof"]["standing"] == "proved" and document["seal"] == seal
    assert run(*verify, "--quick", "--seal", "0" * 25).exit_code == 5
    late = run(*verify, "--time-limit", "0", "--json")
    assert late.exit_code == 6 and json.loads(late.stdout)["verified"] is False


def test_verify_needs_a_result(case: Path, tmp_path: Path) -> None:
    assert run("verify", tmp_path / "nowhere", "--case", case).exit_code == 3
    assert run("verify", case, "--case", case).exit_code == 5
    assert run("verify", case).exit_code == 2


# ---- streams ------------------------------------------------------------------------------------


def test_json_of_an_error_holds_every_problem(case: Path, tmp_path: Path) -> None:
    bad = copy(case, tmp_path / "bad", reviews=(",16,", ",260,"))
    document = json.loads(run("allocate", bad, "--out", tmp_path / "out", "--json").stdout)
    (problem,) = document["problems"]
    assert document["kind"] == "input"
    assert (problem["file"], problem["value"]) == ("reviews.csv", "260")
    assert problem["row"] == 2
    checked = json.loads(run("check", bad, "--json").stdout)
    assert checked["usable"] is False
    assert checked["problems"] == document["problems"]


def test_people_get_results_on_stdout_and_progress_on_stderr(case: Path, tmp_path: Path) -> None:
    result = run("allocate", case, "--out", tmp_path / "out")
    assert "NT$" in result.stdout
    assert "writing the tables" in result.stderr
    assert "writing the tables" not in result.stdout


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals there")
def test_a_terminal_sees_the_priority_that_is_being_settled(case: Path, tmp_path: Path) -> None:
    seen = on_a_terminal("allocate", case, "--out", tmp_path / "out", "--solver", "highs")
    assert "priority 2: Merit" in seen
    assert "\x1b[?25h" in seen  # the cursor is shown again
    assert "\x1b[31m" not in on_a_terminal("clauses", "nothing", NO_COLOR="1")


def on_a_terminal(*arguments: str | Path, **environment: str) -> str:
    """Return what a terminal would be sent."""
    import pty

    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "optimizer.cli", *map(str, arguments)],
        stdin=there, stdout=there, stderr=there,
        env={**os.environ, "SUBSIDY_LANG": "en", "TERM": "xterm", "COLUMNS": "120", **environment},
    )  # fmt: skip
    os.close(there)
    sent = b""
    while True:
        try:
            part = os.read(here, 4096)
        except OSError:  # the other side is closed
            part = b""
        if not part:
            break
        sent += part
    process.wait(timeout=600)
    os.close(here)
    return sent.decode()


def test_goals_of_a_ranked_priority_are_numbered_within_it(case: Path, tmp_path: Path) -> None:
    ranked = copy(
        case, tmp_path / "ranked", policy=('per = "amount"\nband = 1.0', 'form = "ranked"')
    )
    result = run("allocate", ranked, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert re.search(r"^ 2\.3 +Merit", result.stdout, re.M)
    assert "more goals stand in summary.json" in result.stdout


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_language_at_a_time(case: Path, tmp_path: Path, lang: str) -> None:
    result = run("allocate", case, "--out", tmp_path / "out", "--lang", lang, lang="")
    said = [line for line in result.output.splitlines() if "臺中市" not in line]
    assert bool(CHINESE.search("\n".join(said))) == (lang == "zh-TW")


def test_lang_may_stand_before_the_command(case: Path) -> None:
    assert "the case can be allocated" in run("--lang", "en", "check", case, lang="zh-TW").stdout
    assert "資料無誤，可以分配" in run("check", case, "--lang=zh-TW", lang="en").stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, "zh-TW"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "zh_TW.UTF-8"}, "zh-TW"),
        ([], {"LANG": "zh_TW.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "C.UTF-8"}, "zh-TW"),
        ([], {"LANG": "en_US.UTF-8", "SUBSIDY_LANG": "zh-TW"}, "zh-TW"),
        (["check", "--lang", "en"], {"SUBSIDY_LANG": "zh-TW"}, "en"),
        (["check", "--lang=zh-TW"], {"SUBSIDY_LANG": "en"}, "zh-TW"),
        (["check", "--lang"], {"SUBSIDY_LANG": "en"}, "en"),
        (["check", "--lang", "fr"], {"SUBSIDY_LANG": "en"}, "en"),
    ],
)
def test_the_language_is_settled_in_order(
    arguments: list[str],
    environment: dict[str, str],
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: (None, None))
    assert language_of(arguments, environment) == expected


def test_no_color_is_honoured(case: Path) -> None:
    coloured = run("check", case, FORCE_COLOR="1").stdout
    plain = run("check", case, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert re.search(r"\x1b\[[0-9;]*3[0-9]m", coloured) or "\x1b[1m" in coloured
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", plain)
    assert "\x1b" not in run("check", case).stdout


def test_what_people_wrote_cannot_steer_the_terminal(case: Path, tmp_path: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[31m[red]"
    bad = copy(case, tmp_path / "bad", reviews=(",16,", f",{evil},"))
    result = run("check", bad)
    assert result.exit_code == 3
    assert "\x1b" not in result.output
    assert "\x07" not in result.output
    assert "[red]" in result.output


def test_clean_keeps_every_letter_and_no_control() -> None:
    assert clean("臺中\t市\r\n$[b]𠮷😀") == "臺中 市\n$[b]𠮷😀"
    every = "".join(chr(code) for code in range(0x3000))
    assert not [c for c in clean(every) if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"]


# ---- what goes wrong ----------------------------------------------------------------------------


def test_a_target_that_holds_other_files_is_refused_before_anything_is_solved(
    case: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    result = run("allocate", case, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "mine.txt" in result.stderr
    assert "priority" not in result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_target_that_is_a_file_is_refused(case: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    result = run("allocate", case, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_target_that_cannot_be_written_is_refused(case: Path, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    result = run("allocate", case, "--out", tmp_path / "closed" / "out")
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_bug_is_called_a_bug(
    case: Path, tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret /home/somebody")

    monkeypatch.setattr("optimizer.allocate", fail)
    result = run("allocate", case, "--out", tmp_path / "out", lang=lang)
    assert result.exit_code == 70
    assert "SUBSIDY_DEBUG=1" in result.stderr
    assert "Traceback" not in result.output
    assert "secret" not in result.output
    assert not (tmp_path / "out").exists()
    debug = run("allocate", case, "--out", tmp_path / "out", lang=lang, SUBSIDY_DEBUG="1")
    assert debug.exit_code == 70
    assert "Traceback" in debug.stderr


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_interrupt_is_a_sentence(
    case: Path, tmp_path: Path, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("optimizer.allocate", stop)
    result = run("allocate", case, "--out", tmp_path / "out", lang=lang)
    assert result.exit_code == 130
    assert "Interrupted" in result.stderr or "已中斷" in result.stderr
    assert (
        json.loads(run("allocate", case, "--out", tmp_path / "out", "--json", lang=lang).stdout)[
            "kind"
        ]
        == "interrupted"
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
@pytest.mark.parametrize(("solver", "asking"), [("cbc", "SIGINT"), ("highs", "SIGTERM")])
def test_a_request_to_end_is_heard_and_leaves_nothing_behind(
    tmp_path: Path, solver: str, asking: str
) -> None:
    generate(tmp_path / "case", applications=4_000, schools=2_500, seed=5)
    process = subprocess.Popen(
        [sys.executable, "-m", "optimizer.cli", "allocate", tmp_path / "case", "--out",
         tmp_path / "out", "--solver", solver],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        env={**os.environ, "SUBSIDY_LANG": "en"}, start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    first = process.stderr.readline()  # the first priority has begun: there are minutes of work
    os.killpg(process.pid, getattr(signal, asking))
    out, err = process.communicate(timeout=600)
    assert process.returncode == 130, (first, out, err)
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case"]


@pytest.mark.skipif(os.name == "nt", reason="pipes close otherwise there")
@pytest.mark.parametrize("extra", [[], ["--json"]])
def test_a_reader_that_goes_away_is_no_error(extra: list[str]) -> None:
    command = f"{sys.executable} -m optimizer.cli clauses {' '.join(extra)} | head -c 1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, timeout=600, check=False)
    assert result.stderr.decode() == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "extra"),
    [("cp1252", []), ("cp950", []), ("ascii", []), ("ascii", ["--json"]), ("cp950", ["--json"])],
)
def test_any_terminal_encoding_will_do(encoding: str, extra: list[str], case: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "optimizer.cli", "check", case, "--lang", "zh-TW", *extra],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    said = result.stdout.decode(encoding)
    if extra:
        assert json.loads(said)["problems"]
    else:
        assert "A" in said


@pytest.mark.slow
@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_json_in_a_real_process_is_clean_and_messages_go_to_stderr(
    case: Path, tmp_path: Path, solver: str
) -> None:
    """What a solver prints does not spoil it."""
    options = ("--json", "--solver", solver, "--parts", "none")
    result = spawn("allocate", case, "--out", tmp_path / "out", *options)
    assert result.returncode == 0
    document = json.loads(result.stdout)
    assert (document["status"], document["engine"]["name"]) == ("optimal", solver)
    assert "priority 1" in result.stderr
    assert "\x1b" not in result.stderr


# ---- check, clauses, compare, new, generate -----------------------------------------------------


def test_check_groups_what_it_finds_counts_first(example: Path) -> None:
    result = run("check", example)
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "No errors: the case can be allocated."
    assert re.fullmatch(r"0 errors, \d+ refusals, \d+ flags\.", lines[1])
    assert result.stdout.index("Refusals") < result.stdout.index("Flags")


def test_check_writes_what_it_finds(example: Path, tmp_path: Path) -> None:
    result = run("check", example, "--out", tmp_path / "o", "--problems", tmp_path / "p.csv")
    assert result.exit_code == 0
    text = (tmp_path / "p.csv").read_text("utf-8-sig")
    assert text == (tmp_path / "o" / "problems.csv").read_text("utf-8-sig")
    assert text.startswith("severity,code,application_id,file,row,column,value,message")
    count = json.loads(run("check", example, "--json").stdout)["counts"]
    assert len(text.splitlines()) == 1 + count["error"] + count["refusal"] + count["flag"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_clauses_lists_every_rule(lang: str) -> None:
    from optimizer.clauses import registry

    shown = run("clauses", lang=lang).stdout
    listed = json.loads(run("clauses", "--json", lang=lang).stdout)["clauses"]
    known = {key for key in registry() if key[0] in ("clause", "priority")}
    assert {(rule["section"], rule["kind"]) for rule in listed} == known
    for rule in listed:
        assert rule["kind"] in shown
        assert rule["title"]["zh-TW"]
        assert CHINESE.search(rule["title"]["zh-TW"])
        assert not CHINESE.search(rule["title"]["en"])
        assert CHINESE.search(rule["example"]["zh-TW"])
        assert rule["example"]["en"]
        for key in rule["keys"]:
            assert CHINESE.search(key["help"]["zh-TW"]), key
            assert key["help"]["en"]
            assert not CHINESE.search(key["help"]["en"]), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_clauses_says_the_keys_of_one_rule(lang: str) -> None:
    from optimizer.clauses import registry

    for (section, kind), rule in registry().items():
        if section not in ("clause", "priority"):
            continue
        result = run("clauses", kind, lang=lang)
        assert result.exit_code == 0
        assert f'[[{section}]] kind = "{kind}"' in result.stdout
        assert all(key.name in result.stdout for key in rule.policy_keys())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_compare_shows_and_writes(case: Path, tmp_path: Path, lang: str) -> None:
    out = tmp_path / "out"
    result = run("compare", case, case / "scenarios.toml", "--out", out, lang=lang)
    assert result.exit_code == 0
    assert "smaller pool" in result.stdout
    assert (out / "totals.csv").exists()
    assert (out / "figures" / "compare.svg").exists()


def test_compare_shows_a_scenario_without_a_solution_and_goes_on(
    case: Path, tmp_path: Path
) -> None:
    scenarios = tmp_path / "s.toml"
    scenarios.write_text(
        '[[scenario]]\nname = "[red]none"\nset = { "clause.quota.at_least" = 4000 }\n'
        '[[scenario]]\nname = "after"\nset = { "pool.amount" = 0 }\n'
    )
    result = run("compare", case, scenarios, "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "[red]none" in result.stdout
    assert "clauses in conflict" in result.stdout
    assert "after" in result.stdout


def test_compare_refuses_unknown_names_and_writes_nothing(case: Path, tmp_path: Path) -> None:
    scenarios = tmp_path / "s.toml"
    scenarios.write_text('[[scenario]]\nname = "a"\nset = { "pool.amont" = 1 }\n')
    result = run("compare", case, scenarios, "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert "Did you mean amount?" in result.stderr
    assert not (tmp_path / "out").exists()


def test_new_check_allocate_in_every_format(tmp_path: Path) -> None:
    for format in ("csv", "xlsx", "ods"):
        folder = tmp_path / format
        made = run("new", folder, "--example", "--format", format)
        assert made.exit_code == 0
        assert f"subsidy allocate {folder}" in made.stdout
        assert run("check", folder).exit_code == 0
        assert run("check", folder / f"case.{format}" if format != "csv" else folder).exit_code == 0


def test_generate_makes_a_round_of_the_size_asked_for(tmp_path: Path) -> None:
    result = run(
        "generate", tmp_path / "x", "--applications", "33", "--schools", "40", "--seed", "7"
    )
    assert result.exit_code == 0
    count = json.loads(run("check", tmp_path / "x", "--json").stdout)["counts"]
    assert count["applications"] == 33
    again = run("generate", tmp_path / "x")
    assert again.exit_code == 2


# ---- help and speed -----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_speaks_one_language(lang: str) -> None:
    overview = run("--help", lang=lang)
    assert overview.exit_code == 0
    assert overview.stdout == run(lang=lang).stdout
    names = re.findall(r"^│ (\w+) ", overview.stdout, re.M)
    assert names == list(COMMANDS)
    for name in names:
        page = run(name, "--help", lang=lang).stdout
        assert "--lang" in page
        assert "--json" in page
        assert "\x1f" not in page
        text = "\n".join(line for line in page.splitlines() if "Usage:" not in line)
        assert bool(CHINESE.search(text)) == (lang == "zh-TW")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("columns", ["80", "100"])
def test_no_help_text_is_cut(lang: str, columns: str) -> None:
    cut = [
        line
        for name in COMMANDS
        for line in run(name, "--help", lang=lang, COLUMNS=columns).stdout.splitlines()
        if "…" in line
    ]
    assert not cut


def test_a_help_text_of_one_language_is_said_as_it_is() -> None:
    assert told("plain", "en") == told("plain", "zh-TW") == "plain"


def test_help_needs_nothing_heavy() -> None:
    code = (
        "import sys, optimizer, optimizer.cli\n"
        "print(*sorted({'pandas', 'numpy', 'pulp', 'highspy', 'matplotlib', 'pydantic', 'jinja2'} "
        "& set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert result.stdout.strip() == ""


def test_a_command_pays_for_no_collector_pyarrow_or_threads() -> None:
    """At the end nothing is walked over: what runs last finds all of it frozen."""
    code = (
        "import atexit, gc, os, sys\n"
        "os.environ.pop('PYDANTIC_DISABLE_PLUGINS', None)\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 10_000, gc.get_threshold()[0] > 10**5))\n"
        "sys.argv = ['subsidy', '--version']\n"
        "light = 'OPENBLAS_NUM_THREADS', 'PYDANTIC_DISABLE_PLUGINS'\n"
        "atexit.register(lambda: print(sys.modules['pyarrow'], *map(os.environ.get, light)))\n"
        "from optimizer.cli import main\n"
        "main()\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert result.stdout.split()[2:] == ["None", "1", "__all__", "True", "True"]


def test_files_are_written_without_a_window_system_or_a_web_client() -> None:
    code = (
        "import io, sys\n"
        "import optimizer.letters.odt, optimizer.workbooks.ods\n"
        "from optimizer.plots.drawing import Layout, sheet\n"
        "sheet(Layout(2, 2)).figure.savefig(io.BytesIO(), format='svg')\n"
        "assert not {'matplotlib.pyplot', 'urllib.request'} & {*sys.modules}\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_api_is_imported_when_it_is_used() -> None:
    code = (
        "import sys, optimizer\n"
        "assert 'optimizer.pipe' not in sys.modules\n"
        "from optimizer import allocate, read_case\n"
        "assert callable(allocate), allocate\n"
        "unasked = ('optimizer.diagnose', 'optimizer.explain.explainer', 'optimizer.revisions')\n"
        "solvers = ('pulp', 'highspy', 'optimizer.solving.model', 'optimizer.solving.bundled')\n"
        "assert not {*unasked, *solvers} & {*sys.modules}, 'only who asks pays for it'\n"
        "assert all(hasattr(optimizer, name) for name in optimizer.__all__)\n"
        "assert set(optimizer.__all__) <= set(dir(optimizer))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_of_the_api_is_an_attribute_error() -> None:
    import optimizer

    with pytest.raises(AttributeError):
        _ = optimizer.no_such_thing


def test_the_seed_is_published_in_advance_and_checked_later(case: Path, made: Path) -> None:
    """What `check --seed-commitment` prints is what `verify --seed-commitment` takes."""
    told = json.loads(run("check", case, "--seed-commitment", "--json").stdout)["seed_sha256"]
    for commitment, code in ((told, 0), ("0" * 64, 5)):
        checked = ("verify", made, "--case", case, "--quick", "--seed-commitment", commitment)
        assert run(*checked).exit_code == code
