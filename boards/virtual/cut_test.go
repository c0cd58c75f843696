package virtual_test

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// small is a board whose flash holds nothing but the firmware and its store.
var small = virtual.Config{FlashSize: 512 << 10}

// greet boots the firmware and reads its greeting.
func greet(t testing.TB, cfg virtual.Config) (*virtual.Board, boards.Port) {
	t.Helper()
	b := newBoard(t, cfg, firmware.Image)
	p, err := b.Port()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.SetReadTimeout(time.Second); err != nil {
		t.Fatal(err)
	}
	greeted(t, p)
	return b, p
}

func write(t testing.TB, p io.Writer, line string) {
	t.Helper()
	if _, err := io.WriteString(p, line); err != nil {
		t.Fatal(err)
	}
}

// rest reads until the board is silent for a second of its own time, or has lost
// its supply.
func rest(t testing.TB, p boards.Port) string {
	t.Helper()
	var said []byte
	buf := make([]byte, 256)
	for {
		n, err := p.Read(buf)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return string(said)
		}
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, buf[:n]...)
	}
}

// provision writes a blank flash: it erases a sector of the log and writes 16
// bytes there, then does so with 176 bytes for each of the two copies.
const (
	provision       = "7 provision 31 70 5\n"
	provisionPulses = 8 + 16 + 2*(8+176)
)

func TestCutByPulse(t *testing.T) {
	b, p := greet(t, small)
	before := b.Stats()
	write(t, p, provision)
	rest(t, p)
	if n := b.Stats().Pulses - before.Pulses; n != provisionPulses {
		t.Errorf("provisioning takes %d pulses", n)
	}
	for _, n := range []uint64{1, 8, 9, 24, 25, 200, provisionPulses} {
		b, p := greet(t, small)
		before := b.Stats()
		b.Cut(virtual.Cut{After: n, Of: virtual.Pulses, Seed: n})
		write(t, p, provision)
		said := rest(t, p)
		after := b.Stats()
		if b.Powered() || after.Cuts != 1 || after.Pulses-before.Pulses != n || said != "" {
			t.Errorf("cut in pulse %d: powered %t, %d cuts, pulse %d, said %q", n, b.Powered(), after.Cuts, after.Pulses-before.Pulses, said)
		}
		if after.Torn == 0 {
			t.Errorf("cut in pulse %d: nothing is torn", n)
		}
		b.PowerOn()
		if h := greeted(t, p).Hello; h.Cause != 1 || h.Boots != 1 || !b.Powered() {
			t.Errorf("with its supply back: %+v", h)
		}
	}
}

func TestCutByInstruction(t *testing.T) {
	for _, n := range []uint64{1, 1000, 33_333} {
		b, p := greet(t, small)
		before := b.Stats()
		b.Cut(virtual.Cut{After: n, Of: virtual.Instructions})
		write(t, p, "7 hello 00\n")
		rest(t, p)
		if after := b.Stats(); b.Powered() || after.Instructions-before.Instructions != n {
			t.Errorf("cut after %d instructions: %d were executed", n, after.Instructions-before.Instructions)
		}
		b.PowerOn()
		greeted(t, p)
	}
}

// The host gets the bytes before the cut, and none behind it.
func TestCutByByte(t *testing.T) {
	_, p := greet(t, small)
	command := "7 seqn\n"
	write(t, p, command)
	whole := rest(t, p)
	for n := range len(whole) {
		b, p := greet(t, small)
		b.Cut(virtual.Cut{After: uint64(len(command) + n), Of: virtual.Bytes})
		write(t, p, command)
		if said := rest(t, p); said != whole[:n] || b.Powered() {
			t.Errorf("cut after %d bytes: %q, powered %t", n, said, b.Powered())
		}
	}
	b, p := greet(t, small)
	b.Cut(virtual.Cut{After: 3, Of: virtual.Bytes})
	write(t, p, command)
	if said := rest(t, p); said != "" || b.Powered() {
		t.Errorf("cut while it hears: %q", said)
	}
}

// A cut waits until it is due, over resets and power cycles, or is called off.
func TestCutWaits(t *testing.T) {
	b, p := greet(t, small)
	b.Cut(virtual.Cut{After: 20, Of: virtual.Pulses})
	reset(t, p, false)
	greeted(t, p)
	b.PowerCycle()
	greeted(t, p)
	write(t, p, provision)
	if rest(t, p); b.Powered() {
		t.Error("it did not come")
	}
	b.PowerOn()
	greeted(t, p)
	for _, of := range []soc.Unit{virtual.Pulses, virtual.Bytes, virtual.Instructions} {
		b.Cut(virtual.Cut{After: 2, Of: of})
		b.Cut(virtual.Cut{})
	}
	write(t, p, provision)
	if said := rest(t, p); !b.Powered() || !strings.Contains(said, `"ok":true`) {
		t.Errorf("it came though called off: %q", said)
	}
}

// A board brought back to a moment goes on from there, instruction by
// instruction, as does any other board that is brought to it.
func TestSnapshot(t *testing.T) {
	b, p := greet(t, small)
	write(t, p, provision)
	rest(t, p)
	write(t, p, "8 hello 00\n")
	buf := make([]byte, 10)
	if _, err := p.Read(buf); err != nil { // the rest of it waits for the host
		t.Fatal(err)
	}
	write(t, p, "9 seqn +4\n") // not attended to yet
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	want := rest(t, p)
	if !strings.Contains(want, `"next":9`) {
		t.Fatalf("%q", want)
	}
	stats := b.Stats()
	other, q := greet(t, small)
	write(t, q, "1 nonsense\n")
	for range 2 {
		for _, to := range []struct {
			*virtual.Board
			boards.Port
		}{{b, p}, {other, q}} {
			if err := to.Restore(s); err != nil {
				t.Fatal(err)
			}
			if said := rest(t, to.Port); said != want {
				t.Errorf("%q, want %q", said, want)
			}
			if got := to.Stats(); got != stats {
				t.Errorf("%+v, want %+v", got, stats)
			}
			write(t, to.Port, "10 seqn +4\n")
			rest(t, to.Port)
		}
	}
}

func TestNoSnapshot(t *testing.T) {
	b := newBoard(t, small, firmware.Image)
	if _, err := b.Snapshot(); !errors.Is(err, virtual.ErrSnapshot) {
		t.Errorf("of a board that is not connected: %v", err)
	}
	b, _ = greet(t, small)
	s, err := b.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	large, _ := greet(t, virtual.Config{})
	if err := large.Restore(s); !errors.Is(err, virtual.ErrSnapshot) {
		t.Errorf("to a board with another flash: %v", err)
	}
	halted := newBoard(t, small, code(t, callUnknown))
	p, err := halted.Port()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.SetReadTimeout(time.Second); err != nil {
		t.Fatal(err)
	}
	<-read(p)
	if err := halted.Restore(s); !errors.Is(err, virtual.ErrSnapshot) {
		t.Errorf("to a board that has halted: %v", err)
	}
}

// read reads p to its end.
func read(p io.Reader) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(io.Discard, p)
	}()
	return done
}

func BenchmarkSnapshot(b *testing.B) {
	board, p := greet(b, small)
	write(b, p, provision)
	rest(b, p)
	for b.Loop() {
		s, err := board.Snapshot()
		if err == nil {
			err = board.Restore(s)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCut is what one explored cut costs: back to a snapshot, on to the
// pulse, and a boot.
func BenchmarkCut(b *testing.B) {
	board, p := greet(b, small)
	s, err := board.Snapshot()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := board.Restore(s); err != nil {
			b.Fatal(err)
		}
		board.Cut(virtual.Cut{After: 100, Of: virtual.Pulses})
		write(b, p, provision)
		rest(b, p)
		board.PowerOn()
		greeted(b, p)
	}
}
