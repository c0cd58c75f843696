package vectors

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ErrLedger reports a ledger that is not one, or a suite that breaks a promise
// which the ledger holds.
var ErrLedger = errors.New("vectors: ledger")

// Ledger is ledger.txt: every test that there ever was, by the version that
// brought it, with the digest of what it asks and expects. What stands above a
// release is a promise: such a test stays as it is, or is retired.
//
//	1.0.0 envelope/known-answer 5f3c1a90b2d4e687
//	release 1.0.0 412 9a0c…                        tests so far, SHA-256 of all above this line
type Ledger struct {
	Released []Entry // above the last release, in the order of the file
	Open     []Entry // below it, by version and id
	head     string  // the text of what was released, releases included
}

// Entry is one test in the ledger.
type Entry struct {
	Since  string // vectorsVersion that brought it
	ID     string
	Digest string // see [Fingerprint]
}

func (e Entry) String() string { return e.Since + " " + e.ID + " " + e.Digest }

var (
	entryLine   = regexp.MustCompile(`^([0-9]+\.[0-9]+\.[0-9]+) ([a-z0-9/-]+) ([0-9a-f]{16})$`)
	releaseLine = regexp.MustCompile(`^release ([0-9]+\.[0-9]+\.[0-9]+) ([0-9]+) ([0-9a-f]{64})$`)
)

// ParseLedger reads ledger.txt strictly: an id that stands there twice, or a
// release whose seal does not fit what stands above it, is an error, which
// wraps ErrLedger.
func ParseLedger(text []byte) (*Ledger, error) {
	l := &Ledger{}
	seen := map[string]bool{}
	at := 0
	scanner := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; scanner.Scan(); n++ {
		line := scanner.Text()
		fail := func(format string, args ...any) (*Ledger, error) {
			return nil, fmt.Errorf("%w.txt: line %d: %s", ErrLedger, n, fmt.Sprintf(format, args...))
		}
		if m := releaseLine.FindStringSubmatch(line); m != nil {
			l.Released, l.Open = append(l.Released, l.Open...), nil
			if sum := sha256.Sum256(text[:at]); m[2] != strconv.Itoa(len(l.Released)) || m[3] != hex.EncodeToString(sum[:]) {
				return fail("release %s is not the seal of what stands above it: published lines were changed", m[1])
			}
			l.head = string(text[:at+len(line)]) + "\n"
		} else if m := entryLine.FindStringSubmatch(line); m != nil {
			if seen[m[2]] {
				return fail("%s stands there twice", m[2])
			}
			seen[m[2]] = true
			l.Open = append(l.Open, Entry{m[1], m[2], m[3]})
		} else {
			return fail("neither VERSION ID DIGEST nor a release: %.80q", line)
		}
		at += len(line) + 1
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("%w.txt: %w", ErrLedger, err)
	}
	return l, nil
}

// Find returns the line of an id, and whether it was released.
func (l *Ledger) Find(id string) (e Entry, released, ok bool) {
	is := func(e Entry) bool { return e.ID == id }
	if i := slices.IndexFunc(l.Released, is); i >= 0 {
		return l.Released[i], true, true
	}
	if i := slices.IndexFunc(l.Open, is); i >= 0 {
		return l.Open[i], false, true
	}
	return Entry{}, false, false
}

// Update takes in the tests that there are now. What was released stays; what
// was not is made anew. The error wraps ErrLedger and names the first test that
// breaks a promise.
func (l *Ledger) Update(files []*File) error {
	now, gone := map[string]Entry{}, map[string]bool{}
	for _, f := range files {
		for _, g := range f.Groups {
			for _, t := range g.Tests {
				e := Entry{t.Common().Since, t.Common().ID, Fingerprint(g, t)}
				now[e.ID] = e
			}
		}
		for _, r := range f.Retired {
			gone[r.ID] = true
		}
	}
	for _, was := range l.Released {
		switch is, ok := now[was.ID]; {
		case !ok && !gone[was.ID]:
			return fmt.Errorf("%w: %s was published in %s and is gone: list it under retired, with the reason", ErrLedger, was.ID, was.Since)
		case ok && is != was:
			return fmt.Errorf("%w: %s was published in %s and now asks or expects something else: retire it, and give the new test an id of its own", ErrLedger, was.ID, was.Since)
		}
		delete(now, was.ID)
	}
	l.Open = nil
	for _, e := range now {
		l.Open = append(l.Open, e)
	}
	slices.SortFunc(l.Open, func(a, b Entry) int {
		return cmp.Or(compareVersions(a.Since, b.Since), strings.Compare(a.ID, b.ID))
	})
	return nil
}

// Release seals what stands open: from now on it is a promise.
func (l *Ledger) Release(version string) {
	above := l.Text()
	l.Released, l.Open = append(l.Released, l.Open...), nil
	sum := sha256.Sum256(above)
	l.head = fmt.Sprintf("%srelease %s %d %x\n", above, version, len(l.Released), sum)
}

// Text returns the ledger as it stands in its file.
func (l *Ledger) Text() []byte {
	var b bytes.Buffer
	b.WriteString(l.head)
	for _, e := range l.Open {
		fmt.Fprintln(&b, e)
	}
	return b.Bytes()
}

// Fingerprint is a digest of what the test asks and what it expects: 16
// hexadecimal digits. Texts, flags, requirements, importance, recipes, and the
// wrong answers that were foreseen may be improved without changing it.
func Fingerprint(g *Group, t Test) string {
	fields := map[string]any{}
	text, err := json.Marshal(t)
	if err == nil {
		err = json.Unmarshal(text, &fields)
	}
	if err != nil {
		panic(err) // a test is a struct of strings and small numbers
	}
	for _, name := range []string{"id", "since", "comment", "flags", "reqs", "importance", "construct", "debug", "mistakes", "wrongKeys"} {
		delete(fields, name)
	}
	text, err = json.Marshal([]any{g.Type, g.PassphraseHex, g.Next, fields}) // keys are sorted
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// compareVersions compares two versions of the form 1.2.3.
func compareVersions(a, b string) int {
	number := func(s string) (n []int) {
		for part := range strings.SplitSeq(s, ".") {
			i, _ := strconv.Atoi(part) // the schema has seen it
			n = append(n, i)
		}
		return n
	}
	return slices.Compare(number(a), number(b))
}
