package soak_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/suites/soak"
)

// device is a device and its backend in memory, with at most one fault.
type device struct {
	next        uint64
	stored      []soak.Stored
	passed, all []soak.Passed
	cuts        int
	fault       string
}

func (d *device) Fresh(context.Context) error { *d = device{fault: d.fault}; return nil }

func (d *device) Do(_ context.Context, step soak.Step, data string) (soak.Report, error) {
	switch step.Act {
	case soak.Reset:
		if d.fault == "counts anew" && len(d.all) > 2 {
			d.next = 0
		}
		if d.fault == "skips two" {
			d.next += 2
		}
		return soak.Report{Breaks: 1}, nil
	case soak.Cut:
		d.cuts++
		if d.fault == "dies of the third cut" && d.cuts == 3 {
			return soak.Report{Breaks: 1, Dead: "nothing is heard"}, nil
		}
		if step.N >= 4 || d.fault == "number after the message" {
			d.leave(data)
		}
		if step.N >= 4 && d.fault == "number after the message" {
			d.next--
		} else if step.N > 0 && step.N < 4 {
			d.next++
		}
		return soak.Report{Breaks: 1}, nil
	case soak.Impair:
		p := d.leave(data)
		d.store(p)
		r := soak.Report{Sent: true, SEQN: p.SEQN, Outcome: "refused", Altered: step.N%3 < 2, Garbled: step.N%3 == 0}
		switch {
		case d.fault == "crashes on a bad line":
			return r, &soak.Failure{Why: "it crashed", Err: errCrash}
		case step.N%3 == 1:
			r.Outcome, d.stored = "presumed", d.stored[:len(d.stored)-1]
		case step.N%3 == 2 && d.fault != "refuses what it stored":
			r.Outcome = "presumed"
		}
		return r, nil
	case soak.Replay:
		return soak.Report{Accepted: d.fault == "takes replays" && len(d.all) > 0}, nil
	case soak.Restart, soak.Kill:
		if d.fault == "loses what was stored" && len(d.stored) > 0 {
			d.stored = d.stored[:len(d.stored)-1]
		}
		return soak.Report{}, nil
	}
	p := d.leave(data)
	r := soak.Report{Sent: true, SEQN: p.SEQN, Outcome: "accepted"}
	switch {
	case step.Act == soak.Forge:
		r.Outcome = "refused"
		if d.fault == "believes anybody" && step.N%4 == 3 {
			r.Outcome = "accepted"
		}
		return r, nil
	case step.Act == soak.DropReply:
		r.Outcome = "presumed"
	}
	d.store(p)
	if d.fault == "stores twice" && step.Act == soak.DropReply {
		d.store(p)
	}
	return r, nil
}

// leave sends the next message.
func (d *device) leave(data string) soak.Passed {
	p := soak.Passed{SEQN: d.next, Data: data, Msg: data}
	d.next++
	d.passed, d.all = append(d.passed, p), append(d.all, p)
	return p
}

func (d *device) store(p soak.Passed) {
	if d.fault == "cuts data" && p.SEQN == 9 {
		p.Data = p.Data[:3]
	}
	d.stored = append(d.stored, soak.Stored{SEQN: p.SEQN, Data: p.Data})
}

func (d *device) Passed() ([]soak.Passed, error) {
	p := d.passed
	d.passed = nil
	return p, nil
}

func (d *device) Stored(_ context.Context, from uint64) (list []soak.Stored, err error) {
	for _, s := range d.stored {
		if s.SEQN >= from {
			list = append(list, s)
		}
	}
	return list, nil
}

var errCrash = errors.New("crash")

// random draws steps, at most n.
func random(seed uint64, n int) func() (soak.Step, bool) {
	rng := rand.New(rand.NewPCG(seed, 0))
	return func() (soak.Step, bool) {
		n--
		return soak.Draw(rng), n >= 0
	}
}

// Each fault is found, and brought to the shortest script that shows it; without
// one nothing is.
func TestRunAndShrink(t *testing.T) {
	for fault, want := range map[string]struct{ req, script string }{
		"":                         {"", ""},
		"counts anew":              {"REQ-DEV-002", "send send send reset send"},
		"skips two":                {"REQ-DEV-002", "send reset send"},
		"number after the message": {"REQ-DEV-002", "cut:4 send"},
		"dies of the third cut":    {"REQ-DEV-002", "cut:0 cut:0 cut:0"},
		"takes replays":            {"REQ-SEQ-001", "send replay:0"},
		"loses what was stored":    {"REQ-DEV-003", "send kill"},
		"believes anybody":         {"REQ-DEV-003", "forge:3"},
		"stores twice":             {"REQ-SEQ-001", "drop-reply"},
		"crashes on a bad line":    {"", "impair:0"},
		"refuses what it stored":   {"REQ-DEV-003", "impair:2"},
		"cuts data":                {"REQ-SEQ-009", strings.TrimSpace(strings.Repeat("send ", 10))},
	} {
		t.Run("fault="+fault, func(t *testing.T) {
			d := &device{fault: fault}
			script, err := soak.Run(t.Context(), d, random(1, 3000), nil)
			var f *soak.Failure
			if !errors.As(err, &f) {
				if fault != "" || err != nil || len(script) != 3000 {
					t.Fatalf("after %d steps: %v", len(script), err)
				}
				return
			}
			if fault == "" || f.Req != want.req || f.At != len(script)-1 || (f.Req == "") != errors.Is(err, errCrash) {
				t.Fatalf("%v", err)
			}
			s, err := soak.Shrink(t.Context(), d, script, f)
			if err != nil || !s.Again || len(s.Script) != len(strings.Fields(want.script)) {
				t.Errorf("%s (%v), after %d tries: %v, want %s", s.Script, s.Failure, s.Tries, err, want.script)
			}
			if again, err := soak.Parse(s.Script.String()); err != nil || again.String() != s.Script.String() {
				t.Errorf("%q is read as %q, %v", s.Script, again, err)
			}
		})
	}
}

// slow is a device that takes its time, until there is none left.
type slow struct {
	*device
	left int
	stop context.CancelFunc
}

func (s *slow) Do(ctx context.Context, step soak.Step, data string) (soak.Report, error) {
	if s.left--; s.left == 0 {
		s.stop()
	}
	return s.device.Do(ctx, step, data)
}

// What broke it is looked for among the last steps, and a script that there was
// no time for is not said to have passed.
func TestShrinkIsOutOfTime(t *testing.T) {
	for _, tt := range []struct {
		fault, script string
		left          int
		again, spent  bool
	}{
		{"takes replays", strings.Repeat("send ", 5000) + "replay:0", 500, true, false},
		{"cuts data", strings.Repeat("send ", 10), 12, false, true},
		{"", strings.Repeat("send ", 10), 100, false, false},
	} {
		script, err := soak.Parse(tt.script)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		req := map[string]string{"takes replays": "REQ-SEQ-001", "cuts data": "REQ-SEQ-009"}[tt.fault]
		s, err := soak.Shrink(ctx, &slow{&device{fault: tt.fault}, tt.left, stop}, script, &soak.Failure{At: len(script) - 1, Req: req})
		if err != nil || s.Again != tt.again || s.Spent != tt.spent {
			t.Errorf("%s: %+v, %v", tt.fault, s, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"send fly": "step 2: there is no act", "cut:x": "no number", "cut:-1": "no number", "cut": "is written cut:0", "send:3": "is written send", "cut:07": "is written cut:7",
		strings.Repeat("send ", 100_001): "at most 100000",
	} {
		if _, err := soak.Parse(text); !errors.Is(err, soak.ErrScript) || !strings.Contains(err.Error(), says) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("send cut:7 replay:3 drop-reply")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := soak.Parse(text)
		if err != nil {
			return
		}
		if again, err := soak.Parse(s.String()); err != nil || again.String() != s.String() {
			t.Errorf("%q: %q, %v", text, again, err)
		}
	})
}
