package main

import (
	"fmt"
	"slices"

	"github.com/espalier-hil/espalier/vectors"
)

var paddingNote = vectors.Note{BugType: "MISSING_STEP", Description: "The last block does not end in PKCS#7.",
	Effect: "A backend that does not look at every byte lets an edited last block pass."}

// What ends in PKCS#7 all the same is refused for what is then left of the text.
var paddingFamilies = []family{
	{"Padding", paddingNote, []string{"REQ-ENV-005"}, "medium", paddingCases(vectors.StagePadding)},
	{"Padding", paddingNote, []string{"REQ-ENV-006"}, "medium", paddingCases(vectors.StageInnerBase64)},
}

// four has the text want four bytes of padding, and sixteen a whole block.
var (
	four    = stretched("padding", 4)
	sixteen = stretched("padding", 16)
)

func padded(r recipe, style string, args ...arg) recipe {
	return append(r[:1:1], pad(style, args...)...)
}

// paddingCases returns those that a strict backend refuses at that stage.
func paddingCases(at vectors.Stage) []envelopeCase {
	return slices.DeleteFunc(allPadding(), func(c envelopeCase) bool { return c.strict != at })
}

func allPadding() []envelopeCase {
	const stage, behind = vectors.StagePadding, vectors.StageInnerBase64
	cases := []envelopeCase{
		{"pad-x923", "ANSI X9.23: zeros, then the length", stage, padded(four, "x923"), ""},
		{"pad-x923-block", "a whole block of it", stage, padded(sixteen, "x923"), ""},
		{"pad-iso7816", "ISO 7816-4: 0x80, then zeros", stage, padded(four, "iso7816"), ""},
		{"pad-iso7816-block", "a whole block of it", stage, padded(sixteen, "iso7816"), ""},
		{"pad-iso10126", "ISO 10126: noise, then the length", stage, padded(four, "iso10126"), ""},
		{"pad-iso10126-block", "a whole block of it", stage, padded(sixteen, "iso10126"), ""},
		{"pad-zero", "zeros", stage, padded(four, "zero"), ""},
		{"pad-zero-block", "a block of zeros", stage, padded(sixteen, "zero"), ""},
		{"pad-space", "spaces", stage, padded(four, "space"), ""},
		{"pad-none", "nothing is added, since the text fills its blocks", stage, padded(sixteen, "none"), ""},
		{"pad-first-byte", "the first byte of the padding is other", stage, padded(four, "xor", at(0), hexed("01")), ""},
		{"pad-first-byte-top-bit", "the first byte differs in its top bit", stage, padded(four, "xor", at(0), hexed("80")), ""},
		{"pad-middle-byte", "a byte in the middle is other", stage, padded(four, "xor", at(2), hexed("01")), ""},
		{"pad-last-but-one", "of a whole block, the last byte but one is other", stage, padded(sixteen, "xor", at(14), hexed("10")), ""},
		{"pad-block-first-byte", "of a whole block, the first byte is other", stage, padded(sixteen, "xor", at(0), hexed("01")), ""},
		{"pad-block-middle-byte", "of a whole block, the eighth byte is other", stage, padded(sixteen, "xor", at(7), hexed("01")), ""},
		{"pad-all-but-last", "every byte but the last is other", stage, padded(four, "xor", at(0), hexed("ffffff")), ""},
		{"pad-claims-text", "five bytes are claimed, four are there: a letter of the text goes too", stage, padded(four, "value", n(5)), ""},
		{"pad-claims-less", "three bytes are claimed, four are there", behind, padded(four, "bytes", hexed("04030303")), ""},
		{"pad-claims-two", "the last two bytes are claimed", behind, padded(four, "bytes", hexed("04040202")), ""},
		{"pad-longer-than-the-message", "the message is shorter than its padding says", stage, do("inner-raw", hexed("65794a395a4741")).and("pad", styled("value"), n(32)), ""},
		{"pad-two-blocks", "PKCS#7, and a block of it behind that", behind, padded(four, "block"), ""},
		{"pad-two-whole-blocks", "two blocks of 16", behind, padded(sixteen, "block"), ""},
		{"pad-20-bytes", "twenty bytes that say so: more than a block", stage, padded(four, "count", n(20)), ""},
		{"pad-32-bytes", "32 bytes that say so", stage, padded(sixteen, "count", n(32)), ""},
		{"pad-244-bytes", "244 bytes that say so", stage, padded(four, "count", n(244)), ""},
		{"pad-only-zeros", "nothing but a block of zeros", stage, do("inner-text", styled("empty")).and("pad", styled("zero")), ""},
	}
	for _, last := range []int{0, 1, 2, 3, 5, 8, 15, 16, 17, 32, 64, 127, 128, 255} {
		strict := stage
		if last == 1 {
			strict = behind // which is right: one byte of padding, and three of no base64
		}
		cases = append(cases, envelopeCase{fmt.Sprintf("pad-last-%d", last), fmt.Sprintf("the last byte is %d instead of 4", last), strict, padded(four, "last", n(last)), ""})
	}
	for _, value := range []int{17, 18, 31, 32, 48, 100, 128, 200, 254, 255} {
		cases = append(cases, envelopeCase{fmt.Sprintf("pad-block-of-%d", value), fmt.Sprintf("a whole block of bytes %d", value), stage, padded(sixteen, "value", n(value)), ""})
	}
	return cases
}
