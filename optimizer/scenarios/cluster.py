"""A Dask cluster as the place where tasks are worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from optimizer.language.text import Text
from optimizer.problems.errors import UsageError, shorten
from optimizer.scenarios.store import program

_SECONDS = 15  # to reach a scheduler
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://[^/\s]+:\d{1,5}")


@contextmanager
def on_cluster(address: str) -> Iterator[int]:
    """Let joblib work on a cluster, and give the number of its threads.

    A worker that dies is no matter as long as one is left, or comes: Dask gives its tasks to another.

    Raises
    ------
    UsageError
        If Dask is not installed, or no scheduler answers, or it has no workers, or these have another
        version of the program, whose answers would not be the same.
    """
    with _client(address) as client:
        from joblib import parallel_config

        _check(address, client)
        many = sum(client.nthreads().values())
        with parallel_config(backend="dask", n_jobs=many):
            yield many


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(_NOT_INSTALLED) from None
    connect: Any = Client
    if not _ADDRESS.fullmatch(address):
        raise UsageError(_nobody(address))
    try:
        client = connect(address, timeout=_SECONDS)
    except OSError as error:
        raise UsageError(_nobody(address)) from error
    with client:
        yield client


def _nobody(address: str) -> Text:
    return Text(
        f"找不到 Dask 排程器 {shorten(address)}；應如 tcp://10.0.0.5:8786，且排程器已啟動。",
        f"No Dask scheduler answers at {shorten(address)}: that is e.g. tcp://10.0.0.5:8786, and the "
        "scheduler must be running.",
    )


def _check(address: str, client: Any) -> None:
    """Refuse a cluster without workers, or whose workers have another version of the program."""
    found = client.run(program, on_error="return")
    if not found:
        raise UsageError(
            Text(
                f"Dask 排程器 {address} 沒有工作程序；請先啟動 dask worker {address}。",
                f"The Dask scheduler at {address} has no workers; start some: dask worker {address}",
            )
        )
    others = sorted(name for name, version in found.items() if version != program())
    if others:
        raise UsageError(
            Text(
                f"這些工作程序的程式或求解器版本不同：{'、'.join(others)}。請安裝同一版本。",
                f"These workers have another version of the program or its solvers: "
                f"{', '.join(others)}. Install the same there.",
            )
        )


_NOT_INSTALLED = Text(
    "未安裝 Dask；請執行 pip install 'subsidy-optimizer[cluster]'。",
    "Dask is not installed: pip install 'subsidy-optimizer[cluster]'",
)
