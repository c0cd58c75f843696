// Package soak sends, cuts, resets and impairs at random, for as long as somebody
// wants, and holds what comes of it against what must hold of a device and its
// backend at any time. What fails is tried again with steps left out, until a
// short script shows it.
//
//	seed ─▶ Script ─▶ Run ──▶ Bench (board, wire, server)
//	                   │         │
//	                   ▼         ▼
//	                 ledger ◀── what passed, what is stored
package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrScript reports a script that makes no sense.
var ErrScript = errors.New("soak: no script")

// Act is what a step does.
type Act string

// The acts.
const (
	Send        Act = "send"         // a reading is sent
	Reset       Act = "reset"        // the board is reset by its pin
	Cut         Act = "cut"          // its supply fails in pulse N of the flash, counted from a send, or at moment N where there are no pulses
	DropRequest Act = "drop-request" // the backend does not see the next request
	DropReply   Act = "drop-reply"   // the device does not hear the next reply
	Forge       Act = "forge"        // somebody else answers the next request, as hostile as N says
	Impair      Act = "impair"       // the network fails the attempts of a message, in the way that N is the seed of
	Replay      Act = "replay"       // message N of those that passed is sent again
	Restart     Act = "restart"      // the server is stopped and started again
	Kill        Act = "kill"         // the server is killed and started again
)

// odds is how often an act is drawn, of a hundred.
type odds struct {
	act Act
	n   int
}

var often = []odds{{Send, 40}, {Reset, 6}, {Cut, 16}, {DropRequest, 5}, {DropReply, 5}, {Forge, 6}, {Impair, 12}, {Replay, 8}, {Restart, 1}, {Kill, 1}}

// Step is one act.
type Step struct {
	Act Act
	N   uint64 // of a cut, a forgery, an impairment or a replay
}

// String writes a step as it stands in a script.
func (s Step) String() string {
	if s.Act == Cut || s.Act == Forge || s.Act == Impair || s.Act == Replay {
		return fmt.Sprintf("%s:%d", s.Act, s.N)
	}
	return string(s.Act)
}

// Script is steps, one after the other.
type Script []Step

// String writes a script as Parse reads it.
func (s Script) String() string {
	words := make([]string, len(s))
	for i, step := range s {
		words[i] = step.String()
	}
	return strings.Join(words, " ")
}

// maxSteps bounds a script.
const maxSteps = 100_000

// Parse reads a script: "send cut:7 send". Errors wrap ErrScript.
func Parse(text string) (Script, error) {
	words := strings.Fields(text)
	if len(words) > maxSteps {
		return nil, fmt.Errorf("%w: it has %d steps, and at most %d are read", ErrScript, len(words), maxSteps)
	}
	var s Script
	for i, word := range words {
		name, number, has := strings.Cut(word, ":")
		step := Step{Act: Act(name)}
		if !slices.ContainsFunc(often, func(o odds) bool { return o.act == step.Act }) {
			return nil, fmt.Errorf("%w: step %d: there is no act %.40q", ErrScript, i+1, name)
		}
		if has {
			n, err := strconv.ParseUint(number, 10, 32)
			if err != nil {
				return nil, fmt.Errorf("%w: step %d: %.40q is no number from 0 to 2^32-1", ErrScript, i+1, number)
			}
			step.N = n
		}
		if step.String() != word {
			return nil, fmt.Errorf("%w: step %d: %.40q is written %s", ErrScript, i+1, word, step)
		}
		s = append(s, step)
	}
	return s, nil
}

// pulses is how many pulses of the flash a cut may wait for: as many as a send
// takes that moves to another sector, and some.
const pulses = 48

// Draw returns a step at random.
func Draw(rng *rand.Rand) Step {
	at := rng.IntN(100)
	for _, o := range often {
		if at -= o.n; at < 0 {
			step := Step{Act: o.act}
			switch o.act {
			case Cut:
				step.N = 1 + rng.Uint64N(pulses)
			case Forge:
				step.N = rng.Uint64N(uint64(len(forgeries)))
			case Impair, Replay:
				step.N = rng.Uint64N(1000)
			}
			return step
		}
	}
	panic("soak: internal error: the acts are less than a hundred")
}

// Failure is a promise that was broken.
type Failure struct {
	At  int    // step, from 0
	Req string // the requirement; empty of a board that crashed
	Why string
	Err error // what showed it, if that was an error: of a crash the console's
}

// Error implements error.
func (f *Failure) Error() string {
	if f.Req == "" {
		return fmt.Sprintf("step %d: %s", f.At+1, f.Why)
	}
	return fmt.Sprintf("step %d: %s: %s", f.At+1, f.Req, f.Why)
}

// Unwrap returns what showed it.
func (f *Failure) Unwrap() error { return f.Err }

// Progress is how far a run has come.
type Progress struct {
	Steps, Sends, Stored int
	Acts                 map[Act]int
	Took                 time.Duration
}

// Bench is what steps are done with.
type Bench interface {
	// Fresh makes the device one that has never sent anything, under an id and a
	// passphrase of its own.
	Fresh(ctx context.Context) error

	// Do does a step. Its error is the bench's own, or a *Failure of a board that
	// crashed or fell silent; what the device and the backend did is for Passed and
	// Stored to say.
	Do(ctx context.Context, step Step, data string) (Report, error)

	// Passed returns what has left the device since the last call, in order.
	Passed() ([]Passed, error)

	// Stored returns what the backend has stored from a number on.
	Stored(ctx context.Context, from uint64) ([]Stored, error)
}

// Report is what came of a step.
type Report struct {
	Sent     bool   // the device has given an account of a send
	SEQN     uint64 // that it used
	Outcome  string // accepted, refused, presumed, unknown
	Altered  bool   // a request or a reply was another on the way: presumed means nothing
	Garbled  bool   // that was a reply: refused means nothing
	Accepted bool   // a replay was accepted
	Breaks   int    // how often the board was reset or lost its supply: as many numbers may be skipped
	Dead     string // why the board did not come back
}

// Passed is a message that left the device.
type Passed struct {
	SEQN uint64
	Data string
	Msg  string // the envelope
}

// Stored is a reading.
type Stored struct {
	SEQN uint64
	Data string
}

// Run does steps until next has no more, ctx ends, or a promise is broken, which
// is a *Failure. The script is what was done.
func Run(ctx context.Context, b Bench, next func() (Step, bool), observe func(Progress)) (Script, error) {
	if err := b.Fresh(ctx); err != nil {
		return nil, err
	}
	var script Script
	l := newLedger()
	began := time.Now()
	p := Progress{Acts: map[Act]int{}}
	for ctx.Err() == nil {
		step, more := next()
		if !more {
			break
		}
		script = append(script, step)
		data := fmt.Sprintf(`{"soak":%d}`, len(script))
		report, err := b.Do(ctx, step, data)
		if ctx.Err() != nil {
			return script[:len(script)-1], nil
		}
		if err == nil {
			err = l.take(ctx, b, report)
		}
		p.Steps, p.Sends, p.Stored, p.Took = len(script), len(l.sent), len(l.stored), time.Since(began)
		p.Acts[step.Act]++
		if observe != nil {
			observe(p)
		}
		var f *Failure
		if errors.As(err, &f) {
			f.At = len(script) - 1
		}
		if err != nil {
			return script, err
		}
	}
	return script, nil
}
