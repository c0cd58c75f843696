package explain

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// stagesOfEnvelope are those that the text under msg passes by itself.
var stagesOfEnvelope = append([]vectors.Stage{
	vectors.StageOuterBase64, vectors.StageMagic, vectors.StageLength, vectors.StagePadding, vectors.StageInnerBase64,
}, stagesOfText...)

// envelope writes an envelope: how it was made, its bytes, and its way.
func (b book) envelope(p *page, g *vectors.Group, t *vectors.EnvelopeTest) error {
	recipe(p, t.Construct)
	passphrase := mustHex(g.PassphraseHex)
	w := open(passphrase, t.Msg, g.Next)

	p.section("The bytes")
	p.say("passphrase", column, "%s", passphraseInWords(passphrase))
	well := sealed(g, t)
	p.block("msg", column, head(t.Msg), differences(t.Msg, well.msg))
	switch {
	case w.padded != nil:
		p.line("")
		p.blocks(w, well)
	case len(w.raw) > 0:
		p.line("")
		p.hexdump(w.raw)
	}
	switch {
	case w.text != nil:
		p.line("")
		p.say("text", column, "%s", short(w.text))
	case w.inner != nil:
		p.line("")
		p.block("inner", column, dots(w.inner), foreign(w.inner))
	}

	p.section("What a strict backend meets, whose next is " + g.Next)
	p.stagesOf(w, stagesOfEnvelope)
	b.dialects(p, &t.Case)
	p.section("See it")
	p.shell(envelopeLines(t, w, well))
	return nil
}

// head returns as much of a text as fits on a few lines.
func head(text string) string {
	const most = 6 * (width - 2 - column)
	text = dots([]byte(text))
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// message is a message as it was before somebody changed its ciphertext.
type message struct {
	padded, ct []byte
	key, iv    []byte // that it was sealed with
	msg        string
}

// sealed makes it again from the recipe, or returns an empty one.
func sealed(g *vectors.Group, t *vectors.EnvelopeTest) message {
	params, err := construct.Static(t.Construct, mustHex(g.PassphraseHex))
	if err != nil {
		return message{}
	}
	made, err := construct.Build(t.Construct, params)
	if err != nil || len(made.Padded)%blockSize != 0 {
		return message{}
	}
	m := message{padded: made.Padded, key: made.Key, iv: made.IV}
	c, err := aes.NewCipher(m.key)
	if err != nil {
		return message{}
	}
	m.ct = make([]byte, len(m.padded))
	cipher.NewCBCEncrypter(c, m.iv).CryptBlocks(m.ct, m.padded)
	m.msg = base64.StdEncoding.EncodeToString(bytes.Join([][]byte{[]byte(magic), params.Salt[:], m.ct}, nil))
	return m
}

// differences returns where text departs from what it was made from, if it
// departs in a few places only.
func differences(text, from string) []int {
	if from == "" || text == from {
		return nil
	}
	var marks []int
	if len(text) == len(from) {
		for i := range len(text) {
			if text[i] != from[i] {
				marks = append(marks, i)
			}
		}
	} else {
		begin := 0
		for begin < min(len(text), len(from)) && text[begin] == from[begin] {
			begin++
		}
		end := len(text)
		for rest := len(from); end > begin && rest > begin && text[end-1] == from[rest-1]; rest-- {
			end--
		}
		for i := begin; i < max(end, min(begin+1, len(text))); i++ {
			marks = append(marks, i)
		}
	}
	if len(marks) > max(8, len(text)/4) {
		return nil
	}
	return marks
}

// foreign returns which bytes of inner are none of base64.
func foreign(inner []byte) []int {
	var marks []int
	for i, c := range inner {
		if strings.IndexByte(alphabet+"=", c) < 0 {
			marks = append(marks, i)
		}
	}
	return marks
}

func passphraseInWords(p []byte) string {
	if len(p) == 0 {
		return "none at all"
	}
	return short(p)
}
