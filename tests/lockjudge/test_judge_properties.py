"""What holds for every trace, tried on many made ones."""

from hypothesis import assume, given
from hypothesis import strategies as st

from lockjudge.trace import CHANNELS, FORMAT, TAPS, Event, Trace, format_trace, parse_trace
from lockjudge.verdict import judge
from tests.lockjudge.recordings import (
    GOOD_ANSWERS,
    PRESS_MS,
    observed,
    outcome,
    recorded,
    reread,
    spoilt,
)

LEDS = ("led.green", "led.red")


def instants(limits):
    """Times in ms, many of them at a limit or beside one."""
    near = [limit + d for limit in limits for d in (-20, -11, -10, -1, 0, 1, 10, 11, 20)]
    return st.one_of(st.sampled_from(near), st.integers(-200, 33_000))


EDGES = instants([0, 50, 500, 1_000, 4_000, 10_000, 20_000, 30_000])
U = st.one_of(st.sampled_from([0, 1, 5, 10, 25, 100]), st.integers(0, 2_500))


@st.composite
def honest(draw):
    """A pack inside all the limits, wherever in them."""
    on = draw(st.integers(0, 1_000))
    off = draw(st.integers(on + 500, 10_000))
    count = draw(st.integers(1, 2))
    lengths = draw(st.lists(st.integers(50, 1_000), min_size=count, max_size=count))
    reds, t = [], off
    room = 20_000 - off - sum(lengths)
    for length in lengths:
        gap = draw(st.integers(1 if reds else 0, room))
        reds.append((t + gap, t + gap + length))
        room -= gap
        t += gap + length
        if room < 1:
            break
    return {"green": ((on, off),), "red": tuple(reds)}


@given(honest(), st.integers(0, 40_000))
def test_every_honest_pack_passes(pack, more):
    assert outcome(recorded(**pack, end=30_000 + more)) == "CHANGE_ALLOWED"


@st.composite
def doctored(draw):
    """A good recording with a few of its events moved, added or dropped."""
    good = recorded(**draw(honest()), end=draw(st.sampled_from([29_999, 30_000, 33_000])))
    events = [event for event in good.events if draw(st.integers(0, 19))]
    moved = [
        Event(PRESS_MS + draw(EDGES), event.ch, event.v)
        if event.ch != "end" and not draw(st.integers(0, 9))
        else event
        for event in events
    ]
    values = {"button": (0, 1), "led.green": (0, 1), "led.red": (0, 1), "power": (0, 1)}
    values |= {"power.source": ("battery", "external"), "reset": ("cause",)}
    for ch in draw(st.lists(st.sampled_from(list(values)), max_size=4)):
        moved.append(Event(PRESS_MS + draw(EDGES), ch, draw(st.sampled_from(values[ch]))))
    last = [event for event in moved if event.ch == "end"]
    rest = sorted((e for e in moved if e.ch != "end"), key=lambda event: event.t_ms)
    if last and rest and rest[-1].t_ms > last[0].t_ms:
        last = [Event(rest[-1].t_ms, "end", None)]
    return reread(good.header, [*rest, *last])


@st.composite
def tapped(draw):
    """A person's recording, each tap and answer perhaps spoilt."""
    taps = [(0, "start"), (draw(st.integers(450, 1_800)), "green_on")]
    taps += [(draw(instants([900, 4_600, 9_500, 10_500])), "green_off")]
    taps += [(draw(instants([4_600, 19_500, 20_500])), "red")]
    taps += draw(st.lists(st.tuples(EDGES, st.sampled_from(TAPS)), max_size=2))
    answers = dict(GOOD_ANSWERS)
    for key in draw(st.lists(st.sampled_from(sorted(answers)), max_size=1)):
        answers[key] = draw(st.sampled_from(["yes", "no", "unsure", 0, 1, 2, "more"]))
    extra = draw(
        st.lists(
            st.tuples(
                EDGES,
                st.just("power"),
                st.sampled_from([0, 1]),
            ),
            max_size=2,
        )
    )
    end = draw(st.sampled_from([33_001, 34_000, 36_000]))
    return observed(taps=taps, answers=answers, answers_at=end, end=end, extra=extra)


def with_u(trace, u):
    return Trace({**trace.header, "t_uncertainty_ms": u}, trace.events, trace.defect)


@given(st.one_of(doctored(), tapped()), st.lists(U, min_size=2, max_size=2))
def test_a_larger_u_never_turns_a_refusal_into_a_yes(trace, two):
    less, more = (judge(with_u(trace, u)).exit_code for u in sorted(two))
    assert less == 0 or more != 0


@given(doctored(), st.integers(1, 50))
def test_a_larger_u_turns_an_allowed_trace_into_an_inconclusive_one_at_worst(trace, u):
    if judge(with_u(trace, 0)).exit_code == 0:
        assert judge(with_u(trace, u)).exit_code in (0, 4)


@given(st.one_of(doctored(), tapped()), st.data())
def test_no_trace_without_its_end_is_allowed(trace, data):
    """A tail cut off takes the end with it: so no cut turns anything into a yes."""
    cut = data.draw(st.integers(0, len(trace.events) - 1)) if trace.events else 0
    assert judge(Trace(trace.header, trace.events[:cut])).exit_code != 0


@given(st.one_of(doctored(), tapped()), st.data())
def test_a_tail_made_unreadable_never_turns_a_refusal_into_a_yes(trace, data):
    text = list(format_trace(trace.header, trace.events))
    at = data.draw(st.integers(1, len(text)))
    broken = parse_trace("\n".join([*text[:at], "{", *text[at:]]).encode())
    assert judge(broken).exit_code != 0


@given(doctored(), st.data())
def test_what_followed_the_window_cannot_excuse_what_happened_in_it(trace, data):
    """Ended anywhere after it, a trace's first sequence has the same conditions."""
    whole = judge(trace).sequences
    if not whole:
        return
    cut = whole[0].press_ms + data.draw(st.integers(30_001, 33_000))
    kept = [event for event in trace.events if event.t_ms < cut and event.ch != "end"]
    ended = Trace(trace.header, [*kept, Event(cut, "end", None)])
    if not any(event.ch == "end" and event.t_ms >= cut for event in trace.events):
        return
    assert [row.state for row in judge(ended).sequences[0].conditions] == [
        row.state for row in whole[0].conditions
    ]


def added(trace, t, ch, v):
    """The trace with one more event, after others of the same time, before its end."""
    events = list(trace.events)
    at = sum(event.t_ms <= t and event.ch != "end" for event in events)
    return reread(trace.header, [*events[:at], Event(t, ch, v), *events[at:]])


@given(honest(), st.integers(0, 30_000), st.sampled_from(LEDS))
def test_one_more_light_is_never_allowed(pack, t, led):
    good = recorded(**pack)
    lit = dict.fromkeys(LEDS, 0)
    for event in good.events:
        if event.t_ms <= PRESS_MS + t and event.ch in LEDS:
            lit[event.ch] = event.v
    # A flash in the dark, or darkness in green; darkness in a red one may leave two good ones.
    assume(led == "led.green" or not lit[led])
    spoiled = added(good, PRESS_MS + t, led, 1 - lit[led])
    spoiled = added(spoiled, PRESS_MS + t, led, lit[led])
    assert judge(spoiled).exit_code == 3


@given(honest(), st.integers(0, 30_000), st.sampled_from(["brown-out", "button", ""]))
def test_one_reset_is_never_allowed(pack, t, cause):
    assert judge(added(recorded(**pack), PRESS_MS + t, "reset", cause)).exit_code == 3


@given(honest(), st.integers(-PRESS_MS, 30_000))
def test_power_0_is_never_allowed(pack, t):
    assert judge(added(recorded(**pack), PRESS_MS + t, "power", 0)).exit_code == 3


@given(honest(), st.integers(201, 30_000), st.integers(1, 5_000))
def test_one_more_press_is_never_allowed(pack, t, hold):
    trace = recorded(**pack, button=((0, 150), (t, t + hold)), end=36_000)
    assert spoilt(trace) == {"one press": "unknown"}


@given(honest(), st.integers(-PRESS_MS, 30_000), st.sampled_from(["external", "unknown"]))
def test_another_source_is_never_allowed(pack, t, source):
    trace = added(recorded(**pack), PRESS_MS + t, "power.source", source)
    assert judge(trace).exit_code == 4


@given(st.integers(0, 31_999))
def test_an_undo_is_never_allowed(t):
    assert judge(added(observed(), PRESS_MS + t, "tap", "undo")).exit_code == 4


VALUES = {
    "button": st.integers(0, 1),
    "led.green": st.integers(0, 1),
    "led.red": st.integers(0, 1),
    "power": st.integers(0, 1),
    "power.source": st.sampled_from(["battery", "external", "unknown"]),
    "tap": st.sampled_from(TAPS),
    "screen": st.sampled_from(["visible", "hidden"]),
    "answers": st.dictionaries(
        st.sampled_from(sorted(GOOD_ANSWERS)),
        st.sampled_from(["yes", "no", "unsure", 0, 1, 2, "more", None, 1.5]) | st.lists(st.none()),
    ),
    "motor": st.sampled_from([-1, 0, 1]),
    "load": st.integers(0, 1),
    "battery.mv": st.none() | st.integers(),
    "battery.ma": st.none() | st.integers(),
    "note": st.none() | st.text() | st.lists(st.integers()),
}
HEADERS = st.fixed_dictionaries(
    {"format": st.just(FORMAT)},
    optional={
        "observer": st.sampled_from(["instrument", "person", "unit", None, 3, []]),
        "t_uncertainty_ms": st.integers() | st.none() | st.booleans() | st.floats(0, 9),
    },
)


@st.composite
def anything(draw):
    """Any trace that parses: its events as they come."""
    channels = draw(st.lists(st.sampled_from(sorted(set(CHANNELS) - {"end"})), max_size=25))
    events, t = [], draw(st.integers(-(2**53), 2**40))
    for ch in channels:
        t += draw(st.sampled_from([0, 1, 10, 49, 50, 51, 300, 400, 500, 1_000, 5_000, 30_000]))
        events.append(Event(t, ch, draw(VALUES.get(ch, st.text()))))
    if draw(st.booleans()):
        events.append(Event(t + draw(st.sampled_from([0, 30_000])), "end", None))
    return reread(draw(HEADERS), events)


@given(anything(), st.lists(st.text(), max_size=1))
def test_every_trace_that_parses_gets_a_verdict(trace, doubts):
    verdict = judge(trace, doubts)
    assert verdict.as_dict()["outcome"] == outcome(trace, doubts)
    assert verdict.exit_code != 0 or not doubts


@given(anything())
def test_whatever_is_allowed_holds_every_condition(trace):
    verdict = judge(trace)
    allowed = (
        bool(verdict.sequences)
        and not verdict.doubts
        and all(row.state == "holds" for s in verdict.sequences for row in s.conditions)
    )
    assert (verdict.exit_code == 0) == allowed
