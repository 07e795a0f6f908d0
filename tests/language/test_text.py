"""Sentences are put together as people write them."""

from __future__ import annotations

import pytest

from optimizer.language.text import run_on


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
