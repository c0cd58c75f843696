package main

import (
	"encoding/hex"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// kdf returns the key derivations.
func kdf() (*vectors.File, error) {
	g := &vectors.Group{Type: "KdfTest", Source: core}
	notes := map[string]vectors.Note{}
	for _, f := range derivations {
		notes[f.flag] = f.note
		for _, c := range f.cases {
			t, err := c.test(f)
			if err != nil {
				return nil, err
			}
			g.Tests = append(g.Tests, t)
		}
	}
	return frame("kdf", []string{
		"Key and IV from passphrase and salt: EVP_BytesToKey, MD5, one iteration.",
		"wrongKeys is what derivations give that make one known mistake.",
	}, notes, g), nil
}

// derivation is derivations that look at one thing.
type derivation struct {
	flag       string
	note       vectors.Note
	reqs       []string
	importance string
	cases      []kdfCase
}

type kdfCase struct{ name, comment, passphrase, salt string }

func (c kdfCase) test(f derivation) (*vectors.KDFTest, error) {
	salt, err := hex.DecodeString(c.salt)
	if err != nil {
		return nil, err
	}
	key, iv := construct.Derive([]byte(c.passphrase), salt)
	t := &vectors.KDFTest{
		Case: vectors.Case{ID: "kdf/" + c.name, Since: first, Comment: c.comment, Flags: []string{f.flag}, Reqs: f.reqs,
			Importance: f.importance, Result: vectors.Valid},
		PassphraseHex: hexOf(c.passphrase), SaltHex: c.salt, KeyHex: hex.EncodeToString(key), IVHex: hex.EncodeToString(iv),
	}
	for _, m := range kdfMistakes {
		key, iv, err := m.derive(c.passphrase, salt)
		if err != nil {
			return nil, err
		}
		if wrong := (vectors.KDFMistake{Dialect: m.dialect, KeyHex: hex.EncodeToString(key), IVHex: hex.EncodeToString(iv)}); wrong.KeyHex != t.KeyHex {
			t.WrongKeys = append(t.WrongKeys, wrong)
		}
	}
	return t, nil
}
