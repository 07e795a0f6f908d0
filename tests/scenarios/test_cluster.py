"""Sweeps on a Dask cluster: a scheduler and two workers, processes of their own on this machine."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen

import pandas as pd
import pytest

from optimizer import batch, read_case, sweep
from optimizer.problems.errors import UsageError

LEAST = [*range(30, 42), 4_000, *range(42, 48)]  # one that nobody can meet
AXES = {"clause.quota.at_least": LEAST}
SETS = ["--set", f"clause.quota.at_least={','.join(map(str, LEAST))}"]


@pytest.mark.parametrize("address", ["x", "tcp://", "tcp://127.0.0.1", "127.0.0.1:8786"])
def test_what_is_no_address_is_refused(example: Path, address: str) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(UsageError, match="scheduler"):
        sweep(read_case(example), {"pool.amount": [590_000]}, cluster=address, language="en")


def dask(*words: str) -> Popen[bytes]:
    command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
    return Popen(command, stdout=DEVNULL, stderr=DEVNULL, start_new_session=True)


def worker(address: str, folder: Path) -> Popen[bytes]:
    words = ("--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
    return dask("worker", address, "--host", "127.0.0.1", *words)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[Popen[bytes]]]]:
    """The address of a scheduler, and its two workers."""
    distributed = pytest.importorskip("distributed")
    known = tmp_path / "scheduler.json"
    started = [
        dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(known))
    ]
    try:
        patience = time.monotonic() + 60
        while not known.exists() and time.monotonic() < patience:
            time.sleep(0.1)
        with distributed.Client(scheduler_file=str(known), timeout=60) as client:
            address = client.scheduler.address
            started += [worker(address, tmp_path / f"w{n}") for n in range(2)]
            client.wait_for_workers(2, timeout=120)
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_cluster_gives_the_same_and_whoever_is_killed_loses_nothing(
    example: Path, tmp_path: Path, cluster: tuple[str, list[Popen[bytes]]]
) -> None:
    """First the client is killed, then a worker; a scenario without a list ends nothing."""
    address, workers = cluster
    case, out = read_case(example), tmp_path / "out"
    words = [*SETS, "--cluster", address, "--out", str(out), "--lang", "en"]
    client = Popen([sys.executable, "-m", "optimizer.cli", "sweep", str(example), *words])
    kept = tmp_path / "out.runs"
    patience = time.monotonic() + 240
    while len(list(kept.rglob("*.json"))) < 5 and time.monotonic() < patience:
        time.sleep(0.02)
    client.send_signal(signal.SIGKILL)
    client.wait(60)
    before = len(list(kept.rglob("*.json")))
    assert 5 <= before < 12 and not out.exists()
    done: list[str] = []

    def progress(step: str) -> None:
        done.append(step)
        if len(done) == before + 3:
            workers[0].kill()

    found = sweep(case, AXES, cluster=address, cache=kept, language="en", progress=progress)
    assert workers[0].wait(60) == -signal.SIGKILL and workers[1].poll() is None
    local = sweep(case, AXES, language="en")
    pd.testing.assert_frame_equal(found.frame, local.frame)
    assert found.frame["status"].value_counts()[["optimal", "infeasible"]].tolist() == [18, 1]
    row = batch([example], out, parts=(), cluster=address).to_dict("records")[0]
    assert row["exit_code"] == 0 and (out / example.name / "awards.csv").exists()


@pytest.mark.slow
def test_a_cluster_without_workers_is_said(
    example: Path, cluster: tuple[str, list[Popen[bytes]]]
) -> None:
    address, workers = cluster
    for each in workers:
        each.kill()
        each.wait()
    time.sleep(1)
    with pytest.raises(UsageError, match="no workers"):
        sweep(read_case(example), {"pool.amount": [590_000]}, cluster=address, language="en")
