package device

import (
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/suites/payload"
)

// messages is how many readings of all sizes one run sends.
const messages = 200

// everyday is how many it sends of the kind that every device has: whoever writes
// the firmware decides what is in them.
const everyday = 20

var _ = Describe("A reading", func() {
	It("is what the device says, the wire carries and the server stores, "+strconv.Itoa(messages)+" times over",
		Label("REQ-DEV-005", "REQ-ENV-001", "REQ-ENV-004", "REQ-SEQ-009", "REQ-RSP-001"), needs(boards.Send), func(ctx SpecContext) {
			for i, data := range payload.Readings(messages, under.Seed()) {
				Expect(deliver(ctx, data)).To(Succeed(), "reading %d of %d", i+1, messages)
			}
			note("readings delivered", messages)
		})

	It("of the everyday kind is what the device says, the wire carries and the server stores, "+strconv.Itoa(everyday)+" times over",
		Label("REQ-ENV-001", "REQ-ENV-004", "REQ-SEQ-009", "REQ-RSP-001"), func(ctx SpecContext) {
			for i := range everyday {
				Expect(deliver(ctx, `{"value":300}`)).To(Succeed(), "reading %d of %d", i+1, everyday)
			}
			note("readings delivered", everyday)
		})

	It("is refused by the server if its device is unknown there, and the device says so",
		Label("REQ-HTTP-001", "REQ-DEV-004"), needs(boards.Provision), func(ctx SpecContext) {
			asAnother(ctx, "nobody-knows-me", 0, func() {
				sent := send(ctx, `{"value":1}`)
				Expect(sent.Outcome).To(Equal(control.Refused))
				Expect(sent.Attempts).To(Equal(1))
			})
			_, err := under.Server.Device(ctx, "nobody-knows-me")
			Expect(err).To(MatchError(server.ErrNoDevice), "nothing is created")
		})
})
