// Reads payloads, one question and one answer a line, both JSON:
//
//     {"reader": "loose", "next": "121", "text": "7b…"}
//     {"accept": true, "next": "122", "data": "{\"value\":300}"}
//
// Each reader is what somebody writes; none of them is right.
'use strict';

const refused = () => { throw new Error('refused'); };

// accept is the check and the step of the flow that the protocol comes from.
function accept(m, next) {
	if (m.SEQN >= next) return { next: m.SEQN + 1, data: m.data };
	refused();
}

// safely is what one writes who knows of safe integers.
function safely(m, next) {
	if (!Number.isSafeInteger(m.SEQN)) refused();
	return accept(m, next);
}

const readers = {
	loose: (raw, next) => accept(JSON.parse(raw.toString('utf8')), next),
	safe: (raw, next) => safely(JSON.parse(raw.toString('utf8')), next),
	decoder: (raw, next) => safely(JSON.parse(new TextDecoder().decode(raw)), next),
	assign: (raw, next) => safely(Object.assign({}, JSON.parse(raw.toString('utf8'))), next),
	eval: (raw, next) => accept((0, eval)('(' + raw.toString('utf8') + ')'), next),
	truthy(raw, next) {
		const m = JSON.parse(raw.toString('utf8'));
		if (!m.SEQN || !m.data) refused();
		return safely(m, next);
	},
	number(raw, next) {
		const m = JSON.parse(raw.toString('utf8'));
		return accept({ SEQN: Number(m.SEQN), data: m.data }, next);
	},
	parseInt(raw, next) {
		const m = JSON.parse(raw.toString('utf8'));
		return accept({ SEQN: parseInt(m.SEQN, 10), data: m.data }, next);
	},
	trunc(raw, next) {
		const m = JSON.parse(raw.toString('utf8'));
		if (typeof m.SEQN !== 'number') refused();
		return accept({ SEQN: Math.trunc(m.SEQN), data: m.data }, next);
	},
	int32(raw, next) {
		const m = JSON.parse(raw.toString('utf8'));
		if (typeof m.SEQN !== 'number' || (m.SEQN | 0) < (next | 0)) refused();
		return { next: ((m.SEQN | 0) + 1) | 0, data: m.data };
	},
	uint32(raw, next) {
		const m = JSON.parse(raw.toString('utf8'));
		if (typeof m.SEQN !== 'number' || m.SEQN >>> 0 < next >>> 0) refused();
		return { next: ((m.SEQN >>> 0) + 1) >>> 0, data: m.data };
	},
	search(raw, next) {
		const text = raw.toString('utf8');
		const found = /"SEQN"\s*:\s*(\d+)/.exec(text);
		if (!found || BigInt(found[1]) < BigInt(next)) refused();
		return { next: BigInt(found[1]) + 1n, data: JSON.parse(text).data };
	},
};

function answer(q) {
	try {
		const { next, data } = readers[q.reader](Buffer.from(q.text, 'hex'), Number(q.next));
		return { accept: true, next: String(next), data: JSON.stringify(data === undefined ? null : data) };
	} catch (e) {
		return { accept: false, fault: e.name };
	}
}

const lines = require('fs').readFileSync(0, 'utf8').split('\n').filter(Boolean);
for (const line of lines) {
	require('fs').writeSync(1, JSON.stringify(answer(JSON.parse(line))) + '\n');
}
