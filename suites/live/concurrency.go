package live

import (
	"context"
	"fmt"
	"time"

	"github.com/espalier-hil/espalier/vectors"
)

// concurrency runs the rounds of a burst. A round that leaves next where it
// should not be ends the test. So does the first whose answers nothing explains;
// the rounds that remain only count how often that comes.
func (r *run) concurrency(ctx context.Context, t *vectors.ConcurrencyTest) error {
	sight, err := r.sight(ctx)
	if err != nil {
		return err
	}
	devices, err := r.lease(ctx, t.Initial, nil, false)
	if err != nil {
		return err
	}
	began := map[string]uint64{}
	for letter, d := range devices {
		began[letter] = d.next
	}
	var first error
	wrong, rounds := 0, 0
	for end := time.Now().Add(burstTime); rounds < t.Rounds && (rounds < fewestRounds || time.Now().Before(end)); {
		rounds++
		for letter, d := range devices {
			d.shift += int64(d.next) - int64(began[letter])
			began[letter] = d.next
		}
		ops, err := r.burst(ctx, t.Burst, t.Release == vectors.LastByte, devices)
		if err != nil {
			return err
		}
		var broken error
		for _, letter := range sorted(devices) {
			d := devices[letter]
			if err := explain(t.Predicate, d, ops, len(devices) > 1); err != nil && broken == nil {
				broken = err
			}
			if broken == nil && first == nil {
				if err := r.prove(ctx, d); err != nil {
					return sight.doubt(r.raced(err, rounds, len(devices) > 1))
				}
			}
		}
		if broken == nil {
			continue
		}
		r.racy = r.racy || len(devices) == 1
		if wrong++; first == nil {
			first = prefix(broken, "round %d: ", rounds)
		}
	}
	if first != nil {
		return sight.doubt(suffix(first, "; %d of %d rounds went wrong", wrong, rounds))
	}
	if rounds < t.Rounds {
		r.result.note("the backend is slow: %d of %d rounds were run", rounds, t.Rounds)
	}
	r.result.note("%s", sight)
	return sight.doubt(nil)
}

// How long a test goes on with a backend that is slow, and what it does in any
// case.
const (
	burstTime    = 3 * time.Second
	fewestRounds = 1
)

// raced is what it means that a device does not stand where the answers to a
// burst have left it: what one message stored, another one overwrote. Where
// several devices were in the burst it may have been another one's message,
// unless messages of one device are known to do that by themselves.
func (r *run) raced(err error, round int, others bool) error {
	f, is := err.(*finding)
	if !is || f.verdict != Fail {
		return err
	}
	f.broke = []string{"REQ-SEQ-004"}
	if others && !r.racy {
		f.broke = append(f.broke, "REQ-SEQ-008")
	}
	r.racy = r.racy || !others
	return prefix(f, "after the burst of round %d: ", round)
}

// explain judges the answers of one device, and moves its next behind those that
// were accepted. others is whether there were others at the same time.
func explain(predicate string, d *device, all []Op, others bool) error {
	var ops []Op
	accepted, silent, high := 0, 0, d.next
	for _, op := range all {
		if op.Device != d.id {
			continue
		}
		ops = append(ops, op)
		switch op.Outcome {
		case Accepted:
			accepted++
			high = max(high, op.SEQN+1)
		case Unanswered:
			silent++
		}
	}
	was := d.next
	d.next = high
	tooFew := "REQ-SEQ-001"
	if others {
		tooFew = "REQ-SEQ-008"
	}
	switch {
	case silent > 0:
		return against("REQ-HTTP-004", "%d of %d messages at once were not answered", silent, len(ops))
	case predicate == vectors.ExactlyOneOK && accepted > 1:
		return against("REQ-SEQ-004", "%d of %d messages with one number, %d, were accepted, and it should be one", accepted, len(ops), was)
	case predicate == vectors.ExactlyOneOK && accepted == 0:
		d.next++ // so that what comes next is about another number
		return against(tooFew, "none of %d messages with number %d was accepted, and it should be one", len(ops), was)
	case !Explained(was, ops):
		return against("REQ-SEQ-004", "no order of %d messages from number %d on explains which %d were accepted%s", len(ops), was, accepted, twice(ops))
	}
	return nil
}

// twice names a number that was accepted more than once, if there is one.
func twice(ops []Op) string {
	count := map[uint64]int{}
	for _, op := range ops {
		if op.Outcome == Accepted {
			count[op.SEQN]++
		}
	}
	for _, op := range ops {
		if n := count[op.SEQN]; n > 1 {
			return fmt.Sprintf(": number %d was, %d times", op.SEQN, n)
		}
	}
	return ""
}

// prefix and suffix add words to a finding.
func prefix(err error, format string, args ...any) error {
	if f, is := err.(*finding); is {
		f.why = fmt.Sprintf(format, args...) + f.why
	}
	return err
}

func suffix(err error, format string, args ...any) error {
	if f, is := err.(*finding); is {
		f.why += fmt.Sprintf(format, args...)
	}
	return err
}
