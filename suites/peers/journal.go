package peers

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
)

// ready begins the line with which a peer says where it answers.
const ready = "listening on "

// What is kept of what a peer prints, in bytes.
const (
	maxLog       = 64 << 10
	maxComplaint = 300
)

// journal takes in what a peer prints. Its methods may be called at once.
type journal struct {
	address chan string // gets the address of the ready line that is expected

	mu       sync.Mutex
	text     []byte
	line     []byte // the one that is being printed, up to maxLog
	expected bool
}

func newJournal() *journal { return &journal{address: make(chan string, 1)} }

// expect lets the next ready line be sent to address. One that came too late
// for a life before this is forgotten.
func (j *journal) expect() {
	j.mu.Lock()
	defer j.mu.Unlock()
	select {
	case <-j.address:
	default:
	}
	j.expected, j.line = true, nil
}

// Write implements io.Writer; it takes everything.
func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.text = append(j.text, p...)
	if len(j.text) > 2*maxLog {
		j.text = append(j.text[:0], j.text[len(j.text)-maxLog:]...)
	}
	for rest := p; len(rest) > 0; {
		part, after, whole := bytes.Cut(rest, []byte("\n"))
		j.line = append(j.line, part[:min(len(part), maxLog-len(j.line))]...)
		if rest = after; !whole {
			break
		}
		if address, ok := strings.CutPrefix(string(j.line), ready); ok && j.expected {
			j.expected = false
			j.address <- strings.TrimSpace(address)
		}
		j.line = j.line[:0]
	}
	return len(p), nil
}

// String returns the last of what was printed.
func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.ToValidUTF8(string(j.text[max(0, len(j.text)-maxLog):]), "\uFFFD")
}

// complaint returns, for the end of an error, the line that most likely tells
// what is wrong: the last that speaks of an error, or else the last.
func (j *journal) complaint() string {
	said := ""
	for line := range strings.Lines(j.String()) {
		if line = strings.TrimSpace(line); line != "" && (strings.Contains(line, "Error") || !strings.Contains(said, "Error")) {
			said = line
		}
	}
	if said == "" {
		return "it said nothing"
	}
	return fmt.Sprintf("it said %q", said[:min(len(said), maxComplaint)])
}
