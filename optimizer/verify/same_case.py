"""Whether the case at hand is the one that gave a result; if not, where the two differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from optimizer.case.digest import CaseContent
from optimizer.language.text import Text
from optimizer.problems.errors import Problem, defect
from optimizer.reading.files import OF_A_FRAME, Source
from optimizer.verify.reread import entries, in_summary, mapping


def content_problems(said: Any, case: CaseContent) -> Iterator[Problem]:
    """Yield every table and key of the policy in which the case is not what the result says.

    Parameters
    ----------
    said
        The entry ``content`` of summary.json, of any shape.
    case
        What the case says now.
    """
    entry = mapping(said)
    listed = {str(table.get("name")): table for table in entries(entry.get("tables"))}
    for table in case.tables:
        was = listed.get(table.name)
        if was is not None and was.get("sha256") != table.sha256:
            yield _table(table.name, _differing(mapping(was.get("columns")), table.columns))
    keys = mapping(mapping(entry.get("policy")).get("keys"))
    for key in _differing(keys, case.policy) if keys else ():
        message = Text("與產生此結果之計畫不同", "is not what the policy of this result says")
        said_key, here = str(keys.get(key, ""))[:120] or "-", case.policy.get(key, "") or "-"
        yield defect(
            "policy",
            message,
            expected=Text(f"結果所載為「{said_key}」", f"the result says {said_key!r}"),
            file="policy.toml",
            column=key,
            value=here,
        )


def _table(name: str, columns: list[str]) -> Problem:
    message = Text("與產生此結果之資料不同", "is not what the data of this result say")
    return defect("content", message, file=name, column=", ".join(columns))


def _differing(was: Mapping[Any, Any], now: Mapping[str, str]) -> list[str]:
    return [key for key in sorted({*map(str, was), *now}) if was.get(key) != now.get(key)]


def frames_problem(said: Any, sources: Sequence[Source]) -> Problem | None:
    """Say that a result was made of tables in a notebook, where the case at hand was not.

    Parameters
    ----------
    said
        The entry ``inputs`` of summary.json, of any shape.
    sources
        What the case at hand was read from.
    """
    frames = {str(entry.get("name")) for entry in entries(said)}
    frames = {name for name in frames if name.endswith(OF_A_FRAME)}
    if not frames or frames & {source.name for source in sources}:
        return None
    message = Text(
        "此結果由筆記本內的 DataFrame 產生，其雜湊值無法與檔案相比",
        "this result was made of data frames in a notebook, whose hashes no file has",
    )
    expected = Text(
        "請以 Case.from_frames(…) 讀入同樣的表格，再呼叫 verify_result(資料夾, case)。",
        "Read the same frames by Case.from_frames(…), and call verify_result(folder, case).",
    )
    return replace(in_summary("frames", message, "inputs"), expected=expected)
