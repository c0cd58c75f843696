package main

import "github.com/espalier-hil/espalier/vectors"

var keyFamilies = []family{{
	"Key", vectors.Note{BugType: "WRONG_PRIMITIVE", Description: "Sealed under another key, or in another mode, than passphrase and salt give.",
		Effect: "What comes out is noise; a backend that trusts it crashes, or tells the difference to whoever asks."},
	[]string{"REQ-KDF-001"}, "critical", []envelopeCase{
		{"key-other-passphrase", "another passphrase", noPad, rekey("passphrase", text("battery staple")), ""},
		{"key-space-at-end", "the passphrase and a space", noPad, rekey("trimmed"), ""},
		{"key-hex", "the passphrase, taken for hexadecimal", noPad, rekey("hex"), ""},
		{"key-sha256", "SHA-256 in place of MD5, as openssl enc does since 1.1.0", noPad, rekey("sha256"), ""},
		{"key-pbkdf2", "PBKDF2, as openssl enc -pbkdf2", noPad, rekey("pbkdf2"), ""},
		{"key-aes-128", "AES-128, with a key and an IV of 16 bytes", noPad, rekey("aes-128"), ""},
		{"key-iv-first", "the IV is taken before the key", noPad, rekey("iv-before-key"), ""},
		{"key-without-salt", "the salt does not go into the derivation", noPad, rekey("no-salt"), ""},
		{"key-zero-iv", "the IV is zero: the first block is noise", noInner, rekey("zero-iv"), ""},
		{"key-ecb", "ECB: each block for itself", noPad, rekey("ecb"), ""},
		{"key-ctr", "CTR: a key stream", noPad, rekey("ctr"), ""},
	},
}}
