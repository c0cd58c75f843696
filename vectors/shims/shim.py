"""A shim in Python: its standard library, and the command openssl. See SHIM.md."""
import base64, hashlib, itertools, json, re, subprocess, sys

def require(true, stage):
    if not true: raise ValueError(stage)

def derive(password, salt):
    d = [b""]
    for _ in range(3): d.append(hashlib.md5(d[-1] + password + salt).digest())
    return d[1] + d[2], d[3]

def decode(text, stage):  # canonical base64: what encodes to the very same text
    require(base64.b64encode(base64.b64decode(text)) == text, stage)
    return base64.b64decode(text)

def unseal(password, msg):
    raw = decode(msg.encode(), "outer-base64")
    require(raw[:8] == b"Salted__", "magic")
    require(len(raw) > 16 and len(raw) % 16 == 0, "length")
    key, iv = derive(password, raw[8:16])
    command = ["openssl", "enc", "-d", "-aes-256-cbc", "-nopad", "-K", key.hex(), "-iv", iv.hex()]
    padded = subprocess.run(command, input=raw[16:], stdout=subprocess.PIPE, check=True).stdout
    require(1 <= padded[-1] <= 16 and padded.endswith(padded[-1:] * padded[-1]), "padding")
    return decode(padded[:-padded[-1]], "inner-base64")

def read(next, text):
    brackets = re.sub(r'"(\\.|[^"\\])*"', "", text)  # no deeper than this
    require(max(itertools.accumulate("{[".count(c) - "}]".count(c) for c in brackets), default=0) <= 512, "inner-json")
    parser, field, at = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=int), {}, 0
    require(type(parser.decode(text)) is dict, "inner-json")  # NaN fails, since it is no int
    while (at := text.find('"', at)) >= 0:  # values are kept as the texts that stand there
        key, at = parser.raw_decode(text, at)
        begin = re.compile(r"\s*:\s*").match(text, at).end()
        at = parser.raw_decode(text, begin)[1]
        require(key.encode() not in field, "fields")  # half a surrogate pair fails
        field[key.encode()] = text[begin:at]
    require((seqn := field.get(b"SEQN")) and b"data" in field, "fields")
    require(re.fullmatch("0|[1-9][0-9]{0,15}", seqn) and int(seqn) <= 2**53 - 2, "seqn-type")
    require(int(seqn) >= int(next), "seqn-replay")
    return {"next": str(int(seqn) + 1), "data": field[b"data"]}

def answer(q):
    password, salt, plain = (bytes.fromhex(q.get(f, "")) for f in ("passphraseHex", "saltHex", "plainHex"))
    if q["op"] == "kdf": return dict(zip(("keyHex", "ivHex"), map(bytes.hex, derive(password, salt))))
    return {"plainHex": unseal(password, q["msg"]).hex()} if q["op"] == "open" else read(q["next"], plain.decode())

for q in map(json.loads, sys.stdin.buffer):
    try: out = {"out": answer(q)}
    except ValueError as refused: out = {"reject": str(refused)}
    print(json.dumps({"seq": q["seq"], **out}), flush=True)
