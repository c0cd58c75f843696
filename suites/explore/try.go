package explore

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// ErrBroken reports a history whose steps do not fit together.
var ErrBroken = errors.New("explore: history")

// Backend is what histories are tried on.
type Backend interface {
	// Begin returns devices that can be used, with next of each. It is called
	// before each try, whatever came of the one before.
	Begin(ctx context.Context, devices int) ([]Start, error)

	// Send sends a message, or several at once, and returns what came of each.
	// An error ends the try.
	Send(ctx context.Context, messages []Message) ([]Outcome, error)

	// Again restarts the backend, or kills it and starts it.
	Again(ctx context.Context, how Kind) error

	// State returns next of a device and how many numbers are missing, as the
	// backend says; nil where it does not tell.
	State(ctx context.Context, device int) (next, missing *big.Int, err error)
}

// Start is where a device stands before a try.
type Start struct {
	Next *big.Int
	New  bool // the backend has accepted nothing from it yet
}

// Message is what a step sends.
type Message struct {
	Step    int      // its ID
	Words   string   // what it is
	Device  int      // whose passphrase seals it
	Unknown bool     // it goes to a device that nobody knows
	Number  *big.Int // that is sealed
	What    string   // the recipe; empty: it is well made
	Again   bool     // the same bytes as the message of the step Of
	Of      int
}

// Outcome is what came of a message.
type Outcome int

// The outcomes.
const (
	IsRefused Outcome = iota
	IsAccepted
	IsSilent // there was no answer
)

// Failure is where a backend said something else than the model.
type Failure struct {
	At   int  // index of the step; len of the history where the backend's own word of its state is wrong
	Kind Kind // of that step; empty for the state
	Got  Outcome
	Why  string // in words, with the numbers of the try
	What string // of Refused: the recipe
}

// alike reports whether two failures are of one sort.
func (f *Failure) alike(g *Failure) bool {
	return g != nil && f.Got == g.Got && (f.Kind == "") == (g.Kind == "") && (f.Kind == Burst) == (g.Kind == Burst)
}

// Try carries out a history and compares each answer with the model's. The
// failure is nil if they agree.
func Try(ctx context.Context, b Backend, h History) (*Failure, error) {
	starts, err := b.Begin(ctx, h.devices())
	if err != nil {
		return nil, err
	}
	model := NewModel(starts)
	sent := map[int]Message{}
	for i, s := range h {
		if !s.sends() {
			if err := b.Again(ctx, s.Kind); err != nil {
				return nil, err
			}
			continue
		}
		m, err := message(s, model, sent)
		if err != nil {
			return nil, err
		}
		m.Words = fmt.Sprintf("step %d: %s", i+1, h.words(s))
		sent[s.ID] = m
		next := model.Next(s.Device)
		wanted := m.What == "" && !m.Unknown && model.Take(s.Device, m.Number)
		copies := 1
		if s.Kind == Burst {
			copies = int(s.N)
		}
		got, err := b.Send(ctx, slices.Repeat([]Message{m}, copies))
		if err != nil {
			return nil, err
		}
		if f := judge(got, wanted); f != nil {
			f.At, f.Kind, f.What = i, s.Kind, s.What
			f.Why = fmt.Sprintf("%s: %s, where next is %s", m.Words, f.Why, next)
			if s.Kind != Refused && s.Kind != Stranger {
				f.Why = fmt.Sprintf("%s: number %s %s, where next is %s", m.Words, m.Number, f.verb(), next)
			}
			if copies > 1 && f.Got != IsSilent {
				f.Why = fmt.Sprintf("%s: number %s was accepted %d times, where next is %s", m.Words, m.Number, count(got), next)
			}
			return f, nil
		}
	}
	return state(ctx, b, model, starts, len(h))
}

// message makes what a step sends.
func message(s Step, model *Model, sent map[int]Message) (Message, error) {
	m := Message{Step: s.ID, Device: s.Device, Number: model.Next(s.Device), What: s.What}
	n := new(big.Int).SetUint64(s.N)
	switch s.Kind {
	case Gap:
		m.Number.Add(m.Number, n)
	case Stale:
		if m.Number.Sub(m.Number, n); m.Number.Sign() < 0 {
			m.Number.SetInt64(0)
		}
	case Stranger:
		m.Unknown = true
	case Replay:
		first, known := sent[s.Of]
		if !known {
			return m, fmt.Errorf("%w: step %d repeats %d, which has sent nothing", ErrBroken, s.ID, s.Of)
		}
		m = first
		m.Step, m.Again, m.Of = s.ID, true, s.Of
	}
	return m, nil
}

func count(got []Outcome) (accepted int) {
	for _, o := range got {
		if o == IsAccepted {
			accepted++
		}
	}
	return accepted
}

// judge compares the answers to copies of one message with what the model says
// of it: if it is accepted, one of them is.
func judge(got []Outcome, wanted bool) *Failure {
	switch n := count(got); {
	case slices.Contains(got, IsSilent):
		return &Failure{Got: IsSilent, Why: "there was no answer"}
	case wanted && n == 0:
		return &Failure{Got: IsRefused, Why: "it was refused"}
	case !wanted && n > 0, n > 1:
		return &Failure{Got: IsAccepted, Why: "it was accepted"}
	}
	return nil
}

func (f *Failure) verb() string {
	return []string{"was refused", "was accepted", "was not answered"}[f.Got]
}

// state compares what the backend says of its devices, if it says it.
func state(ctx context.Context, b Backend, model *Model, starts []Start, at int) (*Failure, error) {
	for d, start := range starts {
		next, missing, err := b.State(ctx, d)
		if err != nil {
			return nil, err
		}
		if next != nil && next.Cmp(model.Next(d)) != 0 {
			return &Failure{At: at, Why: fmt.Sprintf("next is said to be %s, and should be %s", next, model.Next(d))}, nil
		}
		if missing != nil && start.New && missing.Cmp(model.Missing(d)) != 0 {
			return &Failure{At: at, What: "missing", Why: fmt.Sprintf("%s numbers are said to be missing, and %s are", missing, model.Missing(d))}, nil
		}
	}
	return nil, nil
}
