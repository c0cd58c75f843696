package page

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// Numbers keep their order on an axis, whatever lies between them.
func TestRanked(t *testing.T) {
	for name, tt := range map[string]struct {
		numbers []uint64
		breaks  int
		ends    []uint64
	}{
		"one number":      {[]uint64{7, 7}, 0, []uint64{7}},
		"two":             {[]uint64{8, 7}, 0, []uint64{7, 8}},
		"a gap":           {[]uint64{7, 8, 9, 400}, 0, []uint64{7, 400}},
		"a far jump":      {[]uint64{7, 8, 1795703605451, 1795703605452}, 1, []uint64{7, 8, 1795703605451, 1795703605452}},
		"the whole range": {[]uint64{0, 1 << 53, math.MaxUint64}, 2, []uint64{0, 1 << 53, math.MaxUint64}},
		"many jumps":      {[]uint64{1 << 20, 1 << 25, 1 << 30, 1 << 35, 1 << 40, 1 << 45, 1 << 50, 1 << 55}, mostBreaks, nil},
	} {
		a := ranked(tt.numbers)
		sorted := slices.Compact(slices.Sorted(slices.Values(tt.numbers)))
		for i, n := range sorted {
			p := a.place(n)
			if p < 0 || p > 1 || i > 0 && p <= a.place(sorted[i-1]) {
				t.Errorf("%s: %d is placed at %f", name, n, p)
			}
		}
		if len(a.breaks) != tt.breaks || tt.ends != nil && !slices.Equal(a.ends(), tt.ends) {
			t.Errorf("%s: breaks %v, ends %d", name, a.breaks, a.ends())
		}
		for _, b := range a.breaks { // no number lies within a break
			if i, _ := slices.BinarySearch(a.places, b); a.places[i]-b < gap/3 || b-a.places[i-1] < gap/3 {
				t.Errorf("%s: the break at %f lies upon %v", name, b, a.places)
			}
		}
	}
}

// What is above next never looks like next, nor like what is below.
func TestDistance(t *testing.T) {
	last := math.Inf(-1)
	for _, seqn := range []uint64{0, 1 << 20, 999_999, 1_000_000, 1_000_001, 1_000_100, 1 << 53, math.MaxUint64} {
		d := distance(max(seqn, 0), 1_000_000)
		if seqn == 1<<20 {
			continue
		}
		if d <= last {
			t.Errorf("%d lies at %f, and what is smaller at %f", seqn, d, last)
		}
		last = d
	}
	if d := distance(5, 5); d != 0 {
		t.Errorf("next lies at %f", d)
	}
	if d := distance(6, 5) - distance(4, 5); d < 2*apartness {
		t.Errorf("the numbers beside next are %f apart", d)
	}
}

// Each outcome has a shape of its own, in every size.
func TestShapes(t *testing.T) {
	seen := map[string]bool{}
	for _, o := range []evidence.Outcome{evidence.Accepted, evidence.Refused, evidence.Unanswered} {
		letters := strings.Map(func(r rune) rune {
			if r >= 'A' && r <= 'z' {
				return r
			}
			return -1
		}, shape(o, 10, 10, 2))
		if seen[letters] {
			t.Errorf("%s is drawn as another is: %s", o, letters)
		}
		seen[letters] = true
	}
}

// long is a device to which very much was sent, all over the range.
func long(n int) *evidence.Run {
	r := &evidence.Run{Started: time.Unix(0, 0), Finished: time.Unix(60, 0), Target: evidence.Target{Devices: []evidence.Device{{ID: "a", Next: "1000"}}}}
	outcomes := []evidence.Outcome{evidence.Accepted, evidence.Refused, evidence.Unanswered}
	for i := range n {
		at := time.Duration(i) * time.Minute / time.Duration(n)
		seqn := uint64(i) * (1 << 53) / uint64(n)
		r.Results = append(r.Results, evidence.Result{ID: fmt.Sprintf("c%d/x", i%7), Verdict: evidence.Fail, Began: at, Took: time.Millisecond, Exchanges: []evidence.Exchange{
			{Device: "a", SEQN: fmt.Sprint(seqn), Next: "1000", Outcome: outcomes[i%3]}, {Device: fmt.Sprint("b", i), SEQN: "1", Outcome: "?"}, {Device: "a", SEQN: "no number"}, {Device: "a", SEQN: "99999999999999999999"}}})
	}
	return r
}

// However much was sent, a picture stays small; and nothing lies outside of it.
func TestTimelineIsBounded(t *testing.T) {
	list, others := timelines(long(30_000))
	if len(list) != 1 || others != 30_000 {
		t.Fatalf("%d pictures, %d others", len(list), others)
	}
	tl := list[0]
	if tl.Messages() != 30_000 || tl.Accepted != 10_000 || tl.Unanswered != 10_000 || tl.Early == 0 {
		t.Errorf("%d, %d, %d, early %d", tl.Messages(), tl.Accepted, tl.Unanswered, tl.Early)
	}
	for _, p := range []*picture{tl.Wide, tl.Narrow} {
		n := len(p.Failures) + len(p.Chapters)*80
		for _, of := range []panel{p.Numbers, p.Distances} {
			n += len(of.Accepted) + len(of.Refused) + len(of.Unanswered) + len(of.Early)
		}
		if n > 300_000 {
			t.Errorf("a picture of width %d takes %d bytes", p.Width, n)
		}
		if p.Zero <= p.Distances.Top || p.Zero >= p.Distances.Bottom {
			t.Errorf("next lies at %d, not between %d and %d", p.Zero, p.Distances.Top, p.Distances.Bottom)
		}
		for _, ticks := range [][]tick{p.Numbers.Ticks, p.Distances.Ticks, p.Seconds} {
			for _, tick := range ticks {
				if tick.At < 0 || tick.At > max(p.Width, p.Height) || tick.Label == "" {
					t.Errorf("a tick %+v", tick)
				}
			}
		}
	}
}

// Devices that are made for the tests have pictures, a few, those first to which
// most was sent.
func TestMadeDevices(t *testing.T) {
	r := long(20)
	r.Target.Hooks = []string{"provision"}
	r.Results[7].Exchanges = append(r.Results[7].Exchanges, r.Results[7].Exchanges...)
	list, others := timelines(r)
	if len(list) != mostDevices || others != 21-mostDevices || list[0].Device != "a" || list[1].Device != "b7" {
		t.Errorf("%d pictures, %d others", len(list), others)
	}
}

// A number that was accepted below next is ringed, and no other is.
func TestEarly(t *testing.T) {
	r := long(3)
	r.Results = r.Results[:1]
	x := &r.Results[0].Exchanges[0]
	for seqn, early := range map[string]bool{"999": true, "1000": false, "1001": false} {
		x.SEQN = seqn
		list, _ := timelines(r)
		if got := list[0].Wide.Distances.Early != "" && list[0].Early == 1; got != early {
			t.Errorf("%s: ringed %v", seqn, got)
		}
	}
	x.SEQN, x.Next = "999", ""
	if list, _ := timelines(r); list[0].Early != 0 {
		t.Error("where next is not known nothing is below it")
	}
}

// Numbers are named so that they can be read in the margin.
func TestNames(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 9999: "9999", 10_000: "10.0k", 99_960: "100k", 999_499: "999k", 1_048_576: "1.05M", 6_398_411: "6.40M", 200_000_000_000: "200G", 1 << 51: "2.25P", 1 << 53: "2^54", math.MaxUint64: "2^64"} {
		if got := compact(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	tl := &timeline{start: 1795703605451}
	for n, want := range map[uint64]string{1795703605451: "start", 1795703605452: "+1", 1795703605450: "−1", 121: "121", 1<<53 - 2: "2^53−2", 1795710000000: "+6.39M"} {
		if got := tl.above(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	for text, want := range map[string]string{"a\tb\n": `a\tb\n`, "\x00\u202e": `\u0000\u202e`, "\xff": `\xff`, "é": "é", strings.Repeat("ab", 60) + "cd": strings.Repeat("ab", 60) + " … (2 bytes more)"} {
		if got := short(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
