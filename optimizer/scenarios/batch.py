"""Many cases one after the other, or several at once; one that fails is a row, and the others stand.

What is kept of a case (`optimizer.scenarios.store`) are its row and the files of its result, under a
digest of all that they depend on; whoever works on it, the files come back and are written here.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from optimizer.case.case import read_case
from optimizer.case.digest import digest
from optimizer.language.text import Language, Text
from optimizer.pipe import allocated
from optimizer.problems.arguments import Jobs, Part, Seconds, Solver, Threads, checked
from optimizer.problems.errors import SubsidyError, UsageError
from optimizer.report import write_result
from optimizer.report.csv_tables import write_csv
from optimizer.report.folder import SUMMARY, files_of, new_folder
from optimizer.report.summary import MadeBy, outputs, summary_bytes
from optimizer.report.writer import USUAL
from optimizer.result.allocation import Allocation
from optimizer.result.dtypes import CODE, OUTCOMES, WHOLE, category, typed
from optimizer.scenarios.outcome import status_of
from optimizer.scenarios.run import Task, Workers, run
from optimizer.scenarios.store import Answer, Store, program
from optimizer.solving.options import Options, Progress

TABLE = "batch.csv"
SCHEMA_VERSION = 1
COLUMNS = ("case", "status", "exit_code", "pool", "spent", "eligible", "funded", "seal", "said")
_WHOLE = dict.fromkeys(("exit_code", "pool", "spent", "eligible", "funded"), WHOLE)
_UNPROVED = 6


@checked
def batch(
    cases: Sequence[str | Path],
    target: str | Path,
    *,
    policy: str | Path | None = None,
    encoding: str | None = None,
    jobs: Jobs = 1,
    cluster: str = "",
    cache: str | Path | None = None,
    parts: Collection[Part] = USUAL,
    solver: Solver = "auto",
    time_limit: Seconds | None = None,
    threads: Threads = 1,
    language: Language = "zh-TW",
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Read and allocate many cases, and write each result into a folder of its case's name.

    Parameters
    ----------
    cases
        Folders, or workbooks with policy.toml beside them.
    target
        The folder of the results, ``batch.csv`` and ``summary.json``. It may be missing, empty, or hold
        an earlier batch, which is replaced whole when all cases are done, and not before.
    policy, encoding
        As for `read_case`, for each case.
    jobs, cluster, cache
        As for `sweep`. The machines of a cluster read the cases, and the policy, where this one does.
    parts
        As for `write_result`.
    solver, time_limit, threads, language
        As for `allocate`, for each case.
    progress
        Called with each case's name and what became of it.

    Returns
    -------
    DataFrame
        One row a case, in the order given: case, status (of a scenario, ``refused`` where the case cannot be
        used), exit_code (which ``subsidy allocate`` would end with), pool, spent, eligible, funded, seal, and what was
        said. Its ``attrs["reused"]`` is how many were found in the cache, and not worked out again.

    Raises
    ------
    UsageError
        If an argument is not what it should be, or two cases have one name, or the target holds anything
        else than an earlier batch, or cannot be written to, or there is no such cluster.

    Examples
    --------
    >>> found = batch(["trial"], "many", parts=())
    >>> found[["case", "status", "exit_code", "funded"]].values.tolist()
    [['trial', 'optimal', 0, 16]]
    """
    one = _OneCase(
        _text(policy), encoding, tuple(parts), Options(solver, time_limit, threads, language)
    )
    tasks = [one.task(name, Path(case)) for name, case in _named(cases).items()]
    kept = Store(None if cache is None else Path(cache), _settled)
    with new_folder(Path(target), "batch") as folder:
        rows = []
        for answer in run(one.answer, tasks, Workers(jobs, cluster), kept):
            rows.append(row := answer["row"])
            _put(answer["files"], folder / row["case"])
            if progress is not None:
                progress(f"{row['case']}: {row['status']}")
        found = _table(rows)
        write_csv(found, folder / TABLE)
        (folder / SUMMARY).write_bytes(summary_bytes(_summary(rows, language, folder)))
    found.attrs["reused"] = kept.reused
    return found


def _table(rows: Sequence[Answer]) -> pd.DataFrame:
    found = typed(pd.DataFrame(rows, columns=COLUMNS, dtype=object), {**_WHOLE, "status": CODE})
    found["status"] = category(found["status"], OUTCOMES)
    return found


def _summary(rows: Sequence[Answer], language: Language, folder: Path) -> dict[str, Any]:
    """Return what summary.json says of many cases, by which the next run knows what is its own."""
    return {
        "schema_version": SCHEMA_VERSION,
        "type": "batch",
        "language": language,
        "cases": [{name: row.get(name) for name in COLUMNS} for row in rows],
        **MadeBy.here().document,
        "outputs": outputs(folder),
    }


def _named(cases: Sequence[str | Path]) -> dict[str, str | Path]:
    """Return the cases by their names, each the name of its result's folder.

    Raises
    ------
    UsageError
        If two have one name, a name cannot be written, or there are none.
    """
    places = [(_name(Path(case)), case) for case in cases]
    if not places:
        raise UsageError(_NONE)
    found = dict(places)
    for name in found:
        if any("\ud800" <= letter <= "\udfff" for letter in name):  # bytes that are no text
            raise UsageError(_unwritable(name))
        alike = [str(case) for own, case in places if own == name]
        if len(alike) > 1:
            raise UsageError(_alike(name, alike))
    return found


def _name(case: Path) -> str:
    try:
        place = case.resolve()
        return place.name if place.is_dir() else place.stem
    except (OSError, ValueError):
        return case.stem  # no place at all: reading says why


@dataclass(frozen=True)
class _OneCase:
    """How each case is done, whoever does it."""

    policy: str | None
    encoding: str | None
    parts: tuple[Part, ...]
    options: Options

    def task(self, name: str, place: Path) -> Task:
        """Return the task of a case, under the digest of all that its result depends on."""
        how, policy = self.options, self.policy
        files = [*_files(place), *([] if policy is None else _files(Path(policy)))]
        asked = [how.solver, how.time_limit, how.language, self.encoding, sorted(self.parts)]
        return Task(digest([program(), name, files, asked]), (name, str(place)))

    def answer(self, asked: tuple[str, str]) -> Answer:
        """Do one case, and return its row and the files of its result."""
        name, place = asked
        try:
            case = read_case(place, self.policy, self.encoding)
            allocation = allocated(case, self.options.anew())
            with TemporaryDirectory() as folder:
                made = Path(folder) / name
                write_result(allocation, made, parts=self.parts)
                return {"row": _row(name, allocation), "files": _taken(made)}
        except SubsidyError as error:
            said = " ".join(error.say(self.options.language).split())
            status = {"status": status_of(error), "exit_code": error.exit_code}
            return {"row": {"case": name, **status, "said": said}, "files": {}}


def _files(place: Path) -> list[list[str]]:
    """Return name and digest of everything that a case may be read from; none if it is not there."""
    try:
        beside = [place, place.with_name("policy.toml")] if place.is_file() else []
        found = [path for path in beside or sorted(place.rglob("*")) if path.is_file()]
        return [[path.name, sha256(path.read_bytes()).hexdigest()] for path in found]
    except (OSError, ValueError):
        return []  # reading says why; what is refused is not kept


def _taken(made: Path) -> dict[str, str]:
    """Return the files of a result as texts, by their names."""
    files = files_of(made)
    return {p.relative_to(made).as_posix(): b64encode(p.read_bytes()).decode() for p in files}


def _put(files: Mapping[str, str], folder: Path) -> None:
    """Write the files of a result."""
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b64decode(text))


def _settled(answer: Answer) -> bool:
    return bool(answer["row"]["exit_code"] == 0)


def _text(path: str | Path | None) -> str | None:
    return None if path is None else str(path)


def _row(name: str, allocation: Allocation) -> Answer:
    return {
        "case": name,
        "status": allocation.status,
        "exit_code": 0 if allocation.status == "optimal" else _UNPROVED,
        "pool": allocation.pool,
        "spent": allocation.spent,
        "eligible": allocation.scored.round.size,
        "funded": allocation.measures.funded,
        "seal": allocation.seal,
        "said": "",
    }


def _unwritable(name: str) -> Text:
    return Text(
        f"計畫名稱 {name!a} 含有無法書寫的字元；請先將資料夾改名。",
        f"The name of a case, {name!a}, has characters that cannot be written; rename its folder first.",
    )


def _alike(name: str, cases: Sequence[str]) -> Text:
    return Text(
        f"{len(cases)} 個計畫同名「{name}」（{'、'.join(cases)}），結果會寫入同一個資料夾。"
        "請將資料夾改名，或分次執行，結果各寫入不同的資料夾。",
        f"{len(cases)} cases are all called {name!r} ({', '.join(cases)}), and their results would "
        "share a folder. Rename the case folders, or run the cases one by one, each into a folder of its own.",
    )


_NONE = Text("沒有指定任何計畫，請至少指定一個。", "No case is named: name at least one.")
