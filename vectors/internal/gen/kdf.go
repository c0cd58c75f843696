package main

import (
	"encoding/hex"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// kdf returns the key derivations.
func kdf() (*vectors.File, error) {
	g := &vectors.Group{Type: "KdfTest", Source: core}
	for _, c := range kdfCases {
		salt, err := hex.DecodeString(c.salt)
		if err != nil {
			return nil, err
		}
		key, iv := construct.Derive([]byte(c.passphrase), salt)
		g.Tests = append(g.Tests, &vectors.KDFTest{
			Case: vectors.Case{
				ID: "kdf/" + c.name, Since: first, Comment: c.comment, Flags: []string{c.flag}, Reqs: c.reqs,
				Importance: c.importance, Result: vectors.Valid,
			},
			PassphraseHex: hexOf(c.passphrase), SaltHex: c.salt, KeyHex: hex.EncodeToString(key), IVHex: hex.EncodeToString(iv),
		})
	}
	return frame("kdf", []string{"Key and IV from passphrase and salt: EVP_BytesToKey, MD5, one iteration."}, map[string]vectors.Note{
		"KnownAnswer": {BugType: "BASIC", Description: "A plain derivation.", Effect: "No message of any device opens."},
	}, g), nil
}

type kdfCase struct {
	name, comment, flag, importance string
	passphrase, salt                string
	reqs                            []string
}

var kdfCases = []kdfCase{
	{"ascii", "the example of PROTOCOL.md", "KnownAnswer", "critical", horse, salt1, []string{"REQ-KDF-001"}},
}
