package main

import (
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

var base64Effect = "One message has many spellings; where foreign characters pass, a block garbled by an attacker passes, too."

var outerFamilies = []family{{
	"OuterBase64", vectors.Note{BugType: "MALLEABILITY", Description: "msg is not the canonical base64 of its bytes.", Effect: base64Effect},
	[]string{"REQ-ENV-006"}, "medium", slices.Concat(
		spelled("outer", "msg", vectors.StageOuterBase64, outer),
		[]envelopeCase{
			{"outer-url-alphabet", "- and _ for + and /", noOuter, outer("url-alphabet"), `{"data":"` + strings.Repeat("a long text ", 40) + `","SEQN":${SEQN}}`},
			{"outer-foreign-everywhere", "a star behind each four characters", noOuter, outer("lines", n(4), text("*")), ""},
			{"outer-empty", "an empty msg", noMagic, outer("empty"), ""},
			{"outer-form", "the fields of a form, neither sealed nor encoded", noOuter, outer("empty").and("outer-text", styled("append"), text("data=300&SEQN=121")), ""},
			{"outer-double", "base64 of base64", noMagic, outer("double"), ""},
			{"outer-hex", "hexadecimal", noMagic, outer("hex"), ""},
			{"outer-data-url", "as a data URL", noOuter, outer("data-url"), ""},
			{"outer-quoted", "within quotes", noOuter, outer("quoted"), ""},
			{"outer-escaped", "percent-encoded, as in a form", noOuter, outer("escaped"), ""},
			{"outer-equals-alone", "nothing but =", noOuter, outer("empty").and("outer-text", styled("append"), text("====")), ""},
			{"outer-one-character", "nothing but a letter", noOuter, outer("empty").and("outer-text", styled("append"), text("U")), ""},
			{"outer-spaces-alone", "nothing but spaces", noOuter, outer("empty").and("outer-text", styled("append"), text("    ")), ""},
		}),
}}

// letterA has an A in its base64, as character 23.
const letterA = `{"data":{"ab":"@@@"},"SEQN":${SEQN}}`

const noOuter = vectors.StageOuterBase64

var innerFamilies = []family{
	{"InnerBase64", vectors.Note{BugType: "MALLEABILITY", Description: "What was sealed is not the canonical base64 of its bytes.", Effect: base64Effect},
		[]string{"REQ-ENV-006"}, "high", slices.Concat(spelled("inner", "what is sealed", vectors.StageInnerBase64, inner), []envelopeCase{
			{"inner-url-alphabet", "- and _ for + and /, in what is sealed", noInner, inner("url-alphabet"), `{"data":"~?~>~?~>~ÿÿ","SEQN":${SEQN}}`},
			{"inner-star-for-an-a", "a star in the place of an A, in what is sealed", noInner, inner("replace", at(23), text("*")), letterA},
			{"inner-cyrillic-a", "a Cyrillic letter in the place of an A, in what is sealed", noInner, inner("replace", at(23), text("А")), letterA},
			{"inner-nul-for-an-a", "a NUL in the place of an A, in what is sealed", noInner, inner("replace", at(23), text("\x00")), letterA},
		})},
	{"InnerText", vectors.Note{BugType: "MISSING_STEP", Description: "What was sealed is no base64 of JSON in UTF-8.", Effect: "A step of the protocol is left out, or guessed."},
		[]string{"REQ-ENV-004"}, "high", innerCases},
	{"InnerEncoding", vectors.Note{BugType: "MISSING_STEP", Description: "What was sealed is base64 of JSON in another encoding than UTF-8.", Effect: "Two backends read one text differently."},
		[]string{"REQ-ENV-010"}, "medium", encodingCases},
}

const (
	noInner = vectors.StageInnerBase64
	noUTF8  = vectors.StageInnerUTF8
	noJSON  = vectors.StageInnerJSON
)

var encodingCases = []envelopeCase{
	{"inner-utf-16le", "UTF-16, little end first", noJSON, do("recode", styled("utf-16le")), ""},
	{"inner-utf-16be", "UTF-16, big end first", noJSON, do("recode", styled("utf-16be")), ""},
	{"inner-utf-16", "UTF-16 behind its byte order mark", noUTF8, do("recode", styled("utf-16")), ""},
	{"inner-bom", "a byte order mark before the JSON", noJSON, do("recode", styled("bom")), ""},
	{"inner-not-utf-8", "base64 of bytes that are no UTF-8", noUTF8, do("inner-raw", hexed("2f2f37392f513d3d")), ""},
}

var innerCases = []envelopeCase{
	{"inner-none", "JSON as it stands, without base64", noInner, inner("none"), ""},
	{"inner-hex", "hexadecimal in place of base64", noInner, stretched("inner", 0).and("inner-text", styled("hex")), ""},
	{"inner-double", "base64 of base64", noJSON, inner("double"), ""},
	{"inner-data-url", "as a data URL", noInner, inner("data-url"), ""},
	{"inner-quoted", "base64 within quotes, as a JSON string", noInner, inner("quoted"), ""},
	{"inner-empty-quotes", "two quotes", noInner, do("inner-raw", hexed("2222")), ""},
	{"inner-nul", "a NUL", noInner, do("inner-raw", hexed("00")), ""},
	{"inner-noise", "sixteen bytes of no text", noInner, do("inner-raw", hexed("9f3c00ff8e11d7a2c4b0f6e51d2a7b88")), ""},
	{"inner-words", "base64 of words", noJSON, nil, "no JSON at all ${SEQN}"},
	{"inner-array", "base64 of an array", noJSON, nil, `[{"value":300},${SEQN}]`},
	{"inner-number", "base64 of a number", noJSON, nil, `${SEQN}`},
	{"inner-null", "base64 of null", noJSON, nil, `null`},
	{"inner-string", "base64 of a JSON string that holds the object", noJSON, nil, `"{\"data\":{\"value\":300},\"SEQN\":${SEQN}}"`},
	{"inner-cut-json", "base64 of an object without its end", noJSON, nil, `{"data":{"value":300},"SEQN":${SEQN}`},
	{"inner-two-objects", "base64 of two objects", noJSON, nil, `{"data":{"value":300},"SEQN":${SEQN}}{"data":{"value":300},"SEQN":${SEQN}}`},
	{"inner-empty-object", "base64 of {}", vectors.StageFields, nil, `{}`},
}

// spelled returns the ways in which base64 can be written otherwise, outside or
// inside: spell makes the op. Where one needs padding, the text is stretched so
// that there is some.
func spelled(layer, what string, stage vectors.Stage, spell func(string, ...arg) recipe) []envelopeCase {
	with := func(equals int, style string, args ...arg) recipe {
		return append(stretched(layer, equals), spell(style, args...)...)
	}
	cases := []envelopeCase{
		{"no-padding", "both = are missing", stage, with(2, "no-padding"), ""},
		{"no-padding-one", "the one = is missing", stage, with(1, "no-padding"), ""},
		{"half-padding", "one = of two is missing", stage, with(2, "less-padding"), ""},
		{"three-equals", "a third =", stage, with(2, "append", text("=")), ""},
		{"two-equals-for-one", "two = where one belongs", stage, with(1, "append", text("=")), ""},
		{"equals-unneeded", "= behind whole groups", stage, with(0, "append", text("=")), ""},
		{"four-equals-unneeded", "==== behind whole groups", stage, with(0, "append", text("====")), ""},
		{"equals-first", "= before everything", stage, with(0, "prepend", text("=")), ""},
		{"equals-second", "= behind the first character", stage, with(0, "insert", at(1), text("=")), ""},
		{"equals-third", "= behind the second character", stage, with(0, "insert", at(2), text("=")), ""},
		{"equals-fourth", "= behind the third character", stage, with(0, "insert", at(3), text("=")), ""},
		{"equals-at-4", "= behind the first group", stage, with(0, "insert", at(4), text("=")), ""},
		{"four-equals-at-4", "==== behind the first group", stage, with(0, "insert", at(4), text("====")), ""},
		{"equals-for-a-character", "= in the place of a character in the middle", stage, with(0, "replace", at(18), text("=")), ""},
		{"text-after-padding", "more base64 behind the padding", stage, with(2, "append", text("AAAA")), ""},
		{"padded-text-after-padding", "another text, with padding, behind the padding", stage, with(2, "append", text("QUE=")), ""},
		{"character-after-padding", "a letter behind the padding", stage, with(1, "append", text("A")), ""},
		{"star-after-padding", "a star behind the padding", stage, with(1, "append", text("*")), ""},
		{"character-too-many", "a group of one character", stage, with(0, "append", text("A")), ""},
		{"newline-at-end", "a newline at the end, as many programs write", stage, with(2, "append", text("\n")), ""},
		{"crlf-at-end", "CR and LF at the end", stage, with(2, "append", text("\r\n")), ""},
		{"newline-at-end-unpadded", "a newline behind whole groups", stage, with(0, "append", text("\n")), ""},
		{"newline-first", "a newline before everything", stage, with(2, "prepend", text("\n")), ""},
		{"newline-inside", "a newline in the middle", stage, with(2, "insert", at(20), text("\n")), ""},
		{"newline-in-group", "a newline within a group", stage, with(2, "insert", at(21), text("\n")), ""},
		{"newline-in-padding", "a newline between the two =", stage, with(2, "insert", at(-1), text("\n")), ""},
		{"mime-76", "lines of 76 characters that end in CR and LF: MIME", stage, with(2, "lines", n(76), text("\r\n")), longPlain},
		{"pem-64", "lines of 64 characters that end in LF: PEM, and openssl enc -a", stage, with(2, "lines", n(64), text("\n")), longPlain},
		{"lines-of-4", "lines of four characters", stage, with(2, "lines", n(4), text("\n")), ""},
		{"space-at-end", "a space at the end", stage, with(2, "append", text(" ")), ""},
		{"space-first", "a space before everything", stage, with(2, "prepend", text(" ")), ""},
		{"space-inside", "a space in the middle", stage, with(2, "insert", at(20), text(" ")), ""},
		{"tab-inside", "a tab in the middle", stage, with(2, "insert", at(20), text("\t")), ""},
		{"form-feed-inside", "a form feed in the middle", stage, with(2, "insert", at(20), text("\f")), ""},
		{"nul-inside", "a NUL in the middle", stage, with(2, "insert", at(20), text("\x00")), ""},
		{"nul-at-end", "a NUL at the end, as of a C string", stage, with(2, "append", text("\x00")), ""},
		{"foreign-inside", "a star in the middle", stage, with(2, "insert", at(20), text("*")), ""},
		{"foreign-for-a-character", "a star in the place of a character", stage, with(2, "replace", at(20), text("*")), ""},
		{"four-foreign", "a group of stars in the middle", stage, with(2, "insert", at(20), text("****")), ""},
		{"minus-inside", "a minus in the middle", stage, with(2, "insert", at(20), text("-")), ""},
		{"soft-hyphen-inside", "a soft hyphen in the middle", stage, with(2, "insert", at(20), text("\u00ad")), ""},
		{"wide-inside", "a wide U in the middle", stage, with(2, "insert", at(20), text("Ｕ")), ""},
		{"bom-first", "a byte order mark before everything", stage, with(2, "prepend", text("\ufeff")), ""},
		{"stray-bit-of-four", "the lowest of four bits that padding leaves over is set", stage, with(2, "stray-bits", n(1)), ""},
		{"stray-high-bit-of-four", "the highest of four bits that padding leaves over is set", stage, with(2, "stray-bits", n(8)), ""},
		{"stray-four-bits", "all four bits that padding leaves over are set", stage, with(2, "stray-bits", n(15)), ""},
		{"stray-bit-of-two", "the lower of two bits that padding leaves over is set", stage, with(1, "stray-bits", n(1)), ""},
		{"stray-two-bits", "both bits that padding leaves over are set", stage, with(1, "stray-bits", n(3)), ""},
	}
	for i, c := range cases {
		cases[i].name, cases[i].comment = layer+"-"+c.name, c.comment+", in "+what
	}
	return cases
}
