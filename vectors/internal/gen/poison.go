package main

import (
	"encoding/hex"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// poison returns tests whose expectations are wrong on purpose, some of each
// type: what a runner that checks anything reports red.
func poison() (*vectors.File, error) {
	key, iv := construct.Derive([]byte(horse), []byte{1, 2, 3, 4, 5, 6, 7, 8})
	key[31] ^= 1
	g := &vectors.Group{Type: "KdfTest", Source: core, Poison: "the last bit of the key is flipped", Tests: []vectors.Test{&vectors.KDFTest{
		Case: vectors.Case{ID: "poison/kdf-last-bit", Since: first, Comment: "the example of PROTOCOL.md, but for one bit", Flags: []string{"Poison"},
			Reqs: []string{"REQ-KDF-001"}, Importance: "critical", Result: vectors.Valid},
		PassphraseHex: hexOf(horse), SaltHex: salt1, KeyHex: hex.EncodeToString(key), IVHex: hex.EncodeToString(iv),
	}}}
	return frame("poison", []string{"Wrong expectations. A run that does not report every one of them red is itself red."}, map[string]vectors.Note{
		"Poison": {BugType: "BASIC", Description: "The expectation is wrong.", Effect: "A runner that passes it compares nothing."},
	}, g), nil
}
