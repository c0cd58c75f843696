package generator_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/suites/generator"
)

// backend answers each request with the next of its replies; "" hangs up.
// What it got is known once the device has heard of it.
func backend(t *testing.T, replies ...string) (*generator.Device, func() []string) {
	t.Helper()
	var mu sync.Mutex
	var msgs []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Msg string `json:"msg"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.URL.EscapedPath() != "/data/a%2Fb" {
			t.Errorf("%s: %v", r.URL, err)
		}
		mu.Lock()
		defer mu.Unlock()
		msgs = append(msgs, body.Msg)
		reply := replies[min(len(msgs), len(replies))-1]
		if reply == "" {
			panic(http.ErrAbortHandler)
		}
		w.Write([]byte(reply))
	}))
	t.Cleanup(s.Close)
	return &generator.Device{URL: s.URL, ID: "a/b", Passphrase: "correct horse", Next: 7}, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(msgs)
	}
}

const (
	ok    = `{"status":"OK"}`
	notOK = `{"status":"NOT OK"}`
)

func TestOutcomes(t *testing.T) {
	for _, tt := range []struct {
		name    string
		replies []string
		want    generator.Outcome
		tries   int
	}{
		{"OK", []string{ok}, generator.Accepted, 1},
		{"NOT OK", []string{notOK}, generator.Refused, 1},
		{"OK after a lost reply", []string{"", ok}, generator.Accepted, 2},
		{"NOT OK after a lost reply", []string{"", "", notOK}, generator.Presumed, 3},
		{"silence", []string{""}, generator.Unknown, 4},
		{"OK in another key", []string{`{"Status":"OK"}`}, generator.Refused, 1},
		{"text that contains OK", []string{"OK"}, generator.Refused, 1},
	} {
		d, msgs := backend(t, tt.replies...)
		got, err := d.Send(context.Background(), `{"value":300}`)
		if err != nil || got.Outcome != tt.want || got.Attempts != tt.tries || got.SEQN != 7 || d.Next != 8 {
			t.Errorf("%s: %+v, %v; want %s after %d", tt.name, got, err, tt.want, tt.tries)
		}
		for _, msg := range msgs() {
			if msg != got.Msg {
				t.Errorf("%s: a resend has other bytes", tt.name)
			}
		}
		if r, err := envelope.Open("correct horse", got.Msg); err != nil || r.SEQN != 7 || string(r.Data) != `{"value":300}` {
			t.Errorf("%s: sealed %+v, %v", tt.name, r, err)
		}
	}
}

func TestWhatCannotBeSent(t *testing.T) {
	d, msgs := backend(t, ok)
	if _, err := d.Send(context.Background(), `{"value":`); !errors.Is(err, generator.ErrData) || d.Next != 7 {
		t.Errorf("%v, next %d", err, d.Next)
	}
	d.Next = seqn.Max + 1
	if _, err := d.Send(context.Background(), `1`); !errors.Is(err, generator.ErrExhausted) {
		t.Error(err)
	}
	if len(msgs()) != 0 {
		t.Errorf("%d messages left the device", len(msgs()))
	}
}
