package control

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
)

// Told is what came of a resync.
type Told struct {
	Next     uint64 // the SEQN that the device will use next
	Told     uint64 // the backend's next, as the device was told
	Attempts int
	Settled  *Settled // nil if there was nothing that the device did not know
}

// Settled is what a device has learnt of its latest message, whose outcome was
// presumed or unknown.
type Settled struct {
	SEQN   uint64
	Stored bool // by then: a request that is still under way may yet arrive
}

// Resync has the device ask the backend for the number that is next, and go on
// from there if it is higher than its own. That costs one SEQN, whatever comes
// of it. An answer that the device does not take is a [*Refusal] with [NoAnswer],
// [NoResync] or [BadAnswer]. On link serial it carries the requests that the
// device makes.
func (c *Client) Resync(ctx context.Context) (Told, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.fits("resync", nil); err != nil {
		return Told{}, err
	}
	answer, err := c.attend(ctx, "resync", nil)
	if err != nil {
		return Told{}, err
	}
	return parseTold(answer)
}

func parseTold(raw json.RawMessage) (Told, error) {
	o, err := judge("resync", raw)
	if err != nil {
		return Told{}, err
	}
	told := Told{Next: o.number("next"), Told: o.number("told"), Attempts: o.count("attempts", 4)}
	if o.err == nil && (told.Told > MaxSEQN+1 || told.Next < told.Told) {
		o.fail("next", fmt.Sprintf("at least the SEQN told, which is at most %d", uint64(MaxSEQN+1)))
	}
	if string(o.members["settled"]) != "null" {
		s := o.object("settled")
		told.Settled = &Settled{SEQN: s.number("seqn"), Stored: s.truth("stored")}
		o.err = cmp.Or(o.err, s.err)
	}
	if err := o.check("resync"); err != nil {
		return Told{}, err
	}
	return told, nil
}
