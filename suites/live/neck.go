package live

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/vectors"
)

// neck is the test for windows that are too short for a burst to hit: between
// two statements of a program, where it lets go of one lock to take it again.
//
// Several connections carry the same messages, many numbers one after the other
// without waiting for answers. Whoever comes second with a number is refused,
// which takes less than to be accepted, and so catches up: before long they run
// neck and neck, and each number is another try. No clock here could bring
// messages that close together.
var neck = []native{{
	Case: vectors.Case{
		ID: "concurrency/neck-and-neck", Comment: "the same 60 numbers on each of 4 connections, without waiting for answers",
		Reqs: []string{"REQ-SEQ-004", "REQ-SEQ-001"}, Importance: "critical", Result: vectors.Valid,
	},
	run: (*run).neckAndNeck,
}}

const (
	neckLines  = 4
	neckDepth  = 60 // below the 100 requests after which some close a connection
	neckRounds = 40
	neckTime   = 2 * time.Second // after which no further round begins
	neckAtEach = 8               // rounds at each control
)

func (r *run) neckAndNeck(ctx context.Context) error {
	sight, err := r.neckSight(ctx)
	if err != nil {
		return err
	}
	devices, err := r.lease(ctx, map[string]string{"a": "121"}, nil, false)
	if err != nil {
		return err
	}
	d := devices["a"]
	if d.next > last-neckRounds*neckDepth-10 {
		return notRun("device %s has too few numbers left", d.id)
	}
	rounds, depth := 0, neckDepth
	for end := time.Now().Add(neckTime); rounds < neckRounds && time.Now().Before(end); {
		ops, err := r.pipe(ctx, d, depth)
		if err != nil {
			return err
		}
		rounds++
		if slices.ContainsFunc(ops, func(op Op) bool { return op.Outcome == Unanswered }) {
			if d.next = ops[len(ops)-1].SEQN + 1; depth == 1 {
				return failed("round %d: %d messages at once were not all answered", rounds, len(ops))
			}
			r.result.note("the backend does not answer requests that follow each other on one connection; so each has one")
			depth, rounds = 1, 0
			if err := r.canary(ctx, d); err != nil {
				return err
			}
			continue
		}
		if err := explain(vectors.Linearizable, d, ops, false); err != nil {
			return sight.doubt(prefix(err, "round %d: ", rounds))
		}
		if err := r.prove(ctx, d); err != nil {
			return err
		}
	}
	instant, short := sight.windows[1], sight.windows[2]
	r.result.note("the backend was tried in %d rounds of %d numbers; of backends of ours, one that lets go of its lock for an instant between check and store was found in %d of %d, one that does for %s in %d of %d, and one that does not was suspected in %d of %d",
		rounds, depth, instant.seen, instant.rounds, short.open, short.seen, short.rounds, sight.windows[0].seen, sight.windows[0].rounds)
	return sight.doubt(nil)
}

// neckSight measures what this test can see, on controls: one is right, one lets
// go of its lock for an instant, and one for longer.
func (r *run) neckSight(ctx context.Context) (*sight, error) {
	s := &sight{}
	for _, w := range []window{{}, {open: time.Nanosecond}, {open: 50 * time.Microsecond}} {
		c, err := newControl(1000)
		if err != nil {
			return nil, err
		}
		defer c.close()
		if w.open > 0 {
			c.between = func() { spin(w.open) }
		}
		aimed := c.aim(r)
		for range neckAtEach {
			ops, err := aimed.pipe(ctx, c.device, neckDepth)
			if err != nil {
				return nil, fmt.Errorf("a control beside the backend: %w", err)
			}
			if explain(vectors.Linearizable, c.device, ops, false) != nil {
				w.seen++
			}
		}
		w.rounds = neckAtEach
		s.windows = append(s.windows, w)
	}
	return s, nil
}

// pipe sends the messages of as many numbers over each of some connections, all
// but the first without waiting. What happened lies between the call and the
// return of each; all are called when the first is.
func (r *run) pipe(ctx context.Context, d *device, depth int) ([]Op, error) {
	var messages []message
	var first, rest []byte
	for i := range depth {
		m := r.seal(d, d.next+uint64(i))
		messages = append(messages, m)
		rest = append(rest, r.raw(d, m)...)
		if i == 0 {
			first = rest[:len(rest)-1]
		}
	}
	rest = rest[len(first):]
	shots := make([]*shot, neckLines)
	defer func() {
		for _, s := range shots {
			if s != nil && s.conn != nil {
				s.conn.Close()
			}
		}
	}()
	for i := range shots {
		shots[i] = &shot{to: d}
	}
	if err := r.warm(ctx, shots); err != nil {
		return nil, err
	}
	for _, s := range shots {
		if _, err := s.conn.Write(first); err != nil {
			return nil, failed("a connection was closed before its request was whole: %v", err)
		}
	}
	ops := make([][]Op, len(shots))
	var answers sync.WaitGroup
	called := time.Now()
	for i, s := range shots {
		answers.Go(func() { ops[i] = drain(s.in, messages, called) })
	}
	for _, s := range shots {
		go write(s.conn, rest)
	}
	answers.Wait()
	for i := range depth {
		for _, line := range ops {
			if op := line[i]; i < 2 || op.Outcome == Accepted {
				r.result.record(Exchange{What: fmt.Sprintf("number %d of %d on one of %d connections", i+1, depth, len(shots)), Device: d.id, SEQN: fmt.Sprint(op.SEQN), Next: d.stands(),
					At: max(0, op.Called.Sub(r.began)), Sent: messages[i].msg, Answer: string(op.Outcome), Outcome: op.Outcome, Took: op.Returned.Sub(op.Called)})
			}
		}
	}
	return slices.Concat(ops...), nil
}

// write gives up where the connection ends: the answers tell.
func write(conn net.Conn, p []byte) { conn.Write(p) }

// drain reads the answers to messages of one connection.
func drain(in *bufio.Reader, messages []message, called time.Time) (ops []Op) {
	ended := false
	for _, m := range messages {
		op := Op{Device: m.from.id, SEQN: m.seqn, Outcome: Unanswered, Called: called}
		if !ended {
			a := next(in, http.MethodPost)
			op.Outcome = a.outcome()
			ended = a.err != nil || a.closes
		}
		op.Returned = time.Now()
		ops = append(ops, op)
	}
	return ops
}
