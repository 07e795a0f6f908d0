"""The seal and the digest of a case: the same for the same content, another for any other."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import zipfile
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from helpers.places import ROOT
from helpers.results import small_allocation, small_case
from helpers.rounds import random_case

from optimizer.case.case import Case, read_case
from optimizer.case.digest import CaseContent
from optimizer.new import new_case
from optimizer.pipe import allocate
from optimizer.policy.changes import Changes
from optimizer.problems.errors import InfeasibleError, UsageError
from optimizer.reading.any_file import read_table
from optimizer.report import write_result
from optimizer.report.csv_tables import to_csv
from optimizer.report.summary import MadeBy
from optimizer.result.allocation import Allocation
from optimizer.result.seal import ALPHABET, spell
from optimizer.tables.reviews import Reviews
from optimizer.verify.plain_seal import plain_seal, read_seal, spelled
from optimizer.verify.remake import compare
from optimizer.verify.reread import ResultTable, read_csv
from optimizer.verify.same_file import places
from optimizer.verify.verification import Uncompared
from optimizer.verify.verify import verify_result


def by_hand(allocation: Allocation, awards: ResultTable) -> str:
    """Work the seal out in the plain way, from the table of awards as it stands in a file."""
    scores, solution = allocation.scored.scores, allocation.solution
    merit = [Fraction(int(m), scores.denominator) for m in scores.merit]
    return plain_seal(allocation.case, awards, merit, solution.steps, solution.drawn)


def written(allocation: Allocation, folder: Path) -> ResultTable:
    (folder / "awards.csv").write_bytes(to_csv(allocation.awards))
    table = read_csv(folder, "awards.csv", [])
    assert table is not None
    return table


# ---- what makes no difference --------------------------------------------------------------------


def test_row_order_encoding_format_language_and_solver_make_no_difference(tmp_path: Path) -> None:
    said = []
    for kind in ("csv", "xlsx", "ods"):
        new_case(tmp_path / kind, example=True, format=kind)
        said.append(read_case(tmp_path / kind).content)
    write_backwards(tmp_path / "csv")
    said.append(read_case(tmp_path / "csv").content)
    assert [content.tables for content in said] == [said[0].tables] * 4
    case = small_case()
    ways = [allocate(case, solver=s, language=n) for s, n in WAYS]
    assert {way.seal for way in ways} == {ways[0].seal}


WAYS: list[tuple[str, Any]] = [("auto", "zh-TW"), ("auto", "en"), ("highs", "en"), ("cbc", "zh-TW")]


def write_backwards(folder: Path) -> None:
    """Write every table of a folder backwards, in Big5."""
    for path in folder.glob("*.csv"):
        frame = read_table(path).to_frame().iloc[::-1]
        path.write_bytes(frame.to_csv(index=False, lineterminator="\r\n").encode("cp950"))


def test_defaults_written_out_and_other_spellings_of_a_number_make_no_difference() -> None:
    plain, spelled_out = (
        small_case(),
        small_case(
            pool={"amount": 4_100, "unit": 100, "contingency": 0},
            review={"minimum_merit": "70.00", "aggregate": "mean"},
        ),
    )
    assert plain.content.policy == spelled_out.content.policy


@pytest.mark.slow
def test_the_seal_is_the_same_in_a_fresh_process(tmp_path: Path) -> None:
    script = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from helpers.results import small_allocation\n"
        "from optimizer.verify.remake import remake\n"
        "from optimizer.report.summary import MadeBy\n"
        "from hashlib import sha256\n"
        "a = small_allocation()\n"
        "made = remake(a, ['workbooks', 'report'], MadeBy.here())\n"
        "print(a.summary['seal'], sorted((n, sha256(d).hexdigest()) for n, d in made.items()))\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": language},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone, language in (("1", "Asia/Taipei", "C"), ("2", "America/Lima", "C.UTF-8"))
    ]
    assert said[0] == said[1] and len(said[0]) > 500


# ---- what does -----------------------------------------------------------------------------------


def test_any_cell_of_any_table_makes_another_content(example: Path) -> None:
    given = read_case(example)
    few = {n: getattr(given.records, n).head(40) for n in ("budget_lines", "meetings")}
    few["reviews"] = given.records.reviews.taken(slice(7))
    case = replace(given, records=replace(given.records, **few))
    ids = case.records.applications["application_id"].tolist()
    rng = random.Random(7)
    for name in ("schools", "applications", "reviews", "budget_lines", "meetings"):
        frame: pd.DataFrame = case.marks if name == "reviews" else getattr(case.records, name)
        for column in frame.columns:
            if column in ("row", "school"):
                continue
            other = frame.astype({column: object})
            at = rng.randrange(len(other))
            if name == "reviews" and column in ("application_id", "criterion"):
                other.loc[at, column] = next(v for v in frame[column] if v != frame[column][at])
            else:
                other.loc[at, column] = _other(frame[column].iloc[at])
            made: Any = other
            if name == "reviews":
                made = Reviews.from_table(other, ids, case.records.reviews.criteria)
            now = CaseContent(replace(case.records, **{name: made}), case.policy)
            differ = [
                (t.name, [c for c in t.columns if t.columns[c] != was.columns[c]])
                for t, was in zip(now.tables, case.content.tables, strict=True)
                if t.sha256 != was.sha256
            ]
            assert name in [table for table, _ in differ], (name, column)


def _other(value: Any) -> Any:
    if isinstance(value, str | tuple):
        return (*value, "x") if isinstance(value, tuple) else value + "x"
    return "x" if value is None or value is pd.NA else _number(value)


def _number(value: Any) -> Any:
    if hasattr(value, "year"):
        return value.replace(year=2001)
    return not value if isinstance(value, bool | np.bool_) else int(value) + 1


@pytest.mark.parametrize("seed", range(15))
def test_allocating_leaves_the_case_as_it_was(seed: int) -> None:
    case = random_case(random.Random(seed))
    before = CaseContent(case.records, case.policy)
    assert before.tables and before.policy  # worked out now, not afterwards
    with suppress(InfeasibleError):
        allocate(case)
    assert CaseContent(case.records, case.policy) == before


@pytest.mark.parametrize("seed", range(25))
def test_the_plain_way_gives_the_same_seal(seed: int, tmp_path: Path) -> None:
    case = random_case(random.Random(seed))
    try:
        allocation = allocate(case)
    except InfeasibleError:
        return
    table = written(allocation, tmp_path)
    assert by_hand(allocation, table) == allocation.seal
    for column in ("rank", "status", "award", "certainty"):
        at = table.header.index(column)
        rows = [list(row) for row in table.rows]
        rows[0][at] += "1"
        other = replace(table, rows=tuple(map(tuple, rows)))
        assert by_hand(allocation, other) != allocation.seal


def test_the_plain_way_gives_the_same_seal_of_the_example(example: Path, tmp_path: Path) -> None:
    allocation = allocate(read_case(example))
    assert by_hand(allocation, written(allocation, tmp_path)) == allocation.seal


# ---- on paper ------------------------------------------------------------------------------------


def test_a_seal_is_read_however_it_was_written_down() -> None:
    seal = small_allocation().seal
    assert len(seal) == 29 and set(seal) <= set(ALPHABET) | {"-"}
    for paper in (seal.lower(), seal.replace("-", ""), seal.replace("-", " "), f" {seal} "):
        assert read_seal(paper) == seal
    confused = seal.replace("0", "O").replace("1", "l")
    assert read_seal(confused) == seal
    assert read_seal(seal.translate({ord(c): ord(c) + 0xFEE0 for c in seal})) == seal
    for wrong in ("", seal[:-1], seal + "0", seal.replace(seal[0], "U"), "é" * 25):
        assert read_seal(wrong) is None


def test_both_spellings_of_a_hash_agree() -> None:
    rng = random.Random(1)
    for _ in range(200):
        data = rng.randbytes(32)
        assert spell(data.hex()) == spelled(data)


def test_a_seal_from_paper_is_held_against_the_result(tmp_path: Path) -> None:
    allocation = small_allocation()
    write_result(allocation, tmp_path / "out", parts=[])
    seal = allocation.summary["seal"]
    assert verify_result(tmp_path / "out", small_case(), seal=seal.lower()) == []
    other = seal[:-1] + ("0" if seal[-1] != "0" else "2")
    (found,) = verify_result(tmp_path / "out", small_case(), seal=other)
    assert (found.code, found.value) == ("seal", other) and seal in found.expected.en
    with pytest.raises(UsageError):
        verify_result(tmp_path / "out", small_case(), seal="not a seal")


# ---- changed in memory ---------------------------------------------------------------------------


def more_money(case: Case) -> Case:
    return case.under(case.policy.changed(Changes({"pool.amount": 600_000})))


def another_request(case: Case) -> Case:
    table = case.records.applications.copy()
    table.loc[3, "requested"] += 100
    return replace(case, records=replace(case.records, applications=table))


def another_policy(case: Case) -> Case:
    return replace(case, policy=case.policy.changed(Changes({"draw.seed": "other"})))


def without_meetings(case: Case) -> Case:
    return replace(case, records=replace(case.records, meetings=None))


CHANGED = {
    more_money: ([], ["pool.amount"]),
    another_request: ([("applications", ["requested"])], []),
    another_policy: ([], ["draw.seed"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGED)
def test_what_was_changed_in_memory_is_told_and_found(
    change: Any, example: Path, tmp_path: Path
) -> None:
    given = change(read_case(example))
    assert given.records.settings is given.policy.settings
    allocation = allocate(given)
    tables, keys = CHANGED[change]
    told = allocation.summary["changes"]
    assert [(t["name"], t["columns"]) for t in told["tables"]] == tables
    assert [k["key"] for k in told["policy"]] == keys
    write_result(allocation, tmp_path / "out", parts=[])
    assert verify_result(tmp_path / "out", given, quick=True) == []
    found = verify_result(tmp_path / "out", read_case(example), quick=True)
    places = {(p.file, p.column) for p in found}
    assert {(name, ", ".join(columns)) for name, columns in tables} <= places
    assert {("policy.toml", key) for key in keys} <= places


def test_a_policy_changed_in_memory_has_its_old_and_new_values(example: Path) -> None:
    told = allocate(more_money(read_case(example))).summary["changes"]
    assert told["policy"] == [{"key": "pool.amount", "was": "590000", "value": "600000"}]


def test_a_case_as_its_files_say_has_no_changes(example: Path) -> None:
    """Also that no clause writes into the tables: one did, into the number of meetings."""
    assert allocate(read_case(example)).summary["changes"] == {"tables": [], "policy": []}


def test_a_case_made_in_memory_says_that_nobody_knows_of_files() -> None:
    case = random_case(random.Random(3))
    assert case.as_read is None and allocate(case).summary["changes"] is None


# ---- what is and is not shown --------------------------------------------------------------------


def test_what_other_versions_drew_is_not_vouched_for(tmp_path: Path) -> None:
    data, other = b"<svg><path d='M 1 1'/></svg>", b"<svg><path d='M 9 1'/></svg>"
    near = b"<svg><path d='M 1.001 1'/></svg>"
    assert places("a.svg", data, near) == [] and places("a.svg", data, other) is None
    assert places("a.svg", data, b"<svg/>") is None
    (tmp_path / "a.svg").write_bytes(other)
    here = MadeBy.here()
    older = replace(here, versions={**here.versions, "matplotlib": "3.0"})
    said = compare(tmp_path, {"a.svg": data}, older)
    assert (said.problems, said.uncompared) == ([], [Uncompared("a.svg", by_content=False)])
    assert [p.code for p in compare(tmp_path, {"a.svg": data}, here).problems] == ["bytes"]


def test_what_other_versions_wrote_must_still_say_the_same(tmp_path: Path) -> None:
    write_result(small_allocation(), tmp_path / "out", parts=["workbooks", "report"])
    edits = {
        "awards.ods": ("content.xml", "礫埕", "他"),
        "awards.xlsx": ("xl/sharedStrings.xml", "礫埕", "他"),
        "report.html": ("", "礫埕國小", "他校"),
    }
    for name, (member, old, new) in edits.items():
        right = (tmp_path / "out" / name).read_bytes()
        if name == "report.html":
            wrong = right.replace(old.encode(), new.encode(), 1)
        else:
            wrong = repacked(right, member, old, new)
        found = places(name, wrong, right)
        assert found and (old in found[0].expected or new in found[0].value), name
    assert (
        places("awards.ods", repacked(right_ods(tmp_path), "", "", ""), right_ods(tmp_path)) == []
    )


def right_ods(folder: Path) -> bytes:
    return (folder / "out" / "awards.ods").read_bytes()


def repacked(data: bytes, member: str, old: str, new: str) -> bytes:
    """Pack an archive anew, without compression, with one part changed."""
    page = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(page, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            change = content.replace(old.encode(), new.encode(), 1)
            target.writestr(name, change if name == member else content)
    return page.getvalue()
