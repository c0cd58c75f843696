package main

import (
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strings"
	"unicode/utf16"

	"github.com/espalier-hil/espalier/vectors/construct"
)

// kdfMistake is a derivation that is wrong in a known way. Where it gives the
// right key all the same, it is not listed.
type kdfMistake struct {
	dialect string
	derive  func(passphrase string, salt []byte) (key, iv []byte, err error)
}

var kdfMistakes = []kdfMistake{
	{"hex-passphrase", bytesOf(func(p string) string {
		b, err := hex.DecodeString(p)
		if err != nil {
			return p
		}
		return string(b)
	})},
	{"latin1-passphrase", bytesOf(func(p string) string { return narrow(p, 1) })},
	{"utf16-passphrase", bytesOf(func(p string) string { return narrow(p, 2) })},
	{"c-string-passphrase", bytesOf(func(p string) string { before, _, _ := strings.Cut(p, "\x00"); return before })},
	{"trimmed-passphrase", bytesOf(strings.TrimSpace)},
	{"nfc-passphrase", bytesOf(composed.Replace)},
	{"lower-case-passphrase", bytesOf(strings.ToLower)},
	{"sha256-kdf", func(p string, salt []byte) (key, iv []byte, err error) {
		key, iv = extend(sha256.New(), p, salt)
		return key, iv, nil
	}},
	{"pbkdf2-kdf", func(p string, salt []byte) (key, iv []byte, err error) {
		all, err := pbkdf2.Key(sha256.New, p, salt, 10000, 48)
		if err != nil {
			return nil, nil, err
		}
		return all[:32], all[32:], nil
	}},
	{"iv-before-key", func(p string, salt []byte) (key, iv []byte, err error) {
		key, iv = construct.Derive([]byte(p), salt)
		all := append(key, iv...)
		return all[16:], all[:16], nil
	}},
	{"unsalted-kdf", func(p string, _ []byte) (key, iv []byte, err error) {
		key, iv = extend(md5.New(), p, nil)
		return key, iv, nil
	}},
}

// bytesOf derives rightly, from other bytes than the passphrase's.
func bytesOf(passphrase func(string) string) func(string, []byte) (key, iv []byte, err error) {
	return func(p string, salt []byte) (key, iv []byte, err error) {
		key, iv = construct.Derive([]byte(passphrase(p)), salt)
		return key, iv, nil
	}
}

// narrow returns so many bytes of each unit of the passphrase's UTF-16, the
// lowest first.
func narrow(p string, bytes int) string {
	var s strings.Builder
	for _, unit := range utf16.Encode([]rune(p)) {
		for i := range bytes {
			s.WriteByte(byte(unit >> (8 * i)))
		}
	}
	return s.String()
}

// composed is NFC, of what stands decomposed in the table.
var composed = strings.NewReplacer("a\u0308", "ä", "o\u0308", "ö", "e\u0301", "é")

// extend is EVP_BytesToKey with another digest.
func extend(h hash.Hash, passphrase string, salt []byte) (key, iv []byte) {
	var all, d []byte
	for len(all) < 48 {
		h.Reset()
		h.Write(d)
		h.Write([]byte(passphrase))
		h.Write(salt)
		d = h.Sum(nil)
		all = append(all, d...)
	}
	return all[:32], all[32:48]
}
