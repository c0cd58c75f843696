// What the original's generator does: seal a reading with CryptoJS under the
// device's "AES key", which is a passphrase to CryptoJS, and post it as JSON.
// Usage: node generator.js CRYPTOJS URL SEQN…; prints one reply a line.
const CryptoJS = require(process.argv[2]);
const [url, ...numbers] = process.argv.slice(3);
const AESKey = "2B7E151628AED2A6ABF7158809CF4F3C";

async function send(SEQN) {
  const reading = { data: { value: 300 }, SEQN };
  const text = Buffer.from(JSON.stringify(reading)).toString("base64");
  const reply = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ msg: CryptoJS.AES.encrypt(text, AESKey).toString() }),
  });
  const { status } = await reply.json();
  console.log(reply.status, status);
}

(async () => {
  for (const n of numbers) await send(Number(n));
})();
