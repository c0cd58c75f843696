package main

import "github.com/espalier-hil/espalier/vectors"

// The requirements that histories show, by their subject.
var (
	order   = []string{"REQ-SEQ-001", "REQ-SEQ-002", "REQ-RSP-001"}
	gaps    = []string{"REQ-SEQ-003", "REQ-SEQ-001", "REQ-SEQ-002"}
	replay  = []string{"REQ-SEQ-001", "REQ-SEQ-002"}
	refused = []string{"REQ-SEQ-007", "REQ-SEQ-010"}
	apart   = []string{"REQ-SEQ-008", "REQ-SEQ-001"}
	lasting = []string{"REQ-SEQ-005", "REQ-SEQ-012", "REQ-SEQ-001"}
	killed  = []string{"REQ-SEQ-005", "REQ-RSP-002", "REQ-SEQ-012", "REQ-SEQ-001"} // kill -9 shows the write before OK; the flush it cannot show
	ranges  = []string{"REQ-SEQ-006", "REQ-SEQ-001", "REQ-SEQ-002"}
	counts  = []string{"REQ-SEQ-011", "REQ-SEQ-003"}
)

type steps = []vectors.Step

// inOrder are messages that nobody has tampered with, and numbers left out.
var inOrder = []history{
	{"in-order", "one number after the other", "InOrder", "critical", order, steps{ok("a", 121), ok("a", 122), ok("a", 123)}, nil},
	{"in-order-twenty", "and so on", "InOrder", "high", order, run(121, 20), nil},
	{"begins-at-next", "the first number is the one that was provisioned", "OffByOne", "critical", order, steps{ok("a", 121), ok("a", 122), again(1)}, nil},
	{"begins-below-next", "the number before the one that was provisioned", "OffByOne", "critical", order, steps{no("a", 120), ok("a", 121)}, nil},
	{"begins-above-next", "the first message need not be the first number", "Gap", "high", gaps, steps{ok("a", 130), no("a", 129), ok("a", 131)}, nil},
	{"gap-of-one", "one message was lost", "Gap", "critical", gaps, steps{ok("a", 121), ok("a", 123), ok("a", 124)}, nil},
	{"gap-of-many", "a thousand messages were lost", "Gap", "critical", gaps, steps{ok("a", 121), ok("a", 1121), ok("a", 1122)}, nil},
	{"gap-of-2-16", "more than sixteen bits", "Gap", "high", gaps, steps{ok("a", 121), ok("a", 122+1<<16), ok("a", 123+1<<16)}, nil},
	{"gap-of-2-20", "as many as every backend must bear", "Gap", "critical", gaps, steps{ok("a", 121), ok("a", 122+1<<20), again(1), ok("a", 123+1<<20)}, nil},
	{"gap-of-2-20-first", "as many, before the first message", "Gap", "high", gaps, steps{ok("a", 121+1<<20), ok("a", 122+1<<20)}, nil},
	{"gap-of-2-20-twice", "the bound is that of one jump, not of all", "Gap", "high", gaps, steps{ok("a", 121), ok("a", 122+1<<20), ok("a", 123+2<<20), ok("a", 124+2<<20)}, nil},
	{"gaps-that-grow", "each jump longer than the one before", "Gap", "medium", gaps, steps{ok("a", 121), ok("a", 123), ok("a", 126), ok("a", 130), ok("a", 138), ok("a", 170), ok("a", 300), ok("a", 301)}, nil},
	{"every-other", "every second message is lost", "Gap", "high", gaps, steps{ok("a", 121), ok("a", 123), ok("a", 125), ok("a", 127), again(0), again(3), ok("a", 129)}, nil},
	{"gap-closes", "what was left out stays out", "StoredPlusOne", "critical", []string{"REQ-SEQ-002", "REQ-SEQ-003"},
		steps{ok("a", 121), ok("a", 130), no("a", 122), no("a", 123), no("a", 126), no("a", 129), no("a", 130), ok("a", 131)}, nil},
	{"gap-closes-for-replays", "after a jump, the message before it and the one that jumped", "StoredPlusOne", "critical", []string{"REQ-SEQ-002", "REQ-SEQ-003"},
		steps{ok("a", 121), ok("a", 500), again(0), again(1), ok("a", 501), again(1), again(0)}, nil},
}

// replays are the same bytes again, or the same number.
var replays = []history{
	{"replay", "accepted once, and never again", "Replay", "critical", replay, steps{ok("a", 121), again(0), ok("a", 122)}, nil},
	{"replay-many-times", "and never again", "Replay", "critical", replay, steps{ok("a", 121), again(0), again(0), again(0), again(0), again(0), again(0), again(0), ok("a", 122), again(0)}, nil},
	{"replay-later", "after others", "Replay", "critical", replay, join(run(121, 6), steps{again(0), again(2), ok("a", 127)}), nil},
	{"replay-after-70", "a memory of the last messages is not enough", "Replay", "high", replay, join(run(121, 70), steps{again(0), again(69), again(1), ok("a", 191)}), nil},
	{"replay-from-the-beginning", "a whole recording, once more", "Replay", "critical", replay, join(run(121, 5), steps{again(0), again(1), again(2), again(3), again(4), ok("a", 126)}), nil},
	{"replay-backwards", "a whole recording, from its end", "Replay", "high", replay, join(run(121, 5), steps{again(4), again(3), again(2), again(1), again(0), ok("a", 126)}), nil},
	{"replay-in-turns", "two old messages in turns: a memory of one is not enough", "Replay", "critical", replay, steps{ok("a", 121), ok("a", 122), again(0), again(1), again(0), again(1), ok("a", 123)}, nil},
	{"replay-between", "each message again before the next", "Replay", "high", replay, steps{ok("a", 121), again(0), ok("a", 122), again(1), ok("a", 123), again(2), again(0), ok("a", 124)}, nil},
	{"replay-of-a-refusal", "what was refused once stays refused", "Replay", "high", replay, steps{ok("a", 121), no("a", 120), again(1), ok("a", 122), again(1), ok("a", 123)}, nil},
	{"resealed", "the number of the last message under another salt, with other data", "Resealed", "critical", replay, steps{ok("a", 121), no("a", 121), ok("a", 122)}, nil},
	{"resealed-twice", "the same, until it is believed", "Resealed", "high", replay, steps{ok("a", 121), no("a", 121), no("a", 121), no("a", 121), ok("a", 122), no("a", 122), no("a", 121), ok("a", 123)}, nil},
	{"resealed-old", "numbers of older messages under other salts", "Resealed", "critical", replay, steps{ok("a", 121), ok("a", 122), ok("a", 123), no("a", 121), no("a", 122), no("a", 123), ok("a", 124)}, nil},
	{"old-numbers", "numbers from before the device was provisioned", "Resealed", "high", replay, steps{no("a", 120), no("a", 100), no("a", 1), no("a", 0), ok("a", 121), no("a", 0), no("a", 120), ok("a", 122)}, []setup{fresh}},
}

// lateOnes arrive after a later one.
var lateOnes = []history{
	{"pair-swapped", "two messages change places", "Late", "critical", replay, steps{ok("a", 122), no("a", 121), ok("a", 123)}, nil},
	{"three-reversed", "three messages in reverse", "Late", "high", replay, steps{ok("a", 123), no("a", 122), no("a", 121), ok("a", 124)}, nil},
	{"late-between", "late ones between those in order", "Late", "high", replay, steps{ok("a", 121), ok("a", 124), no("a", 122), ok("a", 126), no("a", 125), no("a", 123), ok("a", 127)}, nil},
	{"window-of-32", "late by 1, 31 and 32", "Late", "high", replay, steps{ok("a", 121), ok("a", 161), no("a", 160), no("a", 130), no("a", 129), ok("a", 162)}, nil},
	{"window-of-64", "late by 1, 63 and 64", "Late", "high", replay, steps{ok("a", 121), ok("a", 200), no("a", 199), no("a", 137), no("a", 136), ok("a", 201)}, nil},
	{"window-of-128", "late by 127, 128 and 1024", "Late", "medium", replay, steps{ok("a", 121), ok("a", 2000), no("a", 1873), no("a", 1872), no("a", 976), ok("a", 2001)}, nil},
	{"late-then-replayed", "a late message, refused, and once more after the next", "Late", "medium", replay, steps{ok("a", 122), no("a", 121), ok("a", 123), again(1), ok("a", 124)}, nil},
}

var sequenceNotes = map[string]vectors.Note{
	"InOrder":       {BugType: "BASIC", Description: "Messages as a device sends them.", Effect: "No device works."},
	"OffByOne":      {BugType: "EDGE_CASE", Description: "The numbers at the edge: next, and the one below it.", Effect: "The last message can be replayed, or a device waits for a number that was used."},
	"Gap":           {BugType: "FUNCTIONALITY", Description: "Numbers are left out: messages were lost.", Effect: "A device that lost one message is locked out for good."},
	"StoredPlusOne": {BugType: "REPLAY", Description: "After a jump, next is SEQN + 1, and not the old next + 1.", Effect: "All numbers of a gap stay open, and messages that were held back or recorded pass."},
	"Replay":        {BugType: "REPLAY", Description: "The same bytes again.", Effect: "Recorded readings can be injected."},
	"Resealed":      {BugType: "REPLAY", Description: "A number that was used, in other bytes.", Effect: "Bytes are remembered in place of numbers: one number stands for two readings."},
	"Late":          {BugType: "REPLAY", Description: "Messages that come after a later one.", Effect: "A window of late numbers, as protocols over datagrams have it, lets through what was held back."},
	"Devices":       {BugType: "ISOLATION", Description: "Several devices, whose numbers have nothing to do with each other.", Effect: "One device locks out another, or opens it for replays."},
	"OtherDevice":   {BugType: "ISOLATION", Description: "Bytes of one device, sent to another.", Effect: "Readings of one device are stored under another."},
	"Limit":         {BugType: "KNOWN_BUG", Description: "Two devices under one passphrase.", Effect: "Nothing in a message says whose it is: give each device its own passphrase."},
	"Unknown":       {BugType: "ISOLATION", Description: "A device that nobody has provisioned.", Effect: "Whoever can reach the backend adds devices to it."},
	"Restart":       {BugType: "DURABILITY", Description: "The backend is stopped in good order and started again.", Effect: "After each restart everything can be replayed."},
	"Kill":          {BugType: "DURABILITY", Description: "The backend is killed after it said OK.", Effect: "What was answered OK is lost, and can be replayed."},
	"Provisioned":   {BugType: "DURABILITY", Description: "The device is provisioned again with the passphrase that it has.", Effect: "Whoever repairs a set-up opens all recordings for replay."},
	"Refused":       {BugType: "MISSING_STEP", Description: "A message that is refused, and what comes after it.", Effect: "What was refused moves next, locks the device out, or stops the backend."},
	"Range":         {BugType: "NUMERIC_RANGE", Description: "Numbers at the ends of the range.", Effect: "A device that has come to its end can be replayed for ever, or locked out before it."},
	"Words":         {BugType: "NUMERIC_RANGE", Description: "Numbers on both sides of what a machine word or a float holds.", Effect: "The number wraps or is rounded: everything can be replayed, or the device is locked out."},
	"Text":          {BugType: "TYPE_CONFUSION", Description: "Numbers that compare otherwise as text.", Effect: "9 is more than 10: the device is locked out, and older messages pass."},
	"Missing":       {BugType: "FUNCTIONALITY", Description: "Numbers that were skipped are counted.", Effect: "Nobody notices that messages are lost."},
}
