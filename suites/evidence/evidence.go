// Package evidence is the record of a conformance run: what was asked of a
// backend, what came back, and what that means for each profile.
//
// Only what was observed is stored. Verdicts of profiles, counts and the exit
// code are computed from the results each time, here and nowhere else, so that
// they cannot disagree, and so that a reader can compute them again.
package evidence

import "time"

// Format names the layout of report.json. A reader refuses what it does not
// know.
const Format = "espalier.conformance/1"

// Run is one run against one backend.
type Run struct {
	Version  string    `json:"version"` // of espalier
	Suite    Suite     `json:"suite"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	Seed     uint64    `json:"seed"`
	Repeat   string    `json:"repeat"`   // the command line that repeats it; names files of passphrases, never a passphrase
	Profiles []string  `json:"profiles"` // that the backend is to conform to
	Target   Target    `json:"target"`
	Narrowed bool      `json:"narrowed,omitempty"` // only some tests were selected, which is no run of a profile

	Unreachable  string        `json:"unreachable,omitempty"` // why nothing could be asked of the backend
	Stranger     string        `json:"stranger,omitempty"`    // why nothing can be said of the backend: it does not know the device
	Requirements []Requirement `json:"requirements"`
	Results      []Result      `json:"results"`

	Secrets []string `json:"-"` // that no artefact may contain
}

// Suite says which tests there were.
type Suite struct {
	SpecVersion    string `json:"specVersion"`
	VectorsVersion string `json:"vectorsVersion"`
	SHA256         string `json:"sha256"` // of SUITE.json, which has the digests of the files
}

// Target says what was tested.
type Target struct {
	URL     string   `json:"url"`
	Server  string   `json:"server,omitempty"` // what the backend calls itself in its answers
	Devices []Device `json:"devices"`
	Hooks   []string `json:"hooks"` // provision, state, restart, kill: those that there are
}

// Device is a device that was reserved for the tests.
type Device struct {
	ID         string `json:"id"`
	Next       string `json:"next"` // before, in decimal
	Left       string `json:"left"` // after: the number to begin with the next time; empty where it was locked out
	Lost       string `json:"lost,omitempty"`
	Disposable bool   `json:"disposable"`
}

// Requirement is an entry of the register of requirements.
type Requirement struct {
	ID      string            `json:"id"`
	Text    string            `json:"text"`
	Section string            `json:"section,omitempty"` // of PROTOCOL.md
	Levels  map[string]string `json:"levels"`            // MUST, SHOULD or MAY by profile
	Hidden  bool              `json:"hidden,omitempty"`  // it cannot be seen with what this target has
}

// Result is what came of one test.
type Result struct {
	ID         string   `json:"id"`
	Comment    string   `json:"comment"`    // what is special about the test, in words
	Importance string   `json:"importance"` // low, medium, high or critical
	Reqs       []string `json:"reqs"`       // that it cites
	Verdict    Verdict  `json:"verdict"`
	Was        Verdict  `json:"was,omitempty"`     // before the list of expected failures: FAIL, CRASH, HANG, NOT_RUN … of an XFAIL, PASS of an XPASS
	Broke      []string `json:"broke,omitempty"`   // those of its requirements that were found broken
	Why        string   `json:"why,omitempty"`     // one line; empty for PASS
	Dialect    string   `json:"dialect,omitempty"` // key of dialects.json that the outcome betrays
	Maybe      []string `json:"maybe,omitempty"`   // others that no test of the run tells from it
	Notes      []string `json:"notes,omitempty"`

	Began     time.Duration `json:"beganNs"` // since the run's start
	Took      time.Duration `json:"tookNs"`
	Exchanges []Exchange    `json:"exchanges,omitempty"`
	Left      int           `json:"left,omitempty"` // exchanges that were too many to keep

	Repeat   string    `json:"repeat,omitempty"` // one command that repeats the test
	Shell    []string  `json:"shell,omitempty"`  // the same by hand: openssl and curl
	Expected *Expected `json:"expected,omitempty"`
}

// Expected is an entry of a list of expected failures.
type Expected struct {
	Reason  string `json:"reason"`
	Issue   string `json:"issue,omitempty"`
	Expires string `json:"expires,omitempty"` // a date, as 2027-01-31
}

// Exchange is what was sent, and what came back.
type Exchange struct {
	What    string        `json:"what"` // in words
	Device  string        `json:"device"`
	SEQN    string        `json:"seqn,omitempty"` // in decimal; empty where the message has none
	Next    string        `json:"next,omitempty"` // of the device before, as far as it is known
	Sent    string        `json:"sent"`           // msg, or the beginning of the bytes
	Raw     bool          `json:"raw,omitempty"`  // sent is a whole request, not only msg
	Outcome Outcome       `json:"outcome"`
	Answer  string        `json:"answer"` // status and body, or what came in place of one
	At      time.Duration `json:"atNs"`   // since the test began
	Took    time.Duration `json:"tookNs"`
}

// Outcome is what came of one message.
type Outcome string

// The outcomes.
const (
	Accepted   Outcome = "accepted"
	Refused    Outcome = "refused"
	Unanswered Outcome = "unanswered" // it may have been accepted or not
)
