"""The rules of the plan as policy.toml writes them, for invented rounds and for new cases alike."""

DISTRICTS = """\
districts = [                               # 全部行政區；其他縣市請改寫 · all districts there are
    "中區", "東區", "南區", "西區", "北區", "西屯區", "南屯區", "北屯區",
    "豐原區", "東勢區", "大甲區", "清水區", "沙鹿區", "梧棲區", "后里區", "神岡區",
    "潭子區", "大雅區", "新社區", "石岡區", "外埔區", "大安區", "烏日區", "大肚區",
    "龍井區", "霧峰區", "太平區", "大里區", "和平區",
]
"""
SCREENS = """\
[[clause]]                                  # 未參與教育部 102 學年度評鑑計畫之學校
kind = "programme"                          # schools outside the ministry's programme
reference = "肆"

[[clause]]                                  # 成員以六人以上為原則，至少三人
kind = "members"                            # six members as a principle, three at least
minimum = 3
recommended = 6
reference = "伍二"

[[clause]]                                  # 活動至少六次，皆在補助期間
kind = "meetings"                           # six meetings at least, inside the funded period
minimum = 6
reference = "伍三"
"""
SCHOOL_CAP = """\
[[clause]]                                  # 每校上限（元）· the most one school may receive
kind = "school_cap"
amount = 5_000
reference = "捌二(5)"
"""
READINGS = "，各種讀法見 README 與 readings.toml"  # a file that an invented round has
PRIORITIES = f"""\
[[priority]]                                # 參與的行政區愈多愈好
kind = "coverage"                           # as many districts as possible take part
reference = "柒六(一)"

# 每一元依其所補助社群的分數計（per = "amount"）。若每件只計一次（per = "application"），兩件較便宜、分數較低的
# 申請會勝過一件分數較高的，未獲補助者問起時無從說明。以元計，便宜不占優勢；代價是同校之中，較能用足上限者可能勝過
# 分數較高的另案。由高分依序為 form = "ranked"{READINGS}。
# Each NT$ counts by the merit of what it pays for (per = "amount"). If each community counted once
# (per = "application"), two cheap ones of less merit would win over one of more, and nobody could
# tell that one why. By the amount, being cheap is no advantage; the price: what fills more of
# a school's cap may win over a better sister. From the top down: form = "ranked".
[[priority]]                                # 審查分數（以一分為一級距）
kind = "merit"                              # merit in bands of one point: "conditions being equal"
name = "merit_band"
per = "amount"
band = 1.0
reference = "柒六(三)"

[[priority]]                                # 條件相同時，弱勢學校優先
kind = "disadvantage"                       # schools with fewer resources first
weights = {{ remote = 1, special_remote = 2, extreme_remote = 3 }}
reference = "柒六(二)"

[[priority]]                                # 審查分數（原始分數）
kind = "merit"                              # merit itself
per = "amount"
band = 0
reference = "柒六(三)"

[[priority]]                                # 鼓勵跨校、跨領域社群
kind = "sharing"                            # cross-school and cross-subject communities
reference = "柒六(四)"

[[priority]]                                # 各類社群儘量平均
kind = "balance"                            # kinds of activity as even as possible
reference = "柒六(三)"

[[priority]]                                # 經費發揮最大效益
kind = "amount"                             # the money to its greatest effect
reference = "柒六(三)"
"""
