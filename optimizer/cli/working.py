"""The options of a command that does many things: by whom they are done, and where they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from optimizer.cli.bilingual import option
from optimizer.cli.face import Face
from optimizer.language.text import Text
from optimizer.language.words import how_many
from optimizer.problems.arguments import MOST_THREADS
from optimizer.problems.errors import UsageError


@dataclass(frozen=True)
class Working:
    """The options of many tasks; each field is one of the command's."""

    jobs: Annotated[
        int, option("--jobs", "同時計算的程序數", "processes", metavar="N", min=1, max=MOST_THREADS)
    ] = 1
    cluster: Annotated[
        str,
        option(
            "--cluster",
            "改用 Dask 叢集；\n\n如 tcp://10.0.0.5:8786",
            "a Dask cluster in place of them, e.g. tcp://10.0.0.5:8786",
            metavar="URL",
        ),
    ] = ""
    cache: Annotated[
        Path | None,
        option(
            "--cache",
            "存放已算部分的資料夾；\n\n未指定則為 --out 加 .runs",
            "the folder that keeps what was worked out, for the next run; --out with .runs unless given",
            metavar="DIR",
        ),
    ] = None

    def check(self) -> None:
        """Refuse two who are to do the work.

        Raises
        ------
        UsageError
            If it is both processes of this machine and a cluster.
        """
        if self.cluster and self.jobs > 1:
            raise UsageError(_EITHER)

    def kept(self, out: Path) -> Path:
        """Return the folder that keeps what was worked out."""
        return self.cache or out.with_name(f"{out.name}.runs")

    @contextmanager
    def keeping(self, face: Face, out: Path) -> Iterator[dict[str, Any]]:
        """Give what is handed on to the Python API; who ends the run is told what is kept."""
        folder = self.kept(out)
        try:
            yield {"jobs": self.jobs, "cluster": self.cluster, "cache": folder}
        except KeyboardInterrupt:
            face.note(said_kept(folder))
            raise


def said_kept(folder: Path) -> Text:
    """Say what a folder keeps, and that it may go."""
    return Text(
        f"算過的部分存於 {folder}，再次執行同一指令時由此接續，不必重算；不再需要時可整個刪除。",
        f"What was worked out is kept in {folder}: the same command goes on from there. Delete that "
        "folder when it is of no more use.",
    )


def said_reused(reused: int, every: int, what: Text) -> list[Text]:
    """Say how many of all such things were worked out by an earlier run; nothing if none were."""
    if not reused:
        return []
    return [
        Text(
            f"共 {every:,} {what.zh}，其中 {reused:,} {what.zh}先前已算過，這次直接取用。",
            f"Of {how_many(every, what.en)}, {how_many(reused, 'was', 'were')} worked out by an earlier run and taken from there.",
        )
    ]


_EITHER = Text(
    "--jobs 與 --cluster 只能擇一：在本機計算，或交給叢集。",
    "Either --jobs or --cluster: on this machine, or on a cluster.",
)


def said_files(count: int, first: Path) -> Text:
    """Say how many files were written, and which to open first."""
    return Text(
        f"共寫出 {count} 個檔案，請先看 {first}",
        f"{how_many(count, 'file was', 'files were')} written; start with {first}",
    )
