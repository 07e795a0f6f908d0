"""The second, plain reading: it agrees with the first, and whatever is planted in one is found."""

from __future__ import annotations

import ast
import os
import pickle
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from checks.screens import BUDGET, RANDOM_KEYS, SCREENS, random_line, random_round, said_by
from checks.twice import differences, papers_agree
from helpers.files import settings, tables, write, write_ods, write_xlsx
from helpers.paper import long_decimal
from helpers.places import ROOT
from helpers.results import small_case
from helpers.rounds import make_case, random_case, scored_of, with_budget, with_meetings

import optimizer.result.certify
from optimizer.case.case import Case, read_case
from optimizer.clauses import Clause, Finding, registry
from optimizer.clauses.base import Rounded, Ruling
from optimizer.clauses.minimum_merit import MinimumMerit
from optimizer.language.text import Text
from optimizer.pipe import allocate
from optimizer.plain import read_papers, scores_of
from optimizer.plain.cells import UnreadableError, day, number
from optimizer.policy.parse import adapter
from optimizer.policy.policy import make_policy
from optimizer.problems.errors import AuditError, Problem, Severity
from optimizer.reading import read_records
from optimizer.recheck import disagreements, recheck
from optimizer.recheck.disagreements import unlike
from optimizer.recheck.judge import judge
from optimizer.recheck.sentences import is_true
from optimizer.report import write_result
from optimizer.scoring.score import Scored
from optimizer.scoring.screening import Remark
from optimizer.tables.originals import Original, Originals
from optimizer.tables.round import Round
from optimizer.verify.verify import verify_result

PACKAGE = ROOT / "optimizer"
CASES = int(os.environ.get("SUBSIDY_RECHECK_CASES", "30"))
Kind = tuple[str, str]


# --- both readings agree ------------------------------------------------------------------------


def test_both_readings_of_random_files_agree(tmp_path: Path) -> None:
    refused: Counter[str] = Counter()
    for seed in range(CASES):
        folder = tmp_path / str(seed)
        folder.mkdir()
        papers_agree(seed, folder, refused)
    assert {"minimum_merit", "minimum_points", "members", "award", "nothing"} <= set(refused)


def test_both_readings_of_cases_made_in_memory_agree() -> None:
    for seed in range(CASES):
        rng = random.Random(f"memory{seed}")
        case = random_case(rng, mode=rng.choice((None, "full", "partial", "graded")))
        ids = list(case.records.applications["application_id"])
        if rng.random() < 0.5:
            lines = [(rng.choice(ids), *random_line(rng)) for _ in range(2 * len(ids))]
            case = with_budget(case, lines)
        if rng.random() < 0.5:
            days = {i: [f"2014-01-{rng.randint(1, 28):02d}" for _ in range(4)] for i in ids}
            case = with_meetings(case, days)
        document = {**case.policy.document, "plan": {"period": ["2014-01-05", "2014-01-20"]}}
        extra = [{"kind": "budget_lines"}, {"kind": "meetings", "name": "listed", "minimum": 2}]
        document["clause"] = [*document["clause"], *extra]
        assert differences(case.under(make_policy(document))) == [], seed


def test_given_merit_of_fifteen_decimals_agrees() -> None:
    for seed in range(CASES):
        rng = random.Random(f"given{seed}")
        merits = [long_decimal(rng, 60, 95) for _ in range(5)]
        case = make_case(
            [{"application_id": f"A{n}", "merit": merit} for n, merit in enumerate(merits)],
            review={"minimum_merit": long_decimal(rng, 60, 95)},
        )
        assert differences(case) == [], (merits, case.policy.settings.review)


def test_the_example_agrees(example: Path) -> None:
    case = read_case(example)
    assert differences(case) == []
    assert differences(pickle.loads(pickle.dumps(case))) == []


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_files_are_kept_as_they_stood(tmp_path: Path, form: str) -> None:
    make = {"xlsx": write_xlsx, "ods": write_ods}
    place = (
        make[form](tmp_path / f"c.{form}", tables()) if form in make else write(tmp_path, tables())
    )
    records, _ = read_records(place, settings(missing="zero"))
    assert records.originals is not None and records.originals.are_of(records)
    rows = list(records.originals.tables["reviews"][0].rows())
    assert [cell for cell in rows[1] if cell] == tables()["reviews"][1]
    assert set(records.originals.tables) == set(tables())
    papers = read_papers(records)
    assert papers.applications[2].requested == 5_000 and papers.applications[2].own_funds == 500
    assert papers.applications[1].submitted_on == day("2014-01-10")
    assert [review.recused for review in papers.applications[1].reviews] == [False, True]


def test_reviews_in_several_parts_are_read_together(example: Path) -> None:
    case = read_case(example)
    assert case.records.originals is not None
    whole = case.records.originals.tables
    header, *rows = whole["reviews"][0].rows()
    parts = tuple(
        Original(
            name,
            cells=tuple(
                (*row[:1], *row[2:]) for row in [header, *(r for r in rows if r[1] == name)]
            ),
            reviewer=name,
        )
        for name in sorted({row[1] for row in rows})
    )
    assert len(parts) > 1
    originals = Originals.of({**whole, "reviews": parts}, case.records)
    apart = replace(case, records=replace(case.records, originals=originals))
    assert read_papers(apart.records).applications[0].reviews[0].reviewer in {p.file for p in parts}
    assert differences(apart) == []


def test_what_was_changed_in_memory_is_read_from_memory(example: Path) -> None:
    case = read_case(example)
    frame = case.records.applications.copy()
    frame.loc[0, "members"] = 1
    changed = replace(case, records=replace(case.records, applications=frame))
    assert changed.records.originals is not None
    assert not changed.records.originals.are_of(changed.records)
    assert read_papers(changed.records).applications[0].members == 1
    assert differences(changed) == []


# --- screens are audited as rows are: written twice on purpose ----------------------------------


def ruled(rule: Clause, case: Case) -> list[list[Ruling]]:
    """Return what the audits of a rule say of each application."""
    papers = read_papers(case.records)
    scores = scores_of(papers, case.policy.settings.review)
    return [
        [
            *rule.audit_screen(application, papers),
            *rule.audit_merit(application, score, application.requested),  # units of 1, full
        ]
        for application, score in zip(papers.applications, scores, strict=True)
    ]


def agree(rule: Clause, case: Case, found: list[Finding], seen: set[str]) -> None:
    """Hold what a screen found against its audit, one application after another."""
    for row, rulings in enumerate(ruled(rule, case)):
        mine = [Remark(rule.label, "", f) for f in found if f.application == row]
        said = [(rule.label, ruling) for ruling in rulings]
        problems = list(unlike(f"A{row}", mine, said))
        assert not problems, (rule, problems[0].message.en)
        seen.update(str(one.finding.severity) for one in mine)
        seen.update(() if mine else ("nothing",))


def budgets(rng: random.Random) -> tuple[Clause, Case]:
    lines = [(f"A{n}", *random_line(rng)) for n in range(3) for _ in range(rng.randint(1, 6))]
    some = [line for line in lines if line[0] != "A2" or rng.random() < 0.8]
    applications = [
        {
            "application_id": own_id,
            "requested": sum(line[-1] for line in some if line[0] == own_id),
            "own_funds": rng.choice((0, 64)),
        }
        for own_id in ("A0", "A1", "A2")
    ]
    keys = {
        "action": rng.choice(("cut", "refusal", "flag")),
        "missing": rng.choice(("refusal", "flag")),
        "accepted": rng.choice((["外聘講師", "雜支", "printing"], [*NAMES])),
        "premium_rate": rng.choice(("2%", "1/47")),
        "misc_share": rng.choice(("5%", "1/3", "100%")),
        "external_rate": long_decimal(rng, 1, 1_700),
        "consultations": long_decimal(rng, 0, 2),
    }
    return adapter(registry()[BUDGET]).validate_python(keys), with_budget(
        make_case(applications), some
    )


NAMES = (
    "external_lecturer", "internal_lecturer", "consultation", "health_premium", "printing", "misc",
    "other",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("kind", SCREENS, ids="-".join)
def test_a_screen_agrees_with_its_audit(kind: Kind) -> None:
    seen: set[str] = set()
    for seed in range(60):
        rng = random.Random(f"twin{kind}{seed}")
        if kind == BUDGET:
            rule, case = budgets(rng)
        else:
            _, case = random_round(seed)
            rule = adapter(registry()[kind]).validate_python(RANDOM_KEYS[kind](rng))
        agree(rule, case, list(said_by_all(rule, case)), seen)
    assert "nothing" in seen and len(seen) > 1, "both outcomes must have been seen"
    if "action" in {key.name for key in registry()[kind].policy_keys()}:
        assert {"refusal", "flag"} <= seen


def said_by_all(rule: Clause, case: Case) -> list[Finding]:
    if len(case.records.applications) == 6:
        return said_by(rule, case)
    return list(rule.screen(case.records))


@pytest.mark.parametrize("kind", registry(), ids="-".join)
def test_a_rule_that_screens_has_an_audit_of_it(kind: Kind) -> None:
    rule = registry()[kind]
    for own, audit in (("screen", "audit_screen"), ("screen_merit", "audit_merit")):
        screens = getattr(rule, own) is not getattr(Clause, own)
        audited = getattr(rule, audit) is not getattr(Clause, audit)
        assert screens == audited, f"{rule.__name__}.{own} needs {audit}, written apart from it"


def test_audits_of_screens_do_not_look_at_the_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in SCREENS:
        rng = random.Random(str(kind))
        rule, case = budgets(rng) if kind == BUDGET else (None, random_round(0)[1])
        rule = rule or adapter(registry()[kind]).validate_python(RANDOM_KEYS[kind](rng))
        with monkeypatch.context() as patch:
            for name in ("screen", "screen_merit"):
                patch.setattr(type(rule), name, _forbidden)
            ruled(rule, case)


def _forbidden(*_: Any) -> Any:
    raise AssertionError("an audit must not look at what it checks")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_the_plain_reading_shares_nothing_with_the_first() -> None:
    definitions = {f"tables.{name}" for name in ("originals", "schema", "settings", "records")}
    for path in (PACKAGE / "plain").glob("*.py"):
        ours = {name.removeprefix("optimizer.") for name in imports(path) if "optimizer" in name}
        assert {name for name in ours if not name.startswith("plain.")} <= definitions, path.name
        others = {name.split(".")[0] for name in imports(path)}
        arrays = {"numpy"} if path.name == "in_memory.py" else {"numpy", "pandas"}
        assert not others & arrays, path.name


# --- whatever is planted is found ---------------------------------------------------------------


def planted(self: MinimumMerit, round_: Round) -> Iterator[Finding]:
    """Refuse by a product of 64 bits, which overflows where merit has many decimals."""
    with np.errstate(all="ignore"):
        product = round_.merit.astype(np.int64) * np.int64(self.points.denominator)
    below = product < self.points.numerator * round_.merit_denominator
    for a in np.flatnonzero(below):
        merit, least = float(round_.merit_of(int(a))), float(self.points)
        said = Text(f"審查分數 {merit} 未達 {least} 分", f"merit {merit} is below {least} points")
        yield Finding(int(round_.position[a]), Severity.REFUSAL, said, column="merit")


def as_pandas_writes() -> Case:
    """Return a case whose merits are those of a mean that pandas wrote."""
    merits = ("93.33333333333333", "80.5", "66.66666666666667")
    return make_case(
        [{"application_id": f"A{n}", "merit": m} for n, m in enumerate(merits, start=1)],
        pool={"amount": 2_000, "unit": 1_000},
        review={"minimum_merit": "66.667"},
        priority=[{"kind": "merit", "band": 1}],
    )


def test_a_planted_overflow_is_caught_by_four_independent_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = as_pandas_writes()
    write_result(allocate(case), tmp_path / "right", parts=[])
    assert verify_result(tmp_path / "right", case) == []
    assert list(allocate(case).awards["status"]) == ["funded", "funded", "ineligible"]

    monkeypatch.setattr(MinimumMerit, "screen_merit", planted)
    assert list(scored_of(case).round.ids) != ["A1", "A2"], "the overflow must be there"

    with pytest.raises(AuditError) as caught:  # 1: nothing passes certify
        allocate(case)
    assert "A1" in {problem.application_id for problem in caught.value.problems}

    with monkeypatch.context() as patch:  # 2: verify finds it in a result that passed
        patch.setattr(optimizer.result.certify, "recheck", lambda *_: [])
        write_result(allocate(case), tmp_path / "wrong", parts=[])
    for prove in (False, True):
        found = verify_result(tmp_path / "wrong", case, quick=not prove)
        assert any("A1" in problem.message.en for problem in found)

    rule = case.policy.clauses[1]  # 3: the screen's property
    assert isinstance(rule, MinimumMerit)
    with pytest.raises(AssertionError):
        agree(rule, case, list(said_by_everyone(rule, case)), set())

    for finding in said_by_everyone(rule, case):  # 4: the sentence itself, whoever is eligible
        shown = float(finding.message.en.split()[1])
        figures = (Rounded(Fraction(shown)), Rounded(rule.points))
        said = is_true(finding.message, Ruling(Severity.REFUSAL, figures, less=True))
        assert said == (shown < 66.667)


def said_by_everyone(rule: Clause, case: Case) -> Iterator[Finding]:
    review = {**case.policy.document["review"], "minimum_merit": 0}
    plain = make_policy({**case.policy.document, "review": review})
    yield from rule.screen_merit(scored_of(case.under(plain)).round)


def tampered(edit: Callable[[Scored], Scored]) -> list[Problem]:
    case = small_case()
    return recheck(case, edit(scored_of(case)))


def in_round(scored: Scored, name: str, more: int) -> Scored:
    values = getattr(scored.round, name).copy()
    values[0] += more
    return replace(scored, round=replace(scored.round, **{name: values}))


TAMPERINGS: dict[str, Callable[[Scored], Scored]] = {
    "merit": lambda s: replace(s, scores=replace(s.scores, merit=s.scores.merit + 1)),
    "competes": lambda s: in_round(s, "merit", 1),
    "denominator": lambda s: replace(s, scores=replace(s.scores, denominator=7)),
    "least": lambda s: in_round(s, "least", -100),
    "most": lambda s: in_round(s, "most", 100),
    "admissible": lambda s: replace(
        s, screened=replace(s.screened, allowed=s.screened.allowed + 1)
    ),
    "one refused": lambda s: replace(
        s,
        round=replace(
            s.round,
            position=s.round.position[1:],
            least=s.round.least[1:],
            most=s.round.most[1:],
            merit=s.round.merit[1:],
        ),
    ),
    "a refusal left out": lambda s: replace(
        s, remarks=tuple(r for r in s.remarks if r.clause != "minimum_merit")
    ),
    "a flag left out": lambda s: replace(
        s,
        remarks=tuple(r for r in s.remarks if r.finding.severity is not Severity.FLAG),
    ),
    "a refusal by another rule": lambda s: replace(
        s,
        remarks=tuple(
            replace(r, clause="members") if r.clause == "programme" else r for r in s.remarks
        ),
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_is_changed_after_screening_is_found(name: str) -> None:
    assert tampered(lambda scored: scored) == []
    found = tampered(TAMPERINGS[name])
    assert found and all(p.application_id and p.message.zh and p.message.en for p in found)


def test_every_figure_of_every_refusal_must_be_true() -> None:
    """Change each number of each sentence by one: the sentence is no longer true."""
    case, count = small_case(), 0
    for at, remark in enumerate(scored_of(case).remarks):
        message = remark.finding.message
        for place, letter in enumerate(message.en):
            if letter.isdigit():
                wrong = f"{message.en[:place]}{(int(letter) + 1) % 10}{message.en[place + 1 :]}"
                found = tampered(_with_sentence(at, Text(message.zh, wrong)))
                assert found, wrong
                count += 1
    assert count > 5


def _with_sentence(at: int, message: Text) -> Callable[[Scored], Scored]:
    def edit(scored: Scored) -> Scored:
        remarks = list(scored.remarks)
        finding = replace(remarks[at].finding, message=message)
        remarks[at] = replace(remarks[at], finding=finding)
        return replace(scored, remarks=tuple(remarks))

    return edit


def test_a_misread_cell_is_found(example: Path) -> None:
    case = read_case(example)
    applications, originals = case.records.applications, case.records.originals
    assert originals is not None
    applications.loc[3, "requested"] += 100  # the file says otherwise
    records = replace(case.records, applications=applications)
    misread = replace(records, originals=Originals.of(originals.tables, records))
    case = replace(case, records=misread)
    found = recheck(case, scored_of(case))
    own_id = case.records.applications["application_id"][3]
    assert own_id in {problem.application_id for problem in found}
    with pytest.raises(AuditError):
        allocate(case)


APPLICATIONS: dict[str, tuple[Callable[[list[Any]], list[Any]], set[str]]] = {
    "one not read": (lambda judged: judged[1:], {"A1"}),
    "the last not read": (lambda judged: judged[:-1], {"A9"}),
    "none read": (lambda judged: [], {f"A{n}" for n in range(1, 10)}),
    "one read twice": (lambda judged: [*judged, judged[0]], {""}),
    "in another order": (lambda judged: [judged[1], judged[0], *judged[2:]], {""}),
}


@pytest.mark.parametrize("name", APPLICATIONS)
def test_both_readings_must_have_the_same_applications(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, named = APPLICATIONS[name]
    monkeypatch.setattr(disagreements, "judge", lambda *given: change([*judge(*given)]))
    found = tampered(lambda scored: scored)
    assert {problem.application_id for problem in found} == named
    assert all(problem.code == "recheck" for problem in found)


def test_a_cell_that_the_second_reading_cannot_read_is_found(example: Path) -> None:
    case = read_case(example)
    originals = case.records.originals
    assert originals is not None
    [table] = originals.tables["applications"]
    rows = [list(row) for row in table.rows()]
    rows[3][rows[0].index("requested")] = "5,000 or so"
    tables = {**originals.tables, "applications": (replace(table, cells=tuple(map(tuple, rows))),)}
    records = replace(case.records, originals=Originals.of(tables, case.records))
    [found] = recheck(replace(case, records=records), scored_of(case))
    assert (found.row, found.column, found.value) == (4, "requested", "5,000 or so")
    assert found.file == "applications.csv"


def test_impossible_is_not_said_of_a_misread_case(monkeypatch: pytest.MonkeyPatch) -> None:
    case = as_pandas_writes()
    document = {**case.policy.document, "clause": [{"kind": "fixed", "fund": ["A1"]}]}
    case = case.under(make_policy(document))
    assert allocate(case).decision.fund.tolist() == [True, True]
    monkeypatch.setattr(MinimumMerit, "screen_merit", planted)
    with pytest.raises(AuditError):
        allocate(case)


# --- cells and sentences ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１，５２７", 1527),
        ("NT$ 4,800元", 4800),
        (" 17.50 分", Fraction(35, 2)),
        (".5", Fraction(1, 2)),
        ("-", None),
        ("", None),
        ("93.33333333333333", Fraction(9333333333333333, 10**14)),
    ],
)
def test_a_number_is_read_plainly(text: str, value: Any) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["1e5", "85%", "十", "1_000", "3;4", "=1+1", "0x10"])
def test_what_is_no_number_stops_the_second_reading(text: str) -> None:
    with pytest.raises(UnreadableError):
        number(text)


@pytest.mark.parametrize(
    ("zh", "figures", "less", "true"),
    [
        ("成員 2 人，少於 3 人", (2, 3), True, True),
        ("成員 2 人，少於 3 人", (2, 4), True, False),
        ("成員 2 人，少於 3 人", (2,), False, False),
        ("少於 3 人", (2, 3), True, False),
        (
            "審查分數 83.33 未達 84 分",
            (Rounded(Fraction(250, 3)), Rounded(Fraction(84))),
            True,
            True,
        ),
        (
            "審查分數 83.34 未達 84 分",
            (Rounded(Fraction(250, 3)), Rounded(Fraction(84))),
            True,
            False,
        ),
        (
            "審查分數 70… 未達 70 分",
            (Rounded(Fraction("69.99999")), Rounded(Fraction(70))),
            True,
            False,
        ),
        ("103年1月9日送件", (day("2014-01-09"),), False, True),
        ("2014-01-08 送件", (day("2014-01-09"),), False, False),
        ("學校12 已參與", ("學校12",), False, True),
        ("學校13 已參與", ("學校12",), False, False),
    ],
)
def test_a_sentence_is_true_or_not(zh: str, figures: Any, less: bool, true: bool) -> None:
    assert is_true(Text(zh, zh), Ruling(Severity.REFUSAL, figures, less=less)) == true
