package evidence_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/evidence"
)

const secret = "a secret? 100% ü"

// sample is a run with a result of each kind.
func sample() *evidence.Run {
	began := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	x := []evidence.Exchange{{What: "step 0", Device: "12FA", SEQN: "121", Next: "121", Sent: "U2FsdGVkX18=", Outcome: evidence.Accepted, Answer: `200 "{\"status\":\"OK\"}"`, Took: time.Millisecond}}
	both := []string{"REQ-SEQ-001", "REQ-ENV-006"}
	return &evidence.Run{
		Version: "1.0.0", Suite: evidence.Suite{SpecVersion: "1.0.0", VectorsVersion: "1.0.0", SHA256: "00"},
		Started: began, Finished: began.Add(time.Second), Seed: 1<<63 + 1, Repeat: "espalier conform", Profiles: []string{"strict"},
		Target: evidence.Target{URL: "http://127.0.0.1:1/data", Devices: []evidence.Device{{ID: "12FA", Next: "121", Left: "130"}}},
		Requirements: []evidence.Requirement{
			{ID: "REQ-SEQ-001", Text: "Accept if and only if SEQN ≥ next", Levels: map[string]string{"core": "MUST", "strict": "MUST"}},
			{ID: "REQ-ENV-006", Text: "Canonical base64", Levels: map[string]string{"core": "SHOULD", "strict": "MUST"}},
			{ID: "REQ-RSP-004", Text: "Time", Levels: map[string]string{"strict": "SHOULD"}},
			{ID: "REQ-SEQ-009", Text: "Stored", Levels: map[string]string{"core": "MUST", "strict": "MUST"}, Hidden: true},
		},
		Results: []evidence.Result{
			{ID: "sequence/in-order", Comment: "c", Importance: "high", Reqs: both[:1], Verdict: evidence.Pass, Exchanges: x},
			{ID: "envelope/inner", Comment: "c", Importance: "high", Reqs: both, Verdict: evidence.Fail, Broke: both[1:], Why: "it was accepted", Exchanges: x},
			{ID: "oracle/time", Comment: "c", Importance: "low", Reqs: []string{"REQ-RSP-004"}, Verdict: evidence.Inconclusive, Why: "noise"},
		},
		Secrets: []string{secret},
	}
}

// What a run says of each profile.
func TestJudge(t *testing.T) {
	for name, tt := range map[string]struct {
		change       func(*evidence.Run)
		core, strict evidence.Standing
		code         report.Code
	}{
		"a SHOULD of core is broken":    {func(*evidence.Run) {}, evidence.Conformant, evidence.Nonconformant, 1},
		"a MUST is broken":              {func(r *evidence.Run) { r.Results[1].Broke = nil }, evidence.Nonconformant, evidence.Nonconformant, 1},
		"nothing is":                    {func(r *evidence.Run) { r.Results[1].Verdict = evidence.Pass; r.Results[1].Broke = nil }, evidence.Conformant, evidence.Conformant, 0},
		"it was expected":               {func(r *evidence.Run) { r.Results[1].Verdict, r.Results[1].Was = evidence.XFail, evidence.Fail }, evidence.Conformant, evidence.Nonconformant, 0},
		"it did not come":               {func(r *evidence.Run) { r.Results[1].Verdict, r.Results[1].Was = evidence.XPass, evidence.Pass }, evidence.Conformant, evidence.Conformant, 1},
		"it was not run":                {func(r *evidence.Run) { r.Results[1].Verdict = evidence.NotRun }, evidence.Partial, evidence.Partial, 6},
		"it was left out":               {func(r *evidence.Run) { r.Results[1].Verdict = evidence.Skip }, evidence.Conformant, evidence.Partial, 6},
		"it cannot be told":             {func(r *evidence.Run) { r.Results[1].Verdict = evidence.Inconclusive }, evidence.Unclear, evidence.Unclear, 6},
		"the engine failed":             {func(r *evidence.Run) { r.Results[1].Verdict = evidence.Error }, evidence.Unclear, evidence.Unclear, 4},
		"the backend hangs":             {func(r *evidence.Run) { r.Results[1].Verdict = evidence.Hang; r.Results[1].Broke = nil }, evidence.Nonconformant, evidence.Nonconformant, 1},
		"only some tests are run":       {func(r *evidence.Run) { r.Narrowed = true; r.Results = r.Results[:1] }, evidence.Partial, evidence.Partial, 0},
		"nothing is run":                {func(r *evidence.Run) { r.Results = nil }, evidence.Partial, evidence.Partial, 3},
		"what hooks show is not hidden": {func(r *evidence.Run) { r.Requirements[3].Hidden = false; r.Results = r.Results[:1] }, evidence.Partial, evidence.Partial, 6},
	} {
		t.Run(name, func(t *testing.T) {
			r := sample()
			tt.change(r)
			core, strict := r.Judge("core"), r.Judge("strict")
			if core.Standing != tt.core || strict.Standing != tt.strict || r.Code() != tt.code {
				t.Errorf("%+v, %+v, exit %d; want %s, %s, %d", core, strict, r.Code(), tt.core, tt.strict, tt.code)
			}
		})
	}
}

// What is written can be read, and says of itself what its results say.
func TestWriteAndRead(t *testing.T) {
	dir := t.TempDir()
	if err := sample().Write(dir); err != nil {
		t.Fatal(err)
	}
	d, err := evidence.Read(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	if wrong := d.Check(); len(wrong) > 0 {
		t.Error(wrong)
	}
	if d.Seed != 1<<63+1 || len(d.Results) != 3 || d.Code != 1 {
		t.Errorf("%+v", d)
	}
	junit, err := os.ReadFile(filepath.Join(dir, "junit.xml"))
	if err != nil || strings.Count(string(junit), "<failure") != 1 || strings.Count(string(junit), "<skipped") != 1 {
		t.Errorf("%v\n%s", err, junit)
	}
}

// Whatever is changed in a report is found out.
func TestCheck(t *testing.T) {
	for name, change := range map[string]func(*evidence.Document){
		"a failure is dropped":     func(d *evidence.Document) { d.Results = append(d.Results[:1], d.Results[2:]...) },
		"a failure passes":         func(d *evidence.Document) { d.Results[1].Verdict, d.Results[1].Broke = evidence.Pass, nil },
		"a failure is hidden away": func(d *evidence.Document) { d.Results[1].Verdict = evidence.Skip },
		"a failure was expected":   func(d *evidence.Document) { d.Results[1].Verdict = evidence.XFail },
		"a count":                  func(d *evidence.Document) { d.Counts[evidence.Fail] = 0 },
		"a requirement":            func(d *evidence.Document) { d.Requirements = d.Requirements[1:] },
		"a level":                  func(d *evidence.Document) { d.Requirements[1].Levels["strict"] = "SHOULD" },
		"a verdict":                func(d *evidence.Document) { d.Verdicts[1].Standing = evidence.Conformant },
		"the reasons of one":       func(d *evidence.Document) { d.Verdicts[1].Broken = []string{} },
		"the exit code":            func(d *evidence.Document) { d.Code = 0 },
		"the matrix":               func(d *evidence.Document) { d.Matrix[1].State = evidence.Held },
		"the seed":                 func(d *evidence.Document) { d.Seed++ },
		"the URL":                  func(d *evidence.Document) { d.Target.URL = "http://elsewhere/data" },
		"an answer":                func(d *evidence.Document) { d.Results[0].Exchanges[0].Answer = "500" },
		"a pass of nothing":        func(d *evidence.Document) { d.Results[0].Exchanges = nil },
		"a result is there twice":  func(d *evidence.Document) { d.Results = append(d.Results, d.Results[0]) },
		"a requirement of nobody":  func(d *evidence.Document) { d.Results[0].Reqs = []string{"REQ-SEQ-999"} },
	} {
		t.Run(name, func(t *testing.T) {
			d, err := sample().Document()
			if err != nil {
				t.Fatal(err)
			}
			change(d)
			p, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			if d, err = evidence.Parse(p); err != nil {
				t.Fatal(err)
			}
			wrong := d.Check()
			if t.Log(wrong); len(wrong) == 0 {
				t.Error("nobody notices")
			}
		})
	}
}

// No text of a record holds a passphrase, in whatever spelling.
func TestRedaction(t *testing.T) {
	for _, form := range []string{secret, "a%20secret%3F%20100%25%20%C3%BC", "YSBzZWNyZXQ/IDEwMCUgw7w=", "6120736563726574"} {
		r := sample()
		planted := plant(reflect.ValueOf(r).Elem(), form)
		r.Secrets = []string{secret}
		if planted < 25 {
			t.Fatalf("only %d fields", planted)
		}
		for name, encode := range map[string]func() ([]byte, error){"report.json": r.JSON, "junit.xml": r.JUnit} {
			p, err := encode()
			if err != nil {
				t.Fatal(err)
			}
			if len(form) > 16 && strings.Contains(string(p), form) {
				t.Errorf("%s has %s", name, form)
			}
		}
	}
}

// plant puts a text into every text there is, and returns how many there were.
func plant(v reflect.Value, text string) (n int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
		return 1
	case reflect.Slice:
		for i := range v.Len() {
			n += plant(v.Index(i), text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				n += plant(v.Field(i), text)
			}
		}
	}
	return n
}

// FuzzParse reads anything as a report. What is taken can be checked and judged.
func FuzzParse(f *testing.F) {
	p, err := sample().JSON()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(p)
	f.Add([]byte(`{"format":"espalier.conformance/1"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := evidence.Parse(text)
		switch {
		case err == nil:
			d.Check()
			for _, name := range evidence.Profiles {
				d.Judge(name)
			}
		case !errors.Is(err, evidence.ErrFile):
			t.Errorf("%v is of no class", err)
		}
	})
}
