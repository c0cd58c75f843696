package payload

import (
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

var (
	noField  = no(vectors.StageFields)
	noSEQN   = no(vectors.StageFields, vectors.StageSEQNType) // missing: code that asks for a number at once says so there
	lastKey  = "last-key-wins"
	firstKey = "first-key-wins"
	anyCase  = "case-insensitive-keys"
	search   = "text-search"
)

// keys are texts with other keys than data and SEQN, once each.
var keys = []family{{
	name: "keys", flag: "Keys", importance: "high", reqs: []string{"REQ-ENV-004", "REQ-ENV-012"}, next: "121",
	note: vectors.Note{BugType: "FUNCTIONALITY", Description: "Keys in another order, with escapes, beside others.", Effect: "Readings of a device are refused, or another number counts than the one that it means."},
	cases: []example{
		taken("order", "SEQN before data", `{"SEQN":${SEQN},"data":{"value":300}}`),
		taken("escaped", "the same keys, with escapes", `{"\u0064\u0061ta":{"value":300},"\u0053EQN":${SEQN}}`, by(search, noField)),
		taken("escaped-all", "each letter an escape", `{"\u0064\u0061\u0074\u0061":{"value":300},"\u0053\u0045\u0051\u004E":${SEQN}}`, by(search, noField)),
		taken("other-before", "an unknown key before", `{"v":1,"data":{"value":300},"SEQN":${SEQN}}`),
		taken("other-between", "an unknown key between", `{"data":{"value":300},"time":"12:00","SEQN":${SEQN}}`),
		taken("other-behind", "an unknown key behind", `{"data":{"value":300},"SEQN":${SEQN},"x":[{"y":null}]}`),
		taken("other-empty", "the empty key", `{"":0,"data":{"value":300},"SEQN":${SEQN}}`).cites("REQ-ENV-008", "REQ-ENV-012"),
		taken("other-many", "a hundred unknown keys", `{`+manyKeys(100)+`"data":{"value":300},"SEQN":${SEQN}}`).cites("REQ-ENV-008", "REQ-ENV-012"),
		taken("other-long", "an unknown key of 1 KiB", `{"`+strings.Repeat("k", 1024)+`":0,"data":{"value":300},"SEQN":${SEQN}}`),
		taken("other-msg", "the key of the outer object", `{"msg":"U2FsdGVkX18=","data":{"value":300},"SEQN":${SEQN}}`),
		taken("other-proto", "a key that is the prototype of JavaScript's objects", `{"data":{"value":300},"SEQN":${SEQN},"__proto__":{"SEQN":5,"data":1}}`),
		taken("other-constructor", "names that every object of JavaScript has", `{"constructor":1,"toString":2,"hasOwnProperty":3,"data":{"value":300},"SEQN":${SEQN}}`),
		taken("other-nul", "SEQN and a NUL is another key", `{"data":{"value":300},"SEQN":${SEQN},"SEQN\u0000x":500}`).cites("REQ-ENV-008", "REQ-ENV-012"),
		taken("other-nul-before", "SEQN and a NUL is another key", `{"SEQN\u0000x":5,"data":{"value":300},"SEQN":${SEQN}}`, by("nul-terminated", noField)).cites("REQ-ENV-008", "REQ-ENV-012"),
		taken("other-lower-replay", "seqn is another key, its number no replay", `{"data":{"value":300},"SEQN":${SEQN},"seqn":5}`, by(anyCase, noField)).cites("REQ-ENV-008", "REQ-ENV-012"),
		taken("other-lower-far", "seqn is another key, its number no gap", `{"data":{"value":300},"SEQN":${SEQN},"seqn":500}`, by(anyCase, yes("501", value))).cites("REQ-ENV-008", "REQ-ENV-012"),
		taken("other-lower-first", "seqn is another key, before SEQN", `{"seqn":5,"data":{"value":300},"SEQN":${SEQN}}`, by(anyCase, noField)).cites("REQ-ENV-008", "REQ-ENV-012"),
		taken("other-lower-type", "seqn is another key, and may be anything", `{"data":{"value":300},"SEQN":${SEQN},"seqn":"x"}`, by(anyCase, noField)).cites("REQ-ENV-008", "REQ-ENV-012"),
		taken("other-upper-data", "DATA is another key", `{"data":{"value":300},"SEQN":${SEQN},"DATA":1}`, by(anyCase, yes("122", `1`))).cites("REQ-ENV-008", "REQ-ENV-012"),
		taken("other-seqn-space", "SEQN and a space is another key", `{"data":{"value":300},"SEQN":${SEQN},"SEQN ":500}`).cites("REQ-ENV-008", "REQ-ENV-012"),
		taken("other-with-seqn-inside", "the envelope's keys inside an unknown one", `{"old":{"data":1,"SEQN":5},"data":{"value":300},"SEQN":${SEQN}}`, by(search, noField)),
		{"data-with-seqn-inside", "the envelope's keys inside data", `{"data":{"SEQN":500,"data":1},"SEQN":${SEQN}}`,
			either(yes("122", `{"SEQN":500,"data":1}`)), either(by(search, yes("501", `{"SEQN":500,"data":1}`))), nil},
		{"data-with-text-inside", "the envelope's keys in a string inside data", `{"data":"{\"SEQN\":500}","SEQN":${SEQN}}`,
			either(yes("122", `"{\"SEQN\":500}"`)), nil, nil},
		{"data-with-key-inside", "a string inside data that ends as a key begins", `{"data":"\\\"SEQN\":500,","SEQN":${SEQN}}`,
			either(yes("122", `"\\\"SEQN\":500,"`)), nil, nil},
	},
}, {
	name: "twice", flag: "Twice", importance: "high", reqs: []string{"REQ-ENV-008"}, next: "121",
	note: vectors.Note{BugType: "EDGE_CASE", Description: "A key comes twice.", Effect: "Two readers of one text see two readings: what one has checked is not what the other stores."},
	cases: []example{
		twice("seqn", "next, then a later number", `{"data":{"value":300},"SEQN":${SEQN},"SEQN":500}`, yes("501", value), yes("122", value)),
		twice("seqn-back", "a later number, then next", `{"data":{"value":300},"SEQN":500,"SEQN":${SEQN}}`, yes("122", value), yes("501", value)),
		twice("seqn-same", "next, and next again", `{"data":{"value":300},"SEQN":${SEQN},"SEQN":${SEQN}}`, yes("122", value), yes("122", value)),
		twice("seqn-replay-first", "a replay, then next", `{"SEQN":100,"data":{"value":300},"SEQN":${SEQN}}`, yes("122", value), noField),
		twice("seqn-replay-last", "next, then a replay", `{"SEQN":${SEQN},"data":{"value":300},"SEQN":100}`, noField, yes("122", value)),
		twice("seqn-string-first", "a string, then next", `{"data":{"value":300},"SEQN":"x","SEQN":${SEQN}}`, yes("122", value), noField),
		twice("seqn-string-last", "next, then a string", `{"data":{"value":300},"SEQN":${SEQN},"SEQN":"x"}`, noField, yes("122", value)),
		twice("seqn-null-last", "next, then null: Go leaves what was there", `{"data":{"value":300},"SEQN":${SEQN},"SEQN":null}`, noField, yes("122", value), by("zero-value", yes("122", value))),
		twice("seqn-escaped", "the second time with an escape", `{"data":{"value":300},"SEQN":${SEQN},"SEQ\u004e":500}`, yes("501", value), yes("122", value)),
		twice("seqn-escaped-first", "the first time with an escape", `{"data":{"value":300},"\u0053EQN":500,"SEQN":${SEQN}}`, yes("122", value), yes("501", value)),
		twice("data", "two readings", `{"data":{"value":300},"SEQN":${SEQN},"data":{"value":900}}`, yes("122", `{"value":900}`), yes("122", value)),
		twice("data-same", "one reading, and the same again", `{"data":{"value":300},"data":{"value":300},"SEQN":${SEQN}}`, yes("122", value), yes("122", value)),
		twice("data-null-last", "a reading, then null", `{"data":{"value":300},"SEQN":${SEQN},"data":null}`, yes("122", `null`), yes("122", value)),
		twice("data-escaped", "the second time with an escape", `{"data":{"value":300},"SEQN":${SEQN},"d\u0061ta":{"value":900}}`, yes("122", `{"value":900}`), yes("122", value)),
		twice("other", "an unknown key", `{"x":1,"data":{"value":300},"x":1,"SEQN":${SEQN}}`, yes("122", value), yes("122", value)),
		twice("other-empty", "the empty key", `{"":1,"data":{"value":300},"":2,"SEQN":${SEQN}}`, yes("122", value), yes("122", value)),
		twice("other-far", "an unknown key, with thirty others between", `{"x":1,`+manyKeys(30)+`"data":{"value":300},"SEQN":${SEQN},"x":2}`, yes("122", value), yes("122", value)),
	},
}, {
	name: "missing", flag: "Missing", importance: "critical", reqs: []string{"REQ-ENV-009", "REQ-ENV-004"}, next: "121",
	note: vectors.Note{BugType: "MISSING_STEP", Description: "data or SEQN is not there, or its key is a similar one.", Effect: "What is no reading is stored as one, a reply to a resync among it."},
	cases: []example{
		lacks("seqn", "no SEQN", `{"data":{"value":300}}`),
		lacks("both", "an empty object", `{}`),
		lacks("data", "no data", `{"SEQN":${SEQN}}`, by("data-is-optional", yes("122", `null`))),
		lacks("data-resync", "the reply to a resync, sent as a reading", `{"SEQN":${SEQN},"nonce":"0123456789abcdef"}`, by("data-is-optional", yes("122", `null`))),
		lacks("seqn-lower", "seqn", `{"data":{"value":300},"seqn":${SEQN}}`, by(anyCase, yes("122", value))),
		lacks("seqn-mixed", "Seqn", `{"data":{"value":300},"Seqn":${SEQN}}`, by(anyCase, yes("122", value))),
		lacks("seqn-long-s", "a long s in place of S, which Unicode folds to s", `{"data":{"value":300},"ſEQN":${SEQN}}`, by(anyCase, yes("122", value))),
		lacks("data-upper", "DATA", `{"DATA":{"value":300},"SEQN":${SEQN}}`, by(anyCase, yes("122", value)), by("data-is-optional", yes("122", `null`))),
		lacks("data-mixed", "Data", `{"Data":{"value":300},"SEQN":${SEQN}}`, by(anyCase, yes("122", value)), by("data-is-optional", yes("122", `null`))),
		lacks("both-other-case", "Data and Seqn", `{"Data":{"value":300},"Seqn":${SEQN}}`, by(anyCase, yes("122", value))),
		lacks("seqn-nul", "SEQN and a NUL", `{"data":{"value":300},"SEQN\u0000":${SEQN}}`, by("nul-terminated", yes("122", value))),
		lacks("seqn-space-behind", "SEQN and a space", `{"data":{"value":300},"SEQN ":${SEQN}}`),
		lacks("seqn-space-before", "a space and SEQN", `{"data":{"value":300}," SEQN":${SEQN}}`),
		lacks("seqn-tab", "SEQN and a tab", `{"data":{"value":300},"SEQN\t":${SEQN}}`),
		lacks("seqn-zero-width", "SEQN and a space of no width", `{"data":{"value":300},"SEQN\u200b":${SEQN}}`),
		lacks("seqn-full-width", "SEQN in full-width letters", `{"data":{"value":300},"ＳＥＱＮ":${SEQN}}`),
		lacks("seqn-cyrillic", "a Cyrillic letter that looks like the E", `{"data":{"value":300},"SЕQN":${SEQN}}`),
		lacks("seqn-double-escape", "the escape itself is escaped", `{"data":{"value":300},"\\u0053EQN":${SEQN}}`),
		lacks("seqn-number", "sequence", `{"data":{"value":300},"sequence":${SEQN}}`),
		inside("proto", "both inside the prototype of JavaScript's objects", `{"__proto__":{"data":{"value":300},"SEQN":${SEQN}}}`,
			by("prototype-keys", yes("122", value)), by(search, yes("122", `null`))),
		inside("proto-seqn", "SEQN inside the prototype of JavaScript's objects", `{"data":{"value":300},"__proto__":{"SEQN":${SEQN}}}`,
			by("prototype-keys", yes("122", value)), by(search, yes("122", value))),
		inside("nested", "both inside another object", `{"payload":{"data":{"value":300},"SEQN":${SEQN}}}`, by(search, yes("122", `null`))),
		inside("seqn-inside-data", "SEQN is inside data", `{"data":{"value":300,"SEQN":${SEQN}}}`, by(search, yes("122", `{"value":300,"SEQN":121}`))),
		lacks("data-beside", "the reading's own keys beside SEQN", `{"value":300,"SEQN":${SEQN}}`, by("data-is-optional", yes("122", `null`))),
	},
}}

// taken is a text that is right, and whose data is the usual one.
func taken(name, comment, text string, mistakes ...vectors.Outcome) example {
	return example{name, comment, text, either(yes("122", value)), mistakes, nil}
}

func lacks(name, comment, text string, mistakes ...vectors.Outcome) example {
	return example{name, comment, text, either(noSEQN), mistakes, nil}
}

// inside lacks at the top what is there further inside.
func inside(name, comment, text string, mistakes ...vectors.Outcome) example {
	c := lacks(name, comment, text, mistakes...)
	c.reqs = []string{"REQ-ENV-009", "REQ-ENV-012"}
	return c
}

// twice is refused by the strict, and otherwise read by its last or first key.
func twice(name, comment, text string, last, first vectors.Outcome, others ...vectors.Outcome) example {
	c := example{name: name, comment: comment, text: text, right: either(noField)}
	if !last.Accept || !first.Accept { // one of them is no number, which code may see first
		c.right = either(no(vectors.StageFields, vectors.StageSEQNType))
	}
	if last.Accept {
		c.right = append(c.right, by(lastKey, last))
	}
	if first.Accept {
		c.right = append(c.right, by(firstKey, first))
	}
	c.right = append(c.right, others...)
	return c
}

// manyKeys returns n members that nobody knows, each with its comma.
func manyKeys(n int) string {
	var s strings.Builder
	for i := range n {
		s.WriteString(`"k` + string(rune('a'+i/26)) + string(rune('a'+i%26)) + `":0,`)
	}
	return s.String()
}
