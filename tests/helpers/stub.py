"""An allocation as figures see it, made up by a simple rule, of any size."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

DISTRICTS = [
    *("中區", "東區", "南區", "西區", "北區", "西屯區", "南屯區", "北屯區", "豐原區", "大里區"),
    *(
        "太平區",
        "清水區",
        "沙鹿區",
        "大甲區",
        "東勢區",
        "梧棲區",
        "烏日區",
        "神岡區",
        "大肚區",
        "大雅區",
    ),
    *("后里區", "霧峰區", "潭子區", "龍井區", "外埔區", "和平區", "石岡區", "大安區", "新社區"),
]
REMOTE = {"和平區": "extreme_remote", "新社區": "special_remote", "東勢區": "remote"}
TYPES = ("grade", "subject", "school_task", "professional_topic", "other")
LEVELS = ("elementary", "junior_high")


def allocation_stub(
    applications: int = 450,
    districts: list[str] | None = None,
    pool: int = 900_000,
    contingency: int = 20_000,
    cap: int = 5_000,
    seed: int = 1,
    title: str = "臺中市 103 年度教師專業學習社群補助計畫",
) -> SimpleNamespace:
    """Make an allocation: one grant a district first, then by merit within cap and pool."""
    names = DISTRICTS if districts is None else districts
    rng = np.random.default_rng(seed)
    schools = _schools(rng, max(1, int(applications * 0.62)), names)
    awards = _applications(rng, applications, schools)
    available = max(0, pool - contingency)
    _decide(awards, available, cap)
    awards["rank"] = awards["merit_points"].rank(ascending=False, method="min").astype("Int64")
    points = awards.pop("merit_points").to_numpy()
    return SimpleNamespace(
        line=_line(awards, available),
        title=title,
        status="optimal",
        awards=awards.assign(merit=[f"{p:g}" for p in points]),
        by_school=_totals(awards, schools, "school_id"),
        by_district=_by_district(awards, schools, names),
        merit_points=points,
        outlines=None,
        reviewers=pd.DataFrame(
            {"reviewer": list("甲乙丙"), "severity": [1.25, -2.5, 0.75], "compared": [90, 80, 70]}
        ),
        types=[TYPES[i * 7 % 5] for i in range(applications)],
        districts=() if districts is None else districts,
        minimum_merit=70.0,
        pool=pool,
        contingency=contingency,
        available=available,
        spent=int(awards["award"].sum()),
        gone=0,
        withdrawn=(),
    )


def _line(awards: pd.DataFrame, available: int) -> SimpleNamespace:
    eligible = awards[awards["status"] != "ineligible"]
    count = amount = 0
    for _, tie in sorted(eligible.groupby("rank"), key=lambda group: group[0]):
        if amount + tie["admissible"].sum() > available:
            break
        count, amount = count + len(tie), amount + int(tie["admissible"].sum())
    return SimpleNamespace(count=count, amount=amount)


def _schools(rng: np.random.Generator, count: int, names: list[str]) -> pd.DataFrame:
    weights = rng.uniform(1, 5, len(names))
    weights[-1:] = 0 if len(names) > 1 else 1
    district = rng.choice(names, count, p=weights / weights.sum())
    district[: min(count, len(names) - 1)] = names[: min(count, len(names) - 1)]
    return pd.DataFrame(
        {
            "school_id": [f"{64000 + i:06d}" for i in range(count)],
            "level": rng.choice(LEVELS, count, p=[0.75, 0.25]),
            "name": [f"市立{d[:-1]}國小" for d in district],
            "district": district,
            "disadvantage": [REMOTE.get(d, "") if rng.random() < 0.8 else "" for d in district],
        }
    )


def _applications(rng: np.random.Generator, count: int, schools: pd.DataFrame) -> pd.DataFrame:
    school = rng.integers(0, len(schools), count)
    requested = rng.integers(15, 51, count) * 100
    merit = np.round(np.clip(rng.normal(81, 6, count), 55, 98), 2)
    return pd.DataFrame(
        {
            "application_id": [f"A{i + 1:04d}" for i in range(count)],
            "school_id": schools["school_id"].to_numpy()[school],
            "level": schools["level"].to_numpy()[school],
            "district": schools["district"].to_numpy()[school],
            "title": "跨領域$共備$社群",
            "merit_points": merit,
            "status": np.where(merit >= 70, "not_funded", "ineligible"),
            "requested": requested,
            "admissible": requested,
            "award": 0,
            "reason_code": "",
        }
    )


def _decide(awards: pd.DataFrame, available: int, cap: int) -> None:
    order = awards[awards["status"] != "ineligible"].sort_values(
        "merit_points", ascending=False, kind="stable"
    )
    first = order.drop_duplicates("district").index
    left, used = available, dict.fromkeys(awards["school_id"], 0)
    for i in [*first, *(j for j in order.index if j not in set(first))]:
        school, amount = awards.at[i, "school_id"], int(awards.at[i, "admissible"])
        if used[school] + amount > cap or amount > left:
            over = used[school] + amount > cap
            awards.at[i, "reason_code"] = "school_cap" if over else "pool"
            continue
        left, used[school] = left - amount, used[school] + amount
        awards.loc[i, ["status", "award"]] = ["funded", amount]
        awards.at[i, "reason_code"] = "merit"
    funded = awards[awards["status"] == "funded"]
    counts = funded["district"].map(funded["district"].value_counts())
    awards.loc[funded.index[counts == 1], "reason_code"] = "coverage"
    lost = awards.index[awards["reason_code"] == "pool"]
    awards.loc[lost[::5], "reason_code"] = "priority"


def _totals(awards: pd.DataFrame, schools: pd.DataFrame, key: str) -> pd.DataFrame:
    by = awards.assign(
        applications=1,
        eligible=(awards["status"] != "ineligible").astype(int),
        funded=(awards["status"] == "funded").astype(int),
        awarded=awards["award"],
    ).groupby(key)[["applications", "eligible", "funded", "requested", "awarded"]]
    return schools.merge(by.sum().reset_index(), on=key, how="left")


def _by_district(awards: pd.DataFrame, schools: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    districts = pd.DataFrame({"district": names})
    districts["schools"] = districts["district"].map(schools["district"].value_counts()).fillna(0)
    table = _totals(awards, districts, "district").fillna(0)
    eligible, funded = table["eligible"] > 0, table["funded"] > 0
    return table.assign(
        covered=np.where(funded, "yes", np.where(eligible, "no", "uncoverable")), cause=""
    )
