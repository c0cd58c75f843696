package report_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/report"
)

// What is written can be read, and says of itself what its results say, with
// whatever texts.
func TestReadBack(t *testing.T) {
	p, err := hostileRun().JSON()
	if err != nil {
		t.Fatal(err)
	}
	d, err := report.Parse(p)
	if err != nil {
		t.Fatal(err)
	}
	if wrong := d.Check(); len(wrong) > 0 {
		t.Error(wrong)
	}
	again, err := d.Run.JSON()
	if err != nil || len(d.Results) != 4 {
		t.Errorf("%v, %+v", err, d)
	}
	if other, err := report.Parse(again); err != nil || other.SHA256 != d.SHA256 {
		t.Errorf("written again it is another: %v", err)
	}
}

// Whatever is changed in a report is found out.
func TestCheck(t *testing.T) {
	for name, change := range map[string]func(*report.Document){
		"a failure is dropped":   func(d *report.Document) { d.Results = d.Results[1:] },
		"a failure passes":       func(d *report.Document) { d.Results[0].Status, d.Results[0].Class = report.Pass, "" },
		"a failure is a skip":    func(d *report.Document) { d.Results[0].Status, d.Results[0].Class = report.Skip, "" },
		"a class":                func(d *report.Document) { d.Results[0].Class = report.Unreachable },
		"the grade of a result":  func(d *report.Document) { d.Results[0].Grade = report.HardwareWiFi },
		"the grade":              func(d *report.Document) { d.Grade = report.HardwareTethered },
		"the MAC":                func(d *report.Document) { d.Board.MAC = "5c:cf:7f:01:02:03" },
		"a count":                func(d *report.Document) { d.Counts.Fail = 0 },
		"a verdict":              func(d *report.Document) { d.Verdicts[0].Verdict = "pass" },
		"a verdict is dropped":   func(d *report.Document) { d.Verdicts = d.Verdicts[1:] },
		"the exit code":          func(d *report.Document) { d.Code = 0 },
		"its meaning":            func(d *report.Document) { d.Meaning = "fine" },
		"a measurement":          func(d *report.Document) { d.Measurements[0].Value++ },
		"the seed":               func(d *report.Document) { d.Seed++ },
		"the image":              func(d *report.Document) { d.Firmware.Digest = "00" },
		"the digest":             func(d *report.Document) { d.SHA256 = strings.Repeat("0", 64) },
		"the run came to no end": func(d *report.Document) { d.Finished = time.Time{} },
	} {
		t.Run(name, func(t *testing.T) {
			d, err := hostileRun().Document()
			if err != nil {
				t.Fatal(err)
			}
			change(d)
			p, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			if d, err = report.Parse(p); err != nil {
				t.Fatal(err)
			}
			if wrong := d.Check(); len(wrong) == 0 {
				t.Error("nobody notices")
			}
		})
	}
}

// What is no report is refused in one line.
func TestParseRefuses(t *testing.T) {
	p, err := hostileRun().JSON()
	if err != nil {
		t.Fatal(err)
	}
	good := string(p)
	for name, text := range map[string]string{
		"nothing":            "",
		"no JSON":            "<html>",
		"a list":             "[]",
		"cut":                good[:len(good)/2],
		"another format":     strings.Replace(good, report.Format, "espalier.report/2", 1),
		"an unknown field":   strings.Replace(good, `"seed"`, `"sead": 1, "seed"`, 1),
		"a seed of no digit": strings.Replace(good, `"seed": "`, `"seed": "x`, 1),
		"something behind":   good + "{}",
	} {
		if _, err := report.Parse([]byte(text)); !errors.Is(err, report.ErrFile) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for text, want := range map[string]string{good: report.Format, `{"format":7}`: "", `{"format":"x"}`: "x", "?": ""} {
		if got := report.Layout([]byte(text)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A report is a regular file, and no larger than any that is written.
func TestLoad(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, 64<<20+1); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{dir: "is no regular file", large: "has more than", filepath.Join(dir, "none"): "no such file"} {
		if _, err := report.Load(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// FuzzParse reads anything as a report. What is taken can be checked.
func FuzzParse(f *testing.F) {
	p, err := hostileRun().JSON()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(p)
	f.Add([]byte(`{"format":"espalier.report/1"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		report.Layout(text)
		d, err := report.Parse(text)
		switch {
		case err == nil:
			d.Check()
		case !errors.Is(err, report.ErrFile):
			t.Errorf("%v is of no class", err)
		}
	})
}
