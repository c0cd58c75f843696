package lx106_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

// A layout is how QEMU writes the registers down: a record begins with PC=,
// and holds NAME=eight hex digits among other things. All records of a trace
// are as long as the first and have the same at the same place, which makes a
// million of them cheap to read.
type layout struct {
	first  []byte
	fields []field
}

// A field is where a record holds a register.
type field struct {
	at int // of its digits
	to *uint32
}

// records reads a trace into one state after the other, until yield wants no
// more. Registers that QEMU does not name stay zero.
func records(trace io.Reader, yield func(*lx106.State) bool) (more bool, err error) {
	var state lx106.State
	r := bufio.NewReaderSize(trace, 1<<18)
	l, err := newLayout(r, &state)
	if err != nil {
		return true, err
	}
	last, next := l.first, make([]byte, len(l.first))
	if err := l.read(make([]byte, len(last)), last); err != nil {
		return true, err
	}
	for yield(&state) {
		if _, err := io.ReadFull(r, next); err == io.EOF {
			return true, nil
		} else if err != nil {
			return true, err
		}
		if err := l.read(last, next); err != nil {
			return true, err
		}
		last, next = next, last
	}
	return false, nil
}

// newLayout reads the first record.
func newLayout(r *bufio.Reader, s *lx106.State) (*layout, error) {
	l := new(layout)
	for {
		line, err := r.ReadSlice('\n')
		l.first = append(l.first, line...)
		if err != nil {
			return nil, fmt.Errorf("first record %q: %w", l.first, err)
		}
		if next, err := r.Peek(3); err == io.EOF || string(next) == "PC=" {
			break
		}
	}
	for name, to := range registers(s) {
		if len(name) == 2 && name[0] == 'a' {
			name = "a0" + name[1:]
		}
		at := bytes.Index(l.first, []byte(" "+strings.ToUpper(name)+"="))
		if name == "pc" {
			at = -1 // there is no space before it
		} else if at < 0 {
			continue
		}
		l.fields = append(l.fields, field{at + len(name) + 2, to})
	}
	if have := len(l.fields); have < 40 {
		return nil, fmt.Errorf("first record %q: %d registers", l.first, have)
	}
	return l, nil
}

var errLayout = errors.New("not laid out as the first record")

// read updates the registers in which next differs from last.
func (l *layout) read(last, next []byte) error {
	if string(next[:3]) != "PC=" || next[len(next)-1] != '\n' {
		return fmt.Errorf("%q: %w", next, errLayout)
	}
	for _, f := range l.fields {
		digits := next[f.at : f.at+8]
		if next[f.at-1] != '=' {
			return fmt.Errorf("%q: %w", next, errLayout)
		}
		if string(digits) == string(last[f.at:f.at+8]) {
			continue
		}
		var v [4]byte
		if _, err := hex.Decode(v[:], digits); err != nil {
			return fmt.Errorf("%q: %w", next, err)
		}
		*f.to = binary.BigEndian.Uint32(v[:])
	}
	return nil
}
