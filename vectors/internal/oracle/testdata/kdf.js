// Derives as Node's crypto and two versions of CryptoJS do, and with each known
// mistake. Usage: node kdf.js CRYPTOJS-4-FOLDER CRYPTOJS-3-FILE; a question a line.
const crypto = require("crypto");
const fs = require("fs");
const [four, three] = process.argv.slice(2);
const CryptoJS = require(four);
require("vm").runInThisContext(fs.readFileSync(three, "utf8") + ";globalThis.CryptoJS3 = CryptoJS");

function extend(digest, pass, salt) {
  let all = Buffer.alloc(0), d = Buffer.alloc(0);
  while (all.length < 48) all = Buffer.concat([all, (d = crypto.createHash(digest).update(d).update(pass).update(salt).digest())]);
  return all.toString("hex", 0, 48);
}
function cryptojs(C, pass, salt) {
  const made = C.kdf.OpenSSL.execute(pass, 8, 4, C.enc.Hex.parse(salt.toString("hex")));
  return made.key.toString() + made.iv.toString();
}
const mistakes = {
  "hex-passphrase": (p, s) => extend("md5", Buffer.from(p, "hex"), s),
  "latin1-passphrase": (p, s) => extend("md5", Buffer.from(p, "latin1"), s),
  "utf16-passphrase": (p, s) => extend("md5", Buffer.from(p, "utf16le"), s),
  "c-string-passphrase": (p, s) => extend("md5", p.split("\0")[0], s),
  "trimmed-passphrase": (p, s) => extend("md5", p.trim(), s),
  "nfc-passphrase": (p, s) => extend("md5", p.normalize("NFC"), s),
  "lower-case-passphrase": (p, s) => extend("md5", p.toLowerCase(), s),
  "sha256-kdf": (p, s) => extend("sha256", p, s),
  "pbkdf2-kdf": (p, s) => crypto.pbkdf2Sync(p, s, 10000, 48, "sha256").toString("hex"),
  "iv-before-key": (p, s) => { const all = extend("md5", p, s); return all.slice(32) + all.slice(0, 32); },
  "unsalted-kdf": (p) => extend("md5", p, ""),
};
for (const line of fs.readFileSync(0, "utf8").trim().split("\n")) {
  const q = JSON.parse(line);
  const pass = Buffer.from(q.passphraseHex, "hex").toString(), salt = Buffer.from(q.saltHex, "hex");
  const answer = { node: extend("md5", pass, salt), "cryptojs-4": cryptojs(CryptoJS, pass, salt), "cryptojs-3": cryptojs(CryptoJS3, pass, salt) };
  for (const name in mistakes) answer[name] = mistakes[name](pass, salt);
  console.log(JSON.stringify(answer));
}
