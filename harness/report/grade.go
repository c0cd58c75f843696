package report

import (
	"bytes"
	"fmt"
	"net"
	"slices"

	"github.com/espalier-hil/espalier/boards"
)

// Grade says what stood behind a result, and so what it is evidence of. Grades
// are ordered: a greater one is evidence of more.
type Grade int

// The grades.
const (
	Ungraded         Grade = iota // nothing is known of the board
	Virtual                       // the virtual board, with the ROM written here
	VirtualROM                    // the virtual board, with a ROM known as dumped from a chip
	HardwareTethered              // a real board; the host carried its requests
	HardwareWiFi                  // a real board on its own
)

var gradeNames = []string{"ungraded", "virtual", "virtual+rom", "hardware-tethered", "hardware-wifi"}

// String returns the grade's name, as it stands in every report.
func (g Grade) String() string {
	if g < 0 || int(g) >= len(gradeNames) {
		return gradeNames[Ungraded]
	}
	return gradeNames[g]
}

// MarshalText implements [encoding.TextMarshaler].
func (g Grade) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText takes exactly what String returns.
func (g *Grade) UnmarshalText(text []byte) error {
	i := slices.Index(gradeNames, string(text))
	if i < 0 {
		return fmt.Errorf("%w: %q", ErrGrade, text)
	}
	*g = Grade(i)
	return nil
}

// On returns what g is worth on the board with this MAC, written as
// 5c:cf:7f:01:02:03. The prefix of virtual boards is never hardware, whatever
// port the board came through; and without a MAC there is no telling.
func (g Grade) On(mac string) Grade {
	if g <= VirtualROM {
		return max(g, Ungraded)
	}
	hw, err := net.ParseMAC(mac)
	switch {
	case err != nil || len(hw) != 6:
		return Ungraded
	case bytes.HasPrefix(hw, boards.VirtualOUI[:]):
		return Virtual
	case g > HardwareWiFi:
		return Ungraded
	}
	return g
}

// Believed returns what a claim of g is worth on this board: no more than its
// MAC allows, and virtual+rom only with a ROM that is known as a chip's.
func (b Board) Believed(g Grade) Grade {
	g = g.On(b.MAC)
	if g == VirtualROM && !b.ROM.Dumped() {
		return Virtual
	}
	return g
}

// Grade returns the grade of the run: the lowest of its results, those skipped
// aside.
func (r *Run) Grade() Grade {
	lowest := Ungraded
	first := true
	for _, res := range r.Results {
		if g := r.Board.Believed(res.Grade); res.Status != Skip && (first || g < lowest) {
			lowest, first = g, false
		}
	}
	return lowest
}
