package main

import (
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"
)

// sequence is how a number is judged, and what becomes of it.
type sequence struct {
	find    func(id string) *device // nil: by the id as it came
	ahead   func(d *device, n uint64, msg string) bool
	after   func(d *device, n uint64) (next uint64)
	skipped func(d *device, n uint64) uint64
	refused func(d *device, at stage, got reading)
	hasty   func(d *device, n uint64) // sees a SEQN whose message is refused for its shape; nil if nobody looks
	between func()                    // goes on between check and store, outside the lock; nil if there is no between
}

func rightSequence(*backend) sequence {
	return sequence{
		ahead: func(d *device, n uint64, _ string) bool { return n >= d.Next },
		after: func(_ *device, n uint64) uint64 { return n + 1 },
		skipped: func(d *device, n uint64) uint64 {
			if d.Accepted == 0 || n < d.Next {
				return 0
			}
			return n - d.Next
		},
		refused: func(*device, stage, reading) {},
	}
}

// spin lets others run for a time that is too short to sleep.
func spin(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
		runtime.Gosched()
	}
}

// gap opens a window between check and store.
func gap(between func()) func(*backend) {
	return func(b *backend) { b.between = between }
}

// judge replaces the comparison.
func judge(ahead func(d *device, n uint64) bool) func(*backend) {
	return func(b *backend) {
		b.ahead = func(d *device, n uint64, _ string) bool { return ahead(d, n) }
	}
}

// step replaces the number that is next.
func step(after func(d *device, n uint64) uint64) func(*backend) {
	return func(b *backend) { b.after = after }
}

// remember refuses the last n envelopes by their bytes; all that came if n is 0.
func remember(n int) func(*backend) {
	return func(b *backend) {
		seen := map[*device][]string{}
		b.ahead = func(d *device, _ uint64, msg string) bool {
			if slices.Contains(seen[d], msg) {
				return false
			}
			seen[d] = append(seen[d], msg)
			if n > 0 {
				seen[d] = seen[d][max(0, len(seen[d])-n):]
			}
			return true
		}
	}
}

var sequenceFaults = []fault{
	{"off-by-one", judge(func(d *device, n uint64) bool { return n+1 >= d.Next })},
	{"greater-than", judge(func(d *device, n uint64) bool { return n > d.Next })},
	{"no-gaps", judge(func(d *device, n uint64) bool { return d.Accepted == 0 || n == d.Next })},
	{"max-gap-1000", judge(func(d *device, n uint64) bool { return n >= d.Next && (d.Accepted == 0 || n-d.Next <= 1000) })},
	{"lexical-seqn", judge(func(d *device, n uint64) bool {
		return strconv.FormatUint(n, 10) >= strconv.FormatUint(d.Next, 10)
	})},
	{"next-is-seqn", step(func(_ *device, n uint64) uint64 { return n })},
	{"next-plus-one", step(func(d *device, _ uint64) uint64 { return d.Next + 1 })},
	{"no-update", step(func(d *device, _ uint64) uint64 { return d.Next })},
	{"forgets-replays", remember(3)},
	{"remembers-envelopes", remember(0)},
	{"window-bitmap", func(b *backend) {
		free := map[*device]uint64{} // bit i: the number Next-1-i was skipped
		b.ahead = func(d *device, n uint64, _ string) bool {
			return n >= d.Next || d.Next-1-n < 64 && free[d]>>(d.Next-1-n)&1 == 1
		}
		b.after = func(d *device, n uint64) uint64 {
			if n < d.Next {
				free[d] &^= 1 << (d.Next - 1 - n)
				return d.Next
			}
			skipped := n - d.Next
			free[d] = free[d]<<(skipped+1) | (1<<skipped-1)<<1
			return n + 1
		}
	}},
	{"global-next", func(b *backend) {
		b.ahead = func(_ *device, n uint64, _ string) bool {
			for _, other := range b.devices {
				if n < other.Next {
					return false
				}
			}
			return true
		}
	}},
	{"counts-refused", func(b *backend) {
		b.refused = func(d *device, _ stage, _ reading) { d.Next++ }
	}},
	{"moves-on-refusal", func(b *backend) {
		b.refused = func(d *device, at stage, got reading) {
			if at == atSequence {
				d.Next = got.SEQN + 1
			}
		}
	}},
	{"moves-before-judging", func(b *backend) {
		b.hasty = func(d *device, n uint64) { d.Next = max(d.Next, n+1) }
	}},
	{"locks-out", func(b *backend) {
		locked := map[*device]bool{}
		b.ahead = func(d *device, n uint64, _ string) bool { return n >= d.Next && !locked[d] }
		b.refused = func(d *device, _ stage, _ reading) { locked[d] = true }
	}},
	{"misses-gaps", func(b *backend) {
		b.skipped = func(*device, uint64) uint64 { return 0 }
	}},
	// Node's single thread lets others in while it waits for its database.
	{"race", gap(func() { time.Sleep(5 * time.Millisecond) })},
	{"race-500us", gap(func() { spin(500 * time.Microsecond) })},
	{"race-50us", gap(func() { spin(50 * time.Microsecond) })},
	{"race-ns", gap(func() {})},
	{"race-two-workers", func(b *backend) {
		var locks [2]sync.Mutex
		b.worker = func(connection uint64) (release func()) {
			own := &locks[connection%2]
			own.Lock()
			return own.Unlock
		}
		b.between = func() { spin(500 * time.Microsecond) }
	}},
}
