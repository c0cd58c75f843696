package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/espalier-hil/espalier/harness/report"
)

// output is standard output, and remembers that something could not be written
// to it: a command whose result is lost has not done its work.
type output struct {
	io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// file returns the file behind w, if there is one: it may be a terminal.
func file(w io.Writer) (*os.File, bool) {
	if o, ok := w.(*output); ok {
		w = o.Writer
	}
	f, ok := w.(*os.File)
	return f, ok
}

// colourful is [report.Colourful] of what is behind w.
func colourful(w io.Writer) bool {
	if f, ok := file(w); ok {
		return report.Colourful(f)
	}
	return report.Colourful(w)
}

// lost returns the failure of a command that went well but for its output.
func (o *output) lost() error { return unwritten(o.err) }

// unwritten is the failure to write to standard output; nil stays nil.
func unwritten(err error) error {
	if err == nil {
		return nil
	}
	return fail(report.CodeHarness, fmt.Errorf("standard output: %w", err))
}
