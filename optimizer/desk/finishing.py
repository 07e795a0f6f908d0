"""Finishing a round: what must hold, the result that is final, its letters, and its revisions.

Nothing here can be ticked by hand: each line of the list is worked out from what stands.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from optimizer.desk.afterwards import Intent, Tried
from optimizer.desk.decisions import decisions_of
from optimizer.desk.ending import Close, Final, Revise
from optimizer.desk.errands import Errand, Kind
from optimizer.desk.journal import VERIFIED
from optimizer.desk.journal_page import journal_page
from optimizer.desk.state import Verified, step
from optimizer.desk.workbench import Workbench
from optimizer.desk.worker import answered
from optimizer.explain.explanation import Explanation
from optimizer.language.text import EMPTY, Text, joined
from optimizer.problems.errors import Problem, UsageError
from optimizer.report.folder import files_of, summary_of
from optimizer.report.typesetting import require_typst
from optimizer.writing import new_file

PAGE = "journal.html"  # the journal as a page to be printed, beside the journal itself
TEMPLATES = "templates"  # of the bureau's letters and records, in the case


# ---- what must hold ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """One line of what must hold before a round is final, and why it does not where that is not plain."""

    said: Text
    holds: bool
    why: Text = EMPTY


def before_writing(bench: Workbench) -> tuple[Item, ...]:
    """Return what must hold before a result is written."""
    usable = bench.check is not None and bench.check.usable
    proved = bench.answer is not None and bench.answer.proved
    return (
        Item(Text("資料沒有錯誤", "The data are without errors"), usable),
        Item(Text("分配結果已證明為最佳", "The answer is proved the best"), proved),
        Item(
            Text("畫面上的規則已寫入計畫檔", "The rules on the screen are in the policy file"),
            not bench.now.differences,
        ),
        Item(
            Text("人工核定均有決定者與理由", "Every decision by hand has a name and a reason"),
            all(len(one.entry) == 3 for one in decisions_of(bench.now.draft).values()),
        ),
    )


def before_closing(bench: Workbench) -> tuple[Item, ...]:
    """Return what must hold before a round is final; what has changed since only of what is verified."""
    found = bench.verified
    said = Text("結果已由另一個求解方式核對無誤", "The result is verified by the other engine")
    first = (*before_writing(bench), Item(said, found is not None))
    if found is None:
        return first
    changed = _changed_since(found, bench)
    same = Text("核對之後沒有任何更動", "Nothing was changed since")
    return (*first, Item(same, changed == EMPTY, changed))


def _changed_since(found: Verified, bench: Workbench) -> Text:
    """Say what is otherwise than when the result was verified; nothing where it is the same."""
    names = sorted({name for name, *_ in found.files ^ files_now(bench)})
    parts = [Text(name, name) for name in names]
    if found.policy != bench.now.draft:
        parts.append(Text("畫面上的規則", "the rules on the screen"))
    said = joined(parts)
    return Text(f"{said.zh} 已有更動", f"{said.en} changed") if parts else EMPTY


def files_now(bench: Workbench) -> frozenset[tuple[str, int, int]]:
    """Return the files of the case as they are: name, time of change, size."""
    found = (path for path in bench.folder.iterdir() if path.is_file())
    own = (bench.journal.path.name, PAGE)
    stats = ((path.name, path.stat()) for path in found if path.name not in own)
    return frozenset((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


# ---- the result ----------------------------------------------------------------------------------


async def write(bench: Workbench) -> list[Problem]:
    """Write the result of what is saved, verified; return what verifying found.

    Raises
    ------
    SubsidyError
        If something does not hold, or the folder is no place for it.
    """
    bench.person.allow("decide")
    _refuse_unless(before_writing(bench))
    files, policy = files_now(bench), bench.now.draft
    with _under_way(bench, _WRITING):
        said = await bench.write(bench.target)
    found: list[Problem] = said["found"]
    seal = str(said["seal"])
    bench.verified = None if found else Verified(seal, policy, files)
    if not found:
        bench.journal.beside(VERIFIED, bench.person.name, folder=bench.target.name, seal=seal)
    bench.tell()
    return found


async def close(bench: Workbench, who: str, why: str) -> None:
    """Make the result that was verified final.

    Raises
    ------
    SubsidyError
        If something does not hold (any more), or nobody is named.
    """
    bench.person.allow("decide")
    _refuse_unless(before_closing(bench))
    assert bench.verified is not None
    event = Close(bench.target.name, bench.verified.seal, who, why)
    step(bench.now, event)  # refused before anything takes its time
    with _under_way(bench, CLOSING):
        found = await _afterwards(bench, "holds", bench.target)
    if found:
        bench.verified = None
        bench.tell()
        raise UsageError(_CHANGED, found)
    _refuse_unless(before_closing(bench))  # somebody may have changed something meanwhile
    bench.done(event, who)
    write_page(bench)


@contextmanager
def _under_way(bench: Workbench, said: Text) -> Iterator[None]:
    """Let all who look at the case see what is being done with it, and refuse to do it twice at once."""
    if bench.ending:
        raise UsageError(bench.ending)
    bench.ending = said
    bench.tell()
    try:
        yield
    finally:
        bench.ending = EMPTY
        bench.tell()


_WRITING = Text("正在產生結果並核對…", "The result is being written and verified…")
CLOSING = Text("正在定案…", "The case is being closed…")


def _refuse_unless(items: tuple[Item, ...]) -> None:
    wrong = [item for item in items if not item.holds]
    if wrong:
        zh = "、".join(one.said.zh + (f"（{one.why.zh}）" if one.why.zh else "") for one in wrong)
        en = "; ".join(one.said.en + (f" ({one.why.en})" if one.why.en else "") for one in wrong)
        raise UsageError(Text(f"尚未符合：{zh}。", f"Not yet: {en}."))


_CHANGED = Text(
    "結果或計畫資料在核對之後已有更動，未予定案。請重新產生結果並核對。",
    "The result or the case's files were changed since it was verified, so it is not final. Write and "
    "verify it again.",
)


# ---- afterwards ----------------------------------------------------------------------------------


def place(bench: Workbench, final: Final) -> Path:
    """Return the folder of what is final."""
    return bench.target.with_name(final.folder)


def letters_of(bench: Workbench, final: Final) -> Path:
    """Return the folder of the letters of what is final."""
    return bench.target.with_name(f"{final.folder}-letters")


def has_letters(bench: Workbench, final: Final) -> bool:
    """Return whether the letters are there; those of another result in their place are not these."""
    try:
        said = summary_of(letters_of(bench, final))
    except (OSError, ValueError, TypeError):
        return False
    return said.get("seal") == final.seal


def begin_letters(bench: Workbench, final: Final) -> None:
    """Begin to write the letters of what is final, and the telephone sheet.

    Raises
    ------
    UsageError
        If this person may not.
    """
    bench.person.allow("decide")
    _begin_from(bench, final, "letters", letters_of(bench, final))


def record_of(bench: Workbench, final: Final) -> Path:
    """Return the file of the PDF record of a result; that of another result is another file."""
    return bench.target.with_name(f"{final.folder}-record-{final.seal}.pdf")


def begin_record(bench: Workbench, final: Final) -> None:
    """Begin to set the PDF record of a result.

    Raises
    ------
    UsageError
        If this person may not, or what sets it is not installed.
    """
    bench.person.allow("decide")
    require_typst()
    _begin_from(bench, final, "record", record_of(bench, final))


def _begin_from(bench: Workbench, final: Final, kind: Kind, target: Path) -> None:
    """Begin to write what is made of a result, on the bureau's own stationery where the case has it."""
    own = bench.folder / TEMPLATES
    errand = Errand(kind, bench.now.draft, target, bench.language, result=place(bench, final))
    bench.begin(replace(errand, templates=own if own.is_dir() else None))


async def explain(bench: Workbench, application_id: str) -> Explanation:
    """Say what the last that is final made of an application, and why."""
    given = (place(bench, bench.now.final[-1]), application_id, bench.language)
    said: Explanation = await _afterwards(bench, "explain", *given)
    return said


async def misfits(bench: Workbench, intent: Intent) -> list[Problem]:
    """Return the changes that the last that is final leaves no room for, before any is tried.

    Raises
    ------
    CaseError
        If that result or the case cannot be read.
    """
    last = place(bench, bench.now.final[-1])
    found: list[Problem] = await _afterwards(bench, "misfits", last, intent)
    return found


async def idle(bench: Workbench, intent: Intent) -> frozenset[str]:
    """Return who withdraws without having been funded in the last that is final: that frees no money.

    Raises
    ------
    CaseError
        If that result or the case cannot be read.
    """
    last = place(bench, bench.now.final[-1])
    found: frozenset[str] = await _afterwards(bench, "idle", last, intent)
    return found


async def try_revision(bench: Workbench, intent: Intent) -> Tried:
    """Say what a revision of the last that is final would be.

    Raises
    ------
    SubsidyError
        If the changes do not fit what was published, or the promise cannot be kept.
    """
    last = place(bench, bench.now.final[-1])
    given = (last, intent, bench.language)
    said: Tried = await _afterwards(bench, "tried", *given)
    return said


async def write_revision(bench: Workbench, intent: Intent, who: str, why: str) -> list[Problem]:
    """Write a revision, verify it and make it final; return what verifying found.

    Raises
    ------
    SubsidyError
        As for `try_revision`, or if nobody is named.
    """
    bench.person.allow("decide")
    final = bench.now.final
    target = bench.target.with_name(f"{bench.folder.resolve().name}-revision-{len(final)}")
    since = {"reduce": dict(intent.reduce), "paid": dict(intent.paid)}
    changed: Any = {"withdraw": intent.withdraw, "pool": intent.pool, **since}
    event = Revise(target.name, "", who, why, **changed)
    step(bench.now, event)  # refused before anything is written
    async with bench.writing:
        if bench.now.final != final:
            raise UsageError(_REVISED_MEANWHILE)
        given = (place(bench, final[-1]), intent, target, bench.language)
        said = await _afterwards(bench, "write", *given)
        found: list[Problem] = said["found"]
        if not found:
            bench.done(replace(event, seal=str(said["seal"])), who)
            write_page(bench)
    return found


_REVISED_MEANWHILE = Text(
    "他人已先寫出另一次修正，未寫入任何內容；請依新的結果再試算一次。",
    "Somebody else has written a revision meanwhile; nothing was written. Try yours again on the new "
    "result.",
)


async def _afterwards(bench: Workbench, method: str, *given: Any) -> Any:
    return await answered(lambda: bench.worker.afterwards(method, *given))


# ---- the record ----------------------------------------------------------------------------------


def page(bench: Workbench) -> str:
    """Return the journal as a page; an empty one while the case is not open."""
    if bench.state is None:
        return ""
    return journal_page(bench.title, bench.journal.lines(), bench.now.final, bench.language)


def write_page(bench: Workbench) -> None:
    """Write the journal as a page beside the journal."""
    new_file(bench.folder / PAGE, page(bench).encode())


def bundle(bench: Workbench, final: Final) -> bytes:
    """Return what is final as a zip: its result, its letters if there are any, and the journal."""
    letters = [letters_of(bench, final)] if has_letters(bench, final) else []
    folders = [path for path in (place(bench, final), *letters) if path.is_dir()]
    inside = [
        (f"{folder.name}/{name}", path) for folder in folders for name, path in _files(folder)
    ]
    journal = bench.journal.path
    return _zip([*inside, (journal.name, journal), (PAGE, page(bench))])


def zipped(folder: Path) -> bytes:
    """Return the files of a folder as a zip."""
    return _zip(_files(folder))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    return ((path.relative_to(folder).as_posix(), path) for path in files_of(folder))


def _zip(files: Iterable[tuple[str, Path | str]]) -> bytes:
    """Return files, or texts that become some, by their names in a zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, given in files:
            if isinstance(given, Path):
                archive.write(given, name)
            else:
                archive.writestr(name, given)
    return made.getvalue()
