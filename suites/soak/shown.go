package soak

import (
	"maps"
	"slices"
)

// shown is what an act, together with the sends after it, shows of a device and
// its backend.
var shown = map[Act][]string{
	Send:        {"REQ-SEQ-009"},
	Reset:       {"REQ-DEV-002"},
	Cut:         {"REQ-DEV-002"},
	DropRequest: {"REQ-DEV-003"},
	DropReply:   {"REQ-DEV-003", "REQ-SEQ-001"},
	Forge:       {"REQ-DEV-003", "REQ-DEV-008"},
	Impair:      {"REQ-DEV-003", "REQ-DEV-004"},
	Replay:      {"REQ-SEQ-001"},
	Restart:     {"REQ-SEQ-012"},
	Kill:        {"REQ-SEQ-005"},
}

// Shown returns the requirements that acts have put to the test, in order.
func Shown(acts map[Act]int) []string {
	reqs := map[string]bool{}
	for act := range acts {
		for _, id := range shown[act] {
			reqs[id] = true
		}
	}
	return slices.Sorted(maps.Keys(reqs))
}
