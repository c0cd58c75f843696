// A backend for devices, on Express. Keeps its database in the present folder,
// where devices.json says which devices there are.
const fs = require("node:fs");
const { promisify } = require("node:util");
const CryptoJS = require("crypto-js");
const express = require("express");
const sqlite3 = require("sqlite3");

const db = new sqlite3.Database("readings.db");
const get = promisify(db.get.bind(db));
const run = promisify(db.run.bind(db));

async function prepare() {
  await run("CREATE TABLE IF NOT EXISTS devices (id TEXT PRIMARY KEY, passphrase TEXT NOT NULL, next INTEGER NOT NULL)");
  await run("CREATE TABLE IF NOT EXISTS readings (device TEXT NOT NULL, seqn INTEGER NOT NULL, data TEXT, received INTEGER NOT NULL)");
  for (const { id, passphrase, next } of JSON.parse(fs.readFileSync("devices.json"))) {
    await run("INSERT OR IGNORE INTO devices VALUES (?, ?, ?)", [id, passphrase, next]);
  }
}

// decrypt returns what the device sent: { data, SEQN }.
function decrypt(msg, passphrase) {
  const text = CryptoJS.AES.decrypt(msg, passphrase).toString(CryptoJS.enc.Utf8);
  return JSON.parse(Buffer.from(text, "base64").toString("utf8"));
}

const app = express();
app.use(express.json());

app.post("/data/:id", async (req, res) => {
  const { id } = req.params;
  const device = await get("SELECT passphrase, next FROM devices WHERE id = ?", [id]);
  if (!device) {
    return res.status(404).json({ status: "NOT OK", error: "no such device" });
  }

  let reading;
  try {
    reading = decrypt(req.body.msg, device.passphrase);
  } catch (err) {
    return res.status(400).json({ status: "NOT OK", error: "cannot decrypt msg" });
  }
  if (typeof reading.SEQN !== "number" || reading.SEQN < device.next) {
    return res.status(409).json({ status: "NOT OK", error: "SEQN was used before" });
  }

  await run("INSERT INTO readings VALUES (?, ?, ?, ?)", [id, reading.SEQN, JSON.stringify(reading.data), Date.now()]);
  await run("UPDATE devices SET next = ? WHERE id = ?", [reading.SEQN + 1, id]);
  res.json({ status: "OK" });
});

prepare().then(() => {
  const server = app.listen(process.env.PORT ?? 1880, "127.0.0.1", (err) => {
    if (err) throw err;
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
  });
});
