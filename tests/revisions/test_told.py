"""Why somebody comes in, against other ways to find it; and the record as people read it."""

from __future__ import annotations

import io
import random
import re
import zipfile
from typing import Any

import pytest
from helpers.results import small_allocation, small_case
from helpers.revised import made
from helpers.rounds import every_decision, make_case

from optimizer.case.case import Case
from optimizer.facts.audit import audit, values
from optimizer.letters.telephone import telephone_sheet
from optimizer.pipe import allocate
from optimizer.problems.errors import InfeasibleError
from optimizer.report.page import render_report
from optimizer.result.allocation import Allocation
from optimizer.revisions import Revision, answers, revise
from optimizer.revisions.published import Published
from optimizer.revisions.told import annex_of, headline, newcomers


def test_what_made_room_and_what_would_be_without_it_are_true() -> None:
    entered = [one for number in range(6) for one in all_true_of(number)]
    assert len(entered) >= 4


def all_true_of(number: int) -> list[str]:
    """Hold what is said of a round's newcomers against lists found otherwise; return who they are."""
    published, case, revision = made(number)
    record = revision.record
    gone = [entry["application_id"] for entry in record["withdrawn"]]
    pool = record["pool"]["now"]
    alone = {one: {"withdraw": [one]} for one in gone} | (
        {"pool": {"pool": pool}} if pool != record["pool"]["was"] else {}
    )
    for entry in record["entered"]:
        one = entry["application_id"]
        assert entry["alone"] == [c for c in alone if one in funded(published, case, alone[c])]
        if (here := entry["without"]) is not None:
            assert (here["goal"], here["value"]) == best_without(revision, one)
    return [entry["application_id"] for entry in record["entered"]]


def funded(published: Allocation, case: Case, change: Any) -> set[str]:
    try:
        return set(Published.of(revise(published, case, **change).allocation).funded)
    except InfeasibleError:
        return set()


def best_without(revision: Revision, one: str) -> tuple[str, str]:
    """Look at every list that keeps the promise and leaves one out; return the first worse value."""
    facts = revision.allocation
    round_, policy = facts.scored.round, facts.case.policy
    a = round_.ids.index(one)
    best = max(
        tuple(values(round_, policy, d).values())
        for d in every_decision(round_)
        if not d.fund[a] and not audit(round_, policy, d)
    )
    now = [step.value for step in facts.steps]
    place = next(n for n, value in enumerate(best) if value != now[n])
    goal = facts.steps[place].goal
    scale = facts.goal_priority(goal).people_scale(round_)
    return goal, answers.shown(best[place], scale)


def test_too_many_changes_are_not_tried_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_CHANGES", 1)
    record = revise(small_allocation(), small_case(), withdraw=["A1", "A4"]).record
    assert record["entered"] and all(entry["alone"] is None for entry in record["entered"])
    assert all("單獨" not in entry["why"] for entry in record["entered"])


@pytest.mark.parametrize("language", ["zh-TW", "en"])
def test_the_record_stands_in_the_report_and_on_a_sheet(language: Any, tmp_path: Any) -> None:
    from optimizer.report.result_sheets import sheets_of
    from optimizer.workbooks.xlsx import write_xlsx

    revision = revise(
        small_allocation(),
        small_case(),
        withdraw=["A1", "A2"],
        reduce={"A6": 500},
        paid={"A1": 300},
        language=language,
    )
    record = revision.record
    annex = annex_of(record, revision.allocation)
    whole = render_report(revision.allocation, annex=annex)
    page = re.sub("<[^>]+>", " ", whole.split("<main>")[1])
    sheet = list(sheets_of(revision.allocation, annex))[-1]
    write_xlsx([sheet], tmp_path / "a.xlsx", "x")
    book = zipfile.ZipFile(io.BytesIO((tmp_path / "a.xlsx").read_bytes()))
    typed = book.read("xl/sharedStrings.xml").decode()
    assert sheet.name == annex.title == ("異動紀錄" if language == "zh-TW" else "Changes")
    for text in (*annex.lines, *(block.title for block in annex.blocks), record["parent"]):
        assert text in page.replace("&#34;", '"') and text in typed.replace("&quot;", '"')
    for entry in record["entered"]:
        assert entry["why"] in page.replace("&#34;", '"')
    gone, out = ("已撤回", "不符資格") if language == "zh-TW" else ("withdrawn", "ineligible")
    rows = dict(re.findall(r'<tr class="\w+"[^>]*><td class="c id">(A\d)(.*)</tr>', whole))
    assert all(gone in rows[one] and out not in rows[one] for one in ("A1", "A2"))
    assert out in rows["A7"] and gone not in rows["A7"]
    assert ("維持原核定" if language == "zh-TW" else "award kept") in rows["A4"]
    if language == "zh-TW":
        cells = {row[0]: row[8] for row in next(sheets_of(revision.allocation)).rows}
        assert [cells[one] for one in ("A1", "A3", "A7")] == ["已撤回", "獲補助", "不符資格"]
    gone = (
        "A2 礫埕國小撤回：公布時並未獲補助"
        if language == "zh-TW"
        else "A2 礫埕國小 withdrew: it was not"
    )
    assert any(line.startswith(gone) for line in annex.lines)
    assert page.index(annex.title) < page.index(
        "分數與結果" if language == "zh-TW" else "Merit and"
    )


def test_what_the_promise_costs_is_said_by_title_and_unit() -> None:
    def two(second: int) -> Case:
        rows = [{"application_id": "A1", "merit": 90}, {"application_id": "A2", "merit": second}]
        return make_case(rows, pool={"amount": 1_000}, priority=[{"kind": "merit"}])

    revision = revise(allocate(two(80)), two(95))
    said = headline(revision.record, revision.allocation)
    (cost,) = [text for text in said if text.zh.startswith("保留公布結果之代價")]
    assert "「審查分數」為 90 分，重新分配則為 95 分，並改補助 A2 學校S1。" in cost.zh
    assert cost.en.endswith("and fund A2 學校S1.")


def test_what_came_of_a_correction_is_told() -> None:
    def with_members(count: int, merit: int) -> Case:
        rows = [
            {"application_id": "A1", "merit": 90, "members": count},
            {"application_id": "A2", "merit": merit},
        ]
        clause = [{"kind": "members", "minimum": 3}]
        return make_case(rows, pool={"amount": 1_000}, clause=clause, priority=[{"kind": "merit"}])

    revision = revise(allocate(with_members(6, 80)), with_members(2, 85))
    (entry,) = revision.record["entered"]
    assert entry["alone"] == ["corrections"] and entry["why"].startswith("因資料更正而遞補")
    blocks = annex_of(revision.record, revision.allocation).blocks
    moved = {row[1:3] for block in blocks for row in block.rows}
    assert {("80 分", "85 分"), ("90 分", "不符資格")} <= moved


def test_what_did_not_happen_is_not_said() -> None:
    """Nothing was paid, reduced or corrected: no zero stands where nobody asked for one."""
    revision = made(0)[2]
    record = revision.record
    money = next(b for b in annex_of(record, revision.allocation).blocks if "經費" in b.title)
    assert not [row for row in money.rows if "撥付" in row[0]]
    assert not record["money"]["paid"] and not record["reduced"] and not record["lost"]
    first, *others = headline(record, revision.allocation)
    assert "撤回 2 件" in first.zh and "減列" not in first.zh and "不再補助" not in first.zh
    assert not any("已撥付" in text.zh or "Paid" in text.en for text in others)
    paid = {**record, "money": {**record["money"], "paid": 500, "paid_to_others": 0}}
    [said] = [text.zh for text in headline(paid, revision.allocation) if "已撥付" in text.zh]
    assert said.startswith("已撥付 500 元；尚待撥付")


def test_other_rules_than_those_that_were_published_are_said() -> None:
    """Not as a correction of the data; and what cannot be kept is not said to cost nothing."""

    def asking(members: int) -> Case:
        rows = [
            {"application_id": "A1", "merit": 90, "members": 4},
            {"application_id": "A2", "merit": 80, "members": 6},
        ]
        clause = [{"kind": "members", "minimum": members}]
        return make_case(rows, pool={"amount": 1_000}, clause=clause, priority=[{"kind": "merit"}])

    revision = revise(allocate(asking(3)), asking(5))
    (entry,) = revision.record["entered"]
    said = [one.zh for one in headline(revision.record, revision.allocation)]
    assert entry["why"].startswith("因規則更正而遞補")
    assert "計畫檔的規則與公布結果所依者不同" in said[1] and "members.minimum" in said[1]
    assert not any("並無代價" in one for one in said)


def test_whose_award_is_raised_is_named_from_what_to_what_and_why() -> None:
    """What the promise keeps is one sum, and what comes on top of it another."""
    award = {"mode": "partial", "least_share": "60%"}
    published = small_allocation(award=award)
    revision = revise(published, small_case(award=award), pool=4_500)
    record, was = revision.record, Published.of(published).funded
    now = Published.of(revision.allocation).funded
    more = {one: (was[one], now[one]) for one in was if now[one] > was[one]}
    assert more
    told = {e["application_id"]: (e["was"], e["now"]) for e in record["raised"]}
    assert told == more
    assert record["kept"] == was and sum(was.values()) == record["money"]["kept"]
    [said] = [text for text in newcomers(record, revision.allocation) if "調高核定" in text.zh]
    assert "A2" in said.zh and "由 1,100 元至 1,500 元（因經費總額變更）" in said.zh
    told = revision.explain("A2")
    assert told.earlier and told.earlier.cause == "raised"
    awards = revision.allocation.awards.set_index("application_id")
    clause = "本次異動後由前次公布之 1,100 元調高為 1,500 元"
    assert (
        awards.loc["A2", "reason"].startswith(clause) and "保留" not in awards.loc["A2", "reason"]
    )
    assert "調高之原因：因經費總額變更" in [more.full.zh for more in told.more]
    for row in telephone_sheet(revision.allocation, [told], "zh-TW").rows:
        assert row[5] == f"{clause}；因經費總額變更"
    titles = [block.title for block in annex_of(record, revision.allocation).blocks]
    assert "調高核定" in titles


def _raises(published: Allocation, case: Case, change: dict[str, Any]) -> set[str]:
    """Return whose award one change alone raises, by a revision of its own."""
    try:
        revision = revise(published, case, **change)
    except InfeasibleError:
        return set()
    was, now = Published.of(published).funded, Published.of(revision.allocation).funded
    return {one for one in was if now.get(one, 0) > was[one]}


def test_a_raise_is_told_of_the_changes_that_raise_it_alone_and_of_no_others() -> None:
    """One that withdrew without ever being funded has no part in it."""
    seen = set()
    for number in range(8):
        rng = random.Random(f"raised {number}")
        rows = [
            {"application_id": f"A{n}", "school_id": f"S{n}", "merit": rng.randrange(70, 95),
             "requested": rng.choice((1_000, 1_300, 1_600))}
            for n in range(7)
        ]  # fmt: skip
        award = {"mode": "partial", "least_share": "60%"}
        merits = [{"kind": "merit"}, {"kind": "amount"}]
        case = make_case(rows, pool={"amount": 4_000, "unit": 100}, award=award, priority=merits)
        published = allocate(case)
        was = Published.of(published).funded
        never = next(f"A{n}" for n in range(7) if f"A{n}" not in was)
        gone, less = rng.sample(sorted(was), 2)
        changes: dict[str, dict[str, Any]] = {
            gone: {"withdraw": [gone]},
            never: {"withdraw": [never]},
            less: {"reduce": {less: was[less] - 100}},
        }
        both = {"withdraw": [gone, never], "reduce": {less: was[less] - 100}}
        revision = revise(published, case, **both)
        alone = {name: _raises(published, case, change) for name, change in changes.items()}
        for entry in revision.record["raised"]:
            one = entry["application_id"]
            assert set(entry["alone"]) == {name for name in changes if one in alone[name]}
            assert {name for name in changes if name in entry["why"]} == set(entry["alone"])
            assert never not in entry["why"]
            seen.add(len(entry["alone"]))
    assert len(seen) > 1


def test_a_raise_by_more_changes_than_are_tried_names_none_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answers, "MOST_CHANGES", 1)
    award = {"mode": "partial", "least_share": "60%"}
    case = small_case(award=award)
    published = allocate(case)
    never = next(row[0] for row in Published.of(published).awards if row[4] == "not_funded")
    record = revise(published, case, withdraw=[never], pool=4_500).record
    assert record["raised"] and all(entry["alone"] is None for entry in record["raised"])
    assert {entry["why"] for entry in record["raised"]} == {"本次異動後之結果，未逐項試算"}
