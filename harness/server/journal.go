package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"sync"
	"time"
)

// What is kept of the server's log.
const (
	maxLines  = 5000
	maxLine   = 4 << 10 // bytes; the rest of a line is dropped
	tailLines = 10      // shown in an error
)

// life is one run of the server, from its start to its end.
type life struct {
	ready chan address  // gets the addresses that the server says it listens on
	ended chan struct{} // closed when the server is gone
	err   error         // how it ended; to be read after ended is closed
}

func newLife() *life {
	return &life{ready: make(chan address, 1), ended: make(chan struct{})}
}

// end records how the life ended.
func (l *life) end(err error) {
	l.err = err
	close(l.ended)
}

// Line is a line of the server's log.
type Line struct {
	At   time.Time // when it was read
	Text string
}

// journal keeps the last lines of the server's log.
type journal struct {
	mu    sync.Mutex
	lines []Line
}

func (j *journal) add(line string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.lines) >= 2*maxLines {
		j.lines = append(j.lines[:0], j.lines[len(j.lines)-maxLines:]...)
	}
	j.lines = append(j.lines, Line{time.Now(), line})
}

// all returns the lines kept, oldest first.
func (j *journal) all() []Line {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]Line(nil), j.lines[max(0, len(j.lines)-maxLines):]...)
}

// tail returns the last lines in the form in which they end an error.
func (j *journal) tail() string {
	lines := j.all()
	if len(lines) == 0 {
		return "; it said nothing"
	}
	var text strings.Builder
	for _, line := range lines[max(0, len(lines)-tailLines):] {
		text.WriteString("\n\t" + line.Text)
	}
	return "; it last said:" + text.String()
}

// follow keeps what is read from r, line by line, until it ends.
func (j *journal) follow(r io.Reader) {
	br := bufio.NewReaderSize(r, maxLine)
	for {
		line, more, err := br.ReadLine()
		if err != nil {
			return
		}
		j.add(string(bytes.ToValidUTF8(line, []byte("\uFFFD"))))
		for more && err == nil {
			_, more, err = br.ReadLine()
		}
	}
}

// followStdout is follow, and announces the ready line to l.
func (j *journal) followStdout(r io.Reader, l *life) {
	br := bufio.NewReaderSize(r, maxLine)
	line, err := br.ReadSlice('\n')
	var says struct {
		Ready         bool
		Listen, Admin string
	}
	if err == nil && json.Unmarshal(line, &says) == nil && says.Ready {
		l.ready <- address{says.Listen, says.Admin}
	}
	j.follow(io.MultiReader(bytes.NewReader(bytes.Clone(line)), br))
}
