"""Sentences are put together as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from optimizer.language.text import Text, run_on
from optimizer.language.words import as_counted, duration


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("禾嶺國中", "已參與評鑑計畫"), "禾嶺國中已參與評鑑計畫"),
        (("學校12", "已參與評鑑計畫"), "學校12 已參與評鑑計畫"),
        (("規定為", "3 人以上"), "規定為 3 人以上"),
        (("規定為", "召集人一人"), "規定為召集人一人"),
        (("規定為", "（無）"), "規定為（無）"),
        (("", "已參與"), "已參與"),
        ((), ""),
    ],
)
def test_chinese_runs_on_and_stands_off_from_letters_and_figures(
    parts: tuple[str, ...], said: str
) -> None:
    assert run_on(*parts) == said


@given(
    st.permutations(
        ["委員甲", "委員乙", "委員丙", "委員丁", "R1", "R2", "R10", "第一組", "第二組", "第三組"]
    )
)
def test_names_are_listed_as_people_count(names: list[str]) -> None:
    said = sorted(names, key=as_counted)
    for row in (
        ["委員甲", "委員乙", "委員丙", "委員丁"],
        ["R1", "R2", "R10"],
        ["第一組", "第二組", "第三組"],
    ):
        assert [name for name in said if name in row] == row


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "0 秒", "0 s"),
        (59.6, "1 分", "1 min"),
        (95, "1 分 35 秒", "1 min 35 s"),
        (599, "9 分 59 秒", "9 min 59 s"),
        (631, "11 分", "11 min"),
        (3_599, "1 小時", "1 h"),
        (17_342, "4 小時 49 分", "4 h 49 min"),
    ],
)
def test_durations_are_told_in_hours_and_minutes(seconds: float, zh: str, en: str) -> None:
    assert duration(seconds) == Text(zh, en)
