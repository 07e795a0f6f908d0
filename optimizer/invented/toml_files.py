"""The policy and the scenarios of an invented round."""

from __future__ import annotations

from collections.abc import Collection

from optimizer.invented import vocabulary
from optimizer.invented.rules import DISTRICTS, PRIORITIES, SCHOOL_CAP, SCREENS
from optimizer.invented.sketch import Sketch

POLICY = """\
# 補助分配規則 · The rules of one round
# 未註明計畫條文的數字皆為示例。Every figure without a section of the plan is an example.
# 只有列在這裡的規則才適用。Only the rules listed here apply.

[plan]
title = "臺中市教師專業學習社群補助（虛構示例）"
year = 103                                  # 民國年 · ROC year (2014)
period = ["2014-02-01", "2014-11-30"]       # 補助期間 · funded period (捌三)
{districts}
[pool]
amount = {pool:<34} # 總經費（元）· NT$ to distribute
unit = 100                                  # 核定金額以百元計 · awards are multiples of this
contingency = 0                             # 預備金 · held back from the pool

[review]                                    # 審查標準 · review form (柒一–六)
criteria = {{ needs = 20, planning = 20, goals = 20, team = 20, budget = 10, other = 10 }}
aggregate = "mean"                          # 委員總分之平均 · mean of the reviewers' totals
minimum_merit = 70                          # 及格分數 · least merit to be eligible
reference = "柒"                            # 審查之計畫條文 · section of the plan on the review

[award]
mode = "full"                               # 全額或不補助 · the admissible amount or nothing
reference = "捌二(5)"                       # 得調整金額之計畫條文 · by which amounts may be adjusted

[draw]                                      # 抽籤：最後同分時 · settles the ties that are left
seed = "{seed}"

# ---- 資格審查 · screening ------------------------------------------------------------------

{screens}
[[clause]]                                  # 逾期送件不予受理
kind = "deadline"                           # handed in inside the window
first = "{first}"
last = "{last}"
reference = "陸三"

[[clause]]                                  # 前次成果未繳交者不符資格
kind = "prior_outcome"                      # last year's report is due
reference = "捌四"

[[clause]]                                  # 經費編列基準，逐項審核
kind = "budget_lines"                       # rates of the plan, line by line
reference = "捌二(6)"

# ---- 限制 · constraints --------------------------------------------------------------------

{cap}{quota}
# ---- 優先順序：先列者優先 · priorities in strict order -------------------------------------

{priorities}"""

BOUNDARIES = """\
boundaries = "districts.geojson"            # 各區界線，畫地圖用 · outlines of the districts, for the map
"""

QUOTA = """
[[clause]]                                  # 國中至少補助件數 · least number of junior high grants
kind = "quota"                              # 本示例所訂，非計畫條文 · set for this example
column = "level"
value = "junior_high"
measure = "count"
at_least = {at_least}
"""

SCENARIOS = """\
# 情境：同一規則的具名變更 · Named changes to one policy, for `subsidy compare`

[[scenario]]                                # 總經費減少 · a smaller pool
name = "smaller pool"
set = {{ "pool.amount" = {smaller_pool} }}

[[scenario]]                                # 分數優先於行政區 · merit before districts
name = "merit first"
order = ["merit_band", "coverage", "disadvantage", "merit", "sharing", "balance", "amount"]

[[scenario]]                                # 不考慮行政區 · districts do not count
name = "no coverage"
drop = ["priority.coverage"]

[[scenario]]                                # 每校上限調為 4,000 元 · a lower cap a school
name = "cap 4000"
set = {{ "clause.school_cap.amount" = 4_000 }}
"""

READINGS = """\
# 審查分數的各種讀法並列比較 · What merit can mean, side by side: `subsidy compare`
# 計畫檔本身每一元依分數計（per = "amount"）· the policy itself counts each NT$ by its merit

[[scenario]]                                # 每件社群計一次：便宜者占優勢 · cheap ones have the advantage
name = "每件計一次 per application"
[scenario.set]
"priority.merit_band.per" = "application"
"priority.merit.per" = "application"

[[scenario]]                                # 由高分依序 · from the top of the ranking down
name = "由高分依序 ranked"
[scenario.set]
"priority.merit_band.per" = "application"
"priority.merit_band.form" = "ranked"
"priority.merit.per" = "application"
"priority.merit.form" = "ranked"

[[scenario]]                                # 金額由機關調整，至少八成 (捌二(5)) · amounts adjusted, 80% at least
name = "至少核給八成 at least 80%"
set = { "award.mode" = "partial", "award.least_share" = "80%" }

[[scenario]]                                # 金額由機關調整，至少五成 · amounts adjusted, 50% at least
name = "至少核給五成 at least 50%"
set = { "award.mode" = "partial", "award.least_share" = "50%" }
"""

QUOTA_SCENARIO = """
[[scenario]]                                # 國中保障件數提高 · more grants for junior high schools
name = "more junior high"
set = {{ "clause.quota.at_least" = {at_least} }}
"""


def round_pool(amount: int) -> int:
    """Round to the nearest 10,000 NT$; in a small round to 1,000 or 100."""
    step = 10_000 if amount >= 200_000 else 1_000 if amount >= 20_000 else 100
    return max(step, (amount + step // 2) // step * step)


def least_junior_high(sketch: Sketch) -> int:
    """Return the least number of junior high grants: 40 in 450, or a third of the requests."""
    return min(sketch.size * 40 // 450, int(sketch.junior_high.sum()) // 3)


def policy_text(pool: int, quota: int, seed: int, districts: Collection[str]) -> str:
    """Write policy.toml; districts that are made up are not listed in it."""
    first, last = vocabulary.WINDOW
    return POLICY.format(
        first=first,
        last=last,
        pool=f"{pool:_}",
        seed=f"taichung-{seed}",
        quota=QUOTA.format(at_least=quota) if quota else "",
        screens=SCREENS,
        cap=SCHOOL_CAP,
        priorities=PRIORITIES,
        districts=DISTRICTS + BOUNDARIES if are_real(districts) else "",
    )


def are_real(districts: Collection[str]) -> bool:
    """Return whether districts are all of Taichung City."""
    return all(f'"{name}"' in DISTRICTS for name in districts)


def scenarios_text(pool: int, quota: int) -> str:
    """Write scenarios.toml."""
    text = SCENARIOS.format(smaller_pool=f"{round_pool(pool * 3 // 4):_}")
    more = QUOTA_SCENARIO.format(at_least=quota * 7 // 4)
    return text + (more if quota else "")
