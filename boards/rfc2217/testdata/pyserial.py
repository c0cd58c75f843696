"""A stock client at a served board: what esptool does with pyserial's lines,
in its order and with its pauses. Usage: pyserial.py URL; prints one JSON object
with what came back, in hex, and how long both lines were asserted, in seconds."""
import json
import sys
import time

import serial

SYNC = bytes.fromhex("c000082400000000000707122055") + b"\x55" * 31 + b"\xc0"
READ_MAGIC = bytes.fromhex("c0000a04000000000000100040c0")
said = {}


def hear(port, end, seconds=20):
    """Reads until end has come."""
    heard, deadline = b"", time.monotonic() + seconds
    while end not in heard and time.monotonic() < deadline:
        heard += port.read(1)
    return heard


port = serial.serial_for_url(sys.argv[1], baudrate=74880, timeout=0.1)
port.dtr = False
port.rts = True  # esptool's hard reset
time.sleep(0.1)
port.rts = False
said["pulse"] = hear(port, b"csum 0x").hex()
said["cts"] = port.cts

for delay in (0.05, 0.55):  # esptool's two variants of the classic reset
    port.dtr = False
    port.rts = True
    time.sleep(0.1)
    port.dtr = True
    began = time.monotonic()
    port.rts = False
    said["between"] = time.monotonic() - began
    port.dtr = True  # esptool's work-around for a driver, repeated after each RTS
    time.sleep(delay)
    port.dtr = False
    said["classic %s" % delay] = hear(port, b"\r\n\r\n").hex()

port.baudrate = 115200  # the loader measures it
deadline = time.monotonic() + 20
answer = b""
while answer.count(b"\xc0\x01\x08\x02\x00\x07\x07\x12\x20") < 8 and time.monotonic() < deadline:
    port.reset_output_buffer()
    port.write(SYNC)
    answer = port.read(200)
said["sync"] = answer.hex()
port.write(READ_MAGIC)
said["magic"] = hear(port, b"\x00\x00\xc0").hex()
port.close()
print(json.dumps(said))
