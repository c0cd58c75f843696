package live_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/suites/live"
)

// faults are backends with one fault each, and the test that must notice.
var faults = []struct {
	name  string
	id    string
	plant func(*backend)
}{
	{"accepts the number below next", "sequence/begins-below-next", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool { return n+1 >= s.next }
	}},
	{"accepts only numbers above next", "sequence/in-order", func(b *backend) { b.fits = func(s *state, n uint64, _ string) bool { return n > s.next } }},
	{"never updates", "sequence/replay", func(b *backend) { b.take = func(*state, uint64) {} }},
	{"stores SEQN", "sequence/replay", func(b *backend) { b.take = func(s *state, n uint64) { s.next = n } }},
	{"stores next + 1", "sequence/gap-closes", func(b *backend) { b.take = func(s *state, _ uint64) { s.next++ } }},
	{"stores SEQN + 2", "sequence/in-order", func(b *backend) { b.take = func(s *state, n uint64) { s.next = n + 2 } }},
	{"allows no gap", "sequence/gap-of-one", func(b *backend) { b.fits = func(s *state, n uint64, _ string) bool { return n == s.next } }},
	{"bounds gaps at 1000", "sequence/gap-of-2-16", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool { return n >= s.next && n < s.next+1000 }
	}},
	{"bounds gaps at 2^20 less one", "sequence/gap-of-2-20", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool { return n >= s.next && n < s.next+1<<20 }
	}},
	{"allows no gap before the first message", "sequence/begins-above-next", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool { return n == s.next || n > s.next && len(s.seen) > 0 }
	}},
	{"moves next when it refuses", "sequence/begins-below-next", func(b *backend) { b.refused = func(s *state) { s.next++ } }},
	{"locks out after a refusal", "sequence/refused-magic", func(b *backend) { b.refused = func(s *state) { s.locked = true } }},
	{"locks out after ten refusals", "sequence/refused-all-twice", func(b *backend) {
		b.refused = func(s *state) { s.refusals++; s.locked = s.refusals >= 10 }
	}},
	{"remembers messages, not numbers", "sequence/resealed", func(b *backend) { b.fits = func(s *state, _ uint64, msg string) bool { return !s.msgs[msg] } }},
	{"remembers the last number alone", "sequence/replay-in-turns", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool { return n >= s.first && n != s.number }
	}},
	{"remembers 64 numbers", "sequence/replay-after-70", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool {
			return n >= s.first && !slices.Contains(s.seen[max(0, len(s.seen)-64):], n)
		}
	}},
	{"has a window of 64", "sequence/pair-swapped", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool {
			return n >= s.next || n >= s.first && n+64 >= s.next && !slices.Contains(s.seen, n)
		}
	}},
	{"has a window of 32", "sequence/window-of-32", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool {
			return n >= s.next || n >= s.first && n+32 >= s.next && !slices.Contains(s.seen, n)
		}
	}},
	{"has one next for all", "sequence/two-devices-far-apart", func(b *backend) {
		b.take = func(s *state, n uint64) {
			for _, d := range b.devices {
				d.next = n + 1
			}
		}
	}},
	{"keeps next by passphrase", "sequence/shared-passphrase", func(b *backend) {
		b.take = func(s *state, n uint64) {
			for _, d := range b.devices {
				if d.passphrase == s.passphrase {
					d.next = n + 1
				}
			}
		}
	}},
	{"uses one passphrase for all", "sequence/two-devices", func(b *backend) {
		b.find = func(b *backend, id string) *state { return b.devices[b.order[0]] }
	}},
	{"adds who is unknown", "sequence/unknown-device-known-message", func(b *backend) {
		b.find = func(b *backend, id string) *state {
			if b.devices[id] == nil {
				known := b.devices[b.order[0]]
				b.devices[id] = &state{passphrase: known.passphrase, msgs: map[string]bool{}}
			}
			return b.devices[id]
		}
	}},
	{"counts in 31 bits", "sequence/words-2-31", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool { return int32(n) >= int32(s.next) }
	}},
	{"counts in 32 bits", "sequence/words-2-32", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool { return uint32(n) >= uint32(s.next) }
	}},
	{"counts in 16 bits", "sequence/words-2-16", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool { return uint16(n) >= uint16(s.next) }
	}},
	{"counts in a float", "sequence/words-2-24", func(b *backend) {
		b.take = func(s *state, n uint64) { s.next = uint64(float32(n) + 1) }
	}},
	{"compares text", "sequence/text-9-10", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool { return fmt.Sprint(n) >= fmt.Sprint(s.next) }
	}},
	{"takes 0 for none", "sequence/zero", func(b *backend) { b.fits = func(s *state, n uint64, _ string) bool { return n != 0 && n >= s.next } }},
	{"has no last number but one", "sequence/range-last", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool { return n >= s.next && n < 1<<53-2 }
	}},
	{"forgets on restart", "sequence/restart", func(b *backend) { b.forget = true }},
	{"forgets when provisioned again", "sequence/provision-again", func(b *backend) { b.forget = true }},
	{"checks, then sets", "concurrency/identical-2", func(b *backend) { b.window = 2 * time.Millisecond }},
	{"checks, then sets, and goes back", "concurrency/rising-16", func(b *backend) { b.window = 2 * time.Millisecond }},
	{"checks, then sets, each device by itself", "concurrency/two-devices", func(b *backend) { b.window = 2 * time.Millisecond }},
	{"checks, lets go for an instant, then sets", "concurrency/neck-and-neck", func(b *backend) { b.window = time.Nanosecond }},
	{"takes 121 for 122 after a gap and two refusals", "random/one-device", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool {
			return n >= s.next || s.refusals >= 2 && len(s.seen) > 0 && n+1 == s.next && s.seen[len(s.seen)-1] > s.first
		}
		b.refused = func(s *state) { s.refusals++ }
	}},
	{"is locked by three refusals in a row", "random/one-device", func(b *backend) {
		b.fits = func(s *state, n uint64, _ string) bool { return n >= s.next && s.refusals < 3 }
		b.take = func(s *state, n uint64) { s.next, s.refusals = n+1, 0 }
		b.refused = func(s *state) { s.refusals++ }
	}},
	{"forgets the 17th message", "random/one-device", func(b *backend) {
		b.take = func(s *state, n uint64) {
			if len(s.seen) != 16 {
				s.next = n + 1
			}
		}
	}},
	{"has one next for the two", "random/two-devices", func(b *backend) {
		b.take = func(s *state, n uint64) {
			for _, d := range b.devices {
				d.next = n + 1
			}
		}
	}},
	{"checks, then sets, among other things", "random/at-once", func(b *backend) { b.window = 2 * time.Millisecond }},
	{"forgets at a restart, among other things", "random/restarts", func(b *backend) { b.forget = true }},
	{"loses one of two devices", "concurrency/two-devices-rising", func(b *backend) {
		b.take = func(s *state, n uint64) { b.devices[b.order[0]].next = n + 1 }
	}},
	{"says 500 for wrong padding", "oracle/last-byte", func(b *backend) {
		b.reply = func(w http.ResponseWriter, _ envelope.Reading, err error, ok bool) {
			sayIf(w, ok, errors.Is(err, envelope.ErrPadding), 500, "NOT OK")
		}
	}},
	{"says why in the body", "oracle/last-byte-of-two", func(b *backend) {
		b.reply = func(w http.ResponseWriter, _ envelope.Reading, err error, ok bool) {
			sayIf(w, ok, errors.Is(err, envelope.ErrPadding), 200, "Internal Error")
		}
	}},
	{"says why in a header", "oracle/last-but-one-byte", func(b *backend) {
		b.reply = func(w http.ResponseWriter, _ envelope.Reading, err error, ok bool) {
			if errors.Is(err, envelope.ErrPadding) {
				w.Header().Set("X-Stage", "padding")
			}
			sayIf(w, ok, false, 200, "")
		}
	}},
	{"closes the connection at wrong padding", "oracle/last-byte", func(b *backend) {
		b.reply = func(w http.ResponseWriter, _ envelope.Reading, err error, ok bool) {
			if errors.Is(err, envelope.ErrPadding) {
				w.Header().Set("Connection", "close")
			}
			sayIf(w, ok, false, 200, "")
		}
	}},
	{"tells texts from numbers", "oracle/text", func(b *backend) {
		b.reply = func(w http.ResponseWriter, _ envelope.Reading, err error, ok bool) {
			sayIf(w, ok, errors.Is(err, envelope.ErrJSON), 400, "NOT OK")
		}
	}},
	{"tells keys from all else", "oracle/every-stage", func(b *backend) {
		b.reply = func(w http.ResponseWriter, _ envelope.Reading, err error, ok bool) {
			sayIf(w, ok, errors.Is(err, envelope.ErrKeys), 200, "NOT OK ")
		}
	}},
	{"names who is unknown", "oracle/unknown-device", func(b *backend) {
		b.reply = func(w http.ResponseWriter, r envelope.Reading, err error, ok bool) {
			sayIf(w, ok, err == nil && r.Data == nil, 404, "NOT OK")
		}
	}},
	{"repeats the reading", "sequence/in-order", func(b *backend) {
		b.reply = func(w http.ResponseWriter, r envelope.Reading, _ error, ok bool) {
			json.NewEncoder(w).Encode(map[string]any{"status": map[bool]string{true: "OK", false: "NOT OK"}[ok], "data": r.Data})
		}
	}},
	{"says ok", "sequence/in-order", func(b *backend) {
		b.reply = func(w http.ResponseWriter, _ envelope.Reading, _ error, ok bool) { sayIf(w, false, ok, 200, "ok") }
	}},
	{"says Status", "http/plain", func(b *backend) {
		b.reply = func(w http.ResponseWriter, _ envelope.Reading, _ error, ok bool) {
			io.WriteString(w, `{"Status":"OK"}`)
		}
	}},
	{"takes any method", "http/method-put", func(b *backend) {
		b.read = func(r *http.Request) (string, bool) { r.Method = http.MethodPost; return readBody(r) }
	}},
	{"takes any content type", "http/type-form", func(b *backend) {
		b.read = func(r *http.Request) (string, bool) {
			r.Header.Set("Content-Type", "application/json")
			return readBody(r)
		}
	}},
	{"takes a body of any size", "http/size-10-mib", func(b *backend) {
		b.read = func(r *http.Request) (string, bool) {
			body, err := io.ReadAll(r.Body)
			_, msg, _ := strings.Cut(string(body), `"msg":"`)
			return strings.TrimSuffix(msg, `"}`), err == nil
		}
	}},
	{"takes one packet for the body", "http/split-last-byte", func(b *backend) {
		b.read = func(r *http.Request) (string, bool) {
			p := make([]byte, 1<<16)
			n, _ := r.Body.Read(p)
			var doc struct{ Msg string }
			return doc.Msg, json.Unmarshal(p[:n], &doc) == nil && doc.Msg != ""
		}
	}},
	{"needs a length", "http/chunked", func(b *backend) {
		b.read = func(r *http.Request) (string, bool) {
			if r.ContentLength < 0 {
				return "", false
			}
			return readBody(r)
		}
	}},
	{"searches the body", "http/body-cut", func(b *backend) { b.read = searchBody }},
	{"takes what came of a body that was cut off", "http/length-long", func(b *backend) { b.read = searchBody }},
	{"folds the case of ids", "http/device-other-case", func(b *backend) {
		b.find = func(b *backend, id string) *state {
			for known, d := range b.devices {
				if strings.EqualFold(known, id) {
					return d
				}
			}
			return nil
		}
	}},
	{"ends ids at a NUL", "http/device-nul", func(b *backend) {
		b.find = func(b *backend, id string) *state { id, _, _ = strings.Cut(id, "\x00"); return b.devices[id] }
	}},
	{"pastes ids into SQL", "http/device-or-true", func(b *backend) {
		b.find = func(b *backend, id string) *state {
			if strings.HasSuffix(id, "OR '1'='1") {
				return b.devices[b.order[len(b.order)-1]]
			}
			return b.devices[id]
		}
	}},
	{"ends at a body that is no object", "http/body-null", func(b *backend) {
		b.read = func(r *http.Request) (string, bool) {
			msg, ok := readBody(r)
			if !ok {
				b.server.Listener.Close()
			}
			return msg, ok
		}
	}},
	{"waits for ever", "http/unended-body", func(*backend) {}},
}

func sayIf(w http.ResponseWriter, ok, special bool, code int, status string) {
	switch {
	case ok:
		say(w, 200, "OK")
	case special:
		say(w, code, status)
	default:
		say(w, 200, "NOT OK")
	}
}

var inBody = regexp.MustCompile(`"msg":"([^"]*)"`)

// searchBody looks for the message in whatever came.
func searchBody(r *http.Request) (string, bool) {
	body, _ := io.ReadAll(r.Body)
	m := inBody.FindSubmatch(body)
	if m == nil {
		return "", false
	}
	return string(m[1]), true
}

// Each fault is noticed by the test that is said to; and without it that test
// finds nothing.
func TestFaults(t *testing.T) {
	all := suite(t)
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			b := newBackend()
			f.plant(b)
			engine, err := live.New(all, b.start(t), 7)
			if err != nil {
				t.Fatal(err)
			}
			res := engine.Run(t.Context(), f.id)
			if f.id == "concurrency/neck-and-neck" {
				// A window of some instructions shows only now and then, less often the
				// busier the machine is: five rounds more have as many chances.
				for n := 0; n < 5 && res.Verdict == live.Pass; n++ {
					t.Log(res.Notes)
					res = engine.Run(t.Context(), f.id)
				}
			}
			if want := map[string]live.Verdict{"http/body-null": live.Crash, "http/unended-body": live.Hang}[f.id]; res.Verdict != want && (want != "" || res.Verdict != live.Fail) {
				t.Errorf("%s: %s %s", f.id, res.Verdict, res.Why)
			}
			if len(res.Exchanges) == 0 || res.Why == "" {
				t.Errorf("the result shows nothing: %d exchanges, %q, %q", len(res.Exchanges), res.Why, res.Notes)
			}
			if f.id == "http/unended-body" {
				return
			}
			engine, err = live.New(all, newBackend().start(t), 7)
			if err != nil {
				t.Fatal(err)
			}
			if res := engine.Run(t.Context(), f.id); res.Verdict != live.Pass {
				t.Errorf("without the fault, %s: %s %s", f.id, res.Verdict, res.Why)
			}
		})
	}
}
