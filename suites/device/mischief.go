package device

import (
	"bytes"
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
	"github.com/espalier-hil/espalier/harness/wire"
	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// interrupt resets the board in the i-th way and returns the highest SEQN that
// was used by then: by its pin while idle, by its own software, or by its pin
// in the middle of a send whose request the backend has already got.
func interrupt(ctx context.Context, i int, last uint64) uint64 {
	GinkgoHelper()
	switch i % 3 {
	case 0:
		reset(ctx)
	case 1:
		_, err := under.Restart(ctx)
		expectDone(err, "have the firmware reset its chip")
	case 2:
		last = cutShort(ctx)
		reset(ctx)
	}
	return last
}

// cutShort begins a send, and abandons it once the backend has the request. It
// returns the SEQN that has gone out.
func cutShort(ctx context.Context) uint64 {
	GinkgoHelper()
	under.Wire.Next(wire.DropReply)
	n := len(under.Wire.Exchanges())
	sending, abandon := context.WithCancel(ctx)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		under.Device.Send(sending, []byte(`"cut short"`)) // its outcome dies with the board
	}()
	_, err := under.Wire.WaitFor(ctx, n+1)
	abandon()
	<-gone
	expectDone(err, "wait for the request on the wire")
	r, err := envelope.Open(under.Identity.Passphrase, lastCarried().Msg)
	expectDone(err, "open the request on the wire")
	return r.SEQN
}

// asAnother gives the device another id, which no backend knows, and another
// next SEQN, for as long as do runs.
func asAnother(ctx context.Context, id string, next uint64, do func()) {
	GinkgoHelper()
	_, err := under.Device.Provision(ctx, id, "no backend knows this", next)
	expectDone(err, "provision the device as %s", id)
	defer func() {
		next := stored(ctx).Next
		_, err := under.Device.Provision(ctx, under.Identity.ID, under.Identity.Passphrase, next)
		expectDone(err, "provision the device as itself")
	}()
	do()
}

// flipPadding flips the byte before the checksum, which is padding and counts
// for nothing but the digest.
func flipPadding(im []byte) []byte {
	GinkgoHelper()
	_, size, err := image.Parse(im)
	expectDone(err, "parse the image")
	flipped := bytes.Clone(im)
	flipped[size-2] ^= 0x01
	_, _, err = image.Parse(flipped)
	Expect(err).NotTo(HaveOccurred(), "the flipped byte must be padding, or the ROM would not boot it")
	return flipped
}

// stick makes the random numbers of a virtual board constant until the end of
// the spec.
func stick(ctx context.Context) {
	GinkgoHelper()
	board := under.Virtual()
	Expect(board).NotTo(BeNil(), "only a virtual board's random numbers can be stuck")
	board.SetRNG(soc.Stuck)
	DeferCleanup(board.SetRNG, soc.Repeat)
	reset(ctx)
}

// repeatedSalts returns the salts under which two different messages of this
// device have been carried, in the whole run so far.
func repeatedSalts() []string {
	bySalt := map[string]string{}
	var repeated []string
	for _, ex := range under.Wire.Exchanges() {
		if ex.Replay || len(ex.Msg) < 24 {
			continue
		}
		// "Salted__" and the salt are 16 bytes: their base64 decides the first
		// 21 characters and most of the 22nd.
		salt := ex.Msg[:21]
		if other, seen := bySalt[salt]; seen && other != ex.Msg {
			repeated = append(repeated, fmt.Sprintf("exchange %d repeats the salt in %s…", ex.N, salt))
		}
		bySalt[salt] = ex.Msg
	}
	return repeated
}
