"""Names below the dots of a figure: where they stand, so that no stem goes through one."""

from __future__ import annotations

from hypothesis import given, strategies as st

from optimizer.plots.lettering import width
from optimizer.plots.stacked_names import stacked


@given(
    stems=st.lists(st.integers(0, 480), min_size=3, max_size=5, unique=True).map(sorted),
    lengths=st.lists(st.integers(12, 30), min_size=5, max_size=5),
)
def test_a_stem_goes_through_no_name_where_that_can_be(
    stems: list[int], lengths: list[int]
) -> None:
    names = ["字" * length for length in lengths[: len(stems)]]
    way = stacked(names, stems, 500, "上")
    assert sorted(name.place for name in way) == list(range(len(stems) + 1))
    assert way[-1].place == len(stems)  # the heading stands above
    for line, name in enumerate(way):
        begin, end = name.ends
        assert begin >= -15 and end <= 515  # where nothing has room, three dots stand
        through = [low.stem for low in way[:line] if begin < low.stem < end]
        # one that could not be kept clear is worth it: all to one side would cut names short by more
        assert not through or all(_cut(names, stems, left) > 85 for left in (True, False))


def _cut(names: list[str], stems: list[int], left: bool) -> float:
    rooms = [(500 - stem if left else stem) - 6 for stem in stems]
    return sum(max(72 * width(n, 8) - room, 0) for n, room in zip(names, rooms, strict=True))


def test_names_at_both_ends_stand_clear_of_each_other_s_stems() -> None:
    """As with 25 applications, of which the 4th, 6th, 19th, 20th and 22nd got nothing."""
    way = stacked(["字" * 26] * 5, [91, 142, 473, 499, 550], 640, "字" * 9)
    assert [name.place for name in way] == [0, 1, 4, 3, 2, 5]
    assert [name.left for name in way] == [True, True, False, False, False, False]
    assert not any(name.cut for name in way)
