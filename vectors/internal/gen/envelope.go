package main

import (
	"encoding/hex"
	"encoding/json"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// plain is what most envelopes seal.
const plain = `{"data":{"value":300},"SEQN":${SEQN}}`

// envelope returns the envelopes, well made and ill.
func envelope() (*vectors.File, error) {
	g := &vectors.Group{Type: "EnvelopeTest", Source: core, PassphraseHex: hexOf(horse), Next: "121"}
	for _, c := range envelopeCases {
		t, err := c.test()
		if err != nil {
			return nil, err
		}
		g.Tests = append(g.Tests, t)
	}
	return frame("envelope", []string{"Texts under msg, to be opened."}, map[string]vectors.Note{
		"KnownAnswer": {BugType: "BASIC", Description: "A well-made message.", Effect: "Nothing else can pass."},
		"Padding":     {BugType: "MISSING_STEP", Description: "The last block does not end in PKCS#7.", Effect: "An edit of the ciphertext goes unnoticed."},
		"Magic":       {BugType: "MODIFIED_PARAMETER", Description: "Salted__ is missing or other.", Effect: "Something that is no envelope is decrypted."},
	}, g), nil
}

// envelopeCase is one way of making an envelope, and what comes of it.
type envelopeCase struct {
	name, comment, flag, importance string
	reqs                            []string
	ops                             []vectors.Op
	stages                          []vectors.Stage // where it is refused; none: it opens
	dialect                         string          // acceptable: who opens it all the same
}

var envelopeCases = []envelopeCase{
	{"known-answer", "the example of PROTOCOL.md", "KnownAnswer", "critical", []string{"REQ-ENV-001", "REQ-ENV-004"}, nil, nil, ""},
	{"pad-x923", "ANSI X9.23: zeros, then the length", "Padding", "medium", []string{"REQ-ENV-005"},
		[]vectors.Op{{Op: "pad", Style: "x923"}}, []vectors.Stage{vectors.StagePadding}, "cryptojs-unpad"},
	{"magic-missing", "ciphertext without magic and salt", "Magic", "high", []string{"REQ-ENV-002"},
		[]vectors.Op{{Op: "header", Style: "drop"}}, []vectors.Stage{vectors.StageMagic, vectors.StagePadding, vectors.StageInnerBase64, vectors.StageInnerUTF8, vectors.StageInnerJSON}, ""},
}

func (c envelopeCase) test() (*vectors.EnvelopeTest, error) {
	recipe := vectors.Construct{Plain: plain, SEQN: "121", SaltHex: salt1, Ops: c.ops}
	p, err := construct.Static(recipe, []byte(horse))
	if err != nil {
		return nil, err
	}
	m, err := construct.Build(recipe, p)
	if err != nil {
		return nil, err
	}
	t := &vectors.EnvelopeTest{
		Case: vectors.Case{ID: "envelope/" + c.name, Since: first, Comment: c.comment, Flags: []string{c.flag}, Reqs: c.reqs, Importance: c.importance},
		Msg:  m.Msg, Construct: recipe,
		Debug: &vectors.Debug{SaltHex: salt1, KeyHex: hex.EncodeToString(m.Key), IVHex: hex.EncodeToString(m.IV), PaddedHex: hex.EncodeToString(m.Padded)},
	}
	opened := vectors.Outcome{Accept: true, PlainHex: ptr(hex.EncodeToString(m.Text)), Next: "122", Data: `{"value":300}`}
	switch {
	case len(c.stages) == 0:
		t.Result, t.Expect = vectors.Valid, &opened
	case c.dialect == "":
		t.Result, t.RejectStage = vectors.Invalid, c.stages
	default:
		opened.Dialect = c.dialect
		t.Result, t.Permitted = vectors.Acceptable, []vectors.Outcome{{Stage: c.stages}, opened}
	}
	if !json.Valid(m.Text) {
		opened.Next, opened.Data = "", ""
	}
	return t, nil
}
