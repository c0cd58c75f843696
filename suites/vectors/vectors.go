// Package vectors holds the specs of code that seals, opens and counts: each
// test of the vector files that needs no network, read aloud.
//
// The specs are ordinary Go, so that they can run under `go test` and inside a
// binary alike. There is one tree of specs in a process, and others have theirs
// in it, so nothing is put there before Register is called.
package vectors

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/suites/codec"
	"github.com/espalier-hil/espalier/suites/judge"
	"github.com/espalier-hil/espalier/vectors"
)

// Register puts the specs into the tree, for this code. strict is what they
// hold it to.
func Register(suite *vectors.Suite, code codec.Codec) {
	for _, chapter := range []struct{ title, kind string }{
		{"Key and iv", "KdfTest"},
		{"An envelope", "EnvelopeTest"},
		{"A payload", "PayloadTest"},
		{"A history", "SequenceTest"},
		{"What a board seals", "DeviceTest"},
	} {
		Describe(chapter.title, func() {
			for _, f := range Offline(suite, chapter.kind) {
				c := f.Test.Common()
				It(sentence(f.Test), Label(c.Reqs...), func(ctx SpecContext) {
					r, err := judge.One(ctx, suite, code, "strict", f)
					Expect(err).NotTo(HaveOccurred())
					Expect(r.Verdict).To(Equal(judge.Pass), "%s: %s", r.ID, r.Reason)
				})
			}
		})
	}
	Describe("The reference server's window", func() {
		for _, t := range vectors.Of[*vectors.SequenceTest](suite) {
			if counts(t) {
				It(sentence(t), Label(t.Reqs...), func() { Expect(throughWindow(t)).To(Succeed()) })
			}
		}
	})
}

// Offline returns the tests of a type that need no network.
func Offline(suite *vectors.Suite, kind string) []vectors.Found {
	var found []vectors.Found
	for _, f := range suite.Files {
		for _, g := range f.Groups {
			for _, t := range g.Tests {
				if g.Type == kind && judge.Beyond(suite, t) == "" {
					found = append(found, vectors.Found{File: f, Group: g, Test: t})
				}
			}
		}
	}
	return found
}

// sentence says what must come of a test; the chapter's title is its subject.
func sentence(t vectors.Test) string {
	c := t.Common()
	what := "comes out right"
	switch first := outcome(c); {
	case first == nil:
	case !first.Accept:
		var at []string
		for _, s := range first.Stage {
			at = append(at, string(s))
		}
		what = "is refused at " + strings.Join(at, " or ")
	case first.Next == "":
		what = "opens, and is no reading"
	default:
		what = "is accepted, and next is " + first.Next
	}
	return fmt.Sprintf("%s: %s, %s", what, c.ID, c.Comment)
}

// outcome returns what strict demands of a message, or nil where the test is
// of something else.
func outcome(c *vectors.Case) *vectors.Outcome {
	switch {
	case c.Expect != nil:
		return c.Expect
	case c.Result == vectors.Invalid:
		return &vectors.Outcome{Stage: c.RejectStage}
	case len(c.Permitted) > 0:
		return &c.Permitted[0]
	}
	return nil
}
