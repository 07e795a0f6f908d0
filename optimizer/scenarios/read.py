"""Reading scenarios.toml, and making a scenario's policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Unpack

from optimizer.clauses import Clause, registry
from optimizer.language.text import EMPTY, Text
from optimizer.policy.changes import Changes
from optimizer.policy.parse import read_rules
from optimizer.policy.policy import Policy
from optimizer.policy.problems import LISTS, TABLES
from optimizer.policy.remedies import key_meant
from optimizer.problems.arguments import check_fields, checked
from optimizer.problems.errors import Details, PolicyError, Problem, defect, one_of
from optimizer.problems.likeness import closest, code_pairs, did_you_mean
from optimizer.reading.toml import read_toml

LONGEST_NAME = 120
_BAD_NAME = Text("情境名稱不能用", "cannot be the name of a scenario")
_TWICE = Text("兩個情境同名", "two scenarios have the same name")
_KEYS = ("name", "base", "replace", "set", "add", "drop", "order")
_FIXED = ("review.criteria", "review.lowest")  # the marks were read and checked under these


@dataclass(frozen=True)
class Scenario:
    """Named changes to a policy.

    Parameters
    ----------
    name
        What results call it; the text of whoever wrote the file.
    changes
        What is different.
    base
        The scenario whose policy it changes; empty for the policy as it is.
    file
        Where its problems are said to stand: its file's name, or what made it.
    """

    name: str
    changes: Changes = field(default_factory=Changes)
    base: str = ""
    file: str = field(default="Scenario", compare=False)

    def __post_init__(self) -> None:
        check_fields(self)


@checked
def read_scenarios(path: str | Path) -> list[Scenario]:
    """Read scenarios.toml.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    PolicyError
        With everything that is wrong with the file's form.
    """
    place = Path(path)
    toml = read_toml(place, Text("情境檔無法使用", "the scenarios cannot be used"))
    problems: list[Problem] = []
    found = list(_read(toml.document, place.name, problems))
    problems += _name_problems([scenario.name for scenario in found])
    if problems:
        raise toml.with_lines(
            refused(
                [
                    replace(p, file=place.name, column=p.column[:120], value=p.value[:80])
                    for p in problems
                ]
            )
        )
    return found


def _name_problems(names: Sequence[str]) -> Iterator[Problem]:
    for name in sorted(set(names)):
        if names.count(name) > 1:
            yield defect("duplicate_name", _TWICE, column="scenario.name", value=name)
    for one, other in code_pairs(names):
        same = Text(f"與情境「{one}」看起來相同", f"looks the same as the scenario {one!r}")
        yield defect("look_alike", same, column="scenario.name", value=other)


def refused(problems: Sequence[Problem]) -> PolicyError:
    """Return the error of scenarios that cannot be used."""
    count = len(problems)
    return PolicyError(
        Text(f"情境檔有 {count} 個問題", f"{count} problem(s) in the scenarios"), problems
    )


def apply(policy: Policy, scenario: Scenario) -> Policy:
    """Return the policy of a scenario.

    Raises
    ------
    PolicyError
        With every unknown key and name, and every value that cannot be.
    """
    where = f"{scenario.file} {scenario.name!r}"
    fixed = [key for key in scenario.changes.values if _is_fixed(key, scenario.changes)]
    columns = [*(f"set.{key}" for key in fixed), *_replaced(scenario.changes)]
    problems = [defect("fixed_key", _FIXED_KEY, file=where, column=column) for column in columns]
    others = {k: v for k, v in scenario.changes.values.items() if k not in fixed}
    try:
        made = policy.changed(replace(scenario.changes, values=others), where)
    except PolicyError as error:
        raise PolicyError(error.message, [*problems, *error.problems]) from None
    if problems:
        raise PolicyError(
            Text("情境不能改變評分的讀法", "a scenario cannot change how marks are read"), problems
        )
    return made


def inherited(scenarios: Sequence[Scenario], problems: list[Problem]) -> list[Scenario]:
    """Return them in an order in which each comes after the one that it builds on.

    What builds on nothing that there is, or in the end on itself, is put down as a problem.
    """
    left, placed = list(scenarios), [""]
    while ready := [s for s in left if s.base in placed]:
        placed += [s.name for s in ready]
        left = [s for s in left if s not in ready]
    known = [scenario.name for scenario in scenarios]
    for scenario in left:
        there = scenario.base in known
        problems.append(
            defect(
                "circle" if there else "unknown_scenario",
                _CIRCLE if there else _NO_BASE,
                expected=EMPTY if there else one_of(known),
                hint=EMPTY if there else did_you_mean(closest(scenario.base, known)),
                file=f"{scenario.file} {scenario.name!r}",
                column="base",
                value=scenario.base[:80],
            )
        )
    by_name = {scenario.name: scenario for scenario in scenarios}
    return [by_name[name] for name in placed[1:]]


_NO_BASE = Text("沒有這個情境可供沿用", "there is no scenario of that name to build on")
_CIRCLE = Text("沿用的情境繞成一圈", "builds in the end on itself")
_FIXED_KEY = Text(
    "評分表已依原計畫讀入，不能在情境中改變；請用另一份計畫檔（--policy）",
    "the marks have been read under the policy as it is; use another policy file (--policy)",
)


def _replaced(changes: Changes) -> list[str]:
    return ["replace.review"] if "review" in changes.replace else []


def _is_fixed(key: str, changes: Changes) -> bool:
    if key == "review.missing":
        return bool(changes.values[key] == "error")
    return key == "review" or any(key == name or key.startswith(f"{name}.") for name in _FIXED)


def _read(document: Mapping[str, Any], file: str, problems: list[Problem]) -> Iterator[Scenario]:
    meant = Text("[[scenario]]", "[[scenario]]")
    problems += [
        defect("unknown_table", _NO_KEY, expected=meant, column=name)
        for name in document
        if name != "scenario"
    ]
    entries = document.get("scenario", [])
    if not isinstance(entries, list) or not entries:
        message = Text("沒有情境", "no scenario")
        expected = Text("至少一個 [[scenario]]", "at least one [[scenario]]")
        problems.append(defect("no_scenario", message, expected=expected, column="scenario"))
        return
    for number, entry in enumerate(entries, start=1):
        place = f"scenario[{number}]"
        if not isinstance(entry, Mapping):
            problems.append(defect("not_a_table", _NOT_A_TABLE, column=place))
            continue
        yield _scenario(entry, file, place, problems)


_NO_KEY = Text("沒有這個鍵", "there is no such key")
_NOT_A_TABLE = Text("應為表格", "must be a table")


def _scenario(entry: Mapping[str, Any], file: str, place: str, problems: list[Problem]) -> Scenario:
    def wrong(key: str, code: str, message: Text, **more: Unpack[Details]) -> None:
        problems.append(replace(defect(code, message, **more), column=f"{place}.{key}"))

    for key in entry:
        if key not in _KEYS:
            hint = key_meant(key, _KEYS)
            wrong(key, "unknown_key", _NO_KEY, expected=one_of(_KEYS), hint=hint)
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        wrong("name", "missing_key", Text("情境須有名稱", "a scenario needs a name"))
        name = place
    elif not name.isprintable() or len(name) > LONGEST_NAME:
        expected = Text(
            f"一行文字，至多 {LONGEST_NAME} 字", f"one line of at most {LONGEST_NAME} characters"
        )
        wrong("name", "bad_name", _BAD_NAME, expected=expected, value=name)
    base = entry.get("base", "")
    if not isinstance(base, str):
        wrong(
            "base", "bad_name", Text("應為另一個情境的名稱", "must be the name of another scenario")
        )
        base = ""
    values, whole = (_table(entry, key, wrong) for key in ("set", "replace"))
    drop, order = (_names(entry, key, wrong) for key in ("drop", "order"))
    add = tuple(_added(entry.get("add", []), f"{place}.add", problems))
    return Scenario(name, Changes(flat(values), drop, order, add, replace=whole), base, file)


_TABLES = {"set": '{ "pool.amount" = 800_000 }', "replace": "{ pool = { amount = 800_000 } }"}


def _table(entry: Mapping[str, Any], key: str, wrong: Callable[..., None]) -> Mapping[str, Any]:
    values = entry.get(key, {})
    if isinstance(values, Mapping):
        return values
    expected = Text(f"如 {_TABLES[key]}", f"e.g. {_TABLES[key]}")
    wrong(key, "not_a_table", _NOT_A_TABLE, expected=expected)
    return {}


def _added(entries: Any, place: str, problems: list[Problem]) -> Iterator[Clause]:
    """Yield the rules to be added: of a kind that is both a rule and a priority, the rule.

    ``section = "priority"`` says that the priority is meant.
    """
    lists: dict[str, list[Any]] = {}
    for one in entries if isinstance(entries, list) else [entries]:
        table = one if isinstance(one, Mapping) else {}
        stated = [
            where for where, kind in registry() if kind == table.get("kind") and where in LISTS
        ]
        section = table.get("section", min(stated, default="clause"))
        rest = {key: value for key, value in table.items() if key != "section"}
        lists.setdefault(section if section in LISTS else "clause", []).append(rest)
    for section, rules in lists.items():
        found: list[Problem] = []
        yield from read_rules(rules, section, found)
        problems += [replace(p, column=f"{place}.{p.column}") for p in found]


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Write ``pool = { amount = 1 }`` as ``pool.amount = 1``: TOML makes one of the other."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if key in (*TABLES, *LISTS) and isinstance(value, Mapping):
            found.update((f"{key}.{rest}", leaf) for rest, leaf in _leaves(value))
        else:
            found[key] = value
    return found


def _leaves(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping) and inner:
            yield from ((f"{key}.{rest}", leaf) for rest, leaf in _leaves(inner))
        else:
            yield key, inner


def _names(entry: Mapping[str, Any], key: str, wrong: Callable[..., None]) -> tuple[str, ...]:
    given = entry.get(key, [])
    if isinstance(given, list) and all(isinstance(name, str) for name in given):
        return tuple(given)
    message = Text("應為名稱的清單", "must be a list of names")
    expected = Text('如 ["priority.coverage"]', 'e.g. ["priority.coverage"]')
    wrong(key, "not_a_list", message, expected=expected)
    return ()
