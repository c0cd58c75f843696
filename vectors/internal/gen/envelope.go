package main

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
	"github.com/espalier-hil/espalier/vectors/internal/backend"
)

// plain is what most envelopes seal.
const plain = `{"data":{"value":300},"SEQN":${SEQN}}`

// family is envelopes with one kind of defect.
type family struct {
	flag       string
	note       vectors.Note
	reqs       []string
	importance string
	cases      []envelopeCase
}

// envelopeCase is one way of making an envelope, and what a strict backend makes
// of it; the rest of the outcomes follow from that and from package backend.
type envelopeCase struct {
	name, comment string
	strict        vectors.Stage // that refuses it; "": none
	ops           recipe
	plain         string // "": plain
}

// only marks a text that opens, and holds no reading.
const only vectors.Stage = "opens"

var families = slices.Concat(soundFamilies, paddingFamilies, outerFamilies, innerFamilies, headerFamilies, keyFamilies, editFamilies)

// envelope returns the envelopes, well made and ill.
func envelope() (*vectors.File, error) {
	var groups []*vectors.Group
	notes := map[string]vectors.Note{}
	var wrong []error
	for _, under := range append([]under{{horse, families}}, passphrases...) {
		g := &vectors.Group{Type: "EnvelopeTest", Source: core, PassphraseHex: hexOf(under.passphrase), Next: "121"}
		groups = append(groups, g)
		for _, f := range under.families {
			notes[f.flag] = f.note
			for _, c := range f.cases {
				t, err := c.test(f, []byte(under.passphrase))
				if err != nil {
					wrong = append(wrong, fmt.Errorf("%s: %w", c.name, err))
				}
				g.Tests = append(g.Tests, t)
			}
		}
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return frame("envelope", []string{
		"Texts under msg, to be opened with the group's passphrase by a backend whose next is the group's.",
		"The IV follows from passphrase and salt and is not sent: there is no block before the first that could be edited.",
		"An outcome without next is a text that opens and holds no reading: a backend as a whole refuses it.",
	}, notes, groups...), nil
}

func (c envelopeCase) test(f family, passphrase []byte) (*vectors.EnvelopeTest, error) {
	if c.plain == "" {
		c.plain = plain
	}
	r := vectors.Construct{Plain: c.plain, SEQN: "121", SaltHex: salt1, Ops: c.ops}
	p, err := construct.Static(r, passphrase)
	if err != nil {
		return nil, err
	}
	m, err := construct.Build(r, p)
	if err != nil {
		return nil, err
	}
	t := &vectors.EnvelopeTest{
		Case: vectors.Case{ID: "envelope/" + c.name, Since: first, Comment: c.comment, Flags: []string{f.flag}, Reqs: f.reqs, Importance: f.importance},
		Msg:  m.Msg, Construct: r,
	}
	v := backend.Judge(passphrase, m.Msg, 121)
	t.Debug = backend.Debug(passphrase, m.Msg)
	return t, c.judge(t, m, passphrase, v)
}

// judge writes down what may come of the message.
func (c envelopeCase) judge(t *vectors.EnvelopeTest, m *construct.Message, passphrase []byte, v backend.Verdict) error {
	if c.strict == only {
		opened, ok := backend.Text(passphrase, m.Msg)
		if !ok || !bytes.Equal(opened, m.Text) {
			return fmt.Errorf("opens as %q, %t", opened, ok)
		}
		t.Result, t.Expect = vectors.Valid, &vectors.Outcome{Accept: true, PlainHex: ptr(hex.EncodeToString(m.Text))}
		return nil
	}
	var met vectors.Stage
	if len(v.Strict.Stage) > 0 {
		met = v.Strict.Stage[0]
	}
	if met != c.strict {
		return fmt.Errorf("a strict backend refuses it at stage %q, the table says %q", met, c.strict)
	}
	limit := slices.Contains(t.Flags, "ProtocolLimit")
	switch {
	case v.Strict.Accept && limit:
		t.Result, t.Permitted = vectors.Acceptable, []vectors.Outcome{v.Strict, {Dialect: "remembered-salts"}}
	case v.Strict.Accept:
		t.Result, t.Expect = vectors.Valid, &v.Strict
	case len(v.Permitted) > 0:
		t.Result, t.Permitted, t.Mistakes = vectors.Acceptable, append([]vectors.Outcome{{Stage: onwards(met)}}, v.Permitted...), v.Mistakes
	default:
		t.Result, t.RejectStage, t.Mistakes = vectors.Invalid, onwards(met), v.Mistakes
	}
	return nil
}

// onwards returns a stage and those behind it at which a message is refused as
// rightly, by a backend that is lenient at the first.
func onwards(stage vectors.Stage) []vectors.Stage {
	all := []vectors.Stage{
		vectors.StageOuterBase64, vectors.StageMagic, vectors.StageLength, vectors.StagePadding,
		vectors.StageInnerBase64, vectors.StageInnerUTF8, vectors.StageInnerJSON,
	}
	if i := slices.Index(all, stage); i >= 0 {
		return all[i:]
	}
	return []vectors.Stage{stage}
}
