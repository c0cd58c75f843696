// Package impair plans what a network does to the messages of a device: which
// fault befalls which attempt, from a seed. [wire.Recorder] carries it out.
package impair

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/espalier-hil/espalier/harness/wire"
)

// Attempts is how often a device tries to get a message through.
const Attempts = 4

// Fate is what becomes of the attempts of one message, the first ones first.
// Those beyond it pass unharmed.
type Fate []wire.Mishap

// String names the faults in order.
func (f Fate) String() string {
	if len(f) == 0 {
		return "unharmed"
	}
	text := ""
	for i, m := range f {
		if i > 0 {
			text += ", "
		}
		text += m.Fault.String()
	}
	return text
}

// kinds is every fault that a network has, how often it comes up among the
// others, and how often at most in a plan, if that is bounded: a server takes its
// time to start.
var kinds = []struct {
	fault wire.Fault
	share int
	most  int
}{
	{wire.None, 6, 0},
	{wire.DropRequest, 4, 0},
	{wire.DropReply, 4, 0},
	{wire.Refuse, 3, 0},
	{wire.Delay, 2, 0},
	{wire.Duplicate, 3, 0},
	{wire.Hold, 3, 0},
	{wire.CorruptRequest, 3, 0},
	{wire.CorruptReply, 3, 0},
	{wire.CutRequest, 3, 0},
	{wire.CutReply, 3, 0},
	{wire.HalfOpen, 2, 0},
	{wire.Slow, 2, 0},
	{wire.Reset, 3, 0},
	{wire.Interrupt, 1, 2},
}

// Plan returns the fates of n messages, in which some faults never come up: those
// that this network cannot have. Each other befalls the first attempt of some message,
// and the second of another, if n is at least twice their number; of the first ones,
// those that cut do so in the body. The rest is chance. restart is what an
// [wire.Interrupt] does meanwhile; without it there is none.
func Plan(seed uint64, n int, restart func(), never ...wire.Fault) []Fate {
	p := planner{rand: rand.New(rand.NewPCG(seed, 0x696d70616972)), restart: restart, never: never, used: map[wire.Fault]int{}}
	var fates []Fate
	for _, first := range []wire.Fault{wire.None, wire.DropRequest} {
		for _, k := range kinds[1:] {
			if !p.may(k.fault) {
				continue
			}
			fate := Fate{p.mishap(k.fault)}
			if first != wire.None {
				fate = Fate{p.mishap(first), p.mishap(k.fault)}
			} else {
				fate[0].Body = true // who judges half a reply is not left to chance
			}
			fates = append(fates, fate)
		}
	}
	for len(fates) < n {
		fates = append(fates, p.fate())
	}
	fates = fates[:n]
	p.rand.Shuffle(n, func(i, j int) { fates[i], fates[j] = fates[j], fates[i] })
	return fates
}

// Draw returns the fate of one message, in which there is at least one fault, and
// none that takes more than a network, or that this one cannot have.
func Draw(seed uint64, never ...wire.Fault) Fate {
	p := planner{rand: rand.New(rand.NewPCG(seed, 0x66617465)), never: never, used: map[wire.Fault]int{}}
	for {
		if fate := p.fate(); len(fate) > 0 {
			return fate
		}
	}
}

type planner struct {
	rand    *rand.Rand
	restart func()
	never   []wire.Fault
	used    map[wire.Fault]int
}

// may reports whether a fault can come up at all.
func (p *planner) may(f wire.Fault) bool {
	return !slices.Contains(p.never, f) && (f != wire.Interrupt || p.restart != nil)
}

// fate draws attempts until one passes.
func (p *planner) fate() Fate {
	var fate Fate
	for len(fate) < Attempts {
		f := p.draw()
		if f == wire.None {
			break
		}
		fate = append(fate, p.mishap(f))
	}
	return fate
}

// draw draws a fault that the plan may still have.
func (p *planner) draw() wire.Fault {
	all := 0
	for _, k := range kinds {
		all += k.share
	}
	for {
		at := p.rand.IntN(all)
		for _, k := range kinds {
			if at -= k.share; at >= 0 {
				continue
			}
			if k.most > 0 && p.used[k.fault] >= k.most || !p.may(k.fault) {
				break
			}
			return k.fault
		}
	}
}

func (p *planner) mishap(f wire.Fault) wire.Mishap {
	p.used[f]++
	return wire.Mishap{
		Fault: f, At: uint(p.rand.Uint32()), Body: p.rand.IntN(2) == 0, Flip: 1 << p.rand.IntN(8), Hasty: true,
		Wait: time.Duration(p.rand.IntN(int(30 * time.Millisecond))), Meanwhile: p.restart,
	}
}

// Count returns how often each fault was applied, by its name, and how many
// exchanges had none. It goes by what is on record.
func Count(record []wire.Exchange) (faults map[string]int, unharmed int) {
	faults = map[string]int{}
	for _, ex := range record {
		switch {
		case ex.Replay: // its fault is counted where it befell the device
		case ex.Fault == wire.None:
			unharmed++
		default:
			faults[ex.Fault.String()]++
		}
	}
	return faults, unharmed
}

// Check returns an error that names a fault that was planned for a first attempt,
// which every message has, and of which none was applied.
func Check(plan []Fate, faults map[string]int) error {
	for _, fate := range plan {
		if len(fate) > 0 && faults[fate[0].Fault.String()] == 0 {
			return fmt.Errorf("impair: there was to be %q, and in all of the plan there was none", fate[0].Fault)
		}
	}
	return nil
}
