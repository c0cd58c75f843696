package faulty

import (
	"bytes"
	"crypto/aes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/espalier-hil/espalier/vectors"
)

// passphrase returns an edit that derives from another passphrase.
func passphrase(name, req, dialect string, change func([]byte) []byte) Edit {
	return Edit{name, req, dialect, func(c *Code) {
		c.derive = func(passphrase, salt []byte) (key, iv []byte) { return derive(change(passphrase), salt) }
	}}
}

// cString ends at the first NUL.
func cString(p []byte) []byte {
	if i := bytes.IndexByte(p, 0); i >= 0 {
		return p[:i]
	}
	return p
}

// derivations are what can go wrong between passphrase and key.
var derivations = []Edit{
	{"the iv is taken before the key", "REQ-KDF-001", "", func(c *Code) {
		c.derive = func(passphrase, salt []byte) (key, iv []byte) {
			all := chain(passphrase, salt)
			return all[16:], all[:16]
		}
	}},
	{"the salt goes before the passphrase", "REQ-KDF-001", "", func(c *Code) {
		c.derive = func(passphrase, salt []byte) (key, iv []byte) { return derive(salt, passphrase) }
	}},
	{"SHA-256 in place of MD5", "REQ-KDF-001", "", func(c *Code) {
		c.derive = func(passphrase, salt []byte) (key, iv []byte) {
			d1 := sha256.Sum256(bytes.Join([][]byte{passphrase, salt}, nil))
			d2 := sha256.Sum256(bytes.Join([][]byte{d1[:], passphrase, salt}, nil))
			return d1[:], d2[:16]
		}
	}},
	{"the salt is a C string", "REQ-KDF-001", "", func(c *Code) {
		c.derive = func(passphrase, salt []byte) (key, iv []byte) { return derive(passphrase, cString(salt)) }
	}},
	passphrase("a hexadecimal passphrase is decoded", "REQ-KDF-001", "", func(p []byte) []byte {
		if decoded, err := hex.DecodeString(string(p)); err == nil && len(p) > 0 {
			return decoded
		}
		return p
	}),
	passphrase("the passphrase is a C string", "REQ-KDF-002", "", cString),
	passphrase("the passphrase is written as Latin-1", "REQ-KDF-002", "", func(p []byte) []byte {
		var out []byte
		for _, r := range string(p) {
			out = append(out, byte(r))
		}
		return out
	}),
	passphrase("the passphrase is cut to 64 bytes", "REQ-KDF-002", "", func(p []byte) []byte { return p[:min(len(p), 64)] }),
	passphrase("the passphrase is put into lower case", "REQ-KDF-001", "", bytes.ToLower),
	passphrase("an empty passphrase becomes a default", "REQ-KDF-002", "", func(p []byte) []byte {
		if len(p) == 0 {
			return []byte("default")
		}
		return p
	}),
}

// envelopes are what can go wrong between the raw bytes and the inner base64.
var envelopes = []Edit{
	{"the salt is read one byte too far", "REQ-ENV-001", "", func(c *Code) {
		c.header = func(raw []byte) (salt, ciphertext []byte, refused vectors.Stage) {
			salt, ciphertext, refused = header(raw)
			if refused == "" {
				salt = raw[len(magic)+1 : headerSize+1]
			}
			return
		}
	}},
	{"padding is taken off by its last byte alone", "REQ-ENV-005", "cryptojs-unpad", func(c *Code) {
		c.unpad = func(p []byte) ([]byte, bool) {
			n := int(p[len(p)-1])
			return p[:max(0, len(p)-n)], true
		}
	}},
	{"padding is checked in its last byte alone", "REQ-ENV-005", "", func(c *Code) {
		c.unpad = func(p []byte) ([]byte, bool) {
			n := int(p[len(p)-1])
			if n < 1 || n > aes.BlockSize {
				return nil, false
			}
			return p[:len(p)-n], true
		}
	}},
	{"a whole block of padding is refused", "REQ-ENV-001", "", func(c *Code) {
		c.unpad = func(p []byte) ([]byte, bool) {
			if p[len(p)-1] == aes.BlockSize {
				return nil, false
			}
			return unpad(p)
		}
	}},
	{"where padding is wrong, all is text", "REQ-ENV-005", "", func(c *Code) {
		c.unpad = func(p []byte) ([]byte, bool) {
			if inner, ok := unpad(p); ok {
				return inner, true
			}
			return p, true
		}
	}},
}

// texts are what can go wrong behind the inner base64.
var texts = []Edit{
	{"bytes that are no UTF-8 become U+FFFD", "REQ-ENV-010", "replacing-characters", func(c *Code) {
		c.utf8 = func(p []byte) ([]byte, bool) { return []byte(string([]rune(string(p)))), true } // each byte
	}},
}
