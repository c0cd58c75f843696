package device

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/impair"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/wire"
)

// weathered is how many readings one run sends through a network that fails.
const weathered = 60

var _ = Describe("On a network that fails", needs(boards.Send, boards.Attempts, boards.Presumed, boards.Unknown, boards.Provision), func() {
	It("the device's word holds for each of 60 readings, which are stored once or not at all", Label("REQ-DEV-003", "REQ-DEV-004"), func(ctx SpecContext) {
		from, began := len(under.Wire.Exchanges()), stored(ctx)
		chance := rand.New(rand.NewPCG(under.Seed(), 3))
		plan, n := impair.Plan(under.Seed(), weathered, restarts(ctx)), 0
		var broken []string
		for i, fate := range plan {
			if i%20 == 10 {
				reset(ctx)
			}
			replayed(ctx, chance)
			s := sendThrough(ctx, fate, fmt.Sprintf(`{"reading":%d}`, i))
			if err := s.kept(); err != nil {
				broken = append(broken, fmt.Sprintf("reading %d, %v: %v", i+1, fate, err))
			}
			n += len(s.stored)
		}
		note("readings sent through faults", weathered)
		note("of them stored once", n)
		note("lost or repeated against the device's word", len(broken))
		Expect(broken).To(BeEmpty(), "seed %d", under.Seed())
		Expect(stored(ctx).Accepted-began.Accepted).To(BeNumerically("==", n), "readings stored, and none beside them")
		faults, unharmed := impair.Count(under.Wire.Exchanges()[from:])
		Expect(impair.Check(plan, faults)).To(Succeed())
		for _, name := range slices.Sorted(maps.Keys(faults)) {
			note("faults injected: "+name, faults[name])
		}
		note("attempts that no fault befell", unharmed)
		accepted(ctx, `"after the storm"`)
	})

	It("a refusal stays one, though nobody listened before", Label("REQ-DEV-003"), func(ctx SpecContext) {
		under.Wire.Plan(wire.Mishap{Fault: wire.Refuse, Hasty: true}, wire.Mishap{Fault: wire.Forge, Reply: reply(200, `{"status":"NOT OK"}`)})
		Expect(send(ctx, `"never sent"`).Outcome).To(Equal(control.Refused))
	})
})

// sendThrough sends a reading whose attempts meet their fate.
func sendThrough(ctx context.Context, fate impair.Fate, data string) sendOff {
	GinkgoHelper()
	n := len(under.Wire.Exchanges())
	under.Wire.Plan(fate...)
	said := send(ctx, data)
	under.Wire.Forget()
	under.Wire.Release() // what is late arrives before anybody looks
	all, err := under.Wire.Quiet(ctx)
	expectDone(err, "wait for the end of what is under way")
	s := sendOff{said: said, passed: all[n:], data: data}
	readings, err := under.Server.Readings(ctx, under.Identity.ID, said.SEQN, 0)
	expectDone(err, "read back SEQN %d", said.SEQN)
	for _, r := range readings {
		if r.SEQN == said.SEQN {
			s.stored = append(s.stored, string(r.Data))
		}
	}
	return s
}

// replayed brings the backend a request of the past, from before resets and
// restarts, too, in the device's name and in a neighbour's. It changes nothing.
func replayed(ctx context.Context, chance *rand.Rand) {
	GinkgoHelper()
	var past []wire.Exchange
	for _, ex := range under.Wire.Exchanges() {
		if ex.Msg != "" && ex.Fault == wire.None && saysOK(ex) {
			past = append(past, ex)
		}
	}
	if len(past) == 0 {
		return
	}
	old := past[chance.IntN(len(past))]
	before := stored(ctx)
	_, err := under.Wire.Replay(ctx, old.Request)
	expectDone(err, "replay exchange %d", old.N)
	Expect(stored(ctx)).To(Equal(before), "exchange %d, replayed, must change nothing", old.N)
	note("old requests replayed", 1)
}

// restarts returns what kills the server and starts it again, nil for one that is
// somebody else's.
func restarts(ctx context.Context) func() {
	if under.Server.Mode() == server.External {
		return nil
	}
	return func() {
		defer GinkgoRecover()
		expectDone(under.Server.Kill(ctx), "kill the server in the middle of a send")
	}
}
