package peers_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/espalier-hil/espalier/suites/peers"
)

// sent is a message and the reply to it; a peer that hangs up has replied none.
type sent struct {
	text string // "" is the bytes of the message before
	want answer
}

var none = answer{}

// What the two others make of numbers that are none, on a device each with next
// = 121. Express adds as JavaScript does, but looks at the type before; Python
// has integers of any size, of which true is one, and SQLite has not.
func TestOtherPeersFaults(t *testing.T) {
	old, unreadable, crash := answer{409, "NOT OK"}, answer{400, "NOT OK"}, answer{500, ""}
	tables := map[peers.Kind]map[string][]sent{
		peers.Express: {
			"text":     {{`{"data":1,"SEQN":"121"}`, old}, {`{"data":1,"SEQN":121}`, ok}},
			"array":    {{`{"data":1,"SEQN":[500]}`, old}},
			"fraction": {{`{"data":1,"SEQN":121.5}`, ok}, {`{"data":1,"SEQN":122}`, old}},
			"2^53":     {{`{"data":1,"SEQN":9007199254740992}`, ok}, {"", ok}, {"", ok}},
			"1e400":    {{`{"data":1,"SEQN":1e400}`, ok}, {"", ok}, {"", ok}},
			"no data":  {{`{"SEQN":121}`, ok}},
			"no JSON":  {{`{`, unreadable}},
			"null":     {{`null`, crash}}, // with a stack trace, in HTML
		},
		peers.Python: {
			"text":     {{`{"data":1,"SEQN":"121"}`, notOK}, {`{"data":1,"SEQN":121}`, ok}},
			"array":    {{`{"data":1,"SEQN":[500]}`, notOK}},
			"fraction": {{`{"data":1,"SEQN":121.5}`, notOK}, {`{"data":1,"SEQN":121.0}`, notOK}},
			"true":     {{`{"data":1,"SEQN":true}`, notOK}},
			atZero:     {{`{"data":1,"SEQN":true}`, ok}, {`{"data":1,"SEQN":1}`, notOK}}, // it was 1
			"2^53":     {{`{"data":1,"SEQN":9007199254740992}`, ok}, {"", notOK}},
			"2^63":     {{`{"data":1,"SEQN":9223372036854775808}`, none}, {`{"data":1,"SEQN":121}`, ok}},
			"1e400":    {{`{"data":1,"SEQN":1e400}`, notOK}},
			"no data":  {{`{"SEQN":121}`, notOK}},
			"no JSON":  {{`{`, notOK}},
			"null":     {{`null`, notOK}},
		},
	}
	for kind, table := range tables {
		t.Run(string(kind), func(t *testing.T) {
			var devices []peers.Device
			for name := range table {
				devices = append(devices, faultDevice(name))
			}
			p := peers.Started(t, kind, devices...)
			for name, messages := range table {
				msg := ""
				for _, m := range messages {
					if m.text != "" {
						msg = seal(knownPassphrase, m.text)
					}
					got, err := post(p, name, msg)
					if got != m.want || (err != nil) != (m.want == none) {
						t.Errorf("%s: %s: %v, %v, want %v", name, m.text, got, err, m.want)
					}
				}
			}
		})
	}
}

// burst posts copies of msg at once and returns how many were accepted.
func burst(t *testing.T, p *peers.Peer, id, msg string, copies int) int {
	t.Helper()
	var accepted atomic.Int64
	var all sync.WaitGroup
	for range copies {
		all.Go(func() {
			switch got, err := post(p, id, msg); {
			case err != nil:
				t.Error(err)
			case got == ok:
				accepted.Add(1)
			}
		})
	}
	all.Wait()
	return int(accepted.Load())
}

// Express awaits between its check and its update; Python holds a lock.
func TestOtherPeersCopies(t *testing.T) {
	const copies, rounds = 20, 5
	for _, kind := range []peers.Kind{peers.Express, peers.Python} {
		t.Run(string(kind), func(t *testing.T) {
			p := peers.Started(t, kind, peers.Device{ID: knownID, Passphrase: knownPassphrase, Next: knownSEQN})
			most := 0
			for round := range rounds {
				most = max(most, burst(t, p, knownID, reading(knownSEQN+round), copies))
			}
			t.Logf("at most %d of %d copies accepted", most, copies)
			if raced := most > 1; raced != (kind == peers.Express) || most == 0 {
				t.Errorf("at most %d of %d copies were accepted in %d rounds", most, copies, rounds)
			}
		})
	}
}
