"""A few hundred damaged cases on every test run; `fuzz_tables.py` goes on for minutes."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import fuzz_tables


@pytest.fixture(scope="module")
def seeds() -> list[fuzz_tables.Files]:
    return fuzz_tables.seeds()


@pytest.mark.parametrize("seed", range(10))
def test_damaged_cases_are_read_or_refused(
    seed: int, seeds: list[fuzz_tables.Files], tmp_path: Path
) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        fuzz_tables.put(tmp_path / "case", fuzz_tables.damage(rng.choice(seeds), rng))
        fuzz_tables.run(tmp_path / "case", rng)


def test_the_seeds_are_good(seeds: list[fuzz_tables.Files], tmp_path: Path) -> None:
    for files in seeds:
        fuzz_tables.put(tmp_path / "case", files)
        assert fuzz_tables.run(tmp_path / "case", random.Random(0)) == "read"
