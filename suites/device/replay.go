package device

import (
	"errors"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/harness/server"
)

// copies is how many copies of an envelope arrive at once.
const copies = 32

var _ = Describe("A replayed envelope", Label("REQ-SEQ-001", "REQ-SEQ-007"), func() {
	It("is refused at once", func(ctx SpecContext) {
		captured := capture(ctx)
		refused(ctx, captured)
	})

	It("is refused later, and the next good one accepted", Label("REQ-SEQ-010"), func(ctx SpecContext) {
		captured := capture(ctx)
		for range 5 {
			accepted(ctx, `"in between"`)
		}
		refused(ctx, captured)
		accepted(ctx, `"after it"`)
	})

	It("is refused after the server was restarted", Label("REQ-SEQ-005", "REQ-SEQ-012"), func(ctx SpecContext) {
		captured := capture(ctx)
		before := stored(ctx)
		expectAgain(under.Server.Restart(ctx), "restart the server")
		Expect(stored(ctx)).To(Equal(before), "a restart changes nothing")
		refused(ctx, captured)
		accepted(ctx, `"after the restart"`)
	})

	It("is refused after the server was killed", Label("REQ-SEQ-005"), func(ctx SpecContext) {
		captured := capture(ctx)
		before := stored(ctx)
		expectAgain(under.Server.Kill(ctx), "kill the server")
		Expect(stored(ctx)).To(Equal(before), "a kill loses nothing accepted")
		refused(ctx, captured)
	})

	It("is refused after the board was reset", Label("REQ-DEV-002"), func(ctx SpecContext) {
		captured := capture(ctx)
		reset(ctx)
		refused(ctx, captured)
		accepted(ctx, `"after the reset"`)
		refused(ctx, captured)
	})

	It("is refused 32 times when 32 copies arrive at once", func(ctx SpecContext) {
		Expect(volley(ctx, capture(ctx))).To(BeZero(), "copies accepted")
		note("replays refused at once", copies)
	})

	It("is accepted once when 32 copies of one that never arrived come at once", Label("REQ-SEQ-004"), func(ctx SpecContext) {
		before := stored(ctx)
		Expect(volley(ctx, intercept(ctx, `{"value":300}`))).To(Equal(1), "copies accepted")
		Expect(stored(ctx).Accepted - before.Accepted).To(BeNumerically("==", 1))
	})
})

// expectAgain fails the spec where the server did not start again. One that is
// somebody else's cannot be made to, and nobody is to blame for that.
func expectAgain(err error, what string) {
	GinkgoHelper()
	if errors.Is(err, server.ErrExternal) {
		Skip(err.Error())
	}
	Expect(err).NotTo(HaveOccurred(), what)
}
