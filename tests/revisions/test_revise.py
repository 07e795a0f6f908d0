"""Revisions: nobody who keeps the conditions loses anything, the rest is the best that is left."""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest
from helpers.commands import run
from helpers.places import ROOT
from helpers.results import reseal, small_allocation, small_case
from helpers.rounds import (
    brute_force,
    every_decision,
    make_case,
    random_application,
    random_case,
    random_quota,
    random_school,
    scored_of,
)

from optimizer.case.case import Case, read_case
from optimizer.clauses import Violation
from optimizer.cli.schema import schemas
from optimizer.facts.audit import audit, values
from optimizer.language.text import Text
from optimizer.pipe import allocate
from optimizer.plots.pool import steps
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import CaseError, InfeasibleError, LimitError, UsageError
from optimizer.program.draw import draw_order
from optimizer.program.rows import Decision
from optimizer.report import write_result
from optimizer.report.folder import RECORD
from optimizer.report.page import render_report
from optimizer.report.result_sheets import sheets_of
from optimizer.result.allocation import Allocation
from optimizer.revisions import Revision, revise, write_revision
from optimizer.revisions.links import broken_links
from optimizer.revisions.promised import promise, under
from optimizer.revisions.published import Published
from optimizer.revisions.record import record_bytes
from optimizer.verify import chain as module
from optimizer.verify.chain import Chain
from optimizer.verify.verification import Standing
from optimizer.verify.verify import verification, verify_result

EXAMPLE = ROOT / "data" / "taichung-103"


def funded(allocation: Allocation) -> dict[str, int]:
    return Published.of(allocation).funded


@cache
def example() -> tuple[Case, Allocation]:
    case = read_case(EXAMPLE)
    return case, allocate(case)


# --- the promise ---------------------------------------------------------------------------------


def late_merits(case: Case, rng: random.Random) -> Case:
    """Give the merits to other applications, so that the promise has a price."""
    table = case.records.applications.copy()
    merits = list(table["merit"])
    rng.shuffle(merits)
    table["merit"] = pd.Series(merits, table.index, dtype=object)
    return replace(case, records=replace(case.records, applications=table))


@pytest.mark.parametrize("engine", ["dynamic", "highs"])
@pytest.mark.parametrize("number", range(25))
def test_under_the_promise_no_list_is_better(number: int, engine: Any) -> None:
    rng = random.Random(f"revise {number}")
    case = random_case(rng, 5, "full")
    try:
        published = allocate(case)
        was = funded(published)
        gone = rng.sample(sorted(was), min(len(was), rng.randint(0, 2)))
        paid = {one: rng.choice((1, was[one])) for one in was if rng.random() < 0.3}
        case = late_merits(case, rng)
        pool = rng.choice((None, case.policy.settings.pool.amount + 1_500))
        revision = revise(published, case, withdraw=gone, paid=paid, pool=pool, solver=engine)
    except InfeasibleError:
        pytest.skip("no list obeys the rules")
    now = funded(revision.allocation)
    for one in set(was) - set(gone):
        assert now[one] >= was[one]
    assert not set(gone) & set(now)
    lost = sum(paid.get(one, 0) for one in gone)
    assert revision.allocation.spent + lost <= revision.allocation.available
    truth = brute_force(revision.allocation.scored.round, revision.allocation.case.policy)
    assert truth is not None
    worth, answer, _ = truth
    assert tuple(step.value for step in revision.allocation.steps) == worth
    assert list(revision.allocation.decision.award) == list(answer.award)


def kept_case(a2: int, school: str = "S1") -> Case:
    """Two of one school under its cap (or A2 of another), and one of a third."""
    return make_case(
        [
            {"application_id": "A1", "school_id": "S1", "merit": 80, "requested": 3_000},
            {"application_id": "A2", "school_id": school, "merit": a2, "requested": 2_000},
            {"application_id": "A3", "school_id": "S2", "merit": 70, "requested": 2_000},
        ],
        pool={"amount": 5_000, "unit": 1_000},
        clause=[{"kind": "school_cap", "amount": 4_000}],
        priority=[{"kind": "merit"}],
    )


def test_who_finds_the_cap_held_by_a_kept_award_is_told_of_its_sister() -> None:
    """Not that no list can fund it: it is the promise that keeps the sister."""
    published = allocate(kept_case(60))
    assert funded(published) == {"A1": 3_000, "A3": 2_000}
    revised = revise(published, kept_case(99), pool=9_000).allocation
    reason = revised.awards.set_index("application_id").loc["A2"]
    assert reason["reason_code"] == "school_cap"
    assert reason["reason"].startswith(
        "已公布之核定不收回；同校 A1（80 分，3,000 元）已獲補助：該校已獲 3,000 元，"
        "加上本案 2,000 元將超過每校上限 4,000 元"
    )
    said = revised.explain("A2").because
    assert said.code == "sister"
    assert said.short.zh == "已公布之核定不收回；同校 A1（80 分，3,000 元）已獲補助"
    assert revised.explain("A1").because.full.zh == "保留前次公布之 3,000 元"


def test_where_kept_awards_take_all_the_money_it_is_said_under_the_promise() -> None:
    published = allocate(kept_case(60, "S3"))
    revised = revise(published, kept_case(99, "S3")).allocation
    said = revised.explain("A2").because
    assert said.code == "impossible"
    assert said.full.zh.startswith(
        "以保留前次公布之 2 件核定為前提，任何合於規則的名單都不能補助本案：經費餘額 0 元"
    )


def by_hand(case: Case, kept: Iterable[str], gone: str) -> Case:
    """State the promise of the example, where awards are whole, as decisions by hand."""
    document = case.policy.document
    fixed = {"kind": "fixed", "fund": sorted(kept), "refuse": [gone], "reason": "the promise"}
    changed = {**document, "clause": [*document["clause"], fixed]}
    return case.under(make_policy(changed, case.policy.file))


ALL = os.environ.get("SUBSIDY_REVISE_ALL") == "1"  # every winner in place of a sample


@pytest.mark.slow
def test_no_withdrawal_of_the_example_takes_anything_from_another(tmp_path: Path) -> None:
    """Who comes in is what the same round gives when all others are funded by hand."""
    case, published = example()
    was = funded(published)
    sample = sorted(was)[:: 1 if ALL else 40]
    entering = 0
    for number, gone in enumerate(sample):
        revision = revise(published, case, withdraw=[gone])
        now = funded(revision.allocation)
        assert gone not in now and {**now, **was, gone: 0} == {**now, gone: 0}, gone
        assert now == funded(allocate(by_hand(case, set(was) - {gone}, gone))), gone
        entering += len(now) > len(was) - 1
        if number % 15 == 0:
            folder = tmp_path / gone
            write_revision(revision, folder, parts=())
            assert verify_result(folder, case) == [], gone
    assert entering > len(sample) // 2


def test_a_reduced_award_is_what_it_was_reduced_to_and_frees_the_rest() -> None:
    published = small_allocation()
    one, was = next(iter(funded(published).items()))
    revision = revise(published, small_case(), reduce={one: was - 100})
    assert funded(revision.allocation)[one] == was - 100
    change = {"application_id": one, "was": was, "now": was - 100, "paid": 0, "freed": 100}
    assert revision.record["reduced"] == [change]


def test_paid_and_promised_money_are_kept_apart() -> None:
    published = small_allocation()
    was = funded(published)
    gone, other = list(was)[:2]
    paid = {gone: 300, other: was[other]}
    revision = revise(published, small_case(), withdraw=[gone], paid=paid)
    money, facts = revision.record["money"], revision.allocation
    assert money["paid"] == 300 + was[other] and money["paid_to_others"] == 300
    assert money["free_for_others"] == 4_100 - money["kept"] - 300
    assert money["still_to_pay"] == money["awarded"] - was[other]
    left = 4_100 - money["awarded"] - 300
    assert money["left"] == facts.left == facts.summary["pool"]["left"] == left
    assert {step.label: step.amount for step in steps(facts, "en")}["Left"] == left
    sheet = {row[0]: row[1] for row in list(sheets_of(facts))[-1].rows}
    assert (sheet["已撥付而未收回"], sheet["餘額"]) == (300, left)
    assert f"{left:,}<small>元 · 已撥付而未收回 300" in render_report(facts)


def corrected(one: str, **cells: Any) -> Case:
    """Return the small case with some cells of one application corrected."""
    case = small_case()
    table = case.records.applications.copy()
    for column, cell in cells.items():
        table.loc[table["application_id"] == one, column] = cell
    changed = replace(case, records=replace(case.records, applications=table))
    return replace(changed, as_read=changed.content)


def test_who_is_no_longer_eligible_after_a_correction_loses_it_by_name() -> None:
    published = small_allocation()
    one = next(iter(funded(published)))
    record = revise(published, corrected(one, members=2), language="en").record
    assert [entry["application_id"] for entry in record["lost"]] == [one]
    assert record["lost"][0]["reason"]
    assert record["corrections"]["applications"][0]["application_id"] == one
    assert [t["name"] for t in record["corrections"]["tables"]] == ["applications"]


def test_a_correction_that_leaves_less_is_said_and_takes_no_more() -> None:
    published = small_allocation()
    one, was = next(iter(funded(published).items()))
    record = revise(published, corrected(one, requested=was - 500)).record
    assert record["lowered"] == {one: {"was": was, "now": was - 500}}


def test_a_pool_below_the_promise_is_refused_with_the_least_that_keeps_it() -> None:
    published = small_allocation()
    with pytest.raises(InfeasibleError, match="least pool") as caught:
        revise(published, small_case(), pool=published.spent - 100)
    assert f"{published.spent:,}" in caught.value.problems[0].hint.en
    least = revise(published, small_case(), pool=published.spent)
    assert funded(least.allocation) == funded(published)


# --- the chain, and what is written --------------------------------------------------------------


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three results, each the revision of the one before."""
    place, case = tmp_path_factory.mktemp("chain"), small_case()
    published = allocate(case)
    write_result(published, place / "0", parts=())
    one, two = list(funded(published))[:2]
    first = revise(place / "0", case, withdraw=[one], paid={one: 100})
    write_revision(first, place / "1", parts=())
    write_revision(revise(place / "1", case, withdraw=[two], pool=5_000), place / "2", parts=())
    return place


def test_a_chain_is_verified_with_its_parent_and_without(folders: Path) -> None:
    for place in ("1", "2"):
        assert verify_result(folders / place, small_case()) == []
    assert verify_result(folders / "2", small_case(), quick=True, parent=folders / "1") == []
    wrong = verify_result(folders / "2", small_case(), quick=True, parent=folders / "0")
    assert [problem.code for problem in wrong] == ["parent"]


def test_a_record_keeps_to_its_schema_and_names_every_parent(folders: Path) -> None:
    record = json.loads((folders / "2" / RECORD).read_bytes())
    jsonschema.Draft202012Validator(schemas()["revision"]).validate(record)
    seals = [json.loads((folders / d / "summary.json").read_bytes())["seal"] for d in "012"]
    assert [link["seal"] for link in record["chain"]] == seals[:2]
    assert record["parent"] == seals[1] and record["seal"] == seals[2]


def test_in_memory_a_chain_is_what_the_folders_say(folders: Path) -> None:
    published = allocate(small_case())
    one, two = list(funded(published))[:2]
    first = revise(published, small_case(), withdraw=[one], paid={one: 100})
    second = revise(first, small_case(), withdraw=[two], pool=5_000)
    assert second.record == json.loads((folders / "2" / RECORD).read_bytes())


def _drop_withdrawn(record: Any) -> None:
    record["withdrawn"].clear()


def _other_award(record: Any) -> None:
    next(row for row in record["chain"][0]["awards"] if row[4] == "funded")[5] = "100"


TAMPERINGS: dict[str, Callable[[Any], Any]] = {
    "withdrawn": _drop_withdrawn,
    "paid": lambda record: record["paid"].update({next(iter(record["paid"])): 50}),
    "pool": lambda record: record["pool"].update(now=6_000),
    "pool was": lambda record: record["pool"].update(was=1),
    "parent": lambda record: record.update(parent="AAAAA"),
    "kept": lambda record: record["kept"].update(A9=1),
    "money": lambda record: record["money"].update(paid_to_others=0),
    "cost": lambda record: record["cost"]["priorities"][0].update(anew="0"),
    "entered": lambda record: record["entered"].append({}),
    "first link": lambda record: record["chain"].pop(0),
    "last link": lambda record: record["chain"].pop(),
    "no chain": lambda record: record["chain"].clear(),
    "award of a link": _other_award,
    "policy of a link": lambda record: record["chain"][0]["content"]["policy"]["keys"].clear(),
    "seal of a link": lambda record: record["chain"][0].update(seal="AAAAA"),
    "links swapped": lambda record: record["chain"].reverse(),
    "link twice": lambda record: record["chain"].insert(1, record["chain"][0]),
    "why": lambda record: record["entered"][0].update(why="因成績優異"),
    "alone": lambda record: record["entered"][0]["alone"].pop(),
    "without": lambda record: record["entered"][0].update(without=None),
    "in its place": lambda record: record["entered"][0]["without"]["instead"].clear(),
    "nothing asked": lambda record: record["entered"][0].update(alone=None),
    "title of a goal": lambda record: record["cost"]["priorities"][0].update(title="公平"),
    "only anew": lambda record: record["cost"]["only_anew"].append("A9"),
    "more": lambda record: record.update(more=1),
    "no record": lambda record: record.clear(),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampered_record_is_found(folders: Path, tmp_path: Path, name: str) -> None:
    forged = tmp_path / "forged"
    shutil.copytree(folders / "2", forged)
    record = json.loads((forged / RECORD).read_bytes())
    TAMPERINGS[name](record)
    (forged / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
    reseal(forged)
    assert verify_result(forged, small_case())


MALFORMED: dict[str, Callable[[Any], Any]] = {
    "cost": lambda record: record.update(cost="cheap"),
    "no cost": lambda record: record.pop("cost"),
    "no figure": lambda record: record["cost"]["priorities"][0].update(anew="1/0"),
    "fewer priorities": lambda record: record["cost"]["priorities"].pop(),
    "entered": lambda record: record.update(entered=[7]),
    "goal": lambda record: record["entered"][0]["without"].update(goal="fame"),
    "value": lambda record: record["entered"][0]["without"].update(value=None),
    "changes": lambda record: record["entered"][0].update(alone=3),
    "withdrawn": lambda record: record.update(withdrawn=None),
    "pool": lambda record: record["pool"].update(now="much"),
    "links": lambda record: record.update(chain=[[]]),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_record_of_another_form_is_refused_in_words(
    folders: Path, tmp_path: Path, name: str
) -> None:
    """Even where nothing is solved again, so that the record has to speak for itself."""
    forged = tmp_path / "forged"
    shutil.copytree(
        folders / "2", forged, ignore=shutil.ignore_patterns("*.html", "*.png", "*.svg")
    )
    record = json.loads((forged / RECORD).read_bytes())
    MALFORMED[name](record)
    (forged / RECORD).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
    reseal(forged)
    found = verify_result(forged, small_case(), quick=True)
    assert RECORD in {problem.file for problem in found}


def write_record(folder: Path, of: Path, target: Path) -> Path:
    """Copy a result, with the record of another one."""
    shutil.copytree(folder, target)
    shutil.copyfile(of / RECORD, target / RECORD)
    reseal(target)
    return target


def test_the_record_of_another_revision_is_found(folders: Path, tmp_path: Path) -> None:
    """An earlier record replayed, and one whose parent is another list of the same case."""
    replayed = write_record(folders / "2", of=folders / "1", target=tmp_path / "replayed")
    assert verify_result(replayed, small_case(), quick=True)
    case = small_case()
    other = small_allocation(pool={"amount": 3_000, "unit": 100})
    write_revision(revise(other, case, pool=4_100), tmp_path / "other", parts=())
    swapped = write_record(folders / "1", of=tmp_path / "other", target=tmp_path / "swapped")
    assert verify_result(swapped, case, quick=True)
    assert verify_result(tmp_path / "other", case, quick=True) == []
    strange = verify_result(tmp_path / "other", case, quick=True, parent=folders / "0")
    assert [problem.code for problem in strange] == ["parent"]


def test_a_revision_of_another_case_is_found(folders: Path) -> None:
    found = verification(folders / "2", corrected("A5", requested=1_000), quick=True)
    assert found.problems and found.other


def test_the_record_as_people_read_it_is_compared(folders: Path, tmp_path: Path) -> None:
    """The pages of a revision without one of its changes, beside the record with all of them."""
    case, parts = small_case(), ("workbooks", "report")
    for name, gone in (("less", ["A4"]), ("more", ["A4", "A2"])):
        revision = revise(folders / "0", case, withdraw=gone)
        write_revision(revision, tmp_path / name, parts=parts)
    assert verify_result(tmp_path / "more", case, quick=True) == []
    for file in ("report.html", "awards.xlsx", "awards.ods"):
        shutil.copyfile(tmp_path / "less" / file, tmp_path / "more" / file)
    reseal(tmp_path / "more")
    found = {p.file for p in verify_result(tmp_path / "more", case, quick=True)}
    assert found == {"report.html", "awards.xlsx", "awards.ods"}


def test_a_revision_without_its_record_is_found(folders: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged"
    shutil.copytree(folders / "2", forged)
    (forged / RECORD).unlink()
    assert verify_result(forged, small_case(), quick=True)


def test_a_folder_that_was_changed_is_not_revised(folders: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged"
    shutil.copytree(folders / "0", forged)
    path = forged / "awards.csv"
    path.write_bytes(path.read_bytes().replace(b",funded,", b",not_funded,", 1))
    with pytest.raises(CaseError, match="was changed"):
        revise(forged, small_case())


def test_a_revision_whose_record_was_changed_is_not_revised(folders: Path, tmp_path: Path) -> None:
    """A link dropped before the next revision would never be missed after it."""
    case = small_case()
    for number, change in enumerate((_other_award, lambda record: record["chain"].pop(0))):
        forged = tmp_path / str(number)
        shutil.copytree(folders / "2", forged)
        record = json.loads((forged / RECORD).read_bytes())
        change(record)
        (forged / RECORD).write_text(json.dumps(record), "utf-8")
        with pytest.raises(CaseError, match="every result published before") as caught:
            revise(forged, case)
        assert {problem.code for problem in caught.value.problems} == {"chain"}
    (forged / RECORD).unlink()
    with pytest.raises(CaseError, match="every result published before"):
        revise(forged, case)


def test_only_the_first_links_in_their_order_are_a_chain() -> None:
    case = small_case()
    last = revise(revise(revise(small_allocation(), case, withdraw=["A1"]), case), case, pool=5_000)
    orders = [order for n in (1, 2, 3) for order in product(range(3), repeat=n)]
    for order in orders:
        whole = order == tuple(range(len(order)))
        assert whole is not any(broken_links([last.chain[n] for n in order])), order


# --- the command ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_command_revises_and_verify_agrees(tmp_path: Path) -> None:
    published = example()[1]
    write_result(published, tmp_path / "0", parts=())
    one, other = list(funded(published))[:2]
    (tmp_path / "paid.csv").write_text(f"編號,金額\n{one},500\n", "utf-8")
    arguments = ("revise", tmp_path / "0", "--case", EXAMPLE)
    done = run(
        *arguments, "--withdraw", one, "--reduce", f"{other}=1,000", "--paid", tmp_path / "paid.csv",
        "--pool", "595000", "--out", tmp_path / "1", lang="zh-TW",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "遞補" in done.output
    verify = ("verify", tmp_path / "1", "--case", EXAMPLE, "--quick", "--parent", tmp_path / "0")
    checked = run(*verify, lang="zh-TW")
    assert checked.exit_code in (0, 6), checked.output
    small = run(*arguments, "--pool", "1000", "--out", tmp_path / "2")
    assert small.exit_code == 4 and f"{published.spent:,}" in small.output
    bad = run(*arguments, "--reduce", "A1", "--out", tmp_path / "2")
    assert bad.exit_code == 2 and not (tmp_path / "2").exists()
    same = run(*arguments, "--out", tmp_path / "0")
    assert same.exit_code == 2


def test_a_revision_is_exported() -> None:
    import optimizer

    assert optimizer.Revision is Revision and optimizer.revise is revise


@pytest.mark.parametrize("engine", ["dynamic", "highs"])
def test_the_promise_binds_and_says_its_price(engine: Any) -> None:
    def two(second: int) -> Case:
        rows = [{"application_id": "A1", "merit": 90}, {"application_id": "A2", "merit": second}]
        return make_case(rows, pool={"amount": 1_000}, priority=[{"kind": "merit"}])

    revision = revise(allocate(two(80)), two(95), solver=engine)
    cost = revision.record["cost"]
    assert funded(revision.allocation) == {"A1": 1_000}
    assert (cost["first"], cost["only_promised"], cost["only_anew"]) == ("merit", ["A1"], ["A2"])


# --- a promise that binds ------------------------------------------------------------------------


def changed_round(number: int) -> tuple[Allocation, Case, list[str], int] | None:
    """Publish a tight random round, then change its merits and its pool; None if it has no list."""
    rng = random.Random(f"binding {number}")
    schools = [random_school(rng, n) for n in range(4)]
    rows = [
        {**random_application(rng, n, schools, [80]), "merit": merit}
        for n, merit in enumerate(rng.sample(range(70, 100), 6))
    ]
    most = rng.choice((1_500, 2_500, 4_000))
    case = make_case(
        rows,
        schools,
        pool={"amount": most, "unit": 50},
        clause=[{"kind": "school_cap", "amount": 2_500}, *rng.choice(([], [random_quota(rng)]))],
        priority=[
            *rng.choice(([], [{"kind": "coverage"}])),
            {"kind": "merit", "per": rng.choice(("amount", "application"))},
        ],
    )
    try:
        published = allocate(case)
    except InfeasibleError:
        return None
    was = funded(published)
    gone = rng.sample(sorted(was), min(len(was), rng.choice((0, 0, 1))))
    pool = max(sum(was.values()) - sum(was[one] for one in gone), most - 500)
    return published, late_merits(case, rng), gone, pool


def lists_of(round_: Any, policy: Any) -> list[tuple[Any, Any, Decision]]:
    """Return every list that the policy's own rules allow: value, draw, decision. No promise."""
    rules = policy.without_rule(next(r for r in policy.clauses if r.kind == "promise"))
    order = draw_order(policy.settings.draw.seed, round_.ids)
    return [
        (tuple(values(round_, rules, d).values()), d.award[order].tolist(), d)
        for d in every_decision(round_)
        if not audit(round_, rules, d)
    ]


def test_where_the_promise_binds_the_best_list_that_keeps_it_is_found() -> None:
    said = [binds(number) for number in range(40)]
    binding = [one for one in said if one is not None]
    assert len(binding) >= 20
    assert sum(binding) >= len(binding) // 3


def binds(number: int) -> bool | None:
    """Find a revision's best list by looking at all; say whether its promise bound, if it has a list."""
    made = changed_round(number)
    if made is None:
        return None
    published, case, gone, pool = made
    kept = {one: award for one, award in funded(published).items() if one not in gone}
    try:
        revisions = [
            revise(published, case, withdraw=gone, pool=pool, solver=engine)
            for engine in ("auto", "highs")
        ]
    except InfeasibleError:
        rules = under(case, promise(Published.of(published), tuple(gone), {}, {}), pool)
        round_ = scored_of(rules).round
        assert not [one for one in lists_of(round_, rules.policy) if keeps(one[2], round_, kept)]
        return None
    round_, policy = revisions[0].allocation.scored.round, revisions[0].allocation.case.policy
    every = lists_of(round_, policy)
    best = max((one for one in every if keeps(one[2], round_, kept)), key=lambda one: one[:2])
    free = max(every, key=lambda one: one[:2])
    for revision in revisions:
        assert revision.allocation.decision.award.tolist() == best[2].award.tolist()
        assert revision.anew.decision.award.tolist() == free[2].award.tolist()
    return not keeps(free[2], round_, kept)


def keeps(decision: Decision, round_: Any, kept: dict[str, int]) -> bool:
    """Say whether everybody that is still eligible has what was published."""
    awards = dict(zip(round_.ids, decision.award.tolist(), strict=True))
    return all(awards[one] >= least for one, least in kept.items() if one in awards)


def test_a_graded_award_is_not_reduced_further_than_was_stated() -> None:
    rows = [{"application_id": "A1", "merit": 75}, {"application_id": "A2", "merit": 90}]
    award = {"mode": "graded", "grades": [[80, "100%"], [70, "60%"]]}
    case = make_case(rows, pool={"amount": 2_000}, award=award, priority=[{"kind": "merit"}])
    published = allocate(case)
    assert funded(published) == {"A1": 600, "A2": 1_000}
    with pytest.raises(UsageError) as caught:
        revise(published, case, reduce={"A1": 500})
    assert "NT$300 only" in caught.value.problems[0].message.en
    assert funded(revise(published, case, reduce={"A2": 700}).allocation)["A2"] == 700


def test_no_diagnosis_offers_to_take_back_what_was_published() -> None:
    rows = [{"application_id": f"A{n}", "merit": 90 - n} for n in range(2)]
    priority = [{"kind": "merit"}]
    published = allocate(make_case(rows, pool={"amount": 1_000}, priority=priority))
    later = make_case(
        rows,
        pool={"amount": 1_000},
        priority=priority,
        clause=[{"kind": "fixed", "refuse": ["A0"]}],
    )
    with pytest.raises(InfeasibleError) as caught:
        revise(published, later)
    assert caught.value.problems
    said = [p.message.en for p in caught.value.problems if p.column == "clause.promise"]
    assert len(said) == 1 and "drop" not in said[0]  # nor is one promise said twice


def test_an_older_link_is_held_to_the_amounts_that_it_promised() -> None:
    case, published = small_case(), small_allocation()
    first = revise(published, case)
    second = revise(first, case)
    chain = Chain(record_bytes(second.record), case)
    assert not chain.broken
    link = second.chain[1]
    one = next(iter(funded(published)))
    less = [[*row[:5], "100", *row[6:]] if row[0] == one else row for row in link.awards]
    forged = replace(link, awards=less)
    found = [*broken_links([second.chain[0], replace(forged, seal=forged.seal_anew())])]
    assert [p.value for p in found] == [one]


def test_a_limit_before_the_cost_is_found_again_is_no_error(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*_: Any) -> Any:
        raise LimitError(Text("時限", "the limit"))

    monkeypatch.setattr(module, "find_answers", too_late)
    found = verification(folders / "2", small_case())
    assert not found.problems and found.proof.standing is Standing.UNFINISHED
    with pytest.raises(LimitError, match="what the promise costs"):
        verify_result(folders / "2", small_case())


@pytest.mark.parametrize("kept_fits", [True, False])
def test_a_limit_that_is_reached_says_that_the_published_list_stands_only_where_it_does(
    kept_fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    published, case = small_allocation(), small_case()
    plain = "nothing was found"

    def never(*_: Any) -> Allocation:
        raise LimitError(Text(plain, plain))

    module = sys.modules["optimizer.revisions.revise"]
    monkeypatch.setattr(module, "allocated", never)
    if not kept_fits:
        broken = [Violation("pool", Text("超過", "beyond"))]
        monkeypatch.setattr(module, "audit", lambda *_: broken)
    with pytest.raises(LimitError) as caught:
        revise(published, case, withdraw=["A6"])
    said = caught.value.message.zh
    assert said == plain if not kept_fits else "僅保留已公布之核定而不遞補" in said
