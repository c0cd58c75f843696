package live

import (
	"errors"
	"fmt"
	"time"
)

// Verdict is what came of a test.
type Verdict string

// The verdicts.
const (
	Pass         Verdict = "PASS"
	Fail         Verdict = "FAIL"         // the backend does what a requirement forbids
	NotRun       Verdict = "NOT_RUN"      // something is lacking; Why says what
	Limit        Verdict = "LIMIT"        // nobody could do better under this protocol
	Crash        Verdict = "CRASH"        // the backend does not take connections any more
	Hang         Verdict = "HANG"         // no answer in time
	Error        Verdict = "ERROR"        // the engine, a hook or the test itself failed
	Inconclusive Verdict = "INCONCLUSIVE" // it cannot be told
)

// Result is what came of one test.
type Result struct {
	ID        string        `json:"id"`
	Reqs      []string      `json:"reqs"`
	Verdict   Verdict       `json:"verdict"`
	Why       string        `json:"why,omitempty"`     // one line; empty for PASS
	Dialect   string        `json:"dialect,omitempty"` // key of dialects.json that the outcome betrays
	Notes     []string      `json:"notes,omitempty"`
	Seed      uint64        `json:"seed"`
	Took      time.Duration `json:"took"` // nanoseconds
	Exchanges []Exchange    `json:"exchanges,omitempty"`
	Left      int           `json:"left,omitempty"` // exchanges that were too many to keep
}

// Exchange is what was sent, and what came back.
type Exchange struct {
	What   string        `json:"what"` // in words
	Device string        `json:"device"`
	SEQN   string        `json:"seqn,omitempty"`
	Sent   string        `json:"sent"`   // msg, or the beginning of the bytes
	Answer string        `json:"answer"` // status and body, or what came in place of one
	Took   time.Duration `json:"took"`   // nanoseconds
}

const (
	maxExchanges = 256
	maxShown     = 600 // bytes of what was sent or came back
)

func (res *Result) record(x Exchange) {
	if len(res.Exchanges) == maxExchanges {
		res.Left++
		return
	}
	x.Sent, x.Answer = shorten(x.Sent), shorten(x.Answer)
	res.Exchanges = append(res.Exchanges, x)
}

func shorten(s string) string {
	if len(s) <= maxShown {
		return s
	}
	return fmt.Sprintf("%s … (%d bytes)", s[:maxShown], len(s))
}

// finding is the end of a test that is no PASS.
type finding struct {
	verdict Verdict
	why     string
	dialect string
}

func (f *finding) Error() string { return string(f.verdict) + ": " + f.why }

func found(v Verdict, format string, args ...any) error {
	return &finding{verdict: v, why: fmt.Sprintf(format, args...)}
}

func failed(format string, args ...any) error { return found(Fail, format, args...) }
func notRun(format string, args ...any) error { return found(NotRun, format, args...) }

// settle makes the verdict of how the test ended.
func (res *Result) settle(err error) {
	var f *finding
	switch {
	case err == nil:
		res.Verdict = Pass
	case errors.As(err, &f):
		res.Verdict, res.Why, res.Dialect = f.verdict, f.why, f.dialect
	default:
		res.Verdict, res.Why = Error, err.Error()
	}
}

// note adds a remark that changes nothing.
func (res *Result) note(format string, args ...any) {
	res.Notes = append(res.Notes, fmt.Sprintf(format, args...))
}
