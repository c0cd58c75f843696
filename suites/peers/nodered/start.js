// Starts flow.json in Node-RED, with its database and devices.json in the
// present folder, and prints its address once the flow answers.
const fs = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const sqlite3 = require("sqlite3");
const RED = require("node-red");

// The flow wants the tables to be there. A device that is there stays as it is.
function prepare(done) {
  const db = new sqlite3.Database("readings.db");
  db.serialize(() => {
    db.run("CREATE TABLE IF NOT EXISTS Devices (DeviceID TEXT PRIMARY KEY, AESKey TEXT, SEQN INTEGER)");
    db.run("CREATE TABLE IF NOT EXISTS Data (DeviceID TEXT, Value TEXT, Time TEXT)");
    for (const { id, passphrase, next } of JSON.parse(fs.readFileSync("devices.json"))) {
      db.run("INSERT OR IGNORE INTO Devices VALUES (?, ?, ?)", [id, passphrase, next]);
    }
  });
  db.close(done);
}

prepare((err) => {
  if (err) throw err;
  const server = http.createServer((req, res) => RED.httpNode(req, res));
  RED.init(server, {
    userDir: process.cwd(),
    flowFile: path.join(__dirname, "flow.json"),
    credentialSecret: false,
    httpAdminRoot: false,
    httpNodeRoot: "/",
    functionGlobalContext: { CryptoJS: require("crypto-js") },
    telemetry: { enabled: false, updateNotification: false },
  });
  RED.events.once("flows:started", () => {
    server.listen(process.env.PORT ?? 1880, "127.0.0.1", () => {
      console.log(`listening on http://127.0.0.1:${server.address().port}`);
    });
  });
  RED.start();
});
