"""Who may call what on a unit with a key, and who is told."""

import json

import pytest

from lockhil.journal.record import Record, decode
from lockhil.session.credentials import Role
from lockunit import board as port
from lockunit import lockkey
from lockunit.methods import CARER, METHODS, OPEN, SERVICE, TECHNICIAN
from lockunit.records import SIZE
from tests.lockunit import motor
from tests.lockunit.hand import Hand, HandBoard
from tests.lockunit.sealed import DAY_S, KEY, LOCK, START_S, UNIT
from tests.lockunit.sealedhand import PARAMS, REFUSED, Client, ask, coded, request, sealed_hand

NO_SESSION = -32002
LOCKS = {name: method for name, method in METHODS.items() if "door" in method.kinds}


def driven(hand: Hand) -> list[tuple[str, object]]:
    return [(name, value) for name, value in hand.board.out if value not in (0, (0, 0))]


def test_a_unit_with_a_key_says_that_its_sessions_are_sealed() -> None:
    hand = sealed_hand()
    hello = ask(hand, "unit.hello")
    assert (hello["sealed"], hello["development"], hello["refused"]) == (True, False, [])


@pytest.mark.parametrize("name", LOCKS)
def test_in_the_open_all_but_the_open_methods_are_refused(name: str) -> None:
    hand = sealed_hand()
    hand.board.sent.clear()
    found = ask(hand, name, **PARAMS.get(name, {}))
    hand.run(5_000)
    if METHODS[name].role == OPEN:
        assert isinstance(found, dict)
    else:
        assert found == (REFUSED, ("", "carer", "technician", "service")[METHODS[name].role])
        assert len(hand.board.sent) == 1
    assert driven(hand) == []


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", [name for name, method in LOCKS.items() if method.role != OPEN])
def test_each_role_may_call_what_the_table_says(name: str, role: Role) -> None:
    hand = sealed_hand()
    before = dict(hand.board.stored)
    client = Client(hand, role).enter()
    found = client.call(name, **PARAMS.get(name, {}))
    may = role >= METHODS[name].role
    assert (isinstance(found, tuple) and found[0] == REFUSED) is not may
    if not may:
        hand.run(5_000)
        assert driven(hand) == []
        after = {key: data for key, data in hand.board.stored.items() if key in before}
        changed = {key for key in after if after[key] != before[key] and "j" not in key}
        assert changed == {"counter.session"}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("capacity", ["staff", "desk"])
@pytest.mark.parametrize(
    "name", [name for name in LOCKS if name.startswith("swap.") or name == "battery.replaced"]
)
def test_nobody_acts_in_a_capacity_beyond_the_session(name: str, capacity: str, role: Role) -> None:
    if name == "swap.state":
        return
    hand = sealed_hand()
    found = Client(hand, role).enter().call(name, **{**PARAMS[name], "role": capacity})
    presumes = capacity == "desk" and role < SERVICE
    assert (found["result"] == "NOT_AUTHORISED") is presumes
    assert not presumes or hand.unit.swap.phase == 0


def test_a_move_is_told_to_the_session_that_asked_and_to_nobody_else() -> None:
    hand = sealed_hand()
    carer = Client(hand).enter()
    assert carer.call("bolt.unlock", 5) is None
    motor.at(hand, port.END_UNLOCKED)
    told = carer.listen()
    assert [line.get("method") for line in told] == ["bolt.moved", None]
    assert told[1]["result"]["result"] == "done"


def test_whose_session_ended_meanwhile_is_not_told() -> None:
    hand = sealed_hand()
    carer = Client(hand).enter()
    assert carer.call("bolt.unlock") is None
    other = Client(hand, Role.TECHNICIAN).enter()
    motor.at(hand, port.END_UNLOCKED)
    assert [line["method"] for line in other.listen()] == ["bolt.moved"]


def test_without_a_session_nothing_is_told_unasked() -> None:
    hand = sealed_hand()
    assert hand.board.sent == [], "not even that it booted"
    motor.at(hand, 0)
    motor.at(hand, port.END_UNLOCKED)
    hand.press()
    hand.run(60_000)
    assert hand.board.sent == []


def test_a_session_that_idles_is_told_nothing_more() -> None:
    hand = sealed_hand()
    carer = Client(hand).enter()
    hand.run(59_999)
    assert carer.call("bolt.state")["state"] == "LOCKED"
    hand.run(60_000)
    hand.board.sent.clear()
    motor.at(hand, 0)
    motor.at(hand, port.END_UNLOCKED)
    assert hand.board.sent == []
    hand.line(carer.line("bolt.state"))
    (answer,) = hand.board.sent
    assert (answer["id"], answer["error"]["code"]) == (None, NO_SESSION)


@pytest.mark.parametrize(
    "line",
    [
        '{"s":0,"n":0,"c":""}',
        '{"s":0,"n":0,"c":"AAAA"}',
        '{"s":0,"n":1,"c":""}',
        '{"s":0,"n":0,"c":"!"}',
        '{"s":0,"n":0,"c":5}',
        '{"s":0,"n":true,"c":""}',
        '{"s":0}',
    ],
)
def test_a_line_of_the_session_that_isnt_the_next_ends_it(line: str) -> None:
    hand = sealed_hand()
    carer = Client(hand).enter()
    hand.line(line)
    assert hand.board.sent[-1]["error"]["code"] == NO_SESSION
    assert hand.unit.wires.links[0].session.role == 0
    hand.line(carer.line("bolt.unlock"))
    assert hand.board.sent[-1]["error"]["code"] == NO_SESSION
    assert driven(hand) == []


@pytest.mark.parametrize("line", ['{"s":1,"n":0,"c":""}', '{"s":"0","n":0,"c":""}', '{"s":true}'])
def test_a_line_of_another_session_is_an_error_and_touches_nothing(line: str) -> None:
    hand = sealed_hand()
    carer = Client(hand).enter()
    hand.line(line)
    assert hand.board.sent.pop()["error"]["code"] == NO_SESSION
    assert carer.call("bolt.state")["state"] == "LOCKED"


def test_what_is_wrong_inside_is_told_sealed() -> None:
    hand = sealed_hand()
    carer = Client(hand).enter()
    assert carer.call("bolt.nothing") == (-32601, "bolt.nothing")
    assert carer.call("bolt.lock", colour="red") == (-32602, "unknown: colour")
    assert carer.channel is not None
    for plain, code in ((b"{", -32700), (b"5", -32600), (b'{"s":0,"n":0,"c":""}', -32600)):
        hand.line(carer.channel.seal_line(plain).decode())
        (answer,) = carer.listen()
        assert answer["error"]["code"] == code
    for silent in (b"", b'{"jsonrpc":"2.0","method":"bolt.state"}'):
        hand.line(carer.channel.seal_line(silent).decode())
        assert carer.listen() == []


def test_a_false_proof_is_refused_late_and_a_true_one_at_once() -> None:
    hand = sealed_hand()
    stranger = Client(hand)
    assert stranger.begin()["result"] == "done"
    assert ask(hand, "session.prove", 7, s=0, proof=coded(bytes(32))) is None
    assert ask(hand, "session.prove", 8, s=0, proof="?") == {"result": "BUSY"}
    Client(hand).enter()
    before = len(hand.board.sent)
    hand.run(250)
    (late,) = hand.board.sent[before:]
    assert (late["id"], late["result"]) == (7, {"result": "NOT_PROVED"})


def test_the_epoch_goes_on_when_the_lock_changes_hands() -> None:
    hand = sealed_hand()
    service = Client(hand, Role.SERVICE).enter()
    assert service.call("unit.life", role="service") == {"life": "stock", "epoch": 1}
    told = service.call("unit.couple", role="service", customer="K-1")
    assert told == {"result": "done", "life": "coupled", "customer": "K-1", "epoch": 2}
    assert Client(hand).prove() == {"result": "EPOCH"}
    assert Client(hand, epoch=2).prove() == {"result": "done"}
    other = Client(hand, Role.SERVICE, epoch=2).enter()
    wrong = other.call("unit.couple", role="service", customer="K-2")
    assert (wrong["result"], wrong["epoch"]) == ("COUPLED", 2)
    assert other.call("epoch.bump") == {"result": "done", "epoch": 3}
    assert other.call("unit.life", role="service")["epoch"] == 3, "whoever asked stays"


def test_an_epoch_that_cant_be_stored_is_told() -> None:
    hand = sealed_hand()
    service = Client(hand, Role.SERVICE).enter()
    hand.board.refuses = 1
    told = service.call("unit.couple", role="service", customer="K-1")
    assert (told["result"], told["epoch"]) == ("STORAGE", 1)
    hand.board.refuses = None
    told = service.call("unit.couple", role="service", customer="K-1")
    assert (told["result"], told["epoch"]) == ("done", 2), "asked again it is made up for"


def test_taken_down_it_works_for_the_sessions_of_the_service() -> None:
    hand = sealed_hand()
    service = Client(hand, Role.SERVICE).enter()
    for method in ("unit.couple", "unit.dismount"):
        last = service.call("journal.read")["last"]
        service.call("journal.ack", upto=last)
        customer = {"customer": "K-1"} if method == "unit.couple" else {}
        assert service.call(method, role="service", **customer)["result"] == "done"
    carer = Client(hand, epoch=3).enter()
    for method in ("bolt.lock", "selftest.start"):
        assert carer.call(method) == {"result": "DISMOUNTED"}
    assert carer.call("swap.cancel", role="desk") == {"result": "DISMOUNTED"}
    assert Client(hand, Role.SERVICE, epoch=3).enter().call("selftest.start")["result"] == "done"


def test_the_clock_is_set_by_token_in_the_open_and_by_whoever_may() -> None:
    hand = sealed_hand(known=False)
    client = Client(hand)
    client.begin()
    assert client.handshake.number == 0 if client.handshake.place else True
    technician = Client(hand, Role.TECHNICIAN).enter()
    later = START_S + DAY_S
    assert technician.call("clock.set", time_s=later) == {"result": "NOT_AUTHORISED"}
    token = LOCK.token(UNIT, technician.handshake.place, later)
    number = technician.handshake.number
    told = {"s": number, "time_s": later, "flags": 0, "tag": coded(token.tag)}
    assert ask(hand, "clock.token", **{**told, "tag": "AAAA"}) == {"result": "NOT_PROVED"}
    assert ask(hand, "clock.token", **told) == {"result": "done"}
    assert hand.board.utc_s == later
    again = Client(hand, Role.TECHNICIAN).enter()
    assert again.call("clock.set", time_s=later + 60) == {"result": "done"}
    assert hand.board.utc_s == later + 60


def test_the_bound_grows_with_every_sample_and_is_stored_again() -> None:
    hand = sealed_hand(known=False)
    hand.run(60_000)
    stored = hand.board.stored["bound.session"]
    hand.board.refuses = 0
    hand.run(6 * 3_600_000)
    assert hand.board.stored["bound.session"] == stored
    hand.board.refuses = None
    hand.run(61_000)
    grown = int.from_bytes(hand.board.stored["bound.session"][:4], "little")
    assert START_S + 6 * 3_600 <= grown <= START_S + 6 * 3_600 + 121


def records_of(hand: Hand) -> list[Record]:
    """What the journal tells of sessions."""
    stored = hand.board.stored
    data = b"".join(stored[name] for name in sorted(stored) if name[0] == "j")
    whole = [decode(data[at : at + SIZE]) for at in range(0, len(data), SIZE)]
    return [record for record in whole if record and record.kind in ("session", "attempt")]


def test_the_journal_tells_who_came_in_and_what_led_nowhere() -> None:
    hand = sealed_hand(known=False)
    Client(hand, user=b"0123456789abcdef").enter()
    hand.line('{"s":0,"n":5,"c":""}')
    service = Client(hand, Role.SERVICE).enter()
    assert service.call("epoch.bump") == {"result": "done", "epoch": 2}
    assert Client(hand).prove() == {"result": "EPOCH"}
    stranger = Client(hand)
    stranger.begin()
    ask(hand, "session.prove", s=3, proof="")
    found = [
        (r.kind, r.fields["what"], r.fields["why"], r.fields["value"]) for r in records_of(hand)
    ]
    assert found == [
        ("session", "opened", "", 0),
        ("attempt", "ended", "SEQUENCE", 0),
        ("session", "opened", "", 0),
        ("session", "revoked", "", 2),
        ("attempt", "refused", "EPOCH", 0),
        ("attempt", "false proof", "", 1),
    ]
    first = records_of(hand)[0].fields
    assert (first["user"], first["role"], first["s"]) == (b"0123456789abcdef".hex(), "carer", 0)


def test_a_flood_of_attempts_hides_nobody_who_came_in() -> None:
    hand = sealed_hand()
    for number in range(30):
        expired = Client(hand, not_after_s=START_S - 1, not_before_s=0)
        assert expired.prove() == {"result": "EXPIRED"}, number
    Client(hand, user=b"0123456789abcdef").enter()
    found = [record.fields["what"] for record in records_of(hand)]
    assert found == ["refused"] * 4 + ["opened"]


@pytest.mark.parametrize("gone", [name for name, _ in lockkey.provisions(KEY, 1, START_S)])
@pytest.mark.parametrize("how", ["missing", "corrupt"])
def test_what_is_damaged_never_makes_a_development_unit(gone: str, how: str) -> None:
    board = HandBoard()
    board.stored.update(lockkey.provisions(KEY, 1, START_S))
    board.stored[gone] = b"nonsense"
    if how == "missing":
        del board.stored[gone]
    hand = Hand(board=board)
    hello = ask(hand, "unit.hello")
    assert (hello["sealed"], hello["development"], hello["refused"]) == (True, False, [gone])
    assert ask(hand, "bolt.unlock") == (REFUSED, "carer")
    assert driven(hand) == []


def test_a_development_unit_takes_no_sessions() -> None:
    hand = Hand()
    assert Client(hand).begin() == {"result": "UNPROVISIONED"}
    assert ask(hand, "epoch.bump") == {"result": "UNPROVISIONED"}
    assert ask(hand, "clock.set", time_s=START_S) == {"result": "NOT_AUTHORISED"}
    hand.line('{"s":0,"n":0,"c":""}')
    assert hand.board.sent[-1]["error"]["code"] == NO_SESSION


def test_sealed_lines_come_in_order_among_others() -> None:
    hand = sealed_hand()
    carer = Client(hand).enter()
    before = len(hand.board.sent)
    lines = [carer.line("bolt.state", 1), request("unit.hello", 2), carer.line("bolt.state", 3)]
    hand.event(port.EV_RX, "".join(line + "\n" for line in lines).encode())
    kinds = ["s" in line for line in hand.board.sent[before:]]
    assert kinds == [True, False, True]


def test_the_longest_answer_fits_a_line() -> None:
    hand = sealed_hand()
    technician = Client(hand, Role.TECHNICIAN).enter()
    for _ in range(40):
        hand.press()
        hand.run(31_000)
    technician = Client(hand, Role.TECHNICIAN).enter()
    before = len(hand.board.sent)
    page = technician.call("journal.read", 9_999_999)
    assert len(page["records"]) == 600, "seven records"
    assert all(len(json.dumps(line)) <= 1_024 for line in hand.board.sent[before:])


def test_the_roles_are_those_of_the_sessions() -> None:
    assert tuple(Role) == (CARER, TECHNICIAN, SERVICE)
