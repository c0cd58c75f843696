package device

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("The salts of different messages", Label("REQ-DEV-001"), func() {
	It("all differ, though the random numbers repeat after each reset", func(ctx SpecContext) {
		for range 5 {
			reset(ctx)
			for range 4 {
				accepted(ctx, `{"value":300}`)
			}
		}
		Expect(repeatedSalts()).To(BeEmpty())
	})

	It("all differ with random numbers that are stuck", Label(needsVirtual), func(ctx SpecContext) {
		stick(ctx)
		for range 10 {
			accepted(ctx, `{"value":300}`)
		}
		reset(ctx)
		for range 10 {
			accepted(ctx, `{"value":300}`)
		}
		Expect(repeatedSalts()).To(BeEmpty())
	})
})
