package main

import (
	"fmt"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

var soundFamilies = []family{
	{"KnownAnswer", vectors.Note{BugType: "BASIC", Description: "A well-made message.", Effect: "Nothing else can pass."},
		[]string{"REQ-KDF-001", "REQ-ENV-001", "REQ-ENV-002", "REQ-ENV-003", "REQ-ENV-004", "REQ-ENV-005", "REQ-ENV-006", "REQ-ENV-009"}, "critical", []envelopeCase{
			{name: "known-answer", comment: "the example of PROTOCOL.md"},
			{name: "known-answer-seqn-first", comment: "the members in the other order", plain: `{"SEQN":${SEQN},"data":{"value":300}}`},
			{name: "known-answer-spaced", comment: "white space between the tokens", plain: "{ \"data\" : {\"value\":300} ,\r\n\t\"SEQN\" : ${SEQN} }"},
			{name: "known-answer-unknown-member", comment: "a member that the protocol does not know is ignored", plain: `{"data":{"value":300},"unit":"lx","SEQN":${SEQN}}`},
			{name: "known-answer-unicode", comment: "letters of two, three and four bytes", plain: `{"data":"Grüße ☂ 🌲","SEQN":${SEQN}}`},
			{name: "known-answer-null", comment: "null counts as present", plain: `{"data":null,"SEQN":${SEQN}}`},
			{name: "known-answer-plus-and-slash", comment: "base64 with + and / inside", plain: `{"data":"~?~>~?~>~ÿÿ","SEQN":${SEQN}}`},
			{name: "known-answer-512", comment: "a string of 512 characters", plain: `{"data":"` + strings.Repeat("x", 512) + `","SEQN":${SEQN}}`},
			{name: "known-answer-4096", comment: "a string of 4096 characters", plain: `{"data":"` + strings.Repeat("0123456789abcdef", 256) + `","SEQN":${SEQN}}`},
		}},
	{"Size", vectors.Note{BugType: "EDGE_CASE", Description: "A text of a certain size: each remainder of base64 and of the blocks comes.", Effect: "Messages of one size in twelve do not open."},
		[]string{"REQ-ENV-001", "REQ-ENV-003", "REQ-ENV-005"}, "high", sizeCases()},
}

// sizeCases returns a text of each size around the first blocks. Below 21 bytes
// no reading has room: the text opens, and that is all.
func sizeCases() (cases []envelopeCase) {
	for size := 1; size <= 48; size++ {
		c := envelopeCase{name: fmt.Sprintf("size-%d", size), comment: fmt.Sprintf("a text of %d bytes", size)}
		const around = `{"data":"","SEQN":121}`
		switch {
		case size < len(around)-1:
			c.plain, c.strict = strings.Repeat("text of no reading ", 2)[:size], only
			c.comment += ", which is no reading"
		case size == len(around)-1:
			c.plain = `{"data":7,"SEQN":${SEQN}}`
		default:
			c.plain = `{"data":"` + strings.Repeat("x", size-len(around)) + `","SEQN":${SEQN}}`
		}
		cases = append(cases, c)
	}
	return cases
}
