"""`lockrig web` as it is run: what it prints, how it ends, and what is left when it is killed."""

import json
import re
import resource
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from websockets.sync.client import connect

from lockrig.config import EXAMPLE
from lockrig.diagnose.keeping import now
from lockrig.records.store import open_unit
from tests.lockrig.web.person import BEFORE
from tests.lockrig.web.test_guard import Answer, begun

UNIT = "ABC-1"


@pytest.fixture
def place(tmp_path):
    (tmp_path / "lockrig.toml").write_text(EXAMPLE)
    return tmp_path


def command(place, *options: str) -> list[str]:
    return [
        *(sys.executable, "-m", "lockrig", "web", "--port", "0", "--lang", "en"),
        *("--config", str(place / "lockrig.toml"), "--records", str(place / "records"), *options),
    ]


def ends(place, *options: str) -> tuple[int, str]:
    ended = subprocess.run(command(place, *options), capture_output=True, text=True, check=False)
    assert ended.stdout == ""
    return ended.returncode, ended.stderr


@contextmanager
def running(place, *options: str, **more: object):
    """It, once it serves: with `url`, `port`, `token` and what else the tests' helpers want."""
    with (place / "stderr").open("w") as told:
        process = subprocess.Popen(
            command(place, *options), stdout=subprocess.PIPE, stderr=told, text=True, **more
        )
    try:
        printed = process.stdout.readline().strip()
        found = re.fullmatch(r"http://[^:/]+:(\d+)/(?:\?token=(\S+))?", printed)
        assert found, printed
        yield SimpleNamespace(
            process=process,
            port=int(found[1]),
            token=found[2],
            url=f"http://127.0.0.1:{found[1]}",
        )
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def act(served, path: str, cookie: str, what: str, value: object = "") -> str:
    """One form, on the turn that the page says; the page that follows."""
    sent = {"Cookie": cookie, "Origin": served.url}
    turn = re.search(r'name="turn" value="(\d+)"', Answer(served, "GET", path, sent).text)[1]
    Answer(served, "POST", path, sent, f"turn={turn}&what={what}&value={value}".encode())
    return Answer(served, "GET", path, sent).text


def to_start(served) -> tuple[str, str, str]:
    path, cookie = begun(served)
    for _again in range(2):
        act(served, path, cookie, "text", UNIT)
    for answer in BEFORE:
        act(served, path, cookie, "answer", answer)
    return path, cookie, act(served, path, cookie, "ready")


def test_who_is_to_be_called_must_be_known(tmp_path) -> None:
    code, said = ends(tmp_path)
    assert code == 2
    assert "[service_desk]" in said
    assert "DO NOT OPEN" in said


def test_a_port_that_somebody_has_is_said(place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = ends(place, "--port", str(taken.getsockname()[1]))
    assert code == 4
    assert "--port" in said
    assert "DO NOT OPEN" in said


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1"])
def test_an_address_of_somebody_else_is_said(place, host: str) -> None:
    code, said = ends(place, "--host", host)
    assert code in (2, 4)
    assert host in said


def test_ctrl_c_ends_it(place) -> None:
    with running(place) as served:
        assert served.token is None
        assert Answer(served, "GET", "/").status == 200
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(60) == 130
    said = (place / "stderr").read_text().split("\n")
    assert [line for line in said if line] == ["ctrl-C ends it.", "lockrig: interrupted"]


def test_ctrl_c_before_start_loses_nothing_and_frees_the_unit(place) -> None:
    with running(place) as served:
        to_start(served)
        served.process.send_signal(signal.SIGINT)
        served.process.wait(60)
    with open_unit(place / "records", UNIT, training=False) as records:
        assert not records.standing(now()).repeat


def test_for_others_it_wants_a_token_that_it_writes_down_once(place) -> None:
    with running(place, "--host", "0.0.0.0") as served:
        assert Answer(served, "GET", "/").status == 403
        let_in = Answer(served, "GET", f"/?token={served.token}")
        assert let_in.status == 303
        assert Answer(served, "GET", "/", {"Cookie": let_in.cookie}).status == 200
        served.process.send_signal(signal.SIGTERM)
        served.process.wait(60)
        assert served.token not in (place / "stderr").read_text()
        assert served.token not in served.process.stdout.read()


def test_killed_in_the_middle_of_a_watch_it_counts_as_a_test_without_an_answer(place) -> None:
    with running(place) as served:
        path, cookie, _page = to_start(served)
        address = f"ws://127.0.0.1:{served.port}{path}/watch"
        cookies = {"Cookie": cookie}
        with connect(address, origin=served.url, additional_headers=cookies) as page:
            step, t = "wait", 0
            while step != "watch":
                beat = json.loads(page.recv(60))
                t += 100
                page.send(json.dumps({"is": "beat", "n": beat["n"], "t": t}))
                if step != "start" and beat["step"] == "start":
                    page.send(json.dumps({"is": "tap", "key": "start", "t": t}))
                step = beat["step"]
            served.process.kill()
            served.process.wait()
    with running(place) as served:
        assert Answer(served, "GET", path, cookies).status == 404
        with open_unit(place / "records", UNIT, training=False) as records:
            assert records.standing(now()).repeat
        to_start(served)


def test_a_disk_without_room_is_said_before_start(place) -> None:
    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))

    with running(place, preexec_fn=little_room) as served:
        _path, _cookie, page = to_start(served)
    assert "DO NOT OPEN" in page
    assert "The record can&#39;t be written" in page
