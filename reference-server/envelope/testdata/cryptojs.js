// Seals and opens as the original's generator and backend did: CryptoJS with a
// string passphrase, base64 inside. Usage: node cryptojs.js PATH, where PATH is
// the npm module or a browser build. Reads a JSON array of {passphrase, plain}
// or {passphrase, msg} on stdin and writes the array of the results.
const fs = require("fs");
const path = process.argv[2];
let CryptoJS;
if (fs.statSync(path).isDirectory()) {
  CryptoJS = require(path);
} else {
  require("vm").runInThisContext(fs.readFileSync(path, "utf8") + ";globalThis.CryptoJS = CryptoJS");
  CryptoJS = globalThis.CryptoJS;
}
const { Utf8, Base64 } = CryptoJS.enc;
const seal = (c) => CryptoJS.AES.encrypt(Base64.stringify(Utf8.parse(c.plain)), c.passphrase).toString();
const open = (c) => Base64.parse(CryptoJS.AES.decrypt(c.msg, c.passphrase).toString(Utf8)).toString(Utf8);
const cases = JSON.parse(fs.readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cases.map((c) => ("plain" in c ? seal(c) : open(c)))));
