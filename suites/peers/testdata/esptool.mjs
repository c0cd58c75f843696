// Drives a board with esptool-js, unmodified:
//
//	node esptool.mjs rfc2217://127.0.0.1:4000 file
//
// After each step it prints what it found, one JSON object a line, and waits
// for a line on its input: meanwhile the flash can be looked at.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { SerialPort } from "./rfc2217.mjs";

const [url, file] = process.argv.slice(2);
const require = createRequire(process.env.ESPALIER_NODE_MODULES + "/");
const { ESPLoader, Transport } = await import(pathToFileURL(require.resolve("esptool-js")));

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function step(name, found = {}) {
  process.stdout.write(JSON.stringify({ step: name, ...found }) + "\n");
  await lines.next();
}

const port = new SerialPort(url);
const log = (s) => process.stderr.write(s + "\n");
const terminal = { clean() {}, write: log, writeLine: log };
const transport = new Transport(port, false);
transport.trace = log; // its own goes to the standard output
const loader = new ESPLoader({ transport, baudrate: 115200, terminal });
const data = new Uint8Array(readFileSync(file));
const words = (...v) => new Uint8Array(Uint32Array.from(v).buffer);
const md5 = (p) => createHash("md5").update(p).digest("hex");

// Without its stub: what the ROM can do.
await loader.detectChip();
await step("chip", {
  chip: await loader.chip.getChipDescription(loader),
  mac: await loader.chip.readMac(loader),
  crystal: await loader.chip.getCrystalFreq(loader),
});

// Its flashBegin has a word more than the ESP8266's ROM takes, and it asks for
// larger blocks. The ROM must refuse that.
let refused = "";
try {
  await loader.flashBegin(data.length, 0x10000);
} catch (error) {
  refused = error.message;
}
await step("flashBegin", { refused });

// Its table has length registers that the ESP8266 has not (at offset 0: the
// command register), and null is what its code takes for none.
loader.chip.SPI_MOSI_DLEN_OFFS = loader.chip.SPI_MISO_DLEN_OFFS = null;

// The same in the ROM's own measure.
loader.FLASH_WRITE_SIZE = 0x400;
const blocks = Math.ceil(data.length / 0x400);
const begin = (...v) => loader.checkCommand("begin", loader.ESP_FLASH_BEGIN, words(...v));
await begin(0, 0, 0x400, 0);
await step("flash id", { id: await loader.readFlashId() });
await begin(blocks * 0x400, blocks, 0x400, 0x10000);
for (let seq = 0; seq < blocks; seq++) {
  const block = new Uint8Array(0x400).fill(0xff);
  block.set(data.slice(seq * 0x400, (seq + 1) * 0x400));
  await loader.flashBlock(block, seq, 3000);
}
await step("written by the ROM");

// With its stub.
loader.FLASH_WRITE_SIZE = 0x4000;
await loader.runStub();
await step("stub", { id: await loader.readFlashId(), md5: await loader.flashMd5sum(0x10000, data.length) });
const write = (address, compress) =>
  loader.writeFlash({
    fileArray: [{ data, address }],
    flashMode: "keep", flashFreq: "keep", flashSize: "keep",
    eraseAll: false, compress, calculateMD5Hash: md5,
  });
await write(0x30000, true);
await step("deflated");
await write(0x60000, false);
await step("plain");
const back = await loader.readFlash(0x30000, data.length);
// After the last acknowledgement the stub sends the MD5 of what it has read, which
// readFlash leaves to the next command.
const digest = Buffer.from(await transport.read(3000)).toString("hex");
await step("read back", { md5: md5(back), length: back.length, digest });
await loader.checkCommand("erase region", loader.ESP_ERASE_REGION, words(0x30000, 0x2000));
await step("region erased");
await loader.eraseFlash();
await step("erased");
await write(0, true);
await step("image written");

// What the board says when it is reset, from its ROM's first line on. Its
// hard_reset only lets go of a pin that it takes to be held.
await port.setBaudRate(74880);
transport.flushInput();
await loader.after("custom_reset", false, "D0|R1|W100|R0");
const text = () => Buffer.from(transport.peek()).toString("latin1");
const deadline = Date.now() + 60_000;
while (!text().includes("csum 0x")) {
  if (Date.now() > deadline) throw new Error(`no boot in ${JSON.stringify(text())}`);
  await new Promise((resolve) => setTimeout(resolve, 10));
}
await step("reset", { log: text() });
await transport.disconnect();
process.exit(0);
