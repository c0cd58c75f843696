"""Opens envelopes, one question and one answer a line, both JSON:

    {"opener": "strict", "passphrase": "78", "msg": "U2FsdGVkX18…"}
    {"accept": true, "text": "7b…"}

The opener called strict follows PROTOCOL.md. The others are what one writes who
thinks of nothing in particular. Python's standard library has no AES; here is
one, in tables that it computes.
"""

import base64
import functools
import hashlib
import json
import re
import sys


class Refused(Exception):
    """args[0] is the stage."""


def times(a, b):
    """The product of two bytes in the field of AES."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a, b = a << 1 ^ (0x11B if a & 0x80 else 0), b >> 1
    return product


def substitute(a):
    """FIPS 197, 5.1.1: the inverse, which is a to the 254th, and an affine map."""
    inverse = 1
    for _ in range(254):
        inverse = times(inverse, a)
    x = inverse * 0x101  # two copies of it: shifting rotates
    return (x ^ x >> 4 ^ x >> 5 ^ x >> 6 ^ x >> 7) & 0xFF ^ 0x63


SBOX = [substitute(a) for a in range(256)]
BACK = [SBOX.index(a) for a in range(256)]
MIX = [[times(a, by) for a in range(256)] for by in (14, 11, 13, 9)]
# Where each byte of a state comes from when its rows are shifted back.
ROWS = [(i - 4 * (i % 4)) % 16 for i in range(16)]


@functools.lru_cache(maxsize=None)
def schedule(key):
    """The 15 round keys of AES-256, FIPS 197, 5.2."""
    words, constant = [list(key[i : i + 4]) for i in range(0, 32, 4)], 1
    while len(words) < 60:
        word, at = words[-1], len(words) % 8
        if at == 0:
            word = [SBOX[b] for b in word[1:] + word[:1]]
            word[0] ^= constant
            constant = times(constant, 2)
        elif at == 4:
            word = [SBOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[-8], word)])
    return [sum(words[i : i + 4], []) for i in range(0, 60, 4)]


@functools.lru_cache(maxsize=None)
def block(key, ct):
    """One block, decrypted, FIPS 197, 5.3."""
    keys = schedule(key)
    state = [a ^ b for a, b in zip(ct, keys[14])]
    for n in range(13, -1, -1):
        state = [BACK[state[ROWS[i]]] ^ keys[n][i] for i in range(16)]
        if n:
            state = [
                MIX[0][state[i]] ^ MIX[1][state[i // 4 * 4 + (i + 1) % 4]] ^ MIX[2][state[i // 4 * 4 + (i + 2) % 4]] ^ MIX[3][state[i // 4 * 4 + (i + 3) % 4]]
                for i in range(16)
            ]
    return bytes(state)


# FIPS 197, C.3.
if block(bytes(range(32)), bytes.fromhex("8ea2b7ca516745bfeafc49904b496089")) != bytes(range(0, 256, 17)):
    sys.exit("envelope.py: this is no AES")


def decrypt(passphrase, raw):
    """What is behind magic and salt, in CBC, under EVP_BytesToKey with MD5."""
    made = link = b""
    while len(made) < 48:
        link = hashlib.md5(link + passphrase + raw[8:16]).digest()
        made += link
    if len(raw) % 16:
        raise ValueError("no whole number of blocks")
    chain = made[32:] + raw[16:]
    return b"".join(bytes(a ^ b for a, b in zip(block(made[:32], raw[i : i + 16]), chain[i - 16 : i])) for i in range(16, len(raw), 16))


def canonical(text, stage):
    """The bytes of base64 that has no other spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused(stage)
    if base64.b64encode(raw) != (text.encode() if isinstance(text, str) else text):
        raise Refused(stage)
    return raw


def strict(passphrase, msg):
    raw = canonical(msg, "outer-base64")
    if raw[:8] != b"Salted__":
        raise Refused("magic")
    if len(raw) == 16 or len(raw) % 16:
        raise Refused("length")
    padded = decrypt(passphrase, raw)
    n = padded[-1]
    if not 1 <= n <= 16 or padded[-n:] != bytes([n]) * n:
        raise Refused("padding")
    return canonical(padded[:-n], "inner-base64")


# What comes now is how such code is written. An exception is a refusal: a
# server answers it with 500.


def usual(passphrase, msg):
    raw = base64.b64decode(msg)
    if raw[:8] != b"Salted__":
        raise Refused("magic")
    data = decrypt(passphrase, raw)
    return base64.b64decode(data[: -data[-1]])


def validating(passphrase, msg):
    """Calls what there is to check with: validate=True, and a library's unpad."""
    raw = base64.b64decode(msg, validate=True)
    if not raw.startswith(b"Salted__"):
        raise Refused("magic")
    data = decrypt(passphrase, raw)
    n = data[-1]
    if not 1 <= n <= 16 or data[-n:] != bytes([n]) * n:
        raise Refused("padding")
    return base64.b64decode(data[:-n], validate=True)


def pattern(passphrase, msg):
    """Looks at the characters of base64, as b64decode itself did before 3.11."""
    looks = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
    if not looks.fullmatch(msg.encode()):
        raise Refused("outer-base64")
    raw = base64.b64decode(msg)
    if raw[:8] != b"Salted__":
        raise Refused("magic")
    data = decrypt(passphrase, raw)
    inner = data[: -data[-1]]
    if not looks.fullmatch(inner):
        raise Refused("inner-base64")
    return base64.b64decode(inner)


def filling(passphrase, msg):
    """Adds the = that may be missing, and does not look at the magic."""
    raw = base64.b64decode(msg + "=" * (-len(msg) % 4))
    data = decrypt(passphrase, raw)
    return base64.b64decode(data[: -data[-1]])


def padded(passphrase, msg):
    """Leaves the padding to b64decode, which skips what is not base64."""
    raw = base64.urlsafe_b64decode(msg)
    if raw[:8] != b"Salted__":
        raise Refused("magic")
    return base64.b64decode(decrypt(passphrase, raw))


def stripping(passphrase, msg):
    """Takes off whatever bytes of padding stand at the end."""
    raw = base64.b64decode(msg)
    if raw[:8] != b"Salted__":
        raise Refused("magic")
    return base64.b64decode(decrypt(passphrase, raw).rstrip(bytes(range(17))), validate=True)


OPENERS = {
    "strict": strict,
    "usual": usual,
    "validating": validating,
    "pattern": pattern,
    "filling": filling,
    "padded": padded,
    "stripping": stripping,
}


def answer(question):
    try:
        return {"accept": True, "text": OPENERS[question["opener"]](bytes.fromhex(question["passphrase"]), question["msg"]).hex()}
    except Refused as refused:
        return {"accept": False, "stage": refused.args[0]}
    except Exception as fault:
        return {"accept": False, "fault": type(fault).__name__}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
