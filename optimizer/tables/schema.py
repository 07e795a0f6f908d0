"""The columns of every table of a case, as data: names, kinds, accepted values, help.

It is the one source for the reader, for the empty tables of ``subsidy new`` and for the docs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from optimizer.language.text import Text


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    ID = "id"
    MONEY = "money"  # whole NT$, not negative
    COUNT = "count"  # a whole number, not negative
    DECIMAL = "decimal"  # an exact decimal, not negative
    POINTS = "points"  # a decimal, blank (missing) or recused
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"  # one of `Column.values`
    LIST = "list"  # any names, separated by ; or 、
    ID_LIST = "id_list"


@dataclass(frozen=True)
class Value:
    """One value of an enumeration.

    Parameters
    ----------
    key
        What the program calls it.
    zh
        What it is called in Chinese tables and drop-downs.
    aliases
        Other spellings that mean the same.
    term
        What English sentences call it; blank where they never say it.
    """

    key: str
    zh: str
    aliases: tuple[str, ...] = ()
    term: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every accepted spelling."""
        return (self.key, self.zh, *self.aliases)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    key, zh
        Its header in English and in Chinese.
    kind
        What its cells hold.
    help
        What to fill in, in both languages.
    required
        Whether the table must have the column.
    filled
        Whether every cell must be filled in.
    aliases
        Further headers that are understood.
    values
        The accepted values of a choice; for text and lists the values that have a Chinese name
        (any other is kept as it is).
    dash_is_zero
        Whether ``-`` means 0, as in published tables, and not a blank.
    full
        The full mark of a criterion, where it is known.
    term
        What English sentences call it; blank where they never say it.
    """

    key: str
    zh: str
    kind: Kind
    help: Text
    required: bool = True
    filled: bool = False
    aliases: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    dash_is_zero: bool = False
    full: Fraction | None = None
    term: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every accepted header."""
        return (self.key, self.zh, *self.aliases)


@dataclass(frozen=True)
class Table:
    """One table of a case: a CSV file or a sheet of a workbook.

    Parameters
    ----------
    key, zh
        Name of the file or sheet in English and in Chinese.
    help
        What one row is.
    columns
        Its columns in the order of an empty table.
    required
        Whether a case must have it.
    aliases
        Further file or sheet names that are understood.
    """

    key: str
    zh: str
    help: Text
    columns: tuple[Column, ...]
    required: bool = True
    aliases: tuple[str, ...] = ()
    index: dict[str, Column] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        index = {fold(name): column for column in self.columns for name in column.names}
        object.__setattr__(self, "index", index)

    @property
    def names(self) -> tuple[str, ...]:
        """Every accepted file or sheet name, folded."""
        return tuple(fold(name) for name in (self.key, self.zh, *self.aliases))

    def find(self, header: str) -> Column | None:
        """Return the column that a header means, or None for one the program does not know."""
        folded = fold(header)
        return self.index.get(folded) or self.index.get(_parted(folded)[0])

    def note(self, header: str) -> str:
        """Return what a header says beside the name of its column, folded: (元) of 申請金額(元)."""
        folded = fold(header)
        base, note = _parted(folded)
        return note if folded not in self.index and base in self.index else ""

    def column(self, key: str) -> Column:
        """Return a column by its English name."""
        return next(column for column in self.columns if column.key == key)


MULTIPLE = r"(?:\d[\d,]{1,12}|\d{0,12}[十百千萬億佰仟]{1,9})元"  # 千元, 萬元, 1,000元: not NT$ each
_NOTE = re.compile(  # 申請金額(元) is 申請金額, and so is 申請金額：千元
    rf"(?<=.)(?:[(\[{{<【〔〖〈《「『]|單位|{MULTIPLE}|(?:in_)?(?:nt\$_?)?thousands?)"
)
_BREAK = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")  # 申請 金額 is 申請金額
_INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060]")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return a name in the form in which names are compared.

    Full-width forms, case, blanks, invisible marks, and 臺 or 台 make no difference.
    """
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold().replace("臺", "台")
    return "_".join(_BREAK.sub("", plain).split()).replace("-", "_")


def _parted(folded: str) -> tuple[str, str]:
    """Part a folded header into the name of its column and the note behind it."""
    noted = _NOTE.search(folded)
    at = noted.start() if noted else len(folded)
    return folded[:at].rstrip("_:/,、"), folded[at:]


LEVELS = (
    Value("elementary", "國小", ("國民小學", "primary"), term="elementary"),
    Value("junior_high", "國中", ("國民中學", "junior", "junior high"), term="junior high"),
)
DISADVANTAGES = (
    Value("remote", "偏遠", term="remote"),
    Value("special_remote", "特偏", ("特殊偏遠",), term="specially remote"),
    Value("extreme_remote", "極偏", ("極度偏遠",), term="extremely remote"),
)
NO_DISADVANTAGE = Value("", "無", ("-", "none", "非偏遠"))
TYPES = (
    Value("grade", "年級別", ("年級",), term="grade"),
    Value(
        "subject", "學科/領域/學群", ("學科", "領域", "學群", "學科領域", "領域別"), term="subject"
    ),
    Value("school_task", "學校任務", term="school task"),
    Value("professional_topic", "專業發展主題", term="professional topic"),
    Value("other", "其他", term="other"),
)
METHODS = (
    Value("observation", "教學觀察與回饋", ("教學觀察",), term="observation and feedback"),
    Value("case_analysis", "案例分析", term="case analysis"),
    Value("portfolio", "教學檔案製作", ("教學檔案",), term="portfolio"),
    Value("lecture", "專題講座", term="lecture"),
    Value("mentoring", "新進教師輔導", term="mentoring of new teachers"),
    Value("action_research", "行動研究", term="action research"),
    Value("co_planning", "協同備課", ("共同備課",), term="planning together"),
)
OUTCOMES = (
    Value("reported", "已繳交", ("已繳", "已提報", "有"), term="reported"),
    Value("missing", "未繳交", ("未繳", "未提報"), term="missing"),
)
ITEMS = (
    Value("internal_lecturer", "內聘講師", ("內聘講師鐘點費", "內聘鐘點費")),
    Value("external_lecturer", "外聘講師", ("外聘講師鐘點費", "外聘鐘點費")),
    Value("consultation", "諮詢費", ("諮詢輔導費",)),
    Value("health_premium", "二代健保補充費", ("二代健保", "健保補充費", "二代健保補充保費")),
    Value("printing", "資料印刷費", ("印刷費",)),
    Value("misc", "雜支"),
    Value("other", "其他"),
)
YES_NO = (
    Value("yes", "是", ("true", "y", "1"), term="yes"),
    Value("no", "否", ("false", "n", "0"), term="no"),
)
RECUSED = Value("recused", "迴避", ("回避", "利益迴避"))
CRITERIA = (
    Value("needs", "需求評估", term="needs"),
    Value("planning", "整體規劃", term="planning"),
    Value("goals", "目標達成", term="goals"),
    Value("team", "召集人及成員", term="team"),
    Value("budget", "經費合理", term="budget"),
    Value("other", "其他原則", ("其他",)),
)

VALUES: dict[str, tuple[Value, ...]] = {
    "level": LEVELS,
    "disadvantage": (*DISADVANTAGES, NO_DISADVANTAGE),
    "evaluation_programme": YES_NO,
    "type": TYPES,
    "methods": METHODS,
    "prior_outcome": OUTCOMES,
    "criterion": CRITERIA,
    "item": ITEMS,
}


def _columns(rows: str) -> tuple[Column, ...]:
    """Read columns, one a row: its names, its kind, what to fill in, what sentences call it.

    After the kind: ``!`` every cell must be filled in, ``?`` a table may lack it, ``-`` is 0.
    """
    return tuple(_column(*map(str.strip, row.split("|"))) for row in rows.strip().splitlines())


def _column(names: str, kind: str, zh: str, en: str, term: str = "") -> Column:
    key, word, *aliases = names.split()
    return Column(
        key,
        word,
        Kind(kind.rstrip("!?-")),
        Text(zh, en),
        required="?" not in kind,
        filled="!" in kind,
        aliases=tuple(aliases),
        values=VALUES.get(key, ()),
        dash_is_zero="-" in kind,
        term=term,
    )


APPLICATION, _REVIEWER = _columns("""
    application_id 申請編號 編號 案號 application | id! | 申請案的編號，不得重複 | the application's number, never used twice
    reviewer 審查委員 委員 評審委員 | id! | 審查委員的姓名或代號 | the reviewer's name or number
""")
_OF_APPLICATION = replace(
    APPLICATION, help=Text("申請資料中的編號", "the number of an application of that table")
)

SCHOOLS = Table(
    "schools",
    "學校",
    Text("每列一校；一校兩學制者兩列", "one school a row; one that stands at both levels has two"),
    _columns("""
        school_id 學校代碼 代碼 學校編號 code | id! | 教育部學校代碼，六碼，保留開頭的 0 | the ministry's code, six digits, with its leading 0 | school
        name 學校名稱 校名 school_name | text! | 學校名稱 | name of the school | school name
        district 行政區 區別 鄉鎮市區 | text! | 學校所在行政區 | district the school lies in | district
        level 學制 學校級別 教育階段 | choice! | 國小或國中 | elementary or junior high | level
        disadvantage 弱勢類別 偏遠類別 偏遠地區類別 remote_category | text | 資源較少學校的類別，無則空白 | category of schools with fewer resources, or blank | disadvantage
        evaluation_programme 參與評鑑計畫 評鑑計畫 | yes_no! | 是否參與教育部 102 學年度評鑑計畫 | whether it took part in the ministry's 102 school year evaluation programme | evaluation programme
        students 學生數 | count?- | 學生人數 | number of students | students
        classes 班級數 | count?- | 班級數 | number of classes | classes
    """),
    aliases=("學校資料", "學校名單", "school"),
)

APPLICATIONS = Table(
    "applications",
    "申請",
    Text("每列一件申請", "one application a row"),
    (
        APPLICATION,
        *_columns("""
            school_id 學校代碼 代碼 申請學校代碼 學校編號 | id! | 主辦學校的代碼 | code of the lead school
            title 社群名稱 名稱 | text | 社群名稱 | name of the community | community title
            convener 召集人 | text | 召集人一人 | its one convener | convener
            type 社群類型 類型 | choice! | 五種類型之一 | one of the five types | type of community
            methods 實施方式 | list | 可多項，以 ; 或 、 分隔 | any number, separated by ; or 、 | methods
            members 成員人數 人數 社群人數 | count | 成員人數 | number of members | members
            meetings 活動次數 次數 | count | 規劃的活動次數 | number of meetings planned | meetings
            requested 申請金額 申請經費 申請補助金額 | money! | 申請金額，新臺幣元 | NT$ asked for | requested amount
            level 學制 學校級別 教育階段 | choice? | 學校代碼兼有兩學制時必填 | needed where the code stands at both levels
            partners 合作學校 合作學校代碼 夥伴學校 | id_list? | 合作學校代碼，以 ; 或 、 分隔 | codes of partner schools, separated by ; or 、 | partner schools
            fields 領域 學習領域 | list? | 涉及的領域，以 ; 或 、 分隔 | subject fields, separated by ; or 、 | fields
            submitted_on 送件日期 送件日 收件日期 | date? | 送件日期，如 2014-02-01 或 103/2/1 | date handed in, e.g. 2014-02-01 or 103/2/1 | submission date
            own_funds 自籌款 | money?- | 自籌金額，新臺幣元 | NT$ of own funds | own funds
            prior_outcome 前次成果 前次成果報告 | choice? | 前次獲補助者是否已繳成果報告，未獲補助者空白 | whether last year's report came in; blank without a grant then | prior outcome
            district 行政區 區別 鄉鎮市區 | text? | 僅供核對，須與學校資料一致 | only compared: it must agree with the schools table
            school_name 學校名稱 校名 school name | text? | 僅供核對，須與學校代碼相符 | only compared: it must go with the school code | school name
            merit 成績 總分 審查成績 | decimal? | 評分已另行核定時填寫，此時不得有評分表 | settled score, only where the policy has no review criteria | merit
        """),
    ),
    aliases=("申請表", "申請案", "application"),
)

REVIEWS_LONG = Table(
    "reviews",
    "評分",
    Text("每列一個分數", "one mark a row"),
    (
        _OF_APPLICATION,
        _REVIEWER,
        *_columns("""
            criterion 審查項目 項目 評分項目 | text! | 審查項目 | the criterion
            points 分數 得分 評分 | points | 分數；整份迴避填「迴避」 | points; “recused” where the reviewer has a conflict of interest and marks nothing
        """),
    ),
    aliases=("審查", "評審", "review"),
)

TOTALS = Table(
    "reviews",
    "評分",
    Text("每列一件申請核定的成績", "the settled score of one application a row"),
    (
        APPLICATION,
        *_columns(
            "merit 成績 總分 審查成績 total score | decimal! | 已核定的成績 | the settled score"
        ),
    ),
    required=False,
    aliases=REVIEWS_LONG.aliases,
)

STATED_TOTAL = Table(
    "reviews",
    "評分",
    Text("各項分數旁的合計，僅供核對", "a total beside the marks, only compared with their sum"),
    _columns(
        "stated_total 總分 合計 總計 審查總分 總得分 total total_score sum | decimal? | 各項分數的合計 | the sum of the marks"
    ),
    required=False,
)


def reviews_table(criteria: Iterable[str]) -> Table:
    """Return the table of reviews with one column a criterion of the policy.

    It is read in long form, too: one mark a row, with the columns of `REVIEWS_LONG`. Where the
    criteria come with their full marks, the columns know them.
    """
    full = criteria if isinstance(criteria, Mapping) else {}
    return Table(
        "reviews",
        "評分",
        Text("每列一位委員對一件申請的評分", "one reviewer's marks for one application a row"),
        (_OF_APPLICATION, _REVIEWER, *(_criterion(key, full.get(key)) for key in criteria)),
        aliases=REVIEWS_LONG.aliases,
    )


def _criterion(key: str, full: Fraction | None) -> Column:
    known = next((value for value in CRITERIA if value.key == key), Value(key, key))
    return Column(
        key,
        known.zh,
        Kind.POINTS,
        Text(
            f"「{known.zh}」的分數；整份迴避填「迴避」",
            f"points for {key}; “recused” where the reviewer has a conflict of interest and marks "
            "nothing",
        ),
        aliases=known.aliases,
        full=full,
    )


BUDGET_LINES = Table(
    "budget_lines",
    "經費",
    Text("每列一個經費項目", "one line of an application's budget a row"),
    (
        _OF_APPLICATION,
        *_columns("""
            item 項目 經費項目 | choice! | 經費項目 | what the money is for
            quantity 數量 | decimal | 數量（時數、人次、份數） | how many (hours, visits, copies)
            unit_price 單價 | decimal | 單價，新臺幣元 | NT$ each
            amount 金額 小計 總價 | money!- | 金額，新臺幣元 | NT$ of the line
        """),
    ),
    required=False,
    aliases=("經費表", "經費概算", "budget"),
)

MEETINGS = Table(
    "meetings",
    "活動",
    Text("每列一次活動", "one meeting a row"),
    (
        _OF_APPLICATION,
        *_columns("""
            date 日期 活動日期 | date! | 活動日期 | date of the meeting
            topic 主題 活動主題 內容 | text? | 活動主題 | its topic
            place 地點 | text? | 活動地點 | where
            speaker 講師 主講人 | text? | 講師 | who speaks
            attendance 出席人數 | count? | 出席人數 | how many came
        """),
    ),
    required=False,
    aliases=("活動表", "活動規劃", "meeting"),
)


def case_tables(criteria: Iterable[str]) -> tuple[Table, ...]:
    """Return every table of a case in the order in which people fill them in."""
    return (SCHOOLS, APPLICATIONS, reviews_table(criteria), BUDGET_LINES, MEETINGS)


def canonical(value: str, values: Iterable[Value]) -> str:
    """Return the key of a value that has one, and any other value as it stands.

    Policies may write 偏遠 where the program says ``remote``; both mean the same.
    """
    folded = fold(value)
    for known in values:
        if folded in map(fold, known.names):
            return known.key
    return value.strip()
