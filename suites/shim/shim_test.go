package shim_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/suites/codec"
	"github.com/espalier-hil/espalier/suites/shim"
)

// begin starts the faulty shim; timeout is short where only a hang needs it.
func begin(t *testing.T, timeout time.Duration, args ...string) *shim.Shim {
	t.Helper()
	s, err := shim.Start(shim.Config{Command: append([]string{faulty}, args...), Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// ample is more than any answer takes, on a machine that is busy.
const ample = 30 * time.Second

var (
	passphrase = []byte("correct horse")
	salt       = []byte{1, 2, 3, 4, 5, 6, 7, 8}
)

const (
	msg  = "U2FsdGVkX18BAgMEBQYHCMkOPuK2CkpnWxMOBANQlfBEHQzobzYTBStYbdyJnZs5xTZ67zxzXwYhxzgSzmGQNw=="
	text = `{"data":{"value":300},"SEQN":121}`
)

// kdf asks one question and reports whether it was answered rightly.
func kdf(t *testing.T, s *shim.Shim) error {
	t.Helper()
	key, iv, err := s.KDF(t.Context(), passphrase, salt)
	if err != nil {
		return err
	}
	wantKey, wantIV, _ := codec.Reference{}.KDF(t.Context(), passphrase, salt)
	if !bytes.Equal(key, wantKey) || !bytes.Equal(iv, wantIV) {
		t.Errorf("key %x, IV %x", key, iv)
	}
	return nil
}

func TestAnswers(t *testing.T) {
	s := begin(t, ample, "none")
	ctx := t.Context()
	if err := kdf(t, s); err != nil {
		t.Error(err)
	}
	if got, err := s.Open(ctx, passphrase, msg); string(got) != text || err != nil {
		t.Errorf("open: %q, %v", got, err)
	}
	// All that JSON can do to a text must come out as it was.
	odd := "\x00\t\"\\/<&>\u2028\u00e9\U0001f333"
	if _, err := s.Open(ctx, nil, odd); err != error(codec.Rejected{Stage: "outer-base64"}) {
		t.Errorf("open: %v", err)
	}
	if got, err := s.Payload(ctx, "121", []byte(text)); got.Next != "122" || string(got.Data) != `{"value":300}` || err != nil {
		t.Errorf("payload: %+v, %v", got, err)
	}
	if _, err := s.Payload(ctx, "122", []byte(text)); err != error(codec.Rejected{Stage: "seqn-replay"}) {
		t.Errorf("payload: %v", err)
	}
	if s.Answered() != 5 || s.Gone() != nil {
		t.Errorf("%d answered, %v", s.Answered(), s.Gone())
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// Each fault is told from the others, in one line, and costs one question.
func TestFaults(t *testing.T) {
	for fault, tt := range map[string]struct {
		what error
		says string
	}{
		"dies":           {codec.ErrCrashed, "ended without an answer: exit status 3"},
		"is-killed":      {codec.ErrCrashed, "ended without an answer: signal: killed"},
		"half":           {codec.ErrCrashed, "in the middle of a line: exit status 0"},
		"talks":          {codec.ErrNonsense, `no JSON object on a line of its own`},
		"binary":         {codec.ErrNonsense, `"\xff\x00\x1b[2J"`},
		"number":         {codec.ErrNonsense, `"42"`},
		"empty":          {codec.ErrNonsense, `: ""`},
		"long":           {codec.ErrNonsense, "a line of more than 1048576 bytes"},
		"endless":        {codec.ErrNonsense, "a line of more than 1048576 bytes"},
		"no-seq":         {codec.ErrNonsense, "an answer without seq"},
		"wrong-seq":      {codec.ErrNonsense, "its seq is 99, and question 2 was put"},
		"duplicate-key":  {codec.ErrNonsense, "duplicate key"},
		"twice":          {codec.ErrNonsense, "answered question 2 a second time"},
		"floods":         {codec.ErrNonsense, "question"},
		"closes":         {codec.ErrNonsense, "closed its standard output, and runs on"},
		"unknown-field":  {codec.ErrNonsense, `and here stands "out", "took"`},
		"unknown-answer": {codec.ErrNonsense, `there is no answer "maybe"`},
		"bare":           {codec.ErrNonsense, "and here stands none"},
		"no-text":        {codec.ErrNonsense, "reject is no text"},
		"no-object":      {codec.ErrNonsense, "out is no object"},
		"no-fields":      {codec.ErrNonsense, "out has the fields keyHex and ivHex, and here it has none"},
		"no-hex":         {codec.ErrNonsense, `out has the fields keyHex and ivHex, and here it has "ivHex", "keyHex", "plainHex"`},
		"not-really":     {codec.ErrNonsense, "unimplemented is true or not there"},
		"unimplemented":  {codec.ErrUnimplemented, ""},
		"errored":        {codec.ErrErrored, `TypeError: undefined\nat line 7`},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			s := begin(t, ample, fault, "2")
			if err := kdf(t, s); err != nil {
				t.Fatalf("before the fault: %v", err)
			}
			err := kdf(t, s)
			if err == nil && fault == "floods" {
				err = kdf(t, s) // that was the first of many lines
			}
			if !errors.Is(err, tt.what) || !strings.Contains(err.Error(), tt.says) || strings.ContainsAny(err.Error(), "\n\x1b") || len(err.Error()) > 250 {
				t.Errorf("%v, want %v with %q", err, tt.what, tt.says)
			}
			if fault == "endless" || fault == "floods" || fault == "long" {
				return // what is left of it is its own
			}
			if err := kdf(t, s); err != nil && fault != "twice" {
				t.Errorf("after the fault: %v", err)
			}
		})
	}
}

// An op's own field that is no hexadecimal text is nonsense of that answer.
func TestNoHex(t *testing.T) {
	s := begin(t, ample, "none")
	s.Close()
	s = begin(t, ample, "no-hex")
	if _, err := s.Open(t.Context(), passphrase, msg); !errors.Is(err, codec.ErrNonsense) {
		t.Errorf("%v", err)
	}
}

func TestHangs(t *testing.T) {
	for _, fault := range []string{"hangs", "spins", "no-line-feed"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			s := begin(t, 2*time.Second, fault, "2")
			if err := kdf(t, s); err != nil {
				t.Fatalf("before the fault: %v", err)
			}
			if err := kdf(t, s); !errors.Is(err, codec.ErrHung) || !strings.Contains(err.Error(), "no line within 2s") {
				t.Errorf("%v", err)
			}
			if err := kdf(t, s); err != nil {
				t.Errorf("after the fault: %v", err)
			}
		})
	}
}

// A second answer that comes late is held against the next question, and from
// then on against its own.
func TestSecondAnswerThatComesLate(t *testing.T) {
	s := begin(t, ample, "twice-late", "0")
	kdf(t, s)
	for range 3 {
		if err := kdf(t, s); !errors.Is(err, codec.ErrNonsense) {
			t.Errorf("%v", err)
		}
	}
}

func TestUnasked(t *testing.T) {
	s := begin(t, ample, "greets")
	if err := kdf(t, s); !errors.Is(err, codec.ErrNonsense) || !strings.Contains(err.Error(), `"ready"`) {
		t.Errorf("%v", err)
	}
	s = begin(t, ample, "has-last-word")
	if err := kdf(t, s); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); !errors.Is(err, codec.ErrNonsense) || !strings.Contains(err.Error(), `"bye"`) {
		t.Errorf("%v", err)
	}
}

// What fails again and again is asked nothing more; hangs weigh more, and one
// that has never answered gets less hope than one that has.
func TestPatience(t *testing.T) {
	for fault, most := range map[string]int{"exits": shim.Hope, "dies": shim.Hope, "talks": shim.Hope, "hangs": 2, "dies-later": shim.Patience} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			s := begin(t, 3*time.Second, fault)
			answered := 0
			if fault == "dies-later" {
				if err := kdf(t, s); err != nil {
					t.Fatal(err)
				}
				answered = 1
			}
			asked := 0
			for err := error(nil); !errors.Is(err, codec.ErrGone) && asked < 100; asked++ {
				if err = kdf(t, s); err == nil {
					t.Fatal("an answer")
				}
			}
			if asked != most+1 || s.Answered() != answered || s.Asked() != most+answered || !strings.Contains(s.Gone().Error(), faulty+" "+fault) {
				t.Errorf("%d asked, %d answered: %v", asked, s.Answered(), s.Gone())
			}
		})
	}
}

// A row ends with an answer.
func TestPatienceComesBack(t *testing.T) {
	s := begin(t, ample, "dies", "2")
	for i := range 3 * shim.Patience {
		if err := kdf(t, s); i%2 == 0 && err != nil || i%2 == 1 && !errors.Is(err, codec.ErrCrashed) {
			t.Fatalf("question %d: %v", i, err)
		}
	}
}

func TestContextEnds(t *testing.T) {
	s := begin(t, ample, "hangs")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Open(ctx, passphrase, msg); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestStandardErrorIsBounded(t *testing.T) {
	var passed bytes.Buffer
	s, err := shim.Start(shim.Config{Command: []string{faulty, "complains"}, Timeout: ample, Stderr: &passed})
	if err != nil {
		t.Fatal(err)
	}
	if err := kdf(t, s); err != nil {
		t.Error(err)
	}
	s.Close()
	if n := passed.Len(); n < 4000 || n > 4500 || !strings.HasSuffix(passed.String(), "no more of it is shown)\n") {
		t.Errorf("%d bytes were passed on", n)
	}
	last := s.LastWords()
	if len(last) != 8 || !strings.Contains(last[7], "warning 99999") {
		t.Errorf("%q", last)
	}
}

func TestStartRefuses(t *testing.T) {
	for _, command := range [][]string{nil, {""}, {"no-such-program-anywhere"}, {"."}, {"main_test.go"}} {
		if _, err := shim.Start(shim.Config{Command: command}); !errors.Is(err, shim.ErrStart) {
			t.Errorf("%q: %v", command, err)
		}
	}
}

func TestCloseEndsWhatDoesNotEnd(t *testing.T) {
	s := begin(t, ample, "goes-on")
	if err := kdf(t, s); err != nil {
		t.Error(err)
	}
	began := time.Now()
	if err := s.Close(); err != nil || time.Since(began) > ample {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}
