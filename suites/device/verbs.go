package device

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/wire"
	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// The verbs of the specs. Each does one thing to the rig and fails the spec,
// with the class that the error deserves, where it cannot be done.

func send(ctx context.Context, data string) control.Sending {
	GinkgoHelper()
	sent, err := under.Device.Send(ctx, []byte(data))
	expectDone(err, "send a reading of %d bytes", len(data))
	return sent
}

// accepted sends a reading that must be accepted.
func accepted(ctx context.Context, data string) control.Sending {
	GinkgoHelper()
	sent := send(ctx, data)
	Expect(sent.Outcome).To(Equal(control.Accepted), "SEQN %d", sent.SEQN)
	return sent
}

// lose sends a reading of which the wire lets no attempt through.
func lose(ctx context.Context, data string) control.Sending {
	GinkgoHelper()
	for range attempts {
		under.Wire.Next(wire.DropRequest)
	}
	return send(ctx, data)
}

// intercept sends a reading that never reaches the backend, because somebody on
// the wire keeps it and tells the device that it was refused.
func intercept(ctx context.Context, data string) wire.Exchange {
	GinkgoHelper()
	under.Wire.Answer(reply(http.StatusOK, `{"status":"NOT OK"}`))
	sent := send(ctx, data)
	Expect(sent.Outcome).To(Equal(control.Refused), "SEQN %d", sent.SEQN)
	return lastCarried()
}

// attempts is how often a device tries to get a reading through.
const attempts = 4

// deliver sends a reading, of the device's own if it takes no other, and compares the three accounts of it: what the
// device says it sent, what the wire carried, and what the server stored.
func deliver(ctx context.Context, data string) error {
	GinkgoHelper()
	said := accepted(ctx, data)
	if data = said.Data; data == "" {
		return fmt.Errorf("SEQN %d: the device does not say what it sent", said.SEQN)
	}
	carried := lastCarried()
	if sum := md5.Sum([]byte(carried.Msg)); sum != said.MD5 && under.Board.Speech == nil {
		return fmt.Errorf("SEQN %d: the device says that it sent %x, the wire carried %x", said.SEQN, said.MD5, sum)
	}
	opened, err := envelope.Open(under.Identity.Passphrase, carried.Msg)
	if err != nil {
		return fmt.Errorf("SEQN %d: what the wire carried does not open: %w", said.SEQN, err)
	}
	if opened.SEQN != said.SEQN || string(opened.Data) != data {
		return fmt.Errorf("SEQN %d: the wire carried SEQN %d with %q instead of %q", said.SEQN, opened.SEQN, opened.Data, data)
	}
	readings, err := under.Server.Readings(ctx, under.Identity.ID, said.SEQN, 1)
	expectDone(err, "read back SEQN %d", said.SEQN)
	if len(readings) != 1 || readings[0].SEQN != said.SEQN {
		return fmt.Errorf("SEQN %d: accepted, but the server stored nothing under it", said.SEQN)
	}
	if string(readings[0].Data) != data {
		return fmt.Errorf("SEQN %d: the server stored %q instead of %q", said.SEQN, readings[0].Data, data)
	}
	return nil
}

// lastCarried returns the latest exchange between device and backend.
func lastCarried() wire.Exchange {
	GinkgoHelper()
	all := under.Wire.Exchanges()
	for i := len(all) - 1; i >= 0; i-- {
		if !all[i].Replay && all[i].Msg != "" {
			return all[i]
		}
	}
	Fail("the wire has carried nothing")
	return wire.Exchange{}
}

// capture sends a reading that is accepted, and returns it as it passed.
func capture(ctx context.Context) wire.Exchange {
	GinkgoHelper()
	accepted(ctx, `{"value":300}`)
	return lastCarried()
}

// post sends an envelope to the backend, as anybody could, and reports whether
// it was accepted.
func post(ctx context.Context, id, msg string) bool {
	GinkgoHelper()
	ex, err := under.Wire.Send(ctx, id, msg)
	expectDone(err, "post an envelope to the backend")
	return saysOK(ex)
}

// saysOK reports whether a reply is the one that accepts.
func saysOK(ex wire.Exchange) bool {
	var object map[string]any
	return ex.Status == 200 && json.Unmarshal(ex.ReplyBody(), &object) == nil && object["status"] == "OK"
}

// reply returns the bytes of an HTTP reply.
func reply(status int, body string) []byte {
	return fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s",
		status, http.StatusText(status), len(body), body)
}

// refused posts a captured envelope again, which must change nothing.
func refused(ctx context.Context, captured wire.Exchange) {
	GinkgoHelper()
	refusedAs(ctx, under.Identity.ID, captured.Msg, "that was accepted before")
}

// refusedAs posts msg in the name of id, which must change nothing.
func refusedAs(ctx context.Context, id, msg, what string) {
	GinkgoHelper()
	before, err := under.Server.Device(ctx, id)
	expectDone(err, "look at device %s", id)
	Expect(post(ctx, id, msg)).To(BeFalse(), "an envelope %s must be refused", what)
	after, err := under.Server.Device(ctx, id)
	expectDone(err, "look at device %s", id)
	Expect(after).To(Equal(before), "an envelope %s must change nothing", what)
}

// volley posts copies of one envelope at once and returns how many of them
// were accepted.
func volley(ctx context.Context, captured wire.Exchange) int {
	GinkgoHelper()
	shots, err := under.Wire.Volley(ctx, under.Identity.ID, captured.Msg, copies)
	expectDone(err, "post %d copies at once", copies)
	n := 0
	for _, ex := range shots {
		if saysOK(ex) {
			n++
		}
	}
	return n
}

// stored returns what the server keeps of the device.
func stored(ctx context.Context) server.Device {
	GinkgoHelper()
	d, err := under.Server.Device(ctx, under.Identity.ID)
	expectDone(err, "look at device %s", under.Identity.ID)
	return d
}

func reset(ctx context.Context) rig.Boot {
	GinkgoHelper()
	boot, err := under.Reset(ctx)
	expectDone(err, "reset the board")
	return boot
}

// attest returns the digest that proves the image, under a fresh nonce.
func attest(ctx context.Context) rig.Attestation {
	GinkgoHelper()
	a, err := under.Attest(ctx)
	expectDone(err, "attest the image")
	return a
}

// flash writes an image and starts it.
func flash(ctx context.Context, im []byte) {
	GinkgoHelper()
	expectDone(under.Flash(ctx, im), "flash an image of %d bytes", len(im))
	reset(ctx)
}

// sealed returns an envelope that the host makes.
func sealed(passphrase string, seqn uint64, data string) string {
	return sealedText(passphrase, fmt.Sprintf(`{"data":%s,"SEQN":%d}`, data, seqn))
}

func sealedText(passphrase, plain string) string {
	return envelope.Seal(passphrase, [8]byte{1, 2, 3, 4, 5, 6, 7, 8}, []byte(plain))
}

func unhex(s string) []byte {
	GinkgoHelper()
	p, err := hex.DecodeString(s)
	Expect(err).NotTo(HaveOccurred(), "hexadecimal in the vectors")
	return bytes.Clone(p)
}

func number(s string) uint64 {
	GinkgoHelper()
	n, err := strconv.ParseUint(s, 10, 64)
	Expect(err).NotTo(HaveOccurred(), "a number in the vectors")
	return n
}
