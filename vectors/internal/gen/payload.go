package main

import (
	"encoding/hex"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// payload returns the texts that are sealed in well-made envelopes.
func payload() (*vectors.File, error) {
	g := &vectors.Group{Type: "PayloadTest", Source: core, Next: "121"}
	for _, c := range payloadCases {
		recipe := vectors.Construct{Plain: c.plain, SEQN: "121"}
		text, err := construct.Text(recipe, recipe.SEQN)
		if err != nil {
			return nil, err
		}
		t := &vectors.PayloadTest{
			Case: vectors.Case{ID: "payload/" + c.name, Since: first, Comment: c.comment, Flags: []string{c.flag}, Reqs: c.reqs,
				Importance: c.importance, Mistakes: c.mistakes},
			PlainHex: hex.EncodeToString(text), Construct: recipe,
		}
		if c.accept != nil {
			t.Result, t.Expect = vectors.Valid, c.accept
		} else {
			t.Result, t.RejectStage = vectors.Invalid, c.stages
		}
		g.Tests = append(g.Tests, t)
	}
	return frame("payload", []string{"Texts as they were sealed, read by a backend whose next is 121."}, map[string]vectors.Note{
		"KnownAnswer": {BugType: "BASIC", Description: "A reading.", Effect: "Nothing else can pass."},
		"NumberRange": {BugType: "NUMERIC_RANGE", Description: "SEQN outside 0 to 2^53-2.", Effect: "A message is accepted for ever, or a device is locked out."},
	}, g), nil
}

type payloadCase struct {
	name, comment, flag, importance string
	reqs                            []string
	plain                           string
	accept                          *vectors.Outcome
	stages                          []vectors.Stage
	mistakes                        []vectors.Outcome
}

var payloadCases = []payloadCase{
	{"object", "an object under data", "KnownAnswer", "critical", []string{"REQ-ENV-004", "REQ-SEQ-001"}, plain,
		&vectors.Outcome{Accept: true, Next: "122", Data: `{"value":300}`}, nil, nil},
	{"seqn-2-53", "2^53: as a double, it equals the number after it", "NumberRange", "critical", []string{"REQ-SEQ-006"},
		`{"data":{"value":300},"SEQN":9007199254740992}`, nil, []vectors.Stage{vectors.StageSEQNType},
		[]vectors.Outcome{{Accept: true, Next: "9007199254740992", Dialect: "float64-seqn"}, {Accept: true, Next: "9007199254740993", Dialect: "unbounded-seqn"}}},
}
