"""伍三, 捌二(3), 捌三, 附件一: six meetings at least, all from 2014-02-01 to 2014-11-30."""

import pandas as pd
import pytest
from helpers.rounds import eligible, findings, make_case, with_meetings

from optimizer.problems.errors import Severity
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


def test_dates_without_a_period_cannot_be_checked() -> None:
    case = make_case([{"application_id": "A1"}], clause=[{"kind": "meetings"}])
    case = with_meetings(case, {"A1": SIX})
    notes = screen(case.records, case.policy).notes
    assert [note.code for note in notes] == ["nothing_to_check"]
    assert eligible(case) == ["A1"]
