// Package expected reads the list of failures that a backend is known for, and
// holds the record of a conformance run against it:
//
//   - ids: [concurrency/same-bytes, concurrency/same-seqn]
//     reason: the flow checks and updates in two steps
//     issue: https://github.com/owner/name/issues/12
//     expires: 2027-01-31
//     message: accepted
//
// The list hides nothing: an entry covers one way of failing, in the words that
// it names, until a date, and one that passes makes the run red. What nobody is
// ever going to mend says never in the place of the date.
package expected

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/sheet"
)

// ErrList reports a list that makes no sense.
var ErrList = errors.New("expected: no list of expected failures")

// never is when an entry expires about which nothing is going to be done.
const never = "never"

// Entry is one failure that is expected, of one test or several.
type Entry struct {
	ID      string           `yaml:"id"`
	IDs     []string         `yaml:"ids"` // in the place of ID
	Reason  string           `yaml:"reason"`
	Issue   string           `yaml:"issue"`
	Expires string           `yaml:"expires"` // a date, as 2027-01-31: the last day on which it counts; or never
	Message string           `yaml:"message"` // part of why it fails
	Verdict evidence.Verdict `yaml:"verdict"` // FAIL if empty; CRASH, HANG and NOT_RUN have to be named

	line int
}

// List is a list of expected failures. No test stands in it twice.
type List []Entry

// Parse reads a list strictly: an unknown or repeated key, an id that known does
// not know, or one that is there twice, is an error that wraps ErrList and names
// the line.
func Parse(text []byte, known func(id string) bool) (List, error) {
	var list List
	doc, err := sheet.Decode(text, &list)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrList, err)
	}
	for i, line := range lines(doc) {
		if i < len(list) {
			list[i].line = line
		}
	}
	seen := map[string]int{}
	for i := range list {
		e := &list[i]
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrList, e.line, err)
		}
		for _, id := range e.IDs {
			if !known(id) {
				return nil, fmt.Errorf("%w: line %d: there is no test %q; espalier conform --list shows all", ErrList, e.line, id)
			}
			if at, twice := seen[id]; twice {
				return nil, fmt.Errorf("%w: line %d: %s stands in line %d, too", ErrList, e.line, id, at)
			}
			seen[id] = e.line
		}
	}
	return list, nil
}

// lines returns the line at which each entry begins.
func lines(doc *ast.DocumentNode) (at []int) {
	if seq, is := doc.Body.(*ast.SequenceNode); is {
		for _, v := range seq.Values {
			at = append(at, v.GetToken().Position.Line)
		}
	}
	return at
}

// check holds an entry to the rules, and brings it into one form.
func (e *Entry) check() error {
	switch {
	case e.ID != "" && len(e.IDs) > 0:
		return errors.New("id and ids are two ways to say one thing: leave one of them out")
	case e.ID != "":
		e.IDs, e.ID = []string{e.ID}, ""
	case len(e.IDs) == 0:
		return errors.New("it names no test: id or ids is missing")
	}
	for name, text := range map[string]string{"reason": e.Reason, "issue": e.Issue, "expires": e.Expires, "message": e.Message} {
		if strings.TrimSpace(text) == "" {
			return fmt.Errorf("%s is missing", name)
		}
	}
	if _, err := time.Parse(time.DateOnly, e.Expires); err != nil && e.Expires != never {
		return fmt.Errorf("expires %q is no date such as 2027-01-31, nor %s", e.Expires, never)
	}
	if e.Verdict == "" {
		e.Verdict = evidence.Fail
	}
	if able := []evidence.Verdict{evidence.Fail, evidence.Crash, evidence.Hang, evidence.NotRun}; !slices.Contains(able, e.Verdict) {
		return fmt.Errorf("verdict %q is none of %v", e.Verdict, able)
	}
	return nil
}
