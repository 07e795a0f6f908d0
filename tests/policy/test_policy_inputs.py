"""Policies and scenarios under hostile values: a clean refusal with its place and remedy, or a right answer."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from helpers.places import ROOT
from helpers.rounds import make_case

from optimizer.clauses import registry
from optimizer.foundation.limits import FINEST, MOST
from optimizer.language.policy_words import english_key
from optimizer.policy.policy import IN_MEMORY, Policy, make_policy, read_policy
from optimizer.problems.errors import PolicyError, Problem, SubsidyError, UsageError
from optimizer.reading.toml import key_lines
from optimizer.scenarios.read import read_scenarios
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen
from optimizer.tables.settings import Award, Draw, Plan, Pool, Review

BASE = (ROOT / "data" / "taichung-103" / "policy.toml").read_text("utf-8")
TABLES = {"plan": Plan, "pool": Pool, "review": Review, "award": Award, "draw": Draw}

# Values as TOML would hold them; none may hang, be guessed at or end as a bug.
HOSTILE: list[Any] = [
    *(Decimal(text) for text in ("1e-99999999", "0e-99999999", "1e99999999", "nan", "-inf", "1e-30",
      "0.1234567890123456789", "1" + "0" * 5000, "0." + "0" * 5000 + "1", "-1", "1e15", "1.5")),
    -1, 10**15, 10**15 + 1, 10**20, 10**5000, True,
    "", "18萬", "５０", "1/0", "1/3", "1e-99999999", "9" * 100_000, "1/" + "9" * 100_000, "-5%", "101%",
    "40%", "103/2/1", "0103-02-01", "2014-02-30", "20140102", "是", "\x00\u202e", "長" * 100_000,
    [], [[[]]], [1, 2], {}, {"a": {"b": 1}}, {"a": 10**20}, {"a": Decimal("1e-30")},
]  # fmt: skip


def places() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield every key of every table and of every rule, with a policy that it can be put into."""
    for table, model in TABLES.items():
        for each in fields(model):
            yield f"{table}.{each.name}", {table: {}}, each.name
    for (section, kind), rule in registry().items():
        if section in ("clause", "priority"):
            entry = {"kind": kind, **rule.sample}
            for key in rule.policy_keys():
                yield f"{section}.{kind}.{key.name}", {section: [entry]}, key.name


def put(document: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"pool": {"amount": 10_000}}
    for name, content in document.items():
        if isinstance(content, list):
            made[name] = [{**content[0], key: value}]
        else:
            made[name] = {**made.get(name, {}), key: value}
    return made


def numbers(value: Any) -> Iterator[int | Fraction]:
    """Yield every number that a rule or a table ended up with."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | Fraction):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from numbers(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from numbers(inner)
    elif hasattr(value, "__dataclass_fields__"):
        for each in fields(value):
            yield from numbers(getattr(value, each.name))


@pytest.mark.slow
@pytest.mark.parametrize(("place", "document", "key"), list(places()), ids=lambda x: x if isinstance(x, str) else "")  # fmt: skip
def test_every_key_takes_or_cleanly_refuses_hostile_values(
    place: str, document: dict[str, Any], key: str
) -> None:
    case = make_case([{"application_id": "A1"}, {"application_id": "A2", "merit": 70}])
    for value in HOSTILE:
        made = put(document, key, value)
        try:
            policy = make_policy(made)
        except PolicyError as error:
            assert error.problems
            for problem in error.problems:
                assert problem.file == IN_MEMORY
                assert key in problem.column or "draw" in problem.column, (place, problem)
                assert problem.expected.zh or problem.hint.zh or problem.code in ("reserved_name", "commitment")  # fmt: skip
                assert "規定：" not in problem.say("zh-TW"), (place, problem.say("zh-TW"))
                assert len(problem.say("zh-TW")) < 800
            continue
        for number in numbers((policy.settings, *policy.rules)):
            assert abs(number) <= MOST
            assert Fraction(number).denominator <= FINEST
        records = make_case(
            [{"application_id": "A1"}, {"application_id": "A2", "merit": 70}], **made
        ).records
        if place.startswith("review.") or not isinstance(value, int | Decimal | str):
            continue  # marks are read under it
        try:
            scored = score(screen(records, policy))
            for rule in policy.rules:
                assert rule.sentence().zh
                rule.rows(scored.round)
        except SubsidyError:
            pass
    assert case


# ---- what is written in the file, and what to write instead -----------------------------------

# the line as it should be, the line as it was written
WRITTEN = [
    ("amount = 590_000", "amount = 59萬"),
    ("amount = 590_000", 'amount = "59萬"'),
    ("amount = 590_000", "amount = 五十九萬"),
    ("amount = 590_000", 'amount = "伍拾玖萬元整"'),
    ("minimum_merit = 70", "minimum_merit = 七十分"),
    ("amount = 590_000", "amount = 590,000"),
    ("amount = 590_000", "amount = ５９００００"),
    ("amount = 590_000", "amount = NT$590,000元整"),
    ("amount = 590_000", "amount = 590000.0"),
    ("amount = 590_000", "amount ＝ 590000"),
    ("amount = 590_000", "amount: 590000"),
    ("amount = 590_000", "金額 = 590000"),
    ("amount = 590_000", "ａｍｏｕｎｔ = 590000"),
    ("minimum_merit = 70", "minimum_merit = 70分"),
    ("minimum_merit = 70", 'minimum_merit = "70分"'),
    ("minimum_merit = 70", "及格分數 = 70"),
    ('mode = "full"', "mode = full"),
    ('mode = "full"', "mode = “full”"),
    ('mode = "full"', "mode = 「full」"),
    ('mode = "full"', 'mode = "全額"'),
    ('mode = "full"', 'mode = "Full"'),
    ("minimum = 3", "minimum = 3人"),
    ("minimum = 3", 'minimum = "3"'),
    ("minimum = 3", "最少人數 = 3"),
    ('first = "2014-01-02"', 'first = "103/1/2"'),
    ('first = "2014-01-02"', "first = 103/1/2"),
    ('first = "2014-01-02"', "first = 103年1月2日"),
    ('first = "2014-01-02"', "first = 20140102"),
    ('first = "2014-01-02"', "first = 0103-01-02"),
    ('first = "2014-01-02"', "first = 2014-01-02T00:00:00"),
    ("at_least = 40", 'at_least = "40件"'),
    ("at_least = 40", "at_least = 40.0"),
    ("at_least = 40", "下限 = 40"),
    ('kind = "school_cap"', 'kind = "每校上限"'),
    ('kind = "school_cap"', "kind = school_cap"),
    ("[pool]", "[經費]"),
    ("[pool]", "［pool］"),
    ('weights = { "偏遠" = 1, special_remote = 2, extreme_remote = 3 }',
     "weights = { 偏遠 = 1, special_remote = 2, extreme_remote = 3 }"),
]  # fmt: skip


def problems(path: Path, text: str) -> tuple[Problem, ...]:
    path.write_text(text, "utf-8")
    try:
        read_policy(path)
    except PolicyError as error:
        assert "bug" not in error.say("en")
        return error.problems
    return ()


def missing(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(PolicyError) as caught:
        read_policy(path)
    return caught.value.problems


@pytest.mark.parametrize(
    "name", ["policy.toml.txt", "policy.TOML", "Policy.toml", "policy.txt", "policy - 複製.toml"]
)
def test_a_policy_of_nearly_the_right_name_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(BASE, "utf-8")
    (tmp_path / "scenarios.toml").write_text("", "utf-8")
    (problem,) = missing(tmp_path / "policy.toml")
    assert f"「{name}」" in problem.hint.zh and f"There is {name}:" in problem.hint.en
    assert ("Windows" in problem.hint.en) == (name == "policy.toml.txt")


def test_a_missing_policy_says_where_a_new_one_comes_from(tmp_path: Path) -> None:
    (tmp_path / "scenarios.toml").write_text("", "utf-8")
    (problem,) = missing(tmp_path / "policy.toml")
    assert "subsidy new" in problem.hint.zh and "subsidy new" in problem.hint.en
    (other,) = missing(tmp_path / "nowhere" / "other.toml")
    assert not other.hint.en


@pytest.mark.parametrize(("right", "wrong"), WRITTEN)
def test_the_message_says_what_to_write_and_that_mends_it(
    right: str, wrong: str, tmp_path: Path
) -> None:
    anchor = re.sub(r'"偏遠"', "remote", right)
    assert anchor in BASE
    text = BASE.replace(anchor, wrong, 1)
    line = text[: text.index(wrong)].count("\n") + 1
    path = tmp_path / "policy.toml"
    (problem,) = problems(path, text)
    assert problem.row == line
    said = re.search(r"^Write (.+)$", problem.hint.en)
    assert said, problem.say("en")
    assert problem.hint.zh == f"請寫成 {said[1]}"
    lines = text.splitlines()
    lines[line - 1] = said[1]
    assert not problems(path, "\n".join(lines))
    assert tomllib.loads("\n".join(lines), parse_float=Decimal) == tomllib.loads(
        BASE.replace(anchor, right, 1), parse_float=Decimal
    )


HOSTILE_FILES = [
    "a." * 120_000 + "a = 1",
    "a = " + "[" * 100_000,
    "a = " + "{ b = " * 50_000,
    "[pool]\namount = " + "9" * 100_000,
    "[pool]\namount = 0x" + "f" * 100_000,
    "[pool]\namount = 1\n" + "\n".join(f"k{i} = 1" for i in range(3_000)),
    "[pool]\namount = 1\namount = 2",
    "[pool",
    "",
    "\x00",
    "x" * 300_000,
    "a" * 200_000,
    "a = '" + "x." * 90_000 + "'",
    "[[" * 50_000,
    '"' * 100_001,
    "a = 1e" + "9" * 50,
    "\u202e = 1",
]


@pytest.mark.parametrize("number", range(len(HOSTILE_FILES)))
def test_hostile_files_are_refused(number: int, tmp_path: Path) -> None:
    assert problems(tmp_path / "policy.toml", HOSTILE_FILES[number])
    scenarios = tmp_path / "scenarios.toml"
    scenarios.write_text(HOSTILE_FILES[number], "utf-8")
    with pytest.raises(PolicyError) as caught:
        read_scenarios(scenarios)
    assert caught.value.problems
    assert len(caught.value.problems[0].say("zh-TW")) < 800


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950", "utf-16"])
def test_any_encoding_that_tables_may_have(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    text = BASE.replace("·", "/").replace("–", "-")
    path.write_bytes(text.encode(encoding, errors="strict" if encoding != "cp950" else "ignore"))
    assert read_policy(path).settings.plan.title.startswith("臺中市")
    scenario = '[[scenario]]\nname = "經費減少"\nset = { "pool.amount" = 1 }\n'
    (tmp_path / "scenarios.toml").write_bytes(scenario.encode(encoding))
    assert read_scenarios(tmp_path / "scenarios.toml")[0].name == "經費減少"


def not_files(folder: Path) -> Iterator[Path]:
    os.mkfifo(folder / "fifo.toml")
    yield folder / "fifo.toml"
    (folder / "folder.toml").mkdir()
    yield folder / "folder.toml"
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(str(folder / "s.toml"))
        yield folder / "s.toml"
    yield Path("/dev/zero")
    (folder / "link.toml").symlink_to("/dev/zero")
    yield folder / "link.toml"
    yield folder / "nowhere.toml"


def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    for path in not_files(tmp_path):
        for read in (read_policy, read_scenarios):
            with pytest.raises(PolicyError) as caught:
                read(path)
            assert Path(caught.value.problems[0].file).name == path.name


def test_the_command_says_so_too(tmp_path: Path, example: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(BASE.replace("band = 1.0", "band = 1e-99999999"), "utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "optimizer.cli", "check", example, "--policy", policy, "--lang", "zh-TW"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert found.returncode == 3
    said = "".join((found.stdout + found.stderr).split())
    assert "小數位數太多" in said
    assert "程式本身出錯" not in said


def test_every_key_line_is_found() -> None:
    lines = dict(key_lines(BASE))
    written = BASE.splitlines()
    document = tomllib.loads(BASE, parse_float=Decimal)
    for table in ("plan", "pool", "review", "award", "draw"):
        for key in document[table]:
            assert written[lines[f"{table}.{key}"] - 1].startswith(key)
    for section in ("clause", "priority"):
        for number, entry in enumerate(document[section], start=1):
            assert written[lines[f"{section}[{number}]"] - 1].startswith(f"[[{section}]]")
            for key in entry:
                assert written[lines[f"{section}[{number}].{key}"] - 1].startswith(key)


def test_lines_are_right_after_strings_and_lists_of_many_lines() -> None:
    text = 'a = """\n[x]\nb = 1\n"""\nc = [ # [\n  "]",\n  1,\n]\n[[clause]]\nd = \'#"\'\n[[clause]]\ne = 1'
    tomllib.loads(text)
    found = dict(key_lines(text))
    assert found == {"a": 1, "c": 5, "clause[1]": 9, "clause[1].d": 10, "clause[2]": 11, "clause[2].e": 12}  # fmt: skip


def test_every_key_has_a_chinese_name() -> None:
    known = {each.name for model in TABLES.values() for each in fields(model)}
    for (section, _), rule in registry().items():
        if section in ("clause", "priority"):
            known |= {key.name for key in rule.policy_keys()}
    named = {
        english_key(word)
        for word in ("金額", "經費總額", "下限", "權重", "行政區", "及格分數", "級距")
    }
    assert named <= known | {"band"}


def test_districts_and_period_of_the_plan() -> None:
    def said(**plan: Any) -> list[str]:
        try:
            make_policy({"pool": {"amount": 1}, "plan": plan})
        except PolicyError as error:
            return [problem.code for problem in error.problems]
        return []

    assert not said(districts=["中區", "東區"])
    assert said(districts=["豐原區", "臺中市豐原區"]) == ["duplicate_name"]
    assert said(districts=["豐原區", " "]) == ["bad_value"]
    assert said(period=["2014-11-30", "2014-02-01"]) == ["bad_value"]


@pytest.mark.parametrize("section", ["clause", "priority"])
@pytest.mark.parametrize("key", ["at_least", "at_most"])
@pytest.mark.parametrize(
    ("value", "write"),
    [
        (Fraction(7, 2), None),
        (Decimal("3.5"), None),
        (-Fraction(1, 2), None),
        (Fraction(2, 5), '"40%"'),
        (Decimal("0.4"), '"40%"'),
        (Fraction(1, 3), '"100/3%"'),
    ],
)
def test_a_bound_that_is_not_whole_is_told_how_to_write_a_share(
    section: str, key: str, value: Any, write: str | None
) -> None:
    rule = {"kind": "quota", "column": "level", "value": "elementary"}
    with pytest.raises(PolicyError) as error:
        make_policy({"pool": {"amount": 1}, section: [{**rule, key: value}]})
    [problem] = error.value.problems
    assert problem.column.endswith(key) and '"40%"' in problem.expected.zh
    if write is None:
        assert not problem.hint
    else:
        assert problem.hint.zh == f"請寫成 {key} = {write}"
        share = write.strip('"')
        policy = make_policy({"pool": {"amount": 1}, section: [{**rule, key: share}]})
        assert getattr(policy.rules[-1], key) == Fraction(value)


def test_a_whole_number_of_any_exact_type_is_absolute() -> None:
    rule = {"kind": "quota", "column": "level", "value": "elementary"}
    for value in (2, Fraction(2), Decimal(2)):
        policy = make_policy({"pool": {"amount": 1}, "clause": [{**rule, "at_least": value}]})
        bound = policy.rules[-1].at_least  # type: ignore[attr-defined]
        assert bound == 2 and type(bound) is int


@pytest.mark.parametrize("amount", ["五十多萬", "三五萬元", "五萬八", "數十萬"])
def test_an_amount_that_nobody_can_tell_is_no_text_either(amount: str, tmp_path: Path) -> None:
    text = BASE.replace("amount = 590_000", f"amount = {amount}")
    (problem,) = problems(tmp_path / "policy.toml", text)
    assert problem.message.zh == "看不出是多少"
    assert "500_000" in problem.expected.zh
    assert not problem.hint


# ---- values put in afterwards -------------------------------------------------------------------


def with_value(policy: Policy, place: str, name: str, value: Any) -> Policy:
    """Put a value into a table or the last rule of a policy, past everything that reads one."""
    where = place.split(".")[0]
    if where in TABLES:
        table = replace(getattr(policy.settings, where), **{name: value})
        return replace(policy, settings=replace(policy.settings, **{where: table}))
    held = "clauses" if where == "clause" else "priorities"
    *others, last = getattr(policy, held)
    return replace(policy, **{held: (*others, replace(last, **{name: value}))})


NEGATIVE = [(place, document, name) for place, document, name in places()]


@pytest.mark.parametrize(("place", "document", "name"), NEGATIVE, ids=[p for p, *_ in NEGATIVE])
def test_what_no_document_may_say_cannot_be_put_in_afterwards(
    place: str, document: dict[str, Any], name: str
) -> None:
    """Nothing takes -1: a policy holds its bounds whoever makes it."""
    tables = {"pool": {"amount": 10_000}, "draw": {"seed": "x"}}
    policy = make_policy({**document, **tables})
    with pytest.raises(UsageError) as caught:
        with_value(policy, place, name, -1)
    assert f"({name}=…): got -1; expected" in str(caught.value)


def test_an_award_or_a_unit_out_of_bounds_is_named_with_what_was_given() -> None:
    policy = make_policy({"pool": {"amount": 10_000}})
    with pytest.raises(UsageError, match=r"Pool\(unit=…\): got 0; expected a whole number from 1"):
        with_value(policy, "pool", "unit", 0)
    for grades in (((Fraction(60), Fraction(2)),), ((Fraction(60),),), Fraction(1)):
        with pytest.raises(UsageError, match=r"Award\(grades=…\): got"):
            with_value(policy, "award", "grades", grades)
