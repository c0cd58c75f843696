package powercut

import (
	"fmt"
	"maps"
)

// identity is who a device may be, with the number that it was given to begin
// with under that passphrase.
type identity struct {
	id, pass string
	next     uint64
}

// ledger is what the world knows of a device, and what it may demand:
//
//   - the board comes back after each cut, without a crash;
//   - its store is never unreadable, once it was provisioned;
//   - it is who it was, or who it was being made when the supply failed, whole:
//     id, passphrase and number;
//   - its numbers rise: none is seen twice under one passphrase;
//   - for each cut at most one is skipped.
type ledger struct {
	was    identity  // "" : nobody yet
	wanted *identity // being provisioned when the supply failed
	spent  map[string]uint64
	losses uint64 // since the last number was seen
	seen   int
	missed int
}

func (l *ledger) clone() *ledger {
	c := *l
	c.spent = maps.Clone(l.spent)
	if c.spent == nil {
		c.spent = map[string]uint64{}
	}
	return &c
}

// floor is the lowest number that who may still send.
func (l *ledger) floor(who identity) uint64 { return max(who.next, l.spent[who.pass]) }

// greeted takes in what the device says of itself as it comes up.
func (l *ledger) greeted(h hello) error {
	if l.was.id == "" && h.Store != "ok" && (l.wanted == nil || h.Device == "" || h.Store == "damaged") {
		return nil // nobody, as before
	}
	if h.Store != "ok" {
		return fmt.Errorf("its store is %q", h.Store)
	}
	if h.Next == nil {
		return fmt.Errorf("it has no next number")
	}
	var candidates []identity
	if l.wanted != nil {
		candidates = append(candidates, *l.wanted)
	}
	if l.was.id != "" {
		candidates = append(candidates, l.was)
	}
	for _, who := range candidates {
		if h.Device == hexOf(who.id) && l.due(who, *h.Next) == nil {
			l.was, l.wanted = who, nil
			return nil
		}
	}
	for _, who := range candidates {
		if h.Device == hexOf(who.id) {
			return fmt.Errorf("as device %q, %w", who.id, l.due(who, *h.Next))
		}
	}
	return fmt.Errorf("it says that it is device %s in hexadecimal, which it never was", h.Device)
}

// due objects to n as the next number of who.
func (l *ledger) due(who identity, n uint64) error {
	switch floor := l.floor(who); {
	case n < floor:
		return fmt.Errorf("it is at SEQN %d, and %d is due: a number is repeated", n, floor)
	case n > floor+l.losses:
		return fmt.Errorf("it is at SEQN %d, and %d was due: %d are skipped at %d cuts", n, floor, n-floor, l.losses)
	}
	return nil
}

// sent takes in a message that has left the device.
func (l *ledger) sent(m message) error {
	if m.id != l.was.id {
		return fmt.Errorf("it posts as device %q, and it is %q", m.id, l.was.id)
	}
	n, err := m.open(l.was.pass)
	if err != nil {
		return fmt.Errorf("what it sends does not open under the passphrase of device %q: %w", l.was.id, err)
	}
	if err := l.due(l.was, n); err != nil {
		return err
	}
	l.missed += int(n - l.floor(l.was))
	l.seen++
	l.spent[l.was.pass] = n + 1
	l.losses = 0
	return nil
}

// provisioned takes in that the device says it has become who was wanted.
func (l *ledger) provisioned(next uint64) error {
	who := *l.wanted
	if err := l.due(who, next); err != nil {
		return fmt.Errorf("provisioned as %q, %w", who.id, err)
	}
	l.was, l.wanted = who, nil
	return nil
}
