// A shim in JavaScript: CryptoJS, as most would use it. See SHIM.md.
const CryptoJS = require("crypto-js");

const text = (hex) => Buffer.from(hex, "hex").toString();

const ops = {
  kdf({ passphraseHex, saltHex }) {
    const salt = CryptoJS.enc.Hex.parse(saltHex);
    const made = CryptoJS.kdf.OpenSSL.execute(text(passphraseHex), 256 / 32, 128 / 32, salt);
    return { keyHex: made.key.toString(), ivHex: made.iv.toString() };
  },

  open({ passphraseHex, msg }) {
    const inner = CryptoJS.AES.decrypt(msg, text(passphraseHex)).toString(CryptoJS.enc.Utf8);
    if (!inner) throw new Error("wrong passphrase");
    return { plainHex: Buffer.from(inner, "base64").toString("hex") };
  },

  payload({ next, plainHex }) {
    const { SEQN, data } = JSON.parse(text(plainHex));
    if (data === undefined) throw new Error("no data");
    if (!(SEQN >= Number(next))) throw new Error("replayed");
    return { next: String(SEQN + 1), data: JSON.stringify(data) };
  },
};

require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const question = JSON.parse(line);
  let answer;
  try {
    answer = { out: ops[question.op](question) };
  } catch (error) {
    answer = { reject: String(error.message) };
  }
  console.log(JSON.stringify({ seq: question.seq, ...answer }));
});
