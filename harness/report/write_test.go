package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/espalier-hil/espalier/harness/report"
)

// hostileRun returns a run whose texts hold what devices may say.
func hostileRun() *report.Run {
	limit := 4.0
	bad := report.Result{
		ID:           "A \"replayed\" <reading> is refused & counted",
		Requirements: []string{"REQ-SEQ-001"},
		Status:       report.Fail,
		Message:      "\x1b[2J\x00\xff]]>",
		Expected:     "NOT OK",
		Got:          "OK",
		Log:          []string{"device\x07 says", "\xc3\x28"},
		Location:     "seqn.go:12",
		Repeat:       "espalier run --focus 'A'",
		Attempts:     []report.Attempt{{Class: "?", Message: "no SYNC", Duration: time.Second}},
	}
	run := newRun(bad, result(report.Pass, "CRASH"), result("odd", ""), result(report.Skip, ""))
	run.Measurements = []report.Measurement{{Name: "messages sent", Value: 200}, {Name: "boot", Value: 4.5, Unit: "s", Max: &limit}, {Name: "nothing", Value: math.NaN()}}
	return run
}

// validate checks p against the schema that is delivered with it.
func validate(t *testing.T, p []byte) error {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(report.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.json", schema); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(p))
	if err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("report.json").Validate(doc)
}

func TestJSONKeepsItsSchema(t *testing.T) {
	unfinished := newRun()
	unfinished.Finished = time.Time{}
	for name, run := range map[string]*report.Run{
		"passed":     newRun(result(report.Pass, "", "REQ-SEQ-001")),
		"hostile":    hostileRun(),
		"unfinished": unfinished,
		"zero":       {},
	} {
		p, err := run.JSON()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := validate(t, p); err != nil {
			t.Errorf("%s: %v\n%s", name, err, p)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	good, err := newRun(result(report.Fail, report.Crash)).JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, edit := range [][2]string{
		{`"espalier.report/1"`, `"espalier.report/2"`},
		{`"grade": "virtual"`, `"grade": "hardware"`},
		{`"class": "CRASH"`, `"class": "FINE"`},
		{`"class": "CRASH"`, `"extra": 1`},
		{`"code": 20`, `"code": 9`},
		{`"18446744073709551615"`, `18446744073709551615`},
		{`"status": "fail"`, `"status": "failed"`},
	} {
		if !bytes.Contains(good, []byte(edit[0])) {
			t.Errorf("report.json lacks %s", edit[0])
		}
		if validate(t, bytes.Replace(good, []byte(edit[0]), []byte(edit[1]), 1)) == nil {
			t.Errorf("%s passes for %s", edit[1], edit[0])
		}
	}
}

func TestSchemaKnowsEveryCode(t *testing.T) {
	var schema struct {
		Properties struct{ Code struct{ Enum []report.Code } }
	}
	if err := json.Unmarshal(report.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	if got := schema.Properties.Code.Enum; !slices.Equal(got, report.Codes()) {
		t.Errorf("the schema has codes %d, the package %d", got, report.Codes())
	}
}

func TestVirtualNeverReadsAsHardware(t *testing.T) {
	res := result(report.Pass, "", "REQ-SEQ-001")
	res.Grade = report.HardwareWiFi // claimed, on the virtual board's MAC
	run := newRun(res)
	run.Requirements = nil
	p, err := run.JSON()
	if err != nil {
		t.Fatal(err)
	}
	x, err := run.JUnit()
	if err != nil {
		t.Fatal(err)
	}
	var s strings.Builder
	if err := run.Summary(&s, false); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"JSON": string(p), "JUnit": string(x), "summary": s.String()} {
		if strings.Contains(text, "hardware") || !strings.Contains(text, "virtual") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestJUnit(t *testing.T) {
	p, err := hostileRun().JUnit()
	if err != nil {
		t.Fatal(err)
	}
	type property struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	type note struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
	var doc struct {
		XMLName  xml.Name `xml:"testsuites"`
		Tests    int      `xml:"tests,attr"`
		Errors   int      `xml:"errors,attr"`
		Failures int      `xml:"failures,attr"`
		Skipped  int      `xml:"skipped,attr"`
		Suite    struct {
			Time       string     `xml:"time,attr"`
			Timestamp  string     `xml:"timestamp,attr"`
			Properties []property `xml:"properties>property"`
			Cases      []struct {
				Class      string     `xml:"classname,attr"`
				Name       string     `xml:"name,attr"`
				Properties []property `xml:"properties>property"`
				Error      *note      `xml:"error"`
				Failure    *note      `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(p, &doc); err != nil {
		t.Fatalf("%v\n%s", err, p)
	}
	if doc.Tests != 4 || doc.Errors != 2 || doc.Failures != 0 || doc.Skipped != 1 {
		t.Errorf("%d tests, %d errors, %d failures, %d skipped", doc.Tests, doc.Errors, doc.Failures, doc.Skipped)
	}
	if doc.Suite.Time != "8.400" || doc.Suite.Timestamp != "2026-11-23T03:14:15" {
		t.Errorf("time %s, timestamp %s", doc.Suite.Time, doc.Suite.Timestamp)
	}
	first := doc.Suite.Cases[0]
	if first.Class != "espalier.virtual" || first.Name != "A \"replayed\" <reading> is refused & counted" {
		t.Errorf("case %q in %q", first.Name, first.Class)
	}
	if first.Error == nil || first.Error.Type != "HARNESS" || !strings.Contains(first.Error.Text, "expected  NOT OK") {
		t.Errorf("error %+v", first.Error)
	}
	for _, want := range []property{{"requirement", "REQ-SEQ-001"}, {"evidence-grade", "virtual"}, {"failure-class", "HARNESS"}, {"server-mode", "container"}, {"attempts", "2"}} {
		found := false
		for _, p := range first.Properties {
			found = found || p == want
		}
		if !found {
			t.Errorf("case lacks %v: %v", want, first.Properties)
		}
	}

	p, err = newRun(result(report.Fail, report.Nonconformant)).JUnit()
	if err != nil || !strings.Contains(string(p), `failures="1" errors="0"`) {
		t.Errorf("a nonconformance is no failure: %v\n%s", err, p)
	}
}

func TestSecretsAreTakenOut(t *testing.T) {
	run := hostileRun()
	run.Secrets = []string{"correct horse", "abc"}
	run.Repeat = "espalier run --pass 'correct horse'"
	res := &run.Results[0]
	res.Log = append(res.Log, "1 provision 31 636f727265637420686f727365 1", "636F727265637420686F727365")
	res.ID, res.Message, res.Expected, res.Got, res.Repeat = "x correct horse", "correct horse", "correct horse", "correct horse", "correct horse"
	res.Attempts[0].Message = "correct horse"
	run.Server.Why = "correct horse"

	dir := t.TempDir()
	if err := run.Write(dir); err != nil {
		t.Fatal(err)
	}
	var s strings.Builder
	if err := run.Summary(&s, true); err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{"summary": s.String()}
	for _, name := range []string{"report.json", "junit.xml"} {
		p, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(p)
	}
	for name, text := range texts {
		low := strings.ToLower(text)
		if strings.Contains(low, "correct horse") || strings.Contains(low, "636f7272") || !strings.Contains(text, "[redacted]") {
			t.Errorf("%s: %s", name, text)
		}
	}
	if run.Results[0].Message != "correct horse" {
		t.Error("the run itself was changed")
	}
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out", "report")
	run := newRun(result(report.Pass, "", "REQ-SEQ-001"))
	if err := run.Write(dir); err != nil {
		t.Fatal(err)
	}
	p, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Seed    uint64 `json:"seed,string"`
		Code    int    `json:"code"`
		Results []report.Result
	}
	if err := json.Unmarshal(p, &doc); err != nil || doc.Seed != run.Seed || doc.Code != 0 || doc.Results[0].Duration != time.Second {
		t.Errorf("read back as %+v, %v", doc, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("%d entries, %v; want report.json and junit.xml and nothing temporary", len(entries), err)
	}
}

func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "report.json", "x"), 0o755); err != nil {
		t.Fatal(err) // a directory with something in it cannot be replaced by a file
	}
	run := newRun(result(report.Pass, "", "REQ-SEQ-001"))
	if err := run.Write(dir); !errors.Is(err, report.ErrWrite) || !strings.Contains(err.Error(), "report.json") {
		t.Errorf("Write: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "junit.xml")); err != nil {
		t.Errorf("one file's failure lost the other: %v", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("temporary files were left: %v", entries)
	}
	if err := run.Write(filepath.Join(dir, "junit.xml", "sub")); !errors.Is(err, report.ErrWrite) {
		t.Errorf("Write below a file: %v", err)
	}
}
