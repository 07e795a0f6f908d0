"""The forms of the rules: what each shows is what it reads, said in words, filled from the data."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from helpers.places import ROOT

from optimizer.desk.departures import Differs, differences
from optimizer.desk.events import Add, Clear, Order, SetKey, moved
from optimizer.desk.fields import change_told, outdated, told
from optimizer.desk.filled_in import ROWS, Form, code_named, in_words, name_words, shown
from optimizer.desk.key_forms import Field, fields_of_rule, fields_of_tables, parsed_sample
from optimizer.desk.samples import alike_in, offered, sample, with_it
from optimizer.desk.state import State, step
from optimizer.policy.catalogue import catalogue
from optimizer.policy.policy import read_policy
from optimizer.problems.errors import PolicyError
from optimizer.tables.schema import VALUES

POLICY = read_policy(ROOT / "data" / "taichung-103" / "policy.toml")
COLUMNS = {"district": ("中區", "東區"), "type": ("grade", "subject"), "members": None, "title": ()}
EXTRA = {"quota": {"column": "district", "value": "和平區", "at_least": "40%", "measure": "amount"}}


def everything() -> list[tuple[State, Field]]:
    """Every key of every rule that there is, with a policy that has the rule."""
    start = State.of(POLICY)
    found = [(start, field) for field in fields_of_tables(POLICY)]
    for rule in catalogue():
        entry = {**parsed_sample(rule.toml, rule.section), **EXTRA.get(rule.kind, {}), "name": "x"}
        try:
            state = step(start, Add(rule.section, entry))
        except PolicyError:  # of some there is one alone
            state = start
        added = [r for r in state.draft.rules if (r.section, r.kind) == (rule.section, rule.kind)]
        found += [(state, field) for one in added for field in fields_of_rule(one, COLUMNS)]
    return found


@pytest.mark.slow
def test_what_a_form_shows_is_what_it_reads() -> None:
    found = everything()
    assert {field.form for _, field in found} >= set(get_args(Form)) - {"toml", "grades"}
    assert "toml" not in {field.form for _, field in found}
    for state, field in found:
        given = field.rows if field.form in ROWS else field.shown
        read = field.read(given)
        event = Clear(field.key) if read is None else SetKey(field.key, read)
        assert step(state, event).draft == state.draft, (field.key, read)
        assert field.title.zh and field.title.en and "：" not in field.title.zh[:4]
        assert not field.options or field.form == "list" or field.said is None or (
            shown(field.form, field.said) in field.options
        ) or field.form in ("column", "value"), field.key  # fmt: skip


def test_columns_and_values_come_from_the_data() -> None:
    quota = next(r for r in POLICY.rules if r.kind == "quota")
    forms = {field.name: field for field in fields_of_rule(quota, COLUMNS)}
    assert forms["column"].form == "column" and "district" in forms["column"].options
    assert forms["value"].form == "value" and forms["at_least"].form == "bound"
    assert all(code_named(name_words(code).zh) == code for code in ("remote", "needs", "lecture"))
    assert code_named("本市自訂") == "本市自訂"
    assert [*forms["measure"].options] == ["count", "amount", "members"]


@pytest.mark.parametrize(
    ("form", "typed", "meant"),
    [
        ("money", "5,000 元", 5000),
        ("money", "五千", "五千"),
        ("share", "80", "80%"),
        ("share", "80 ％", "80 %"),
        ("bound", "40%", "40%"),
        ("bound", "40", 40),
        ("list", "講座、 觀課；備課,", ["講座", "觀課", "備課"]),
        ("weights", [["remote", "1"], ["", ""]], {"remote": 1}),
        ("weights", [["", ""]], None),
        ("decisions", [["A1", "", ""], ["A2", "撤案", "王"]], ["A1", {"id": "A2", "reason": "撤案", "decided_by": "王"}]),
        ("grades", [["90", "100"], ["80", "80%"]], [[90, "100%"], [80, "80%"]]),
        ("date", "2014-02-01", "2014-02-01"),
        ("text", "  ", None),
    ],
)  # fmt: skip
def test_what_is_filled_in_is_read_as_people_write_it(
    form: Form, typed: object, meant: object
) -> None:
    from optimizer.language.text import EMPTY

    assert Field("clause.x.y", EMPTY, form=form, said=None, options={}).read(typed) == meant  # type: ignore[arg-type]


def test_a_difference_is_said_in_words_not_in_toml() -> None:
    state = State.of(POLICY)
    said = {}
    names = tuple(rule.label for rule in POLICY.priorities)
    for event in (
        SetKey("clause.school_cap.amount", 6_000),
        SetKey("pool.contingency", 2_000),
        SetKey("priority.disadvantage.weights.remote", 4),
        SetKey("award.mode", "partial"),
        SetKey("clause.budget_lines.accepted", ["printing"]),
        Order((names[1], names[0])),
    ):
        state = step(state, event)
    for part in differences(state.file, state.draft):
        said[part.part] = told((state.draft, state.file), part)
    assert said["clause.school_cap.amount"].zh.endswith("上限：5,000 元 → 6,000 元")
    assert said["pool.contingency"].zh == "預備金：0 元 → 2,000 元"
    assert "偏遠 4" in said["priority.disadvantage.weights"].zh
    assert said["award.mode"].zh.endswith("可部分補助")
    for text in said.values():
        assert not {"[", "{", '"', "_"} & set(text.zh) and not {"[", "{", '"'} & set(text.en), text
    old = outdated(state.file, state.draft)
    assert "上限：5,000 元 → 6,000 元" in old.zh and "當時的計畫" in old.zh
    assert "釘選的情境" in outdated(POLICY, POLICY).zh
    assert told((POLICY,), Differs("plan.title", "", '"x"')).zh.endswith("→ x")


def test_every_value_that_the_program_knows_is_shown_by_its_name() -> None:
    known = [value.key for group in VALUES.values() for value in group if value.key]
    assert not [key for key in known if name_words(key).zh == key]
    assert all(code_named(name_words(key).zh) == key for key in known)
    lines = next(rule for rule in POLICY.rules if rule.kind == "budget_lines")
    with_another = replace(lines, accepted=("misc", "場地費"))
    (field,) = (f for f in fields_of_rule(with_another) if f.name == "accepted")
    assert field.options["misc"].zh == "雜支"


def test_a_default_in_force_is_said_where_the_file_says_nothing() -> None:
    for key, value, said in (
        ("clause.budget_lines.misc_share", "6%", "5% → 6%"),
        ("review.lowest", 1, "0 → 1"),
        ("pool.contingency", 500, "0 元 → 500 元"),
    ):
        after = step(State.of(POLICY), SetKey(key, value)).draft
        assert change_told(POLICY, after).zh.endswith(said)


def test_an_example_is_filled_from_the_data_and_says_so() -> None:
    columns = {"level": ("elementary", "vocational"), "disadvantage": ("remote", "本市偏鄉")}
    rules = offered()
    assert "clause.quota" in rules and "clause.fixed" not in rules
    entry = sample(rules["clause.quota"], columns)
    state = State.of(POLICY)
    assert (
        entry["value"] == "elementary" and "國小" in with_it(state, "clause", entry).sentence().zh
    )
    weights = sample(rules["priority.disadvantage"], columns)["weights"]
    assert weights == {"remote": 1, "本市偏鄉": 2}
    for rule in rules.values():
        assert with_it(state, rule.section, sample(rule, {})).sentence() == rule.example


def test_a_rule_is_filled_in_before_it_is_added() -> None:
    state, entry = State.of(POLICY), {"kind": "quota", "column": "level", "value": "junior_high"}
    made = with_it(state, "clause", {**entry, "at_least": 45})
    assert "45" in made.sentence().zh and state == State.of(POLICY)
    twin = alike_in(POLICY, entry)
    assert twin is not None and "40" in twin.sentence().zh
    assert alike_in(POLICY, {**entry, "value": "elementary"}) is None
    with pytest.raises(PolicyError) as wrong:
        with_it(state, "clause", {**entry, "at_least": "四十"})
    assert [problem.column.rpartition(".")[2] for problem in wrong.value.problems] == ["at_least"]


def test_a_criterion_has_one_name_wherever_it_stands() -> None:
    criteria = next(f for f in fields_of_tables(POLICY) if f.key == "review.criteria")
    assert criteria.form == "criteria"
    assert "其他原則 10" in in_words("criteria", {"other": 10}).zh
    assert code_named("其他原則", "criteria") == code_named("其他") == "other"


def test_a_priority_is_moved_to_where_another_stands() -> None:
    assert moved("abcd", 0, 2).names == ("b", "c", "a", "d")
    assert moved("abcd", 3, 0).names == ("d", "a", "b", "c")
    names = [rule.label for rule in POLICY.priorities]
    draft = step(State.of(POLICY), moved(names, 3, 1)).draft
    assert [r.label for r in draft.priorities] == [names[0], names[3], *names[1:3], *names[4:]]
