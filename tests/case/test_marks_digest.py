"""The digest of the marks is that of their table, one mark a row, which it never makes."""

from __future__ import annotations

import random

import numpy as np

from optimizer.case import digest
from optimizer.tables.reviews import Reviews

NAMES = ("甲", "B", 'O"Neil', "a\\b", "乙", "\u007f", "\U00020000", "\uffff")


def drawn(rng: random.Random) -> tuple[Reviews, list[str]]:
    ids, names = (rng.sample(NAMES, rng.randint(1, len(NAMES))) for _ in range(2))
    criteria = tuple(rng.sample(NAMES, rng.randint(1, 3)))
    pairs = [(a, r) for a in range(len(ids)) for r in range(len(names)) if rng.random() < 0.5]
    shape = (len(pairs), len(criteria))
    values = [rng.randint(-4, 12) for _ in range(shape[0] * shape[1])]
    given = np.array([rng.random() < 0.8 for _ in values], dtype=bool).reshape(shape)
    return (
        Reviews(
            np.array([a for a, _ in pairs], dtype=np.int64),
            np.array([r for _, r in pairs], dtype=np.int64),
            points=np.where(given, np.array(values, dtype=np.int64).reshape(shape), 0),
            given=given,
            recused=np.array([rng.random() < 0.2 for _ in pairs], dtype=bool),
            denominator=rng.choice((1, 4, 6)),
            reviewers=tuple(sorted(names)),
            criteria=criteria,
        ),
        ids,
    )


def test_the_digest_of_marks_is_that_of_their_table(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(digest, "_AT_ONCE", 3)
    for seed in range(60):
        reviews, ids = drawn(random.Random(f"marks {seed}"))
        table = digest._named(reviews.table(ids), (), ids)
        whole = digest._table("reviews", digest.KEYS["reviews"], table)
        assert vars(digest._marks("reviews", reviews, ids)) == vars(whole), seed
