"""A production unit as its users meet it, from its key on: commands with credentials, revocation,
maintenance; and whatever was written and printed meanwhile holds no key."""

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lockhil.client import LinkTimeoutError
from lockhil.contact import open_contact
from lockhil.session.credentialfile import decode
from lockhil.session.link import SealedLink
from lockhil.session.sealed import Channel
from lockrig.keystore.store import UnitKeys, open_store
from lockrig.keystore.unlock import Unlocker, from_source
from tests.lockrig.plugged import Plugged, plugged
from tests.lockrig.provision.conftest import keys_in
from tests.lockrig.trace.samples import Ran, lockrig

Keys = tuple[str, ...]
ROLES = ("carer", "technician", "service")


class Site:
    """A unit with a key on its line, and what everybody printed."""

    def __init__(self, board: Plugged, keys: Keys, folder: Path) -> None:
        self.board, self.keys, self.folder = board, keys, folder
        self.printed: list[str] = []
        self.users = 0
        self.target = f"serial:{board.link}"

    def run(self, *words: object) -> Ran:
        ran = lockrig(*words)
        self.printed += [ran.out, ran.err]
        return ran

    def stored(self) -> UnitKeys:
        with open_store(Path(self.keys[1]), Unlocker(from_source(self.keys[3]))) as store:
            return store.units["T-1"]

    def restarted(self) -> None:
        """It restarts within seconds, and is up when it answers again."""
        time.sleep(2)
        until = time.monotonic() + 20
        with open_contact(self.target) as contact:
            while True:
                contact.link.send_raw(b"\n")
                try:
                    contact.link.call("unit.hello", timeout_ms=1_000)
                    return
                except LinkTimeoutError:
                    assert time.monotonic() < until

    def credential(self, role: str) -> Path:
        """A new one, for a new user."""
        self.users += 1
        out = self.folder / f"{role}{self.users}.credential"
        words = ("--role", role, "--id", f"U-{self.users}", "--until", "2099-01-01", "--out", out)
        ran = self.run("credential", "T-1", *words, *self.keys)
        assert ran.code == 0, ran.err
        return out


@pytest.fixture(scope="module")
def site(quick: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all: who tests makes credentials of the epoch in which it finds the unit."""
    folder = tmp_path_factory.mktemp("site")
    keys = keys_in(folder)
    with plugged(folder / "data") as board:
        time.sleep(0.5)
        one = Site(board, keys, folder)
        ran = one.run("provision", f"serial:{board.console}", *keys)
        assert ran.code == 0, ran.err
        time.sleep(1)
        yield one


def forms(key: bytes) -> list[bytes]:
    """How a key may look where it mustn't be; half of it is enough."""
    half = key[8:24]
    encoded = base64.b64encode(key).rstrip(b"=")
    return [
        half,
        half.hex().encode(),
        half.hex().upper().encode(),
        encoded[4:24],
        base64.urlsafe_b64encode(key)[4:24],
        repr(half)[2:-1].encode(),
        json.dumps(list(half))[1:-1].encode(),
    ]


def test_each_role_may_what_its_role_may(site: Site) -> None:
    held = {role: site.credential(role) for role in ROLES}
    codes = {
        role: site.run("journal", site.target, "--credential", path).code
        for role, path in held.items()
    }
    assert codes == {"carer": 1, "technician": 0, "service": 0}
    ran = site.run("journal", site.target)
    assert (ran.code, "--credential" in ran.err) == (1, True)
    ran = site.run("battery", "state", site.target, "--credential", held["carer"])
    assert ran.code == 0, ran.err
    ran = site.run("monitor", site.target, "--for", "1", "--credential", held["carer"])
    assert ran.code == 0, ran.err
    assert "LOCKED" in ran.out
    # What anybody may ask is answered without one.
    assert site.run("battery", "state", site.target).code == 0
    held["carer"].chmod(0o644)
    ran = site.run("monitor", site.target, "--for", "1", "--credential", held["carer"])
    assert (ran.code, "chmod 600" in ran.err) == (1, True)


def test_a_revocation_ends_all_and_says_who_needs_a_new_one(site: Site) -> None:
    old = {role: site.credential(role) for role in ROLES}
    before = site.stored()
    ran = site.run("revoke", site.target, *site.keys)
    assert ran.code == 0, ran.err
    assert f"epoch {before.epoch + 1} now" in ran.err
    told = [line.split("\t")[0] for line in ran.out.splitlines()]
    assert told == [one.user for one in before.issued]
    assert len(told) >= 3
    ran = site.run("journal", site.target, "--credential", old["technician"])
    assert (ran.code, "revoked" in ran.err) == (1, True)
    # Whoever has a new one isn't listed any more.
    user = before.issued[-1].user
    out = site.folder / "again.credential"
    words = ("--role", "service", "--id", user, "--until", "2099-01-01", "--out", out)
    assert site.run("credential", "T-1", *words, *site.keys).code == 0
    assert decode(out.read_bytes()).grant.epoch == before.epoch + 1
    ran = site.run("journal", site.target, "--credential", out)
    assert ran.code == 0, ran.err
    assert "what=revoked" in ran.out
    ran = site.run("revoke", site.target, "--look", *site.keys)
    assert (ran.code, len(ran.out.splitlines())) == (0, len(told) - 1)
    assert f"is in epoch {before.epoch + 1};" in ran.err


@pytest.mark.parametrize("lost", ["the question", "the answer"])
def test_a_lost_answer_leaves_the_store_able_to_tell(
    site: Site, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    call = SealedLink.call

    def cut(self: SealedLink, method: str, *args: object, **params: object) -> object:
        if method != "epoch.bump":
            return call(self, method, *args, **params)  # type: ignore[arg-type]
        if lost == "the answer":
            call(self, method)
        raise LinkTimeoutError("cut")

    epoch = site.stored().epoch
    with monkeypatch.context() as patch:
        patch.setattr(SealedLink, "call", cut)
        ran = site.run("revoke", site.target, *site.keys)
    assert (ran.code, "run it again" in ran.err) == (4, True)
    assert (site.stored().epoch, site.stored().epoch_sought) == (epoch, True)
    ran = site.run("revoke", site.target, *site.keys)
    assert ran.code == 0, ran.err
    # One revocation was asked for, and one came, whichever got lost.
    assert (site.stored().epoch, site.stored().epoch_sought) == (epoch + 1, False)
    assert ("already" in ran.err) == (lost == "the answer")


def test_maintenance_opens_the_console_for_one_start(site: Site) -> None:
    held = {role: site.credential(role) for role in ROLES}
    console = f"serial:{site.board.console}"
    for role, code in (("carer", 1), ("technician", 1)):
        ran = site.run("maintenance", site.target, "--credential", held[role])
        assert (ran.code, "service alone" in ran.err) == (code, True)
    assert site.run("maintenance", site.target).code == 2
    assert site.run("flash", console).code == 4
    ran = site.run("maintenance", site.target, "--credential", held["service"])
    assert ran.code == 0, ran.err
    site.restarted()
    # One that has a key isn't given another by mistake, and that took the start.
    ran = site.run("provision", console, *site.keys)
    assert (ran.code, "--again" in ran.err) == (1, True)
    time.sleep(1)
    before = site.stored()
    assert site.run("provision", console, "--again", *site.keys).code == 4
    ran = site.run("maintenance", site.target, "--credential", held["service"])
    assert ran.code == 0, ran.err
    site.restarted()
    ran = site.run("provision", console, "--again", *site.keys)
    assert ran.code == 0, ran.err
    time.sleep(1)
    now = site.stored()
    assert (now.key != before.key, now.epoch, now.issued) == (True, before.epoch + 1, [])
    ran = site.run("maintenance", site.target, "--credential", held["service"])
    assert (ran.code, "got another key since" in ran.err) == (1, True)
    assert site.run("journal", site.target, "--credential", site.credential("service")).code == 0


def test_flashing_it_takes_its_link_and_service_and_closes_its_console(site: Site) -> None:
    console, service = f"serial:{site.board.console}", site.credential("service")
    for words, code, says in (
        ((), 2, "--link"),
        (("--link", site.board.link), 2, "--credential"),
        (("--link", site.board.link, "--credential", site.credential("carer")), 1, "on trial"),
        (("--link", site.board.link, "--credential", service), 0, "closed again"),
    ):
        ran = site.run("maintenance", site.target, "--credential", service)
        assert ran.code == 0, ran.err
        site.restarted()
        ran = site.run("flash", console, *words)
        assert (ran.code, says in ran.err + ran.out) == (code, True), ran
        time.sleep(1)
    assert "seen on its link" in ran.out
    ran = site.run("flash", console)
    assert (ran.code, "lockrig maintenance" in ran.err) == (4, True)


def test_no_key_is_in_anything_that_was_written_or_printed(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    channels: list[bytes] = []
    init = Channel.__init__

    def noted(self: Channel, number: int, *, to_lock: bytes, to_client: bytes) -> None:
        channels.extend((to_lock, to_client))
        init(self, number, to_lock=to_lock, to_client=to_client)

    monkeypatch.setattr(Channel, "__init__", noted)
    caplog.set_level(0)
    held = [site.credential(role) for role in ROLES]
    folder, target = site.folder, site.target
    site.run("journal", target, "--credential", held[1], "--file", folder / "j", "--json")
    site.run("journal", target, "--credential", held[0])
    capture = ("--capture", folder / "t.jsonl", "--for", "0.5")
    site.run("monitor", target, *capture, "--raw", "--credential", held[1])
    site.run("battery", "state", target, "--json", "--credential", held[0])
    site.run("revoke", target, *site.keys)
    site.run("journal", target, "--credential", held[1])
    site.run("provision", f"serial:{site.board.console}", "--link", site.board.link, *site.keys)
    held.append(site.credential("service"))
    report = ("--report", folder / "report", "-k", "test_hello")
    site.run("hil", target, *report, "--credential", held[-1])
    assert (folder / "report" / "report.html").exists()
    # A credential that was damaged, in every way that shows it.
    (folder / "bad").touch(0o600)
    (folder / "bad").write_bytes(held[0].read_bytes()[:-8])
    site.run("journal", target, "--credential", folder / "bad")

    stored = site.stored()
    users = [decode(path.read_bytes()).key for path in held]
    assert len(channels) >= 8
    secrets = [stored.key, *users, *channels]
    assert len(set(secrets)) == len(secrets)
    passphrase = Path(site.keys[3]).read_text().strip().encode()
    printed = {"printed": "\n".join([*site.printed, caplog.text]).encode()}
    own = {*held, folder / "bad", Path(site.keys[3])}
    # The board's flash has the lock's key: it is a file of its own here.
    files = {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path not in own and "data" not in path.parts
    }
    assert any(name.endswith("report.json") for name in files)
    found = [
        (name, form)
        for name, data in {**printed, **files}.items()
        for form in [*(form for key in secrets for form in forms(key)), passphrase]
        if form in data
    ]
    assert found == []
    # The search finds what is there: a credential's own file has its key and no other.
    for path, key in zip(held, users, strict=True):
        data = path.read_bytes()
        assert [other for other in secrets if any(form in data for form in forms(other))] == [key]
