# Runs under MicroPython: a board that does what a central writes to it, for `asked.py`. It is the
# same on the virtual board and on a real one: mpremote connect PORT run told.py

import time

import bluetooth


def _uuid(n):
    return bluetooth.UUID("6e4f000" + str(n) + "-b5a3-f393-e0a9-e50e24dcca9e")


ble = bluetooth.BLE()
log = []
on_read = None
todo = []
values = {}


def irq(event, data):
    if event == 4:
        return on_read(data) if on_read and data[1] != values["out"] else None
    if event == 3 and data[1] == values["do"]:
        todo.append(ble.gatts_read(data[1]))
    else:
        # What is memory of the stack's is good in here only.
        log.append([event] + [bytes(x) if isinstance(x, memoryview) else x for x in data])
    return None


def advertise():
    ble.gap_advertise(100_000, b"\x02\x01\x06\x05\x09told", resp_data=b"\x05\xff\xff\xfftt")


def register():
    flags = bluetooth.FLAG_READ | bluetooth.FLAG_WRITE
    ((do, out, plain, tells, fixed, deaf),) = ble.gatts_register_services(
        (
            (
                _uuid(0),
                (
                    (_uuid(1), bluetooth.FLAG_WRITE),
                    (_uuid(2), bluetooth.FLAG_READ),
                    (_uuid(3), flags | bluetooth.FLAG_WRITE_NO_RESPONSE),
                    (_uuid(4), flags | bluetooth.FLAG_NOTIFY | bluetooth.FLAG_INDICATE),
                    (_uuid(5), bluetooth.FLAG_READ),
                    (_uuid(6), bluetooth.FLAG_WRITE),
                ),
            ),
        )
    )
    values.update(do=do, out=out, plain=plain, tells=tells, fixed=fixed, deaf=deaf)
    ble.gatts_set_buffer(do, 512)


def raised(function, *args, **more):
    try:
        return function(*args, **more)
    except OSError as error:
        return ("OSError", error.args[0])
    except (ValueError, TypeError) as error:
        return (type(error).__name__,)


def main():
    ble.active(True)
    ble.irq(irq)
    register()
    advertise()
    while True:
        while todo:
            number, _, text = str(todo.pop(0), "utf-8").partition(" ")
            try:
                result = repr(eval(text, globals()))
            except Exception as error:
                result = "! " + repr(error)
            if ble.active():
                ble.gatts_write(values["out"], number + " " + result)
        time.sleep_ms(10)


main()
