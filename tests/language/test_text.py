"""Sentences are put together as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from optimizer.language.text import run_on
from optimizer.language.words import as_counted


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
