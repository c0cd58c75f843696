package live_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/suites/live"
)

// What differs between answers to one and the same message is no oracle, and
// hides none either.
func TestAlike(t *testing.T) {
	all := suite(t)
	var n atomic.Int64
	padding := func(err error) bool { return errors.Is(err, envelope.ErrPadding) }
	type reply = func(w http.ResponseWriter, r envelope.Reading, err error, ok bool)
	for _, tt := range []struct {
		name  string
		id    string
		want  live.Verdict
		words string // in why or in a note
		reply reply
	}{
		{"a header with a number of its own each time", "oracle/last-byte", live.Pass, "X-Request", func(w http.ResponseWriter, _ envelope.Reading, _ error, ok bool) {
			w.Header().Set("X-Request", fmt.Sprint(n.Add(1)))
			sayIf(w, ok, false, 0, "")
		}},
		{"a header now and then", "oracle/last-byte", live.Pass, "X-Seldom", func(w http.ResponseWriter, _ envelope.Reading, _ error, ok bool) {
			if n.Add(1)%2 == 0 {
				w.Header().Set("X-Seldom", "1")
			}
			sayIf(w, ok, false, 0, "")
		}},
		{"a number in the body", "oracle/last-byte", live.Pass, `ends with "\"}"`, func(w http.ResponseWriter, _ envelope.Reading, _ error, ok bool) {
			sayIf(w, ok, true, 200, fmt.Sprintf(`NOT OK","id":"%d`, n.Add(1)))
		}},
		{"a number in the body, and a word on padding", "oracle/last-byte", live.Fail, "whether the padding was right", func(w http.ResponseWriter, _ envelope.Reading, err error, ok bool) {
			sayIf(w, ok, true, 200, fmt.Sprintf(`NOT OK%t","id":"%d`, padding(err), n.Add(1)))
		}},
		{"a connection that serves a hundred", "oracle/last-byte", live.Pass, "did not come again", func(w http.ResponseWriter, _ envelope.Reading, _ error, ok bool) {
			if n.Add(1)%100 == 0 {
				w.Header().Set("Connection", "close")
			}
			sayIf(w, ok, false, 0, "")
		}},
		{"one hiccup", "oracle/last-byte", live.Pass, "did not come again", func(w http.ResponseWriter, _ envelope.Reading, _ error, ok bool) {
			sayIf(w, ok, n.Add(1) == 100, 500, "NOT OK")
		}},
		{"no more after 150", "oracle/last-byte", live.Inconclusive, "cannot be compared", func(w http.ResponseWriter, _ envelope.Reading, _ error, ok bool) {
			sayIf(w, ok, n.Add(1) > 150, 429, "NOT OK")
		}},
		{"no answer to wrong padding", "oracle/last-byte", live.Fail, "whether the padding was right", func(w http.ResponseWriter, _ envelope.Reading, err error, ok bool) {
			if padding(err) {
				panic(http.ErrAbortHandler)
			}
			sayIf(w, ok, false, 0, "")
		}},
		{"no answer to anything", "oracle/last-byte", live.Fail, "no answer", func(http.ResponseWriter, envelope.Reading, error, bool) { panic(http.ErrAbortHandler) }},
		{"a block of the attacker's", "oracle/forged-block", live.Fail, "whether the padding was right", func(w http.ResponseWriter, _ envelope.Reading, err error, ok bool) {
			sayIf(w, ok, padding(err), 500, "NOT OK")
		}},
		{"nothing of the attacker's", "oracle/forged-block", live.Pass, "", func(w http.ResponseWriter, _ envelope.Reading, _ error, ok bool) { sayIf(w, ok, false, 0, "") }},
		{"another body, and its length", "oracle/padding-and-replay", live.Fail, "told apart by their body", func(w http.ResponseWriter, r envelope.Reading, err error, ok bool) {
			body := map[bool]string{true: `{"status":"OK"}`, false: `{"status":"NOT OK"}`}[ok]
			if padding(err) {
				body = `{"status":"wrong"}`
			}
			w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			io.WriteString(w, body)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n.Store(0)
			b := newBackend()
			b.reply = tt.reply
			engine, err := live.New(all, b.start(t), 5)
			if err != nil {
				t.Fatal(err)
			}
			res := engine.Run(t.Context(), tt.id)
			said := res.Why + strings.Join(res.Notes, " ")
			if t.Logf("%s: %s", res.Verdict, said); res.Verdict != tt.want || !strings.Contains(said, tt.words) {
				t.Errorf("%s, want %s and %q", res.Verdict, tt.want, tt.words)
			}
		})
	}
}
