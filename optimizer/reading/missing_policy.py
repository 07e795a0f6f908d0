"""What lies in the place of a policy that is not there: most often it has one ending too many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from optimizer.language.text import EMPTY, Text

_POLICY = "policy.toml"


def instead(path: Path) -> Text:
    """Say which file seems to be the one that is missing, or where a new one comes from."""
    found = sorted(_alike(path))
    if found:
        return _rename(found, path.name)
    if path.name != _POLICY:
        return EMPTY
    return Text(
        "請以 subsidy new 另建一個資料夾，再將其中的 policy.toml 複製過來修改。",
        "Make a new folder with subsidy new, and copy its policy.toml to this place.",
    )


def _alike(path: Path) -> Iterator[str]:
    """Yield the files beside that bear the name in other letters, or with another ending."""
    stem = path.stem.casefold()
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.is_file()]
    except OSError:
        return
    for name in names:
        base, _, endings = name.casefold().partition(".")
        if base.startswith(stem) and endings in ("toml", "toml.txt", "txt", ""):
            yield name


def _rename(found: list[str], name: str) -> Text:
    longer = any(one.casefold().startswith(name + ".") for one in found)
    return Text(
        f"資料夾中有「{'」、「'.join(found)}」；若就是這份，請改名為「{name}」"
        + (
            "（Windows 會隱藏副檔名，請先在檔案總管的「檢視」勾選「副檔名」）。" if longer else "。"
        ),
        f"There is {', '.join(found)}: if that is it, rename it {name}"
        + (" (Windows hides endings: show file name extensions first)." if longer else "."),
    )
