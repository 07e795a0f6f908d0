"""Random cases as files: every way of writing a cell, every rule that reads one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from helpers.files import CRITERIA, Rows, in_chinese, write, write_ods, write_xlsx

from optimizer.case.case import Case
from optimizer.policy.policy import make_policy
from optimizer.reading import read_records
from optimizer.tables.schema import ITEMS, LEVELS, METHODS, OUTCOMES, TYPES, Value

FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
FIRST_DAY = date(2014, 1, 1)


def number(rng: random.Random, value: int | str) -> str:
    """Write a number in one of the ways that people write it."""
    text = str(value)
    if "." not in text and len(text) > 3:
        text = f"{int(text):,}" if rng.random() < 0.4 else text
    if rng.random() < 0.2:
        text = text.translate(FULL_WIDTH)
    return f" {text} " if rng.random() < 0.1 else text


def money(rng: random.Random, value: int) -> str:
    return rng.choice(("{}", "{}", "{}元", "NT${}", "${}")).format(number(rng, value))


def points(rng: random.Random, full: int) -> str:
    """Draw a mark and write it: whole, halves, or with as many decimals as are allowed."""
    low = full * 6 // 10
    drawn = rng.choice((0, 1, 1, 3, 6))
    value = f"{rng.randint(low, full - 1)}.{rng.randrange(10**drawn):0{drawn}d}".rstrip(".")
    return rng.choice(("{}", "{}", "{}分")).format(number(rng, value))


def day(rng: random.Random, when: date) -> str:
    roc = when.year - 1911
    return rng.choice(
        (
            when.isoformat(),
            f"{roc}/{when.month}/{when.day}",
            f"{roc}.{when.month:02d}.{when.day:02d}",
            f"{roc}年{when.month}月{when.day}日",
            f"民國{roc}年{when.month}月{when.day}日".translate(FULL_WIDTH),
            f"{roc}{when.month:02d}{when.day:02d}",
        )
    )


def some_day(rng: random.Random, days: int) -> str:
    return day(rng, FIRST_DAY + timedelta(days=rng.randrange(days)))


def name(rng: random.Random, value: Value) -> str:
    return rng.choice(value.names)


def names(rng: random.Random, values: Sequence[Value], most: int) -> str:
    chosen = [name(rng, value) for value in rng.sample(values, rng.randint(0, most))]
    return rng.choice((";", "、", "；", "; ")).join(chosen)


def maybe(rng: random.Random, text: str, blank: str = "") -> str:
    return text if rng.random() < 0.8 else blank


def random_tables(rng: random.Random, missing: str) -> dict[str, Rows]:
    """Draw the tables of a case that can be read; one school's code stands at both levels."""
    schools = [(f"06460{n}", "elementary") for n in range(1, 4)]
    schools += [("064601", "junior_high"), ("193501", "junior_high")]
    ids = [f"A{n:03d}" for n in range(1, rng.randint(4, 9))]
    tables = {
        "schools": [
            ["school_id", "name", "district", "level", "disadvantage", "evaluation_programme"],
            *(_school(rng, code, level) for code, level in schools),
        ],
        "applications": [
            [
                "application_id", "school_id", "level", "title", "convener", "type", "methods",
                "members", "meetings", "requested", "partners", "fields", "submitted_on",
                "own_funds", "prior_outcome",
            ],
            *(_application(rng, own_id, *rng.choice(schools)) for own_id in ids),
        ],
        "reviews": _reviews(rng, ids, missing),
    }  # fmt: skip
    if rng.random() < 0.7:
        tables["budget_lines"] = _budget(rng, ids)
    if rng.random() < 0.7:
        tables["meetings"] = [
            ["application_id", "date", "topic"],
            *([rng.choice(ids), some_day(rng, 60), "備課"] for _ in range(rng.randint(1, 25))),
        ]
    return tables


def _school(rng: random.Random, code: str, level: str) -> list[str]:
    known = next(value for value in LEVELS if value.key == level)
    takes_part = rng.choice(("否", "no", "0", "N", "false", "是", "yes"))
    return [code, f"學校{code[-1]}{level[0]}", "中區", name(rng, known), "", takes_part]


def _application(rng: random.Random, own_id: str, code: str, level: str) -> list[str]:
    known = next(value for value in LEVELS if value.key == level)
    needed = code == "064601" or rng.random() < 0.3
    partners = [p for p in ("064602", "064603", "193501") if p != code and rng.random() < 0.3]
    return [
        own_id.translate(FULL_WIDTH) if rng.random() < 0.2 else own_id,
        code,
        name(rng, known) if needed else "",
        "社群",
        rng.choice(("王○明", "王○明、林○華", "", "Ann Lee", "王○明/林○華")),
        name(rng, rng.choice(TYPES)),
        names(rng, METHODS, 3),
        maybe(rng, number(rng, rng.choice((0, 2, 3, 5, 6, 9, 1200))), rng.choice(("", "-"))),
        maybe(rng, number(rng, rng.choice((4, 5, 6, 7, 12)))),
        money(rng, rng.choice((40, 900, 3_000, 4_999, 5_000, 12_345))),
        rng.choice((";", "、")).join(partners),
        "",
        maybe(rng, some_day(rng, 20)),
        maybe(rng, money(rng, rng.choice((0, 1, 500, 1_527))), rng.choice(("", "-"))),
        maybe(rng, name(rng, rng.choice(OUTCOMES))),
    ]


def _reviews(rng: random.Random, ids: Sequence[str], missing: str) -> Rows:
    """Draw reviews by two to four of five reviewers, with a column a criterion or a mark a row."""
    wide: Rows = [["application_id", "reviewer", *CRITERIA]]
    for own_id in ids:
        panel = rng.sample("甲乙丙丁戊", rng.randint(2, 4))
        for at, reviewer in enumerate(panel):
            marks = [points(rng, full) for full in CRITERIA.values()]
            if at and rng.random() < 0.2:
                marks = [""] * 6  # a review is recused as a whole
                marks[rng.randrange(6)] = rng.choice(("迴避", "recused", " 迴避"))
            elif missing != "error" and rng.random() < 0.3:
                marks = [maybe(rng, mark, rng.choice(("", "-"))) for mark in marks]
            wide.append([own_id, f"委員{reviewer}", *marks])
    if rng.random() < 0.6:
        return wide
    keys = list(CRITERIA)
    long = [
        [own_id, reviewer, key, mark]
        for own_id, reviewer, *marks in wide[1:]
        for key, mark in zip(keys, marks, strict=True)
    ]
    rng.shuffle(long)
    return [["application_id", "reviewer", "criterion", "points"], *long]


def _budget(rng: random.Random, ids: Sequence[str]) -> Rows:
    rows = [["application_id", "item", "quantity", "unit_price", "amount"]]
    for _ in range(rng.randint(1, 4 * len(ids))):
        quantity = rng.choice(("1", "2", "4", "0.5", "1.25", "0.019100"))
        price = rng.choice((800, 1_600, 2_000, 333, 3_200))
        amount = rng.choice((int(Fraction(quantity) * price), 64, 250, 1_000))
        rows.append(
            [
                rng.choice(ids),
                name(rng, rng.choice(ITEMS)),
                maybe(rng, number(rng, quantity), rng.choice(("", "-"))),
                maybe(rng, money(rng, price)),
                money(rng, amount) if amount else "-",
            ]
        )
    return rows


def long_decimal(rng: random.Random, low: int, high: int) -> str:
    """Draw a number of a policy, of few digits or of many, or a fraction that has no decimals."""
    whole = rng.randint(low, high)
    drawn = rng.choice((0, 0, 1, 3, 9, 17, 18))
    return rng.choice(
        (f"{whole}.{rng.randrange(10**drawn):0{drawn}d}".rstrip("."), f"{3 * whole + 1}/3")
    )


def random_document(rng: random.Random, missing: str) -> dict[str, Any]:
    """Draw a policy with every screen there is, each with keys of its own."""
    actions = ("refusal", "flag")
    methods = [rng.choice(value.names[:2]) for value in rng.sample(METHODS, 5)]
    screens = [
        {"kind": "programme"},
        {"kind": "types", "accepted": [name(rng, value) for value in rng.sample(TYPES, 3)]},
        {"kind": "methods", "accepted": methods, "minimum": rng.randint(0, 2)},
        {"kind": "convener"},
        {"kind": "meetings", "minimum": rng.randint(0, 6)},
        {"kind": "deadline", "first": "2014-01-03", "last": "2014-01-15"},
        {"kind": "joint"},
        {"kind": "prior_outcome"},
        {"kind": "own_funds", "least_share": rng.choice(("0%", "10%", "1/3", "33.3333333333333%"))},
    ]
    clauses = [{**s, "action": rng.choice(actions)} for s in screens if rng.random() < 0.25]
    clauses += [
        {"kind": "members", "minimum": rng.randint(0, 4), "recommended": rng.randint(3, 8)},
        {"kind": "school_cap", "amount": rng.choice((3_000, 5_000))},
        {"kind": "fixed", "fund": ["A001"], "reason": "第 3 次會議", "decided_by": "局長"},
        {
            "kind": "budget_lines",
            "action": rng.choice(("cut", "cut", "refusal", "flag")),
            "external_hours": long_decimal(rng, 1, 2),
            "internal_rate": long_decimal(rng, 500, 900),
            "premium_rate": rng.choice(("2%", "1.91%", "0.019099999999999999")),
            "misc_share": rng.choice(("5%", "1/3", "100%")),
        },
    ]  # fmt: skip
    rng.shuffle(clauses)
    return {
        "plan": {"period": ["2014-01-05", "2014-02-20"]},
        "pool": {"amount": 60_000, "unit": rng.choice((1, 100, 500))},
        "review": {
            "criteria": CRITERIA,
            "reviewers": 1,
            "aggregate": rng.choice(("mean", "median", "trimmed_mean")),
            "missing": missing,
            "trim": rng.randint(1, 2),
            "direction": rng.choice(("higher_is_better", "higher_is_better", "lower_is_better")),
            "lowest": rng.choice((0, 0, "0.1")),
            "severity": rng.choice(("none", "none", "additive")),
            "minimum_merit": rng.choice((0, long_decimal(rng, 60, 85))),
            "minimum_points": rng.choice(({}, {"budget": long_decimal(rng, 5, 8)})),
        },
        "award": rng.choice(
            (
                {"mode": "full"},
                {"mode": "partial", "least_share": rng.choice(("1/3", "66.6666666666666667%"))},
                {"mode": "graded", "grades": [[long_decimal(rng, 75, 85), "100%"], [70, "1/3"]]},
            )
        ),
        "clause": clauses[: rng.randint(1, len(clauses))],
    }


def random_paper(rng: random.Random, folder: Path) -> Case:
    """Write a random case to files of a random kind, and read it."""
    missing = rng.choice(("error", "criterion_mean", "rescale", "zero"))
    policy = make_policy(random_document(rng, missing))
    tables = random_tables(rng, missing)
    tables = in_chinese(tables) if rng.random() < 0.5 else tables
    form = rng.choice(("utf-8", "utf-8-sig", "utf-16", "xlsx", "ods"))
    if form in ("xlsx", "ods"):
        place = {"xlsx": write_xlsx, "ods": write_ods}[form](folder / f"case.{form}", tables)
    else:
        place = write(folder / "case", tables, form, rng.choice((",", "\t")))
    records, sources = read_records(place, policy.settings)
    return Case(records, policy, sources)
