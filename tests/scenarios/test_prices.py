"""What `subsidy prices` writes: tables, workbooks, figures and a summary that say the same."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import jsonschema
import pytest
from helpers.commands import CHINESE, run
from helpers.documented import check_documented
from helpers.results import small_case

from optimizer import PriceBook, prices, write_prices
from optimizer.cli.schema import schemas
from optimizer.language.text import LANGUAGES
from optimizer.problems.errors import UsageError
from optimizer.reading.workbook import open_workbook
from optimizer.scenarios.write_prices import summary


@pytest.fixture(scope="module", params=LANGUAGES)
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[PriceBook, Path]:
    """Return the prices of a small round, and the folder that they were written to."""
    folder = tmp_path_factory.mktemp("prices")
    book = prices(small_case(), pools=(3_500, 4_500), language=request.param)
    write_prices(book, folder)
    return book, folder


def test_everything_is_written_and_says_the_same(written: tuple[PriceBook, Path]) -> None:
    found, folder = written
    check_documented(folder, "prices")
    page = (folder / "report.html").read_text("utf-8")
    figures = [*(folder / "figures").glob("*.svg")]
    assert page.count("<figure>") == len(figures) == 4 and "img-src data:;" in page
    school = found.rules.moves["school"].iloc[0]
    assert f"（{school}）" in page if found.language == "zh-TW" else f"({school})" in page
    assert found.more.text.say(found.language).split(":")[0] in page
    assert bool(CHINESE.search(page.split("</header>")[0].split("<nav")[1])) == (
        found.language == "zh-TW"
    )
    document = json.loads((folder / "summary.json").read_bytes())
    jsonschema.Draft202012Validator(schemas()["prices"]).validate(document)
    assert [row["rule"] for row in document["rules"]] == list(found.rules.frame["rule"])
    assert document["frontier"]["priorities"] == ["coverage", "merit"] and document["proved"]
    for name, table in found.tables.items():
        text = (folder / f"{name}.csv").read_text("utf-8-sig")
        assert len(list(csv.reader(text.splitlines()))) == len(table) + 1, name


@pytest.mark.parametrize("name", ["prices.xlsx", "prices.ods"])
def test_both_workbooks_hold_every_table_in_the_language_of_their_readers(
    written: tuple[PriceBook, Path], name: str
) -> None:
    found, folder = written
    opened = open_workbook(name, (folder / name).read_bytes())
    for sheet, (key, table) in zip(opened.sheets, found.tables.items(), strict=True):
        assert (sheet == key) == (found.language == "en")
        head, *rows = opened.read(sheet).rows
        assert len(rows) == len(table)
        if found.language == "en":
            assert head == list(table.columns)
        else:
            assert all(CHINESE.search(cell) for cell in head), head


def test_a_policy_with_one_priority_has_no_frontier() -> None:
    found = prices(small_case(priority=[{"kind": "merit"}]), pools=(4_000, 4_100))
    assert found.frontier is None and "frontier" not in found.tables
    assert summary(found)["frontier"] is None


WRONG = [["merit", "nope"], ["merit"], ["merit", "merit"], ["merit", "coverage", "balance", "draw"]]


@pytest.mark.parametrize("names", WRONG)
def test_priorities_that_make_no_frontier_are_refused_before_anything_is_solved(
    names: list[str],
) -> None:
    told: list[str] = []
    with pytest.raises(UsageError, match="priorities=") as error:
        prices(small_case(), names, progress=told.append)
    assert not told and "frontier(" not in str(error.value)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("names", WRONG)
def test_the_command_says_so_of_its_option(
    example: Path, tmp_path: Path, names: list[str], lang: str
) -> None:
    words = [word for name in names for word in ("--frontier", name)]
    result = run("prices", example, *words, "--out", tmp_path / "out", lang=lang)
    assert result.exit_code == 2 and not (tmp_path / "out").exists()
    assert "--frontier" in result.stderr and "=…" not in result.stderr
    assert "pools" not in result.stderr  # the first step of what is worked out
