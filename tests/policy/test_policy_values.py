"""Policies as values: changed by name in Python as a scenario changes them, and always true."""

from __future__ import annotations

import pickle
import random
import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers.results import POLICY, small_case
from helpers.rounds import random_quota

from optimizer.case.digest import policy_keys
from optimizer.clauses import Clause, Quota, SchoolCap, registry
from optimizer.language.toml_text import in_toml
from optimizer.policy.changes import Changes
from optimizer.policy.document import entry_of
from optimizer.policy.parse import adapter
from optimizer.policy.policy import Policy, make_policy, read_policy
from optimizer.problems.errors import PolicyError, UsageError
from optimizer.problems.likeness import closest

BASE = make_policy(
    {
        **POLICY,
        "award": {"mode": "partial", "least_share": "40%"},
        "clause": [
            *POLICY["clause"],
            {"kind": "quota", "column": "type", "value": "grade", "at_most": "1/3%"},
            {"kind": "fixed", "fund": ["A1", {"id": "A3", "reason": "示範"}], "reason": "x"},
            {"kind": "deadline", "last": date(2014, 1, 17)},
        ],
        "priority": [
            {"kind": "coverage", "give_up": "0.5%"},
            {"kind": "merit", "band": "1/3", "name": "merit_band"},
            {"kind": "disadvantage", "weights": {"remote": 1}, "give_up": 2},
            {"kind": "merit"},
            {"kind": "merit", "band": 5},
        ],
    }
)


def labels(policy: Policy) -> list[str]:
    return [rule.label for rule in policy.priorities]


def said(change: Callable[[], Any]) -> list[tuple[str, str, str]]:
    """Return file, code and hint of what is wrong with a change."""
    with pytest.raises(PolicyError) as caught:
        change()
    return [(p.file, p.code, p.hint.en) for p in caught.value.problems]


def outcome(changes: Changes) -> list[str]:
    """Return the codes of what is wrong with changes, if anything is."""
    try:
        BASE.changed(changes)
    except PolicyError as error:
        return [problem.code for problem in error.problems]
    return []


def test_the_line_of_the_design_works() -> None:
    quota = Quota(column="district", value="和平區", at_least=5)
    policy = BASE.with_(pool=700_000, school_cap=6_000).without("priority.coverage").add(quota)
    assert policy.settings.pool.amount == 700_000
    assert next(c.amount for c in policy.clauses if isinstance(c, SchoolCap)) == 6_000
    assert "coverage" not in labels(policy) and quota in policy.clauses
    assert BASE.settings.pool.amount == 4_100 and "coverage" in labels(BASE)


@pytest.mark.parametrize(
    ("short", "key", "value"),
    [
        ("pool", "pool.amount", 9_000),
        ("unit", "pool.unit", np.int64(50)),
        ("minimum_merit", "review.minimum_merit", Decimal("66.5")),
        ("mode", "award.mode", "full"),
        ("seed", "draw.seed", "another"),
        ("school_cap", "clause.school_cap.amount", 2_000),
        ("quota", "clause.quota.type.grade.at_most", "50%"),
        ("quota.type.grade", "clause.quota.at_most", 4),
        ("coverage", "priority.coverage.column", "type"),
        ("disadvantage", "priority.disadvantage.weights", {"remote": 2}),
    ],
)
def test_a_short_name_is_the_main_key_of_what_it_names(short: str, key: str, value: Any) -> None:
    changed = BASE.with_(**{short: value})
    assert changed == BASE.with_(**{key: value}) == BASE.changed(Changes({key: value}))
    assert changed != BASE and hash(changed) != hash(BASE)


def test_what_a_policy_has_not_is_said_as_the_command_says_it_all_at_once() -> None:
    call = "Policy.with_(…)"
    wrong = {"school_kap": 1, "members": 2, "merit_2": 1, "pool.amont": 3, "clause.quotas.value": 1}
    assert said(lambda: BASE.with_(**wrong)) == [
        (call, "unknown_key", "Did you mean school_cap?"),
        (call, "several_keys", ""),
        (call, "several_keys", ""),
        (call, "unknown_key", "Did you mean amount?"),
        (call, "unknown_rule", ""),
    ]
    two = BASE.add(Quota(column="level", value="elementary", at_least=1))
    assert said(lambda: two.with_(quota=1)) == [(call, "several_rules", "")]
    assert said(lambda: BASE.with_(programme=1)) == [(call, "several_keys", "")]
    assert said(lambda: BASE.with_(pool=7e5)) == [(call, "inexact", "")]
    assert said(lambda: BASE.with_(order=["merit"])) == [
        (call, "unknown_key", "Use .ordered([NAME, …])")
    ]
    assert said(lambda: BASE.without("coverage", "clause.shool_cap")) == [
        ("Policy.without(…)", "unknown_rule", "Did you mean priority.coverage?"),
        ("Policy.without(…)", "unknown_rule", "Did you mean clause.school_cap?"),
    ]
    assert said(lambda: BASE.ordered(["merit", "covrage"])) == [
        ("Policy.ordered(…)", "unknown_rule", "Did you mean coverage?")
    ]
    assert said(lambda: BASE.add(SchoolCap(amount=-3), BASE.clauses[0])) == [
        ("Policy.add(…)", "bad_value", ""),
        ("Policy.add(…)", "implied_rule", ""),
    ]
    assert said(lambda: BASE.add(SchoolCap(amount=-3))) == [("Policy.add(…)", "bad_value", "")]
    assert said(lambda: Quota(colum="level", at_least=1)) == [
        ("Quota(…)", "unknown_key", "Did you mean column?")
    ]
    assert said(SchoolCap) == [("SchoolCap(…)", "missing_key", "")]


def test_a_float_is_told_what_its_key_takes() -> None:
    advised = {"pool": "whole NT$", "school_cap": "whole NT$", "minimum_merit": 'Decimal("1.5")'}
    for name, words in advised.items():
        with pytest.raises(PolicyError) as caught:
            BASE.with_(**{name: 1.5})
        assert [words in p.expected.en for p in caught.value.problems] == [True]


def test_a_rule_that_is_advised_can_be_taken_out() -> None:
    """What is asked in place of a misspelt name, or listed, is accepted as it stands."""
    places = [f"{r.section}.{r.label}" for r in BASE.rules if r.section in ("clause", "priority")]
    for place in places:
        for wrong in (f"{place}s", place[:-1], place.partition(".")[2]):
            if wrong in places:
                continue
            with pytest.raises(PolicyError) as caught:
                BASE.without(wrong)
            (problem,) = caught.value.problems
            asked = problem.hint.en.removeprefix("Did you mean ").removesuffix("?")
            listed = problem.expected.en.removeprefix("one of: ").split(", ")
            assert asked in places and {*listed} <= {*places, "clause.NAME or priority.NAME"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("clause.quota.type.grade.at_most", "clause.quota.at_most"),
        ("quota", "quota.type.grade"),
        ("pool", "pool.amount"),
    ],
)
def test_two_names_of_one_key_are_refused_together(one: str, other: str) -> None:
    changes = [{one: 3, other: 4}, {other: 4, one: 3}]
    for both in changes:
        codes = [code for _, code, _ in said(lambda both=both: BASE.with_(**both))]
        assert codes.count("key_twice") == 1


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        *(("school_cap", "clause.school_cap.amount"), ("amount", "pool.amount")),
        *(("set.pool", "pool.amount"), ("pool", "pool.amount")),
        *(("quota.at_most", "clause.quota.type.grade.at_most"), ("criteria", "review.criteria")),
    ],
)
def test_a_key_without_its_table_is_told_its_whole_name(wrong: str, right: str) -> None:
    ((_, code, hint),) = said(lambda: BASE.changed(Changes({wrong: 4})))
    assert (code, hint) == ("unknown_table", f"Write {right}")
    assert not [c for c in outcome(Changes({right: 4})) if c.startswith("unknown_")]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: BASE.without(["clause.fixed"]), "one by one, each text"),
        (
            lambda: BASE.add({"kind": "quota"}),
            "one by one, each a Clause (as optimizer.clauses.Quota",
        ),
        (
            lambda: BASE.ordered(name=[]),
            "Policy.ordered: there is no argument name; did you mean names?",
        ),
        (lambda: BASE.ordered(), "Policy.ordered: names is missing."),
        (
            lambda: BASE.ordered(["merit"], 3),
            "only the first 1 can be given without a name (got 2)",
        ),
        (lambda: BASE.ordered(["merit"], names=[]), "Policy.ordered: names is given twice."),
    ],
)
def test_a_call_of_another_form_is_answered_in_words(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        call()
    assert words in caught.value.say("en")


@pytest.mark.parametrize("junk", [3, None, "priority.merit", Quota, [Quota(at_least=1)]])
def test_only_rules_are_added(junk: Any) -> None:
    with pytest.raises(UsageError, match=r"Policy\.add\(rules=…\)"):
        BASE.add(junk)


def test_a_rule_that_is_added_has_a_name_of_its_own_and_can_be_put_first() -> None:
    merit = next(rule for rule in BASE.priorities if rule.label == "merit")
    more = BASE.add(merit, merit)
    assert labels(more) == [*labels(BASE), "merit_3", "merit_4"]
    assert labels(more.ordered(["merit_4", "merit"]))[:3] == ["merit_4", "merit", "coverage"]
    assert BASE.changed(Changes(add=(merit,), order=("merit_3",))).priorities[0].label == "merit_3"


def test_rules_are_imported_by_name_and_a_wrong_one_is_an_import_error() -> None:
    import optimizer.clauses as clauses

    for rule in registry().values():
        assert getattr(clauses, rule.__name__) is rule and rule.__name__ in dir(clauses)
    with pytest.raises(ImportError):
        from optimizer.clauses import Quotas  # noqa: F401
    with pytest.raises(AttributeError, match="Did you mean Quota"):
        _ = clauses.Quotas


def test_policies_are_values() -> None:
    assert BASE.with_(pool=1_000) == BASE.with_(pool=1_000) != BASE
    assert len({BASE, BASE.with_(pool=4_100), BASE.with_(pool=1_000)}) == 2
    assert BASE.ordered(["merit"]) != BASE
    assert hash(pickle.loads(pickle.dumps(BASE))) == hash(BASE)
    spelt_out = make_policy({**BASE.document, "draw": {"seed": "seed", "commitment": ""}})
    assert spelt_out == BASE and spelt_out.document != BASE.document


# ---- the document stays true --------------------------------------------------------------------


def exactly(value: Any) -> Any:
    """Write a number that is no finite decimal in quotes, as a policy has it."""
    if isinstance(value, dict):
        return {key: exactly(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [exactly(inner) for inner in value]
    return str(value) if isinstance(value, Fraction | date) else value


def as_toml(document: Any) -> str:
    tables = [(f"[{name}]", table) for name, table in document.items() if isinstance(table, dict)]
    lists = [(f"[[{name}]]", one) for name in ("clause", "priority") for one in document[name]]
    return "\n".join(
        "\n".join([head, *(f"{key} = {in_toml(exactly(value))}" for key, value in table.items())])
        for head, table in [*tables, *lists]
    )


def quota_of(rng: random.Random) -> Clause:
    keys = random_quota(rng, soft=rng.random() < 0.5)
    section = "clause" if rng.random() < 0.5 else "priority"
    own = {k.name for k in registry()[section, "quota"].own_keys()}
    return registry()[section, "quota"](**{k: v for k, v in keys.items() if k in own})


def change(policy: Policy, rng: random.Random) -> Policy:
    match rng.randrange(6):
        case 0:
            return policy.with_(pool=rng.randrange(1_000, 9_000), minimum_merit=Fraction(200, 3))
        case 1:
            return policy.with_(**{"priority.merit.band": Fraction(rng.randint(1, 9), 7)})
        case 2:
            rules = [r for r in policy.rules if r.section in ("clause", "priority")]
            gone = [r for r in rules if r.label != "merit"]
            return policy.without(*(f"{r.section}.{r.label}" for r in rng.sample(gone, 1)))
        case 3:
            return policy.ordered(rng.sample(labels(policy), 2))
        case 4:
            return policy.add(quota_of(rng))
    return policy.with_(**{"review.criteria": {"needs": Decimal("95.5")}, "plan.year": 104})


@pytest.mark.parametrize("number", range(12))
def test_a_changed_policy_says_what_the_same_says_in_a_file(number: int, tmp_path: Path) -> None:
    rng, policy = random.Random(number), BASE
    for _ in range(4):
        policy = change(policy, rng)
    (tmp_path / "policy.toml").write_text(as_toml(policy.document), encoding="utf-8")
    read = read_policy(tmp_path / "policy.toml")
    assert policy_keys(read) == policy_keys(policy)
    assert read == policy and hash(read) == hash(policy)
    assert make_policy(policy.document) == policy == policy.changed(Changes())


def test_every_rule_of_the_program_comes_back_from_its_entry() -> None:
    for rule in registry().values():
        made = adapter(rule).validate_python(rule.sample) if rule.sample else None
        for one in filter(None, (made, *(r for r in BASE.rules if type(r) is rule))):
            keys = {key: value for key, value in entry_of(one).items() if key != "kind"}
            assert adapter(rule).validate_python(keys) == one


def test_what_was_changed_by_hand_is_what_is_changed_on(recwarn: Any) -> None:
    """A policy whose rules were replaced says, when it is changed by name, what its rules say."""
    from dataclasses import replace

    other = replace(BASE, priorities=tuple(reversed(BASE.priorities)))
    assert labels(other.with_(pool=1_000)) == labels(other)
    assert (
        other.without_rule(other.priorities[0]).with_(pool=4_100).priorities == other.priorities[1:]
    )


# ---- on a screen --------------------------------------------------------------------------------


def test_a_policy_fits_on_a_screen_and_escapes_what_a_bureau_wrote() -> None:
    odd = BASE.with_(**{"plan.title": "<b>計畫</b>\n" * 50, "priority.merit.name": "<i>"})
    for policy in (BASE, odd, make_policy({"pool": {"amount": 0}})):
        assert len(repr(policy).splitlines()) == 1 and len(repr(policy)) < 300
        html = policy._repr_html_()
        assert "<b>計畫" not in html and "<i>" not in html
    assert "NT$4,100" in repr(BASE) and "merit_band" in repr(BASE)
    assert "補助總額不超過 4,100 元" in BASE._repr_html_()


def test_a_case_goes_under_a_changed_policy() -> None:
    case = small_case()
    assert case.under(case.policy.with_(pool=1_000)).policy.settings.pool.amount == 1_000
    other = {"review.lowest": 1, "review.criteria": {"needs": 90}}
    with pytest.raises(PolicyError, match="Read them anew") as caught:
        case.under(case.policy.with_(**other))
    assert [p.column for p in caught.value.problems] == ["review.criteria", "review.lowest"]


ENDS: list[tuple[str, dict[str, Any], str, list[Any], list[Any]]] = [
    ("pool", {"amount": 4_100}, "unit", [1], [0, -1]),
    ("pool", {"unit": 100}, "amount", [0], [-1]),
    ("pool", {"amount": 4_100}, "contingency", [0], [-1, 4_101]),
    ("review", {}, "minimum_merit", [0, 100], [-1, "-1/3"]),
    ("award", {"mode": "partial"}, "least_share", ["0%", "100%"], ["-1%", "100.1%"]),
    ("clause", {"kind": "school_cap"}, "amount", [3_000], [0, -1]),
    ("clause", {"kind": "minimum_award"}, "amount", [0, 1], [-1]),
    ("clause", {"kind": "members"}, "minimum", [0, 1], [-1]),
    ("clause", {"kind": "own_funds"}, "least_share", ["0%", "100%"], ["-1%", "100.1%"]),
    *(
        (section, {"kind": "quota", "column": "level", "value": "junior_high"}, key, taken, refused)
        for section in ("clause", "priority")
        for key in ("at_least", "at_most", "exactly")
        for taken, refused in [([0, 1, "0%", "100%"], [-1, "-1%", "100.1%"])]
    ),
    ("priority", {"kind": "merit"}, "band", [0, "1/3"], [-1, "-1/3"]),
    ("priority", {"kind": "disadvantage"}, "weights", [{"remote": 1}], [{"remote": -1}]),
    *(
        ("priority", {"kind": kind}, "give_up", [0, "0%", "100%", 10**12], [-1, "-1%", "100.1%"])
        for kind in ("coverage", "merit", "sharing", "balance")
    ),
]


@pytest.mark.parametrize(("section", "entry", "key", "taken", "refused"), ENDS)
def test_every_number_is_taken_up_to_its_ends_and_not_beyond(
    section: str, entry: dict[str, Any], key: str, taken: list[Any], refused: list[Any]
) -> None:
    def policy(value: Any) -> Policy:
        mine = {**entry, key: value}
        whole = mine if "kind" not in entry else [{**mine, "name": "the_one"}]
        return make_policy({**POLICY, section: whole})

    for value in taken:
        policy(value)
    for value in (*refused, True, 0.5):
        with pytest.raises(PolicyError):
            policy(value)


@pytest.mark.parametrize("kind", ["maximum_award", "Maximum Award", "每案上限", "max_award"])
def test_the_most_for_each_application_is_answered_with_the_quota_that_says_it(kind: str) -> None:
    with pytest.raises(PolicyError) as error:
        make_policy({**POLICY, "clause": [{"kind": kind, "amount": 8_000}]})
    [problem] = error.value.problems
    assert "minimum_award" not in problem.hint.en + problem.hint.zh
    written = problem.hint.en.partition("[[clause]] ")[2].replace(", ", "\n")
    quota = make_policy({**POLICY, "clause": [tomllib.loads(written)]}).clauses
    said = "每一申請案至多補助 8,000 元。"
    assert any(rule.sentence().zh == said for rule in quota)


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("maximum_award", ["minimum_award"], None),
        ("at_most", ["at_least"], None),
        ("minimum_awrd", ["minimum_award"], "minimum_award"),
        ("at_mst", ["at_least", "at_most"], "at_most"),
    ],
)
def test_no_word_is_answered_with_its_opposite(
    word: str, known: list[str], meant: str | None
) -> None:
    assert closest(word, known) == meant
