package main

import (
	"fmt"
	"slices"

	"github.com/espalier-hil/espalier/vectors"
)

var malleability = []string{"REQ-ENV-007", "REQ-ENV-006"}

var editFamilies = []family{
	{"BitFlip", vectors.Note{BugType: "MALLEABILITY", Description: "A byte of the ciphertext is changed without the key: its block decrypts to noise, and the same byte of the next block changes with it.",
		Effect: "SEQN or a value is edited on the way."}, malleability, "high", flipCases()},
	{"Blocks", vectors.Note{BugType: "MALLEABILITY", Description: "Blocks of the ciphertext are cut off, dropped, doubled or exchanged without the key.",
		Effect: "Parts of a reading vanish, or one reading is made of two."}, malleability, "high", slices.Concat(truncationCases(), blockCases())},
	{"Splice", vectors.Note{BugType: "MALLEABILITY", Description: "The beginning of one message and the end of another, under one salt.",
		Effect: "An old reading goes through under a new number."}, malleability, "high", spliceCases()},
	{"Forgery", vectors.Note{BugType: "AUTH_BYPASS", Description: "One byte of the ciphertext is changed without the key, in a message where the noise that this makes is harmless to a lenient decoder of base64.",
		Effect: "SEQN or a value is what the attacker wants; a raised SEQN locks the device out."}, malleability, "critical", forgeryCases},
	{"ProtocolLimit", vectors.Note{BugType: "MALLEABILITY", Description: "An edit without the key whose result is, byte for byte, a message that the device could have sent: PROTOCOL.md 3.13. Strict profiles demand what a codec without memory can do, which is to accept. A backend that remembers salts, and refuses one that comes twice, may refuse.",
		Effect: "An old reading goes through under a new number. Only devices that never repeat a salt prevent it."}, []string{"REQ-ENV-007"}, "medium", limitCases},
}

// The message that is edited has so many blocks of ciphertext, whatever SEQN is,
// or one more.
const (
	longPlain = `{"data":{"note":"a message of several blocks, in all","value":300},"SEQN":${SEQN}}`
	blocks    = 7
)

func flipCases() (cases []envelopeCase) {
	for i := range blocks {
		for _, c := range []struct {
			name, comment, mask string
			at                  int
		}{
			{"first-byte", "the first byte", "01", 0},
			{"top-bit", "the top bit of a byte in the middle", "80", 7},
			{"last-byte", "the last byte", "01", 15},
		} {
			strict := noInner
			if i >= blocks-1 || c.at == 15 && i == blocks-2 {
				strict = noPad // of the block itself, or of the one behind it
			}
			cases = append(cases, envelopeCase{
				name: fmt.Sprintf("flip-block-%d-%s", i, c.name), comment: fmt.Sprintf("%s of block %d of %d is changed", c.comment, i, blocks),
				strict: strict, ops: four.and("xor", at(16*(i-blocks)+c.at), hexed(c.mask)), plain: longPlain,
			})
		}
	}
	return append(cases,
		envelopeCase{"flip-everything", "every bit of the first block", noInner, xor(0, "ffffffffffffffffffffffffffffffff"), longPlain},
		envelopeCase{"flip-padding-to-one", "of the last block but one, a byte that turns the last byte of the padding from 4 to 1", noInner, four.and("xor", at(-17), hexed("05")), longPlain},
	)
}

func truncationCases() (cases []envelopeCase) {
	for i := 1; i < blocks; i++ {
		cases = append(cases,
			envelopeCase{name: fmt.Sprintf("truncate-to-%d-blocks", i), comment: fmt.Sprintf("of %d blocks, %d are left", blocks, i), strict: noPad, ops: do("truncate", at(16*i)), plain: longPlain},
			envelopeCase{name: fmt.Sprintf("truncate-in-block-%d", i), comment: fmt.Sprintf("of %d blocks, %d and a half are left", blocks, i), strict: noBlock, ops: do("truncate", at(16*i+8)), plain: longPlain})
	}
	return cases
}

func blockCases() (cases []envelopeCase) {
	add := func(name, comment string, strict vectors.Stage, ops recipe) {
		cases = append(cases, envelopeCase{name, comment, strict, four.and(ops[0].Op, func(o *vectors.Op) { *o = ops[0] }), longPlain})
	}
	for i := range blocks {
		strict := noInner
		if i >= blocks-1 {
			strict = noPad
		}
		if i < blocks-1 { // without the last, it would be truncated
			dropped := strict
			if i == blocks-2 {
				dropped = noPad
			}
			add(fmt.Sprintf("drop-block-%d", i), fmt.Sprintf("block %d of %d is missing", i, blocks), dropped, do("drop-block", block(i-blocks)))
		}
		add(fmt.Sprintf("duplicate-block-%d", i), fmt.Sprintf("block %d of %d comes twice", i, blocks), strict, do("duplicate-block", block(i-blocks), toBlock(i-blocks)))
		if i > 0 {
			last := noInner
			if i >= blocks-2 { // the last block, or the one before it, has another before it
				last = noPad
			}
			add(fmt.Sprintf("swap-blocks-%d-%d", i-1, i), fmt.Sprintf("blocks %d and %d of %d are exchanged", i-1, i, blocks), last, do("swap-blocks", block(i-1-blocks), toBlock(i-blocks)))
		}
	}
	add("swap-first-and-last", "the first block and the last are exchanged", noPad, do("swap-blocks", block(0), toBlock(-1)))
	add("append-noise-block", "a block of noise behind the last", noPad, do("append", hexed("9f3c00ff8e11d7a2c4b0f6e51d2a7b88")))
	add("append-zero-block", "a block of zeros behind the last", noPad, do("append", hexed("00000000000000000000000000000000")))
	return cases
}

// older is a message that the device sent before, with a number of the past.
const older = `{"data":{"note":"a message of several blocks, in all","value":299},"SEQN":1}`

func spliceCases() (cases []envelopeCase) {
	for i := 1; i < 6; i++ {
		cases = append(cases, envelopeCase{
			name: fmt.Sprintf("splice-block-%d", i), comment: fmt.Sprintf("%d blocks of a message of another text, and then the rest of this one", i),
			strict: noInner, ops: do("splice", otherPlain(longPlain), block(i), toBlock(i)), plain: `{"note":"quite another reading than that one","data":7,"SEQN":1}`,
		})
	}
	return append(cases,
		envelopeCase{"splice-same-beginning", "two messages that begin alike, parted where they still do: what comes of it is the later one", "", do("splice", otherPlain(longPlain), block(2), toBlock(2)), older},
		envelopeCase{"splice-shifted", "the beginning of one, and the rest of another from an earlier block on", noInner, do("splice", otherPlain(longPlain), block(3), toBlock(1)), older},
		envelopeCase{"splice-skipped", "the beginning of one, and the rest of another from a later block on", noInner, do("splice", otherPlain(longPlain), block(1), toBlock(4)), older},
	)
}

var forgeryCases = []envelopeCase{
	{"forge-seqn", "SEQN is raised", noInner, do("search", styled("seqn")), `{"data":{"note":"${FILL}"},"SEQN":${SEQN}}`},
	{"forge-seqn-behind-value", "SEQN is raised, and what is noise stands in data", noInner, do("search", styled("seqn")), `{"data":"${FILL}","SEQN":${SEQN}}`},
	{"forge-value", "the value is raised", noInner, do("search", styled("text"), text("300")), `{"data":{"note":"${FILL}","value":300},"SEQN":${SEQN}}`},
}

var limitCases = []envelopeCase{
	{"splice-that-survives", "an old value under a new number: the beginning of one message and the end of another, which fit by luck", "",
		do("search", styled("splice"), otherPlain(`{"data":{"value":900,"note":"${FILL}"},"SEQN":${SEQN}}`)), `{"data":{"value":300,"note":"${FILL}"},"SEQN":1}`},
}
