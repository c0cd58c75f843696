package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// ErrFile reports a file that is no record of a run.
var ErrFile = errors.New("report: no report of espalier run or espalier vectors")

// maxFile bounds what is read of a report: 64 MiB, some ten times what the
// longest run writes.
const maxFile = 64 << 20

// Load returns the bytes of a report, which has to be a regular file of at most
// 64 MiB. What a report says is for [Parse], or for Parse of suites/evidence.
func Load(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(p) > maxFile {
		err = fmt.Errorf("%s has more than %d bytes", path, maxFile)
	}
	return p, err
}

// Layout returns the format that the text of a report claims to have, or nothing.
func Layout(text []byte) string {
	var head struct {
		Format string `json:"format"`
	}
	_ = json.Unmarshal(text, &head) // what is no JSON claims nothing
	return head.Format
}

// Reader returns what reads the text of a kind of report strictly into v: by the
// schema of that kind, which is part of the program, and so that an unknown field
// is an error. Errors wrap the sentinel.
func Reader(schema []byte, sentinel error) func(text []byte, v any) error {
	compiled := sync.OnceValue(func() *jsonschema.Schema { return compile(schema) })
	return func(text []byte, v any) error {
		if err := decode(text, compiled(), v); err != nil {
			return fmt.Errorf("%w: %w", sentinel, err)
		}
		return nil
	}
}

func decode(text []byte, schema *jsonschema.Schema, v any) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	if err := schema.Validate(doc); err != nil {
		return errors.New(first(err))
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(v)
}

func compile(text []byte) *jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		panic("report: internal error: " + err.Error())
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.schema.json", doc); err != nil {
		panic("report: internal error: " + err.Error())
	}
	return c.MustCompile("report.schema.json")
}

// first returns the place that a schema's complaint is about, and the complaint.
func first(err error) string {
	var v *jsonschema.ValidationError
	if !errors.As(err, &v) {
		return err.Error()
	}
	for len(v.Causes) > 0 {
		v = v.Causes[0]
	}
	lines := bytes.Split([]byte(v.Error()), []byte("\n"))
	return string(lines[len(lines)-1])
}

var read = Reader(Schema, ErrFile)

// Parse reads the text of a report.json of espalier run or espalier vectors.
// Whether what it says follows from its results is for [Document.Check]. Errors
// wrap ErrFile.
func Parse(text []byte) (*Document, error) {
	d := &Document{Run: &Run{}}
	if err := read(text, d); err != nil {
		return nil, err
	}
	return d, nil
}

// Check computes again what follows from the results, and returns what the
// report says otherwise, a line for each.
func (d *Document) Check() (wrong []string) {
	again, err := d.Run.Document()
	if err != nil {
		return []string{err.Error()}
	}
	wrong = d.conclusion().Against(again.conclusion())
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if again.Grade != d.Grade {
		say("the evidence grade should be %s, and the report says %s", again.Grade, d.Grade)
	}
	if again.Counts != d.Counts {
		say("the results are %+v, and the report counts %+v", again.Counts, d.Counts)
	}
	if !slices.Equal(again.Verdicts, d.Verdicts) {
		say("the verdicts on the requirements differ from what the results say")
	}
	for i, res := range again.Results {
		if res.Grade != d.Results[i].Grade {
			say("%s: it is graded %s, and this board is worth %s", res.ID, d.Results[i].Grade, res.Grade)
		}
	}
	return wrong
}
