package virtual_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual"
)

// live returns a board that runs by itself, and its port once it has booted.
func live(t *testing.T, flash []byte) (*virtual.Board, boards.Port) {
	t.Helper()
	b := newBoard(t, virtual.Config{}, flash)
	p, err := b.Live()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.SetReadTimeout(20 * time.Second); err != nil {
		t.Fatal(err)
	}
	until(t, p, "ets Jan[^\n]*\n\r\n")
	return b, p
}

// The lines of a host at the other end of a network, one after the other, with
// the pauses that stock clients make and with none, and where that leads.
func TestLinesFromAfar(t *testing.T) {
	type step struct {
		line string // empty: both stay as they are
		on   bool
	}
	const pause = 60 * time.Millisecond // as pyserial's, which looks for an answer every 50 ms
	classic := []step{{"DTR", false}, {"RTS", true}, {"DTR", true}, {"RTS", false}, {"DTR", false}}
	for _, tt := range []struct {
		name  string
		steps []step
		want  string
	}{
		{"classic", classic, "rst cause:2, boot mode:(1,6)"},
		{"esptool, which repeats DTR", []step{
			{"DTR", false}, {"RTS", true}, {"DTR", false}, {"DTR", true}, {"RTS", false}, {"DTR", true}, {"DTR", false}}, "rst cause:2, boot mode:(1,6)"},
		{"repeated in the moment between", []step{
			{"DTR", false}, {"RTS", true}, {"DTR", true}, {"DTR", true}, {"RTS", true}, {"RTS", false}, {"DTR", false}}, "rst cause:2, boot mode:(1,6)"},
		{"pulse on RTS", []step{{"RTS", true}, {"RTS", false}}, "rst cause:2, boot mode:(3,6)"},
		{"RTS first, with DTR as it was", []step{{"RTS", true}, {"DTR", true}, {"RTS", false}, {"DTR", false}}, "rst cause:2, boot mode:(1,6)"},
		{"both, and meant so", []step{{"RTS", true}, {"DTR", true}}, "rst cause:2, boot mode:(3,6)"},
	} {
		for _, gap := range []time.Duration{pause, 0} {
			t.Run(tt.name+" "+gap.String(), func(t *testing.T) {
				t.Parallel()
				b, p := live(t, nil)
				before := b.Stats().Resets
				for _, s := range tt.steps {
					set := p.SetDTR
					if s.line == "RTS" {
						set = p.SetRTS
					}
					if err := set(s.on); err != nil {
						t.Fatal(err)
					}
					time.Sleep(gap)
				}
				if got := until(t, p, "ets Jan[^\n]*\n\r\n"); !strings.Contains(got, tt.want) {
					t.Errorf("%q, want %q in it", got, tt.want)
				}
				if n := b.Stats().Resets - before; n != 1 {
					t.Errorf("%d resets, want 1", n)
				}
			})
		}
	}
}

// Power that comes while a host has both lines asserted, as many do all the
// time, is no moment between anything.
func TestPowerFromAfar(t *testing.T) {
	var log bytes.Buffer // each reset with the board's own time; read after Close
	b, err := virtual.New(virtual.Config{Log: &log})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	p, err := b.Live()
	if err != nil {
		t.Fatal(err)
	}
	until(t, p, "ets Jan[^\n]*\n\r\n")
	lines(t, p, true, true)
	before := b.Stats().Now
	b.PowerCycle()
	if got := until(t, p, "ets Jan[^\n]*\n\r\n"); !strings.Contains(got, "rst cause:1, boot mode:(3,6)") {
		t.Errorf("%q", got)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?s).* ([0-9.]+) s: reset: power-on`).FindStringSubmatch(log.String())
	if found == nil {
		t.Fatalf("no reset in %q", log.String())
	}
	at, err := time.ParseDuration(found[1] + "s")
	if waited := at - before; err != nil || waited > 500*time.Millisecond {
		t.Errorf("reset %v after power came, %v", waited, err)
	}
}

// A host that goes leaves the board running; a board that goes tells why.
func TestLivePortEnds(t *testing.T) {
	b, p := live(t, code(t, echo))
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(make([]byte, 1)); err != nil && !errors.Is(err, os.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if b.Err() != nil {
		t.Error(b.Err())
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}

	b, p = live(t, code(t, callUnknown))
	<-b.Halted()
	_, err := io.ReadAll(p)
	if err == nil || !strings.Contains(err.Error(), "40001234") {
		t.Errorf("halted: %v", err)
	}
	if _, err := p.Write([]byte("x")); err == nil || !strings.Contains(err.Error(), "40001234") {
		t.Errorf("halted: write: %v", err)
	}
	if _, err := b.Live(); !errors.Is(err, virtual.ErrBusy) {
		t.Errorf("connected twice: %v", err)
	}
}

// A board that hurries passes a minute in which it only waits, each of its events
// in its turn, in far less; and then keeps to the wall clock again.
func TestHurry(t *testing.T) {
	b, p := live(t, firmware.Image)
	greeted(t, p)
	for _, line := range []string{"1 provision 31 70 0\n", "2 server 10.0.0.1 80\n", "3 link serial\n", "4 send 31\n"} {
		if _, err := io.WriteString(p, line); err != nil {
			t.Fatal(err)
		}
	}
	until(t, p, `\{"http":\{"n":1,`)
	began, before := time.Now(), b.Stats().Now
	b.Hurry(50 * time.Second) // three attempts wait 15 s each for a reply that nobody gives
	until(t, p, `\{"http":\{"n":4,`)
	took, passed := time.Since(began), b.Stats().Now-before
	if took > 15*time.Second || passed < 45*time.Second || passed > 51*time.Second {
		t.Errorf("%v passed in %v, want 45 to 50 s in no time", passed, took)
	}
	b.Hurry(0)
	if _, err := io.WriteString(p, "5 reply refused 4\n"); err != nil {
		t.Fatal(err)
	}
	until(t, p, `"outcome":"unknown"`)
}
