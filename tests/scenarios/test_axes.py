"""``--set`` of `subsidy sweep`: a key and its values as the command has them, and what is said of wrong ones."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from helpers.commands import run
from helpers.results import small_case

import optimizer
from optimizer.language.text import Text
from optimizer.problems.errors import UsageError
from optimizer.scenarios.combinations import read_axis, said_point


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("pool.amount=500000:600000:50000", [500_000, 550_000, 600_000]),
        ("pool.amount=1:6:2", [1, 3, 5]),
        ("pool.amount=3:1:-1", [3, 2, 1]),
        ("pool.amount=2:3:1", [2, 3]),
        ("review.minimum_merit=70:71:0.5", [70, Decimal("70.5"), 71]),
        ("award.mode=full,graded", ["full", "graded"]),
        ("pool.amount=500,000:600,000:50_000", [500_000, 550_000, 600_000]),
        ("clause.quota.at_least=5,100, 50", [5, 100, 50]),
        ("pool.amount=500_000,600_000", [500_000, 600_000]),
        ("x.y=true, 1_000 ,0.10", [True, 1_000, Decimal("0.1")]),
        ("order=a+b,b+a,-", [["a", "b"], ["b", "a"], []]),
    ],
)
def test_an_axis_as_the_command_has_it(text: str, values: list[Any]) -> None:
    assert read_axis(text) == (text.partition("=")[0], values)


@pytest.mark.parametrize("text", ["", "x", "x=", "=1", "x=a:b", "x=1:2:3:4", "x=nan:1:1"])
def test_an_axis_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="FROM:TO:STEP"):
        read_axis(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x=5:4:1", "empty: from 5, by steps of 1, 4 is never reached"),
        ("x=4:5:-1", "empty"),
        ("x=1:2:0", "must not be 0"),
        ("x=1:100000000:1", "100,000,000 values; there may be 1,000,000 at the most"),
        ("x=0:1e30:0.5", ",001 values"),
        ("x=590000: 590300", "590000:590300:STEP; for the two values alone write 590000,590300"),
        ("x=5,5", "twice"),
        ("x=500,000: 600,000", "write 500000,600000"),
        ("pool.amount=500,000", "this would be 500 | 000; for 500,000 write 500_000 or 500000"),
        ("pool.amount=650,500", "for 650,500 write"),
        ("clause.school_cap.amount=4000,NT$ 5,050", "for 5,050 write 5_050 or 5050"),
        ("order=a+b,a+b", "twice"),
    ],
)
def test_an_axis_of_the_right_form_is_not_told_its_form(text: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        read_axis(text)
    words = error.value.say("en")
    assert said in words and words.startswith("--set") and "expected KEY" not in words
    assert "KEY" not in error.value.say("zh-TW")


def test_text_that_looks_like_a_number_is_taken_as_typed_where_the_policy_wants_text() -> None:
    case = small_case()
    assert read_axis("draw.seed=a,007,7,1e3", case) == ("draw.seed", ["a", "007", "7", "1e3"])
    assert read_axis("pool.amount=0700,8", case) == ("pool.amount", [700, 8])
    assert read_axis("pool.amount=-5", case) == ("pool.amount", [-5])
    assert said_point({"draw.seed": "007"}) == "draw.seed=007"


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_too_many_scenarios_are_said_of_the_option(
    example: Path, tmp_path: Path, lang: str
) -> None:
    words = ["--set", "pool.amount=1:1001:1", "--set", "pool.contingency=1:1000:1"]
    result = run("sweep", example, *words, "--out", tmp_path / "out", lang=lang)
    assert result.exit_code == 2 and "1,001,000" in result.stderr and "--set" in result.stderr
    assert "sweep(" not in result.stderr
    words = run("sweep", example, "--jobs", "1,000", "--out", tmp_path / "out", lang=lang).stderr
    assert {"en": "a whole number, written without commas", "zh-TW": "不加逗號的整數"}[
        lang
    ] in words
    assert "parse" not in words


@pytest.mark.parametrize(("last", "told"), [(219, False), (220, True)])
def test_how_many_there_are_is_said_before_many_are_tried(
    tmp_path: Path, example: Path, last: int, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any, **__: Any) -> Any:
        raise UsageError(Text("到此", "this far"))

    monkeypatch.setattr(optimizer, "sweep", stop)
    words = ["--set", f"pool.amount=200:{last}:1", "--out", tmp_path / "out"]
    result = run("sweep", example, *words)
    assert "This far" in result.stderr and ("21 scenarios" in result.stderr) == told
