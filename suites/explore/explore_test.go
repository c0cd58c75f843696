package explore_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/suites/explore"
)

var mix = explore.Mix{Steps: 40, Devices: 1, Recipes: []string{"magic", "padding", "json"}}

func with(change func(*explore.Mix)) explore.Mix {
	m := mix
	change(&m)
	return m
}

var (
	two      = with(func(m *explore.Mix) { m.Devices = 2 })
	bursts   = with(func(m *explore.Mix) { m.Bursts = true })
	restarts = with(func(m *explore.Mix) { m.Again = []explore.Kind{explore.Restart, explore.Kill} })
)

// faults are backends with one fault, and the shortest history that shows it.
var faults = []struct {
	name  string
	mix   explore.Mix
	want  string // the kinds of the steps of the shortest history, or several that are as short
	blame string
	plant func(*backend)
}{
	{"takes the last number again", mix, "stale", "REQ-SEQ-001", func(b *backend) {
		b.ahead = func(d *device, n uint64, _ *bytesOf) bool { return n+1 >= d.next }
	}},
	{"never moves next", mix, "next stale", "REQ-SEQ-002", func(b *backend) {
		b.after = func(d *device, _ uint64) uint64 { return d.next }
	}},
	{"allows no gap", mix, "gap", "REQ-SEQ-003", func(b *backend) {
		b.ahead = func(d *device, n uint64, _ *bytesOf) bool { return n == d.next }
	}},
	{"adds 1 to next", mix, "gap stale", "REQ-SEQ-002", func(b *backend) {
		b.after = func(d *device, _ uint64) uint64 { return d.next + 1 }
	}},
	{"remembers four messages", mix, "next next next next next replay", "REQ-SEQ-001", func(b *backend) {
		b.ahead = func(d *device, n uint64, m *bytesOf) bool {
			return n >= d.next || slices.Contains(d.seen, m) && !slices.Contains(d.seen[max(0, len(d.seen)-4):], m)
		}
	}},
	{"is locked by three refusals in a row", mix, "stale stale stale next", "REQ-SEQ-010", func(b *backend) {
		b.ahead = func(d *device, n uint64, _ *bytesOf) bool { return n >= d.next && d.inRow < 3 }
	}},
	{"forgets the 17th message", mix, strings.Repeat("next ", 17) + "stale", "REQ-SEQ-002", func(b *backend) {
		b.after = func(d *device, n uint64) uint64 {
			if d.accepted == 17 {
				return n
			}
			return n + 1
		}
	}},
	{"is open after a gap, a replay and a message of another key", mix, "gap replay refused stale", "REQ-SEQ-001", func(b *backend) {
		b.ahead = func(d *device, n uint64, m *bytesOf) bool {
			switch {
			case d.armed == 0 && n > d.next:
				d.armed = 1
			case d.armed == 1 && d.replayed(m):
				d.armed = 2
			}
			return n >= d.next || d.armed == 3
		}
		b.lenient = func(d *device, what string) bool {
			if d.armed == 2 && what == "padding" {
				d.armed = 3
			}
			return false
		}
	}},
	{"reads what has no magic", mix, "refused", "", func(b *backend) {
		b.lenient = func(_ *device, what string) bool { return what == "magic" }
	}},
	{"reads wrong padding once it has accepted two", mix, "next next refused", "", func(b *backend) {
		b.lenient = func(d *device, what string) bool { return what == "padding" && d.accepted >= 2 }
	}},
	{"counts a refusal", mix, "stale next", "REQ-SEQ-007", func(b *backend) { b.refused = func(d *device) { d.next++ } }},
	{"has one next for two", two, "next next", "REQ-SEQ-008", func(b *backend) {
		b.after = func(_ *device, n uint64) uint64 {
			for _, d := range b.devices {
				d.next = n + 1
			}
			return n + 1
		}
	}},
	{"begins anew when it is started again", restarts, "next restart stale", "REQ-SEQ-012", func(b *backend) {
		b.restart = func(d *device) { d.next = d.first }
	}},
	{"skips one when it is started again", restarts, "restart next", "REQ-SEQ-005", func(b *backend) {
		b.restart = func(d *device) { d.next++ }
	}},
	{"lets two of a burst in", bursts, "burst", "REQ-SEQ-004", func(b *backend) { b.copies = 2 }},
	{"bounds gaps at 1000", mix, "gap", "REQ-SEQ-003", func(b *backend) {
		b.ahead = func(d *device, n uint64, _ *bytesOf) bool { return n >= d.next && n < d.next+1000 }
	}},
}

// Each fault is found among some histories, and shrinks to what is known to be
// the shortest that shows it.
func TestShrinks(t *testing.T) {
	for _, tt := range faults {
		t.Run(tt.name, func(t *testing.T) {
			b := newBackend()
			tt.plant(b)
			h, f := find(t, b, tt.mix, 300)
			s := explore.Shrink(t.Context(), b, h, f, tt.mix.Recipes, explore.Limit{Tries: 2000, Time: time.Minute})
			var kinds []string
			for _, step := range s.History {
				kinds = append(kinds, string(step.Kind))
			}
			t.Logf("%d steps, then after %d tries: %s: %s", len(h), s.Tries, s.History, s.Failure.Why)
			if got := strings.Join(kinds, " "); got != tt.want || !s.Again || !s.Done {
				t.Errorf("%q, want %q (%+v)", got, tt.want, s)
			}
			if got := explore.Blame(s.History, s.Failure); tt.blame != "" && !slices.Contains(got, tt.blame) || tt.blame == "" && got != nil {
				t.Errorf("blames %q, want %q", got, tt.blame)
			}
			// None of its steps can be left out.
			for i := range s.History {
				shorter := slices.Delete(slices.Clone(s.History), i, i+1)
				if slices.ContainsFunc(shorter, func(other explore.Step) bool {
					return other.Kind == explore.Replay && other.Of == s.History[i].ID
				}) {
					continue
				}
				if f, err := explore.Try(t.Context(), b, shorter); err != nil || f != nil && f.Got == s.Failure.Got {
					t.Errorf("without step %d it fails, too: %v %v", i+1, f, err)
				}
			}
		})
	}
}

// find returns a history that fails.
func find(t *testing.T, b *backend, mix explore.Mix, histories int) (explore.History, *explore.Failure) {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 7))
	for i := range histories {
		h := explore.Generate(rng, mix)
		f, err := explore.Try(t.Context(), b, h)
		if err != nil {
			t.Fatal(err)
		}
		if f != nil {
			t.Logf("history %d fails: %s", i, f.Why)
			return h, f
		}
	}
	t.Fatalf("%d histories do not show it", histories)
	return nil, nil
}

// A backend that is right is never called wrong.
func TestNoFalseAlarm(t *testing.T) {
	everything := with(func(m *explore.Mix) { m.Devices, m.Bursts, m.Again = 2, true, restarts.Again })
	rng := rand.New(rand.NewPCG(1, 1))
	b := newBackend()
	kinds := map[explore.Kind]int{}
	for range 2000 {
		h := explore.Generate(rng, everything)
		if f, err := explore.Try(t.Context(), b, h); f != nil || err != nil {
			t.Fatalf("%s: %+v %v", h, f, err)
		}
		for _, s := range h {
			kinds[s.Kind]++
		}
	}
	t.Log(kinds)
	for _, k := range []explore.Kind{explore.Next, explore.Gap, explore.Stale, explore.Replay, explore.Refused, explore.Stranger, explore.Burst, explore.Restart, explore.Kill} {
		if kinds[k] < 500 {
			t.Errorf("%s came %d times in 2000 histories", k, kinds[k])
		}
	}
}

// The same seed makes the same history.
func TestSeed(t *testing.T) {
	make := func(seed uint64) string {
		return explore.Generate(rand.New(rand.NewPCG(seed, 0)), two).String()
	}
	if first, again := make(3), make(3); first != again || first == make(4) {
		t.Error("a history is not its seed's")
	}
}

// A failure that does not come again is reported as it was.
func TestDoesNotRepeat(t *testing.T) {
	b := newBackend()
	once := false
	b.ahead = func(d *device, n uint64, _ *bytesOf) bool {
		if n < d.next && d.accepted > 5 && !once {
			once = true
			return true
		}
		return n >= d.next
	}
	h, f := find(t, b, mix, 100)
	s := explore.Shrink(t.Context(), b, h, f, nil, explore.Limit{Tries: 100, Time: time.Minute})
	if s.Again || !slices.Equal(s.History, h) || s.Failure != f || s.Tries != 3 {
		t.Errorf("%+v", s)
	}
}

// A search ends at its limits.
func TestLimits(t *testing.T) {
	b := newBackend()
	faults[6].plant(b)
	h, f := find(t, b, mix, 300)
	for _, limit := range []explore.Limit{{Tries: 5, Time: time.Minute}, {Tries: 500, Time: 0}} {
		s := explore.Shrink(t.Context(), b, h, f, mix.Recipes, limit)
		if s.Tries > limit.Tries || s.Done || limit.Time == 0 && s.Tries > 0 {
			t.Errorf("%+v: %d tries, done %t", limit, s.Tries, s.Done)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s := explore.Shrink(ctx, b, h, f, mix.Recipes, explore.Limit{Tries: 500, Time: time.Minute}); s.Tries > 0 {
		t.Errorf("%d tries after the end", s.Tries)
	}
}

// The model counts as the protocol says, at the ends of the range as elsewhere.
func TestModel(t *testing.T) {
	big := func(text string) *big.Int {
		n, ok := new(big.Int).SetString(text, 10)
		if !ok {
			t.Fatal(text)
		}
		return n
	}
	for _, tt := range []struct {
		next, number  string
		accept        bool
		then, missing string
	}{
		{"121", "121", true, "122", "0"},
		{"121", "120", false, "121", "0"},
		{"121", "130", true, "131", "9"},
		{"0", "0", true, "1", "0"},
		{"9007199254740990", "9007199254740990", true, "9007199254740991", "0"},
		{"9007199254740990", "9007199254740991", false, "9007199254740990", "0"},
		{"9007199254740991", "9007199254740991", false, "9007199254740991", "0"},
		{"9007199254740992", "9007199254740993", false, "9007199254740992", "0"},
		{"121", "18446744073709551737", false, "121", "0"}, // 121 in 64 bits
	} {
		m := explore.NewModel([]explore.Start{{Next: big(tt.next)}, {Next: big("7"), New: true}})
		if got := m.Take(0, big(tt.number)); got != tt.accept || m.Next(0).String() != tt.then || m.Missing(0).String() != tt.missing {
			t.Errorf("%s at %s: %t, next %s, missing %s", tt.number, tt.next, got, m.Next(0), m.Missing(0))
		}
		m.Take(1, big("9"))
		if m.Next(1).String() != "10" || m.Missing(1).String() != "0" {
			t.Errorf("a new device: next %s, missing %s", m.Next(1), m.Missing(1))
		}
	}
}

// Whatever the seed, a history fits together, alone and with parts left out, and
// a search for a shorter one ends with one that fails.
func FuzzGenerate(f *testing.F) {
	f.Add(uint64(1), uint64(0), uint8(40), uint8(1))
	f.Add(uint64(9), uint64(6), uint8(3), uint8(2))
	f.Fuzz(func(t *testing.T, seed, fault uint64, steps, devices uint8) {
		m := with(func(m *explore.Mix) {
			m.Steps, m.Devices, m.Bursts, m.Again = int(steps%80), 1+int(devices%3), true, restarts.Again
		})
		h := explore.Generate(rand.New(rand.NewPCG(seed, 0)), m)
		if f, err := explore.Try(t.Context(), newBackend(), h); f != nil || err != nil {
			t.Fatalf("%s: %+v %v", h, f, err)
		}
		if words := h.Words(); len(words) != len(h) || strings.Contains(fmt.Sprint(words), "?") || strings.Contains(fmt.Sprint(words), "step 0") {
			t.Fatal(words)
		}
		b := newBackend()
		faults[fault%uint64(len(faults))].plant(b)
		failure, err := explore.Try(t.Context(), b, h)
		if err != nil || failure == nil {
			return
		}
		s := explore.Shrink(t.Context(), b, h, failure, m.Recipes, explore.Limit{Tries: 200, Time: 10 * time.Second})
		if again, err := explore.Try(t.Context(), b, s.History); err != nil || again == nil || len(s.History) > len(h) || !s.Again {
			t.Fatalf("%s, from %s: %+v %v", s.History, h, again, err)
		}
	})
}
