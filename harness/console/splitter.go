package console

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

const (
	recordSeparator = 0x1E // RFC 7464, section 2.2
	longestLine     = 64 << 10
)

// splitter cuts what a device sends into lines of log and records. A record is
// RS, one JSON object, LF, as in RFC 7464. An RS begins a record wherever it
// stands; what it interrupts ends there. A record that is no object, or is cut
// short by another RS, is log after all. So is a line longer than longestLine,
// in pieces: a device that never sends LF fills no memory.
type splitter struct {
	line   []byte
	record bool // line follows an RS
}

// piece is one line of log or one record, without RS and line end.
type piece struct {
	text      []byte
	record    bool
	malformed bool // began as a record
}

// feed takes what was read and calls emit for each piece that it completes.
func (s *splitter) feed(p []byte, emit func(piece)) {
	for _, b := range p {
		switch {
		case b == '\n':
			s.end(emit, true)
		case b == recordSeparator:
			s.end(emit, false)
			s.record = true
		default:
			s.line = append(s.line, b)
			if len(s.line) == longestLine {
				s.end(emit, false)
			}
		}
	}
}

// end emits what has been gathered. A record is whole only at its LF.
func (s *splitter) end(emit func(piece), whole bool) {
	line, record := bytes.TrimSuffix(s.line, []byte{'\r'}), s.record
	s.line, s.record = nil, false
	switch {
	case record && whole && isObject(line):
		emit(piece{text: line, record: true})
	case len(line) > 0:
		emit(piece{text: line, malformed: record})
	case record && whole:
		emit(piece{malformed: true})
	}
}

func isObject(p []byte) bool {
	p = bytes.TrimLeft(p, " \t\r")
	return len(p) > 0 && p[0] == '{' && json.Valid(p) && utf8.Valid(p)
}

// rest returns the log line that is not complete yet.
func (s *splitter) rest() []byte {
	if s.record {
		return nil
	}
	return s.line
}

// reset forgets the incomplete line.
func (s *splitter) reset() { s.line, s.record = nil, false }
