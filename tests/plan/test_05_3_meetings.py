"""伍三, 捌二(3), 捌三, 附件一: six meetings at least, all from 2014-02-01 to 2014-11-30."""

import pandas as pd
import pytest
from helpers.rounds import eligible, findings, make_case, with_meetings

from optimizer.problems.errors import Severity
from optimizer.recheck.disagreements import recheck
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen

RULES = {("clause", "meetings"): {}}

PLAN = {"period": ["2014-02-01", "2014-11-30"]}
SIX = [f"2014-{month:02d}-15" for month in range(3, 9)]


@pytest.mark.parametrize(
    ("meetings", "said"),
    [
        (6, []),
        (9, []),
        (5, ["5 meetings inside the period, fewer than 6"]),
        (0, ["0 meetings inside the period, fewer than 6"]),
        (pd.NA, ["number of meetings not given"]),
    ],
)
def test_six_meetings_at_least(meetings, said: list[str]) -> None:
    case = make_case(
        [{"application_id": "A1", "meetings": meetings}], clause=[{"kind": "meetings"}]
    )
    assert [message for _, _, message in findings(case, "meetings")] == said
    assert eligible(case) == ([] if said else ["A1"])


def test_only_meetings_inside_the_funded_period_count() -> None:
    applications = [{"application_id": f"A{i}", "meetings": 6} for i in (1, 2, 3, 4)]
    case = make_case(applications, plan=PLAN, clause=[{"kind": "meetings"}])
    case = with_meetings(
        case,
        {
            "A1": ["2014-02-01", *SIX[1:5], "2014-11-30"],  # the first and the last day are inside
            "A2": ["2014-01-31", *SIX[1:]],
            "A3": [*SIX, "2014-12-01"],
        },
    )
    assert findings(case, "meetings") == [
        (
            "A2",
            Severity.FLAG,
            "the meeting on 2014-01-31 is outside the funded period and does not count",
        ),
        (
            "A3",
            Severity.FLAG,
            "the meeting on 2014-12-01 is outside the funded period and does not count",
        ),
        ("A2", Severity.REFUSAL, "5 meetings inside the period, fewer than 6"),
    ]
    assert eligible(case) == ["A1", "A3", "A4"]  # A4 lists no dates: the number it states counts


def test_a_meeting_inside_but_for_its_year_is_a_likely_slip() -> None:
    case = make_case([{"application_id": "A1"}], plan=PLAN, clause=[{"kind": "meetings"}])
    for strays in (["2013-03-15", "2015-11-30"], ["2012-02-29", "2015-01-15"], ["2014-12-01"]):
        now = with_meetings(case, {"A1": [*SIX, *strays]})
        assert not recheck(now, score(screen(now.records, now.policy)))
        slips = [said for _, _, said in findings(now, "meetings") if "slip" in said]
        assert len(slips) == (2 if "2013-03-15" in strays else 0), slips
    [said, _] = findings(
        with_meetings(case, {"A1": [*SIX, "2013-03-15", "2015-11-30"]}), "meetings"
    )
    assert said[2].endswith("does not count; its year may be a slip for 2014-03-15")


@pytest.mark.parametrize(("last", "slip"), [("2014-12-30", True), ("2014-12-31", False)])
def test_where_the_period_is_a_year_no_other_year_is_a_sign_of_a_slip(
    last: str, slip: bool
) -> None:
    plan = {"period": ["2014-01-01", last]}
    case = make_case([{"application_id": "A1"}], plan=plan, clause=[{"kind": "meetings"}])
    case = with_meetings(case, {"A1": [*SIX, "2013-03-15"]})
    [(_, _, said)] = findings(case, "meetings")
    assert ("slip" in said) is slip
    assert not recheck(case, score(screen(case.records, case.policy)))


def test_dates_without_a_period_cannot_be_checked() -> None:
    case = make_case([{"application_id": "A1"}], clause=[{"kind": "meetings"}])
    case = with_meetings(case, {"A1": SIX})
    notes = screen(case.records, case.policy).notes
    assert [note.code for note in notes] == ["nothing_to_check"]
    assert eligible(case) == ["A1"]
