package main

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

var errOpen = errors.New("backend: does not open")

// openLeniently reads an envelope as CryptoJS and Node's Buffer do: whatever
// follows the padding of base64 is ignored, missing padding is supplied, other
// alphabets are understood, and only the last byte of PKCS#7 is looked at.
func openLeniently(passphrase, msg string) (envelope.Reading, error) {
	raw := loose(msg)
	if len(raw) < 32 || string(raw[:8]) != "Salted__" {
		return envelope.Reading{}, errOpen
	}
	text := raw[16 : len(raw)-len(raw)%16]
	key, iv := envelope.DeriveKey(passphrase, [8]byte(raw[8:16]))
	block, err := aes.NewCipher(key[:])
	if err != nil || len(text) == 0 {
		return envelope.Reading{}, errOpen
	}
	cipher.NewCBCDecrypter(block, iv[:]).CryptBlocks(text, text)
	if pad := int(text[len(text)-1]); pad <= len(text) {
		text = text[:len(text)-pad]
	}
	var inner struct {
		SEQN *uint64
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(loose(string(text)), &inner) != nil || inner.SEQN == nil || inner.Data == nil {
		return envelope.Reading{}, errOpen
	}
	return envelope.Reading{SEQN: *inner.SEQN, Data: inner.Data}, nil
}

// loose decodes base64 the way Buffer.from(text, "base64") does.
func loose(text string) []byte {
	text, _, _ = strings.Cut(text, "=")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		case strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", r):
			return r
		}
		return -1
	}, text)
	p, _ := base64.RawStdEncoding.DecodeString(text[:len(text)-boolInt(len(text)%4 == 1)])
	return p
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
