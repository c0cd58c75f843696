package firmware_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// asked has the host carry a question of the device, of which it returns the
// nonce.
func (d *device) asked() (nonce string) {
	d.t.Helper()
	var request struct{ Request string }
	if err := json.Unmarshal(d.next().HTTP, &request); err != nil {
		d.t.Fatal(err)
	}
	raw, err := hex.DecodeString(request.Request)
	if err != nil {
		d.t.Fatal(err)
	}
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil || r.Method != "GET" || r.URL.Path != "/sqn/1" || len(r.URL.Query()) != 1 {
		d.t.Fatalf("%q: %v", raw, err)
	}
	return r.URL.Query().Get("nonce")
}

// resyncs has the device ask, and answers what answer says to its nonce. An empty
// answer is none.
func (d *device) resyncs(answer func(nonce string) string) record {
	d.t.Helper()
	d.tell("resync")
	id := d.id
	if reply := answer(d.asked()); reply != "" {
		d.tell("reply %x", reply)
	} else {
		d.tell("reply timeout")
	}
	r := d.next()
	for r.HTTP != nil && r.ID == 0 {
		d.tell("reply timeout")
		r = d.next()
	}
	if r.ID != id {
		d.t.Fatalf("%+v instead of the answer to %d", r, id)
	}
	return r
}

func sealed(passphrase, plain string) string {
	return envelope.Seal(passphrase, [8]byte{1, 2, 3}, []byte(plain))
}

func sealsAs(passphrase, plain string) string {
	return says(200, fmt.Sprintf(`{"msg":%q}`, sealed(passphrase, plain)))
}

func plain(next uint64, nonce string) string {
	return fmt.Sprintf(`{"SEQN":%d,"nonce":%q}`, next, nonce)
}

// tells is the answer of a good backend.
func tells(next uint64) func(string) string {
	return func(nonce string) string { return sealsAs("p", plain(next, nonce)) }
}

// A device goes on from what it is told, or from where it is if that is further.
func TestResync(t *testing.T) {
	d := onSerial(t)
	for _, step := range []struct{ told, next uint64 }{{100, 100}, {7, 101}, {102, 102}, {0, 103}, {1<<53 - 1, 1<<53 - 1}} {
		got := d.resyncs(tells(step.told))
		if !got.OK || got.Told != step.told || got.Next != step.next || got.Attempts != 1 || got.Settled != nil {
			t.Errorf("told %d: %+v, want next %d", step.told, got, step.next)
		}
		if next := d.do("seqn").Next; next != step.next {
			t.Errorf("told %d: next is %d, want %d", step.told, next, step.next)
		}
		d.do("reset")
		if h := d.greeting(); *h.Next != step.next {
			t.Errorf("told %d: next is %d after a reset, want %d", step.told, *h.Next, step.next)
		}
		d.do("link serial")
		d.do("server 10.0.0.1 80")
	}
	if got := d.ask("resync"); got.Error != "exhausted" {
		t.Errorf("without a number to spend: %+v", got)
	}
}

// What the device does not know of its last message, it is told.
func TestResyncSettles(t *testing.T) {
	for _, c := range []struct {
		name    string
		replies []string
		told    func(seqn uint64) uint64
		want    *settled
	}{
		{"unknown, stored", []string{loses, loses, loses, loses}, func(n uint64) uint64 { return n + 1 }, &settled{1, true}},
		{"unknown, not stored", []string{loses, loses, loses, loses}, func(n uint64) uint64 { return n }, &settled{1, false}},
		{"presumed, stored", []string{loses, rejects}, func(n uint64) uint64 { return n + 1 }, &settled{1, true}},
		{"presumed, not stored", []string{loses, rejects}, func(n uint64) uint64 { return n - 1 }, &settled{1, false}},
		{"accepted", []string{accepts}, func(n uint64) uint64 { return n + 1 }, nil},
		{"refused", []string{rejects}, func(n uint64) uint64 { return n + 1 }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := onSerial(t)
			d.tell("send 31")
			for i, reply := range c.replies {
				d.carried(i+1, reply)
			}
			seqn := *d.next().SEQN
			if got := d.resyncs(func(string) string { return rejects }); got.Error != "no-resync" {
				t.Errorf("%+v", got) // which settles nothing
			}
			got := d.resyncs(tells(c.told(seqn)))
			if !got.OK || (got.Settled == nil) != (c.want == nil) || c.want != nil && *got.Settled != *c.want {
				t.Errorf("%+v, settled %+v, want %+v", got, got.Settled, c.want)
			}
			if again := d.resyncs(tells(seqn + 1)); again.Settled != nil {
				t.Errorf("settled twice: %+v", again.Settled)
			}
		})
	}
}

// hostile are answers that no device may take, each to a nonce.
var hostile = map[string]struct {
	code   string
	answer func(nonce string) string
}{
	"nobody":             {"no-answer", func(string) string { return "" }},
	"a refusal":          {"no-resync", func(string) string { return rejects }},
	"an acceptance":      {"no-resync", func(string) string { return accepts }},
	"another status":     {"no-resync", func(n string) string { return strings.Replace(tells(99)(n), "200", "201", 1) }},
	"another passphrase": {"bad-answer", func(n string) string { return sealsAs("q", plain(99, n)) }},
	"another nonce":      {"bad-answer", func(string) string { return tells(99)("0123456789abcdef") }},
	"no nonce":           {"bad-answer", func(string) string { return sealsAs("p", `{"SEQN":99}`) }},
	"a reading":          {"bad-answer", func(string) string { return sealsAs("p", `{"data":1,"SEQN":99}`) }},
	"a reading, nonce":   {"bad-answer", func(n string) string { return sealsAs("p", fmt.Sprintf(`{"data":1,"SEQN":99,"nonce":%q}`, n)) }},
	"beyond the last":    {"bad-answer", tells(1 << 53)},
	"huge":               {"no-answer", func(n string) string { return says(200, `{"x":"`+strings.Repeat("x", 1500)+`"}`) }},
	"deep":               {"no-resync", func(string) string { return says(200, strings.Repeat("[", 500)+strings.Repeat("]", 500)) }},
	"deep inside": {"bad-answer", func(n string) string {
		return sealsAs("p", fmt.Sprintf(`{"SEQN":99,"nonce":%q,"x":%s}`, n, strings.Repeat("[", 60)+strings.Repeat("]", 60)))
	}},
	"binary":  {"no-answer", func(string) string { return "\x16\x03\x01\x02\x00\xff\x1e{}\n" }},
	"cut off": {"no-answer", func(n string) string { a := tells(99)(n); return a[:len(a)-3] }},
	"chunks of nonsense": {"no-answer", func(n string) string {
		return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + tells(99)(n)
	}},
	"chunks without end": {"no-answer", func(string) string { return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n" }},
	"one sign too many":  {"bad-answer", func(n string) string { return says(200, fmt.Sprintf(`{"msg":"%s="}`, sealed("p", plain(99, n)))) }},
}

// A wrong answer costs the number that the nonce was made of, and nothing else.
func TestResyncRefuses(t *testing.T) {
	for name, c := range hostile {
		t.Run(name, func(t *testing.T) {
			d := onSerial(t)
			if got := d.resyncs(c.answer); got.OK || got.Error != c.code || strings.Contains(got.Detail, "\x00") {
				t.Errorf("%+v, want %s", got, c.code)
			}
			if next := d.do("seqn").Next; next != 2 {
				t.Errorf("next is %d, want 2", next)
			}
			if got := d.resyncs(tells(50)); !got.OK || got.Next != 50 {
				t.Errorf("afterwards: %+v", got)
			}
		})
	}
}

// The RNG says the same after each boot; nonces differ all the same, and with
// them the answers that pass.
func TestNonces(t *testing.T) {
	d := onSerial(t)
	seen := map[string]bool{}
	var old string
	for range 10 {
		d.resyncs(func(nonce string) string {
			if len(nonce) != 16 || seen[nonce] {
				t.Errorf("nonce %q, after %v", nonce, seen)
			}
			seen[nonce] = true
			if old == "" {
				old = tells(1000)(nonce)
				return tells(0)(nonce)
			}
			return old
		})
		d.do("reset")
		if h := d.greeting(); *h.Next > 100 {
			t.Fatalf("an old answer was taken: next is %d", *h.Next)
		}
		d.do("link serial")
		d.do("server 10.0.0.1 80")
	}
}

// passes is what the device should think of a text that was in an envelope.
func passes(plain []byte, nonce string) bool {
	dec := json.NewDecoder(bytes.NewReader(plain))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') || !json.Valid(plain) || !utf8.Valid(plain) {
		return false
	}
	members, times := map[string]json.RawMessage{}, map[string]int{}
	for dec.More() {
		name, _ := dec.Token()
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return false
		}
		members[name.(string)], times[name.(string)] = value, times[name.(string)]+1
	}
	var said any
	json.Unmarshal(members["nonce"], &said)
	n, err := strconv.ParseUint(string(members["SEQN"]), 10, 64)
	return times["SEQN"] == 1 && times["nonce"] == 1 && times["data"] == 0 && said == nonce &&
		err == nil && n <= 1<<53-1 && strconv.FormatUint(n, 10) == string(members["SEQN"])
}

// The device takes for an answer what the codec opens and reads as one, and
// nothing else.
func TestAnswers(t *testing.T) {
	d := onSerial(t)
	r := rand.New(rand.NewPCG(5, 6))
	bend := func(text string, seeds string) string {
		p := []byte(text)
		for range r.IntN(3) {
			at := r.IntN(len(p))
			switch r.IntN(3) {
			case 0:
				p[at] ^= 1 << r.IntN(7)
			case 1:
				p = append(p[:at:at], p[at+1:]...)
			default:
				p = append(p[:at:at], append([]byte(seeds[r.IntN(len(seeds)):]), p[at:]...)...)
			}
		}
		return string(p)
	}
	taken := 0
	for i := range 1500 {
		var want bool
		var msg string
		got := d.resyncs(func(nonce string) string {
			text := plain(uint64(i), nonce)
			if i%2 == 0 {
				text = bend(text, `,"data":1}`)
				msg = sealed("p", text)
			} else {
				msg = bend(sealed("p", text), "/AA==")
			}
			opened, err := envelope.OpenPlain("p", msg)
			want = err == nil && passes(opened, nonce)
			return says(200, fmt.Sprintf(`{"msg":%q}`, strings.ToValidUTF8(msg, "?")))
		})
		if got.OK != want {
			t.Errorf("%q: %+v, want it taken: %t", msg, got, want)
		}
		if want {
			taken++
		}
	}
	if taken < 300 || taken > 1200 {
		t.Errorf("%d of 1500 are answers: they are bent too much or too little", taken)
	}
}
