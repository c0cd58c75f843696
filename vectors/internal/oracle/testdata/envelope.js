// Opens envelopes, one question and one answer a line, both JSON:
//
//     {"pipeline": "node-strict", "passphraseHex": "63…", "next": "121", "msg": "U2Fs…"}
//     {"plainHex": "7b…", "accept": true, "next": "122", "data": "{\"value\":300}"}
//
// plainHex is the text that comes out, accept whether a reading is in it; where
// none came out there is a stage, or the fault that was thrown. node-strict is
// right, all others are what somebody writes.
// Usage: node envelope.js CRYPTOJS-4-FOLDER CRYPTOJS-3-FILE
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const [four, three] = process.argv.slice(2);
const CryptoJS4 = require(four);
require('vm').runInThisContext(fs.readFileSync(three, 'utf8') + ';globalThis.CryptoJS3 = CryptoJS');

// Without the magic CryptoJS takes a random salt. Here it takes eight bytes of
// zeros, to say the same each time.
for (const C of [CryptoJS4, CryptoJS3]) C.lib.WordArray.random = () => C.enc.Hex.parse('0000000000000000');

class Refused extends Error {
	constructor(stage) { super(stage); this.stage = stage; }
}
function check(fine, stage) {
	if (!fine) throw new Refused(stage);
}
function at(stage, step) {
	try { return step(); } catch (e) { throw new Refused(stage); }
}

function derive(passphrase, salt) {
	let all = Buffer.alloc(0), d = Buffer.alloc(0);
	while (all.length < 48) all = Buffer.concat([all, (d = crypto.createHash('md5').update(d).update(passphrase).update(salt).digest())]);
	return { key: all.subarray(0, 32), iv: all.subarray(32, 48) };
}
function decrypt({ key, iv }, sealed, padding) {
	const d = crypto.createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(padding);
	return Buffer.concat([d.update(sealed), d.final()]);
}
function canonical(text, stage) {
	const raw = Buffer.from(text, 'base64');
	check(raw.toString('base64') === text, stage);
	return raw;
}

// Each returns the text, as bytes.
const open = {
	'node-strict'(passphrase, msg, debug) {
		const raw = canonical(msg, 'outer-base64');
		check(raw.toString('latin1', 0, 8) === 'Salted__', 'magic');
		check(raw.length > 16 && raw.length % 16 === 0, 'length');
		const salt = raw.subarray(8, 16), made = derive(passphrase, salt);
		Object.assign(debug, {
			saltHex: salt.toString('hex'), keyHex: made.key.toString('hex'), ivHex: made.iv.toString('hex'),
			paddedHex: decrypt(made, raw.subarray(16), false).toString('hex'),
		});
		return canonical(at('padding', () => decrypt(made, raw.subarray(16), true)).toString('latin1'), 'inner-base64');
	},
	'node-usual'(passphrase, msg) {
		const raw = Buffer.from(msg, 'base64');
		const inner = decrypt(derive(passphrase, raw.subarray(8, 16)), raw.subarray(16), true);
		return Buffer.from(inner.toString(), 'base64');
	},
	'node-unpadded'(passphrase, msg) {
		const raw = Buffer.from(msg, 'base64');
		check(raw.toString('latin1', 0, 8) === 'Salted__', 'magic');
		const inner = decrypt(derive(passphrase, raw.subarray(8, 16)), raw.subarray(16), false);
		return Buffer.from(inner.toString(), 'base64');
	},
	'cryptojs-4': (passphrase, msg) => Buffer.from(CryptoJS4.AES.decrypt(msg, passphrase.toString()).toString(CryptoJS4.enc.Utf8), 'base64'),
	'cryptojs-3': (passphrase, msg) => Buffer.from(CryptoJS3.AES.decrypt(msg, passphrase.toString()).toString(CryptoJS3.enc.Utf8), 'base64'),
	'cryptojs-4-throughout': throughout(CryptoJS4),
	'cryptojs-3-throughout': throughout(CryptoJS3),
};

// throughout leaves the inner base64 to CryptoJS, too.
function throughout(C) {
	return (passphrase, msg) => {
		const inner = C.AES.decrypt(msg, passphrase.toString()).toString(C.enc.Utf8);
		return Buffer.from(C.enc.Base64.parse(inner).toString(), 'hex');
	};
}

// readStrictly and read find the reading. How numbers and keys may be written is
// another matter, see payload.js.
function readStrictly(text, next) {
	const decoded = at('inner-utf8', () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text));
	const m = at('inner-json', () => JSON.parse(decoded));
	check(m !== null && typeof m === 'object' && !Array.isArray(m), 'inner-json');
	check(Object.hasOwn(m, 'data') && Object.hasOwn(m, 'SEQN'), 'fields');
	check(Number.isSafeInteger(m.SEQN + 1) && Number.isInteger(m.SEQN) && m.SEQN >= 0, 'seqn-type');
	check(m.SEQN >= next, 'seqn-replay');
	return m;
}
function read(text, next) {
	const m = JSON.parse(text.toString());
	check(Number.isSafeInteger(m.SEQN), 'seqn-type');
	check(m.data !== undefined, 'fields');
	check(m.SEQN >= next, 'seqn-replay');
	return m;
}

function answer(q) {
	const a = { accept: false, debug: {} };
	try {
		const text = open[q.pipeline](Buffer.from(q.passphraseHex, 'hex'), q.msg, a.debug);
		a.plainHex = text.toString('hex');
		const m = (q.pipeline === 'node-strict' ? readStrictly : read)(text, Number(q.next));
		Object.assign(a, { accept: true, next: String(m.SEQN + 1), data: JSON.stringify(m.data) });
	} catch (e) {
		if (e instanceof Refused) a.stage = e.stage;
		else a.fault = String(e);
	}
	return a;
}

for (const line of fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
	fs.writeSync(1, JSON.stringify(answer(JSON.parse(line))) + '\n');
}
