package device

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/rig"
)

var _ = Describe("A board that was reset", Label("REQ-BOOT-001"), func() {
	It("runs the image that was flashed, and proves it with a fresh nonce", needs(boards.Digest), func(ctx SpecContext) {
		first := attest(ctx)
		second := attest(ctx)
		Expect(first.Digest).NotTo(Equal(second.Digest), "two nonces must give two digests")
	})

	It("says that it was reset by its pin and booted from flash", func(ctx SpecContext) {
		boot := reset(ctx)
		Expect(boot.Cause).To(Equal(console.External))
		Expect(boot.Mode).To(Equal(console.FlashBoot))
	})

	It("knows by what it was reset", needs(boards.Facts), func(ctx SpecContext) {
		Expect(reset(ctx).Hello.Cause).To(Equal(console.External), "as the firmware itself sees it")
	})

	It("counts its boots", needs(boards.Facts), func(ctx SpecContext) {
		before := reset(ctx).Hello.Boots
		Expect(reset(ctx).Hello.Boots).To(Equal(before + 1))
	})

	It("gives itself away if one byte of its flash is flipped", needs(boards.Digest), func(ctx SpecContext) {
		DeferCleanup(func(ctx SpecContext) { flash(ctx, under.Image()) })
		// A byte of the padding before the checksum: the ROM does not look at
		// it, so the board boots, and only the digest can tell.
		flash(ctx, flipPadding(under.Image()))
		reset(ctx)
		_, err := under.Attest(ctx)
		Expect(err).To(MatchError(rig.ErrAttest), "the attestation must fail")
	})
})
