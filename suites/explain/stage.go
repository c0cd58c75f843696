package explain

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

const (
	magic      = "Salted__"
	headerSize = 16 // magic ‖ salt
	blockSize  = aes.BlockSize
)

// step is one stage of a strict backend, and what it finds there.
type step struct {
	stage vectors.Stage
	ok    bool
	text  string
}

// way is how far a message comes in a strict backend. It ends at the first step
// that is not ok; what lies behind is unset.
type way struct {
	steps   []step
	raw     []byte // what msg holds
	key, iv []byte // from the passphrase and the salt in raw
	padded  []byte // what the ciphertext decrypts to, whole blocks
	inner   []byte // without padding
	text    []byte
	next    string // afterwards, in decimal
	data    string // JSON text
}

func (w *way) pass(s vectors.Stage, format string, args ...any) bool {
	w.steps = append(w.steps, step{s, true, fmt.Sprintf(format, args...)})
	return true
}

func (w *way) stop(s vectors.Stage, format string, args ...any) bool {
	w.steps = append(w.steps, step{s, false, fmt.Sprintf(format, args...)})
	return false
}

// refused returns the stage at which the way ends, or "" if it comes through.
func (w *way) refused() vectors.Stage {
	if last := w.steps[len(w.steps)-1]; !last.ok {
		return last.stage
	}
	return ""
}

// open goes the way of an envelope, in a backend whose next is given.
func open(passphrase []byte, msg, next string) *way {
	w := &way{}
	_ = w.outer(msg) && w.decrypt(passphrase) && w.unpad() && w.innerBase64() && w.read(w.text, next)
	return w
}

// read goes the way of a text that was sealed.
func read(text []byte, next string) *way {
	w := &way{}
	w.read(text, next)
	return w
}

func (w *way) outer(msg string) bool {
	raw, err := canonical(msg)
	if err != nil {
		return w.stop(vectors.StageOuterBase64, "%v", err)
	}
	w.raw = raw
	w.pass(vectors.StageOuterBase64, "%d characters hold %d bytes", len(msg), len(raw))
	if !bytes.HasPrefix(raw, []byte(magic)) {
		return w.stop(vectors.StageMagic, "it begins with %s, not with %s", bytesInWords(raw[:min(len(magic), len(raw))]), magic)
	}
	w.pass(vectors.StageMagic, "%s", magic)
	switch n := len(raw) - headerSize; {
	case n < 0:
		return w.stop(vectors.StageLength, "%d bytes of salt, not 8", len(raw)-len(magic))
	case n == 0:
		return w.stop(vectors.StageLength, "nothing follows the salt")
	case n%blockSize != 0:
		return w.stop(vectors.StageLength, "%d bytes of ciphertext are %d blocks and %d bytes", n, n/blockSize, n%blockSize)
	default:
		return w.pass(vectors.StageLength, "%d bytes of ciphertext, %s", n, count(n/blockSize, "block"))
	}
}

func (w *way) decrypt(passphrase []byte) bool {
	w.key, w.iv = construct.Derive(passphrase, w.raw[len(magic):headerSize])
	w.padded = decrypt(w.key, w.iv, w.raw[headerSize:])
	return true
}

// decrypt returns what the whole blocks of ct decrypt to.
func decrypt(key, iv, ct []byte) []byte {
	c, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	p := make([]byte, len(ct)/blockSize*blockSize)
	cipher.NewCBCDecrypter(c, iv).CryptBlocks(p, ct[:len(p)])
	return p
}

func (w *way) unpad() bool {
	last := w.padded[len(w.padded)-1]
	n := int(last)
	if n < 1 || n > blockSize {
		return w.stop(vectors.StagePadding, "the last byte is %02x, and no padding is as long", last)
	}
	got := w.padded[len(w.padded)-n:]
	if want := bytes.Repeat([]byte{last}, n); !bytes.Equal(got, want) {
		return w.stop(vectors.StagePadding, "it ends in %s where PKCS#7 wants %s", spaced(got), spaced(want))
	}
	w.inner = w.padded[:len(w.padded)-n]
	return w.pass(vectors.StagePadding, "it ends in %s", spaced(got))
}

func (w *way) innerBase64() bool {
	text, err := canonical(string(w.inner))
	if err != nil {
		return w.stop(vectors.StageInnerBase64, "%v", err)
	}
	w.text = text
	return w.pass(vectors.StageInnerBase64, "%d characters hold %d bytes", len(w.inner), len(text))
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// canonical decodes the one spelling that RFC 4648 gives to bytes, and says of
// any other what is wrong with it.
func canonical(text string) ([]byte, error) {
	body := strings.TrimRight(text, "=")
	for i, c := range []byte(body) {
		switch {
		case c == '=':
			return nil, fmt.Errorf("there is more behind the padding, from character %d on", i)
		case strings.IndexByte(alphabet, c) < 0:
			return nil, fmt.Errorf("character %d, %s, is not in the alphabet", i, bytesInWords([]byte{c}))
		}
	}
	signs := len(text) - len(body)
	switch {
	case len(body)%4 == 1:
		return nil, fmt.Errorf("%d characters: the last group has one, which is less than a byte", len(body))
	case signs != (4-len(body)%4)%4:
		return nil, fmt.Errorf("%s at its end, where %d belong", count(signs, "="), (4-len(body)%4)%4)
	}
	p, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	if want := base64.StdEncoding.EncodeToString(p); want != text {
		at := len(body) - 1
		return nil, fmt.Errorf("character %d is %c, and its unused bits are not zero: %c holds the same bytes", at, text[at], want[at])
	}
	return p, nil
}

// bytesInWords writes a few bytes as characters where they are such.
func bytesInWords(p []byte) string {
	if len(p) == 0 {
		return "nothing"
	}
	for _, c := range p {
		if c <= 0x20 || c >= 0x7f {
			return spaced(p)
		}
	}
	return string(p)
}

// spaced writes bytes in hexadecimal digits, a few of them if they are many.
func spaced(p []byte) string {
	const most = 16
	if len(p) > most {
		return fmt.Sprintf("% x … (%d bytes)", p[:most], len(p))
	}
	return fmt.Sprintf("% x", p)
}

func count(n int, what string) string {
	switch {
	case n == 1 || what == "=":
		return fmt.Sprintf("%d %s", n, what)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// stagesOf writes the way, and the stages behind its end.
func (p *page) stagesOf(w *way, all []vectors.Stage) {
	reached := map[vectors.Stage]bool{}
	for _, s := range w.steps {
		reached[s.stage] = true
		mark, colour := "✓", green
		if !s.ok {
			mark, colour = "✗", red
		}
		p.shaded(colour, mark+" "+string(s.stage), 16, "%s", s.text)
	}
	for _, s := range all {
		if !reached[s] {
			p.line("%s", p.paint(faint, fmt.Sprintf("    %-14s%s", s, stageWords[s])))
		}
	}
}

func mustHex(s string) []byte {
	p, err := hex.DecodeString(s)
	if err != nil {
		panic(err) // the schema has seen it
	}
	return p
}
