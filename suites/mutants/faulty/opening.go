package faulty

import (
	"bytes"
	"crypto/aes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

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
	{"the iv is taken before the key", "REQ-KDF-001", "iv-before-key", func(c *Code) {
		c.derive = func(passphrase, salt []byte) (key, iv []byte) {
			all := chain(passphrase, salt)
			return all[16:], all[:16]
		}
	}},
	{"the salt goes before the passphrase", "REQ-KDF-001", "", func(c *Code) {
		c.derive = func(passphrase, salt []byte) (key, iv []byte) { return derive(salt, passphrase) }
	}},
	{"SHA-256 in place of MD5", "REQ-KDF-001", "sha256-kdf", func(c *Code) {
		c.derive = func(passphrase, salt []byte) (key, iv []byte) {
			d1 := sha256.Sum256(bytes.Join([][]byte{passphrase, salt}, nil))
			d2 := sha256.Sum256(bytes.Join([][]byte{d1[:], passphrase, salt}, nil))
			return d1[:], d2[:16]
		}
	}},
	{"the salt is a C string", "REQ-KDF-001", "", func(c *Code) {
		c.derive = func(passphrase, salt []byte) (key, iv []byte) { return derive(passphrase, cString(salt)) }
	}},
	passphrase("a hexadecimal passphrase is decoded", "REQ-KDF-001", "hex-passphrase", func(p []byte) []byte {
		if decoded, err := hex.DecodeString(string(p)); err == nil && len(p) > 0 {
			return decoded
		}
		return p
	}),
	passphrase("the passphrase is a C string", "REQ-KDF-002", "c-string-passphrase", cString),
	passphrase("the passphrase is written as Latin-1", "REQ-KDF-002", "latin1-passphrase", func(p []byte) []byte {
		var out []byte
		for _, r := range string(p) {
			out = append(out, byte(r))
		}
		return out
	}),
	passphrase("the passphrase is cut to 64 bytes", "REQ-KDF-002", "", func(p []byte) []byte { return p[:min(len(p), 64)] }),
	passphrase("the passphrase is trimmed", "REQ-KDF-002", "trimmed-passphrase", bytes.TrimSpace),
	passphrase("the passphrase is put into lower case", "REQ-KDF-001", "lower-case-passphrase", bytes.ToLower),
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
	{"the magic is not looked at", "REQ-ENV-002", "unchecked-magic", func(c *Code) {
		c.header = func(raw []byte) (salt, ciphertext []byte, refused vectors.Stage) {
			return header(append([]byte(magic), raw[min(len(raw), len(magic)):]...))
		}
	}},
	{"the case of the magic does not matter", "REQ-ENV-002", "", func(c *Code) {
		c.header = func(raw []byte) (salt, ciphertext []byte, refused vectors.Stage) {
			if len(raw) >= len(magic) && strings.EqualFold(string(raw[:len(magic)]), magic) {
				raw = append([]byte(magic), raw[len(magic):]...)
			}
			return header(raw)
		}
	}},
	{"half a block at the end is dropped", "REQ-ENV-003", "", func(c *Code) {
		c.header = func(raw []byte) (salt, ciphertext []byte, refused vectors.Stage) {
			if len(raw) > headerSize {
				raw = raw[:len(raw)-(len(raw)-headerSize)%aes.BlockSize]
			}
			return header(raw)
		}
	}},
	{"the length is not looked at", "REQ-ENV-003", "", func(c *Code) {
		c.header = func(raw []byte) (salt, ciphertext []byte, refused vectors.Stage) {
			if !bytes.HasPrefix(raw, []byte(magic)) {
				return nil, nil, vectors.StageMagic
			}
			return raw[len(magic):headerSize], raw[headerSize:], ""
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
	{"padding of zeros is taken off, too", "REQ-ENV-005", "", func(c *Code) {
		c.unpad = func(p []byte) ([]byte, bool) {
			if p[len(p)-1] == 0 {
				return bytes.TrimRight(p, "\x00"), true
			}
			return unpad(p)
		}
	}},
	{"padding may be longer than a block", "REQ-ENV-005", "", func(c *Code) {
		c.unpad = func(p []byte) ([]byte, bool) {
			n := int(p[len(p)-1])
			if n < 1 || n > len(p) || !bytes.HasSuffix(p, bytes.Repeat([]byte{byte(n)}, n)) {
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

// leniencies are ways of reading base64 that is not canonical.
var leniencies = []struct {
	name, dialect string
	read          func([]byte) ([]byte, bool)
}{
	{"base64 skips what is not of its alphabet", "lenient-base64", func(p []byte) ([]byte, bool) {
		kept := strings.Map(func(r rune) rune {
			if strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", r) {
				return r
			}
			return -1
		}, string(p))
		if len(kept)%4 == 1 {
			kept = kept[:len(kept)-1]
		}
		raw, err := base64.RawStdEncoding.DecodeString(kept)
		return raw, err == nil
	}},
	{"base64 may break its lines", "newline-base64", func(p []byte) ([]byte, bool) {
		raw, err := base64.StdEncoding.Strict().DecodeString(string(p))
		return raw, err == nil
	}},
	{"base64 is trimmed", "", func(p []byte) ([]byte, bool) { return strictBase64(bytes.TrimSpace(p)) }},
	{"base64 may lack its padding", "unpadded-base64", func(p []byte) ([]byte, bool) {
		return strictBase64(append(bytes.Clone(p), "==="[:(4-len(p)%4)%4]...))
	}},
	{"base64 may end in stray bits", "loose-bits-base64", func(p []byte) ([]byte, bool) {
		raw, err := base64.StdEncoding.DecodeString(string(p))
		return raw, err == nil && !bytes.ContainsAny(p, "\r\n")
	}},
	{"base64 may be of the URL alphabet", "url-base64", func(p []byte) ([]byte, bool) {
		return strictBase64([]byte(strings.NewReplacer("-", "+", "_", "/").Replace(string(p))))
	}},
	{"base64 ends at the first =", "", func(p []byte) ([]byte, bool) {
		if i := bytes.IndexByte(p, '='); i >= 0 {
			p = p[:i]
		}
		raw, err := base64.RawStdEncoding.Strict().DecodeString(string(p))
		return raw, err == nil && !bytes.ContainsAny(p, "\r\n")
	}},
}

// texts are the leniencies outside and inside, and what else can go wrong
// there.
var texts = func() []Edit {
	edits := []Edit{
		{"a text that is no base64 is taken as it is", "REQ-ENV-004", "", func(c *Code) {
			c.inner = func(p []byte) ([]byte, bool) {
				if raw, ok := strictBase64(p); ok {
					return raw, true
				}
				return p, true
			}
		}},
		{"bytes that are no UTF-8 become U+FFFD", "REQ-ENV-010", "replacing-characters", func(c *Code) {
			c.utf8 = func(p []byte) ([]byte, bool) { return []byte(string([]rune(string(p)))), true } // each byte
		}},
	}
	for _, l := range leniencies {
		edits = append(edits,
			Edit{"outer " + l.name, "REQ-ENV-006", l.dialect, func(c *Code) { c.outer = l.read }},
			Edit{"inner " + l.name, "REQ-ENV-006", l.dialect, func(c *Code) { c.inner = l.read }})
	}
	return edits
}()
