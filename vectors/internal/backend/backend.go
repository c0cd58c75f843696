// Package backend models backends that open messages: one that does all that
// the protocol asks, and others that leave things out. What such a backend
// makes of a message is what the vectors permit, or name as a mistake.
//
// The models are short and slow. They share no code with the reference server
// nor with package construct, and package oracle holds them against the real
// thing.
package backend

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"encoding/hex"

	"github.com/espalier-hil/espalier/vectors"
)

// Backend opens messages. The zero value is strict.
type Backend struct {
	outer, inner   spelling
	uncheckedMagic bool // eight bytes are skipped, whatever they are
	partialBlocks  bool // the last block may be short
	lastByteUnpad  bool // the last byte says how much padding there is, and that is that
	keptPadding    bool // padding is left to whoever reads the text
	replacedUTF8   bool // what is no UTF-8 becomes U+FFFD
	skipsBOM       bool // a byte order mark may stand before the JSON
	utf16          bool // the JSON may be in UTF-16
}

// result is what comes of a message: a text if stage is "".
type result struct {
	text  []byte
	stage vectors.Stage
}

const magic = "Salted__"

// open returns the text in msg, or the stage that refuses it.
func (b Backend) open(passphrase []byte, msg string) result {
	l, stage := b.decrypt(passphrase, msg)
	if stage != "" {
		return result{stage: stage}
	}
	inner, ok := b.unpad(l.padded)
	if !ok {
		return result{stage: vectors.StagePadding}
	}
	text, err := b.inner.decode(string(inner))
	if err != nil {
		return result{stage: vectors.StageInnerBase64}
	}
	return result{text: text}
}

// layers are the steps between a message and what it decrypts to.
type layers struct{ salt, key, iv, padded []byte }

// Debug returns the steps that a strict backend comes to, or nil if it refuses
// msg before it decrypts.
func Debug(passphrase []byte, msg string) *vectors.Debug {
	l, stage := Backend{}.decrypt(passphrase, msg)
	if stage != "" {
		return nil
	}
	return &vectors.Debug{SaltHex: hex.EncodeToString(l.salt), KeyHex: hex.EncodeToString(l.key), IVHex: hex.EncodeToString(l.iv), PaddedHex: hex.EncodeToString(l.padded)}
}

// decrypt returns the steps down to the padded text, or the stage that refuses
// msg.
func (b Backend) decrypt(passphrase []byte, msg string) (l layers, stage vectors.Stage) {
	raw, err := b.outer.decode(msg)
	switch {
	case err != nil:
		return l, vectors.StageOuterBase64
	case !bytes.HasPrefix(raw, []byte(magic)) && (!b.uncheckedMagic || len(raw) < len(magic)):
		return l, vectors.StageMagic
	case len(raw) <= 16 || len(raw)%16 != 0 && !b.partialBlocks:
		return l, vectors.StageLength
	}
	salt := raw[8:16]
	var all, d [48]byte
	for i := 0; i < 48; i += 16 {
		sum := md5.Sum(append(append(bytes.Clone(d[:min(i, 16)]), passphrase...), salt...))
		copy(d[:], sum[:])
		copy(all[i:], sum[:])
	}
	size := len(raw) - 16
	ct := append(bytes.Clone(raw[16:]), make([]byte, (16-size%16)%16)...)
	c, err := aes.NewCipher(all[:32])
	if err != nil {
		panic("backend: internal error: 32 bytes are a key: " + err.Error())
	}
	cipher.NewCBCDecrypter(c, all[32:]).CryptBlocks(ct, ct)
	return layers{salt, all[:32], all[32:], ct[:size]}, ""
}

// unpad takes the padding off, and reports whether it was fine.
func (b Backend) unpad(text []byte) ([]byte, bool) {
	n := int(text[len(text)-1])
	switch {
	case b.keptPadding:
		return text, true
	case b.lastByteUnpad: // CryptoJS takes the last byte of the last word, which may lie behind the text
		last := (len(text)-1)/4*4 + 3
		n = int(text[:last+1][last])
		return text[:max(0, len(text)-n)], true
	case n < 1 || n > 16 || n > len(text) || len(text)%16 != 0:
		return nil, false
	}
	for _, c := range text[len(text)-n:] {
		if int(c) != n {
			return nil, false
		}
	}
	return text[:len(text)-n], true
}
