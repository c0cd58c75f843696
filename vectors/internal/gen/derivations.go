package main

import (
	"fmt"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

const (
	zeros      = "0000000000000000"
	ones       = "ffffffffffffffff"
	device12FA = "2B7E151628AED2A6ABF7158809CF4F3C" // what the published design calls a key
)

var derivations = []derivation{
	{"KnownAnswer", vectors.Note{BugType: "BASIC", Description: "A plain derivation.", Effect: "No message of any device opens."},
		[]string{"REQ-KDF-001"}, "critical", []kdfCase{
			{"ascii", "the example of PROTOCOL.md", horse, salt1},
			{"ascii-one-byte", "one letter", "x", salt1},
			{"ascii-digits", "digits", "0123456789", salt1},
			{"ascii-symbols", "what a shell would chew on", "$PATH `id` \"'\\;&|<>*?!#~%", salt1},
			{"ascii-mixed-case", "upper and lower case are different", "Correct Horse", salt1},
			{"ascii-all", "every printable character of ASCII", printable(), salt1},
		}},
	{"Salt", vectors.Note{BugType: "EDGE_CASE", Description: "A salt that programs trip over.", Effect: "One message in some hundreds does not open."},
		[]string{"REQ-KDF-001"}, "high", []kdfCase{
			{"salt-zeros", "eight NULs, which end a C string", horse, zeros},
			{"salt-ones", "every bit set: no UTF-8", horse, ones},
			{"salt-newlines", "eight newlines", horse, "0a0a0a0a0a0a0a0a"},
			{"salt-crlf", "CR and LF", horse, "0d0a0d0a0d0a0d0a"},
			{"salt-salted", "the magic itself", horse, "53616c7465645f5f"},
			{"salt-spaces", "eight spaces, which are not trimmed", horse, "2020202020202020"},
			{"salt-nul-first", "a NUL, and then seven bytes", horse, "0001020304050607"},
			{"salt-nul-last", "seven bytes, and then a NUL", horse, "0102030405060700"},
			{"salt-high-bytes", "bytes from 0x80 on", horse, "8081828384858687"},
			{"salt-hexadecimal", "digits that look like half a salt", horse, "3031323334353637"},
		}},
	{"Empty", vectors.Note{BugType: "EDGE_CASE", Description: "A passphrase of no bytes.", Effect: "A program takes it for none at all, and derives nothing, or crashes."},
		[]string{"REQ-KDF-002"}, "medium", []kdfCase{
			{"empty", "only the salt goes into the derivation", "", salt1},
			{"empty-salt-zeros", "neither has anything to say", "", zeros},
		}},
	{"Nul", vectors.Note{BugType: "EDGE_CASE", Description: "A NUL in the passphrase.", Effect: "A C string ends there: passphrases that differ behind it give one key."},
		[]string{"REQ-KDF-002"}, "high", []kdfCase{
			{"nul-inside", "a NUL in the middle", "correct\x00horse", salt1},
			{"nul-at-end", "a NUL at the end", "correct horse\x00", salt1},
			{"nul-first", "a NUL before everything", "\x00correct horse", salt1},
			{"nul-only", "nothing but a NUL", "\x00", salt1},
			{"nul-twice", "two NULs", "a\x00b\x00c", salt1},
		}},
	{"Unicode", vectors.Note{BugType: "EDGE_CASE", Description: "Letters beyond ASCII.", Effect: "A device with a passphrase in its owner's language is not understood."},
		[]string{"REQ-KDF-002"}, "high", []kdfCase{
			{"unicode-two-bytes", "letters of two bytes, which Latin-1 has", "pässwörd é", salt1},
			{"unicode-two-bytes-greek", "letters of two bytes, which Latin-1 lacks", "κωδικός", salt1},
			{"unicode-three-bytes", "letters of three bytes", "水とパン ☂", salt1},
			{"unicode-four-bytes", "letters of four bytes: two units of UTF-16", "🌲🐴 correct", salt1},
			{"unicode-decomposed", "the same letters as the next case, each with its mark apart", "pa\u0308sswo\u0308rd", salt1},
			{"unicode-composed", "the same letters as the case before, in one piece: another passphrase", "pässwörd", salt1},
			{"unicode-bom", "a byte order mark is part of the passphrase", "\ufeffcorrect horse", salt1},
			{"unicode-right-to-left", "letters that are written the other way", "סוסנכון", salt1},
			{"unicode-zero-width", "a joiner that nobody sees", "correct\u200dhorse", salt1},
			{"unicode-no-break-space", "a space that is none of ASCII, at the end", "correct horse\u00a0", salt1},
			{"unicode-replacement", "the replacement character itself", "\ufffd", salt1},
			{"unicode-largest", "the last code point", "\U0010ffff", salt1},
		}},
	{"Hexadecimal", vectors.Note{BugType: "TYPE_CONFUSION", Description: "A passphrase that looks like hexadecimal or base64, and is text all the same.", Effect: "No message of the published design's devices opens."},
		[]string{"REQ-KDF-001", "REQ-KDF-002"}, "critical", []kdfCase{
			{"hex-upper-32", "the passphrase of the published design, which calls it a key", device12FA, salt1},
			{"hex-lower-32", "the same in lower case: another passphrase", strings.ToLower(device12FA), salt1},
			{"hex-64", "as long as an AES-256 key", strings.Repeat(device12FA, 2), salt1},
			{"hex-48", "as long as an AES-192 key", device12FA + device12FA[:16], salt1},
			{"hex-two-digits", "as short as can be", "ff", salt1},
			{"hex-zeros", "zeros", strings.Repeat("0", 32), salt1},
			{"hex-prefixed", "with 0x before it", "0x" + device12FA, salt1},
			{"hex-odd", "an odd number of digits", device12FA[:31], salt1},
			{"base64-like", "the base64 of 16 bytes", "K34VFiiu0qar9xWICc9PPA==", salt1},
		}},
	{"Whitespace", vectors.Note{BugType: "EDGE_CASE", Description: "White space at the ends of a passphrase.", Effect: "What a terminal or a form trims is missing from the key."},
		[]string{"REQ-KDF-002"}, "medium", []kdfCase{
			{"space-at-end", "a space at the end", "correct horse ", salt1},
			{"space-first", "a space before everything", " correct horse", salt1},
			{"space-only", "nothing but a space", " ", salt1},
			{"newline-at-end", "a newline, as echo leaves it", "correct horse\n", salt1},
			{"crlf-at-end", "CR and LF, as Windows leaves it", "correct horse\r\n", salt1},
			{"newline-inside", "two lines", "correct\nhorse", salt1},
			{"tab-at-end", "a tab at the end", "correct horse\t", salt1},
		}},
	{"Length", vectors.Note{BugType: "EDGE_CASE", Description: "Lengths at which MD5 needs another block: passphrase and salt, with the 16 bytes of the digest before them or without.",
		Effect: "A buffer overflows, or MD5's own padding is wrong."},
		[]string{"REQ-KDF-001"}, "medium", passphraseLengths()},
}

// passphraseLengths are those around the limits: of 64 bytes, MD5 pads into the block if
// no more than 55 are taken. 8 are salt; 16 digest, from the second round on.
func passphraseLengths() (cases []kdfCase) {
	for _, n := range []int{31, 32, 33, 39, 40, 41, 47, 48, 49, 55, 56, 57, 63, 64, 65, 95, 96, 103, 104, 111, 112, 119, 120, 127, 128, 129, 255, 256, 512, 1024} {
		cases = append(cases, kdfCase{fmt.Sprintf("length-%d", n), fmt.Sprintf("a passphrase of %d bytes", n), strings.Repeat("0123456789abcdefghijklmnopqrstuv", n/32+1)[:n], salt1})
	}
	return cases
}

// printable returns the 95 characters of ASCII that print.
func printable() string {
	var s strings.Builder
	for c := byte(' '); c <= '~'; c++ {
		s.WriteByte(c)
	}
	return s.String()
}
