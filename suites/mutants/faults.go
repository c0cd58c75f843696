package mutants

// Fault is a backend with one fault, which a conformance run must find. The
// program that makes it is suites/mutants/backend, started with --fault Name.
type Fault struct {
	Name    string // slug, for ever
	Did     string // what its implementer did, as they would put it
	Req     string // the requirement that it breaks
	Profile string // the first of core, strict, secure and durable that must find it
	Dialect string // of vectors/dialects.json, or empty

	// What a run must have for the fault to show.
	Hook       Hook   // empty: nothing but the data URL
	Passphrase string // under which alone it shows; empty: under any
	Low        bool   // it shows only on a device that was provisioned with next 0 and has sent nothing
}

// Hook is what a run must be able to do to a backend, besides sending messages.
type Hook string

// The hooks. Faults of [State] show in what the admin API tells of a device.
const (
	Provision Hook = "provision"
	State     Hook = "state"
	Restart   Hook = "restart"
	Kill      Hook = "kill"
)

// Profiles in the order in which a fault is looked for.
const (
	core    = "core"
	strict  = "strict"
	secure  = "secure"
	durable = "durable"
)

// Faults is every fault that suites/mutants/backend knows. Two kinds are not
// here: a flush that is left out, which kill -9 cannot show and
// reference-server/powercut does, and faults of the firmware, which are in [Zoo].
var Faults = []Fault{
	// How the envelope is opened.
	{Name: "lenient", Did: "reads envelopes with CryptoJS and Buffer.from", Req: "REQ-ENV-006", Profile: strict, Dialect: "lenient-base64"},
	{Name: "outer-base64-loose", Did: "decodes msg with Buffer.from", Req: "REQ-ENV-006", Profile: strict, Dialect: "lenient-base64"},
	{Name: "inner-base64-loose", Did: "decodes what it decrypted with Buffer.from", Req: "REQ-ENV-006", Profile: strict, Dialect: "lenient-base64"},
	{Name: "base64-skips-newlines", Did: "decodes msg with a library that skips line breaks", Req: "REQ-ENV-006", Profile: strict, Dialect: "newline-base64"},
	{Name: "base64-stray-bits", Did: "decodes msg with a library that drops the bits left over before the padding", Req: "REQ-ENV-006", Profile: strict, Dialect: "loose-bits-base64"},
	{Name: "magic-unchecked", Did: "skips the first eight bytes of an envelope without looking", Req: "REQ-ENV-002", Profile: core},
	{Name: "length-unchecked", Did: "decrypts the whole blocks and leaves the rest", Req: "REQ-ENV-003", Profile: core},
	{Name: "unpad-last-byte", Did: "takes off as many bytes as the last one says", Req: "REQ-ENV-005", Profile: strict, Dialect: "cryptojs-unpad"},
	{Name: "unpad-unchecked", Did: "trims control characters from the end instead of reading the padding", Req: "REQ-ENV-005", Profile: strict},
	{Name: "hex-passphrase", Did: "decodes the key first if it looks like hexadecimal", Req: "REQ-KDF-001", Profile: core, Dialect: "hex-passphrase", Passphrase: "2B7E151628AED2A6ABF7158809CF4F3C"},
	{Name: "latin1-passphrase", Did: "encodes the passphrase as Latin-1", Req: "REQ-KDF-002", Profile: core, Passphrase: "schlüssel"},
	{Name: "c-string-passphrase", Did: "hands the passphrase to C, where it ends at its first NUL", Req: "REQ-KDF-002", Profile: core, Passphrase: "correct\x00horse"},
	{Name: "trims-passphrase", Did: "trims the passphrase, since it comes from a file", Req: "REQ-KDF-002", Profile: core, Passphrase: " correct horse "},
	{Name: "sha256-kdf", Did: "uses openssl enc with its present default digest", Req: "REQ-KDF-001", Profile: core},
	{Name: "iv-before-key", Did: "takes the IV from the front of the derived bytes", Req: "REQ-KDF-001", Profile: core},
	{Name: "aes-128", Did: "derives 16 bytes of key", Req: "REQ-KDF-001", Profile: core},
	{Name: "salt-off-by-one", Did: "takes the salt from byte 7 on", Req: "REQ-ENV-001", Profile: core},
	{Name: "slow-after-padding", Did: "does a millisecond of work more once the padding was right", Req: "REQ-RSP-004", Profile: strict},

	// How the JSON in it is read.
	{Name: "keys-fold-case", Did: "lets encoding/json match the keys, in any case", Req: "REQ-ENV-004", Profile: core, Dialect: "case-insensitive-keys"},
	{Name: "stops-after-object", Did: "reads the first JSON value and ignores what follows", Req: "REQ-ENV-004", Profile: core, Dialect: "trailing-text"},
	{Name: "unknown-keys-refused", Did: "refuses objects with a key that is not in its class", Req: "REQ-ENV-012", Profile: core},
	{Name: "text-search", Did: "searches the text for SEQN and what follows", Req: "REQ-ENV-004", Profile: core, Dialect: "text-search"},
	{Name: "skips-bom", Did: "skips a byte order mark before the JSON", Req: "REQ-ENV-010", Profile: strict, Dialect: "skipping-bom"},
	{Name: "replaces-characters", Did: "decodes bytes that are no UTF-8 to U+FFFD", Req: "REQ-ENV-010", Profile: strict, Dialect: "replacing-characters"},
	{Name: "shallow-json", Did: "refuses JSON that nests deeper than 100", Req: "REQ-ENV-011", Profile: strict, Dialect: "shallow-json"},
	{Name: "bottomless-json", Did: "reads JSON of any depth", Req: "REQ-ENV-011", Profile: strict, Dialect: "bottomless-json"},
	{Name: "short-buffer", Did: "has a buffer of 2 KiB for the text", Req: "REQ-ENV-013", Profile: core},
	{Name: "bounded-text", Did: "refuses bodies of more than 16 KiB", Req: "REQ-ENV-014", Profile: strict, Dialect: "bounded-text"},
	{Name: "first-key-wins", Did: "takes the first of two equal keys", Req: "REQ-ENV-008", Profile: strict, Dialect: "first-key-wins"},
	{Name: "last-key-wins", Did: "takes the last of two equal keys", Req: "REQ-ENV-008", Profile: strict, Dialect: "last-key-wins"},
	{Name: "data-optional", Did: "takes a message without data for one with null", Req: "REQ-ENV-009", Profile: core, Dialect: "data-is-optional"},
	{Name: "seqn-optional", Did: "takes 0 where SEQN is missing", Req: "REQ-ENV-009", Profile: core, Low: true, Dialect: "zero-value"},
	{Name: "null-data-refused", Did: "takes null for missing data", Req: "REQ-SEQ-009", Profile: core},
	{Name: "falsy-data-refused", Did: "asks `if not data`", Req: "REQ-SEQ-009", Profile: core, Dialect: "falsy-is-missing"},

	// How the number is read.
	{Name: "int32-seqn", Did: "keeps SEQN in a signed integer of 32 bits", Req: "REQ-SEQ-006", Profile: core, Dialect: "int32-seqn"},
	{Name: "uint32-seqn", Did: "keeps SEQN in an unsigned integer of 32 bits", Req: "REQ-SEQ-006", Profile: core, Dialect: "uint32-seqn"},
	{Name: "float32-seqn", Did: "keeps SEQN in a column of single precision", Req: "REQ-SEQ-006", Profile: core},
	{Name: "float64-seqn", Did: "keeps SEQN in a double", Req: "REQ-SEQ-006", Profile: core, Dialect: "float64-seqn"},
	{Name: "unbounded-seqn", Did: "takes whatever fits into 64 bits", Req: "REQ-SEQ-006", Profile: core, Dialect: "unbounded-seqn"},
	{Name: "safe-integer-seqn", Did: "asks Number.isSafeInteger", Req: "REQ-SEQ-006", Profile: core, Dialect: "safe-integer-seqn"},
	{Name: "uint64-wraps", Did: "adds 1 to the largest integer of 64 bits", Req: "REQ-SEQ-006", Profile: core, Dialect: "uint64-seqn"},
	{Name: "negative-wraps", Did: "parses a signed integer and casts it", Req: "REQ-SEQ-006", Profile: core},
	{Name: "quoted-seqn", Did: "takes \"121\" for 121", Req: "REQ-SEQ-006", Profile: core},
	{Name: "string-seqn", Did: "takes \"121\" for 121, and adds 1 to it as JavaScript does", Req: "REQ-SEQ-006", Profile: core, Dialect: "string-seqn"},
	{Name: "boxed-seqn", Did: "takes [121] for 121, as JavaScript does", Req: "REQ-SEQ-006", Profile: core, Dialect: "converted-seqn"},
	{Name: "null-seqn", Did: "takes null for 0, as JavaScript does", Req: "REQ-SEQ-006", Profile: core, Low: true, Dialect: "js-coercion"},
	{Name: "bool-seqn", Did: "takes true for 1, as Python does", Req: "REQ-SEQ-006", Profile: core, Low: true, Dialect: "bool-seqn"},
	{Name: "truncated-seqn", Did: "takes the whole part of 121.5", Req: "REQ-SEQ-006", Profile: core, Dialect: "truncated-seqn"},
	{Name: "float-spelling", Did: "takes 121.0 and 1.21e2 for 121", Req: "REQ-SEQ-013", Profile: strict, Dialect: "integral-seqn"},

	// How the number is judged, and what becomes of it.
	{Name: "off-by-one", Did: "takes the number accepted last once more", Req: "REQ-SEQ-001", Profile: core},
	{Name: "greater-than", Did: "writes > for >=", Req: "REQ-SEQ-001", Profile: core},
	{Name: "lexical-seqn", Did: "compares SEQN as strings", Req: "REQ-SEQ-001", Profile: core, Dialect: "lexical-seqn"},
	{Name: "forgets-replays", Did: "remembers the last three envelopes and does not look at SEQN", Req: "REQ-SEQ-001", Profile: core},
	{Name: "remembers-envelopes", Did: "refuses every envelope that it has seen, and does not look at SEQN", Req: "REQ-SEQ-001", Profile: core},
	{Name: "window-bitmap", Did: "lets stragglers in through a window of 64, as IPsec does", Req: "REQ-SEQ-001", Profile: core},
	{Name: "next-is-seqn", Did: "stores SEQN as next", Req: "REQ-SEQ-002", Profile: core},
	{Name: "next-plus-one", Did: "adds 1 to next, whatever SEQN was", Req: "REQ-SEQ-002", Profile: core},
	{Name: "no-update", Did: "checks next and never moves it", Req: "REQ-SEQ-002", Profile: core},
	{Name: "no-gaps", Did: "takes the very next number and no other", Req: "REQ-SEQ-003", Profile: core},
	{Name: "max-gap-1000", Did: "refuses a jump of more than 1000", Req: "REQ-SEQ-003", Profile: core},
	{Name: "race", Did: "awaits its database between check and store, for 5 ms", Req: "REQ-SEQ-004", Profile: core},
	{Name: "race-500us", Did: "checks and stores in two statements, 500 µs apart", Req: "REQ-SEQ-004", Profile: core},
	{Name: "race-50us", Did: "checks and stores in two statements, 50 µs apart", Req: "REQ-SEQ-004", Profile: core},
	{Name: "race-ns", Did: "locks for the check and locks again for the store", Req: "REQ-SEQ-004", Profile: core},
	{Name: "race-two-workers", Did: "has a lock in each of two workers over one database", Req: "REQ-SEQ-004", Profile: core},
	{Name: "counts-refused", Did: "counts a refused message as well", Req: "REQ-SEQ-007", Profile: core},
	{Name: "moves-on-refusal", Did: "stores SEQN + 1 before it compares", Req: "REQ-SEQ-007", Profile: core},
	{Name: "moves-before-judging", Did: "moves next as soon as it has SEQN, before it looks for data", Req: "REQ-SEQ-007", Profile: core},
	{Name: "stores-refused", Did: "stores the reading before it compares", Req: "REQ-SEQ-009", Profile: core, Hook: State},
	{Name: "global-next", Did: "keeps one number for all devices", Req: "REQ-SEQ-008", Profile: core},
	{Name: "locks-out", Did: "locks a device once a message of its was refused", Req: "REQ-SEQ-010", Profile: core},
	{Name: "misses-gaps", Did: "does not count missing messages", Req: "REQ-SEQ-011", Profile: core, Hook: State},

	// What is kept.
	{Name: "drops-data", Did: "moves next and stores nothing", Req: "REQ-SEQ-009", Profile: core, Hook: State},
	{Name: "rewrites-data", Did: "decodes data into doubles and encodes it anew", Req: "REQ-SEQ-014", Profile: strict, Hook: State, Dialect: "float64-data"},
	{Name: "stores-twice", Did: "tries an insert again that was slow, and had gone through", Req: "REQ-SEQ-009", Profile: core, Hook: State},
	{Name: "stores-unopened", Did: "stores a row for what arrives, decrypts it, and fills the row in", Req: "REQ-SEQ-009", Profile: core, Hook: State},
	{Name: "truncates-data", Did: "has a column of 256 bytes for data", Req: "REQ-SEQ-009", Profile: core, Hook: State},
	{Name: "forgets", Did: "begins with the provisioned number after a restart", Req: "REQ-SEQ-012", Profile: durable, Hook: Restart},
	{Name: "provisioning-lowers", Did: "sets next whenever a device is provisioned", Req: "REQ-SEQ-012", Profile: durable, Hook: Provision},
	{Name: "loses-readings", Did: "keeps next in a file and readings in memory", Req: "REQ-SEQ-005", Profile: durable, Hook: Restart},
	{Name: "buffers", Did: "says OK and writes when the buffer is full", Req: "REQ-SEQ-005", Profile: durable, Hook: Kill},
	{Name: "commits-in-batches", Did: "says OK and commits every ten seconds", Req: "REQ-SEQ-005", Profile: durable, Hook: Kill},

	// What is said.
	{Name: "ok-with-201", Did: "answers 201 Created", Req: "REQ-RSP-001", Profile: core},
	{Name: "ok-in-lower-case", Did: "says ok", Req: "REQ-RSP-001", Profile: core},
	{Name: "ok-as-text", Did: "says OK without the JSON", Req: "REQ-RSP-001", Profile: core},
	{Name: "always-ok", Did: "says OK to everything, and adds an error", Req: "REQ-RSP-001", Profile: core},
	{Name: "500-on-padding", Did: "does not catch what decryption throws", Req: "REQ-RSP-003", Profile: strict},
	{Name: "closes-on-padding", Did: "ends the connection of who sends bad padding, after the reply", Req: "REQ-RSP-003", Profile: strict},
	{Name: "aborts-on-padding", Did: "ends the connection of who sends bad padding, without a reply", Req: "REQ-RSP-003", Profile: strict},
	{Name: "404-for-unknown", Did: "answers 404 for an unknown device", Req: "REQ-RSP-003", Profile: strict},
	{Name: "header-on-replay", Did: "marks replays with a header, for its proxy", Req: "REQ-RSP-003", Profile: strict},
	{Name: "error-tells-stage", Did: "says in its reply which step failed", Req: "REQ-RSP-003", Profile: strict},
	{Name: "original-replies", Did: "answers as the original flow does", Req: "REQ-RSP-003", Profile: strict},
	{Name: "aborts-on-deep-json", Did: "reads JSON by recursion and falls over where it nests deep", Req: "REQ-ENV-011", Profile: strict},
	{Name: "echoes-plaintext", Did: "quotes what it could not use", Req: "REQ-RSP-005", Profile: core},
	{Name: "echoes-passphrase", Did: "quotes the key that did not fit", Req: "REQ-RSP-005", Profile: core},
	{Name: "stack-in-reply", Did: "runs in debug mode", Req: "REQ-RSP-005", Profile: core},
	{Name: "sql-in-reply", Did: "hands on what its database complains of", Req: "REQ-RSP-005", Profile: core},

	// Who is meant.
	{Name: "adopts", Did: "creates a device that it does not know", Req: "REQ-HTTP-001", Profile: core, Hook: State},
	{Name: "id-folds-case", Did: "looks ids up without regard to case", Req: "REQ-HTTP-001", Profile: core},
	{Name: "id-trimmed", Did: "trims ids", Req: "REQ-HTTP-001", Profile: core},
	{Name: "id-in-sql", Did: "pastes the id into SQL", Req: "REQ-HTTP-005", Profile: core},
	{Name: "id-is-a-path", Did: "keeps a file for each device and joins its path", Req: "REQ-HTTP-005", Profile: core},
	{Name: "id-in-query", Did: "prefers ?id= to the path", Req: "REQ-HTTP-002", Profile: core},
	{Name: "path-cut-short", Did: "ignores what follows the id in the path", Req: "REQ-HTTP-002", Profile: core},

	// How a request is read.
	{Name: "any-content-type", Did: "does not look at the content type", Req: "REQ-HTTP-002", Profile: core},
	{Name: "content-type-exact", Did: "refuses application/json with a charset", Req: "REQ-HTTP-002", Profile: core},
	{Name: "any-method", Did: "takes PUT for POST", Req: "REQ-HTTP-002", Profile: core},
	{Name: "get-stores", Did: "takes a message from the query of a GET as well", Req: "REQ-HTTP-002", Profile: core},
	{Name: "chunks-not-understood", Did: "reads as many bytes as Content-Length says, and none without it", Req: "REQ-HTTP-003", Profile: core},
	{Name: "reads-one-packet", Did: "takes the first packet of a body for all of it", Req: "REQ-HTTP-003", Profile: core},
	{Name: "hangs-on-large-body", Did: "stops reading a large body and answers nothing", Req: "REQ-HTTP-004", Profile: core},
	{Name: "waits-for-ever", Did: "has no time limit for a request", Req: "REQ-HTTP-004", Profile: core},
	{Name: "crashes-on-empty-object", Did: "uses msg without asking whether there is one, and dies", Req: "REQ-SEQ-010", Profile: core},

	// How a device is told what is next.
	{Name: "stale-next", Did: "tells the provisioned number", Req: "REQ-SQN-001", Profile: core},
	{Name: "ignores-nonce", Did: "tells a nonce of its own", Req: "REQ-SQN-001", Profile: core},
	{Name: "repeats-salt", Did: "seals every answer under one salt", Req: "REQ-SQN-001", Profile: core},
	{Name: "any-nonce", Did: "pastes the nonce into the answer without a look", Req: "REQ-SQN-001", Profile: core},
	{Name: "resync-data", Did: "puts data into the answer, so that it passes for a reading", Req: "REQ-SQN-001", Profile: core},
}

// Right is a backend that keeps the protocol in its own way: a run that finds
// fault with it is wrong. The program is suites/mutants/right, started with
// --kind Name.
type Right struct {
	Name     string // slug, for ever
	Did      string
	Profiles []string // to which it conforms
}

// Rights is every backend that suites/mutants/right knows.
var Rights = []Right{
	{"table", "a map under one lock, encoding/json's tokens, refusals as 400 with a page of HTML", []string{core}},
	{"sqlite", "SQLite, BEGIN IMMEDIATE and UPDATE … WHERE next <= ?", []string{core, strict, secure, durable}},
	{"log", "an append-only log that is replayed at start and flushed for each message", []string{core, strict, secure, durable}},
	{"actor", "one goroutine for each device, OpenSSL's leniency, gaps up to 2^20, a 4xx for each stage", []string{core}},
}
