"""Conflicts and repairs against enumeration: no solver has a say in what is true here.

Truth is `optimizer.facts.audit` over every award vector, and `every_change` for what the cheapest changes
are. The number of random cases without a solution is SUBSIDY_DIAGNOSE_CASES for conflicts and
SUBSIDY_REPAIR_CASES for figures and repairs, which take longer to enumerate.
"""

from __future__ import annotations

import itertools
import os
import random
import tomllib
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from checks.conflicts import atom, true_conflicts
from checks.diagnoses import Truth, check_cheapest, check_diagnosis, check_mending, infeasible
from checks.every_change import EveryChange
from helpers.places import TESTS
from helpers.rounds import make_case, scored_of
from helpers.slow import numbers

from optimizer.case.case import Case, read_case
from optimizer.clauses.base import Clause
from optimizer.diagnose import DROP, LIMIT, Diagnosis, diagnose, edited
from optimizer.diagnose.as_problems import problems
from optimizer.diagnose.hitting import TooManyError, hitting_set
from optimizer.diagnose.repair import Money
from optimizer.language.toml_text import in_toml
from optimizer.pipe import allocate
from optimizer.policy.policy import IN_MEMORY
from optimizer.problems.errors import InfeasibleError, Severity
from optimizer.solving.options import Options

CASES = int(os.environ.get("SUBSIDY_DIAGNOSE_CASES", "25"))
REPAIR_CASES = int(os.environ.get("SUBSIDY_REPAIR_CASES", "15"))
BATCH = 5
SOME = 60  # conflicts to list in the tests: more than any of the small cases has

# ---- conflicts ----------------------------------------------------------------------------------

BATCHES = list(range(CASES // BATCH))
REPAIR_BATCHES = list(range(REPAIR_CASES // BATCH))


@pytest.mark.slow
@pytest.mark.parametrize("batch", BATCHES)
def test_conflicts_are_the_smallest(batch: int) -> None:
    for case in infeasible(CASES)[batch * BATCH : (batch + 1) * BATCH]:
        scored = scored_of(case)
        diagnosis = diagnose(scored, limit=SOME)
        assert diagnosis.conflicts_complete
        truth = true_conflicts(scored)
        said = [frozenset(atom(i) for i in c.inequalities) for c in diagnosis.conflicts]
        assert len(said) == len(set(said))
        for found in truth:
            assert set(said[: len(found)]) == found, case.policy.document
            said = said[len(found) :]
        assert not said
        assert all(c.minimal and c.smallest for c in diagnosis.conflicts)


# ---- repairs ------------------------------------------------------------------------------------


def test_edits_reach_the_document() -> None:
    case = make_case(
        [{"application_id": "A1"}],
        clause=[
            {"kind": "school_cap", "amount": 5},
            {"kind": "school_cap", "amount": 6},
            {"kind": "quota", "column": "level", "value": "junior_high", "at_least": 3},
        ],
    )
    policy = edited(
        case.policy,
        {
            "pool.contingency": 7,
            "review.minimum_merit": "247/3",
            "clause.school_cap": DROP,
            "clause.school_cap_2.amount": 8,
            "clause.quota.level.junior_high.at_least": "40%",
        },
    )
    labels = {rule.label: rule for rule in policy.clauses}
    assert policy.settings.pool.contingency == 7
    assert policy.settings.review.minimum_merit == Fraction(247, 3)
    assert "school_cap" not in labels and labels["school_cap_2"].amount == 8
    assert labels["quota.level.junior_high"].at_least == Fraction(2, 5)
    assert case.policy.document["clause"][0] == {"kind": "school_cap", "amount": 5}


@pytest.mark.slow
@pytest.mark.parametrize("batch", REPAIR_BATCHES)
def test_repairs_and_figures_are_true(batch: int) -> None:
    for case in infeasible(REPAIR_CASES)[batch * BATCH : (batch + 1) * BATCH]:
        check_diagnosis(case, Counter())


# ---- by hand ------------------------------------------------------------------------------------

SCHOOLS = [
    {"school_id": "S1", "name": "甲國中", "level": "junior_high"},
    {"school_id": "S2", "name": "乙國小", "level": "elementary"},
    {"school_id": "S3", "name": "丙國中", "level": "junior_high"},
]


def app(application_id: str, school_id: str, **more: Any) -> dict[str, Any]:
    return {"application_id": application_id, "school_id": school_id, **more}


def junior(**bounds: Any) -> dict[str, Any]:
    return {"kind": "quota", "column": "level", "value": "junior_high", **bounds}


def by_hand() -> dict[str, Case]:
    return {
        "too few eligible": make_case(
            [app("A1", "S1"), app("A2", "S2"), app("A3", "S3"), app("A4", "S3", merit=60)],
            SCHOOLS,
            review={"minimum_merit": 70},
            clause=[junior(at_least=3)],
        ),
        "decisions over the cap": make_case(
            [app("A1", "S1"), app("A2", "S1"), app("A3", "S3")],
            SCHOOLS,
            clause=[
                {"kind": "school_cap", "amount": 1_500, "reference": "捌二(5)"},
                {
                    "kind": "fixed",
                    "fund": ["A1", "A2", "A3"],
                    "decided_by": "局長",
                    "reason": "示範學校",
                },
            ],
        ),
        "quota over the pool": make_case(
            [app("A1", "S1"), app("A2", "S2"), app("A3", "S3")],
            SCHOOLS,
            pool={"amount": 2_500, "unit": 100, "contingency": 1_000},
            clause=[junior(measure="amount", at_least=1_800)],
        ),
        "two quotas": make_case(
            [app("A1", "S1"), app("A2", "S1"), app("A3", "S3")],
            SCHOOLS,
            clause=[
                junior(at_least=3, name="many"),
                junior(at_most=2, name="few"),
            ],
        ),
        "an ineligible application": make_case(
            [app("A1", "S1", merit=60), app("A2", "S2", members=2)],
            SCHOOLS,
            review={"minimum_merit": 70},
            clause=[{"kind": "members"}, {"kind": "fixed", "fund": ["A1", "A2"]}],
        ),
        "shares": make_case(
            [app("A1", "S1"), app("A2", "S2"), app("A3", "S2")],
            SCHOOLS,
            clause=[{"kind": "fixed", "fund": ["A2", "A3"]}, junior(at_least="40%")],
        ),
        "a cap that also cuts requests": make_case(
            [app("A1", "S1", requested=3_000), app("A2", "S2", requested=2_500)],
            SCHOOLS,
            pool={"amount": 5_000, "unit": 100},
            clause=[
                {"kind": "school_cap", "amount": 2_000, "cut": True},
                {
                    "kind": "quota",
                    "column": "level",
                    "value": "elementary",
                    "measure": "amount",
                    "at_least": 2_300,
                },
            ],
        ),
        "exactly so many": make_case(
            [app("A1", "S1"), app("A2", "S1"), app("A3", "S3"), app("A4", "S3"), app("A5", "S2")],
            SCHOOLS,
            clause=[
                {"kind": "fixed", "fund": ["A1", "A2", "A3"]},
                junior(exactly=1, name="one"),
            ],
        ),
        "exactly, between": make_case(
            [app("A1", "S1", requested=1_000), app("A2", "S1", requested=3_000)],
            SCHOOLS,
            pool={"amount": 5_000, "unit": 500},
            clause=[junior(measure="amount", exactly=2_000, name="one")],
        ),
        "two of every level": make_case(
            [app("A1", "S1"), app("A2", "S1"), app("A3", "S2"), app("A4", "S3")],
            SCHOOLS,
            clause=[
                {"kind": "quota", "column": "level", "for_each": True, "at_least": 2, "name": "e"},
            ],
        ),
        "a request above the cap": make_case(
            [app("A1", "S1", requested=3_000), app("A2", "S2")],
            SCHOOLS,
            pool={"amount": 5_000, "unit": 500},
            clause=[
                {"kind": "school_cap", "amount": 2_000},
                {"kind": "fixed", "fund": ["A1"], "decided_by": "局長", "reason": "示範學校"},
            ],
        ),
    }


GOLDEN = TESTS / "golden" / "diagnose.txt"


def said() -> str:
    """Say every case by hand in both languages, one block each."""
    blocks = []
    for name, case in by_hand().items():
        found = problems(diagnose(scored_of(case)))
        lines = [problem.say(lang) for lang in ("zh-TW", "en") for problem in found]  # type: ignore
        blocks.append("\n".join([f"== {name}", *lines]))
    return "\n\n".join(blocks) + "\n"


def test_golden_text() -> None:
    if os.environ.get("SUBSIDY_UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(said(), "utf-8")
    assert said() == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize("name", by_hand())
def test_cases_by_hand_are_true(name: str) -> None:
    case = by_hand()[name]
    truth = Truth(case)
    diagnosis = diagnose(scored_of(case))
    for mending in [(r,) for r in diagnosis.repairs] or diagnosis.combinations:
        check_mending(truth, mending)


def test_figures_by_hand() -> None:
    """What the sentences say, as values that a program can use."""
    repairs = {
        name: {r.key: (r.old, r.new, r.price, r.unit) for r in diagnose(scored_of(case)).repairs}
        for name, case in by_hand().items()
    }
    assert repairs["quota over the pool"] == {
        "pool.amount": (2_500, 3_000, 500, "NT$"),
        "pool.contingency": (1_000, 500, 500, "NT$"),
        "clause.quota.level.junior_high.at_least": (1_800, 1_000, 800, "NT$"),
    }
    assert repairs["shares"]["clause.quota.level.junior_high.at_least"] == (
        "40%",
        "33.3%",
        Fraction(67, 10),
        "percentage points",
    )
    assert repairs["too few eligible"]["review.minimum_merit"][2:] == (10, "points")
    assert repairs["a cap that also cuts requests"]["clause.school_cap.amount"][1] == 2_300
    left_out = repairs["two of every level"]["clause.e.without"]
    assert left_out == ([], ["elementary"], 1, "groups")
    assert repairs["exactly so many"]["clause.one.exactly"][1:] == (3, 2, "applications")
    between = by_hand()["exactly, between"]
    for wanted, nearest in ((2_000, [1_000, 3_000]), (1_500, [1_000]), (2_600, [3_000])):
        case = between.under(edited(between.policy, {"clause.one.exactly": wanted}))
        assert [r.new for r in diagnose(scored_of(case)).repairs] == nearest
    above = {key: new for key, (_, new, *_) in repairs["a request above the cap"].items()}
    assert above == {
        "clause.fixed.fund": [],
        "clause.school_cap.cut": True,
        "clause.school_cap.amount": 3_000,
    }


def test_the_fewest_groups_are_left_out_where_any_one_could_stay() -> None:
    """One district has a single application; of the other three the pool pays two and two."""
    schools = [{"school_id": f"S{n}", "district": d} for n, d in enumerate("甲乙丙丁")]
    case = make_case(
        [app(f"A{n}{twin}", f"S{n}") for n in range(4) for twin in range(2 if n else 1)],
        schools,
        pool={"amount": 4_000, "unit": 100},
        clause=[
            {"kind": "quota", "column": "district", "for_each": True, "at_least": 2, "name": "each"}
        ],
    )
    repairs = {r.key: r for r in diagnose(scored_of(case)).repairs}
    assert repairs["clause.each.without"].new == [
        "丁",
        "甲",
    ]  # the first of them, and the single one
    for repair in repairs.values():
        check_mending(Truth(case), [repair])


def test_a_higher_cap_is_not_always_a_looser_one() -> None:
    """At 1,200 both fit the pool; at 3,000 the first, all or nothing, takes more than there is."""
    case = make_case(
        [app("A1", "S1", requested=3_000), app("A2", "S2", requested=1_200)],
        SCHOOLS,
        pool={"amount": 2_500, "unit": 100},
        clause=[
            {"kind": "school_cap", "amount": 1_000, "cut": True},
            {"kind": "fixed", "fund": ["A1", "A2"]},
            {
                "kind": "quota",
                "column": "level",
                "value": "elementary",
                "measure": "amount",
                "at_least": 1_200,
            },
        ],
    )
    truth = Truth(case)
    assert not truth.mends({"clause.school_cap.amount": 3_000})
    repairs = {r.key: r for r in diagnose(scored_of(case)).repairs}
    assert repairs["clause.school_cap.amount"].new == 1_200
    for repair in repairs.values():
        check_mending(truth, [repair])


def test_a_pool_of_nothing_is_diagnosed() -> None:
    """No policy has a pool below one unit: the step below NT$500 is none at all."""
    case = make_case(
        [app("A1", "S1", requested=500, merit=60), app("A2", "S2", requested=500)],
        SCHOOLS,
        pool={"amount": 0, "unit": 500},
        review={"minimum_merit": 70},
        clause=[{"kind": "fixed", "fund": ["A1", "A2"]}],
    )
    mendings = [{r.key: r.new for r in m} for m in diagnose(scored_of(case)).combinations]
    assert {"pool.amount": 1_000, "review.minimum_merit": 60} in mendings
    for pool in (0, 500):
        alone = edited(case.policy, {"clause.fixed.fund": ["A2"], "pool.amount": pool})
        assert Truth(case.under(alone)).mends({}) == (pool == 500)
    single = case.under(edited(case.policy, {"clause.fixed.fund": ["A2"]}))
    repairs = {r.key: r for r in diagnose(scored_of(single)).repairs}
    assert (repairs["pool.amount"].new, repairs["pool.amount"].proved) == (500, True)


def test_combined_changes_of_a_cap_that_is_not_always_looser() -> None:
    """What fails at one cap says nothing of the caps below it."""
    case = make_case(
        [
            app("A0", "S2", requested=3_000),
            app("A1", "S1", requested=2_000),
            app("A2", "S3", requested=3_000),
            app("A3", "S2", requested=2_000),
        ],
        SCHOOLS,
        pool={"amount": 2_500, "unit": 200},
        clause=[
            {"kind": "school_cap", "amount": 1_000, "cut": True},
            {"kind": "fixed", "fund": ["A1", "A2"]},
            junior(measure="amount", at_least=1_600),
            {"kind": "quota", "name": "e", "column": "level", "value": "elementary", "at_least": 2},
        ],
    )
    check_cheapest(EveryChange(case), diagnose(scored_of(case)))


@pytest.mark.parametrize("wanted", [1, 2, 3, 4, 5, 6])
def test_the_minimum_merit_is_lowered_no_further_than_needed(wanted: int) -> None:
    merits = [Fraction(208, 3), 68, Fraction(135, 2), 60, Fraction(181, 3), Fraction(119, 2)]
    case = make_case(
        [app(f"A{n}", "S1", merit=merit) for n, merit in enumerate(merits)],
        SCHOOLS,
        review={"minimum_merit": 70},
        clause=[junior(at_least=wanted)],
    )
    found = {r.key: r for r in diagnose(scored_of(case)).repairs}["review.minimum_merit"]
    assert (
        Fraction(found.new)
        == [69, 68, Fraction("67.5"), Fraction("60.3"), 60, Fraction("59.5")][wanted - 1]
    )  # 208/3 and 181/3 have no end: the fewest digits above the merit below
    assert found.proved
    check_mending(Truth(case), [found])


def test_no_single_change_mends() -> None:
    case = make_case(
        [app("A1", "S1"), app("A2", "S2")],
        SCHOOLS,
        pool={"amount": 500, "unit": 100},
        clause=[junior(at_least=2), {"kind": "fixed", "fund": ["A2"]}],
    )
    diagnosis = diagnose(scored_of(case))
    assert not diagnosis.repairs
    found = [{r.key: r.new for r in mending} for mending in diagnosis.combinations]
    assert {"pool.amount": 1_000, "clause.quota.level.junior_high.at_least": 0} in found
    assert {"clause.fixed.fund": [], "clause.quota.level.junior_high.at_least": 0} in found
    assert "Repair 1 (1 of 2, together)" in " ".join(p.say("en") for p in problems(diagnosis))


def figures_of(diagnosis: Diagnosis) -> dict[str, Any]:
    return {figure.key: figure.value for figure in diagnosis.figures}


def test_a_figure_counts_the_rules_outside_the_conflict_too() -> None:
    """The decision alone would leave two of three; the pool leaves one, and one is what is said."""
    case = make_case(
        [app("A1", "S1"), app("A2", "S1"), app("A3", "S3")],
        SCHOOLS,
        pool={"amount": 1_000, "unit": 100},
        clause=[junior(at_least=3), {"kind": "fixed", "refuse": ["A3"]}],
    )
    diagnosis = diagnose(scored_of(case))
    assert len(diagnosis.conflicts) == 2
    key = "clause.quota.level.junior_high.at_least"
    assert figures_of(diagnosis)[key] == 1
    assert [(r.key, r.new) for r in diagnosis.repairs] == [(key, 1)]
    said = " ".join(p.say("en") for p in problems(diagnosis))
    assert "at most 1 application can be reached" in said and "at most 2" not in said


def test_the_pool_that_is_needed_is_the_pool_that_is_offered() -> None:
    """NT$21 would do for the cheaper one, but that one must not be funded."""
    case = make_case(
        [app("A1", "S1", requested=21), app("A2", "S3", requested=22)],
        SCHOOLS,
        pool={"amount": 20},
        clause=[junior(at_least=1), {"kind": "fixed", "refuse": ["A1"]}],
    )
    diagnosis = diagnose(scored_of(case))
    assert figures_of(diagnosis)["pool.amount"] == 22
    assert {r.key: r.new for r in diagnosis.repairs}["pool.amount"] == 22
    said = " ".join(p.say("en") for p in problems(diagnosis))
    assert "the pool must be at least NT$22" in said and "at least NT$21" not in said


def test_two_quotas_lowered_by_one_each_keep_the_pool() -> None:
    """More money is the only single change; it is marked, and comes after the two that need none."""
    case = make_case(
        [app("A1", "S1"), app("A2", "S1"), app("B1", "S2"), app("B2", "S2")],
        SCHOOLS,
        pool={"amount": 2_000, "unit": 100},
        clause=[
            junior(at_least=2, name="junior"),
            {**junior(at_least=2, name="elementary"), "value": "elementary"},
            {"kind": "fixed", "fund": ["A1", "B1"], "decided_by": "局長", "reason": "示範"},
        ],
    )
    diagnosis = diagnose(scored_of(case))
    assert [r.key for r in diagnosis.repairs] == ["pool.amount"]
    first, *_, last = diagnosis.mendings
    assert {r.key: r.new for r in first} == {
        "clause.junior.at_least": 1,
        "clause.elementary.at_least": 1,
    }
    assert last[0].key == "pool.amount" and last[0].money is Money.MORE
    said = [p.say("zh-TW") for p in problems(diagnosis)]
    assert any("須另籌 2,000 元" in line for line in said)
    assert any("須一併修改，1/2" in line for line in said)


ONLY_THREE = "No more than 3 applications can be funded: no others are eligible"


@pytest.mark.parametrize(
    ("policy", "offered", "said"),
    [
        # more than have applied: neither money nor a higher cap helps
        (
            {"clause": [junior(at_least=9)]},
            {"clause.quota.level.junior_high.at_least": 3},
            ONLY_THREE,
        ),
        # a pool that pays for nobody
        (
            {"pool": {"amount": 0}, "clause": [junior(at_least=1)]},
            {"clause.quota.level.junior_high.at_least": 0, "pool.amount": 1_000},
            "the pool must be at least NT$1,000",
        ),
        # an application that no reviewer's mark makes eligible
        (
            {"clause": [{"kind": "members"}, {"kind": "fixed", "fund": ["A4"]}]},
            {"clause.fixed.fund": []},
            "A4 is not eligible: 2 members, fewer than 3",
        ),
    ],
)
def test_what_cannot_be_is_said_and_not_advised(
    policy: dict[str, Any], offered: dict[str, Any], said: str
) -> None:
    case = make_case(
        [app("A1", "S1"), app("A2", "S1"), app("A3", "S3"), app("A4", "S2", members=2)],
        SCHOOLS,
        **policy,
    )
    diagnosis = diagnose(scored_of(case))
    assert {r.key: r.new for r in diagnosis.repairs} == offered
    for repair in diagnosis.repairs:
        check_mending(Truth(case), [repair])
    text = " ".join(p.say("en") for p in problems(diagnosis))
    assert said in text


def test_a_policy_that_can_be_obeyed_has_no_diagnosis() -> None:
    diagnosis = diagnose(scored_of(make_case([app("A1", "S1")], SCHOOLS)))
    assert not diagnosis.conflicts and not diagnosis.repairs and not diagnosis.combinations
    assert not problems(diagnosis)


def test_other_kinds_of_clause_can_be_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clause of a kind that the diagnosis has never heard of is taken out whole."""
    from optimizer.diagnose.drop import DropLever
    from optimizer.diagnose.lever import Lever
    from optimizer.diagnose.levers import levers

    def only_drop(rule: Clause) -> list[Lever]:
        return [DropLever(rule)] if rule.kind == "quota" else levers(rule)

    monkeypatch.setattr("optimizer.diagnose.panel.levers", only_drop)
    case = by_hand()["two quotas"]
    keys = [(r.key, r.new) for r in diagnose(scored_of(case)).repairs]
    assert keys == [("clause.many", DROP), ("clause.few", DROP)]


# ---- the same for all, honest about time -----------------------------------------------------


def shown(case: Case, options: Options | None = None, limit: int = LIMIT) -> list[str]:
    return [p.say("en") for p in problems(diagnose(scored_of(case), options, limit))]


@pytest.mark.slow
def test_row_order_does_not_matter() -> None:
    for number, case in enumerate(infeasible(len(numbers(20, 8)))):
        rng = random.Random(number)
        rows = case.records.applications.to_dict("records")
        schools = case.records.schools.to_dict("records")
        again = [rng.sample(rows, len(rows)), rng.sample(schools, len(schools))]
        other = make_case(*again, **case.policy.document)
        assert shown(case) == shown(other)


@pytest.mark.slow
def test_a_repair_says_what_the_bound_is_a_number_of_once_and_when_none_is_left() -> None:
    """Not "at least 2 funded applications instead of 3 funded applications", and not 0 of anything."""
    for case in [*by_hand().values(), *infeasible(8)]:
        for problem in problems(diagnose(scored_of(case), Options(time_limit=SOME))):
            en, zh = problem.say("en"), problem.say("zh-TW")
            _, _, old = en.partition(" instead of ")
            assert not old.partition(" (")[0].endswith(("applications", "awards"))
            assert (", ask for at least 0" in en) == ("no minimum then" in en and "NT$0 " not in en)
            assert ("no minimum" in en) == ("沒有下限" in zh)
            assert "only 0" not in en and "than 0 " not in en and "at most 0 of" not in en
            assert "只有 0 件" not in zh


@pytest.mark.slow
def test_cbc_agrees() -> None:
    for case in infeasible(5):
        assert shown(case, limit=SOME) == shown(case, Options("cbc"), SOME)


def test_a_limit_in_time_is_said() -> None:
    case = by_hand()["two quotas"]
    diagnosis = diagnose(scored_of(case), Options(time_limit=0.0))
    assert not diagnosis.conflicts_complete and not diagnosis.repairs_complete
    assert all(not c.minimal and not c.smallest for c in diagnosis.conflicts)
    found = problems(diagnosis)
    assert {p.code for p in found if p.severity is Severity.FLAG} == {
        "more_conflicts",
        "more_repairs",
    }
    assert "not worked out to the end" in " ".join(p.say("en") for p in found)


@pytest.mark.slow
@pytest.mark.parametrize("asked", range(1, 60, 4))
def test_stopping_anywhere_leaves_what_is_known(
    asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off after so many questions: what is listed as proved still is."""
    from optimizer.diagnose import bench

    plain = bench.Bench._on_time
    count = itertools.count(1)

    def cut_off(self: bench.Bench) -> None:
        plain(self)
        if next(count) > asked:
            raise bench.StoppedError

    monkeypatch.setattr(bench.Bench, "_on_time", cut_off)
    case = by_hand()["decisions over the cap"]
    diagnosis = diagnose(scored_of(case))
    monkeypatch.undo()
    whole = diagnose(scored_of(case))
    said_least = [replace(repair, proved=True) for repair in diagnosis.repairs]
    assert set(map(repr, said_least)) <= set(map(repr, whole.repairs))
    assert diagnosis.cheapest <= all(repair.proved for repair in diagnosis.repairs)
    assert {f for f in diagnosis.figures if f.settled} <= set(whole.figures)
    assert all(f.value is None for f in diagnosis.figures if not f.settled)
    unsettled = any(not f.settled for f in diagnosis.figures)
    said = " ".join(p.say("en") for p in problems(diagnosis))
    assert unsettled == ("was not settled in time" in said)
    assert diagnosis.cheapest <= (diagnosis.mendings[:1] == whole.mendings[:1])
    known = {frozenset(map(atom, c.inequalities)) for c in whole.conflicts}
    for conflict in diagnosis.conflicts:
        if conflict.minimal:
            assert frozenset(map(atom, conflict.inequalities)) in known


def test_fewer_are_listed_and_it_says_so() -> None:
    ids = [f"A{n}" for n in range(8)]
    case = make_case(
        [app(i, "S1") for i in ids],
        SCHOOLS,
        pool={"amount": 1_500, "unit": 100},
        clause=[{"kind": "fixed", "fund": ids}],
    )
    diagnosis = diagnose(scored_of(case), limit=5)
    assert [len(c.inequalities) for c in diagnosis.conflicts] == [3] * 5  # the pool, two of eight
    assert not diagnosis.conflicts_complete
    assert {r.key: r.new for r in diagnosis.repairs}["clause.fixed.fund"] == ["A0"]


def test_many_decisions_are_reported_even_if_not_all_small_sets_are_gone_through() -> None:
    ids = [f"A{n:02d}" for n in range(60)]
    case = make_case(
        [app(i, "S1") for i in ids],
        SCHOOLS,
        pool={"amount": 30_000, "unit": 100},
        clause=[{"kind": "fixed", "fund": ids}],
    )
    (conflict,) = diagnose(scored_of(case)).conflicts
    assert conflict.minimal and not conflict.smallest
    assert len(conflict.inequalities) == 32  # the pool and 31 of NT$1,000


def test_allocate_says_what_conflicts() -> None:
    case = by_hand()["decisions over the cap"]
    with pytest.raises(InfeasibleError) as caught:
        allocate(case)
    found = caught.value.problems
    assert [p.code for p in found][:2] == ["school_cap", "fixed"]
    assert found[0].reference == "捌二(5)" and found[0].place == f"{IN_MEMORY}, clause.school_cap"
    assert "甲國中" in found[0].say("zh-TW")


@pytest.mark.slow
def test_the_example_is_diagnosed_quickly(example: Path) -> None:
    case = read_case(example)
    quota = {"clause.quota.at_least": 200}
    case = case.under(edited(case.policy, quota))
    diagnosis = diagnose(scored_of(case))
    assert diagnosis.conflicts_complete and diagnosis.repairs_complete
    assert [r.new for r in diagnosis.repairs] == [77]
    assert diagnosis.questions < 200


def test_written_as_toml() -> None:
    values = (
        1_500,
        ["A1", 'a "b" \\c'],
        "33.3%",
        [],
        True,
        ["甲\n\x7f\t乙"],
        {"偏遠": 1, "a-b": {}},
    )
    for value in values:
        assert repr(tomllib.loads(f"x = {in_toml(value)}")["x"]) == repr(value)


@pytest.mark.parametrize("seed", range(200))
def test_hitting_sets(seed: int) -> None:
    rng = random.Random(seed)
    sets = [frozenset(rng.sample(range(6), rng.randint(1, 4))) for _ in range(rng.randint(0, 6))]
    blocked = [frozenset(rng.sample(range(6), rng.randint(1, 3))) for _ in range(rng.randint(0, 2))]
    for size in range(5):
        good = [
            c
            for n in range(size + 1)
            for c in map(frozenset, itertools.combinations(range(6), n))
            if all(s & c for s in sets) and not any(b <= c for b in blocked)
        ]
        found = hitting_set(sets, size, blocked)
        assert (found is None) == (not good)
        assert found is None or found in good


def test_hitting_sets_give_up() -> None:
    sets = [frozenset(range(10 * n, 10 * n + 10)) for n in range(8)]
    with pytest.raises(TooManyError):
        hitting_set(sets, 7)


def test_records_are_left_as_they_are() -> None:
    case = by_hand()["too few eligible"]
    before = replace(case.records)
    diagnose(scored_of(case))
    assert case.records.settings == before.settings
    assert case.policy.document["clause"] == [junior(at_least=3)]
