package device

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/wire"
)

var _ = Describe("The outcome of a send", func() {
	It("is accepted after a lost request, and the reading is stored once", Label("REQ-DEV-003"), needs(boards.Attempts), func(ctx SpecContext) {
		before := stored(ctx)
		under.Wire.Next(wire.DropRequest)
		sent := send(ctx, `"twice"`)
		Expect(sent.Outcome).To(Equal(control.Accepted))
		Expect(sent.Attempts).To(Equal(2))
		attempts := under.Wire.Exchanges()
		Expect(attempts[len(attempts)-1].Request).To(Equal(attempts[len(attempts)-2].Request), "the same bytes are sent again")
		Expect(stored(ctx).Accepted - before.Accepted).To(BeNumerically("==", 1))
	})

	It("is presumed after a lost reply, and the reading is stored once", Label("REQ-DEV-003"), needs(boards.Presumed), func(ctx SpecContext) {
		before := stored(ctx)
		under.Wire.Next(wire.DropReply)
		sent := send(ctx, `"heard once"`)
		Expect(sent.Outcome).To(Equal(control.Presumed))
		Expect(stored(ctx).Accepted - before.Accepted).To(BeNumerically("==", 1))
	})

	DescribeTable("is a refusal when the backend says",
		func(ctx SpecContext, status int, body string) {
			under.Wire.Answer(reply(status, body))
			Expect(send(ctx, `"judge the reply"`).Outcome).To(Equal(control.Refused))
		},
		func(status int, body string) string { return body },
		Entry(nil, Label("REQ-DEV-008"), 200, `{"status":"NOT OK"}`),
		Entry(nil, Label("REQ-DEV-008"), 200, `{"status":"OK "}`),
		Entry(nil, Label("REQ-DEV-008"), 200, `{"Status":"OK"}`),
		Entry(nil, Label("REQ-DEV-008"), 200, `{"data":{"status":"OK"}}`),
		Entry(nil, Label("REQ-DEV-008"), 200, `OK`),
		Entry(nil, Label("REQ-DEV-008"), 500, `{"status":"OK"}`),
	)
})
