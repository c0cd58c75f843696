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
// it names, until a date, and one that passes makes the run red.
package expected

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// ErrList reports a list that makes no sense.
var ErrList = errors.New("expected: no list of expected failures")

// maxList bounds a list, in bytes.
const maxList = 1 << 20

// Entry is one failure that is expected, of one test or several.
type Entry struct {
	ID      string           `yaml:"id"`
	IDs     []string         `yaml:"ids"` // in the place of ID
	Reason  string           `yaml:"reason"`
	Issue   string           `yaml:"issue"`
	Expires string           `yaml:"expires"` // a date, as 2027-01-31: the last day on which it counts
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
	if len(text) > maxList {
		return nil, fmt.Errorf("%w: it has more than %d bytes", ErrList, maxList)
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrList, first(err))
	}
	if len(file.Docs) > 1 {
		return nil, fmt.Errorf("%w: it is %d documents, and should be one", ErrList, len(file.Docs))
	}
	if err := plain(file); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrList, err)
	}
	var list List
	if err := yaml.UnmarshalWithOptions(text, &list, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrList, first(err))
	}
	for i, line := range lines(file) {
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

// plain refuses what a list has no use for, and what the decoder does not
// survive on texts that nobody means: tags, anchors and aliases.
func plain(file *ast.File) error {
	var found visitor
	for _, doc := range file.Docs {
		if doc.Body != nil {
			ast.Walk(&found, doc.Body)
		}
	}
	return found.err
}

// visitor finds the first node that is not plain.
type visitor struct{ err error }

// Visit implements [ast.Visitor].
func (v *visitor) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.TagNode, *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		if v.err == nil {
			v.err = fmt.Errorf("line %d: tags, anchors and aliases are not read here", n.GetToken().Position.Line)
		}
		return nil
	}
	return v
}

// lines returns the line at which each entry begins.
func lines(file *ast.File) (at []int) {
	for _, doc := range file.Docs {
		if seq, is := doc.Body.(*ast.SequenceNode); is {
			for _, v := range seq.Values {
				at = append(at, v.GetToken().Position.Line)
			}
		}
	}
	return at
}

// first returns the first line of an error, which has the place and the reason.
func first(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
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
	if _, err := time.Parse(time.DateOnly, e.Expires); err != nil {
		return fmt.Errorf("expires %q is no date such as 2027-01-31", e.Expires)
	}
	if e.Verdict == "" {
		e.Verdict = evidence.Fail
	}
	if able := []evidence.Verdict{evidence.Fail, evidence.Crash, evidence.Hang, evidence.NotRun}; !slices.Contains(able, e.Verdict) {
		return fmt.Errorf("verdict %q is none of %v", e.Verdict, able)
	}
	return nil
}
