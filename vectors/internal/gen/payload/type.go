package payload

import "github.com/espalier-hil/espalier/vectors"

var (
	noType  = no(vectors.StageSEQNType)
	noWords = no(vectors.StageInnerJSON, vectors.StageSEQNType)
)

// types are SEQNs that are no numbers at all.
var types = []family{{
	name: "type-from-121", flag: "Type", importance: "critical", reqs: []string{"REQ-SEQ-006"}, next: "121",
	note: vectors.Note{BugType: "TYPE_CONFUSION", Description: "SEQN is of another type.", Effect: "What compares as a number and adds as text locks the device out, or passes for ever."},
	cases: []example{
		seqnOf("string", `"121"`, "next in quotes", concatenated("1211"), converted("122")),
		seqnOf("string-far", `"500"`, "a later number in quotes", concatenated("5001"), converted("501")),
		seqnOf("string-below", `"99"`, "a replay in quotes; behind 121 in the order of texts"),
		seqnOf("string-space-before", `" 121"`, "next in quotes, behind a space", concatenated(" 1211"), converted("122")),
		seqnOf("string-space-behind", `"121 "`, "next in quotes, before a space", concatenated("121 1"), converted("122")),
		seqnOf("string-newline", `"121\n"`, "next in quotes, before a line end", concatenated("121\n1"), converted("122")),
		seqnOf("string-plus", `"+121"`, "next in quotes, with a plus", concatenated("+1211"), converted("122")),
		seqnOf("string-zeros", `"0121"`, "next in quotes, behind a zero", concatenated("01211"), converted("122")),
		seqnOf("string-fraction", `"121.0"`, "next in quotes, with a fraction of zero", concatenated("121.01"), converted("122")),
		seqnOf("string-half", `"121.5"`, "half way to the number after next, in quotes", concatenated("121.51"), converted("122.5"), converted("122")),
		seqnOf("string-exponent", `"1e3"`, "a number with an exponent, in quotes", concatenated("1e31"), converted("1001")),
		seqnOf("string-hex", `"0x79"`, "next in hexadecimal, in quotes", concatenated("0x791"), converted("122")),
		seqnOf("string-octal", `"0o171"`, "next in octal, in quotes", concatenated("0o1711"), converted("122")),
		seqnOf("string-underscore", `"1_21"`, "next in quotes, as Python may write it", converted("122")),
		seqnOf("string-devanagari", `"१२१"`, "next in quotes, in Devanagari digits", converted("122")),
		seqnOf("string-full-width", `"１２１"`, "next in quotes, in full-width digits", converted("122")),
		seqnOf("string-and-letters", `"121abc"`, "next in quotes, with letters behind", by("prefix-seqn", yes("122", value))),
		seqnOf("string-infinity", `"Infinity"`, "a word that JavaScript counts as a number", concatenated("Infinity1"), converted("Infinity")),
		seqnOf("string-nan", `"NaN"`, "a word that is no number by its own words"),
		seqnOf("string-2-53-and-1", `"9007199254740993"`, "a number in quotes that no double holds", concatenated("90071992547409931"), converted("9007199254740992"), converted("9007199254740994")),
		seqnOf("string-letters", `"next"`, "a word"),
		seqnOf("array", `[121]`, "next in an array", coerced("1211"), converted("122")),
		seqnOf("array-far", `[500]`, "a later number in an array", coerced("5001"), converted("501")),
		seqnOf("array-of-array", `[[121]]`, "next in two arrays", coerced("1211"), converted("122")),
		seqnOf("array-of-string", `["121"]`, "next in quotes in an array", coerced("1211"), converted("122")),
		seqnOf("array-of-two", `[121,122]`, "two numbers", by("prefix-seqn", yes("122", value))),
		seqnOf("array-empty", `[]`, "an empty array"),
		seqnOf("object-empty", `{}`, "an empty object"),
		seqnOf("object-value", `{"value":121}`, "next in an object"),
		seqnOf("object-number-long", `{"$numberLong":"121"}`, "next as MongoDB writes it"),
		seqnOf("object-value-of", `{"valueOf":121,"toString":121}`, "an object that JavaScript fails to convert"),
		seqnOf("null", `null`, "null"),
		seqnOf("true", `true`, "true"),
		seqnOf("false", `false`, "false"),
	},
}, {
	name: "type-from-0", flag: "Type", importance: "critical", reqs: []string{"REQ-SEQ-006"}, next: "0",
	note: vectors.Note{BugType: "TYPE_CONFUSION", Description: "SEQN is of another type.", Effect: "What compares as a number and adds as text locks the device out, or passes for ever."},
	cases: []example{
		seqnOf("null", `null`, "JavaScript compares it as 0, and Go leaves the 0 that was there", coerced("1"), converted("1"), by("zero-value", yes("1", value)), untyped("1")),
		seqnOf("true", `true`, "JavaScript and Python count it as 1", coerced("2"), converted("2"), by("bool-seqn", yes("2", value)), untyped("2")),
		seqnOf("false", `false`, "JavaScript and Python count it as 0", coerced("1"), converted("1"), by("bool-seqn", yes("1", value)), untyped("1")),
		seqnOf("string-0", `"0"`, "the first number in quotes", concatenated("01"), converted("1"), untyped("1")),
		seqnOf("string-minus-0", `"-0"`, "the first number in quotes, with a sign", concatenated("-01"), converted("1"), untyped("1")),
		seqnOf("string-empty", `""`, "JavaScript compares it as 0", concatenated("1"), converted("1"), untyped("1")),
		seqnOf("string-space", `" "`, "JavaScript compares it as 0", concatenated(" 1"), converted("1"), untyped("1")),
		seqnOf("string-false", `"false"`, "a word", untyped("1")),
		seqnOf("array-empty", `[]`, "JavaScript compares it as 0", coerced("1"), converted("1"), untyped("1")),
		seqnOf("array-of-null", `[null]`, "JavaScript compares it as 0", coerced("1"), converted("1"), untyped("1")),
		seqnOf("array-of-array", `[[]]`, "JavaScript compares it as 0", coerced("1"), converted("1"), untyped("1")),
		seqnOf("object-empty", `{}`, "an empty object", untyped("1")),
		{"missing", "no SEQN at all: Go leaves the 0 that was there", `{"data":` + value + `}`,
			either(no(vectors.StageFields, vectors.StageSEQNType)), either(by("zero-value", yes("1", value))), []string{"REQ-ENV-009"}},
		{"key-in-lower-case", "seqn is another key", `{"data":` + value + `,"seqn":${SEQN}}`,
			either(no(vectors.StageFields, vectors.StageSEQNType)), either(by("case-insensitive-keys", yes("1", value)), by("zero-value", yes("1", value))), []string{"REQ-ENV-004", "REQ-ENV-009"}},
		{"nothing", "an empty object", `{}`,
			either(no(vectors.StageFields, vectors.StageSEQNType)), either(by("zero-value", yes("1", "null"))), []string{"REQ-ENV-009"}},
		{"null-at-the-top", "null in place of the object", `null`,
			either(no(vectors.StageInnerJSON, vectors.StageFields)), either(by("zero-value", yes("1", "null"))), []string{"REQ-ENV-004"}},
	},
}, {
	name: "token", flag: "NotJSON", importance: "high", reqs: []string{"REQ-ENV-004", "REQ-SEQ-006"}, next: "121", note: notJSON,
	cases: []example{
		notNumber("zero-before", `0121`, "next behind a zero: octal, to some", loosely("122")),
		notNumber("octal", `0171`, "next in C's octal", scripted("122"), loosely("172")),
		notNumber("octal-o", `0o171`, "next in JavaScript's octal", scripted("122")),
		notNumber("binary", `0b1111001`, "next in binary", scripted("122")),
		notNumber("hexadecimal", `0x79`, "next in hexadecimal", scripted("122")),
		notNumber("plus", `+121`, "next with a plus", scripted("122")),
		notNumber("minus-apart", `- 121`, "a minus apart from its number"),
		notNumber("minus-twice", `--121`, "two signs"),
		notNumber("point-before", `.121e3`, "no digit before the point", scripted("122")),
		notNumber("point-behind", `121.`, "no digit behind the point", scripted("122"), loosely("122")),
		notNumber("exponent-empty", `121e`, "an exponent without digits"),
		notNumber("comma", `121,0`, "a fraction as many countries write it"),
		notNumber("underscore", `1_21`, "digits in groups", scripted("122")),
		notNumber("suffix-n", `121n`, "a BigInt"),
		notNumber("suffix-u", `121u`, "an unsigned integer of C"),
		notNumber("sum", `120+1`, "something to be computed", scripted("122")),
		notNumber("space-inside", `1 21`, "digits with a space between"),
		notNumber("nan", `NaN`, "no number by its own words"),
		notNumber("infinity", `Infinity`, "an infinite number", scripted("Infinity"), by("nan-json", yes("Infinity", value))),
		notNumber("minus-infinity", `-Infinity`, "an infinite number below zero"),
		notNumber("undefined", `undefined`, "no value in JavaScript"),
		notNumber("none", `None`, "no value in Python"),
		notNumber("nothing", ``, "a key without a value"),
		notNumber("full-width", `１２１`, "next in full-width digits"),
		notNumber("single-quotes", `'121'`, "next in single quotes", scripted("1211")),
	},
}}

func seqnOf(name, token, comment string, mistakes ...vectors.Outcome) example {
	return example{name, comment, `{"data":` + value + `,"SEQN":` + token + `}`, either(noType), mistakes, nil}
}

func notNumber(name, token, comment string, mistakes ...vectors.Outcome) example {
	return example{name, comment, `{"data":` + value + `,"SEQN":` + token + `}`, either(noWords), mistakes, nil}
}

// concatenated compares a string as a number and puts a 1 behind it.
func concatenated(next string) vectors.Outcome { return by("string-seqn", yes(next, value)) }

// coerced does so with what JavaScript makes of arrays, null and booleans.
func coerced(next string) vectors.Outcome { return by("js-coercion", yes(next, value)) }

// converted makes a number of whatever there is, by int() or Number().
func converted(next string) vectors.Outcome { return by("converted-seqn", yes(next, value)) }

// scripted runs the text as a program.
func scripted(next string) vectors.Outcome { return by("script-json", yes(next, value)) }

// untyped takes the number in a value, and 0 where there is none.
func untyped(next string) vectors.Outcome { return by("untyped-seqn", yes(next, value)) }

// loosely has a grammar wider than JSON's.
func loosely(next string) vectors.Outcome { return by("loose-grammar", yes(next, value)) }
