"""陸三: handed in inside the window."""

from datetime import date

import pytest
from helpers.rounds import eligible, findings, make_case

from optimizer.problems.errors import PolicyError, Severity
from optimizer.recheck.disagreements import recheck
from optimizer.scoring.score import score
from optimizer.scoring.screening import screen

WINDOW = {"kind": "deadline", "first": "2014-01-02", "last": "2014-01-17"}
RULES = {("clause", "deadline"): {"first": "2014-01-02", "last": "2014-01-17"}}


def _case(*days: date | None, **keys):
    applications = [
        {"application_id": f"A{i}", "submitted_on": day} for i, day in enumerate(days, start=1)
    ]
    return make_case(applications, clause=[{**WINDOW, **keys}])


def test_both_ends_of_the_window_are_in_time() -> None:
    case = _case(date(2014, 1, 2), date(2014, 1, 17), date(2014, 1, 18), date(2014, 1, 1))
    assert eligible(case) == ["A1", "A2"]
    assert findings(case, "deadline") == [
        ("A3", Severity.REFUSAL, "handed in on 2014-01-18, not in time"),
        ("A4", Severity.REFUSAL, "handed in on 2014-01-01, not in time"),
    ]


def test_a_day_in_time_but_for_its_year_is_a_likely_slip() -> None:
    early, leap, late = date(2013, 1, 10), date(2012, 2, 29), date(2014, 1, 18)
    slip = (
        "A1",
        Severity.FLAG,
        "handed in on 2013-01-10, not in time; its year may be a slip for 2014-01-10",
    )
    refused = ("A1", Severity.REFUSAL, "handed in on 2013-01-10, not in time")
    assert findings(_case(early, leap, late), "deadline")[:2] == [refused, slip]
    for days in ((early, leap, late), (early, date(2104, 1, 17), None)):
        for keys in ({"first": "2013-12-20"}, {"last": "2014-03-01"}, {"first": None}):
            case = _case(*days, **keys)
            assert not recheck(case, score(screen(case.records, case.policy)))


def test_a_long_window_has_no_likely_slips() -> None:
    case = _case(date(2014, 12, 31), first="2014-01-02", last="2014-12-28")
    assert len(findings(case, "deadline")) == 1


def test_a_missing_date_is_flagged_or_refused() -> None:
    assert findings(_case(None, date(2014, 1, 3)), "deadline") == [
        ("A1", Severity.FLAG, "date of handing in not given")
    ]
    assert eligible(_case(None, date(2014, 1, 3), missing="refusal")) == ["A2"]


def test_a_round_that_records_no_dates_is_said_once() -> None:
    case = _case(None, None)
    notes = screen(case.records, case.policy).notes
    assert [note.code for note in notes] == ["nothing_to_check"]


@pytest.mark.parametrize("keys", [{"last": "2013-12-31"}, {"first": None, "last": None}])
def test_a_window_that_cannot_be_meant_is_an_error(keys) -> None:
    with pytest.raises(PolicyError):
        _case(date(2014, 1, 3), **keys)


def test_one_end_may_stay_open() -> None:
    case = _case(date(2013, 12, 1), date(2014, 2, 1), first=None)
    assert eligible(case) == ["A1"]
