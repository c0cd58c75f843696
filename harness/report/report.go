// Package report holds what a run found out, and writes it down: report.json
// for machines (report.schema.json beside this file says what is in it),
// junit.xml for CI, and a summary that a person reads in five seconds.
//
// What follows from the results is computed when it is asked for and never
// stored beside them, so that counts, grade and exit code cannot disagree with
// the results that they stand for. Where something is missing the worse is
// assumed: a failure without a class is the harness's own, a result without a
// grade proves nothing about any board, a run without results is red.
package report

import (
	"errors"
	"time"

	"github.com/espalier-hil/espalier/boards"
)

// Sentinels of this package.
var (
	// ErrWrite reports a report that could not be written. Such a run has
	// failed, whatever it found.
	ErrWrite = errors.New("report: not written")

	// ErrGrade reports a text that names no evidence grade.
	ErrGrade = errors.New("report: unknown evidence grade")
)

// Run is everything that one run says about itself.
type Run struct {
	Version  string    `json:"version"` // of espalier
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished,omitzero"` // zero while it runs: an unfinished report is red
	Seed     uint64    `json:"seed,string"`       // a string, since JSON readers lose digits beyond 2^53
	Repeat   string    `json:"repeat,omitempty"`  // the command that repeats the run

	Board    Board    `json:"board"`
	Firmware Firmware `json:"firmware"`
	Server   Server   `json:"server"`

	Requirements []Requirement `json:"requirements"` // what can be cited, in the order of the register
	Results      []Result      `json:"results"`
	Measurements []Measurement `json:"measurements"`

	// Secrets are taken out of every text before it is written or shown, as
	// they are and in hex. Those shorter than four bytes are left: taking them
	// out would spoil the text and hide nothing.
	Secrets []string `json:"-"`
}

// Board says which board it was.
type Board struct {
	Name string `json:"name"`          // of the descriptor
	Port string `json:"port"`          // as given on the command line
	MAC  string `json:"mac,omitempty"` // as its ROM or firmware said it; decides what grade is believed

	// ROM is the mask ROM that a virtual board executes, nil where that is the
	// one written here, or where the board is not known to be virtual.
	ROM *boards.MaskROM `json:"rom,omitempty"`
}

// Firmware says which image the board ran.
type Firmware struct {
	Version string `json:"version,omitempty"`
	Digest  string `json:"digest,omitempty"` // MD5 as the board read it back from its flash
	Size    int    `json:"size,omitempty"`   // bytes
}

// Server says which backend was under test.
type Server struct {
	Mode  string `json:"mode"`            // container, process or external
	Why   string `json:"why,omitempty"`   // how it came to that mode
	Image string `json:"image,omitempty"` // sha256:… of the container's image
}

// Requirement is an entry of the register of requirements.
type Requirement struct {
	ID       string `json:"id"`
	Level    string `json:"level"` // MUST, SHOULD, MAY
	Text     string `json:"text"`
	Demanded bool   `json:"demanded"` // without a passing result the run is partial
}

// Status is how a spec ended.
type Status string

// The ways in which a spec ends.
const (
	Pass Status = "pass"
	Fail Status = "fail"
	Skip Status = "skip"
)

// Result is how one spec ended.
type Result struct {
	ID           string        `json:"id"`           // the spec's full text
	Requirements []string      `json:"requirements"` // ids that it cites
	Labels       []string      `json:"labels,omitempty"`
	Status       Status        `json:"status"`
	Demanded     bool          `json:"demanded"` // if it was skipped the run is partial
	Grade        Grade         `json:"grade"`
	Server       string        `json:"server,omitempty"` // the server's mode: container, process or external
	Started      time.Time     `json:"started,omitzero"`
	Duration     time.Duration `json:"durationNs"`

	Class    Class     `json:"class,omitempty"`   // of a failure
	Message  string    `json:"message,omitempty"` // why it failed or was skipped
	Expected string    `json:"expected,omitempty"`
	Got      string    `json:"got,omitempty"`
	Crash    []string  `json:"crash,omitempty"`    // what the firmware said as it died, and where in its source that is
	Log      []string  `json:"log,omitempty"`      // the last lines before it failed
	Location string    `json:"location,omitempty"` // file:line
	Repeat   string    `json:"repeat,omitempty"`   // one command that repeats it
	Attempts []Attempt `json:"attempts,omitempty"` // failed ones that preceded this result
	Heard    *Span     `json:"heard,omitempty"`    // what was heard meanwhile, in timeline.jsonl
}

// Span is lines of a file, from the first to the last, counted from 1. A span of
// none has a last one before its first.
type Span struct {
	First int `json:"first"`
	Last  int `json:"last"`
}

// Attempt is a failure after which the harness tried again. Only what INFRA
// classes name is ever tried again.
type Attempt struct {
	Class    Class         `json:"class"`
	Message  string        `json:"message"`
	Duration time.Duration `json:"durationNs"`
}

// Measurement is a named number, with the limits it is meant to keep, if any.
type Measurement struct {
	Name  string   `json:"name"` // as a person reads it: "replays refused"
	Value float64  `json:"value"`
	Unit  string   `json:"unit,omitempty"`
	Min   *float64 `json:"min,omitempty"`
	Max   *float64 `json:"max,omitempty"`
}

// Within reports whether the value keeps its limits. NaN keeps none.
func (m Measurement) Within() bool {
	return (m.Min == nil || m.Value >= *m.Min) && (m.Max == nil || m.Value <= *m.Max)
}

// Counts are numbers of results.
type Counts struct {
	Pass int `json:"pass"`
	Fail int `json:"fail"`
	Skip int `json:"skip"`
}

// Ran returns how many were tried at all.
func (c Counts) Ran() int { return c.Pass + c.Fail }

// add counts a result. A status that is none of the three counts as failed.
func (c *Counts) add(s Status) {
	switch s {
	case Pass:
		c.Pass++
	case Skip:
		c.Skip++
	default:
		c.Fail++
	}
}

// Counts counts the results.
func (r *Run) Counts() Counts {
	var c Counts
	for _, res := range r.Results {
		c.add(res.Status)
	}
	return c
}
