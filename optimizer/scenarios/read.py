"""Reading scenarios.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

from optimizer.case.case import Case
from optimizer.clauses import Clause, registry
from optimizer.language.text import Text
from optimizer.policy.changes import Changes
from optimizer.policy.parse import read_rules
from optimizer.policy.problems import LISTS, TABLES
from optimizer.policy.remedies import key_meant, shown
from optimizer.problems.arguments import checked
from optimizer.problems.errors import Details, Problem, defect, one_of
from optimizer.problems.likeness import closest, code_pairs, did_you_mean
from optimizer.reading.toml import line_of, own_line, read_toml
from optimizer.scenarios.policies import inherited, policies, refused
from optimizer.scenarios.scenario import Scenario

LONGEST_NAME = 120
_BAD_NAME = Text("情境名稱不能用", "cannot be the name of a scenario")
_TWICE = Text("兩個情境同名", "two scenarios have the same name")
_NAMING = ("base", "drop", "order")  # keys that name what another brings
_KEYS = ("name", "base", "replace", "set", "add", "drop", "order")


@checked
def read_scenarios(path: str | Path, case: Case | None = None) -> list[Scenario]:
    """Read scenarios.toml.

    Parameters
    ----------
    path
        The file.
    case
        The case whose policy they are to change, to say what cannot be changed so in the same go;
        `compare` would say it unless the form of the file is wrong, too.

    Raises
    ------
    UsageError
        If an argument is not what it should be.
    PolicyError
        With everything that is wrong with any of them, each with its scenario, key and line.

    Examples
    --------
    >>> [scenario.name for scenario in read_scenarios("trial/scenarios.toml", case)]
    ['smaller pool', 'merit first', 'no coverage', 'cap 4000', 'more junior high']
    """
    place = Path(path)
    toml = read_toml(place, Text("情境檔無法使用", "the scenarios cannot be used"))
    problems: list[Problem] = []
    found = dict(_read(toml.document, place.name, problems))
    problems += _name_problems({n: scenario.name for n, scenario in found.items() if scenario.name})
    words = {*_words(toml.document)} - {"", *(one.name for one in found.values())}
    problems += _changes_problems(found, case, problems, words=words if problems else ())
    if problems:
        said = [_placed(p, place.name, found, lines=toml.lines) for p in problems]
        raise refused(sorted(said, key=lambda p: p.row or 0))
    return list(found.values())


def _name_problems(names: Mapping[int, str]) -> Iterator[Problem]:
    given = list(names.values())
    for number, name in names.items():
        if name in [other for n, other in names.items() if n < number]:
            yield defect("duplicate_name", _TWICE, column=f"scenario[{number}].name", value=name)
    for one, other in code_pairs(given):
        same = Text(f"與情境「{one}」看起來相同", f"looks the same as the scenario {one!r}")
        number = list(names)[given.index(other)]
        yield defect("look_alike", same, column=f"scenario[{number}].name", value=other)


def _changes_problems(
    found: Mapping[int, Scenario],
    case: Case | None,
    said: Sequence[Problem],
    words: Collection[str],
) -> list[Problem]:
    """Return what is wrong with the changes beside what is wrong with the form of the file."""
    numbers, scenarios = list(found), list(found.values())
    begun = tuple(p.column.partition(".")[0] for p in said)
    doubted = [place for place, n in enumerate(numbers) if f"scenario[{n}]" in begun]
    made = None if case is None else policies(case, scenarios, doubted, words=words)
    wrong = inherited(scenarios)[1] if made is None else made[1]
    return [
        replace(p, file="", column=f"scenario[{numbers[n]}].{p.column}")
        if p.file == scenarios[n].place
        else p
        for n, p in wrong
    ]


def _words(document: Any) -> Iterator[str]:
    """Yield every text that may bring a rule's name or kind, whatever key it stands under by mistake."""
    if isinstance(document, Mapping):
        for key, value in document.items():
            if key not in _NAMING:
                yield from _words(value)
    elif isinstance(document, list):
        for value in document:
            yield from _words(value)
    elif isinstance(document, str):
        yield document


def _placed(
    problem: Problem, file: str, scenarios: Mapping[int, Scenario], lines: Mapping[str, int]
) -> Problem:
    """Return a problem with the name of its scenario in place of the number, and its line."""
    if problem.file:  # it stands in the data
        return problem
    place = key = problem.column
    entry = _IN_ONE.fullmatch(place)
    if entry and (scenario := scenarios.get(int(entry[1]))):
        named = f"{file}[{place.partition('.')[0]}]"
        file, place = scenario.place if scenario.name else named, entry[2]
        if own_line(key, lines) is None:
            key = f"scenario[{entry[1]}].{_where_set(place, scenario.changes)}"
    row = line_of(key, lines)
    return replace(problem, file=file, row=row, column=place[:120], value=problem.value[:80])


def _where_set(place: str, changes: Changes) -> str:
    """Return the key of a scenario that sets what a place of its policy says."""
    top, bare = place.partition(".")[0], re.sub(r"\[\d+\]", "", place)
    if top in _KEYS:
        return place
    if top in changes.replace:
        return f"replace.{place}"
    added = changes.add and not any(bare.startswith(key) for key in changes.values)
    return f"add.{place}" if added else f"set.{place}"


_IN_ONE = re.compile(r"scenario\[(\d+)\]\.(.*)", re.DOTALL)


def _read(
    document: Mapping[str, Any], file: str, problems: list[Problem]
) -> Iterator[tuple[int, Scenario]]:
    """Yield each scenario with its number in the file."""
    meant = Text("[[scenario]]", "[[scenario]]")
    problems += [
        defect("unknown_table", _NO_KEY, expected=meant, column=name, hint=_scenario_meant(name))
        for name in document
        if name != "scenario"
    ]
    entries = document.get("scenario", [])
    if not entries and any(map(_scenario_meant, document)):
        return
    if not isinstance(entries, list) or not entries:
        message = Text("沒有情境", "no scenario")
        expected = Text("至少一個 [[scenario]]", "at least one [[scenario]]")
        hint = Text(f"例如：\n{_EXAMPLE.zh}", f"For instance:\n{_EXAMPLE.en}")
        problems.append(
            defect("no_scenario", message, expected=expected, hint=hint, column="scenario")
        )
        return
    for number, entry in enumerate(entries, start=1):
        place = f"scenario[{number}]"
        if not isinstance(entry, Mapping):
            problems.append(defect("not_a_table", _NOT_A_TABLE, column=place))
            continue
        yield number, _scenario(entry, file, place, problems)


def _scenario_meant(name: str) -> Text:
    near = closest(name, ["scenario"])
    return did_you_mean("[[scenario]]" if near else None)


_EXAMPLE = Text(
    '[[scenario]]\nname = "經費減為五十萬元"\nset = { "pool.amount" = 500_000 }',
    '[[scenario]]\nname = "a pool of 500,000"\nset = { "pool.amount" = 500_000 }',
)
_NO_TEXT = Text("情境名稱應為文字", "the name of a scenario must be text")
_QUOTED = Text("加引號的文字", "text in quotes")
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
    if name is not None and not isinstance(name, str):
        hint = Text(f'請寫成 name = "{shown(name)}"', f'Write name = "{shown(name)}"')
        wrong("name", "bad_value", _NO_TEXT, expected=_QUOTED, value=shown(name), hint=hint)
        name = ""
    elif not isinstance(name, str) or not name.strip():
        wrong("name", "missing_key", Text("情境須有名稱", "a scenario needs a name"))
        name = ""  # which no other can build on
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
