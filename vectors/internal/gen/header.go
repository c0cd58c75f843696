package main

import (
	"strconv"

	"github.com/espalier-hil/espalier/vectors"
)

var headerFamilies = []family{
	{"Magic", vectors.Note{BugType: "MODIFIED_PARAMETER", Description: "Salted__ is missing or other.", Effect: "Something that is no envelope is decrypted, with a salt that it does not hold."},
		[]string{"REQ-ENV-002"}, "high", magicCases},
	{"Salt", vectors.Note{BugType: "MODIFIED_PARAMETER", Description: "The salt is short, missing or other than that of the key.", Effect: "Bytes of the ciphertext are taken for salt, or a program reads beyond the message."},
		[]string{"REQ-ENV-001", "REQ-KDF-001"}, "high", saltCases},
	{"Length", vectors.Note{BugType: "MISSING_STEP", Description: "The ciphertext is empty or no whole number of blocks.", Effect: "A program crashes, reads beyond the message, or makes up what is missing."},
		[]string{"REQ-ENV-003"}, "high", lengthCases()},
}

const (
	noMagic = vectors.StageMagic
	noBlock = vectors.StageLength
	noPad   = vectors.StagePadding
)

var magicCases = []envelopeCase{
	{"magic-missing", "ciphertext without magic and salt", noMagic, header("drop"), ""},
	{"magic-missing-salt-kept", "salt and ciphertext without magic", noMagic, header("no-magic"), ""},
	{"magic-lower-case", "salted__", noMagic, header("lower"), ""},
	{"magic-upper-case", "SALTED__", noMagic, header("upper"), ""},
	{"magic-first-bit", "the first bit is flipped", noMagic, header("xor", at(0), hexed("01")), ""},
	{"magic-middle-bit", "a bit in the middle is flipped", noMagic, header("xor", at(4), hexed("20")), ""},
	{"magic-last-bit", "the last byte differs in one bit", noMagic, header("xor", at(7), hexed("01")), ""},
	{"magic-one-underscore", "Salted_ and the salt, a byte too few", noMagic, header("magic", hexed("53616c7465645f")), ""},
	{"magic-three-underscores", "Salted___, a byte too many", noBlock, header("magic", hexed("53616c7465645f5f5f")), ""},
	{"magic-half", "Salt", noMagic, header("magic", hexed("53616c74")), ""},
	{"magic-hyphens", "Salted--", noMagic, header("magic", hexed("53616c7465642d2d")), ""},
	{"magic-nul", "Salted and two NULs", noMagic, header("magic", hexed("53616c7465640000")), ""},
	{"magic-zeros", "eight NULs", noMagic, header("magic", hexed("0000000000000000")), ""},
	{"magic-after-space", "a space before it", noMagic, header("prepend", hexed("20")), ""},
	{"magic-after-bom", "a byte order mark before it", noMagic, header("prepend", hexed("efbbbf")), ""},
	{"magic-after-nul", "a NUL before it", noMagic, header("prepend", hexed("00")), ""},
	{"magic-after-block", "16 bytes before it", noMagic, header("prepend", hexed("00000000000000000000000000000000")), ""},
	{"magic-twice", "magic and salt twice: the second is taken for ciphertext", vectors.StageInnerBase64, header("twice"), ""},
	{"magic-alone", "nothing but Salted__", noBlock, header("cut", at(8)), ""},
	{"magic-cut", "nothing but Salted_", noMagic, header("cut", at(7)), ""},
	{"magic-first-byte-alone", "nothing but S", noMagic, header("cut", at(1)), ""},
}

var saltCases = []envelopeCase{
	{"salt-first-bit", "a bit of the salt is flipped: another key", noPad, header("xor", at(8), hexed("01")), ""},
	{"salt-last-bit", "the last bit of the salt is flipped", noPad, header("xor", at(15), hexed("01")), ""},
	{"salt-top-bit", "the first bit of the salt is flipped", noPad, header("xor", at(8), hexed("80")), ""},
	{"salt-inverted", "every bit of the salt is flipped", noPad, header("xor", at(8), hexed("ffffffffffffffff")), ""},
	{"salt-missing", "ciphertext behind the magic", noBlock, header("no-salt"), ""},
	{"salt-of-seven", "seven bytes of salt, and no ciphertext", noBlock, header("cut", at(15)), ""},
	{"salt-of-one", "one byte of salt, and no ciphertext", noBlock, header("cut", at(9)), ""},
	{"salt-alone", "magic and salt, and no ciphertext", noBlock, header("cut", at(16)), ""},
}

func lengthCases() []envelopeCase {
	cases := []envelopeCase{
		{"length-plus-1", "a byte too many", noBlock, do("append", hexed("00")), ""},
		{"length-plus-1-newline", "a newline behind the ciphertext", noBlock, do("append", hexed("0a")), ""},
		{"length-plus-8", "half a block too many", noBlock, do("append", hexed("0000000000000000")), ""},
		{"length-plus-15", "a byte short of a block more", noBlock, do("append", hexed("000000000000000000000000000000")), ""},
		{"length-minus-1", "the last byte is missing", noBlock, do("truncate", at(-1)), ""},
		{"length-minus-2", "the last two bytes are missing", noBlock, do("truncate", at(-2)), ""},
		{"length-minus-4", "the last four bytes are missing", noBlock, do("truncate", at(-4)), ""},
		{"length-minus-8", "half of the last block is missing", noBlock, do("truncate", at(-8)), ""},
		{"length-minus-15", "one byte is left of the last block", noBlock, do("truncate", at(-15)), ""},
	}
	for _, size := range []int{1, 2, 3, 7, 8, 9, 12, 14, 15, 17, 24, 31} {
		cases = append(cases, envelopeCase{name: "length-" + strconv.Itoa(size), comment: "a ciphertext of so many bytes", strict: noBlock, ops: do("truncate", at(size))})
	}
	return cases
}
