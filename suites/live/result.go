package live

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// Verdict is what came of a test.
type Verdict = evidence.Verdict

// The verdicts that this package gives.
const (
	Pass         = evidence.Pass
	Fail         = evidence.Fail
	NotRun       = evidence.NotRun
	Skip         = evidence.Skip
	Limit        = evidence.Limit
	Crash        = evidence.Crash
	Hang         = evidence.Hang
	Error        = evidence.Error
	Inconclusive = evidence.Inconclusive
)

// Exchange is what was sent, and what came back.
type Exchange = evidence.Exchange

// Result is what came of one test.
type Result struct {
	ID        string        `json:"id"`
	Reqs      []string      `json:"reqs"`
	Verdict   Verdict       `json:"verdict"`
	Broke     []string      `json:"broke,omitempty"`   // the requirements that it found broken; all of Reqs if none is named
	Why       string        `json:"why,omitempty"`     // one line; empty for PASS
	Dialect   string        `json:"dialect,omitempty"` // key of dialects.json that the outcome betrays
	Maybe     []string      `json:"maybe,omitempty"`   // others that would do the same in this test
	Notes     []string      `json:"notes,omitempty"`
	Seed      uint64        `json:"seed"`
	Took      time.Duration `json:"took"` // nanoseconds
	Exchanges []Exchange    `json:"exchanges,omitempty"`
	Left      int           `json:"left,omitempty"` // exchanges that were too many to keep
}

const (
	maxExchanges = 256
	maxShown     = 600     // bytes of a request, or of what came back
	maxMessage   = 8 << 10 // bytes of a message, which somebody may want to send again
)

func (res *Result) record(x Exchange) {
	if len(res.Exchanges) == maxExchanges {
		res.Left++
		return
	}
	if x.Raw || len(x.Sent) > maxMessage {
		x.Sent = shorten(x.Sent)
	}
	x.Answer = shorten(x.Answer)
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
	maybe   []string // other dialects that would do the same
	broke   []string
}

func (f *finding) Error() string { return string(f.verdict) + ": " + f.why }

func found(v Verdict, format string, args ...any) error {
	return &finding{verdict: v, why: fmt.Sprintf(format, args...)}
}

// against is a failure that is about one requirement of those that the test
// cites, and about no other.
func against(req, format string, args ...any) error {
	return &finding{verdict: Fail, why: fmt.Sprintf(format, args...), broke: []string{req}}
}

// The ways in which a device can be found not to stand where it should.
const (
	stale = iota // the number below next was accepted
	stuck        // next was refused
)

// blame is a failure about where a device stands after what the test has sent:
// what it breaks is one of the requirements of sequence numbers that the test
// cites, and what all of them rest on.
func (r *run) blame(how int, format string, args ...any) error {
	var broke []string
	switch {
	case r.accepted > 0:
		broke = []string{"REQ-SEQ-002"}
	case how == stale:
		broke = []string{"REQ-SEQ-001"}
	default:
		broke = []string{"REQ-SEQ-007", "REQ-SEQ-010"}
	}
	for _, id := range r.result.Reqs {
		if strings.HasPrefix(id, "REQ-SEQ-") && !slices.Contains(broke, id) {
			broke = append(broke, id)
		}
	}
	r.stuck = r.stuck || how == stuck
	return &finding{verdict: Fail, why: fmt.Sprintf(format, args...), broke: broke}
}

// hung is a request that was left without an answer, which no other requirement
// of the test is to blame for.
func hung(format string, args ...any) error {
	return &finding{verdict: Hang, why: fmt.Sprintf(format, args...), broke: []string{"REQ-HTTP-004"}}
}

func failed(format string, args ...any) error { return found(Fail, format, args...) }
func notRun(format string, args ...any) error { return found(NotRun, format, args...) }

// skipped leaves a test out that nobody demands of such a target: others show
// the same.
func skipped(format string, args ...any) error { return found(Skip, format, args...) }

// settle makes the verdict of how the test ended. lenient is what strict
// profiles find, where the test went on; it may be nil.
func (res *Result) settle(err, lenient error) {
	var f, also *finding
	if errors.As(lenient, &also) {
		switch {
		case err == nil:
			err = lenient
		case errors.As(err, &f) && len(f.broke) > 0:
			f.broke = append(slices.Clip(f.broke), also.broke...)
		}
	}
	switch {
	case err == nil:
		res.Verdict = Pass
	case errors.As(err, &f):
		res.Verdict, res.Why, res.Broke = f.verdict, f.why, f.broke
		for _, id := range f.broke { // a test may find out more than it is about
			if !slices.Contains(res.Reqs, id) {
				res.Reqs = append(slices.Clip(res.Reqs), id)
			}
		}
		if f.dialect != "" {
			res.Dialect, res.Maybe = f.dialect, f.maybe
		}
	default:
		res.Verdict, res.Why = Error, err.Error()
	}
	if res.Dialect == "" && res.Verdict.Broken() {
		res.Dialect = pointed[res.ID]
	}
}

// pointed are dialects that tests are made for which do not name them: the files
// list a dialect where it reads one message otherwise, and these show in several.
var pointed = map[string]string{
	"sequence/words-2-31":             "int32-seqn",
	"sequence/words-2-32":             "uint32-seqn",
	"sequence/words-2-32-far":         "uint32-seqn",
	"sequence/text-9-10":              "lexical-seqn",
	"sequence/text-99-121":            "lexical-seqn",
	"sequence/text-999-1000":          "lexical-seqn",
	"sequence/text-jump":              "lexical-seqn",
	"envelope/passphrase-hexadecimal": "hex-passphrase",
}

// note adds a remark that changes nothing.
func (res *Result) note(format string, args ...any) {
	res.Notes = append(res.Notes, fmt.Sprintf(format, args...))
}
