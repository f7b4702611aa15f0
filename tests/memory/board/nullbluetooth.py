# Runs under MicroPython. A `bluetooth` that keeps nothing: nobody is in its air.

FLAG_READ, FLAG_WRITE_NO_RESPONSE, FLAG_WRITE, FLAG_NOTIFY = 2, 4, 8, 16


def UUID(value):  # noqa: N802 as it is called there
    return value


class BLE:
    def active(self, on):
        pass

    def config(self, **values):
        pass

    def irq(self, handler):
        pass

    def gap_advertise(self, interval_us, adv_data, *, resp_data):
        pass

    def gap_disconnect(self, handle):
        return True

    def gatts_register_services(self, services):
        return (1, 2, 3, 4), (5, 6), (7, 8)

    def gatts_set_buffer(self, value, size, append):
        pass

    def gatts_read(self, value):
        return b""

    def gatts_write(self, value, data, send_update=False):
        pass

    def gatts_notify(self, handle, value, data):
        pass
