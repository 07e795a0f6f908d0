"""The page on 72 real proposals: its code is run, and its figures are what comes out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from helpers.places import ROOT

PAGES = ("real-reviews.md", "real-reviews.zh-TW.md")


def part(page: str, pattern: str) -> Any:
    return re.findall(pattern, (ROOT / "docs" / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_the_page_on_real_reviews_says_what_its_code_finds(
    real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(real / "reviews")
    names: dict[str, Any] = {}
    exec(part(PAGES[0], r"^```python\n(.*?)^```")[0], names)
    found, read = names["found"], names["read"]
    published = dict(zip(read["application_id"], read["ScoreRank"].astype(float), strict=True))
    table = found.frame.assign(published=found.frame["application_id"].map(published).astype(int))
    before, after = (table[name] == "funded" for name in ("status", "status_adjusted"))

    def ranks(rows: pd.Series[bool]) -> list[int]:
        return sorted(table["published"][rows])

    firm, chance, out = (ranks(table["group"] == g) for g in ("firm_in", "chance", "firm_out"))
    wide = table["expected_rank_high"] - table["expected_rank_low"]
    sure = found.lists.set_index("list")["sure"]
    leaving, entering = ranks(before & ~after), ranks(after & ~before)
    figures = [
        *(before.sum(), len(firm), firm, len(chance), [chance[0], chance[-1]], len(out), out[0]),
        *(round(wide.median()), len(leaving), leaving, entering),
        *(int(sure["funded"]), round(sure["lottery"], 1)),
    ]
    written = [str(figure).strip("[]") for figure in figures]
    for page in PAGES:
        assert part(page, r"^\| [^|]+ \| ([\d., ]+) \|$") == written, page
    assert set(sure[:-1]) == {8}


def test_both_languages_of_the_page_have_one_code() -> None:
    one, other = (part(page, r"^```python\n(.*?)^```") for page in PAGES)
    assert one == other
