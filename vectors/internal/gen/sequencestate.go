package main

// isolated are devices side by side.
var isolated = []history{
	{"two-devices", "two devices in turns", "Devices", "critical", apart,
		steps{ok("a", 121), ok("b", 500), ok("a", 122), ok("b", 501), again(0), again(1), ok("a", 123), ok("b", 502)}, []setup{devices(map[string]uint64{"a": 121, "b": 500})}},
	{"two-devices-same-numbers", "each number is used by both", "Devices", "critical", apart,
		steps{ok("a", 121), ok("b", 121), ok("b", 122), ok("a", 122), again(0), again(1), ok("b", 123), ok("a", 123)}, []setup{devices(map[string]uint64{"a": 121, "b": 121})}},
	{"two-devices-far-apart", "the number of one is no bound for the other", "Devices", "critical", apart,
		steps{ok("a", 9000), ok("b", 121), ok("a", 9001), ok("b", 122), no("a", 9001), no("b", 122), no("a", 123), ok("a", 9002), ok("b", 123)}, []setup{devices(map[string]uint64{"a": 121, "b": 121})}},
	{"two-devices-one-jumps", "a jump of one leaves the other where it is", "Devices", "high", apart,
		steps{ok("a", 121), ok("b", 121), ok("a", 122+1<<20), ok("b", 122), no("a", 122), ok("a", 123+1<<20)}, []setup{devices(map[string]uint64{"a": 121, "b": 121})}},
	{"two-devices-refusals", "what one is refused is nothing to the other", "Devices", "high", []string{"REQ-SEQ-008", "REQ-SEQ-010"},
		steps{ok("a", 121), no("a", 121), no("a", 120), again(0), ok("b", 121), no("b", 121), ok("a", 122), ok("b", 122)}, []setup{devices(map[string]uint64{"a": 121, "b": 121})}},
	{"three-devices", "three devices in turns", "Devices", "high", apart,
		steps{ok("a", 121), ok("b", 122), ok("c", 123), ok("c", 124), ok("b", 123), ok("a", 122), again(0), again(1), again(2), ok("b", 124), ok("c", 125), ok("a", 123)},
		[]setup{devices(map[string]uint64{"a": 121, "b": 122, "c": 123})}},
	{"other-device", "a message of one device, sent to another", "OtherDevice", "critical", apart,
		steps{ok("a", 121), to("b", again(0)), ok("b", 121), to("a", again(2)), ok("a", 122)}, []setup{devices(map[string]uint64{"a": 121, "b": 121})}},
	{"other-device-first", "sent to the other before it was sent to its own", "OtherDevice", "high", apart,
		steps{no("b", 499), to("a", again(0)), ok("b", 500), to("a", again(2)), ok("a", 121)}, []setup{devices(map[string]uint64{"a": 121, "b": 500})}},
	{"shared-passphrase", "two devices under one passphrase have numbers of their own", "Devices", "high", apart,
		steps{ok("a", 121), ok("b", 121), ok("a", 122), again(0), again(1), ok("b", 122)}, []setup{devices(map[string]uint64{"a": 121, "b": 121}), shared}},
	{"shared-passphrase-below", "a message of one, sent to the other, whose next is higher", "Devices", "high", apart,
		steps{ok("a", 121), to("b", again(0)), ok("b", 500)}, []setup{devices(map[string]uint64{"a": 121, "b": 500}), shared}},
	{"shared-passphrase-limit", "a message of one, sent to the other, whose next lets it in", "Limit", "medium", apart,
		steps{ok("a", 121), ok("a", 122), limit("an envelope does not say whose it is", to("b", again(0)))}, []setup{devices(map[string]uint64{"a": 121, "b": 121}), shared}},
	{"unknown-device", "a well-made message for a device that nobody has provisioned", "Unknown", "critical", []string{"REQ-HTTP-001", "REQ-SEQ-010"},
		steps{no("z", 121), ok("a", 121), again(0), no("z", 122), ok("a", 122)}, nil},
	{"unknown-device-known-message", "a message of a known device, sent to an unknown one", "Unknown", "critical", []string{"REQ-HTTP-001", "REQ-SEQ-008"},
		steps{ok("a", 121), to("z", again(0)), to("z", again(0)), ok("a", 122)}, nil},
}

// durable are devices of a backend that ends and begins again.
var durable = []history{
	{"restart", "the last message, after a restart", "Restart", "critical", lasting, steps{ok("a", 121), once("restart", again(0)), no("a", 121), ok("a", 122)}, nil},
	{"restart-before-all", "a device that has sent nothing yet", "Restart", "high", lasting, steps{once("restart", no("a", 120)), ok("a", 121), again(1), ok("a", 122)}, nil},
	{"restart-old", "an older message, after a restart", "Restart", "critical", lasting, steps{ok("a", 121), ok("a", 122), ok("a", 123), once("restart", again(0)), again(2), no("a", 122), ok("a", 124)}, nil},
	{"restart-each", "a restart before each message", "Restart", "high", lasting, steps{ok("a", 121), once("restart", ok("a", 122)), once("restart", ok("a", 123)), once("restart", again(0)), again(2), ok("a", 124)}, nil},
	{"restart-gap", "a jump, then a restart", "Restart", "high", lasting, steps{ok("a", 121), ok("a", 500), once("restart", no("a", 499)), no("a", 122), again(1), ok("a", 501)}, nil},
	{"restart-two-devices", "two devices, each at its own number", "Restart", "high", append([]string{"REQ-SEQ-008"}, lasting...),
		steps{ok("a", 121), ok("b", 500), ok("b", 501), once("restart", again(0)), again(1), again(2), ok("a", 122), ok("b", 502)}, []setup{devices(map[string]uint64{"a": 121, "b": 500})}},
	{"kill", "the last message, after kill -9", "Kill", "critical", lasting, steps{ok("a", 121), once("kill9", again(0)), no("a", 121), ok("a", 122)}, nil},
	{"kill-old", "an older message, after kill -9", "Kill", "critical", lasting, steps{ok("a", 121), ok("a", 122), ok("a", 123), once("kill9", again(2)), again(0), again(1), ok("a", 124)}, nil},
	{"kill-each", "kill -9 after each message", "Kill", "critical", lasting, steps{ok("a", 121), once("kill9", ok("a", 122)), once("kill9", ok("a", 123)), once("kill9", again(2)), again(1), again(0), ok("a", 124)}, nil},
	{"kill-gap", "a jump, then kill -9", "Kill", "high", lasting, steps{ok("a", 121), ok("a", 500), once("kill9", no("a", 499)), again(1), ok("a", 501)}, nil},
	{"kill-after-refusal", "a refusal, then kill -9", "Kill", "high", lasting, steps{ok("a", 121), again(0), once("kill9", again(0)), ok("a", 122)}, nil},
	{"kill-two-devices", "two devices, each at its own number", "Kill", "high", append([]string{"REQ-SEQ-008"}, lasting...),
		steps{ok("a", 121), ok("b", 500), once("kill9", again(1)), again(0), ok("b", 501), ok("a", 122)}, []setup{devices(map[string]uint64{"a": 121, "b": 500})}},
	{"kill-then-restart", "both, one after the other", "Kill", "medium", lasting, steps{ok("a", 121), once("kill9", ok("a", 122)), once("restart", again(1)), again(0), ok("a", 123)}, nil},
	{"provision-again", "provisioned as it was in the beginning", "Provisioned", "critical", []string{"REQ-SEQ-012"},
		steps{ok("a", 121), ok("a", 122), once("provision", again(0)), again(1), no("a", 121), ok("a", 123)}, []setup{fresh}},
	{"provision-again-after-gap", "after a jump", "Provisioned", "high", []string{"REQ-SEQ-012"},
		steps{ok("a", 500), once("provision", no("a", 499)), again(0), ok("a", 501)}, []setup{fresh}},
	{"provision-again-and-restart", "and restarted", "Provisioned", "high", []string{"REQ-SEQ-012", "REQ-SEQ-005"},
		steps{ok("a", 121), once("provision", again(0)), once("restart", again(0)), no("a", 121), ok("a", 122)}, []setup{fresh}},
}

// refusals are messages with something wrong beside their number, and what
// comes after them.
var refusals = []history{
	{"refused-magic", "no envelope, then the same number well made", "Refused", "critical", refused,
		steps{broken("a", 121, "envelope/magic-missing"), ok("a", 121), broken("a", 122, "envelope/magic-missing"), again(1), ok("a", 122)}, nil},
	{"refused-2-53", "a number out of range, which is no reason to forget the one before", "Refused", "critical", append([]string{"REQ-SEQ-006"}, refused...),
		steps{ok("a", 121), broken("a", 122, "payload/seqn-from-121/2-53"), again(0), again(1), ok("a", 122)}, nil},
}

// numbers are at the edges of what there is, and of what machines hold.
var numbers = []history{
	{"range-last", "2^53-3 and 2^53-2, then nothing", "Range", "critical", ranges,
		steps{ok("a", 1<<53-3), ok("a", 1<<53-2), again(1), no("a", 1<<53-2), again(0), no("a", 1<<53-3), no("a", 0)}, []setup{from(1<<53 - 3)}},
	{"range-jump-to-last", "a jump of 2^20 to the last number", "Range", "high", ranges,
		steps{ok("a", 1<<53-2), again(0), no("a", 1<<53-3), no("a", 1<<53-2-1<<20)}, []setup{from(1<<53 - 2 - 1<<20)}},
	{"range-exhausted", "the last number is the first", "Range", "medium", ranges,
		steps{no("a", 1<<53-3), ok("a", 1<<53-2), no("a", 1<<53-2), again(1), no("a", 0), no("a", 121)}, []setup{from(1<<53 - 2)}},
	{"range-above", "2^53, then the last number", "Range", "critical", ranges,
		steps{broken("a", 1<<53-3, "payload/seqn-from-121/2-53"), ok("a", 1<<53-3), again(0), again(1), ok("a", 1<<53-2), again(0), again(4)}, []setup{from(1<<53 - 3)}},
	{"zero", "0 is a number like another", "Range", "critical", ranges, steps{ok("a", 0), again(0), no("a", 0), ok("a", 1), again(0), no("a", 0), ok("a", 2)}, []setup{from(0)}},
	{"zero-left-out", "0 is below 1", "Range", "high", ranges, steps{no("a", 0), ok("a", 1), no("a", 0), ok("a", 2)}, []setup{from(1)}},
	{"text-9-10", "from one digit to two", "Text", "high", ranges, steps{ok("a", 9), ok("a", 10), no("a", 9), again(0), no("a", 2), ok("a", 11)}, []setup{from(9)}},
	{"text-99-121", "99 is more than 121, as text", "Text", "high", ranges, steps{ok("a", 121), no("a", 99), no("a", 13), no("a", 2), no("a", 98), ok("a", 122)}, []setup{from(121)}},
	{"text-999-1000", "from three digits to four", "Text", "high", ranges, steps{ok("a", 998), ok("a", 999), ok("a", 1000), again(1), no("a", 998), no("a", 999), ok("a", 1001)}, []setup{from(998)}},
	{"text-jump", "a jump to a number that is less, as text", "Text", "high", ranges, steps{ok("a", 9), ok("a", 1000), no("a", 10), no("a", 999), ok("a", 1001)}, []setup{from(9)}},
	{"words-2-15", "around 2^15", "Words", "medium", ranges, steps{ok("a", 1<<15-1), ok("a", 1<<15), again(0), again(1), no("a", 0), ok("a", 1<<15+1)}, []setup{from(1<<15 - 1)}},
	{"words-2-16", "around 2^16", "Words", "medium", ranges, steps{ok("a", 1<<16-1), ok("a", 1<<16), again(0), again(1), no("a", 0), ok("a", 1<<16+1)}, []setup{from(1<<16 - 1)}},
	{"words-2-24", "around 2^24, where a 32-bit float ends", "Words", "high", ranges, steps{ok("a", 1<<24), ok("a", 1<<24+1), again(1), again(0), ok("a", 1<<24+2), ok("a", 1<<24+3), again(3)}, []setup{from(1 << 24)}},
	{"words-2-31", "around 2^31", "Words", "critical", ranges, steps{ok("a", 1<<31-1), ok("a", 1<<31), again(0), again(1), no("a", 0), no("a", 1<<31-1), ok("a", 1<<31+1)}, []setup{from(1<<31 - 1)}},
	{"words-2-32", "around 2^32", "Words", "critical", ranges, steps{ok("a", 1<<32-1), ok("a", 1<<32), again(0), again(1), no("a", 0), no("a", 1<<32-1), ok("a", 1<<32+1), again(6)}, []setup{from(1<<32 - 1)}},
	{"words-2-32-far", "a number whose lower 32 bits are above next, below next", "Words", "high", ranges, steps{ok("a", 1<<32), no("a", 1<<31), no("a", 1<<32-1), ok("a", 1<<32+1)}, []setup{from(1 << 32)}},
	{"words-time", "a time in milliseconds", "Words", "medium", ranges, steps{ok("a", 1790000000000), ok("a", 1790000000001), again(0), no("a", 1790000000000), ok("a", 1790000001000), no("a", 1790000000999)}, []setup{from(1790000000000)}},
	{"words-2-52", "around 2^52", "Words", "high", ranges, steps{ok("a", 1<<52-1), ok("a", 1<<52), ok("a", 1<<52+1), again(0), again(1), again(2), ok("a", 1<<52+2)}, []setup{from(1<<52 - 1)}},
}

// counted are numbers that were skipped.
var counted = []history{
	{"missing", "what was skipped is counted", "Missing", "high", counts,
		steps{missing(0, ok("a", 121)), missing(3, ok("a", 125)), missing(3, ok("a", 126)), missing(7, ok("a", 131))}, nil},
	{"missing-first", "the first message of a device counts none", "Missing", "high", counts,
		steps{missing(0, ok("a", 130)), missing(1, ok("a", 132)), missing(1, ok("a", 133))}, []setup{fresh}},
	{"missing-refused", "refusals count nothing", "Missing", "high", counts,
		steps{missing(0, ok("a", 121)), missing(3, ok("a", 125)), missing(3, no("a", 122)), missing(3, again(1)), missing(3, ok("a", 126))}, nil},
	{"missing-large", "a jump of 2^20", "Missing", "medium", counts,
		steps{missing(0, ok("a", 121)), missing(1<<20, ok("a", 122+1<<20)), missing(1<<20, ok("a", 123+1<<20))}, nil},
	{"missing-two-devices", "each device has its own", "Missing", "high", append([]string{"REQ-SEQ-008"}, counts...),
		steps{missing(0, ok("a", 121)), missing(0, ok("b", 121)), missing(3, ok("a", 125)), missing(0, ok("b", 122)), missing(1, ok("b", 124)), missing(3, ok("a", 126))},
		[]setup{devices(map[string]uint64{"a": 121, "b": 121})}},
	{"missing-restart", "the count survives a restart", "Missing", "medium", counts,
		steps{missing(0, ok("a", 121)), missing(2, ok("a", 124)), once("restart", missing(2, again(1))), missing(3, ok("a", 126))}, nil},
}
