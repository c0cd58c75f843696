package main

import "github.com/espalier-hil/espalier/vectors"

// under is families of envelopes under one passphrase, which make a group.
type under struct {
	passphrase string
	families   []family
}

// passphrases are those that are not taken as they stand by everybody, each with
// a well-made message under it.
var passphrases = []under{
	oddly("not-ascii", "the bytes of its UTF-8 go into the derivation", "schlüssel ☂", "REQ-KDF-002"),
	oddly("decomposed", "a letter in two code points is not put together", "schlu\u0308ssel", "REQ-KDF-002"),
	oddly("with-nul", "a NUL is a byte like another", "correct\x00horse", "REQ-KDF-002"),
	oddly("in-spaces", "spaces at both ends are not trimmed", " correct horse ", "REQ-KDF-002"),
	oddly("hexadecimal", "looks like a key, and is text all the same", "2B7E151628AED2A6ABF7158809CF4F3C", "REQ-KDF-001"),
}

func oddly(name, comment, passphrase, req string) under {
	return under{passphrase, []family{{
		"Passphrase", vectors.Note{BugType: "EDGE_CASE", Description: "A well-made message under a passphrase that is not plain text.", Effect: "No message of that device opens."},
		[]string{req, "REQ-ENV-001"}, "high",
		[]envelopeCase{{name: "passphrase-" + name, comment: comment}},
	}}}
}
