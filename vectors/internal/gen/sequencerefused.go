package main

// refusedAt is what each stage of a backend refuses, one vector a stage.
var refusedAt = []struct{ name, comment, vector string }{
	{"outer-base64", "a message with a character that base64 has not", "envelope/outer-foreign-for-a-character"},
	{"magic", "no envelope", "envelope/magic-missing"},
	{"length", "ciphertext with a byte too few", "envelope/length-minus-1"},
	{"padding", "a message of another passphrase", "envelope/key-other-passphrase"},
	{"inner-base64", "a message of which one bit was changed on the way", "envelope/flip-block-0-first-byte"},
	{"json", "a text that breaks off", "payload/grammar/cut-off"},
	{"no-data", "a text without data", "payload/missing/data"},
	{"no-seqn", "a text whose SEQN has other letters", "payload/missing/seqn-lower"},
	{"2-53", "a number out of range, which is no reason to forget the one before", "payload/seqn-from-121/2-53"},
}

// refusals are messages with something wrong beside their number, and what
// comes after them: the same number, well made, is accepted.
func refusals() []history {
	var list []history
	var all, between steps
	for i, r := range refusedAt {
		n := uint64(121 + i)
		list = append(list, history{"refused-" + r.name, r.comment + ", then the same number well made", "Refused", "critical", refused,
			steps{broken("a", 121, r.vector), ok("a", 121), broken("a", 122, r.vector), again(1), again(2), ok("a", 122)}, nil})
		all = append(all, broken("a", 121, r.vector))
		between = append(between, broken("a", n, r.vector), ok("a", n))
	}
	twice := append(append(steps{}, all...), all...)
	return append(list,
		history{"refused-all", "one after the other, and then a message that is right", "Refused", "critical", refused, append(all, ok("a", 121), ok("a", 122)), nil},
		history{"refused-all-twice", "so many in a row that whoever counts them loses patience", "Refused", "high", refused, append(twice, ok("a", 121)), nil},
		history{"refused-between", "before each message the same number, ill made", "Refused", "high", refused, between, nil},
		history{"refused-after-gap", "a jump that is ill made is none", "Refused", "critical", refused,
			steps{ok("a", 121), broken("a", 500, "envelope/key-other-passphrase"), broken("a", 600, "payload/missing/data"), ok("a", 122), again(0), again(1), ok("a", 123)}, nil},
		history{"refused-far-ahead", "an ill-made message as far ahead as can be locks nobody out", "Refused", "critical", refused,
			steps{broken("a", 121+1<<20, "payload/missing/data"), broken("a", 121+1<<20, "payload/grammar/cut-off"), ok("a", 121), ok("a", 122)}, nil},
		history{"refused-other-device", "what is wrong with one device's message is nothing to the other", "Refused", "high", append([]string{"REQ-SEQ-008"}, refused...),
			steps{ok("a", 121), broken("b", 121, "envelope/key-other-passphrase"), broken("b", 121, "payload/missing/data"), ok("a", 122), ok("b", 121), again(1), ok("b", 122), ok("a", 123)},
			[]setup{devices(map[string]uint64{"a": 121, "b": 121})}},
	)
}
