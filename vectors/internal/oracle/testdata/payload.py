"""Reads payloads, one question and one answer a line, both JSON:

    {"reader": "strict", "next": "121", "text": "7b…"}
    {"accept": true, "next": "122", "data": "{\"value\":300}"}

The reader called strict follows PROTOCOL.md, with a grammar of its own; what
it takes or refuses as JSON is held against Python's own json. The others are
what one writes who thinks of nothing in particular.
"""

import json
import re
import sys
from decimal import Decimal

LAST = 2**53 - 2
DEPTH = 512

SPACE = re.compile(r"[ \t\n\r]*")
STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
SCALAR = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
PLAIN = re.compile(r"0|[1-9][0-9]*")


class Refused(Exception):
    """args[0] is the stage."""


class Grammar:
    """RFC 8259 without recursion: members() are those of the outermost object."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def space(self):
        self.at = SPACE.match(self.text, self.at).end()

    def take(self, pattern):
        found = pattern.match(self.text, self.at)
        if not found:
            raise Refused("inner-json")
        self.at = found.end()
        return found.group()

    def peek(self):
        return self.text[self.at : self.at + 1]

    def punctuation(self, one_of):
        c = self.peek()
        if not c or c not in one_of:
            raise Refused("inner-json")
        self.at += 1
        return c

    def key(self):
        self.space()
        key = self.take(STRING)
        self.space()
        self.punctuation(":")
        return key

    def members(self):
        self.space()
        self.punctuation("{")
        found, shut = [], ["}"]
        self.space()
        fresh = True  # an opening bracket stands right before
        key = start = None
        while shut:
            self.space()
            if fresh and self.peek() == shut[-1]:  # {} or []
                self.at += 1
                shut.pop()
            else:
                if shut[-1] == "}":
                    name = self.key()
                    self.space()
                    if len(shut) == 1:
                        key, start = name, self.at
                if self.peek() in ("{", "["):
                    if len(shut) == DEPTH:
                        raise Refused("inner-json")
                    shut.append("}" if self.punctuation("{[") == "{" else "]")
                    fresh = True
                    continue
                self.take(STRING if self.peek() == '"' else SCALAR)
            fresh = False
            while shut:  # behind a value: a comma, or the end of what it is in
                if len(shut) == 1 and start is not None:
                    found.append((key, self.text[start : self.at]))
                    start = None
                self.space()
                if self.punctuation("," + shut[-1]) == ",":
                    break
                shut.pop()
        self.space()
        if self.at != len(self.text):
            raise Refused("inner-json")
        return found


def whole(key):
    """The characters of a key in quotes, which have to be whole ones."""
    text = json.loads(key)
    if halved(text):
        raise Refused("inner-json")
    return text


def halved(text):
    """Whether there is half a surrogate pair in it."""
    return any("\ud800" <= c <= "\udfff" for c in text)


def strict(raw, next):
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("inner-utf8")
    fields = {}
    for key, value in Grammar(text).members():
        key = whole(key)
        if key in fields:
            raise Refused("fields")
        fields[key] = value
    if "data" not in fields or "SEQN" not in fields:
        raise Refused("fields")
    token = fields["SEQN"]
    if not PLAIN.fullmatch(token) or len(token) > 16 or int(token) > LAST:
        raise Refused("seqn-type")
    if int(token) < next:
        raise Refused("seqn-replay")
    return str(int(token) + 1), fields["data"]


def constant(word):
    raise ValueError(word)


def decimal(word):
    try:
        return Decimal(word)
    except ArithmeticError:  # an exponent beyond its own
        return word


def exact(text):
    """Python's own reader, with nothing rounded and nothing that is not JSON."""
    return json.loads(text, parse_float=decimal, parse_constant=constant)


def confirmed(raw, next):
    """strict, held against Python's own reader."""
    try:
        document = exact(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        document = None
    try:
        after, data = strict(raw, next)
    except Refused as refused:
        if refused.args[0] in ("inner-utf8", "inner-json") and isinstance(document, dict):
            if depth(document) <= DEPTH and not any(map(halved, document)):
                raise AssertionError("refused as no JSON, and json takes it")
        raise
    if document is None or document["SEQN"] + 1 != int(after) or document["data"] != exact(data):
        raise AssertionError("taken, and json reads something else")
    return after, data


def depth(document):
    deepest, open_ = 0, [(document, 1)]
    while open_:
        value, level = open_.pop()
        if isinstance(value, (dict, list)):
            deepest = max(deepest, level)
            inside = value.values() if isinstance(value, dict) else value
            open_.extend((v, level + 1) for v in inside)
    return deepest


# What comes now is how such code is written. An exception is a refusal: a
# server answers it with 500.


def naive(raw, next, loads=json.loads):
    m = loads(raw.decode())
    if m["SEQN"] >= next:
        return show(m["SEQN"] + 1), json.dumps(m["data"])
    raise Refused("seqn-replay")


def of_bytes(raw, next):
    m = json.loads(raw)
    if isinstance(m["SEQN"], int) and next <= m["SEQN"] <= LAST:
        return show(m["SEQN"] + 1), json.dumps(m["data"])
    raise Refused("seqn-replay")


def careful(raw, next, hook=None):
    m = json.loads(raw.decode(), object_pairs_hook=hook)
    if type(m["SEQN"]) is int and next <= m["SEQN"] <= LAST:
        return show(m["SEQN"] + 1), json.dumps(m["data"])
    raise Refused("seqn-replay")


def first(raw, next):
    return careful(raw, next, lambda pairs: dict(reversed(pairs)))


def truthy(raw, next):
    m = json.loads(raw.decode())
    if m.get("SEQN") and m.get("data") and type(m["SEQN"]) is int and next <= m["SEQN"] <= LAST:
        return show(m["SEQN"] + 1), json.dumps(m["data"])
    raise Refused("fields")


def converting(raw, next):
    m = json.loads(raw.decode())
    if int(m["SEQN"]) >= next:
        return show(int(m["SEQN"]) + 1), json.dumps(m["data"])
    raise Refused("seqn-replay")


def as_text(raw, next):
    m = json.loads(raw.decode())
    if type(m["SEQN"]) is int and str(m["SEQN"]) >= str(next):
        return show(m["SEQN"] + 1), json.dumps(m["data"])
    raise Refused("seqn-replay")


def encoding(raw, next):
    """Gives data back in UTF-8, in which half a surrogate pair has no place."""
    m = json.loads(raw.decode())
    after, _ = careful(raw, next)
    return after, json.dumps(m["data"], ensure_ascii=False).encode().decode()


def bounded(raw, next, size=1 << 14, deepest=64):
    """Bounds all that the protocol leaves to be bounded."""
    m = json.loads(raw.decode())
    if len(raw) > size or depth(m) > deepest:
        raise Refused("inner-json")
    if m["SEQN"] - next > 1 << 20:
        raise Refused("seqn-replay")
    return careful(raw, next)


def small(raw, next):
    """Bounds more than that."""
    return bounded(raw, next, size=1 << 11, deepest=16)


def show(n):
    """A number as JavaScript writes it."""
    if isinstance(n, float) and n.is_integer() and abs(n) < 1e21:
        n = int(n)
    return "Infinity" if n == float("inf") else str(n)


READERS = {
    "strict": confirmed,
    "naive": naive,
    "bytes": of_bytes,
    "careful": careful,
    "first": first,
    "truthy": truthy,
    "converting": converting,
    "text": as_text,
    "encoding": encoding,
    "bounded": bounded,
    "small": small,
}


def canonical(text):
    """One spelling for all spellings of a value, and no other value's."""

    def number(word):
        sign, digits, exponent = Decimal(word).as_tuple()
        digits = "".join(map(str, digits)).lstrip("0")
        short = digits.rstrip("0")
        return ("number", bool(sign and short), short, exponent + len(digits) - len(short) if short else 0)

    try:
        return repr(json.loads(text, parse_int=number, parse_float=number, parse_constant=constant,
                               object_pairs_hook=lambda pairs: ("object", sorted(pairs, key=lambda p: p[0]))))
    except (ValueError, RecursionError) as fault:
        return type(fault).__name__ + ": " + text


def answer(question):
    if "canonical" in question:
        sys.setrecursionlimit(50000)
        return {"canonical": canonical(question["canonical"])}
    reader = READERS[question["reader"]]
    sys.setrecursionlimit(50000 if question["reader"] == "strict" else 1000)
    try:
        after, data = reader(bytes.fromhex(question["text"]), int(question["next"]))
        return {"accept": True, "next": after, "data": data}
    except Refused as refused:
        return {"accept": False, "stage": refused.args[0]}
    except AssertionError as broken:
        return {"broken": str(broken)}
    except Exception as fault:
        return {"accept": False, "fault": type(fault).__name__}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
