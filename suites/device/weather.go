package device

import (
	"bytes"
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

var _ = Describe("On a network that fails", func() {
	It("the device's word holds for each of 60 readings, which are stored once or not at all", Label("REQ-DEV-003", "REQ-DEV-004"), needs(boards.Send, boards.Attempts, boards.Presumed, boards.Unknown), func(ctx SpecContext) {
		from, began := len(under.Wire.Exchanges()), stored(ctx)
		chance := rand.New(rand.NewPCG(under.Seed(), 3))
		plan, n := impair.Plan(under.Seed(), weathered, restarts(ctx), under.Unheard()...), 0
		var broken []string
		for i, fate := range plan {
			if i%20 == 10 {
				reset(ctx)
			}
			replayed(ctx, chance, i%2 == 1)
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

	It("a message that was given up arrives behind the next one, and is refused", Label("REQ-DEV-003", "REQ-SEQ-001"), needs(boards.Unknown), func(ctx SpecContext) {
		before := stored(ctx)
		hastily(wire.Hold, wire.DropRequest, wire.HalfOpen, wire.DropRequest)
		late := send(ctx, `"late"`)
		Expect(late.Outcome).To(Equal(control.Unknown))
		inTime := accepted(ctx, `"in time"`)
		all, err := under.Wire.Quiet(ctx)
		expectDone(err, "wait for what is late")
		last := all[len(all)-1]
		Expect(last.Fault == wire.Hold && last.Replay).To(BeTrue(), "the late message must have arrived")
		Expect(saysOK(last)).To(BeFalse(), "and be refused")
		readings, err := under.Server.Readings(ctx, under.Identity.ID, late.SEQN, 0)
		expectDone(err, "read back SEQN %d", late.SEQN)
		Expect(readings).To(HaveLen(1))
		Expect(readings[0].SEQN).To(Equal(inTime.SEQN))
		Expect(stored(ctx).Accepted - before.Accepted).To(BeNumerically("==", 1))
		note("messages that arrived behind the next one", 1)
	})

	It("a refusal stays one, though nobody listened before", Label("REQ-DEV-003"), func(ctx SpecContext) {
		if slices.Contains(under.Unheard(), wire.Refuse) {
			excuse(fmt.Sprintf("the board connects by itself, over link %s: nobody can refuse it a connection and know that it was asked for", under.Link()))
		}
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
// restarts, too: as it was, or as a neighbour's. It changes nothing.
func replayed(ctx context.Context, chance *rand.Rand, asNeighbour bool) {
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
	request := old.Request
	if asNeighbour {
		request = bytes.Replace(request, []byte(old.Path), []byte("/data/"+neighbour), 1)
	}
	before, near := stored(ctx), ofNeighbour(ctx)
	again, err := under.Wire.Replay(ctx, request)
	expectDone(err, "replay exchange %d", old.N)
	Expect(saysOK(again)).To(BeFalse(), "exchange %d, replayed to %s, must be refused", old.N, again.Path)
	Expect(stored(ctx)).To(Equal(before), "exchange %d, replayed to %s, must change nothing", old.N, again.Path)
	Expect(ofNeighbour(ctx)).To(Equal(near), "exchange %d, replayed to %s, must change nothing there", old.N, again.Path)
	note("old requests replayed", 1)
	if asNeighbour {
		note("of them as another device's", 1)
	}
}

// neighbour is a device under another passphrase.
const neighbour = "neighbour"

// ofNeighbour returns what the server keeps of the neighbour, who is made known if
// need be.
func ofNeighbour(ctx context.Context) server.Device {
	GinkgoHelper()
	expectDone(under.Server.Provision(ctx, neighbour, "another passphrase", 0), "provision a second device")
	d, err := under.Server.Device(ctx, neighbour)
	expectDone(err, "look at device %s", neighbour)
	return d
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
