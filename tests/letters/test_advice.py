"""What a letter gives as its reason and its advice: true, plain, and for the school that reads it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from helpers.rounds import make_case, with_budget

from optimizer import allocate
from optimizer.case.case import Case
from optimizer.explain import explain_all
from optimizer.language.text import Language
from optimizer.letters.content import Particulars
from optimizer.letters.telephone import telephone_csv, telephone_sheet
from optimizer.stationery.bureau import read_bureau
from optimizer.stationery.sources import OURS

CAP = {"kind": "school_cap", "amount": 5_000, "reference": "捌二(5)"}
MERIT = {"kind": "merit", "per": "amount", "reference": "柒六(三)"}
SCHOOLS = [{"school_id": f"S{n}", "name": f"{n}號國小", "district": "中區"} for n in (1, 2, 3)]
SISTERS = ("同校各案合計受每校上限 5,000 元之限；次年度可由學校自行排定優先順序，"
           "或合計申請金額以不逾每校上限為宜")  # fmt: skip


def round_of(
    pool: int | dict[str, Any], *rows: tuple[str, str, int | Fraction, int], **document: Any
) -> Case:
    """Make a case of rows of number, school, merit and request."""
    names = ("application_id", "school_id", "merit", "requested")
    applications = [dict(zip(names, row, strict=True)) for row in rows]
    rules = {
        "pool": {"unit": 100, **(pool if isinstance(pool, dict) else {"amount": pool})},
        "priority": [MERIT],
        "clause": [CAP],
    }
    return make_case(applications, SCHOOLS, **{**rules, **document})


def letter(case: Case, own_id: str, language: Language = "zh-TW") -> Mapping[str, Any]:
    """Return what the letter of one application is filled in with."""
    allocation = allocate(case)
    [said] = explain_all(allocation, [own_id])
    return Particulars(allocation, read_bureau(OURS, language), language).of(said)


def row_of(case: Case, own_id: str) -> dict[str, str]:
    """Return the row of the telephone sheet, by its columns."""
    allocation = allocate(case)
    sheet = telephone_sheet(allocation, explain_all(allocation, [own_id]), "zh-TW")
    header, row = csv.reader(telephone_csv(sheet).decode("utf-8-sig").splitlines())
    return dict(zip(header, row, strict=True))


def advice(case: Case, own_id: str) -> dict[str, str]:
    return {need["code"]: need["text"] for need in letter(case, own_id)["needs"]}


WORSE_SISTER = round_of(9_000, ("A1", "S1", 93, 1_900), ("A2", "S1", 90, 5_000))


def test_who_lost_to_a_worse_sister_reads_no_contradiction() -> None:
    said = letter(WORSE_SISTER, "A1")
    assert said["reason"]["text"].endswith(
        "加上本案 1,900 元將超過每校上限 5,000 元；A2 分數雖較低，但依「每元經費所得分數」，補助 A2 所得分數之合計"
        "（分數乘以金額）高於改補助本案；若改補助本案，各補助案分數乘以金額之合計會較低"
    )
    assert "：貴校已獲 5,000 元，" in said["reason"]["text"]
    assert said["sections"] == ["柒六（三）", "捌二（5）"]
    english = letter(WORSE_SISTER, "A1", "en")["reason"]["text"]
    assert english.endswith(
        "with it instead, merit times money, added up over the funded, would be lower"
    )
    assert (
        'but by "Merit of each NT$" A2 brings more merit times money than this one instead'
        in english
    )


def test_sums_stand_in_the_explanation_in_the_letter_and_in_short_on_the_sheet() -> None:
    """With the merit that is used: 90 of 90.33, where bands of a point count; five bands of 5 are points, too."""
    rows = (("A1", "S1", 93, 1_900), ("A2", "S1", Fraction(271, 3), 5_000))
    for band, used, own in ((1, 90, 93), (5, 90, 90)):
        case = round_of(9_000, *rows, priority=[{**MERIT, "band": band}])
        [said] = explain_all(allocate(case), ["A1"])
        sums = f"計算：A2 以 {used} 分乘以 5,000 元，得 450,000；本案以 {own} 分乘以 1,900 元，得 {own * 1_900:,}"
        assert sums in [more.full.zh for more in said.more if more.code == "sums"]
        assert sums in [more["text"] for more in letter(case, "A1")["more"]]
        told = row_of(case, "A1")["reason"]
        assert told == f"同校 A2 分數乘金額計 450,000，高於改補助本案 {own * 1_900:,}"


def test_each_application_once_is_said_as_it_is_counted() -> None:
    three = (("A1", "S1", 93, 5_000), ("A2", "S1", 60, 2_500), ("A3", "S1", 60, 2_500))
    case = round_of(9_000, *three, priority=[{**MERIT, "per": "application"}])
    assert letter(case, "A1")["reason"]["text"].endswith(
        "加上本案 5,000 元將超過每校上限 5,000 元；"
        "若改補助本案，獲補助各案的分數合計會較低：依「審查分數」"
    )


def test_bands_are_said_where_they_count() -> None:
    rows = (("A1", "S1", 93, 1_900), ("A2", "S1", 90, 5_000))
    said = letter(round_of(9_000, *rows, priority=[{**MERIT, "band": 1}]), "A1")
    assert (
        "依「每元經費所得分數（每 1 分為一級距）」，補助 A2 所得分數之合計（分數乘以金額）高於改補助本案"
        in said["reason"]["text"]
    )


def test_a_sister_is_named_and_what_the_school_can_do_is_said() -> None:
    said = advice(WORSE_SISTER, "A1")
    assert said["rivals"] == "若當初貴校未另申請 A2，本案即獲補助"
    assert said["sisters"] == SISTERS
    assert said["nothing"] == "在本次申請與評分結果下，提高本案分數或減少申請金額，均無法獲補助"


def test_it_is_said_to_be_certain_only_where_it_is() -> None:
    """Without A1 the draw decides between two of equal merit; letter and telephone say so."""
    rows = (("A1", "S1", 90, 3_000), ("A2", "S1", 85, 3_000), ("A3", "S1", 85, 3_000))
    case = round_of(9_000, *rows)
    assert advice(case, "A2")["rivals"] == "若當初貴校未另申請 A1，本案可能獲補助（由抽籤決定）"
    assert row_of(case, "A2")["without_others"] == advice(case, "A2")["rivals"]
    sure = round_of(9_000, *rows[:2])
    assert advice(sure, "A2")["rivals"] == "若當初貴校未另申請 A1，本案即獲補助"
    assert row_of(sure, "A2")["without_others"] == advice(sure, "A2")["rivals"]


def test_who_would_lose_the_place_by_a_better_score_is_said_everywhere() -> None:
    """More points for one are a sister's loss; by the draw, it is one of the two."""
    rows = (("A1", "S1", 88, 2_500), ("A2", "S1", 87, 2_500), ("A3", "S1", 80, 5_000))
    better = "分數達 88 分（差 8 分），即獲補助，但同校 A1、A2 不獲補助"
    case = round_of(9_000, *rows)
    assert advice(case, "A3")["merit"] == better
    assert row_of(case, "A3")["would_have_helped"] == better
    drawn = round_of(9_000, ("A0001", "S1", 88, 3_000), ("A0002", "S1", 87, 3_000))
    assert advice(drawn, "A0002")["merit"].endswith("由抽籤決定；如獲選，同校 A0001 不獲補助")
    assert (
        row_of(drawn, "A0002")["would_have_helped"]
        == "分數達 88 分（差 1 分），由抽籤決定，本案獲補助則 A0001 不獲補助"
    )


def test_two_sisters_are_said_with_their_scores() -> None:
    rows = (("A1", "S1", 88, 2_500), ("A2", "S1", 87, 2_500), ("A3", "S1", 80, 5_000))
    assert (
        row_of(round_of(9_000, *rows), "A3")["reason"]
        == "同校 A1（88 分）、A2（87 分）已獲補助，合計逾「每校上限」"
    )


def test_several_without_any_of_whom_it_would_be_funded_are_no_riddle() -> None:
    rows = (("A1", "S1", 88, 2_500), ("A2", "S1", 87, 2_500), ("A3", "S1", 86, 2_400))
    said = advice(round_of(9_000, *rows), "A3")["rivals"]
    assert said == "若當初貴校未另申請 A1、A2 其中任一件，本案即獲補助"


def test_no_letter_speaks_of_a_larger_pool_or_of_others_that_might_not_have_been() -> None:
    case = round_of(3_000, ("A1", "S1", 90, 3_000), ("A2", "S2", 85, 1_000))
    assert advice(case, "A2") == {
        "nothing": "在本次申請與評分結果下，提高本案分數或減少申請金額，均無法獲補助",
        "waiting": "已核定者均保留，公布後恰釋出 1,000 元時遞補，金額不同則未必",
    }


@pytest.mark.parametrize(("room", "asked"), [(2_000, 2_500), (100, 200)])
def test_a_smaller_request_is_told_and_never_advised(room: int, asked: int) -> None:
    case = round_of(9_000, ("A1", "S1", 90, 5_000 - room), ("A2", "S1", 80, asked))
    said = advice(case, "A2")
    assert said["request"] == f"申請金額減為 {room:,} 元（其他金額未必，並非建議），即獲補助"
    assert row_of(case, "A2")["smaller_request"] == said["request"]
    assert "nothing" not in said and "亦不獲補助" in said["merit"]


def test_less_than_half_of_a_request_is_no_counsel_and_stays_a_figure() -> None:
    """Above half nothing would do; where it would, the data say."""
    case = round_of(9_000, ("A1", "S1", 90, 4_000), ("A2", "S1", 80, 2_500))
    [one] = explain_all(allocate(case), ["A2"])
    assert {need.code: need.value for need in one.needs}["request"] == 1_000
    assert advice(case, "A2")["request"] == "申請金額即使減為一半，亦不獲補助"
    assert row_of(case, "A2")["smaller_request"] == advice(case, "A2")["request"]


def test_those_of_the_same_score_who_were_funded_are_told_with_what_decided() -> None:
    """The draw between two; the money where one asks for more; both named for the official alone."""
    rows = (("A1", "S1", 90, 3_000), ("A2", "S2", 90, 2_000), ("A3", "S3", 90, 1_500))
    case = round_of(4_500, *rows)
    [one] = explain_all(allocate(case), ["A2"])
    lower = next(more for more in one.more if more.code == "lower")
    assert lower.full.zh.startswith(
        "分數與本案相同而獲補助者 2 件：A1（1號國小，90 分）、A3（3號國小，90 分）；若以本案換下其中一件："
    )
    assert "違反「經費總額」者 1 件、使「每元經費所得分數」較差者 1 件" in lower.full.zh
    assert "A1" not in lower.discreet.zh
    assert row_of(case, "A2")["reason"].endswith("同分者 2 件獲補助，以本案換下則違反規則或較差")


@pytest.mark.parametrize(("merit", "far"), [(80, ""), (79, "、差距較大")])
def test_which_score_is_needed_is_said_and_how_far_it_is(merit: int, far: str) -> None:
    """A tenth of the marks at most is within reach."""
    case = round_of(9_000, ("A1", "S1", 90, 3_000), ("A2", "S1", merit, 3_000))
    head = f"分數達 90 分（差 {90 - merit} 分"
    assert advice(case, "A2")["merit"].startswith(f"{head}{far}），")
    assert row_of(case, "A2")["would_have_helped"].startswith(head)


def test_sisters_that_cost_less_may_count_for_more_by_each_dollar() -> None:
    """Two of 82 and 88 for 3,800 beat one of 84 for 4,000: the 200 go to another."""
    rows = (
        ("A1", "S1", 82, 2_300),
        ("A2", "S1", 88, 1_500),
        ("A3", "S1", 84, 4_000),
        ("A4", "S2", 83, 200),
    )
    case = round_of(4_000, *rows)
    assert row_of(case, "A3")["reason"] == "同校 A1、A2 平均每元 84.37，高於改補助本案 84"
    told = letter(case, "A3")["reason"]["text"]
    assert "補助 A1、A2 平均每元所得分數高於改補助本案" in told


def test_one_lucky_amount_is_no_advice() -> None:
    """2,000 is all there is and worth more than 1,900 of a better one; 1,900 is worth less."""
    case = round_of(2_000, ("A1", "S1", 80, 2_500), ("A2", "S2", 81, 1_900))
    [one] = explain_all(allocate(case), ["A1"])
    assert {need.code: need.value for need in one.needs}["request"] == 2_000
    assert (
        advice(case, "A1")["request"] == "申請金額減為 2,000 元（其他金額未必，並非建議），即獲補助"
    )


def test_that_asking_for_more_would_have_won_is_said_and_that_it_is_no_advice() -> None:
    """It is a fact of merit that counts by the money: who asks by telephone hears it, so the letter says it."""
    assert advice(WORSE_SISTER, "A1")["more"] == (
        "申請金額（經費明細一併增列）增為 4,900 元，即獲補助，但同校 A2 不獲補助"
        "（此係計分方式使然，並非建議多申請）"
    )
    told = row_of(WORSE_SISTER, "A1")["larger_request"]
    assert told == "多申請至 4,900 元反可獲補助，但同校 A2 不獲補助（並非建議）"


def test_what_the_budget_lines_leave_is_said_with_the_section() -> None:
    lines = {"kind": "budget_lines", "reference": "捌二(6)"}
    rows = (("A1", "S1", 93, 5_000), ("A2", "S1", 80, 2_200))
    budget = [("A2", "external_lecturer", 1, 1_600, 1_600), ("A2", "other", 1, 600, 600)]
    case, richer = (
        with_budget(round_of(9_000, *rows, clause=[{**CAP, "amount": cap}, lines]), budget)
        for cap in (5_000, 9_000)
    )
    said = letter(case, "A2")
    arithmetic = (
        "申請 2,200 元，可核 1,600 元：申請 2,200 元，減列其他 600 元，核計 1,600 元，見捌二（6）；"
        "其他 600 元（數量 1，單價 600 元）：此項目不予補助，核計 0 元"
    )
    assert said["more"][0]["text"] == arithmetic
    # what was granted is said in the letter already
    assert letter(richer, "A2")["more"][0]["text"] == arithmetic.partition("：")[2]
    assert said["sections"] == ["柒六（三）", "捌二（5）", "捌二（6）"]
    assert "amount" not in {one["code"] for one in letter(case, "A1")["more"]}


def test_the_cap_is_cited_where_a_sister_holds_the_place() -> None:
    case = round_of(9_000, ("A1", "S1", 84, 3_700), ("A2", "S1", 71, 3_700))
    assert "捌二（5）" in letter(case, "A2")["sections"]


def test_the_funded_are_told_their_rank() -> None:
    case = round_of(9_000, ("A1", "S1", 90, 3_000), ("A2", "S2", 85, 1_000))
    assert (
        letter(case, "A2")["reason"]["text"]
        == "依審查分數獲補助：若不補助本案，各補助案分數乘以金額之合計會較低；"
        "審查分數 85 分，符合資格之 2 件中第 2 名"
    )
    assert letter(case, "A2")["sections"] == ["柒六（三）"]


def test_the_tables_name_their_sections_where_they_decide() -> None:
    """What [pool], [review] and [award] state is cited as any rule is; nothing where they say nothing."""
    pool = {"amount": 3_050, "reference": "捌一"}
    tables: dict[str, Any] = {
        "review": {"minimum_merit": 70, "reference": "柒七(1)"},
        "award": {"mode": "partial", "least_share": "50%", "reference": "捌二(5)"},
    }
    rows = (
        ("A1", "S1", 90, 2_050),
        ("A2", "S2", 85, 2_000),
        ("A3", "S3", 65, 500),
        ("A4", "S3", 71, 2_500),
    )
    case = round_of(pool, *rows, **tables)
    cut = letter(case, "A2")
    assert cut["award"] == 1_000
    assert cut["sections"] == ["柒六（三）", "捌一", "捌二（5）"]
    assert cut["more"][0]["text"].endswith("名單不會更好（捌一）")
    assert letter(case, "A1")["sections"] == ["柒六（三）", "捌一"]
    assert letter(case, "A1")["more"][0]["text"].endswith("計為 2,000 元（捌一）")
    assert "捌一" in letter(case, "A4")["sections"]
    assert letter(case, "A3")["sections"] == ["柒七（1）"]
    assert letter(case, "A3")["refusals"][0]["section"] == "柒七（1）"
    bare = {
        name: {k: v for k, v in table.items() if k != "reference"} for name, table in tables.items()
    }
    assert letter(round_of(3_050, *rows, **bare), "A3")["sections"] == []


def test_a_decision_by_hand_is_said_with_why_and_its_section_and_not_with_who() -> None:
    hand = {
        "kind": "fixed",
        "fund": ["A2", {"id": "A4", "decided_by": "王科長"}],
        "refuse": [{"id": "A3", "reason": "已停辦", "decided_by": "王科長"}],
        "decided_by": "李主任秘書",
        "reason": "偏遠",
        "reference": "玖一",
    }
    other = {"kind": "fixed", "fund": ["A1"], "reference": "玖三", "name": "other"}
    rows = (
        ("A1", "S1", 90, 3_000),
        ("A2", "S2", 85, 1_000),
        ("A3", "S3", 80, 900),
        ("A4", "S3", 70, 900),
    )
    for plan in ({}, {"plan": {"name_others": True}}):
        case = round_of(9_000, *rows, clause=[CAP, hand, other], **plan)
        said = {one: letter(case, one) for one in ("A1", "A2", "A3", "A4")}
        assert said["A1"]["reason"]["text"].startswith("人工核定")
        assert said["A2"]["reason"]["text"].startswith("人工核定（偏遠）")
        assert "人工核定不予補助（已停辦）" in said["A3"]["reason"]["text"]
        assert said["A2"]["sections"] == ["玖一"]
        assert not [who for who in ("李主任秘書", "王科長", "未載明") if who in repr(said)]


def test_who_has_not_handed_in_the_report_is_told_to() -> None:
    case = make_case(
        [{"application_id": "A1", "prior_outcome": "missing"}],
        clause=[{"kind": "prior_outcome", "reference": "捌四"}],
    )
    assert letter(case, "A1")["next_time"] == ["請先繳交前次成果報告"]
