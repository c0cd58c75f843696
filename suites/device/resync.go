package device

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// optional labels specs of what a backend may leave out. Where it does, they are
// skipped, and the run is whole without them.
const optional = "optional"

var _ = Describe("Resync", Label("REQ-SQN-001", optional), func() {
	It("tells the next number, with the caller's nonce, reading after reading", func(ctx SpecContext) {
		for i := range 4 {
			nonce := fmt.Sprintf("00ff%012x", i)
			Expect(opened(resync(ctx, nonce))).To(Equal(map[string]any{
				"SEQN": json.Number(fmt.Sprint(stored(ctx).Next)), "nonce": nonce,
			}))
			accepted(ctx, `"after a resync"`)
		}
	})

	It("is sealed anew each time, and passes for no reading", func(ctx SpecContext) {
		first, second := resync(ctx, "0123456789abcdef"), resync(ctx, "0123456789abcdef")
		Expect(first).NotTo(Equal(second), "two answers under one salt")
		refusedAs(ctx, under.Identity.ID, first, "that answered a resync")
	})

	It("is refused without a nonce and to an unknown device, which is not created", func(ctx SpecContext) {
		resync(ctx, "0123456789abcdef")
		for _, path := range []string{
			url.PathEscape(under.Identity.ID), url.PathEscape(under.Identity.ID) + "?nonce=short", "nobody-knows-me?nonce=0123456789abcdef",
		} {
			msg, _ := askNext(ctx, path)
			Expect(msg).To(BeEmpty(), path)
		}
		_, err := under.Server.Device(ctx, "nobody-knows-me")
		Expect(err).To(MatchError(server.ErrNoDevice), "nothing is created")
	})
})

// resync returns the envelope in which the backend tells what is next. A backend
// that knows no resync is left alone.
func resync(ctx context.Context, nonce string) (msg string) {
	GinkgoHelper()
	msg, status := askNext(ctx, url.PathEscape(under.Identity.ID)+"?nonce="+nonce)
	if status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented {
		Skip(fmt.Sprintf("the backend has no resync: HTTP %d", status))
	}
	Expect(msg).NotTo(BeEmpty(), "HTTP %d without an envelope", status)
	return msg
}

// askNext asks the backend, past the wire, and returns its envelope, if the answer
// has one, and the HTTP status.
func askNext(ctx context.Context, path string) (msg string, status int) {
	GinkgoHelper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, under.Server.URL()+"/sqn/"+path, nil)
	expectDone(err, "ask for the next number")
	resp, err := http.DefaultClient.Do(req)
	expectDone(err, "ask for the next number")
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	expectDone(err, "read the next number")
	var answer struct{ Msg string }
	if resp.StatusCode != http.StatusOK || json.Unmarshal(body, &answer) != nil {
		return "", resp.StatusCode
	}
	return answer.Msg, resp.StatusCode
}

// opened returns what is in an envelope.
func opened(msg string) (content map[string]any) {
	GinkgoHelper()
	plain, err := envelope.OpenPlain(under.Identity.Passphrase, msg)
	Expect(err).NotTo(HaveOccurred())
	numbers := json.NewDecoder(bytes.NewReader(plain))
	numbers.UseNumber()
	Expect(numbers.Decode(&content)).To(Succeed())
	return content
}
