package device

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/control"
)

// resets is how often a run resets the board between messages.
const resets = 20

var _ = Describe("The sequence number", Label("REQ-DEV-002"), func() {
	It("rises by one from message to message, and the server's next with it", Label("REQ-SEQ-002"), func(ctx SpecContext) {
		last := accepted(ctx, `1`).SEQN
		for range 10 {
			next := accepted(ctx, `1`).SEQN
			Expect(next).To(Equal(last + 1))
			Expect(stored(ctx).Next).To(Equal(next + 1))
			last = next
		}
	})

	It("ends at 2^53-2: then the device says so and sends nothing", Label("REQ-DEV-010"), needs(boards.Send, boards.Provision), func(ctx SpecContext) {
		asAnother(ctx, "at-the-end", control.MaxSEQN, func() {
			Expect(send(ctx, `"the last one"`).SEQN).To(BeNumerically("==", control.MaxSEQN))
			before := len(under.Wire.Exchanges())
			_, err := under.Device.Send(ctx, []byte(`"one too many"`))
			Expect(err).To(MatchError(control.Exhausted))
			Expect(under.Wire.Exchanges()).To(HaveLen(before), "nothing may be sent")
		})
	})

	It("rises over 20 resets, and skips at most one number at each", needs(boards.Restart), func(ctx SpecContext) {
		last := accepted(ctx, `0`).SEQN
		for i := range resets {
			last = interrupt(ctx, i, last)
			next := accepted(ctx, `1`).SEQN
			Expect(next).To(BeNumerically(">", last), "reset %d: repeated a number", i+1)
			Expect(next).To(BeNumerically("<=", last+2), "reset %d: skipped more than one", i+1)
			last = next
		}
		note("resets survived", resets)
	})

	It("is taken up by provisioning and never taken down", needs(boards.Provision), func(ctx SpecContext) {
		before := accepted(ctx, `1`).SEQN
		next, err := under.Device.Provision(ctx, under.Identity.ID, under.Identity.Passphrase, 0)
		Expect(err).NotTo(HaveOccurred(), "provision with a lower number")
		Expect(next).To(Equal(before + 1))
		next, err = under.Device.Provision(ctx, under.Identity.ID, under.Identity.Passphrase, before+10)
		Expect(err).NotTo(HaveOccurred(), "provision with a higher number")
		Expect(next).To(Equal(before + 10))
		Expect(accepted(ctx, `1`).SEQN).To(Equal(before + 10))
	})
})

var _ = Describe("A gap", Label("REQ-SEQ-003", "REQ-SEQ-011"), func() {
	It("left by the device is accepted and counted", needs(boards.Skip), func(ctx SpecContext) {
		accepted(ctx, `1`)
		before := stored(ctx)
		_, err := under.Device.Skip(ctx, 5)
		Expect(err).NotTo(HaveOccurred(), "skip 5 numbers")
		accepted(ctx, `2`)
		Expect(stored(ctx).Missing - before.Missing).To(BeNumerically("==", 5))
		note("numbers skipped and counted", 5)
	})

	It("left by a message that the wire lost is accepted and counted", Label("REQ-DEV-003", "REQ-DEV-004"), needs(boards.Attempts, boards.Unknown), func(ctx SpecContext) {
		accepted(ctx, `1`)
		before := stored(ctx)
		lost := lose(ctx, `"lost"`)
		Expect(lost.Outcome).To(Equal(control.Unknown))
		Expect(lost.Attempts).To(Equal(4))
		accepted(ctx, `"found"`)
		Expect(stored(ctx).Missing - before.Missing).To(BeNumerically("==", 1))
	})
})
