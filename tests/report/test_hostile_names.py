"""Names made to do harm, or hard to write, through everything the program writes: whole and harmless."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from helpers.results import small_case

from optimizer import allocate, generate, read_case, write_letters, write_result
from optimizer.foundation.escaping import unsteered
from optimizer.plots.lettering import drawable
from optimizer.report.page import render_report

NAMES = (
    "<script>alert(1)</script>國小",
    '=HYPERLINK("http://x","點我")國小',
    "@SUM(1)國小",
    "+1國小",
    "-1國小",
    "\u202e正反\u202c\u2067左右\u2069國小\u200f",
    "長" * 300,
    "堃峯喆瑠煊㵞國小",
    "a&b\"c'd國小",
    "]]>國小",
    "${x}{{y}}{% z %}國小",
    r"\$x^2\$國小",
)
STEERING = dict.fromkeys(map(ord, "\u202e\u202c\u2067\u2069\u200f"))
FORMULA = ("=", "+", "-", "@")


def with_names(file: Path, column: str) -> None:
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    table[column] = [NAMES[n % len(NAMES)] for n in range(len(table))]
    table.to_csv(file, index=False)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a whole result, and letters of all."""
    folder = tmp_path_factory.mktemp("hostile")
    generate(folder / "case", applications=14, schools=12, districts=3, with_tables=())
    with_names(folder / "case" / "schools.csv", "name")
    with_names(folder / "case" / "applications.csv", "title")
    with_names(folder / "case" / "applications.csv", "convener")
    allocation = allocate(read_case(folder / "case"))
    write_result(allocation, folder / "out")
    told = [allocation.explain(name) for name in allocation.awards["application_id"]]
    write_letters(allocation, told, folder / "letters")
    return folder


class Page(HTMLParser):
    """What a browser makes of a page: its elements, their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.acting: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.acting += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def cells(name: str, data: bytes) -> Iterator[str]:
    """Yield every text of a workbook; a formula would be an attribute or element of its own."""
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        for part in held.namelist():
            if not part.endswith(".xml"):
                continue
            for element in ElementTree.fromstring(held.read(part)).iter():
                kind = element.tag.partition("}")[2]
                assert kind not in ("hyperlink", "a"), (name, part)
                assert not any(key.endswith("}formula") for key in element.attrib), (name, part)
                if kind == "f":
                    assert not any(sign in (element.text or "") for sign in ("HYPER", "國小"))
                yield "".join(element.itertext())


def applying(folder: Path) -> list[str]:
    """Return the names of the schools that have an application, for there is a line for each."""
    schools, applications = (
        pd.read_csv(folder / "case" / f"{name}.csv", dtype=str)
        for name in ("schools", "applications")
    )
    names = list(schools[schools["school_id"].isin(applications["school_id"])]["name"])
    assert any(name.startswith(FORMULA) for name in names)
    return names


@pytest.mark.parametrize("file", ["out/awards.csv", "out/by_school.csv", "letters/telephone.csv"])
def test_tables_keep_names_and_run_none(file: str, written: Path) -> None:
    rows = list(csv.reader(io.StringIO((written / file).read_text("utf-8-sig"), newline="")))
    found = {cell for row in rows for cell in row}
    for given in applying(written) if file == "out/by_school.csv" else NAMES:
        name = given.translate(STEERING) if file.startswith("letters") else given  # to be read
        assert (f"'{name}" if name.startswith(FORMULA) else name) in found, name
    assert not [c for c in found if c.startswith(("=", "@", "+1國", "-1國"))]


@pytest.mark.parametrize(
    "file", ["out/awards.xlsx", "out/awards.ods", "letters/telephone.xlsx", "letters/telephone.ods"]
)
def test_workbooks_keep_names_as_text(file: str, written: Path) -> None:
    found = set(cells(file, (written / file).read_bytes()))
    for name in NAMES:
        assert name.translate(STEERING) in found, name
    assert not set("".join(found)) & set(map(chr, STEERING))


def test_the_report_shows_names_and_runs_its_own_script_alone(written: Path) -> None:
    page = Page((written / "out" / "report.html").read_text("utf-8"))
    assert (
        page.tags.count("script") == 4
    )  # its own, the list, the data that it checks, their fingerprints
    assert not page.acting
    for name in NAMES:
        assert name.translate(STEERING) in page.text, name
    assert not set(page.text) & set(map(chr, STEERING))
    data = page.text[page.text.index('{"') :]
    assert json.JSONDecoder().raw_decode(data)[0]


def test_letters_show_names_and_turn_no_text_around(written: Path) -> None:
    pages = [Page(p.read_text("utf-8")) for p in sorted((written / "letters").rglob("*.html"))]
    text = "".join(page.text for page in pages)
    assert pages and not any("script" in page.tags or page.acting for page in pages)
    for name in NAMES:
        assert name.translate(STEERING) in text, name
    assert not set(text) & set(map(chr, STEERING))
    odts = [set(cells(p.name, p.read_bytes())) for p in (written / "letters").rglob("*.odt")]
    told = "".join("".join(of) for of in odts)
    for name in NAMES:
        assert name.translate(STEERING) in told, name


def test_figures_hold_no_text_that_could_act(written: Path) -> None:
    for file in (written / "out" / "figures").glob("*.svg"):
        tags = {e.tag.partition("}")[2] for e in ElementTree.fromstring(file.read_bytes()).iter()}
        assert not tags & {"script", "a", "text", "foreignObject"}, file.name
    assert {ord(c) for name in NAMES for c in name.translate(STEERING)} <= drawable()


def test_the_summary_is_json_with_names_as_they_are(written: Path) -> None:
    assert json.loads((written / "out" / "summary.json").read_bytes())


def test_marks_of_direction_are_left_out_of_the_report_and_flagged() -> None:
    case = small_case()
    schools = case.records.schools.copy()
    schools.loc[0, "name"] = "\u202e小國\u202c霏霖國小"
    allocation = allocate(replace(case, records=replace(case.records, schools=schools)))
    html = render_report(allocation)
    assert unsteered(html) == html and "小國霏霖國小" in html
    flagged = allocation.problems[allocation.problems["code"] == "direction_marks"]
    mine = case.records.applications["school"] == 0
    assert len(flagged) == mine.sum() > 0
    assert set(flagged["value"]) == {"小國霏霖國小"}
    assert "direction_marks" not in set(allocate(case).problems["code"])
