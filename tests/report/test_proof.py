"""The report's own checker: it agrees with the program and with brute force, and catches what was changed.

It runs in a browser; here in Node, where that is installed.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
from helpers.checker import checked, verdicts
from helpers.places import ROOT
from helpers.results import POLICY, small_case
from helpers.rounds import every_decision, random_case, random_sizes, varied

from optimizer.case.case import Case, read_case
from optimizer.clauses.named_columns import values_of
from optimizer.pipe import allocate
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import Severity, SubsidyError
from optimizer.report.evidence import as_json, evidence
from optimizer.report.page import _called
from optimizer.result.allocation import Allocation
from optimizer.tables.case_words import column_term, term
from optimizer.tables.records import Records
from optimizer.tables.schema import APPLICATIONS, BUDGET_LINES, MEETINGS, REVIEWS_LONG, SCHOOLS

CASES = 600 if os.environ.get("SUBSIDY_ALL_CASES") else 30
SEES = ("rule", "best", "draw")  # findings about another list; the rest are about what is claimed

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
EXAMPLE = ROOT / "data/taichung-103"


@cache
def example() -> Any:
    return json.loads(as_json(evidence(allocate(read_case(EXAMPLE)))))


def rounds() -> Iterable[Allocation]:
    """Yield random small rounds that are settled."""
    for seed in range(CASES):
        try:
            found = allocate(by_size(seed))
        except SubsidyError:
            continue
        if found.status == "optimal":
            yield found


def test_the_example_is_proved_to_the_draw() -> None:
    [found] = checked([example()])
    assert verdicts(found, ("best", "draw", "value", "spent", "funded", "districts")) == {True}
    unread = {one["of"] for one in found if one["ok"] is None}
    assert unread == {
        "programme",
        "members",
        "meetings",
        "deadline",
        "prior_outcome",
        "budget_lines",
    }


def by_size(seed: int) -> Case:
    """Draw a small round whose caps follow the size of the school; every other round has none."""
    rng = random.Random(seed)
    case = random_case(rng, 6)
    if seed % 2:
        return case
    case = varied(case, rng)
    caps = [{"kind": "school_cap", "name": n, "amount": rng.choice((500, 900, 1_500)), "cut": True}
            | random_sizes(rng) for n in "ab"]  # fmt: skip
    return case.under(make_policy({**case.policy.document, "clause": caps}))


def test_no_right_list_is_called_wrong_and_no_other_list_right() -> None:
    """Every list of a small round but one is found wanting: it breaks a rule, or a better one is found."""
    rng, right, others = random.Random(7), [], []
    for found in rounds():
        carried = json.loads(as_json(evidence(found)))
        right.append(carried)
        lists = [one.award for one in every_decision(found.scored.round)]
        wrong = [one for one in lists if not np.array_equal(one, found.decision.award)]
        for award in rng.sample(wrong, min(3, len(wrong))):
            other = deepcopy(carried)
            for application, amount in zip(other["applications"], award.tolist(), strict=True):
                application[5] = amount
            for priority in other["priorities"]:  # it claims no more than it reaches
                priority["reached"] = None
            other["totals"] = None
            others.append(other)
    of_right, of_others = checked(right), checked(others)
    assert not [one for one in of_right if False in verdicts(one)]
    assert sum(verdicts(one, ("best", "draw")) <= {True} for one in of_right) > len(right) * 0.7
    assert not [one for one in of_others if verdicts(one, SEES) <= {True}]
    assert sum(False in verdicts(one, SEES) for one in of_others) > len(others) * 0.8


def carried_by(allocation: Any) -> Any:
    """Return what a report carries: its evidence, and what columns, values and codes are called."""
    found = evidence(allocation)
    return json.loads(as_json({**found, "words": _called(allocation, found["columns"].values())}))


def bounded(*quotas: dict[str, Any], **caps: Any) -> Any:
    """Return what a report of a small round under some quotas carries, words of columns and values with it."""
    clauses = [{"kind": "quota", "name": f"q{n}", **quota} for n, quota in enumerate(quotas)]
    return carried_by(
        allocate(small_case(clause=[*clauses, {"kind": "school_cap", "amount": 3_000, **caps}]))
    )


def said(finding: dict[str, Any]) -> str:
    """Return what is wrong by a finding, as the page writes it."""
    return ", ".join(" ".join(map(str, pair)) for pair in finding.get("wrong") or ())


def test_every_sentence_says_what_is_checked() -> None:
    limits: list[dict[str, Any]] = [
        {"at_least": 0, "at_most": "100%"},
        {"at_most": 4_000_000},
        {"at_least": "0%"},
    ]
    groups: list[dict[str, Any]] = [
        {"column": "level", "value": "elementary"},
        {"column": "type", "value": "grade"},
        *({"column": name, "for_each": True} for name in ("district", "type", "methods")),
    ]
    quotas = [
        {**group, **limit, "measure": measure}
        for group in groups
        for limit in limits
        for measure in ("count", "amount", "members", "meetings", "requested")
    ]
    [found] = checked([bounded(*quotas)])
    assert not [one for one in found if one["what"] in ("unsaid", "uncarried")]
    assert sum(one["of"] == "quota" and one["ok"] is True for one in found) == len(quotas)


OWN, LISTS, MEASURES = (
    "town_2",
    ("methods", "partners", "fields"),
    ("members", "requested", "visits_2"),
)
KEYS = {
    c.key for t in (APPLICATIONS, SCHOOLS, REVIEWS_LONG, BUDGET_LINES, MEETINGS) for c in t.columns
}


def every_column() -> Case:
    """Return the small case with something in every column of the schema, and two of the bureau's own."""
    case = small_case()
    own = case.records.applications.copy()
    n = np.arange(len(own))
    own[OWN], own["visits_2"] = [f"{i % 3} 鄉" for i in n], n
    own["methods"] = [("observation", "案例分析")[: i % 3] for i in n]
    own["partners"], own["fields"] = (
        [("064605",)[: i % 2] for i in n],
        [("語文", "數學")[: i % 3] for i in n],
    )
    own["prior_outcome"] = [("reported", "missing")[i % 2] for i in n]
    own["submitted_on"] = [date(2014, 2, 1 + i) for i in n]
    own["own_funds"] = own["meetings"]
    schools = case.records.schools.assign(
        students=[50, 90, 120, 300, 700], classes=[3, 6, 9, 12, 30]
    )
    records = replace(case.records, applications=own, schools=schools)
    return replace(case, records=records)


def quotas_of(column: str, records: Records) -> Iterator[dict[str, Any]]:
    """Yield quotas of every form over a column: each of its values, and one of them."""
    value = values_of(column, records)[0]
    for group in ({"for_each": True}, {"for_each": True, "without": [value]}, {"value": value}):
        for measure in ("count", "amount", *MEASURES):
            yield {
                "kind": "quota",
                "column": column,
                "measure": measure,
                "at_most": 900_000,
                **group,
            }


def test_no_sentence_has_a_key_of_the_tables_and_the_check_reads_every_column() -> None:
    """Columns have one name, in sentences and in the check; one of the bureau's own stands quoted."""
    case = every_column()
    columns = [*case.records.applications.columns, *case.records.schools.columns]
    columns = sorted({*columns} - {"school", "row"})
    assert {"application_id", "name", "title", OWN} <= {*columns}
    found = []
    for column in columns:
        quotas = [{**q, "name": f"q{n}"} for n, q in enumerate(quotas_of(column, case.records))]
        soft = [{**quota, "name": f"soft {quota['name']}"} for quota in quotas[::6]]
        kinds = ["balance"] if column in LISTS else ["balance", "coverage"]
        more = [{"kind": kind, "column": column} for kind in kinds]
        policy = make_policy({**POLICY, "clause": quotas, "priority": [*soft, *more]})
        under = case.under(policy)
        assert not [
            p
            for rule in under.policy.rules
            for p in rule.check(under.records)
            if p.severity is Severity.ERROR
        ]
        found.append(carried_by(allocate(under)))
    for column, carried, findings in zip(columns, found, checked(found), strict=True):
        rules = [*carried["rules"], *carried["priorities"]]
        spoken = [word for rule in rules for word in (*rule["sentence"], *rule["title"])]
        zh = " ".join(rule["sentence"][0] + rule["title"][0] for rule in rules)
        assert not {*re.findall(r"[a-z_]{3,}", zh)} & KEYS, column
        assert not [said for said in spoken for key in KEYS if "_" in key and key in said], column
        if column == OWN:
            assert all(f"「{OWN}」" in rule["sentence"][0] for rule in rules if rule.get("column"))
        assert not [one for one in findings if one["what"] in ("unsaid", "uncarried")], column
        assert not [one for one in findings if one["ok"] is False], column
        cells = {
            word
            for cell in carried["columns"][column]
            for word in (cell if isinstance(cell, list) else [cell])
        }
        assert all(
            {*rule["values"]} & cells
            for rule in rules
            if rule.get("for_each") and rule["values"] and not rule["without"]
        ), column


@pytest.mark.parametrize(
    ("change", "what", "wrong"),
    [
        ({"at_least": None, "at_most": 1}, "unsaid", "≤ 1"),
        ({"at_most": None}, "uncarried", "≤ 5"),
        ({"exactly": 1}, "unsaid", "= 1"),
        ({"value": "junior_high"}, "unsaid", "國中"),
        ({"column": "type"}, "unsaid", "社群類型"),
        ({"measure": "members"}, "unsaid", "成員人數"),
    ],
)
def test_a_rule_whose_sentence_says_another_bound_or_group_is_found(
    change: dict[str, Any], what: str, wrong: str
) -> None:
    carried = bounded({"column": "level", "value": "elementary", "at_least": 1, "at_most": 5})
    more = {"value_junior_high": term("junior_high")}
    more |= {f"column_{name}": column_term(name) for name in ("type", "members")}
    carried["words"] |= {code: [said.zh, said.en] for code, said in more.items()}
    carried["columns"]["type"] = carried["columns"]["level"]
    carried["sizes"]["members"] = [1] * len(carried["applications"])
    edited = deepcopy(carried)
    next(one for one in edited["rules"] if one["kind"] == "quota").update(change)
    right, other = checked([carried, edited])
    assert not [one for one in right if one["what"] in ("unsaid", "uncarried")]
    assert [what] == [one["what"] for one in other if wrong in said(one)]


@pytest.mark.parametrize(
    ("size", "change", "wrong"),
    [
        ({"over": 100, "up_to": 500}, {"over": None}, "≥ 101"),
        ({"up_to": 500}, {"over": 499, "up_to": None}, "≥ 500"),
    ],
)
def test_a_cap_for_schools_of_other_sizes_is_found(
    size: dict[str, Any], change: dict[str, Any], wrong: str
) -> None:
    sentences = {"zh": "學生數 101 至 500 之每一學校", "en": "One school of 101 to 500 students"}
    if "over" not in size:
        sentences = {"zh": "學生數 500 以下之每一學校", "en": "One school of 500 students or fewer"}
    carried = bounded()
    rule = next(one for one in carried["rules"] if one["kind"] == "school_cap")
    carried["columns"]["students"] = ["9"] * len(carried["applications"])
    rule |= {"column": "students", "over": None, "up_to": None} | size
    rule["sentence"] = [
        f"{sentences['zh']}補助合計不超過 3,000 元",
        f"{sentences['en']} receives at most NT$3,000",
    ]
    edited = deepcopy(carried)
    next(one for one in edited["rules"] if one["kind"] == "school_cap").update(change)
    right, other = checked([carried, edited])
    assert not [one for one in right if one["what"] in ("unsaid", "uncarried")]
    assert any(wrong in said(one) for one in other if one["what"] in ("unsaid", "uncarried"))


@pytest.mark.parametrize("change", ["award", "swap", "total", "district", "value", "merit"])
def test_what_was_changed_in_the_example_is_found(change: str) -> None:
    carried = deepcopy(example())
    rows = carried["applications"]
    funded = [row for row in rows if row[5]]
    refused = [row for row in rows if not row[5]]
    if change == "award":
        funded[3][5] -= 100
    elif change == "swap":
        same = next((f, r) for f in funded for r in refused if f[3] == r[3] and f[2] > r[2])
        same[0][5], same[1][5] = 0, same[0][5]
    elif change == "total":
        carried["totals"]["spent"] -= 100
    elif change == "district":
        carried["totals"]["districts"][0][1] += 100
    elif change == "value":
        carried["priorities"][2]["reached"][0] = "44"
    else:
        schools = [row[1] for row in rows]
        alone = [row for row in refused if schools.count(row[1]) == 1]
        max(alone, key=lambda row: row[2])[2] += 60
    [found] = checked([carried])
    assert False in verdicts(found)
    if change == "award":
        assert [funded[3][0], funded[3][5]] in next(
            one["wrong"] for one in found if one["of"] == "award"
        )


@pytest.mark.parametrize("proved", [True, False])
def test_a_better_list_contradicts_only_the_claim_that_there_is_none(proved: bool) -> None:
    """It is named in the unit of the page: 6,300 points, not the 63 hundreds of NT$ that the table counts."""
    carried = deepcopy(example())
    rows = carried["applications"]
    funded, refused = ([row for row in rows if bool(row[5]) is some] for some in (True, False))
    one, other = next(
        (f, r)
        for f in funded
        for r in refused
        if f[1] == r[1]
        and f[3:5] == r[3:5]
        and f[5] == r[4]
        and f[2] > r[2] + carried["denominator"]
    )
    one[5], other[5] = 0, one[5]
    carried["totals"], carried["settled"] = None, proved
    for priority in carried["priorities"]:
        priority["proved"] = proved
    [found] = checked([carried])
    best = [line for line in found if line["what"] == "best" and line["ok"] is not True]
    assert best[0]["ok"] is (False if proved else None) and best[0]["better"]
    reached = int(example()["priorities"][1]["reached"][0])
    assert best[0]["bound"] == [reached, 1] and best[0]["is"][0] < reached
    assert proved or False not in verdicts(found)


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("school_cap", "amount", 50_000),
        ("minimum_merit", "points", [60, 1]),
        ("pool", "amount", 999_000),
        ("quota", "at_least", 30),
        ("merit", "band", [2, 1]),
        ("disadvantage", "weights", {"remote": 7}),
    ],
)
def test_a_figure_that_no_sentence_has_is_named(kind: str, key: str, value: Any) -> None:
    carried = deepcopy(example())
    both = [*carried["rules"], *carried["priorities"]]
    next(one for one in both if one["kind"] == kind)[key] = value
    [found] = checked([carried])
    assert [one["of"] for one in found if one["what"] == "unsaid" and one["ok"] is False] == [kind]
