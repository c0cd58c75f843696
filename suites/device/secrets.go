package device

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("The passphrase", Label("REQ-DEV-006"), func() {
	It("is never said by the device, in text or in hexadecimal", func(ctx SpecContext) {
		reset(ctx)
		accepted(ctx, `1`)
		Expect(spoken()).NotTo(containSecret(under.Identity.Passphrase))
	})

	It("stands in nothing that the run keeps", func(ctx SpecContext) {
		accepted(ctx, `1`)
		Expect(written()).NotTo(containSecret(under.Identity.Passphrase))
	})
})
