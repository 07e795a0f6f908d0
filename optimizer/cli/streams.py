"""The streams of one run: what cannot be said aloud is not lost in silence, and not a traceback."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from optimizer.language.text import Text
from optimizer.problems.errors import SubsidyError


class OutputError(SubsidyError):
    """The system would not take what this run has to say, or has no room left (exit code 74)."""

    exit_code = 74


class Stdout:
    """Standard output: its failures have a name of their own; in JSON it holds one document only.

    Where one JSON document is asked for, whatever else is printed (help, a version) is kept aside.
    """

    def __init__(self, stream: TextIO | None, json: bool) -> None:
        self._stream = stream
        self._json = json
        self.page = io.StringIO()
        self.spoken = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text, or keep it aside."""
        return self.page.write(text) if self._json else self._try("write", text)

    def flush(self) -> None:
        """Let everything be taken."""
        self._try("flush")

    def document(self, text: str) -> None:
        """Write the one document; a second one would spoil the first."""
        if not self.spoken:
            self.spoken = True
            self._try("write", text)
            self._try("flush")

    def check(self) -> None:
        """Refuse a stream that was closed before the run began."""
        if self._stream is None:
            raise OutputError(
                Text(
                    "標準輸出已關閉，結果無處可印；不需要輸出時，請改用 >/dev/null。",
                    "Standard output is closed, and there is nowhere to print to; if you want no "
                    "output, use >/dev/null.",
                )
            )

    def silence(self) -> None:
        """Let what is left in the buffer go nowhere, so that nothing fails at the very end."""
        if self._stream is None:
            self._stream = _void()
        else:
            with suppress(OSError), _void() as void:
                os.dup2(void.fileno(), self._stream.fileno())

    def _try(self, action: str, *arguments: str) -> Any:
        from optimizer.writing import reason

        self.check()
        try:
            return getattr(self._stream, action)(*arguments)
        except BrokenPipeError:
            raise
        except OSError as error:
            why = reason(error)
            raise OutputError(
                Text(
                    f"標準輸出無法寫入（{why.zh}），所印的內容不完整；已寫入資料夾的檔案不受影響。",
                    f"Standard output cannot be written to ({why.en}); what was printed is not "
                    "complete. Files that were written to a folder are not affected.",
                )
            ) from error


class Stderr:
    """Standard error: if even that cannot be written to, there is nobody left to tell."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text if it can be written."""
        try:
            return self._stream.write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        """Let everything be taken if it can be."""
        with suppress(OSError):
            self._stream.flush()


def _void() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def steady_streams(json: bool) -> None:
    """Make the streams of this run ready, whatever they were when it began.

    What a terminal's encoding cannot hold is printed as question marks in place of failing. A file
    that this run opens must not take the number of a stream that was closed: a library that prints
    would write into it.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    plain = sys.stdout._stream if isinstance(sys.stdout, Stdout) else sys.stdout
    sys.stdout = Stdout(plain, json)
    if not isinstance(sys.stderr, Stderr):
        sys.stderr = Stderr(sys.stderr or _void())
