package powercut

import "github.com/espalier-hil/espalier/boards/virtual"

// act is one thing that a device does, from a snapshot of the board on.
type act struct {
	name   string
	before *virtual.Snapshot
	known  *ledger // at the snapshot; not to be changed
	pulses int     // that it takes when nothing is cut
	setup  bool    // it is a provisioning
	do     func(*bench, *ledger) error
}

// send sends one reading, which the backend accepts.
func send(b *bench, l *ledger) error {
	m, err := b.leave()
	if err != nil {
		return err
	}
	if err := l.sent(m); err != nil {
		return err
	}
	return b.accept()
}

// provision returns what makes the device who.
func provision(who identity) func(*bench, *ledger) error {
	return func(b *bench, l *ledger) error {
		wanted := who
		if who.pass == l.was.pass { // its number is never lowered
			wanted.next = max(who.next, l.was.next)
		}
		l.wanted = &wanted
		r, err := b.do("provision %x %x %d", who.id, who.pass, who.next)
		if err != nil {
			return err
		}
		return l.provisioned(r.Next)
	}
}

// Who the device is, by turns.
var (
	alpha = identity{"alpha", "the passphrase of alpha", 10}
	beta  = identity{"beta-2", "another passphrase, of beta", 40}
)

// comesBack has the supply come back, and the device say who it is. It returns
// errLost where the supply fails again.
func comesBack(b *bench, l *ledger) error {
	l.losses++
	h, err := b.boot()
	if err != nil {
		return err
	}
	b.count.Boots++
	return l.greeted(h)
}

// proves has a device that came back send a reading, and, if twice, again after
// one more loss of its supply, in which weak cells may read otherwise. One that
// is nobody becomes beta first.
func proves(b *bench, l *ledger, twice bool) error {
	if err := sends(b, l); err != nil || !twice {
		return err
	}
	b.board.PowerOff()
	if err := comesBack(b, l); err != nil {
		return err
	}
	return sends(b, l)
}

func sends(b *bench, l *ledger) error {
	if l.was.id == "" {
		if err := provision(beta)(b, l); err != nil {
			return err
		}
	}
	if err := b.ready(); err != nil {
		return err
	}
	m, err := b.leave()
	if err != nil {
		return err
	}
	return l.sent(m)
}
