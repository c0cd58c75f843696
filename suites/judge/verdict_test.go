package judge_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/codec"
	"github.com/espalier-hil/espalier/suites/judge"
	"github.com/espalier-hil/espalier/vectors"
)

// altered is the reference, except for what is set.
type altered struct {
	codec.Reference
	kdf     error // what these answer in any case
	open    error
	payload error
	mute    bool // refuses and does not say where
	respell func(data []byte) []byte
}

func (a altered) KDF(ctx context.Context, passphrase, salt []byte) (key, iv []byte, err error) {
	if a.kdf != nil {
		return nil, nil, a.kdf
	}
	return a.Reference.KDF(ctx, passphrase, salt)
}

func (a altered) Open(ctx context.Context, passphrase []byte, msg string) ([]byte, error) {
	if a.open != nil {
		return nil, a.open
	}
	text, err := a.Reference.Open(ctx, passphrase, msg)
	return text, a.said(err)
}

func (a altered) Payload(ctx context.Context, next string, text []byte) (codec.Reading, error) {
	if a.payload != nil {
		return codec.Reading{}, a.payload
	}
	r, err := a.Reference.Payload(ctx, next, text)
	if a.respell != nil {
		r.Data = a.respell(r.Data)
	}
	return r, a.said(err)
}

func (a altered) said(err error) error {
	if _, refused := err.(codec.Rejected); refused && a.mute {
		return codec.Rejected{}
	}
	return err
}

func run(t *testing.T, c codec.Codec, profile string) *judge.Summary {
	t.Helper()
	s, err := judge.Run(t.Context(), all(t), c, judge.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What gives no answer is told apart, costs one test each time, and never
// passes.
func TestNoAnswer(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want judge.Verdict
	}{
		{fmt.Errorf("%w: signal: segmentation fault", codec.ErrCrashed), judge.Crash},
		{fmt.Errorf("%w: 5s", codec.ErrHung), judge.Hang},
		{fmt.Errorf("%w: out of memory", codec.ErrErrored), judge.Error},
		{fmt.Errorf("%w: 12 fields", codec.ErrNonsense), judge.Error},
		{fmt.Errorf("something else"), judge.Error},
	} {
		s := run(t, altered{open: tt.err}, "core")
		for _, r := range s.Results {
			switch {
			case r.Beyond:
			case r.Type == "KdfTest" || r.Type == "PayloadTest":
				if r.Verdict != judge.Pass {
					t.Errorf("%v: %s is %s: %s", tt.err, r.ID, r.Verdict, r.Reason)
				}
			case r.Verdict != tt.want || !strings.Contains(r.Reason, tt.err.Error()):
				t.Errorf("%v: %s is %s: %s", tt.err, r.ID, r.Verdict, r.Reason)
			}
		}
		if s.Code() != report.CodeNonconformant {
			t.Errorf("%v: code %s", tt.err, s.Code())
		}
	}
}

// What the code does not implement is not run, and makes the run partial; what
// of a test can be judged is.
func TestUnimplemented(t *testing.T) {
	for _, tt := range []struct {
		name   string
		code   altered
		notRun []string // types of which nothing can be judged
	}{
		{"kdf", altered{kdf: codec.ErrUnimplemented}, []string{"KdfTest"}},
		{"open", altered{open: codec.ErrUnimplemented}, []string{"EnvelopeTest", "SequenceTest"}},
		{"payload", altered{payload: codec.ErrUnimplemented}, []string{"PayloadTest", "SequenceTest"}},
	} {
		s := run(t, tt.code, "strict")
		for _, r := range s.Results {
			want := judge.Pass
			if slices.Contains(tt.notRun, r.Type) {
				want = judge.NotRun
			}
			// A refusal that only reading could give cannot be told.
			unsure := tt.name == "payload" && r.Type == "EnvelopeTest" && r.Verdict == judge.NotRun
			if r.Verdict != want && !r.Beyond && !unsure {
				t.Errorf("without %s, %s is %s: %s", tt.name, r.ID, r.Verdict, r.Reason)
			}
		}
		for _, p := range s.Poison {
			if p.Verdict == judge.Pass || p.Verdict == judge.NotRun && !p.Beyond && !strings.Contains(p.Reason, "implement") {
				t.Errorf("without %s, poison %s is %s: %s", tt.name, p.ID, p.Verdict, p.Reason)
			}
		}
		if s.Code() != report.CodePartial {
			t.Errorf("without %s: code %s", tt.name, s.Code())
		}
	}
}

// Code may say where it refuses, and need not.
func TestStageIsOptional(t *testing.T) {
	s := run(t, altered{mute: true}, "strict")
	for _, r := range s.Results {
		if r.Verdict != judge.Pass && !r.Beyond {
			t.Errorf("%s is %s: %s", r.ID, r.Verdict, r.Reason)
		}
	}
	for _, p := range s.Poison {
		if p.Survived() {
			t.Errorf("poison %s passes", p.ID)
		}
	}
	if s.Code() != report.CodeOK {
		t.Errorf("code %s", s.Code())
	}
}

// Other bytes of the same value are a dialect, and no reading of strict.
func TestDataWrittenAnew(t *testing.T) {
	spaced := altered{respell: func(data []byte) []byte { return bytes.ReplaceAll(data, []byte(`":300`), []byte(`" : 300`)) }}
	core, strict := run(t, spaced, "core"), run(t, spaced, "strict")
	if core.Code() != report.CodeOK || len(core.Dialects) != 1 || core.Dialects[0].Name != "reencoded-data" || len(core.Dialects[0].In) == 0 {
		t.Errorf("core: code %s, dialects %+v", core.Code(), core.Dialects)
	}
	if strict.Code() != report.CodeNonconformant || strict.Counts()[judge.Fail] != len(core.Dialects[0].In) {
		t.Errorf("strict: code %s, %v", strict.Code(), strict.Counts())
	}
	other := altered{respell: func(data []byte) []byte { return bytes.ReplaceAll(data, []byte("300"), []byte("301")) }}
	if s := run(t, other, "core"); s.Code() != report.CodeNonconformant || len(s.Dialects) > 0 {
		t.Errorf("another value: code %s, dialects %+v", s.Code(), s.Dialects)
	}
}

// naming returns a test of the suite that names the dialect, and the outcome
// that betrays it.
func naming(t *testing.T, suite *vectors.Suite, dialect string, result vectors.Result) (vectors.Found, vectors.Outcome) {
	t.Helper()
	for _, f := range suite.Files {
		for _, g := range f.Groups {
			for _, test := range g.Tests {
				c := test.Common()
				for _, o := range slices.Concat(c.Permitted, c.Mistakes) {
					if o.Dialect == dialect && o.Accept && c.Result == result {
						return vectors.Found{File: f, Group: g, Test: test}, o
					}
				}
			}
		}
	}
	t.Fatalf("no %s test names %s", result, dialect)
	return vectors.Found{}, vectors.Outcome{}
}

// constant answers every message and every text alike.
type constant struct {
	codec.Reference
	outcome vectors.Outcome
}

func (c constant) Open(context.Context, []byte, string) ([]byte, error) {
	return hex.DecodeString(*c.outcome.PlainHex)
}

func (c constant) Payload(context.Context, string, []byte) (codec.Reading, error) {
	return codec.Reading{Next: c.outcome.Next, Data: json.RawMessage(c.outcome.Data)}, nil
}

// A lenience that is permitted passes in core and is named; one that is not is
// named, too; and where the code is of two minds, both sides are listed.
func TestDialects(t *testing.T) {
	suite := all(t)
	for _, tt := range []struct {
		dialect       string
		result        vectors.Result
		profile       string
		want          judge.Verdict
		asAlternative bool
	}{
		{"loose-bits-base64", vectors.Acceptable, "core", judge.Pass, true},
		{"loose-bits-base64", vectors.Acceptable, "strict", judge.Fail, true},
		{"loose-bits-base64", vectors.Acceptable, "secure", judge.Fail, true},
		{"float64-seqn", vectors.Invalid, "core", judge.Fail, false},
		{"float64-seqn", vectors.Invalid, "strict", judge.Fail, false},
	} {
		found, betrays := naming(t, suite, tt.dialect, tt.result)
		r, err := judge.One(t.Context(), suite, constant{outcome: betrays}, tt.profile, found)
		if err != nil || r.Verdict != tt.want || (r.Alternative > 1) != tt.asAlternative || !slices.Equal(r.Dialects, []string{tt.dialect}) {
			t.Errorf("%s: %s: %s, alternative %d, dialects %q: %s (%v)", tt.profile, r.ID, r.Verdict, r.Alternative, r.Dialects, r.Reason, err)
		}
	}
	_, betrays := naming(t, suite, "float64-seqn", vectors.Invalid)
	s := run(t, constant{outcome: vectors.Outcome{PlainHex: new(string), Next: betrays.Next, Data: `{"value":300}`}}, "core")
	for _, d := range s.Dialects {
		if d.Name == "float64-seqn" && (len(d.In) == 0 || slices.ContainsFunc(d.In, func(id string) bool { return slices.Contains(d.Not, id) })) {
			t.Errorf("%+v", d)
		}
	}
	if i := slices.IndexFunc(s.Dialects, func(d judge.DialectUse) bool { return d.Name == "float64-seqn" }); i < 0 || s.Dialects[i].Consistent() {
		t.Errorf("code that answers %s to everything is said to be consistent: %+v", betrays.Next, s.Dialects)
	}
}
