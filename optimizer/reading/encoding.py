"""Turning bytes into text in a strict order of trials: byte order mark, UTF-8, cp950, Big5-HKSCS.

Nothing is guessed from frequencies: a file either decodes without any error or is refused.
"""

from __future__ import annotations

import codecs

from optimizer.language.text import EMPTY, Text
from optimizer.problems.errors import Problem, UsageError, defect
from optimizer.reading.findings import refuse

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TRIALS = ("utf-8", "cp950", "big5hkscs")
_OVERRIDE = Text(
    "若確知編碼，可用 --encoding 指定。", "Name the encoding with --encoding if you know it."
)


def check_encoding(name: str) -> None:
    """Refuse the name of an encoding that does not exist.

    Raises
    ------
    UsageError
        If there is no such encoding for text.
    """
    try:
        "".encode(name)
    except (LookupError, ValueError, TypeError):
        raise UsageError(
            Text(
                f"沒有「{name}」這種編碼，可用如 utf-8、cp950。",
                f"There is no encoding {name!r}; there are utf-8, cp950 and others.",
            )
        ) from None


def decode(data: bytes, file: str, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of a file and the encoding it is in.

    Parameters
    ----------
    encoding
        The encoding to use in place of the trials.

    Raises
    ------
    CaseError
        If it does not decode without error, or holds NUL characters.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is not None:
        trials: tuple[str, ...] = (encoding,)
    else:
        trials = (marked,) if marked else _TRIALS
    for trial in trials:
        text = _attempt(data, trial)
        if text is not None:
            _check(text, data, trial, file)
            return text.removeprefix("\ufeff"), trial
    raise refuse(_undecodable(data, trials, file))


def _attempt(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except ValueError:
        return None


def _check(text: str, data: bytes, encoding: str, file: str) -> None:
    at = text.find("\0")
    if at >= 0:
        raise refuse(_nul(text, at, file))
    row = _utf8_line(data) if encoding in ("cp950", "big5hkscs") else None
    if row is not None:
        raise refuse(_mixed(row, file))


def _utf8_line(data: bytes) -> int | None:
    """Return a line of a Big5 file that is plainly UTF-8, if there is one."""
    for row, line in enumerate(data.split(b"\n"), start=1):
        if not line.isascii():
            text = _attempt(line, "utf-8")
            if text is not None and sum(character > "\u0800" for character in text) >= 2:
                return row
    return None


def _undecodable(data: bytes, trials: tuple[str, ...], file: str) -> Problem:
    if len(trials) > 1 and _utf8_line(data) is not None:
        return _mixed(_first_failure(data, "utf-8"), file)
    return defect(
        "encoding",
        Text("文字編碼無法辨識", "is in an encoding that cannot be read"),
        expected=Text(f"已嘗試 {'、'.join(trials)}。", f"Tried {', '.join(trials)}."),
        hint=_OVERRIDE,
        file=file,
        row=_first_failure(data, trials[0]),
    )


def _first_failure(data: bytes, encoding: str) -> int | None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    except ValueError:
        pass
    return None


def _mixed(row: int | None, file: str) -> Problem:
    return defect(
        "mixed_encodings",
        Text("同一檔案混用 UTF-8 與其他編碼", "mixes UTF-8 and another encoding"),
        expected=Text("整個檔案應為同一種編碼。", "A whole file must be in one encoding."),
        file=file,
        row=row,
    )


def _nul(text: str, at: int, file: str) -> Problem:
    wide = text.count("\0") * 4 > len(text)
    hint = Text(
        "看起來像沒有標記的 UTF-16；請另存為 UTF-8，或以 --encoding utf-16-le 指定。",
        "It looks like UTF-16 without a mark: save it as UTF-8, or try --encoding utf-16-le.",
    )
    return defect(
        "nul_byte",
        Text("含有 NUL 字元", "holds NUL characters"),
        hint=hint if wide else EMPTY,
        file=file,
        row=text.count("\n", 0, at) + 1,
    )
