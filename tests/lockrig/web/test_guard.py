"""Who is let in: by host, by origin, by token; and what nobody may do to the server."""

import json
import socket

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.lockrig.web.server import Answer, serving

TOKEN = "a-token-for-tests"


@pytest.fixture(scope="module")
def open_server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("records")) as served:
        yield served


@pytest.fixture(scope="module")
def closed_server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("records"), token=TOKEN) as served:
        yield served


def begun(served, **headers: str) -> tuple[str, str]:
    """The path of a new diagnosis, and its browser's cookie."""
    answer = Answer(served, "POST", "/diagnose", {"Origin": served.url, **headers})
    assert answer.status == 303
    return answer.headers["Location"], headers.get("Cookie") or answer.cookie


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "192.168.1.7", "LOCALHOST"])
def test_hosts_that_cant_be_anothers(open_server, host: str) -> None:
    assert Answer(open_server, "GET", "/", {"Host": f"{host}:{open_server.port}"}).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:{port}",
        "localhost",
        "localhost:1",
        "127.0.0.1.evil.example:{port}",
        "",
        ":",
        "127.0.0.1:{port}@evil.example",
        "127.0.0.1:{port}, evil.example",
        "[::1",
        "x" * 3_000,
    ],
)
def test_a_name_that_was_made_to_point_here_is_refused(open_server, host: str) -> None:
    host = host.format(port=open_server.port)
    assert Answer(open_server, "GET", "/", {"Host": host}).status in (400, 403)


def test_two_hosts_are_refused(open_server) -> None:
    hosts = [f"127.0.0.1:{open_server.port}", "evil.example"]
    assert Answer(open_server, "GET", "/", {"Host": hosts}).status in (400, 403)


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:1"])
def test_a_form_of_a_foreign_page_begins_nothing(open_server, origin: str | None) -> None:
    before = len(open_server.site.diagnoses._all)
    headers = {"Origin": origin} if origin else {}
    assert Answer(open_server, "POST", "/diagnose", headers).status == 403
    assert len(open_server.site.diagnoses._all) == before


def test_the_socket_is_for_pages_of_ours(open_server) -> None:
    path, cookie = begun(open_server)
    address = f"ws://127.0.0.1:{open_server.port}{path}/watch"
    for origin, sent in (("http://evil.example", cookie), (None, cookie), (open_server.url, "")):
        with pytest.raises(InvalidStatus):
            connect(address, origin=origin, additional_headers={"Cookie": sent}).close()
    with connect(address, origin=open_server.url, additional_headers={"Cookie": cookie}) as page:
        assert json.loads(page.recv())["step"] == "over"


def test_a_diagnosis_is_its_browsers_alone(open_server) -> None:
    path, cookie = begun(open_server)
    assert Answer(open_server, "GET", path, {"Cookie": cookie}).status == 200
    assert Answer(open_server, "GET", path).status == 404
    form = b"turn=0&what=text&value=ABC-1"
    stranger = Answer(open_server, "POST", path, {"Origin": open_server.url}, form)
    assert stranger.status == 404
    assert open_server.site.diagnoses._all[path.split("/")[-1]].turn == 0


def test_a_cookie_that_nobody_was_given_is_worth_nothing(closed_server) -> None:
    name = f"lockrig_{closed_server.port}"
    for cookie in ("x", "x.y", ".", "x." + "0" * 64, "\u00e5.\u00e4"):
        sent = {"Cookie": f"{name}={cookie}"}
        assert Answer(closed_server, "GET", "/", sent).status == 403


def test_without_the_token_there_is_nothing_to_see(closed_server) -> None:
    for path in ("/", "/training", "/static/page.js", "/nowhere", "/?token=", "/?token=wrong"):
        refused = Answer(closed_server, "GET", path)
        assert refused.status == 403, path
        assert "Set-Cookie" not in refused.headers
    assert (
        Answer(
            closed_server, "POST", f"/diagnose?token={TOKEN}", {"Origin": closed_server.url}
        ).status
        == 403
    )
    with pytest.raises(InvalidStatus):
        connect(
            f"ws://127.0.0.1:{closed_server.port}/diagnose/x/watch?token={TOKEN}",
            origin=closed_server.url,
        ).close()


def test_the_token_is_in_the_address_once_and_then_a_cookie(closed_server) -> None:
    first = Answer(closed_server, "GET", f"/training?token={TOKEN}&lang=sv")
    assert first.status == 303
    assert first.headers["Location"] == "/training?lang=sv"
    assert TOKEN not in str(first.headers)
    assert "HttpOnly" in first.headers["Set-Cookie"]
    assert "samesite=lax" in first.headers["Set-Cookie"].lower()
    assert Answer(closed_server, "GET", "/", {"Cookie": first.cookie}).status == 200


def test_a_redirect_leads_nowhere_else(closed_server) -> None:
    for path in ("//evil.example/", "/\\evil.example/", "/%5Cevil.example"):
        answer = Answer(closed_server, "GET", f"{path}?token={TOKEN}")
        location = answer.headers.get("Location", "/")
        assert location.startswith("/"), path
        assert location[1:2] not in ("/", "\\"), path
        cookie = {"Cookie": answer.cookie} if "Set-Cookie" in answer.headers else {}
        location = Answer(closed_server, "GET", f"{path}?lang=sv", cookie).headers.get(
            "Location", "/"
        )
        assert location[1:2] not in ("/", "\\"), path


def test_every_answer_says_what_the_browser_may_do(open_server) -> None:
    for path in ("/", "/nowhere", "/static/page.js", "/training"):
        headers = Answer(open_server, "GET", path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_too_much_is_refused(open_server) -> None:
    path, cookie = begun(open_server)
    sent = {"Origin": open_server.url, "Cookie": cookie}
    answer = Answer(open_server, "POST", path, sent, b"what=text&value=" + b"x" * 100_000)
    assert answer.status == 413
    for body in (b"a=b&" * 900, b"\xff\xfe%%%&&==", b"turn=0&what=text&value=" + b"x" * 3_000):
        assert Answer(open_server, "POST", path, sent, body).status == 303
    assert open_server.site.diagnoses._all[path.split("/")[-1]].turn == 0


def test_who_begins_and_never_ends_doesnt_make_it_grow(tmp_path) -> None:
    with serving(tmp_path) as served:
        answers = [Answer(served, "POST", "/diagnose", {"Origin": served.url}) for _ in range(40)]
        assert [answer.status for answer in answers][-1] == 503
        assert len(served.site.diagnoses._all) == 16


def test_garbage_on_the_line_stops_nobody(open_server) -> None:
    for junk in (b"\x00" * 100, b"GET / HTTP/9.9\r\n\r\n", b"A" * 100_000, b"\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", open_server.port), timeout=30) as line:
            line.sendall(junk)
    assert Answer(open_server, "GET", "/").status == 200
