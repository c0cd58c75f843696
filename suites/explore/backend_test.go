package explore_test

import (
	"context"
	"math/big"
	"slices"

	"github.com/espalier-hil/espalier/suites/explore"
)

// backend is one in memory, with at most one fault: a part that a test replaces.
type backend struct {
	devices []*device
	sent    map[int]*bytesOf
	tries   int

	ahead   func(d *device, n uint64, m *bytesOf) bool
	after   func(d *device, n uint64) uint64
	refused func(d *device)
	lenient func(d *device, what string) bool // takes what is made by this recipe
	restart func(d *device)
	copies  int // of a burst that are let in
}

type device struct {
	first, next uint64
	accepted    int
	inRow       int // refusals since the last message that was accepted
	seen        []*bytesOf
	armed       int
}

// bytesOf is a message, known by its address.
type bytesOf struct {
	number uint64
	what   string
}

func newBackend() *backend {
	return &backend{
		ahead:   func(d *device, n uint64, _ *bytesOf) bool { return n >= d.next },
		after:   func(_ *device, n uint64) uint64 { return n + 1 },
		refused: func(*device) {},
		lenient: func(*device, string) bool { return false },
		restart: func(*device) {},
		copies:  1,
	}
}

func (b *backend) Begin(_ context.Context, devices int) (starts []explore.Start, err error) {
	b.devices, b.sent = nil, map[int]*bytesOf{}
	b.tries++
	for i := range devices {
		next := uint64(1000*(i+1) + 17*b.tries)
		b.devices = append(b.devices, &device{first: next, next: next})
		starts = append(starts, explore.Start{Next: new(big.Int).SetUint64(next), New: true})
	}
	return starts, nil
}

func (b *backend) Send(_ context.Context, messages []explore.Message) (out []explore.Outcome, err error) {
	let := 0
	for _, m := range messages {
		bytes := b.sent[m.Of]
		if !m.Again {
			bytes = &bytesOf{m.Number.Uint64(), m.What}
			b.sent[m.Step] = bytes
		}
		d := b.devices[m.Device]
		wellMade := bytes.what == "" || b.lenient(d, bytes.what)
		ok := !m.Unknown && wellMade && b.ahead(d, bytes.number, bytes)
		if len(messages) > 1 && let > 0 {
			ok = let < b.copies
		}
		if !ok {
			d.inRow++
			b.refused(d)
			out = append(out, explore.IsRefused)
			continue
		}
		let++
		d.accepted++
		d.inRow = 0
		d.next = b.after(d, bytes.number)
		d.seen = append(d.seen, bytes)
		out = append(out, explore.IsAccepted)
	}
	return out, nil
}

func (b *backend) Again(context.Context, explore.Kind) error {
	for _, d := range b.devices {
		b.restart(d)
	}
	return nil
}

func (b *backend) State(context.Context, int) (next, missing *big.Int, err error) {
	return nil, nil, nil
}

// replayed reports whether these very bytes were accepted before.
func (d *device) replayed(m *bytesOf) bool { return slices.Contains(d.seen, m) }
