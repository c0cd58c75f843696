package judge

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// What is compared of each step of a sequence.
const (
	ofStatus   aspect = "sequence status"
	ofStepNext aspect = "sequence next"
	ofMissing  aspect = "sequence missing"
)

// errBeyond reports a step that takes a backend.
var errBeyond = errors.New("it takes a backend with a network")

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
		switch {
		case errors.Is(err, errBeyond):
			r.beyond("step %d: %v", i, err)
			return
		case err != nil:
			r.broken(fmt.Errorf("step %d: %w", i, err))
			return
		}
		sent[i] = m
		w := devices[m.device]
		s, ok := j.open(ctx, r, passphraseOf(m.device), m.text)
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
	if step.Before != "" {
		return message{}, fmt.Errorf("%w: %s", errBeyond, step.Before)
	}
	if send.ReplayOf != nil {
		if *send.ReplayOf >= len(sent) {
			return message{}, fmt.Errorf("it replays step %d, which is not before it", *send.ReplayOf)
		}
		m := sent[*send.ReplayOf]
		if send.Device != "" {
			m.device = send.Device
		}
		m.what = fmt.Sprintf("the bytes of step %d", *send.ReplayOf)
		return m, j.known(t, m.device)
	}
	m := message{device: send.Device, what: "SEQN " + send.SEQN}
	recipe := vectors.Construct{Plain: `{"data":{"value":300},"SEQN":${SEQN}}`}
	if send.Vector != "" {
		m.what = send.Vector + " at " + m.what
		found, ok := j.suite.Find(send.Vector)
		if !ok {
			return message{}, fmt.Errorf("there is no vector %s", send.Vector)
		}
		switch v := found.Test.(type) {
		case *vectors.EnvelopeTest:
			recipe = v.Construct
		case *vectors.PayloadTest:
			recipe = v.Construct
		default:
			return message{}, fmt.Errorf("%w: %s", errBeyond, send.Vector)
		}
	}
	p := construct.Params{Passphrase: passphraseOf(m.device), SEQN: send.SEQN}
	binary.BigEndian.PutUint64(p.Salt[:], uint64(len(sent))+1)
	made, err := construct.Build(recipe, p)
	if err != nil {
		return message{}, err
	}
	m.text = made.Msg
	return m, j.known(t, m.device)
}

// known is an error for a device that the test does not begin with: to refuse
// it is a backend's business.
func (j *judge) known(t *vectors.SequenceTest, device string) error {
	if _, ok := t.Initial[device]; !ok {
		return fmt.Errorf("%w: device %s is unknown", errBeyond, device)
	}
	return nil
}

// passphraseOf is the passphrase of a device of a sequence; each has its own.
func passphraseOf(device string) []byte { return []byte("passphrase of device " + device) }

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
