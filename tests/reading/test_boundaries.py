"""The outlines of the districts: read whole under limits, or refused in words; never a path."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from helpers.stub import allocation_stub
from matplotlib.figure import Figure

from optimizer import generate, make_policy, plots, read_case
from optimizer.plots.district_map import CLASSES, Area
from optimizer.problems.errors import CaseError, PolicyError
from optimizer.reading import boundaries
from optimizer.reading.boundaries import read_boundaries
from optimizer.tables.outlines import Outlines
from optimizer.tables.shapes import edges_of, middle, place_for, spans

SQUARE = [[120.0, 24.0], [120.1, 24.0], [120.1, 24.1], [120.0, 24.0]]
Document = dict[str, Any]


def feature(name: str = "中區", **other: Any) -> Document:
    shape = {"type": "Polygon", "coordinates": [SQUARE]}
    return {"type": "Feature", "properties": {"name": name}, "geometry": shape, **other}


def collection(*features: Any) -> Document:
    return {"type": "FeatureCollection", "features": list(features)}


def shaped(coordinates: Any, kind: str = "Polygon") -> Document:
    return collection(feature(geometry={"type": kind, "coordinates": coordinates}))


def read(folder: Path, document: Document | bytes) -> list[str]:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    (folder / "map.geojson").write_bytes(data)
    found = read_boundaries(folder, "map.geojson")
    assert (found.outlines is None) == bool(found.problems)
    assert found.sources[0].sha256 == hashlib.sha256(data).hexdigest()
    return [problem.message.en for problem in found.problems]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "no JSON"),
        ({"type": "Topology", "objects": {}}, "no FeatureCollection"),
        (collection(), "1 to 2,000 areas"),
        (collection(*([feature()] * 2_001)), "1 to 2,000 areas"),
        (collection(7), "area 1 has no name"),
        (collection(feature(properties=None)), "area 1 has no name"),
        (collection(feature(" ")), "area 1 has no name"),
        (collection(feature(), feature("東區", geometry=None)), "area 2 is no Polygon"),
        (shaped([SQUARE], "LineString"), "area 1 is no Polygon"),
        (shaped({}), "coordinates that are not"),
        (shaped([SQUARE[:3]]), "not closed"),
        (shaped([[*SQUARE[:3], [120.2, 24.0]]]), "not closed"),
        (shaped([[["120", "24"]] * 4]), "not two numbers"),
        (shaped([[[True, False]] * 4]), "not two numbers"),
        (shaped([[[24.0, 120.0]] * 4]), "no longitude and latitude"),
        (shaped([[[214_000.0, 2_675_000.0]] * 4]), "no longitude and latitude"),
        (b'{"type":"FeatureCollection","features":[{"properties":{"name":"a"},"geometry":{"type":'
         b'"Polygon","coordinates":[[[1e999,1],[1,1],[1,1],[1e999,1]]]}}]}', "no longitude"),
        (collection(feature("東區"), feature("東 區")), "2 areas of this name"),
    ],
)  # fmt: skip
def test_what_is_no_map_is_refused_in_words(
    document: Document | bytes, said: str, tmp_path: Path
) -> None:
    assert any(said in text for text in read(tmp_path, document)), read(tmp_path, document)


def test_a_map_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(tmp_path, shaped([SQUARE])) == []
    monkeypatch.setattr(boundaries, "MOST_POINTS", 3)
    assert "more than 3 points" in read(tmp_path, shaped([SQUARE]))[0]
    monkeypatch.setattr(boundaries, "MOST_BYTES", 50)
    assert "is larger than" in read(tmp_path, shaped([SQUARE]))[0]


@pytest.mark.parametrize(
    "name",
    ["../map.geojson", "/etc/passwd", "a/b.geojson", "..\\map.geojson", ".geojson", "map.csv",
     "map.geojson\n", "\x00.json", "C:map.geojson", "x" * 200 + ".geojson"],
)  # fmt: skip
def test_a_path_is_never_opened(name: str) -> None:
    with pytest.raises(PolicyError) as error:
        make_policy({"pool": {"amount": 1}, "plan": {"boundaries": name}})
    assert error.value.problems[0].column == "plan.boundaries"
    assert "without a path" in error.value.problems[0].expected.en


@pytest.fixture
def case(tmp_path: Path) -> Path:
    generate(tmp_path / "case", applications=12, schools=8, districts=3, with_tables=())
    return tmp_path / "case"


def test_a_case_holds_its_map_and_says_its_hash(case: Path) -> None:
    held = read_case(case)
    outlines = held.records.outlines
    assert outlines is not None and len(outlines.areas) == 29
    data = (case / "districts.geojson").read_bytes()
    hashes = {source.name: source.sha256 for source in held.sources}
    assert hashes["districts.geojson"] == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda file: file.unlink(), "does not exist"),
        (lambda file: (file.rename(file.with_name("x")), file.symlink_to("x")), "symbolic link"),
        (lambda file: file.write_text(file.read_text("utf-8").replace("后里區", "後里")), "后里區"),
    ],
)
def test_a_map_that_cannot_be_drawn_is_an_error_with_all_others(
    case: Path, change: Callable[[Path], object], said: str
) -> None:
    change(case / "districts.geojson")
    schools = case / "schools.csv"
    schools.write_text(schools.read_text("utf-8").replace(",elementary,", ",kindergarten,"))
    with pytest.raises(CaseError) as error:
        read_case(case)
    files = {problem.file for problem in error.value.problems}
    assert {"districts.geojson", "schools.csv"} <= files
    mine = [p for p in error.value.problems if p.file == "districts.geojson"]
    assert len(mine) == 1 and said in f"{mine[0].message.en} {mine[0].value}"


def test_names_are_matched_as_everywhere(tmp_path: Path) -> None:
    outlines = Outlines("m", {"台中 市中區": ()})
    assert not list(boundaries.without_outline(outlines, ["臺中市中區"]))
    missing = list(boundaries.without_outline(outlines, ["臺中市東區"]))
    assert [problem.value for problem in missing] == ["臺中市東區"]


def test_the_map_of_another_policy_is_not_drawn(case: Path) -> None:
    from optimizer import allocate

    held = read_case(case)
    assert allocate(held).outlines is held.records.outlines is not None
    other = held.policy.with_(**{"plan.boundaries": "other.geojson"})
    assert allocate(held.under(other)).outlines is None


def test_a_place_for_text_is_inside_and_in_the_middle_of_the_widest() -> None:
    low, hole = ((0, 0), (10, 0), (10, 4), (0, 4), (0, 0)), ((4, 1), (6, 1), (6, 3), (4, 3), (4, 1))
    polygon = (low, hole)
    assert spans(edges_of([polygon]), 2) == [(0, 4), (6, 10)]
    assert spans(edges_of([polygon]), 3.5) == [(0, 10)]
    assert place_for([polygon], 11, 0.1) is None
    found = place_for([polygon], 3, 2.5)
    assert found is not None and found[0] in (2, 8)
    x, y = middle([polygon])
    assert any(a < x < b for a, b in spans(edges_of([polygon]), y))


def test_the_darker_the_more_are_funded() -> None:
    kinds = [Area("", funded, applied, ()).kind for funded, applied in
             ((0, 0), (0, 9), (1, 4), (2, 4), (3, 5), (4, 5), (9, 9))]  # fmt: skip
    assert kinds == [0, 1, 2, 3, 4, 5, 5] and max(kinds) == len(CLASSES) - 1


@pytest.mark.parametrize("outlines", [True, False])
def test_every_district_is_on_the_map_with_its_figures(outlines: bool, example: Path) -> None:
    held = read_boundaries(example, "districts.geojson").outlines if outlines else None
    stub = SimpleNamespace(**{**vars(allocation_stub()), "outlines": held})
    ax = plots.districts_map(stub, Figure(figsize=(13, 8)).add_axes((0, 0, 1, 1)), "en")
    said = "\n".join(text.get_text() for text in ax.texts)
    for row in stub.by_district.itertuples():
        assert re.search(
            f"^{row.district}[ \n]{int(row.funded)}/{int(row.applications)}$", said, re.M
        )
