"""A backend for devices, with what Python brings along and the openssl command.

Keeps its database in the present folder, where devices.json says which
devices there are."""

import base64
import json
import os
import sqlite3
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

db = sqlite3.connect("readings.db", check_same_thread=False)
lock = threading.Lock()  # held by whoever uses db


def prepare():
    with db:
        db.execute("CREATE TABLE IF NOT EXISTS devices (id TEXT PRIMARY KEY, passphrase TEXT, next INTEGER)")
        db.execute("CREATE TABLE IF NOT EXISTS readings (device TEXT, seqn INTEGER, data TEXT)")
        with open("devices.json", encoding="utf-8") as devices:
            db.executemany("INSERT OR IGNORE INTO devices VALUES (:id, :passphrase, :next)", json.load(devices))


def decrypt(msg, passphrase):
    """What the device sent, as {"data": …, "SEQN": …}. Raises ValueError for what is no such thing."""
    openssl = subprocess.run(
        ["openssl", "enc", "-d", "-aes-256-cbc", "-md", "md5", "-pass", "env:PASSPHRASE"],
        input=base64.b64decode(msg), env=os.environ | {"PASSPHRASE": passphrase}, capture_output=True)
    if openssl.returncode != 0:
        raise ValueError(openssl.stderr)
    return json.loads(base64.b64decode(openssl.stdout))


def accept(device, body):
    """Stores the reading in body, unless it is an old or a forged one."""
    with lock:
        row = db.execute("SELECT passphrase FROM devices WHERE id = ?", (device,)).fetchone()
    if row is None:
        return False
    try:
        reading = decrypt(json.loads(body)["msg"], row[0])
        seqn, data = reading["SEQN"], reading["data"]
    except (ValueError, KeyError, TypeError):
        return False
    if not isinstance(seqn, int):
        return False
    with lock, db:  # one transaction: both or neither
        expected, = db.execute("SELECT next FROM devices WHERE id = ?", (device,)).fetchone()
        if seqn < expected:
            return False
        db.execute("UPDATE devices SET next = ? WHERE id = ?", (seqn + 1, device))
        db.execute("INSERT INTO readings VALUES (?, ?, ?)", (device, seqn, json.dumps(data)))
    return True


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # a reply is one packet; as two, the second waits 40 ms for the client

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.path.startswith("/data/"):
            return self.reply(404, "NOT OK")
        ok = accept(unquote(self.path.removeprefix("/data/")), body)
        self.reply(200, "OK" if ok else "NOT OK")

    def reply(self, code, status):
        body = json.dumps({"status": status}).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


prepare()
server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "1880"))), Handler)
print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
