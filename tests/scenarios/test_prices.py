"""What `subsidy prices` writes: tables, workbooks, figures and a summary that say the same."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import jsonschema
import pytest
from helpers.commands import CHINESE
from helpers.results import small_case

from optimizer import PriceBook, prices, write_prices
from optimizer.cli.schema import schemas
from optimizer.language.text import LANGUAGES, Language
from optimizer.reading.workbook import open_workbook


def book(language: Language = "zh-TW") -> PriceBook:
    return prices(small_case(), pools=(3_000, 5_000), language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_written_and_says_the_same(tmp_path: Path, language: Language) -> None:
    found = book(language)
    files = {path.relative_to(tmp_path).as_posix() for path in write_prices(found, tmp_path)}
    figures = {f"figures/{n}.{e}" for n in ("rules", "pools", "frontier") for e in ("svg", "png")}
    workbooks = {"prices.xlsx", "prices.ods"}
    assert files == {f"{n}.csv" for n in found.tables} | figures | workbooks | {"summary.json"}
    document = json.loads((tmp_path / "summary.json").read_bytes())
    jsonschema.Draft202012Validator(schemas()["prices"]).validate(document)
    assert [row["rule"] for row in document["rules"]] == list(found.rules.frame["rule"])
    assert document["frontier"]["priorities"] == ["coverage", "merit"] and document["proved"]
    for name, table in found.tables.items():
        text = (tmp_path / f"{name}.csv").read_text("utf-8-sig")
        assert len(list(csv.reader(text.splitlines()))) == len(table) + 1, name
    write_prices(found, tmp_path)  # an earlier result is replaced
    assert (tmp_path / "rules.csv").exists()


def test_both_workbooks_hold_every_table_in_the_language_of_their_readers(tmp_path: Path) -> None:
    for language in LANGUAGES:
        found = book(language)
        write_prices(found, tmp_path / language)
        for name in ("prices.xlsx", "prices.ods"):
            opened = open_workbook(name, (tmp_path / language / name).read_bytes())
            for sheet, (key, table) in zip(opened.sheets, found.tables.items(), strict=True):
                assert (sheet == key) == (language == "en")
                head, *rows = opened.read(sheet).rows
                assert len(rows) == len(table)
                if language == "en":
                    assert head == list(table.columns)
                else:
                    assert all(CHINESE.search(cell) for cell in head), head


def test_a_policy_with_one_priority_has_no_frontier(tmp_path: Path) -> None:
    found = prices(small_case(priority=[{"kind": "merit"}]), pools=(4_000, 4_100))
    assert found.frontier is None and "frontier" not in found.tables
    write_prices(found, tmp_path)
    assert json.loads((tmp_path / "summary.json").read_bytes())["frontier"] is None
