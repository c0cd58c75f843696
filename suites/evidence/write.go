package evidence

import (
	"crypto/sha256"
	_ "embed" // for the schema
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/espalier-hil/espalier/harness/report"
)

// ErrWrite reports a record that could not be written. Such a run has failed,
// whatever it found.
var ErrWrite = errors.New("evidence: not written")

// Schema is the JSON schema of report.json.
//
//go:embed conformance.schema.json
var Schema []byte

// Document is report.json: the run, and what follows from it.
type Document struct {
	Format string `json:"format"`
	*Run
	Verdicts []Profile       `json:"verdicts"` // of each profile that backends can claim
	Counts   map[Verdict]int `json:"counts"`
	Matrix   []Row           `json:"matrix"`
	Code     report.Code     `json:"code"`
	Meaning  string          `json:"meaning"`
	SHA256   string          `json:"sha256"` // of the run alone, as JSON without white space
}

// Profiles is what a backend can claim to conform to.
var Profiles = []string{"core", "strict", "secure", "durable"}

// Document returns the run with all that follows from it, and without its
// secrets.
func (r *Run) Document() (*Document, error) {
	run := r.redacted()
	digest, err := run.digest()
	if err != nil {
		return nil, err
	}
	code := run.Code()
	doc := &Document{Format: Format, Run: run, Counts: run.Counts(), Matrix: run.Matrix(), Code: code, Meaning: code.String(), SHA256: digest}
	for _, name := range Profiles {
		doc.Verdicts = append(doc.Verdicts, run.Judge(name))
	}
	return doc, nil
}

// digest returns the SHA-256 of the run's observations.
func (r *Run) digest() (string, error) {
	p, err := json.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("evidence: %w", err)
	}
	sum := sha256.Sum256(p)
	return hex.EncodeToString(sum[:]), nil
}

// JSON returns report.json.
func (r *Run) JSON() ([]byte, error) {
	doc, err := r.Document()
	if err != nil {
		return nil, err
	}
	p, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return append(p, '\n'), nil
}

// Write writes report.json and junit.xml into dir, which it makes if need be.
// Each file is whole at any moment. One that cannot be written does not keep the
// other from being written.
func (r *Run) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("%w: %w", ErrWrite, err)
	}
	var errs []error
	for name, encode := range map[string]func() ([]byte, error){"report.json": r.JSON, "junit.xml": r.JUnit} {
		p, err := encode()
		if err == nil {
			err = report.Replace(filepath.Join(dir, name), p)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%w: %s: %w", ErrWrite, filepath.Join(dir, name), err))
		}
	}
	return errors.Join(errs...)
}

// redacted returns a copy of the run without its secrets, and with lists in the
// place of those that are nil.
func (r *Run) redacted() *Run {
	clean := report.Cleaner(r.Secrets)
	out := copied(reflect.ValueOf(*r), clean).Interface().(Run)
	out.Secrets = nil
	return &out
}

// copied returns a deep copy of a value, its texts cleaned.
func copied(v reflect.Value, clean *strings.Replacer) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.String:
		out.SetString(strings.ToValidUTF8(clean.Replace(v.String()), "\ufffd")) // JSON has nothing else
	case reflect.Slice:
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(copied(v.Index(i), clean))
		}
	case reflect.Map:
		out.Set(reflect.MakeMap(v.Type()))
		for _, key := range v.MapKeys() {
			out.SetMapIndex(key, copied(v.MapIndex(key), clean))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(copied(v.Elem(), clean))
		}
	case reflect.Struct:
		out.Set(v) // what is not exported, as in time.Time, is text of nobody
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(copied(v.Field(i), clean))
			}
		}
	default:
		out.Set(v)
	}
	return out
}
