package evidence

import (
	_ "embed" // for the schema
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/espalier-hil/espalier/harness/report"
)

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
	SHA256   string          `json:"sha256"`
}

// Profiles is what a backend can claim to conform to.
var Profiles = []string{"core", "strict", "secure", "durable"}

// Document returns the run with all that follows from it, and without its
// secrets.
func (r *Run) Document() (*Document, error) {
	run := r.redacted()
	c, err := report.Conclude(run, run.Code())
	if err != nil {
		return nil, err
	}
	doc := &Document{Format: Format, Run: run, Counts: run.Counts(), Matrix: run.Matrix(), Code: c.Code, Meaning: c.Meaning, SHA256: c.SHA256}
	for _, name := range Profiles {
		doc.Verdicts = append(doc.Verdicts, run.Judge(name))
	}
	return doc, nil
}

func (d *Document) conclusion() report.Conclusion {
	return report.Conclusion{Code: d.Code, Meaning: d.Meaning, SHA256: d.SHA256}
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

// Write leaves report.json and junit.xml in dir, as [report.Leave] does.
func (r *Run) Write(dir string) error { return report.Leave(dir, r.JSON, r.JUnit) }

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
