package lint

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// outcomes: the first alternative is the strict one and nobody's dialect, all
// others are somebody's; none stands there twice, and none is wrong and right.
// Answers over HTTP have no dialects, and poison may have anything.
func outcomes(l *linter) {
	l.each(func(f vectors.Found) {
		if f.File.Suite == "poison" {
			return
		}
		c := f.Test.Common()
		_, http := f.Test.(*vectors.HTTPTest)
		for i, o := range c.Permitted {
			switch {
			case i == 0 && o.Dialect != "":
				l.find(c.ID, "the first alternative, which strict demands, is dialect %s", o.Dialect)
			case i > 0 && o.Dialect == "" && !http:
				l.find(c.ID, "alternative %d has no dialect", i)
			}
		}
		right := slices.Clone(c.Permitted)
		if c.Expect != nil {
			right = append(right, *c.Expect)
			if c.Expect.Dialect != "" || !c.Expect.Accept {
				l.find(c.ID, "is valid, and expects a refusal or a dialect")
			}
		}
		if c.Result == vectors.Invalid {
			right = append(right, vectors.Outcome{})
		}
		seen := map[string]bool{}
		for _, o := range right {
			seen[alike(o)] = true
		}
		for _, o := range slices.Concat(right, c.Mistakes) {
			key := alike(o) + " " + o.Dialect
			if seen[key] {
				l.find(c.ID, "an outcome stands there twice: %s", key)
			}
			seen[key] = true
		}
		for _, o := range c.Mistakes {
			if seen[alike(o)] {
				l.find(c.ID, "an outcome is right and wrong: %s %s", alike(o), o.Dialect)
			}
		}
	})
}

// alike is one text for outcomes that nobody can tell apart.
func alike(o vectors.Outcome) string {
	o.Dialect = ""
	if !o.Accept {
		return "refused"
	}
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // a struct of strings
	}
	return string(text)
}

// stages: where several are right they stand in the order in which a message
// passes them.
func stages(l *linter) {
	l.each(func(f vectors.Found) {
		c := f.Test.Common()
		lists := [][]vectors.Stage{c.RejectStage}
		for _, o := range slices.Concat(c.Permitted, c.Mistakes) {
			lists = append(lists, o.Stage)
		}
		for _, list := range lists {
			last := -1
			for _, s := range list {
				i := slices.Index(vectors.Stages, s)
				if i <= last {
					l.find(c.ID, "stage %s stands in the wrong place, or twice", s)
				}
				last = i
			}
		}
	})
}

// recipes: each makes the bytes that stand beside it.
func recipes(l *linter) {
	l.each(func(f vectors.Found) {
		switch t := f.Test.(type) {
		case *vectors.EnvelopeTest:
			l.envelope(f.Group, t)
		case *vectors.PayloadTest:
			m, err := construct.Build(t.Construct, construct.Params{SEQN: t.Construct.SEQN})
			switch {
			case err != nil:
				l.find(t.ID, "its recipe: %v", err)
			case hex.EncodeToString(m.Text) != t.PlainHex:
				l.find(t.ID, "its recipe makes %q, not what plainHex says", m.Text)
			}
		}
	})
}

func (l *linter) envelope(g *vectors.Group, t *vectors.EnvelopeTest) {
	passphrase, err := hex.DecodeString(g.PassphraseHex)
	if err != nil {
		l.find(t.ID, "passphraseHex: %v", err)
		return
	}
	p, err := construct.Static(t.Construct, passphrase)
	if err != nil {
		l.find(t.ID, "its recipe: %v", err)
		return
	}
	m, err := construct.Build(t.Construct, p)
	if err != nil {
		l.find(t.ID, "its recipe: %v", err)
		return
	}
	if m.Msg != t.Msg {
		l.find(t.ID, "its recipe makes %.100q, and msg is %.100q", m.Msg, t.Msg)
	}
	if t.Debug == nil {
		return
	}
	// Debug holds the steps of who sealed it; or those of a receiver, to whom the
	// salt is that of the message, and what it decrypts to need not be what was
	// sealed.
	if t.Debug.KeyHex == hex.EncodeToString(m.Key) && t.Debug.IVHex == hex.EncodeToString(m.IV) && t.Debug.PaddedHex == hex.EncodeToString(m.Padded) {
		return
	}
	salt, err := hex.DecodeString(t.Debug.SaltHex)
	if err != nil {
		l.find(t.ID, "saltHex: %v", err)
		return
	}
	key, iv := construct.Derive(passphrase, salt)
	if t.Debug.KeyHex != hex.EncodeToString(key) || t.Debug.IVHex != hex.EncodeToString(iv) {
		l.find(t.ID, "debug: keyHex and ivHex are not what passphrase and saltHex give")
	}
	if ct, whole := bytes.CutPrefix(m.Raw, slices.Concat([]byte("Salted__"), salt)); whole && len(ct)%aes.BlockSize == 0 {
		if padded := hex.EncodeToString(decrypt(key, iv, ct)); padded != t.Debug.PaddedHex {
			l.find(t.ID, "debug: the ciphertext decrypts to %s, not to what paddedHex says", padded)
		}
	}
}

// decrypt returns what whole blocks decrypt to.
func decrypt(key, iv, ct []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	p := make([]byte, len(ct))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(p, ct)
	return p
}

// twin is the flag of a test that asks what another of its group asks.
const twin = "Twin"

// twins: two tests of a group that ask the same are one too many.
func twins(l *linter) {
	for _, f := range l.suite.Files {
		for _, g := range f.Groups {
			seen := map[string]string{}
			for _, t := range g.Tests {
				c := t.Common()
				if slices.Contains(c.Flags, twin) {
					continue
				}
				asked := question(g, t)
				if other, twice := seen[asked]; twice {
					l.find(c.ID, "asks the same as %s; leave one out, or flag it %s", other, twin)
				}
				seen[asked] = c.ID
			}
		}
	}
}

// question is what a test gives to whoever is tested.
func question(g *vectors.Group, t vectors.Test) string {
	switch t := t.(type) {
	case *vectors.KDFTest:
		return t.PassphraseHex + " " + t.SaltHex
	case *vectors.EnvelopeTest:
		return t.Msg
	case *vectors.PayloadTest:
		return t.PlainHex
	case *vectors.DeviceTest:
		return strings.Join([]string{t.PassphraseHex, t.SaltHex, t.SEQN, t.Data}, " ")
	}
	return vectors.Fingerprint(g, t)
}
