package device

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/vectors"
)

var _ = Describe("The device's own cryptography", func() {
	for _, v := range known {
		It("derives and seals "+v.ID+", "+v.Comment, Label(v.Reqs...), needs(boards.Derive, boards.Seal), func(ctx SpecContext) {
			pass, salt := string(unhex(v.PassphraseHex)), [8]byte(unhex(v.SaltHex))
			key, iv, err := under.Device.Derive(ctx, pass, salt)
			Expect(err).NotTo(HaveOccurred(), "derive %s", v.ID)
			Expect(key[:]).To(Equal(unhex(v.KeyHex)))
			Expect(iv[:]).To(Equal(unhex(v.IVHex)))
			msg, err := under.Device.Seal(ctx, pass, salt, number(v.SEQN), []byte(v.Data))
			Expect(err).NotTo(HaveOccurred(), "seal %s", v.ID)
			Expect(msg).To(Equal(v.Msg))
		})
	}
})

// known are the answers that OpenSSL gave. They shape the tree of specs, so
// they are there before it is built.
var known = func() []*vectors.DeviceTest {
	tests, err := vectors.DeviceTests()
	if err != nil {
		panic("device: internal error: " + err.Error())
	}
	return tests
}()
