package rom_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/rom"
)

// lines notes what moves. It cannot move both at once.
type lines struct {
	moves []string
	fail  error
}

func (l *lines) SetDTR(v bool) error { return l.note("D", v) }
func (l *lines) SetRTS(v bool) error { return l.note("R", v) }

func (l *lines) note(name string, v bool) error {
	l.moves = append(l.moves, fmt.Sprintf("%s%c", name, "FT"[b2i(v)]))
	return l.fail
}

func b2i(v bool) int {
	if v {
		return 1
	}
	return 0
}

// pair is lines that can.
type pair struct{ lines }

func (p *pair) SetLines(dtr, rts bool) error {
	p.moves = append(p.moves, fmt.Sprintf("D%cR%c", "FT"[b2i(dtr)], "FT"[b2i(rts)]))
	return p.fail
}

func TestSequences(t *testing.T) {
	for _, tt := range []struct {
		name          string
		sequence      rom.Sequence
		single, paird string
	}{
		{"classic", rom.Classic(0, 0), "DF RT DT RF DF RF", "DF RT DT RF DF RF"},
		{"tight", rom.Tight(0, 0), "DF RF DT RT DF RT DT RF DF RF", "DFRF DTRT DFRT DTRF DFRF"},
		{"hard", rom.Hard(0), "DF RT DF RF", "DF RT DF RF"},
	} {
		var one lines
		var two pair
		if err := errors.Join(tt.sequence.Run(t.Context(), &one), tt.sequence.Run(t.Context(), &two)); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(one.moves, " "); got != tt.single {
			t.Errorf("%s moved %s, want %s", tt.name, got, tt.single)
		}
		if got := strings.Join(two.moves, " "); got != tt.paird {
			t.Errorf("%s moved %s where both can move, want %s", tt.name, got, tt.paird)
		}
	}
}

func TestSequenceHolds(t *testing.T) {
	var total time.Duration
	for _, s := range rom.Classic(rom.Hold, rom.Settle).Steps {
		total += s.Hold
	}
	if total != 150*time.Millisecond {
		t.Errorf("Classic takes %v, want 150 ms", total)
	}
	start := time.Now()
	if err := rom.Hard(20*time.Millisecond).Run(t.Context(), &lines{}); err != nil || time.Since(start) < 20*time.Millisecond {
		t.Errorf("Hard held for %v, %v", time.Since(start), err)
	}
}

func TestSequenceEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var l lines
	if err := rom.Classic(time.Hour, time.Hour).Run(ctx, &l); !errors.Is(err, context.Canceled) || len(l.moves) != 2 {
		t.Errorf("cancelled: %v after %v", err, l.moves)
	}
	broken := errors.New("input/output error")
	err := rom.Classic(0, 0).Run(t.Context(), &lines{fail: broken})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "step 1 of 3") {
		t.Errorf("broken line: %v", err)
	}
}
