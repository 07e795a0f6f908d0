"""Rounds of participatory budgeting: what a .pb file says, exactly, and what is wrong with one."""

from __future__ import annotations

import itertools
import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from helpers.documented import check_documented
from helpers.places import ROOT
from hypothesis import given, settings, strategies as st

from optimizer import compare, read_case, read_scenarios
from optimizer.cli.app import app
from optimizer.pabulib import import_pb
from optimizer.pabulib.election import read_election
from optimizer.pabulib.sections import Complaints
from optimizer.pipe import allocate
from optimizer.problems.errors import CaseError, UsageError

TOWN = ROOT / "data/participatory/town.pb"


def written(meta: dict[str, Any], projects: list[list[Any]], votes: list[list[Any]], points: bool = False) -> str:  # fmt: skip
    """Write a file of these projects (id, cost) and votes (ids, points)."""
    every = {"num_projects": len(projects), "num_votes": len(votes), **meta}
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in every.items())]
    lines += ["PROJECTS", "project_id;cost", *(f"{own};{cost}" for own, cost in projects)]
    lines += ["VOTES", f"voter_id;vote{';points' if points else ''}"]
    for number, (named, *given_) in enumerate(votes, start=1):
        cells = [",".join(map(str, cell)) for cell in (named, *given_)]
        lines.append(";".join([str(number), *cells]))
    return "\n".join(lines) + "\n"


def scores(text: str) -> dict[str, Fraction]:
    return {p.project_id: p.score for p in read_election(text, Complaints("a.pb")).projects}


AB = [["a", 100], ["b", 200], ["c", 300]]
META: dict[str, Any] = {"budget": 400, "vote_type": "approval", "rule": "greedy"}


def test_approvals_are_counted() -> None:
    assert scores(written(META, AB, [["ab"], ["a"], [""]])) == {"a": 2, "b": 1, "c": 0}


def test_an_ordinal_vote_gives_bordas_points_from_the_greatest_length() -> None:
    votes = [["cab"], ["a"]]
    ordinal = {**META, "vote_type": "ordinal"}
    assert scores(written({**ordinal, "max_length": 3}, AB, votes)) == {"c": 3, "a": 5, "b": 1}
    assert scores(written({**ordinal, "max_length": 5}, AB, votes)) == {"c": 5, "a": 9, "b": 3}
    assert scores(written(ordinal, AB, votes)) == {"c": 3, "a": 5, "b": 1}  # all projects


def test_points_are_added_up_exactly() -> None:
    votes = [["ab", ["0.1", "3"]], ["ba", ["1", "0.2"]], ["aa", ["1", "1"]]]
    found = scores(written({**META, "vote_type": "cumulative"}, AB, votes, points=True))
    assert found == {"a": Fraction("2.3"), "b": 4, "c": 0}


def test_a_scoring_vote_gives_the_rest_their_usual_score() -> None:
    scoring = {**META, "vote_type": "scoring", "default_score": 1}
    found = scores(written(scoring, AB, [["ab", [5, -1]], ["c", [2]]], points=True))
    assert found == {"a": 6, "b": 0, "c": 3}


def test_the_town_is_read_allocated_and_compared(tmp_path: Path) -> None:
    made = import_pb(TOWN, tmp_path / "town")
    assert [path.name for path in made.files] == [
        "applications.csv", "policy.toml", "readings.toml", "schools.csv",
    ]  # fmt: skip
    check_documented(tmp_path / "town", "import pb")
    assert (made.amount, made.unit, made.scale) == (1_000_000, 10_000, 1)
    case = read_case(tmp_path / "town")
    table = case.records.applications.set_index("application_id")
    assert table.loc["3", "title"] == "老屋修繕工坊;第一期"
    assert table.loc["6", "fields"] == ("環境", "教育")
    assert list(case.records.schools["district"]) == ["東里", "西里", "西里", "東里", "南里", "南里", "北里"]  # fmt: skip
    assert case.records.applications["school_id"].is_unique  # no project has a sister
    assert not any("同校" in reason for reason in allocate(case).awards["reason"])
    awards = allocate(case).awards.set_index("application_id")["award"]
    assert [a for a, amount in awards.items() if amount] == ["1", "2", "5"]  # 3 and 4 do not fit
    found = compare(case, read_scenarios(tmp_path / "town" / "readings.toml"))
    lists = [o.allocation.awards for o in found.outcomes if o.allocation]
    funded = [set(t["application_id"][t["award"] > 0]) for t in lists]
    assert funded[1:] == [best(TOWN.read_text("utf-8"), 1), best(TOWN.read_text("utf-8"), 0)]


def best(text: str, per_money: int) -> set[str]:
    """Return the set of projects that is worth most, by trying all: the dearest of equal ones."""
    election = read_election(text, Complaints("a.pb"))
    lists = itertools.chain.from_iterable(
        itertools.combinations(election.projects, n) for n in range(len(election.projects) + 1)
    )
    fits = [one for one in lists if sum(p.cost for p in one) <= election.budget]
    worth = [
        (sum(p.score * p.cost**per_money for p in one), sum(p.cost for p in one)) for one in fits
    ]
    assert worth.count(max(worth)) == 1, "the draw would decide"
    return {p.project_id for p in fits[worth.index(max(worth))]}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"vote_type": "approval"}, "each gives a point to every project it names"),
        ({"vote_type": "ordinal"}, "Borda's points, 2 to the first"),
        ({"vote_type": "ordinal", "max_length": "7"}, "首位得 7 分"),
        ({"vote_type": "cumulative"}, "the sum of the points that the votes give."),
        ({"vote_type": "scoring", "default_score": "3"}, "does not name gets 3."),
    ],
)
def test_the_policy_says_how_a_ballot_becomes_merit(
    tmp_path: Path, more: dict[str, str], said: str
) -> None:
    file = tmp_path / "a.pb"
    points = more["vote_type"] in ("cumulative", "scoring")
    vote = [["ab", [1, 1]]] if points else [["ab"]]
    file.write_text(written({**META, **more}, [["a", 1], ["b", 1]], vote, points=points), "utf-8")
    import_pb(file, tmp_path / "a")
    assert said in (tmp_path / "a" / "policy.toml").read_text("utf-8")


def test_the_rule_greedy_is_what_its_steps_give(tmp_path: Path) -> None:
    """From the most votes down; what fits is funded. Rounds without equal scores, costs at random."""
    rng = random.Random(5)
    for number in range(12):
        points = rng.sample(range(1, 60), 7)
        projects = [[f"p{i}", rng.choice((70, 110, 130, 200, 260))] for i in range(7)]
        votes = [[[f"p{i}" for i in range(7)], points]]
        meta = {**META, "vote_type": "cumulative", "budget": rng.randint(200, 700)}
        file = tmp_path / f"{number}.pb"
        file.write_text(written(meta, projects, votes, points=True), "utf-8")
        import_pb(file, tmp_path / str(number))
        awards = allocate(read_case(tmp_path / str(number))).awards
        left, expected = meta["budget"], set()
        for _, (own, cost) in sorted(zip(points, projects, strict=True), reverse=True):
            if cost <= left:
                left -= cost
                expected.add(own)
        assert set(awards["application_id"][awards["award"] > 0]) == expected


IDS = st.lists(
    st.text("abcXYZ0189-_.=+@學校", min_size=1, max_size=6).filter(lambda s: s.strip("-_.=+@")),
    min_size=1, max_size=5, unique_by=str.casefold,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_what_a_round_says_is_what_the_case_says(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    ids = data.draw(IDS)
    cents = data.draw(st.sampled_from([1, 10, 100]))
    costs = [Fraction(data.draw(st.integers(1, 10**7)), cents) for _ in ids]
    votes = data.draw(st.lists(st.lists(st.sampled_from(ids), unique=True), max_size=6))
    projects = [[own, f"{float(cost):.2f}"] for own, cost in zip(ids, costs, strict=True)]
    folder = tmp_path_factory.mktemp("round")
    (folder / "a.pb").write_text(written(META, projects, [[one] for one in votes]), "utf-8")
    try:
        made = import_pb(folder / "a.pb", folder / "case")
    except CaseError as error:  # numbers that people would mix up: said, and nothing is written
        assert not (folder / "case").exists()
        assert error.problems
        return
    table = read_case(folder / "case").records.applications.set_index("application_id")
    for own, cost in zip(ids, costs, strict=True):
        assert table.loc[own, "requested"] == cost * made.scale
        assert table.loc[own, "merit"] == sum(own in one for one in votes)
        assert table.loc[own, "requested"] % made.unit == 0


GOOD = written(META, AB, [["ab"], ["a"]])
LINES = GOOD.splitlines()


def changed(line: int, text: str | None) -> str:
    """Return the good file with one line (from 1) replaced, or taken out."""
    rest = [] if text is None else [text]
    return "\n".join([*LINES[: line - 1], *rest, *LINES[line:]])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (GOOD, []),
        (changed(2, None), []),  # META has the same two columns always
        ("", [("missing_section", None)] * 3),
        ("hello", [("no_section", 1), *[("missing_section", None)] * 3]),
        (GOOD.partition("VOTES")[0], [("missing_section", None)]),
        (changed(5, None), [("missing_key", None)]),
        (changed(5, "budget;1,000"), [("not_an_amount", 5)]),
        (changed(5, "budget;-1"), [("not_an_amount", 5)]),
        (changed(5, "budget;1e9"), [("not_an_amount", 5)]),
        (changed(5, "budget;" + "9" * 40), [("not_an_amount", 5)]),
        (changed(4, "num_votes;3"), [("count_differs", 4)]),
        (changed(6, "vote_type;runoff"), [("vote_type", 6)]),
        (changed(6, "budget;7"), [("key_twice", 6), ("vote_type", None)]),
        (changed(9, "project_id;price"), [("missing_column", 9)]),
        (changed(9, "project_id;cost;cost"), [("column_twice", 9)]),
        (changed(10, "b;100"), [("id_twice", 11)]),
        (changed(10, ";100"), [("bad_id", 10)]),
        (changed(10, f"{'x' * 65};100"), [("bad_id", 10)]),
        (changed(10, "a;free"), [("not_an_amount", 10)]),
        (changed(10, "a;100;more"), [("too_many_cells", 10)]),
        (changed(15, "1;a,z,y"), [("unknown_project", 15)] * 2),
        (changed(15, "1;a,a"), [("named_twice", 15)]),
        (
            changed(15, "1;z").replace("b;200", "b;free"),
            [("not_an_amount", 11), ("unknown_project", 15)],
        ),
        (changed(15, '1;"a'), [("malformed", 15)]),
        (changed(16, "1;b"), [("voter_twice", 16)]),
        (
            changed(15, "1;a\n1;b\n1;c").replace("votes;2", "votes;4"),
            [("voter_twice", 16), ("voter_twice", 17)],
        ),
        (f"{GOOD}META\nkey;value\n", [("section_twice", 17)]),
    ],
)
def test_everything_wrong_is_said_with_its_line(
    tmp_path: Path, text: str, found: list[tuple[str, int | None]]
) -> None:
    file = tmp_path / "a.pb"
    file.write_text(text, "utf-8")
    if not found:
        assert import_pb(file, tmp_path / "case").projects == 3
        return
    with pytest.raises(CaseError) as error:
        import_pb(file, tmp_path / "case")
    assert sorted(map(str, found)) == sorted(str((p.code, p.row)) for p in error.value.problems)
    assert all(p.file == "a.pb" and p.message.zh != p.message.en for p in error.value.problems)
    assert list(tmp_path.iterdir()) == [file]
    first = error.value.problems[-1]
    assert first.row is None or f"第 {first.row} 行" in first.say("zh-TW")


# a limit of META, what it is of; a vote that meets it and one that does not (projects, points)
LIMITS: list[tuple[str, str, str, list[Any], list[Any]]] = [
    ("min_length", "2", "approval", ["ab"], ["a"]),
    ("max_length", "1", "approval", ["a"], ["ab"]),
    ("max_length", "1", "ordinal", ["b"], ["ba"]),
    ("min_sum_cost", "150", "approval", ["b"], ["a"]),
    ("max_sum_cost", "299", "approval", ["b"], ["ab"]),
    ("min_points", "1", "cumulative", ["ab", [1, 2]], ["ab", [2, "0.9"]]),
    ("max_points", "4", "scoring", ["ab", [4, 3]], ["ab", [3, "4.1"]]),
    ("min_sum_points", "3", "cumulative", ["ab", [2, 1]], ["ab", [1, 1]]),
    ("max_sum_points", "3", "cumulative", ["ab", [2, 1]], ["ab", [2, 2]]),
]


@pytest.mark.parametrize(("key", "bound", "kind", "good", "bad"), LIMITS)
def test_a_vote_that_breaks_the_files_own_limits_is_refused(
    key: str, bound: str, kind: str, good: list[Any], bad: list[Any], tmp_path: Path
) -> None:
    meta, points, file = {**META, "vote_type": kind, key: bound}, len(good) > 1, tmp_path / "a.pb"
    file.write_text(written(meta, AB, [good], points=points), "utf-8")
    import_pb(file, tmp_path / "case")
    file.write_text(text := written(meta, AB, [good, bad], points=points), "utf-8")
    with pytest.raises(CaseError) as error:
        import_pb(file, tmp_path / "case2")
    (problem,) = error.value.problems
    assert (problem.code, problem.row) == ("outside_limits", len(text.splitlines()))
    assert f"{key} = {bound}" in problem.expected.zh and f"{key} = {bound}" in problem.expected.en


def test_a_limit_that_is_no_number_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.pb").write_text(written({**META, "max_length": "three"}, AB, [["a"]]), "utf-8")
    with pytest.raises(CaseError) as error:
        import_pb(tmp_path / "a.pb", tmp_path / "case")
    assert [(p.code, p.column, p.value) for p in error.value.problems] == [
        ("not_a_number", "max_length", "three")
    ]


def test_a_hostile_line_ends_the_reading_at_once(tmp_path: Path) -> None:
    file = tmp_path / "a.pb"
    for line, code in ((";" * 5_000_000, "too_many_cells"), (f"1;{'a,' * 40_000}a", "named_twice")):
        file.write_text(changed(15, line), "utf-8")
        with pytest.raises(CaseError) as error:
            import_pb(file, tmp_path / "case")
        assert [(p.code, p.row) for p in error.value.problems] == [(code, 15)]


def test_whatever_stands_in_a_file_it_is_read_or_refused(tmp_path: Path) -> None:
    rng, whole, outcomes = random.Random(3), TOWN.read_bytes(), set()
    for number in range(150):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(data))
            piece = rng.choice(
                (b";", b"\n", b'"', b",", b"\xff", b"9", b"", b"-", b"\x00", b"=", b" ")
            )
            data[at : at + rng.randint(0, 2)] = piece
        file = tmp_path / "a.pb"
        file.write_bytes(bytes(data))
        try:
            import_pb(file, tmp_path / str(number))
            outcomes.add(True)
        except CaseError as error:
            assert error.problems
            assert not (tmp_path / str(number)).exists()
            outcomes.add(False)
    assert outcomes == {True, False}


def test_stated_votes_are_held_against_the_votes(tmp_path: Path) -> None:
    file = tmp_path / "a.pb"
    file.write_text(TOWN.read_text("utf-8").replace("2;380000;6;", "2;380000;7;"), "utf-8")
    with pytest.raises(CaseError) as error:
        import_pb(file, tmp_path / "case")
    [problem] = error.value.problems
    assert (problem.code, problem.column, problem.value) == ("tally_differs", "votes", "7")
    assert "6" in problem.expected.en


def test_what_is_no_file_of_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.pb").write_bytes("META\nkey;value\nunit;Kraków".encode("latin-1"))
    (tmp_path / "link.pb").symlink_to(TOWN)
    for name in ("latin.pb", "link.pb", "none.pb"):
        with pytest.raises(CaseError):
            import_pb(tmp_path / name, tmp_path / "case")
    with pytest.raises(UsageError):
        import_pb(TOWN, tmp_path)  # not empty
    assert not (tmp_path / "case").exists()


def test_a_title_cannot_steer_the_policy(tmp_path: Path) -> None:
    text = TOWN.read_text("utf-8").replace(
        "參與式預算（虛構示例）", '"""\\""]\n[pool]\namount = 1"'
    )
    text = text.replace("rule;greedy", "rule;x\x0b[award]").replace("河岸步道照明", "=1+1")
    (tmp_path / "a.pb").write_text(text, "utf-8")
    import_pb(tmp_path / "a.pb", tmp_path / "case")
    case = read_case(tmp_path / "case")
    assert case.policy.settings.pool.amount == 1_000_000
    assert case.policy.priorities[0].sentence() != ""
    assert "'=1+1" in (tmp_path / "case" / "applications.csv").read_text("utf-8-sig")


def test_the_command_says_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        app(["import", "pb", str(TOWN), "--out", str(tmp_path / "town"), "--json"])
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["files"] == [
        "applications.csv", "policy.toml", "readings.toml", "schools.csv",
    ]  # fmt: skip
