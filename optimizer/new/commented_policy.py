"""The policy of a new case: ready to be read, with every figure explained beside it."""

from optimizer.invented.rules import DISTRICTS, PRIORITIES, READINGS, SCHOOL_CAP, SCREENS
from optimizer.policy.problems import PLACEHOLDER

POLICY = f"""\
# 補助分配規則 · The rules of one round
#
# 只有列在這裡的規則才適用；以 # 開頭的行不適用，去掉 # 即生效。
# Only the rules listed here apply. A line that starts with # does not; take the # away and it does.
# 所有規則及其鍵：subsidy clauses · All rules and their keys: subsidy clauses
# 每條規則可寫 reference（所依計畫條文）與 name（名稱，供情境引用）。
# Every rule may carry reference (section of the plan) and name (for scenarios to call it by).

[plan]
title = "教師專業學習社群補助計畫"            # 計畫名稱，印在所有結果上 · printed on everything
year = 103                                  # 民國或西元年 · ROC or Gregorian year
period = ["2014-02-01", "2014-11-30"]       # 補助期間首日與末日 · funded period (捌三)
# name_others = true                        # 函稿可指名他校、他案（預設不可）· letters may name other schools
{DISTRICTS}# boundaries = "districts.geojson"          # 各區界線（GeoJSON 檔，放在同一資料夾），畫地圖用；未寫則以方格代替
                                            # outlines of the districts (GeoJSON beside the tables), for the map; else tiles

[pool]
amount = 900_000                            # 總經費（元）· NT$ to distribute
unit = 100                                  # 核定金額的單位（元）· awards are multiples of this
contingency = 0                             # 預備金（元）· NT$ held back from the pool
# reference = ""                            # 所依計畫條文，函稿會引用；[review]、[award] 亦可寫
                                            # section of the plan, for the letters; in those, too

[review]                                    # 審查標準 · review form (柒一–六)
# 各審查項目的滿分 · full marks of each criterion
criteria = {{ needs = 20, planning = 20, goals = 20, team = 20, budget = 10, other = 10 }}
aggregate = "mean"                          # mean 平均 | median 中位數 | trimmed_mean 去極端平均
minimum_merit = 70                          # 及格分數 · least merit to be eligible
reference = "柒"                            # 審查之計畫條文 · section of the plan on the review
missing = "error"                           # 缺漏分數 · a blank mark: error 視為錯誤 |
                                            # criterion_mean 以其他委員平均補 | rescale 依比例 | zero 0 分
direction = "higher_is_better"              # 或 lower_is_better（名次法，小者為佳）

[award]
mode = "full"                               # full 全額或不補助 · the admissible amount or nothing
                                            # partial 可部分補助 · any share from least_share up
                                            # graded 依分數級距 · merit bands to shares
# least_share = "50%"                       # partial：至少核給的比例 · the least share worth granting
# grades = [[90, "100%"], [80, "80%"]]      # graded：90 分以上全額，80 分以上八成
reference = "捌二(5)"                       # 得調整金額之計畫條文 · by which amounts may be adjusted

[draw]                                      # 抽籤：最後仍同分時 · settles the ties that are left
seed = "{PLACEHOLDER}"     # 任何文字 · any text, published before reviews are opened

# ---- 資格審查 · screening -------------------------------------------------------------------

{SCREENS}
# [[clause]]                                # 送件期限，逾期不予受理
# kind = "deadline"                         # handed in inside the window
# first = "2014-01-02"
# last = "2014-01-17"
# reference = "陸三"

# [[clause]]                                # 前次成果未繳交者不符資格
# kind = "prior_outcome"                    # last year's report is due
# reference = "捌四"

# [[clause]]                                # 經費編列基準，逐項審核（須填經費表）
# kind = "budget_lines"                     # rates of the plan, line by line (needs budget_lines)
# reference = "捌二(6)"

# ---- 限制 · constraints ---------------------------------------------------------------------

{SCHOOL_CAP}
# [[clause]]                                # 配額：任一欄位、任一值 · any column, any value
# kind = "quota"
# column = "level"                          # 欄位 · column: level, district, type …
# value = "junior_high"                     # 欄位值，或改寫 for_each = true（每一個值）· or each value
# measure = "count"                         # count 件數 · amount 金額 · members … 數字欄之合計
# at_least = 40                             # 下限 · least: 40 或 "40%"
# # at_most = "60%"                         # 上限，或以 exactly 代替二者 · most; exactly: in place of both

# [[clause]]                                # 每案最低補助（元），不足此數者不予補助
# kind = "minimum_award"                    # nobody gets less than this, or nothing
# amount = 3_000

# [[clause]]                                # 人工核定，留存紀錄 · decided by hand, kept in the record
# kind = "fixed"
# fund = ["A017"]                           # 指定補助 · must be funded；可逐案寫理由 · grounds of each:
                                            # {{ id = "A017", reason = "…", decided_by = "…" }}
# refuse = []                               # 指定不補助 · must not be funded
# reason = "理由 · why"
# decided_by = "決定者 · who"

# ---- 優先順序：先列者優先，後列者只在前者皆同時才有作用 --------------------------------------
# ---- priorities in strict order: a later one only decides among optima of the earlier --------

{PRIORITIES.replace(READINGS, "，各種讀法見 README")}"""
