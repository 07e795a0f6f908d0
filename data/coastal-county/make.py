"""Makes the tables of this folder again: invented, the same bytes on every machine.

    python data/coastal-county/make.py FOLDER

Schools, communities and marks come from `optimizer.generate_round` with a seed of their own; districts
get invented names, requests lie between NT$3,000 and NT$8,000, and six marks become the five of this plan.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from optimizer import generate_round

DISTRICTS = (
    "海口鎮",
    "鹽田鄉",
    "風車鄉",
    "燈塔鎮",
    "河港市",
    "沙洲鄉",
    "竹圍鄉",
    "石滬鄉",
    "魚塭鄉",
    "林投鄉",
)
CRITERIA = {  # of this plan: the criterion that it follows, and full marks here and there
    "課程需求": ("needs", 25, 20),
    "共備設計": ("planning", 25, 20),
    "成員參與": ("team", 20, 20),
    "成果分享": ("goals", 15, 20),
    "經費編列": ("budget", 15, 10),
}
COLUMNS = ("application_id", "school_id", "title", "convener", "type", "methods", "members",
           "meetings", "requested", "partners", "fields")  # fmt: skip


def tables() -> dict[str, pd.DataFrame]:
    """Return schools, applications and reviews."""
    made = generate_round(
        applications=110, schools=64, districts=len(DISTRICTS), seed=114, with_tables=(), recusals=2
    )
    renamed = dict(zip(dict.fromkeys(made.schools["district"]), DISTRICTS, strict=True))
    size = made.schools["students"].astype(int)
    schools = made.schools.assign(
        district=made.schools["district"].map(renamed),
        evaluation_programme="no",
        disadvantage=["special_remote" if n <= 100 else "remote" if n <= 250 else "" for n in size],
    )
    applications = made.applications[list(COLUMNS)]
    asked = 3_000 + applications["requested"].astype(int) * 37 // 1_000 * 100 % 5_100
    return {
        "schools": schools,
        "applications": applications.assign(requested=asked),
        "reviews": _reviews(made.reviews),
    }


def _reviews(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return the marks on the criteria of this plan, as near as whole points can be."""
    own = reviews[["application_id", "reviewer"]]
    marks = {
        name: [
            mark if mark == "recused" else str((2 * int(mark) * full + there) // (2 * there))
            for mark in reviews[old].astype(str)
        ]
        for name, (old, full, there) in CRITERIA.items()
    }
    return own.assign(**marks)


if __name__ == "__main__":
    for name, table in tables().items():
        path = Path(sys.argv[1]) / f"{name}.csv"
        path.write_bytes(table.to_csv(index=False, lineterminator="\n").encode())
