package device

import (
	"strings"

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

	// What can be judged is no acceptance; what cannot is a lost reply, and the
	// next attempt decides.
	DescribeTable("is none the worse for a reply that is", Label("REQ-DEV-008"), needs(boards.Attempts),
		func(ctx SpecContext, hostile []byte, outcome control.Outcome) {
			before := stored(ctx)
			under.Wire.Plan(wire.Mishap{Fault: wire.Forge, Reply: hostile, Hasty: true})
			Expect(send(ctx, `"hear the enemy"`).Outcome).To(Equal(outcome))
			if outcome == control.Accepted {
				Expect(stored(ctx).Accepted - before.Accepted).To(BeNumerically("==", 1))
			}
			accepted(ctx, `"after it"`)
			note("hostile replies heard", 1)
		},
		Entry("huge", reply(200, `{"x":"`+strings.Repeat("x", 70_000)+`","status":"OK"}`), control.Accepted),
		Entry("of a huge head", []byte("HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 70_000)+"\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}"), control.Accepted),
		Entry("binary", []byte("\x00\xff\x1e{\"status\":\"OK\"}\n\r\n\r\n"), control.Accepted),
		Entry("binary in its body", reply(200, "\x00\xff\xfe{\"status\":\"OK\"}"), control.Refused),
		Entry("nested", reply(200, `{"status":`+strings.Repeat("[", 400)+`"OK"`+strings.Repeat("]", 400)+`}`), control.Refused),
		Entry("framed twice", []byte("HTTP/1.1 200 OK\r\nContent-Length: 15\r\nTransfer-Encoding: chunked\r\n\r\n{\"status\":\"OK\"}"), control.Accepted),
		Entry("without end", []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n{\"status\":\"OK\"}"), control.Accepted),
		Entry("one thing, then another", []byte("HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"status\":\"NOT OK\"}HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}"), control.Refused),
	)

	It("is none the worse for a reply that stalls", Label("REQ-DEV-008"), needs(boards.Attempts, boards.Presumed), func(ctx SpecContext) {
		before := stored(ctx)
		under.Wire.Plan(wire.Mishap{Fault: wire.Slow, At: 40, Hasty: true})
		Expect(send(ctx, `"wait for the rest"`).Outcome).To(Equal(control.Presumed))
		Expect(stored(ctx).Accepted - before.Accepted).To(BeNumerically("==", 1))
	})
})
