// Package page writes a report as one HTML page that needs nothing beside it: no
// script, no font, no picture, no network. What a backend or a device has said
// is hostile until shown otherwise: it is bounded, written out where it does not
// show as itself, and escaped, and the page's own policy forbids everything but
// its style sheet.
package page

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // for the style sheet and the template
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"github.com/espalier-hil/espalier/harness/report"
	clock "github.com/espalier-hil/espalier/harness/timeline"
	"github.com/espalier-hil/espalier/suites/evidence"
)

//go:embed page.css
var style string

//go:embed page.html
var source string

//go:embed timeline.html
var timelineSource string

//go:embed lanes.html
var lanesSource string

var pages = func() *template.Template {
	t := template.New("page")
	for _, text := range []string{source, timelineSource, lanesSource} {
		t = template.Must(t.Parse(text))
	}
	return t
}()

// policy lets the style sheet in, and the icon, and nothing else.
var policy = func() string {
	sum := sha256.Sum256([]byte(style))
	return fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'", base64.StdEncoding.EncodeToString(sum[:]))
}()

// Conformance writes the page of a run of espalier conform. All of it is
// computed from the results, and the run's secrets are taken out first. Errors
// are those of w.
func Conformance(w io.Writer, run *evidence.Run) error {
	doc, err := run.Document()
	if err != nil {
		return err
	}
	v, err := conformance(doc)
	if err != nil {
		return err
	}
	return v.write(w)
}

// Run writes the page of a run of espalier run or espalier vectors, as
// Conformance does. heard is the run's timeline, in the order of time, of which
// its results name the lines; it may be empty.
func Run(w io.Writer, run *report.Run, heard []clock.Event) error {
	doc, err := run.Document()
	if err != nil {
		return err
	}
	v, err := specs(doc, heard)
	if err != nil {
		return err
	}
	return v.write(w)
}

func (v *view) write(w io.Writer) error {
	v.Style, v.Policy = template.CSS(style), policy
	out := bufio.NewWriterSize(w, 1<<16)
	if err := pages.Execute(out, v); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return out.Flush()
}
