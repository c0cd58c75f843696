package backend

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/espalier-hil/espalier/vectors"
)

// dialect is one way of being lenient. The order is that of strength: what
// takes two of them bears the name of the later.
type dialect struct {
	name string
	must bool // it breaks what core demands
	set  func(*Backend)
}

// both makes a rule one of the outer base64 and of the inner.
func both(set func(*spelling)) func(*Backend) {
	return func(b *Backend) { set(&b.outer); set(&b.inner) }
}

var dialects = []dialect{
	{"loose-bits-base64", false, both(func(s *spelling) { s.looseBits = true })},
	{"overpadded-base64", false, both(func(s *spelling) { s.overpadded = true })},
	{"newline-base64", false, both(func(s *spelling) { s.newlines = true })},
	{"trailing-base64", false, both(func(s *spelling) { s.trailing = true })},
	{"unpadded-base64", false, both(func(s *spelling) { s.unpadded = true })},
	{"partial-base64", false, both(func(s *spelling) { s.partial = true })},
	{"url-base64", false, both(func(s *spelling) { s.url = true })},
	{"zero-base64", false, both(func(s *spelling) { s.zero = true })},
	{"lenient-base64", false, both(func(s *spelling) { s.foreign = true })},
	{"replacing-characters", false, func(b *Backend) { b.replacedUTF8 = true }},
	{"skipping-bom", false, func(b *Backend) { b.skipsBOM = true }},
	{"utf16-json", false, func(b *Backend) { b.utf16 = true }},
	{"cryptojs-unpad", false, func(b *Backend) { b.lastByteUnpad = true }},
	{"unchecked-padding", false, func(b *Backend) { b.keptPadding = true }},
	{"partial-blocks", true, func(b *Backend) { b.partialBlocks = true }},
	{"unchecked-magic", true, func(b *Backend) { b.uncheckedMagic = true }},
}

// Names returns the names of the dialects that are modelled.
func Names() (names []string) {
	for _, d := range dialects {
		names = append(names, d.name)
	}
	return names
}

// Verdict is what backends make of a message.
type Verdict struct {
	Strict    vectors.Outcome   // of the strict one; the stage is the one that it met
	Permitted []vectors.Outcome // other acceptances, of dialects that core permits
	Mistakes  []vectors.Outcome // of those that it does not
}

// Judge has a message read by the strict backend, and by those of each dialect,
// of each two and of each three.
func Judge(passphrase []byte, msg string, next uint64) Verdict {
	v := Verdict{Strict: Backend{}.outcome(passphrase, msg, next)}
	seen := []vectors.Outcome{v.Strict}
	for size := 1; size <= 3; size++ {
		subsets(size, func(chosen []dialect) {
			var b Backend
			must := false
			for _, d := range chosen {
				d.set(&b)
				must = must || d.must
			}
			o := b.outcome(passphrase, msg, next)
			if !o.Accept || slices.ContainsFunc(seen, func(s vectors.Outcome) bool { return same(s, o) }) {
				return
			}
			seen = append(seen, o)
			o.Dialect = chosen[len(chosen)-1].name
			if must {
				v.Mistakes = append(v.Mistakes, o)
			} else {
				v.Permitted = append(v.Permitted, o)
			}
		})
	}
	return v
}

// subsets calls visit with each choice of size dialects, in their order.
func subsets(size int, visit func([]dialect)) {
	chosen := make([]dialect, 0, size)
	var choose func(from int)
	choose = func(from int) {
		if len(chosen) == size {
			visit(chosen)
			return
		}
		for i := from; i < len(dialects); i++ {
			chosen = append(chosen, dialects[i])
			choose(i + 1)
			chosen = chosen[:len(chosen)-1]
		}
	}
	choose(0)
}

// outcome returns what comes of msg: a reading, a text that holds none, or the
// stage of the rejection.
func (b Backend) outcome(passphrase []byte, msg string, next uint64) vectors.Outcome {
	opened := b.open(passphrase, msg)
	if opened.stage != "" {
		return vectors.Outcome{Stage: []vectors.Stage{opened.stage}}
	}
	data, seqn, stage := b.read(opened.text, next)
	if stage != "" {
		return vectors.Outcome{Stage: []vectors.Stage{stage}}
	}
	text := hex.EncodeToString(opened.text)
	return vectors.Outcome{Accept: true, PlainHex: &text, Next: strconv.FormatUint(seqn+1, 10), Data: data}
}

// same reports whether two acceptances are of the same text and reading.
func same(a, b vectors.Outcome) bool {
	return a.Accept && b.Accept && *a.PlainHex == *b.PlainHex && a.Next == b.Next && a.Data == b.Data
}

// Text returns the text in msg if the strict backend opens it, whatever it says.
func Text(passphrase []byte, msg string) ([]byte, bool) {
	r := Backend{}.open(passphrase, msg)
	return bytes.Clone(r.text), r.stage == ""
}
