package peers_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the driver

	"github.com/espalier-hil/espalier/suites/peers"
)

// state is what the flow's database has of a device: next as SQLite's quote()
// writes it, with its type, and the readings that are stored.
type state struct {
	next     string
	readings int
}

// flow is a Node-RED with one device for each case of a test.
type flow struct {
	*peers.Peer
	db *sql.DB
}

func startFlow(t *testing.T, devices ...peers.Device) flow {
	t.Helper()
	p := peers.Started(t, peers.NodeRED, devices...)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(p.Dir(), "readings.db")+"?mode=ro&_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return flow{p, db}
}

func (f flow) state(t *testing.T, id string) (s state) {
	t.Helper()
	row := f.db.QueryRow("SELECT quote(SEQN), (SELECT count(*) FROM Data WHERE DeviceID = ?1) FROM Devices WHERE DeviceID = ?1", id)
	if err := row.Scan(&s.next, &s.readings); err != nil {
		t.Fatal(err)
	}
	return s
}

// The table of what the original does, row by row: reply and effect.
func TestNodeREDIsTheOriginal(t *testing.T) {
	const unread = "QUJDREVGR0g" // base64 of ABCDEFGH, which is no JSON
	notUTF8 := "\xff\xfe"
	rows := []struct {
		name string
		msg  string
		want answer
		then state
	}{
		{"SEQN = next", reading(121), ok, state{"122", 1}},
		{"SEQN > next", reading(500), ok, state{"501", 1}},
		{"SEQN < next", reading(120), notOK, state{"121", 0}},
		{"SEQN far below next", reading(0), notOK, state{"121", 0}},
		{"no UTF-8 when decrypted", sealInner(knownPassphrase, notUTF8, pkcs7(notUTF8)...), threw, state{"121", 0}},
		{"decrypts, but is not JSON", sealInner(knownPassphrase, unread, pkcs7(unread)...), internal, state{"121", 0}},
		{"decrypts to nothing", sealInner(knownPassphrase, "", pkcs7("")...), internal, state{"121", 0}},
	}
	var devices []peers.Device
	for _, row := range rows {
		devices = append(devices, peers.Device{ID: row.name, Passphrase: knownPassphrase, Next: knownSEQN})
	}
	f := startFlow(t, devices...)
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := answers(t, f.Peer, row.name, row.msg); got != row.want {
				t.Errorf("%v, want %v", got, row.want)
			}
			if got := f.state(t, row.name); got != row.then {
				t.Errorf("after it %v, want %v", got, row.then)
			}
		})
	}
	t.Run("unknown device", func(t *testing.T) {
		if got := answers(t, f.Peer, "unknown", reading(121)); got != threw {
			t.Errorf("%v, want %v", got, threw)
		}
		var n int
		if err := f.db.QueryRow("SELECT count(*) FROM Devices").Scan(&n); err != nil || n != len(rows) {
			t.Errorf("%d devices, %v, want %d", n, err, len(rows))
		}
	})
	t.Run("no msg", func(t *testing.T) {
		if got, err := postBody(f.Peer, rows[0].name, `{}`); got != threw {
			t.Errorf("%v, %v, want %v", got, err, threw)
		}
	})
}

// It checks and updates in two steps, so copies that come at once get through,
// where of copies that come one by one only the first does. That is a race, and
// one round could go well by chance; five do not.
func TestNodeREDLetsCopiesIn(t *testing.T) {
	const copies, rounds = 20, 5
	f := startFlow(t, peers.Device{ID: knownID, Passphrase: knownPassphrase, Next: knownSEQN})
	for i, msg := 0, reading(knownSEQN); i < copies; i++ {
		want := notOK
		if i == 0 {
			want = ok
		}
		if got := answers(t, f.Peer, knownID, msg); got != want {
			t.Fatalf("copy %d: %v, want %v", i+1, got, want)
		}
	}
	if n := burst(t, f.Peer, knownID, reading(knownSEQN), copies); n != 0 { // opens the connections, too
		t.Errorf("%d copies of a number used before were accepted", n)
	}
	stored := 1
	for round := range rounds {
		accepted := burst(t, f.Peer, knownID, reading(knownSEQN+1+round), copies)
		stored += accepted
		if got := f.state(t, knownID).readings; got != stored {
			t.Errorf("it has said OK %d times and has stored %d readings", stored, got)
		}
		t.Logf("round %d: %d of %d copies accepted", round+1, accepted, copies)
		if accepted > 1 {
			return
		}
	}
	t.Errorf("no copy got through in %d rounds of %d: this is not the original's race", rounds, copies)
}
