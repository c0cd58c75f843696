package device

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/wire"
)

var _ = Describe("A device that asks what is next", Label("REQ-DEV-011", optional), needs(boards.Resync), func() {
	DescribeTable("learns whether its last message is stored, if that was",
		func(ctx SpecContext, outcome control.Outcome, is bool, faults ...wire.Fault) {
			hastily(faults...)
			sent := send(ctx, `"was that stored?"`)
			Expect(sent.Outcome).To(Equal(outcome))
			told := asks(ctx)
			Expect(told.Settled).To(Equal(&control.Settled{SEQN: sent.SEQN, Stored: is}))
			Expect(under.Server.Readings(ctx, under.Identity.ID, sent.SEQN, 0)).To(HaveLen(count(is)))
			Expect(asks(ctx).Settled).To(BeNil(), "what is settled is no question any more")
			note("messages settled by resync", 1)
			accepted(ctx, `"after it"`)
		},
		Entry("presumed, and stored", control.Presumed, true, wire.DropReply),
		Entry("unknown, and stored", control.Unknown, true, wire.DropReply, wire.DropRequest, wire.HalfOpen, wire.DropRequest),
		Entry("unknown, and not stored", control.Unknown, false, wire.DropRequest, wire.CutRequest, wire.HalfOpen, wire.DropRequest),
	)

	It("goes on from its own number where that is higher", func(ctx SpecContext) {
		accepted(ctx, `1`)
		before, err := under.Device.Skip(ctx, 7)
		expectDone(err, "skip 7 numbers")
		Expect(asks(ctx)).To(Equal(control.Told{Next: before + 1, Told: before - 7, Attempts: 1}))
		Expect(accepted(ctx, `2`).SEQN).To(Equal(before + 1))
	})

	It("is brought back by the answer if it has lost its flash", func(ctx SpecContext) {
		next := accepted(ctx, `"before the loss"`).SEQN + 1
		loseFlash(ctx)
		// It asks before it sends: with its numbers its salts would come again.
		Expect(asks(ctx).Next).To(Equal(next))
		Expect(accepted(ctx, `"where it was"`).SEQN).To(Equal(next))
		note("devices brought back after losing their flash", 1)
	})

	It("asks the same until it is answered, four times at most", func(ctx SpecContext) {
		n := len(under.Wire.Exchanges())
		hastily(wire.DropRequest, wire.Reset, wire.CutReply)
		Expect(asks(ctx).Attempts).To(Equal(4))
		passed := under.Wire.Exchanges()[n:]
		for _, ex := range passed {
			Expect(ex.Request).To(Equal(passed[0].Request))
		}
		hastily(wire.DropRequest, wire.DropReply, wire.HalfOpen, wire.Slow)
		_, err := under.Device.Resync(ctx)
		Expect(err).To(MatchError(control.NoAnswer))
		Expect(under.Wire.Exchanges()).To(HaveLen(n + 8))
	})

	It("never asks with one nonce twice, though the random numbers repeat after each reset", func(ctx SpecContext) {
		seen := map[string]int{}
		for i := range 6 {
			if i%2 == 0 {
				reset(ctx)
			}
			asks(ctx)
			nonce := nonceOf(lastAsked())
			Expect(nonce).To(HaveLen(16))
			Expect(seen).NotTo(HaveKey(nonce), "question %d", i+1)
			seen[nonce] = i
		}
	})

	DescribeTable("takes no answer but its backend's to this very question, and none that is",
		func(ctx SpecContext, answer func(ctx context.Context) wire.Mishap, code control.Code) {
			m := answer(ctx)
			m.Hasty = true
			before, err := under.Device.Seqn(ctx)
			expectDone(err, "read the device's next number")
			for range attempts {
				under.Wire.Plan(m)
			}
			_, err = under.Device.Resync(ctx)
			under.Wire.Forget()
			Expect(err).To(MatchError(code))
			Expect(under.Device.Seqn(ctx)).To(Equal(before+1), "all that it costs is the number that the nonce is made of")
			note("hostile answers to a resync refused", 1)
			asks(ctx)
			accepted(ctx, `"after it"`)
		},
		Entry("forged under another passphrase", forged, control.BadAnswer),
		Entry("stale, from before a reset", stale, control.BadAnswer),
		Entry("reflected, a message of its own", reflected, control.BadAnswer),
		Entry("another device's", anothers, control.BadAnswer),
		Entry("edited in one bit", edited, control.BadAnswer),
		Entry("a refusal", says(reply(200, `{"status":"NOT OK"}`)), control.NoResync),
		Entry("an acceptance", says(reply(200, `{"status":"OK"}`)), control.NoResync),
		Entry("huge", says(reply(200, `{"msg":"`+strings.Repeat("A", 70_000)+`"}`)), control.NoAnswer),
		Entry("slow", stalls, control.NoAnswer),
		Entry("cut off", breaks, control.NoAnswer),
		Entry("binary", says([]byte("\x16\x03\x01\x00\xff\x1e{\"id\":1,\"ok\":true}\n\x00")), control.NoAnswer),
		Entry("nested", says(reply(200, strings.Repeat("[", 400)+strings.Repeat("]", 400))), control.NoResync),
		Entry("chunks of nonsense", says([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")), control.NoAnswer),
	)
})

// asks has the device ask the backend. Where either of them knows no resync,
// there is nothing to show.
func asks(ctx context.Context) control.Told {
	GinkgoHelper()
	told, err := under.Device.Resync(ctx)
	if errors.Is(err, control.BadCommand) || errors.Is(err, control.NoResync) {
		Skip(err.Error())
	}
	expectDone(err, "have the device ask for the next number")
	return told
}

// lastAsked returns the latest question that has passed.
func lastAsked() wire.Exchange {
	GinkgoHelper()
	all := under.Wire.Exchanges()
	for i := len(all) - 1; i >= 0; i-- {
		if strings.HasPrefix(all[i].Path, "/sqn/") {
			return all[i]
		}
	}
	Fail("no question has passed")
	return wire.Exchange{}
}

func nonceOf(ex wire.Exchange) string {
	_, nonce, _ := strings.Cut(ex.Path, "?nonce=")
	return nonce
}

// hastily plans faults, and none of the pauses after them.
func hastily(faults ...wire.Fault) {
	for _, f := range faults {
		under.Wire.Plan(wire.Mishap{Fault: f, Hasty: true, At: 30})
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// loseFlash takes from the device all that it keeps, and provisions it as one that
// has just been made. Only a virtual board's flash can be wiped in a moment; others
// forget their number with their passphrase.
func loseFlash(ctx context.Context) {
	GinkgoHelper()
	if board := under.Virtual(); board != nil {
		expectDone(board.LoadFlash(firmware.Room, bytes.Repeat([]byte{0xff}, 16<<10)), "wipe what the device keeps")
		Expect(reset(ctx).Hello.Store).To(Equal(control.StoreEmpty))
	} else {
		_, err := under.Device.Provision(ctx, under.Identity.ID, "another passphrase", 0)
		expectDone(err, "have the device forget its number")
	}
	next, err := under.Device.Provision(ctx, under.Identity.ID, under.Identity.Passphrase, 0)
	expectDone(err, "provision the device anew")
	Expect(next).To(BeZero())
}

// The answers of somebody on the wire, each made before the device asks.

func says(raw []byte) func(context.Context) wire.Mishap {
	return func(context.Context) wire.Mishap { return wire.Mishap{Fault: wire.Forge, Reply: raw} }
}

func envelopeSays(msg string) wire.Mishap {
	return wire.Mishap{Fault: wire.Forge, Reply: reply(200, `{"msg":`+strconv.Quote(msg)+`}`)}
}

func forged(context.Context) wire.Mishap {
	return wire.Mishap{Fault: wire.Forge, Invent: func(request []byte) []byte {
		plain := `{"SEQN":900000,"nonce":"` + string(nonceIn(request)) + `"}`
		return reply(200, `{"msg":"`+sealedText("not the passphrase", plain)+`"}`)
	}}
}

// nonceIn returns the nonce of a question, as bytes on the wire.
func nonceIn(request []byte) []byte {
	_, rest, _ := bytes.Cut(request, []byte("?nonce="))
	nonce, _, _ := bytes.Cut(rest, []byte(" "))
	return nonce
}

// stale is the answer to the device's first question after a reset, kept until
// after the next one, when the random numbers are the same again.
func stale(ctx context.Context) wire.Mishap {
	GinkgoHelper()
	reset(ctx)
	asks(ctx)
	old := lastAsked().Reply
	reset(ctx)
	return wire.Mishap{Fault: wire.Forge, Reply: old}
}

func reflected(ctx context.Context) wire.Mishap {
	GinkgoHelper()
	return envelopeSays(intercept(ctx, `"mirror"`).Msg)
}

// anothers is what the backend answers to a neighbour who asks with this nonce.
func anothers(ctx context.Context) wire.Mishap {
	GinkgoHelper()
	expectDone(under.Server.Provision(ctx, "neighbour", "another passphrase", 500_000), "provision a second device")
	return wire.Mishap{Fault: wire.Forge, Invent: func(request []byte) []byte {
		own := "/sqn/" + url.PathEscape(under.Identity.ID) + "?"
		ex, err := under.Wire.Replay(ctx, bytes.Replace(request, []byte(own), []byte("/sqn/neighbour?"), 1))
		if err != nil {
			return nil
		}
		return ex.Reply
	}}
}

// edited is the right answer with one bit flipped, in its ciphertext.
func edited(context.Context) wire.Mishap {
	return wire.Mishap{Fault: wire.CorruptReply, At: uint(len(`{"msg":"`) + 40), Flip: 1}
}

func stalls(context.Context) wire.Mishap { return wire.Mishap{Fault: wire.Slow, At: 60} }
func breaks(context.Context) wire.Mishap { return wire.Mishap{Fault: wire.CutReply, At: 60} }
