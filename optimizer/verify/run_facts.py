"""What a summary says of the run itself: it cannot be made anew, but it must be possible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from optimizer.language.text import Text
from optimizer.problems.errors import Problem
from optimizer.report.folder import PROGRAM
from optimizer.report.summary import PACKAGES
from optimizer.verify.reread import entries, in_summary, mapping

ENGINES = {  # and the methods by which each proves a priority
    "dynamic": ("dynamic", "enumeration", "counting"),
    "dynamic+bundles": ("dynamic", "bundles", "counting"),
    "dynamic+highs": ("dynamic", "highs", "counting"),
    "bundles": ("bundles", "counting"),
    "highs": ("highs", "counting"),
    "cbc": ("cbc", "counting"),
}
AGAIN = ("", "plain table")
_VERSION = re.compile(r"([0-9][0-9A-Za-z.+!_-]{0,60})?", re.ASCII)  # blank: not installed
_SYSTEM = re.compile(r"[\w.-]{0,40} [\w.-]{0,40}", re.ASCII)
_STAGE = re.compile(r"[a-z][a-z_]{0,39}", re.ASCII)
_LONGEST = 10**10  # seconds: three hundred years
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)  # there was no such program before
_CLOCKS = timedelta(days=1)  # that two machines may be apart
_ODD = Text("不可能如此", "cannot be so")
_FORM = Text("不是此程式所寫", "is not as this program writes it")


def run_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what cannot be so of engines, counts, versions and times."""
    yield from _engine_problems(document)
    yield from _version_problems(document)
    yield from _time_problems(document, datetime.now(UTC))


def _problem(code: str, message: Text, place: str, value: Any) -> Problem:
    return in_summary(code, message, place, str(value)[:80])


def _engine_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    entry = mapping(document.get("engine"))
    name, why, solves = (entry.get(key) for key in ("name", "why", "solves"))
    if not isinstance(name, str) or name not in ENGINES:
        unknown = Text("沒有這種求解方法", "there is no such engine")
        yield _problem("engine", unknown, "engine.name", name)
        return
    if type(solves) is not int or solves < 0 or (name == "dynamic" and solves):
        yield _problem("engine", _ODD, "engine.solves", solves)
    if not isinstance(why, str) or not why.isprintable() or len(why) > 1_000:
        yield _problem("engine", _FORM, "engine.why", why)
    if (document.get("optima") is not None) and name != "dynamic":
        yield _problem("optima", _ODD, "optima", document.get("optima"))
    yield from _method_problems(document, ENGINES[name])


def _method_problems(document: Mapping[str, Any], methods: tuple[str, ...]) -> Iterator[Problem]:
    for step in entries(document.get("priorities")):
        place = f"priorities[{str(step.get('goal'))[:80]}]"
        if step.get("by") not in methods:
            unknown = Text("此求解方法不這樣證明", "the engine does not prove in this way")
            yield _problem("engine", unknown, f"{place}.by", step.get("by"))
        if step.get("again") not in AGAIN:
            unknown = Text("沒有這種覆核方法", "there is no such second method")
            yield _problem("engine", unknown, f"{place}.again", step.get("again"))


def _version_problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    program, versions = mapping(document.get("program")), mapping(document.get("versions"))
    own = program.get("version")
    if {*program} != {"name", "version"} or program["name"] != PROGRAM:
        yield _problem("malformed", _FORM, "program", document.get("program"))
    elif not isinstance(own, str) or not _VERSION.fullmatch(own):
        yield _problem("malformed", _FORM, "program.version", own)
    if {*versions} != {"python", *PACKAGES, "zlib", "system"}:
        yield _problem("malformed", _FORM, "versions", document.get("versions"))
    for name, value in versions.items():
        form = _SYSTEM if name == "system" else _VERSION
        if not isinstance(value, str) or not form.fullmatch(value):
            yield _problem("malformed", _FORM, f"versions.{str(name)[:40]}", value)


def _time_problems(document: Mapping[str, Any], now: datetime) -> Iterator[Problem]:
    started, seconds = _moment(document.get("started_at")), document.get("seconds")
    if started is None:
        yield _problem("malformed", _FORM, "started_at", document.get("started_at"))
        return
    if not _FIRST <= started <= now + _CLOCKS:
        yield _problem("time", _ODD, "started_at", document.get("started_at"))
    times = mapping(seconds)
    good = [name for name, value in times.items() if _is_stage(name) and _is_time(value)]
    if len(good) != len(times) or not {"solve", "write"} <= set(good):
        yield _problem("malformed", _FORM, "seconds", seconds)
    elif sum(times.values()) > (now + _CLOCKS - started).total_seconds():
        late = Text("比開始至今的時間還長", "is longer than the time since it started")
        yield _problem("time", late, "seconds", seconds)


def _moment(value: Any) -> datetime | None:
    """Return a moment if it is written as this program writes it: whole seconds, UTC."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        same = moment and moment.astimezone(UTC).isoformat(timespec="seconds") == value
    except (ValueError, OverflowError):
        return None
    return moment if same and moment and moment.tzinfo else None


def _is_stage(name: Any) -> bool:
    return isinstance(name, str) and _STAGE.fullmatch(name) is not None


def _is_time(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value < _LONGEST and round(value, 3) == value
