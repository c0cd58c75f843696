package payload

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"github.com/espalier-hil/espalier/vectors"
)

var (
	noJSON = no(vectors.StageInnerJSON)
	noText = no(vectors.StageInnerUTF8, vectors.StageInnerJSON)

	notJSON = vectors.Note{BugType: "FUNCTIONALITY", Description: "The text is not JSON, but close to it.", Effect: "What one reader refuses another takes; a reader that runs the text as a program runs anything."}
)

// texts are texts that are not, or hardly, one JSON object in UTF-8.
var texts = []family{{
	name: "space", flag: "WhiteSpace", importance: "low", reqs: []string{"REQ-ENV-004"}, next: "121",
	note: vectors.Note{BugType: "EDGE_CASE", Description: "White space around the object and between its parts.", Effect: "Readings of a device are refused."},
	cases: []example{
		taken("around", "each of the four kinds around the object", " \t\r\n{\"data\":{\"value\":300},\"SEQN\":${SEQN}} \t\r\n"),
		taken("between", "each of the four kinds between the parts", "{ \t\"data\" \r:\n {\"value\":300} ,\r\n\t\"SEQN\"\t:\t${SEQN}\n}"),
		taken("line-end", "a line end behind", "{\"data\":{\"value\":300},\"SEQN\":${SEQN}}\n"),
		taken("much", "a thousand spaces before", strings.Repeat(" ", 1000)+`{"data":{"value":300},"SEQN":${SEQN}}`),
		broken("form-feed", "a form feed before", "\f{\"data\":{\"value\":300},\"SEQN\":${SEQN}}", scripted("122"), loosely("122")),
		broken("vertical-tab", "a vertical tab behind", "{\"data\":{\"value\":300},\"SEQN\":${SEQN}}\v", scripted("122"), ignored("122")),
		broken("no-break-space", "a no-break space before", "\u00a0{\"data\":{\"value\":300},\"SEQN\":${SEQN}}", scripted("122")),
		broken("line-separator", "U+2028 between the parts", "{\"data\":{\"value\":300},\u2028\"SEQN\":${SEQN}}", scripted("122")),
		broken("next-line", "U+0085 behind", "{\"data\":{\"value\":300},\"SEQN\":${SEQN}}\u0085", ignored("122")),
		broken("nul-behind", "a NUL behind", "{\"data\":{\"value\":300},\"SEQN\":${SEQN}}\x00", by("nul-terminated", yes("122", value)), by("trailing-text", yes("122", value))),
		broken("nul-before", "a NUL before", "\x00{\"data\":{\"value\":300},\"SEQN\":${SEQN}}"),
	},
}, {
	name: "grammar", flag: "NotJSON", importance: "high", reqs: []string{"REQ-ENV-004"}, next: "121", note: notJSON,
	cases: []example{
		broken("empty", "nothing", ``),
		broken("white-space-only", "nothing but white space", " \n"),
		broken("cut-off", "the last brace is missing", `{"data":{"value":300},"SEQN":${SEQN}`),
		broken("cut-off-number", "cut off behind the colon", `{"data":{"value":300},"SEQN":`),
		broken("cut-off-string", "cut off inside a string", `{"SEQN":${SEQN},"data":"val`),
		broken("open", "the first brace is missing", `"data":{"value":300},"SEQN":${SEQN}}`),
		broken("brace-behind", "a brace too many", `{"data":{"value":300},"SEQN":${SEQN}}}`, ignored("122")),
		broken("text-behind", "a word behind", `{"data":{"value":300},"SEQN":${SEQN}}OK`, ignored("122")),
		broken("object-behind", "a second object behind", `{"data":{"value":300},"SEQN":${SEQN}}{"data":{"value":900},"SEQN":500}`, ignored("122")),
		broken("line-behind", "a second object on a line of its own", "{\"data\":{\"value\":300},\"SEQN\":${SEQN}}\n{\"data\":{\"value\":900},\"SEQN\":500}\n", ignored("122")),
		broken("comma-behind", "a comma behind the object", `{"data":{"value":300},"SEQN":${SEQN}},`, ignored("122")),
		broken("semicolon-behind", "a semicolon behind the object", `{"data":{"value":300},"SEQN":${SEQN}};`, ignored("122")),
		broken("comment-behind", "a comment behind", `{"data":{"value":300},"SEQN":${SEQN}}/*OK*/`, ignored("122"), scripted("122")),
		broken("comment-inside", "a comment inside", `{"data":{"value":300},/*was 300*/"SEQN":${SEQN}}`, scripted("122")),
		broken("comment-line", "a comment to the end of the line", "{\"data\":{\"value\":300},// was 300\n\"SEQN\":${SEQN}}", scripted("122")),
		broken("comma-last", "a comma behind the last member", `{"data":{"value":300},"SEQN":${SEQN},}`, scripted("122")),
		broken("comma-first", "a comma before the first member", `{,"data":{"value":300},"SEQN":${SEQN}}`),
		broken("comma-twice", "two commas", `{"data":{"value":300},,"SEQN":${SEQN}}`),
		broken("comma-missing", "no comma", `{"data":{"value":300}"SEQN":${SEQN}}`),
		broken("comma-last-in-data", "a comma behind the last member of data", `{"data":{"value":300,},"SEQN":${SEQN}}`, scripted("122")),
		broken("colon-missing", "no colon", `{"data":{"value":300},"SEQN" ${SEQN}}`),
		broken("equals", "an equals sign in place of a colon", `{"data":{"value":300},"SEQN"=${SEQN}}`),
		broken("quotes-single", "single quotes", `{'data':{'value':300},'SEQN':${SEQN}}`, scripted("122")),
		broken("quotes-none", "keys without quotes", `{data:{value:300},SEQN:${SEQN}}`, scripted("122")),
		broken("quotes-typographic", "typographic quotes", `{“data”:{“value”:300},“SEQN”:${SEQN}}`),
		broken("key-number", "a key that is a number", `{1:2,"data":{"value":300},"SEQN":${SEQN}}`, scripted("122")),
		broken("bracket-shuts-brace", "a bracket in place of the brace", `{"data":{"value":300},"SEQN":${SEQN}]`),
		broken("control-in-string", "a bare tab in a string", "{\"SEQN\":${SEQN},\"data\":\"a\tb\"}", scriptedData("122", `"a\tb"`), looselyData(`"a\tb"`)),
		broken("line-end-in-string", "a bare line end in a string", "{\"SEQN\":${SEQN},\"data\":\"a\nb\"}", looselyData(`"a\nb"`)),
		broken("nul-in-string", "a bare NUL in a string", "{\"SEQN\":${SEQN},\"data\":\"a\x00b\"}", scriptedData("122", `"a\u0000b"`)),
		broken("escape-unknown", "an escape that there is not", `{"SEQN":${SEQN},"data":"\a"}`, scriptedData("122", `"a"`)),
		broken("escape-hex", "an escape of C", `{"SEQN":${SEQN},"data":"\x41"}`, scriptedData("122", `"A"`)),
		broken("escape-quote", "an escaped single quote", `{"SEQN":${SEQN},"data":"\'"}`, scriptedData("122", `"'"`)),
		broken("escape-short", "an escape of three digits", `{"SEQN":${SEQN},"data":"\u041"}`),
		broken("escape-signed", "an escape with a sign among its digits", `{"SEQN":${SEQN},"data":"\u+041"}`, looselyData(`""`)),
		broken("escape-braces", "an escape in braces", `{"SEQN":${SEQN},"data":"\u{41}"}`, scriptedData("122", `"A"`), looselyData(`""`)),
		broken("number-zeros", "a number behind zeros under data", `{"SEQN":${SEQN},"data":021}`, scriptedData("122", `17`), looselyData(`21`)),
		broken("number-hex", "a number in hexadecimal under data", `{"SEQN":${SEQN},"data":0x15}`, scriptedData("122", `21`)),
		broken("number-point", "no digit behind the point under data", `{"SEQN":${SEQN},"data":21.}`, scriptedData("122", `21`), looselyData(`21`)),
		broken("number-nan", "NaN under data", `{"SEQN":${SEQN},"data":NaN}`, scriptedData("122", `null`), by("nan-json", vectors.Outcome{Accept: true, Next: "122"})),
		broken("number-infinity", "Infinity under data", `{"SEQN":${SEQN},"data":[-Infinity]}`, scriptedData("122", `[null]`), by("nan-json", vectors.Outcome{Accept: true, Next: "122"})),
		broken("word-capital", "True under data", `{"SEQN":${SEQN},"data":True}`),
		broken("word-cut-off", "half a word under data", `{"SEQN":${SEQN},"data":tru}`),
		broken("word-long", "a word with a letter behind under data", `{"SEQN":${SEQN},"data":nulls}`),
		broken("function", "a program under data", `{"SEQN":${SEQN},"data":(function(){return 300})()}`, scriptedData("122", `300`)),
		broken("regular-expression", "a regular expression under data", `{"SEQN":${SEQN},"data":/a/}`, scriptedData("122", `{}`)),
		broken("jsonp", "a call around the object", `read({"data":{"value":300},"SEQN":${SEQN}})`),
		broken("parentheses", "parentheses around the object", `({"data":{"value":300},"SEQN":${SEQN}})`, scripted("122")),
		broken("guard", "the guard that some put before JSON", ")]}'\n{\"data\":{\"value\":300},\"SEQN\":${SEQN}}"),
		broken("record-separator", "the separator of JSON text sequences before", "\x1e{\"data\":{\"value\":300},\"SEQN\":${SEQN}}\n", loosely("122")),
		broken("form", "a form", `SEQN=${SEQN}&data=300`),
		broken("xml", "XML", `<reading SEQN="${SEQN}"><data>300</data></reading>`),
		broken("base64", "base64 once more", `eyJkYXRhIjp7InZhbHVlIjozMDB9LCJTRVFOIjoxMjF9`),
		broken("bytes", "binary rubbish", "\x1f\x8b\x08\x00\xff\xfe\x00\x01"),
		notObject("top-array", "an array with the object in it", `[{"data":{"value":300},"SEQN":${SEQN}}]`, by(search, yes("122", `null`))),
		notObject("top-array-empty", "an empty array", `[]`),
		notObject("top-pairs", "an array of keys and values", `["data",{"value":300},"SEQN",${SEQN}]`),
		notObject("top-string", "a string with the object in it", `"{\"data\":{\"value\":300},\"SEQN\":${SEQN}}"`),
		notObject("top-string-empty", "an empty string", `""`),
		notObject("top-number", "a number", `${SEQN}`),
		notObject("top-null", "null", `null`),
		notObject("top-true", "true", `true`),
	},
}, {
	name: "utf8", flag: "Encoding", importance: "medium", reqs: []string{"REQ-ENV-010"}, next: "121",
	note: vectors.Note{BugType: "EDGE_CASE", Description: "The text is not UTF-8, or has a byte order mark.", Effect: "Bytes are replaced on the way: what is stored was never sent."},
	cases: []example{
		lenient("bom", "a byte order mark before", "\ufeff"+sealing(value), by("skipping-bom", yes("122", value))),
		lenient("utf-16-le", "UTF-16, low bytes first", wide(binary.LittleEndian, ""), by("utf16-json", yes("122", value))),
		lenient("utf-16-be", "UTF-16, high bytes first", wide(binary.BigEndian, ""), by("utf16-json", yes("122", value))),
		lenient("utf-16-le-bom", "UTF-16, low bytes first, with a byte order mark", wide(binary.LittleEndian, "\ufeff"), by("utf16-json", yes("122", value))),
		lenient("utf-16-be-bom", "UTF-16, high bytes first, with a byte order mark", wide(binary.BigEndian, "\ufeff"), by("utf16-json", yes("122", value))),
		garbled("continuation", "a continuation byte by itself", "\x80", 1),
		garbled("lead-alone", "the first of two bytes by itself", "\xc3", 1),
		garbled("cut-off-3", "two of three bytes", "\xe2\x82", 1),
		garbled("cut-off-4", "three of four bytes", "\xf0\x9f\x98", 1),
		garbled("overlong-2", "A in two bytes", "\xc1\x81", 2),
		garbled("overlong-3", "A in three bytes", "\xe0\x81\x81", 3),
		garbled("overlong-nul", "NUL in two bytes, as Java's modified UTF-8 has it", "\xc0\x80", 2),
		garbled("too-high", "a code point above the last", "\xf4\x90\x80\x80", 4),
		garbled("five-bytes", "a sequence of five bytes", "\xf8\x88\x80\x80\x80", 5),
		garbled("ff", "bytes that no UTF-8 has", "\xff\xfe", 2),
		garbled("latin-1", "a letter in Latin-1", "\xfc", 1),
		lenient("surrogate", "half a surrogate pair, encoded", garbledText("\xed\xa0\x80"), by("replacing-characters", yes("122", `"a\ufffd\ufffd\ufffdb"`)), by("passing-surrogates", yes("122", `"a\ud800b"`)), passingBytes),
		lenient("surrogate-pair", "a surrogate pair, each half encoded: CESU-8", garbledText("\xed\xa0\xbd\xed\xb8\x80"),
			by("replacing-characters", yes("122", `"a\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdb"`)), by("passing-surrogates", yes("122", `"a\ud83d\ude00b"`)), passingBytes),
		lenient("in-unknown-key", "a byte that is no UTF-8 in an unknown key", "{\"\xff\":1,\"data\":{\"value\":300},\"SEQN\":${SEQN}}", by("replacing-characters", yes("122", value)), by("passing-bytes", yes("122", value))),
		lenient("lone-in-unknown-key", "half a surrogate pair as an escape in an unknown key", `{"\ud800":1,"data":{"value":300},"SEQN":${SEQN}}`,
			by("passing-surrogates", yes("122", value)), by("replacing-characters", yes("122", value))),
		lenient("two-lone-in-unknown-keys", "two halves in two unknown keys, which are one key once they are replaced", `{"\ud800":1,"\ud801":2,"data":{"value":300},"SEQN":${SEQN}}`,
			by("passing-surrogates", yes("122", value)), by("replacing-characters", yes("122", value))),
		{"in-key", "a byte that is no UTF-8 in SEQN", "{\"data\":{\"value\":300},\"SEQN\xff\":${SEQN}}",
			either(no(vectors.StageInnerUTF8, vectors.StageInnerJSON, vectors.StageFields, vectors.StageSEQNType)), nil, []string{"REQ-ENV-009", "REQ-ENV-010"}},
		{"overlong-quote", "the quotes of SEQN in two bytes", "{\"data\":{\"value\":300},\xc0\xa2SEQN\xc0\xa2:${SEQN}}",
			either(noText), nil, []string{"REQ-ENV-004", "REQ-ENV-010"}},
		{"behind", "a byte that is no UTF-8 behind the object", "{\"data\":{\"value\":300},\"SEQN\":${SEQN}}\xff",
			either(noText), either(ignored("122")), []string{"REQ-ENV-004", "REQ-ENV-010"}},
		{"utf-7-bom", "the byte order mark of UTF-7 before", "+/v8-" + sealing(value), either(noText), nil, []string{"REQ-ENV-004", "REQ-ENV-010"}},
	},
}}

// broken is a text that is not JSON.
func broken(name, comment, text string, mistakes ...vectors.Outcome) example {
	return example{name, comment, text, either(noText), mistakes, nil}
}

// notObject is JSON, but no object.
func notObject(name, comment, text string, mistakes ...vectors.Outcome) example {
	return example{name, comment, text, either(no(vectors.StageInnerJSON, vectors.StageFields, vectors.StageSEQNType)), mistakes, nil}
}

// ignored reads the object and nothing behind it.
func ignored(next string) vectors.Outcome { return by("trailing-text", yes(next, value)) }

func scriptedData(next, data string) vectors.Outcome { return by("script-json", yes(next, data)) }

func looselyData(data string) vectors.Outcome { return by("loose-grammar", yes("122", data)) }

// lenient is refused by the strict, and read by some.
func lenient(name, comment, text string, some ...vectors.Outcome) example {
	return example{name, comment, text, append(either(noText), some...), nil, nil}
}

// garbled has bytes in a string that are no UTF-8, for which a decoder may put
// n times U+FFFD, or that often for each byte.
func garbled(name, comment, bytes string, n int) example {
	replaced := func(n int) vectors.Outcome {
		return by("replacing-characters", yes("122", `"a`+strings.Repeat(`\ufffd`, n)+`b"`))
	}
	c := lenient(name, comment, garbledText(bytes), replaced(n))
	if n != len(bytes) {
		c.right = append(c.right, replaced(len(bytes)))
	}
	c.right = append(c.right, passingBytes)
	return c
}

// passingBytes gives back what is no text.
var passingBytes = by("passing-bytes", yes("122", ""))

func garbledText(bytes string) string { return "{\"data\":\"a" + bytes + "b\",\"SEQN\":${SEQN}}" }

// wide is the usual text in UTF-16.
func wide(order binary.AppendByteOrder, before string) string {
	var p []byte
	for _, u := range utf16.Encode([]rune(before + `{"data":{"value":300},"SEQN":121}`)) {
		p = order.AppendUint16(p, u)
	}
	return string(p)
}
