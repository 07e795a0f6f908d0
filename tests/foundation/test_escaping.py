"""Text that a spreadsheet might run: harmless in every file, and read back as it was everywhere."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from helpers.results import SCHOOLS, edit_rows, reseal
from helpers.rounds import make_case
from hypothesis import example, given, settings, strategies as st

from optimizer.case.case import Case, read_case
from optimizer.foundation.escaping import DANGEROUS, escape, harmless, unescape
from optimizer.invented.generate import generate_round
from optimizer.new.case_folder import to_csv as form_to_csv
from optimizer.new.forms import Form
from optimizer.pipe import allocate
from optimizer.problems.errors import CaseError
from optimizer.reading.any_file import parse_table
from optimizer.reading.layout import lay_out_plain
from optimizer.reading.raw_table import trim
from optimizer.report import write_result
from optimizer.report.csv_tables import to_csv
from optimizer.report.view import replay
from optimizer.tables.schema import APPLICATIONS
from optimizer.verify.reread import read_csv
from optimizer.verify.verify import verify_result
from optimizer.workbooks.cell_text import legal
from optimizer.workbooks.ods import write_ods
from optimizer.workbooks.sheet import CellKind, Sheet, SheetColumn
from optimizer.workbooks.xlsx import write_xlsx

HOSTILE = ("-A01", "+A02", "=A03", "@A04", "'-A01", "''=A03", "＝A05", "'A06", "-7", "A08")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NASTY = st.one_of(
    TEXT,
    st.builds("{}{}{}".format, st.sampled_from(["", "'", "''"]), st.sampled_from(sorted(DANGEROUS)), TEXT),
)  # fmt: skip


@given(NASTY, NASTY)
@example("-A", "'-A")
@example("'=", "''=")
def test_escaping_is_undone_and_tells_all_texts_apart(text: str, other: str) -> None:
    assert unescape(escape(text)) == text
    assert harmless(escape(text)) and escape(text)[:1] not in DANGEROUS
    assert (escape(text) == escape(other)) == (text == other)


# ---- every writer, and the program's own readers ------------------------------------------------


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def _a_result(texts: list[str]) -> bytes:
    return to_csv(pd.DataFrame({"title": texts, "award": range(-1, len(texts) - 1)}))


def _a_comparison(texts: list[str]) -> bytes:
    return to_csv(
        pd.DataFrame(
            {
                "title": pd.Series(texts, dtype="str"),
                "award: x": pd.Series(range(-1, len(texts) - 1), dtype="Int64"),
            }
        )
    )


def _a_new_case(texts: list[str]) -> bytes:
    columns = (APPLICATIONS.column("title"), APPLICATIONS.column("requested"))
    rows = tuple((text, str(n)) for n, text in enumerate(texts, start=-1))
    return form_to_csv(Form(APPLICATIONS, columns, rows, "en"))


def _an_invented_round(texts: list[str]) -> bytes:
    from optimizer.invented.generate import _csv

    return _csv(pd.DataFrame({"title": texts, "requested": range(-1, len(texts) - 1)})).encode()


WRITERS: dict[str, Callable[[list[str]], bytes]] = {
    "result": _a_result,
    "comparison": _a_comparison,
    "new case": _a_new_case,
    "invented round": _an_invented_round,
}


@pytest.mark.parametrize("writer", WRITERS)
@settings(max_examples=30, deadline=None)
@given(st.lists(NASTY, min_size=1, max_size=5))
def test_a_csv_is_harmless_and_read_back_as_it_was(writer: str, texts: list[str]) -> None:
    data = WRITERS[writer](texts)
    rows = _rows(data)
    assert all(harmless(cell) for row in rows for cell in row)
    assert [unescape(row[0]) for row in rows[1:]] == texts
    assert [row[1] for row in rows[1:]] == [str(n) for n in range(-1, len(texts) - 1)]
    filled = [text for text in texts if text.strip()]
    if filled:
        raw = parse_table("applications.csv", WRITERS[writer](filled), APPLICATIONS)
        assert [raw.columns[0].texts[c] for c in raw.columns[0].codes] == [*map(trim, filled)]


def test_a_large_file_is_read_as_a_small_one() -> None:
    rows = [[escape(HOSTILE[n % len(HOSTILE)]), str(n)] for n in range(9_000)]
    text = "title,requested\n" + "".join(f"{a},{b}\n" for a, b in rows)
    raw = lay_out_plain("x.csv", text, ",", None, "utf-8")
    assert raw is not None
    assert [raw.columns[0].at(n) for n in range(10)] == list(HOSTILE)


@settings(max_examples=20, deadline=None)
@given(st.lists(NASTY.filter(lambda text: text.strip()), min_size=1, max_size=4))
@example(["=1+1", "'=1+1", "-A01", "  a  b", "a\tb"])
def test_workbooks_hold_text_as_it_is_and_no_formula(texts: list[str]) -> None:
    import tempfile

    columns = (SheetColumn(CellKind.TEXT, "title", 34), SheetColumn(CellKind.LONG, "note", 34))
    sheet = Sheet("s", columns, tuple((legal(t), legal(t)) for t in texts))
    with tempfile.TemporaryDirectory() as place:
        xlsx, ods = Path(place) / "a.xlsx", Path(place) / "a.ods"
        write_xlsx([sheet], xlsx)
        write_ods([sheet], ods)
        cells = [row[0] for row in openpyxl.load_workbook(xlsx)["s"].iter_rows(min_row=2)]
        assert not [cell for cell in cells if cell.data_type == "f"]
        dangerous = [cell for cell in cells if str(cell.value)[:1] in DANGEROUS]
        assert all(cell.quotePrefix for cell in dangerous)
        for path in (xlsx, ods):
            raw = parse_table(path.name, path.read_bytes(), None)
            read = [raw.columns[0].texts[c] for c in raw.columns[0].codes]
            wanted = [trim(_lines(legal(text))) for text in texts]
            assert [_lines(text) for text in read] == [text for text in wanted if text]


def _lines(text: str) -> str:
    """Return a text with one kind of line end, as XML keeps no other."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


# ---- a round with such ids, from end to end -----------------------------------------------------


def hostile_case(seed: str = "seed") -> Case:
    applications = [
        {"application_id": i, "school_id": SCHOOLS[n % 3]["school_id"], "merit": 80,
         "requested": 1_000, "members": 6, "type": "grade", "title": f"{i} ="}
        for n, i in enumerate(HOSTILE)
    ]  # fmt: skip
    return make_case(
        applications,
        SCHOOLS,
        pool={"amount": 4_000, "unit": 100},
        draw={"seed": seed},
        clause=[{"kind": "school_cap", "amount": 2_000}],
        priority=[{"kind": "merit"}],
    )


def test_a_result_with_hostile_ids_is_verified_and_its_draw_replayed(tmp_path: Path) -> None:
    seed = "=種子 '-\"\\\t"
    case = hostile_case(seed)
    allocation = allocate(case)
    write_result(allocation, tmp_path / "out", parts=["report"])
    assert verify_result(tmp_path / "out", case) == []
    found: list[object] = []
    table = read_csv(tmp_path / "out", "awards.csv", found)  # type: ignore[arg-type]
    assert not found and table is not None
    assert set(table.column("application_id")) == set(HOSTILE)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-X", "utf8", "-c", replay(seed)],
        cwd=tmp_path / "out", capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    ids = allocation.scored.round.ids
    assert done.stdout.splitlines() == [ids[int(a)] for a in allocation.draw_order]
    assert replay(seed) in _shown(tmp_path / "out" / "report.html")


def _shown(page: Path) -> str:
    import html

    return html.unescape(page.read_text("utf-8"))


def test_an_escape_taken_off_is_a_finding(tmp_path: Path) -> None:
    case = hostile_case()
    write_result(allocate(case), tmp_path / "out", parts=[])

    def bare(rows: list[list[str]]) -> None:
        rows[1:] = [["=A03" if cell == "'=A03" else cell for cell in row] for row in rows[1:]]

    edit_rows(tmp_path / "out", "awards.csv", bare)
    reseal(tmp_path / "out")
    assert {p.code for p in verify_result(tmp_path / "out", case)} == {"dangerous"}


def test_a_case_that_this_program_wrote_is_read_with_its_own_ids(tmp_path: Path) -> None:
    made = generate_round(applications=10, schools=8, districts=3, seed=1)
    names = dict(zip(made.applications["application_id"], HOSTILE, strict=True))
    for name in ("applications", "reviews", "budget_lines", "meetings"):
        table = getattr(made, name)
        mapped = table.assign(application_id=table["application_id"].map(names))
        made = replace(made, **{name: mapped})
    made.write(tmp_path / "case")
    case = read_case(tmp_path / "case")
    assert set(case.records.applications["application_id"]) == {
        i.replace("＝", "=") for i in HOSTILE
    }
    write_result(allocate(case), tmp_path / "out", parts=[])
    assert verify_result(tmp_path / "out", case) == []


def test_two_ids_that_become_one_are_refused(tmp_path: Path) -> None:
    made = generate_round(applications=2, schools=4, districts=2, seed=1)
    made.write(tmp_path / "case")
    path = tmp_path / "case" / "applications.csv"
    text = path.read_text("utf-8").replace("A001,", "-A,").replace("A002,", "'-A,")
    path.write_text(text, "utf-8")
    with pytest.raises(CaseError, match="-A"):
        read_case(tmp_path / "case")
