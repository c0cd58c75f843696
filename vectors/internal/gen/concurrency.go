package main

import "github.com/espalier-hil/espalier/vectors"

// concurrency returns bursts.
func concurrency() (*vectors.File, error) {
	g := &vectors.Group{Type: "ConcurrencyTest", Source: core}
	for _, b := range bursts {
		t := &vectors.ConcurrencyTest{
			Case: vectors.Case{ID: "concurrency/" + b.name, Since: first, Comment: b.comment, Flags: []string{b.flag}, Reqs: b.reqs,
				Importance: b.importance, Result: vectors.Valid},
			Initial: map[string]string{}, Burst: b.salvos, Rounds: b.rounds, Release: b.release, Predicate: b.predicate,
		}
		for _, s := range b.salvos {
			t.Initial[s.Device] = "121"
		}
		g.Tests = append(g.Tests, t)
	}
	return frame("concurrency", []string{
		"Messages that are under way at once, each on a connection of its own, and what must hold of the answers.",
		"A race that is not seen is not absent: what a runner finds depends on how close together it brings the messages.",
	}, map[string]vectors.Note{
		"Race":      {BugType: "RACE", Description: "Copies of one number at once.", Effect: "Between check and update another copy passes the check: a replay is accepted."},
		"Order":     {BugType: "RACE", Description: "Different numbers at once.", Effect: "next goes back, or a number that was used is open again."},
		"Isolation": {BugType: "ISOLATION", Description: "Bursts of two devices at once.", Effect: "State of one request is taken for another's."},
	}, g), nil
}

type burst struct {
	name, comment, flag, importance string
	reqs                            []string
	salvos                          []vectors.Salvo
	rounds                          int
	release, predicate              string
}

var (
	atomic   = []string{"REQ-SEQ-004", "REQ-SEQ-001"}
	separate = []string{"REQ-SEQ-004", "REQ-SEQ-008"}
)

func copies(device string, seqn uint64, n int) vectors.Salvo {
	return vectors.Salvo{Device: device, SEQN: decimal(seqn), Copies: n, SameBytes: true}
}

func sealed(device string, seqn uint64, n int) vectors.Salvo {
	return vectors.Salvo{Device: device, SEQN: decimal(seqn), Copies: n}
}

// each is one message of each number from to to.
func each(device string, from, to uint64, n int) []vectors.Salvo {
	var list []vectors.Salvo
	for seqn := from; seqn <= to; seqn++ {
		list = append(list, sealed(device, seqn, n))
	}
	return list
}

type salvos = []vectors.Salvo

var bursts = []burst{
	{"identical-2", "one message twice", "Race", "critical", atomic, salvos{copies("a", 121, 2)}, 50, vectors.LastByte, vectors.ExactlyOneOK},
	{"identical-2-barrier", "one message twice, written at once", "Race", "high", atomic, salvos{copies("a", 121, 2)}, 50, vectors.Barrier, vectors.ExactlyOneOK},
	{"identical-16", "one message 16 times", "Race", "critical", atomic, salvos{copies("a", 121, 16)}, 20, vectors.LastByte, vectors.ExactlyOneOK},
	{"identical-16-barrier", "one message 16 times, written at once", "Race", "high", atomic, salvos{copies("a", 121, 16)}, 20, vectors.Barrier, vectors.ExactlyOneOK},
	{"identical-64", "one message 64 times", "Race", "critical", atomic, salvos{copies("a", 121, 64)}, 5, vectors.LastByte, vectors.ExactlyOneOK},
	{"resealed-2", "one number in two messages", "Race", "critical", atomic, salvos{sealed("a", 121, 2)}, 50, vectors.LastByte, vectors.ExactlyOneOK},
	{"resealed-16", "one number in 16 messages", "Race", "critical", atomic, salvos{sealed("a", 121, 16)}, 20, vectors.LastByte, vectors.ExactlyOneOK},
	{"resealed-64", "one number in 64 messages", "Race", "high", atomic, salvos{sealed("a", 121, 64)}, 5, vectors.LastByte, vectors.ExactlyOneOK},
	{"identical-and-resealed", "one message 8 times, and its number in 8 others", "Race", "critical", atomic, salvos{copies("a", 121, 8), sealed("a", 121, 8)}, 20, vectors.LastByte, vectors.ExactlyOneOK},
	{"old-and-new", "a number that was used, and the one that is next", "Race", "high", atomic, salvos{sealed("a", 120, 8), copies("a", 121, 8)}, 10, vectors.LastByte, vectors.ExactlyOneOK},
	{"rising-16", "16 numbers, one message each", "Order", "critical", atomic, each("a", 121, 136, 1), 20, vectors.LastByte, vectors.Linearizable},
	{"rising-4-by-4", "4 numbers, each in 4 messages", "Order", "critical", atomic, each("a", 121, 124, 4), 20, vectors.LastByte, vectors.Linearizable},
	{"far-apart", "next and a number a thousand above it", "Order", "high", atomic, salvos{copies("a", 121, 8), copies("a", 1121, 8)}, 20, vectors.LastByte, vectors.Linearizable},
	{"mixed-64", "16 numbers, each in 4 messages", "Order", "high", atomic, each("a", 121, 136, 4), 5, vectors.LastByte, vectors.Linearizable},
	{"two-devices", "one message of each of two devices, 8 times", "Isolation", "critical", separate, salvos{copies("a", 121, 8), copies("b", 121, 8)}, 20, vectors.LastByte, vectors.ExactlyOneOK},
	{"two-devices-rising", "8 numbers of each of two devices", "Isolation", "high", separate, append(each("a", 121, 128, 1), each("b", 121, 128, 1)...), 10, vectors.LastByte, vectors.Linearizable},
}
