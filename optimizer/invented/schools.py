"""Invented schools, in districts of real make-up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from optimizer.invented import vocabulary
from optimizer.invented.random_integers import Draws, Ints, numbered, share

PROGRAMME = 30  # in a thousand schools: took part in the ministry's programme


def invent_schools(draws: Draws, schools: int, districts: int) -> pd.DataFrame:
    """Invent schools, a row each, district by district."""
    places = _districts(districts)
    counts = _apportion(schools, [place.schools for place in places])
    rows = [
        (place.name, level, category)
        for place, count in zip(places, counts, strict=True)
        for level, category in _make_up(place, int(count))
    ]
    names, levels, categories = zip(*rows, strict=True)
    students = _students(draws, levels, categories)
    classes = np.maximum(np.where(np.array(levels) == "elementary", 6, 3), -(-students // 27))
    return pd.DataFrame(
        {
            "school_id": numbered("9", schools, 5),
            "name": _school_names(draws, levels),
            "district": names,
            "level": levels,
            "disadvantage": categories,
            "students": students,
            "classes": classes,
        }
    )


def _districts(count: int) -> list[vocabulary.District]:
    """Return the real districts, or as many invented ones of the same make-up."""
    if count <= len(vocabulary.TAICHUNG):
        return list(vocabulary.TAICHUNG[:count])
    real = vocabulary.TAICHUNG
    width = max(4, len(str(count)))
    return [real[i % len(real)]._replace(name=f"行政區{i + 1:0{width}d}") for i in range(count)]


def _apportion(total: int, ceilings: Sequence[int]) -> Ints:
    """Share out schools: one each, the rest in proportion (largest remainder).

    With a total up to the sum of the ceilings, no share exceeds its ceiling.
    """
    weights = np.array(ceilings, dtype=np.int64) - 1
    if not weights.any():
        weights += 1
    rest = total - len(weights)
    shares, remainders = np.divmod(weights * rest, weights.sum())
    largest = np.argsort(-remainders, kind="stable")[: rest - int(shares.sum())]
    shares[largest] += 1
    return np.asarray(shares + 1)


def _make_up(place: vocabulary.District, count: int) -> list[tuple[str, str]]:
    """Return level and category of the schools of a district, remote ones first at each level."""
    junior = (2 * count * place.junior_high + place.schools) // (2 * place.schools)
    levels = ["elementary"] * (count - junior) + ["junior_high"] * junior
    remote = ["extreme_remote"] * place.extreme_remote + ["special_remote"] * place.special_remote
    remote += ["remote"] * place.remote
    kept = remote[: -(-count * len(remote) // place.schools)]
    return list(zip(levels, kept + [""] * (count - len(kept)), strict=True))


def _students(draws: Draws, levels: Sequence[str], categories: Sequence[str]) -> Ints:
    spread = draws.below("students", len(levels), 1_000)
    large = 165 + spread * spread // 600 + np.where(np.array(levels) == "junior_high", 120, 0)
    limits = {"remote": 140, "special_remote": 90, "extreme_remote": 60}
    small = 18 + spread * np.array([limits.get(c, 0) for c in categories]) // 1_000
    return np.where(np.array(categories) == "", large, small).astype(np.int64)


def _school_names(draws: Draws, levels: Sequence[str]) -> list[str]:
    pairs = [a + b for a in vocabulary.FIRST_SYLLABLES for b in vocabulary.SECOND_SYLLABLES]
    order = draws.order("school_names", len(pairs))
    return [
        f"{pairs[order[i % len(pairs)]]}{_again(i // len(pairs))}{vocabulary.LEVEL_NAMES[level]}"
        for i, level in enumerate(levels)
    ]


def _again(times: int) -> str:
    return f"第{times + 1}" if times else ""


def with_programme(draws: Draws, schools: pd.DataFrame) -> pd.DataFrame:
    """Say which schools took part in the evaluation programme, if the table does not."""
    if "evaluation_programme" in schools.columns:
        return schools
    size = len(schools)
    chosen = draws.order("programme", size)[: share(size, PROGRAMME)]
    yes = np.isin(np.arange(size), chosen)
    yes &= ~schools["district"].isin(quiet_districts(schools)[0]).to_numpy(dtype=bool)
    return schools.assign(evaluation_programme=np.where(yes, "yes", "no"))


def quiet_districts(schools: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return two districts with one application each and one with none: those with fewest schools.

    There are none in a round of fewer than ten districts.
    """
    sizes = schools["district"].value_counts(sort=False)
    if len(sizes) < 10:
        return [], []
    smallest = sizes.sort_values(kind="stable").index[:3].tolist()
    return smallest[:2], smallest[2:]
