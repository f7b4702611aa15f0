# Runs under MicroPython: what the firmware's crypto makes of the vectors in `vectors.json`, which
# lies beside its modules. CCM where there is a `cryptolib`; a row each, in their order.

import json
import sys
from binascii import hexlify, unhexlify
from hashlib import sha256

from lockunit import ccm, crypto

try:
    import cryptolib
except ImportError:
    cryptolib = None


class Primitives:
    def sha256(self, data):
        return sha256(data).digest()


def begin():
    pass


def tick():
    board = Primitives()
    with open(sys.path[1] + "/vectors.json") as file:
        vectors = json.load(file)
    for key, message, _ in vectors["hmac"]:
        say("hmac", crypto.hmac(board, unhexlify(key), unhexlify(message)))
    for secret, salt, info, _, expanded in vectors["hkdf"]:
        made = crypto.extract(board, unhexlify(salt), unhexlify(secret))
        say("hkdf", made)
        say("hkdf", crypto.expand(board, made, unhexlify(info), len(expanded) // 2))
    if cryptolib is not None:
        for row in vectors["ccm"]:
            key, nonce, beside, message, sealed = [unhexlify(text) for text in row]
            aes = cryptolib.aes(key, 1)
            say("ccm", ccm.seal(aes, nonce, message, beside))
            say("ccm", ccm.unseal(aes, nonce, sealed, beside))
    return False


def say(what, value):
    print(json.dumps({"of": what, "is": str(hexlify(value), "ascii")}))
