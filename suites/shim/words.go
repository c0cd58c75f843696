package shim

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// Bounds on what a program says to its standard error.
const (
	maxPassed = 4 << 10 // bytes that are passed on
	maxWord   = 1 << 10 // bytes of a line that are kept
	lastLines = 8
)

// words is a program's standard error over all its lives: whole lines are
// passed on until there were enough, and the last ones kept.
type words struct {
	mu     sync.Mutex
	to     io.Writer // nil for nobody
	passed int
	line   []byte // that is not complete yet, its first maxWord bytes
	kept   []string
}

// Write implements [io.Writer]; it never fails, for the program must not.
func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for rest := p; len(rest) > 0; {
		part, after, ended := bytes.Cut(rest, []byte("\n"))
		w.line = append(w.line, part[:min(len(part), maxWord-len(w.line))]...)
		if ended {
			w.flush()
		}
		rest = after
	}
	return len(p), nil
}

// flush takes the line as complete.
func (w *words) flush() {
	line := string(bytes.TrimSuffix(w.line, []byte("\r")))
	w.line = w.line[:0]
	w.kept = append(w.kept, line)
	if len(w.kept) > lastLines {
		w.kept = w.kept[1:]
	}
	if w.to == nil || w.passed >= maxPassed {
		return
	}
	if w.passed += len(line) + 1; w.passed >= maxPassed {
		line = fmt.Sprintf("(it has written more than %d bytes here; no more of it is shown)", maxPassed)
	}
	fmt.Fprintln(w.to, line) // nobody to tell, if nobody listens
}

// last returns the lines that are kept, and the one that was begun.
func (w *words) last() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.line) > 0 {
		w.flush()
	}
	return append([]string(nil), w.kept...)
}
