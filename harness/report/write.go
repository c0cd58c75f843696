package report

import (
	_ "embed" // for the schema
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
)

// Schema is the JSON schema of report.json.
//
//go:embed report.schema.json
var Schema []byte

// Format names the layout of report.json. A reader refuses what it does not
// know.
const Format = "espalier.report/1"

// Document is report.json: the run, and what follows from it.
type Document struct {
	Format string `json:"format"`
	*Run
	Grade    Grade     `json:"grade"`
	Code     Code      `json:"code"`
	Meaning  string    `json:"meaning"`
	Counts   Counts    `json:"counts"`
	Verdicts []Verdict `json:"verdicts"`
	SHA256   string    `json:"sha256"`
}

// Verdict is a [Row] as it stands in report.json.
type Verdict struct {
	ID      string `json:"id"`
	Verdict string `json:"verdict"`
	Counts
}

// Document returns the run with all that follows from it, and without its
// secrets.
func (r *Run) Document() (*Document, error) {
	clean := r.redacted()
	doc := &Document{Format: Format, Run: clean, Grade: r.Grade(), Counts: r.Counts(), Verdicts: []Verdict{}}
	for _, m := range r.Matrix() {
		doc.Verdicts = append(doc.Verdicts, Verdict{m.ID, m.Verdict(), m.Counts})
	}
	for i := range clean.Results {
		res := &clean.Results[i]
		res.Grade = r.Board.Believed(res.Grade)
		if res.Requirements == nil {
			res.Requirements = []string{}
		}
		switch res.Status {
		case Pass, Skip:
			res.Class = ""
		default:
			res.Status, res.Class = Fail, res.class()
		}
		for j, a := range res.Attempts {
			res.Attempts[j].Class = Result{Class: a.Class}.class()
		}
	}
	// JSON has no NaN; a number that is none is left out, and not within limits.
	clean.Measurements = []Measurement{}
	for _, m := range r.Measurements {
		if !math.IsNaN(m.Value) && !math.IsInf(m.Value, 0) {
			clean.Measurements = append(clean.Measurements, m)
		}
	}
	clean.Requirements = append([]Requirement{}, r.Requirements...)
	clean.Results = append([]Result{}, clean.Results...)
	c, err := Conclude(clean, r.Code())
	doc.Code, doc.Meaning, doc.SHA256 = c.Code, c.Meaning, c.SHA256
	return doc, err
}

func (d *Document) conclusion() Conclusion { return Conclusion{d.Code, d.Meaning, d.SHA256} }

// JSON returns report.json.
func (r *Run) JSON() ([]byte, error) {
	doc, err := r.Document()
	if err != nil {
		return nil, err
	}
	p, err := json.MarshalIndent(doc, "", "\t")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return append(p, '\n'), nil
}

// Write leaves report.json and junit.xml in dir, as [Leave] does.
func (r *Run) Write(dir string) error { return Leave(dir, r.JSON, r.JUnit) }

// Leave writes report.json and junit.xml of a run into dir, which it makes if
// need be. Each file is whole at any moment: the former one until the new one is
// on disk. One that cannot be written does not keep the other from being written.
// Errors wrap ErrWrite.
func Leave(dir string, report, junit func() ([]byte, error)) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	var errs []error
	for _, file := range []struct {
		name   string
		encode func() ([]byte, error)
	}{
		{"report.json", report},
		{"junit.xml", junit},
	} {
		p, err := file.encode()
		if err == nil {
			err = Replace(filepath.Join(dir, file.name), p)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%w: %s: %w", ErrWrite, filepath.Join(dir, file.name), err))
		}
	}
	return errors.Join(errs...)
}

// Replace puts p in the place of the file at path, in one step: a reader finds
// the former file or the new one, whole.
func Replace(path string, p []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(p); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
