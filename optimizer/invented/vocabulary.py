"""Words and figures that invented rounds are built from.

Names of schools, people and communities are put together from the syllables below. The names and
sizes of the districts are real.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

PERIOD = (date(2014, 2, 1), date(2014, 11, 30))  # plan §捌三
WINDOW = (date(2014, 1, 2), date(2014, 1, 17))  # an invented window for handing in (plan §陸三)
SUMMER = (date(2014, 7, 1), date(2014, 8, 31))

REVIEWERS = "甲乙丙丁戊己庚辛壬癸"

# Full marks of each criterion (plan §柒一–六).
CRITERIA = {"needs": 20, "planning": 20, "goals": 20, "team": 20, "budget": 10, "other": 10}


class District(NamedTuple):
    """A district, with how many municipal schools it has and how many of them are remote."""

    name: str
    elementary: int
    junior_high: int
    remote: int = 0
    special_remote: int = 0
    extreme_remote: int = 0

    @property
    def schools(self) -> int:
        """Municipal schools at both levels."""
        return self.elementary + self.junior_high


# Taichung City. Source: Ministry of Education statistics. Municipal elementary and junior high
# schools: directories of school year 102; remote categories: list of school year 111, the nearest
# that was found.
TAICHUNG = (
    District("中區", 1, 0),
    District("東區", 6, 2),
    District("南區", 4, 2),
    District("西區", 6, 4),
    District("北區", 7, 3),
    District("西屯區", 13, 6),
    District("南屯區", 10, 5),
    District("北屯區", 16, 6),
    District("豐原區", 10, 4),
    District("東勢區", 10, 3, 8),
    District("大甲區", 10, 3, 4),
    District("清水區", 11, 3, 3),
    District("沙鹿區", 7, 4),
    District("梧棲區", 6, 2),
    District("后里區", 6, 2, 1),
    District("神岡區", 5, 2),
    District("潭子區", 6, 2),
    District("大雅區", 8, 2),
    District("新社區", 8, 1, remote=5, special_remote=1),
    District("石岡區", 2, 1, 1),
    District("外埔區", 5, 1, 4),
    District("大安區", 4, 1, 4),
    District("烏日區", 8, 3, 2),
    District("大肚區", 7, 1),
    District("龍井區", 7, 3),
    District("霧峰區", 11, 2, 3),
    District("太平區", 14, 4, 2),
    District("大里區", 12, 6),
    District("和平區", 8, 2, special_remote=1, extreme_remote=9),
)

# School names: one syllable of each row. No municipal school of the city is called so.
FIRST_SYLLABLES = "霽嵐翎澔曦穗芷沐榆杉禾苒汐礫岫皓澄霏荻筠"
SECOND_SYLLABLES = "野岸畔蔚翔岑渚汀陌丘墨樵篁陂溪埕坪嶺帆霖"
LEVEL_NAMES = {"elementary": "國小", "junior_high": "國中"}

SURNAMES = "王李張劉陳楊黃吳趙周徐孫馬朱胡林郭何高羅鄭梁謝宋唐許鄧馮韓曹曾彭蕭蔡潘田董袁余葉"
GIVEN_SYLLABLES = "明華芳玲君慧文如珍雅怡婷惠娟美萍玉琴萱宏志偉傑豪哲倫成榮輝良德仁安平心儀真誠"

TYPES = {"grade": 20, "subject": 45, "school_task": 10, "professional_topic": 20, "other": 5}
METHODS = {
    "observation": 16,
    "case_analysis": 9,
    "portfolio": 8,
    "lecture": 24,
    "mentoring": 5,
    "action_research": 10,
    "co_planning": 28,
}
FIELDS = {
    "國語文": 22,
    "數學": 20,
    "英語": 14,
    "自然": 12,
    "社會": 10,
    "藝術與人文": 7,
    "健康與體育": 6,
    "綜合活動": 5,
    "特殊教育": 4,
}
GRADES = {
    "elementary": ("一年級", "二年級", "三年級", "四年級", "五年級", "六年級"),
    "junior_high": ("七年級", "八年級", "九年級"),
}
THEMES = (
    "閱讀理解",
    "提問設計",
    "差異化設計",
    "多元評量",
    "合作學習",
    "探究實作",
    "學習扶助",
    "共同備課",
)
TASKS = ("學校本位課程", "品德教育", "環境教育", "校園閱讀", "友善校園", "校務評鑑", "特色課程")
TOPICS = ("學習共同體", "有效教學", "班級經營", "資訊融入教學", "課程設計", "觀課議課", "教學檔案")
OTHERS = ("教師讀書會", "教學影像", "新進教師支持", "親師溝通", "教師成長")
PLACES = ("會議室", "圖書室", "視聽教室", "自然教室", "年級辦公室", "電腦教室")
AGENDA = ("共同備課", "課程設計", "教學觀察與回饋", "專題講座", "學生作品分析", "成果分享")

# Hours of an outside lecturer, hours of an in-house lecturer, consultations; how often seen.
PROFILES = (
    (1, 0, 0, 24),
    (2, 0, 0, 14),
    (0, 1, 0, 6),
    (0, 2, 0, 16),
    (0, 3, 0, 7),
    (0, 4, 0, 4),
    (1, 1, 0, 9),
    (1, 2, 0, 5),
    (2, 1, 0, 4),
    (1, 3, 0, 2),
    (2, 2, 0, 2),
    (0, 0, 1, 5),
    (0, 0, 2, 2),
    (0, 2, 1, 2),
    (1, 0, 1, 2),
)
# NT$ (plan §捌二(6), 附件二): an hour of an outside lecturer, of an in-house one; a consultation.
EXTERNAL_RATE, INTERNAL_RATE, CONSULTATION_RATE = 1_600, 800, 2_000
SCHOOL_CAP = 5_000  # NT$ (plan §捌二(5))


def afternoons() -> list[date]:
    """Return the Wednesdays of the funded period outside the summer holidays."""
    days = (PERIOD[0] + timedelta(days) for days in range((PERIOD[1] - PERIOD[0]).days + 1))
    return [day for day in days if day.weekday() == 2 and not SUMMER[0] <= day <= SUMMER[1]]
