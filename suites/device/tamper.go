package device

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/suites/forgery"
)

var _ = Describe("A tampered envelope", Label("REQ-ENV-002", "REQ-ENV-003", "REQ-ENV-005", "REQ-ENV-006", "REQ-SEQ-007", "REQ-SEQ-010"), func() {
	It("is refused whatever was done to it, and the next good one accepted", func(ctx SpecContext) {
		captured := intercept(ctx, `{"value":300,"place":"greenhouse"}`)
		edits, err := forgery.Edits(captured.Msg)
		Expect(err).NotTo(HaveOccurred(), "edit the captured envelope")
		for _, e := range edits {
			By("an envelope " + e.Name)
			refusedAs(ctx, under.Identity.ID, e.Msg, e.Name)
		}
		note("edits refused", len(edits))
		Expect(post(ctx, under.Identity.ID, captured.Msg)).To(BeTrue(), "the envelope itself was good")
		accepted(ctx, `"after the edits"`)
	})

	It("is refused for each of its bytes", Label("REQ-ENV-007"), func(ctx SpecContext) {
		edits, err := forgery.Sweep(intercept(ctx, `{"value":300}`).Msg)
		Expect(err).NotTo(HaveOccurred(), "edit the captured envelope")
		for _, e := range edits {
			refusedAs(ctx, under.Identity.ID, e.Msg, e.Name)
		}
		note("flipped bits refused", len(edits))
		accepted(ctx, `"after the sweep"`)
	})
})

var _ = Describe("A foreign envelope", Label("REQ-ENV-004", "REQ-SEQ-007"), func() {
	It("sealed under another key is refused, and the next good one accepted", Label("REQ-SEQ-010"), func(ctx SpecContext) {
		next := stored(ctx).Next
		refusedAs(ctx, under.Identity.ID, sealed("not the passphrase", next, `{"value":300}`), "under another key")
		accepted(ctx, `"after the foreign key"`)
	})

	It("captured from one device is refused as another's", Label("REQ-SEQ-008"), func(ctx SpecContext) {
		Expect(under.Server.Provision(ctx, "neighbour", "another passphrase", 0)).To(Succeed(), "provision a second device")
		refusedAs(ctx, "neighbour", capture(ctx).Msg, "as the neighbour's")
	})
})
