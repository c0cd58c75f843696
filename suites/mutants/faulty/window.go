package faulty

import "math/big"

// windows are what can go wrong between a number and next.
var windows = []Edit{
	{"> for >=", "REQ-SEQ-001", "", func(c *Code) { c.admit = func(next, n *big.Int) bool { return n.Cmp(next) > 0 } }},
	{"next - 1 is admitted", "REQ-SEQ-001", "", func(c *Code) {
		c.admit = func(next, n *big.Int) bool { return new(big.Int).Add(n, one).Cmp(next) >= 0 }
	}},
	{"anything but the last number is admitted", "REQ-SEQ-001", "", func(c *Code) {
		c.admit = func(next, n *big.Int) bool { return new(big.Int).Add(n, one).Cmp(next) != 0 }
	}},
	{"numbers are compared as text", "REQ-SEQ-001", "lexical-seqn", func(c *Code) { c.admit = func(next, n *big.Int) bool { return n.String() >= next.String() } }},
	{"no gap is admitted", "REQ-SEQ-003", "", func(c *Code) { c.admit = func(next, n *big.Int) bool { return n.Cmp(next) == 0 } }},
	{"a gap of more than 1000 is refused", "REQ-SEQ-003", "", func(c *Code) {
		c.admit = func(next, n *big.Int) bool {
			return n.Cmp(next) >= 0 && new(big.Int).Sub(n, next).Cmp(big.NewInt(1000)) <= 0
		}
	}},
	{"a gap of 2^20 is refused", "REQ-SEQ-003", "", func(c *Code) {
		c.admit = func(next, n *big.Int) bool {
			return n.Cmp(next) >= 0 && new(big.Int).Sub(n, next).Cmp(big.NewInt(1<<20)) < 0
		}
	}},
	{"next becomes the old next + 1", "REQ-SEQ-002", "", func(c *Code) { c.after = func(next, _ *big.Int) string { return new(big.Int).Add(next, one).String() } }},
	{"next becomes SEQN", "REQ-SEQ-002", "", func(c *Code) { c.after = func(_, n *big.Int) string { return n.String() } }},
	{"next becomes SEQN with a 1 behind it", "REQ-SEQ-002", "", func(c *Code) { c.after = func(_, n *big.Int) string { return n.String() + "1" } }},
	{"next stays", "REQ-SEQ-002", "", func(c *Code) { c.after = func(next, _ *big.Int) string { return next.String() } }},
}
