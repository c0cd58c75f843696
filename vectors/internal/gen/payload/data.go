package payload

import (
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// data returns readings of every kind, to be kept as they are.
func data() []family {
	nothing := by("falsy-is-missing", noField)
	infinite := by("nan-json", yes("122", "")) // and gives back what is no JSON
	return []family{{
		name: "data", flag: "Data", importance: "high", reqs: []string{"REQ-SEQ-009", "REQ-SEQ-014"}, next: "121",
		note: vectors.Note{BugType: "FUNCTIONALITY", Description: "data is of any JSON type.", Effect: "Readings are lost, or are not what the device has measured."},
		cases: []example{
			kept("object", "the example of PROTOCOL.md", value),
			kept("object-empty", "an object without members", `{}`, nothing),
			kept("array", "an array", `[1,2,3]`),
			kept("array-empty", "an array without elements", `[]`, nothing),
			kept("array-mixed", "an array of every type", `[0,"a",true,false,null,{},[]]`),
			kept("string", "a string", `"21.5 C"`),
			kept("string-empty", "nothing to say, said", `""`, nothing),
			kept("string-digits", "digits in quotes stay a string", `"0021"`),
			kept("number", "a number", `300`),
			kept("number-negative", "a negative number", `-40`),
			kept("number-fraction", "a fraction", `21.5`),
			kept("zero", "zero is a reading", `0`, nothing),
			kept("true", "true", `true`),
			kept("false", "false is a reading", `false`, nothing),
			kept("null", "null is a reading", `null`, nothing),
			kept("nested", "an object in an array in an object", `{"a":[1,{"b":[true,false,null]}],"c":{"d":{}}}`),
			kept("elements-1000", "a thousand numbers", `[`+strings.Repeat("0,", 999)+`0]`),
			kept("white-space", "white space inside", `{ "value" : 300 , "list" : [ 1 , 2 ] }`),
			kept("line-ends", "line ends and tabs inside", "{\r\n\t\"value\":\t300\n}"),
			kept("order", "keys that are not in the order of letters", `{"z":1,"a":2,"m":3}`),
			kept("order-of-numbers", "keys that JavaScript puts in the order of numbers", `{"b":1,"10":2,"9":3,"a":4}`),
			kept("keys-of-other-case", "keys that differ by case", `{"a":1,"A":2}`),
			kept("key-empty", "the empty key", `{"":1}`),
			kept("keys-of-objects", "names that every object of JavaScript has", `{"constructor":1,"toString":2,"hasOwnProperty":3}`),
			kept("quotes", "quotes of SQL, of HTML and of a shell", `"'; DROP TABLE readings; -- <b>&amp;$(reboot)"`),
			kept("key-of-1-kib", "a key of 1 KiB", `{"`+strings.Repeat("k", 1024)+`":1}`),
			twiceInside("keys-twice", "a key twice inside data is data's own business", `{"a":1,"a":2}`, `{"a":2}`, `{"a":1}`),
			twiceInside("keys-twice-deep", "the same, deeper", `[{"b":{"a":1,"x":0,"a":2}}]`, `[{"b":{"x":0,"a":2}}]`, `[{"b":{"x":0,"a":1}}]`),
			{"proto", "the prototype of JavaScript's objects as a key", `{"data":{"__proto__":{"value":1}},"SEQN":${SEQN}}`,
				either(yes("122", `{"__proto__":{"value":1}}`)), either(by("script-json", yes("122", `{}`))), nil},
		},
	}, {
		name: "text", flag: "Characters", importance: "medium", reqs: []string{"REQ-SEQ-009", "REQ-SEQ-014"}, next: "121",
		note: vectors.Note{BugType: "EDGE_CASE", Description: "Characters beyond ASCII, and escapes.", Effect: "Readings are refused or changed."},
		cases: []example{
			kept("escapes", "each short escape", `"\"\\\/\b\f\n\r\t"`),
			kept("escape-of-a-letter", "a letter as an escape", `"\u0041"`),
			kept("escape-in-capitals", "an escape with capital digits", `"\u00FC\u00fc"`),
			kept("escape-nul", "NUL", `"a\u0000b"`, by("nul-terminated", yes("122", `"a"`))),
			kept("escape-controls", "control characters", `"\u0001\u001f\u007f"`),
			kept("escape-pair", "a surrogate pair", `"\ud83d\ude00"`),
			kept("escape-bom", "a byte order mark that is none", `"\ufeff"`),
			kept("escape-noncharacter", "code points that are no characters", `"\ufffe\uffff"`),
			kept("escaped-key", "a key with escapes", `{"\u0076alue":300}`),
			kept("latin", "letters beyond ASCII", `"Grüße"`).cites("REQ-ENV-010", "REQ-SEQ-009", "REQ-SEQ-014"),
			kept("bmp", "characters of three bytes", `"☂ 水 €"`).cites("REQ-ENV-010", "REQ-SEQ-009", "REQ-SEQ-014"),
			kept("astral", "characters of four bytes", `"😀 𝄞"`).cites("REQ-ENV-010", "REQ-SEQ-009", "REQ-SEQ-014"),
			kept("last", "the last code point there is", "\"\U0010ffff\"").cites("REQ-ENV-010", "REQ-SEQ-009", "REQ-SEQ-014"),
			kept("composed", "a letter composed", "\"\u00e9\"").cites("REQ-ENV-010", "REQ-SEQ-009", "REQ-SEQ-014"),
			kept("decomposed", "the same letter decomposed: it must not be normalized", "\"e\u0301\"").cites("REQ-ENV-010", "REQ-SEQ-009", "REQ-SEQ-014"),
			kept("joined", "an emoji of several code points", "\"\U0001f469\u200d\U0001f52c\"").cites("REQ-ENV-010", "REQ-SEQ-009", "REQ-SEQ-014"),
			kept("right-to-left", "marks of direction", "\"\u202e123\u200f\""),
			kept("line-separators", "U+2028 and U+2029, which end a line in old JavaScript", "\"\u2028\u2029\"").cites("REQ-ENV-010", "REQ-SEQ-009", "REQ-SEQ-014"),
			kept("del", "DEL, which is no control character to JSON", "\"\u007f\""),
			kept("bom-inside", "a byte order mark inside a string", "\"a\ufeffb\"").cites("REQ-ENV-010", "REQ-SEQ-009", "REQ-SEQ-014"),
			kept("key-beyond-ascii", "a key beyond ASCII", `{"Größe":1,"😀":2}`).cites("REQ-ENV-010", "REQ-SEQ-009", "REQ-SEQ-014"),
			kept("html", "what some encoders escape for HTML", `"<a href=\"x\">&</a>"`),
			lone("lone-high", "half a surrogate pair", `"\ud800"`, `"\ufffd"`),
			lone("lone-low", "the other half", `"\udc00"`, `"\ufffd"`),
			lone("lone-swapped", "the halves in the wrong order", `"\ude00\ud83d"`, `"\ufffd\ufffd"`),
			lone("lone-before-text", "half a pair before a letter", `"\ud83dA"`, `"\ufffdA"`),
			lone("lone-in-key", "half a pair in a key inside data", `{"\ud800":1}`, `{"\ufffd":1}`),
		},
	}, {
		name: "number", flag: "DataNumbers", importance: "high", reqs: []string{"REQ-SEQ-009", "REQ-SEQ-014"}, next: "121",
		note: vectors.Note{BugType: "NUMERIC_RANGE", Description: "Numbers under data that a double does not hold, or that are written anew.", Effect: "A counter of 64 bits loses its last digits on the way to the shelf."},
		cases: []example{
			kept("minus-0", "zero with a sign", `-0`, nothing),
			kept("1-point-0", "a fraction of zero", `1.0`),
			kept("1-point-50", "a zero behind", `1.50`),
			kept("exponent", "an exponent", `3e2`),
			kept("exponent-capital", "a capital E, and a plus", `3E+02`),
			kept("exponent-negative", "a negative exponent", `25e-1`),
			kept("0-point-1", "a fraction that no double holds, and every double prints", `0.1`),
			rounded("digits-17", "seventeen digits", `0.30000000000000004`).or(fifteen(`0.3`)),
			rounded("2-53", "2^53", `9007199254740992`).or(fifteen(`9.00719925474099e+15`)),
			kept("1e21", "where JavaScript begins to write exponents", `1000000000000000000000`),
			rounded("smallest", "the smallest double above 0", `5e-324`).or(fifteen(`4.94065645841247e-324`)),
			rounded("largest", "the largest double", `1.7976931348623157e308`).or(fifteen(`1.79769313486232e+308`)),
			rounded("2-53-and-1", "no double holds it", `9007199254740993`, yes("122", `9007199254740992`)).or(fifteen(`9.00719925474099e+15`)),
			rounded("2-63", "the largest signed 64-bit integer", `9223372036854775807`, yes("122", `9223372036854776000`), yes("122", `9.2233720368547758e+18`)),
			rounded("2-64", "the largest unsigned 64-bit integer", `18446744073709551615`, yes("122", `18446744073709552000`)),
			rounded("digits-30", "thirty digits", `123456789012345678901234567890`, yes("122", `1.2345678901234568e+29`)),
			rounded("fraction-30", "thirty digits behind the point", `0.123456789012345678901234567890`, yes("122", `0.12345678901234568`)),
			rounded("hair", "one, and a hair", `1.00000000000000000001`, yes("122", `1`)),
			rounded("1e-400", "as a double it is zero", `1e-400`, yes("122", `0`)).wrong(nothing),
			rounded("1e400", "as a double it is infinite, which JSON cannot write", `1e400`, yes("122", `null`), noJSON).wrong(infinite),
			rounded("minus-1e400", "as a double it is infinite, which JSON cannot write", `-1e400`, yes("122", `null`), noJSON).wrong(infinite),
			rounded("inside", "among others, deep inside", `{"ids":[1,9007199254740993],"t":20.5}`, yes("122", `{"ids":[1,9007199254740992],"t":20.5}`)).or(fifteen(`{"ids":[1,9.00719925474099e+15],"t":20.5}`)),
			rounded("digits-400", "four hundred digits", strings.Repeat("7", 400), yes("122", `null`), noJSON),
		},
	}, {
		name: "size", flag: "Size", importance: "medium", reqs: []string{"REQ-ENV-013"}, next: "121",
		note: vectors.Note{BugType: "DENIAL_OF_SERVICE", Description: "Large and deeply nested texts.", Effect: "One message ends the backend's stack or memory; or honest readings do not fit."},
		cases: []example{
			kept("string-512", "the longest string that every device seals", `"`+strings.Repeat("x", 512)+`"`),
			kept("text-4-kib", "the longest text that every backend reads", `"`+strings.Repeat("x", 4096-24)+`"`, by("bounded-text", noJSON)),
			bounded("text-32-kib", "the longest text that a strict backend reads", `"`+strings.Repeat("x", 32<<10-24)+`"`, "bounded-text", "REQ-ENV-014"),
			bounded("text-32-kib-of-escapes", "as long, of escapes alone", `"`+strings.Repeat(`\u0041`, 5400)+`"`, "bounded-text", "REQ-ENV-014"),
			kept("depth-50-arrays", "fifty arrays in one another", nest("[", "]", 50, ""), by("shallow-json", noJSON)),
			kept("depth-50-objects", "fifty objects in one another", nest(`{"a":`, "}", 50, "0"), by("shallow-json", noJSON)),
			kept("depth-63", "as deep as every backend reads, the outermost object included", nest("[", "]", 63, ""), by("shallow-json", noJSON)),
			bounded("depth-500", "five hundred arrays in one another", nest("[", "]", 500, ""), "shallow-json", "REQ-ENV-011"),
			bounded("depth-511", "as deep as a strict backend reads, the outermost object included", nest("[", "]", 511, ""), "shallow-json", "REQ-ENV-011"),
			bounded("depth-511-objects", "as deep, of objects", nest(`{"a":`, "}", 511, "0"), "shallow-json", "REQ-ENV-011"),
			bottomless("depth-512", "one deeper than a strict backend reads", nest("[", "]", 512, "")),
			bottomless("depth-900-objects", "nine hundred objects in one another", nest(`{"a":`, "}", 900, "0")),
			bottomless("depth-5000", "five thousand arrays in one another", nest("[", "]", 5000, "")),
			{"depth-5000-unclosed", "five thousand arrays that never end", `{"SEQN":${SEQN},"data":` + strings.Repeat("[", 5000),
				either(noJSON), nil, []string{"REQ-ENV-004", "REQ-ENV-011"}},
		},
	}}
}

// sealing is the text around data.
func sealing(data string) string { return `{"data":` + data + `,"SEQN":${SEQN}}` }

// kept is data that has to come back.
func kept(name, comment, data string, mistakes ...vectors.Outcome) example {
	return example{name, comment, sealing(data), either(yes("122", data)), mistakes, nil}
}

// rounded is data with a number that code which parses it into a double changes.
func rounded(name, comment, data string, double ...vectors.Outcome) example {
	c := example{name: name, comment: comment, text: sealing(data), right: either(yes("122", data)), reqs: []string{"REQ-SEQ-014"}}
	for _, o := range double {
		c.right = append(c.right, by("float64-data", o))
	}
	return c
}

// fifteen is data whose numbers are written with fifteen digits.
func fifteen(data string) vectors.Outcome { return by("digits15-data", yes("122", data)) }

// twiceInside is data that loses members when it is parsed and written anew.
func twiceInside(name, comment, data, last, first string) example {
	return example{name, comment, sealing(data), either(yes("122", data), by("reencoded-data", yes("122", last)), by("reencoded-data", yes("122", first))), nil, []string{"REQ-SEQ-014", "REQ-ENV-012"}}
}

// lone is data with half a surrogate pair, which some replace and some refuse.
func lone(name, comment, data, replaced string) example {
	return example{name, comment, sealing(data),
		either(yes("122", data), by("replacing-characters", yes("122", replaced)), by("refusing-surrogates", noText)), nil, []string{"REQ-SEQ-014"}}
}

// bounded is data that a backend may find too large.
func bounded(name, comment, data, dialect, req string) example {
	return example{name, comment, sealing(data), either(yes("122", data), by(dialect, noJSON)), nil, []string{req}}
}

// bottomless is data that is nested too deep.
func bottomless(name, comment, data string) example {
	return example{name, comment, sealing(data), either(noJSON, by("bottomless-json", yes("122", data))), nil, []string{"REQ-ENV-011"}}
}

func nest(open, shut string, n int, inside string) string {
	return strings.Repeat(open, n) + inside + strings.Repeat(shut, n)
}
