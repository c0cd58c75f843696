package main

import (
	"encoding/hex"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// right is what the known answer comes to.
var right = vectors.Outcome{Accept: true, PlainHex: ptr(hexOf(`{"data":{"value":300},"SEQN":121}`)), Next: "122", Data: `{"value":300}`}

// but returns the right outcome with something wrong in it.
func but(edit func(*vectors.Outcome)) *vectors.Outcome {
	o := right
	edit(&o)
	return &o
}

// poisonedMessage is a message, or its text, with a wrong outcome.
type poisonedMessage struct {
	name, wrong, comment, req string
	plain                     string // template; "" is the known answer's
	ops                       []vectors.Op
	expect                    *vectors.Outcome  // valid
	stages                    []vectors.Stage   // invalid
	permitted                 []vectors.Outcome // acceptable
}

func (p poisonedMessage) common(kind string) (vectors.Case, vectors.Construct) {
	c := bad(kind+"-"+p.name, p.comment, p.req, vectors.Invalid)
	c.RejectStage, c.Expect, c.Permitted = p.stages, p.expect, p.permitted
	switch {
	case p.expect != nil:
		c.Result = vectors.Valid
	case p.permitted != nil:
		c.Result = vectors.Acceptable
	}
	recipe := vectors.Construct{Plain: p.plain, SEQN: "121", Ops: p.ops}
	if p.plain == "" {
		recipe.Plain = plain
	}
	return c, recipe
}

// anywhere is every stage of opening and reading.
var anywhere = []vectors.Stage{
	vectors.StageOuterBase64, vectors.StageMagic, vectors.StageLength, vectors.StagePadding, vectors.StageInnerBase64,
	vectors.StageInnerUTF8, vectors.StageInnerJSON, vectors.StageFields, vectors.StageSEQNType, vectors.StageSEQNReplay,
}

var poisonedEnvelopes = []poisonedMessage{
	{name: "text", wrong: "another text is expected than the one that was sealed", comment: "the known answer; its reading is right, its text has a space too many", req: "REQ-ENV-001",
		expect: but(func(o *vectors.Outcome) { o.PlainHex = ptr(hexOf(`{"data":{"value":300},"SEQN": 121}`)) })},
	{name: "next", wrong: "next is a thousand too high", comment: "the known answer, with a wrong next", req: "REQ-SEQ-002",
		expect: but(func(o *vectors.Outcome) { o.Next = "1122" })},
	{name: "data", wrong: "data has another value", comment: "the known answer, with wrong data", req: "REQ-SEQ-009",
		expect: but(func(o *vectors.Outcome) { o.Data = `{"value":301}` })},
	{name: "accept", wrong: "it is expected to open, under a passphrase that is not its own", comment: "sealed under another passphrase", req: "REQ-KDF-001",
		ops: []vectors.Op{{Op: "rekey", Style: "passphrase", Text: "battery staple"}}, expect: &right},
	{name: "refuse", wrong: "the known answer is expected to be refused", comment: "nothing is wrong with the message", req: "REQ-ENV-001", stages: anywhere},
	{name: "stage", wrong: "the stage is that of a fault which it does not have", comment: "the padding is wrong, the magic is not", req: "REQ-ENV-005",
		ops: []vectors.Op{{Op: "pad", Style: "bytes", Hex: "00000000"}}, stages: []vectors.Stage{vectors.StageMagic}},
	{name: "late-stage", wrong: "it is expected not to open, and is refused only as a reading", comment: "well made, and a replay", req: "REQ-SEQ-001",
		plain: `{"data":{"value":300},"SEQN":120}`, stages: []vectors.Stage{vectors.StagePadding}},
	{name: "no-reading", wrong: "it is expected to open and to be no reading", comment: "the known answer, which is a reading", req: "REQ-ENV-004",
		expect: &vectors.Outcome{Accept: true, PlainHex: right.PlainHex}},
	{name: "alternatives", wrong: "none of the alternatives is right", comment: "the known answer, between wrong outcomes", req: "REQ-ENV-001",
		permitted: []vectors.Outcome{
			{Stage: []vectors.Stage{vectors.StagePadding}},
			*but(func(o *vectors.Outcome) { o.Next = "1122" }),
			*but(func(o *vectors.Outcome) { o.Data = `{"value":301}` }),
		}},
}

var poisonedPayloads = []poisonedMessage{
	{name: "next", wrong: "next is a thousand too high", comment: "a reading, with a wrong next", req: "REQ-SEQ-002",
		expect: &vectors.Outcome{Accept: true, Next: "1122", Data: right.Data}},
	{name: "data", wrong: "data has another value", comment: "a reading, with wrong data", req: "REQ-SEQ-009",
		expect: &vectors.Outcome{Accept: true, Next: right.Next, Data: `{"value":301}`}},
	{name: "data-2-53", wrong: "data is another number, which is the same as a double", comment: "2^53+1 is not 2^53 and a half", req: "REQ-SEQ-009",
		plain: `{"data":9007199254740993,"SEQN":121}`, expect: &vectors.Outcome{Accept: true, Next: right.Next, Data: `9007199254740992.5`}},
	{name: "data-type", wrong: "data is a string and not a number", comment: "what a loose comparison takes for the same", req: "REQ-SEQ-009",
		plain: `{"data":300,"SEQN":121}`, expect: &vectors.Outcome{Accept: true, Next: right.Next, Data: `"300"`}},
	{name: "data-twice", wrong: "the first of two values of a key is another", comment: "readers that let the last one win do not see the first", req: "REQ-SEQ-009",
		plain: `{"data":{"a":1,"a":2},"SEQN":121}`, expect: &vectors.Outcome{Accept: true, Next: right.Next, Data: `{"a":2,"a":2}`}},
	{name: "data-surrogate", wrong: "data is half of another surrogate pair", comment: "readers that know only characters make both U+FFFD", req: "REQ-SEQ-009",
		plain: `{"data":"\ud800","SEQN":121}`, expect: &vectors.Outcome{Accept: true, Next: right.Next, Data: `"\ud801"`}},
	{name: "accept", wrong: "a replay is expected to be accepted, and to take next to where it never is", comment: "SEQN below next", req: "REQ-SEQ-001",
		plain: `{"data":{"value":300},"SEQN":120}`, expect: &vectors.Outcome{Accept: true, Next: "1121", Data: right.Data}},
	{name: "refuse", wrong: "a plain reading is expected to be refused", comment: "nothing is wrong with it", req: "REQ-SEQ-001", stages: anywhere},
	{name: "stage", wrong: "the stage is that of a fault which it does not have", comment: "a replay, expected to fail as JSON", req: "REQ-SEQ-001",
		plain: `{"data":{"value":300},"SEQN":120}`, stages: []vectors.Stage{vectors.StageInnerJSON}},
	{name: "alternatives", wrong: "none of the alternatives is right", comment: "a reading, between wrong outcomes", req: "REQ-SEQ-002",
		permitted: []vectors.Outcome{
			{Stage: []vectors.Stage{vectors.StageSEQNType}},
			{Accept: true, Next: "1122", Data: right.Data},
			{Accept: true, Next: right.Next, Data: `{"value":301}`},
		}},
}

func poisonEnvelope() ([]*vectors.Group, error) {
	var groups []*vectors.Group
	for _, p := range poisonedEnvelopes {
		c, recipe := p.common("envelope")
		recipe.SaltHex = salt1
		params, err := construct.Static(recipe, []byte(horse))
		if err != nil {
			return nil, err
		}
		m, err := construct.Build(recipe, params)
		if err != nil {
			return nil, err
		}
		groups = append(groups, &vectors.Group{Type: "EnvelopeTest", Source: core, Poison: p.wrong, PassphraseHex: hexOf(horse), Next: "121",
			Tests: []vectors.Test{&vectors.EnvelopeTest{Case: c, Msg: m.Msg, Construct: recipe}}})
	}
	return groups, nil
}

func poisonPayload() ([]*vectors.Group, error) {
	var groups []*vectors.Group
	for _, p := range poisonedPayloads {
		c, recipe := p.common("payload")
		text, err := construct.Text(recipe, recipe.SEQN)
		if err != nil {
			return nil, err
		}
		groups = append(groups, &vectors.Group{Type: "PayloadTest", Source: core, Poison: p.wrong, Next: "121",
			Tests: []vectors.Test{&vectors.PayloadTest{Case: c, PlainHex: hex.EncodeToString(text), Construct: recipe}}})
	}
	return groups, nil
}
