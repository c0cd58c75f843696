package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"slices"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// codec is how an envelope is opened. Without a fault it opens what
// envelope.Open does, and nothing else.
type codec struct {
	outer  func(msg string) (raw []byte, ok bool)
	magic  func(head []byte) bool
	blocks func(text []byte) (whole []byte, ok bool)
	derive func(passphrase string, salt [8]byte) (key, iv []byte)
	salt   func(raw []byte) [8]byte
	unpad  func(text []byte) ([]byte, bool)
	inner  func(text []byte) (plain []byte, ok bool)
	// members takes SEQN and data out of the inner JSON. Where it refuses, it
	// may still tell the SEQN that it saw.
	members func(plain []byte) (number, data []byte, ok bool)
}

const headerSize = 16 // Salted__ and the salt

var rightCodec = codec{
	outer:   func(msg string) ([]byte, bool) { return canonical(msg) },
	magic:   func(head []byte) bool { return string(head) == "Salted__" },
	blocks:  func(text []byte) ([]byte, bool) { return text, len(text) > 0 && len(text)%aes.BlockSize == 0 },
	salt:    func(raw []byte) [8]byte { return [8]byte(raw[8:]) },
	derive:  derive,
	unpad:   unpad,
	inner:   func(text []byte) ([]byte, bool) { return canonical(string(text)) },
	members: members,
}

// open returns the text in an envelope, or where it was refused.
func (c *codec) open(passphrase, msg string) (plain []byte, at stage) {
	raw, ok := c.outer(msg)
	if !ok {
		return nil, atOuter
	}
	if len(raw) < headerSize || !c.magic(raw[:8]) {
		return nil, atMagic
	}
	text, ok := c.blocks(raw[headerSize:])
	if !ok {
		return nil, atLength
	}
	key, iv := c.derive(passphrase, c.salt(raw))
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, atLength
	}
	text = slices.Clone(text)
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(text, text)
	if text, ok = c.unpad(text); !ok {
		return nil, atPadding
	}
	if plain, ok = c.inner(text); !ok {
		return nil, atInner
	}
	return plain, ""
}

// canonical decodes the one spelling that base64 has for some bytes.
func canonical(text string) ([]byte, bool) {
	p, err := base64.StdEncoding.DecodeString(text)
	return p, err == nil && base64.StdEncoding.EncodeToString(p) == text
}

func derive(passphrase string, salt [8]byte) (key, iv []byte) {
	k, v := envelope.DeriveKey(passphrase, salt)
	return k[:], v[:]
}

// bytesToKey is EVP_BytesToKey, one iteration, 48 bytes of it.
func bytesToKey(h hash.Hash, passphrase string, salt [8]byte) []byte {
	var all, d []byte
	for len(all) < 48 {
		h.Reset()
		h.Write(d)
		h.Write([]byte(passphrase))
		h.Write(salt[:])
		d = h.Sum(nil)
		all = append(all, d...)
	}
	return all[:48]
}

func unpad(text []byte) ([]byte, bool) {
	n := int(text[len(text)-1])
	if n < 1 || n > aes.BlockSize {
		return nil, false
	}
	return bytes.CutSuffix(text, bytes.Repeat([]byte{byte(n)}, n))
}

// lastByte is CryptoJS's unpad: it takes off what the last byte says.
func lastByte(text []byte) ([]byte, bool) {
	return text[:max(0, len(text)-int(text[len(text)-1]))], true
}

// loose decodes base64 the way Buffer.from(text, "base64") does: whatever
// follows the padding is ignored, missing padding is supplied, other alphabets
// are understood, and what is none is skipped.
func loose(text string) ([]byte, bool) {
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
	if len(text)%4 == 1 {
		text = text[:len(text)-1]
	}
	p, err := base64.RawStdEncoding.DecodeString(text)
	return p, err == nil
}

// under derives with another passphrase than was given.
func under(change func(string) string) func(*backend) {
	return func(b *backend) {
		b.derive = func(passphrase string, salt [8]byte) (key, iv []byte) { return derive(change(passphrase), salt) }
	}
}

var codecFaults = []fault{
	{"lenient", func(b *backend) {
		b.outer, b.unpad = loose, lastByte
		b.inner = func(text []byte) ([]byte, bool) { return loose(string(text)) }
		b.blocks = func(text []byte) ([]byte, bool) { return text[:len(text)/16*16], len(text) >= 16 }
	}},
	{"outer-base64-loose", func(b *backend) { b.outer = loose }},
	{"inner-base64-loose", func(b *backend) {
		b.inner = func(text []byte) ([]byte, bool) { return loose(string(text)) }
	}},
	{"base64-skips-newlines", func(b *backend) {
		b.outer = func(msg string) ([]byte, bool) {
			p, err := base64.StdEncoding.Strict().DecodeString(msg)
			return p, err == nil
		}
	}},
	{"base64-stray-bits", func(b *backend) {
		b.outer = func(msg string) ([]byte, bool) {
			p, err := base64.StdEncoding.DecodeString(msg)
			return p, err == nil && !strings.ContainsAny(msg, "\r\n")
		}
	}},
	{"magic-unchecked", func(b *backend) { b.magic = func([]byte) bool { return true } }},
	{"length-unchecked", func(b *backend) {
		b.blocks = func(text []byte) ([]byte, bool) { return text[:len(text)/16*16], len(text) >= 16 }
	}},
	{"unpad-last-byte", func(b *backend) {
		b.unpad = func(text []byte) ([]byte, bool) {
			n := int(text[len(text)-1])
			return text[:max(0, len(text)-n)], n >= 1 && n <= aes.BlockSize
		}
	}},
	{"unpad-unchecked", func(b *backend) {
		b.unpad = func(text []byte) ([]byte, bool) {
			return bytes.TrimRightFunc(text, func(r rune) bool { return r <= aes.BlockSize }), true
		}
	}},
	{"hex-passphrase", under(func(passphrase string) string {
		if p, err := hex.DecodeString(passphrase); err == nil && len(p) > 0 {
			return string(p)
		}
		return passphrase
	})},
	{"latin1-passphrase", under(func(passphrase string) string {
		var p []byte
		for _, r := range passphrase {
			p = append(p, byte(r))
		}
		return string(p)
	})},
	{"c-string-passphrase", under(func(passphrase string) string {
		passphrase, _, _ = strings.Cut(passphrase, "\x00")
		return passphrase
	})},
	{"trims-passphrase", under(strings.TrimSpace)},
	{"sha256-kdf", func(b *backend) {
		b.derive = func(passphrase string, salt [8]byte) (key, iv []byte) {
			all := bytesToKey(sha256.New(), passphrase, salt)
			return all[:32], all[32:]
		}
	}},
	{"iv-before-key", func(b *backend) {
		b.derive = func(passphrase string, salt [8]byte) (key, iv []byte) {
			all := bytesToKey(md5.New(), passphrase, salt)
			return all[16:], all[:16]
		}
	}},
	{"aes-128", func(b *backend) {
		b.derive = func(passphrase string, salt [8]byte) (key, iv []byte) {
			all := bytesToKey(md5.New(), passphrase, salt)
			return all[:16], all[16:32]
		}
	}},
	{"salt-off-by-one", func(b *backend) { b.salt = func(raw []byte) [8]byte { return [8]byte(raw[7:]) } }},
	{"slow-after-padding", func(b *backend) {
		b.unpad = func(text []byte) ([]byte, bool) {
			text, ok := unpad(text)
			if ok {
				spin(time.Millisecond)
			}
			return text, ok
		}
	}},
}
