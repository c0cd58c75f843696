package device

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/suites/powercut"
)

var _ = Describe("A power cut", Label("power"), func() {
	It("in any pulse of a send repeats no number, and skips at most one", Label("REQ-DEV-002", needsVirtual), explorable, func(ctx SpecContext) {
		survives(ctx, powercut.Sends)
	})

	It("or a reset at some moment of a send repeats no number, and skips at most one", Label("REQ-DEV-002"), func(ctx SpecContext) {
		moments := random("sends")
		for range sudden(10) {
			last := highest()
			suddenly(ctx, moments, func(ctx context.Context) { under.Device.Send(ctx, []byte(`"cut off"`)) })
			seen := max(last, highest())
			next := accepted(ctx, `"after it"`).SEQN
			Expect(next).To(BeNumerically(">", seen), "a number is repeated")
			Expect(next).To(BeNumerically("<=", seen+2), "more than one number is skipped")
		}
	})

	It("in any pulse of provisioning, or of the boot after it, leaves the device what it was or what it is to be", Label("REQ-DEV-009"), explorable, func(ctx SpecContext) {
		survives(ctx, powercut.Setups)
		moments := random("provisioning")
		for range sudden(10) {
			was := accepted(ctx, `"before it"`).SEQN + 1
			wanted := was + 100
			suddenly(ctx, moments, func(ctx context.Context) {
				under.Device.Provision(ctx, under.Identity.ID, under.Identity.Passphrase, wanted)
			})
			next := accepted(ctx, `"after it"`).SEQN
			Expect(next).To(Or(BeNumerically("~", was, 1), BeNumerically("~", wanted, 1)), "it was to be %d or %d", was, wanted)
			Expect(next).To(BeNumerically(">=", was), "a number is repeated")
		}
	})

	It("upon a power cut, at whatever instruction, byte or pulse, does no more harm than one", Label("REQ-DEV-002", "REQ-DEV-009", needsVirtual), explorable, func(ctx SpecContext) {
		survives(ctx, powercut.Lives)
	})
})

// explorable labels specs whose boards are told what to do in every pulse.
var explorable = needs(boards.Provision, boards.Send)

// survives explores power cuts on virtual boards that run the image under test;
// a board that is not virtual has none.
func survives(ctx context.Context, parts powercut.Parts) {
	GinkgoHelper()
	board := under.Virtual()
	if board == nil {
		return
	}
	size := selected.Cuts
	if size == (powercut.Size{}) {
		size = powercut.Here
	}
	n, err := powercut.Explore(ctx, powercut.Config{
		Image: under.Image(), Given: selected.Given, ROM: board.Config().ROM, Seed: under.Seed(), Size: size, Parts: parts,
	})
	note("power cuts survived", n.Cuts)
	note("sends cut in every pulse", n.Sends)
	note("changes of sectors among them", n.Changes)
	note("cuts in provisioning", n.InSetup)
	note("cuts in the boot after it", n.InBoots)
	note("weak cells read otherwise", n.Wavering)
	var broken *powercut.Violation
	switch {
	case errors.As(err, &broken):
		AddReportEntry(lastEntry, strings.Join(broken.Last, "\n"), ReportEntryVisibilityNever)
		Fail(err.Error())
	case errors.Is(err, powercut.ErrKind):
		AddReportEntry(classEntry, string(report.Harness), ReportEntryVisibilityNever)
	}
	Expect(err).NotTo(HaveOccurred())
}

// lastEntry holds the last lines of each lane where those are not of the board under
// test, but of one that was explored.
const lastEntry = "last"

// sudden is how often a board is reset at a random moment: more often where that
// is all that can be done to it.
func sudden(times int) int {
	switch {
	case under.Board.Reset.Sequence == boards.Manual:
		Skip(fmt.Sprintf("board %s has no reset line that this machine drives, and nobody resets it by hand within a millisecond", under.Board.Name))
	case under.Virtual() == nil:
		times *= 3
	}
	note("resets at random moments", times)
	return times
}

// random is a source of moments, by the seed of the run.
func random(what string) *rand.Rand {
	h := under.Seed()
	for _, c := range []byte(what) {
		h = h*31 + uint64(c)
	}
	return rand.New(rand.NewPCG(h, 0))
}

// suddenly begins something and resets the board by its pin at some moment of
// the next 60 ms, in which most of what a device does is over.
func suddenly(ctx context.Context, moments *rand.Rand, do func(context.Context)) {
	GinkgoHelper()
	doing, abandon := context.WithCancel(ctx)
	defer abandon()
	over := make(chan struct{})
	go func() {
		defer close(over)
		do(doing) // what it says dies with the board
	}()
	select {
	case <-time.After(time.Duration(moments.Int64N(int64(60 * time.Millisecond)))):
	case <-over:
	}
	abandon()
	<-over
	reset(ctx)
}

// highest returns the highest number that the wire has carried from the device.
func highest() (seqn uint64) {
	GinkgoHelper()
	for _, ex := range under.Wire.Exchanges() {
		if r, err := envelope.Open(under.Identity.Passphrase, ex.Msg); err == nil && !ex.Replay {
			seqn = max(seqn, r.SEQN)
		}
	}
	return seqn
}
