# Runs under MicroPython. What comes in on the link: requests, and the longest lines that a unit has
# to bear, in the pieces in which a UART hands them on.

METHODS = ("unit.hello", "bolt.state", "battery.report", "selftest.last", "journal.read")


def call(method):
    return b'{"jsonrpc":"2.0","id":1,"method":"%s"}\n' % method.encode()


LONGEST = (
    ("noise of 1,024 bytes", b"x" * 1024),
    ("1,024 opening brackets", b"[" * 1024),
    ("a string of 1,022 characters", b'"' + b"x" * 1022 + b'"'),
    ("170 escapes", b'"' + b"\\u00e5" * 170 + b'"'),
    ("an array of 511 integers", b"[" + b"1," * 510 + b"1]"),
    ("an object of 120 members", b"{%s}" % b",".join([b'"%03d":1' % n for n in range(120)])),
    ("a method of 980 characters", call("x" * 980)[:-1]),
    ("a line of 5,000 bytes", b"x" * 5000),
)


def pieces(line):
    return [line[at : at + 256] for at in range(0, len(line), 256)]
