package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/api"
	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// BenchmarkPost is the time of a message from the client's socket to the disk and
// back: one after the other, which is one flush each, and 32 in flight, which
// share flushes.
func BenchmarkPost(b *testing.B) {
	r := start(b, api.Strict)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	var devices atomic.Int32
	sender := func() func() {
		id := fmt.Sprint(devices.Add(1))
		if got := r.ask("PUT", "/devices/"+id, `{"passphrase":"k"}`); !strings.HasPrefix(got, "201 ") {
			b.Fatal(got)
		}
		url := r.data + "/data/" + id
		n := 0
		return func() {
			body := `{"msg":"` + envelope.Seal("k", [8]byte{}, fmt.Appendf(nil, `{"data":{"value":300},"SEQN":%d}`, n)) + `"}`
			n++
			p, err := client.Post(url, "application/json", strings.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			p.Body.Close()
			if p.ContentLength != int64(len(okBody)) {
				b.Errorf("number %d: not OK", n-1)
			}
		}
	}
	b.Run("one", func(b *testing.B) {
		send := sender()
		for b.Loop() {
			send()
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	})
	b.Run("32", func(b *testing.B) {
		const inFlight = 32
		gate := make(chan struct{})
		done := make(chan struct{})
		for range inFlight {
			send := sender()
			go func() {
				for range gate {
					send()
				}
				done <- struct{}{}
			}()
		}
		for b.Loop() {
			gate <- struct{}{}
		}
		close(gate)
		for range inFlight {
			<-done
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	})
}
