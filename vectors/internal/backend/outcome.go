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
	{"ones-base64", false, both(func(s *spelling) { s.ones = true })},
	{"cryptojs-unpad", false, func(b *Backend) { b.lastByteUnpad = true }},
	{"unchecked-padding", false, func(b *Backend) { b.keptPadding = true }},
	{"partial-blocks", true, func(b *Backend) { b.partialBlocks = true }},
	{"unchecked-magic", true, func(b *Backend) { b.uncheckedMagic = true }},
}

// Verdict is what backends make of a message.
type Verdict struct {
	Strict    vectors.Outcome   // of the strict one; the stage is the one that it met
	Permitted []vectors.Outcome // other acceptances, of dialects that core permits
	Mistakes  []vectors.Outcome // of those that it does not
}

// Judge has a message read by the strict backend, and by those of each dialect,
// of each two and of each three. An outcome is listed under each dialect that it
// may betray: of those sets whose subsets do not give it.
func Judge(passphrase []byte, msg string, next uint64) Verdict {
	v := Verdict{Strict: Backend{}.outcome(passphrase, msg, next)}
	type choice struct {
		dialects []string
		outcome  vectors.Outcome
	}
	least := []choice{{nil, v.Strict}}
	for size := 1; size <= 3; size++ {
		subsets(size, func(chosen []dialect) {
			var b Backend
			must := false
			var names []string
			for _, d := range chosen {
				d.set(&b)
				must = must || d.must
				names = append(names, d.name)
			}
			o := b.outcome(passphrase, msg, next)
			if !o.Accept || slices.ContainsFunc(least, func(c choice) bool { return same(c.outcome, o) && within(c.dialects, names) }) {
				return
			}
			o.Dialect = names[len(names)-1]
			least = append(least, choice{names, o})
			to := &v.Permitted
			if must {
				to = &v.Mistakes
			}
			if !listed(*to, o, o.Dialect) {
				*to = append(*to, o)
			}
		})
	}
	v.Mistakes = slices.DeleteFunc(v.Mistakes, func(o vectors.Outcome) bool { return listed(v.Permitted, o, "") })
	return v
}

// within reports whether all of some names are among others.
func within(some, others []string) bool {
	return !slices.ContainsFunc(some, func(name string) bool { return !slices.Contains(others, name) })
}

// listed reports whether an outcome is listed under the dialect, or "": under
// any.
func listed(list []vectors.Outcome, o vectors.Outcome, dialect string) bool {
	return slices.ContainsFunc(list, func(l vectors.Outcome) bool {
		return same(l, o) && (dialect == "" || l.Dialect == dialect)
	})
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
