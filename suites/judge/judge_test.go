package judge_test

import (
	"errors"
	"regexp"
	"testing"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/codec"
	"github.com/espalier-hil/espalier/suites/judge"
	"github.com/espalier-hil/espalier/vectors"
)

func all(t *testing.T) *vectors.Suite {
	t.Helper()
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	return suite
}

// The reference passes everything that code without a server can be asked, by
// every profile, and shows no dialect.
func TestReferenceIsRight(t *testing.T) {
	for _, profile := range judge.Profiles {
		observed := 0
		s, err := judge.Run(t.Context(), all(t), codec.Reference{}, judge.Options{Profile: profile, Observe: func(judge.Result) { observed++ }})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range s.Results {
			if r.Verdict != judge.Pass && !r.Beyond {
				t.Errorf("%s: %s is %s: %s", profile, r.ID, r.Verdict, r.Reason)
			}
			if len(r.Dialects) > 0 || r.Partly {
				t.Errorf("%s: %s: dialects %q, partly %t", profile, r.ID, r.Dialects, r.Partly)
			}
		}
		for _, p := range s.Poison {
			if p.Verdict != judge.Fail && !p.Beyond {
				t.Errorf("%s: poison %s (%s) is %s: %s", profile, p.ID, p.Poison, p.Verdict, p.Reason)
			}
		}
		if s.Code() != report.CodeOK || observed != len(s.Results) || len(s.Poison) == 0 {
			t.Errorf("%s: code %s, %d of %d results observed, %d poison", profile, s.Code(), observed, len(s.Results), len(s.Poison))
		}
		t.Logf("%s: %v", profile, s.Counts())
	}
}

func TestNothingIsNoResult(t *testing.T) {
	for name, o := range map[string]judge.Options{
		"an id that there is not":  {Only: regexp.MustCompile("^no-such/")},
		"a profile without a code": {Profile: "durable"},
	} {
		s, err := judge.Run(t.Context(), all(t), codec.Reference{}, o)
		if !errors.Is(err, judge.ErrNothing) && !errors.Is(err, judge.ErrProfile) || s.Code() != report.CodeNothing {
			t.Errorf("%s: %v, code %s", name, err, s.Code())
		}
	}
}
