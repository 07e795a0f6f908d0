"""Amounts in formal numerals: what is written is read as the same amount by other code."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from optimizer.language.formal_money import in_capitals, numeral
from optimizer.language.written_numbers import spoken_number


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "零元整"),
        (10, "壹拾元整"),
        (5_000, "伍仟元整"),
        (10_305, "壹萬零參佰零伍元整"),
        (100_000, "壹拾萬元整"),
        (1_000_020, "壹佰萬零貳拾元整"),
        (100_000_005, "壹億零伍元整"),
        (10**12, "壹兆元整"),
        (120_050_000, "壹億貳仟零伍萬元整"),
    ],
)
def test_it_is_written_as_on_a_cheque(amount: int, written: str) -> None:
    assert in_capitals(amount) == written


@given(st.integers(0, 10**12 - 1))
def test_it_is_read_as_what_was_written(amount: int) -> None:
    assert spoken_number(in_capitals(amount)) == amount


def test_items_are_counted_as_in_a_document() -> None:
    assert [numeral(n) for n in (1, 10, 11, 20, 21)] == ["一", "十", "十一", "二十", "二十一"]
