package judge

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// What is compared of each step of a sequence.
const (
	ofStatus   aspect = "sequence status"
	ofStepNext aspect = "sequence next"
	ofMissing  aspect = "sequence missing"
)

// beyondSteps returns why code without a server cannot go through the steps:
// for what is done to the backend, for a device that only a backend can refuse,
// or for a message that needs one.
func beyondSteps(suite *vectors.Suite, t *vectors.SequenceTest) string {
	for i, step := range t.Steps {
		if step.Before != "" {
			return fmt.Sprintf("step %d: before it comes a %s, which takes a backend", i, step.Before)
		}
		if _, known := t.Initial[step.Send.Device]; !known && step.Send.Device != "" {
			return fmt.Sprintf("step %d: device %s is unknown, which takes a backend that knows others", i, step.Send.Device)
		}
		if found, ok := suite.Find(step.Send.Vector); ok {
			if _, ok := recipeOf(found.Test); !ok {
				return fmt.Sprintf("step %d: %s takes a backend with a network", i, step.Send.Vector)
			}
		}
	}
	return ""
}

// recipeOf returns how to make the message of a test again, if it is one.
func recipeOf(t vectors.Test) (vectors.Construct, bool) {
	switch t := t.(type) {
	case *vectors.EnvelopeTest:
		return t.Construct, true
	case *vectors.PayloadTest:
		return t.Construct, true
	}
	return vectors.Construct{}, false
}

// sequence judges a history. Code without a server keeps nothing between
// messages, so the judge keeps next for each device, as the code gives it, and
// counts what that skips.
func (j *judge) sequence(ctx context.Context, r *Result, t *vectors.SequenceTest) {
	devices := map[string]*window{}
	for name, from := range t.Initial {
		devices[name] = &window{next: from}
	}
	sent := make([]message, len(t.Steps))
	for i, step := range t.Steps {
		m, err := j.message(t, sent[:i], step)
		if err != nil {
			r.broken(fmt.Errorf("step %d: %w", i, err))
			return
		}
		sent[i] = m
		w := devices[m.device]
		s, ok := j.open(ctx, r, passphraseOf(t, m.device), m.text)
		if !ok || !s.refused && !j.read(ctx, r, w.next, &s) {
			r.Reason = fmt.Sprintf("step %d: %s", i, r.Reason)
			return
		}
		if s.unread {
			r.end(NotRun, "the code does not implement payload")
			return
		}
		if wrong := j.step(w, step, s); wrong != "" {
			r.Stage = s.stage
			r.end(Fail, "step %d (%s): %s", i, m, wrong)
			return
		}
	}
	r.end(Pass, "all %d steps came out as they must", len(t.Steps))
}

// step moves the device's window by what came, and says what is wrong with it,
// if anything is.
func (j *judge) step(w *window, step vectors.Step, s seen) string {
	got := "OK"
	if s.refused {
		got = "NOT OK"
	} else if err := w.accept(s.reading.Next); err != nil {
		return err.Error()
	}
	switch {
	case step.Limit != "" && s.refused: // better than the protocol can demand
		return ""
	case j.differs(ofStatus, got != step.Status):
		return fmt.Sprintf("expected %s, got %s", step.Status, s)
	case step.Next != "" && j.differs(ofStepNext, w.next != step.Next):
		return fmt.Sprintf("expected next %s, got %s", step.Next, cut(w.next))
	case step.Missing != "" && j.differs(ofMissing, w.missing.String() != step.Missing):
		return fmt.Sprintf("expected %s numbers to be missing so far, got next %s, by which it is %s", step.Missing, cut(w.next), cut(w.missing.String()))
	}
	return ""
}

// message is what a step sends.
type message struct {
	device, text, what string
}

func (m message) String() string { return m.what + " to device " + m.device }

// message makes what a step sends. The salt is the step's own, as a device
// would have it.
func (j *judge) message(t *vectors.SequenceTest, sent []message, step vectors.Step) (message, error) {
	send := step.Send
	if send.ReplayOf != nil {
		if *send.ReplayOf >= len(sent) {
			return message{}, fmt.Errorf("it replays step %d, which is not before it", *send.ReplayOf)
		}
		m := sent[*send.ReplayOf]
		if send.Device != "" {
			m.device = send.Device
		}
		m.what = fmt.Sprintf("the bytes of step %d", *send.ReplayOf)
		return m, nil
	}
	m := message{device: send.Device, what: "SEQN " + send.SEQN}
	recipe := vectors.Construct{Plain: `{"data":{"value":300},"SEQN":${SEQN}}`}
	if send.Vector != "" {
		m.what = send.Vector + " at " + m.what
		found, ok := j.suite.Find(send.Vector)
		if !ok {
			return message{}, fmt.Errorf("there is no vector %s", send.Vector)
		}
		recipe, _ = recipeOf(found.Test)
	}
	p := construct.Params{Passphrase: passphraseOf(t, m.device), SEQN: send.SEQN}
	binary.BigEndian.PutUint64(p.Salt[:], uint64(len(sent))+1)
	made, err := construct.Build(recipe, p)
	if err != nil {
		return message{}, err
	}
	m.text = made.Msg
	return m, nil
}

// passphraseOf is the passphrase of a device of a sequence. Each has its own,
// unless the test says that some share one.
func passphraseOf(t *vectors.SequenceTest, device string) []byte {
	if slices.Contains(t.Shared, device) {
		device = t.Shared[0]
	}
	return []byte("passphrase of device " + device)
}

// window is what the judge keeps of one device.
type window struct {
	next    string
	missing big.Int
	begun   bool // something was accepted; what lies before that does not count as missing
}

// accept moves the window to the next that the code gives.
func (w *window) accept(after string) error {
	before, ok := new(big.Int).SetString(w.next, 10)
	now, ok2 := new(big.Int).SetString(after, 10)
	if !ok || !ok2 {
		return fmt.Errorf("expected a decimal number as next, got %s", quote([]byte(after)))
	}
	if w.begun {
		w.missing.Add(&w.missing, now.Sub(now, before.Add(before, big.NewInt(1))))
	}
	w.begun, w.next = true, after
	return nil
}

// successor returns the number after n.
func successor(n string) (string, error) {
	i, ok := new(big.Int).SetString(n, 10)
	if !ok {
		return "", fmt.Errorf("%q is no decimal number", cut(n))
	}
	return i.Add(i, big.NewInt(1)).String(), nil
}
