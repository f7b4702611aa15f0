"""What a virtual board asks of what is around it and is told, on either clock.

It answers at once what is known at once; how a wait ends is up to who owns the clock.
"""

from collections.abc import Callable

from lockhil.virtual.protocol import Answer, Message, Op, answer, happened, take
from lockhil.virtual.radioport import ADVERT, PORT, Irq, NoAir, RadioPort, Told
from lockhil.virtual.soldered import Soldered
from lockunit import board as port

# A board's calendar fits 31 bits for longer if it isn't counted from 1970.
_FROM_2000_S = 946_684_800
# Beside the kinds of event in `lockunit.board`: the radio's, which the board's driver takes apart,
# and an edge at a pin.
RADIO, EDGE = -1, -2


class Dialogue:
    """With one process of a board, from its start to its end.

    `soldered` is what its pins and its link, UART `uart`, lead to. `send` takes bytes to the board,
    `ticks` tells its clock. `waiting`: the board waits, for
    `wait_ms` at most (-1: for ever). `radio`: what its `bluetooth` speaks to.
    """

    def __init__(
        self,
        soldered: Soldered,
        uart: int,
        send: Callable[[bytes], None],
        ticks: Callable[[], int],
        radio: RadioPort | None = None,
    ) -> None:
        self._soldered = soldered
        self._radio = radio or NoAir()
        self._uart = uart
        self._send = send
        self._ticks = ticks
        self._buffer = bytearray()
        self._seq = 0
        self.waiting = False
        self.wait_ms = -1
        # Set where these can happen: what a watchdog's feeding and a reset lead to.
        self.on_feed: Callable[[int], None] = lambda _: None
        self.on_reset: Callable[[], None] = lambda: None
        # Told whether ctrl-C interrupts from now on.
        self.on_interrupt: Callable[[bool], None] = lambda _: None
        # Told of each write of a watched flash before it is done; may raise, then it isn't.
        self.on_flash: Callable[[Message], None] = lambda _: None

    def serve(self, data: bytes) -> None:
        """Take in what the board sent, and answer it. ValueError: it isn't one of ours."""
        self._buffer += data
        while (message := take(self._buffer)) is not None:
            # Code that ctrl-C ended may have left a wait behind.
            self.waiting = False
            self._handle(message)

    def _handle(self, message: Message) -> None:
        if message.op in _QUESTIONS:
            value = _QUESTIONS[message.op](self, message.pin)
            kind = Answer.FAILED if value is None else Answer.VALUE
            self._send(answer(kind, message.seq, value or 0))
        elif message.op == Op.WAIT:
            self.waiting, self._seq, self.wait_ms = True, message.seq, message.value
        elif message.op == Op.BLE:
            value = self._radio.told(message.pin, message.data)
            if not value:
                self._on_air(message)
            self._send(answer(Answer.VALUE, message.seq, value))
        elif message.op in (Op.PROGRAM, Op.ERASE, Op.INTERRUPT):
            if message.op == Op.INTERRUPT:
                self.on_interrupt(message.value >= 0)
            else:
                self.on_flash(message)
            self._send(answer(Answer.VALUE, message.seq, 0))
        else:
            self._told(message)

    def _told(self, message: Message) -> None:
        if message.op == Op.OUT:
            self._soldered.drive(message.pin, message.value)
        elif message.op == Op.SET_UP:
            self._soldered.set_up(message.pin, message.value)
        elif message.op == Op.PWM:
            self._soldered.modulate(message.pin, message.value)
        elif message.op == Op.TX:
            if message.pin == self._uart:
                self._soldered.sent(message.data)
        elif message.op == Op.KEEP:
            self._soldered.keep(message.value)
        elif message.op == Op.SET_CLOCK:
            self._soldered.set_calendar(message.value + _FROM_2000_S)
        elif message.op == Op.FEED:
            self.on_feed(message.value)
        else:
            self.on_reset()

    def _on_air(self, message: Message) -> None:
        """Let it be known what is told in the air: adverts take power."""
        if message.pin == Told.ADVERTISE:
            interval_us, _, length = ADVERT.unpack_from(message.data)
            told = message.data[ADVERT.size :]
            self._soldered.advertise(interval_us // 1_000, told[:length], told[length:])
        elif message.pin == Told.ACTIVE:
            self._soldered.advertise(0, b"", b"")

    def time_out(self) -> None:
        """End the board's wait: its time is over."""
        self.waiting = False
        self._send(answer(Answer.TIMED_OUT, self._seq, self._ticks()))

    def happen(self, kind: int, arg: int | bytes) -> None:
        """End the board's wait by an event: of `lockunit.board`, at a pin, or of the air."""
        self.waiting = False
        if kind in (port.EV_RX, RADIO):
            assert isinstance(arg, bytes)
            uart = PORT if kind == RADIO else self._uart
            if kind == RADIO and arg[0] == Irq.CONNECTED:
                # A connection ends them.
                self._soldered.advertise(0, b"", b"")
            self._send(happened(self._seq, self._ticks(), [], uart, arg))
        else:
            assert isinstance(arg, int)
            self._send(happened(self._seq, self._ticks(), self._soldered.edges(kind, arg)))


_QUESTIONS: dict[Op, Callable[[Dialogue, int], int | None]] = {
    Op.READ: lambda told, pin: told._soldered.level(pin),
    Op.ADC: lambda told, pin: told._soldered.convert(pin),
    Op.NOW: lambda told, _: told._ticks(),
    Op.MEMORY: lambda told, _: told._soldered.memory(),
    Op.CAUSE: lambda told, _: told._soldered.cause(),
    Op.CLOCK: lambda told, _: max(-1, told._soldered.calendar() - _FROM_2000_S),
    Op.RANDOM: lambda told, _: int.from_bytes(told._soldered.random(), "little", signed=True),
}
