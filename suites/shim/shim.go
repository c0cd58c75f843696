// Package shim is code under test behind a pipe: a program in any language
// that answers questions, one line of JSON each, on its standard input and
// output. What is said is documented in vectors/SHIM.md and by
// vectors/schema/shim.v1.schema.json.
//
//	words, err := shim.Split(`python3 "my shim.py"`)
//	s, err := shim.Start(shim.Config{Command: words})
//	defer s.Close()
//	key, iv, err := s.KDF(ctx, passphrase, salt)
//
// The program is a child, in a process group of its own. Where it crashes,
// hangs or makes no sense, that costs the one question: it is killed, with all
// that it started, and a new one gets the next question.
package shim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/suites/codec"
)

// ErrStart reports a command that cannot be started at all.
var ErrStart = errors.New("shim: cannot be started")

// Timeout is what one answer may take unless a [Config] says otherwise.
const Timeout = 5 * time.Second

// Patience is how many lives in a row the program may lose before it is asked
// nothing more, and Hope the same for one that has not answered yet: a crash or
// a line that makes no sense costs one, and a hang, since it costs time,
// hangCost.
const (
	Patience = 20
	Hope     = 5
	hangCost = 4
)

// wariness is how long one that has said more than it was asked is listened to
// after each answer.
const wariness = 50 * time.Millisecond

// Config says which program is asked, and how.
type Config struct {
	Command []string      // the program and its arguments, see [Split]
	Timeout time.Duration // for one answer, a start included; 0 means [Timeout]
	Stderr  io.Writer     // gets what the program says there, whole lines, at most maxPassed bytes; nil for nobody
}

// Shim is a [codec.Codec] over a program. One question is asked at a time.
type Shim struct {
	config Config
	words  *words

	mu       sync.Mutex
	life     *life // nil between a lost one and the next question
	seq      int64 // of the last question
	answered int   // questions that got an answer that is one
	lost     int   // what the present row of losses costs
	wary     bool  // it has said more than it was asked
	gone     error // why it is asked nothing more
	surplus  error // what was noticed too late for its question
}

// Start finds the command and starts it. Errors wrap ErrStart.
func Start(config Config) (*Shim, error) {
	if len(config.Command) == 0 {
		return nil, fmt.Errorf("%w: no command is given", ErrStart)
	}
	if config.Timeout <= 0 {
		config.Timeout = Timeout
	}
	if _, err := exec.LookPath(config.Command[0]); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStart, err)
	}
	s := &Shim{config: config, words: &words{to: config.Stderr}}
	var err error
	if s.life, err = start(config.Command, s.words); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrStart, config.Command[0], err)
	}
	return s, nil
}

// Asked returns how many questions were put.
func (s *Shim) Asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(s.seq)
}

// Answered returns how many questions got an answer that is one, right or wrong.
func (s *Shim) Answered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answered
}

// LastWords returns the last lines that the program wrote to its standard
// error.
func (s *Shim) LastWords() []string { return s.words.last() }

// Gone returns why the program is asked nothing more, nil while it is. The
// error wraps [codec.ErrGone].
func (s *Shim) Gone() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gone
}

// Close ends the program: its standard input ends, and what does not end by
// that is killed. The error is about what it said without being asked, after
// its last answer or where that was noticed too late.
func (s *Shim) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life != nil {
		if line, said := s.life.end(); said {
			s.surplus = unasked(line, s.seq)
		}
		s.life = nil
	}
	return s.surplus
}

// ask puts one question and returns its answer. An error wraps one of codec's
// sentinels, or is ctx's.
func (s *Shim) ask(ctx context.Context, q question) (answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone != nil {
		return answer{}, s.gone
	}
	if err := ctx.Err(); err != nil {
		return answer{}, err
	}
	if s.life == nil {
		var err error
		if s.life, err = start(s.config.Command, s.words); err != nil {
			return answer{}, s.lose(1, fmt.Errorf("%w: it cannot be started again: %w", codec.ErrCrashed, err))
		}
	}
	s.seq++
	q.V, q.Seq = 1, s.seq
	text, more, err := s.life.call(ctx, q.line(), s.config.Timeout)
	var a answer
	if err == nil {
		a, err = s.read(text, more)
	}
	switch {
	case err == nil || errors.Is(err, errContent):
		if err == nil {
			s.answered++
		}
		s.lost = 0
		return a, err
	case ctx.Err() != nil:
		s.life.kill()
		s.life = nil
		return answer{}, ctx.Err()
	case errors.Is(err, codec.ErrHung), errors.Is(err, errDeaf):
		return answer{}, s.lose(hangCost, err)
	}
	return answer{}, s.lose(1, err)
}

// read makes sense of the line that came, and of one that followed it.
func (s *Shim) read(text []byte, more bool) (answer, error) {
	a, err := parseAnswer(text, s.seq)
	if err != nil {
		return a, err
	}
	var patience time.Duration
	switch {
	case more:
		patience = parting
	case s.wary:
		patience = min(s.config.Timeout/100, wariness)
	}
	if line, more := s.life.surplus(patience); more {
		s.wary = true
		return answer{}, unasked(line, s.seq)
	}
	return a, nil
}

// lose ends a life that is of no more use and counts it.
func (s *Shim) lose(cost int, err error) error {
	if errors.Is(err, errUnasked) {
		s.wary = true
	}
	if s.life != nil {
		s.life.kill()
		s.life = nil
	}
	most := Patience
	if s.answered == 0 {
		most = Hope
	}
	if s.lost += cost; s.lost >= most {
		s.gone = fmt.Errorf("%w: %s: %w", codec.ErrGone, strings.Join(s.config.Command, " "), err)
	}
	return err
}
