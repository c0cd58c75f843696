"""A shim in Python: its standard library, and the command openssl. See SHIM.md."""
import base64, hashlib, json, re, subprocess, sys

def require(true, stage):
    if not true: raise ValueError(stage)

def derive(password, salt):
    d = [b""]
    for _ in range(3): d.append(hashlib.md5(d[-1] + password + salt).digest())
    return d[1] + d[2], d[3]

def decode(text, stage):  # canonical base64: what encodes to the very same text
    raw = base64.b64decode(text)
    require(base64.b64encode(raw) == text, stage)
    return raw

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
    parser, field, at = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=int), {}, 0
    require(type(parser.decode(text)) is dict, "inner-json")  # NaN fails, since it is no int
    while (at := text.find('"', at)) >= 0:  # values are kept as the texts that stand there
        key, at = parser.raw_decode(text, at)
        begin = re.compile(r"\s*:\s*").match(text, at).end()
        at = parser.raw_decode(text, begin)[1]
        require(key not in field, "fields")
        field[key] = text[begin:at]
    require("data" in field and "SEQN" in field, "fields")
    require(re.fullmatch("0|[1-9][0-9]{0,15}", field["SEQN"]) and int(field["SEQN"]) <= 2**53 - 2, "seqn-type")
    require(int(field["SEQN"]) >= int(next), "seqn-replay")
    return {"next": str(int(field["SEQN"]) + 1), "data": field["data"]}

def answer(q):
    password, salt, plain = (bytes.fromhex(q.get(f, "")) for f in ("passphraseHex", "saltHex", "plainHex"))
    if q["op"] == "kdf": return dict(zip(("keyHex", "ivHex"), map(bytes.hex, derive(password, salt))))
    return {"plainHex": unseal(password, q["msg"]).hex()} if q["op"] == "open" else read(q["next"], plain.decode())

for line in sys.stdin.buffer:
    q = json.loads(line)
    try: out = {"out": answer(q)}
    except (ValueError, RecursionError) as refused: out = {"reject": str(refused)}
    print(json.dumps({"seq": q["seq"], **out}), flush=True)
