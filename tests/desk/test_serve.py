"""The workbench over the network, asked by a plain client: who is let in, and how it ends."""

from __future__ import annotations

import re
import signal
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from helpers.browser import begun, needs_desk, opened

from optimizer.desk.guard import MOST_BYTES
from optimizer.new import new_case

pytestmark = [pytest.mark.slow, needs_desk]
ROOMS = ("/", "/data", "/rules", "/scenarios", "/finish")


def get(address: str, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    host, port = re.findall(r"//([^:]+):(\d+)", address)[0]
    connection = HTTPConnection(host, int(port), timeout=30)
    connection.request("GET", path, headers={n.replace("_", "-"): v for n, v in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), dict(answer.getheaders())


@pytest.fixture
def case(tmp_path: Path) -> Path:
    new_case(tmp_path / "case", example=True)
    return tmp_path / "case"


def test_every_room_is_shown_to_who_has_the_token_and_to_nobody_else(case: Path) -> None:
    with opened(case) as address:
        status, _, told = get(address, f"/?{address.partition('?')[2]}")
        cookie = told["set-cookie"].partition(";")[0]
        assert status == 303
        for path in ROOMS:
            status, page, _ = get(address, path, cookie=cookie)
            assert status == 200 and "定案" in page, path
            _, page, _ = get(address, path, cookie=f"{cookie}; subsidy_desk_language=en")
            assert "Finish" in page and "定案" not in page, path  # of each browser, at once
            assert get(address, path)[0] == 403
            assert get(address, path, cookie=cookie, host="evil.example")[0] == 403
            assert get(address, path, cookie=cookie, origin="http://evil.example")[0] == 403
        large = {"cookie": cookie, "content_length": str(MOST_BYTES + 1)}
        status, said, _ = get(address, "/", **large)
        assert status == 413 and "檔案太大" in said
        assert get(address, "/../../etc/passwd", cookie=cookie)[0] == 404
        assert get(address, "/journal")[0] == get(address, "/record/0")[0] == 403
        status, said, _ = get(address, "/record/0", cookie=cookie)
        assert status == 404 and "找不到這份報告" in said  # nothing is written yet
        while get(address, "/journal", cookie=cookie)[1] == "":  # until the case is open
            time.sleep(0.1)
        journal = case / "journal.jsonl"
        journal.rename(case.with_name("elsewhere"))
        journal.mkdir()
        status, said, _ = get(address, "/journal", cookie=cookie)
        assert status == 500 and "無法讀取" in said and "回工作台" in said
        journal.rmdir()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_server_that_is_killed_leaves_no_process_behind(case: Path) -> None:
    process, _ = begun(case)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for child in children:  # a copy of the server ends without a word to it
        caught = re.findall(r"SigCgt:\s+(\w+)", Path(f"/proc/{child}/status").read_text())
        assert not int(caught[0], 16) >> (signal.SIGTERM - 1) & 1
    process.kill()
    process.wait()
    for _ in range(300):
        left = [child for child in children if Path(f"/proc/{child}").exists()]
        if not left:
            break
        time.sleep(0.1)
    assert children and not left
